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

/* The longest interval for what is there. */
static double longest_for(const struct pace *p, double now_s, const struct pace_view *v)
{
	const double gone = 2, long_gone_s = 1800;
	if (v->presence == PRESENCE_AWAY && (v->idle || now_s - p->since >= long_gone_s))
		return gone * p->longest_s;
	return p->longest_s;
}

double pace_next(struct pace *p, double now_s, const struct pace_view *v)
{
	const double growth = 2; /* from 3 s to 30 s in four looks that agree, within a minute */
	const bool same = v->presence == p->presence, alike = same && v->posture == p->posture;
	if (!same || now_s < p->since)
		p->since = now_s;
	p->presence = v->presence;
	p->posture = v->posture;
	if (v->wait_s < p->longest_s) {
		p->interval_s = p->shortest_s;
		return fmax(v->wait_s, p->shortest_s);
	}
	p->interval_s = alike ? growth * p->interval_s
	                : same ? growth * p->shortest_s : p->shortest_s;
	p->interval_s = fmin(p->interval_s, longest_for(p, now_s, v));
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
