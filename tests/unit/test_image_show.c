/* The shown picture against a plain one: a triangle over the frame's own colours, in doubles. */
#include "image/convert.h"
#include "image/show.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 48, HEIGHT = 32, GUARD = 0x5a5a5a5a };

/* A smooth picture with an edge in it, in every format. */
struct pictures {
	uint8_t y[WIDTH * HEIGHT], u[WIDTH * HEIGHT], v[WIDTH * HEIGHT];
	uint8_t half_u[WIDTH * HEIGHT / 2], half_v[WIDTH * HEIGHT / 2];
	uint8_t yuyv[WIDTH * HEIGHT * 2], nv12[WIDTH * HEIGHT / 2];
	uint8_t quarter_u[WIDTH * HEIGHT / 4], quarter_v[WIDTH * HEIGHT / 4];
	uint8_t rgb[WIDTH * HEIGHT * 3];
};

static void paint(struct pictures *p)
{
	for (int j = 0; j < HEIGHT; j++)
		for (int i = 0; i < WIDTH; i++) {
			const int at = j * WIDTH + i;
			p->y[at] = (uint8_t)(i < WIDTH / 3 ? 60 + 2 * j : 190 - 2 * i + j);
			p->u[at] = (uint8_t)(100 + i / 2 + j / 4);
			p->v[at] = (uint8_t)(150 - i / 2 + j / 4);
			p->half_u[at / 2] = p->u[at];
			p->half_v[at / 2] = p->v[at];
			p->yuyv[2 * at] = p->y[at];
			p->yuyv[2 * at + 1] = i % 2 ? p->v[at - 1] : p->u[at];
			for (int c = 0; c < 3; c++)
				p->rgb[3 * at + c] = (uint8_t)(20 + 60 * c + 2 * i + j);
		}
	for (int j = 0; j < HEIGHT / 2; j++)
		for (int i = 0; i < WIDTH / 2; i++) {
			const int at = j * WIDTH / 2 + i, from = 2 * j * WIDTH + 2 * i;
			p->quarter_u[at] = p->nv12[2 * at] = p->u[from];
			p->quarter_v[at] = p->nv12[2 * at + 1] = p->v[from];
		}
}

static double share_of(int sample, double centre, double reach)
{
	return fmax(0, 1 - fabs(sample - centre) / reach);
}

/* Of the frame's pixel colours; what lies between half-size samples differs by little in a smooth
 * picture. */
static void expect(const struct frame *f, int width, int height, int x, int y, double rgb[3])
{
	const double step_x = (double)f->width / width, step_y = (double)f->height / height;
	const double cx = (width - 1 - x + 0.5) * step_x - 0.5, cy = (y + 0.5) * step_y - 0.5;
	double sum = 0;
	rgb[0] = rgb[1] = rgb[2] = 0;
	for (int j = 0; j < f->height; j++)
		for (int i = 0; i < f->width; i++) {
			const double w = share_of(i, cx, fmax(1, step_x)) *
					 share_of(j, cy, fmax(1, step_y));
			float c[3];
			if (w <= 0)
				continue;
			frame_pixel(f, i, j, c);
			sum += w;
			for (int k = 0; k < 3; k++)
				rgb[k] += w * (double)c[k];
		}
	for (int k = 0; k < 3; k++)
		rgb[k] /= sum;
}

static void compare(const struct frame *f, int width, int height, double most)
{
	const int stride = width + 3;
	uint32_t *got = malloc((size_t)stride * (size_t)height * sizeof *got);
	assert_non_null(got);
	for (int i = 0; i < stride * height; i++)
		got[i] = GUARD;
	assert_true(frame_mirror(f, width, height, got, stride));
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			double want[3];
			const uint32_t p = got[y * stride + x];
			expect(f, width, height, x, y, want);
			assert_int_equal(p >> 24, 255);
			for (int c = 0; c < 3; c++)
				if (fabs((double)(p >> (16 - 8 * c) & 255) - want[c]) > most)
					fail_msg("format %d to %d x %d, %d,%d channel %d: %u "
						 "instead of %.1f", (int)f->format, width,
						 height, x, y, c, p >> (16 - 8 * c) & 255,
						 want[c]);
		}
		for (int x = width; x < stride; x++)
			assert_int_equal(got[y * stride + x], GUARD);
	}
	free(got);
}

static void every_format_is_scaled_and_mirrored(void **state)
{
	static struct pictures p;
	static const int sizes[][2] = {{WIDTH, HEIGHT}, {31, 21}, {12, 8}, {7, 5}, {100, 67},
				       {1, 1}};
	(void)state;
	paint(&p);
	for (int full = 0; full < 2; full++) {
		const struct frame frames[] = {
			{PIXEL_RGB24, full, WIDTH, HEIGHT, {p.rgb}, {3 * WIDTH}, 0, 0},
			{PIXEL_GREY, full, WIDTH, HEIGHT, {p.y}, {WIDTH}, 0, 0},
			{PIXEL_YUV444, full, WIDTH, HEIGHT, {p.y, p.u, p.v},
			 {WIDTH, WIDTH, WIDTH}, 0, 0},
			{PIXEL_YUV422, full, WIDTH, HEIGHT, {p.y, p.half_u, p.half_v},
			 {WIDTH, WIDTH / 2, WIDTH / 2}, 0, 0},
			{PIXEL_YUYV, full, WIDTH, HEIGHT, {p.yuyv}, {2 * WIDTH}, 0, 0},
			{PIXEL_NV12, full, WIDTH, HEIGHT, {p.y, p.nv12}, {WIDTH, WIDTH}, 0, 0},
			{PIXEL_YUV420, full, WIDTH, HEIGHT, {p.y, p.quarter_u, p.quarter_v},
			 {WIDTH, WIDTH / 2, WIDTH / 2}, 0, 0},
		};
		for (size_t f = 0; f < sizeof frames / sizeof *frames; f++) {
			const bool plain = frames[f].format == PIXEL_RGB24 ||
					   frames[f].format == PIXEL_GREY;
			for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
				compare(&frames[f], sizes[s][0], sizes[s][1], plain ? 1.5 : 4.5);
		}
	}
}

/* The last row of a plane may end at the end of its memory, odd sizes have half a pair of chroma;
 * the sanitizers read along. */
static void odd_sizes_stay_within(void **state)
{
	enum { W = 17, H = 9, HALF_W = 9, HALF_H = 5 };
	uint8_t *y = malloc(W * H), *u = malloc(HALF_W * HALF_H), *v = malloc(HALF_W * HALF_H);
	(void)state;
	assert_true(y != NULL && u != NULL && v != NULL);
	memset(y, 120, W * H);
	memset(u, 128, HALF_W * HALF_H);
	memset(v, 128, HALF_W * HALF_H);
	const struct frame f = {PIXEL_YUV420, 1, W, H, {y, u, v}, {W, HALF_W, HALF_W}, 0, 0};
	for (int width = 1; width <= 40; width += 3)
		for (int height = 1; height <= 24; height += 4)
			compare(&f, width, height, 1);
	free(y);
	free(u);
	free(v);
}

static void a_frame_keeps_its_shape(void **state)
{
	static const struct frame f = {.width = 640, .height = 480};
	static const int rows[][4] = {
		{640, 480, 640, 480}, {427, 320, 426, 320}, {728, 320, 426, 320},
		{100, 900, 100, 75}, {2000, 1200, 1600, 1200}, {1, 1, 1, 1}, {0, 0, 1, 1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int width, height;
		frame_fit(&f, rows[i][0], rows[i][1], &width, &height);
		assert_int_equal(width, rows[i][2]);
		assert_int_equal(height, rows[i][3]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_is_scaled_and_mirrored),
		cmocka_unit_test(odd_sizes_stay_within),
		cmocka_unit_test(a_frame_keeps_its_shape),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
