#include "bench.h"

#include "kernels/kernels.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { B = KERNEL_BLOCK };

/* The layers of pose_landmark_lite by cost, and how often each occurs; a kernel on whole rows sees
 * them in chunks that fit a core's cache, as the fused blocks of src/net give them. */
static const struct {
	uint16_t pixels, ic, oc, times;
	enum activation activation;
} conv_shapes[] = {
	{512, 24, 8, 32, ACTIVATION_NONE},     {512, 8, 32, 32, ACTIVATION_RELU6},
	{256, 32, 16, 16, ACTIVATION_NONE},    {256, 16, 96, 32, ACTIVATION_RELU6},
	{256, 96, 16, 16, ACTIVATION_NONE},    {256, 96, 24, 4, ACTIVATION_NONE},
	{128, 24, 144, 16, ACTIVATION_RELU6},  {128, 144, 24, 8, ACTIVATION_NONE},
	{256, 144, 40, 1, ACTIVATION_NONE},    {256, 40, 240, 3, ACTIVATION_RELU6},
	{256, 240, 40, 2, ACTIVATION_NONE},    {256, 240, 56, 1, ACTIVATION_NONE},
	{256, 56, 336, 3, ACTIVATION_RELU6},   {256, 336, 56, 2, ACTIVATION_NONE},
	{64, 336, 96, 1, ACTIVATION_NONE},     {64, 96, 576, 4, ACTIVATION_RELU6},
	{64, 576, 96, 3, ACTIVATION_NONE},     {64, 576, 32, 1, ACTIVATION_RELU6},
	{64, 576, 192, 1, ACTIVATION_RELU6},   {16, 192, 192, 3, ACTIVATION_NONE},
	{4, 192, 192, 4, ACTIVATION_NONE},     {256, 32, 39, 16, ACTIVATION_NONE},
};

static const struct {
	uint16_t width, channels, k, step, times; /* times: rows in the network */
} depthwise_shapes[] = {
	{128, 24, 3, 1, 128}, {64, 32, 3, 2, 64},  {64, 96, 3, 1, 64},  {32, 96, 5, 2, 32},
	{32, 144, 5, 1, 32},  {16, 144, 3, 2, 16}, {16, 240, 3, 1, 32}, {16, 240, 5, 1, 16},
	{16, 336, 5, 1, 32},  {8, 336, 5, 2, 8},   {8, 576, 5, 1, 24},  {8, 576, 3, 1, 24},
	{4, 192, 3, 1, 8},
};

struct job {
	void (*run)(const struct kernels *, const void *call);
	const void *call;
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The best of many short rounds: the machine is shared. */
static double seconds_of(const struct kernels *t, struct job job)
{
	double start = now();
	job.run(t, job.call);
	double once = now() - start;
	int repeat = 1 + (int)(200e-6 / (once + 1e-9));
	double best = once;
	for (int round = 0; round < 60; round++) {
		start = now();
		for (int i = 0; i < repeat; i++)
			job.run(t, job.call);
		double each = (now() - start) / repeat;
		if (each < best)
			best = each;
	}
	return best;
}

static void report(const struct kernels *t, const char *shape, double seconds, double macs)
{
	printf("%-7s %-34s %9.0f ns", t->name, shape, seconds * 1e9);
	if (macs > 0)
		printf(" %7.1f GFLOP/s", 2 * macs / seconds * 1e-9);
	printf("\n");
}

/* Cache-line aligned, as the engine's arena gives it, of small positive numbers. */
static float *numbers(size_t n)
{
	float *p = aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64);
	if (p == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		p[i] = (float)(i % 7) / 8 - 0.25f;
	return p;
}

static uint16_t *halves(size_t n)
{
	uint16_t *p = calloc(n + 1, sizeof *p);
	if (p == NULL)
		abort();
	return p;
}

static void run_conv1x1(const struct kernels *t, const void *call)
{
	t->conv1x1(call);
}

static size_t rounded(size_t channels)
{
	return (channels + B - 1) / B * B;
}

static void bench_conv1x1(const struct kernels *t)
{
	double seconds = 0, macs = 0;
	for (size_t i = 0; i < sizeof conv_shapes / sizeof conv_shapes[0]; i++) {
		uint32_t p = conv_shapes[i].pixels, ic = conv_shapes[i].ic, oc = conv_shapes[i].oc;
		float *in = numbers(p * rounded(ic)), *out = numbers(p * rounded(oc));
		float *src = numbers((size_t)ic * oc), *bias = numbers(rounded(oc));
		float *scratch = numbers(t->conv1x1_scratch(ic));
		uint16_t *w = halves(t->packed_conv1x1(ic, oc));
		t->pack_conv1x1(w, src, ic, oc);
		struct conv1x1 c = {.in = in, .in_stride = (size_t)p * B, .out = out,
		                    .out_stride = (size_t)p * B, .weights = w,
		                    .scratch = scratch, .pixels = p, .rows = 1,
		                    .in_channels = ic, .out_channels = oc, .epilogue.bias = bias,
		                    .epilogue.activation = conv_shapes[i].activation};
		double each = seconds_of(t, (struct job){run_conv1x1, &c});
		char shape[64];
		snprintf(shape, sizeof shape, "conv1x1 %4u px %4u -> %u", p, ic, oc);
		report(t, shape, each, (double)p * ic * oc);
		seconds += each * conv_shapes[i].times;
		macs += (double)p * ic * oc * conv_shapes[i].times;
		free(in), free(out), free(src), free(bias), free(w), free(scratch);
	}
	report(t, "conv1x1 of pose lite", seconds, macs);
}

static void run_sparse1x1(const struct kernels *t, const void *call)
{
	t->sparse1x1(call);
}

/* Layers of the pose detector, three weights in four zero; GFLOP/s of the non-zeros alone. */
static void bench_sparse1x1(const struct kernels *t)
{
	static const uint16_t shapes[][3] = {{784, 24, 144}, {784, 144, 24}, {784, 40, 240},
	                                     {784, 240, 40}, {196, 80, 480}, {196, 480, 80},
	                                     {196, 112, 672}, {196, 672, 112}, {49, 192, 1152},
	                                     {49, 1152, 192}};
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		uint32_t p = shapes[i][0], ic = shapes[i][1], oc = shapes[i][2];
		float *in = numbers(p * rounded(ic)), *out = numbers(p * rounded(oc));
		float *src = numbers((size_t)ic * oc), *bias = numbers(rounded(oc));
		float *scratch = numbers(t->sparse_scratch(ic, oc) + 1);
		size_t nonzeros = 0;
		for (size_t j = 0; j < (size_t)ic * oc; j++) { /* a well-mixed quarter stays */
			src[j] = (uint32_t)j * 2654435761u >> 30 == 0 ? 0.5f : 0;
			nonzeros += src[j] != 0;
		}
		union sparse_word *w = malloc(t->packed_sparse1x1(src, ic, oc) * sizeof *w);
		if (w == NULL)
			abort();
		t->pack_sparse1x1(w, src, ic, oc);
		struct sparse1x1 c = {.in = in,
		                      .in_stride = (size_t)p * B,
		                      .out = out,
		                      .out_stride = (size_t)p * B,
		                      .weights = w,
		                      .scratch = scratch,
		                      .pixels = p,
		                      .row_pixels = p,
		                      .in_channels = ic,
		                      .out_channels = oc,
		                      .epilogue.bias = bias,
		                      .epilogue.activation = ACTIVATION_RELU6};
		char shape[64];
		snprintf(shape, sizeof shape, "sparse1x1 %4u px %4u -> %u", p, ic, oc);
		report(t, shape, seconds_of(t, (struct job){run_sparse1x1, &c}),
		       (double)p * (double)nonzeros);
		free(in), free(out), free(src), free(bias), free(scratch), free(w);
	}
}

static void run_depthwise(const struct kernels *t, const void *call)
{
	t->depthwise(call);
}

static void bench_depthwise(const struct kernels *t)
{
	double seconds = 0, macs = 0;
	for (size_t i = 0; i < sizeof depthwise_shapes / sizeof depthwise_shapes[0]; i++) {
		uint32_t width = depthwise_shapes[i].width, channels = depthwise_shapes[i].channels;
		uint32_t k = depthwise_shapes[i].k, step = depthwise_shapes[i].step;
		/* The ring of rows of one block lies together, as in a fused block. */
		size_t row = (size_t)(width * step + k - step + 1) / 2 * 2 * B;
		float *in = numbers(row * k * rounded(channels) / B),
		      *out = numbers(width * rounded(channels));
		float *src = numbers((size_t)k * k * channels), *bias = numbers(rounded(channels));
		float *w = numbers(t->packed_depthwise(k, channels));
		t->pack_depthwise(w, src, k, channels);
		struct depthwise d = {.in_stride = row * k,
		                      .out = out,
		                      .out_stride = (size_t)width * B,
		                      .weights = w,
		                      .width = width,
		                      .blocks = (uint32_t)rounded(channels) / B,
		                      .k = k,
		                      .step = step,
		                      .epilogue.bias = bias,
		                      .epilogue.activation = ACTIVATION_RELU6};
		for (uint32_t y = 0; y < k; y++)
			d.rows[y] = in + y * row;
		double each = seconds_of(t, (struct job){run_depthwise, &d});
		char shape[64];
		snprintf(shape, sizeof shape, "depthwise %ux%u/%u %3u px %4u ch", k, k, step, width,
		         channels);
		double work = (double)width * channels * k * k;
		report(t, shape, each, work);
		seconds += each * depthwise_shapes[i].times;
		macs += work * depthwise_shapes[i].times;
		free(in), free(out), free(src), free(bias), free(w);
	}
	report(t, "depthwise of pose lite", seconds, macs);
}

static void run_stem(const struct kernels *t, const void *call)
{
	t->stem(call);
}

static void bench_stem(const struct kernels *t)
{
	static const uint16_t shapes[][3] = {{128, 24, 3}, {96, 16, 3}, {64, 24, 5}};
	for (size_t i = 0; i < 3; i++) {
		uint32_t width = shapes[i][0], oc = shapes[i][1], k = shapes[i][2],
			 taps = k * k * 3;
		size_t row = (size_t)(2 * width + k) * 3;
		float *in = numbers(row * k), *out = numbers(width * rounded(oc)),
		      *bias = numbers(oc);
		float *src = numbers((size_t)taps * oc), *w = numbers(t->packed_stem(taps, oc));
		t->pack_stem(w, src, taps, oc);
		struct stem s = {.out = out,
		                 .out_stride = (size_t)width * B,
		                 .weights = w,
		                 .width = width,
		                 .out_channels = oc,
		                 .k = k,
		                 .step = 2,
		                 .epilogue.bias = bias,
		                 .epilogue.activation = ACTIVATION_RELU6};
		for (uint32_t y = 0; y < k; y++)
			s.rows[y] = in + y * row;
		double each = seconds_of(t, (struct job){run_stem, &s});
		char shape[64];
		snprintf(shape, sizeof shape, "stem %ux%u %3u px -> %u", k, k, width, oc);
		report(t, shape, each, (double)width * taps * oc);
		free(in), free(out), free(src), free(bias), free(w);
	}
}

static void run_dense(const struct kernels *t, const void *call)
{
	t->dense(call);
}

static void bench_dense(const struct kernels *t)
{
	static const uint16_t shapes[][2] = {{768, 195}, {768, 117}, {288, 1404}};
	for (size_t i = 0; i < 3; i++) {
		uint32_t inputs = shapes[i][0], outputs = shapes[i][1];
		float *in = numbers(inputs), *out = numbers(rounded(outputs)),
		      *bias = numbers(rounded(outputs));
		float *src = numbers((size_t)inputs * outputs);
		uint16_t *w = halves(t->packed_dense(inputs, outputs));
		t->pack_dense(w, src, inputs, outputs);
		struct dense d = {.in = in,
		                  .out = out,
		                  .weights = w,
		                  .bias = bias,
		                  .inputs = inputs,
		                  .outputs = outputs};
		double each = seconds_of(t, (struct job){run_dense, &d});
		char shape[64];
		snprintf(shape, sizeof shape, "dense %u -> %u", inputs, outputs);
		report(t, shape, each, (double)inputs * outputs);
		free(in), free(out), free(src), free(bias), free(w);
	}
}

/* The small ones move memory: one row of 32 pixels, 4 blocks. */
struct row {
	float *out, *a, *b;
};
enum { ROW_WIDTH = 32, ROW_BLOCKS = 4, ROW_FLOATS = 2 * ROW_WIDTH * B * ROW_BLOCKS };

static void run_maxpool2x2(const struct kernels *t, const void *call)
{
	const struct row *r = call;
	t->maxpool2x2(r->out, ROW_WIDTH * B, r->a, r->b, (size_t)2 * ROW_WIDTH * B, ROW_WIDTH,
	              ROW_BLOCKS);
}

static void run_upsample2x(const struct kernels *t, const void *call)
{
	const struct row *r = call;
	t->upsample2x(r->out, (size_t)2 * ROW_WIDTH * B, r->a, r->b, ROW_WIDTH * B, ROW_WIDTH,
	              ROW_BLOCKS, 0.25f, r->a, (size_t)2 * ROW_WIDTH * B);
}

static void run_add(const struct kernels *t, const void *call)
{
	const struct row *r = call;
	t->add(r->out, r->a, r->b, ROW_FLOATS, ACTIVATION_RELU6, NULL);
}

static void run_half_to_float(const struct kernels *t, const void *call)
{
	const struct row *r = call;
	t->half_to_float(r->out, (const uint16_t *)(const void *)r->a, ROW_FLOATS);
}

static void bench_row(const struct kernels *t, const char *shape,
                      void (*run)(const struct kernels *, const void *))
{
	struct row r = {numbers(ROW_FLOATS), numbers(ROW_FLOATS), numbers(ROW_FLOATS)};
	report(t, shape, seconds_of(t, (struct job){run, &r}), 0);
	free(r.out), free(r.a), free(r.b);
}

static void bench_maxpool2x2(const struct kernels *t)
{
	bench_row(t, "maxpool2x2 32 px x 32 ch", run_maxpool2x2);
}

static void bench_upsample2x(const struct kernels *t)
{
	bench_row(t, "upsample2x 32 px x 32 ch", run_upsample2x);
}

static void bench_add(const struct kernels *t)
{
	bench_row(t, "add 2048 floats", run_add);
}

static void bench_half_to_float(const struct kernels *t)
{
	bench_row(t, "half_to_float 2048 floats", run_half_to_float);
}

int bench(const char *kernel, const char *level)
{
	static const struct {
		const char *name;
		void (*run)(const struct kernels *);
	} benches[] = {
#define KERNEL(name) {#name, bench_##name},
#include "kernels/list.inc"
#undef KERNEL
	};
	static const char *const levels[] = {"c", "sse2", "avx2", "avx512", "neon"};
	for (size_t i = 0; i < sizeof benches / sizeof benches[0]; i++)
		for (size_t j = 0; j < sizeof levels / sizeof levels[0]; j++) {
			if ((kernel != NULL && strcmp(kernel, benches[i].name) != 0) ||
			    (level != NULL && strcmp(level, levels[j]) != 0))
				continue;
			const struct kernels *t = kernels_named(levels[j]);
			if (t != NULL)
				benches[i].run(t);
		}
	return 0;
}
