#include "net/model_file.h"

#include "base/sha256.h"
#include "base/text.h"
#include "kernels/kernels.h"
#include "net/checksum.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the model file is read as it is");
_Static_assert(sizeof(struct model_header) == 64, "header layout; the checksum takes 32 at a time");
_Static_assert(sizeof(struct model_net) == 64, "record layout");
_Static_assert(sizeof(struct model_tensor) == 24, "record layout");
_Static_assert(sizeof(struct model_op) == 64, "record layout");

/* ---- reading ---- */

/* The file is read, not mapped: cutting a mapped one short, as a careless copy over the installed
 * one does, kills whoever touches what is gone. */
static bool read_at(const struct model_file *f, uint64_t offset, void *to, size_t size,
                    struct error *error)
{
	for (size_t done = 0; done < size;) {
		const ssize_t n = pread(f->fd, (char *)to + done, size - done,
		                        (off_t)(offset + done));
		if (n > 0)
			done += (size_t)n;
		else if (n == 0)
			return error_set(error, EINVAL,
			                 "%s: became shorter while it was read; install it again",
			                 f->path);
		else if (errno != EINTR)
			return error_set(error, errno, "%s: %s", f->path, strerror(errno));
	}
	return true;
}

/* ---- validation ---- */

static bool inside(const struct model_file *f, uint64_t offset, uint64_t size)
{
	return offset <= f->size && size <= f->size - offset;
}

static bool bad(const struct model_file *f, struct error *error, const char *net, const char *what)
{
	return error_set(error, EINVAL, "%s: %s: %s; build it again with models/",
	                 f->path, _(net), _(what));
}

static bool tensor_is_sound(const struct model_file *f, const struct model_tensor *t)
{
	if (t->type == MODEL_ACTIVATION)
		return t->height >= 1 && t->height <= MODEL_SIDE && t->width >= 1 &&
		       t->width <= MODEL_SIDE && t->channels >= 1 &&
		       t->channels <= MODEL_CHANNELS &&
		       t->count == 0 && t->offset == 0 &&
		       (uint64_t)t->height * t->width * t->channels <= 1u << 24;
	if (t->type != MODEL_F16 && t->type != MODEL_F32)
		return false;
	uint64_t element = t->type == MODEL_F16 ? 2 : 4;
	return t->count >= 1 && t->offset % 4 == 0 && inside(f, t->offset, t->count * element);
}

struct check {
	const struct model_file *file;
	const struct model_net *net;
	const struct model_tensor *tensors;
	bool *computed; /* per tensor */
};

static const struct model_tensor *constant(const struct check *c, uint32_t index, uint64_t count)
{
	if (index >= c->net->tensor_count || c->tensors[index].type == MODEL_ACTIVATION ||
	    c->tensors[index].count != count)
		return NULL;
	return &c->tensors[index];
}

static bool shape_is(const struct model_tensor *t, uint64_t h, uint64_t w, uint64_t c)
{
	return t->height == h && t->width == w && t->channels == c;
}

static uint64_t elements(const struct model_tensor *t)
{
	return (uint64_t)t->height * t->width * t->channels;
}

static bool convolution_is_sound(const struct check *c, const struct model_op *op,
                                 const struct model_tensor *in, const struct model_tensor *out)
{
	const uint32_t k = op->kernel, limit = 16;
	if (k < 1 || k > limit || op->step < 1 || op->step > limit || op->pad_top > limit ||
	    op->pad_left > limit || op->pad_bottom > limit || op->pad_right > limit)
		return false;
	uint64_t height = in->height + op->pad_top + op->pad_bottom;
	uint64_t width = in->width + op->pad_left + op->pad_right;
	if (height < k || width < k || out->height != (height - k) / op->step + 1 ||
	    out->width != (width - k) / op->step + 1)
		return false;
	uint64_t taps = (uint64_t)k * k * in->channels;
	if (op->kind == MODEL_DEPTHWISE && out->channels != in->channels)
		return false;
	return constant(c, op->bias, out->channels) != NULL &&
	       constant(c, op->weights, op->kind == MODEL_DEPTHWISE ? taps
	                                                            : taps * out->channels) != NULL;
}

static bool concat_is_sound(const struct check *c, const struct model_op *op,
                            const struct model_tensor *out)
{
	uint64_t total = 0;
	for (uint32_t i = 0; i < op->in_count; i++)
		total += elements(&c->tensors[op->in[i]]);
	return total == elements(out);
}

/* The output's shape and the constants follow from the kind. */
static bool op_is_sound(const struct check *c, const struct model_op *op)
{
	const uint32_t wanted = op->kind == MODEL_ADD ? 2 : 1;
	if (op->kind >= MODEL_OP_KINDS || op->in_count < 1 || op->in_count > MODEL_INPUTS ||
	    (op->kind != MODEL_CONCAT && op->in_count != wanted) ||
	    op->activation > MODEL_ACT_RELU6)
		return false;
	for (uint32_t i = 0; i < op->in_count; i++)
		if (op->in[i] >= c->net->tensor_count || !c->computed[op->in[i]])
			return false;
	if (op->out >= c->net->tensor_count || c->computed[op->out] ||
	    c->tensors[op->out].type != MODEL_ACTIVATION)
		return false;
	const struct model_tensor *in = &c->tensors[op->in[0]], *out = &c->tensors[op->out];
	const uint64_t h = in->height, w = in->width, channels = in->channels;
	switch ((enum model_op_kind)op->kind) {
	case MODEL_CONV:
	case MODEL_DEPTHWISE: return convolution_is_sound(c, op, in, out);
	case MODEL_ADD:
		return shape_is(out, h, w, channels) &&
		shape_is(&c->tensors[op->in[1]], h, w, channels);
	case MODEL_PAD_CHANNELS:
		return shape_is(out, h, w, out->channels) && out->channels > channels;
	case MODEL_MAXPOOL: return h % 2 == 0 && w % 2 == 0 &&
	shape_is(out, h / 2, w / 2, channels);
	case MODEL_UPSAMPLE: return shape_is(out, h * 2, w * 2, channels);
	case MODEL_DEPTH_TO_SPACE:
		return channels % 4 == 0 && shape_is(out, h * 2, w * 2, channels / 4);
	case MODEL_PRELU:
		return constant(c, op->weights, channels) != NULL && shape_is(out, h, w, channels);
	case MODEL_LOGISTIC:
	case MODEL_RELU: return shape_is(out, h, w, channels);
	case MODEL_RESHAPE: return elements(in) == elements(out);
	case MODEL_CONCAT: return concat_is_sound(c, op, out);
	case MODEL_OP_KINDS: break;
	}
	return false;
}

/* The tables lie within the file: reads them. */
static bool read_tables(const struct model_file *f, const struct model_net *net,
                        struct model_tables *tables, struct error *error)
{
	const size_t tensors = net->tensor_count * sizeof *tables->tensors;
	const size_t ops = net->op_count * sizeof *tables->ops;
	tables->tensors = malloc(tensors != 0 ? tensors : 1);
	tables->ops = malloc(ops != 0 ? ops : 1);
	if (tables->tensors == NULL || tables->ops == NULL)
		return error_set(error, ENOMEM, "%s: out of memory", f->path);
	return read_at(f, net->tensor_offset, tables->tensors, tensors, error) &&
	       read_at(f, net->op_offset, tables->ops, ops, error);
}

static bool net_is_sound(const struct model_file *f, const struct model_net *net,
                         struct model_tables *tables, struct error *error)
{
	if (memchr(net->name, '\0', sizeof net->name) == NULL)
		return bad(f, error, N_("a network"), N_("has no name"));
	if (net->tensor_count > MODEL_TENSORS || net->op_count > MODEL_OPS ||
	    net->output_count < 1 ||
	    net->output_count > MODEL_OUTPUTS || net->tensor_offset % 4 != 0 ||
	    net->op_offset % 4 != 0 ||
	    !inside(f, net->tensor_offset, net->tensor_count * sizeof(struct model_tensor)) ||
	    !inside(f, net->op_offset, net->op_count * sizeof(struct model_op)))
		return bad(f, error, net->name, N_("its tables lie outside the file"));
	if (!read_tables(f, net, tables, error))
		return false;

	bool computed[MODEL_TENSORS] = {false};
	const struct check c = {f, net, tables->tensors, computed};
	const struct model_op *ops = tables->ops;
	for (uint32_t i = 0; i < net->tensor_count; i++)
		if (!tensor_is_sound(f, &c.tensors[i]))
			return bad(f, error, net->name,
			           N_("a tensor has an impossible shape or place"));
	if (net->input >= net->tensor_count || c.tensors[net->input].type != MODEL_ACTIVATION)
		return bad(f, error, net->name, N_("it has no input"));
	computed[net->input] = true;
	for (uint32_t i = 0; i < net->op_count; i++) {
		if (!op_is_sound(&c, &ops[i]))
			return bad(f, error, net->name, N_("an operator does not fit its tensors"));
		computed[ops[i].out] = true;
	}
	for (uint32_t i = 0; i < net->output_count; i++)
		if (net->outputs[i] >= net->tensor_count || !computed[net->outputs[i]])
			return bad(f, error, net->name, N_("an output is never computed"));
	return true;
}

/* Reads the whole file once, a piece at a time that stays in the second cache. */
static bool checksum_is_right(const struct model_file *f, uint64_t wanted, struct error *error)
{
	enum { PIECE = 1 << 18 };
	const size_t start = sizeof(struct model_header);
	uint8_t *piece = malloc(PIECE);
	if (piece == NULL)
		return error_set(error, ENOMEM, "%s: out of memory", f->path);
	struct model_sum sum = model_sum_begin();
	bool good = true;
	for (size_t at = start, n; good && at < f->size; at += n) {
		n = f->size - at < PIECE ? f->size - at : PIECE;
		good = read_at(f, at, piece, n, error);
		if (good)
			model_sum_add(&sum, piece, n);
	}
	free(piece);
	if (good && model_sum_end(&sum, f->size - start) != wanted)
		return error_set(error, EINVAL, "%s: checksum is wrong: damaged; install it again",
		                 f->path);
	return good;
}

static bool file_is_sound(struct model_file *f, struct error *error)
{
	struct model_header header;
	if (!read_at(f, 0, &header, sizeof header, error))
		return false;
	if (memcmp(header.magic, MODEL_MAGIC, sizeof header.magic) != 0)
		return error_set(error, EINVAL, "%s: not an unknot model file", f->path);
	if (header.version != MODEL_VERSION)
		return error_set(error, EINVAL,
		                 "%s: format version %u, this program reads %d; build it again "
		                 "with models/", f->path, header.version, MODEL_VERSION);
	if (header.file_size != f->size)
		return error_set(error, EINVAL,
		                 "%s: %zu bytes of %llu: truncated; install it again",
		                 f->path, f->size, (unsigned long long)header.file_size);
	if (!checksum_is_right(f, header.checksum, error))
		return false;
	sha256_hex(header.sha256, f->hash);
	if (header.net_count < 1 || header.net_count > MODEL_NETS ||
	    !inside(f, sizeof header, header.net_count * sizeof *f->nets))
		return bad(f, error, N_("header"), N_("its networks lie outside the file"));
	f->net_count = header.net_count;
	if (!read_at(f, sizeof header, f->nets, f->net_count * sizeof *f->nets, error))
		return false;
	for (uint32_t i = 0; i < f->net_count; i++)
		if (!net_is_sound(f, &f->nets[i], &f->tables[i], error))
			return false;
	return true;
}

/* ---- the file ---- */

/* The first of the places a model may be: named, beside the program as in a build folder (whose
 * programs do not want what an older version has installed), installed. */
static void find_file(char *path, size_t size, const char *given)
{
	static const char name[] = "/unknot.model";
	const char *named = given != NULL ? given : getenv("UNKNOT_MODEL");
	if (named != NULL && *named != '\0') {
		snprintf(path, size, "%s", named);
		return;
	}
	const ssize_t n = readlink("/proc/self/exe", path, size - sizeof name);
	if (n > 0) {
		path[n] = '\0';
		strcpy(strrchr(path, '/'), name);
		if (access(path, R_OK) == 0)
			return;
	}
	snprintf(path, size, "%s", UNKNOT_MODEL_INSTALLED);
}

struct model_file *model_file_open(const char *path, struct error *error)
{
	struct model_file *f = calloc(1, sizeof *f);
	struct stat info;
	if (f == NULL) {
		error_set(error, ENOMEM, "%s: out of memory", "model file");
		return NULL;
	}
	find_file(f->path, sizeof f->path, path);
	/* O_NONBLOCK: a pipe of that name is refused below, not waited for. */
	f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool good = f->fd >= 0 && fstat(f->fd, &info) == 0;
	if (!good)
		error_set(error, errno, "%s: %s; run `./dev build` or install the package", f->path,
		          strerror(errno));
	else if (!S_ISREG(info.st_mode) || (size_t)info.st_size < sizeof(struct model_header))
		good = error_set(error, EINVAL, "%s: not an unknot model file", f->path);
	if (good) {
		f->size = (size_t)info.st_size;
		good = file_is_sound(f, error);
	}
	if (!good) {
		model_file_close(f);
		return NULL;
	}
	return f;
}

void model_file_close(struct model_file *f)
{
	if (f == NULL)
		return;
	for (int i = 0; i < MODEL_NETS; i++) {
		free(f->tables[i].tensors);
		free(f->tables[i].ops);
	}
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}

const char *model_file_hash(const struct model_file *f)
{
	return f->hash;
}

bool model_file_graph(const struct model_file *f, const char *name, struct model_graph *graph,
                      struct error *error)
{
	for (uint32_t i = 0; i < f->net_count; i++)
		if (strcmp(f->nets[i].name, name) == 0) {
			*graph = (struct model_graph){&f->nets[i], f->tables[i].tensors,
			                              f->tables[i].ops};
			return true;
		}
	return error_set(error, ENOENT, "%s: has no network %s; build it again with models/",
	                 f->path, name);
}

bool model_constant(const struct model_file *f, const struct model_tensor *t, float *dst,
                    struct error *error)
{
	enum { PIECE = 8192 };
	uint16_t halves[PIECE];
	if (t->type == MODEL_F32)
		return read_at(f, t->offset, dst, (size_t)t->count * sizeof *dst, error);
	for (size_t i = 0, n; i < t->count; i += n) {
		n = t->count - i < PIECE ? t->count - i : PIECE;
		if (!read_at(f, t->offset + i * sizeof *halves, halves, n * sizeof *halves, error))
			return false;
		kernels_best()->half_to_float(dst + i, halves, n);
	}
	return true;
}
