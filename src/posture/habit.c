/* The habit of one who sits well, learned while it is upright. */
#include "posture/posture.h"

#include <math.h>
#include <string.h>

/* An hour's worth is remembered, and a quarter of one is the least to learn from: sway comes and
 * goes. */
static const double memory_s = 3600, least_s = 900;
/* Normally distributed looks are within 2.5 standard deviations in 99 of 100 cases. */
static const double deviations = 2.5;
/* Who is upright is within the limits by definition, so that a habit of slouching a little would
 * widen them without end. */
static const double widest = 1.5;

void posture_habit_learn(struct posture_habit *h, const struct posture_verdict *v,
                         const struct measures *m, double seconds)
{
	const struct measure *drop = &m->m[MEASURE_EYE_DROP], *near = &m->m[MEASURE_LEAN_IN];
	if (v->label != POSTURE_UPRIGHT || !drop->valid || !near->valid || !(seconds > 0))
		return;
	const double share = seconds / fmin(memory_s, h->seconds + seconds);
	h->drop += share * (drop->value * drop->value - h->drop);
	h->near += share * (near->value * near->value - h->near);
	h->seconds = fmin(memory_s, h->seconds + seconds);
}

void posture_habit_widen(const struct posture_habit *h, const struct posture_config *c,
                         struct posture_config *own)
{
	*own = *c;
	if (h->seconds < least_s)
		return;
	own->slouch_drop_cm *=
		fmax(1, fmin(widest, deviations * sqrt(h->drop) / c->slouch_drop_cm));
	own->forward_head_cm *=
		fmax(1, fmin(widest, deviations * sqrt(h->near) / c->forward_head_cm));
}
