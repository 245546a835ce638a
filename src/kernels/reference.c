/* Plain C: what every other level must compute, and the level of a CPU without one. Written to be
 * read; the loops run in the order of the formulas. */
#include "kernels/kernels.h"
#include "kernels/levels.h"

#include <stdlib.h>
#include <string.h>

enum { B = KERNEL_BLOCK };

static float activate(float x, enum activation activation, float slope)
{
	switch (activation) {
	case ACTIVATION_RELU:
		return x < 0 ? 0 : x;
	case ACTIVATION_RELU6:
		return x < 0 ? 0 : x > 6 ? 6 : x;
	case ACTIVATION_PRELU:
		return x >= 0 ? x : x * slope;
	case ACTIVATION_NONE:
		break;
	}
	return x;
}

/* Finishes the eight sums of one pixel of block b. */
static void finish(float *out, const float *sum, const struct epilogue *e, uint32_t b,
                   uint32_t pixel)
{
	const float *residual = NULL;
	if (e->residual != NULL && b < e->residual_blocks)
		residual = e->residual + b * e->residual_stride + (size_t)pixel * B;
	for (uint32_t i = 0; i < B; i++) {
		float x = sum[i] + e->bias[b * B + i];
		if (residual != NULL)
			x += residual[i];
		float slope = e->activation == ACTIVATION_PRELU ? e->slope[b * B + i] : 0;
		out[i] = activate(x, e->activation, slope);
	}
}

static void half_to_float(float *dst, const uint16_t *src, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t sign = (uint32_t)(src[i] & 0x8000) << 16;
		uint32_t exponent = src[i] >> 10 & 31;
		uint32_t mantissa = src[i] & 1023;
		uint32_t bits;
		if (exponent == 31) { /* infinity, NaN: the quiet bit is the mantissa's highest */
			bits = 0x7f800000 | mantissa << 13 | (mantissa ? 0x400000 : 0);
		} else if (exponent != 0) {
			bits = (exponent + 127 - 15) << 23 | mantissa << 13;
		} else {
			float value = (float)mantissa / 16777216; /* mantissa * 2^-24, exact */
			memcpy(&bits, &value, sizeof bits);
		}
		bits |= sign;
		memcpy(dst + i, &bits, sizeof bits);
	}
}

uint16_t reference_half(float x)
{
	uint32_t bits;
	memcpy(&bits, &x, sizeof bits);
	const uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
	bits &= 0x7fffffff;
	if (bits >= 113u << 23) /* 2^-14, the least normal binary16 */
		return sign | (uint16_t)((bits - (112u << 23)) >> 13);
	return sign | (uint16_t)((x < 0 ? -x : x) * 16777216); /* steps of 2^-24 */
}

static void conv1x1_row(const struct conv1x1 *c, uint32_t block, uint32_t row)
{
	struct epilogue e = c->epilogue;
	if (e.residual != NULL)
		e.residual += row * c->residual_row;
	const float *in = c->in + row * c->in_row;
	float *out = c->out + block * c->out_stride + row * c->out_row;
	for (uint32_t p = 0; p < c->pixels; p++) {
		float sum[B] = {0};
		for (uint32_t k = 0; k < c->in_channels; k++) {
			float x = in[k / B * c->in_stride + (size_t)p * B + k % B];
			for (uint32_t i = 0; i < B; i++)
				sum[i] += x * c->scratch[k * B + i];
		}
		finish(out + (size_t)p * B, sum, &e, block, p);
	}
}

static void conv1x1(const struct conv1x1 *c)
{
	const size_t count = (size_t)c->in_channels * B;
	for (uint32_t b = 0; b < kernel_blocks(c->out_channels); b++) {
		half_to_float(c->scratch, c->weights + b * count, count);
		for (uint32_t row = 0; row < c->rows; row++)
			conv1x1_row(c, b, row);
	}
}

static size_t conv1x1_scratch(uint32_t in_channels)
{
	return (size_t)in_channels * B;
}

static float channel_of(const struct sparse1x1 *c, uint32_t channel, uint32_t pixel)
{
	return c->in[channel / B * c->in_stride + (size_t)pixel * B + channel % B];
}

static void sparse1x1(const struct sparse1x1 *c)
{
	const uint32_t blocks = kernel_blocks(c->out_channels);
	const uint32_t part = kernel_sparse_part(c->in_channels);
	for (uint32_t p = 0; p < c->pixels; p++) {
		const union sparse_word *w = c->weights;
		float *sums = c->scratch;
		memset(sums, 0, (size_t)blocks * B * sizeof *sums);
		for (uint32_t first = 0; first < c->in_channels; first += part)
			for (uint32_t o = 0; o < blocks * B; o++) {
				const uint32_t count = w->count;
				float *sum = &sums[(w++)->output];
				for (uint32_t i = 0; i < count; i++)
					*sum += w[i].weight *
					        channel_of(c, first +
					                   w[count + i / 4].channels[i % 4], p);
				w += count + kernel_channel_words(count);
			}
		float *out = c->out + p / c->row_pixels * c->row_stride +
		             (size_t)(p % c->row_pixels) * B;
		for (uint32_t b = 0; b < blocks; b++)
			finish(out + b * c->out_stride, sums + (size_t)b * B, &c->epilogue, b, p);
	}
}

static size_t sparse_scratch(uint32_t in_channels, uint32_t out_channels)
{
	(void)in_channels;
	return (size_t)kernel_blocks(out_channels) * B;
}

static void depthwise(const struct depthwise *d)
{
	for (uint32_t b = 0; b < d->blocks; b++) {
		const float *weights = d->weights + (size_t)b * d->k * d->k * B;
		for (uint32_t p = 0; p < d->width; p++) {
			float sum[B] = {0};
			for (uint32_t y = 0; y < d->k; y++)
				for (uint32_t x = 0; x < d->k; x++) {
					const float *in = d->rows[y] + b * d->in_stride +
					                  (size_t)(p * d->step + x) * B;
					const float *w = weights + (y * d->k + x) * B;
					for (uint32_t i = 0; i < B; i++)
						sum[i] += in[i] * w[i];
				}
			finish(d->out + b * d->out_stride + (size_t)p * B, sum, &d->epilogue, b, p);
		}
	}
}

static void stem(const struct stem *s)
{
	uint32_t blocks = kernel_blocks(s->out_channels);
	uint32_t row_taps = s->k * 3;
	for (uint32_t b = 0; b < blocks; b++) {
		const float *weights = s->weights + (size_t)b * s->k * row_taps * B;
		for (uint32_t p = 0; p < s->width; p++) {
			float sum[B] = {0};
			for (uint32_t t = 0; t < s->k * row_taps; t++) {
				uint32_t left = p * s->step * 3;
				float x = s->rows[t / row_taps][left + t % row_taps];
				for (uint32_t i = 0; i < B; i++)
					sum[i] += x * weights[t * B + i];
			}
			finish(s->out + b * s->out_stride + (size_t)p * B, sum, &s->epilogue, b, p);
		}
	}
}

static void dense(const struct dense *d)
{
	const uint16_t *weights = d->weights;
	for (uint32_t b = 0; b < kernel_blocks(d->outputs); b++) {
		float sum[B], w[B];
		memcpy(sum, d->bias + b * B, sizeof sum);
		for (uint32_t k = 0; k < d->inputs; k++, weights += B) {
			half_to_float(w, weights, B);
			for (uint32_t i = 0; i < B; i++)
				sum[i] += d->in[k] * w[i];
		}
		memcpy(d->out + b * B, sum, sizeof sum);
	}
}

/* Of a number and a NaN the NaN. */
static float larger(float a, float b)
{
	return a > b || a != a ? a : b;
}

static void maxpool2x2(float *out, size_t out_stride, const float *r0, const float *r1,
                       size_t in_stride, uint32_t width, uint32_t blocks)
{
	for (uint32_t b = 0; b < blocks; b++)
		for (uint32_t p = 0; p < width; p++)
			for (uint32_t i = 0; i < B; i++) {
				size_t at = b * in_stride + (size_t)p * 2 * B + i;
				float upper = larger(r0[at], r0[at + B]);
				float lower = larger(r1[at], r1[at + B]);
				out[b * out_stride + (size_t)p * B + i] = larger(upper, lower);
			}
}

/* Output pixel 2p lies a quarter of an input pixel left of p, 2p+1 a quarter right of it. */
static void upsample2x(float *out, size_t out_stride, const float *r0, const float *r1,
                       size_t in_stride, uint32_t in_width, uint32_t blocks, float f,
                       const float *add, size_t add_stride)
{
	for (uint32_t b = 0; b < blocks; b++)
		for (uint32_t p = 0; p < 2 * in_width; p++) {
			uint32_t near = p / 2;
			uint32_t far = p % 2 ? near + 1 : near - 1;
			if (far >= in_width) /* also -1 */
				far = near;
			for (uint32_t i = 0; i < B; i++) {
				size_t n = b * in_stride + (size_t)near * B + i;
				size_t m = b * in_stride + (size_t)far * B + i;
				float x = 0.75f * (r0[n] * (1 - f) + r1[n] * f) +
				          0.25f * (r0[m] * (1 - f) + r1[m] * f);
				if (add != NULL)
					x += add[b * add_stride + (size_t)p * B + i];
				out[b * out_stride + (size_t)p * B + i] = x;
			}
		}
}

static void add(float *out, const float *a, const float *b, size_t n, enum activation activation,
                const float *slope)
{
	for (size_t i = 0; i < n; i++)
		out[i] = activate(a[i] + b[i], activation,
		                  activation == ACTIVATION_PRELU ? slope[i % B] : 0);
}

/* [rows of 8 outputs][input][8]; lanes past `outputs` are zero. The source is [output][input]. */
static size_t packed_matrix(uint32_t inputs, uint32_t outputs)
{
	return (size_t)kernel_blocks(outputs) * inputs * B;
}

/* Where the weight of an input for an output lies. */
static size_t place(uint32_t input, uint32_t output, uint32_t inputs)
{
	return ((size_t)(output / B) * inputs + input) * B + output % B;
}

static void pack_matrix(float *dst, const float *src, uint32_t inputs, uint32_t outputs)
{
	for (uint32_t o = 0; o < kernel_blocks(outputs) * B; o++)
		for (uint32_t i = 0; i < inputs; i++)
			dst[place(i, o, inputs)] = o < outputs ? src[(size_t)o * inputs + i] : 0;
}

static void pack_halves(uint16_t *dst, const float *src, uint32_t inputs, uint32_t outputs)
{
	for (uint32_t o = 0; o < kernel_blocks(outputs) * B; o++)
		for (uint32_t i = 0; i < inputs; i++)
			dst[place(i, o, inputs)] =
				o < outputs ? reference_half(src[(size_t)o * inputs + i]) : 0;
}

static uint32_t count_nonzeros(const float *row, uint32_t n)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < n; i++)
		count += row[i] != 0;
	return count;
}

/* Words of a part: weights `src` of n input channels, rows `pitch` apart. */
static size_t part_words(const float *src, size_t pitch, uint32_t n, uint32_t outputs)
{
	size_t words = kernel_blocks(outputs) * B;
	for (uint32_t o = 0; o < outputs; o++) {
		const uint32_t count = count_nonzeros(src + o * pitch, n);
		words += count + kernel_channel_words(count);
	}
	return words;
}

static int by_count(const void *a, const void *b)
{
	const union sparse_word *x = a, *y = b;
	if (x->count != y->count)
		return x->count < y->count ? -1 : 1;
	return (x->output > y->output) - (x->output < y->output);
}

/* The heads are sorted at the end of the part's place and used up from there: what is written
 * before them never reaches the next one. */
static union sparse_word *pack_part(union sparse_word *dst, const float *src,
                                    size_t pitch, uint32_t n, uint32_t outputs)
{
	const uint32_t rounded = kernel_blocks(outputs) * B;
	union sparse_word *head = dst + part_words(src, pitch, n, outputs) - rounded;
	for (uint32_t o = 0; o < rounded; o++) {
		head[o].output = (uint16_t)o;
		head[o].count = o < outputs ? (uint16_t)count_nonzeros(src + o * pitch, n) : 0;
	}
	qsort(head, rounded, sizeof *head, by_count);
	for (uint32_t o = 0; o < rounded; o++) {
		const union sparse_word next = *head++;
		const float *row = src + next.output * pitch;
		*dst++ = next;
		union sparse_word *channels = dst + next.count;
		if (next.count % 4 != 0)
			channels[next.count / 4] = (union sparse_word){.channels = {0}};
		for (uint32_t i = 0, k = 0; k < next.count; i++)
			if (row[i] != 0) {
				dst[k].weight = row[i];
				channels[k / 4].channels[k % 4] = (uint8_t)i;
				k++;
			}
		dst = channels + kernel_channel_words(next.count);
	}
	return dst;
}

static uint32_t part_at(uint32_t first, uint32_t in_channels)
{
	const uint32_t part = kernel_sparse_part(in_channels);
	return in_channels - first < part ? in_channels - first : part;
}

size_t reference_packed_sparse1x1(const float *src, uint32_t in_channels, uint32_t out_channels)
{
	size_t words = 0;
	for (uint32_t first = 0, n; first < in_channels; first += n) {
		n = part_at(first, in_channels);
		words += part_words(src + first, in_channels, n, out_channels);
	}
	return words;
}

void reference_pack_sparse1x1(union sparse_word *dst, const float *src, uint32_t in_channels,
                              uint32_t out_channels)
{
	for (uint32_t first = 0, n; first < in_channels; first += n) {
		n = part_at(first, in_channels);
		dst = pack_part(dst, src + first, in_channels, n, out_channels);
	}
}

size_t reference_packed_depthwise(uint32_t k, uint32_t channels)
{
	return (size_t)kernel_blocks(channels) * k * k * B;
}

void reference_pack_depthwise(float *dst, const float *src, uint32_t k, uint32_t channels)
{
	uint32_t rounded = kernel_blocks(channels) * B;
	for (uint32_t c = 0; c < rounded; c++)
		for (uint32_t t = 0; t < k * k; t++)
			dst[((size_t)(c / B) * k * k + t) * B + c % B] =
				c < channels ? src[(size_t)t * channels + c] : 0;
}

static uint64_t multiply_adds(uint32_t turns, float *sink)
{
	float sum[B] = {0, 1, 2, 3, 4, 5, 6, 7};
	volatile float half = 0.5f;
	const float a = half;
	for (uint32_t t = 0; t < turns; t++)
		for (uint32_t i = 0; i < B; i++)
			sum[i] = sum[i] * a + 1;
	*sink = sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7];
	return (uint64_t)turns * B;
}

const struct kernels kernels_c = {
	.name = "c",
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
	.packed_conv1x1 = packed_matrix,
	.pack_conv1x1 = pack_halves,
	.conv1x1_scratch = conv1x1_scratch,
	.packed_sparse1x1 = reference_packed_sparse1x1,
	.pack_sparse1x1 = reference_pack_sparse1x1,
	.sparse_scratch = sparse_scratch,
	.sparse_pixels = 64,
	.packed_depthwise = reference_packed_depthwise,
	.pack_depthwise = reference_pack_depthwise,
	.packed_stem = packed_matrix,
	.pack_stem = pack_matrix,
	.packed_dense = packed_matrix,
	.pack_dense = pack_halves,
};
