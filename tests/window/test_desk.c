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
		cmocka_unit_test(of_what_it_does_not_know_it_draws_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
