/* What the person is asked for where there is little to judge by without it: to calibrate, once
 * somebody was seen for a few minutes and there is no profile; a camera, where none can be used for
 * two minutes, or with a profile, which says that one was there, for a quarter of an hour.
 * Pure; each at most once a day, which outlives the daemon (remember.h). */
#ifndef UNKNOT_DAEMON_ASKING_H
#define UNKNOT_DAEMON_ASKING_H

#include "base/clock.h"
#include "coach/coach.h"

enum asking_for { ASKING_PROFILE, ASKING_CAMERA, ASKING_FORS, ASKING_NOTHING = ASKING_FORS };

struct asking {
	int64_t asked_ms[ASKING_FORS]; /* when it was last asked, by the wall; 0: never */
	double seen_s;                 /* somebody, without a profile; over
	                                * breaks and short absences */
	double missing_s;              /* the camera, without a break */
	double at;                     /* the last step; only after `stepped` */
	bool stepped, seen, missing;   /* as of then */
};

/* What a step knows. */
struct asking_view {
	bool profile;                  /* there is one that may be in force */
	bool seen;                     /* a picture was taken, with somebody in it */
	bool missing;                  /* a camera is wanted (no pause, no shut lid),
	                                * none can be used, and no other program has it */
	bool wait;                     /* nothing may be said now */
};

/* What to ask for now. It counts as asked. */
enum asking_for asking_step(struct asking *, struct instant now, const struct asking_view *);

/* The words. */
void asking_message(enum asking_for, struct coach_message *);

#endif
