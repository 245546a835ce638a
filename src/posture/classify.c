/* The posture of one sample. First whether it is good or bad, from the departure from upright
 * (departure.h); then which kind, and that may be unsure.
 *
 * Four ways forward and down differ in how they move the upper end of the column of eyes and trunk:
 *   neck only     C7 to tragus is about 15 cm at 55 deg (the healthy mean craniovertebral angle,
 *                 coach/ergonomics.md). Tipped 30 deg farther, about its range, the head moves
 *                 15 (cos 25 - cos 55) = 5.0 cm forward and 15 (sin 55 - sin 25) = 6.0 cm down:
 *                 together 11 cm. Travel beyond that needs the trunk: a slouch.
 *   rounded back  a column bent to an arc whose end is tipped by a moves by 70 (1 - cos a) / a: at
 *                 ISO 11226's acceptable 20 deg that is 12.1 cm forward. A back rounds little
 *                 farther without the hips joining in.
 *   hip hinge     70 sin 20 = 24 cm at the same 20 deg, and hardly any drop. So more than 14.5 cm
 *                 forward is a lean toward the screen: too close, whatever the eyes' height.
 *   sliding down  drop without forward travel, the shoulders with it. */
#include "posture/departure.h"

#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TRUNK_TRAVEL_CM 11.5   /* forward plus down: a neck's 11, see
                                * above, and half of measuring */
#define NECK_FORWARD_SHARE 0.5 /* forward per drop: a neck's own is 0.8
                                * at least, sliding down has none */
#define NECK_SHOULDER_CM 3.0   /* shoulders lower than that are the
                                * trunk's; measuring alone is 1 to 1.5 */
#define NOD_DROP_SHARE 0.5     /* drop per lean-in, see is_nodded */
#define NOD_FORWARD_CM 8.0     /* 6.4 at most, of eyes 12 cm above and
                                * 8 before the point they nod about */
#define NOD_SHARE 0.6          /* of the limit is enough when the eyes took a nod's way: a face seen
                                  from above tells its pitch poorly and too small (rendered people:
                                  14-28 of 35-41 deg) */
#define PITCH_LIMIT_DEG 25.0   /* without a profile: ISO 11226 head inclination, neutral 0-25 deg */
#define PITCH_SIGMA_DEG 8.0    /* ... and only where the camera's tilt is known: 5 deg of a face's
                                  own zero and 3 of tilt and fit; an unknown tilt alone is 8 */

struct posture_config posture_config_default(void)
{
	/* Sources in config/options.inc and above; coach/ergonomics.md for the standards'
	 * numbers. */
	return (struct posture_config){
		.slouch_drop_cm = 2.5,  /* with the next one: a neck bent by two SD, departure.c */
		.forward_head_cm = 5,
		.looking_down_deg = 20, /* ISO 11226 neutral ends at 25; upright itself is a few */
		.lean_side_cm = 6,      /* 70 sin 5 deg: half of ISO 11226's lateral 10 deg */
		.head_roll_deg = 10,    /* ISO 11226: lateral head tilt within 10 deg */
		.yaw_deg = 20,          /* a 24" screen at 60 cm ends at 24 deg: eyes reach it with
		                           the head turned at most by about 15 */
		.recline_cm = 6,        /* 70 sin 5 deg */
		.too_close_cm = 45,     /* OSHA prefers 50; ISO 9241-306: users choose 40-75 */
		.raised_cm = 4,
		.shoulder_tilt_deg = 7,
		.dwell_s = 60,
		.dwell_share = 0.8,
		.release_s = 10,
	};
}

struct look {
	const struct posture_config *c;
	const struct measures *m;
	struct departure d;
	double kind; /* confidence of the name, as far as it is decided */
};

/* A measure whose own uncertainty exceeds the limit cannot decide about it. */
static bool usable(const struct look *s, enum measure_id id, double limit)
{
	const struct measure *m = &s->m->m[id];
	return m->valid && isfinite(m->value) && m->sigma >= 0 && m->sigma < fabs(limit);
}

static double value(const struct look *s, enum measure_id id)
{
	return s->m->m[id].value;
}

__attribute__((format(printf, 2, 3)))
static void reason(struct posture_verdict *v, const char *format, ...)
{
	if (v->reason_count == POSTURE_REASONS)
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(v->reasons[v->reason_count++], POSTURE_REASON_SIZE, format, args);
	va_end(args);
}

/* value > limit (limit > 0) or value < limit (limit < 0): decided by this measure. */
static bool exceeds(const struct look *s, enum measure_id id, double limit)
{
	return usable(s, id, limit) && (limit < 0 ? value(s, id) < limit : value(s, id) > limit);
}

static void name_evidence(const struct look *s, enum measure_id id, double limit, bool below,
                          struct posture_verdict *v)
{
	v->evidence = id;
	v->limit = limit;
	reason(v, "%s %.1f %c %.1f", measure_name(id), value(s, id), below ? '<' : '>', limit);
}

static void decide(const struct look *s, enum measure_id id, double limit,
                   struct posture_verdict *v)
{
	const double x = value(s, id);
	name_evidence(s, id, limit, limit < 0, v);
	v->confidence = departure_past(limit < 0 ? limit - x : x - limit, s->m->m[id].sigma);
}

/* ---- which fault ---- */

/* One more thing that the name hangs on: `by` beyond the border between two names. */
static bool side_of(struct look *s, double by, double sigma)
{
	s->kind = fmin(s->kind, departure_past(fabs(by), sigma));
	return by > 0;
}

/* The eyes of a nodding head swing about the neck, farther down than forward (rendered: 7 down and
 * 5.5 forward at 37 deg); a rounded back carries them two to four times as far forward as down. */
static bool is_nodded(const struct look *s)
{
	return s->d.known && s->d.sink > s->c->slouch_drop_cm &&
	       s->d.sink > NOD_DROP_SHARE * s->d.near &&
	       s->d.near < NOD_FORWARD_CM;
}

static double pitch_limit(const struct look *s, enum measure_id *id)
{
	*id = MEASURE_HEAD_PITCH_CHANGE;
	if (usable(s, *id, s->c->looking_down_deg) || s->m->m[MEASURE_EYE_DROP].valid)
		return s->c->looking_down_deg * (is_nodded(s) ? NOD_SHARE : 1);
	*id = MEASURE_HEAD_PITCH;
	return usable(s, *id, PITCH_SIGMA_DEG) ? PITCH_LIMIT_DEG : HUGE_VAL;
}

static bool is_looking_down(const struct look *s, struct posture_verdict *v)
{
	enum measure_id id;
	const double limit = pitch_limit(s, &id);
	if (!exceeds(s, id, limit))
		return false;
	decide(s, id, limit, v);
	return true;
}

/* Each cue of a bent trunk that agrees is named, the farthest first. */
static void trunk_reasons(const struct look *s, bool nearness_first, struct posture_verdict *v)
{
	const struct departure *d = &s->d;
	const double drop_excess = d->sink / s->c->slouch_drop_cm,
	             near_excess = d->near / s->c->forward_head_cm;
	const double both = d->ratio[DEPART_TRUNK];
	const bool drop = drop_excess > 1, near = near_excess > 1;
	if (!drop && !near) {
		/* Together beyond the ellipse, neither alone: what the other leaves is the
		 * limit. */
		const bool by_drop = drop_excess > near_excess;
		const double left = 1 -
		                    sqrt(fmax(0, 1 - pow(by_drop ? near_excess : drop_excess, 2)));
		if (by_drop)
			name_evidence(s, MEASURE_EYE_DROP,
			              d->drop_limit - left * s->c->slouch_drop_cm, false, v);
		else
			name_evidence(s, MEASURE_LEAN_IN,
			              d->near_limit - left * s->c->forward_head_cm / d->near_scale,
			              false, v);
		reason(v, "eye_drop_cm %.1f and lean_in_cm %.1f: %.1f of the limit",
		       value(s, MEASURE_EYE_DROP), value(s, MEASURE_LEAN_IN), both);
		return;
	}
	for (int turn = 0; turn < 2; turn++) {
		const bool nearness = nearness_first == (turn == 0);
		const enum measure_id id = nearness ? MEASURE_LEAN_IN : MEASURE_EYE_DROP;
		const double limit = nearness ? d->near_limit : d->drop_limit;
		if (!(nearness ? near : drop))
			continue;
		if (v->reason_count == 0)
			name_evidence(s, id, limit, false, v);
		else
			reason(v, "%s %.1f > %.1f", measure_name(id), value(s, id), limit);
	}
}

static bool shoulders_sank(const struct look *s)
{
	return exceeds(s, MEASURE_SHOULDER_DROP, NECK_SHOULDER_CM);
}

static enum posture name_trunk(struct look *s, struct posture_verdict *v)
{
	const struct departure *d = &s->d;
	const double sink = fmax(0, d->sink), sigma = hypot(d->sink_sigma, d->near_sigma);
	if (is_looking_down(s, v)) {
		s->kind = v->confidence;
		return POSTURE_LOOKING_DOWN;
	}
	if (side_of(s, d->near - POSTURE_HINGE_CM, d->near_sigma)) {
		const double scale = d->near_scale;
		name_evidence(s, MEASURE_LEAN_IN,
		              d->near_limit + (POSTURE_HINGE_CM - s->c->forward_head_cm) / scale,
		              false, v);
		return POSTURE_TOO_CLOSE;
	}
	const bool trunk = side_of(s, sink + fmax(0, d->near) - TRUNK_TRAVEL_CM, sigma) ||
	                   side_of(s, sink * NECK_FORWARD_SHARE - d->near, sigma) ||
	                   shoulders_sank(s);
	trunk_reasons(s, !trunk, v);
	if (trunk && shoulders_sank(s))
		reason(v, "shoulder_drop_cm %.1f > %.1f", value(s, MEASURE_SHOULDER_DROP),
		       NECK_SHOULDER_CM);
	return trunk ? POSTURE_SLOUCHED : POSTURE_FORWARD_HEAD;
}

static enum posture name_sideways(const struct look *s, enum measure_id id,
                                  double over, enum posture p, struct posture_verdict *v)
{
	/* The measure as it is, against the limit as it is for it. */
	const double x = value(s, id);
	v->side = x > 0 ? 1 : -1;
	name_evidence(s, id, x - v->side * over, x < 0, v);
	return p;
}

static enum posture name_roll(const struct look *s, struct posture_verdict *v)
{
	const enum measure_id id = s->m->m[MEASURE_HEAD_ROLL].valid ? MEASURE_HEAD_ROLL
	                                                            : MEASURE_HEAD_ROLL_CHANGE;
	return name_sideways(s, id, s->d.roll - s->c->head_roll_deg, POSTURE_HEAD_TILTED, v);
}

static enum posture name_fault(struct look *s, struct posture_verdict *v)
{
	const struct departure *d = &s->d;
	v->confidence = departure_past(d->ratio[d->way] - 1, d->sigma[d->way]);
	for (int way = 0; way < DEPART_WAYS; way++)
		if (way != (int)d->way && d->ratio[way] > 1)
			s->kind = fmin(s->kind, departure_past(d->ratio[d->way] - d->ratio[way],
			                                       hypot(d->sigma[way],
			                                             d->sigma[d->way])));
	const double sure = v->confidence;
	enum posture p = POSTURE_UNKNOWN;
	switch (d->way) {
	case DEPART_TRUNK: p = name_trunk(s, v); break;
	case DEPART_ROLL: p = name_roll(s, v); break;
	case DEPART_SIDE:
		p = name_sideways(s, MEASURE_LEAN_SIDE, fabs(d->side) - s->c->lean_side_cm,
		                  POSTURE_LEANING, v);
		break;
	case DEPART_NEAR:
		name_evidence(s, MEASURE_SCREEN_DISTANCE, s->c->too_close_cm, true, v);
		p = POSTURE_TOO_CLOSE;
		break;
	case DEPART_SHOULDERS:
		name_evidence(s, MEASURE_SHOULDER_DROP, s->c->slouch_drop_cm, false, v);
		p = POSTURE_SLOUCHED;
		break;
	case DEPART_WAYS: break;
	}
	v->confidence = sure;
	return p;
}

/* ---- no fault ---- */

static bool is_turned(const struct look *s, struct posture_verdict *v)
{
	const enum measure_id id = departure_yaw(s->m);
	const double limit = departure_yaw_limit(s->c, s->m);
	if (!exceeds(s, id, limit) && !exceeds(s, id, -limit))
		return false;
	v->side = value(s, id) > 0 ? 1 : -1;
	decide(s, id, v->side * limit, v);
	return true;
}

static bool is_raised(const struct look *s, struct posture_verdict *v)
{
	if (!s->d.known || !exceeds(s, MEASURE_EYE_DROP, -s->c->raised_cm))
		return false;
	decide(s, MEASURE_EYE_DROP, -s->c->raised_cm, v);
	return true;
}

static bool is_reclined(const struct look *s, struct posture_verdict *v)
{
	if (!s->d.known || !exceeds(s, MEASURE_LEAN_IN, -s->c->recline_cm))
		return false;
	decide(s, MEASURE_LEAN_IN, -s->c->recline_cm, v);
	return true;
}

/* Upright is what nothing speaks against: as sure as the nearest limit is far. */
static bool is_upright(const struct look *s, struct posture_verdict *v)
{
	const struct { enum measure_id id; double low, high; } bands[] = {
		{ MEASURE_EYE_DROP, -s->c->raised_cm, HUGE_VAL },
		{ MEASURE_LEAN_IN, -s->c->recline_cm, HUGE_VAL },
		{ departure_yaw(s->m), -s->c->yaw_deg, s->c->yaw_deg },
	};
	const struct departure *d = &s->d;
	if (!d->known || d->sigma[DEPART_TRUNK] >= 1)
		return false;
	v->confidence = 1;
	for (int way = 0; way < DEPART_WAYS; way++)
		if (d->sigma[way] < 1)
			v->confidence = fmin(v->confidence,
			                     departure_past(1 - d->ratio[way], d->sigma[way]));
	for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++) {
		const struct measure *m = &s->m->m[bands[i].id];
		if (!usable(s, bands[i].id, bands[i].low))
			continue;
		const double inside = departure_past(bands[i].high - m->value, m->sigma) +
		                      departure_past(m->value - bands[i].low, m->sigma) - 1;
		v->confidence = fmax(0, fmin(v->confidence, inside));
	}
	reason(v, "eye_drop_cm %.1f <= %.1f", value(s, MEASURE_EYE_DROP), d->drop_limit);
	reason(v, "lean_in_cm %.1f <= %.1f", value(s, MEASURE_LEAN_IN), d->near_limit);
	return true;
}

/* Who is not at fault: the first that fits. */
static const struct {
	enum posture label;
	bool (*matches)(const struct look *, struct posture_verdict *);
} rest[] = {
	{ POSTURE_TURNED, is_turned },
	{ POSTURE_RAISED, is_raised },
	{ POSTURE_LOOKING_DOWN, is_looking_down },
	{ POSTURE_RECLINED, is_reclined },
	{ POSTURE_UPRIGHT, is_upright },
};

void posture_classify(const struct posture_config *config, const struct measures *measures,
                      struct posture_verdict *v)
{
	struct look s = { .c = config, .m = measures, .kind = 1 };
	memset(v, 0, sizeof *v);
	v->label = POSTURE_UNKNOWN;
	v->evidence = MEASURE_COUNT;
	departure_of(config, measures, &s.d);
	v->departure = s.d.farthest;
	if (s.d.fault) {
		v->label = name_fault(&s, v);
		v->kind_confidence = s.kind;
		return;
	}
	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) {
		if (rest[i].matches(&s, v)) {
			v->label = rest[i].label;
			v->kind_confidence = v->confidence;
			return;
		}
	}
	reason(v, N_("no upright profile, or no face to measure by"));
}
