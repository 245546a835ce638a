/* One look through a camera that is played picture by picture, in time that is skipped: how long it
 * takes and what it ends with; and what its thread tells. */
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
	char script[32];  /* a letter a read, the last one for ever: Corrupt, Gone, Dark, Timeout,
	                   * or '0' + brightness */
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
	if (now == 'T')
		return CAPTURE_TIMEOUT;
	if (now == 'C')
		return error_set(error, 0, "damaged"), CAPTURE_CORRUPT;
	if (now == 'G')
		return error_set(error, 0, "gone"), CAPTURE_GONE;
	for (int i = 0; i < SIDE * SIDE; i++)
		fake.pixels[i] = now == 'D' ? 0 : (uint8_t)(60 + 10 * (now - '0') + i % 2 * 40);
	*frame = (struct frame){.format = PIXEL_GREY, .full_range = 1,
	                        .width = SIDE, .height = SIDE,
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

static const struct capture_ops ops = {fake_start, fake_read, fake_nothing,
                                       fake_stop, fake_nothing};

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
	struct burst *b = burst_create(&fake.base, skips_waits, keep_result,
	                               note_off, NULL, &error);
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
	assert_true(fabs(result.shown_s - 0.5) < 1e-6);
	assert_true(fabs(result.on_s - 0.8) < 1e-6);
	/* At rest at once: two pictures. */
	assert_int_equal(look("5", &plan), CAPTURE_FRAME);
	assert_true(fabs(result.on_s - 0.1) < 1e-6);
	/* Eight per cent brighter each time is not at rest. */
	assert_int_equal(look("56789", &plan), CAPTURE_FRAME);
	assert_true(result.on_s > 0.25);
}

/* How many pictures the next look takes, and how long. */
static void look_again(struct burst *b, const struct burst_plan *plan, int pictures, double on_s)
{
	const int before = fake.reads;
	burst_look(b, plan);
	assert_int_equal(result.status, CAPTURE_FRAME);
	assert_int_equal(fake.reads - before, pictures);
	assert_true(fabs(result.on_s - on_s) < 1e-6);
}

static void one_picture_is_enough_where_the_exposure_is_known(void **state)
{
	(void)state;
	const struct burst_plan plan = {.warmup_s = 0.8},
	                        doubted = {.warmup_s = 0.8, .doubted = true};
	struct burst *b = begin("5", true, &plan);
	assert_int_equal(fake.reads, 2);
	look_again(b, &plan, 1, 0);
	look_again(b, &doubted, 2, 0.1);
	look_again(b, &plan, 1, 0);
	/* The lamp at the desk is switched on. */
	strcpy(fake.script, "9");
	look_again(b, &plan, 2, 0.1);
	look_again(b, &plan, 1, 0);
	/* It begins too bright, and comes down to what is known in two steps. */
	strcpy(fake.script, "CCCCCCCCCCCC>;9");
	fake.reads = 12;
	look_again(b, &plan, 3, 0.2);
	/* Another camera is not known, and an hour is long. */
	strcpy(fake.base.id, "another");
	look_again(b, &plan, 2, 0.1);
	fake.base.played_s += 3500;
	look_again(b, &plan, 1, 0);
	fake.base.played_s += 200;
	look_again(b, &plan, 2, 0.1);
	assert_true(burst_free(b));
}

/* Up to shortly before the first picture comes nobody asks for it. */
static void a_camera_is_asked_when_it_is_ready(void **state)
{
	(void)state;
	const struct burst_plan plan = {.warmup_s = 0.8};
	struct burst *b = begin("TTTTTTTTTT5", true, &plan);
	assert_true(fabs(result.on_s - 0.4) < 1e-6); /* ten slices, and two pictures */
	fake.reads = 8;
	look_again(b, &plan, 3, 0.8 * 0.3 + 2 * 0.03);
	/* Slower or quicker than it was. */
	fake.reads = 4;
	look_again(b, &plan, 7, 0.8 * 0.3 + 6 * 0.03);
	fake.reads = 10;
	look_again(b, &plan, 1, 0.8 * 0.42);
	look_again(b, &plan, 1, 0.8 * 0.8 * 0.42);
	assert_true(burst_free(b));
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
		cmocka_unit_test(one_picture_is_enough_where_the_exposure_is_known),
		cmocka_unit_test(a_camera_is_asked_when_it_is_ready),
		cmocka_unit_test(a_camera_that_fails_does_not_stay_on),
		cmocka_unit_test(what_was_cut_is_told_as_cut),
		cmocka_unit_test(after_the_end_nobody_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
