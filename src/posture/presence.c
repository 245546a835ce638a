#include "posture/presence.h"

#include <math.h>
#include <string.h>

struct presence_config presence_config_default(void)
{
	return (struct presence_config){
		/* Chosen: half of the longest interval between looks, and four of those. */
		.away_s = 15,
		.unknown_s = 120,
		.blocked_s = 2,
		.blocked_samples = 3,
	};
}

static void restart(struct presence_judge *j)
{
	j->last_sample = j->last_seen = j->empty_since = j->dark_since = -INFINITY;
	j->seen_count = j->dark_count = 0;
}

void presence_init(struct presence_judge *j, const struct presence_config *config)
{
	memset(j, 0, sizeof *j);
	j->config = *config;
	j->presence = PRESENCE_UNKNOWN;
	restart(j);
}

/* True when the picture says nothing about a person. */
static bool note_dark(struct presence_judge *j, const struct presence_sample *s)
{
	if (!s->blocked || s->person) {
		j->dark_count = 0;
		j->dark_since = -INFINITY;
		return false;
	}
	if (j->dark_count++ == 0)
		j->dark_since = s->seconds;
	if (j->dark_count >= j->config.blocked_samples &&
	    s->seconds - j->dark_since >= j->config.blocked_s)
		j->presence = PRESENCE_BLOCKED;
	return true;
}

static void note_person(struct presence_judge *j, const struct presence_sample *s)
{
	j->seen_count++;
	j->last_seen = s->seconds;
	j->empty_since = -INFINITY;
	/* From away: somebody who only passes by does not count. From anything else they were just
	 * not seen for a moment, or are the first thing seen. */
	if (j->presence != PRESENCE_AWAY || j->seen_count > 1)
		j->presence = PRESENCE_PRESENT;
}

static void note_nobody(struct presence_judge *j, const struct presence_sample *s)
{
	j->seen_count = 0;
	if (!isfinite(j->empty_since)) {
		j->empty_since = s->seconds; /* never away by one picture alone */
		return;
	}
	/* Pictures may be far apart: counted from the last time somebody was seen. */
	double since = isfinite(j->last_seen) ? j->last_seen : j->empty_since;
	if (s->seconds - since >= j->config.away_s)
		j->presence = PRESENCE_AWAY;
}

static void look(struct presence_judge *j, const struct presence_sample *s)
{
	if (s->seconds - j->last_sample > j->config.unknown_s) {
		/* Whoever was there then: begin anew. */
		restart(j);
		j->presence = PRESENCE_UNKNOWN;
	}
	j->last_sample = s->seconds;
	if (note_dark(j, s))
		return;
	if (j->presence == PRESENCE_BLOCKED)
		j->presence = PRESENCE_UNKNOWN;
	if (s->person)
		note_person(j, s);
	else
		note_nobody(j, s);
}

enum presence presence_step(struct presence_judge *j, const struct presence_sample *s)
{
	if (!isfinite(s->seconds))
		return j->presence;
	if (s->seconds < j->last_sample)
		restart(j); /* a clock that ran backwards */
	bool interrupted = j->presence == PRESENCE_PAUSED || j->presence == PRESENCE_IN_CALL;
	if (s->paused || s->camera == CAMERA_BUSY) {
		j->presence = s->paused ? PRESENCE_PAUSED : PRESENCE_IN_CALL;
		return j->presence;
	}
	if (interrupted) {
		/* After a call they most likely sit there still; after a pause nobody knows. */
		restart(j);
		j->presence = PRESENCE_UNKNOWN;
	}
	if (s->camera == CAMERA_GONE) {
		restart(j);
		j->presence = PRESENCE_UNKNOWN;
	} else if (s->sampled) {
		look(j, s);
	} else if (s->seconds - j->last_sample > j->config.unknown_s) {
		j->presence = PRESENCE_UNKNOWN;
	}
	return j->presence;
}

double presence_wait(const struct presence_judge *j)
{
	const bool sampled = isfinite(j->last_sample);
	if (j->dark_count > 0 && j->presence != PRESENCE_BLOCKED)
		return 0;
	switch (j->presence) {
	case PRESENCE_PRESENT:
		/* Half of what is missing, so that whoever bent down is seen again before it is
		 * over. */
		return isfinite(j->empty_since) ? fmax(0, j->config.away_s -
		                                       (j->last_sample - j->last_seen)) / 2
		                                : INFINITY;
	case PRESENCE_AWAY:
		return j->seen_count > 0 ? 0 : INFINITY;
	case PRESENCE_UNKNOWN:
		return sampled ? 0 : INFINITY;
	default:
		return INFINITY;
	}
}
