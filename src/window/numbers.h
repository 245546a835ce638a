/* What may be measured besides for a profile: the distance, and how high eyes and screen are. */
#ifndef UNKNOT_WINDOW_NUMBERS_H
#define UNKNOT_WINDOW_NUMBERS_H

#include "calibrate/make.h"

#include <gtk/gtk.h>

/* A page of rows. `screen_top_cm` is where the screen's top edge lies as far as is known. */
GtkWidget *numbers_new(double screen_top_cm);
void numbers_read(GtkWidget *numbers, struct make_known *, double *screen_top_cm);

#endif
