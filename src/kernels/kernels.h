/* The arithmetic of the networks, one table of function pointers per instruction set.
 *
 * Layout "c8": a tensor of height x width x channels is stored as ceil(channels/8) blocks; each
 * block is height x width x 8 floats, row-major, so that the eight channels of one pixel are
 * adjacent and neighbouring pixels follow at a distance of eight floats. Lanes past the last
 * channel are zero in every tensor and every packed weight, and kernels keep them zero. The
 * distance between the blocks of a tensor (`stride`, in floats) is given with each pointer, so a
 * kernel may work on a whole tensor or on a few rows of a ring buffer.
 *
 * Kernels never allocate, never read outside the elements named below and never write outside the
 * output elements. No alignment is needed beyond that of float. Input and output do not overlap,
 * except that a residual may be the output itself. Thread safe: no state.
 *
 * Inputs and residuals may be anything. Where a NaN enters a sum, or an infinity meets its opposite
 * or a zero weight, the output is a NaN under every activation and level; infinities otherwise come
 * through or are clamped; denormals are numbers like others. maxpool2x2 gives a NaN where one of
 * the four is. sparse1x1 does not multiply by the zeros it skips, so what meets only those does not
 * show. Weights, biases and slopes are finite.
 *
 * Every kernel has a plain C reference (reference.c); every other level must agree with it within
 * KERNEL_TOLERANCE of the sum of absolute products (tests/kernels). */
#ifndef UNKNOT_KERNELS_KERNELS_H
#define UNKNOT_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { KERNEL_BLOCK = 8 };

/* Levels sum in different orders and with or without FMA, so a result may differ from the
 * reference by rounding: |difference| <= KERNEL_TOLERANCE * (sum of |a*b| over the products +
 * |bias| + |residual|), plus one denormal step per product. A sum of n products rounds at most
 * n + 1 times by 2^-24 each (Higham, Accuracy and Stability, 3.1); the longest sum here has 1152
 * products, and errors of random sign grow with the root: 64 * 2^-24 leaves an order of magnitude
 * and still catches one lost product among 2^18. half_to_float and maxpool2x2 are exact. */
#define KERNEL_TOLERANCE (64.0 / 16777216.0)

enum activation {
	ACTIVATION_NONE,
	ACTIVATION_RELU,
	ACTIVATION_RELU6,
	ACTIVATION_PRELU, /* x >= 0 ? x : x * slope[channel] */
};

/* What happens to an accumulator before it is stored: + bias, + residual, activation.
 * bias and slope hold 8 * blocks floats; slope is NULL unless ACTIVATION_PRELU. */
struct epilogue {
	const float *bias;
	const float *slope;
	const float *residual;  /* NULL: none. Same pixels as the output */
	size_t residual_stride; /* floats between its blocks */
	uint32_t residual_blocks; /* further blocks count as zero (channel PAD before ADD) */
	enum activation activation;
};

/* 1x1 convolution, also the plain matrix product: for every output block and pixel
 * out = epilogue(sum over in_channels of in * weight). Weights stay binary16, as the networks have
 * them: they are read from memory once per call, and half as many bytes arrive in half the time. A
 * tile of them is widened into `scratch` and meets every pixel of the call from there. */
struct conv1x1 {
	const float *in;
	size_t in_stride;
	float *out;
	size_t out_stride;
	const uint16_t *weights; /* packed by pack_conv1x1 of the same table */
	float *scratch;          /* conv1x1_scratch() floats, overwritten; best aligned to 64 */
	uint32_t pixels;         /* of a row, contiguous in each block */
	uint32_t rows;
	size_t in_row, out_row, residual_row; /* floats from a row to the next */
	uint32_t in_channels, out_channels;
	struct epilogue epilogue;
};

/* conv1x1 for a matrix of mostly zeros, which are skipped; on few pixels or with less than about
 * half zeros conv1x1 is faster. Weights, the same in every table, five bytes to a non-zero: for
 * each part of the input channels (levels.h) and in it for each output channel, rounded up to 8, a
 * head, the non-zeros by ascending input channel, and the channels themselves, a byte each, counted
 * from the part's first and filled up to a whole word. Within a part outputs with fewer non-zeros
 * come first: how often the innermost loop turns then hardly ever changes, and is foreseen. */
union sparse_word {
	struct {
		uint16_t output, count; /* a head: so many non-zeros follow */
	};
	float weight;
	uint8_t channels[4];
};

struct sparse1x1 {
	const float *in;
	size_t in_stride;
	float *out;
	size_t out_stride;
	const union sparse_word *weights; /* packed by pack_sparse1x1 */
	float *scratch; /* sparse_scratch() floats, overwritten; best aligned to 64 */
	uint32_t pixels;               /* contiguous in each block of the input */
	uint32_t row_pixels;           /* output pixels that lie together, a row; then ... */
	size_t row_stride;             /* ... the next row, floats from the
	                                * beginning of one to the next */
	uint32_t in_channels, out_channels;
	struct epilogue epilogue;      /* a residual lies without gaps */
};

/* One output row of a depthwise convolution, k x k, k = 3 or 5, horizontal step 1 or 2.
 * rows[i] points at the first block of input row i of the window, at the pixel under the window's
 * left column for output pixel 0: the caller has placed the zero padding in memory. */
struct depthwise {
	const float *rows[5];
	size_t in_stride;
	float *out;
	size_t out_stride;
	const float *weights; /* packed by pack_depthwise: [block][k*k][8] in every table */
	uint32_t width;       /* output pixels */
	uint32_t blocks;
	uint32_t k, step;
	struct epilogue epilogue;
};

/* One output row of the first convolution, k x k, step 2, from three interleaved channels
 * (RGBRGB...) to out_channels. rows[i] as above, in pixels of three floats. */
struct stem {
	const float *rows[5];
	float *out;
	size_t out_stride;
	const float *weights; /* packed by pack_stem */
	uint32_t width;
	uint32_t out_channels;
	uint32_t k, step;
	struct epilogue epilogue;
};

/* out[o] = bias[o] + sum_i in[i] * w[i][o]: the networks' last layers, a k x k VALID convolution
 * over a k x k tensor. in is contiguous; out has out_channels rounded up to 8 floats. */
struct dense {
	const float *in;
	float *out;
	const uint16_t *weights; /* binary16, packed by pack_dense */
	const float *bias;
	uint32_t inputs, outputs;
};

struct kernels {
	const char *name; /* "c", "sse2", "avx2", "avx512", "neon" */

	void (*conv1x1)(const struct conv1x1 *);
	void (*sparse1x1)(const struct sparse1x1 *);
	void (*depthwise)(const struct depthwise *);
	void (*stem)(const struct stem *);
	void (*dense)(const struct dense *);

	/* 2x2 maximum, step 2; one output row of `width` pixels from input rows r0 and r1. */
	void (*maxpool2x2)(float *out, size_t out_stride, const float *r0, const float *r1,
	                   size_t in_stride, uint32_t width, uint32_t blocks);
	/* Bilinear x2, half-pixel centres, edges clamped: one output row of 2*in_width pixels from
	 * the two input rows around it, r0 weighted 1-f and r1 weighted f (f = 0.25 or 0.75); plus
	 * `add` (same shape as out) when not NULL. */
	void (*upsample2x)(float *out, size_t out_stride, const float *r0, const float *r1,
	                   size_t in_stride, uint32_t in_width, uint32_t blocks, float f,
	                   const float *add, size_t add_stride);
	/* out = activation(a + b), n floats of one block (n a multiple of 8); slope as in the
	 * epilogue, 8 floats. out may be a or b. */
	void (*add)(float *out, const float *a, const float *b, size_t n,
	            enum activation activation, const float *slope);

	/* IEEE binary16 to binary32, exact; subnormals, infinities and NaN payloads are kept (a
	 * signalling NaN becomes quiet, as the hardware conversions do). */
	void (*half_to_float)(float *dst, const uint16_t *src, size_t n);

	/* What the others are measured against: nothing but multiply-adds in as many independent
	 * registers as the set has room for. Returns how many it did; *sink is their sum. */
	uint64_t (*multiply_adds)(uint32_t turns, float *sink);

	/* Weight packing: each level has its own register tile, so it packs for itself, at load.
	 * Sizes in numbers. Sources are the networks' own orders: conv1x1 [oc][ic], depthwise
	 * [k*k][c], stem [oc][k*k*3], dense [o][i]. Those of conv1x1 and dense are finite binary16
	 * numbers, in whatever type. */
	size_t (*packed_conv1x1)(uint32_t in_channels, uint32_t out_channels);
	void (*pack_conv1x1)(uint16_t *dst, const float *src, uint32_t in_channels,
	                     uint32_t out_channels);
	size_t (*conv1x1_scratch)(uint32_t in_channels);
	/* In words, and dependent on the values: those equal to zero are left out. At most 65528
	 * output channels. */
	size_t (*packed_sparse1x1)(const float *src, uint32_t in_channels, uint32_t out_channels);
	void (*pack_sparse1x1)(union sparse_word *dst, const float *src, uint32_t in_channels,
	                       uint32_t out_channels);
	size_t (*sparse_scratch)(uint32_t in_channels, uint32_t out_channels);
	uint32_t sparse_pixels; /* it is at its best from so many pixels at once on */
	size_t (*packed_depthwise)(uint32_t k, uint32_t channels);
	void (*pack_depthwise)(float *dst, const float *src, uint32_t k, uint32_t channels);
	size_t (*packed_stem)(uint32_t taps, uint32_t out_channels);
	void (*pack_stem)(float *dst, const float *src, uint32_t taps, uint32_t out_channels);
	size_t (*packed_dense)(uint32_t inputs, uint32_t outputs);
	void (*pack_dense)(uint16_t *dst, const float *src, uint32_t inputs, uint32_t outputs);
};

/* The best table this CPU has under the cap that UNKNOT_CPU names (cpu/cpu.h). */
const struct kernels *kernels_best(void);

/* A level by name for tests and benchmarks; NULL when this build or this CPU lacks it. */
const struct kernels *kernels_named(const char *name);

#endif
