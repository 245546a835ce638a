/* The exercise of a break, followed by looks that are seconds apart. */
#include "coach/doing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static double now;

/* Upright, or bent to the person's left by so many degrees. */
static struct stretch_view bent(double degrees)
{
	const double a = degrees * 0.017453292519943295, dx = 0.2 * cos(a), dy = 0.2 * sin(a);
	return (struct stretch_view){
		.nose = {0.66, 0.36, true}, .left_ear = {0.73, 0.35, true},
		.right_ear = {0.59, 0.35, true},
		.left_shoulder = {0.66 + dx, 0.65 + dy, true},
		.right_shoulder = {0.66 - dx, 0.65 - dy, true},
	};
}

/* Looks every `step` seconds. */
static void look(struct doing *d, double degrees, double seconds, double step)
{
	for (const double end = now + seconds; now < end - 1e-9;) {
		struct stretch_view v = bent(degrees);
		v.seconds = now += step;
		doing_look(d, &v);
	}
}

static struct doing begun(double before_s)
{
	struct doing d = {0};
	now = 100;
	look(&d, 0, 3, 3);
	now += before_s;
	doing_begin(&d, exercise_find("side-bend"), now);
	return d;
}

static void a_hold_is_counted_between_two_looks_that_see_it(void **state)
{
	(void)state;
	struct doing d = begun(0);
	assert_true(doing_tells(&d) && doing_waits(&d) && !doing_holds(&d));
	look(&d, 20, 3, 3); /* who was upright before the break is bent at its first look */
	assert_true(doing_holds(&d));
	assert_float_equal(d.stretch.held_s, 0, 0);
	look(&d, 20, 15, 5);
	assert_float_equal(d.stretch.held_s, 15, 1e-9);
	look(&d, 0, 3, 3);
	assert_false(doing_holds(&d));
	look(&d, 20, 6, 3); /* lost, and nothing forgotten */
	assert_float_equal(d.stretch.held_s, 18, 1e-9);
	look(&d, 20, 3, 3);
	assert_int_equal(d.stretch.side, -1);
	assert_true(doing_waits(&d));
	look(&d, -20, 24, 3);
	assert_true(d.stretch.done);
	assert_false(doing_waits(&d));
	assert_false(doing_holds(&d)); /* it is over, whatever they do */
}

/* Looks too far apart show two poses, not what was between them. */
static void a_long_time_between_two_looks_is_not_held(void **state)
{
	(void)state;
	struct doing d = begun(0);
	look(&d, 20, 18, 18);
	look(&d, 20, 18, 18);
	assert_float_equal(d.stretch.held_s, DOING_STEP_S, 1e-9);
}

/* What was seen long before the break says nothing of its beginning. */
static void an_old_look_is_no_beginning(void **state)
{
	(void)state;
	struct doing d = begun(DOING_FRESH_S + 1);
	assert_false(doing_tells(&d));
	look(&d, 0, 6, 3); /* two that agree */
	assert_true(doing_tells(&d));
	d = begun(DOING_FRESH_S - 1);
	assert_true(doing_tells(&d));
}

static void not_every_exercise_can_be_followed(void **state)
{
	(void)state;
	struct doing d = begun(0);
	doing_begin(&d, exercise_find("side-bend"), now); /* the same one goes on */
	look(&d, 20, 6, 3);
	doing_begin(&d, exercise_find("side-bend"), now);
	assert_true(doing_holds(&d));
	static const char *const none[] = {"walk", "shoulder-rolls", "breathing"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		doing_begin(&d, exercise_find(none[i]), now);
		assert_false(doing_waits(&d) || doing_tells(&d) || doing_holds(&d));
	}
	doing_begin(&d, exercise_find("spinal-twist"), now);
	assert_true(doing_waits(&d));
	doing_begin(&d, NULL, now);
	assert_false(doing_waits(&d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hold_is_counted_between_two_looks_that_see_it),
		cmocka_unit_test(a_long_time_between_two_looks_is_not_held),
		cmocka_unit_test(an_old_look_is_no_beginning),
		cmocka_unit_test(not_every_exercise_can_be_followed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
