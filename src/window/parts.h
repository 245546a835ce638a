/* Small pieces that pages are built of. Nothing here is markup: texts are shown as they are. */
#ifndef UNKNOT_WINDOW_PARTS_H
#define UNKNOT_WINDOW_PARTS_H

#include <adwaita.h>

/* A page's column: it scrolls, is as wide as reads well, and leaves air around. *box takes what is
 * in it. */
GtkWidget *parts_column(GtkWidget **box);
void parts_clear(GtkWidget *box);

/* A text over as many lines as it needs; `class` of the style sheet ("title-2", "dim-label") or
 * NULL. */
GtkWidget *parts_label(const char *text, const char *class);
/* A card of rows under a heading; either may be NULL. */
AdwPreferencesGroup *parts_group(const char *title, const char *description);
/* A row that tells; the subtitle may be NULL. */
GtkWidget *parts_row(const char *title, const char *subtitle);
/* Anything as a row that does not react. */
GtkWidget *parts_plain(AdwPreferencesGroup *, GtkWidget *child);
GtkWidget *parts_plain_row(GtkWidget *child);
/* A row that unfolds; what it is called keeps its state over a page that is built anew:
 * parts_folds. */
GtkWidget *parts_fold(const char *name, const char *title, const char *subtitle);
/* A row that tells, with what acts on it at the end of its line, or below where that is narrow; to
 * say something else in it. */
GtkWidget *parts_control_row(const char *title, const char *subtitle, GtkWidget *control);
void parts_control_say(GtkWidget *row, const char *subtitle);
/* A button whose text takes two lines where one has no room. */
GtkWidget *parts_button(const char *text);
/* A button with a picture only: its name is its tooltip too. */
GtkWidget *parts_icon_button(const char *icon, const char *name);
/* What a screen reader calls it. */
void parts_name(GtkWidget *, const char *name);
/* A button that unfolds the menu, which it takes. Its items have names: later GTK gives none. */
GtkWidget *parts_menu_button(GMenu *);

/* The names of what is unfolded below `root`, and to unfold it again. */
GPtrArray *parts_folds(GtkWidget *root);
void parts_unfold(GtkWidget *root, const GPtrArray *names);

#endif
