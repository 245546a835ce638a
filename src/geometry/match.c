#include "geometry/match.h"

#include "geometry/linalg.h"
#include "geometry/shape.h"

#include <string.h>

/* Medians over a person's looks, of ten rendered people, two at their desks who slouch and six in
 * films, with profiles of one to six pictures at 43, 65 and 78 deg of view, whichever was true.
 * Their own profile: share 0.2 to 0.57, misfit up to 1.6 mm (a woman bent over a laptop). Somebody
 * else's: 72 % lie above both limits, 40 % above the share of 1, which no owner comes near. Of the
 * misfit alone a limit that spares every owner finds 39 %. */
static const double share_doubt = 0.65, share_fits = 0.58, share_wrong = 1, share_wrong_ends = 0.9;
static const double misfit_doubt_mm = 0.8;

/* What one look cannot tell many do: the geometric mean of a sitting's shares wavers less than
 * their median, and a smaller one is enough. Played as sequences with 148 profiles of those
 * eighteen people, of one picture or five, three fields of view each: strangers refused 23 -> 38 %
 * of pairs, 34 -> 45 with five pictures; owners in 0.45 % of looks, all by one film's profile of
 * one bad picture, with five in none (0.77 at most). */
static const double sitting_wrong = 0.8, sitting_wrong_ends = 0.74;
/* So many looks are a sitting: a change of people without a pause shows within it. */
enum { SITTING_LOOKS = 30 };

/* Owners differ in how well their mesh keeps its shape: what was usual while they fitted, and as
 * much again as lies between the 0.4 of most and the limit. Never so far that nobody is doubted. */
static const double usual_margin = 0.25, share_doubt_most = 0.85;
enum { USUAL_LOOKS = 60 };

/* Eyes are carried 24 cm by a hip hinge of 20 deg, 36 by one of 30 (posture/classify.c). */
static const double away_wrong_mm = 450, away_fits_mm = 380;

/* Proportions are seen from near the profile's own direction only: at 20 deg to either side
 * looks still separate (AUC 0.92; 0.96 up to 15 deg), at 25 no more (0.76). */
static const double turned_most_deg = 20;

/* So many looks before a profile is called wrong. */
enum { LEAST = 5 };

/* What tells two profiles of one person apart is the place, of two people the misfit: a millimetre
 * of the one weighs as much as 15 cm of the other. A change needs this much of it. */
static const double away_per_misfit = 150, better_by = 0.4;

bool match_look(const struct camera *camera, const struct profile *p,
                const struct face_result *face, int width,
                int height, const struct head_pose *head, struct match_look *out)
{
	const struct measure *pitch = &p->upright.m[MEASURE_HEAD_PITCH],
	                     *yaw = &p->upright.m[MEASURE_HEAD_YAW];
	const double degree = M_PI / 180;
	double forward[3], facing[3], eye[3], average;
	if (!head->valid || !pitch->valid || !yaw->valid)
		return false;
	for (int i = 0; i < 3; i++)
		forward[i] = head->rotation[i][2];
	camera_to_world(camera, forward, facing);
	if (fabs(-asin(fmax(-1, fmin(1, facing[2]))) / degree - pitch->value) > turned_most_deg ||
	    fabs(atan2(facing[0], -facing[1]) / degree - yaw->value) > turned_most_deg)
		return false;
	if (!face_rigid_misfit(camera, p->shape, face, width, height, &out->misfit_mm) ||
	    !face_rigid_misfit(camera, NULL, face, width, height, &average))
		return false;
	camera_to_world(camera, head->translation, eye);
	for (int i = 0; i < 3; i++)
		eye[i] -= p->eye_world_mm[i];
	eye[1] = fmin(0, eye[1]);
	eye[2] = fmin(0, eye[2]);
	out->share = out->misfit_mm / fmax(average, 1e-6);
	out->away_mm = length3(eye);
	return true;
}

void matcher_init(struct matcher *m)
{
	memset(m, 0, sizeof *m);
}

static struct match_look median_look(const struct match_track *t)
{
	double misfit[MATCH_LOOKS], share[MATCH_LOOKS], away[MATCH_LOOKS];
	if (t->count == 0)
		return (struct match_look){0};
	for (int i = 0; i < t->count; i++) {
		misfit[i] = t->looks[i].misfit_mm;
		share[i] = t->looks[i].share;
		away[i] = t->looks[i].away_mm;
	}
	return (struct match_look){median_of(misfit, t->count), median_of(share, t->count),
	                           median_of(away, t->count)};
}

static double cost(const struct match_look *l)
{
	return l->misfit_mm + l->away_mm / away_per_misfit;
}

static double doubt_limit(const struct match_track *t)
{
	const double usual = t->learned > 0 ? t->usual + usual_margin : 0;
	return fmin(fmax(usual, share_doubt), share_doubt_most);
}

static enum match judge(enum match before, const struct match_track *t, const struct match_look *l)
{
	/* What was wrong must fit well to be believed again. */
	const bool was_person = before == MATCH_OTHER_PERSON,
	           was_place = before == MATCH_OTHER_PLACE;
	const bool doubted = before == MATCH_DOUBT || was_person;
	const double doubt = doubt_limit(t) - (doubted ? share_doubt - share_fits : 0);
	const bool wrong = l->share > (was_person ? share_wrong_ends : share_wrong) ||
	                   exp(t->evidence) > (was_person ? sitting_wrong_ends : sitting_wrong);
	if (l->misfit_mm > misfit_doubt_mm && wrong)
		return MATCH_OTHER_PERSON;
	if (l->away_mm > (was_place ? away_fits_mm : away_wrong_mm))
		return MATCH_OTHER_PLACE;
	if (l->misfit_mm > misfit_doubt_mm && l->share > doubt)
		return MATCH_DOUBT;
	return MATCH_FITS;
}

static void gather(struct match_track *t, double share)
{
	t->seen += t->seen < SITTING_LOOKS;
	t->evidence += (log(fmax(share, 1e-3)) - t->evidence) / t->seen;
}

static void learn(struct match_track *t, double share)
{
	if (share > doubt_limit(t))
		return;
	t->learned += t->learned < USUAL_LOOKS;
	t->usual += (share - t->usual) / t->learned;
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
			gather(t, looks[i].share);
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
	if (isinf(costs[m->current]))
		return;
	m->state = judge(m->state, &m->tracks[m->current], &median[m->current]);
	if (m->state == MATCH_FITS && seen[m->current])
		learn(&m->tracks[m->current], median[m->current].share);
}

bool match_is_wrong(enum match state)
{
	return state == MATCH_OTHER_PERSON || state == MATCH_OTHER_PLACE;
}

bool match_asks(enum match state)
{
	return state == MATCH_DOUBT || match_is_wrong(state);
}

const char *match_text(enum match state)
{
	return state == MATCH_OTHER_PERSON ||
	       state == MATCH_DOUBT ? "the face is not the one of the profile"
	     : state == MATCH_OTHER_PLACE ? "this is not the profile's place: was the camera moved?"
	                                  : "the profile fits";
}
