/* Evening out light and colour: what a network gets of dark, blinding and tinted pictures. */
#include "image/even.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE = 40, STRIDE = 3 * SIZE + 5, ALL = SIZE * STRIDE };
static const float scale = 2.0f / 255, offset = -1; /* as the detectors have it */

/* Pixels around a mean of each colour, with one black and one white among them; rows from `rows` on
 * are outside the picture: black. */
static void paint(float *input, const float mean[3], int rows)
{
	for (int i = 0; i < ALL; i++)
		input[i] = 7; /* between the rows: nobody's */
	for (int y = 0; y < SIZE; y++)
		for (int x = 0; x < SIZE; x++)
			for (int c = 0; c < 3; c++) {
				const float wave = 0.1f * (float)((x + y) % 5 - 2);
				const float pixel = y >= rows ? 0 : mean[c] * (1 + wave);
				input[y * STRIDE + 3 * x + c] = pixel * scale + offset;
			}
	for (int c = 0; c < 3; c++) {
		input[c] = offset;
		input[3 + c] = 255 * scale + offset;
	}
}

static float mean_of(const float *input, int c, int rows)
{
	float sum = 0;
	for (int y = 0; y < rows; y++)
		for (int x = 0; x < SIZE; x++)
			sum += (input[y * STRIDE + 3 * x + c] - offset) / scale;
	return sum / (float)(rows * SIZE);
}

static void brings_every_colour_to_the_middle(void **state)
{
	static const float means[][3] = {{20, 20, 20}, {60, 110, 60}, {205, 205, 205},
	                                 {35, 60, 90}};
	static float input[ALL];
	(void)state;
	for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
		paint(input, means[i], SIZE);
		assert_true(even_out(input, SIZE, STRIDE, scale, offset, 1));
		for (int c = 0; c < 3; c++) {
			assert_float_equal(mean_of(input, c, SIZE), 0.45f * 255, 13);
			assert_float_equal(input[c], offset, 1e-6f);
			assert_float_equal(input[3 + c], 255 * scale + offset, 1e-6f);
		}
		assert_float_equal(input[3 * SIZE], 7, 0);
	}
}

static void leaves_a_usual_picture_alone(void **state)
{
	static const float usual[3] = {120, 110, 105};
	static float input[ALL], before[ALL];
	(void)state;
	paint(input, usual, SIZE);
	memcpy(before, input, sizeof before);
	assert_false(even_out(input, SIZE, STRIDE, scale, offset, 1));
	assert_memory_equal(input, before, sizeof before);
}

/* What is black because the square ends beyond the picture darkens nothing. */
static void counts_the_picture_only(void **state)
{
	static const float usual[3] = {115, 115, 115}, dark[3] = {30, 30, 30};
	static float input[ALL];
	(void)state;
	paint(input, usual, SIZE * 3 / 4);
	assert_false(even_out(input, SIZE, STRIDE, scale, offset, 0.75f));
	paint(input, dark, SIZE * 3 / 4);
	assert_true(even_out(input, SIZE, STRIDE, scale, offset, 0.75f));
	assert_float_equal(mean_of(input, 1, SIZE * 3 / 4), 0.45f * 255, 13);
	assert_float_equal(input[(SIZE - 1) * STRIDE], offset, 1e-6f);
}

/* A black or a white picture has nothing to bring out, and no number breaks. */
static void survives_black_and_white(void **state)
{
	static float input[ALL];
	(void)state;
	for (int white = 0; white < 2; white++) {
		for (int i = 0; i < ALL; i++)
			input[i] = white ? 255 * scale + offset : offset;
		even_out(input, SIZE, STRIDE, scale, offset, 1);
		for (int i = 0; i < ALL; i++)
			assert_float_equal(input[i], white ? 1 : -1, 1e-5f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brings_every_colour_to_the_middle),
		cmocka_unit_test(leaves_a_usual_picture_alone),
		cmocka_unit_test(counts_the_picture_only),
		cmocka_unit_test(survives_black_and_white),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
