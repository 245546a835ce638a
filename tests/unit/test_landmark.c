/* The arithmetic around the networks: anchors, suppression, regions, the filter. */
#include "landmark/detect.h"
#include "landmark/one_euro.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define assert_near(a, b, tolerance)                               \
	do {                                                       \
		const double a_ = (double)(a), b_ = (double)(b);   \
		if (!(fabs(a_ - b_) <= (tolerance)))               \
			fail_msg(#a " is %.9g, not %.9g", a_, b_); \
	} while (0)

static void anchors_lie_row_by_row(void **state)
{
	static const struct detector_grid pose[] = {{28, 2}, {14, 2}, {7, 6}},
	                                  face[] = {{16, 2}, {8, 6}};
	static float anchors[ANCHORS_MAX][2];
	(void)state;
	assert_int_equal(detector_anchors(face, 2, anchors), 896);
	assert_near(anchors[512][0], 0.5 / 8, 1e-7);
	assert_int_equal(detector_anchors(pose, 3, anchors), 2254);
	static const struct {
		int index;
		double x, y;
	} rows[] = {
		{0, 0.5 / 28, 0.5 / 28},    {1, 0.5 / 28, 0.5 / 28},     {2, 1.5 / 28, 0.5 / 28},
		{56, 0.5 / 28, 1.5 / 28},   {1567, 27.5 / 28, 27.5 / 28},
		{1568, 0.5 / 14, 0.5 / 14},
		{1959, 13.5 / 14, 13.5 / 14}, {1960, 0.5 / 7, 0.5 / 7},  {1966, 1.5 / 7, 0.5 / 7},
		{2253, 6.5 / 7, 6.5 / 7},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_near(anchors[rows[i].index][0], rows[i].x, 1e-7);
		assert_near(anchors[rows[i].index][1], rows[i].y, 1e-7);
	}
}

static struct detection box(float score, float x0, float y0, float x1, float y1)
{
	struct detection d = {.score = score, .x0 = x0, .y0 = y0, .x1 = x1, .y1 = y1};
	d.points[0][0] = x0;
	d.points[0][1] = y1;
	return d;
}

static void suppression_averages_what_overlaps(void **state)
{
	(void)state;
	/* The first two overlap by 80/120; the third touches nothing; the fourth overlaps the
	 * second by 70/130 but the best one by only 50/150 and still joins it; the fifth by 25/175
	 * does not. */
	struct detection d[] = {
		box(0.6f, 102, 0, 112, 10), box(0.9f, 100, 0, 110, 10), box(0.7f, 200, 50, 210, 60),
		box(0.5f, 105, 0, 115, 10), box(0.55f, 107.5f, 0, 117.5f, 10),
	};
	assert_int_equal(suppress(d, 5, 4, 0.3f), 3);
	assert_near(d[0].score, 0.9, 1e-7);
	assert_near(d[0].x0, (0.9 * 100 + 0.6 * 102 + 0.5 * 105) / 2.0, 1e-4);
	assert_near(d[0].x1, (0.9 * 110 + 0.6 * 112 + 0.5 * 115) / 2.0, 1e-4);
	assert_near(d[0].points[0][0], d[0].x0, 1e-4);
	assert_near(d[0].points[0][1], 10, 1e-4);
	assert_near(d[1].score, 0.7, 1e-7);
	assert_near(d[1].x0, 200, 1e-4);
	assert_near(d[2].score, 0.55, 1e-7);
	assert_near(d[2].x0, 107.5, 1e-4);
}

/* Squares of 10 that lie 6.2 and 5.2 apart share 0.235 and 0.316 of what both cover. */
static void boxes_are_one_from_three_tenths_on(void **state)
{
	(void)state;
	struct detection apart[] = {box(0.9f, 100, 0, 110, 10), box(0.6f, 106.2f, 0, 116.2f, 10)};
	assert_int_equal(suppress(apart, 2, 4, 0.3f), 2);
	struct detection one[] = {box(0.9f, 100, 0, 110, 10), box(0.6f, 105.2f, 0, 115.2f, 10)};
	assert_int_equal(suppress(one, 2, 4, 0.3f), 1);
}

static void suppression_survives_boxes_without_area(void **state)
{
	(void)state;
	struct detection d[] = {box(0.8f, 5, 5, 5, 5), box(0.9f, 5, 5, 5, 5),
	                        box(0.7f, 0, 0, 10, 10)};
	assert_int_equal(suppress(d, 3, 4, 0.3f), 3);
	for (int i = 0; i < 3; i++)
		assert_true(isfinite(d[i].x0) && isfinite(d[i].points[0][1]));
	assert_int_equal(suppress(d, 0, 4, 0.3f), 0);
}

static void frame_region_covers_the_longer_side(void **state)
{
	(void)state;
	const struct frame wide = {.width = 640, .height = 480},
	                   tall = {.width = 300, .height = 700};
	struct roi r = frame_roi(&wide);
	assert_near(r.cx, 320, 0);
	assert_near(r.cy, 240, 0);
	assert_near(r.side, 640, 0);
	assert_near(r.rotation, 0, 0);
	assert_near(frame_roi(&tall).side, 700, 0);
}

/* Against the recurrence written with the paper's own symbols (Casiez, Roussel, Vogel 2012). */
static void filter_follows_its_recurrence(void **state)
{
	static const double times[] = {0, 0.04, 0.08, 0.5, 1.5},
	                    values[] = {10, 10.4, 9.9, 14, 14.1};
	const double scale = 0.01, min_cutoff = 0.01, beta = 10;
	struct one_euro f = {0};
	double x = 0, dx = 0, previous = 0;
	(void)state;
	for (int i = 0; i < 5; i++) {
		const double got = one_euro_step(&f, values[i], times[i], scale, min_cutoff, beta);
		if (i == 0) {
			x = values[0];
		} else {
			const double te = times[i] - times[i - 1];
			const double tau_d = 1 / (2 * M_PI * 1);
			dx += (1 / (1 + tau_d / te)) * ((values[i] - previous) * scale / te - dx);
			const double tau = 1 / (2 * M_PI * (min_cutoff + beta * fabs(dx)));
			x += (1 / (1 + tau / te)) * (values[i] - x);
		}
		previous = values[i];
		assert_near(got, x, 1e-12);
	}
}

static void filter_is_still_when_still_and_quick_when_quick(void **state)
{
	struct one_euro jitter = {0}, leap = {0};
	double low = HUGE_VAL, high = -HUGE_VAL, followed = 0;
	(void)state;
	for (int i = 0; i < 100; i++) {
		const double v = one_euro_step(&jitter, 200 + (i % 2 ? 0.5 : -0.5),
		                               i / 30.0, 1.0 / 400, 0.01, 10);
		if (i >= 10) {
			low = fmin(low, v);
			high = fmax(high, v);
		}
		followed = one_euro_step(&leap, i < 50 ? 0 : 10.0 * (i - 50),
		                         i / 30.0, 1.0 / 400, 0.01, 10);
	}
	assert_true(high - low < 0.5);
	assert_near(followed, 490, 15);
	/* A clock that stands still or runs backwards changes nothing. */
	assert_near(one_euro_step(&leap, 9999, 99 / 30.0, 1.0 / 400, 0.01, 10), followed, 0);
	assert_near(one_euro_step(&leap, 9999, 1, 1.0 / 400, 0.01, 10), followed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anchors_lie_row_by_row),
		cmocka_unit_test(suppression_averages_what_overlaps),
		cmocka_unit_test(suppression_survives_boxes_without_area),
		cmocka_unit_test(boxes_are_one_from_three_tenths_on),
		cmocka_unit_test(frame_region_covers_the_longer_side),
		cmocka_unit_test(filter_follows_its_recurrence),
		cmocka_unit_test(filter_is_still_when_still_and_quick_when_quick),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
