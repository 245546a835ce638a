/* One look through a camera that is played picture by picture, in time that is skipped: how long it takes and
 * what it ends with. test_watch.c has the thread. */
#include "daemon/burst.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 16 };

static struct {
	struct capture base;
	char script[32];  /* a letter a read, the last one for ever: Corrupt, Gone, Dark, or '0' + brightness */
	int reads, stops;
	uint8_t pixels[SIDE * SIDE];
} fake;

static struct burst_result result;

static enum capture_status fake_start(struct capture *c, struct error *error)
{
	(void)c, (void)error;
	return CAPTURE_FRAME;
}

static enum capture_status fake_read(struct capture *c, double timeout_s, struct frame *frame,
                                     struct error *error)
{
	(void)c, (void)timeout_s;
	const int last = (int)strlen(fake.script) - 1;
	const char now = fake.script[fake.reads < last ? fake.reads : last];
	fake.reads++;
	if (now == 'C')
		return error_set(error, 0, "damaged"), CAPTURE_CORRUPT;
	if (now == 'G')
		return error_set(error, 0, "gone"), CAPTURE_GONE;
	for (int i = 0; i < SIDE * SIDE; i++)
		fake.pixels[i] = now == 'D' ? 0 : (uint8_t)(60 + 10 * (now - '0') + i % 2 * 40);
	*frame = (struct frame){.format = PIXEL_GREY, .full_range = 1, .width = SIDE, .height = SIDE,
	                        .plane = {fake.pixels}, .stride = {SIDE}};
	return CAPTURE_FRAME;
}

static void fake_stop(struct capture *c)
{
	(void)c;
	fake.stops++;
}

static void fake_nothing(struct capture *c)
{
	(void)c;
}

static const struct capture_ops ops = {fake_start, fake_read, fake_nothing, fake_stop, fake_nothing};

static void keep_result(void *user, const struct burst_result *r)
{
	(void)user;
	result = *r;
}

static enum capture_status look(const char *script, const struct burst_plan *plan)
{
	struct error error;
	memset(&fake, 0, sizeof fake);
	snprintf(fake.script, sizeof fake.script, "%s", script);
	fake.base = (struct capture){.ops = &ops, .live = true};
	struct burst *b = burst_create(&fake.base, true, keep_result, NULL, &error);
	assert_non_null(b);
	burst_look(b, plan);
	assert_true(burst_free(b));
	return result.status;
}

static void two_damaged_pictures_are_borne(void **state)
{
	(void)state;
	const struct burst_plan plan = {0};
	assert_int_equal(look("CC5", &plan), CAPTURE_FRAME);
	assert_int_equal(look("CCC5", &plan), CAPTURE_CORRUPT);
}

/* Black for half a second, and then still searching: it has its warm-up from there on. */
static void what_comes_late_has_its_time(void **state)
{
	(void)state;
	const struct burst_plan plan = {.warmup_s = 0.3, .patience_s = 2};
	assert_int_equal(look("DDDDD19191919", &plan), CAPTURE_FRAME);
	assert_true(fabs(result.shown_s - 0.6) < 1e-6);
	assert_true(fabs(result.on_s - 0.9) < 1e-6);
	/* At rest at once: two pictures. */
	assert_int_equal(look("5", &plan), CAPTURE_FRAME);
	assert_true(fabs(result.on_s - 0.2) < 1e-6);
	/* Eight per cent brighter each time is not at rest. */
	assert_int_equal(look("56789", &plan), CAPTURE_FRAME);
	assert_true(result.on_s > 0.25);
}

static void a_camera_that_fails_does_not_stay_on(void **state)
{
	(void)state;
	const struct burst_plan plan = {.keep_on = true};
	assert_int_equal(look("5", &plan), CAPTURE_FRAME);
	assert_true(result.on && fake.stops == 0);
	assert_int_equal(look("G", &plan), CAPTURE_GONE);
	assert_true(!result.on && fake.stops == 1);
	assert_int_equal(look("5", &(struct burst_plan){0}), CAPTURE_FRAME);
	assert_true(!result.on && fake.stops == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_damaged_pictures_are_borne),
		cmocka_unit_test(what_comes_late_has_its_time),
		cmocka_unit_test(a_camera_that_fails_does_not_stay_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
