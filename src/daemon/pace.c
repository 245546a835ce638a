#include "daemon/pace.h"

void pace_init(struct pace *p, double shortest_s, double longest_s)
{
	*p = (struct pace){
		.shortest_s = shortest_s,
		.longest_s = longest_s > shortest_s ? longest_s : shortest_s,
		.interval_s = shortest_s,
		.presence = PRESENCE_UNKNOWN,
		.posture = POSTURE_UNKNOWN,
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
