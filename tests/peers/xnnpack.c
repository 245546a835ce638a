/* peer_xnnpack NET INPUT.f32 OUT: a network of the packed model file in XNNPACK, through its
 * subgraph interface, one thread. Speaks the peers' protocol (compare.py). UNKNOT_CPU=avx2 hides
 * AVX-512 from it as from us. Debian 12 has the XNNPACK of 2022; with XNNPACK_OF_2024 this is for
 * one that has a function for all operators of one argument and one for those of two. */
#include "net/model_file.h"
#include "peer.h"

#include <cpuinfo.h>
#include <math.h>
#include <string.h>
#include <xnnpack.h>

struct peer {
	const struct model_file *file;
	struct model_graph graph;
	xnn_subgraph_t subgraph;
	xnn_runtime_t runtime;
	uint32_t ids[MODEL_TENSORS];
	bool needed[MODEL_TENSORS];
	struct xnn_external_value external[1 + PEER_OUTPUTS];
	float *input, *outputs[PEER_OUTPUTS];
	size_t counts[PEER_OUTPUTS];
};

static void fail(const char *what)
{
	fprintf(stderr, "peer_xnnpack: %s\n", what);
	exit(1);
}

static void check(enum xnn_status status, const char *what)
{
	if (status != xnn_status_success)
		fail(what);
}

static const struct model_tensor *tensor_of(const struct peer *p, uint32_t tensor)
{
	return &p->graph.tensors[tensor];
}

static size_t count_of(const struct model_tensor *t)
{
	return (size_t)t->height * t->width * t->channels;
}

/* A constant; XNNPACK may read a little beyond its end. Lives as long as the program. */
static uint32_t constant(struct peer *p, uint32_t tensor, size_t dimensions, const size_t *shape)
{
	const struct model_tensor *t = tensor_of(p, tensor);
	uint32_t id;
	float *values = calloc(t->count + XNN_EXTRA_BYTES / sizeof(float), sizeof *values);
	if (values == NULL)
		fail("out of memory");
	if (!model_constant(p->file, t, values, NULL))
		fail("the model file became shorter");
	check(xnn_define_tensor_value(p->subgraph, xnn_datatype_fp32, dimensions, shape, values,
	                              XNN_INVALID_VALUE_ID, 0, &id), "a constant");
	return id;
}

static uint32_t activation(struct peer *p, uint32_t tensor, uint32_t external, uint32_t flags)
{
	const struct model_tensor *t = tensor_of(p, tensor);
	const size_t shape[] = {1, t->height, t->width, t->channels};
	uint32_t id;
	check(xnn_define_tensor_value(p->subgraph, xnn_datatype_fp32, 4,
	                              shape, NULL, external, flags, &id),
	      "an activation");
	return id;
}

static uint32_t id_of(struct peer *p, uint32_t tensor)
{
	if (p->ids[tensor] == XNN_INVALID_VALUE_ID)
		p->ids[tensor] = activation(p, tensor, XNN_INVALID_VALUE_ID, 0);
	return p->ids[tensor];
}

/* A reshape holds the same numbers in the same order. */
static uint32_t unshaped(const struct peer *p, uint32_t tensor)
{
	for (uint32_t i = 0; i < p->graph.net->op_count; i++)
		if (p->graph.ops[i].out == tensor && p->graph.ops[i].kind == MODEL_RESHAPE)
			return unshaped(p, p->graph.ops[i].in[0]);
	return tensor;
}

static enum xnn_status define_convolution(struct peer *p, const struct model_op *op,
                                          float low, float high)
{
	const size_t inputs = tensor_of(p, op->in[0])->channels;
	const size_t outputs = tensor_of(p, op->out)->channels, k = op->kernel;
	const uint32_t in = id_of(p, op->in[0]), out = id_of(p, op->out);
	const uint32_t bias = constant(p, op->bias, 1, &outputs);
	if (op->kind == MODEL_CONV)
		return xnn_define_convolution_2d(
			p->subgraph, op->pad_top, op->pad_right, op->pad_bottom, op->pad_left,
			op->kernel, op->kernel, op->step, op->step, 1,
			1, 1, inputs, outputs, low, high, in,
			constant(p, op->weights, 4, (size_t[]){outputs, k, k, inputs}),
			bias, out, 0);
	return xnn_define_depthwise_convolution_2d(
		p->subgraph, op->pad_top, op->pad_right, op->pad_bottom, op->pad_left, op->kernel,
		op->kernel, op->step, op->step, 1, 1, 1, outputs, low, high, in,
		constant(p, op->weights, 4, (size_t[]){1, k, k, outputs}), bias, out, 0);
}

#ifdef XNNPACK_OF_2024

static enum xnn_status define_add(struct peer *p, float low, float high, uint32_t a, uint32_t b,
                                  uint32_t out)
{
	const struct xnn_binary_params bounds = {(double)low, (double)high};
	return xnn_define_binary(p->subgraph, xnn_binary_add, &bounds, a, b, out, 0);
}

static enum xnn_status define_prelu(struct peer *p, uint32_t in, uint32_t slopes, uint32_t out)
{
	return xnn_define_binary(p->subgraph, xnn_binary_prelu, NULL, in, slopes, out, 0);
}

static enum xnn_status define_sigmoid(struct peer *p, uint32_t in, uint32_t out)
{
	return xnn_define_unary(p->subgraph, xnn_unary_sigmoid, NULL, in, out, 0);
}

static enum xnn_status define_relu(struct peer *p, uint32_t in, uint32_t out)
{
	const union xnn_unary_params bounds = {.clamp = {0, INFINITY}};
	return xnn_define_unary(p->subgraph, xnn_unary_clamp, &bounds, in, out, 0);
}

static enum xnn_status define_depth_to_space(struct peer *p, uint32_t in, uint32_t out)
{
	return xnn_define_depth_to_space_2d(p->subgraph, 2, in, out, 0);
}

static enum xnn_status set_up(struct peer *p, size_t count)
{
	const enum xnn_status status = xnn_reshape_runtime(p->runtime);
	return status != xnn_status_success ? status
	                                    : xnn_setup_runtime_v2(p->runtime, count, p->external);
}

#else

static enum xnn_status define_add(struct peer *p, float low, float high, uint32_t a, uint32_t b,
                                  uint32_t out)
{
	return xnn_define_add2(p->subgraph, low, high, a, b, out, 0);
}

static enum xnn_status define_prelu(struct peer *p, uint32_t in, uint32_t slopes, uint32_t out)
{
	return xnn_define_prelu(p->subgraph, in, slopes, out, 0);
}

static enum xnn_status define_sigmoid(struct peer *p, uint32_t in, uint32_t out)
{
	return xnn_define_sigmoid(p->subgraph, in, out, 0);
}

static enum xnn_status define_relu(struct peer *p, uint32_t in, uint32_t out)
{
	return xnn_define_clamp(p->subgraph, 0, INFINITY, in, out, 0);
}

static enum xnn_status define_depth_to_space(struct peer *p, uint32_t in, uint32_t out)
{
	return xnn_define_depth_to_space(p->subgraph, in, out, 2, 0);
}

static enum xnn_status set_up(struct peer *p, size_t count)
{
	return xnn_setup_runtime(p->runtime, count, p->external);
}

#endif

static enum xnn_status define(struct peer *p, const struct model_op *op)
{
	const float low = op->activation != MODEL_NONE ? 0 : -INFINITY;
	const float high = op->activation == MODEL_ACT_RELU6 ? 6 : INFINITY;
	const uint32_t in = id_of(p, op->in[0]);
	const struct model_tensor *out = tensor_of(p, op->out);
	switch ((enum model_op_kind)op->kind) {
	case MODEL_CONV:
	case MODEL_DEPTHWISE:
		return define_convolution(p, op, low, high);
	case MODEL_ADD:
		return define_add(p, low, high, in, id_of(p, op->in[1]), id_of(p, op->out));
	case MODEL_PAD_CHANNELS: {
		const size_t before[4] = {0};
		const size_t behind[4] =
			{0, 0, 0, out->channels - tensor_of(p, op->in[0])->channels};
		return xnn_define_static_constant_pad(p->subgraph, before, behind, 0, in,
		                                      id_of(p, op->out), 0);
	}
	case MODEL_MAXPOOL:
		return xnn_define_max_pooling_2d(p->subgraph, 0, 0, 0,
		                                 0, 2, 2, 2, 2, 1, 1, low, high, in,
		                                 id_of(p, op->out), 0);
	case MODEL_UPSAMPLE:
		return xnn_define_static_resize_bilinear_2d(p->subgraph,
		                                            out->height, out->width, in,
		                                            id_of(p, op->out), 0);
	case MODEL_DEPTH_TO_SPACE:
		return define_depth_to_space(p, in, id_of(p, op->out));
	case MODEL_LOGISTIC:
		return define_sigmoid(p, in, id_of(p, op->out));
	case MODEL_PRELU: {
		const size_t channels = out->channels;
		return define_prelu(p, in, constant(p, op->weights, 1, &channels),
		                    id_of(p, op->out));
	}
	case MODEL_RELU:
		return define_relu(p, in, id_of(p, op->out));
	default:
		return xnn_status_unsupported_parameter;
	}
}

static void make_external(struct peer *p)
{
	const struct model_net *net = p->graph.net;
	p->input = aligned_alloc(64, (count_of(tensor_of(p, net->input)) * sizeof(float) / 64 +
	                              2) * 64);
	p->ids[net->input] = activation(p, net->input, 0, XNN_VALUE_FLAG_EXTERNAL_INPUT);
	p->external[0] = (struct xnn_external_value){p->ids[net->input], p->input};
	for (uint32_t i = 0; i < net->output_count; i++) {
		const uint32_t tensor = unshaped(p, net->outputs[i]);
		p->counts[i] = count_of(tensor_of(p, tensor));
		p->outputs[i] = aligned_alloc(64, (p->counts[i] * sizeof(float) / 64 + 2) * 64);
		p->ids[tensor] = activation(p, tensor, i + 1, XNN_VALUE_FLAG_EXTERNAL_OUTPUT);
		p->external[i + 1] = (struct xnn_external_value){p->ids[tensor], p->outputs[i]};
		p->needed[tensor] = true;
		if (p->outputs[i] == NULL)
			fail("out of memory");
	}
	if (p->input == NULL)
		fail("out of memory");
}

/* Only what the outputs need, as our own engine runs it. */
static void define_all(struct peer *p)
{
	const struct model_net *net = p->graph.net;
	for (uint32_t i = net->op_count; i-- > 0;)
		for (uint32_t k = 0; k < p->graph.ops[i].in_count; k++)
			if (p->needed[p->graph.ops[i].out])
				p->needed[p->graph.ops[i].in[k]] = true;
	for (uint32_t i = 0; i < net->op_count; i++)
		if (p->needed[p->graph.ops[i].out])
			check(define(p, &p->graph.ops[i]), "an operator that it does not have");
}

static const char *cap(void)
{
#if CPUINFO_ARCH_X86_64
	const char *level = getenv("UNKNOT_CPU");
	if (level != NULL && strcmp(level, "avx2") == 0 && cpuinfo_initialize()) {
		cpuinfo_isa.avx512f = false; /* it asks for this one before any other */
		return "XNNPACK, avx2";
	}
#endif
	return "XNNPACK";
}

static void run(void *user)
{
	check(xnn_invoke_runtime(((struct peer *)user)->runtime), "a run");
}

int main(int argc, char **argv)
{
	static struct peer p;
	struct error error;
	if (argc != 4)
		return 2;
	p.file = model_file_open(NULL, &error);
	if (p.file == NULL || !model_file_graph(p.file, argv[1], &p.graph, &error))
		fail(error.text);
	for (uint32_t i = 0; i < MODEL_TENSORS; i++)
		p.ids[i] = XNN_INVALID_VALUE_ID;
	const uint32_t outputs = p.graph.net->output_count;
	const char *name = cap();
	check(xnn_initialize(NULL), "this processor");
	check(xnn_create_subgraph(1 + outputs, 0, &p.subgraph), "a subgraph");
	make_external(&p);
	define_all(&p);
	check(xnn_create_runtime_v2(p.subgraph, NULL, 0, &p.runtime), "a runtime");
	check(set_up(&p, 1 + outputs), "a runtime's memory");
	const size_t pixels = count_of(tensor_of(&p, p.graph.net->input));
	float *picture = peer_read(argv[2], pixels);
	memcpy(p.input, picture, pixels * sizeof *picture);
	free(picture);
	run(&p);
	for (unsigned i = 0; i < outputs; i++)
		peer_write(argv[3], i, p.outputs[i], p.counts[i]);
	peer_serve(name, run, &p);
	xnn_delete_runtime(p.runtime);
	xnn_deinitialize();
	return 0;
}
