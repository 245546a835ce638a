#include "daemon/pace.h"

#include <math.h>

void pace_init(struct pace *p, double shortest_s, double longest_s)
{
	*p = (struct pace){
		.shortest_s = shortest_s,
		.longest_s = longest_s > shortest_s ? longest_s : shortest_s,
		.interval_s = shortest_s,
		.presence = PRESENCE_UNKNOWN,
		.posture = POSTURE_UNKNOWN,
		.credit_s = PACE_CREDIT_S,
	};
}

double pace_next(struct pace *p, enum presence presence, enum posture posture, bool attentive)
{
	/* Half as much again: from 3 s to 30 s in six looks that agree, about a minute. */
	const double growth = 1.5;
	bool same = presence == p->presence && posture == p->posture;
	p->presence = presence;
	p->posture = posture;
	if (!same || attentive)
		p->interval_s = p->shortest_s;
	else
		p->interval_s *= growth;
	if (p->interval_s > p->longest_s)
		p->interval_s = p->longest_s;
	return p->interval_s;
}

static void earn(struct pace *p, double now_s)
{
	p->credit_s = fmin(PACE_CREDIT_S, p->credit_s + fmax(0, now_s - p->credit_at) * PACE_SHARE);
	p->credit_at = now_s;
}

void pace_spend(struct pace *p, double now_s, double streamed_s)
{
	earn(p, now_s);
	p->credit_s -= streamed_s;
}

double pace_wait(struct pace *p, double now_s)
{
	const double soon = 1e-3; /* what rounding leaves of a wait is none */
	earn(p, now_s);
	const double wait = -p->credit_s / PACE_SHARE;
	return wait > soon ? wait : 0;
}
