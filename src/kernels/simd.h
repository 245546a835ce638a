/* Every fast kernel, written once over the compiler's vector types and compiled once per
 * instruction set: each of x86/sse2.c, x86/avx2.c, x86/avx512.c and arm/neon.c sets the register
 * tile of that set, includes this file and gets a table. Tile sizes are constants where the tiles
 * are inlined, so the compiler keeps them in registers.
 *
 * LEVEL        names the table (avx2 -> kernels_avx2) and ends each kernel's symbol (conv1x1_avx2)
 * LANES        floats in a register: 4, 8 or 16
 * TILE_PIXELS  pixels of the matrix tile two blocks of channels wide
 * THIN_PIXELS  pixels of the tile one block wide
 * TRIO_PIXELS  pixels of the tile three blocks wide, which ends an odd number of blocks; 0: none
 * ROW_PIXELS   neighbouring outputs that a depthwise row computes at once: 8 or 16
 * SPARSE_SUMS  registers that sparse1x1 has for sums: it takes two non-zeros at a time while twice
 *              a row of its tile fits (sparse.h)
 *
 * Tile sizes come from the register file: the accumulators, one step's weights and one broadcast
 * must fit, and there must be at least 8-10 accumulators to cover the latency of FMA. */
#ifndef LEVEL
#error "simd.h is included by one file per instruction set"
#endif

#include "kernels/levels.h"
#include "kernels/vector.h"

#include <math.h>

/* ---- symbols ---- */

#define TEXT_(level) #level
#define TEXT(level) TEXT_(level)
/* So that a profile tells the levels' kernels apart. */
#define SYMBOL(kernel) __asm__(#kernel "_" TEXT(LEVEL))

static void conv1x1(const struct conv1x1 *) SYMBOL(conv1x1);
static void sparse1x1(const struct sparse1x1 *) SYMBOL(sparse1x1);
static void depthwise(const struct depthwise *) SYMBOL(depthwise);
static void stem(const struct stem *) SYMBOL(stem);
static void dense(const struct dense *) SYMBOL(dense);
static void maxpool2x2(float *, size_t, const float *, const float *, size_t, uint32_t, uint32_t)
	SYMBOL(maxpool2x2);
static void upsample2x(float *, size_t, const float *, const float *, size_t,
                       uint32_t, uint32_t, float, const float *, size_t) SYMBOL(upsample2x);
static void add(float *, const float *, const float *, size_t, enum activation,
                const float *) SYMBOL(add);
static void half_to_float(float *, const uint16_t *, size_t) SYMBOL(half_to_float);

/* ---- epilogue ---- */

/* What a call's activation means to a sum: a clamp, or PReLU. The bounds stay in memory, where
 * tiles fetch them at their end: as vectors they would cost the product two registers it does not
 * have. */
struct finish {
	const struct epilogue *e;
	float low, high;
};

INLINE struct finish finish_of(const struct epilogue *e)
{
	const bool clamped = e->activation == ACTIVATION_RELU || e->activation == ACTIVATION_RELU6;
	return (struct finish){
		.e = e,
		.low = clamped ? 0.0f : -INFINITY,
		.high = e->activation == ACTIVATION_RELU6 ? 6.0f : INFINITY,
	};
}

/* Of x86's maximum and minimum the second argument is the one that comes through when either is a
 * NaN. */
INLINE vec prelu(vec v, vec slope)
{
	const vec zero = {0};
	return larger(zero, v) + smaller(zero, v) * slope;
}

/* Bias, residual and activation for `count` registers of neighbouring pixels (PIXELS in each) of
 * one part of a block, from pixel `pixel` on. The last register holds `last` pixels. The bias comes
 * last: a sum that starts with a large one rounds to its size at every product. Arguments of larger
 * and smaller are ordered as in prelu(), so that a NaN is passed on. */
INLINE void finish_sums(const struct finish *f, vec *sum, const uint32_t count, const uint32_t last,
                        uint32_t block, uint32_t lane, size_t pixel)
{
	const struct epilogue *e = f->e;
	const vec bias = channels(e->bias + (size_t)block * B + lane);
	UNROLL for (uint32_t i = 0; i < count; i++)
		sum[i] += bias;
	if (e->residual != NULL && block < e->residual_blocks) {
		const float *r = e->residual + block * e->residual_stride + pixel * B + lane;
		UNROLL for (uint32_t i = 0; i < count; i++)
			sum[i] += load_pixels(r + i * PIXELS * B, i + 1 < count ? PIXELS : last);
	}
	if (e->activation == ACTIVATION_PRELU) {
		const vec slope = channels(e->slope + (size_t)block * B + lane);
		UNROLL for (uint32_t i = 0; i < count; i++)
			sum[i] = prelu(sum[i], slope);
	} else {
		const vec low = splat(*opaque(&f->low)), high = splat(*opaque(&f->high));
		UNROLL for (uint32_t i = 0; i < count; i++)
			sum[i] = smaller(high, larger(low, sum[i]));
	}
}

/* The same, and stores them: out is the block's first pixel. */
INLINE void finish_row(const struct finish *f, float *out, vec *sum, const uint32_t count,
                       const uint32_t last, uint32_t block, uint32_t lane, size_t pixel)
{
	finish_sums(f, sum, count, last, block, lane, pixel);
	out += pixel * B + lane;
	UNROLL for (uint32_t i = 0; i < count; i++)
		store_pixels(out + i * PIXELS * B, sum[i], i + 1 < count ? PIXELS : last);
}

/* ---- matrix products: conv1x1, stem, dense ----
 * All three add up runs of contiguous inputs: 8 channels of a block, a row of the stem's window,
 * all inputs of a dense layer. Weights are packed in tiles of `widest` blocks of output channels,
 * then ever half as many; in each tile [run][inputs / PIXELS][register][lane]. */

/* A dense layer has one pixel: eight registers of sums cover the latency of FMA. */
enum { DENSE_BLOCKS = 8 / PARTS };

INLINE uint32_t tile_blocks(uint32_t left, uint32_t widest)
{
	if (widest == 2 && left == 3 && TRIO_PIXELS != 0)
		return 3;
	while (widest > left)
		widest /= 2;
	return widest;
}

INLINE uint32_t round_up(uint32_t n, uint32_t to)
{
	return (n + to - 1) / to * to;
}

static size_t packed_size(uint32_t inputs, uint32_t run, uint32_t outputs)
{
	return (size_t)((inputs + run - 1) / run) * round_up(run, PIXELS) * round_up(outputs, B);
}

/* As floats, or as binary16 when they are so. */
INLINE void put(void *dst, size_t i, float weight, const bool half)
{
	if (half)
		((uint16_t *)dst)[i] = reference_half(weight);
	else
		((float *)dst)[i] = weight;
}

INLINE void pack(void *dst, const bool half, const float *src, uint32_t inputs, uint32_t run,
                 uint32_t outputs, uint32_t widest)
{
	const uint32_t blocks = kernel_blocks(outputs);
	size_t at = 0;
	for (uint32_t b = 0, width; b < blocks; b += width) {
		width = tile_blocks(blocks - b, widest);
		for (uint32_t i = 0; i < inputs; i += run)
			for (uint32_t k = 0; k < run; k += PIXELS)
				for (uint32_t o = b * B; o < (b + width) * B; o++)
					for (uint32_t d = k; d < k + PIXELS; d++)
						put(dst, at++,
						    o < outputs && d < run && i + d < inputs
						               ? src[(size_t)o * inputs + i + d]
						               : 0, half);
	}
}

/* Adds one run for a tile of `pixels`, whose inputs lie `pitch` apart, times `registers`. Returns
 * the weights of the next run. */
INLINE const float *multiply(vec *sum, const float *in, size_t pitch, const float *weights,
                             uint32_t run, const uint32_t pixels, const uint32_t registers)
{
	UNROLL for (uint32_t k = 0; k < run; k += PIXELS, weights += registers * LANES) {
		vec w[16];
		in = opaque(in);
		UNROLL for (uint32_t r = 0; r < registers; r++) {
			const vec v = load(weights + r * LANES);
			w[r] = registers == 3 ? held(v) : v;
		}
		UNROLL for (uint32_t x = 0; x < pixels; x++) {
			const float *p = in + x * pitch + k;
			const vec value = k + PIXELS <= run ? spread(p) : spread_one(p);
			UNROLL for (uint32_t r = 0; r < registers; r++)
				sum[x * registers + r] += w[r] * value;
		}
	}
	return weights;
}

INLINE void finish_tile(const struct finish *f, float *out, size_t out_stride, const vec *sum,
                        uint32_t block, uint32_t pixel, const uint32_t pixels,
                        const uint32_t registers)
{
	const uint32_t count = (pixels + PIXELS - 1) / PIXELS;
	UNROLL for (uint32_t r = 0; r < registers; r++) {
		vec row[32];
		UNROLL for (uint32_t i = 0; i < count; i++) {
			const vec *a = sum + i * PIXELS * registers + r;
			row[i] = settle(a[0], i * PIXELS + 1 < pixels ? a[registers] : (vec){0});
		}
		finish_row(f, out + (block + r / PARTS) * out_stride, row, count,
		           pixels - (count - 1) * PIXELS, block + r / PARTS, r % PARTS * LANES,
		           pixel);
	}
}

/* The binary16 weights of the next tile of output channels: they are fetched while this one
 * multiplies, a few cache lines per eight inputs, until all are on their way. A network's weights
 * do not fit in the second cache, and those of one tile are read in a burst that waits for each. */
struct ahead {
	const uint16_t *next, *end;
};

INLINE void fetch(struct ahead *a)
{
	enum { LINE = 64 / sizeof(uint16_t), LINES = 4 };
	if (a->next >= a->end)
		return;
	UNROLL for (uint32_t i = 0; i < LINES; i++)
		__builtin_prefetch(a->next + i * LINE);
	a->next += LINES * LINE;
}

INLINE void conv_tile(const struct conv1x1 *c, const struct finish *f, const float *weights,
                      struct ahead *ahead, uint32_t block, uint32_t p, const uint32_t pixels,
                      const uint32_t blocks)
{
	vec sum[32] = {0};
	const float *in = c->in + (size_t)p * B;
	for (uint32_t i = 0; i < c->in_channels; i += B, in += c->in_stride) {
		fetch(ahead);
		weights = multiply(sum, in, B, weights, B, pixels, blocks * PARTS);
	}
	finish_tile(f, c->out, c->out_stride, sum, block, p, pixels, blocks * PARTS);
}

/* All pixels of one tile of output channels: whole tiles, then smaller ones. Few pixels have too
 * few sums to cover the latency of FMA, so 6 + 1 go as 4 + 3 and 6 + 2 as 4 + 4. */
INLINE void conv_strip(const struct conv1x1 *c, const struct finish *f, const float *weights,
                       struct ahead *ahead, uint32_t block, const uint32_t pixels,
                       const uint32_t blocks)
{
	uint32_t p = 0;
	for (; p + pixels <= c->pixels; p += pixels) {
		if (pixels == 6 && (c->pixels - p == 7 || c->pixels - p == 8))
			break;
		conv_tile(c, f, weights, ahead, block, p, pixels, blocks);
	}
	for (; pixels > 8 && p + 8 <= c->pixels; p += 8)
		conv_tile(c, f, weights, ahead, block, p, 8, blocks);
	for (; p + 4 <= c->pixels; p += 4)
		conv_tile(c, f, weights, ahead, block, p, 4, blocks);
	if (p + 3 == c->pixels)
		conv_tile(c, f, weights, ahead, block, p, 3, blocks);
	else if (p + 2 == c->pixels)
		conv_tile(c, f, weights, ahead, block, p, 2, blocks);
	else if (p + 1 == c->pixels)
		conv_tile(c, f, weights, ahead, block, p, 1, blocks);
}

#if LANES == 16

/* With few inputs the even and odd sums of a pixel would be joined too often: a quarter of the time
 * for 8 of them. There a register of a tile of two blocks is 16 output channels of one pixel, and
 * its store takes the blocks apart. An odd block would leave half of it empty, and with more inputs
 * two registers for each broadcast from memory are the better tile. */
enum { FEW_INPUTS = 24, FEW_PIXELS = 24 };

static void pack_few(uint16_t *dst, const float *src, uint32_t inputs, uint32_t outputs)
{
	const uint32_t blocks = kernel_blocks(outputs), all = round_up(inputs, B);
	for (uint32_t b = 0, width; b < blocks; b += width, dst += (size_t)width * B * all) {
		width = tile_blocks(blocks - b, 2);
		if (width != 2) {
			const uint32_t left = outputs - b * B;
			pack(dst, true, src + (size_t)b * B * inputs, inputs, B,
			     left < width * B ? left : width * B, 2);
			continue;
		}
		for (uint32_t i = 0; i < all; i++)
			for (uint32_t o = 0; o < 2 * B; o++)
				put(dst, (size_t)i * 2 * B + o,
				    b * B + o < outputs && i < inputs
				            ? src[(size_t)(b * B + o) * inputs + i] : 0,
				    true);
	}
}

INLINE void few_tile(const struct conv1x1 *c, const struct finish *f, uint32_t block, uint32_t p,
                     const uint32_t pixels)
{
	const struct epilogue *e = f->e;
	const float *in = c->in + (size_t)p * B, *weights = c->scratch;
	vec sum[FEW_PIXELS] = {0};
	for (uint32_t i = 0; i < c->in_channels; i += B, in += c->in_stride)
		UNROLL for (uint32_t k = 0; k < B; k++, weights += LANES) {
			const vec w = load(weights);
			in = opaque(in);
			UNROLL for (uint32_t x = 0; x < pixels; x++)
				sum[x] += w * splat(in[x * B + k]);
		}
	const vec bias = load(e->bias + (size_t)block * B);
	UNROLL for (uint32_t x = 0; x < pixels; x++)
		sum[x] += bias;
	if (block < e->residual_blocks && e->residual != NULL) {
		static const float zeros[B];
		const float *r = e->residual + block * e->residual_stride + (size_t)p * B;
		const bool both = block + 1 < e->residual_blocks;
		UNROLL for (uint32_t x = 0; x < pixels; x++)
			sum[x] += load_two(r + x * B,
			                   both ? r + e->residual_stride + x * B : zeros);
	}
	if (e->activation == ACTIVATION_PRELU) {
		const vec slope = load(e->slope + (size_t)block * B);
		UNROLL for (uint32_t x = 0; x < pixels; x++)
			sum[x] = prelu(sum[x], slope);
	} else {
		const vec low = splat(*opaque(&f->low)), high = splat(*opaque(&f->high));
		UNROLL for (uint32_t x = 0; x < pixels; x++)
			sum[x] = smaller(high, larger(low, sum[x]));
	}
	float *out = c->out + block * c->out_stride + (size_t)p * B;
	UNROLL for (uint32_t x = 0; x < pixels; x++) {
		store_one(out + x * B, sum[x], 0);
		store_one(out + c->out_stride + x * B, sum[x], 1);
	}
}

INLINE void few_strip(const struct conv1x1 *c, const struct finish *f, uint32_t block)
{
	uint32_t p = 0;
	for (; p + FEW_PIXELS <= c->pixels; p += FEW_PIXELS)
		few_tile(c, f, block, p, FEW_PIXELS);
	for (; p + 8 <= c->pixels; p += 8)
		few_tile(c, f, block, p, 8);
	for (; p < c->pixels; p++)
		few_tile(c, f, block, p, 1);
}

#endif

/* `width` blocks of output channels from `block` on, all rows. */
INLINE void conv_rows(const struct conv1x1 *c, struct ahead *ahead, uint32_t block, uint32_t width)
{
	struct conv1x1 row = *c;
	for (uint32_t y = 0; y < c->rows; y++) {
		const struct finish f = finish_of(&row.epilogue);
		if (width == 3)
			conv_strip(&row, &f, c->scratch, ahead, block, TRIO_PIXELS, 3);
#if LANES == 16
		else if (width == 2 && c->in_channels <= FEW_INPUTS)
			few_strip(&row, &f, block);
#endif
		else if (width == 2)
			conv_strip(&row, &f, c->scratch, ahead, block, TILE_PIXELS, 2);
		else
			conv_strip(&row, &f, c->scratch, ahead, block, THIN_PIXELS, 1);
		row.in += c->in_row;
		row.out += c->out_row;
		if (row.epilogue.residual != NULL)
			row.epilogue.residual += c->residual_row;
	}
}

static void conv1x1(const struct conv1x1 *c)
{
	const uint32_t blocks = kernel_blocks(c->out_channels);
	const uint32_t inputs = round_up(c->in_channels, B);
	const uint16_t *weights = c->weights;
	for (uint32_t b = 0, width; b < blocks; b += width) {
		width = tile_blocks(blocks - b, 2);
		const size_t count = (size_t)width * B * inputs;
		for (size_t i = 0; i < count; i += LANES)
			store(c->scratch + i, load_half(weights + i));
		weights += count;
		const uint32_t next = b + width < blocks ? tile_blocks(blocks - b - width, 2) : 0;
		conv_rows(c, &(struct ahead){weights, weights + (size_t)next * B * inputs}, b,
		          width);
	}
}

static size_t packed_conv1x1(uint32_t in_channels, uint32_t out_channels)
{
	return packed_size(in_channels, B, out_channels);
}

static void pack_conv1x1(uint16_t *dst, const float *src, uint32_t in_channels,
                         uint32_t out_channels)
{
#if LANES == 16
	if (in_channels <= FEW_INPUTS) {
		pack_few(dst, src, in_channels, out_channels);
		return;
	}
#endif
	pack(dst, true, src, in_channels, B, out_channels, 2);
}

static size_t conv1x1_scratch(uint32_t in_channels)
{
	return (size_t)(TRIO_PIXELS != 0 ? 3 : 2) * B * round_up(in_channels, B);
}

INLINE void stem_tile(const struct stem *s, const struct finish *f, const float *weights,
                      uint32_t block, uint32_t x, const uint32_t k, const uint32_t pixels,
                      const uint32_t blocks)
{
	vec sum[32] = {0};
	for (uint32_t y = 0; y < k; y++)
		weights = multiply(sum, s->rows[y] + (size_t)x * 6, 6, weights, k * 3, pixels,
		                   blocks * PARTS);
	finish_tile(f, s->out, s->out_stride, sum, block, x, pixels, blocks * PARTS);
}

INLINE void stem_strip(const struct stem *s, const struct finish *f, const float *weights,
                       uint32_t block, const uint32_t k, const uint32_t pixels,
                       const uint32_t blocks)
{
	uint32_t x = 0;
	for (; x + pixels <= s->width; x += pixels)
		stem_tile(s, f, weights, block, x, k, pixels, blocks);
	for (; x + 4 <= s->width; x += 4)
		stem_tile(s, f, weights, block, x, k, 4, blocks);
	for (; x < s->width; x++)
		stem_tile(s, f, weights, block, x, k, 1, blocks);
}

INLINE void stem_rows(const struct stem *s, const uint32_t k)
{
	const struct finish f = finish_of(&s->epilogue);
	const uint32_t blocks = kernel_blocks(s->out_channels);
	const uint32_t inputs = k * round_up(k * 3, PIXELS);
	const float *weights = s->weights;
	for (uint32_t b = 0, width; b < blocks; b += width, weights += (size_t)width * B * inputs) {
		width = tile_blocks(blocks - b, 2);
		if (width == 3)
			stem_strip(s, &f, weights, b, k, TRIO_PIXELS, 3);
		else if (width == 2)
			stem_strip(s, &f, weights, b, k, TILE_PIXELS, 2);
		else
			stem_strip(s, &f, weights, b, k, THIN_PIXELS, 1);
	}
}

static void stem(const struct stem *s)
{
	if (s->k == 3)
		stem_rows(s, 3);
	else
		stem_rows(s, 5);
}

static size_t packed_stem(uint32_t taps, uint32_t out_channels)
{
	return packed_size(taps, taps == 27 ? 9 : 15, out_channels);
}

static void pack_stem(float *dst, const float *src, uint32_t taps, uint32_t out_channels)
{
	pack(dst, false, src, taps, taps == 27 ? 9 : 15, out_channels, 2);
}

INLINE const uint16_t *dense_tile(const struct dense *d, const uint16_t *weights, uint32_t block,
                                  const uint32_t blocks)
{
	const uint32_t registers = blocks * PARTS;
	vec sum[16] = {0};
	for (uint32_t i = 0; i < d->inputs; i += PIXELS, weights += registers * LANES) {
		const vec value = i + PIXELS <= d->inputs ? spread(d->in + i)
		                                          : spread_one(d->in + i);
		UNROLL for (uint32_t r = 0; r < registers; r++)
			sum[r] += load_half(weights + r * LANES) * value;
	}
	UNROLL for (uint32_t r = 0; r < registers; r++) {
		const uint32_t first = block * B + r * (B / PARTS);
		const vec v = settle(sum[r], (vec){0}) + load_pixels(d->bias + first, 1);
		store_pixels(d->out + first, v, 1);
	}
	return weights;
}

static void dense(const struct dense *d)
{
	const uint32_t blocks = kernel_blocks(d->outputs);
	const uint16_t *weights = d->weights;
	uint32_t b = 0;
	for (; b + DENSE_BLOCKS <= blocks; b += DENSE_BLOCKS)
		weights = dense_tile(d, weights, b, DENSE_BLOCKS);
	for (; b + 4 <= blocks; b += 4)
		weights = dense_tile(d, weights, b, 4);
	for (; b + 2 <= blocks; b += 2)
		weights = dense_tile(d, weights, b, 2);
	if (b < blocks)
		dense_tile(d, weights, b, 1);
}

static size_t packed_dense(uint32_t inputs, uint32_t outputs)
{
	return packed_size(inputs, inputs, outputs);
}

static void pack_dense(uint16_t *dst, const float *src, uint32_t inputs, uint32_t outputs)
{
	pack(dst, true, src, inputs, inputs, outputs, DENSE_BLOCKS);
}

#include "kernels/sparse.h"

/* ---- depthwise ----
 * One part of a block and `pixels` neighbouring outputs stay in registers over the whole window. An
 * input register is loaded once and multiplied by every tap that meets it. With 16 lanes a register
 * is two neighbouring outputs. */

INLINE void depthwise_tile(const struct depthwise *d, const struct finish *f, uint32_t block,
                           uint32_t lane, uint32_t x, const uint32_t pixels, const uint32_t k,
                           const uint32_t step)
{
	const uint32_t stride = step * PIXELS; /* input pixels between registers */
	const uint32_t count = (pixels + PIXELS - 1) / PIXELS;
	const uint32_t last_in = (pixels - 1) * step + k - 1;
	const float *w = d->weights + (size_t)block * k * k * B + lane;
	const size_t at = block * d->in_stride + (size_t)x * step * B + lane;

	vec sum[32] = {0};
	UNROLL for (uint32_t y = 0; y < k; y++, w += k * B) {
		const float *row = opaque(d->rows[y] + at);
		vec tap[5], before = {0};
		w = opaque(w);
		UNROLL for (uint32_t t = 0; t < k; t++)
			tap[t] = channels(w + t * B);
		UNROLL for (uint32_t j = 0; j < (count - 1) * stride + k; j++) {
			vec in = PIXELS == 2 && pixels > 1 && j % 2 == 1
			                 ? between(before, load(row + (j + 1) * B))
			                 : load_pixels(row + j * B, j < last_in ? PIXELS : 1);
			before = in;
			if (step == 2 && j % 2 == 0) /* several taps meet it */
				in = held(in);
			UNROLL for (uint32_t t = 0; t < k; t++)
				if (j >= t && (j - t) % stride == 0 && (j - t) / stride < count)
					sum[(j - t) / stride] += tap[t] * in;
		}
	}
	finish_row(f, d->out + block * d->out_stride, sum, count, pixels - (count - 1) * PIXELS,
	           block, lane, x);
}

INLINE void depthwise_row(const struct depthwise *d, const uint32_t k, const uint32_t step)
{
	const struct finish f = finish_of(&d->epilogue);
	for (uint32_t block = 0; block < d->blocks; block++)
		for (uint32_t lane = 0; lane < B; lane += B / PARTS) {
			uint32_t x = 0;
			for (; x + ROW_PIXELS <= d->width; x += ROW_PIXELS)
				depthwise_tile(d, &f, block, lane, x, ROW_PIXELS, k, step);
			for (; ROW_PIXELS > 8 && x + 8 <= d->width; x += 8)
				depthwise_tile(d, &f, block, lane, x, 8, k, step);
			for (; x + 4 <= d->width; x += 4)
				depthwise_tile(d, &f, block, lane, x, 4, k, step);
			for (; x < d->width; x++)
				depthwise_tile(d, &f, block, lane, x, 1, k, step);
		}
}

static void depthwise(const struct depthwise *d)
{
	if (d->step == 1 && d->k == 3)
		depthwise_row(d, 3, 1);
	else if (d->step == 1)
		depthwise_row(d, 5, 1);
#if LANES == 16
	else /* inputs of neighbouring outputs do not lie
	      * together: half a register each is faster */
		kernels_avx2.depthwise(d);
#else
	else if (d->k == 3)
		depthwise_row(d, 3, 2);
	else
		depthwise_row(d, 5, 2);
#endif
}

/* ---- the small ones: bound by memory ---- */

/* The larger one, or the NaN: larger() alone keeps only one of b. */
INLINE vec larger_or_nan(vec a, vec b)
{
	typedef int32_t bits __attribute__((vector_size(LANES * 4)));
	return (vec)((bits)larger(a, b) | (bits)(a != a));
}

INLINE vec pooled(const float *r0, const float *r1)
{
	return larger_or_nan(load(r0), load(r1));
}

static void maxpool2x2(float *out, size_t out_stride, const float *r0, const float *r1,
                       size_t in_stride, uint32_t width, uint32_t blocks)
{
	const uint32_t whole = width / PIXELS * PIXELS, step = PIXELS * B;
	for (uint32_t i = 0; i < blocks * PARTS; i++) {
		const uint32_t block = i / PARTS, lane = i % PARTS * LANES;
		const float *a = r0 + block * in_stride + lane, *b = r1 + block * in_stride + lane;
		float *o = out + block * out_stride + lane;
		for (uint32_t x = 0; x < width; x += PIXELS, a += 2 * step, b += 2 * step) {
			const uint32_t n = x < whole ? PIXELS : 1;
			const vec left = pooled(a, b);
			const vec right = n == PIXELS ? pooled(a + step, b + step) : left;
			store_pixels(o + (size_t)x * B,
			             larger_or_nan(evens(left, right), odds(left, right)), n);
		}
	}
}

static void upsample2x(float *out, size_t out_stride, const float *r0, const float *r1,
                       size_t in_stride, uint32_t in_width, uint32_t blocks, float f,
                       const float *add, size_t add_stride)
{
	for (uint32_t i = 0; i < blocks * PARTS; i++) {
		const uint32_t block = i / PARTS, lane = i % PARTS * LANES;
		const float *a = r0 + block * in_stride + lane, *b = r1 + block * in_stride + lane;
		const float *plus = add != NULL ? add + block * add_stride + lane : NULL;
		float *o = out + block * out_stride + lane;
		vec here = load_pixels(a, 1) * (1 - f) + load_pixels(b, 1) * f, before = here;
		for (uint32_t x = 0; x < in_width; x++, o += 2 * B) {
			const size_t next = (size_t)(x + 1 < in_width ? x + 1 : x) * B;
			const vec after =
				load_pixels(a + next, 1) * (1 - f) + load_pixels(b + next, 1) * f;
			vec even = before * 0.25f + here * 0.75f;
			vec odd = here * 0.75f + after * 0.25f;
			if (plus != NULL) {
				even += load_pixels(plus + (size_t)2 * x * B, 1);
				odd += load_pixels(plus + ((size_t)2 * x + 1) * B, 1);
			}
			store_pixels(o, even, 1);
			store_pixels(o + B, odd, 1);
			before = here;
			here = after;
		}
	}
}

static void add(float *out, const float *a, const float *b, size_t n, enum activation activation,
                const float *slope)
{
	static const float zeros[B];
	const struct epilogue e = {.bias = zeros, .activation = activation, .slope = slope};
	const struct finish f = finish_of(&e);
	const size_t whole = n / (PIXELS * B) * (PIXELS * B);
	for (size_t i = 0; i < n; i += LANES) {
		const uint32_t pixels = i < whole ? PIXELS : 1;
		vec sum = load_pixels(a + i, pixels) + load_pixels(b + i, pixels);
		finish_row(&f, out + i - i % B, &sum, 1, pixels, 0, i % B, 0);
	}
}

static void half_to_float(float *dst, const uint16_t *src, size_t n)
{
	size_t i = 0;
#if defined(__F16C__) || defined(__ARM_NEON) /* those convert infinities and NaNs too */
	for (; i + LANES <= n; i += LANES)
		store(dst + i, load_half(src + i));
#endif
	kernels_c.half_to_float(dst + i, src + i, n - i);
}

/* 12 chains cover a latency of 4 to 6 cycles times two units; without FMA the two operations of
 * each chain follow each other. */
static uint64_t multiply_adds(uint32_t turns, float *sink)
{
	enum { CHAINS = 12 };
	vec sum[CHAINS];
	UNROLL for (uint32_t i = 0; i < CHAINS; i++)
		sum[i] = splat((float)i); /* equal chains would be computed once */
	const vec a = splat(*opaque(&(float){0.5f})), b = splat(*opaque(&(float){1.0f}));
	for (uint32_t t = 0; t < turns; t++)
		UNROLL for (uint32_t i = 0; i < CHAINS; i++)
			sum[i] = sum[i] * a + b; /* tends to 2: no overflow, no denormals */
	UNROLL for (uint32_t i = 1; i < CHAINS; i++)
		sum[0] += sum[i];
	*sink = sum[0][0];
	return (uint64_t)turns * CHAINS * LANES;
}

#define TABLE_NAME_(level) kernels_##level
#define TABLE_NAME(level) TABLE_NAME_(level)

const struct kernels TABLE_NAME(LEVEL) = {
	.name = TEXT(LEVEL),
	.conv1x1 = conv1x1,
	.sparse1x1 = sparse1x1,
	.depthwise = depthwise,
	.stem = stem,
	.dense = dense,
	.maxpool2x2 = maxpool2x2,
	.upsample2x = upsample2x,
	.add = add,
	.half_to_float = half_to_float,
	.multiply_adds = multiply_adds,
	.packed_conv1x1 = packed_conv1x1,
	.pack_conv1x1 = pack_conv1x1,
	.conv1x1_scratch = conv1x1_scratch,
	.packed_sparse1x1 = reference_packed_sparse1x1,
	.pack_sparse1x1 = reference_pack_sparse1x1,
	.sparse_scratch = sparse_scratch,
	.sparse_pixels = LANES == 16 ? 112 : 64, /* whole registers of rows of 14, 28, 56 and 112 */
	.packed_depthwise = reference_packed_depthwise,
	.pack_depthwise = reference_pack_depthwise,
	.packed_stem = packed_stem,
	.pack_stem = pack_stem,
	.packed_dense = packed_dense,
	.pack_dense = pack_dense,
};
