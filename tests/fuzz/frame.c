/* A raw frame of any format and size, and any region of it: what a driver might hand over. The
 * first bytes say which; the pixels lie in memory of exactly their size. */
#include "fuzz.h"
#include "image/convert.h"
#include "image/warp.h"

#include <stdlib.h>
#include <string.h>

enum { SIDE = 96, NUMBERS = 8 };

static float number(const uint8_t *p, float scale)
{
	int16_t n;
	memcpy(&n, p, sizeof n);
	return (float)n * scale;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum pixel_format formats[] = {PIXEL_YUYV, PIXEL_NV12,
	                                            PIXEL_YUV420, PIXEL_RGB24, PIXEL_GREY};
	static float input[SIDE * SIDE * 3];
	if (size < 4 + 2 * NUMBERS)
		return 0;
	const int width = 2 + data[0] % 64 * 2, height = 2 + data[1] % 64 * 2;
	struct frame f = {.format = formats[data[2] % 5], .width = width, .height = height,
	                  .full_range = data[3] & 1};
	const size_t pixels = (size_t)width * (size_t)height;
	const size_t bytes = f.format == PIXEL_YUYV ? 2 * pixels
	                     : f.format == PIXEL_RGB24 ? 3 * pixels
	                   : f.format == PIXEL_GREY ? pixels : pixels * 3 / 2;
	uint8_t *memory = malloc(bytes);
	if (memory == NULL)
		return 0;
	for (size_t i = 0; i < bytes; i++)
		memory[i] = data[i % size];
	f.plane[0] = memory;
	f.stride[0] = f.format == PIXEL_YUYV ? 2 * width
	              : f.format == PIXEL_RGB24 ? 3 * width : width;
	if (f.format == PIXEL_NV12) {
		f.plane[1] = memory + pixels;
		f.stride[1] = width;
	} else if (f.format == PIXEL_YUV420) {
		f.plane[1] = memory + pixels;
		f.plane[2] = memory + pixels + pixels / 4;
		f.stride[1] = f.stride[2] = width / 2;
	}
	luma_measure(&f);
	const struct roi roi = {number(data + 4, 0.05f), number(data + 6, 0.05f),
	                        number(data + 8, 0.1f),
	                        number(data + 10, 0.001f)};
	warp_roi(&f, &roi, 16 + data[12] % (SIDE - 15),
	         data[13] & 1 ? BORDER_REPLICATE : BORDER_ZERO, 1, 0, input, (size_t)SIDE * 3);
	free(memory);
	return 0;
}
