#include "net/net.h"

#include "base/text.h"
#include "net/steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const names[NET_COUNT] = {
	[NET_POSE_DETECTOR] = "pose_detector", [NET_POSE_LITE] = "pose_lite",
	[NET_POSE_FULL] = "pose_full", [NET_FACE_DETECTOR] = "face_detector",
	[NET_FACE_MESH] = "face_mesh",
};

const char *net_name(enum net_id id)
{
	return names[id];
}

/* ---- the contract ---- */

#define POSE                                                                                       \
	{                                                                                          \
		.side = 256, .output_count = 4, .outputs = {                                       \
			[POSE_LANDMARKS] = {"landmarks", 1, 1, 195},                               \
			[POSE_PRESENCE] = {"presence", 1, 1, 1},                                   \
			[POSE_HEATMAP] = {"heat map", 64, 64, 39},                                 \
			[POSE_WORLD] = {"world landmarks", 1, 1, 117},                             \
		},                                                                                 \
	}

static const struct net_contract contracts[NET_COUNT] = {
	[NET_POSE_DETECTOR] = {.side = 224, .output_count = 2, .outputs = {
		[POSE_DETECTOR_BOXES] = {"boxes", 1, 2254, 12},
		[POSE_DETECTOR_SCORES] = {"scores", 1, 2254, 1},
	}},
	[NET_POSE_LITE] = POSE,
	[NET_POSE_FULL] = POSE,
	[NET_FACE_DETECTOR] = {.side = 128, .output_count = 2, .outputs = {
		[FACE_DETECTOR_BOXES] = {"boxes", 1, 896, 16},
		[FACE_DETECTOR_SCORES] = {"scores", 1, 896, 1},
	}},
	[NET_FACE_MESH] = {.side = 192, .output_count = 2, .outputs = {
		[FACE_MESH_POINTS] = {"points", 1, 1, 1404},
		[FACE_MESH_SCORE] = {"score", 1, 1, 1},
	}},
};

const struct net_contract *net_contract(enum net_id id)
{
	return &contracts[id];
}

static bool keeps_contract(const struct model_graph *graph, const struct net_contract *c,
                           struct error *error)
{
	const char *const hint = _("build the model file again with models/");
	const struct model_net *net = graph->net;
	const struct model_tensor *in = &graph->tensors[net->input];
	if (in->height != c->side || in->width != c->side || in->channels != 3)
		return error_set(error, 0, "network %s: reads %ux%ux%u, not %ux%ux3; %s", net->name,
		                 in->height, in->width, in->channels, c->side, c->side, hint);
	if (net->output_count != c->output_count)
		return error_set(error, 0, "network %s: has %u outputs, not %u; %s", net->name,
		                 net->output_count, c->output_count, hint);
	for (uint32_t i = 0; i < c->output_count; i++) {
		const struct model_tensor *t = &graph->tensors[net->outputs[i]];
		if (t->height != c->outputs[i].rows || t->width != c->outputs[i].columns ||
		    t->channels != c->outputs[i].channels)
			return error_set(error, 0,
			                 "network %s: output %u is %ux%ux%u, but %s are %ux%ux%u; "
			                 "%s", net->name, i, t->height, t->width, t->channels,
			                 c->outputs[i].name, c->outputs[i].rows,
			                 c->outputs[i].columns, c->outputs[i].channels, hint);
	}
	return true;
}

/* ---- weights ---- */

struct packer {
	struct net *net;
	const struct model_file *file;
	const struct model_tensor *constants;
	float *temporary;
	bool measuring;      /* only add up the sizes */
	bool failed;         /* *error says why; nothing more is read */
	size_t bytes;
	struct error *error;
};

static void give_up(struct packer *p, const char *what)
{
	p->failed = !error_set(p->error, 0,
	                       "network %s: %s; build the model file again with models/",
	                       names[p->net->id], _(what));
}

static void read_constant(struct packer *p, const struct model_tensor *t, float *dst)
{
	if (p->failed || !model_constant(p->file, t, dst, p->error)) {
		p->failed = true;
		return;
	}
	bool finite = true;
	for (uint32_t i = 0; i < t->count; i++) /* without a way out: 8 million
	                                         * numbers at every start */
		finite &= isfinite(dst[i]) != 0;
	if (!finite)
		give_up(p, N_("a constant is not a finite number"));
}

/* Whether binary16 holds a finite number without rounding (IEEE 754-2019, 3.4). */
static bool is_half(float x)
{
	const float size = fabsf(x), steps = size * 0x1p24f; /* of the smallest subnormal */
	uint32_t bits;
	memcpy(&bits, &x, sizeof bits);
	if (size >= 0x1p-14f)
		return size <= 65504 && (bits & 0x1fff) == 0;
	return steps == floorf(steps);
}

/* The kernels of 1x1 and dense layers keep binary16 and would cut anything else off. */
static void check_halves(struct packer *p, const struct model_tensor *t)
{
	for (uint32_t i = 0; i < t->count && !p->failed; i++)
		if (!is_half(p->temporary[i]))
			give_up(p, N_("a weight of a 1x1 or dense layer is no binary16 number"));
}

static void *take(struct packer *p, size_t size)
{
	p->bytes += arena_round(size);
	return p->measuring ? NULL : arena_take(&p->net->weights, size);
}

/* dense reads its input as it lies, in c8: the weights are put into that order. */
static void order_for_c8(float *dst, const float *src, uint32_t outputs, uint32_t pixels,
                         uint32_t channels)
{
	const uint32_t blocks = blocks_of(channels);
	for (uint32_t o = 0; o < outputs; o++, src += (size_t)pixels * channels)
		for (uint32_t b = 0; b < blocks; b++)
			for (uint32_t p = 0; p < pixels; p++)
				for (uint32_t i = 0; i < KERNEL_BLOCK; i++) {
					uint32_t c = b * KERNEL_BLOCK + i;
					*dst++ = c < channels ? src[(size_t)p * channels + c] : 0;
				}
}

/* Skipping zeros pays from this share of them on, on so many pixels at once, and from so many
 * inputs: a row of pixels is turned, stored and turned back for however few products. */
enum { SPARSE_PERCENT = 60, SPARSE_PIXELS_MIN = 16, SPARSE_INPUTS_MIN = 24 };

static uint64_t count_nonzeros(const float *weights, uint32_t count)
{
	uint64_t n = 0;
	for (uint32_t i = 0; i < count; i++)
		n += weights[i] != 0;
	return n;
}

static void pack_sparse(struct packer *p, struct layer *l)
{
	const struct kernels *k = p->net->kernels;
	const uint32_t ic = l->in_channels, oc = l->out_channels;
	l->nonzeros = take(p, k->packed_sparse1x1(p->temporary, ic, oc) * sizeof *l->nonzeros);
	if (!p->measuring)
		k->pack_sparse1x1(l->nonzeros, p->temporary, ic, oc);
}

/* Sums of more products than this are made in parts: one running sum of 864 products left
 * pose_full's landmarks at up to 1.7e-5 m from the double-precision result, three of 288 at 1.2e-5
 * (six noise pictures), for 37 kB written and read again per part. */
enum { SUM_LONG = 512, SUM_PART = 288 };
_Static_assert(SUM_PART % KERNEL_BLOCK == 0, "parts are whole blocks");

static void pack_blocks(struct packer *p, struct layer *l)
{
	const struct kernels *k = p->net->kernels;
	const uint32_t ic = l->in_channels, oc = l->out_channels;
	l->block_size = k->packed_conv1x1(ic, KERNEL_BLOCK);
	l->block_halves = take(p, blocks_of(oc) * l->block_size * sizeof *l->block_halves);
	for (uint32_t o = 0; o < oc && !p->measuring; o += KERNEL_BLOCK)
		k->pack_conv1x1(l->block_halves + o / KERNEL_BLOCK * l->block_size,
		                p->temporary + (size_t)o * ic, ic,
		                oc - o < KERNEL_BLOCK ? oc - o : KERNEL_BLOCK);
}

static void pack_pointwise(struct packer *p, struct layer *l)
{
	const struct kernels *k = p->net->kernels;
	const uint32_t ic = l->in_channels, oc = l->out_channels;
	l->part = ic >= SUM_LONG ? SUM_PART : ic;
	l->part_size = k->packed_conv1x1(l->part, oc);
	l->halves = take(p, (ic + l->part - 1) / l->part * l->part_size * sizeof *l->halves);
	if (l->part < ic)
		l->zeros = take(p, (size_t)blocks_of(oc) * KERNEL_BLOCK * sizeof(float));
	else if (l->by_block)
		pack_blocks(p, l);
	if (p->measuring)
		return;
	if (l->part == ic) {
		k->pack_conv1x1(l->halves, p->temporary, ic, oc);
		return;
	}
	float *columns = p->temporary + (size_t)ic * oc;
	for (uint32_t c = 0; c < ic; c += l->part) {
		const uint32_t width = ic - c < l->part ? ic - c : l->part;
		for (uint32_t o = 0; o < oc; o++)
			memcpy(columns + (size_t)o * width, p->temporary + (size_t)o * ic + c,
			       width * sizeof *columns);
		k->pack_conv1x1(l->halves + c / l->part * l->part_size, columns, width, oc);
	}
}

static void pack_dense(struct packer *p, struct layer *l, const struct model_tensor *weights)
{
	const struct kernels *k = p->net->kernels;
	const uint32_t pixels = l->op->kernel * l->op->kernel;
	const uint32_t inputs = pixels * blocks_of(l->in_channels) * KERNEL_BLOCK;
	l->halves = take(p, k->packed_dense(inputs, l->out_channels) * sizeof *l->halves);
	if (p->measuring)
		return;
	float *ordered = p->temporary + weights->count;
	order_for_c8(ordered, p->temporary, l->out_channels, pixels, l->in_channels);
	k->pack_dense(l->halves, ordered, inputs, l->out_channels);
}

/* pixels: of the layer's output. */
static void pack_weights(struct packer *p, struct layer *l, enum step_kind kind, uint64_t pixels)
{
	const struct kernels *k = p->net->kernels;
	const struct model_tensor *w = &p->constants[l->op->weights];
	const uint32_t oc = l->out_channels, size = l->op->kernel,
	               taps = size * size * l->in_channels;
	if (!p->measuring || kind == STEP_CONV) /* where the size depends on the values */
		read_constant(p, w, p->temporary);
	if (!p->measuring && w->type == MODEL_F32 && (kind == STEP_CONV || kind == STEP_DENSE))
		check_halves(p, w);
	if (p->failed)
		return;
	if (kind == STEP_BLOCK) {
		l->weights = take(p, k->packed_depthwise(size, oc) * sizeof(float));
		if (!p->measuring)
			k->pack_depthwise(l->weights, p->temporary, size, oc);
	} else if (kind == STEP_STEM) {
		l->weights = take(p, k->packed_stem(taps, oc) * sizeof(float));
		if (!p->measuring)
			k->pack_stem(l->weights, p->temporary, taps, oc);
	} else if (kind == STEP_DENSE) {
		pack_dense(p, l, w);
	} else {
		l->nonzero_count = count_nonzeros(p->temporary, w->count);
		if (pixels >= SPARSE_PIXELS_MIN && l->in_channels >= SPARSE_INPUTS_MIN &&
		    l->nonzero_count * 100 <= (uint64_t)w->count * (100 - SPARSE_PERCENT))
			pack_sparse(p, l);
		else
			pack_pointwise(p, l);
	}
}

static float *pack_channels(struct packer *p, const struct model_tensor *t, uint32_t channels)
{
	float *dst = take(p, (size_t)blocks_of(channels) * KERNEL_BLOCK * sizeof *dst);
	if (dst != NULL)
		read_constant(p, t, dst); /* the arena is zero behind it */
	return dst;
}

static void pack_layer(struct packer *p, struct layer *l, enum step_kind kind, uint32_t channels,
                       uint64_t pixels)
{
	if (l->slopes != NONE)
		l->slope = pack_channels(p, &p->constants[l->slopes], channels);
	if (l->op == NULL)
		return;
	pack_weights(p, l, kind, pixels);
	l->bias = pack_channels(p, &p->constants[l->op->bias], l->out_channels);
}

static void pack_steps(struct packer *p)
{
	p->bytes = 0;
	for (int i = 0; i < p->net->step_count; i++) {
		struct step *s = &p->net->steps[i];
		const struct tensor *out = &p->net->tensors[s->out];
		const uint64_t pixels = (uint64_t)out->height * out->width;
		pack_layer(p, &s->expand, s->expand_is_stem ? STEP_STEM : STEP_CONV,
		           s->expand.out_channels, (uint64_t)s->middle_height * s->middle_width);
		pack_layer(p, &s->main, s->kind,
		           s->main.op != NULL ? s->main.out_channels : out->channels, pixels);
		pack_layer(p, &s->project, STEP_CONV, s->project.out_channels, pixels);
	}
}

/* Floats that packing a layer needs: its weights as the file orders them, and once more as the
 * kernel is given them. */
static size_t packing_floats(const struct layer *l)
{
	if (l->op == NULL)
		return 0;
	const size_t taps = (size_t)l->op->kernel * l->op->kernel;
	return 2 * taps * blocks_of(l->in_channels) * KERNEL_BLOCK *
	       (l->op->kind == MODEL_CONV ? l->out_channels : 1);
}

static bool out_of_memory(const struct net *net, struct error *error)
{
	return error_set(error, 0, "network %s: out of memory", names[net->id]);
}

static bool place_weights(struct net *net, const struct model_file *file,
                          const struct model_graph *graph, struct error *error)
{
	struct packer p = {.net = net, .file = file, .constants = graph->tensors, .measuring = true,
	                   .error = error};
	size_t largest = 1;
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		const size_t needs[] = {packing_floats(&s->expand), packing_floats(&s->main),
		                        packing_floats(&s->project)};
		for (size_t k = 0; k < sizeof needs / sizeof *needs; k++)
			largest = needs[k] > largest ? needs[k] : largest;
	}
	p.temporary = malloc(largest * sizeof *p.temporary);
	if (p.temporary == NULL)
		return out_of_memory(net, error);
	pack_steps(&p);
	if (!p.failed && !arena_init(&net->weights, p.bytes))
		p.failed = !out_of_memory(net, error);
	p.measuring = false;
	if (!p.failed)
		pack_steps(&p);
	free(p.temporary);
	return !p.failed;
}

/* ---- description ---- */

static double layer_mmac(const struct layer *l, uint64_t pixels)
{
	if (l->op == NULL)
		return 0;
	if (l->nonzeros != NULL)
		return (double)(l->nonzero_count * pixels) * 1e-6;
	uint64_t per_pixel = (uint64_t)l->op->kernel * l->op->kernel * l->out_channels;
	if (l->op->kind == MODEL_CONV)
		per_pixel *= l->in_channels;
	return (double)(per_pixel * pixels) * 1e-6;
}

static const char *kind_of(const struct step *s)
{
	static const char *const kinds[] = {
		[STEP_CONV] = "conv1x1", [STEP_STEM] = "stem", [STEP_DENSE] = "dense",
		[STEP_MAXPOOL] = "maxpool", [STEP_UPSAMPLE] = "upsample", [STEP_ADD] = "add",
		[STEP_CLAMP] = "clamp", [STEP_DEPTH_TO_SPACE] = "depth_to_space",
	};
	if (s->upsampled)
		return "upsample+conv1x1";
	if (s->kind != STEP_BLOCK)
		return kinds[s->kind];
	if (s->expand.op == NULL)
		return s->project.op != NULL ? "dw+project" : "dw";
	if (s->expand_is_stem)
		return s->project.op != NULL ? "stem+dw+project" : "stem+dw";
	return s->project.op != NULL ? "expand+dw+project" : "expand+dw";
}

static void describe(struct net *net)
{
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		const struct tensor *out = &net->tensors[s->out];
		struct net_layer *l = &net->layers[i];
		const uint64_t pixels = (uint64_t)out->height * out->width;
		uint64_t middle = (uint64_t)s->middle_height * s->middle_width;
		l->kind = kind_of(s);
		l->mmac = layer_mmac(&s->expand, middle) + layer_mmac(&s->project, pixels) +
		          layer_mmac(&s->main, pixels);
		if (s->kind == STEP_BLOCK)
			snprintf(l->shape, sizeof l->shape, "%ux%ux%u k%u/%u -> %ux%ux%u",
			         s->middle_height,
			         s->middle_width, s->main.out_channels, s->main.op->kernel,
			         s->main.op->step, out->height, out->width, out->channels);
		else
			snprintf(l->shape, sizeof l->shape, "%u -> %ux%ux%u", s->main.in_channels,
			         out->height, out->width, out->channels);
		net->mmac += l->mmac;
	}
}

/* ---- the public face ---- */

/* What loading needs of the graph, and what stays of it in the net. */
static bool fill_net(struct net *net, const struct model_file *file, struct model_graph graph,
                     struct error *error)
{
	const size_t count = graph.net->op_count;
	net->kernels = kernels_best();
	net->ops = calloc(count + 1, sizeof *net->ops);
	if (net->ops == NULL)
		return out_of_memory(net, error);
	memcpy(net->ops, graph.ops, count * sizeof *net->ops);
	graph.ops = net->ops;
	if (!net_lower(net, &graph, error))
		return false;
	net->layers = calloc((size_t)net->step_count, sizeof *net->layers);
	if (net->layers == NULL)
		return out_of_memory(net, error);
	if (!place_weights(net, file, &graph, error))
		return false;
	return net_place_activations(net) || out_of_memory(net, error);
}

struct net *net_create_unchecked(const struct model_file *file, enum net_id id, struct error *error)
{
	struct model_graph graph;
	if (!model_file_graph(file, names[id], &graph, error))
		return NULL;
	struct net *net = calloc(1, sizeof *net);
	if (net == NULL) {
		error_set(error, 0, "network %s: out of memory", names[id]);
		return NULL;
	}
	net->id = id;
	if (!fill_net(net, file, graph, error)) {
		net_free(net);
		return NULL;
	}
	describe(net);
	return net;
}

struct net *net_create(const struct model_file *file, enum net_id id, struct error *error)
{
	struct model_graph graph;
	if (!model_file_graph(file, names[id], &graph, error) ||
	    !keeps_contract(&graph, &contracts[id], error))
		return NULL;
	return net_create_unchecked(file, id, error);
}

void net_free(struct net *net)
{
	if (net == NULL)
		return;
	arena_free(&net->weights);
	arena_free(&net->activations);
	free(net->layers);
	free(net->ops);
	free(net);
}

uint32_t net_input_side(const struct net *net)
{
	return net->side;
}

float *net_input(struct net *net)
{
	return net->input + net->pad_before * (net->input_stride + 3);
}

size_t net_input_stride(const struct net *net)
{
	return net->input_stride;
}

void net_run(struct net *net)
{
	for (int i = 0; i < net->step_count; i++)
		net_run_step(net, &net->steps[i]);
	net_gather_outputs(net);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void net_run_timed(struct net *net, double *seconds)
{
	for (int i = 0; i < net->step_count; i++) {
		double start = now();
		net_run_step(net, &net->steps[i]);
		seconds[i] = now() - start;
	}
	net_gather_outputs(net);
}

const float *net_output(const struct net *net, unsigned index, size_t *count)
{
	if (count != NULL)
		*count = net->outputs[index].count;
	return net->outputs[index].data;
}

void net_defer(struct net *net, unsigned output)
{
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		if (s->output == (int)output && s->main.block_halves != NULL)
			net->outputs[output].deferred = s;
	}
}

void net_read_window(struct net *net, unsigned output, const struct net_window *w, float *cells)
{
	const struct output *o = &net->outputs[output];
	if (o->deferred != NULL) {
		net_make_window(net, o->deferred, w, cells);
		return;
	}
	const uint32_t channels = contracts[net->id].outputs[output].channels;
	const size_t row = (size_t)contracts[net->id].outputs[output].columns * channels;
	const float *from = o->data + w->row * row + (size_t)w->column * channels + w->channel;
	for (uint32_t y = 0; y < w->rows; y++, from += row)
		for (uint32_t x = 0; x < w->columns; x++)
			*cells++ = from[(size_t)x * channels];
}

size_t net_layers(const struct net *net, const struct net_layer **layers)
{
	*layers = net->layers;
	return (size_t)net->step_count;
}

double net_mmac(const struct net *net)
{
	return net->mmac;
}

void net_memory(const struct net *net, size_t *weights, size_t *activations)
{
	*weights = net->weights.size;
	*activations = net->activations.size;
}
