#include "daemon/patience.h"

#include <math.h>

/* Waits for cameras that are slow to give a picture, the second twice the first; what comes later
 * is given up, for an hour. Chosen. */
static const double steps_s[] = {0, 4, 8};
enum { STEPS = sizeof steps_s / sizeof *steps_s };
static const double rest_s = 3600;
/* What any USB camera takes to its first picture (0.2 to 0.4 s), whatever the warm-up that is
 * set. */
static const double usual_s = 0.5;
/* A start does not always take equally long. */
static const double share = 1.25, more_s = 0.5, more_share = 1.1;

void patience_init(struct patience *p, double slow_s)
{
	*p = (struct patience){.slow_s = fmin(fmax(slow_s, 0), steps_s[STEPS - 1])};
}

double patience_next(const struct patience *p, double now_s)
{
	if (p->slow_s > 0)
		return p->slow_s * share + more_s;
	return p->quick || now_s < p->rests_until ? 0 : steps_s[p->in_vain];
}

bool patience_asks(const struct patience *p)
{
	return p->in_vain > 0;
}

bool patience_learn(struct patience *p, double now_s, double warmup_s, double shown_s, double on_s)
{
	if (shown_s < 0) {
		/* A look that failed at once says nothing about how long it would have taken. */
		const bool asked = p->slow_s == 0 && !p->quick && on_s >= warmup_s &&
		                   now_s >= p->rests_until;
		if (asked && ++p->in_vain == STEPS) {
			p->in_vain = 0;
			p->rests_until = now_s + rest_s;
		}
		return false;
	}
	p->in_vain = 0;
	if (shown_s <= fmax(warmup_s, usual_s)) {
		p->quick = true;
		return false;
	}
	const bool slower = shown_s > p->slow_s * more_share;
	if (slower)
		p->slow_s = shown_s;
	return slower;
}
