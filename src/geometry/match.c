#include "geometry/match.h"

#include "geometry/linalg.h"

#include <string.h>

/* Medians of the same face, away from the profile's own pictures: 0.4-0.9 mm for the six rendered people,
 * 0.6-1.0 for people in films who speak, sign and laugh (a tenth of their single looks above 1.6-1.9). Of
 * the 30 pairs of different rendered people, whose heads come from one modeller, 16 lie above 1.5 and 5
 * above 2.8: some strangers pass, which costs them nothing worse than before. */
static const double misfit_wrong_mm = 1.6, misfit_fits_mm = 1.3;

/* Eyes are carried 24 cm by a hip hinge of 20 deg, 36 by one of 30 (posture/classify.c). */
static const double away_wrong_mm = 450, away_fits_mm = 380;

/* Proportions are seen from near the profile's own direction only: 15 deg either way. */
static const double turned_most_deg = 15;

/* So many looks before a profile is called wrong. */
enum { LEAST = 5 };

/* What tells two profiles of one person apart is the place, of two people the misfit: a millimetre of the one
 * weighs as much as 15 cm of the other. A change needs this much of it. */
static const double away_per_misfit = 150, better_by = 0.4;

bool match_look(const struct camera *camera, const struct profile *p, const struct head_pose *head,
                struct match_look *out)
{
	const struct measure *pitch = &p->upright.m[MEASURE_HEAD_PITCH], *yaw = &p->upright.m[MEASURE_HEAD_YAW];
	const double degree = M_PI / 180;
	double forward[3], facing[3], eye[3];
	if (!head->valid || !pitch->valid || !yaw->valid)
		return false;
	for (int i = 0; i < 3; i++)
		forward[i] = head->rotation[i][2];
	camera_to_world(camera, forward, facing);
	if (fabs(-asin(fmax(-1, fmin(1, facing[2]))) / degree - pitch->value) > turned_most_deg ||
	    fabs(atan2(facing[0], -facing[1]) / degree - yaw->value) > turned_most_deg)
		return false;
	camera_to_world(camera, head->translation, eye);
	for (int i = 0; i < 3; i++)
		eye[i] -= p->eye_world_mm[i];
	eye[2] = fmin(0, eye[2]);
	out->misfit_mm = head->rms_px * length3(head->translation) / camera->fx;
	out->away_mm = length3(eye);
	return true;
}

void matcher_init(struct matcher *m)
{
	memset(m, 0, sizeof *m);
}

static struct match_look median_look(const struct match_track *t)
{
	double misfit[MATCH_LOOKS], away[MATCH_LOOKS];
	if (t->count == 0)
		return (struct match_look){0};
	for (int i = 0; i < t->count; i++) {
		misfit[i] = t->looks[i].misfit_mm;
		away[i] = t->looks[i].away_mm;
	}
	return (struct match_look){median_of(misfit, t->count), median_of(away, t->count)};
}

static double cost(const struct match_look *l)
{
	return l->misfit_mm + l->away_mm / away_per_misfit;
}

static enum match judge(enum match before, const struct match_look *l)
{
	/* What was wrong must fit well to be believed again. */
	const bool was_person = before == MATCH_OTHER_PERSON, was_place = before == MATCH_OTHER_PLACE;
	if (l->misfit_mm > (was_person ? misfit_fits_mm : misfit_wrong_mm))
		return MATCH_OTHER_PERSON;
	if (l->away_mm > (was_place ? away_fits_mm : away_wrong_mm))
		return MATCH_OTHER_PLACE;
	return MATCH_FITS;
}

void matcher_step(struct matcher *m, const struct match_look *looks, const bool *seen, int count)
{
	struct match_look median[PROFILES_MAX] = {{0}};
	double costs[PROFILES_MAX];
	int best = m->current;
	for (int i = 0; i < count; i++) {
		struct match_track *t = &m->tracks[i];
		if (seen[i]) {
			t->looks[t->next] = looks[i];
			t->next = (t->next + 1) % MATCH_LOOKS;
			t->count += t->count < MATCH_LOOKS;
		}
		median[i] = median_look(t);
		costs[i] = t->count < LEAST ? INFINITY : cost(&median[i]);
	}
	for (int i = 0; i < count; i++)
		if (costs[i] < costs[best])
			best = i;
	if (count == 0 || isinf(costs[best]))
		return;
	if (costs[best] < costs[m->current] - better_by) {
		m->current = best;
		m->state = MATCH_UNKNOWN;
	}
	if (!isinf(costs[m->current]))
		m->state = judge(m->state, &median[m->current]);
}

bool match_is_wrong(enum match state)
{
	return state == MATCH_OTHER_PERSON || state == MATCH_OTHER_PLACE;
}

const char *match_text(enum match state)
{
	return state == MATCH_OTHER_PERSON ? "the face is not the one of the profile"
	     : state == MATCH_OTHER_PLACE  ? "this is not the profile's place: was the camera moved?"
	                                   : "the profile fits";
}
