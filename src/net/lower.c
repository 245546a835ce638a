/* From the operators of the file to steps.
 *
 * First every operator becomes at most one step: a convolution takes the ADD, PRELU or RELU behind
 * it into its epilogue, an upsampling the ADD behind it, and a 1x1 convolution behind an upsampling
 * moves in front of it (both are linear and the weights of the interpolation sum to one, so the
 * result is the same and the work a quarter). Then a depthwise convolution takes in the 1x1 or stem
 * before it and the 1x1 behind it, so that the wide tensors between them never exist whole. */
#include "net/steps.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct lowering {
	struct net *net;
	const struct model_graph *graph;
	int users[MODEL_TENSORS];     /* operators and outputs that read a tensor */
	int user[MODEL_TENSORS];      /* one of them */
	int producer[MODEL_TENSORS];
	bool done[MODEL_OPS];         /* taken in by an earlier step */
	struct error *error;
};

static bool unsupported(struct lowering *l, const char *what)
{
	return error_set(l->error, 0, "network %s: %s is not supported by this engine",
	                 l->graph->net->name, _(what));
}

static void count_users(struct lowering *l)
{
	const struct model_net *net = l->graph->net;
	for (uint32_t t = 0; t < net->tensor_count; t++)
		l->producer[t] = l->user[t] = NONE;
	for (uint32_t i = 0; i < net->op_count; i++) {
		const struct model_op *op = &l->graph->ops[i];
		for (uint32_t k = 0; k < op->in_count; k++) {
			l->users[op->in[k]]++;
			l->user[op->in[k]] = (int)i;
		}
		l->producer[op->out] = (int)i;
	}
	for (uint32_t i = 0; i < net->output_count; i++)
		l->users[net->outputs[i]]++;
}

/* The operator that alone reads a tensor, if it is of this kind and still free. */
static const struct model_op *only_user(const struct lowering *l, int tensor,
                                        enum model_op_kind kind, int *index)
{
	if (l->users[tensor] != 1 || l->user[tensor] == NONE)
		return NULL;
	const struct model_op *op = &l->graph->ops[l->user[tensor]];
	if (op->kind != kind || l->done[l->user[tensor]])
		return NULL;
	*index = l->user[tensor];
	return op;
}

static enum activation activation_of(uint32_t model)
{
	return model == MODEL_ACT_RELU6 ? ACTIVATION_RELU6
	     : model == MODEL_ACT_RELU ? ACTIVATION_RELU : ACTIVATION_NONE;
}

/* A channel pad is never made: as a residual the missing blocks count as zero, and the zero lanes
 * of a last block are what the pad would have put there. */
static int without_channel_pad(const struct lowering *l, uint32_t tensor)
{
	int p = l->producer[tensor];
	if (p != NONE && l->graph->ops[p].kind == MODEL_PAD_CHANNELS)
		return (int)l->graph->ops[p].in[0];
	return (int)tensor;
}

static struct layer no_layer(void)
{
	return (struct layer){.residual = NONE, .slopes = NONE};
}

static struct step *new_step(struct lowering *l, enum step_kind kind, int position)
{
	struct step *s = &l->net->steps[l->net->step_count++];
	*s = (struct step){.kind = kind, .position = position, .in = NONE,
	                   .other = NONE, .out = NONE,
	                   .output = NONE,
	                   .expand = no_layer(), .main = no_layer(), .project = no_layer()};
	return s;
}

static int new_tensor(struct lowering *l, uint32_t h, uint32_t w, uint32_t c)
{
	struct net *net = l->net;
	if (net->tensor_count == TENSORS_MAX)
		return NONE;
	net->tensors[net->tensor_count] = (struct tensor){.height = h, .width = w, .channels = c,
		.blocks = blocks_of(c), .pitch = w, .first = NONE, .last = NONE,
		.floats = (size_t)h * w * blocks_of(c) * KERNEL_BLOCK};
	return net->tensor_count++;
}

/* PRELU or RELU behind the step's output. */
static void take_activation(struct lowering *l, struct step *s)
{
	int index;
	const struct model_op *op;
	if (s->main.activation != ACTIVATION_NONE)
		return;
	if ((op = only_user(l, s->out, MODEL_PRELU, &index)) != NULL) {
		s->main.activation = ACTIVATION_PRELU;
		s->main.slopes = (int)op->weights;
	} else if ((op = only_user(l, s->out, MODEL_RELU, &index)) != NULL) {
		s->main.activation = ACTIVATION_RELU;
	} else {
		return;
	}
	l->done[index] = true;
	s->out = (int)op->out;
	s->position = index;
}

/* The ADD behind the step's output; its other side is the residual. */
static void take_residual(struct lowering *l, struct step *s)
{
	int index;
	const struct model_op *op;
	if (s->main.activation != ACTIVATION_NONE ||
	    (op = only_user(l, s->out, MODEL_ADD, &index)) == NULL || op->in[0] == op->in[1])
		return;
	uint32_t residual = op->in[(int)op->in[0] == s->out ? 1 : 0];
	l->done[index] = true;
	s->main.residual = without_channel_pad(l, residual);
	s->main.activation = activation_of(op->activation);
	s->out = (int)op->out;
	s->position = index;
}

static bool is_pointwise(const struct model_op *op)
{
	return op->kind == MODEL_CONV && op->kernel == 1 && op->step == 1 && op->pad_top == 0 &&
	       op->pad_left == 0 && op->pad_bottom == 0 && op->pad_right == 0;
}

/* What the stem kernel computes, on the one picture that a network has. */
static bool is_stem(const struct lowering *l, const struct model_op *op,
                    const struct model_tensor *in)
{
	return op->kind == MODEL_CONV && op->in[0] == l->graph->net->input && l->net->side == 0 &&
	       in->channels == 3 && in->height == in->width &&
	       (op->kernel == 3 || op->kernel == 5) && op->step == 2 &&
	       op->pad_top == op->pad_left &&
	       op->pad_bottom == op->pad_right;
}

static bool lower_convolution(struct lowering *l, const struct model_op *op, int index)
{
	const struct model_tensor *in = &l->graph->tensors[op->in[0]];
	const struct model_tensor *out = &l->graph->tensors[op->out];
	const bool from_input = op->in[0] == l->graph->net->input;
	enum step_kind kind;
	if (op->kind == MODEL_DEPTHWISE && (op->kernel == 3 || op->kernel == 5) && op->step <= 2)
		kind = STEP_BLOCK;
	else if (op->kind == MODEL_CONV && is_pointwise(op))
		kind = STEP_CONV;
	else if (is_stem(l, op, in))
		kind = STEP_STEM;
	else if (op->kind == MODEL_CONV && op->kernel == in->height && op->kernel == in->width &&
	         op->pad_top + op->pad_left + op->pad_bottom + op->pad_right == 0 &&
	         op->activation == MODEL_NONE)
		kind = STEP_DENSE;
	else
		return unsupported(l, N_("a convolution of this shape"));
	if (from_input != (kind == STEP_STEM))
		return unsupported(l, N_("a first layer of this shape"));

	struct step *s = new_step(l, kind, index);
	s->in = from_input ? NONE : (int)op->in[0];
	s->out = (int)op->out;
	s->main = (struct layer){.op = op, .in_channels = in->channels,
	                         .out_channels = out->channels,
	                         .activation = activation_of(op->activation), .residual = NONE,
	                         .slopes = NONE};
	if (kind == STEP_STEM) {
		l->net->pad_before = op->pad_top;
		l->net->side = in->width;
		l->net->input_rows = in->height + op->pad_top + op->pad_bottom;
		l->net->input_stride = (size_t)(in->width + op->pad_left + op->pad_right) * 3;
	}
	if (kind == STEP_BLOCK) {
		s->middle_height = in->height;
		s->middle_width = in->width;
	}
	if (kind != STEP_DENSE) {
		take_residual(l, s);
		take_activation(l, s);
	}
	return true;
}

/* conv(upsample(x)) -> upsample(conv(x)), the activation behind both. */
static bool commute(struct lowering *l, const struct model_op *up, int index)
{
	int conv_index;
	const struct model_op *conv = only_user(l, (int)up->out, MODEL_CONV, &conv_index);
	if (conv == NULL || !is_pointwise(conv))
		return false;
	const struct model_tensor *in = &l->graph->tensors[up->in[0]];
	const struct model_tensor *out = &l->graph->tensors[conv->out];
	int small = new_tensor(l, in->height, in->width, out->channels);
	if (small == NONE)
		return false;
	struct step *s = new_step(l, STEP_CONV, index);
	s->in = (int)up->in[0];
	s->out = small;
	s->main = (struct layer){.op = conv, .in_channels = in->channels,
	                         .out_channels = out->channels, .residual = NONE, .slopes = NONE};
	s = new_step(l, STEP_UPSAMPLE, conv_index);
	s->in = small;
	s->out = (int)conv->out;
	l->done[conv_index] = true;
	if (conv->activation != MODEL_NONE) {
		s = new_step(l, STEP_CLAMP, conv_index);
		s->in = s->out = (int)conv->out;
		s->main.activation = activation_of(conv->activation);
	}
	return true;
}

static void lower_upsample(struct lowering *l, const struct model_op *op, int index)
{
	int add_index;
	if (commute(l, op, index))
		return;
	struct step *s = new_step(l, STEP_UPSAMPLE, index);
	s->in = (int)op->in[0];
	s->out = (int)op->out;
	const struct model_op *add = only_user(l, s->out, MODEL_ADD, &add_index);
	if (add == NULL || add->activation != MODEL_NONE || add->in[0] == add->in[1])
		return;
	s->other = (int)add->in[(int)add->in[0] == s->out ? 1 : 0];
	s->out = (int)add->out;
	s->position = add_index;
	l->done[add_index] = true;
}

static bool lower_simple(struct lowering *l, const struct model_op *op,
                         int index, enum step_kind kind)
{
	struct step *s = new_step(l, kind, index);
	s->in = (int)op->in[0];
	s->other = kind == STEP_ADD ? (int)op->in[1] : NONE;
	s->out = (int)op->out;
	s->main.activation = activation_of(op->activation);
	if (kind == STEP_ADD)
		take_activation(l, s);
	if (kind == STEP_DEPTH_TO_SPACE &&
	    l->graph->tensors[op->out].channels % KERNEL_BLOCK != 0)
		return unsupported(l, N_("depth to space of broken blocks"));
	return true;
}

static bool lower_op(struct lowering *l, const struct model_op *op, int index)
{
	switch ((enum model_op_kind)op->kind) {
	case MODEL_CONV:
	case MODEL_DEPTHWISE: return lower_convolution(l, op, index);
	case MODEL_UPSAMPLE: lower_upsample(l, op, index); return true;
	case MODEL_ADD: return lower_simple(l, op, index, STEP_ADD);
	case MODEL_MAXPOOL: return lower_simple(l, op, index, STEP_MAXPOOL);
	case MODEL_DEPTH_TO_SPACE: return lower_simple(l, op, index, STEP_DEPTH_TO_SPACE);
	case MODEL_PRELU:
	case MODEL_RELU: return unsupported(l, N_("an activation that cannot be fused"));
	case MODEL_PAD_CHANNELS: /* seen through by take_residual */
	case MODEL_LOGISTIC:     /* these three only shape outputs: gather_output */
	case MODEL_RESHAPE:
	case MODEL_CONCAT:
	case MODEL_OP_KINDS: break;
	}
	return true;
}

/* ---- blocks ---- */

static int readers(const struct net *net, int tensor)
{
	int n = 0;
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		n += (s->in == tensor) + (s->other == tensor) + (s->main.residual == tensor) +
		     (s->project.residual == tensor);
	}
	for (uint32_t o = 0; o < net->output_count; o++)
		for (int p = 0; p < net->outputs[o].piece_count; p++)
			n += net->outputs[o].pieces[p].tensor == tensor;
	return n;
}

static struct step *maker(struct net *net, int tensor)
{
	for (int i = 0; i < net->step_count; i++)
		if (net->steps[i].out == tensor)
			return &net->steps[i];
	return NULL;
}

static struct step *reader(struct net *net, int tensor)
{
	for (int i = 0; i < net->step_count; i++)
		if (net->steps[i].in == tensor)
			return &net->steps[i];
	return NULL;
}

static void fuse_block(struct net *net, struct step *block)
{
	struct step *before = block->in != NONE ? maker(net, block->in) : NULL;
	if (before != NULL && before != block && readers(net, block->in) == 1 &&
	    (before->kind == STEP_CONV || before->kind == STEP_STEM) &&
	    before->main.residual == NONE) {
		block->expand = before->main;
		block->expand_is_stem = before->kind == STEP_STEM;
		block->in = before->in;
		before->position = NONE; /* removed below */
		before->out = before->in = NONE;
	}
	struct step *behind = reader(net, block->out);
	if (behind != NULL && behind->kind == STEP_CONV && readers(net, block->out) == 1 &&
	    block->main.residual == NONE) {
		block->project = behind->main;
		block->out = behind->out;
		block->position = behind->position;
		behind->position = NONE;
		behind->out = behind->in = behind->main.residual = NONE;
	}
}

static int by_position(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	return (x->position > y->position) - (x->position < y->position);
}

static void fuse_blocks(struct net *net)
{
	for (int i = 0; i < net->step_count; i++)
		if (net->steps[i].kind == STEP_BLOCK)
			fuse_block(net, &net->steps[i]);
	int kept = 0;
	for (int i = 0; i < net->step_count; i++)
		if (net->steps[i].position != NONE)
			net->steps[kept++] = net->steps[i];
	net->step_count = kept;
	/* A CLAMP shares its upsampling's position and comes after it: the sort must keep that
	 * order. */
	for (int i = 0; i < kept; i++)
		net->steps[i].position = net->steps[i].position * 2 +
		                         (net->steps[i].kind == STEP_CLAMP);
	qsort(net->steps, (size_t)kept, sizeof *net->steps, by_position);
}

/* ---- outputs ---- */

static bool gather_output(struct lowering *l, struct output *o, uint32_t tensor, bool logistic)
{
	int p = l->producer[tensor];
	const struct model_op *op = p != NONE ? &l->graph->ops[p] : NULL;
	if (op != NULL && (op->kind == MODEL_RESHAPE || op->kind == MODEL_CONCAT ||
	                   op->kind == MODEL_LOGISTIC)) {
		logistic |= op->kind == MODEL_LOGISTIC;
		for (uint32_t i = 0; i < op->in_count; i++)
			if (!gather_output(l, o, op->in[i], logistic))
				return false;
		return true;
	}
	if (o->piece_count == PIECES_MAX)
		return unsupported(l, N_("an output of so many parts"));
	const struct model_tensor *t = &l->graph->tensors[tensor];
	o->pieces[o->piece_count++] = (struct piece){(int)tensor, logistic};
	o->count += (size_t)t->height * t->width * t->channels;
	return true;
}

/* Every tensor that a step reads must have been made by a step before it: what the file's operators
 * promise is lost if one of those that make no step (RESHAPE, ...) stands in the middle. */
static bool steps_are_closed(struct lowering *l)
{
	struct net *net = l->net;
	bool made[TENSORS_MAX] = {false};
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		const int reads[] = {s->in, s->other, s->main.residual, s->project.residual};
		bool from_input = s->kind == STEP_STEM || s->expand_is_stem;
		if (s->in == NONE && !from_input)
			return unsupported(l, N_("a layer without input"));
		for (size_t k = 0; k < sizeof reads / sizeof *reads; k++)
			if (reads[k] != NONE && !made[reads[k]])
				return unsupported(l, N_("this order of layers"));
		made[s->out] = true;
	}
	for (uint32_t o = 0; o < net->output_count; o++)
		for (int p = 0; p < net->outputs[o].piece_count; p++)
			if (!made[net->outputs[o].pieces[p].tensor])
				return unsupported(l, N_("an output that no layer makes"));
	return true;
}

/* The output that a tensor alone is, or NONE. */
static int sole_output(const struct net *net, int tensor)
{
	for (uint32_t o = 0; o < net->output_count; o++) {
		const struct output *output = &net->outputs[o];
		if (output->piece_count == 1 && output->pieces[0].tensor == tensor &&
		    !output->pieces[0].logistic)
			return (int)o;
	}
	return NONE;
}

/* A 1x1 convolution that makes an output puts it there row by row, and takes in the upsampling
 * before it: of the heat maps' 64x64 pixels nothing then exists but a row at a time. */
static void fuse_heads(struct net *net)
{
	for (int i = 0; i < net->step_count; i++) {
		struct step *s = &net->steps[i];
		if (s->kind != STEP_CONV || readers(net, s->out) != 1)
			continue;
		s->output = sole_output(net, s->out);
		if (s->output == NONE)
			continue;
		net->outputs[s->output].pieces[0].tensor = NONE;
		struct step *up = maker(net, s->in);
		if (up == NULL || up + 1 != s || up->kind != STEP_UPSAMPLE ||
		    readers(net, s->in) != 1)
			continue;
		s->upsampled = true;
		s->main.by_block = s->main.residual == NONE;
		s->in = up->in;
		s->other = up->other;
		memmove(up, s, (size_t)(net->step_count - i) * sizeof *up);
		net->step_count--;
		i--;
	}
}

bool net_lower(struct net *net, const struct model_graph *graph, struct error *error)
{
	struct lowering *l = calloc(1, sizeof *l);
	if (l == NULL)
		return error_set(error, 0, "network %s: out of memory", graph->net->name);
	*l = (struct lowering){.net = net, .graph = graph, .error = error};
	for (uint32_t t = 0; t < graph->net->tensor_count; t++)
		new_tensor(l, graph->tensors[t].height, graph->tensors[t].width,
		           graph->tensors[t].channels);
	count_users(l);
	bool good = true;
	for (uint32_t i = 0; good && i < graph->net->op_count; i++)
		if (!l->done[i])
			good = net->step_count + 3 <= STEPS_MAX
			       ? lower_op(l, &graph->ops[i], (int)i)
			       : unsupported(l, N_("so many layers"));
	net->output_count = graph->net->output_count;
	for (uint32_t o = 0; good && o < net->output_count; o++)
		good = gather_output(l, &net->outputs[o], graph->net->outputs[o], false);
	if (good) {
		fuse_blocks(net);
		good = steps_are_closed(l);
	}
	if (good)
		fuse_heads(net);
	if (good && net->side == 0)
		good = unsupported(l, N_("a network that does not begin with a picture"));
	free(l);
	return good;
}
