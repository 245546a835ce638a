/* When to look next. Pure.
 *
 * Short intervals where something may be changing, long ones where nothing does: the interval grows by
 * half after every picture that says the same as the one before, and falls back to the shortest when the
 * posture or the presence differs, while a bad posture waits for its dwell, and while a break that was
 * prompted is being verified.
 *
 * And a budget, because every burst lights the camera's lamp and shuts other programs out: PACE_SHARE of the
 * time, with PACE_CREDIT_S to spend at once where something happens. So at most 7 % of any five minutes:
 * (4 + 0.05 * 300) / 300 and the burst that was under way. At 0.4 s a burst that is 16 looks 3 s apart, then one
 * in 8 s; at the 0.9 s of a camera whose exposure does not come to rest five, then one in 18 s. */
#ifndef UNKNOT_DAEMON_PACE_H
#define UNKNOT_DAEMON_PACE_H

#include "posture/posture.h"

#define PACE_SHARE 0.05
#define PACE_CREDIT_S 4.0

struct pace {
	double shortest_s, longest_s; /* 3 and 30 by default */
	double interval_s;
	enum presence presence;
	enum posture posture;
	double credit_s, credit_at;   /* streaming that may be spent, and when (seconds) that was so */
};

void pace_init(struct pace *, double shortest_s, double longest_s);

/* Seconds until the next look. `attentive`: a break is due or running, or a dwell is being counted. */
double pace_next(struct pace *, enum presence, enum posture, bool attentive);

/* The camera was on for `streamed_s` until now. */
void pace_spend(struct pace *, double now_s, double streamed_s);
/* Seconds until it may be on again; 0: now. A burst that has begun is not cut: the debt is waited for. */
double pace_wait(struct pace *, double now_s);

#endif
