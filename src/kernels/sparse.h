/* 1x1 convolution that multiplies by the non-zero weights only; part of simd.h.
 *
 * Zeros lie anywhere in the matrix, so registers cannot run over channels: here they run over
 * pixels. A tile of pixels is turned from blocks of channels into one row per channel, small enough
 * for the first cache, multiplied row by row, and each eight finished channels are turned back. */

/* Pixels of a tile: SPARSE_REGISTERS sums per output channel, twice (two non-zeros at a time). */
enum {
	SPARSE_REGISTERS = 4,
	SPARSE_PIXELS = SPARSE_REGISTERS * LANES,
	SIDE = LANES < B ? LANES : B,
};

/* SIDE x SIDE floats are transposed in registers. */
typedef float side_vec __attribute__((vector_size(SIDE * 4), aligned(4), may_alias));

/* Swaps the off-diagonal quarters of each 2s x 2s square: of rows i and i + s, the lanes `low` and
 * `high` of both become the new rows. */
#define LANE_LIST(...) __VA_ARGS__
#define SWAP_QUARTERS(v, s, low, high)                                                             \
	UNROLL for (uint32_t i = 0; i < SIDE; i++) {                                               \
		if (i & (s))                                                                       \
			continue;                                                                  \
		const side_vec a = (v)[i], b = (v)[i + (s)];                                       \
		(v)[i] = __builtin_shufflevector(a, b, LANE_LIST low);                             \
		(v)[i + (s)] = __builtin_shufflevector(a, b, LANE_LIST high);                      \
	}

INLINE void transpose(float *dst, size_t dst_pitch, const float *src, size_t src_pitch)
{
	side_vec v[SIDE];
	UNROLL for (uint32_t i = 0; i < SIDE; i++)
		v[i] = *(const side_vec *)(src + i * src_pitch);
#if LANES == 4
	SWAP_QUARTERS(v, 2, (0, 1, 4, 5), (2, 3, 6, 7))
	SWAP_QUARTERS(v, 1, (0, 4, 2, 6), (1, 5, 3, 7))
#else
	SWAP_QUARTERS(v, 4, (0, 1, 2, 3, 8, 9, 10, 11), (4, 5, 6, 7, 12, 13, 14, 15))
	SWAP_QUARTERS(v, 2, (0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15))
	SWAP_QUARTERS(v, 1, (0, 8, 2, 10, 4, 12, 6, 14), (1, 9, 3, 11, 5, 13, 7, 15))
#endif
	UNROLL for (uint32_t i = 0; i < SIDE; i++)
		*(side_vec *)(dst + i * dst_pitch) = v[i];
}

/* 8 pixels x 8 channels, either way. */
INLINE void transpose_block(float *dst, size_t dst_pitch, const float *src, size_t src_pitch)
{
	UNROLL for (uint32_t i = 0; i < B * B / (SIDE * SIDE); i++) {
		const uint32_t x = i * SIDE % B, y = i * SIDE / B * SIDE;
		transpose(dst + x * dst_pitch + y, dst_pitch, src + y * src_pitch + x, src_pitch);
	}
}

/* planes[channel][SPARSE_PIXELS] of `pixels` pixels; those up to a whole 8 are zero. */
INLINE void gather_planes(float *planes, const struct sparse1x1 *c, uint32_t first, uint32_t pixels)
{
	for (uint32_t block = 0; block < kernel_blocks(c->in_channels); block++) {
		const float *in = c->in + block * c->in_stride + (size_t)first * B;
		float *plane = planes + (size_t)block * B * SPARSE_PIXELS;
		uint32_t x = 0;
		for (; x + B <= pixels; x += B)
			transpose_block(plane + x, SPARSE_PIXELS, in + (size_t)x * B, B);
		if (x < pixels) {
			float some[B * B] = {0};
			memcpy(some, in + (size_t)x * B, (size_t)(pixels - x) * B * sizeof *some);
			transpose_block(plane + x, SPARSE_PIXELS, some, B);
		}
	}
}

/* One output channel of a tile. Returns the non-zeros of the next. */
INLINE const struct nonzero *sparse_row(float *out, const struct nonzero *w, const float *planes,
                                        const uint32_t registers)
{
	vec even[SPARSE_REGISTERS], odd[SPARSE_REGISTERS];
	UNROLL for (uint32_t r = 0; r < registers; r++) {
		even[r] = odd[r] = (vec){0};
	}
	uint32_t left = (w++)->channel;
	for (; left >= 2; left -= 2, w += 2) {
		const float *a = opaque(planes + (size_t)w[0].channel * SPARSE_PIXELS);
		const float *b = opaque(planes + (size_t)w[1].channel * SPARSE_PIXELS);
		const vec wa = splat(w[0].weight), wb = splat(w[1].weight);
		UNROLL for (uint32_t r = 0; r < registers; r++) {
			even[r] += wa * load(a + r * LANES);
			odd[r] += wb * load(b + r * LANES);
		}
	}
	if (left != 0) {
		const float *a = planes + (size_t)w->channel * SPARSE_PIXELS;
		UNROLL for (uint32_t r = 0; r < registers; r++)
			even[r] += splat(w->weight) * load(a + r * LANES);
		w++;
	}
	UNROLL for (uint32_t r = 0; r < registers; r++)
		store(out + r * LANES, even[r] + odd[r]);
	return w;
}

/* Eight output channels of a tile from rows[8][SPARSE_PIXELS] back into the tensor. */
INLINE void scatter_rows(const struct sparse1x1 *c, const struct finish *f, const float *rows,
                         uint32_t block, uint32_t first, uint32_t pixels)
{
	float *out = c->out + block * c->out_stride;
	for (uint32_t x = 0; x < pixels; x += B) {
		float some[B * B];
		transpose_block(some, B, rows + x, SPARSE_PIXELS);
		const uint32_t n = pixels - x < B ? pixels - x : B;
		UNROLL for (uint32_t lane = 0; lane < B; lane += B / PARTS) {
			vec sum[B];
			if (n == B) { /* always but at the end */
				UNROLL for (uint32_t i = 0; i < B / PIXELS; i++)
					sum[i] = load(some + i * PIXELS * B + lane);
				finish_row(f, out, sum, B / PIXELS, PIXELS, block, lane, first + x);
				continue;
			}
			for (uint32_t i = 0; i < n; i++) {
				sum[0] = load_pixels(some + i * B + lane, 1);
				finish_row(f, out, sum, 1, 1, block, lane, first + x + i);
			}
		}
	}
}

INLINE void sparse_tile(const struct sparse1x1 *c, const struct finish *f, uint32_t first,
                        uint32_t pixels, const uint32_t registers)
{
	float *planes = c->scratch;
	float rows[B * SPARSE_PIXELS];
	gather_planes(planes, c, first, pixels);
	const struct nonzero *w = c->weights;
	for (uint32_t block = 0; block < kernel_blocks(c->out_channels); block++) {
		for (uint32_t i = 0; i < B; i++)
			w = sparse_row(rows + i * SPARSE_PIXELS, w, planes, registers);
		scatter_rows(c, f, rows, block, first, pixels);
	}
}

static void sparse1x1(const struct sparse1x1 *c)
{
	const struct finish f = finish_of(&c->epilogue);
	uint32_t p = 0;
	for (; p + SPARSE_PIXELS <= c->pixels; p += SPARSE_PIXELS)
		sparse_tile(c, &f, p, SPARSE_PIXELS, SPARSE_REGISTERS);
	const uint32_t left = c->pixels - p;
	if (left > 3 * LANES)
		sparse_tile(c, &f, p, left, 4);
	else if (left > 2 * LANES)
		sparse_tile(c, &f, p, left, 3);
	else if (left > LANES)
		sparse_tile(c, &f, p, left, 2);
	else if (left > 0)
		sparse_tile(c, &f, p, left, 1);
}

static size_t sparse_scratch(uint32_t in_channels)
{
	return (size_t)kernel_blocks(in_channels) * B * SPARSE_PIXELS;
}
