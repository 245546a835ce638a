/* JPEGs as cameras send them: every subsampling, without tables, without an end, with stray bytes,
 * cut short, and damaged at every place. */
#include "image/convert.h"
#include "image/jpeg.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include <cmocka.h>

enum { WIDTH = 150, HEIGHT = 98, JPEG_ROOM = 1 << 17 };

static uint8_t picture[WIDTH * HEIGHT * 3];
static struct jpeg_decoder *decoder;

/* Smooth colours and a little noise, as a camera's picture has. */
static void paint(void)
{
	unsigned random = 1;
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			uint8_t *p = picture + 3 * (y * WIDTH + x);
			random = random * 1664525 + 1013904223;
			const int noise = (int)(random >> 28) - 8;
			p[0] = (uint8_t)(60 + x + noise);
			p[1] = (uint8_t)(200 - x / 2 - y / 2 + noise);
			p[2] = (uint8_t)(50 + 2 * y / 2 + noise);
		}
}

static size_t encode(int subsampling, uint8_t *out)
{
	tjhandle handle = tjInitCompress();
	unsigned char *jpeg = NULL;
	unsigned long size = 0;
	assert_int_equal(0, tjCompress2(handle, picture, WIDTH, 0, HEIGHT, TJPF_RGB, &jpeg, &size,
	                                subsampling, 90, 0));
	assert_true(size < JPEG_ROOM);
	memcpy(out, jpeg, size);
	tjFree(jpeg);
	tjDestroy(handle);
	return size;
}

static bool decode(const uint8_t *jpeg, size_t size, int min_width, struct frame *frame)
{
	struct error error;
	/* A copy that ends where the data ends, so that the sanitizers see a read beyond it. */
	uint8_t *copy = malloc(size > 0 ? size : 1);
	memcpy(copy, jpeg, size);
	const bool good = jpeg_decode(decoder, copy, size, min_width, frame, &error);
	free(copy);
	if (!good)
		assert_memory_equal(error.text, "JPEG: ", 6);
	return good;
}

/* Mean difference of the decoded frame from the painted picture, in levels. */
static double difference(const struct frame *f)
{
	double sum = 0;
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			float rgb[3];
			frame_pixel(f, x, y, rgb);
			for (int c = 0; c < 3; c++)
				sum += fabs((double)rgb[c] - picture[3 * (y * WIDTH + x) + c]);
		}
	return sum / (WIDTH * HEIGHT * 3);
}

static void decodes_every_subsampling(void **state)
{
	static const struct {
		int subsampling;
		enum pixel_format format;
	} rows[] = {{TJSAMP_444, PIXEL_YUV444}, {TJSAMP_422, PIXEL_YUV422},
	            {TJSAMP_420, PIXEL_YUV420}, {TJSAMP_GRAY, PIXEL_GREY},
	            {TJSAMP_440, PIXEL_YUV444}, {TJSAMP_411, PIXEL_YUV422}};
	static uint8_t jpeg[JPEG_ROOM];
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct frame f;
		assert_true(decode(jpeg, encode(rows[i].subsampling, jpeg), 0, &f));
		assert_int_equal(f.format, rows[i].format);
		assert_int_equal(f.width, WIDTH);
		assert_int_equal(f.height, HEIGHT);
		assert_int_equal(f.full_range, 1);
		if (f.format != PIXEL_GREY && !(difference(&f) < 6))
			fail_msg("subsampling %d: %g levels off", rows[i].subsampling,
			         difference(&f));
	}
}

static void scales_down_but_not_below_the_wanted_width(void **state)
{
	static const struct {
		int min_width, width;
	} rows[] = {{0, WIDTH}, {WIDTH, WIDTH}, {76, WIDTH}, {75, 75},
	            {40, 75}, {38, 38}, {19, 19}, {1, 19}};
	static uint8_t jpeg[JPEG_ROOM];
	(void)state;
	const size_t size = encode(TJSAMP_420, jpeg);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct frame f;
		assert_true(decode(jpeg, size, rows[i].min_width, &f));
		assert_int_equal(f.width, rows[i].width);
		assert_int_equal(f.height, (HEIGHT * rows[i].width + WIDTH - 1) / WIDTH);
	}
}

/* Removes the Huffman tables' segments; returns the new size. */
static size_t without_tables(uint8_t *jpeg, size_t size)
{
	size_t at = 2, removed = 0;
	while (at + 4 < size && jpeg[at] == 0xff && jpeg[at + 1] != 0xda) {
		const size_t length = 2 + ((size_t)jpeg[at + 2] << 8 | jpeg[at + 3]);
		if (jpeg[at + 1] == 0xc4) {
			memmove(jpeg + at, jpeg + at + length, size - at - length);
			size -= length;
			removed++;
		} else {
			at += length;
		}
	}
	assert_true(removed > 0);
	return size;
}

static void accepts_what_cameras_send(void **state)
{
	static uint8_t jpeg[JPEG_ROOM];
	struct frame f;
	(void)state;
	/* No Huffman tables: the standard ones are meant. */
	size_t size = without_tables(jpeg, encode(TJSAMP_422, jpeg));
	assert_true(decode(jpeg, size, 0, &f));
	assert_true(difference(&f) < 6);
	/* Padding behind the end; no end marker; stray bytes before it; the last few bytes lost. */
	size = encode(TJSAMP_422, jpeg);
	memset(jpeg + size, 0, 500);
	assert_true(decode(jpeg, size + 500, 0, &f));
	assert_true(decode(jpeg, size - 2, 0, &f));
	assert_true(difference(&f) < 6);
	assert_true(decode(jpeg, size - 12, 0, &f));
	assert_true(difference(&f) < 6);
	memcpy(jpeg + size - 2, "\x00\x00\x00\x00\x00\x00\xff\xd9", 8);
	assert_true(decode(jpeg, size + 6, 0, &f));
	assert_true(difference(&f) < 6);
}

static void refuses_half_a_picture(void **state)
{
	static uint8_t jpeg[JPEG_ROOM];
	struct frame f;
	(void)state;
	const size_t size = encode(TJSAMP_422, jpeg);
	for (size_t left = 0; left < size * 3 / 4; left += 1 + size / 97)
		if (decode(jpeg, left, 0, &f))
			fail_msg("accepted %zu of %zu bytes", left, size);
}

static void refuses_what_no_camera_sends(void **state)
{
	static uint8_t jpeg[JPEG_ROOM];
	struct frame f;
	(void)state;
	const size_t size = encode(TJSAMP_422, jpeg);
	size_t at = 2;
	while (jpeg[at + 1] != 0xc0)
		at += 2 + ((size_t)jpeg[at + 2] << 8 | jpeg[at + 3]);
	const uint8_t sides[][4] = {{0x20, 0x01, 0, WIDTH}, {0, HEIGHT, 0x20, 0x01},
	                            {0, 0, 0, WIDTH}, {0xff, 0xff, 0xff, 0xff}, {0, 8, 0, 8}};
	for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
		memcpy(jpeg + at + 5, sides[i], 4); /* height, width */
		assert_false(decode(jpeg, size, 0, &f));
	}
	assert_false(decode((const uint8_t *)"GIF89a..........", 16, 0, &f));
}

/* Whatever is damaged, the answer is a picture or an error, and the decoder works on. */
static void survives_damage(void **state)
{
	static uint8_t good[JPEG_ROOM], bad[JPEG_ROOM];
	struct frame f;
	unsigned random = 7;
	int refused = 0;
	(void)state;
	const size_t size = encode(TJSAMP_420, good);
	for (int round = 0; round < 600; round++) {
		memcpy(bad, good, size);
		for (int k = 0; k <= round % 4; k++) {
			random = random * 1664525 + 1013904223;
			/* Every other round, the headers. */
			bad[(random >> 8) % (round % 2 ? size : 640)] = (uint8_t)(random >> 24);
		}
		if (!decode(bad, size, round % 3 ? 0 : 64, &f))
			refused++;
		else
			assert_true(f.width <= JPEG_SIDE_MAX && f.plane[0] != NULL);
	}
	assert_true(refused > 50);
	/* Cut within the Huffman tables: libjpeg-turbo 2.1 then refuses every later picture. */
	for (size_t left = 1; left < 700; left += 7)
		assert_false(decode(good, left, 0, &f));
	assert_true(decode(good, size, 0, &f));
	assert_true(difference(&f) < 6);
}

static int set_up(void **state)
{
	struct error error;
	(void)state;
	paint();
	decoder = jpeg_decoder_create(&error);
	return decoder == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	jpeg_decoder_free(decoder);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_every_subsampling),
		cmocka_unit_test(scales_down_but_not_below_the_wanted_width),
		cmocka_unit_test(accepts_what_cameras_send),
		cmocka_unit_test(refuses_half_a_picture),
		cmocka_unit_test(refuses_what_no_camera_sends),
		cmocka_unit_test(survives_damage),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
