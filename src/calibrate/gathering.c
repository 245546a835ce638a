#include "calibrate/gathering.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void gathering_init(struct gathering *s)
{
	memset(s, 0, sizeof *s);
	s->gather.moving = true;
}

static void enter(struct gathering *s, enum gathering_phase phase)
{
	s->phase = phase;
	s->since = s->now;
	s->taken = -INFINITY;
	s->gather.count = 0;
}

void gathering_start(struct gathering *s)
{
	enter(s, GATHERING_COUNTS);
}

enum gathering_phase gathering_see(struct gathering *s, const struct frame *frame,
                                   const struct sample *sample)
{
	if (s->phase == GATHERING_DONE)
		return s->phase;
	s->now = sample->seconds;
	if (s->phase == GATHERING_COUNTS && s->now - s->since >= GATHER_COUNTDOWN_S)
		enter(s, GATHERING_TAKES);
	if (s->phase == GATHERING_TAKES && (s->now - s->taken) * 1000 < GATHER_APART_MS)
		return s->phase;
	if (s->phase != GATHERING_TAKES)
		s->gather.count = 0; /* judged, not kept */
	const char *problem = gather_take(&s->gather, frame, sample);
	snprintf(s->problem, sizeof s->problem, "%s", problem != NULL ? problem : "");
	if (s->phase != GATHERING_TAKES)
		return s->phase;
	if (problem == NULL)
		s->taken = s->now;
	if (s->gather.count == GATHER_VIEWS || s->now - s->since > GATHER_PATIENCE_S)
		s->phase = GATHERING_DONE;
	return s->phase;
}

int gathering_count(const struct gathering *s)
{
	if (s->phase != GATHERING_COUNTS)
		return 0;
	const int left = (int)ceil(GATHER_COUNTDOWN_S - (s->now - s->since));
	return left < 1 ? 1 : left;
}

double gathering_progress(const struct gathering *s)
{
	return s->phase < GATHERING_TAKES ? 0 : (double)s->gather.count / GATHER_VIEWS;
}
