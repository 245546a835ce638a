#include "breaks/sitting.h"

#include <math.h>
#include <string.h>

void sitting_init(struct sitting *s, double gap_s, double join_s)
{
	memset(s, 0, sizeof *s);
	s->gap_s = gap_s;
	s->join_s = join_s;
	s->first = s->last = s->bout_began = s->bout_ended = -INFINITY;
	s->presence = PRESENCE_UNKNOWN;
}

static bool sit(struct sitting *s, double from, double dt)
{
	bool fresh = !(from - s->bout_ended < s->join_s);
	if (fresh) {
		s->bouts++;
		s->bout_began = from;
		s->bout_s = 0;
	}
	s->bout_s += dt;
	s->bout_ended = from + dt;
	s->sitting_s += dt;
	s->longest_bout_s = fmax(s->longest_bout_s, s->bout_s);
	return fresh;
}

bool sitting_step(struct sitting *s, double seconds, enum presence presence)
{
	if (!isfinite(seconds) || (unsigned)presence >= PRESENCE_COUNT)
		return false;
	bool fresh = false;
	double dt = seconds - s->last;
	if (!isfinite(s->last)) {
		s->first = seconds;
	} else if (dt < 0) {
		/* The covered span moves with the clock, so that the sums still agree. */
		s->first += dt;
		s->bout_began += dt;
		s->bout_ended += dt;
	} else if (dt > 0) {
		enum presence was = dt > s->gap_s ? PRESENCE_UNKNOWN : s->presence;
		s->seconds[was] += dt;
		if (was == PRESENCE_PRESENT || was == PRESENCE_IN_CALL)
			fresh = sit(s, s->last, dt);
	}
	s->last = seconds;
	s->presence = presence;
	return fresh;
}

double sitting_covered(const struct sitting *s)
{
	return isfinite(s->first) ? s->last - s->first : 0;
}
