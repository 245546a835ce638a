#include "image/show.h"

#include "image/warp_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 320 x 240 of a JPEG of 640 x 480 took 2.3 ms by a picture of floats and cairo's scaling after it.
 * Rows first: those passes are vector code, and what is left for the scattered loads of the columns
 * is short. */

enum { ONE = 256, SPARE = 3 }; /* of a weight; bytes read beyond a row */

/* Where each sample of an axis comes from: `taps` neighbours from `first` on. */
struct axis {
	int taps;
	int *first;             /* [out] */
	uint16_t *weight;       /* [tap][out] */
};

/* Of one grid (luma and chroma have their own) of the frame. */
struct scaled {
	const struct grid *grid;
	struct axis across, down;
};

/* One row on its way; a row of each component. */
struct work {
	uint16_t *sum;          /* as wide as the frame */
	uint8_t *row;           /* the same, weighed over the rows; and SPARE */
	uint32_t *four;         /* as wide as the picture, from here on */
	uint16_t *mixed;
	uint8_t *channels, *channel[3];
};

void frame_fit(const struct frame *f, int room_width, int room_height, int *width, int *height)
{
	const double scale = fmin((double)room_width / f->width, (double)room_height / f->height);
	*width = (int)fmax(1, floor(f->width * scale + 1e-6));
	*height = (int)fmax(1, floor(f->height * scale + 1e-6));
}

/* Weights that add up to ONE: each is rounded with what the ones before it left. */
static void weigh(const struct axis *a, int out, int at, const float *share)
{
	float sum = 0, before = 0;
	int given = 0;
	for (int t = 0; t < a->taps; t++)
		sum += share[t];
	for (int t = 0; t < a->taps; t++) {
		before += share[t];
		const int upto = (int)(before / sum * ONE + 0.5f);
		a->weight[t * out + at] = (uint16_t)(upto - given);
		given = upto;
	}
}

/* `in` samples of which `factor` come to a pixel of `whole`; `out` samples of the picture. */
static bool make_axis(struct axis *a, int whole, float factor, int in, int out, bool mirrored)
{
	const float step = (float)whole * factor / (float)out;
	const float reach = step > 1 ? step : 1;
	const int wanted = (int)ceilf(2 * reach);
	a->taps = wanted < in ? wanted : in;
	a->first = malloc((size_t)out * sizeof *a->first);
	a->weight = malloc((size_t)out * (size_t)a->taps * sizeof *a->weight);
	float *share = malloc((size_t)a->taps * sizeof *share);
	const bool good = a->first != NULL && a->weight != NULL && share != NULL;
	for (int i = 0; good && i < out; i++) {
		const float centre = ((float)i + 0.5f) * step - 0.5f;
		const int at = mirrored ? out - 1 - i : i, most = in - a->taps;
		int first = (int)floorf(centre - reach) + 1;
		first = first < 0 ? 0 : first > most ? most : first;
		for (int t = 0; t < a->taps; t++)
			share[t] = fmaxf(0, 1 - fabsf((float)(first + t) - centre) / reach) + 1e-6f;
		a->first[at] = first;
		weigh(a, out, at, share);
	}
	free(share);
	return good;
}

static void add_row(const uint8_t *restrict from, int step, unsigned weight, int n,
		    uint16_t *restrict sum)
{
	/* A step that is known makes vector code of it. */
	if (step == 1)
		for (int x = 0; x < n; x++)
			sum[x] = (uint16_t)(sum[x] + from[x] * weight);
	else if (step == 2)
		for (int x = 0; x < n; x++)
			sum[x] = (uint16_t)(sum[x] + from[2 * x] * weight);
	else
		for (int x = 0; x < n; x++)
			sum[x] = (uint16_t)(sum[x] + from[step * x] * weight);
}

static void round_row(const uint16_t *restrict sum, int n, uint8_t *restrict row)
{
	for (int x = 0; x < n; x++)
		row[x] = (uint8_t)((sum[x] + ONE / 2u) / ONE);
}

/* Row y of the picture out of the rows of a component. */
static void mix_rows(const struct scaled *s, const struct component *c, int height, int y,
                     const struct work *w)
{
	const int n = s->grid->width;
	memset(w->sum, 0, (size_t)n * sizeof *w->sum);
	for (int t = 0; t < s->down.taps; t++) {
		const unsigned weight = s->down.weight[t * height + y];
		if (weight > 0)
			add_row(c->first + (long)(s->down.first[y] + t) * c->stride, c->step,
				weight, n, w->sum);
	}
	round_row(w->sum, n, w->row);
}

static void add_tap(const uint32_t *restrict four, int shift, const uint16_t *restrict weight,
		    int n, uint16_t *restrict mixed)
{
	for (int i = 0; i < n; i++)
		mixed[i] = (uint16_t)(mixed[i] + (uint16_t)(four[i] >> shift & 255) * weight[i]);
}

static void read_four(const uint8_t *restrict row, const int *restrict first, int n,
		      uint32_t *restrict four)
{
	for (int i = 0; i < n; i++) {
		const uint8_t *p = row + first[i];
		four[i] = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
	}
}

/* Four neighbours with each scattered load. */
static void mix_columns(const struct axis *a, int width, const struct work *w, uint8_t *channel)
{
	memset(w->mixed, 0, (size_t)width * sizeof *w->mixed);
	for (int t = 0; t < a->taps; t++) {
		if (t % 4 == 0)
			read_four(w->row + t, a->first, width, w->four);
		add_tap(w->four, t % 4 * 8, a->weight + (long)t * width, width, w->mixed);
	}
	round_row(w->mixed, width, channel);
}

static inline uint32_t byte_of(float v)
{
	v = v > 0 ? v : 0;
	v = v < 255 ? v : 255;
	return (uint32_t)(int)(v + 0.5f);
}

/* BT.601, as in convert.h. */
static void colour(const struct layout *l, uint8_t *const channel[3], int n, uint32_t *restrict to)
{
	const uint8_t *restrict ys = channel[0], *restrict us = channel[1],
	              *restrict vs = channel[2];
	const float low = l->luma_low, gain = l->luma_gain, chroma_gain = l->chroma_gain;
	for (int i = 0; i < n; i++) {
		const float y = ((float)ys[i] - low) * gain;
		const float u = (float)(us[i] - 128) * chroma_gain;
		const float v = (float)(vs[i] - 128) * chroma_gain;
		to[i] = 0xff000000u | byte_of(y + 1.402f * v) << 16 |
			byte_of(y - 0.344136f * u - 0.714136f * v) << 8 | byte_of(y + 1.772f * u);
	}
}

static void plain(uint8_t *const channel[3], int n, uint32_t *restrict to)
{
	for (int i = 0; i < n; i++)
		to[i] = 0xff000000u | (uint32_t)channel[0][i] << 16 |
			(uint32_t)channel[1][i] << 8 | channel[2][i];
}

static void show_rows(const struct layout *l, const struct scaled *scaled, const struct work *w,
		      int width, int height, uint32_t *pixels, int stride)
{
	for (int y = 0; y < height; y++) {
		int filled = 0;
		for (int g = 0; g < l->grids; g++)
			for (int i = 0; i < l->grid[g].count; i++, filled++) {
				mix_rows(&scaled[g], &l->grid[g].component[i], height, y, w);
				mix_columns(&scaled[g].across, width, w, w->channel[filled]);
			}
		uint8_t *const grey[3] = {w->channel[0], w->channel[0], w->channel[0]};
		if (l->is_yuv)
			colour(l, w->channel, width, pixels + (long)y * stride);
		else
			plain(filled == 1 ? grey : w->channel, width, pixels + (long)y * stride);
	}
}

static bool make_work(struct work *w, int in, int out)
{
	w->sum = malloc((size_t)in * sizeof *w->sum);
	w->row = calloc((size_t)in + SPARE, 1);
	w->four = malloc((size_t)out * sizeof *w->four);
	w->mixed = malloc((size_t)out * sizeof *w->mixed);
	w->channels = malloc((size_t)out * 3);
	const bool good = w->sum != NULL && w->row != NULL && w->four != NULL &&
			  w->mixed != NULL && w->channels != NULL;
	for (int i = 0; good && i < 3; i++)
		w->channel[i] = w->channels + (long)i * out;
	return good;
}

bool frame_mirror(const struct frame *f, int width, int height, uint32_t *pixels, int stride)
{
	const struct layout l = frame_layout(f);
	struct scaled scaled[2] = {0};
	struct work w = {0};
	bool good = make_work(&w, f->width, width);
	for (int g = 0; good && g < l.grids; g++) {
		const struct grid *grid = scaled[g].grid = &l.grid[g];
		good = make_axis(&scaled[g].across, f->width, grid->x_factor, grid->width, width,
				 true) &&
		       make_axis(&scaled[g].down, f->height, grid->y_factor, grid->height, height,
				 false);
	}
	if (good)
		show_rows(&l, scaled, &w, width, height, pixels, stride);
	for (int g = 0; g < 2; g++) {
		free(scaled[g].across.first);
		free(scaled[g].across.weight);
		free(scaled[g].down.first);
		free(scaled[g].down.weight);
	}
	free(w.sum);
	free(w.row);
	free(w.four);
	free(w.mixed);
	free(w.channels);
	return good;
}
