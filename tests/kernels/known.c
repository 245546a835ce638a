#include "known.h"

#include "cpu/cpu.h"
#include "kernels/kernels.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { B = KERNEL_BLOCK };

static int expect(const char *what, const float *got, const float *want, int n)
{
	for (int i = 0; i < n; i++)
		if (got[i] != want[i]) {
			printf("FAILED c: %s, float %d: %.9g, by hand %.9g\n", what, i, got[i],
			       want[i]);
			return 1;
		}
	return 0;
}

static const float zeros[2 * B];

/* Two pixels of two channels times [[1 2] [3 4] [5 6]] plus bias 10, -20, 0. */
static int known_conv1x1(const struct kernels *t)
{
	static const float in[2 * B] = {1, 2, [B] = -3, 4};
	static const float src[] = {1, 2, 3, 4, 5, 6}, bias[B] = {10, -20, 0};
	static const float plain[2 * B] = {15, -9, 17, [B] = 15, -13, 9};
	static const float six[2 * B] = {6, 0, 6, [B] = 6, 0, 6};
	static const float residual[2 * B] = {1, 1, 1, [B] = 2, 2, 2}, slope[B] = {9, 0.5f, 9};
	static const float prelu[2 * B] = {16, -4, 18, [B] = 17, -5.5f, 11};
	uint16_t packed[2 * B * B]; /* room for inputs rounded up */
	float out[2 * B], scratch[3 * B * B];
	if (t->packed_conv1x1(2, 3) > sizeof packed / sizeof *packed ||
	    t->conv1x1_scratch(2) > sizeof scratch / sizeof *scratch)
		return 1;
	t->pack_conv1x1(packed, src, 2, 3);
	struct conv1x1 c = {.in = in, .in_stride = sizeof in / 4, .out = out, .out_stride = 2 * B,
	                    .weights = packed, .scratch = scratch, .pixels = 2, .rows = 1,
	                    .in_channels = 2, .out_channels = 3, .epilogue.bias = bias};
	t->conv1x1(&c);
	int failures = expect("conv1x1", out, plain, 2 * B);
	c.epilogue.activation = ACTIVATION_RELU6;
	t->conv1x1(&c);
	failures += expect("conv1x1 relu6", out, six, 2 * B);
	c.epilogue.activation = ACTIVATION_PRELU;
	c.epilogue.slope = slope;
	c.epilogue.residual = residual;
	c.epilogue.residual_blocks = 1;
	t->conv1x1(&c);
	failures += expect("conv1x1 prelu, residual", out, prelu, 2 * B);
	c.epilogue.residual_blocks = 0;
	c.epilogue.activation = ACTIVATION_NONE;
	t->conv1x1(&c);
	return failures + expect("conv1x1 without residual blocks", out, plain, 2 * B);
}

/* One channel; the weights 1 2 3 / 10 20 30 / 100 200 300 over rows of ones, twos and threes with a
 * single spike, steps 1 and 2. */
static int known_depthwise(const struct kernels *t)
{
	float rows[3][5 * B] = {0}, src[9], packed[9 * B], out[3 * B];
	for (int y = 0; y < 3; y++)
		for (int x = 0; x < 5; x++)
			rows[y][x * B] = (float)(y + 1);
	rows[1][2 * B] = 12; /* +10 */
	for (int i = 0; i < 9; i++)
		src[i] = (float)(i % 3 + 1) * (i / 3 == 0 ? 1 : i / 3 == 1 ? 10 : 100);
	t->pack_depthwise(packed, src, 3, 1);
	/* 6 * (1 + 20 + 300) = 1926, and the spike under weights 30, 20, 10 */
	static const float one[3 * B] = {2226, [B] = 2126, [2 * B] = 2026};
	static const float two[2 * B] = {2226, [B] = 2026};
	struct depthwise d = {.rows = {rows[0], rows[1], rows[2]},
	                      .in_stride = 5 * B,
	                      .out = out,
	                      .out_stride = 3 * B,
	                      .weights = packed,
	                      .width = 3,
	                      .blocks = 1,
	                      .k = 3,
	                      .step = 1,
	                      .epilogue.bias = zeros};
	t->depthwise(&d);
	int failures = expect("depthwise", out, one, 3 * B);
	d.step = 2;
	d.width = 2;
	t->depthwise(&d);
	return failures + expect("depthwise step 2", out, two, 2 * B);
}

/* Only the green of the window's middle counts for channel 0, the last blue for channel 1. */
static int known_stem(const struct kernels *t)
{
	float rows[3][15], src[2 * 27] = {0}, packed[27 * B], out[2 * B];
	for (int i = 0; i < 45; i++)
		rows[i / 15][i % 15] = (float)i;
	src[(1 * 3 + 1) * 3 + 1] = 1;
	src[27 + 26] = 2;
	t->pack_stem(packed, src, 27, 2);
	static const float want[2 * B] = {19, 76, [B] = 25, 88};
	struct stem s = {.rows = {rows[0], rows[1], rows[2]}, .out = out, .out_stride = 2 * B,
	                 .weights = packed, .width = 2, .out_channels = 2, .k = 3, .step = 2,
	                 .epilogue.bias = zeros};
	t->stem(&s);
	return expect("stem", out, want, 2 * B);
}

static int known_small(const struct kernels *t)
{
	static const float r0[4 * B] = {1, [B] = 5, [2 * B] = -1, [3 * B] = -2};
	static const float r1[4 * B] = {2, [B] = 9, [2 * B] = -7, [3 * B] = -3};
	static const float pooled[2 * B] = {9, [B] = -1};
	/* rows mixed 3:1 are 1.25 and 6; 3/4 and 1/4 of the neighbours between */
	static const float up[4 * B] = {1.25f, [B] = 2.4375f, [2 * B] = 4.8125f, [3 * B] = 6};
	float out[4 * B];
	t->maxpool2x2(out, 2 * B, r0, r1, 4 * B, 2, 1);
	int failures = expect("maxpool2x2", out, pooled, 2 * B);
	t->upsample2x(out, 4 * B, r0, r1, 4 * B, 2, 1, 0.25f, NULL, 0);
	failures += expect("upsample2x", out, up, 4 * B);

	static const float slope[B] = {2, 2, 2, 2, 2, 2, 2, 2}, sums[B] = {3, 14, -2, -4};
	t->add(out, r0, r1, B, ACTIVATION_RELU, NULL);
	failures += expect("add", out, (const float[B]){3}, B);
	float a[B] = {1, 5, -1, -2}, b[B] = {2, 9, 0, 0};
	t->add(out, a, b, B, ACTIVATION_PRELU, slope);
	failures += expect("add prelu", out, sums, B);

	float w[2], dense_out[B], in[2] = {3, 4}, dense_bias[B] = {100};
	uint16_t packed[2 * B];
	w[0] = 10;
	w[1] = 1;
	t->pack_dense(packed, w, 2, 1);
	struct dense d = {.in = in, .out = dense_out, .weights = packed, .bias = dense_bias,
	                  .inputs = 2, .outputs = 1};
	t->dense(&d);
	return failures + expect("dense", dense_out, (const float[B]){134}, B);
}

/* A NaN comes through every activation and from each of the four places of the pool; infinities are
 * clamped or scaled; a skipped zero keeps both out. */
static int known_odd(const struct kernels *t)
{
	static const float slope[B] = {2, 2, 2, 2, 2, 2, 2, 2};
	static const float clamped[] = {0, INFINITY, 0, 6}, scaled[] = {-INFINITY, INFINITY};
	static const float src[] = {0, 3}, in[B] = {NAN, 2};
	float a[B] = {-INFINITY, INFINITY, NAN}, b[B] = {0}, out[B];
	int failures = 0;
	for (int activation = ACTIVATION_NONE; activation <= ACTIVATION_PRELU; activation++) {
		t->add(out, a, b, B, activation, slope);
		if (!isnan(out[2])) {
			printf("FAILED c: activation %d makes %g of a NaN\n", activation, out[2]);
			failures++;
		}
		if (activation == ACTIVATION_RELU || activation == ACTIVATION_RELU6)
			failures += expect("a clamp of infinities", out,
			                   &clamped[activation == ACTIVATION_RELU ? 0 : 2], 2);
		else
			failures += expect("infinities", out, scaled, 2);
	}
	for (int place = 0; place < 4; place++) {
		float rows[2][2 * B] = {{1}, {1}};
		rows[place / 2][place % 2 * B] = NAN;
		t->maxpool2x2(out, B, rows[0], rows[1], 2 * B, 1, 1);
		if (!isnan(out[0])) {
			printf("FAILED c: maxpool2x2 makes %g of a NaN at %d\n", out[0], place);
			failures++;
		}
	}
	const float near[B] = {5.99999f, 6.00001f, -1e-6f}, nearly[B] = {5.99999f, 6};
	t->add(out, near, b, B, ACTIVATION_RELU6, NULL);
	failures += expect("the ends of relu6", out, nearly, B);
	union sparse_word packed[4 * B];
	float scratch[B];
	if (t->packed_sparse1x1(src, 2, 1) > sizeof packed / sizeof *packed ||
	    t->sparse_scratch(2, 1) > B)
		return failures + 1;
	t->pack_sparse1x1(packed, src, 2, 1);
	t->sparse1x1(&(struct sparse1x1){.in = in, .in_stride = B, .out = out, .out_stride = B,
	                                 .weights = packed, .scratch = scratch, .pixels = 1,
	                                 .row_pixels = 1, .row_stride = B, .in_channels = 2,
	                                 .out_channels = 1, .epilogue.bias = zeros});
	return failures + expect("sparse1x1 beside a NaN", out, (const float[B]){6}, B);
}

/* IEEE 754-2019, 3.4: one of each class, both ends of the subnormals and of the normals. */
static int known_halves(const struct kernels *t)
{
	static const uint16_t halves[] = {0x0000, 0x8000, 0x0001, 0x83ff, 0x0400, 0x3c00,
	                                  0xc500, 0x7bff, 0x7c00, 0xfc00, 0x7e01, 0x7c01};
	static const uint32_t floats[] = {0x00000000, 0x80000000, 0x33800000, 0xb87fc000,
	                                  0x38800000, 0x3f800000, 0xc0a00000, 0x477fe000,
	                                  0x7f800000, 0xff800000, 0x7fc02000, 0x7fc02000};
	float out[12];
	t->half_to_float(out, halves, 12);
	if (memcmp(out, floats, sizeof out) == 0)
		return 0;
	printf("FAILED c: half_to_float of the twelve known halves\n");
	return 1;
}

int known_answers(void)
{
	const struct kernels *t = kernels_named("c");
	return known_conv1x1(t) + known_depthwise(t) + known_stem(t) + known_small(t) +
	       known_odd(t) + known_halves(t);
}

/* Whether a process with UNKNOT_CPU=word picks the table `want`, and warns or not. */
static bool cap_picks(const char *word, const char *want, bool warns)
{
	int ends[2];
	char warning[256] = "";
	fflush(stdout);
	if (pipe(ends) != 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		setenv("UNKNOT_CPU", word, 1);
		_exit(strcmp(kernels_best()->name, want) != 0);
	}
	int status = 1;
	const bool picked = child > 0 && waitpid(child, &status, 0) == child && status == 0;
	close(ends[1]);
	const bool warned = read(ends[0], warning, sizeof warning - 1) > 0;
	close(ends[0]);
	if (!picked)
		printf("FAILED UNKNOT_CPU=%s does not pick %s\n", word, want);
	if (warned != warns)
		printf("FAILED UNKNOT_CPU=%s warns: \"%s\"\n", word, warning);
	return picked && warned == warns;
}

/* Which level is the fastest of which machine. */
static int known_policy(void)
{
	const unsigned old = 1u << CPU_C | 1u << CPU_SSE2, avx2 = old | 1u << CPU_AVX2;
	const unsigned all = avx2 | 1u << CPU_AVX512;
	const struct { unsigned levels; const char *vendor; unsigned family;
	               enum cpu_level fastest; } known[] = {
		{all, "GenuineIntel", 6, CPU_AVX512}, {all, "GenuineIntel", 0x19, CPU_AVX512},
		{all, "AuthenticAMD", 0x19, CPU_AVX2},
		{all, "AuthenticAMD", 0x1a, CPU_AVX512}, {avx2, "AuthenticAMD", 0x19, CPU_AVX2},
		{avx2, "AuthenticAMD", 0x17, CPU_AVX2}, {old, "AuthenticAMD", 0x10, CPU_SSE2},
		{old, "AuthenticAMD", 0x19, CPU_SSE2}, {all, "", 0x19, CPU_AVX512},
		{1u << CPU_C, "", 0, CPU_C},
		{1u << CPU_C | 1u << CPU_NEON, "", 0, CPU_NEON},
	};
	int failures = 0;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (cpu_fastest(known[i].levels, known[i].vendor,
		                known[i].family) != known[i].fastest) {
			printf("FAILED cpu_fastest(%#x, \"%s\", %#x)\n",
			       known[i].levels, known[i].vendor, known[i].family);
			failures++;
		}
	return failures;
}

/* What the kernel says of this machine, where it says it. */
static const char *fastest_here(const char *best)
{
	char line[256], vendor[64] = "";
	unsigned family = 0, levels = 0;
	FILE *info = fopen("/proc/cpuinfo", "r");
	while (info != NULL && fgets(line, sizeof line, info) != NULL && *line != '\n') {
		sscanf(line, "vendor_id : %63s", vendor);
		sscanf(line, "cpu family : %u", &family);
	}
	if (info != NULL)
		fclose(info);
	for (int level = CPU_C; level <= CPU_NEON; level++)
		levels |= (unsigned)(kernels_named(cpu_level_name(level)) != NULL) << level;
	return *vendor != '\0' ? cpu_level_name(cpu_fastest(levels, vendor, family)) : best;
}

int known_caps(void)
{
	int failures = known_policy();
	const char *best = "c"; /* at or below the word, in the order of enum cpu_level */
	for (int level = CPU_C; level <= CPU_NEON; level++) {
		const char *name = cpu_level_name(level);
		if (kernels_named(name) != NULL)
			best = name;
		/* NEON caps nothing of x86, so it leaves plain C there */
		bool foreign = level == CPU_NEON && !cpu_has(CPU_NEON);
		failures += !cap_picks(name, foreign ? "c" : best, false);
	}
	failures += !cap_picks("sse9", fastest_here(best), true); /* unknown: as if not given */
	failures += !cap_picks("", fastest_here(best), false);
	return failures;
}
