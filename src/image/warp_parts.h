/* Inside the room: where a frame's samples lie, what a stretch of a warped row is made from, and
 * who makes it. */
#ifndef UNKNOT_IMAGE_WARP_PARTS_H
#define UNKNOT_IMAGE_WARP_PARTS_H

#include "image/warp.h"

#include <stdbool.h>

enum { WARP_SPAN = 64 };

/* One colour component: where its samples lie in memory. */
struct component {
	const uint8_t *first;
	int stride, step;      /* bytes from row to row, sample to sample */
};

/* Components of one resolution share their coordinates. */
struct grid {
	int width, height;
	float x_factor, y_factor; /* 1 or 1/2: of the frame's resolution */
	int count;
	struct component component[3];
};

struct layout {
	int grids;
	struct grid grid[2];
	int is_yuv;
	float luma_low, luma_gain, chroma_gain;
};

struct layout frame_layout(const struct frame *);

struct line {
	float x, y, dx, dy; /* frame pixels, of the first sample, and per sample */
};

struct job {
	const struct frame *frame;
	struct layout layout;
	enum warp_border border;
	float scale, offset;
	int across; /* samples that are averaged into a value: so many by so many, if any are */
};

/* n <= WARP_SPAN pixels of a row; `apart`: along the row, of the samples that are averaged into one
 * value, NULL for one sample each. The same numbers to the last bit from all of them. */
typedef void warp_span_fn(const struct job *, const struct line *, const float apart[2],
                          int n, float *out);
warp_span_fn warp_span_any, warp_span_avx2, warp_span_avx512;

#endif
