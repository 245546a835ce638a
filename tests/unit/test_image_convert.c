/* Colours against the standard's corner values, and what the light statistics call blocked. */
#include "image/convert.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void colours_are_those_of_bt601(void **state)
{
	/* 75 % and 100 % bars of limited range (BT.601-7 table), and JFIF's full range. */
	static const struct {
		int y, u, v, full;
		int rgb[3];
	} rows[] = {
		{16, 128, 128, 0, {0, 0, 0}},     {235, 128, 128, 0, {255, 255, 255}},
		{81, 90, 240, 0, {255, 0, 0}},    {145, 54, 34, 0, {0, 255, 0}},
		{41, 240, 110, 0, {0, 0, 255}},   {0, 128, 128, 1, {0, 0, 0}},
		{255, 128, 128, 1, {255, 255, 255}}, {76, 85, 255, 1, {254, 0, 0}},
		{150, 44, 21, 1, {0, 255, 1}},    {29, 255, 107, 1, {0, 0, 254}},
		{0, 0, 0, 1, {0, 135, 0}},        {255, 255, 255, 1, {255, 121, 255}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		float rgb[3];
		yuv_to_rgb(rows[i].y, rows[i].u, rows[i].v, rows[i].full, rgb);
		for (int c = 0; c < 3; c++)
			if (fabs((double)rgb[c] - rows[i].rgb[c]) > 2.5)
				fail_msg("row %zu channel %d: %g instead of %d",
				         i, c, (double)rgb[c], rows[i].rgb[c]);
	}
}

enum { WIDTH = 8, HEIGHT = 4 };

/* The same picture in every layout (colour constant over 2 x 2 pixels) gives the same RGB. */
static void layouts_agree(void **state)
{
	uint8_t y[WIDTH * HEIGHT], u[WIDTH * HEIGHT], v[WIDTH * HEIGHT], yuyv[WIDTH * HEIGHT * 2];
	uint8_t u420[8], v420[8], u422[16], v422[16], nv12[16], want[WIDTH * HEIGHT * 3];
	(void)state;
	for (int j = 0; j < HEIGHT; j++)
		for (int i = 0; i < WIDTH; i++) {
			const int at = j * WIDTH + i, half = (j / 2) * 4 + i / 2;
			y[at] = (uint8_t)(40 + 5 * at);
			u[at] = (uint8_t)(100 + 7 * half);
			v[at] = (uint8_t)(160 - 6 * half);
			u420[half] = nv12[2 * half] = u[at];
			v420[half] = nv12[2 * half + 1] = v[at];
			u422[j * 4 + i / 2] = u[at];
			v422[j * 4 + i / 2] = v[at];
			yuyv[2 * at] = y[at];
			yuyv[2 * at + 1] = i % 2 ? v[at] : u[at];
		}
	const struct frame frames[] = {
		{PIXEL_YUV444, 1, WIDTH, HEIGHT, {y, u, v}, {WIDTH, WIDTH, WIDTH}, 0, 0},
		{PIXEL_YUV422, 1, WIDTH, HEIGHT, {y, u422, v422}, {WIDTH, 4, 4}, 0, 0},
		{PIXEL_YUV420, 1, WIDTH, HEIGHT, {y, u420, v420}, {WIDTH, 4, 4}, 0, 0},
		{PIXEL_NV12, 1, WIDTH, HEIGHT, {y, nv12, NULL}, {WIDTH, 8, 0}, 0, 0},
		{PIXEL_YUYV, 1, WIDTH, HEIGHT, {yuyv, NULL, NULL}, {2 * WIDTH, 0, 0}, 0, 0},
	};
	frame_to_rgb(&frames[0], want, WIDTH * 3);
	assert_true(want[0] != want[1] && want[3 * 31] != want[0]);
	for (size_t k = 1; k < sizeof frames / sizeof *frames; k++) {
		uint8_t got[HEIGHT * 40];
		frame_to_rgb(&frames[k], got, 40);
		for (int j = 0; j < HEIGHT; j++)
			assert_memory_equal(got + 40 * j, want + 3 * WIDTH * j, 3 * WIDTH);
	}
	const struct frame rgb = {PIXEL_RGB24, 1, WIDTH, HEIGHT, {want, NULL, NULL},
	                          {3 * WIDTH, 0, 0}, 0, 0};
	uint8_t again[sizeof want];
	frame_to_rgb(&rgb, again, 3 * WIDTH);
	assert_memory_equal(again, want, sizeof want);
}

static struct luma_statistics measure(const uint8_t *pixels, int width, int height)
{
	const struct frame f = {
		.format = PIXEL_GREY, .full_range = 1, .width = width, .height = height,
		.plane = {pixels, NULL, NULL}, .stride = {width, 0, 0}};
	return luma_measure(&f);
}

static void light_is_measured(void **state)
{
	enum { W = 320, H = 240 };
	static uint8_t p[W * H];
	(void)state;
	/* Black above, white below, the sensor's noise absent. */
	memset(p, 0, W * H / 4);
	memset(p + W * H / 4, 255, W * H * 3 / 4);
	struct luma_statistics s = measure(p, W, H);
	assert_true(fabs(s.mean - 255 * 0.75) < 1e-9);
	assert_true(fabs(s.dark_share - 0.25) < 1e-9 && fabs(s.bright_share - 0.75) < 1e-9);
	assert_true(fabs(s.deviation - 255 * sqrt(0.75 * 0.25)) < 1e-6);
	assert_false(luma_is_blocked(&s));
	/* One pixel is a picture too. */
	s = measure((const uint8_t[]){99}, 1, 1);
	assert_true(s.mean == 99 && s.deviation == 0);
}

static void blocked_is_dark_or_even(void **state)
{
	enum { W = 64, H = 64 };
	static uint8_t p[W * H];
	/* mean, amplitude of the noise, and of a scene's gradient */
	static const struct {
		int mean, noise, scene;
		bool blocked, blank;
	} rows[] = {
		{2, 4, 0, true, true},      /* a shutter: black with noise */
		{0, 0, 0, true, true},
		{128, 1, 0, true, true},    /* a sticker, lit from behind */
		{7, 1, 16, true, false},    /* a room so dark that a face might still be found */
		{40, 6, 60, false, false},  /* a dim room */
		{120, 4, 100, false, false},
		{60, 4, 20, false, false},  /* fog */
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned random = 3;
		for (int k = 0; k < W * H; k++) {
			random = random * 1664525 + 1013904223;
			int v = rows[i].mean + rows[i].scene * (k % W - W / 2) / W;
			v += rows[i].noise
			     ? (int)((random >> 16) % (unsigned)(2 * rows[i].noise + 1)) -
			                     rows[i].noise : 0;
			p[k] = (uint8_t)(v < 0 ? 0 : v);
		}
		const struct luma_statistics s = measure(p, W, H);
		if (luma_is_blocked(&s) != rows[i].blocked || luma_is_blank(&s) != rows[i].blank)
			fail_msg("row %zu: mean %g, deviation %g, dark %g", i, s.mean, s.deviation,
			         s.dark_share);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_are_those_of_bt601),
		cmocka_unit_test(layouts_agree),
		cmocka_unit_test(light_is_measured),
		cmocka_unit_test(blocked_is_dark_or_even),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
