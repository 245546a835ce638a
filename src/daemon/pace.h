/* When to look next. Pure.
 *
 * As seldom as what is being waited for allows. Nothing is: the interval doubles after every
 * picture that says the same as the one before, up to the longest, and falls back when the posture
 * or the presence differs. Something is (a bad posture that waits for its dwell, a break that was
 * prompted, a presence that two pictures tell differently): the judges say in how many seconds the
 * next look tells more. Twice the longest in a room that has been empty for half an hour, or whose
 * keyboard and mouse have been idle, as the session tells, which whoever comes back touches. So who
 * comes back is seen within the longest interval and a short one (33 s), after half an hour within
 * twice the longest and a short one (63 s). Half as much again while somebody sits still was tried
 * in vain: it saves a tenth of the light, and faults are seen 5 s and absences 7 s later
 * (tests/cost, cost_days).
 *
 * And a budget, because every burst lights the camera's lamp and shuts other programs out:
 * PACE_SHARE of the time, with PACE_CREDIT_S to spend at once where something happens. So at most 7
 * % of any five minutes: (4 + 0.05 * 300) / 300 and the burst that was under way. At 0.25 s a burst
 * that is 32 looks 3 s apart, then one in 5 s; at the 0.9 s of a camera whose exposure does not
 * come to rest five, then one in 18 s. */
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
	double since;                 /* when the presence became so */
	double credit_s, credit_at;   /* streaming that may be spent, and
	                               * when (seconds) that was so */
};

/* What the last look came to. */
struct pace_view {
	enum presence presence;
	enum posture posture;
	double wait_s;  /* the next look tells more in so many; 0: as
	                 * soon as may be; INFINITY: nothing waits */
	bool idle;      /* nobody has touched keyboard or mouse
	                 * for minutes; the next touch is told */
};

void pace_init(struct pace *, double shortest_s, double longest_s);

/* Seconds until the next look. */
double pace_next(struct pace *, double now_s, const struct pace_view *);

/* The camera was on for `streamed_s` until now. */
void pace_spend(struct pace *, double now_s, double streamed_s);
/* Seconds until it may be on again; 0: now. A burst that has begun is not cut: the debt is waited
 * for. */
double pace_wait(struct pace *, double now_s);

#endif
