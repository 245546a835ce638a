/* Where the time went: seconds per presence and sitting bouts. Pure; for the live status and for
 * the report, which feeds it the history's spans.
 *
 * Every second of the covered span belongs to exactly one presence: the sums agree to rounding. */
#ifndef UNKNOT_BREAKS_SITTING_H
#define UNKNOT_BREAKS_SITTING_H

#include "posture/posture.h"

struct sitting {
	double gap_s;                     /* steps farther apart: that time is unknown */
	double join_s;                    /* a shorter interruption does not end a bout (60) */
	double first, last;               /* covered span; -infinity before the first step */
	enum presence presence;
	double seconds[PRESENCE_COUNT];   /* sum = last - first */
	double sitting_s;                 /* present + in a call */
	double bout_s, longest_bout_s;    /* sitting seconds of the running and the longest bout */
	double bout_began, bout_ended;    /* the running or last bout; sat until bout_ended */
	int bouts;                        /* begun so far */
};

void sitting_init(struct sitting *, double gap_s, double join_s);
/* From `seconds` on, `presence`. Time since the last step belongs to the presence told then, or to
 * unknown when it is longer than gap_s. A clock that runs backwards adds nothing: the span goes on
 * from there. Returns true when a new bout began. */
bool sitting_step(struct sitting *, double seconds, enum presence);
double sitting_covered(const struct sitting *);

#endif
