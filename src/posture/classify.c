/* The posture of one sample: rules over several cues, tried in the order of the table at the end.
 *
 * Model behind the limits. Eyes and trunk are a column of about 70 cm over the hip joints. Four
 * ways forward and down differ in how they move its upper end:
 *   neck only     C7 to tragus is about 15 cm at 55 deg (the healthy mean craniovertebral angle,
 *                 ergonomics.md). Tipped 30 deg farther, about its range, the head moves
 *                 15 (cos 25 - cos 55) = 5.0 cm forward and 15 (sin 55 - sin 25) = 6.0 cm down:
 *                 together 11 cm. Travel beyond that needs the trunk: a slouch.
 *   rounded back  a column bent to an arc whose end is tipped by a moves by 70 (1 - cos a) / a: at
 *                 ISO 11226's acceptable 20 deg that is 12.1 cm forward. A back rounds little
 *                 farther without the hips joining in.
 *   hip hinge     70 sin 20 = 24 cm at the same 20 deg, and hardly any drop. So more than 14.5 cm
 *                 forward is a lean toward the screen: too close, whatever the eyes' height.
 *   sliding down  drop without forward travel, the shoulders with it.
 * And backward: a hinge by a lowers the eyes by tan(a/2) of what it takes them back, 0.36 at 40
 * deg; more drop than 0.4 of the way back is a body sinking in its chair, not reclining.
 * On the rendered people with known geometry the same quantities fall apart like this (true values,
 * six people): travel 7.3-10.3 cm in forward heads, 13.0-17.1 in slouches; lean-in at most 12.6 in
 * slouches, 16.2 at least in close leans; drop per way back at most 0.05 in recliners, 0.6 at least
 * in sinkers. */
#include "posture/posture.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TRUNK_TRAVEL_CM 12.0  /* forward plus down: a neck's 11, see above, and 1 of measuring */
#define SLOUCH_DROP_SHARE 0.15 /* drop per lean-in; a straight lean-in has none (hinge: tan(10)=0.18
                                  only at 20 deg, and hips compensate), slouches 0.27 and more */
#define SINK_SHARE 0.4        /* drop per way back, see above */
#define NOD_DROP_SHARE 0.5    /* drop per lean-in, see is_nodded */
#define NOD_SHARE 0.6         /* of the limit is enough when the eyes took a nod's way: a face seen
                                 from above tells its pitch poorly and too small (measured 14-28 of
                                 35-41 deg) */
#define NECK_DROP_SHARE 1.5    /* 6 cm at the default limit of 4: the neck's, see above */
#define COLUMN_CM 70.0
#define PITCH_LIMIT_DEG 25.0  /* without a profile: ISO 11226 head inclination, neutral 0-25 deg */

struct posture_config posture_config_default(void)
{
	/* Sources in config/options.inc and above; ergonomics.md for the standards' numbers. */
	return (struct posture_config){
		.slouch_drop_cm = 4,    /* beyond fidgeting (1-2 cm), within a 5 cm slump */
		.forward_head_cm = 4,   /* the same for the way forward: upright sways by 1-2 cm */
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

/* Probability that the true value is past the limit: the normal distribution's tail. */
static double past(double distance, double sigma)
{
	return sigma > 0 ? 0.5 * erfc(-distance / (sigma * M_SQRT2)) : distance > 0 ? 1 : 0;
}

/* value > limit (limit > 0) or value < limit (limit < 0): decided by this measure. */
static bool exceeds(const struct look *s, enum measure_id id, double limit)
{
	return usable(s, id, limit) && (limit < 0 ? value(s, id) < limit : value(s, id) > limit);
}

static void decide(const struct look *s, enum measure_id id, double limit,
                   struct posture_verdict *v)
{
	double x = value(s, id);
	v->evidence = id;
	v->limit = limit;
	v->confidence = past(limit < 0 ? limit - x : x - limit, s->m->m[id].sigma);
	reason(v, "%s %.1f %c %.1f", measure_name(id), x, limit < 0 ? '<' : '>', limit);
}

/* The same for a measure with two sides. */
static bool sideways(const struct look *s, enum measure_id id, double limit,
                     struct posture_verdict *v)
{
	int side = exceeds(s, id, limit) ? 1 : exceeds(s, id, -limit) ? -1 : 0;
	if (side == 0)
		return false;
	v->side = side;
	decide(s, id, side * limit, v);
	return true;
}

/* Turned from where this person faces when upright: a camera may stand beside the screen. Only who has no
 * profile is taken to face the camera. */
static enum measure_id yaw_measure(const struct look *s)
{
	return s->m->m[MEASURE_HEAD_YAW_CHANGE].valid ? MEASURE_HEAD_YAW_CHANGE : MEASURE_HEAD_YAW;
}

static bool is_turned(const struct look *s, struct posture_verdict *v)
{
	return sideways(s, yaw_measure(s), s->c->yaw_deg, v);
}

static bool is_raised(const struct look *s, struct posture_verdict *v)
{
	if (!exceeds(s, MEASURE_EYE_DROP, -s->c->raised_cm))
		return false;
	decide(s, MEASURE_EYE_DROP, -s->c->raised_cm, v);
	return true;
}

/* The eyes of a nodding head swing about the neck, farther down than forward (rendered: 7 down and
 * 5.5 forward at 37 deg); a rounded back carries them two to four times as far forward as down. */
static bool is_nodded(const struct look *s)
{
	return exceeds(s, MEASURE_EYE_DROP, s->c->slouch_drop_cm) &&
	       usable(s, MEASURE_LEAN_IN, s->c->forward_head_cm) &&
	       value(s, MEASURE_EYE_DROP) > NOD_DROP_SHARE * value(s, MEASURE_LEAN_IN);
}

/* Before the slouch: a head pitched down lowers the eyes by itself, some 7 cm at 35 deg. */
static bool is_looking_down(const struct look *s, struct posture_verdict *v)
{
	enum measure_id id = MEASURE_HEAD_PITCH_CHANGE;
	double limit = s->c->looking_down_deg;
	if (!usable(s, id, limit) && !s->m->m[MEASURE_EYE_DROP].valid) {
		id = MEASURE_HEAD_PITCH;
		limit = PITCH_LIMIT_DEG;
	}
	if (id == MEASURE_HEAD_PITCH_CHANGE && is_nodded(s))
		limit *= NOD_SHARE;
	if (!exceeds(s, id, limit))
		return false;
	decide(s, id, limit, v);
	return true;
}

static bool is_hinged_in(const struct look *s, struct posture_verdict *v)
{
	if (!exceeds(s, MEASURE_LEAN_IN, POSTURE_HINGE_CM))
		return false;
	decide(s, MEASURE_LEAN_IN, POSTURE_HINGE_CM, v);
	return true;
}

static bool is_leaning(const struct look *s, struct posture_verdict *v)
{
	double limit = s->c->lean_side_cm, x = value(s, MEASURE_LEAN_SIDE);
	if (!exceeds(s, MEASURE_LEAN_SIDE, limit) && !exceeds(s, MEASURE_LEAN_SIDE, -limit))
		return false;
	/* A column tipped sideways by x ends x^2 / 2L lower; what is lower still is a slouch, and
	 * the larger excess names the posture. */
	double drop = s->c->slouch_drop_cm;
	if (exceeds(s, MEASURE_EYE_DROP, drop) &&
	    (value(s, MEASURE_EYE_DROP) - x * x / (2 * COLUMN_CM)) / drop > fabs(x) / limit)
		return false;
	return sideways(s, MEASURE_LEAN_SIDE, limit, v);
}

static bool is_reclined(const struct look *s, struct posture_verdict *v)
{
	double limit = -s->c->recline_cm;
	if (!exceeds(s, MEASURE_LEAN_IN, limit))
		return false;
	double back = -value(s, MEASURE_LEAN_IN);
	if (usable(s, MEASURE_EYE_DROP, s->c->slouch_drop_cm) &&
	    value(s, MEASURE_EYE_DROP) > SINK_SHARE * back)
		return false;
	decide(s, MEASURE_LEAN_IN, limit, v);
	return true;
}

/* Eyes and shoulders say it apart or together: each cue that agrees is named. */
static void slouch_evidence(const struct look *s, struct posture_verdict *v)
{
	if (exceeds(s, MEASURE_LEAN_IN, s->c->forward_head_cm))
		reason(v, "lean_in_cm %.1f > %.1f", value(s, MEASURE_LEAN_IN),
		       s->c->forward_head_cm);
	if (exceeds(s, MEASURE_SHOULDER_DROP, s->c->slouch_drop_cm / 2))
		reason(v, "shoulder_drop_cm %.1f > %.1f", value(s, MEASURE_SHOULDER_DROP),
		       s->c->slouch_drop_cm / 2);
}

/* The trunk takes part: the eyes travel farther, forward and down, than a neck can carry them. */
static bool is_trunk_bent(const struct look *s, struct posture_verdict *v)
{
	double drop_limit = s->c->slouch_drop_cm;
	if (!usable(s, MEASURE_EYE_DROP, drop_limit) ||
	    !exceeds(s, MEASURE_LEAN_IN, s->c->forward_head_cm))
		return false;
	double drop = value(s, MEASURE_EYE_DROP), lean = value(s, MEASURE_LEAN_IN);
	/* The limit scales with the user's own slouch limit: 12 cm at the default 4. */
	double limit = TRUNK_TRAVEL_CM * drop_limit / 4;
	if (drop + lean <= limit || drop <= SLOUCH_DROP_SHARE * lean)
		return false;
	double sigma = hypot(s->m->m[MEASURE_EYE_DROP].sigma, s->m->m[MEASURE_LEAN_IN].sigma);
	v->evidence = MEASURE_EYE_DROP;
	v->limit = limit - lean;
	v->confidence = past(drop + lean - limit, sigma);
	if (drop > drop_limit) {
		decide(s, MEASURE_EYE_DROP, drop_limit, v);
		slouch_evidence(s, v);
		v->confidence = fmax(v->confidence, past(drop + lean - limit, sigma));
	} else {
		v->confidence = past(drop + lean - limit, sigma);
		reason(v, "eye_drop_cm %.1f + lean_in_cm %.1f > %.1f", drop, lean, limit);
	}
	return true;
}

/* A drop that a neck bent forward explains: with the eyes forward, less of it than a neck can do,
 * and the shoulders in their place. */
static bool is_neck_drop(const struct look *s)
{
	double limit = s->c->slouch_drop_cm;
	return exceeds(s, MEASURE_LEAN_IN, s->c->forward_head_cm) &&
	       value(s, MEASURE_EYE_DROP) <= NECK_DROP_SHARE * limit &&
	       !exceeds(s, MEASURE_SHOULDER_DROP, limit / 2);
}

static bool is_slouched(const struct look *s, struct posture_verdict *v)
{
	double limit = s->c->slouch_drop_cm;
	if (is_trunk_bent(s, v))
		return true;
	if (exceeds(s, MEASURE_EYE_DROP, limit) && !is_neck_drop(s)) {
		decide(s, MEASURE_EYE_DROP, limit, v);
		slouch_evidence(s, v);
		return true;
	}
	/* No face to measure by (hidden by a hand, turned): the shoulders alone show a sunken
	 * trunk. */
	if (!s->m->m[MEASURE_EYE_DROP].valid && exceeds(s, MEASURE_SHOULDER_DROP, limit)) {
		decide(s, MEASURE_SHOULDER_DROP, limit, v);
		return true;
	}
	return false;
}

static bool is_forward_head(const struct look *s, struct posture_verdict *v)
{
	double limit = s->c->forward_head_cm;
	if (!exceeds(s, MEASURE_LEAN_IN, limit))
		return false;
	decide(s, MEASURE_LEAN_IN, limit, v);
	return true;
}

static bool is_head_tilted(const struct look *s, struct posture_verdict *v)
{
	return sideways(s, MEASURE_HEAD_ROLL, s->c->head_roll_deg, v);
}

/* After the changes from upright: a slouch that ends near the screen is still a slouch, and sitting
 * back against the chair mends both. */
static bool is_too_close(const struct look *s, struct posture_verdict *v)
{
	enum measure_id id = MEASURE_SCREEN_DISTANCE;
	double limit = s->c->too_close_cm;
	if (!usable(s, id, limit) || value(s, id) >= limit)
		return false;
	v->evidence = id;
	v->limit = limit;
	v->confidence = past(limit - value(s, id), s->m->m[id].sigma);
	reason(v, "%s %.1f < %.1f", measure_name(id), value(s, id), limit);
	return true;
}

/* Upright is what nothing speaks against: as sure as the nearest limit is far. */
static bool is_upright(const struct look *s, struct posture_verdict *v)
{
	const struct { enum measure_id id; double low, high; } bands[] = {
		{ MEASURE_EYE_DROP, -s->c->raised_cm, s->c->slouch_drop_cm },
		{ MEASURE_LEAN_IN, -s->c->recline_cm, s->c->forward_head_cm },
		{ MEASURE_LEAN_SIDE, -s->c->lean_side_cm, s->c->lean_side_cm },
		{ MEASURE_HEAD_ROLL, -s->c->head_roll_deg, s->c->head_roll_deg },
		{ yaw_measure(s), -s->c->yaw_deg, s->c->yaw_deg },
	};
	if (!usable(s, MEASURE_EYE_DROP, s->c->slouch_drop_cm) ||
	    !usable(s, MEASURE_LEAN_IN, s->c->forward_head_cm))
		return false;
	v->confidence = 1;
	for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++) {
		const struct measure *m = &s->m->m[bands[i].id];
		if (!usable(s, bands[i].id, bands[i].high))
			continue;
		double inside = past(bands[i].high - m->value, m->sigma) +
		                past(m->value - bands[i].low, m->sigma) - 1;
		if (inside < v->confidence)
			v->confidence = inside;
	}
	if (v->confidence < 0)
		v->confidence = 0;
	reason(v, "eye_drop_cm %.1f <= %.1f", value(s, MEASURE_EYE_DROP), s->c->slouch_drop_cm);
	reason(v, "lean_in_cm %.1f <= %.1f", value(s, MEASURE_LEAN_IN), s->c->forward_head_cm);
	return true;
}

/* First match wins. Turned before all: the eyes' place follows a turned head. Raised before the
 * lean: a person who stands up comes forward first. */
static const struct {
	enum posture label;
	bool (*matches)(const struct look *, struct posture_verdict *);
} rules[] = {
	{ POSTURE_TURNED, is_turned },
	{ POSTURE_RAISED, is_raised },
	{ POSTURE_LOOKING_DOWN, is_looking_down },
	{ POSTURE_TOO_CLOSE, is_hinged_in },
	{ POSTURE_LEANING, is_leaning },
	{ POSTURE_RECLINED, is_reclined },
	{ POSTURE_SLOUCHED, is_slouched },
	{ POSTURE_FORWARD_HEAD, is_forward_head },
	{ POSTURE_HEAD_TILTED, is_head_tilted },
	{ POSTURE_TOO_CLOSE, is_too_close },
	{ POSTURE_UPRIGHT, is_upright },
};

void posture_classify(const struct posture_config *config, const struct measures *measures,
                      struct posture_verdict *v)
{
	struct look s = { .c = config, .m = measures };
	memset(v, 0, sizeof *v);
	v->label = POSTURE_UNKNOWN;
	v->evidence = MEASURE_COUNT;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (rules[i].matches(&s, v)) {
			v->label = rules[i].label;
			return;
		}
	}
	reason(v, "no upright profile, or no face to measure by");
}
