/* Good or bad from the departure from upright, and only then the name: what must be told and what
 * must not, as tables of where a body is. */
#include "posture/departure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct body {
	double screen, drop, lean, side, pitch, yaw, roll; /* cm, deg; 0 for upright but screen */
	double shoulder_drop, shoulder_side, shoulder_tilt;
};

enum lens { RULER, GUESSED, NO_PROFILE };

static void put(struct measures *m, enum measure_id id, double value, double sigma)
{
	m->m[id] = (struct measure){ value, sigma, true };
}

/* What would be measured, as a ruler or only the mean face tells how far all is. */
static struct measures measured(const struct body *b, enum lens lens)
{
	struct measures m = { 0 };
	put(&m, MEASURE_SCREEN_DISTANCE, b->screen, (lens == RULER ? 0.013 : 0.061) * b->screen);
	put(&m, MEASURE_HEAD_YAW, b->yaw, 1.6);
	put(&m, MEASURE_HEAD_ROLL, b->roll, 1.1);
	put(&m, MEASURE_HEAD_PITCH, b->pitch, lens == RULER ? 4 : 9);
	if (lens == NO_PROFILE)
		return m;
	put(&m, MEASURE_EYE_DROP, b->drop, 0.4);
	put(&m, MEASURE_LEAN_IN, b->lean, 0.8);
	put(&m, MEASURE_LEAN_SIDE, b->side, 0.4);
	put(&m, MEASURE_HEAD_PITCH_CHANGE, b->pitch, 4);
	put(&m, MEASURE_HEAD_YAW_CHANGE, b->yaw, 1.6);
	put(&m, MEASURE_HEAD_ROLL_CHANGE, b->roll, 1.1);
	put(&m, MEASURE_SHOULDER_DROP, b->shoulder_drop, 1.5);
	put(&m, MEASURE_SHOULDER_SIDE, b->shoulder_side, 1 + 0.05 * fabs(b->shoulder_side));
	put(&m, MEASURE_SHOULDER_TILT, b->shoulder_tilt, 1.8);
	return m;
}

static struct posture_verdict judged(const struct measures *m)
{
	const struct posture_config c = posture_config_default();
	struct posture_verdict v;
	posture_classify(&c, m, &v);
	return v;
}

struct row {
	const char *what;
	enum posture posture;
	struct body body;
	enum lens lens;
};

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct measures m = measured(&rows[i].body, rows[i].lens);
		const struct posture_verdict v = judged(&m);
		if (v.label != rows[i].posture)
			fail_msg("%s: %s (%s)", rows[i].what, posture_name(v.label), v.reasons[0]);
		if (v.label == POSTURE_UNKNOWN)
			continue;
		assert_true(v.confidence >= 0.5 && v.confidence <= 1);
		assert_true(v.kind_confidence > 0 && v.kind_confidence <= 1);
		assert_true(v.evidence < MEASURE_COUNT || v.label == POSTURE_UPRIGHT);
		const bool bad = posture_is_fault(v.label) && v.label != POSTURE_TURNED &&
		                 v.label != POSTURE_LOOKING_DOWN;
		if (bad != (v.departure > 1) && v.label != POSTURE_LOOKING_DOWN)
			fail_msg("%s: departure %.2f", rows[i].what, v.departure);
	}
}

#define CHECK(...) \
	do { \
		static const struct row rows[] = { __VA_ARGS__ }; \
		check(rows, sizeof rows / sizeof rows[0]); \
	} while (0)

/* What a chain of rules with the benign ones first let pass. */
static void test_what_was_never_told(void **state)
{
	(void)state;
	CHECK({ "sinking back in the chair", POSTURE_SLOUCHED,
	        { .screen = 82, .drop = 8, .lean = -20, .shoulder_drop = 7 }, RULER },
	      { "half of that", POSTURE_SLOUCHED,
	        { .screen = 72, .drop = 5, .lean = -10, .shoulder_drop = 5 }, RULER },
	      { "reading from paper beside, bent", POSTURE_SLOUCHED,
	        { .screen = 55, .drop = 6, .lean = 7, .yaw = 30, .side = 4.8, .shoulder_drop = 4 },
	        RULER },
	      { "turned and bent over", POSTURE_SLOUCHED,
	        { .screen = 50, .drop = 5, .lean = 12, .yaw = -25, .side = -4, .shoulder_drop = 4 },
	        RULER },
	      { "leaning to a side and bent over", POSTURE_SLOUCHED,
	        { .screen = 50, .drop = 5, .lean = 12, .side = 10, .shoulder_side = 7,
	          .shoulder_tilt = -8,
	          .shoulder_drop = 4 }, RULER },
	      { "nose at a screen above", POSTURE_TOO_CLOSE,
	        { .screen = 30, .drop = -4.5, .lean = 32, .shoulder_drop = -1 }, RULER },
	      { "the same where upright is near", POSTURE_TOO_CLOSE,
	        { .screen = 30, .drop = -4.5, .shoulder_drop = -4.5 }, RULER },
	      { "head on the shoulder, sitting high", POSTURE_HEAD_TILTED,
	        { .screen = 62, .drop = -4.9, .roll = 25, .side = 3.4 }, RULER },
	      { "head on the shoulder, leaning back", POSTURE_HEAD_TILTED,
	        { .screen = 69, .lean = -7, .roll = 25, .side = 3.4 }, RULER });
}

static void test_what_is_no_fault(void **state)
{
	(void)state;
	CHECK({ "upright", POSTURE_UPRIGHT, { .screen = 62 }, RULER },
	      { "swaying", POSTURE_UPRIGHT, { .screen = 59, .drop = 1, .lean = 3, .side = -2 },
	        RULER },
	      { "against the backrest", POSTURE_RECLINED,
	        { .screen = 82, .drop = 2.9, .lean = -20, .shoulder_drop = 2 }, RULER },
	      { "far back", POSTURE_RECLINED,
	        { .screen = 92, .drop = 6.7, .lean = -30, .shoulder_drop = 4.6 }, RULER },
	      { "a chair rolled to the left", POSTURE_UPRIGHT,
	        { .screen = 62, .side = 25, .shoulder_side = 25 }, RULER },
	      { "a chair rolled to the right", POSTURE_UPRIGHT,
	        { .screen = 62, .side = -25, .shoulder_side = -25 }, RULER },
	      { "a chair rolled back", POSTURE_RECLINED, { .screen = 112, .lean = -50 }, RULER },
	      { "to a second screen", POSTURE_TURNED,
	        { .screen = 64, .yaw = -46, .side = -6.8, .lean = -2.9 }, RULER },
	      { "half way to it", POSTURE_UPRIGHT,
	        { .screen = 62, .yaw = 18, .side = 2.9, .lean = -0.5 }, RULER },
	      { "a higher seat", POSTURE_RAISED, { .screen = 62, .drop = -6, .shoulder_drop = -6 },
	        RULER },
	      { "on their feet", POSTURE_RAISED,
	        { .screen = 50, .drop = -19, .lean = 12, .shoulder_drop = -22 }, RULER },
	      { "a glance at the keyboard", POSTURE_LOOKING_DOWN,
	        { .screen = 56, .drop = 7.5, .lean = 5.8, .pitch = 25 }, RULER });
}

/* Who turns before a screen beside the camera moves about the same axis: nothing is left of it. */
static void test_turning_before_a_screen_aside(void **state)
{
	static const double upright[] = { 0, 8, 22, -22 };
	const struct posture_config c = posture_config_default();
	(void)state;
	for (size_t i = 0; i < sizeof upright / sizeof upright[0]; i++) {
		const double degree = M_PI / 180, turned = 40, axis_cm = 9.5;
		struct measures m = measured(&(struct body){ .screen = 62 +
		                                             axis_cm * (1 - cos(turned * degree)),
		                             .lean = axis_cm * (cos(turned * degree) - 1),
		                             .side = axis_cm * sin(turned * degree),
		                             .yaw = turned }, RULER);
		struct departure d;
		if (upright[i] == 8) {
			/* Too little to be the screen's: side and nearness are the camera's. */
			const double then = 8 * degree, now = (8 + turned) * degree;
			m.m[MEASURE_LEAN_SIDE].value = axis_cm * (sin(now) - sin(then));
			m.m[MEASURE_LEAN_IN].value = axis_cm * (cos(now) - cos(then));
		}
		m.m[MEASURE_HEAD_YAW].value = upright[i] + turned;
		departure_of(&c, &m, &d);
		assert_true(fabs(d.side) < 0.1 && fabs(d.near) < 0.1);
	}
}

/* Calibrated with the head tipped to the right, 10 cm to the left with it level: that is straight,
 * not a lean. */
static void test_who_straightens_does_not_lean(void **state)
{
	static const struct { double then, now, side; bool fault; } cases[] = {
		{ -4.4, 1.5, 10, false }, { 4.4, -1.5, -10, false }, /* straightened */
		{ -4.4, 4.9, 10, true },                               /* and beyond */
		/* as heads are by themselves */
		{ -2.5, 1, 10, true },
		/* leans, the head held level */
		{ 4.4, 1, 10, true },
		{ 1.9, -4.4, -10, true },
	};
	const struct posture_config c = posture_config_default();
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct measures m = measured(&(struct body){ .screen = 62, .side = cases[i].side },
		                             RULER);
		struct departure d;
		put(&m, MEASURE_HEAD_ROLL, cases[i].now, 1.1);
		put(&m, MEASURE_HEAD_ROLL_CHANGE, cases[i].now - cases[i].then, 1.1);
		m.m[MEASURE_SHOULDER_SIDE].valid = false;
		departure_of(&c, &m, &d);
		assert_int_equal(d.fault, cases[i].fault);
	}
}

static void test_leaning_is_of_the_trunk(void **state)
{
	(void)state;
	CHECK({ "over an armrest", POSTURE_LEANING,
	        { .screen = 62, .side = 11, .shoulder_side = 7.5, .shoulder_tilt = -9,
	          .roll = 8, .drop = 0.9 },
	        RULER },
	      { "over the other", POSTURE_LEANING,
	        { .screen = 62, .side = -11, .shoulder_side = -7.5, .shoulder_tilt = 9,
	          .roll = -8, .drop = 0.9 },
	        RULER },
	      { "a little", POSTURE_UPRIGHT,
	        { .screen = 62, .side = 5, .shoulder_side = 3.4, .shoulder_tilt = -4 }, RULER },
	      { "a chair aside and the head level", POSTURE_UPRIGHT,
	        { .screen = 62, .side = 9, .shoulder_side = 9 }, RULER });
}

/* Told as if the true 43 deg of the lens were 78: everything is half as far and so is every
 * lean-in. */
static void test_a_wrong_lens_changes_no_verdict(void **state)
{
	(void)state;
	CHECK({ "upright at a guessed 27 cm", POSTURE_UPRIGHT, { .screen = 27 }, GUESSED },
	      { "swaying there", POSTURE_UPRIGHT, { .screen = 25.5, .lean = 1.5, .drop = 1 },
	        GUESSED },
	      { "bent over", POSTURE_SLOUCHED, { .screen = 21, .lean = 6, .drop = 4.5 }, GUESSED },
	      { "a neck", POSTURE_FORWARD_HEAD, { .screen = 23.5, .lean = 3.3, .drop = 1 },
	        GUESSED },
	      { "the same sway where a ruler told", POSTURE_TOO_CLOSE, { .screen = 27 }, RULER },
	      { "upright at a guessed 130 cm", POSTURE_UPRIGHT, { .screen = 124, .lean = 6 },
	        GUESSED },
	      { "bent over there", POSTURE_SLOUCHED, { .screen = 110, .lean = 20, .drop = 4.5 },
	        GUESSED });
}

static void test_without_a_profile_the_absolute_is_silent_while_unsure(void **state)
{
	(void)state;
	CHECK({ "a low head before an unknown tilt", POSTURE_UNKNOWN, { .screen = 60, .pitch = 40 },
	        NO_PROFILE },
	      { "40 cm by a guessed lens", POSTURE_UNKNOWN, { .screen = 40 }, NO_PROFILE },
	      { "nearer than any doubt", POSTURE_TOO_CLOSE, { .screen = 36 }, NO_PROFILE },
	      { "a camera beside the screen", POSTURE_UNKNOWN, { .screen = 60, .yaw = 28 },
	        NO_PROFILE },
	      { "turned from any camera", POSTURE_TURNED, { .screen = 60, .yaw = 40 }, NO_PROFILE },
	      { "tipped", POSTURE_HEAD_TILTED, { .screen = 60, .roll = 15 }, NO_PROFILE });
	/* with a tilt that was measured */
	struct measures m = measured(&(struct body){ .screen = 60, .pitch = 33 }, NO_PROFILE);
	m.m[MEASURE_HEAD_PITCH].sigma = 6;
	assert_int_equal(judged(&m).label, POSTURE_LOOKING_DOWN);
	m.m[MEASURE_HEAD_PITCH].value = 24;
	assert_int_equal(judged(&m).label, POSTURE_UNKNOWN);
}

/* Limits are where they are said to be: an ellipse with half axes 2.5 and 5, 6 cm aside, 10 deg,
 * and so on. A tenth on either side of each. */
static void test_the_limits(void **state)
{
	(void)state;
	CHECK({ "drop inside", POSTURE_UPRIGHT, { .screen = 62, .drop = 2.4 }, RULER },
	      { "drop outside", POSTURE_SLOUCHED, { .screen = 62, .drop = 2.6 }, RULER },
	      { "nearer inside", POSTURE_UPRIGHT, { .screen = 57, .lean = 4.8 }, RULER },
	      { "nearer outside", POSTURE_FORWARD_HEAD, { .screen = 57, .lean = 5.2 }, RULER },
	      { "both inside", POSTURE_UPRIGHT, { .screen = 57, .drop = 1.7, .lean = 3.4 }, RULER },
	      { "both outside", POSTURE_FORWARD_HEAD, { .screen = 57, .drop = 1.85, .lean = 3.7 },
	        RULER },
	      { "a neck's travel", POSTURE_FORWARD_HEAD, { .screen = 55, .drop = 4.4, .lean = 7 },
	        RULER },
	      { "more than that", POSTURE_SLOUCHED, { .screen = 55, .drop = 4.6, .lean = 7 },
	        RULER },
	      { "a neck's way", POSTURE_FORWARD_HEAD, { .screen = 60, .drop = 4, .lean = 2.1 },
	        RULER },
	      { "steeper than that", POSTURE_SLOUCHED, { .screen = 60, .drop = 4, .lean = 1.9 },
	        RULER },
	      { "shoulders in place", POSTURE_FORWARD_HEAD,
	        { .screen = 58, .drop = 3, .lean = 4, .shoulder_drop = 2.9 }, RULER },
	      { "shoulders sunk", POSTURE_SLOUCHED,
	        { .screen = 58, .drop = 3, .lean = 4, .shoulder_drop = 3.1 }, RULER },
	      { "a back rounds so far", POSTURE_SLOUCHED, { .screen = 48, .drop = 3, .lean = 14.4 },
	        RULER },
	      { "and a hip hinges", POSTURE_TOO_CLOSE, { .screen = 48, .drop = 3, .lean = 14.6 },
	        RULER },
	      { "screen far enough", POSTURE_UPRIGHT, { .screen = 45.1 }, RULER },
	      { "screen too close", POSTURE_TOO_CLOSE, { .screen = 44.9 }, RULER },
	      { "aside inside", POSTURE_UPRIGHT,
	        { .screen = 62, .side = 5.9, .shoulder_side = 4, .shoulder_tilt = -30 }, RULER },
	      { "aside outside", POSTURE_LEANING,
	        { .screen = 62, .side = 6.2, .shoulder_side = 4, .shoulder_tilt = -30 }, RULER },
	      { "tipped inside", POSTURE_UPRIGHT, { .screen = 62, .roll = 9.9, .side = 1.4 },
	        RULER },
	      { "tipped outside", POSTURE_HEAD_TILTED, { .screen = 62, .roll = 10.1, .side = 1.4 },
	        RULER },
	      { "turned inside", POSTURE_UPRIGHT, { .screen = 62, .yaw = 19.9, .side = 3.2 },
	        RULER },
	      { "turned outside", POSTURE_TURNED, { .screen = 62, .yaw = 20.1, .side = 3.2 },
	        RULER },
	      { "raised inside", POSTURE_UPRIGHT, { .screen = 62, .drop = -3.9 }, RULER },
	      { "raised outside", POSTURE_RAISED, { .screen = 62, .drop = -4.1 }, RULER },
	      { "back inside", POSTURE_UPRIGHT, { .screen = 67.9, .lean = -5.9 }, RULER },
	      { "back outside", POSTURE_RECLINED, { .screen = 68.1, .lean = -6.1 }, RULER },
	      { "head up enough", POSTURE_UPRIGHT, { .screen = 62, .pitch = 19.9 }, RULER },
	      { "head down", POSTURE_LOOKING_DOWN, { .screen = 62, .pitch = 20.1 }, RULER },
	      { "half a nod", POSTURE_SLOUCHED,
	        { .screen = 56, .drop = 6.5, .lean = 6, .pitch = 11.9 }, RULER },
	      { "a nod", POSTURE_LOOKING_DOWN,
	        { .screen = 56, .drop = 6.5, .lean = 6, .pitch = 12.1 }, RULER },
	      { "a nod's reach", POSTURE_LOOKING_DOWN,
	        { .screen = 56, .drop = 6.5, .lean = 7.9, .pitch = 15 }, RULER },
	      { "no nod's reach", POSTURE_SLOUCHED,
	        { .screen = 56, .drop = 6.5, .lean = 8.1, .pitch = 15 }, RULER },
	      { "a nod's way", POSTURE_LOOKING_DOWN,
	        { .screen = 56, .drop = 3.9, .lean = 7.6, .pitch = 15 }, RULER },
	      { "no nod's way", POSTURE_FORWARD_HEAD,
	        { .screen = 56, .drop = 3.7, .lean = 7.6, .pitch = 15 }, RULER });
}

/* The eyes go 9.5 cm about the neck and 8 about the chin; the column is 70. */
static void test_the_lengths_of_a_body(void **state)
{
	(void)state;
	const struct posture_config c = posture_config_default();
	struct departure d;
	const struct body aside = { .screen = 62, .yaw = 30, .side = 4.75, .lean = -1.273 };
	struct measures m = measured(&aside, RULER);
	m.m[MEASURE_SHOULDER_SIDE].valid = false;
	departure_of(&c, &m, &d);
	assert_float_equal(d.side, 0, 0.01);
	assert_float_equal(d.near, 0, 0.01);
	m = measured(&(struct body){ .screen = 62, .roll = -20, .side = -2.736 }, RULER);
	departure_of(&c, &m, &d);
	assert_float_equal(d.side, 0, 0.01);
	/* a camera aside: the head faces the screen at 30 deg from it when upright, and turns from
	 * there */
	m = measured(&(struct body){ .screen = 62, .yaw = 0, .side = -4.75, .lean = -1.273 },
	             RULER);
	put(&m, MEASURE_HEAD_YAW_CHANGE, -30, 1.6);
	departure_of(&c, &m, &d);
	assert_float_equal(d.side, 0, 0.01);
	assert_float_equal(d.near, 0, 0.01);
	/* 20 cm back: 2.92 down; the shoulders know better than the eyes how far that is, and go
	 * 48/70 as far */
	m = measured(&(struct body){ .screen = 82, .drop = 2.918, .lean = -20 }, RULER);
	m.m[MEASURE_SHOULDER_DROP].valid = false;
	departure_of(&c, &m, &d);
	assert_float_equal(d.sink, 0, 0.01);
	put(&m, MEASURE_SHOULDER_DROP, 2.0 + 3, 0.3);
	departure_of(&c, &m, &d);
	assert_float_equal(d.sink, 1.92, 0.01);
	assert_float_equal(d.sink_sigma, 0.3, 1e-9);
	/* aside by 10: 0.71 lower */
	m = measured(&(struct body){ .screen = 62, .side = 10, .drop = 0.714 }, RULER);
	m.m[MEASURE_SHOULDER_SIDE].valid = false;
	departure_of(&c, &m, &d);
	assert_float_equal(d.sink, 0, 0.01);
	/* nobody works at 27 cm: it is taken for 50, and so is a hundred and more for 85 */
	m = measured(&(struct body){ .screen = 25, .lean = 2 }, GUESSED);
	departure_of(&c, &m, &d);
	assert_float_equal(d.near, 2 * 50.0 / 27, 0.01);
	assert_float_equal(d.near_sigma, 0.8 * 50 / 27, 1e-9);
	m = measured(&(struct body){ .screen = 100, .lean = 2 }, GUESSED);
	departure_of(&c, &m, &d);
	assert_float_equal(d.near, 2 * 85.0 / 102, 0.01);
	/* who rose comes forward by as much */
	m = measured(&(struct body){ .screen = 55, .lean = 9, .drop = -8 }, RULER);
	departure_of(&c, &m, &d);
	assert_true(d.raised);
	assert_float_equal(d.near, 1, 0.01);
}

/* A crooked camera, or a head that was tipped at calibration: either alone is no fault. */
static void test_tipped_is_against_gravity_and_upright(void **state)
{
	(void)state;
	static const struct { double roll, change; enum posture posture; } rows[] = {
		{ 14, 4, POSTURE_UPRIGHT }, { -7, -12, POSTURE_UPRIGHT },
		{ 14, -14, POSTURE_UPRIGHT }, { 14, 12, POSTURE_HEAD_TILTED },
		{ -12, -20, POSTURE_HEAD_TILTED },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct measures m = measured(&(struct body){ .screen = 62, .roll = rows[i].roll },
		                             RULER);
		m.m[MEASURE_HEAD_ROLL_CHANGE].value = rows[i].change;
		m.m[MEASURE_LEAN_SIDE].value = 8 * sin(rows[i].change * M_PI / 180);
		const struct posture_verdict v = judged(&m);
		assert_int_equal(v.label, rows[i].posture);
		if (v.label == POSTURE_HEAD_TILTED) {
			assert_int_equal(v.side, rows[i].roll > 0 ? 1 : -1);
			assert_int_equal(v.evidence, MEASURE_HEAD_ROLL);
			assert_float_equal(v.limit, v.side * 10.0, 1e-9 + fabs(rows[i].roll) -
			                   fmin(fabs(rows[i].roll), fabs(rows[i].change)));
		}
	}
}

/* Turned heads are measured less well: they must be beyond by more than that. */
static void test_a_turned_head_must_be_sure(void **state)
{
	(void)state;
	struct measures m =
		measured(&(struct body){ .screen = 57, .lean = 5.4, .yaw = 25, .side = 4 }, RULER);
	m.m[MEASURE_LEAN_IN].sigma = 1.5;
	assert_int_equal(judged(&m).label, POSTURE_TURNED);
	m.m[MEASURE_LEAN_IN].sigma = 0.4;
	assert_int_equal(judged(&m).label, POSTURE_FORWARD_HEAD);
}

static void test_the_kind_may_be_unsure(void **state)
{
	(void)state;
	/* beyond doubt bad, and between a neck and a trunk */
	struct measures m = measured(&(struct body){ .screen = 55, .drop = 4.5, .lean = 7.05 },
	                             RULER);
	struct posture_verdict v = judged(&m);
	assert_true(v.confidence > 0.99);
	assert_true(v.kind_confidence < 0.6);
	assert_float_equal(v.departure, hypot(4.5 / 2.5, 7.05 / 5), 1e-9);
	/* each beyond doubt */
	m = measured(&(struct body){ .screen = 50, .drop = 7, .lean = 11 }, RULER);
	v = judged(&m);
	assert_true(v.confidence > 0.99 && v.kind_confidence > 0.99);
	/* a trunk that is bent a little and leans a lot is told of the first */
	m = measured(&(struct body){ .screen = 62, .drop = 4.5, .side = 12, .shoulder_side = 8.3,
	                             .shoulder_tilt = -10 }, RULER);
	v = judged(&m);
	assert_int_equal(v.label, POSTURE_SLOUCHED);
	assert_float_equal(v.departure, 2, 0.05);
	assert_true(v.kind_confidence < 0.5);
}

/* What is said of a fault is the measure as it is, and the limit as it is for it. */
static void test_the_limit_is_that_of_the_measure(void **state)
{
	(void)state;
	struct measures m = measured(&(struct body){ .screen = 40, .lean = 20 }, RULER);
	struct posture_verdict v = judged(&m);
	assert_int_equal(v.label, POSTURE_TOO_CLOSE);
	assert_float_equal(v.limit, POSTURE_HINGE_CM, 1e-9);
	/* an upright at a guessed 25 cm is one at 50: half of it is the limit */
	m = measured(&(struct body){ .screen = 15, .lean = 10 }, GUESSED);
	v = judged(&m);
	assert_int_equal(v.label, POSTURE_TOO_CLOSE);
	assert_int_equal(v.evidence, MEASURE_LEAN_IN);
	assert_float_equal(v.limit, POSTURE_HINGE_CM / 2, 1e-9);
	/* a backrest takes the eyes 2.9 down, and 2.5 more is good */
	m = measured(&(struct body){ .screen = 82, .drop = 8, .lean = -20 }, RULER);
	m.m[MEASURE_SHOULDER_DROP].valid = false;
	v = judged(&m);
	assert_int_equal(v.label, POSTURE_SLOUCHED);
	assert_int_equal(v.evidence, MEASURE_EYE_DROP);
	assert_float_equal(v.limit, 5.418, 0.001);
}

/* That it is a fault may be beyond doubt, though the name is not: half a standard deviation from
 * its limit. */
static void test_a_nod_is_as_bad_as_what_it_does(void **state)
{
	(void)state;
	const struct measures m =
		measured(&(struct body){ .screen = 56, .drop = 7.5, .lean = 5.8, .pitch = 14 },
	                 RULER);
	const struct posture_verdict v = judged(&m);
	assert_int_equal(v.label, POSTURE_LOOKING_DOWN);
	assert_true(v.confidence > 0.99);
	assert_float_equal(v.kind_confidence, 0.6915, 0.001);
}

/* A standard deviation counts along the way that was gone; and higher than upright must be sure. */
static void test_doubt_is_of_the_way_that_was_gone(void **state)
{
	(void)state;
	const struct posture_config c = posture_config_default();
	const struct { double drop, lean, sigma; } rows[] = {
		{ 5, 0, 0.4 / 2.5 }, { 0, 15, 0.8 / 5 }, { 0, 0, hypot(0.4 / 2.5, 0.8 / 5) } };
	struct departure d;
	struct measures m;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		m = measured(&(struct body){ .screen = 62, .drop = rows[i].drop,
		                             .lean = rows[i].lean }, RULER);
		departure_of(&c, &m, &d);
		assert_float_equal(d.sigma[DEPART_TRUNK], rows[i].sigma, 1e-9);
	}
	m = measured(&(struct body){ .screen = 62, .drop = -4.3 }, RULER); /* 0.4 of doubt */
	departure_of(&c, &m, &d);
	assert_false(d.raised);
	m = measured(&(struct body){ .screen = 62, .drop = -4.5 }, RULER);
	departure_of(&c, &m, &d);
	assert_true(d.raised);
}

static void test_habits_widen_the_limits(void **state)
{
	(void)state;
	const struct posture_config c = posture_config_default();
	struct posture_config own;
	struct posture_habit h = { 0 };
	struct measures m = measured(&(struct body){ .screen = 62, .drop = 1.2, .lean = 1 }, RULER);
	struct posture_verdict v = judged(&m);
	for (int i = 0; i < 29; i++)
		posture_habit_learn(&h, &v, &m, 30);
	posture_habit_widen(&h, &c, &own);
	assert_float_equal(own.slouch_drop_cm, 2.5, 1e-9); /* a quarter of an hour is the least */
	posture_habit_learn(&h, &v, &m, 30);
	posture_habit_widen(&h, &c, &own);
	assert_float_equal(own.slouch_drop_cm, 3, 1e-9);   /* 2.5 times how far they move */
	assert_float_equal(own.forward_head_cm, 5, 1e-9);  /* never narrower */
	m = measured(&(struct body){ .screen = 62, .drop = 2.3, .lean = 1 }, RULER);
	v = judged(&m);
	for (int i = 0; i < 1000; i++)
		posture_habit_learn(&h, &v, &m, 30);
	posture_habit_widen(&h, &c, &own);
	assert_float_equal(own.slouch_drop_cm, 3.75, 1e-9); /* by half at most */
	/* and an hour later it is what they did in that hour */
	m = measured(&(struct body){ .screen = 62, .drop = 0.5, .lean = 1 }, RULER);
	v = judged(&m);
	for (int i = 0; i < 600; i++)
		posture_habit_learn(&h, &v, &m, 30);
	posture_habit_widen(&h, &c, &own);
	assert_float_equal(own.slouch_drop_cm, 2.5, 1e-9);
	/* a slouch teaches nothing, nor does what is not measured */
	struct posture_habit before = h;
	m = measured(&(struct body){ .screen = 50, .drop = 7, .lean = 11 }, RULER);
	v = judged(&m);
	posture_habit_learn(&h, &v, &m, 30);
	v.label = POSTURE_UPRIGHT;
	m.m[MEASURE_LEAN_IN].valid = false;
	posture_habit_learn(&h, &v, &m, 30);
	posture_habit_learn(&h, &v, &m, NAN);
	assert_memory_equal(&h, &before, sizeof h);
}

/* Shoulders alone, when the face is hidden. */
static void test_shoulders_without_a_face(void **state)
{
	(void)state;
	struct measures m = { 0 };
	put(&m, MEASURE_SHOULDER_DROP, 2.6, 1);
	struct posture_verdict v = judged(&m);
	assert_int_equal(v.label, POSTURE_SLOUCHED);
	assert_int_equal(v.evidence, MEASURE_SHOULDER_DROP);
	m.m[MEASURE_SHOULDER_DROP].value = 2.4;
	assert_int_equal(judged(&m).label, POSTURE_UNKNOWN);
	m.m[MEASURE_SHOULDER_DROP].value = -2.6; /* shrugged */
	assert_int_equal(judged(&m).label, POSTURE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_never_told),
		cmocka_unit_test(test_what_is_no_fault),
		cmocka_unit_test(test_turning_before_a_screen_aside),
		cmocka_unit_test(test_who_straightens_does_not_lean),
		cmocka_unit_test(test_leaning_is_of_the_trunk),
		cmocka_unit_test(test_a_wrong_lens_changes_no_verdict),
		cmocka_unit_test(test_without_a_profile_the_absolute_is_silent_while_unsure),
		cmocka_unit_test(test_the_limits),
		cmocka_unit_test(test_the_lengths_of_a_body),
		cmocka_unit_test(test_tipped_is_against_gravity_and_upright),
		cmocka_unit_test(test_a_turned_head_must_be_sure),
		cmocka_unit_test(test_the_kind_may_be_unsure),
		cmocka_unit_test(test_the_limit_is_that_of_the_measure),
		cmocka_unit_test(test_a_nod_is_as_bad_as_what_it_does),
		cmocka_unit_test(test_doubt_is_of_the_way_that_was_gone),
		cmocka_unit_test(test_habits_widen_the_limits),
		cmocka_unit_test(test_shoulders_without_a_face),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
