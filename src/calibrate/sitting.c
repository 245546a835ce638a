#include "calibrate/sitting.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void sitting_init(struct sitting *s)
{
	memset(s, 0, sizeof *s);
	s->gather.moving = true;
}

static void enter(struct sitting *s, enum sitting_phase phase)
{
	s->phase = phase;
	s->since = s->now;
	s->taken = -INFINITY;
	s->gather.count = 0;
}

void sitting_start(struct sitting *s)
{
	enter(s, SITTING_COUNTS);
}

enum sitting_phase sitting_see(struct sitting *s, const struct frame *frame, const struct sample *sample)
{
	if (s->phase == SITTING_DONE)
		return s->phase;
	s->now = sample->seconds;
	if (s->phase == SITTING_COUNTS && s->now - s->since >= GATHER_COUNTDOWN_S)
		enter(s, SITTING_TAKES);
	if (s->phase == SITTING_TAKES && (s->now - s->taken) * 1000 < GATHER_APART_MS)
		return s->phase;
	if (s->phase != SITTING_TAKES)
		s->gather.count = 0; /* judged, not kept */
	const char *problem = gather_take(&s->gather, frame, sample);
	snprintf(s->problem, sizeof s->problem, "%s", problem != NULL ? problem : "");
	if (s->phase != SITTING_TAKES)
		return s->phase;
	if (problem == NULL)
		s->taken = s->now;
	if (s->gather.count == GATHER_VIEWS || s->now - s->since > GATHER_PATIENCE_S)
		s->phase = SITTING_DONE;
	return s->phase;
}

int sitting_count(const struct sitting *s)
{
	if (s->phase != SITTING_COUNTS)
		return 0;
	const int left = (int)ceil(GATHER_COUNTDOWN_S - (s->now - s->since));
	return left < 1 ? 1 : left;
}

double sitting_progress(const struct sitting *s)
{
	return s->phase < SITTING_TAKES ? 0 : (double)s->gather.count / GATHER_VIEWS;
}
