/* The body of warp_span_fn, included once for each instruction set by a file that names it
 * SPAN_NAME and is built with its flags. */
#ifndef UNKNOT_IMAGE_WARP_SPAN_H
#define UNKNOT_IMAGE_WARP_SPAN_H

#include "image/warp_parts.h"

#include <math.h>

/* A row of the output is made in passes over blocks of samples: where to read (arithmetic), the
 * reads (a scattered load each), and mixing and colour (arithmetic). The compiler turns the
 * arithmetic passes into vector code for the machine that the including file is built for; one loop
 * over everything per sample took 4 to 8 times as long, as much as the network behind it. On a 256
 * x 256 region of a JPEG: 0.45 ms with SSE2, 0.31 with AVX2, 0.28 with AVX-512, most of it the
 * loads.
 *
 * There is no special case at the frame's edge: a coordinate that is held within the outermost
 * pixel centres reads what a replicated border would give, and a black border is that times the
 * share of the sample's 2 x 2 neighbours that lies inside, because both are separable. */
enum { BLOCK = WARP_SPAN };

struct taps {
	int x[BLOCK], y[BLOCK];
	float fx[BLOCK], fy[BLOCK];
};

/* Left (upper) neighbour and fraction of coordinates first + i * step on an axis of `length`
 * samples. Written so that a NaN becomes 0. */
static void place(float first, float step, int length, int n, int *restrict at,
                  float *restrict fraction)
{
	const float high = (float)(length - 1);
	const int last = length > 1 ? length - 2 : 0;
	for (int i = 0; i < n; i++) {
		float p = first + step * (float)i;
		p = p > 0 ? p : 0;
		p = p < high ? p : high;
		int low = (int)p;
		low = low < last ? low : last;
		at[i] = low;
		fraction[i] = p - (float)low;
	}
}

/* The share of a sample's neighbours on one axis that lies inside the frame, multiplied into
 * share. */
static void cover(float first, float step, int length, int n, float *restrict share)
{
	const float middle = (float)(length - 1) / 2, reach = (float)(length + 1) / 2;
	for (int i = 0; i < n; i++) {
		float inside = reach - fabsf(first + step * (float)i - middle);
		inside = inside > 0 ? inside : 0;
		share[i] *= inside < 1 ? inside : 1;
	}
}

static void mix(const struct component *c, int right, int down, const struct taps *t, int n,
                float *restrict out)
{
	uint8_t a[BLOCK], b[BLOCK], d[BLOCK], e[BLOCK];
	for (int i = 0; i < n; i++) {
		const uint8_t *p = c->first + (long)t->y[i] * c->stride + t->x[i] * c->step;
		a[i] = p[0];
		b[i] = p[right];
		d[i] = p[down];
		e[i] = p[down + right];
	}
	for (int i = 0; i < n; i++) {
		const float top = (float)a[i] + t->fx[i] * (float)(b[i] - a[i]);
		const float bottom = (float)d[i] + t->fx[i] * (float)(e[i] - d[i]);
		out[i] = top + t->fy[i] * (bottom - top);
	}
}

/* Neighbours side by side, as in planes: one load for both (the compiler merges the two bytes). */
static void mix_pairs(const struct component *c, int down, const struct taps *t,
                      int n, float *restrict out)
{
	uint16_t above[BLOCK], below[BLOCK];
	for (int i = 0; i < n; i++) {
		const uint8_t *p = c->first + (long)t->y[i] * c->stride + t->x[i];
		above[i] = (uint16_t)(p[0] | p[1] << 8);
		below[i] = (uint16_t)(p[down] | p[down + 1] << 8);
	}
	for (int i = 0; i < n; i++) {
		const int a = above[i] & 255, b = above[i] >> 8, d = below[i] & 255,
		          e = below[i] >> 8;
		const float top = (float)a + t->fx[i] * (float)(b - a);
		const float bottom = (float)d + t->fx[i] * (float)(e - d);
		out[i] = top + t->fy[i] * (bottom - top);
	}
}

/* A component's values at the taps. An axis of one sample has no neighbours. */
static void sample(const struct grid *g, const struct component *c, const struct taps *t,
                   int n, float *out)
{
	const int down = g->height > 1 ? c->stride : 0;
	if (g->width == 1)
		mix(c, 0, down, t, n, out);
	else if (c->step == 1)
		mix_pairs(c, down, t, n, out);
	else
		mix(c, c->step, down, t, n, out);
}

static inline float limit(float v)
{
	v = v > 0 ? v : 0;
	return v < 255 ? v : 255;
}

/* BT.601 (ITU-R BT.601-7, 2.5; JFIF 1.02). */
static void colour(const struct layout *l, float c[3][BLOCK], int n)
{
	const float low = l->luma_low, gain = l->luma_gain, chroma_gain = l->chroma_gain;
	for (int i = 0; i < n; i++) {
		const float y = (c[0][i] - low) * gain;
		const float u = (c[1][i] - 128) * chroma_gain, v = (c[2][i] - 128) * chroma_gain;
		c[0][i] = limit(y + 1.402f * v);
		c[1][i] = limit(y - 0.344136f * u - 0.714136f * v);
		c[2][i] = limit(y + 1.772f * u);
	}
}

static void store(float c[3][BLOCK], int n, int grey, float scale, float offset,
                  float *restrict out)
{
	const float *r = c[0], *g = grey ? c[0] : c[1], *b = grey ? c[0] : c[2];
	for (int i = 0; i < n; i++) {
		out[3 * i] = r[i] * scale + offset;
		out[3 * i + 1] = g[i] * scale + offset;
		out[3 * i + 2] = b[i] * scale + offset;
	}
}

static void warp_block(const struct job *job, const struct line *at, int n, float *out)
{
	const struct layout *l = &job->layout;
	const struct frame *f = job->frame;
	float c[3][BLOCK];
	int filled = 0;
	for (int k = 0; k < l->grids; k++) {
		const struct grid *g = &l->grid[k];
		struct taps t;
		/* Half-size samples lie between the pixels they stand for, as JPEG has it. */
		place(at->x * g->x_factor - (1 - g->x_factor) / 2, at->dx * g->x_factor,
		      g->width, n, t.x, t.fx);
		place(at->y * g->y_factor - (1 - g->y_factor) / 2, at->dy * g->y_factor,
		      g->height, n, t.y, t.fy);
		for (int i = 0; i < g->count; i++)
			sample(g, &g->component[i], &t, n, c[filled++]);
	}
	if (l->is_yuv)
		colour(l, c, n);
	if (job->border == BORDER_ZERO) {
		float share[BLOCK];
		for (int i = 0; i < n; i++)
			share[i] = 1;
		cover(at->x, at->dx, f->width, n, share);
		cover(at->y, at->dy, f->height, n, share);
		for (int k = 0; k < filled; k++)
			for (int i = 0; i < n; i++)
				c[k][i] *= share[i];
	}
	store(c, n, filled == 1, job->scale, job->offset, out);
}

/* job->across samples along the row and as many across it, up to `apart` to each side of every
 * place. */
static void warp_block_smooth(const struct job *job, const struct line *at,
                              float apart_x, float apart_y, int n, float *out)
{
	float one[3 * BLOCK];
	for (int i = 0; i < 3 * n; i++)
		out[i] = 0;
	const int side = job->across, samples = side * side;
	const float spread = 2.0f / (float)(side - 1), share = 1.0f / (float)samples;
	for (int k = 0; k < samples; k++) {
		const float along = spread * (float)(k % side) - 1,
		            across = spread * (float)(k / side) - 1;
		const struct line moved = {
			.x = at->x + along * apart_x - across * apart_y,
			.y = at->y + along * apart_y + across * apart_x,
			.dx = at->dx,
			.dy = at->dy,
		};
		warp_block(job, &moved, n, one);
		for (int i = 0; i < 3 * n; i++)
			out[i] += share * one[i];
	}
}

void SPAN_NAME(const struct job *job, const struct line *at, const float apart[2],
               int n, float *out)
{
	if (apart != NULL)
		warp_block_smooth(job, at, apart[0], apart[1], n, out);
	else
		warp_block(job, at, n, out);
}

#endif
