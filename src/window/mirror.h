/* The picture of live.h as a widget, with what is drawn over it. */
#ifndef UNKNOT_WINDOW_MIRROR_H
#define UNKNOT_WINDOW_MIRROR_H

#include "window/live.h"

#include <gtk/gtk.h>

/* Draws over a picture of this size, whose upper left corner is the origin. */
typedef void mirror_draw_fn(void *user, cairo_t *, double width, double height);

/* `label` is what a screen reader says it is. */
GtkWidget *mirror_new(const char *label, mirror_draw_fn *, void *user);
/* Draws over this picture and shows it, and tells where it came from how large the next one should
 * be. */
void mirror_show(GtkWidget *mirror, struct live *, cairo_surface_t *picture);
/* No picture, and then nothing is drawn. */
void mirror_clear(GtkWidget *mirror);

#endif
