/* Each question of the checklist has its picture, which stays within its room and in which
 * something stands out. */
#include "coach/care.h"
#include "window/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HEIGHT = 120, WIDTH = 162, AIR = 8, PICTURES = 16 };

/* Black the plain, blue what is marked; the picture in the middle of air. */
static uint32_t *paint(const char *id, bool *known)
{
	static const struct desk_inks inks = {{0, 0, 0}, {0, 0, 1}};
	const int width = WIDTH + 2 * AIR, height = HEIGHT + 2 * AIR;
	uint32_t *pixels = calloc((size_t)width * (size_t)height, sizeof *pixels);
	assert_non_null(pixels);
	cairo_surface_t *surface = cairo_image_surface_create_for_data(
		(unsigned char *)pixels, CAIRO_FORMAT_ARGB32, width, height, 4 * width);
	cairo_t *cairo = cairo_create(surface);
	cairo_translate(cairo, AIR, AIR);
	*known = desk_draw(cairo, id, &inks, WIDTH, HEIGHT);
	cairo_destroy(cairo);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	return pixels;
}

static void every_question_has_a_picture_of_its_own(void **state)
{
	const struct care_question *questions;
	const int count = care_checks(&questions), width = WIDTH + 2 * AIR;
	uint32_t *all[PICTURES];
	(void)state;
	assert_true(count > 0 && count <= PICTURES);
	for (int q = 0; q < count; q++) {
		bool known;
		int plain = 0, marked = 0;
		all[q] = paint(questions[q].id, &known);
		if (!known)
			fail_msg("there is no picture of %s", questions[q].id);
		for (int y = 0; y < HEIGHT + 2 * AIR; y++)
			for (int x = 0; x < width; x++) {
				const uint32_t p = all[q][y * width + x];
				const bool outside = x < AIR || x >= WIDTH + AIR || y < AIR ||
						     y >= HEIGHT + AIR;
				marked += (p & 255) > 200;
				plain += p >> 24 > 60 && (p & 255) == 0;
				if (outside && p != 0)
					fail_msg("%s leaves its room at %d, %d", questions[q].id, x,
						 y);
			}
		if (marked < 40 || plain < 800)
			fail_msg("%s: %d pixels marked, %d not", questions[q].id, marked, plain);
		for (int other = 0; other < q; other++)
			if (memcmp(all[q], all[other], (size_t)width * (HEIGHT + 2 * AIR) * 4) == 0)
				fail_msg("%s looks like %s", questions[q].id, questions[other].id);
	}
	for (int q = 0; q < count; q++)
		free(all[q]);
}

/* ---- what stands out, and where ---- */

enum { SHARP_HEIGHT = 480, SHARP_WIDTH = 648 };
enum look { EMPTY, PLAIN, MARKED };

static enum look look_of(uint32_t pixel)
{
	return pixel == 0 ? EMPTY : (pixel & 255) > 200 ? MARKED : PLAIN;
}

/* cm of the drawing: from the hips toward the screen, and from the floor up. */
static uint32_t pixel_at(const uint32_t *pixels, double x, double y)
{
	const double scale = SHARP_HEIGHT / 139.0;
	const int column = (int)(SHARP_WIDTH / 2.0 + (x - 22) * scale);
	const int row = (int)(SHARP_HEIGHT / 2.0 - (y - 61.5) * scale);
	return pixels[row * SHARP_WIDTH + column];
}

static uint32_t *paint_sharp(const char *id)
{
	static const struct desk_inks inks = {{0, 0, 0}, {0, 0, 1}};
	uint32_t *pixels = calloc((size_t)SHARP_WIDTH * SHARP_HEIGHT, sizeof *pixels);
	assert_non_null(pixels);
	cairo_surface_t *surface = cairo_image_surface_create_for_data(
		(unsigned char *)pixels, CAIRO_FORMAT_ARGB32, SHARP_WIDTH, SHARP_HEIGHT,
		4 * SHARP_WIDTH);
	cairo_t *cairo = cairo_create(surface);
	assert_true(desk_draw(cairo, id, &inks, SHARP_WIDTH, SHARP_HEIGHT));
	cairo_destroy(cairo);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	return pixels;
}

static void what_is_asked_for_stands_out(void **state)
{
	static const struct { const char *id; double x, y; enum look look; } rows[] = {
		{"chair", 0, 42, MARKED}, {"chair", -27.5, 94, MARKED}, {"chair", 15, 53, PLAIN},
		{"chair", 30, 33, MARKED}, {"chair", 0, 10, PLAIN},
		{"lumbar", -27.5, 94, MARKED}, {"lumbar", 0, 42, PLAIN},
		{"lumbar", -40, 62, MARKED},
		{"feet", -40, 0, MARKED}, {"feet", 48, 3, MARKED}, {"feet", 38, 30, PLAIN},
		{"knees", 15, 53, MARKED}, {"knees", 38, 30, MARKED}, {"knees", 30, 39, MARKED},
		{"knees", 48, 3, PLAIN},
		{"elbows", -8, 90, MARKED}, {"elbows", 8, 74, MARKED}, {"elbows", 8, 84, MARKED},
		{"elbows", 30, 74, MARKED}, {"elbows", 6, 66, MARKED},
		{"wrists", 8, 74, MARKED}, {"wrists", 30, 74, MARKED}, {"wrists", -8, 90, PLAIN},
		{"keyboard", 40, 72, MARKED}, {"keyboard", 55, 79, MARKED},
		{"keyboard", 8, 74, PLAIN},
		{"screen", 64, 105, MARKED}, {"screen", 75, 70, PLAIN}, {"screen", 34, 107, EMPTY},
		{"distance", 64, 105, MARKED}, {"distance", 34, 107, MARKED},
		{"distance", 70, 107, EMPTY}, {"distance", -5, 118, PLAIN},
		{"front", 22, 102, MARKED}, {"front", 22, 28, MARKED}, {"front", 22, 120, PLAIN},
		{"front", 84, 90, PLAIN},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t *pixels = paint_sharp(rows[i].id);
		const enum look look = look_of(pixel_at(pixels, rows[i].x, rows[i].y));
		if (look != rows[i].look)
			fail_msg("%s at %g, %g: %d instead of %d", rows[i].id, rows[i].x, rows[i].y,
			         look, rows[i].look);
		free(pixels);
	}
}

/* However its parts overlap: the thigh lies on the seat's edge and before the leg. */
static void the_rest_is_one_faint_shape(void **state)
{
	uint32_t *pixels = paint_sharp("screen");
	int plain = 0;
	(void)state;
	for (int i = 0; i < SHARP_WIDTH * SHARP_HEIGHT; i++) {
		const uint32_t alpha = pixels[i] >> 24;
		if (look_of(pixels[i]) != PLAIN || (pixels[i] & 255) != 0)
			continue;
		plain++;
		assert_true(alpha > 0 && alpha < 120);
	}
	assert_true(plain > 10000);
	free(pixels);
}

/* Upright, above the arrow's left half and not below its line. */
static void the_distance_is_written(void **state)
{
	uint32_t *pixels = paint_sharp("distance");
	int above = 0, below = 0;
	(void)state;
	for (double x = 24; x < 52; x += 0.25)
		for (double y = 0.5; y < 6; y += 0.25) {
			above += look_of(pixel_at(pixels, x, 94 + y)) == MARKED;
			below += look_of(pixel_at(pixels, x, 94 - y)) == MARKED;
		}
	assert_true(above > 100);
	assert_int_equal(below, 0);
	free(pixels);
}

static void of_what_it_does_not_know_it_draws_nothing(void **state)
{
	bool known;
	uint32_t *pixels = paint("lamp", &known);
	(void)state;
	assert_false(known);
	for (int i = 0; i < (WIDTH + 2 * AIR) * (HEIGHT + 2 * AIR); i++)
		assert_int_equal(pixels[i], 0);
	free(pixels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_question_has_a_picture_of_its_own),
		cmocka_unit_test(what_is_asked_for_stands_out),
		cmocka_unit_test(the_rest_is_one_faint_shape),
		cmocka_unit_test(the_distance_is_written),
		cmocka_unit_test(of_what_it_does_not_know_it_draws_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
