/* When an exposure is at rest, picture by picture. */
#include "daemon/exposure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static double now;

static bool see(struct exposure *e, double mean)
{
	const struct luma_statistics luma = {.mean = mean, .deviation = 40};
	now += EXPOSURE_APART_S;
	return exposure_rests(e, now, &luma);
}

static void begin(struct exposure *e, double after_s, bool doubted)
{
	now += after_s;
	exposure_start(e, now, doubted);
}

static void two_that_are_equally_bright_rest(void **state)
{
	(void)state;
	struct exposure e;
	exposure_init(&e);
	begin(&e, 0, false);
	assert_false(see(&e, 60));
	assert_false(see(&e, 75));
	assert_false(see(&e, 90));
	assert_false(see(&e, 92)); /* 2.2 % */
	assert_true(see(&e, 93.5));
}

static void what_is_known_is_recognised(void **state)
{
	(void)state;
	struct exposure e;
	exposure_init(&e);
	begin(&e, 0, false);
	see(&e, 100);
	assert_true(see(&e, 100));
	begin(&e, 30, false);
	assert_true(see(&e, 109));
	begin(&e, 30, false);
	assert_true(see(&e, 91));
	begin(&e, 30, false);
	assert_false(see(&e, 89));
	/* What was accepted was not seen to rest: a camera that begins a little darker each time is
	 * let adjust. */
	begin(&e, 30, false);
	assert_true(see(&e, 92));
	begin(&e, 30, false);
	assert_false(see(&e, 85));
	assert_true(see(&e, 85));
	begin(&e, 30, false);
	assert_true(see(&e, 80));
}

static void what_is_known_is_forgotten(void **state)
{
	(void)state;
	struct exposure e;
	exposure_init(&e);
	begin(&e, 0, false);
	see(&e, 100);
	see(&e, 100);
	begin(&e, 3590, false);
	assert_true(see(&e, 100));
	begin(&e, 10, false);
	assert_false(see(&e, 100));
	assert_true(see(&e, 100));
	begin(&e, 30, true); /* doubted */
	assert_false(see(&e, 100));
	assert_true(see(&e, 100));
	begin(&e, -100, false); /* a clock that ran backwards */
	assert_false(see(&e, 100));
}

static void extremes_are_not_remembered(void **state)
{
	(void)state;
	const struct luma_statistics black = {.mean = 3, .deviation = 1, .dark_share = 1};
	const struct luma_statistics dim = {.mean = 20, .deviation = 20, .dark_share = 0.6};
	const struct luma_statistics bright = {.mean = 220, .deviation = 60, .bright_share = 0.6};
	struct exposure e;
	exposure_init(&e);
	begin(&e, 0, false);
	for (int i = 0; i < 5; i++)
		assert_false(exposure_rests(&e, now, &black));
	assert_false(exposure_rests(&e, now, &dim));
	assert_true(exposure_rests(&e, now, &dim));
	begin(&e, 30, false);
	assert_false(exposure_rests(&e, now, &dim));
	assert_false(exposure_rests(&e, now, &bright));
	assert_true(exposure_rests(&e, now, &bright));
	begin(&e, 30, false);
	assert_false(exposure_rests(&e, now, &bright));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_that_are_equally_bright_rest),
		cmocka_unit_test(what_is_known_is_recognised),
		cmocka_unit_test(what_is_known_is_forgotten),
		cmocka_unit_test(extremes_are_not_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
