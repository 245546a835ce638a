/* 1x1 convolution that multiplies by the non-zero weights only; part of simd.h.
 *
 * Zeros lie anywhere in the matrix, so registers cannot run over channels: here they run over
 * pixels. A tile of pixels is turned from blocks of channels into one row per channel, small enough
 * for the first cache, multiplied row by row, and each eight finished channels are turned back. */

enum {
	SPARSE_REGISTERS = 8, /* of pixels, at most, in a tile */
	SPARSE_PIXELS = SPARSE_REGISTERS * LANES,
	SIDE = LANES < B ? LANES : B,
};

/* SIDE registers hold SIDE channels of LANES pixels, either as the tensor does, pixel after pixel,
 * or as one row of pixels per channel. Each step below trades one bit of the register's number for
 * one of the lane's: of registers i and i + s, the lanes `low` and `high` of both become the new
 * two. With 16 lanes, where a register of the tensor is two pixels, the last step also puts the
 * lanes in order. */
#define LANE_LIST(...) __VA_ARGS__
#define TRADE(v, s, low, high)                                                                     \
	UNROLL for (uint32_t i = 0; i < SIDE; i++) {                                               \
		if (i & (s))                                                                       \
			continue;                                                                  \
		const vec a = (v)[i], b = (v)[i + (s)];                                            \
		(v)[i] = __builtin_shufflevector(a, b, LANE_LIST low);                             \
		(v)[i + (s)] = __builtin_shufflevector(a, b, LANE_LIST high);                      \
	}

INLINE void pixels_to_rows(vec *v)
{
#if LANES == 4
	TRADE(v, 2, (0, 1, 4, 5), (2, 3, 6, 7))
	TRADE(v, 1, (0, 4, 2, 6), (1, 5, 3, 7))
#elif LANES == 8
	TRADE(v, 4, (0, 1, 2, 3, 8, 9, 10, 11), (4, 5, 6, 7, 12, 13, 14, 15))
	TRADE(v, 2, (0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15))
	TRADE(v, 1, (0, 8, 2, 10, 4, 12, 6, 14), (1, 9, 3, 11, 5, 13, 7, 15))
#else
	TRADE(v, 4, (0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
	      (4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
	TRADE(v, 2, (0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
	      (2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
	TRADE(v, 1, (0, 8, 16, 24, 2, 10, 18, 26, 4, 12, 20, 28, 6, 14, 22, 30),
	      (1, 9, 17, 25, 3, 11, 19, 27, 5, 13, 21, 29, 7, 15, 23, 31))
#endif
}

INLINE void rows_to_pixels(vec *v)
{
#if LANES == 16
	TRADE(v, 4, (0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
	      (8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
	TRADE(v, 2, (0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
	      (4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
	TRADE(v, 1, (0, 16, 4, 20, 8, 24, 12, 28, 1, 17, 5, 21, 9, 25, 13, 29),
	      (2, 18, 6, 22, 10, 26, 14, 30, 3, 19, 7, 23, 11, 27, 15, 31))
#else
	pixels_to_rows(v); /* its own inverse */
#endif
}

/* A tile of pixels at work. Rows of planes and sums are `registers` registers long. */
struct sparse_tile {
	const struct sparse1x1 *c;
	uint32_t first, pixels, registers;
	float *planes;  /* [channel of the part][pixel] */
	float *sums;    /* [output channel][pixel] */
};

/* planes of `blocks` blocks from `block` on; pixels beyond the last are zero. */
INLINE void gather_planes(const struct sparse_tile *t, uint32_t block, uint32_t blocks)
{
	const uint32_t pitch = t->registers * LANES;
	float *plane = t->planes;
	for (uint32_t end = block + blocks; block < end; block++, plane += (size_t)B * pitch) {
		const float *in = t->c->in + block * t->c->in_stride + (size_t)t->first * B;
		for (uint32_t x = 0; x < pitch; x += LANES, in += LANES * B) {
			const float *from = in;
			float some[LANES * B];
			if (x + LANES > t->pixels) {
				const uint32_t n = (t->pixels - x) * B;
				memcpy(some, in, n * sizeof *some);
				memset(some + n, 0, sizeof some - n * sizeof *some);
				from = some;
			}
			UNROLL for (uint32_t lane = 0; lane < B; lane += SIDE) {
				vec v[SIDE];
				UNROLL for (uint32_t i = 0; i < SIDE; i++)
					v[i] = load(from + i * PIXELS * B + lane);
				pixels_to_rows(v);
				UNROLL for (uint32_t i = 0; i < SIDE; i++)
					store(plane + (lane + i) * pitch + x, v[i]);
			}
		}
	}
}

/* Adds one part's non-zeros to the sums of all output channels; returns the next part's. Two
 * non-zeros at a time where few registers would not cover the latency of FMA. */
INLINE const union sparse_word *add_part(const struct sparse_tile *t, const union sparse_word *w,
                                         bool more, const uint32_t registers)
{
	const uint32_t pitch = registers * LANES;
	const bool pairs = registers * 2 <= SPARSE_SUMS;
	for (uint32_t o = kernel_blocks(t->c->out_channels) * B; o != 0; o--) {
		float *sums = t->sums + (size_t)w->output * pitch;
		const uint32_t count = (w++)->count;
		const union sparse_word *end = w + count;
		const uint8_t *channel = end->channels;
		vec sum[SPARSE_REGISTERS], odd[SPARSE_REGISTERS];
		UNROLL for (uint32_t r = 0; r < registers; r++) {
			sum[r] = more ? load(sums + r * LANES) : (vec){0};
			odd[r] = (vec){0};
		}
		for (; pairs && w + 1 < end; w += 2, channel += 2) {
			const float *a = opaque(t->planes + (size_t)channel[0] * pitch);
			const float *b = opaque(t->planes + (size_t)channel[1] * pitch);
			const vec wa = splat(w[0].weight), wb = splat(w[1].weight);
			UNROLL for (uint32_t r = 0; r < registers; r++) {
				sum[r] += wa * load(a + r * LANES);
				odd[r] += wb * load(b + r * LANES);
			}
		}
		for (; w < end; w++) {
			const float *a = opaque(t->planes + (size_t)*channel++ * pitch);
			const vec weight = splat(w->weight);
			UNROLL for (uint32_t r = 0; r < registers; r++)
				sum[r] += weight * load(a + r * LANES);
		}
		UNROLL for (uint32_t r = 0; r < registers; r++)
			store(sums + r * LANES, sum[r] + odd[r]);
		w += kernel_channel_words(count);
	}
	return w;
}

static const union sparse_word *add_part_of(const struct sparse_tile *t,
                                            const union sparse_word *w, bool more)
{
	switch (t->registers) {
	case 1: return add_part(t, w, more, 1);
	case 2: return add_part(t, w, more, 2);
	case 3: return add_part(t, w, more, 3);
	case 4: return add_part(t, w, more, 4);
	case 5: return add_part(t, w, more, 5);
	case 6: return add_part(t, w, more, 6);
	case 7: return add_part(t, w, more, 7);
	default: return add_part(t, w, more, 8);
	}
}

/* LANES finished pixels, or the `left` of them that there are, to where they lie: those of a row
 * together, the next row at a distance. */
INLINE void store_unit(const struct sparse1x1 *c, float *out, const vec *v, uint32_t pixel,
                       uint32_t left)
{
	uint32_t column = pixel % c->row_pixels;
	out += pixel / c->row_pixels * c->row_stride + (size_t)column * B;
	if (left >= LANES && column + LANES <= c->row_pixels) {
		UNROLL for (uint32_t i = 0; i < SIDE; i++)
			store(out + i * PIXELS * B, v[i]);
		return;
	}
	const size_t gap = c->row_stride - (size_t)c->row_pixels * B;
	UNROLL for (uint32_t i = 0; i < LANES; i++) {
		if (i >= left)
			break;
		store_one(out, v[i / PIXELS], i % PIXELS);
		out += B;
		if (++column == c->row_pixels) {
			column = 0;
			out += gap;
		}
	}
}

/* The sums of eight output channels back into the tensor. */
INLINE void scatter_sums(const struct sparse_tile *t, const struct finish *f, uint32_t block)
{
	const uint32_t pitch = t->registers * LANES;
	const float *sums = t->sums + (size_t)block * B * pitch;
	float *out = t->c->out + block * t->c->out_stride;
	for (uint32_t x = 0; x < t->pixels; x += LANES) {
		const uint32_t left = t->pixels - x, pixel = t->first + x;
		UNROLL for (uint32_t lane = 0; lane < B; lane += SIDE) {
			vec v[SIDE];
			UNROLL for (uint32_t i = 0; i < SIDE; i++)
				v[i] = load(sums + (lane + i) * pitch + x);
			rows_to_pixels(v);
			if (left >= LANES) { /* always but at the end */
				finish_sums(f, v, SIDE, PIXELS, block, lane, pixel);
			} else {
				for (uint32_t i = 0; i * PIXELS < left; i++)
					finish_sums(f, &v[i], 1,
					            left - i * PIXELS < PIXELS ? 1 : PIXELS,
					            block, lane, pixel + i * PIXELS);
			}
			store_unit(t->c, out + lane, v, pixel, left);
		}
	}
}

static void run_sparse_tile(const struct sparse_tile *t, const struct finish *f)
{
	const uint32_t blocks = kernel_blocks(t->c->in_channels);
	const uint32_t part = kernel_sparse_part(t->c->in_channels) / B;
	const union sparse_word *w = t->c->weights;
	for (uint32_t block = 0; block < blocks; block += part) {
		gather_planes(t, block, blocks - block < part ? blocks - block : part);
		w = add_part_of(t, w, block != 0);
	}
	for (uint32_t block = 0; block < kernel_blocks(t->c->out_channels); block++)
		scatter_sums(t, f, block);
}

/* Tiles as few as can be and as even as can be. */
static void sparse1x1(const struct sparse1x1 *c)
{
	const struct finish f = finish_of(&c->epilogue);
	struct sparse_tile t = {.c = c, .planes = c->scratch};
	t.sums = t.planes + (size_t)kernel_sparse_part(c->in_channels) * SPARSE_PIXELS;
	for (; t.first < c->pixels; t.first += t.pixels) {
		const uint32_t left = c->pixels - t.first;
		const uint32_t tiles = (left + SPARSE_PIXELS - 1) / SPARSE_PIXELS;
		t.registers = round_up((left + tiles - 1) / tiles, LANES) / LANES;
		t.pixels = t.registers * LANES < left ? t.registers * LANES : left;
		run_sparse_tile(&t, &f);
	}
}

static size_t sparse_scratch(uint32_t in_channels, uint32_t out_channels)
{
	return (size_t)(kernel_sparse_part(in_channels) + kernel_blocks(out_channels) * B) *
	       SPARSE_PIXELS;
}
