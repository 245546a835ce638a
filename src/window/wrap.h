/* Widgets in a line that goes on below where it is too narrow for all of them, as words do. */
#ifndef UNKNOT_WINDOW_WRAP_H
#define UNKNOT_WINDOW_WRAP_H

#include <gtk/gtk.h>

/* `align` says where what does not fill a line stands in it: start, centre or end. One child that
 * expands takes what is left of its line, and shares a line when some words of it have room. */
GtkWidget *wrap_new(GtkAlign align);
void wrap_append(GtkWidget *wrap, GtkWidget *child);

#endif
