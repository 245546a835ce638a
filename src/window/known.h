/* What the files know that decides about exercises: place, care, what was done lately. */
#ifndef UNKNOT_WINDOW_KNOWN_H
#define UNKNOT_WINDOW_KNOWN_H

#include "base/error.h"
#include "coach/exercise.h"
#include "config/config.h"

#include <gtk/gtk.h>

struct known {
	struct config config;
	struct care care;
	struct error problem;   /* what could not be read; its text is empty when all could */
};

/* Reads it on a thread and tells in the main loop, unless `owner`, which is kept until then, was
 * taken out of its window meanwhile. */
typedef void known_fn(void *user, const struct known *);
void known_ask(GtkWidget *owner, known_fn *, void *user);

/* The local hour, 0-23. */
int known_hour(void);

#endif
