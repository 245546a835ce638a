/* Where a picture lies in its room. */
#include "window/fit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect(struct fit at, int left, int top, int width, int height)
{
	assert_int_equal(at.left, left);
	assert_int_equal(at.top, top);
	assert_int_equal(at.width, width);
	assert_int_equal(at.height, height);
}

static void test_in_the_middle_and_in_its_shape(void **state)
{
	(void)state;
	expect(fit_in(1000, 480, 640, 480), 180, 0, 640, 480);
	expect(fit_in(640, 1000, 640, 480), 0, 260, 640, 480);
	expect(fit_in(320, 400, 640, 480), 0, 80, 320, 240);
	expect(fit_in(400, 240, 640, 480), 40, 0, 320, 240);
	expect(fit_in(1280, 1000, 640, 480), 0, 20, 1280, 960);
}

/* Scaled by one part in a thousand it would be blurred all over. */
static void test_one_made_for_the_room_is_not_scaled(void **state)
{
	(void)state;
	expect(fit_in(700, 525, 699, 524), 0, 0, 699, 524);
	expect(fit_in(701, 600, 700, 525), 0, 37, 700, 525);
	expect(fit_in(900, 526, 700, 525), 100, 0, 700, 525);
	/* Two pixels are a scale. */
	expect(fit_in(702, 600, 700, 525), 0, 37, 702, 526);
}

static void test_something_is_always_there(void **state)
{
	(void)state;
	expect(fit_in(0, 0, 640, 480), 0, 0, 1, 1);
	expect(fit_in(2, 400, 640, 4), 0, 199, 2, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_the_middle_and_in_its_shape),
		cmocka_unit_test(test_one_made_for_the_room_is_not_scaled),
		cmocka_unit_test(test_something_is_always_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
