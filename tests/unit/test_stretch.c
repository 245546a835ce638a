/* A body made of points does the stretches, and does not. */
#include "coach/exercise.h"
#include "coach/stretch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HZ 10.0

/* Somebody upright in the middle, shoulders 0.4 picture heights wide; the person's left at the
 * right. */
static struct stretch_view upright(void)
{
	return (struct stretch_view){
		.nose = {0.66, 0.36, true}, .left_ear = {0.73, 0.35, true},
		.right_ear = {0.59, 0.35, true},
		.left_shoulder = {0.86, 0.65, true}, .right_shoulder = {0.46, 0.65, true},
		.left_wrist = {0.9, 1.05, false}, .right_wrist = {0.4, 1.05, false},
	};
}

/* Turns the shoulders about their middle; positive: the person's left goes down. */
static struct stretch_view bent(double degrees)
{
	struct stretch_view v = upright();
	const double a = degrees * 0.017453292519943295, dx = 0.2 * cos(a), dy = 0.2 * sin(a);
	v.left_shoulder = (struct stretch_point){0.66 + dx, 0.65 + dy, true};
	v.right_shoulder = (struct stretch_point){0.66 - dx, 0.65 - dy, true};
	return v;
}

static struct stretch_view twisted(double degrees)
{
	struct stretch_view v = upright();
	const double a = degrees * 0.017453292519943295;
	v.left_shoulder.x = 0.66 + 0.2 * cos(a);
	v.right_shoulder.x = 0.66 - 0.2 * cos(a);
	v.depth = 0.4 * sin(a);
	return v;
}

static double now;

/* Holds a view for so long; the last event that was one. */
static enum stretch_event hold(struct stretch *s, struct stretch_view v, double seconds)
{
	enum stretch_event last = STRETCH_NOTHING;
	for (int i = 0; i < (int)lround(seconds * HZ); i++) {
		v.seconds = now += 1 / HZ;
		const enum stretch_event e = stretch_step(s, &v);
		if (e != STRETCH_NOTHING)
			last = e;
	}
	return last;
}

static struct stretch begun(enum stretch_kind kind)
{
	struct stretch s;
	stretch_init(&s, kind, 20);
	assert_int_equal(hold(&s, upright(), 1.9), STRETCH_NOTHING);
	assert_int_equal(hold(&s, upright(), 0.4), STRETCH_BEGIN);
	return s;
}

static void test_both_sides_of_a_bend(void **state)
{
	(void)state;
	struct stretch s = begun(STRETCH_SIDE_BEND);
	assert_int_equal(hold(&s, bent(8), 30), STRETCH_NOTHING); /* not far enough */
	assert_int_equal(hold(&s, bent(-20), 30), STRETCH_NOTHING); /* the wrong side */
	assert_true(stretch_progress(&s) == 0);
	assert_int_equal(hold(&s, bent(20), 5), STRETCH_HELD);
	assert_true(fabs(s.held_s - 4.9) < 0.15);
	assert_int_equal(hold(&s, upright(), 60), STRETCH_LOST);
	assert_true(fabs(s.held_s - 4.9) < 0.15); /* the clock stood */
	assert_int_equal(hold(&s, bent(20), 14), STRETCH_HELD);
	assert_int_equal(hold(&s, bent(20), 2), STRETCH_OTHER_SIDE);
	assert_true(fabs(stretch_progress(&s) - 0.5) < 0.01);
	assert_int_equal(hold(&s, bent(20), 30), STRETCH_NOTHING);
	assert_int_equal(hold(&s, bent(-20), 21), STRETCH_DONE);
	assert_true(stretch_progress(&s) == 1);
}

static void test_a_twitch_is_forgiven(void **state)
{
	(void)state;
	struct stretch s = begun(STRETCH_SIDE_BEND);
	hold(&s, bent(20), 5);
	assert_int_equal(hold(&s, bent(5), 0.4), STRETCH_NOTHING);
	assert_true(s.held);
	assert_int_equal(hold(&s, bent(20), 1), STRETCH_NOTHING);
	assert_true(s.held_s < 6); /* and not counted */
}

static void test_twist_and_its_side(void **state)
{
	(void)state;
	struct stretch s = begun(STRETCH_TWIST);
	assert_int_equal(hold(&s, twisted(20), 30), STRETCH_NOTHING);
	assert_int_equal(hold(&s, twisted(-45), 30), STRETCH_NOTHING);
	assert_int_equal(hold(&s, twisted(45), 21), STRETCH_OTHER_SIDE);
	assert_int_equal(hold(&s, twisted(-45), 21), STRETCH_DONE);
}

static void test_overhead(void **state)
{
	(void)state;
	struct stretch s = begun(STRETCH_OVERHEAD);
	struct stretch_view v = upright();
	assert_int_equal(hold(&s, v, 30), STRETCH_NOTHING); /* hands unseen below are not up */
	v.left_wrist = (struct stretch_point){0.76, 0.1, true};
	v.right_wrist = (struct stretch_point){0.56, 0.33, true};
	assert_int_equal(hold(&s, v, 30), STRETCH_NOTHING); /* one at the cheek */
	v.right_wrist.y = 0.1;
	assert_int_equal(hold(&s, v, 10), STRETCH_HELD);
	v.right_wrist.seen = false; /* out of the picture at the top */
	assert_int_equal(hold(&s, v, 11), STRETCH_DONE);
}

static void test_chin_tuck(void **state)
{
	(void)state;
	struct stretch s = begun(STRETCH_CHIN_TUCK);
	struct stretch_view v = upright();
	/* All of the body goes back by a tenth: no tuck. */
	v.left_ear.x = 0.66 + 0.063, v.right_ear.x = 0.66 - 0.063;
	v.left_shoulder.x = 0.66 + 0.18, v.right_shoulder.x = 0.66 - 0.18;
	assert_int_equal(hold(&s, v, 30), STRETCH_NOTHING);
	v.left_shoulder.x = 0.86, v.right_shoulder.x = 0.46;
	assert_int_equal(hold(&s, v, 21), STRETCH_DONE);
}

static void test_extension(void **state)
{
	(void)state;
	struct stretch s = begun(STRETCH_EXTENSION);
	struct stretch_view v = upright();
	v.nose.y = 0.30; /* looking up alone */
	assert_int_equal(hold(&s, v, 30), STRETCH_NOTHING);
	v.left_shoulder.x = 0.85, v.right_shoulder.x = 0.47;
	assert_int_equal(hold(&s, v, 21), STRETCH_DONE);
}

static void test_rolls_are_counted(void **state)
{
	(void)state;
	struct stretch s = begun(STRETCH_ROLLS);
	struct stretch_view up = upright();
	up.left_shoulder.y = up.right_shoulder.y = 0.60;
	assert_int_equal(hold(&s, up, 60), STRETCH_HELD); /* holding them up is no roll */
	for (int i = 1; i < STRETCH_ROLLS_WANTED; i++) {
		assert_int_equal(hold(&s, upright(), 1), STRETCH_LOST);
		assert_int_equal(s.rolls, i);
		hold(&s, up, 1);
	}
	assert_int_equal(hold(&s, upright(), 1), STRETCH_DONE);
}

static void test_nobody_holds_nothing(void **state)
{
	(void)state;
	for (int k = 0; k < STRETCH_KINDS; k++) {
		struct stretch s;
		struct stretch_view gone = {0};
		stretch_init(&s, (enum stretch_kind)k, 20);
		assert_int_equal(hold(&s, gone, 10), STRETCH_NOTHING);
		assert_false(s.seen);
		s = begun((enum stretch_kind)k);
		assert_int_equal(hold(&s, gone, 60), STRETCH_NOTHING);
		assert_true(stretch_progress(&s) == 0);
		assert_int_equal(hold(&s, upright(), 60), STRETCH_NOTHING);
		assert_true(stretch_progress(&s) == 0);
	}
}

/* Somebody who moves about does not begin; the verdict is the same at 1 and at 10 looks a
 * second. */
static void test_beginning_and_rate(void **state)
{
	(void)state;
	struct stretch s;
	stretch_init(&s, STRETCH_SIDE_BEND, 20);
	for (int i = 0; i < 50; i++) {
		struct stretch_view v = upright();
		v.left_shoulder.x += i % 2 * 0.3;
		v.right_shoulder.x += i % 2 * 0.3;
		assert_int_equal(hold(&s, v, 0.1), STRETCH_NOTHING);
	}
	s = begun(STRETCH_SIDE_BEND);
	struct stretch_view v = bent(20);
	int steps = 0;
	do {
		v.seconds = now += 1;
		steps++;
	} while (stretch_step(&s, &v) != STRETCH_OTHER_SIDE && steps < 100);
	assert_int_equal(steps, 21);
}

static void test_target_is_the_pose(void **state)
{
	(void)state;
	static const enum stretch_kind kinds[] = {STRETCH_SIDE_BEND, STRETCH_OVERHEAD};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct stretch s = begun(kinds[i]);
		struct stretch_view t, v = upright();
		stretch_target(&s, &t);
		v.left_shoulder = t.left_shoulder;
		v.right_shoulder = t.right_shoulder;
		v.left_wrist = t.left_wrist;
		v.right_wrist = t.right_wrist;
		hold(&s, v, 1);
		assert_true(s.reach > 0.99);
	}
}

static void test_each_has_its_figure(void **state)
{
	(void)state;
	for (int k = 0; k < STRETCH_KINDS; k++) {
		const struct exercise *e = exercise_find(stretch_exercise((enum stretch_kind)k));
		enum stretch_kind found = STRETCH_KINDS;
		assert_non_null(e);
		assert_int_equal(e->figure.count, 2);
		assert_true(stretch_find(stretch_name((enum stretch_kind)k), &found));
		assert_int_equal(found, k);
		found = STRETCH_KINDS;
		assert_true(stretch_find(e->id, &found));
		assert_int_equal(found, k);
	}
	enum stretch_kind found;
	assert_false(stretch_find("walk", &found));
}

static void test_words(void **state)
{
	(void)state;
	char text[160];
	struct stretch s = begun(STRETCH_SIDE_BEND);
	stretch_words(&s, text, sizeof text);
	assert_string_equal(text, "Bend to your left, the right arm overhead.");
	hold(&s, bent(20), 5.2);
	stretch_words(&s, text, sizeof text);
	assert_non_null(strstr(text, "15 s more"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_sides_of_a_bend),
		cmocka_unit_test(test_a_twitch_is_forgiven),
		cmocka_unit_test(test_twist_and_its_side),   cmocka_unit_test(test_overhead),
		cmocka_unit_test(test_chin_tuck),            cmocka_unit_test(test_extension),
		cmocka_unit_test(test_rolls_are_counted),
		cmocka_unit_test(test_nobody_holds_nothing),
		cmocka_unit_test(test_beginning_and_rate),
		cmocka_unit_test(test_target_is_the_pose),
		cmocka_unit_test(test_each_has_its_figure),  cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
