/* Pictures at the limits: what counts as dark, blocked, blank, stray, cut, and as another
 * picture. */
#include "image/convert.h"
#include "image/jpeg.h"
#include "image/warp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <turbojpeg.h>

#include <cmocka.h>

static struct frame grey(const uint8_t *pixels, int width, int height)
{
	return (struct frame){.format = PIXEL_GREY, .full_range = 1, .width = width,
	                      .height = height,
	                      .plane = {pixels}, .stride = {width}};
}

static void levels_are_rounded(void **state)
{
	/* 100 - 0.344136 * 2 = 99.31 and 100 + 1.772 * 2 = 103.54 */
	const uint8_t y = 100, u = 130, v = 128;
	const struct frame f = {PIXEL_YUV444, 1, 1, 1, {&y, &u, &v}, {1, 1, 1}, 0, 0};
	uint8_t rgb[3];
	(void)state;
	frame_to_rgb(&f, rgb, 3);
	assert_int_equal(rgb[0], 100);
	assert_int_equal(rgb[1], 99);
	assert_int_equal(rgb[2], 104);
}

static void every_pixel_is_in_the_fingerprint(void **state)
{
	enum { WIDTH = 13, HEIGHT = 3 };
	uint8_t pixels[WIDTH * HEIGHT] = {0};
	(void)state;
	const struct frame f = grey(pixels, WIDTH, HEIGHT);
	const uint64_t before = frame_fingerprint(&f);
	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		pixels[i] = 1;
		if (frame_fingerprint(&f) == before)
			fail_msg("pixel %d", i);
		pixels[i] = 0;
	}
	assert_true(frame_fingerprint(&f) == before);
	/* Both bytes of a pixel. */
	struct frame yuyv = f;
	uint8_t wide[2 * WIDTH * HEIGHT] = {0};
	yuyv.format = PIXEL_YUYV;
	yuyv.plane[0] = wide;
	yuyv.stride[0] = 2 * WIDTH;
	const uint64_t none = frame_fingerprint(&yuyv);
	wide[sizeof wide - 1] = 1;
	assert_true(frame_fingerprint(&yuyv) != none);
}

static struct luma_statistics even(uint8_t level)
{
	static uint8_t pixels[64 * 64];
	memset(pixels, level, sizeof pixels);
	const struct frame f = grey(pixels, 64, 64);
	return luma_measure(&f);
}

static void dark_and_bright_have_their_levels(void **state)
{
	(void)state;
	assert_true(even(15).dark_share == 1 && even(16).dark_share == 0);
	assert_true(even(251).bright_share == 1 && even(250).bright_share == 0);
	assert_true(even(80).mean == 80 && even(80).deviation == 0);
	/* The grid looks at the middle of its cells: of two rows or columns the second. */
	static uint8_t pixels[128 * 128];
	for (int i = 0; i < 128 * 128; i++)
		pixels[i] = i / 128 % 2 && i % 2 ? 0 : 255;
	const struct frame f = grey(pixels, 128, 128);
	assert_true(luma_measure(&f).dark_share == 1);
}

static void blocked_and_blank_have_their_limits(void **state)
{
	static const struct { double dark, deviation; bool blocked; } blocked[] = {
		{0.99, 20, true}, {0.98, 20, false}, {0, 2.9, true}, {0, 3, false}};
	static const struct { double mean, deviation; bool blank; } blank[] = {
		{100, 1.4, true}, {100, 1.6, false}, {7.9, 3.9, true},
		{7.9, 4.1, false}, {8.1, 3.9, false}};
	(void)state;
	for (size_t i = 0; i < sizeof blocked / sizeof *blocked; i++) {
		const struct luma_statistics s = {.mean = 60, .deviation = blocked[i].deviation,
		                                  .dark_share = blocked[i].dark};
		assert_int_equal(luma_is_blocked(&s), blocked[i].blocked);
	}
	for (size_t i = 0; i < sizeof blank / sizeof *blank; i++) {
		const struct luma_statistics s = {.mean = blank[i].mean,
		                                  .deviation = blank[i].deviation};
		assert_int_equal(luma_is_blank(&s), blank[i].blank);
	}
}

/* A picture that ends at an unmapped page, and regions that reach beyond it on every side. */
static void a_region_beyond_the_edge_reads_nothing_beyond(void **state)
{
	enum { PAGE = 4096, SIDE = 16, OUT = 24 };
	static const float centres[] = {-4, 0, 8, 15.5f, 16, 20};
	float out[OUT * OUT * 3];
	(void)state;
	uint8_t *map = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(map != MAP_FAILED && mprotect(map + PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
	for (int end = 0; end < 2; end++) {
		uint8_t *pixels = end ? map + 2 * PAGE - SIDE * SIDE : map + PAGE;
		memset(pixels, 77, SIDE * SIDE);
		const struct frame f = grey(pixels, SIDE, SIDE);
		for (int x = 0; x < 6; x++)
			for (int y = 0; y < 6; y++) {
				const struct roi roi = {.cx = centres[x],
				                        .cy = centres[y], .side = OUT};
				warp_roi(&f, &roi, OUT, BORDER_REPLICATE, 1, 0, out, 3 * OUT);
				for (int i = 0; i < OUT * OUT * 3; i++)
					assert_true(out[i] == 77);
			}
	}
	munmap(map, 3 * PAGE);
}

/* ---- JPEG ---- */

static struct jpeg_decoder *decoder;

static int begin(void **state)
{
	(void)state;
	decoder = jpeg_decoder_create(NULL);
	return decoder == NULL;
}

static int end(void **state)
{
	(void)state;
	jpeg_decoder_free(decoder);
	return 0;
}

/* Noise, from column `from` on: even before that. */
static uint8_t *paint(int width, int height, int from)
{
	uint8_t *pixels = malloc((size_t)width * (size_t)height);
	unsigned random = 1;
	assert_non_null(pixels);
	for (int i = 0; i < width * height; i++) {
		random = random * 1664525 + 1013904223;
		pixels[i] = i % width < from ? 128 : (uint8_t)(random >> 24);
	}
	return pixels;
}

static unsigned char *encode(const uint8_t *pixels, int width, int height, unsigned long *size)
{
	unsigned char *jpeg = NULL;
	tjhandle handle = tjInitCompress();
	assert_int_equal(tjCompress2(handle, pixels, width, 0, height,
	                             TJPF_GRAY, &jpeg, size, TJSAMP_GRAY, 80, 0), 0);
	tjDestroy(handle);
	return jpeg;
}

static bool decodes(const void *jpeg, size_t size, struct frame *f)
{
	struct error error;
	uint8_t *copy = malloc(size);
	assert_non_null(copy);
	memcpy(copy, jpeg, size);
	const bool good = jpeg_decode(decoder, copy, size, 0, f, &error);
	free(copy);
	return good;
}

/* How many bytes libjpeg found stray; some of those put there it takes for the picture's own. */
static int strays(const unsigned char *jpeg, unsigned long size, int width, int height)
{
	uint8_t *out = malloc((size_t)width * (size_t)height);
	int count = 0;
	tjhandle handle = tjInitDecompress();
	assert_non_null(out);
	if (tjDecompress2(handle, jpeg, size, out, width, 0, height, TJPF_GRAY, 0) != 0)
		sscanf(tjGetErrorStr2(handle), "Corrupt JPEG data: %d", &count);
	tjDestroy(handle);
	free(out);
	return count;
}

static void sixteen_stray_bytes_are_padding(void **state)
{
	unsigned long size;
	int most = 0;
	struct frame f;
	(void)state;
	uint8_t *pixels = paint(64, 64, 0);
	unsigned char *jpeg = encode(pixels, 64, 64, &size);
	uint8_t *longer = calloc(1, size + 32);
	assert_non_null(longer);
	for (size_t stray = 1; stray < 32; stray++) {
		memcpy(longer, jpeg, size);
		memset(longer + size - 2, 0, stray);
		memcpy(longer + size - 2 + stray, "\xff\xd9", 2);
		const int found = strays(longer, size + stray, 64, 64);
		if (decodes(longer, size + stray, &f) != (found <= 16))
			fail_msg("%d stray bytes", found);
		assert_true(found <= most + 1 || most == 0); /* none is left out */
		most = found;
	}
	assert_true(most > 17);
	free(longer);
	tjFree(jpeg);
	free(pixels);
}

/* Rows at the bottom that libjpeg fills when the data ends, by its own decoder. */
static int rows_without_data(const unsigned char *jpeg, unsigned long size, int width, int height)
{
	uint8_t *out = malloc((size_t)width * (size_t)height);
	tjhandle handle = tjInitDecompress();
	assert_non_null(out);
	tjDecompress2(handle, jpeg, size, out, width, 0, height, TJPF_GRAY, 0);
	tjDestroy(handle);
	int rows = 0;
	for (bool flat = true; flat && rows < height; rows += flat)
		for (int x = 1; x < width; x++)
			flat &= out[(height - 1 - rows) * width + x] ==
			        out[(height - 1 - rows) * width];
	free(out);
	return rows;
}

/* A picture whose last row of blocks is a sixteenth, or a fourteenth, of it: the one may be
 * lost. */
static void a_sixteenth_of_the_rows_may_be_lost(void **state)
{
	static const int heights[] = {128, 112};
	(void)state;
	for (int i = 0; i < 2; i++) {
		unsigned long size;
		struct frame f;
		int taken[3] = {0}, cuts[3] = {0}; /* by the rows of blocks that are lost */
		uint8_t *pixels = paint(64, heights[i], 0);
		unsigned char *jpeg = encode(pixels, 64, heights[i], &size);
		for (unsigned long left = size - 2; left > size * 3 / 4; left -= 13) {
			const int lost = rows_without_data(jpeg, left, 64, heights[i]) / 8;
			if (lost > 2)
				break;
			cuts[lost]++;
			taken[lost] += decodes(jpeg, left, &f);
		}
		assert_true(cuts[0] > 0 && cuts[1] > 0 && cuts[2] > 0);
		assert_int_equal(taken[0], cuts[0]);
		assert_int_equal(taken[1], i == 0 ? cuts[1] : 0);
		assert_int_equal(taken[2], 0);
		tjFree(jpeg);
		free(pixels);
	}
}

/* A wall on the left of the picture is no missing row. */
static void half_a_row_is_not_flat(void **state)
{
	unsigned long size;
	struct frame f;
	(void)state;
	uint8_t *pixels = paint(128, 128, 100);
	unsigned char *jpeg = encode(pixels, 128, 128, &size);
	assert_true(decodes(jpeg, size - 2, &f));
	assert_true(decodes(jpeg, size - 6, &f));
	tjFree(jpeg);
	free(pixels);
}

/* How far a picture is from what was painted, in levels of a pixel, over all of them. The steps of
 * quality 80 are some 25 levels wide on average, and noise lies anywhere within: a quarter of a
 * step, some 6. */
static double departs(const struct frame *f, const uint8_t *painted)
{
	double sum = 0;
	for (int y = 0; y < f->height; y++)
		for (int x = 0; x < f->width; x++)
			sum += abs(f->plane[0][y * f->stride[0] + x] - painted[y * f->width + x]);
	return sum / f->width / f->height;
}

static void the_widest_is_taken_after_a_small_one(void **state)
{
	static const int widths[] = {16, JPEG_SIDE_MAX, JPEG_SIDE_MAX + 8};
	(void)state;
	for (int i = 0; i < 3; i++) {
		unsigned long size;
		struct frame f;
		uint8_t *pixels = paint(widths[i], 16, 0);
		unsigned char *jpeg = encode(pixels, widths[i], 16, &size);
		const bool good = decodes(jpeg, size, &f);
		assert_int_equal(good, i < 2);
		if (good) {
			assert_true(f.width == widths[i] && f.height == 16);
			assert_true(departs(&f, pixels) < 10);
		}
		tjFree(jpeg);
		free(pixels);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_are_rounded),
		cmocka_unit_test(every_pixel_is_in_the_fingerprint),
		cmocka_unit_test(dark_and_bright_have_their_levels),
		cmocka_unit_test(blocked_and_blank_have_their_limits),
		cmocka_unit_test(a_region_beyond_the_edge_reads_nothing_beyond),
		cmocka_unit_test_setup_teardown(sixteen_stray_bytes_are_padding, begin, end),
		cmocka_unit_test_setup_teardown(a_sixteenth_of_the_rows_may_be_lost, begin, end),
		cmocka_unit_test_setup_teardown(half_a_row_is_not_flat, begin, end),
		cmocka_unit_test_setup_teardown(the_widest_is_taken_after_a_small_one, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
