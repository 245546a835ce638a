/* The silhouette as a widget: from the front and from the side, the upright dashed. */
#ifndef UNKNOT_WINDOW_FIGURES_H
#define UNKNOT_WINDOW_FIGURES_H

#include "window/silhouette.h"

#include <gtk/gtk.h>

GtkWidget *figures_new(void);
/* `fault` gives it the colour of a warning; `name` is what a screen reader says of it. */
void figures_set(GtkWidget *figures, const struct silhouette *, bool fault, const char *name);

#endif
