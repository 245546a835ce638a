/* What the page of a break says: how long yet, what the camera sees, and how an exercise is held.
 * Pure. */
#ifndef UNKNOT_WINDOW_RESTING_H
#define UNKNOT_WINDOW_RESTING_H

#include "coach/exercise.h"
#include "coach/stretch.h"

#include <cjson/cJSON.h>

/* "4:05". */
void resting_clock(double seconds, char *text, size_t size);

/* What the daemon's Status says of a break that runs because the person started it. */
struct resting {
	enum break_kind kind;
	double length_s, left_s;
	double seen_s;          /* of it, by the camera */
	const char *sees;       /* now: a name, see resting_sees; borrowed */
	const struct exercise *exercise; /* NULL: none */
	bool waits;             /* the countdown does: they sit at the screen */
	bool followed;          /* the pose of the exercise is looked for, ... */
	struct stretch pose;    /* ... and so far it is done: for stretch_words */
};
/* False: none runs. */
bool resting_of(struct resting *, const cJSON *status);

/* "away", "standing", "eyes_off", "holding", "at_screen" as a sentence; "" for what is not
 * known. */
const char *resting_sees(const char *name);
/* All of it in lines: the pose where it is looked for, else what is seen; whether the countdown
 * waits; how much of the break was seen so far. */
void resting_words(const struct resting *, char *text, size_t size);
/* "Seen by the camera: 40 seconds of it." and the like; "" while it is nothing. */
void resting_seen(double seconds, char *text, size_t size);

/* An exercise by the clock: into it, held, the other side, held. What is repeated goes on for a
 * minute. */
enum holding { HOLDING_READY, HOLDING_HELD, HOLDING_CHANGE, HOLDING_OVER };
/* `left_s` is of this part. */
enum holding holding_at(const struct exercise *, double elapsed_s, double *left_s);
const char *holding_words(const struct exercise *, enum holding);
double holding_length(const struct exercise *);

#endif
