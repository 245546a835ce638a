/* An exercise's figure as a widget: still with its first pose faint behind, or moving between its
 * poses. */
#ifndef UNKNOT_WINDOW_FIGURE_H
#define UNKNOT_WINDOW_FIGURE_H

#include "coach/exercise.h"

#include <gtk/gtk.h>

/* A square of at least `side` pixels, on a ground of its own. One without a figure is
 * for the eyes, and shows one. */
GtkWidget *figure_new(const struct exercise *, int side);
void figure_set(GtkWidget *figure, const struct exercise *);
/* Not where the desktop's animations are off. */
void figure_move(GtkWidget *figure, bool moving);

#endif
