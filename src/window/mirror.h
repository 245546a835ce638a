/* The picture of live.h as a widget, with room to draw over it. */
#ifndef UNKNOT_WINDOW_MIRROR_H
#define UNKNOT_WINDOW_MIRROR_H

#include <gtk/gtk.h>

/* Draws over a picture of this size, whose upper left corner is the origin. */
typedef void mirror_draw_fn(void *user, cairo_t *, double width, double height);

/* `label` is what a screen reader says it is. */
GtkWidget *mirror_new(const char *label, mirror_draw_fn *, void *user);
/* The next picture; NULL: none, and then nothing is drawn. */
void mirror_show(GtkWidget *mirror, GdkTexture *picture);
/* Draws over it once more. */
void mirror_redraw(GtkWidget *mirror);

#endif
