/* Every level this CPU has against the plain C reference, on random sizes around the register
 * tiles, hostile values and guarded buffers. With --bench: bench.c. */
#include "bench.h"
#include "cpu/cpu.h"
#include "guarded.h"
#include "kernels/kernels.h"
#include "kernels/levels.h"
#include "known.h"

#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { B = KERNEL_BLOCK };

static char current[256]; /* the case at work, for the message of a failure or a fault */
static bool failed;

/* Among the true channels of an input, in a third of the cases, what a broken camera or a layer
 * before may hand over: few, so that most sums stay as they were and show whom a neighbour's number
 * reaches. */
static void sprinkle(struct guarded *g, struct random *r, uint32_t channels)
{
	static const float odd[] = {NAN, INFINITY, -INFINITY, -NAN, FLT_TRUE_MIN,
	                            -FLT_TRUE_MIN * 1000};
	if (random_below(r, 3) != 0)
		return;
	for (uint32_t n = 1 + random_below(r, 3); n != 0; n--) {
		const size_t b = random_below(r, (uint32_t)g->blocks),
		             i = random_below(r, (uint32_t)g->used);
		if (b * B + i % B < channels)
			g->data[b * g->stride + i] = odd[random_below(r, sizeof odd / sizeof *odd)];
	}
}

/* What a kernel with an epilogue writes, three times: the level's result, the reference's, and the
 * sum of absolute products that the tolerance is relative to. */
struct output {
	struct guarded got, want, bound, bias, slope, residual;
	struct epilogue epilogue;
	bool in_place; /* the residual is the output itself */
	uint32_t products;
};

static uint32_t blocks_of(uint32_t channels)
{
	return (channels + B - 1) / B;
}

/* 1, or about a multiple of the tiles in use (2, 4, 6, 8, 12, 14, 16 pixels), or anything. */
static uint32_t some_size(struct random *r, uint32_t limit)
{
	static const uint8_t tiles[] = {2, 4, 6, 8, 12, 14, 16, 24, 32};
	uint32_t tile = tiles[random_below(r, sizeof tiles)] * (1 + random_below(r, 2));
	uint32_t kind = random_below(r, 5);
	uint32_t n = kind == 0 ? 1 : kind == 4 ? 1 + random_below(r, limit) : tile + kind - 2;
	return n > limit ? limit : n;
}

static size_t some_gap(struct random *r)
{
	return random_below(r, 2) ? 0 : 1 + random_below(r, 40);
}

static float *absolute(struct guarded *g)
{
	for (size_t b = 0; b < g->blocks; b++)
		for (size_t i = 0; i < g->used; i++)
			g->data[b * g->stride + i] = fabsf(g->data[b * g->stride + i]);
	return g->data;
}

static struct output output_new(struct random *r, uint32_t channels, uint32_t pixels,
                                enum values kind)
{
	uint32_t blocks = blocks_of(channels);
	size_t gap = some_gap(r);
	struct output o = {
		.got = guarded_new(r, blocks, (size_t)pixels * B, gap),
		.want = guarded_new(r, blocks, (size_t)pixels * B, gap),
		.bound = guarded_new(r, blocks, (size_t)pixels * B, gap),
		.bias = guarded_new(r, blocks, B, 0),
		.slope = guarded_new(r, blocks, B, 0),
		.residual = guarded_new(r, blocks, (size_t)pixels * B, some_gap(r)),
		.in_place = random_below(r, 4) == 0,
		.epilogue.activation = random_below(r, 4),
		.epilogue.residual_blocks = random_below(r, blocks + 2),
	};
	guarded_fill(&o.bias, r, kind);
	guarded_fill(&o.slope, r, VALUES_CLAMPED);
	guarded_fill(&o.residual, r, kind);
	guarded_zero_lanes(&o.bias, channels);
	guarded_zero_lanes(&o.residual, channels);
	sprinkle(&o.residual, r, channels);
	if (o.in_place) {
		guarded_free(&o.residual);
		guarded_fill(&o.got, r, kind);
		guarded_zero_lanes(&o.got, channels);
		size_t floats = (blocks - 1) * o.got.stride + o.got.used;
		memcpy(o.want.data, o.got.data, floats * sizeof(float));
		memcpy(o.bound.data, o.got.data, floats * sizeof(float));
	}
	o.epilogue.bias = o.bias.data;
	o.epilogue.slope = o.epilogue.activation == ACTIVATION_PRELU ? o.slope.data : NULL;
	return o;
}

static struct epilogue output_epilogue(const struct output *o, float *out)
{
	struct epilogue e = o->epilogue;
	if (o->in_place) {
		e.residual = out;
		e.residual_stride = o->got.stride;
	} else if (e.residual_blocks != 0) {
		e.residual = o->residual.data;
		e.residual_stride = o->residual.stride;
	}
	return e;
}

/* The same for the run that computes the bound: everything that is added becomes positive. */
static struct epilogue output_bound_epilogue(struct output *o)
{
	absolute(&o->bias);
	absolute(o->in_place ? &o->bound : &o->residual);
	struct epilogue e = output_epilogue(o, o->bound.data);
	e.activation = ACTIVATION_NONE;
	return e;
}

static void fail(const char *what)
{
	if (!failed)
		printf("FAILED %s: %s\n", current, what);
	failed = true;
}

static bool same(float a, float b)
{
	return isnan(a) ? isnan(b) : a == b;
}

static void compare(const struct guarded *got, const struct guarded *want,
                    const struct guarded *bound, const float *slope, uint32_t products)
{
	for (size_t b = 0; b < got->blocks && !failed; b++)
		for (size_t i = 0; i < got->used && !failed; i++) {
			size_t at = b * got->stride + i;
			double lipschitz = slope ? fmax(1, fabs(slope[b * B + i % B])) : 1;
			double allowed =
				KERNEL_TOLERANCE * lipschitz * (bound ? bound->data[at] : 0) +
				FLT_TRUE_MIN * (double)products;
			/* Infinite sums have no rounding, and a NaN is one whatever its bits. */
			if (!isfinite(want->data[at]) || !isfinite(allowed)
			            ? same(got->data[at], want->data[at])
			            : fabs((double)got->data[at] - want->data[at]) <= allowed)
				continue;
			char text[160];
			snprintf(text, sizeof text,
			         "block %zu, float %zu: %.9g, reference %.9g, allowed %g", b, i,
			         got->data[at], want->data[at], allowed);
			fail(text);
		}
	if (!guarded_intact(got))
		fail("wrote between the blocks");
}

/* The clamp is exact: rounding may not leave its range. */
static void check_range(const struct output *o)
{
	float high = o->epilogue.activation == ACTIVATION_RELU6 ? 6 : INFINITY;
	if (o->epilogue.activation != ACTIVATION_RELU && o->epilogue.activation != ACTIVATION_RELU6)
		return;
	for (size_t b = 0; b < o->got.blocks; b++)
		for (size_t i = 0; i < o->got.used; i++)
			if (!(o->got.data[b * o->got.stride + i] >= 0 &&
			      o->got.data[b * o->got.stride + i] <= high) &&
			    !isnan(o->want.data[b * o->want.stride + i]))
				fail("left the range of its activation");
}

static void output_finish(struct output *o)
{
	check_range(o);
	compare(&o->got, &o->want, &o->bound, o->epilogue.slope, o->products + 2);
	guarded_free(&o->got);
	guarded_free(&o->want);
	guarded_free(&o->bound);
	guarded_free(&o->bias);
	guarded_free(&o->slope);
	if (!o->in_place)
		guarded_free(&o->residual);
}

/* Packed weights of one table, made and freed around each run. */
static struct guarded packed(struct random *r, size_t floats)
{
	return guarded_new(r, 1, floats, 0);
}

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *format, ...)
{
	size_t used = strlen(current);
	va_list args;
	va_start(args, format);
	vsnprintf(current + used, sizeof current - used, format, args);
	va_end(args);
}

/* sparse1x1 into rows at a distance, then into one piece as conv1x1 makes it. */
static void run_sparse1x1(const struct kernels *t, struct random *r, const struct conv1x1 *c,
                          const float *src)
{
	const float untouched = 12345;
	const uint32_t width = random_below(r, 2) ? 1 + random_below(r, c->pixels) : c->pixels;
	const uint32_t blocks = blocks_of(c->out_channels), rows = (c->pixels + width - 1) / width;
	const size_t row = (size_t)(width + random_below(r, 4)) * B;
	const size_t used = (rows - 1) * row + (size_t)(c->pixels - (rows - 1) * width) * B;
	struct guarded out = guarded_new(r, blocks, used, some_gap(r));
	for (uint32_t b = 0; b < blocks; b++)
		for (size_t i = 0; i < used; i++)
			out.data[b * out.stride + i] = untouched;
	struct guarded w = packed(r, t->packed_sparse1x1(src, c->in_channels, c->out_channels));
	struct guarded scratch = packed(r, t->sparse_scratch(c->in_channels, c->out_channels));
	t->pack_sparse1x1((union sparse_word *)(void *)w.data, src, c->in_channels,
	                  c->out_channels);
	t->sparse1x1(&(struct sparse1x1){
		.in = c->in, .in_stride = c->in_stride, .out = out.data, .out_stride = out.stride,
		.weights = (union sparse_word *)(void *)w.data, .scratch = scratch.data,
		.pixels = c->pixels, .row_pixels = width, .row_stride = row,
		.in_channels = c->in_channels, .out_channels = c->out_channels,
		.epilogue = c->epilogue});
	for (uint32_t b = 0; b < blocks; b++)
		for (uint32_t y = 0; y < rows; y++) {
			const uint32_t n = c->pixels - y * width < width ? c->pixels - y * width
			                                                 : width;
			const float *from = out.data + b * out.stride + y * row;
			memcpy(c->out + b * c->out_stride + (size_t)y * width * B, from,
			       (size_t)n * B * sizeof *from);
			for (size_t i = (size_t)n * B; y + 1 < rows && i < row; i++)
				if (from[i] != untouched)
					fail("wrote between the rows");
		}
	if (!guarded_intact(&out))
		fail("wrote between the blocks");
	guarded_free(&out);
	guarded_free(&w);
	guarded_free(&scratch);
}

/* Rows that follow each other, moved apart or back together: `from` and `to` of so many floats a
 * row. */
static void move_rows(float *to, size_t to_stride, size_t to_row, const float *from,
                      size_t from_stride,
                      size_t from_row, size_t floats, uint32_t rows, uint32_t blocks)
{
	for (uint32_t b = 0; b < blocks; b++)
		for (uint32_t y = 0; y < rows; y++)
			memcpy(to + b * to_stride + y * to_row,
			       from + b * from_stride + y * from_row, floats * sizeof *to);
}

/* `rows` rows of `width` of the call's pixels, input and output each at a distance of its own:
 * between the rows lies NaN (guarded.h), which a kernel that strays would add, and which must
 * stay. */
static void conv1x1_rows(const struct kernels *t, struct random *r, struct conv1x1 c,
                         uint32_t width, uint32_t rows)
{
	const size_t plain = (size_t)width * B;
	const size_t in_row = plain + random_below(r, 3) * B,
	             out_row = plain + random_below(r, 3) * B;
	const uint32_t in_blocks = blocks_of(c.in_channels), out_blocks = blocks_of(c.out_channels);
	const bool in_place = c.epilogue.residual == c.out;
	struct guarded in = guarded_new(r, in_blocks, (rows - 1) * in_row + plain, some_gap(r));
	struct guarded out = guarded_new(r, out_blocks, (rows - 1) * out_row + plain, some_gap(r));
	struct guarded untouched = guarded_new(r, 1, 1, 0);
	struct conv1x1 call = c;
	move_rows(in.data, in.stride, in_row, c.in, c.in_stride, plain, plain, rows, in_blocks);
	move_rows(out.data, out.stride, out_row, c.out, c.out_stride, plain,
	          plain, rows, out_blocks);
	call.in = in.data;
	call.in_stride = in.stride;
	call.in_row = in_row;
	call.out = out.data;
	call.out_stride = out.stride;
	call.out_row = out_row;
	call.residual_row = in_place ? out_row : plain;
	call.pixels = width;
	call.rows = rows;
	if (in_place) {
		call.epilogue.residual = out.data;
		call.epilogue.residual_stride = out.stride;
	}
	t->conv1x1(&call);
	move_rows(c.out, c.out_stride, plain, out.data, out.stride, out_row,
	          plain, rows, out_blocks);
	for (uint32_t b = 0; b < out_blocks; b++)
		for (uint32_t y = 0; y + 1 < rows; y++)
			for (size_t i = plain; i < out_row; i++)
				if (memcmp(out.data + b * out.stride + y * out_row + i,
				           untouched.data, sizeof(float)) != 0)
					fail("wrote between the rows");
	if (!guarded_intact(&out))
		fail("wrote between the blocks");
	guarded_free(&in);
	guarded_free(&out);
	guarded_free(&untouched);
}

/* conv1x1 and sparse1x1 say the same with different packing. */
static void run_conv1x1(const struct kernels *t, struct random *r, struct conv1x1 c,
                        const float *src, bool sparse)
{
	if (sparse) {
		run_sparse1x1(t, r, &c, src);
		return;
	}
	struct guarded w = packed(r, (t->packed_conv1x1(c.in_channels, c.out_channels) + 1) / 2);
	struct guarded scratch = packed(r, t->conv1x1_scratch(c.in_channels));
	t->pack_conv1x1((uint16_t *)(void *)w.data, src, c.in_channels, c.out_channels);
	c.weights = (uint16_t *)(void *)w.data;
	c.scratch = scratch.data;
	/* In as many rows as the pixels give, and what is left as one of its own. */
	const uint32_t pixels = c.pixels, width = 1 + random_below(r, pixels);
	conv1x1_rows(t, r, c, width, pixels / width);
	const size_t done = (size_t)(pixels - pixels % width) * B;
	c.in += done;
	c.out += done;
	if (c.epilogue.residual != NULL)
		c.epilogue.residual += done;
	c.pixels = pixels % width;
	c.rows = 1;
	if (c.pixels != 0)
		t->conv1x1(&c);
	guarded_free(&w);
	guarded_free(&scratch);
}

/* Finite numbers that binary16 has: those of the networks' weights. */
static void to_halves(struct guarded *g)
{
	for (size_t i = 0; i < g->used; i++) {
		float x = g->data[i], y;
		x = x > 65504 ? 65504 : x < -65504 ? -65504 : x;
		uint16_t half = reference_half(x);
		kernels_named("c")->half_to_float(&y, &half, 1);
		g->data[i] = y;
	}
}

static bool all_finite(const struct guarded *g)
{
	for (size_t b = 0; b < g->blocks; b++)
		for (size_t i = 0; i < g->used; i++)
			if (!isfinite(g->data[b * g->stride + i]))
				return false;
	return true;
}

static void check_matrix(const struct kernels *t, const struct kernels *c, struct random *r,
                         bool sparse)
{
	enum values kind = random_below(r, VALUES_KINDS);
	uint32_t ic = some_size(r, sparse ? 480 : 120), oc = some_size(r, 120),
	         pixels = some_size(r, 140);
	struct output o = output_new(r, oc, pixels, kind);
	o.products = ic;
	note("%s %ux%u, %u pixels, activation %d, residual blocks %u%s",
	     sparse ? "sparse1x1" : "conv1x1", ic, oc, pixels, o.epilogue.activation,
	     o.epilogue.residual_blocks, o.in_place ? " in place" : "");
	struct guarded in = guarded_new(r, blocks_of(ic), (size_t)pixels * B, some_gap(r));
	struct guarded src = guarded_new(r, 1, (size_t)ic * oc, 0);
	guarded_fill(&in, r, kind);
	guarded_zero_lanes(&in, ic);
	sprinkle(&in, r, ic);
	guarded_fill(&src, r, kind);
	for (size_t i = 0; sparse && i < src.used; i++)
		if (random_below(r, 4) != 0)
			src.data[i] = 0;
	to_halves(&src);
	/* A zero that is skipped keeps out what is not a number; one that is multiplied by does
	 * not. */
	const bool skips = sparse && !all_finite(&in);
	struct conv1x1 call = {.in = in.data, .in_stride = in.stride, .out = o.got.data,
	                       .out_stride = o.got.stride, .pixels = pixels, .in_channels = ic,
	                       .out_channels = oc, .epilogue = output_epilogue(&o, o.got.data)};
	run_conv1x1(t, r, call, src.data, sparse);
	call.out = o.want.data;
	call.epilogue = output_epilogue(&o, o.want.data);
	run_conv1x1(c, r, call, src.data, skips);
	absolute(&in);
	call.out = o.bound.data;
	call.epilogue = output_bound_epilogue(&o);
	run_conv1x1(c, r, call, absolute(&src), skips);
	output_finish(&o);
	guarded_free(&in);
	guarded_free(&src);
}

static void check_conv1x1(const struct kernels *t, const struct kernels *c, struct random *r)
{
	check_matrix(t, c, r, false);
}

/* Against the dense reference, so that skipping is checked too. */
static void check_sparse1x1(const struct kernels *t, const struct kernels *c, struct random *r)
{
	check_matrix(t, c, r, true);
}

static void run_depthwise(const struct kernels *t, struct random *r, struct depthwise d,
                          const float *src, uint32_t channels)
{
	struct guarded w = packed(r, t->packed_depthwise(d.k, channels));
	t->pack_depthwise(w.data, src, d.k, channels);
	d.weights = w.data;
	t->depthwise(&d);
	guarded_free(&w);
}

static void check_depthwise(const struct kernels *t, const struct kernels *c, struct random *r)
{
	enum values kind = random_below(r, VALUES_KINDS);
	uint32_t channels = some_size(r, 50), width = some_size(r, 70);
	uint32_t k = random_below(r, 2) ? 3 : 5, step = 1 + random_below(r, 2);
	struct output o = output_new(r, channels, width, kind);
	o.products = k * k;
	note("depthwise %ux%u step %u, %u channels, %u pixels, activation %d", k, k, step, channels,
	     width, o.epilogue.activation);
	struct guarded rows[5];
	size_t in_floats = (size_t)((width - 1) * step + k) * B, gap = some_gap(r);
	struct guarded src = guarded_new(r, 1, (size_t)k * k * channels, 0);
	guarded_fill(&src, r, kind);
	struct depthwise call = {.in_stride = in_floats + gap, .out = o.got.data,
	                         .out_stride = o.got.stride, .width = width,
	                         .blocks = blocks_of(channels), .k = k, .step = step,
	                         .epilogue = output_epilogue(&o, o.got.data)};
	for (uint32_t y = 0; y < k; y++) {
		rows[y] = guarded_new(r, call.blocks, in_floats, gap);
		guarded_fill(&rows[y], r, kind);
		guarded_zero_lanes(&rows[y], channels);
		sprinkle(&rows[y], r, channels);
		call.rows[y] = rows[y].data;
	}
	run_depthwise(t, r, call, src.data, channels);
	call.out = o.want.data;
	call.epilogue = output_epilogue(&o, o.want.data);
	run_depthwise(c, r, call, src.data, channels);
	for (uint32_t y = 0; y < k; y++)
		absolute(&rows[y]);
	call.out = o.bound.data;
	call.epilogue = output_bound_epilogue(&o);
	run_depthwise(c, r, call, absolute(&src), channels);
	output_finish(&o);
	for (uint32_t y = 0; y < k; y++)
		guarded_free(&rows[y]);
	guarded_free(&src);
}

static void run_stem(const struct kernels *t, struct random *r, struct stem s, const float *src)
{
	uint32_t taps = s.k * s.k * 3;
	struct guarded w = packed(r, t->packed_stem(taps, s.out_channels));
	t->pack_stem(w.data, src, taps, s.out_channels);
	s.weights = w.data;
	t->stem(&s);
	guarded_free(&w);
}

static void check_stem(const struct kernels *t, const struct kernels *c, struct random *r)
{
	enum values kind = random_below(r, VALUES_KINDS);
	uint32_t oc = some_size(r, 40), width = some_size(r, 70), k = random_below(r, 2) ? 3 : 5;
	struct output o = output_new(r, oc, width, kind);
	o.products = k * k * 3;
	note("stem %ux%u, %u channels, %u pixels", k, k, oc, width);
	struct guarded rows[5], src = guarded_new(r, 1, (size_t)k * k * 3 * oc, 0);
	guarded_fill(&src, r, kind);
	struct stem call = {.out = o.got.data, .out_stride = o.got.stride, .width = width,
	                    .out_channels = oc, .k = k, .step = 2,
	                    .epilogue = output_epilogue(&o, o.got.data)};
	for (uint32_t y = 0; y < k; y++) {
		rows[y] = guarded_new(r, 1, (size_t)((width - 1) * 2 + k) * 3, 0);
		guarded_fill(&rows[y], r, kind);
		sprinkle(&rows[y], r, B);
		call.rows[y] = rows[y].data;
	}
	run_stem(t, r, call, src.data);
	call.out = o.want.data;
	call.epilogue = output_epilogue(&o, o.want.data);
	run_stem(c, r, call, src.data);
	for (uint32_t y = 0; y < k; y++)
		absolute(&rows[y]);
	call.out = o.bound.data;
	call.epilogue = output_bound_epilogue(&o);
	run_stem(c, r, call, absolute(&src));
	output_finish(&o);
	for (uint32_t y = 0; y < k; y++)
		guarded_free(&rows[y]);
	guarded_free(&src);
}

static void run_dense(const struct kernels *t, struct random *r, struct dense d, const float *src)
{
	struct guarded w = packed(r, (t->packed_dense(d.inputs, d.outputs) + 1) / 2);
	t->pack_dense((uint16_t *)(void *)w.data, src, d.inputs, d.outputs);
	d.weights = (uint16_t *)(void *)w.data;
	t->dense(&d);
	guarded_free(&w);
}

static void check_dense(const struct kernels *t, const struct kernels *c, struct random *r)
{
	enum values kind = random_below(r, VALUES_KINDS);
	uint32_t inputs = some_size(r, 300), outputs = some_size(r, 200);
	struct output o = output_new(r, outputs, 1, kind);
	o.products = inputs;
	o.epilogue = (struct epilogue){.activation = ACTIVATION_NONE};
	note("dense %ux%u", inputs, outputs);
	/* The outputs of a dense layer are contiguous: one run. */
	struct guarded *out[] = {&o.got, &o.want, &o.bound};
	for (int i = 0; i < 3; i++) {
		guarded_free(out[i]);
		*out[i] = guarded_new(r, 1, (size_t)blocks_of(outputs) * B, 0);
	}
	struct guarded in = guarded_new(r, 1, inputs, 0);
	struct guarded src = guarded_new(r, 1, (size_t)inputs * outputs, 0);
	guarded_fill(&in, r, kind);
	sprinkle(&in, r, B);
	guarded_fill(&src, r, kind);
	to_halves(&src);
	struct dense call = {.in = in.data, .out = o.got.data, .bias = o.bias.data,
	                     .inputs = inputs, .outputs = outputs};
	run_dense(t, r, call, src.data);
	call.out = o.want.data;
	run_dense(c, r, call, src.data);
	absolute(&in);
	absolute(&o.bias);
	call.out = o.bound.data;
	run_dense(c, r, call, absolute(&src));
	output_finish(&o);
	guarded_free(&in);
	guarded_free(&src);
}

static void check_maxpool2x2(const struct kernels *t, const struct kernels *c, struct random *r)
{
	uint32_t blocks = 1 + random_below(r, 5), width = some_size(r, 40);
	note("maxpool2x2 %u blocks, %u pixels", blocks, width);
	size_t gap = some_gap(r), out_gap = some_gap(r), used = (size_t)width * 2 * B;
	struct guarded r0 = guarded_new(r, blocks, used, gap),
		       r1 = guarded_new(r, blocks, used, gap);
	struct guarded got = guarded_new(r, blocks, used / 2, out_gap);
	struct guarded want = guarded_new(r, blocks, used / 2, out_gap);
	guarded_fill(&r0, r, VALUES_EXTREME);
	guarded_fill(&r1, r, VALUES_EXTREME);
	sprinkle(&r0, r, blocks * B);
	sprinkle(&r1, r, blocks * B);
	t->maxpool2x2(got.data, got.stride, r0.data, r1.data, r0.stride, width, blocks);
	c->maxpool2x2(want.data, want.stride, r0.data, r1.data, r0.stride, width, blocks);
	compare(&got, &want, NULL, NULL, 0);
	guarded_free(&r0);
	guarded_free(&r1);
	guarded_free(&got);
	guarded_free(&want);
}

static void check_upsample2x(const struct kernels *t, const struct kernels *c, struct random *r)
{
	enum values kind = random_below(r, VALUES_KINDS);
	uint32_t blocks = 1 + random_below(r, 5), width = some_size(r, 40);
	float f = random_below(r, 2) ? 0.25f : 0.75f;
	bool with_add = random_below(r, 2);
	note("upsample2x %u blocks, %u pixels, f %g, add %d", blocks, width, f, with_add);
	size_t gap = some_gap(r), out_gap = some_gap(r), used = (size_t)width * B;
	struct guarded r0 = guarded_new(r, blocks, used, gap),
		       r1 = guarded_new(r, blocks, used, gap);
	struct guarded plus = guarded_new(r, blocks, used * 2, some_gap(r)), out[3];
	for (int i = 0; i < 3; i++)
		out[i] = guarded_new(r, blocks, used * 2, out_gap);
	guarded_fill(&r0, r, kind);
	guarded_fill(&r1, r, kind);
	guarded_fill(&plus, r, kind);
	sprinkle(&r0, r, blocks * B);
	sprinkle(&r1, r, blocks * B);
	sprinkle(&plus, r, blocks * B);
	for (int i = 0; i < 3; i++) {
		if (i == 2) {
			absolute(&r0);
			absolute(&r1);
			absolute(&plus);
		}
		(i == 0 ? t : c)
			->upsample2x(out[i].data, out[i].stride, r0.data, r1.data, r0.stride, width,
		                     blocks, f, with_add ? plus.data : NULL, plus.stride);
	}
	compare(&out[0], &out[1], &out[2], NULL, 5);
	for (int i = 0; i < 3; i++)
		guarded_free(&out[i]);
	guarded_free(&r0);
	guarded_free(&r1);
	guarded_free(&plus);
}

static void check_add(const struct kernels *t, const struct kernels *c, struct random *r)
{
	enum values kind = random_below(r, VALUES_KINDS);
	uint32_t pixels = some_size(r, 70);
	enum activation activation = random_below(r, 4);
	note("add %u pixels, activation %d", pixels, activation);
	struct guarded v[5], slope = guarded_new(r, 1, B, 0); /* a, b, got, want, bound */
	for (int i = 0; i < 5; i++)
		v[i] = guarded_new(r, 1, (size_t)pixels * B, 0);
	guarded_fill(&v[0], r, kind);
	guarded_fill(&v[1], r, kind);
	sprinkle(&v[0], r, B);
	sprinkle(&v[1], r, B);
	guarded_fill(&slope, r, VALUES_CLAMPED);
	t->add(v[2].data, v[0].data, v[1].data, v[0].used, activation, slope.data);
	c->add(v[3].data, v[0].data, v[1].data, v[0].used, activation, slope.data);
	c->add(v[4].data, absolute(&v[0]), absolute(&v[1]), v[0].used, ACTIVATION_NONE, NULL);
	for (size_t i = 0; i < v[4].used; i++)
		v[4].data[i] *= 2; /* the largest slope */
	compare(&v[2], &v[3], &v[4], NULL, 2);
	for (int i = 0; i < 5; i++)
		guarded_free(&v[i]);
	guarded_free(&slope);
}

static void check_half_to_float(const struct kernels *t, const struct kernels *c,
                                struct random *r)
{
	uint32_t pairs = some_size(r, 100);
	size_t n = 2 * (size_t)pairs - random_below(r, 2);
	note("half_to_float %zu", n);
	struct guarded src = guarded_new(r, 1, pairs, 0); /* two halves in each float's place */
	struct guarded got = guarded_new(r, 1, n, 0), want = guarded_new(r, 1, n, 0);
	uint16_t *halves = (uint16_t *)(void *)src.data + (2 * pairs - n); /* against the end */
	uint16_t first = (uint16_t)random_next(r);
	for (size_t i = 0; i < n; i++) /* an odd step: 65536 numbers in a row visit every half */
		halves[i] = (uint16_t)(first + i * 40503);
	t->half_to_float(got.data, halves, n);
	c->half_to_float(want.data, halves, n);
	for (size_t i = 0; i < n && !failed; i++)
		if (memcmp(got.data + i, want.data + i, sizeof(float)) != 0) {
			char text[80];
			snprintf(text, sizeof text, "0x%04x: %g, reference %g", halves[i],
			         got.data[i], want.data[i]);
			fail(text);
		}
	guarded_free(&src);
	guarded_free(&got);
	guarded_free(&want);
}

static void fault(int signal_number)
{
	static const char text[] = "FAILED (touched memory that is not its own) ";
	(void)signal_number;
	if (write(STDOUT_FILENO, text, sizeof text - 1) < 0 ||
	    write(STDOUT_FILENO, current, strlen(current)) < 0 || write(STDOUT_FILENO, "\n", 1) < 0)
		_exit(2);
	_exit(1);
}

static const struct {
	const char *name;
	void (*check)(const struct kernels *, const struct kernels *, struct random *);
} checks[] = {
#define KERNEL(name) {#name, check_##name},
#include "kernels/list.inc"
#undef KERNEL
};

static int check_level(const char *level, uint64_t seed, int cases)
{
	const struct kernels *t = kernels_named(level), *c = kernels_named("c");
	if (t == NULL) {
		printf("%-7s skipped: this CPU or this build lacks it\n", level);
		return 0;
	}
	int failures = 0;
	for (size_t k = 0; k < sizeof checks / sizeof checks[0]; k++) {
		failed = false;
		for (int i = 0; i < cases && !failed; i++) {
			uint64_t own_seed = (seed + (uint64_t)i * 1000003) * 2 + 1;
			struct random r = {own_seed};
			snprintf(current, sizeof current, "%s (seed %llu, case %d): ", level,
			         (unsigned long long)seed, i);
			checks[k].check(t, c, &r);
		}
		failures += failed;
	}
	printf("%-7s %zu kernels, %d cases each: %d failed\n", level,
	       sizeof checks / sizeof checks[0], cases, failures);
	return failures;
}

int main(int argc, char **argv)
{
	uint64_t seed = (uint64_t)time(NULL);
	int cases = 400;
	if (getenv("UNKNOT_TEST_SEED") != NULL)
		seed = strtoull(getenv("UNKNOT_TEST_SEED"), NULL, 10);
	if (argc > 1 && strcmp(argv[1], "--bench") == 0)
		return bench(argc > 2 ? argv[2] : NULL, argc > 3 ? argv[3] : NULL);
	if (argc > 1)
		seed = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		cases = atoi(argv[2]);
	printf("seed %llu (give it as first argument or UNKNOT_TEST_SEED to repeat)\n",
	       (unsigned long long)seed);
	signal(SIGSEGV, fault);
	signal(SIGBUS, fault);
	int failures = known_answers() + known_caps();
	for (int level = CPU_C; level <= CPU_NEON; level++)
		failures += check_level(cpu_level_name(level), seed, cases);
	return failures != 0;
}
