/* The sampler against a slow one written straight from its contract: every layout, odd sizes down
 * to one pixel, regions inside, across and outside the frame. Planes are exactly as long as they
 * must be, so that the sanitizers see a read beyond them. */
#include "cpu/cpu.h"
#include "image/warp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FORMATS = PIXEL_YUV444 + 1, SIDE_MAX = 70 };

static unsigned random_state = 20240601;

static unsigned random_bits(void)
{
	random_state = random_state * 1664525 + 1013904223;
	return random_state >> 8;
}

static float random_between(float low, float high)
{
	return low + (high - low) * (float)random_bits() / (float)(1 << 24);
}

static uint8_t *random_plane(size_t size)
{
	uint8_t *p = malloc(size);
	assert_non_null(p);
	for (size_t i = 0; i < size; i++)
		p[i] = (uint8_t)random_bits();
	return p;
}

static struct frame make_frame(enum pixel_format format, int width, int height)
{
	struct frame f = {.format = format, .width = width, .height = height, .full_range = 1};
	const int half = (width + 1) / 2, half_rows = (height + 1) / 2;
	static const int bytes[FORMATS] = {[PIXEL_RGB24] = 3, [PIXEL_GREY] = 1,   [PIXEL_YUYV] = 0,
	                                   [PIXEL_NV12] = 1,  [PIXEL_YUV420] = 1,
	                                   [PIXEL_YUV422] = 1,
	                                   [PIXEL_YUV444] = 1};
	f.stride[0] = format == PIXEL_YUYV ? 4 * half : bytes[format] * width;
	f.plane[0] = random_plane((size_t)f.stride[0] * (size_t)height);
	const int rows = format == PIXEL_NV12 || format == PIXEL_YUV420 ? half_rows : height;
	if (format >= PIXEL_NV12) {
		f.stride[1] = format == PIXEL_NV12 ? 2 * half
		              : format == PIXEL_YUV444 ? width : half;
		f.plane[1] = random_plane((size_t)f.stride[1] * (size_t)rows);
	}
	if (format >= PIXEL_YUV420) {
		f.stride[2] = f.stride[1];
		f.plane[2] = random_plane((size_t)f.stride[2] * (size_t)rows);
	}
	return f;
}

static void free_frame(struct frame *f)
{
	for (int i = 0; i < 3; i++)
		free((void *)(uintptr_t)f->plane[i]);
}

static int halved_x(const struct frame *f, int c)
{
	return c > 0 && f->format != PIXEL_RGB24 && f->format != PIXEL_GREY &&
	       f->format != PIXEL_YUV444;
}

static int halved_y(const struct frame *f, int c)
{
	return c > 0 && (f->format == PIXEL_NV12 || f->format == PIXEL_YUV420);
}

/* Component c of the frame at its own column and row, replicated outside. */
static int component_at(const struct frame *f, int c, int x, int y)
{
	const int width = halved_x(f, c) ? (f->width + 1) / 2 : f->width;
	const int height = halved_y(f, c) ? (f->height + 1) / 2 : f->height;
	x = x < 0 ? 0 : x >= width ? width - 1 : x;
	y = y < 0 ? 0 : y >= height ? height - 1 : y;
	switch (f->format) {
	case PIXEL_RGB24: return f->plane[0][y * f->stride[0] + 3 * x + c];
	case PIXEL_GREY: return f->plane[0][y * f->stride[0] + x];
	case PIXEL_YUYV: return f->plane[0][y * f->stride[0] +
	                                    (c == 0 ? 2 * x : 4 * x + 2 * c - 1)];
	case PIXEL_NV12:
		return c == 0 ? f->plane[0][y * f->stride[0] + x]
		              : f->plane[1][y * f->stride[1] + 2 * x + c - 1];
	default: return f->plane[c][y * f->stride[c] + x];
	}
}

static double bilinear(const struct frame *f, int c, double x, double y)
{
	if (halved_x(f, c))
		x = x / 2 - 0.25;
	if (halved_y(f, c))
		y = y / 2 - 0.25;
	const int x0 = (int)floor(x), y0 = (int)floor(y);
	const double fx = x - x0, fy = y - y0;
	return (1 - fy) *
	       ((1 - fx) * component_at(f, c, x0, y0) + fx * component_at(f, c, x0 + 1, y0)) +
	       fy * ((1 - fx) * component_at(f, c, x0, y0 + 1) +
	             fx * component_at(f, c, x0 + 1, y0 + 1));
}

/* The weight of the four neighbours that lie inside, one by one. */
static double inside_share(const struct frame *f, double x, double y)
{
	const int x0 = (int)floor(x), y0 = (int)floor(y);
	const double fx = x - x0, fy = y - y0;
	double share = 0;
	for (int k = 0; k < 4; k++) {
		const int px = x0 + k % 2, py = y0 + k / 2;
		if (px >= 0 && px < f->width && py >= 0 && py < f->height)
			share += (k % 2 ? fx : 1 - fx) * (k / 2 ? fy : 1 - fy);
	}
	return share;
}

static double bounded(double v)
{
	return fmax(0, fmin(255, v));
}

static void expected(const struct frame *f, double x, double y, enum warp_border border,
                     double rgb[3])
{
	double c[3];
	for (int i = 0; i < 3; i++)
		c[i] = bilinear(f, i, x, y);
	if (f->format == PIXEL_RGB24 || f->format == PIXEL_GREY) {
		memcpy(rgb, c, sizeof c);
	} else {
		const double luma = f->full_range ? c[0] : (c[0] - 16) * 255 / 219;
		const double chroma = f->full_range ? 1 : 255.0 / 224;
		const double cb = (c[1] - 128) * chroma, cr = (c[2] - 128) * chroma;
		rgb[0] = bounded(luma + 1.402 * cr);
		rgb[1] = bounded(luma - 0.344136 * cb - 0.714136 * cr);
		rgb[2] = bounded(luma + 1.772 * cb);
	}
	for (int i = 0; border == BORDER_ZERO && i < 3; i++)
		rgb[i] *= inside_share(f, x, y);
}

/* Coordinates carry the rounding of a float: a steep edge between two pixels turns 1e-5 of a pixel
 * into 1e-3 of a level. */
static void compare(const struct frame *f, const struct roi *roi, int size, enum warp_border border)
{
	static float out[SIDE_MAX * (SIDE_MAX * 3 + 5)];
	const size_t stride = (size_t)size * 3 + 5;
	for (size_t i = 0; i < stride * (size_t)size; i++)
		out[i] = -77;
	warp_roi(f, roi, size, border, 0.5f, -3, out, stride);
	const double reach = fabs((double)roi->cx) + fabs((double)roi->cy) + (double)roi->side;
	const double tolerance = 1e-3 + 255 * 4 * 2e-7 * reach;
	for (int j = 0; j < size; j++) {
		for (int i = 0; i < size; i++) {
			const double u = ((i + 0.5) / size - 0.5) * (double)roi->side;
			const double v = ((j + 0.5) / size - 0.5) * (double)roi->side;
			const double cosine = cos((double)roi->rotation),
			             sine = sin((double)roi->rotation);
			double rgb[3];
			expected(f, (double)roi->cx + u * cosine - v * sine - 0.5,
			         (double)roi->cy + u * sine + v * cosine - 0.5, border, rgb);
			for (int c = 0; c < 3; c++) {
				const double got =
					(double)out[(size_t)j * stride + (size_t)(3 * i + c)];
				if (!(fabs(got - (rgb[c] * 0.5 - 3)) <= tolerance))
					fail_msg("format %d, %dx%d, roi %g %g %g %g, border %d, "
					         "sample %d %d channel %d: %g instead of %g",
					         (int)f->format, f->width,
					         f->height, (double)roi->cx, (double)roi->cy,
					         (double)roi->side, (double)roi->rotation,
					         (int)border, i, j, c, got, rgb[c] * 0.5 - 3);
			}
		}
		for (size_t i = (size_t)size * 3; i < stride; i++)
			assert_true(out[(size_t)j * stride + i] == -77);
	}
}

static void agrees_with_the_slow_one(void **state)
{
	static const int sizes[][2] = {{1, 1}, {1, 5}, {2, 2}, {3, 1}, {5, 7}, {16, 9}, {33, 24}};
	(void)state;
	for (int format = 0; format < FORMATS; format++)
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			struct frame f = make_frame((enum pixel_format)format,
			                            sizes[s][0], sizes[s][1]);
			for (int round = 0; round < 24; round++) {
				const struct roi roi = {
					.cx = random_between(-0.5f, 1.5f) * (float)f.width,
					.cy = random_between(-0.5f, 1.5f) * (float)f.height,
					.side = random_between(0.3f, 3) * (float)f.width,
					.rotation = round % 3 == 0 ? 0 : random_between(-4, 4),
				};
				f.full_range = round % 2;
				compare(&f, &roi, 1 + (int)(random_bits() % SIDE_MAX),
				        round % 4 < 2 ? BORDER_ZERO : BORDER_REPLICATE);
			}
			free_frame(&f);
		}
}

/* One to one and upright, the samples are the pixels. */
static void copies_pixels_exactly(void **state)
{
	(void)state;
	struct frame f = make_frame(PIXEL_RGB24, 16, 16);
	const struct roi roi = {8, 8, 16, 0};
	float out[16 * 16 * 3];
	warp_roi(&f, &roi, 16, BORDER_ZERO, 1, 0, out, 16 * 3);
	for (int i = 0; i < 16 * 16 * 3; i++)
		assert_true(out[i] == (float)f.plane[0][i]);
	free_frame(&f);
}

/* Regions that tracking on nonsense could ask for are answered with border or black, not with a
 * crash. */
static void survives_absurd_regions(void **state)
{
	static const struct roi rois[] = {
		{NAN, 3, 10, 0},  {3, NAN, 10, 0},    {3, 3, NAN, 0},     {3, 3, 10, NAN},
		{1e30f, 3, 5, 0}, {3, -1e30f, 5, 1},  {3, 3, 1e30f, 0.5f}, {INFINITY, 3, 5, 0},
		{3, 3, 0, 0},     {3, 3, -4, 0},      {3, 3, INFINITY, 0},
	};
	(void)state;
	for (int format = 0; format < FORMATS; format++) {
		struct frame f = make_frame((enum pixel_format)format, 7, 6);
		for (size_t i = 0; i < sizeof rois / sizeof *rois; i++) {
			float out[20 * 20 * 3];
			warp_roi(&f, &rois[i], 20, BORDER_REPLICATE, 1, 0, out, 20 * 3);
			for (int k = 0; k < 20 * 20 * 3; k++)
				assert_true(out[k] >= 0 && out[k] <= 255);
			warp_roi(&f, &rois[i], 20, BORDER_ZERO, 1, 0, out, 20 * 3);
		}
		free_frame(&f);
	}
}

/* The mean of 2 x 2, or 4 x 4, plain samples, each of its own region. */
static void smooth_is_the_mean_of_many(void **state)
{
	enum { SIZE = 70, COUNT = SIZE * SIZE * 3 };
	static const struct roi rois[] = {{20, 15, 40, 0.3f}, {20, 15, 400, -1}, {3, 4, 9, 2}};
	static float got[COUNT], one[COUNT], want[COUNT];
	(void)state;
	struct frame f = make_frame(PIXEL_YUV422, 41, 30);
	for (size_t r = 0; r < 2 * sizeof rois / sizeof *rois; r++) {
		const bool wide = r % 2 == 1;
		const struct roi *roi = &rois[r / 2];
		const float apart = fmaxf(roi->side / SIZE / (wide ? 1.5f : 4), 0.75f);
		const float cosine = cosf(roi->rotation), sine = sinf(roi->rotation);
		const int side = wide ? 4 : 2;
		memset(want, 0, sizeof want);
		for (int k = 0; k < side * side; k++) {
			/* from -apart to apart along and across the turned region */
			const float x = apart * (2 * (float)(k % side) / (float)(side - 1) - 1),
			            y = apart * (2 * (float)(k / side) / (float)(side - 1) - 1);
			struct roi moved = *roi;
			moved.cx += x * cosine - y * sine;
			moved.cy += x * sine + y * cosine;
			warp_roi(&f, &moved, SIZE, BORDER_ZERO, 2, 1, one, SIZE * 3);
			for (int i = 0; i < COUNT; i++)
				want[i] += one[i] / (float)(side * side);
		}
		warp_roi_smooth(&f, roi, SIZE, wide, BORDER_ZERO, 2, 1, got, SIZE * 3);
		for (int i = 0; i < COUNT; i++)
			if (!(fabsf(got[i] - want[i]) < 0.1f))
				fail_msg("case %zu value %d: %g instead of %g",
				         r, i, (double)got[i], (double)want[i]);
	}
	free_frame(&f);
}

/* Every instruction set gives the same numbers to the last bit. */
static void every_level_agrees(void **state)
{
	(void)state;
	static const struct { enum cpu_level level; const char *name; } levels[] = {
		{CPU_AVX512, "avx512"}, {CPU_AVX2, "avx2"}, {CPU_SSE2, "sse2"},
	};
	enum { SIZE = 67 };
	static float first[SIZE * SIZE * 3], other[SIZE * SIZE * 3];
	int compared = 0;
	for (int format = 0; format < FORMATS; format++) {
		struct frame f = make_frame((enum pixel_format)format, 61, 43);
		const struct roi roi = {30, 20, random_between(20, 90), random_between(-3, 3)};
		for (int smooth = 0; smooth < 2; smooth++) {
			float *out = first;
			for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
				if (!cpu_has(levels[i].level) || !cpu_cap(levels[i].name))
					continue;
				if (smooth)
					warp_roi_smooth(&f, &roi, SIZE, format % 2 == 0,
					                BORDER_ZERO, 2, -1, out,
					                (size_t)SIZE * 3);
				else
					warp_roi(&f, &roi, SIZE, BORDER_ZERO, 2, -1, out,
					         (size_t)SIZE * 3);
				if (out == other)
					assert_memory_equal(first, other, sizeof first);
				compared += out == other;
				out = other;
			}
		}
		free_frame(&f);
	}
	printf("%d comparisons between levels\n", compared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_slow_one),
		cmocka_unit_test(smooth_is_the_mean_of_many),
		cmocka_unit_test(copies_pixels_exactly),
		cmocka_unit_test(survives_absurd_regions),
		cmocka_unit_test(every_level_agrees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
