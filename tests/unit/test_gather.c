/* Which pictures a calibration takes, and what it says about the others. */
#include "calibrate/gather.h"
#include "calibrate/gathering.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 640, HEIGHT = 480 };

static uint8_t grey[WIDTH * HEIGHT];
static const struct frame frame = {.format = PIXEL_GREY, .full_range = 1,
                                   .width = WIDTH, .height = HEIGHT,
                                   .plane = {grey}, .stride = {WIDTH}};
static struct gather g;
static struct sample good;

/* The left half of the picture as bright as `left`, the right one as `right`. */
static void light(int left, int right)
{
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		grey[i] = (uint8_t)(i % WIDTH < WIDTH / 2 ? left : right);
	good.light = luma_measure(&frame);
}

static int set_up(void **state)
{
	(void)state;
	memset(&g, 0, sizeof g);
	memset(&good, 0, sizeof good);
	good.width = WIDTH;
	good.height = HEIGHT;
	good.presence = PRESENCE_PRESENT;
	good.face.found = good.head.valid = true;
	good.face.points[FACE_RIGHT_EYE_OUTER] = (struct face_point){.x = 0.43f, .y = 0.4f};
	good.face.points[FACE_LEFT_EYE_OUTER] = (struct face_point){.x = 0.57f, .y = 0.4f};
	good.head.translation[2] = 600;
	good.measures.m[MEASURE_HEAD_YAW] = (struct measure){2, 1, true};
	light(120, 120);
	return 0;
}

static void refused(const struct sample *s, const char *because)
{
	const int before = g.count;
	const char *said = gather_take(&g, &frame, s);
	if (said == NULL || strstr(said, because) == NULL)
		fail_msg("said %s, not %s", said != NULL ? said : "nothing", because);
	assert_int_equal(g.count, before);
}

static void what_is_wrong_is_said(void **state)
{
	(void)state;
	struct sample s = good;
	assert_null(gather_take(&g, &frame, &s));
	assert_int_equal(g.count, 1);
	s.presence = PRESENCE_BLOCKED;
	refused(&s, "lens covered");
	s = good;
	s.face.found = false;
	refused(&s, "no face");
	s = good;
	s.measures.m[MEASURE_HEAD_YAW].value = -22;
	refused(&s, "turned by 22 deg");
	s = good;
	s.face.points[FACE_LEFT_EYE_OUTER].x = 0.46f;
	refused(&s, "too small");
}

static void light_is_watched(void **state)
{
	(void)state;
	light(10, 10);
	refused(&good, "too dark");
	light(35, 35);
	refused(&good, "your face is dark");
	light(250, 250);
	refused(&good, "washed out");
	light(45, 200);
	refused(&good, "one half of your face is 4 times as bright");
	light(90, 200);
	assert_null(gather_take(&g, &frame, &good));
}

/* The face in the dark before a bright window. */
static void light_from_behind_is_named(void **state)
{
	(void)state;
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			grey[y * WIDTH + x] = x > 250 && x < 390 ? 30 : 200;
	good.light = luma_measure(&frame);
	refused(&good, "curtain");
}

static void movement_counts_only_where_pictures_follow_each_other(void **state)
{
	(void)state;
	struct sample s = good;
	assert_null(gather_take(&g, &frame, &s));
	s.seconds = 0.3;
	s.head.translation[0] = 60;
	assert_null(gather_take(&g, &frame, &s));
	g.moving = true;
	s.seconds = 0.6;
	s.head.translation[0] = 120;
	refused(&s, "keep still");
	s.seconds = 0.9;
	s.head.translation[0] = 123;
	assert_null(gather_take(&g, &frame, &s));
}

static void take_at(double x, int times)
{
	struct sample s = good;
	s.head.translation[0] = x;
	for (int i = 0; i < times; i++)
		gather_take(&g, &frame, &s);
}

static void views_that_disagree_are_dropped_or_refused(void **state)
{
	(void)state;
	struct error error;
	double spread;
	take_at(0, 5);
	take_at(8, 4);
	take_at(50, 2);
	assert_int_equal(g.count, 11);
	assert_true(gather_settle(&g, 6, &spread, &error));
	assert_int_equal(g.count, 9);
	assert_true(spread > 0 && spread < 20);

	g.count = 0;
	take_at(0, 7);
	take_at(50, 5);
	assert_false(gather_settle(&g, 6, &spread, &error));
	assert_non_null(strstr(error.text, "moved by 5 cm"));

	g.count = 0;
	take_at(0, 5);
	assert_false(gather_settle(&g, 6, &spread, &error));
	assert_non_null(strstr(error.text, "5 good pictures are too few"));
	take_at(0, 40);
	assert_int_equal(g.count, GATHER_VIEWS);
}

/* ---- before the mirror ---- */

static struct gathering gathering;

static enum gathering_phase see(double seconds, bool face)
{
	struct sample s = good;
	s.seconds = seconds;
	s.face.found = face;
	return gathering_see(&gathering, &frame, &s);
}

static void a_gathering_counts_down_and_takes_pictures_apart(void **state)
{
	(void)state;
	gathering_init(&gathering);
	assert_int_equal(see(10, false), GATHERING_LOOKS);
	assert_non_null(strstr(gathering.problem, "no face"));
	for (int i = 0; i < 40; i++)
		assert_int_equal(see(10.1 + i * 0.1, true), GATHERING_LOOKS);
	assert_string_equal(gathering.problem, "");
	assert_int_equal(gathering_count(&gathering), 0);

	gathering_start(&gathering); /* at 14 s */
	assert_int_equal(see(14.1, true), GATHERING_COUNTS);
	assert_int_equal(gathering_count(&gathering), 3);
	assert_int_equal(see(16.9, true), GATHERING_COUNTS);
	assert_int_equal(gathering_count(&gathering), 1);
	assert_true(gathering_progress(&gathering) == 0);
	assert_int_equal(see(17.1, true), GATHERING_TAKES);
	assert_int_equal(gathering.gather.count, 1); /* of those before nothing is kept */
	assert_int_equal(see(17.2, true), GATHERING_TAKES);
	assert_int_equal(gathering.gather.count, 1);
	for (int i = 1; i < GATHER_VIEWS - 1; i++)
		assert_int_equal(see(17.1 + i * 0.31, true), GATHERING_TAKES);
	assert_int_equal(see(30, true), GATHERING_DONE);
	assert_true(gathering_progress(&gathering) == 1);
}

static void a_gathering_loses_patience(void **state)
{
	(void)state;
	gathering_init(&gathering);
	see(0, true);
	gathering_start(&gathering);
	assert_int_equal(see(3.1, true), GATHERING_TAKES);
	assert_int_equal(see(20, false), GATHERING_TAKES);
	assert_non_null(strstr(gathering.problem, "no face"));
	assert_int_equal(see(28, false), GATHERING_TAKES);
	assert_int_equal(see(28.2, false), GATHERING_DONE);
	assert_int_equal(gathering.gather.count, 1);
	gathering_start(&gathering);
	assert_int_equal(see(28.4, true), GATHERING_COUNTS);
	assert_int_equal(see(31.4, true), GATHERING_TAKES);
	assert_int_equal(gathering.gather.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_wrong_is_said, set_up),
		cmocka_unit_test_setup(light_is_watched, set_up),
		cmocka_unit_test_setup(light_from_behind_is_named, set_up),
		cmocka_unit_test_setup(movement_counts_only_where_pictures_follow_each_other,
		                       set_up),
		cmocka_unit_test_setup(views_that_disagree_are_dropped_or_refused, set_up),
		cmocka_unit_test_setup(a_gathering_counts_down_and_takes_pictures_apart, set_up),
		cmocka_unit_test_setup(a_gathering_loses_patience, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
