#include "window/window.h"

static GtkWidget *create(struct window *w, const char *which)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	(void)which;
	gtk_box_append(GTK_BOX(box), window_task_header(w, _("Break")));
	return box;
}

const struct task task_break = {"break", create};
