/* How far each kind of message was widened by the answer "wrong": <state dir>/wrong.json,
 * {"slouched":0.35}. The daemon writes it when it learns, and reads it at its start and at
 * Reload. */
#ifndef UNKNOT_STORE_WRONG_H
#define UNKNOT_STORE_WRONG_H

#include "base/error.h"

#include <stdbool.h>

struct wrong {
	char kind[32];
	double widen;           /* (0, 1]: told only when beyond its
	                         * limit by more than this share of it */
};
enum { WRONG_MAX = 32 };

/* A missing file is an empty list. */
bool wrong_load(struct wrong list[WRONG_MAX], int *count, const char *dir, struct error *);
bool wrong_save(const struct wrong *list, int count, const char *dir, struct error *);
/* Takes one kind off the list; none of it is no error. */
bool wrong_forget(const char *dir, const char *kind, struct error *);

#endif
