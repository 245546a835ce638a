/* When to look next. Pure.
 *
 * Short intervals where something may be changing, long ones where nothing does: the interval grows by
 * half after every picture that says the same as the one before, and falls back to the shortest when the
 * posture or the presence differs, while a bad posture waits for its dwell, and while a break that was
 * prompted is being verified. */
#ifndef UNKNOT_DAEMON_PACE_H
#define UNKNOT_DAEMON_PACE_H

#include "posture/posture.h"

struct pace {
	double shortest_s, longest_s; /* 3 and 30 by default */
	double interval_s;
	enum presence presence;
	enum posture posture;
};

void pace_init(struct pace *, double shortest_s, double longest_s);

/* Seconds until the next look. `attentive`: a break is due or running, or a dwell is being counted. */
double pace_next(struct pace *, enum presence, enum posture, bool attentive);

#endif
