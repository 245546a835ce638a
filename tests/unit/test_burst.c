/* One look through a camera that is played picture by picture, in time that is skipped: how long it takes and
 * what it ends with; and what its thread tells. */
#include "daemon/burst.h"

#include <glib.h>
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
	int reads, stops; /* told between threads */
	uint8_t pixels[SIDE * SIDE];
} fake;

static struct burst_result result;
static int results;

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
	g_atomic_int_inc(&fake.reads);
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
	g_atomic_int_inc(&fake.stops);
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
	results++;
}

static void note_off(void *user)
{
	(void)user;
}

static struct burst *begin(const char *script, bool skips_waits, const struct burst_plan *plan)
{
	struct error error;
	memset(&fake, 0, sizeof fake);
	results = 0;
	snprintf(fake.script, sizeof fake.script, "%s", script);
	fake.base = (struct capture){.ops = &ops, .live = true};
	struct burst *b = burst_create(&fake.base, skips_waits, keep_result, note_off, NULL, &error);
	assert_non_null(b);
	burst_look(b, plan);
	return b;
}

static enum capture_status look(const char *script, const struct burst_plan *plan)
{
	struct burst *b = begin(script, true, plan);
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

/* The thread's: a look that was cut tells nothing, and after the end nobody is told. */
static void what_was_cut_is_told_as_cut(void **state)
{
	(void)state;
	const struct burst_plan plan = {.warmup_s = 60};
	struct burst *b = begin("1919191919191919191919191919191", false, &plan);
	while (g_atomic_int_get(&fake.reads) == 0)
		g_usleep(1000);
	burst_stop(b);
	while (results == 0)
		g_main_context_iteration(NULL, TRUE);
	assert_true(result.cut && !result.on);
	assert_true(burst_free(b));
}

static void after_the_end_nobody_is_told(void **state)
{
	(void)state;
	struct burst *b = begin("5", false, &(struct burst_plan){0});
	while (g_atomic_int_get(&fake.stops) == 0)
		g_usleep(1000);
	assert_true(burst_free(b)); /* has waited for the thread, which had told */
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_int_equal(results, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_damaged_pictures_are_borne),
		cmocka_unit_test(what_comes_late_has_its_time),
		cmocka_unit_test(a_camera_that_fails_does_not_stay_on),
		cmocka_unit_test(what_was_cut_is_told_as_cut),
		cmocka_unit_test(after_the_end_nobody_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
