/* The engine against the file's operators, one after the other in double precision as format.h
 * describes them: small networks with every operator, and with what must not be fused. At every
 * instruction set of this machine. */
#include "cpu/cpu.h"
#include "net/steps.h"
#include "tiny_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

struct player {
	const struct model_file *file;
	struct model_graph graph;
	double *made[MODEL_TENSORS];
};

static size_t count_of(const struct model_tensor *t)
{
	return (size_t)t->height * t->width * t->channels;
}

static double *numbers(size_t count)
{
	double *x = calloc(count + 1, sizeof *x);
	assert_non_null(x);
	return x;
}

static double *constant(const struct player *p, uint32_t index)
{
	const struct model_tensor *t = &p->graph.tensors[index];
	struct error error;
	float *single = calloc(t->count, sizeof *single);
	double *x = numbers(t->count);
	assert_non_null(single);
	assert_true(model_constant(p->file, t, single, &error));
	for (uint32_t i = 0; i < t->count; i++)
		x[i] = (double)single[i];
	free(single);
	return x;
}

static double activated(double x, uint32_t activation)
{
	if (activation != MODEL_NONE && x < 0)
		return 0;
	return activation == MODEL_ACT_RELU6 && x > 6 ? 6 : x;
}

static void play_convolution(const struct player *p, const struct model_op *op, double *out)
{
	const struct model_tensor *in = &p->graph.tensors[op->in[0]],
	                          *o = &p->graph.tensors[op->out];
	const double *from = p->made[op->in[0]];
	double *weights = constant(p, op->weights), *bias = constant(p, op->bias);
	const bool deep = op->kind == MODEL_DEPTHWISE;
	const uint32_t k = op->kernel, first = 0, ic = deep ? 1 : in->channels;
	for (uint32_t y = 0; y < o->height; y++)
		for (uint32_t x = 0; x < o->width; x++)
			for (uint32_t c = 0; c < o->channels; c++) {
				double sum = bias[c];
				for (uint32_t i = first; i < k * k * ic; i++) {
					const int64_t row = (int64_t)y * op->step +
					                    i / ic / k - op->pad_top;
					const int64_t column = (int64_t)x * op->step +
					                       i / ic % k - op->pad_left;
					if (row < 0 || row >= in->height ||
					    column < 0 || column >= in->width)
						continue;
					const size_t pixel = (size_t)(row * in->width + column) *
					                     in->channels;
					sum += deep ? from[pixel + c] * weights[i * o->channels + c]
					            : from[pixel + i % ic] *
					            weights[(size_t)c * k * k * ic + i];
				}
				*out++ = activated(sum, op->activation);
			}
	free(weights);
	free(bias);
}

/* Of row-major `from`, edges repeated. */
static double pixel_of(const double *from, const struct model_tensor *t,
                       int64_t y, int64_t x, uint32_t c)
{
	y = y < 0 ? 0 : y >= t->height ? t->height - 1 : y;
	x = x < 0 ? 0 : x >= t->width ? t->width - 1 : x;
	return from[(size_t)(y * t->width + x) * t->channels + c];
}

static double upsampled(const double *from, const struct model_tensor *t,
                        uint32_t y, uint32_t x, uint32_t c)
{
	const double at_y = (y + 0.5) / 2 - 0.5, at_x = (x + 0.5) / 2 - 0.5;
	const int64_t row = (int64_t)floor(at_y), column = (int64_t)floor(at_x);
	const double down = at_y - (double)row, right = at_x - (double)column;
	const double above = (1 - right) * pixel_of(from, t, row, column, c) +
	                     right * pixel_of(from, t, row, column + 1, c);
	const double below = (1 - right) * pixel_of(from, t, row + 1, column, c) +
	                     right * pixel_of(from, t, row + 1, column + 1, c);
	return (1 - down) * above + down * below;
}

static double pooled(const double *from, const struct model_tensor *t,
                     uint32_t y, uint32_t x, uint32_t c)
{
	double most = -INFINITY;
	for (int i = 0; i < 4; i++)
		most = fmax(most, pixel_of(from, t, 2 * y + i / 2, 2 * x + i % 2, c));
	return most;
}

/* What of one pixel and channel of the output can be told from the first input. */
static double play_one(const struct model_op *op, const double *from, const struct model_tensor *in,
                       const struct model_tensor *out, uint32_t y, uint32_t x, uint32_t c)
{
	switch ((enum model_op_kind)op->kind) {
	case MODEL_MAXPOOL: return pooled(from, in, y, x, c);
	case MODEL_UPSAMPLE: return upsampled(from, in, y, x, c);
	case MODEL_PAD_CHANNELS: return c < in->channels ? pixel_of(from, in, y, x, c) : 0;
	case MODEL_DEPTH_TO_SPACE:
		return pixel_of(from, in, y / 2, x / 2, (y % 2 * 2 + x % 2) * out->channels + c);
	case MODEL_LOGISTIC: return 1 / (1 + exp(-pixel_of(from, in, y, x, c)));
	case MODEL_RELU: return fmax(0, pixel_of(from, in, y, x, c));
	default: fail_msg("operator %u", op->kind);
	}
	return 0;
}

static void play_pixels(const struct player *p, const struct model_op *op, double *to)
{
	const struct model_tensor *in = &p->graph.tensors[op->in[0]],
	                          *out = &p->graph.tensors[op->out];
	for (uint32_t y = 0; y < out->height; y++)
		for (uint32_t x = 0; x < out->width; x++)
			for (uint32_t c = 0; c < out->channels; c++)
				*to++ = play_one(op, p->made[op->in[0]], in, out, y, x, c);
}

static void play(struct player *p, const struct model_op *op)
{
	const struct model_tensor *out = &p->graph.tensors[op->out];
	const double *a = p->made[op->in[0]], *b = op->in_count > 1 ? p->made[op->in[1]] : NULL;
	double *to = p->made[op->out] = numbers(count_of(out));
	if (op->kind == MODEL_CONV || op->kind == MODEL_DEPTHWISE) {
		play_convolution(p, op, to);
	} else if (op->kind == MODEL_ADD) {
		for (size_t i = 0; i < count_of(out); i++)
			to[i] = activated(a[i] + b[i], op->activation);
	} else if (op->kind == MODEL_RESHAPE || op->kind == MODEL_CONCAT) {
		for (uint32_t k = 0; k < op->in_count; k++) {
			const size_t count = count_of(&p->graph.tensors[op->in[k]]);
			memcpy(to, p->made[op->in[k]], count * sizeof *to);
			to += count;
		}
	} else if (op->kind == MODEL_PRELU) {
		double *slope = constant(p, op->weights);
		for (size_t i = 0; i < count_of(out); i++)
			to[i] = a[i] < 0 ? a[i] * slope[i % out->channels] : a[i];
		free(slope);
	} else {
		play_pixels(p, op, to);
	}
}

static void fill(struct player *p, struct net *net)
{
	const struct model_tensor *in = &p->graph.tensors[p->graph.net->input];
	double *to = p->made[p->graph.net->input] = numbers(count_of(in));
	uint32_t seed = 5;
	for (uint32_t y = 0; y < in->height; y++)
		for (uint32_t x = 0; x < 3 * in->width; x++) {
			seed = seed * 1664525 + 1013904223;
			const float value = (float)(seed >> 8) / (1 << 23) - 1;
			net_input(net)[y * net_input_stride(net) + x] = value;
			*to++ = (double)value;
		}
}

/* Some thousand rounded products: 1e-5 of the largest number is far more than they lose, and far
 * less than anything that is computed wrongly. */
static void check_outputs(const struct player *p, const struct net *net, enum net_id id)
{
	for (uint32_t o = 0; o < p->graph.net->output_count; o++) {
		size_t count;
		const float *got = net_output(net, o, &count);
		const double *wanted = p->made[p->graph.net->outputs[o]];
		double most = 0;
		assert_int_equal(count, count_of(&p->graph.tensors[p->graph.net->outputs[o]]));
		for (size_t i = 0; i < count; i++)
			most = fmax(most, fabs(wanted[i]));
		for (size_t i = 0; i < count; i++)
			if (!(fabs((double)got[i] - wanted[i]) <= 1e-5 * (1 + most)))
				fail_msg("%s: %s output %u at %zu: %g, expected %g",
				         cpu_level_name(cpu_level()),
				         net_name(id), o, i, (double)got[i], wanted[i]);
	}
}

static void check_network(const struct model_file *file, enum net_id id)
{
	struct player p = {.file = file};
	struct error error;
	struct net *net = net_create_unchecked(file, id, &error);
	if (net == NULL)
		fail_msg("%s", error.text);
	assert_true(model_file_graph(file, net_name(id), &p.graph, &error));
	fill(&p, net);
	for (uint32_t i = 0; i < p.graph.net->op_count; i++)
		play(&p, &p.graph.ops[i]);
	for (int run = 0; run < 2; run++) {
		net_run(net);
		check_outputs(&p, net, id);
	}
	for (int i = 0; i < MODEL_TENSORS; i++)
		free(p.made[i]);
	net_free(net);
}

static struct model_file *open_bytes(const uint8_t *bytes, size_t size)
{
	struct error error;
	char path[64];
	const int fd = memfd_create("model", MFD_CLOEXEC);
	assert_int_equal(write(fd, bytes, size), (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct model_file *file = model_file_open(path, &error);
	close(fd);
	if (file == NULL)
		fail_msg("%s", error.text);
	return file;
}

static void at_every_level(const uint8_t *bytes, size_t size, const enum net_id ids[2])
{
	static const enum cpu_level levels[] = {CPU_C, CPU_SSE2, CPU_AVX2, CPU_AVX512, CPU_NEON};
	struct model_file *file = open_bytes(bytes, size);
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
		if (!cpu_has(levels[i]))
			continue;
		cpu_cap(cpu_level_name(levels[i]));
		for (int k = 0; k < 2; k++)
			check_network(file, ids[k]);
	}
	model_file_close(file);
}

static uint8_t bytes[TINY_ROOM];

static void every_operator(void **state)
{
	(void)state;
	size_t tables_end;
	at_every_level(bytes, tiny_model(bytes, &tables_end),
	               (const enum net_id[]){NET_POSE_LITE, NET_FACE_MESH});
}

static void what_must_not_be_fused(void **state)
{
	(void)state;
	at_every_level(bytes, tiny_model_of_traps(bytes),
	               (const enum net_id[]){NET_POSE_DETECTOR, NET_POSE_FULL});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operator),
		cmocka_unit_test(what_must_not_be_fused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
