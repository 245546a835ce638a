/* Questions on the terminal, or from a pipe: one line each, yes, no, or nothing to skip. */
#ifndef UNKNOT_CLI_ASK_H
#define UNKNOT_CLI_ASK_H

#include "cli/cli.h"
#include "coach/care.h"
#include "store/known_care.h"

/* How to ask. */
struct asking {
	const char *name;        /* of the list: the answers are remembered as NAME in ... */
	const char *dir;         /* ... this state folder; NULL for the user's own */
	const struct care_question *questions;
	int count;
	bool show;               /* nothing is asked: what was answered last time */
	bool afresh;             /* last time's answers are no suggestion for today's */
	/* May be NULL: true once the answers to the first `asked` make the rest needless. */
	bool (*enough)(const bool *yes, int asked);
};

/* Asks, telling what was answered last time unless `afresh` (an empty line keeps it). The return
 * value is CLI_DONE when *answers is filled, else what the command is to return. *asked (may be
 * NULL) is how many were put; the rest stay unsaid. */
int ask_all(const struct asking *, struct answers *answers, int *asked);
/* Remembers the answers, after which they tell of signs that stand from before as well, kept or
 * not: a disk that is full must not stand between an emergency and its advice, so tell that first
 * and the error then. */
bool ask_remember(const struct asking *, struct answers *, struct error *);

#endif
