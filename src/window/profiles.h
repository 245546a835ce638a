/* The upright profiles there are: listed, renamed, deleted. */
#ifndef UNKNOT_WINDOW_PROFILES_H
#define UNKNOT_WINDOW_PROFILES_H

#include "window/window.h"

/* A page of rows; reads the folder each time it is shown. */
GtkWidget *profiles_new(struct window *);

#endif
