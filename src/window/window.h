/* unknot-window: the one window of unknot, GTK 4 and libadwaita.
 *
 * A program of its own, so that the daemon links no toolkit. It speaks to the daemon over D-Bus
 * (link.h), reads history, profiles and configuration from the same files, and borrows the camera
 * from it while a picture is shown (live.h). Everything here runs on the main thread but what
 * live.c does on its own.
 *
 * Pages lie side by side in the window; a task (calibration, a break, the stretch coach) covers
 * them until it is ended. Each page and task is one file. A page knows from its "map" and "unmap"
 * when it is looked at, and does nothing while it is not. */
#ifndef UNKNOT_WINDOW_WINDOW_H
#define UNKNOT_WINDOW_WINDOW_H

#include "base/text.h"
#include "control/window.h"

#include <adwaita.h>

struct window {
	AdwApplication *application;
	GtkWindow *frame;       /* NULL until it is shown first */
	struct link *link;
	const char *source;     /* --source: a recording or a camera in place
	                         * of the configured one; may be NULL */
	AdwViewStack *pages;
	GtkStack *root;         /* "pages", and "task" while there is one */
	AdwToastOverlay *toasts;
	GtkWidget *task;        /* covers the pages; NULL for none */
};

/* One of the pages, in the order of the switcher. */
struct page {
	const char *name;       /* how it is asked for: `unknot window today` */
	const char *title;      /* to be translated */
	const char *icon;
	GtkWidget *(*create)(struct window *);
};
extern const struct page page_now, page_today, page_exercises, page_diary, page_settings;

/* What covers the pages for a while, by the name it is asked for, with one word that says which. */
struct task {
	const char *name;
	GtkWidget *(*create)(struct window *, const char *which); /* `which` may be "" */
};
extern const struct task task_calibrate, task_break, task_stretch, task_care, task_checklist,
	task_preview, task_evidence;

/* Shows the window at "PAGE", "TASK" or "TASK:WHICH" ("stretch:side-bend"); NULL or "" where it
 * was. False when there is no such place. */
bool window_show(struct window *, const char *place);
/* Takes the task away, and shows the pages again. */
void window_end_task(struct window *);
/* A word at the lower edge that goes by itself. */
void window_say(struct window *, const char *text);

/* A header for a task: the title, and at its start a button that ends it. */
GtkWidget *window_task_header(struct window *, const char *title);

#endif
