/* How long a camera is waited for after its start. Some give nothing, or black, for seconds: they
 * are found out by waiting longer, and known from then on. Pure.
 *
 * A camera that has not shown anything yet is given 4 s at its second look and 8 s at its third;
 * then it is taken to be covered, or the room to be dark, and asked so again an hour later. One
 * that showed something within its warm-up is not slow, and black from it is black. */
#ifndef UNKNOT_DAEMON_PATIENCE_H
#define UNKNOT_DAEMON_PATIENCE_H

#include <stdbool.h>

struct patience {
	double slow_s;       /* what it was seen to need; 0: nothing out of the ordinary */
	bool quick;          /* it was seen to need nothing */
	int in_vain;         /* looks so far */
	double rests_until;  /* seconds */
};

/* slow_s: what is remembered of this camera, or 0. */
void patience_init(struct patience *, double slow_s);
/* For burst_plan.patience_s; 0: the usual. */
double patience_next(const struct patience *, double now_s);
/* Nothing was seen yet, and the next look will wait longer: worth doing soon. */
bool patience_asks(const struct patience *);
/* What the look came to: shown_s after the start a picture showed something; < 0: none did, and the
 * camera was on for on_s. True when the camera turned out slower than known: slow_s is worth
 * remembering. */
bool patience_learn(struct patience *, double now_s, double warmup_s, double shown_s, double on_s);

#endif
