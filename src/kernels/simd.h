/* Every fast kernel, written once over the compiler's vector types and compiled once per instruction
 * set: each of x86/sse2.c, x86/avx2.c, x86/avx512.c and arm/neon.c sets the register tile of that set,
 * includes this file and gets a table. The compiler contracts a * b + c into FMA here (the ISA files are
 * built with -ffp-contract=fast) and keeps the tiles, whose sizes are constants, in registers.
 *
 * LEVEL      name of the table: avx2 -> kernels_avx2
 * LANES      floats in a register: 4, 8 or 16
 * TILE_VECS  registers side by side in output channels, widest tile
 * TILE_WIDE  pixels of the tile TILE_VECS wide
 * TILE_THIN  pixels of the tile one register wide
 * ROW_PIXELS pixels that a depthwise row takes at once
 *
 * Tile sizes come from the register file: accumulators TILE_WIDE * TILE_VECS, plus TILE_VECS weights
 * and one broadcast must fit, and there must be enough accumulators to cover FMA latency (8-10). */
#ifndef LEVEL
#error "simd.h is included by one file per instruction set"
#endif

#include "kernels/levels.h"

#if defined __x86_64__
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 32")

/* A part is what one register holds of a block: PART floats, 8 / PART parts. */
enum { B = KERNEL_BLOCK, PART = LANES < 8 ? LANES : 8 };

typedef float vec __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
#if LANES < 8
typedef float part __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
#else
typedef float part __attribute__((vector_size(32), aligned(4), may_alias));
#endif

INLINE uint32_t blocks_of(uint32_t channels)
{
	return (channels + B - 1) / B;
}

INLINE part load(const float *p)
{
	return *(const part *)p;
}

INLINE void store(float *p, part v)
{
	*(part *)p = v;
}

/* The vector types have no maximum; -ffast-math would find it in a comparison but lose NaN. */
#if defined __AVX2__
INLINE part larger(part a, part b) { return (part)_mm256_max_ps((__m256)a, (__m256)b); }
INLINE part smaller(part a, part b) { return (part)_mm256_min_ps((__m256)a, (__m256)b); }
#elif defined __SSE2__
INLINE part larger(part a, part b) { return (part)_mm_max_ps((__m128)a, (__m128)b); }
INLINE part smaller(part a, part b) { return (part)_mm_min_ps((__m128)a, (__m128)b); }
#else
INLINE part larger(part a, part b) { return (part)vmaxq_f32((float32x4_t)a, (float32x4_t)b); }
INLINE part smaller(part a, part b) { return (part)vminq_f32((float32x4_t)a, (float32x4_t)b); }
#endif

/* slope points at this part's channels */
INLINE part activate(part v, enum activation activation, const float *slope)
{
	const part zero = {0}, six = zero + 6.0f;
	switch (activation) {
	case ACTIVATION_RELU: return larger(v, zero);
	case ACTIVATION_RELU6: return smaller(larger(v, zero), six);
	case ACTIVATION_PRELU: return larger(v, zero) + smaller(v, zero) * load(slope);
	case ACTIVATION_NONE: break;
	}
	return v;
}

/* Bias, residual, activation and store for one part of a pixel's block, lanes from `lane` on. */
INLINE void finish(const struct epilogue *e, float *out, part sum, uint32_t block, size_t pixel,
                   uint32_t lane)
{
	const size_t channel = (size_t)block * B + lane;
	part v = sum + load(e->bias + channel);
	if (e->residual != NULL && block < e->residual_blocks)
		v += load(e->residual + block * e->residual_stride + pixel * B + lane);
	store(out + pixel * B + lane, activate(v, e->activation, e->slope + channel));
}

/* ---- conv1x1 ----
 * Packed weights: tiles of TILE_VECS * LANES output channels, then narrower ones of one register; in each
 * tile [ic rounded up to 8][tile width], zero where there is no channel. */

enum { WIDE = TILE_VECS * LANES, NARROW = LANES > B ? LANES : B };

/* Output channels of the tile that starts at channel `first`. */
INLINE uint32_t tile_width(uint32_t first, uint32_t padded)
{
	return padded - first >= (uint32_t)WIDE ? (uint32_t)WIDE : (uint32_t)NARROW;
}

static size_t packed_conv1x1(uint32_t ic, uint32_t oc)
{
	uint32_t padded = blocks_of(oc) * B, total = 0;
	while (total < padded)
		total += tile_width(total, padded);
	return (size_t)total * blocks_of(ic) * B;
}

static void pack_conv1x1(float *dst, const float *src, uint32_t ic, uint32_t oc)
{
	const uint32_t padded = blocks_of(oc) * B, rows = blocks_of(ic) * B;
	for (uint32_t first = 0; first < padded;) {
		const uint32_t width = tile_width(first, padded);
		for (uint32_t i = 0; i < rows; i++)
			for (uint32_t o = 0; o < width; o++)
				*dst++ = i < ic && first + o < oc ? src[(size_t)(first + o) * ic + i] : 0;
		first += width;
	}
}

/* One register tile: `pixels` x (vecs registers of output channels) from pixel p on. */
INLINE void conv_tile(const struct conv1x1 *c, const float *weights, uint32_t first, uint32_t p,
                      const uint32_t pixels, const uint32_t vecs)
{
	vec sum[TILE_THIN > TILE_WIDE ? TILE_THIN : TILE_WIDE][TILE_VECS] = {0};
	const float *in = c->in + (size_t)p * B;
	const uint32_t in_blocks = blocks_of(c->in_channels);
	for (uint32_t i = 0; i < in_blocks; i++, in += c->in_stride)
		UNROLL for (uint32_t lane = 0; lane < B; lane++, weights += vecs * LANES) {
			vec w[TILE_VECS];
			UNROLL for (uint32_t v = 0; v < vecs; v++)
				w[v] = *(const vec *)(weights + v * LANES);
			UNROLL for (uint32_t x = 0; x < pixels; x++) {
				const float value = in[x * B + lane];
				UNROLL for (uint32_t v = 0; v < vecs; v++)
					sum[x][v] += w[v] * value;
			}
		}

	const uint32_t blocks = blocks_of(c->out_channels);
	UNROLL for (uint32_t x = 0; x < pixels; x++) {
		float line[TILE_VECS * LANES];
		UNROLL for (uint32_t v = 0; v < vecs; v++)
			*(vec *)(line + v * LANES) = sum[x][v];
		UNROLL for (uint32_t o = 0; o < vecs * LANES; o += PART) {
			const uint32_t block = (first + o) / B;
			if (LANES <= B || block < blocks)
				finish(&c->epilogue, c->out + block * c->out_stride, load(line + o), block,
				       p + x, o % B);
		}
	}
}

/* All pixels of one tile of output channels: whole tiles, then ever smaller ones. */
INLINE void conv_strip(const struct conv1x1 *c, const float *weights, uint32_t first,
                       const uint32_t pixels, const uint32_t vecs)
{
	uint32_t p = 0;
	for (; p + pixels <= c->pixels; p += pixels)
		conv_tile(c, weights, first, p, pixels, vecs);
	for (; p + 4 <= c->pixels; p += 4)
		conv_tile(c, weights, first, p, 4, vecs);
	for (; p < c->pixels; p++)
		conv_tile(c, weights, first, p, 1, vecs);
}

static void conv1x1(const struct conv1x1 *c)
{
	const uint32_t padded = blocks_of(c->out_channels) * B, rows = blocks_of(c->in_channels) * B;
	const float *weights = c->weights;
	for (uint32_t first = 0; first < padded;) {
		const uint32_t width = tile_width(first, padded);
		if (width == WIDE)
			conv_strip(c, weights, first, TILE_WIDE, TILE_VECS);
		else
			conv_strip(c, weights, first, TILE_THIN, NARROW / LANES);
		weights += (size_t)width * rows;
		first += width;
	}
}

/* ---- depthwise ---- */

INLINE void depthwise_tile(const struct depthwise *d, uint32_t block, uint32_t lane, uint32_t x,
                           const uint32_t pixels, const uint32_t k, const uint32_t step)
{
	part sum[ROW_PIXELS] = {0};
	const float *w = d->weights + (size_t)block * k * k * B + lane;
	UNROLL for (uint32_t ky = 0; ky < k; ky++) {
		const float *row = d->rows[ky] + block * d->in_stride + (size_t)x * step * B + lane;
		UNROLL for (uint32_t kx = 0; kx < k; kx++) {
			const part weight = load(w + (ky * k + kx) * B);
			UNROLL for (uint32_t i = 0; i < pixels; i++)
				sum[i] += weight * load(row + (i * step + kx) * B);
		}
	}
	UNROLL for (uint32_t i = 0; i < pixels; i++)
		finish(&d->epilogue, d->out + block * d->out_stride, sum[i], block, x + i, lane);
}

INLINE void depthwise_row(const struct depthwise *d, const uint32_t k, const uint32_t step)
{
	for (uint32_t block = 0; block < d->blocks; block++)
		for (uint32_t lane = 0; lane < B; lane += PART) {
			uint32_t x = 0;
			for (; x + ROW_PIXELS <= d->width; x += ROW_PIXELS)
				depthwise_tile(d, block, lane, x, ROW_PIXELS, k, step);
			for (; x < d->width; x++)
				depthwise_tile(d, block, lane, x, 1, k, step);
		}
}

static void depthwise(const struct depthwise *d)
{
	if (d->k == 3 && d->step == 1)
		depthwise_row(d, 3, 1);
	else if (d->k == 3)
		depthwise_row(d, 3, 2);
	else if (d->step == 1)
		depthwise_row(d, 5, 1);
	else
		depthwise_row(d, 5, 2);
}

/* ---- stem ---- packed weights: [block][tap][8] */

static size_t packed_rows(uint32_t columns, uint32_t rows)
{
	return (size_t)blocks_of(rows) * B * columns;
}

static void pack_blocks(float *dst, const float *src, uint32_t columns, uint32_t rows)
{
	for (uint32_t block = 0; block < blocks_of(rows); block++)
		for (uint32_t i = 0; i < columns; i++)
			for (uint32_t o = block * B; o < (block + 1) * B; o++)
				*dst++ = o < rows ? src[(size_t)o * columns + i] : 0;
}

INLINE void stem_tile(const struct stem *s, uint32_t block, uint32_t lane, uint32_t x,
                      const uint32_t pixels)
{
	part sum[ROW_PIXELS] = {0};
	const uint32_t row_taps = s->k * 3;
	const float *w = s->weights + (size_t)block * s->k * row_taps * B + lane;
	for (uint32_t ky = 0; ky < s->k; ky++) {
		const float *row = s->rows[ky] + (size_t)x * s->step * 3;
		for (uint32_t t = 0; t < row_taps; t++, w += B) {
			const part weight = load(w);
			UNROLL for (uint32_t i = 0; i < pixels; i++)
				sum[i] += weight * row[i * s->step * 3 + t];
		}
	}
	UNROLL for (uint32_t i = 0; i < pixels; i++)
		finish(&s->epilogue, s->out + block * s->out_stride, sum[i], block, x + i, lane);
}

static void stem(const struct stem *s)
{
	for (uint32_t block = 0; block < blocks_of(s->out_channels); block++)
		for (uint32_t lane = 0; lane < B; lane += PART) {
			uint32_t x = 0;
			for (; x + ROW_PIXELS <= s->width; x += ROW_PIXELS)
				stem_tile(s, block, lane, x, ROW_PIXELS);
			for (; x < s->width; x++)
				stem_tile(s, block, lane, x, 1);
		}
}

/* ---- dense ---- packed weights: [block][input][8]; bound by reading them once */

INLINE void dense_part(const struct dense *d, uint32_t block, uint32_t lane)
{
	const size_t o = (size_t)block * B + lane;
	const float *w = d->weights + (size_t)block * d->inputs * B + lane;
	part sum[4] = {load(d->bias + o)};
	uint32_t i = 0;
	for (; i + 4 <= d->inputs; i += 4)
		UNROLL for (uint32_t j = 0; j < 4; j++)
			sum[j] += load(w + (size_t)(i + j) * B) * d->in[i + j];
	for (; i < d->inputs; i++)
		sum[0] += load(w + (size_t)i * B) * d->in[i];
	store(d->out + o, (sum[0] + sum[1]) + (sum[2] + sum[3]));
}

static void dense(const struct dense *d)
{
	for (uint32_t block = 0; block < blocks_of(d->outputs); block++)
		for (uint32_t lane = 0; lane < B; lane += PART)
			dense_part(d, block, lane);
}

/* ---- the small ones ---- */

static void maxpool2x2(float *out, size_t out_stride, const float *r0, const float *r1,
                       size_t in_stride, uint32_t width, uint32_t blocks)
{
	for (uint32_t block = 0; block < blocks; block++) {
		const float *a = r0 + block * in_stride, *b = r1 + block * in_stride;
		for (size_t i = 0; i < (size_t)width * B; i += PART) {
			const size_t at = i / B * 2 * B + i % B;
			store(out + block * out_stride + i,
			      larger(larger(load(a + at), load(a + at + B)),
			             larger(load(b + at), load(b + at + B))));
		}
	}
}

static void upsample2x(float *out, size_t out_stride, const float *r0, const float *r1,
                       size_t in_stride, uint32_t in_width, uint32_t blocks, float f, const float *add,
                       size_t add_stride)
{
	for (uint32_t i = 0; i < blocks * B; i += PART) {
		const uint32_t block = i / B, lane = i % B;
		const float *a = r0 + block * in_stride + lane, *b = r1 + block * in_stride + lane;
		const float *plus = add != NULL ? add + block * add_stride + lane : NULL;
		float *o = out + block * out_stride + lane;
		part here = load(a) * (1 - f) + load(b) * f, before = here;
		for (uint32_t x = 0; x < in_width; x++) {
			const size_t next = (size_t)(x + 1 < in_width ? x + 1 : x) * B;
			const part after = load(a + next) * (1 - f) + load(b + next) * f;
			part even = before * 0.25f + here * 0.75f, odd = here * 0.75f + after * 0.25f;
			if (plus != NULL) {
				even += load(plus + (size_t)2 * x * B);
				odd += load(plus + ((size_t)2 * x + 1) * B);
			}
			store(o + (size_t)2 * x * B, even);
			store(o + ((size_t)2 * x + 1) * B, odd);
			before = here;
			here = after;
		}
	}
}

static void add(float *out, const float *a, const float *b, size_t n, enum activation activation,
                const float *slope)
{
	for (size_t i = 0; i + PART <= n; i += PART)
		store(out + i, activate(load(a + i) + load(b + i), activation, slope + i % B));
}

static void half_to_float(float *dst, const uint16_t *src, size_t n)
{
	size_t i = 0;
#if defined __F16C__
	for (; i + 8 <= n; i += 8)
		_mm256_storeu_ps(dst + i, _mm256_cvtph_ps(_mm_loadu_si128((const void *)(src + i))));
#elif defined __ARM_NEON
	for (; i + 4 <= n; i += 4)
		vst1q_f32(dst + i, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(src + i))));
#endif
	kernels_c.half_to_float(dst + i, src + i, n - i);
}

#define TABLE_NAME_(level) kernels_##level
#define TABLE_NAME(level) TABLE_NAME_(level)
#define TEXT_(level) #level
#define TEXT(level) TEXT_(level)

const struct kernels TABLE_NAME(LEVEL) = {
	.name = TEXT(LEVEL),
	.conv1x1 = conv1x1,
	.depthwise = depthwise,
	.stem = stem,
	.dense = dense,
	.maxpool2x2 = maxpool2x2,
	.upsample2x = upsample2x,
	.add = add,
	.half_to_float = half_to_float,
	.packed_conv1x1 = packed_conv1x1,
	.pack_conv1x1 = pack_conv1x1,
	.packed_depthwise = reference_packed_depthwise,
	.pack_depthwise = reference_pack_depthwise,
	.packed_stem = packed_rows,
	.pack_stem = pack_blocks,
	.packed_dense = packed_rows,
	.pack_dense = pack_blocks,
};
