#include "tiny_model.h"

#include "base/sha256.h"
#include "net/checksum.h"
#include "net/format.h"

#include <stdlib.h>
#include <string.h>

struct builder {
	struct model_net net;
	struct model_tensor tensors[64];
	struct model_op ops[32];
};

static uint32_t activation(struct builder *b, uint32_t h, uint32_t w, uint32_t c)
{
	b->tensors[b->net.tensor_count] = (struct model_tensor){
		.type = MODEL_ACTIVATION, .height = h, .width = w, .channels = c};
	return b->net.tensor_count++;
}

static uint32_t constant(struct builder *b, uint32_t count, enum model_type type)
{
	b->tensors[b->net.tensor_count] = (struct model_tensor){.type = type, .count = count};
	return b->net.tensor_count++;
}

static struct model_op *operator(struct builder *b, enum model_op_kind kind,
                                 uint32_t in, uint32_t out)
{
	struct model_op *op = &b->ops[b->net.op_count++];
	*op = (struct model_op){.kind = kind, .in_count = 1, .in = {in}, .out = out, .kernel = 1,
	                        .step = 1, .weights = MODEL_NO_TENSOR, .bias = MODEL_NO_TENSOR};
	return op;
}

/* A convolution with the same padding on all sides; returns its output. */
static uint32_t convolution(struct builder *b, enum model_op_kind kind,
                            uint32_t in, uint32_t channels,
                            uint32_t kernel, uint32_t step, uint32_t pad, enum model_activation act)
{
	const struct model_tensor *t = &b->tensors[in];
	const uint32_t h = (t->height + 2 * pad - kernel) / step + 1;
	const uint32_t w = (t->width + 2 * pad - kernel) / step + 1;
	uint32_t weights = kernel * kernel * channels;
	if (kind == MODEL_CONV)
		weights *= t->channels;
	struct model_op *op = operator(b, kind, in, activation(b, h, w, channels));
	op->weights = constant(b, weights, MODEL_F16);
	op->bias = constant(b, channels, MODEL_F32);
	op->kernel = kernel;
	op->step = step;
	op->pad_top = op->pad_left = op->pad_bottom = op->pad_right = pad;
	op->activation = act;
	return op->out;
}

static uint32_t join(struct builder *b, enum model_op_kind kind, uint32_t x,
                     uint32_t y, uint32_t out)
{
	struct model_op *op = operator(b, kind, x, out);
	op->in[op->in_count++] = y;
	return out;
}

static uint32_t simple(struct builder *b, enum model_op_kind kind, uint32_t in,
                       uint32_t h, uint32_t w, uint32_t c)
{
	return operator(b, kind, in, activation(b, h, w, c))->out;
}

static void describe_unfused(struct builder *b)
{
	strcpy(b->net.name, "pose_lite");
	b->net.input = activation(b, 16, 16, 3);
	uint32_t stem = convolution(b, MODEL_CONV, b->net.input, 12, 3, 2, 1, MODEL_ACT_RELU6);
	uint32_t wide = convolution(b, MODEL_CONV, stem, 24, 1, 1, 0, MODEL_ACT_RELU6);
	uint32_t deep = convolution(b, MODEL_DEPTHWISE, wide, 24, 3, 2, 1, MODEL_NONE);
	uint32_t back = convolution(b, MODEL_CONV, deep, 20, 1, 1, 0, MODEL_NONE);
	uint32_t pooled = simple(b, MODEL_MAXPOOL, stem, 4, 4, 12);
	uint32_t padded = simple(b, MODEL_PAD_CHANNELS, pooled, 4, 4, 20);
	uint32_t sum = join(b, MODEL_ADD, back, padded, activation(b, 4, 4, 20));
	uint32_t bent = simple(b, MODEL_PRELU, sum, 4, 4, 20);
	b->ops[b->net.op_count - 1].weights = constant(b, 20, MODEL_F16);
	uint32_t large = simple(b, MODEL_UPSAMPLE, bent, 8, 8, 20);
	uint32_t moved = convolution(b, MODEL_CONV, large, 12, 1, 1, 0, MODEL_ACT_RELU6);
	uint32_t both = join(b, MODEL_ADD, moved, stem, activation(b, 8, 8, 12));
	uint32_t smooth = convolution(b, MODEL_DEPTHWISE, bent, 20, 5, 1, 2, MODEL_ACT_RELU);
	uint32_t head = convolution(b, MODEL_CONV, smooth, 5, 4, 1, 0, MODEL_NONE);
	uint32_t four = convolution(b, MODEL_CONV, smooth, 32, 1, 1, 0, MODEL_NONE);
	uint32_t spread = simple(b, MODEL_DEPTH_TO_SPACE, four, 8, 8, 8);
	uint32_t low = simple(b, MODEL_UPSAMPLE, pooled, 8, 8, 12);
	uint32_t more = join(b, MODEL_ADD, low, stem, activation(b, 8, 8, 12));
	uint32_t flat = simple(b, MODEL_RESHAPE, both, 1, 1, 768);
	b->net.outputs[0] = simple(b, MODEL_LOGISTIC, head, 1, 1, 5);
	b->net.outputs[1] = join(b, MODEL_CONCAT, flat, spread, activation(b, 1, 1, 768 + 512));
	b->net.outputs[2] = convolution(b, MODEL_CONV, more, 7, 1, 1, 0, MODEL_ACT_RELU);
	b->net.outputs[3] = bent;
	b->net.output_count = 4;
}

static void describe_block(struct builder *b)
{
	strcpy(b->net.name, "face_mesh");
	b->net.input = activation(b, 16, 16, 3);
	uint32_t stem = convolution(b, MODEL_CONV, b->net.input, 10, 5, 2, 2, MODEL_NONE);
	uint32_t bent = simple(b, MODEL_RELU, stem, 8, 8, 10);
	uint32_t deep = convolution(b, MODEL_DEPTHWISE, bent, 10, 3, 1, 1, MODEL_NONE);
	b->net.outputs[0] = convolution(b, MODEL_CONV, deep, 3, 1, 1, 0, MODEL_NONE);
	b->net.output_count = 1;
}

/* What looks as if it could be fused and must not be, or not wholly. */
static void describe_traps(struct builder *b)
{
	strcpy(b->net.name, "pose_detector");
	b->net.input = activation(b, 16, 16, 3);
	uint32_t stem = convolution(b, MODEL_CONV, b->net.input, 12, 3, 2, 1, MODEL_ACT_RELU6);
	/* A 1x1 before a depthwise, and one behind it, whose tensors others read as well. */
	uint32_t wide = convolution(b, MODEL_CONV, stem, 24, 1, 1, 0, MODEL_ACT_RELU6);
	uint32_t deep = convolution(b, MODEL_DEPTHWISE, wide, 24, 3, 1, 1, MODEL_NONE);
	uint32_t back = convolution(b, MODEL_CONV, deep, 12, 1, 1, 0, MODEL_NONE);
	uint32_t sum = join(b, MODEL_ADD, back, stem, activation(b, 8, 8, 12));
	/* A tensor added to itself is no residual. */
	uint32_t twice = join(b, MODEL_ADD, sum, sum, activation(b, 8, 8, 12));
	b->ops[b->net.op_count - 1].activation = MODEL_ACT_RELU;
	/* A 1x1 with a residual before a depthwise, another step between; a depthwise with one
	 * before a 1x1. */
	uint32_t residual = join(b, MODEL_ADD, twice, sum, activation(b, 8, 8, 12));
	uint32_t deeper = join(b, MODEL_ADD, deep, wide, activation(b, 8, 8, 24));
	uint32_t plain = convolution(b, MODEL_CONV, twice, 12, 1, 1, 0, MODEL_NONE);
	uint32_t kept = join(b, MODEL_ADD, plain, residual, activation(b, 8, 8, 12));
	uint32_t first = convolution(b, MODEL_DEPTHWISE, kept, 12, 5, 1, 2, MODEL_NONE);
	uint32_t second = convolution(b, MODEL_DEPTHWISE, first, 12, 3, 1, 1, MODEL_NONE);
	uint32_t added = join(b, MODEL_ADD, second, stem, activation(b, 8, 8, 12));
	uint32_t behind = convolution(b, MODEL_CONV, added, 12, 1, 1, 0, MODEL_NONE);
	/* An ADD with an activation behind an upsampling; an upsampling that two heads read. */
	uint32_t pooled = simple(b, MODEL_MAXPOOL, stem, 4, 4, 12);
	uint32_t large = simple(b, MODEL_UPSAMPLE, pooled, 8, 8, 12);
	uint32_t bent = join(b, MODEL_ADD, large, sum, activation(b, 8, 8, 12));
	b->ops[b->net.op_count - 1].activation = MODEL_ACT_RELU;
	uint32_t low = convolution(b, MODEL_CONV, pooled, 12, 1, 1, 0, MODEL_NONE);
	uint32_t high = simple(b, MODEL_UPSAMPLE, low, 8, 8, 12);
	uint32_t more = join(b, MODEL_ADD, high, stem, activation(b, 8, 8, 12));
	b->net.outputs[1] = convolution(b, MODEL_CONV, more, 7, 1, 1, 0, MODEL_NONE);
	uint32_t head = convolution(b, MODEL_CONV, more, 5, 1, 1, 0, MODEL_NONE);
	/* A head whose numbers go through a sigmoid. */
	b->net.outputs[0] = simple(b, MODEL_LOGISTIC, head, 8, 8, 5);
	/* A head that is read again. */
	b->net.outputs[3] = convolution(b, MODEL_CONV, behind, 8, 1, 1, 0, MODEL_NONE);
	uint32_t read = simple(b, MODEL_MAXPOOL, b->net.outputs[3], 4, 4, 8);
	b->net.outputs[2] = join(b, MODEL_CONCAT, bent, deeper,
	                         activation(b, 1, 1, 64 * (12 + 24) + 16 * 8));
	struct model_op *all = &b->ops[b->net.op_count - 1];
	all->in[all->in_count++] = read;
	b->net.output_count = 4;
}

/* Sums in parts of 288, of which the last is shorter; rows of 7. */
static void describe_long(struct builder *b)
{
	strcpy(b->net.name, "pose_full");
	b->net.input = activation(b, 14, 14, 3);
	uint32_t stem = convolution(b, MODEL_CONV, b->net.input, 10, 3, 2, 1, MODEL_ACT_RELU6);
	uint32_t wide = convolution(b, MODEL_CONV, stem, 20, 1, 1, 0, MODEL_ACT_RELU6);
	uint32_t deep = convolution(b, MODEL_DEPTHWISE, wide, 20, 5, 2, 2, MODEL_ACT_RELU6);
	uint32_t small = convolution(b, MODEL_CONV, deep, 12, 1, 1, 0, MODEL_NONE);
	uint32_t most = convolution(b, MODEL_CONV, small, 520, 1, 1, 0, MODEL_ACT_RELU);
	b->net.outputs[0] = convolution(b, MODEL_CONV, most, 10, 1, 1, 0, MODEL_ACT_RELU6);
	uint32_t again = convolution(b, MODEL_DEPTHWISE, stem, 10, 3, 1, 1, MODEL_NONE);
	uint32_t same = convolution(b, MODEL_CONV, again, 10, 1, 1, 0, MODEL_NONE);
	b->net.outputs[1] = join(b, MODEL_ADD, same, stem, activation(b, 7, 7, 10));
	b->net.output_count = 2;
}

/* Numbers around zero, as binary16 or binary32: sign, exponent of a half or a quarter, mantissa. */
static size_t write_constant(uint8_t *to, const struct model_tensor *t, uint32_t *seed)
{
	for (uint32_t i = 0; i < t->count; i++) {
		*seed = *seed * 1664525 + 1013904223;
		uint32_t sign = *seed >> 31, small = *seed >> 30 & 1, mantissa = *seed >> 8;
		uint16_t half = (uint16_t)(sign << 15 | (12 + small) << 10 | (mantissa & 0x3ff));
		uint32_t single = sign << 31 | (124 + small) << 23 | (mantissa & 0x7fffff);
		if (t->type == MODEL_F16)
			memcpy(to + (size_t)2 * i, &half, 2);
		else
			memcpy(to + (size_t)4 * i, &single, 4);
	}
	return (size_t)t->count * (t->type == MODEL_F16 ? 2 : 4);
}

enum { NETS = 2 };

static size_t write_model(uint8_t *to, size_t room, void (*const describe[NETS])(struct builder *),
                          size_t *tables_end)
{
	struct builder *b = calloc(NETS, sizeof *b);
	struct model_header header = {.magic = MODEL_MAGIC, .version = MODEL_VERSION,
	                              .net_count = NETS};
	size_t end = sizeof header + NETS * sizeof(struct model_net);
	uint32_t seed = 1;
	if (b == NULL)
		abort();
	memset(to, 0, room);
	for (int i = 0; i < NETS; i++) {
		describe[i](&b[i]);
		b[i].net.tensor_offset = (uint32_t)end;
		end += b[i].net.tensor_count * sizeof *b->tensors;
		b[i].net.op_offset = (uint32_t)end;
		end += b[i].net.op_count * sizeof *b->ops;
	}
	*tables_end = end;
	for (int i = 0; i < NETS; i++) {
		for (uint32_t t = 0; t < b[i].net.tensor_count; t++) {
			if (b[i].tensors[t].type == MODEL_ACTIVATION)
				continue;
			b[i].tensors[t].offset = (uint32_t)end;
			end += write_constant(to + end, &b[i].tensors[t], &seed) + 3;
			end -= end % 4;
		}
		memcpy(to + sizeof header + (size_t)i * sizeof b->net, &b[i].net, sizeof b->net);
		memcpy(to + b[i].net.tensor_offset, b[i].tensors,
		       b[i].net.tensor_count * sizeof *b->tensors);
		memcpy(to + b[i].net.op_offset, b[i].ops, b[i].net.op_count * sizeof *b->ops);
	}
	if (end > room)
		abort();
	memcpy(to, &header, sizeof header);
	tiny_model_seal(to, end);
	free(b);
	return end;
}

size_t tiny_model(uint8_t *to, size_t *tables_end)
{
	static void (*const describe[NETS])(struct builder *) = {describe_unfused, describe_block};
	return write_model(to, TINY_ROOM, describe, tables_end);
}

size_t tiny_model_of_traps(uint8_t *to)
{
	static void (*const describe[NETS])(struct builder *) = {describe_traps, describe_long};
	size_t tables_end;
	return write_model(to, TINY_ROOM, describe, &tables_end);
}

void tiny_model_seal(uint8_t *file, size_t size)
{
	struct model_header header;
	memcpy(&header, file, sizeof header);
	header.file_size = size;
	header.checksum = model_checksum(file + sizeof header, size - sizeof header);
	sha256(file + sizeof header, size - sizeof header, header.sha256);
	memcpy(file, &header, sizeof header);
}
