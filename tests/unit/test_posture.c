/* Postures of single samples, and postures in time. */
#include "noise.h"
#include "posture/posture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- where a body is, and what would be measured of it ---- */

struct body {
	double screen, drop, lean, side, pitch, yaw, roll, shoulder_drop;
};

static const struct body upright = { .screen = 62 };

static struct measures measured(const struct body *b)
{
	struct measures m = { 0 };
	const struct { enum measure_id id; double value, sigma; } all[] = {
		{ MEASURE_SCREEN_DISTANCE, b->screen, 1.2 }, { MEASURE_EYE_DROP, b->drop, 0.7 },
		{ MEASURE_LEAN_IN, b->lean, 0.8 },           { MEASURE_LEAN_SIDE, b->side, 0.6 },
		{ MEASURE_HEAD_PITCH_CHANGE, b->pitch, 3 },  { MEASURE_HEAD_PITCH, b->pitch, 6 },
		{ MEASURE_HEAD_YAW, b->yaw, 3 },             { MEASURE_HEAD_ROLL, b->roll, 1.5 },
		{ MEASURE_SHOULDER_DROP, b->shoulder_drop, 1 },
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		m.m[all[i].id] = (struct measure){ all[i].value, all[i].sigma, true };
	return m;
}

static struct posture_verdict verdict_of(const struct body *b)
{
	struct posture_config c = posture_config_default();
	struct measures m = measured(b);
	struct posture_verdict v;
	posture_classify(&c, &m, &v);
	return v;
}

/* ---- one sample ---- */

struct truth {
	const char *name;
	enum posture posture;
	struct body body;
};

static const struct truth truths[] = {
#define TRUTH(name, posture, ...) { name, POSTURE_##posture, { __VA_ARGS__ } },
#include "posture_truth.inc"
#undef TRUTH
};

enum { TRUTHS = sizeof truths / sizeof truths[0] };

static void test_true_geometry_gets_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < TRUTHS; i++) {
		struct posture_verdict v = verdict_of(&truths[i].body);
		if (v.label != truths[i].posture)
			fail_msg("%s: %s instead of %s (%s)", truths[i].name, posture_name(v.label),
			         posture_name(truths[i].posture), v.reasons[0]);
		assert_true(v.confidence > 0.5 && v.confidence <= 1);
		assert_true(v.reason_count > 0);
	}
}

/* The same with the errors that measuring adds, of the size that the project aims for (1 cm, 3
 * deg): macro-averaged recall. */
static void test_names_survive_the_errors_of_measuring(void **state)
{
	(void)state;
	enum { ROUNDS = 200 };
	int right[POSTURE_COUNT] = { 0 }, all[POSTURE_COUNT] = { 0 };
	uint32_t seed = 7;
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < TRUTHS; i++) {
			struct body b = truths[i].body;
			b.screen += 1.2 * noise_normal(&seed);
			b.drop += 0.75 * noise_normal(&seed);
			b.lean += 1.0 * noise_normal(&seed);
			b.side += 0.75 * noise_normal(&seed);
			b.pitch += 3 * noise_normal(&seed);
			b.yaw += 4 * noise_normal(&seed);
			b.roll += 1.2 * noise_normal(&seed);
			b.shoulder_drop += 1.0 * noise_normal(&seed);
			all[truths[i].posture]++;
			right[truths[i].posture] += verdict_of(&b).label == truths[i].posture;
		}
	double sum = 0;
	int classes = 0;
	for (int p = 0; p < POSTURE_COUNT; p++) {
		if (all[p] == 0)
			continue;
		double recall = (double)right[p] / all[p];
		print_message("%-14s recall %.3f\n", posture_name((enum posture)p), recall);
		assert_true(recall > 0.9);
		sum += recall;
		classes++;
	}
	print_message("macro %.3f over %d classes\n", sum / classes, classes);
	assert_int_equal(classes, 10);
	assert_true(sum / classes >= 0.95);
}

static void test_sides_and_reasons(void **state)
{
	(void)state;
	struct posture_verdict v = verdict_of(&(struct body){ .screen = 62, .side = -9 });
	assert_int_equal(v.label, POSTURE_LEANING);
	assert_int_equal(v.side, -1);
	assert_string_equal(v.reasons[0], "lean_side_cm -9.0 < -6.0");
	v = verdict_of(&(struct body){ .screen = 62, .yaw = 33 });
	assert_int_equal(v.side, 1);
	v = verdict_of(&(struct body){ .screen = 52, .lean = 10, .drop = 7.2,
	                               .shoulder_drop = 3.6 });
	assert_int_equal(v.label, POSTURE_SLOUCHED);
	assert_int_equal(v.side, 0);
	assert_int_equal(v.evidence, MEASURE_EYE_DROP);
	assert_int_equal(v.reason_count, 3);
	assert_string_equal(v.reasons[0], "eye_drop_cm 7.2 > 2.5");
	assert_string_equal(v.reasons[1], "lean_in_cm 10.0 > 5.0");
	assert_string_equal(v.reasons[2], "shoulder_drop_cm 3.6 > 3.0");
}

static void test_confidence_grows_with_the_margin(void **state)
{
	(void)state;
	double last = 0;
	for (double drop = 2.6; drop < 6; drop += 0.5) {
		struct posture_verdict v = verdict_of(&(struct body){ .screen = 60, .drop = drop });
		assert_int_equal(v.label, POSTURE_SLOUCHED);
		assert_true(v.confidence > last);
		last = v.confidence;
	}
	assert_true(last > 0.99);
	double at_limit = verdict_of(&(struct body){ .screen = 60, .drop = 2.4 }).confidence;
	assert_true(at_limit < 0.6);
	assert_true(verdict_of(&upright).confidence > 0.99);
}

static void test_a_lean_in_without_a_drop_is_seen(void **state)
{
	(void)state;
	struct body some = { .screen = 52, .lean = 10, .drop = -0.7 };
	struct posture_verdict v = verdict_of(&some);
	assert_int_equal(v.label, POSTURE_FORWARD_HEAD);
	v = verdict_of(&(struct body){ .screen = 46, .lean = 16, .drop = -1 });
	assert_int_equal(v.label, POSTURE_TOO_CLOSE);
}

static void test_a_sinking_trunk_is_no_recline(void **state)
{
	(void)state;
	struct body sunk = { .screen = 70.7, .lean = -8.7, .drop = 5.4, .shoulder_drop = 5.8 };
	assert_int_equal(verdict_of(&sunk).label, POSTURE_SLOUCHED);
	struct body back = { .screen = 78, .lean = -16, .drop = 3 };
	assert_int_equal(verdict_of(&back).label, POSTURE_RECLINED);
}

/* A camera 30 deg beside the screen: facing the screen is upright, facing the camera is turned. */
static void test_turned_is_from_the_own_upright(void **state)
{
	(void)state;
	struct posture_config c = posture_config_default();
	static const struct { double yaw, change; enum posture posture; int side; } rows[] = {
		{ 30, 0, POSTURE_UPRIGHT, 0 },
		{ 30, 12, POSTURE_UPRIGHT, 0 },
		{ 0, -30, POSTURE_TURNED, -1 },
		{ 58, 28, POSTURE_TURNED, 1 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct measures m = measured(&(struct body){ .screen = 62, .yaw = rows[i].yaw });
		struct posture_verdict v;
		m.m[MEASURE_HEAD_YAW_CHANGE] = (struct measure){ rows[i].change, 3, true };
		posture_classify(&c, &m, &v);
		assert_int_equal(v.label, rows[i].posture);
		assert_int_equal(v.side, rows[i].side);
	}
}

static void test_a_measure_vaguer_than_its_limit_decides_nothing(void **state)
{
	(void)state;
	struct posture_config c = posture_config_default();
	struct measures m = measured(&(struct body){ .screen = 60, .drop = 9 });
	struct posture_verdict v;
	m.m[MEASURE_EYE_DROP].sigma = 7;
	posture_classify(&c, &m, &v);
	assert_int_equal(v.label, POSTURE_UNKNOWN);
	assert_int_equal(v.evidence, MEASURE_COUNT);
	m.m[MEASURE_EYE_DROP] = (struct measure){ NAN, 1, true };
	posture_classify(&c, &m, &v);
	assert_int_equal(v.label, POSTURE_UNKNOWN);
	memset(&m, 0, sizeof m);
	posture_classify(&c, &m, &v);
	assert_int_equal(v.label, POSTURE_UNKNOWN);
}

/* ---- in time ---- */

struct watch {
	struct posture_judge judge;
	double now, interval;
	uint32_t seed;
	double noise;
	int held, still, corrected;
	struct posture_event first, last;
};

static void watch_begin(struct watch *w, double rate)
{
	struct posture_config c = posture_config_default();
	memset(w, 0, sizeof *w);
	w->interval = 1 / rate;
	w->seed = 99;
	w->now = 5000;
	posture_judge_init(&w->judge, &c);
}

static void step(struct watch *w, const struct posture_sample *s)
{
	struct posture_event e;
	if (!posture_judge_step(&w->judge, s, &e))
		return;
	assert_true(posture_is_fault(e.posture));
	assert_true(e.seconds == s->seconds && e.held_s >= 0);
	w->held += e.kind == POSTURE_EVENT_HELD;
	w->still += e.kind == POSTURE_EVENT_STILL;
	w->corrected += e.kind == POSTURE_EVENT_CORRECTED;
	if (w->held + w->still + w->corrected == 1)
		w->first = e;
	w->last = e;
}

static void hold(struct watch *w, double seconds, struct body b)
{
	for (double end = w->now + seconds; w->now < end - 1e-9; w->now += w->interval) {
		struct body n = b;
		if (w->noise > 0) {
			n.drop += 0.75 * w->noise * noise_normal(&w->seed);
			n.lean += 1.0 * w->noise * noise_normal(&w->seed);
			n.side += 0.75 * w->noise * noise_normal(&w->seed);
			n.pitch += 3 * w->noise * noise_normal(&w->seed);
			n.yaw += 4 * w->noise * noise_normal(&w->seed);
			n.roll += 1.2 * w->noise * noise_normal(&w->seed);
		}
		step(w, &(struct posture_sample){ .seconds = w->now, .presence = PRESENCE_PRESENT,
		                                  .sampled = true, .measures = measured(&n) });
	}
}

static void without(struct watch *w, double seconds, enum presence p)
{
	for (double end = w->now + seconds; w->now < end - 1e-9; w->now += w->interval)
		step(w, &(struct posture_sample){ .seconds = w->now, .presence = p });
}

static const struct body slouch = { .screen = 50, .drop = 4.6, .lean = 11, .pitch = 9,
                                    .shoulder_drop = 1.2 };
static const struct body sunk = { .screen = 66, .drop = 6, .lean = -4, .shoulder_drop = 6 };
static const struct body straight_in = { .screen = 46, .drop = -1, .lean = 16 };
static const struct body forward = { .screen = 55, .drop = 2.6, .lean = 6.2, .pitch = 5 };
static const struct body down = { .screen = 59.5, .drop = 6, .lean = 2.6, .pitch = 35 };
static const struct body turned = { .screen = 64, .yaw = -46, .side = -6.5, .lean = -2.5 };
static const struct body reclined = { .screen = 78, .drop = 0.5, .lean = -16 };
static const struct body standing = { .screen = 50, .drop = -19, .lean = 12, .shoulder_drop = -22 };
/* The hand holds the head up, a little tilted and before its place. */
static const struct body chin_in_hand = { .screen = 59, .drop = 1.5, .lean = 3, .roll = -7,
                                          .side = -3 };
/* The head rests on it, and the trunk has followed: beyond what a neck bent by two standard
 * deviations does. */
static const struct body sunk_on_the_hand = { .screen = 58, .drop = 3, .lean = 3.5, .roll = -7,
                                              .side = -3 };
static const struct body drinking = { .screen = 63, .drop = -1, .lean = -2, .pitch = -22 };
static const struct body leaning = { .screen = 62, .drop = 1, .side = 11, .roll = 9 };

static const double rates[] = { 0.2, 1, 5 };
enum { RATES = sizeof rates / sizeof rates[0] };

/* One posture held for a while between two spells of sitting upright; what is said, at every rate.
 * */
static void test_scenes(void **state)
{
	(void)state;
	const struct {
		const char *name;
		struct body body;
		double seconds;
		int held;             /* HELD events expected */
		enum posture posture;
	} scenes[] = {
		{ "straight lean-in with no drop", straight_in, 90, 1, POSTURE_TOO_CLOSE },
		{ "whole-trunk sink", sunk, 90, 1, POSTURE_SLOUCHED },
		{ "forward head", forward, 90, 1, POSTURE_FORWARD_HEAD },
		{ "slouch", slouch, 90, 1, POSTURE_SLOUCHED },
		{ "slouch for 45 s", slouch, 45, 0, 0 },
		{ "leaning on an armrest", leaning, 90, 1, POSTURE_LEANING },
		{ "glance at the keyboard", down, 10, 0, 0 },
		{ "glance at the phone", down, 20, 0, 0 },
		{ "reading on the phone", down, 180, 1, POSTURE_LOOKING_DOWN },
		{ "chin in hand", chin_in_hand, 300, 0, 0 },
		{ "head sunk on the hand", sunk_on_the_hand, 300, 1, POSTURE_FORWARD_HEAD },
		{ "drinking", drinking, 8, 0, 0 },
		{ "talking to a neighbour", turned, 150, 0, 0 },
		{ "turned to a second monitor", turned, 400, 1, POSTURE_TURNED },
		{ "reclining", reclined, 1200, 0, 0 },
		{ "standing up", standing, 600, 0, 0 },
	};
	for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
		for (int r = 0; r < RATES; r++) {
			struct watch w;
			watch_begin(&w, rates[r]);
			hold(&w, 120, upright);
			hold(&w, scenes[i].seconds, scenes[i].body);
			hold(&w, 60, upright);
			if (w.held != scenes[i].held)
				fail_msg("%s at %.1f/s: held %d", scenes[i].name, rates[r], w.held);
			assert_int_equal(w.corrected, scenes[i].held);
			if (scenes[i].held)
				assert_int_equal(w.first.posture, scenes[i].posture);
		}
}

static void test_the_same_verdict_at_every_rate(void **state)
{
	(void)state;
	double when[RATES], length[RATES];
	for (int r = 0; r < RATES; r++) {
		struct watch w;
		watch_begin(&w, rates[r]);
		w.noise = 0.5;
		hold(&w, 300, upright);
		hold(&w, 30, slouch); /* too short */
		hold(&w, 120, upright);
		double from = w.now;
		hold(&w, 150, slouch);
		assert_int_equal(w.held, 1);
		when[r] = w.first.seconds - from;
		hold(&w, 120, upright);
		assert_int_equal(w.held, 1);
		assert_int_equal(w.corrected, 1);
		length[r] = w.last.held_s;
	}
	for (int r = 0; r < RATES; r++) {
		print_message("%.1f/s: told after %.1f s, held %.1f "
		              "s\n", rates[r], when[r], length[r]);
		assert_true(fabs(when[r] - 60) <= 10);
		assert_true(fabs(length[r] - 150) <= 12);
	}
}

static void test_held_still_and_corrected(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 0.5);
	hold(&w, 100, upright);
	hold(&w, 70, slouch);
	assert_int_equal(w.held, 1);
	assert_int_equal(w.first.kind, POSTURE_EVENT_HELD);
	assert_float_equal(w.first.held_s, 60, 3);
	assert_float_equal(w.first.typical.m[MEASURE_EYE_DROP].value, 4.6, 1e-5);
	assert_float_equal(w.first.typical.m[MEASURE_EYE_DROP].sigma, 0.7, 1e-5);
	assert_false(w.first.typical.m[MEASURE_CVA].valid);
	assert_int_equal(w.first.verdict.label, POSTURE_SLOUCHED);
	hold(&w, 130, slouch);
	assert_int_equal(w.still, 2);
	assert_float_equal(w.last.held_s, 180, 5);
	hold(&w, 30, upright);
	assert_int_equal(w.corrected, 1);
	assert_float_equal(w.last.held_s, 200, 5);
	hold(&w, 500, upright);
	assert_int_equal(w.held + w.still + w.corrected, 4);
}

static void test_a_moment_upright_does_not_end_it(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 1);
	hold(&w, 80, slouch);
	hold(&w, 4, upright);
	hold(&w, 80, slouch);
	assert_int_equal(w.held, 1);
	assert_int_equal(w.corrected, 0);
	/* nor does hovering between the limit and the smaller one that ends it */
	hold(&w, 300, (struct body){ .screen = 60, .drop = 2.2 });
	assert_int_equal(w.corrected, 0);
	hold(&w, 30, (struct body){ .screen = 60, .drop = 1.7 });
	assert_int_equal(w.corrected, 1);
	/* which from upright is no beginning */
	hold(&w, 300, (struct body){ .screen = 60, .drop = 2.2 });
	assert_int_equal(w.held, 1);
}

static void test_one_fault_after_another(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 1);
	hold(&w, 100, slouch);
	hold(&w, 100, leaning);
	assert_int_equal(w.held, 2);
	assert_int_equal(w.corrected, 0);
	assert_int_equal(w.judge.held, POSTURE_LEANING);
	assert_int_equal(w.judge.held_side, 1);
	/* what the other took is not this one's time */
	watch_begin(&w, 1);
	hold(&w, 25, slouch);
	hold(&w, 36, leaning);
	assert_int_equal(w.first.posture, POSTURE_LEANING);
	assert_float_equal(w.first.held_s, 36, 2);
	/* and what is over is not told, however long it was: 300 s of turning take their time to be
	 * told */
	watch_begin(&w, 1);
	hold(&w, 200, turned);
	hold(&w, 20, upright);
	hold(&w, 130, down);
	assert_int_equal(w.held, 1);
	assert_int_equal(w.first.posture, POSTURE_LOOKING_DOWN);
	/* restless, but never good */
	watch_begin(&w, 1);
	for (int i = 0; i < 12; i++) {
		hold(&w, 6, slouch);
		hold(&w, 4, forward);
	}
	assert_int_equal(w.held, 1);
	assert_int_equal(w.first.posture, POSTURE_SLOUCHED);
}

static void test_time_that_is_not_observed_counts_for_nothing(void **state)
{
	(void)state;
	static const enum presence kinds[] = { PRESENCE_BLOCKED, PRESENCE_IN_CALL, PRESENCE_PAUSED,
	                                       PRESENCE_UNKNOWN };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct watch w;
		watch_begin(&w, 1);
		hold(&w, 40, slouch);
		without(&w, 15, kinds[i]);
		hold(&w, 15, slouch);
		assert_int_equal(w.held, 0);
		hold(&w, 15, slouch);
		assert_int_equal(w.held, 1);
		/* an hour of it, and the story begins anew, without an event */
		without(&w, 3600, kinds[i]);
		hold(&w, 50, slouch);
		assert_int_equal(w.held + w.still + w.corrected, 1);
		hold(&w, 20, slouch);
		assert_int_equal(w.held, 2);
	}
}

static void test_leaving_ends_it(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 1);
	hold(&w, 80, slouch);
	without(&w, 30, PRESENCE_AWAY);
	assert_int_equal(w.corrected, 1);
	hold(&w, 50, slouch);
	assert_int_equal(w.held, 1);
	hold(&w, 15, slouch);
	assert_int_equal(w.held, 2);
}

static void test_ticks_without_a_picture_change_nothing(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 0.2);
	double from = w.now;
	while (w.now < from + 70) {
		hold(&w, 5, slouch);
		for (double t = w.now - 4; t < w.now; t += 1)
			step(&w, &(struct posture_sample){ .seconds = t,
			                                   .presence = PRESENCE_PRESENT });
	}
	assert_int_equal(w.held, 1);
}

static void test_gaps_and_hostile_clocks(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 1);
	hold(&w, 50, slouch);
	w.now += 7200; /* suspend */
	hold(&w, 50, slouch);
	assert_int_equal(w.held, 0);
	w.now -= 86400; /* a clock that ran backwards */
	hold(&w, 50, slouch);
	assert_int_equal(w.held, 0);
	hold(&w, 15, slouch);
	assert_int_equal(w.held, 1);
	step(&w, &(struct posture_sample){ .seconds = NAN, .presence = PRESENCE_PRESENT,
	                                   .sampled = true });
	step(&w, &(struct posture_sample){ .seconds = -INFINITY, .presence = PRESENCE_AWAY });
	assert_int_equal(w.held + w.still + w.corrected, 1);
	/* many samples at one moment stand for no time */
	watch_begin(&w, 1);
	struct posture_sample frozen = { .seconds = 1, .presence = PRESENCE_PRESENT,
	                                 .sampled = true, .measures = measured(&slouch) };
	for (int i = 0; i < 5000; i++)
		step(&w, &frozen);
	assert_int_equal(w.held, 0);
}

static void test_slow_sampling_still_tells(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 1.0 / 30);
	hold(&w, 300, upright);
	hold(&w, 180, slouch);
	assert_int_equal(w.held, 1);
	/* one picture of a glance stands for no more than half a minute */
	watch_begin(&w, 1.0 / 30);
	hold(&w, 300, upright);
	hold(&w, 30, slouch);
	hold(&w, 300, upright);
	assert_int_equal(w.held, 0);
}

static void test_the_next_look_while_a_fault_builds_up(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 1);
	hold(&w, 20, upright);
	assert_true(isinf(posture_judge_wait(&w.judge)));
	hold(&w, 1, slouch);
	/* more than one look, well spread */
	assert_float_equal(posture_judge_wait(&w.judge), 15, 0.2);
	hold(&w, 52, slouch);
	assert_float_equal(posture_judge_wait(&w.judge), 7.5, 0.1); /* exactly when it is full */
	hold(&w, 30, slouch);
	assert_true(isinf(posture_judge_wait(&w.judge))); /* told */
	hold(&w, 3, upright);
	assert_float_equal(posture_judge_wait(&w.judge), 5, 1e-9); /* of the ten that correct it */
}

/* A face that is not found in one look of two or three must not silence a slouch for ever: what
 * lies beside such a look belongs half to its neighbours. */
static void test_looks_that_tell_nothing(void **state)
{
	(void)state;
	for (int every = 2; every <= 4; every++)
		for (int known = 1; known < every; known += every - 2 > 0 ? every - 2 : 1) {
			struct watch w;
			int looks = 0;
			watch_begin(&w, 1.0 / 10);
			for (double end = w.now + 600; w.now < end; w.now += w.interval) {
				struct posture_sample s =
					{ .seconds = w.now, .presence = PRESENCE_PRESENT,
				                            .sampled = true };
				if (looks++ % every < known)
					s.measures = measured(&slouch);
				step(&w, &s);
			}
			if (w.held != 1)
				fail_msg("%d of %d looks known: held %d", known, every, w.held);
			/* 60 s of which so many are known */
			assert_float_equal(w.first.seconds - 5000, 60.0 * every / known, 30);
		}
	/* thinner than one in four is too thin, and no look stands for more than half a minute */
	struct watch thin;
	watch_begin(&thin, 1.0 / 10);
	for (int i = 0; i < 200; i++) {
		struct posture_sample s = { .seconds = 5000 + 10 * i, .presence = PRESENCE_PRESENT,
		                            .sampled = true };
		if (i % 8 == 0)
			s.measures = measured(&slouch);
		step(&thin, &s);
	}
	assert_int_equal(thin.held, 0);
	watch_begin(&thin, 1.0 / 110);
	hold(&thin, 111, slouch);
	assert_int_equal(thin.held, 0);
	/* the halves go to neighbours of an unknown look, not to those of a call */
	struct watch w;
	watch_begin(&w, 1);
	for (int i = 0; i < 12; i++) {
		hold(&w, 4, slouch);
		without(&w, 8, PRESENCE_IN_CALL);
	}
	assert_int_equal(w.held, 0);
	/* nor is any credited twice, or for a clock that ran backwards */
	watch_begin(&w, 1.0 / 10);
	struct posture_sample s = { .presence = PRESENCE_PRESENT, .sampled = true };
	for (int i = 0; i < 100; i++) {
		s.seconds = 5000 + (i % 2) * 10;
		s.measures = i % 2 ? measured(&slouch) : (struct measures){ 0 };
		step(&w, &s);
	}
	assert_int_equal(w.held, 0);
}

/* Whatever dwell is allowed, whatever rate, whatever patience: it is told, once, in time. */
static void test_every_dwell_can_be_held(void **state)
{
	(void)state;
	static const double dwells[] = { 5, 60, 120, 600, 3600 }, each[] = { 30, 3, 0.5 };
	static const struct { const struct body *body; double patience; } kinds[] = {
		{ &slouch, 1 }, { &down, 2 }, { &turned, 5 },
	};
	for (size_t d = 0; d < sizeof dwells / sizeof dwells[0]; d++)
		for (size_t r = 0; r < sizeof each / sizeof each[0]; r++)
			for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
				struct watch w;
				const double needed = kinds[k].patience * dwells[d];
				watch_begin(&w, 1 / each[r]);
				w.judge.config.dwell_s = dwells[d];
				hold(&w, 60, upright);
				const double from = w.now;
				hold(&w, needed + 61, *kinds[k].body);
				if (w.held != 1)
					fail_msg("dwell %.0f, a look in %.1f s, kind %zu: held %d",
					         dwells[d], each[r], k, w.held);
				assert_true(w.first.seconds - from >= fmin(needed, 30) - each[r]);
				assert_true(w.first.seconds - from <= needed + 61);
			}
	/* two kinds in turn, five times a second, fill no more slots than one */
	struct watch w;
	watch_begin(&w, 5);
	for (int i = 0; i < 3 * 330; i++) {
		step(&w, &(struct posture_sample){ .seconds = w.now, .presence = PRESENCE_PRESENT,
		                                   .sampled = true,
		                                   .measures = measured(i % 3 ? &turned : &down) });
		w.now += w.interval;
	}
	for (double end = w.now + 300; w.now < end; w.now += w.interval)
		step(&w, &(struct posture_sample){ .seconds = w.now, .presence = PRESENCE_PRESENT,
		                                   .sampled = true,
		                                   .measures = measured(&turned) });
	assert_int_equal(w.held, 1);
	assert_int_equal(w.first.posture, POSTURE_TURNED);
}

/* At one look in 30 s each stands for half a minute, and may still be a mistake. */
static void test_one_look_begins_and_ends_nothing(void **state)
{
	(void)state;
	struct watch w;
	watch_begin(&w, 1.0 / 30);
	hold(&w, 120, upright);
	hold(&w, 180, slouch);
	assert_int_equal(w.held, 1);
	hold(&w, 30, upright);
	hold(&w, 60, slouch);
	assert_int_equal(w.corrected, 0);
	hold(&w, 60, upright);
	assert_int_equal(w.corrected, 1);
	watch_begin(&w, 1.0 / 30);
	w.judge.config.dwell_s = 5;
	hold(&w, 120, upright);
	hold(&w, 30, slouch);
	hold(&w, 120, upright);
	assert_int_equal(w.held, 0);
	hold(&w, 60, slouch);
	assert_int_equal(w.held, 1);
}

/* A look weighs by its confidence: a good one that may as well be bad does not outvote bad ones
 * that are sure. */
static void test_a_look_weighs_by_its_confidence(void **state)
{
	(void)state;
	for (int sure = 0; sure < 2; sure++) {
		struct watch w;
		watch_begin(&w, 1);
		for (int i = 0; i < 120; i++) {
			struct body b = slouch;
			if (i % 10 < 3)
				b = (struct body){ .screen = 60, .drop = sure ? 0 : 2.4 };
			struct posture_sample s = { .seconds = w.now++,
			                            .presence = PRESENCE_PRESENT,
			                            .sampled = true, .measures = measured(&b) };
			step(&w, &s);
		}
		assert_int_equal(w.held, sure ? 0 : 1);
	}
}

/* Eight hours upright: slow sway (an autoregressive walk with a time constant of a minute), noise
 * of measuring, a glance aside or down every few minutes, a sip, and an absence every hour. */
static void test_a_good_day_stays_quiet(void **state)
{
	(void)state;
	int total = 0;
	for (uint32_t day = 1; day <= 20; day++) {
		struct watch w;
		double lean = 0, drop = 0, side = 0;
		const double interval = 5, keep = exp(-interval / 60);
		const double push = sqrt(1 - keep * keep);
		watch_begin(&w, 1 / interval);
		w.seed = day * 7919;
		w.noise = 1;
		for (double until = w.now + 8 * 3600; w.now < until;) {
			lean = keep * lean + 1.5 * push * noise_normal(&w.seed);
			drop = keep * drop + 1.0 * push * noise_normal(&w.seed);
			side = keep * side + 1.5 * push * noise_normal(&w.seed);
			hold(&w, interval, (struct body){ .screen = 62 - lean, .lean = lean,
			                                  .drop = drop, .side = side });
			double dice = noise_uniform(&w.seed);
			if (dice < 0.02)
				hold(&w, 10, down);
			else if (dice < 0.03)
				hold(&w, 20, turned);
			else if (dice < 0.035)
				hold(&w, 10, drinking);
			else if (dice > 1 - interval / 3600)
				without(&w, 300, PRESENCE_AWAY);
		}
		if (w.held > 1)
			fail_msg("day %u: %d alerts", day, w.held);
		total += w.held;
	}
	print_message("20 good days of 8 h: %d alerts\n", total);
}

static void test_slouches_of_90_seconds_are_found(void **state)
{
	(void)state;
	enum { TIMES = 300 };
	for (int r = 0; r < RATES; r++) {
		int found = 0;
		for (uint32_t i = 0; i < TIMES; i++) {
			struct watch w;
			watch_begin(&w, rates[r]);
			w.seed = 1 + i * 104729;
			w.noise = 1;
			/* every slouch of the rendered people, any length from 90 s on */
			const struct truth *t;
			do
				t = &truths[noise_next(&w.seed) % TRUTHS];
			while (t->posture != POSTURE_SLOUCHED);
			hold(&w, 60 + 60 * noise_uniform(&w.seed), upright);
			hold(&w, 90 + 60 * noise_uniform(&w.seed), t->body);
			found += w.held >= 1;
		}
		print_message("%.1f/s: %d of %d slouches found\n", rates[r], found, TIMES);
		assert_true(found >= 0.9 * TIMES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_true_geometry_gets_its_name),
		cmocka_unit_test(test_names_survive_the_errors_of_measuring),
		cmocka_unit_test(test_sides_and_reasons),
		cmocka_unit_test(test_confidence_grows_with_the_margin),
		cmocka_unit_test(test_a_lean_in_without_a_drop_is_seen),
		cmocka_unit_test(test_a_sinking_trunk_is_no_recline),
		cmocka_unit_test(test_turned_is_from_the_own_upright),
		cmocka_unit_test(test_a_measure_vaguer_than_its_limit_decides_nothing),
		cmocka_unit_test(test_scenes),
		cmocka_unit_test(test_the_same_verdict_at_every_rate),
		cmocka_unit_test(test_held_still_and_corrected),
		cmocka_unit_test(test_a_moment_upright_does_not_end_it),
		cmocka_unit_test(test_one_fault_after_another),
		cmocka_unit_test(test_time_that_is_not_observed_counts_for_nothing),
		cmocka_unit_test(test_leaving_ends_it),
		cmocka_unit_test(test_ticks_without_a_picture_change_nothing),
		cmocka_unit_test(test_gaps_and_hostile_clocks),
		cmocka_unit_test(test_slow_sampling_still_tells),
		cmocka_unit_test(test_the_next_look_while_a_fault_builds_up),
		cmocka_unit_test(test_looks_that_tell_nothing),
		cmocka_unit_test(test_every_dwell_can_be_held),
		cmocka_unit_test(test_one_look_begins_and_ends_nothing),
		cmocka_unit_test(test_a_look_weighs_by_its_confidence),
		cmocka_unit_test(test_a_good_day_stays_quiet),
		cmocka_unit_test(test_slouches_of_90_seconds_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
