/* Reads the networks' .tflite files and writes the one packed file that the program maps.
 *
 *   pack OUT name=FILE:output,output,... ...
 *
 * Outputs are named as in the .tflite, in the order the program wants them; operators that no
 * wanted output needs are left out. DEQUANTIZE and DENSIFY of constants are folded (fp16 stays
 * fp16), spatial PADs move into the convolution behind them. The format is src/net/format.h.
 *
 * The FlatBuffer is read by field number of the public TFLite schema, every access checked against
 * the file's end: a damaged file ends in one line on stderr. */
#include "base/error.h"
#include "base/paths.h"
#include "base/sha256.h"
#include "net/checksum.h"
#include "net/format.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 64 << 20 };

/* ---- the FlatBuffer ---- */

static const uint8_t *data;
static size_t data_size;
static const char *data_name;

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "pack: %s: ", data_name != NULL ? data_name : "arguments");
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static const uint8_t *at(size_t offset, size_t size)
{
	if (offset > data_size || size > data_size - offset)
		give_up("ends before byte %zu: not a whole .tflite file", offset + size);
	return data + offset;
}

static uint32_t u32(size_t offset)
{
	uint32_t v;
	memcpy(&v, at(offset, 4), 4);
	return v;
}

static uint16_t u16(size_t offset)
{
	uint16_t v;
	memcpy(&v, at(offset, 2), 2);
	return v;
}

typedef size_t table; /* a table's position; 0 is none */

static table follow(size_t offset)
{
	return offset + u32(offset);
}

/* Position of a field's content, 0 when the table does not have it. */
static size_t field(table t, unsigned number)
{
	size_t vtable = t - (size_t)(int32_t)u32(t);
	if (4 + 2 * number + 2 > u16(vtable))
		return 0;
	uint16_t offset = u16(vtable + 4 + 2 * number);
	return offset != 0 ? t + offset : 0;
}

static int32_t number(table t, unsigned n, int32_t fallback)
{
	size_t f = t != 0 ? field(t, n) : 0;
	return f != 0 ? (int32_t)u32(f) : fallback;
}

static int byte_of(table t, unsigned n, int fallback)
{
	size_t f = t != 0 ? field(t, n) : 0;
	return f != 0 ? (int8_t)*at(f, 1) : fallback;
}

static table child(table t, unsigned n)
{
	size_t f = field(t, n);
	return f != 0 ? follow(f) : 0;
}

struct vector {
	size_t first;
	uint32_t count;
};

static struct vector vector(table t, unsigned n, size_t element)
{
	size_t f = field(t, n);
	if (f == 0)
		return (struct vector){0};
	size_t v = follow(f);
	struct vector r = {v + 4, u32(v)};
	at(r.first, (size_t)r.count * element);
	return r;
}

static int32_t int_at(struct vector v, uint32_t i)
{
	if (i >= v.count)
		give_up("a list has no element %u", i);
	return (int32_t)u32(v.first + 4 * (size_t)i);
}

static table table_at(struct vector v, uint32_t i)
{
	if (i >= v.count)
		give_up("a list has no table %u", i);
	return follow(v.first + 4 * (size_t)i);
}

/* ---- tensors ---- */

enum { TYPE_FLOAT32 = 0, TYPE_FLOAT16 = 1 };
enum { OP_ADD = 0, OP_CONCAT = 2, OP_CONV = 3, OP_DEPTHWISE = 4, OP_DEPTH_TO_SPACE = 5,
       OP_DEQUANTIZE = 6, OP_LOGISTIC = 14, OP_MAXPOOL = 17, OP_RELU = 19, OP_RESHAPE = 22,
       OP_RESIZE = 23, OP_PAD = 34, OP_PRELU = 54, OP_DENSIFY = 124 };

struct tensor {
	uint32_t shape[4], rank;
	int type;
	const uint8_t *raw;  /* constants: their numbers, densified */
	uint8_t *densified;  /* raw when it is not in the file */
	size_t raw_size;
	char name[64];
	int packed;          /* index in the output, -1 until used */
	int producer;        /* operator, -1 for none */
};

struct op {
	int code;
	int in[MODEL_INPUTS], in_count, out;
	table options;
	int needed;
};

struct graph {
	struct tensor *tensors;
	uint32_t tensor_count;
	struct op *ops;
	uint32_t op_count;
	int input;
};

static void *allocate(size_t count, size_t size)
{
	void *p = calloc(count > 0 ? count : 1, size);
	if (p == NULL)
		give_up("out of memory");
	return p;
}

static size_t element_size(int type)
{
	switch (type) {
	case TYPE_FLOAT32: return 4;
	case TYPE_FLOAT16: return 2;
	case 2: return 4; /* int32: shapes and paddings */
	}
	give_up("tensor type %d is not known here", type);
}

static size_t element_count(const struct tensor *t)
{
	size_t n = 1;
	for (uint32_t i = 0; i < t->rank; i++) {
		if (t->shape[i] == 0 || n > FILE_LIMIT / t->shape[i])
			give_up("%s: impossible shape", t->name);
		n *= t->shape[i];
	}
	return n;
}

/* Sparse weights: dimension by dimension, dense or compressed (segments and indices), no blocks. */
struct sparse {
	uint32_t shape[4], order[4], coordinate[4], rank;
	struct level {
		int compressed, segment_kind, index_kind;
		uint32_t size;
		table segments, indices;
	} levels[4];
	size_t next, values, element;
	const uint8_t *from;
	uint8_t *to;
};

/* An element of one of the schema's three index vectors: 1 int32, 2 uint16, 3 uint8. */
static uint32_t index_at(int kind, table holder, uint32_t i)
{
	struct vector v = vector(holder, 0, kind == 1 ? 4 : kind == 2 ? 2 : 1);
	if (i >= v.count)
		give_up("sparse weights: index list too short");
	return kind == 1 ? u32(v.first + 4 * (size_t)i)
	     : kind == 2 ? u16(v.first + 2 * (size_t)i) : *at(v.first + i, 1);
}

static void walk(struct sparse *s, uint32_t depth, uint32_t node)
{
	if (depth == s->rank) {
		size_t offset = 0;
		for (uint32_t d = 0; d < s->rank; d++)
			offset = offset * s->shape[d] + s->coordinate[d];
		if (s->next >= s->values)
			give_up("sparse weights: fewer values than indices");
		memcpy(s->to + offset * s->element, s->from + s->next++ * s->element, s->element);
		return;
	}
	const struct level *level = &s->levels[depth];
	uint32_t from = 0, to = level->size;
	if (level->compressed) {
		from = index_at(level->segment_kind, level->segments, node);
		to = index_at(level->segment_kind, level->segments, node + 1);
	}
	for (uint32_t k = from; k < to; k++) {
		uint32_t c = level->compressed ? index_at(level->index_kind, level->indices, k) : k;
		if (c >= s->shape[s->order[depth]])
			give_up("sparse weights: index beyond the shape");
		s->coordinate[s->order[depth]] = c;
		walk(s, depth + 1, level->compressed ? k : node * level->size + k);
	}
}

static void densify(struct tensor *t, table sparsity)
{
	struct sparse s = {.rank = t->rank, .element = element_size(t->type), .from = t->raw};
	struct vector order = vector(sparsity, 0, 4), dims = vector(sparsity, 2, 4);
	if (order.count != t->rank || dims.count != t->rank || t->rank > 4)
		give_up("%s: block-sparse weights are not known here", t->name);
	memcpy(s.shape, t->shape, sizeof s.shape);
	for (uint32_t d = 0; d < s.rank; d++) {
		table dim = table_at(dims, d);
		s.order[d] = (uint32_t)int_at(order, d);
		if (s.order[d] >= s.rank)
			give_up("%s: bad traversal order", t->name);
		s.levels[d] = (struct level){
			.compressed = byte_of(dim, 0, 0),
			.size = s.shape[s.order[d]],
			.segment_kind = byte_of(dim, 2, 0),
			.index_kind = byte_of(dim, 4, 0),
		};
		if (s.levels[d].compressed) {
			s.levels[d].segments = child(dim, 3);
			s.levels[d].indices = child(dim, 5);
			if (s.levels[d].segments == 0 || s.levels[d].indices == 0)
				give_up("%s: compressed dimension without indices", t->name);
		}
	}
	s.values = t->raw_size / s.element;
	t->raw_size = element_count(t) * s.element;
	s.to = t->densified = allocate(t->raw_size, 1);
	walk(&s, 0, 0);
	if (s.next != s.values)
		give_up("%s: more values than indices", t->name);
	t->raw = s.to;
}

static void read_tensor(struct tensor *t, table source, struct vector buffers)
{
	struct vector shape = vector(source, 0, 4);
	size_t name = field(source, 3);
	if (shape.count > 4)
		give_up("a tensor has %u dimensions", shape.count);
	t->rank = shape.count;
	for (uint32_t i = 0; i < t->rank; i++)
		t->shape[i] = (uint32_t)int_at(shape, i);
	t->type = byte_of(source, 1, 0);
	t->packed = t->producer = -1;
	if (name != 0) {
		size_t text = follow(name);
		uint32_t length = u32(text);
		snprintf(t->name, sizeof t->name, "%.*s", (int)(length < 63 ? length : 63),
		         (const char *)at(text + 4, length));
	}
	struct vector raw = vector(table_at(buffers, (uint32_t)number(source, 2, 0)), 0, 1);
	if (raw.count == 0)
		return;
	t->raw = at(raw.first, raw.count);
	t->raw_size = raw.count;
	table sparsity = child(source, 6);
	if (sparsity != 0)
		densify(t, sparsity);
	if (t->raw_size != element_count(t) * element_size(t->type))
		give_up("%s: %zu bytes do not fill its shape", t->name, t->raw_size);
}

static void read_graph(struct graph *g)
{
	table model = follow(0);
	struct vector codes = vector(model, 1, 4), graphs = vector(model, 2, 4),
	              buffers = vector(model, 4, 4);
	if (memcmp(at(4, 4), "TFL3", 4) != 0 || graphs.count != 1)
		give_up("not a .tflite file with one graph");
	table graph = table_at(graphs, 0);
	struct vector tensors = vector(graph, 0, 4), ops = vector(graph, 3, 4);
	g->tensor_count = tensors.count;
	g->tensors = allocate(tensors.count, sizeof *g->tensors);
	for (uint32_t i = 0; i < tensors.count; i++)
		read_tensor(&g->tensors[i], table_at(tensors, i), buffers);
	g->input = int_at(vector(graph, 1, 4), 0);
	g->ops = allocate(ops.count, sizeof *g->ops);
	for (uint32_t i = 0; i < ops.count; i++) {
		table source = table_at(ops, i);
		table code = table_at(codes, (uint32_t)number(source, 0, 0));
		struct op *op = &g->ops[g->op_count];
		int small = byte_of(code, 0, 0), large = number(code, 3, 0);
		struct vector in = vector(source, 1, 4), out = vector(source, 2, 4);
		op->code = large > small ? large : small;
		op->options = child(source, 4);
		op->out = int_at(out, 0);
		if (in.count > MODEL_INPUTS || op->out < 0 || (uint32_t)op->out >= g->tensor_count)
			give_up("operator %u: unexpected inputs or output", i);
		for (uint32_t k = 0; k < in.count; k++) {
			int tensor = int_at(in, k);
			if (tensor < 0 || (uint32_t)tensor >= g->tensor_count)
				give_up("operator %u: no tensor %d", i, tensor);
			op->in[op->in_count++] = tensor;
		}
		/* Weights that are only unpacked: the unpacked tensor takes over the constant. */
		struct tensor *to = &g->tensors[op->out], *from = &g->tensors[op->in[0]];
		if ((op->code == OP_DEQUANTIZE || op->code == OP_DENSIFY) && from->raw != NULL) {
			to->raw = from->raw;
			to->raw_size = from->raw_size;
			to->type = from->type;
			*op = (struct op){0};
			continue;
		}
		to->producer = (int)g->op_count++;
	}
}

/* ---- the packed file ---- */

static uint8_t *out;
static size_t out_size, out_room;

static size_t emit(const void *bytes, size_t size, size_t alignment)
{
	size_t start = (out_size + alignment - 1) / alignment * alignment;
	if (start + size > out_room) {
		out_room = (start + size) * 2;
		out = realloc(out, out_room);
		if (out == NULL)
			give_up("out of memory");
	}
	memset(out + out_size, 0, start - out_size);
	memcpy(out + start, bytes, size);
	out_size = start + size;
	return start;
}

struct packed {
	struct model_tensor tensors[MODEL_TENSORS];
	struct model_op ops[MODEL_OPS];
	uint32_t tensor_count, op_count;
};

static uint32_t new_tensor(struct packed *p, struct model_tensor t)
{
	if (p->tensor_count == MODEL_TENSORS)
		give_up("more than %d tensors", MODEL_TENSORS);
	p->tensors[p->tensor_count] = t;
	return p->tensor_count++;
}

static uint32_t pack_constant(struct packed *p, struct graph *g, int id)
{
	struct tensor *t = &g->tensors[id];
	if (t->raw == NULL || (t->type != TYPE_FLOAT16 && t->type != TYPE_FLOAT32))
		give_up("%s: a constant of floats is needed", t->name);
	if (t->packed < 0)
		t->packed = (int)new_tensor(p, (struct model_tensor){
			.type = t->type == TYPE_FLOAT16 ? MODEL_F16 : MODEL_F32,
			.offset = (uint32_t)emit(t->raw, t->raw_size, 64),
			.count = (uint32_t)element_count(t),
		});
	return (uint32_t)t->packed;
}

static uint32_t pack_activation(struct packed *p, struct graph *g, int id)
{
	struct tensor *t = &g->tensors[id];
	if (t->raw != NULL)
		give_up("%s: a computed tensor is needed", t->name);
	if (t->packed < 0) {
		/* NHWC with the leading 1s of lower ranks put back. */
		uint32_t s[4] = {1, 1, 1, 1};
		for (uint32_t i = 0; i < t->rank; i++)
			s[4 - t->rank + i] = t->shape[i];
		if (s[0] != 1)
			give_up("%s: batches are not known here", t->name);
		t->packed = (int)new_tensor(p, (struct model_tensor){
			.type = MODEL_ACTIVATION, .height = s[1], .width = s[2], .channels = s[3]});
	}
	return (uint32_t)t->packed;
}

/* TensorFlow's SAME: zeros so that ceil(n / step) windows fit, the smaller half first. */
static void same_padding(uint32_t n, uint32_t kernel, uint32_t step, uint32_t *before,
                         uint32_t *after)
{
	uint32_t windows = (n + step - 1) / step, span = (windows - 1) * step + kernel;
	uint32_t total = span > n ? span - n : 0;
	*before = total / 2;
	*after = total - total / 2;
}

static const int32_t *paddings_of(const struct tensor *t)
{
	if (t->raw == NULL || t->type != 2 || t->raw_size != 8 * sizeof(int32_t))
		give_up("%s: constant paddings of four dimensions are needed", t->name);
	return (const int32_t *)(const void *)t->raw;
}

static int is_channel_pad(const struct graph *g, const struct op *op)
{
	int32_t p[8];
	memcpy(p, paddings_of(&g->tensors[op->in[1]]), sizeof p);
	return p[7] != 0 && p[2] == 0 && p[3] == 0 && p[4] == 0 && p[5] == 0;
}

static uint32_t activation_of(int tflite)
{
	switch (tflite) {
	case 0: return MODEL_NONE;
	case 1: return MODEL_ACT_RELU;
	case 3: return MODEL_ACT_RELU6;
	}
	give_up("activation %d is not known here", tflite);
}

static void pack_convolution(struct packed *p, struct graph *g, const struct op *op,
                             struct model_op *m)
{
	const int depthwise = op->code == OP_DEPTHWISE;
	const struct tensor *w = &g->tensors[op->in[1]];
	int source = op->in[0], same = byte_of(op->options, 0, 0) == 0;
	if (op->in_count != 3 || w->rank != 4 || w->shape[1] != w->shape[2])
		give_up("%s: square kernel and bias are needed", w->name);
	m->kind = depthwise ? MODEL_DEPTHWISE : MODEL_CONV;
	m->kernel = w->shape[1];
	m->step = (uint32_t)number(op->options, 1, 1);
	if (m->step != (uint32_t)number(op->options, 2, 1))
		give_up("%s: unequal steps", w->name);
	if (depthwise && number(op->options, 3, 1) != 1)
		give_up("%s: depth multiplier", w->name);
	m->activation = activation_of(byte_of(op->options, depthwise ? 4 : 3, 0));
	const struct tensor *in = &g->tensors[source];
	if (in->rank != 4)
		give_up("%s: a picture is needed", in->name);
	if (same) {
		same_padding(in->shape[1], m->kernel, m->step, &m->pad_top, &m->pad_bottom);
		same_padding(in->shape[2], m->kernel, m->step, &m->pad_left, &m->pad_right);
	} else if (in->producer >= 0 && g->ops[in->producer].code == OP_PAD) {
		const struct op *pad = &g->ops[in->producer];
		int32_t amount[8];
		memcpy(amount, paddings_of(&g->tensors[pad->in[1]]), sizeof amount);
		m->pad_top = (uint32_t)amount[2];
		m->pad_bottom = (uint32_t)amount[3];
		m->pad_left = (uint32_t)amount[4];
		m->pad_right = (uint32_t)amount[5];
		source = pad->in[0];
	}
	m->in_count = 1;
	m->in[0] = pack_activation(p, g, source);
	m->weights = pack_constant(p, g, op->in[1]);
	m->bias = pack_constant(p, g, op->in[2]);
}

static void pack_op(struct packed *p, struct graph *g, const struct op *op)
{
	struct model_op m = {.weights = MODEL_NO_TENSOR, .bias = MODEL_NO_TENSOR,
	                     .kernel = 1, .step = 1};
	int inputs = op->in_count;
	switch (op->code) {
	case OP_CONV:
	case OP_DEPTHWISE: pack_convolution(p, g, op, &m); inputs = 0; break;
	case OP_ADD:
		m.kind = MODEL_ADD;
		m.activation = activation_of(byte_of(op->options, 0, 0));
		break;
	case OP_PAD:
		if (!is_channel_pad(g, op))
			return; /* moved into the convolutions that read it */
		m.kind = MODEL_PAD_CHANNELS;
		inputs = 1;
		break;
	case OP_MAXPOOL:
		m.kind = MODEL_MAXPOOL;
		if (number(op->options, 1, 1) != 2 || number(op->options, 3, 1) != 2 ||
		    number(op->options, 4, 1) != 2)
			give_up("only 2x2 pooling by 2 is known here");
		break;
	case OP_RESIZE:
		m.kind = MODEL_UPSAMPLE;
		inputs = 1;
		if (byte_of(op->options, 2, 0) || !byte_of(op->options, 3, 0))
			give_up("only half-pixel resizing is known here");
		break;
	case OP_DEPTH_TO_SPACE:
		m.kind = MODEL_DEPTH_TO_SPACE;
		if (number(op->options, 0, 0) != 2)
			give_up("only 2x2 depth to space is known here");
		break;
	case OP_PRELU:
		m.kind = MODEL_PRELU;
		m.weights = pack_constant(p, g, op->in[1]);
		inputs = 1;
		break;
	case OP_RELU: m.kind = MODEL_RELU; break;
	case OP_LOGISTIC: m.kind = MODEL_LOGISTIC; break;
	case OP_RESHAPE: m.kind = MODEL_RESHAPE; inputs = 1; break;
	case OP_CONCAT: m.kind = MODEL_CONCAT; break;
	default: give_up("operator %d is not known here", op->code);
	}
	for (int i = 0; i < inputs; i++)
		m.in[m.in_count++] = pack_activation(p, g, op->in[i]);
	m.out = pack_activation(p, g, op->out);
	if (p->op_count == MODEL_OPS)
		give_up("more than %d operators", MODEL_OPS);
	p->ops[p->op_count++] = m;
}

/* Marks what a tensor needs; the graph has no cycles because operators come in execution order. */
static void need(struct graph *g, int tensor)
{
	int producer = g->tensors[tensor].producer;
	if (producer < 0 || g->ops[producer].needed)
		return;
	g->ops[producer].needed = 1;
	for (int i = 0; i < g->ops[producer].in_count; i++)
		need(g, g->ops[producer].in[i]);
}

static int tensor_named(const struct graph *g, const char *name)
{
	for (uint32_t i = 0; i < g->tensor_count; i++)
		if (strcmp(g->tensors[i].name, name) == 0)
			return (int)i;
	give_up("no tensor is named %s", name);
}

static struct model_net pack_net(const char *name, char *outputs)
{
	struct graph g = {0};
	struct packed *p = allocate(1, sizeof *p);
	struct model_net net = {0};
	int wanted[MODEL_OUTPUTS];
	read_graph(&g);
	snprintf(net.name, sizeof net.name, "%s", name);
	for (char *next, *o = outputs; o != NULL; o = next) {
		next = strchr(o, ',');
		if (next != NULL)
			*next++ = '\0';
		if (net.output_count == MODEL_OUTPUTS)
			give_up("more than %d outputs", MODEL_OUTPUTS);
		wanted[net.output_count] = tensor_named(&g, o);
		need(&g, wanted[net.output_count++]);
	}
	net.input = pack_activation(p, &g, g.input);
	for (uint32_t i = 0; i < g.op_count; i++)
		if (g.ops[i].needed)
			pack_op(p, &g, &g.ops[i]);
	for (uint32_t i = 0; i < net.output_count; i++)
		net.outputs[i] = pack_activation(p, &g, wanted[i]);
	net.tensor_count = p->tensor_count;
	net.tensor_offset = (uint32_t)emit(p->tensors, p->tensor_count * sizeof *p->tensors, 64);
	net.op_count = p->op_count;
	net.op_offset = (uint32_t)emit(p->ops, p->op_count * sizeof *p->ops, 64);
	for (uint32_t i = 0; i < g.tensor_count; i++)
		free(g.tensors[i].densified);
	free(g.tensors);
	free(g.ops);
	free(p);
	return net;
}

int main(int argc, char **argv)
{
	struct model_header header = {.magic = MODEL_MAGIC, .version = MODEL_VERSION};
	struct model_net nets[MODEL_NETS] = {0};
	struct error error;
	if (argc < 3 || argc - 2 > MODEL_NETS) {
		fprintf(stderr, "usage: pack OUT name=FILE:output,output ...\n");
		return 2;
	}
	header.net_count = (uint32_t)(argc - 2);
	emit(&header, sizeof header, 1);
	emit(nets, header.net_count * sizeof *nets, 1);
	for (int i = 2; i < argc; i++) {
		char *file = strchr(argv[i], '='),
		     *outputs = file != NULL ? strrchr(file, ':') : NULL;
		if (outputs == NULL)
			give_up("%s: name=FILE:outputs is needed", argv[i]);
		*file++ = *outputs++ = '\0';
		data_name = file;
		data = (const uint8_t *)path_read_file(file, FILE_LIMIT, &data_size, &error);
		if (data == NULL) {
			fprintf(stderr, "pack: %s\n", error.text);
			return 1;
		}
		nets[i - 2] = pack_net(argv[i], outputs);
		free((void *)data);
	}
	emit("", 0, 64);
	header.file_size = out_size;
	memcpy(out + sizeof header, nets, header.net_count * sizeof *nets);
	sha256(out + sizeof header, out_size - sizeof header, header.sha256);
	header.checksum = model_checksum(out + sizeof header, out_size - sizeof header);
	memcpy(out, &header, sizeof header);
	if (!path_write_file(argv[1], out, out_size, &error)) {
		fprintf(stderr, "pack: %s\n", error.text);
		return 1;
	}
	free(out);
	printf("%s: %u networks, %.1f MB\n", argv[1], header.net_count, (double)out_size / 1e6);
	return 0;
}
