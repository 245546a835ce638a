/* The packed model file under damage: every case must end in one readable line or in a network that
 * stays inside its memory (the sanitizers watch). */
#include "base/paths.h"
#include "base/sha256.h"
#include "guard_alloc.h"
#include "net/checksum.h"
#include "net/format.h"
#include "net/steps.h"
#include "tiny_model.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static uint8_t whole[TINY_ROOM], damaged[TINY_ROOM];
static size_t size, tables_end;
static int fd;
static char path[64];

static int begin(void **state)
{
	(void)state;
	size = tiny_model(whole, &tables_end);
	fd = memfd_create("model", MFD_CLOEXEC);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return fd < 0;
}

static int end(void **state)
{
	(void)state;
	return close(fd);
}

static struct model_file *open_bytes(const uint8_t *bytes, size_t count, struct error *error)
{
	assert_int_equal(ftruncate(fd, (off_t)count), 0);
	assert_int_equal(pwrite(fd, bytes, count, 0), (ssize_t)count);
	*error = (struct error){0};
	return model_file_open(path, error);
}

/* The digest only names the content: left as it was, it costs no time. */
static void seal(uint8_t *file, size_t count)
{
	struct model_header header;
	memcpy(&header, file, sizeof header);
	header.file_size = count;
	header.checksum = model_checksum(file + sizeof header, count - sizeof header);
	memcpy(file, &header, sizeof header);
}

static void assert_refused(const uint8_t *bytes, size_t count, const char *words)
{
	struct error error;
	struct model_file *file = open_bytes(bytes, count, &error);
	if (file != NULL)
		fail_msg("accepted; expected: %s", words);
	if (strstr(error.text, path) != error.text || strstr(error.text, words) == NULL)
		fail_msg("message \"%s\" does not say \"%s\"", error.text, words);
}

static void fill(struct net *net)
{
	const uint32_t side = net_input_side(net);
	for (uint32_t y = 0; y < side; y++)
		for (uint32_t x = 0; x < 3 * side; x++)
			net_input(net)[y * net_input_stride(net) + x] = 0.5f;
}

/* Opens, makes and runs every network that lets itself be made. Returns how many ran. */
static int survive(const uint8_t *bytes, size_t count)
{
	struct error error;
	int ran = 0;
	struct model_file *file = open_bytes(bytes, count, &error);
	if (file == NULL) {
		assert_true(error.text[0] != '\0');
		return 0;
	}
	for (int id = 0; id < NET_COUNT; id++) {
		struct net *net = net_create_unchecked(file, (enum net_id)id, &error);
		if (net == NULL) {
			assert_true(error.text[0] != '\0');
			continue;
		}
		fill(net);
		net_run(net);
		net_free(net);
		ran++;
	}
	model_file_close(file);
	return ran;
}

static void test_whole(void **state)
{
	(void)state;
	assert_int_equal(survive(whole, size), 2);
}

static void test_installed(void **state)
{
	struct error error;
	uint8_t digest[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];
	size_t bytes;
	(void)state;
	struct model_file *file = model_file_open(NULL, &error);
	if (file == NULL)
		fail_msg("%s", error.text);
	char *data = path_read_file(getenv("UNKNOT_MODEL"), 64 << 20, &bytes, &error);
	assert_non_null(data);
	sha256(data + sizeof(struct model_header), bytes - sizeof(struct model_header), digest);
	sha256_hex(digest, hex);
	assert_string_equal(model_file_hash(file), hex);
	free(data);
	model_file_close(file);
}

static void test_not_a_model(void **state)
{
	struct error error;
	(void)state;
	assert_refused(whole, 0, "not an unknot model file");
	assert_refused(whole, sizeof(struct model_header) - 1, "not an unknot model file");
	memset(damaged, 'x', sizeof damaged);
	assert_refused(damaged, sizeof damaged, "not an unknot model file");
	memset(damaged, 0, sizeof damaged);
	assert_refused(damaged, sizeof damaged, "not an unknot model file");
	assert_null(model_file_open("/nonexistent/unknot.model", &error));
	assert_non_null(strstr(error.text, "/nonexistent/unknot.model"));
	assert_null(model_file_open("/", &error));
	assert_null(model_file_open("/dev/null", &error));
}

static void test_truncated(void **state)
{
	(void)state;
	for (size_t n = sizeof(struct model_header); n < size; n++)
		assert_refused(whole, n, "truncated");
	memcpy(damaged, whole, sizeof whole);
	assert_refused(damaged, size + 1, "truncated");
}

static void test_truncated_and_sealed(void **state)
{
	(void)state;
	for (size_t n = sizeof(struct model_header); n < size; n += n < tables_end ? 1 : 97) {
		memcpy(damaged, whole, n);
		seal(damaged, n);
		survive(damaged, n);
	}
}

static void test_other_version(void **state)
{
	(void)state;
	struct model_header header;
	memcpy(damaged, whole, size);
	memcpy(&header, damaged, sizeof header);
	header.version++;
	memcpy(damaged, &header, sizeof header);
	assert_refused(damaged, size, "version");
}

/* Every single bit outside the digest, which only names the content. */
static void test_bit_flips(void **state)
{
	(void)state;
	struct error error;
	const size_t digest = offsetof(struct model_header, sha256);
	memcpy(damaged, whole, size);
	for (size_t bit = 0; bit < size * 8; bit += bit < tables_end * 8 ? 1 : 13) {
		if (bit / 8 >= digest && bit / 8 < digest + SHA256_SIZE)
			continue;
		damaged[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (open_bytes(damaged, size, &error) != NULL)
			fail_msg("bit %zu of byte %zu was not noticed", bit % 8, bit / 8);
		damaged[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* Every third bit, all of them in turn, with the checksum made right: now the tables are read. */
static void test_sealed_bit_flips(void **state)
{
	(void)state;
	int ran = 0;
	for (size_t bit = sizeof(struct model_header) * 8; bit < tables_end * 8; bit += 3) {
		memcpy(damaged, whole, size);
		damaged[bit / 8] ^= (uint8_t)(1u << bit % 8);
		seal(damaged, size);
		ran += survive(damaged, size);
	}
	printf("%d networks ran with a flipped bit\n", ran);
	assert_true(ran > 0);
}

/* Every field of every table takes values that overflow, or that are almost right. */
static void test_hostile_fields(void **state)
{
	static const uint32_t values[] = {0, 1, 2, 5, 8, 16, 17, 512, 4096,
	                                  65536, 0x40000000, 0x7fffffff,
	                                  0x80000000, 0xfffffffc, 0xffffffff};
	(void)state;
	for (size_t at = 12; at < tables_end; at += 4)
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			memcpy(damaged, whole, size);
			memcpy(damaged + at, &values[i], 4);
			if (at >= sizeof(struct model_header))
				seal(damaged, size);
			survive(damaged, size);
		}
}

/* ---- records by what they are ---- */

static struct model_net net_at(int index)
{
	struct model_net net;
	memcpy(&net, whole + sizeof(struct model_header) + (size_t)index * sizeof net, sizeof net);
	return net;
}

static struct model_tensor tensor_at(const struct model_net *net, uint32_t index)
{
	struct model_tensor t;
	memcpy(&t, whole + net->tensor_offset + index * sizeof t, sizeof t);
	return t;
}

/* The weights of the first convolution of this kind and kernel in the first network. */
static uint32_t weights_of(const struct model_net *net, enum model_op_kind kind, uint32_t kernel)
{
	for (uint32_t i = 0; i < net->op_count; i++) {
		struct model_op op;
		memcpy(&op, whole + net->op_offset + i * sizeof op, sizeof op);
		if (op.kind == kind && op.kernel == kernel)
			return op.weights;
	}
	fail_msg("no such convolution");
	return 0;
}

/* The whole file with a constant in binary32 whose last number is `value`, behind everything
 * else. */
static struct net *with_number(uint32_t index, float value, struct error *error)
{
	const struct model_net net = net_at(0);
	struct model_tensor t = tensor_at(&net, index);
	const size_t end = size + (size_t)t.count * sizeof value;
	assert_true(end <= sizeof damaged);
	memcpy(damaged, whole, size);
	memset(damaged + size, 0, end - size);
	memcpy(damaged + end - sizeof value, &value, sizeof value);
	t.type = MODEL_F32;
	t.offset = (uint32_t)size;
	memcpy(damaged + net.tensor_offset + index * sizeof t, &t, sizeof t);
	seal(damaged, end);
	struct model_file *file = open_bytes(damaged, end, error);
	assert_non_null(file);
	struct net *made = net_create_unchecked(file, NET_POSE_LITE, error);
	model_file_close(file);
	return made;
}

static void test_weights_binary16_cannot_hold(void **state)
{
	static const float good[] = {0, 1, -65504, 65504, 0x1p-14f, 0x1p-24f,
	                             -0x1.8p-23f, 0x1.ffcp15f};
	static const float odd[] = {131072, 70000, 65520, -65536, 1.0001f,
	                            1e-9f, 0x1p-25f, 0x1.8p-24f,
	                            0x1.002p-14f, 3.4e38f};
	static const struct { enum model_op_kind kind; uint32_t kernel; bool halves; } layers[] = {
		{MODEL_CONV, 1, true}, {MODEL_CONV, 4, true}, {MODEL_CONV, 3, false},
		{MODEL_DEPTHWISE, 3, false}};
	const struct model_net net = net_at(0);
	struct error error;
	(void)state;
	for (size_t l = 0; l < sizeof layers / sizeof *layers; l++) {
		const uint32_t weights = weights_of(&net, layers[l].kind, layers[l].kernel);
		for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
			struct net *made = with_number(weights, good[i], &error);
			if (made == NULL)
				fail_msg("%g: %s", (double)good[i], error.text);
			net_free(made);
		}
		for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
			struct net *made = with_number(weights, odd[i], &error);
			if ((made == NULL) != layers[l].halves)
				fail_msg("%g in layer %zu: %s", (double)odd[i],
				         l, made ? "taken" : error.text);
			if (made == NULL && (strstr(error.text, "pose_lite") == NULL ||
			                     strstr(error.text, "binary16") == NULL))
				fail_msg("message \"%s\"", error.text);
			net_free(made);
		}
	}
}

static void test_constants_are_finite(void **state)
{
	static const float odd[] = {NAN, INFINITY, -INFINITY};
	const struct model_net net = net_at(0);
	struct error error;
	(void)state;
	for (uint32_t t = 0; t < net.tensor_count; t++)
		for (size_t i = 0; i < sizeof odd / sizeof *odd && tensor_at(&net, t).count != 0;
		     i++) {
			if (with_number(t, odd[i], &error) != NULL)
				fail_msg("%g in tensor %u is taken", (double)odd[i], t);
			assert_non_null(strstr(error.text, "finite"));
		}
}

/* The same in the file's own binary16: infinity, its opposite, and a NaN as a weight or a slope. */
static void test_halves_are_finite(void **state)
{
	static const uint16_t odd[] = {0x7c00, 0xfc00, 0x7e01};
	const struct model_net net = net_at(0);
	struct error error;
	int tried = 0;
	(void)state;
	for (uint32_t i = 0; i < net.tensor_count; i++) {
		const struct model_tensor t = tensor_at(&net, i);
		for (size_t k = 0; k < sizeof odd / sizeof *odd && t.type == MODEL_F16;
		     k++, tried++) {
			memcpy(damaged, whole, size);
			memcpy(damaged + t.offset + (t.count - 1) * sizeof *odd,
			       &odd[k], sizeof *odd);
			seal(damaged, size);
			struct model_file *file = open_bytes(damaged, size, &error);
			assert_non_null(file);
			if (net_create_unchecked(file, NET_POSE_LITE, &error) != NULL)
				fail_msg("%#x in tensor %u is taken", odd[k], i);
			assert_non_null(strstr(error.text, "finite"));
			model_file_close(file);
		}
	}
	assert_true(tried > 0);
}

/* ---- the file changes after it was opened ---- */

static void test_net_outlives_file(void **state)
{
	struct error error;
	float before[64];
	size_t count;
	(void)state;
	struct model_file *file = open_bytes(whole, size, &error);
	struct net *net = net_create_unchecked(file, NET_FACE_MESH, &error);
	assert_non_null(net);
	fill(net);
	net_run(net);
	const float *out = net_output(net, 0, &count);
	assert_true(count >= 64);
	memcpy(before, out, sizeof before);
	assert_int_equal(ftruncate(fd, 0), 0);
	net_run(net);
	assert_memory_equal(net_output(net, 0, NULL), before, sizeof before);
	model_file_close(file);
	net_run(net);
	assert_memory_equal(net_output(net, 0, NULL), before, sizeof before);
	net_free(net);
}

/* The tables are the copies that were checked; of the constants, what is left is not enough. */
static void test_cut_between_open_and_create(void **state)
{
	struct error error;
	(void)state;
	for (size_t left = 0; left < size; left += 1024) {
		struct model_file *file = open_bytes(whole, size, &error);
		assert_non_null(file);
		assert_int_equal(ftruncate(fd, (off_t)left), 0);
		if (net_create_unchecked(file, NET_FACE_MESH, &error) != NULL)
			fail_msg("made from %zu of %zu bytes", left, size);
		if (strstr(error.text, path) != error.text ||
		    strstr(error.text, "became shorter") == NULL)
			fail_msg("message \"%s\"", error.text);
		model_file_close(file);
	}
}

static void test_pipe_is_refused(void **state)
{
	struct error error;
	char pipe_path[] = "/tmp/unknot-test-pipe-XXXXXX";
	(void)state;
	assert_non_null(mkdtemp(pipe_path));
	char name[sizeof pipe_path + 8];
	snprintf(name, sizeof name, "%s/pipe", pipe_path);
	assert_int_equal(mkfifo(name, 0600), 0);
	struct model_file *file = model_file_open(name, &error);
	unlink(name);
	rmdir(pipe_path);
	assert_null(file);
	assert_non_null(strstr(error.text, "not an unknot model file"));
}

/* ---- the end of the file ---- */

static bool opens(const uint8_t *bytes, size_t count)
{
	struct error error;
	struct model_file *file = open_bytes(bytes, count, &error);
	const bool good = file != NULL;
	model_file_close(file);
	if (good)
		survive(bytes, count);
	return good;
}

static void put_tensor(const struct model_net *net, uint32_t index, const struct model_tensor *t)
{
	memcpy(damaged, whole, size);
	memcpy(damaged + net->tensor_offset + index * sizeof *t, t, sizeof *t);
	seal(damaged, size);
}

/* An operator's output has the shape that follows from its input, to the pixel. */
static void test_shapes_follow(void **state)
{
	(void)state;
	for (int n = 0; n < 2; n++) {
		const struct model_net net = net_at(n);
		for (uint32_t i = 0; i < net.op_count; i++)
			for (int field = 0; field < 3; field++)
				for (int step = -1; step <= 1; step += 2) {
					struct model_op op;
					memcpy(&op, whole + net.op_offset + i * sizeof op,
					       sizeof op);
					struct model_tensor t = tensor_at(&net, op.out);
					*(field == 0 ? &t.height
					  : field == 1 ? &t.width : &t.channels) +=
						(uint32_t)step;
					put_tensor(&net, op.out, &t);
					assert_refused(damaged, size, "");
				}
	}
}

/* Operators in an order that cannot be executed, and a tensor that two of them make: the reader
 * says so, before anything is built on it. */
static void test_operators_follow_each_other(void **state)
{
	const struct model_net net = net_at(0);
	struct model_op ops[2], *second = &ops[1];
	(void)state;
	memcpy(damaged, whole, size);
	memcpy(ops, whole + net.op_offset, sizeof ops);
	memcpy(damaged + net.op_offset, second, sizeof *second);
	memcpy(damaged + net.op_offset + sizeof *ops, ops, sizeof *ops);
	seal(damaged, size);
	assert_refused(damaged, size, "an operator does not fit");
	int made_twice = 0;
	for (uint32_t a = 0; a < net.op_count; a++)
		for (uint32_t b = a + 1; b < net.op_count; b++) {
			struct model_op first, again;
			memcpy(&first, whole + net.op_offset + a * sizeof first, sizeof first);
			memcpy(&again, whole + net.op_offset + b * sizeof again, sizeof again);
			const struct model_tensor x = tensor_at(&net, first.out),
			                          y = tensor_at(&net, again.out);
			if (memcmp(&x, &y, sizeof x) != 0)
				continue;
			/* Of one shape; what reads the second one's output reads the first one's
			 * then. */
			memcpy(damaged, whole, size);
			for (uint32_t i = 0; i < net.op_count; i++) {
				struct model_op op;
				memcpy(&op, whole + net.op_offset + i * sizeof op, sizeof op);
				for (uint32_t k = 0; k < op.in_count; k++)
					op.in[k] = op.in[k] == again.out ? first.out : op.in[k];
				op.out = op.out == again.out ? first.out : op.out;
				memcpy(damaged + net.op_offset + i * sizeof op, &op, sizeof op);
			}
			seal(damaged, size);
			assert_refused(damaged, size, "an operator does not fit");
			made_twice++;
		}
	assert_true(made_twice > 0);
}

/* The header's and the networks' own fields, one at a time: each is refused for what it is. */
static void test_networks_are_sound(void **state)
{
	struct model_header header;
	struct model_net net = net_at(0);
	uint32_t constant = 0;
	(void)state;
	memcpy(damaged, whole, size);
	memcpy(&header, damaged, sizeof header);
	header.net_count = MODEL_NETS + 1;
	memcpy(damaged, &header, sizeof header);
	seal(damaged, size);
	assert_true(size > sizeof header + header.net_count * sizeof net);
	assert_refused(damaged, size, "its networks lie outside the file");

	memcpy(damaged, whole, size);
	memset(net.name, 'x', sizeof net.name);
	memcpy(damaged + sizeof header, &net, sizeof net);
	seal(damaged, size);
	assert_refused(damaged, size, "has no name");

	net = net_at(0);
	while (tensor_at(&net, constant).type == MODEL_ACTIVATION)
		constant++;
	net.outputs[net.output_count - 1] = constant;
	memcpy(damaged, whole, size);
	memcpy(damaged + sizeof header, &net, sizeof net);
	seal(damaged, size);
	assert_refused(damaged, size, "an output is never computed");
}

/* A constant moved to the end is taken up to the last byte, and not one step farther; with the
 * count changed so that both fit again, or overflow together, never. */
static void test_constants_at_the_end(void **state)
{
	static const uint32_t counts[] = {0x20000000, 0x40000000, 0x7fffffff,
	                                  0x80000000, 0xfffffffe, 0xffffffff};
	(void)state;
	guard_alloc(true);
	for (int n = 0; n < 2; n++) {
		const struct model_net net = net_at(n);
		for (uint32_t i = 0; i < net.tensor_count; i++) {
			struct model_tensor t = tensor_at(&net, i);
			if (t.type == MODEL_ACTIVATION)
				continue;
			const uint32_t element = t.type == MODEL_F16 ? 2 : 4;
			const uint32_t last = (uint32_t)size - t.count * element, count = t.count;
			for (int step = -8; step <= 8; step++) {
				t.offset = last + (uint32_t)step;
				put_tensor(&net, i, &t);
				const bool fits = t.offset % 4 == 0 &&
				                  t.offset + count * element <= size;
				if (opens(damaged, size) != fits)
					fail_msg("tensor %u of %u bytes at %u of %zu is %s", i,
					         count * element, t.offset, size,
					         fits ? "refused" : "taken");
			}
			for (int step = -4; step <= 4; step += 4)
				for (int more = -2; more <= 2; more++) {
					t.offset = last + (uint32_t)(step - more * (int)element);
					t.count = count + (uint32_t)more;
					put_tensor(&net, i, &t);
					if (more != 0)
						assert_false(opens(damaged, size));
				}
			for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
				for (int step = -4; step <= 4; step += 4) {
					t.count = counts[c];
					t.offset = (uint32_t)size - counts[c] * element +
					           (uint32_t)step;
					put_tensor(&net, i, &t);
					assert_false(opens(damaged, size));
				}
		}
	}
	guard_alloc(false);
}

/* The same for a network's two tables, moved to the end as they are. */
static void test_tables_at_the_end(void **state)
{
	(void)state;
	guard_alloc(true);
	for (int n = 0; n < 2; n++)
		for (int ops = 0; ops < 2; ops++)
			for (int step = -4; step <= 4; step++)
				for (int more = -1; more <= 1; more++) {
					struct model_net net = net_at(n);
					uint32_t *offset = ops ? &net.op_offset
					                       : &net.tensor_offset;
					uint32_t *count = ops ? &net.op_count : &net.tensor_count;
					const size_t record = ops ? sizeof(struct model_op)
					                          : sizeof(struct model_tensor);
					const size_t bytes = *count * record, end = size + bytes;
					assert_true(end <= sizeof damaged);
					memcpy(damaged, whole, size);
					memcpy(damaged + size, whole + *offset, bytes);
					*offset = (uint32_t)size + (uint32_t)step;
					*count += (uint32_t)more;
					memcpy(damaged + sizeof(struct model_header) +
					       (size_t)n * sizeof net, &net, sizeof net);
					seal(damaged, end);
					const bool good = opens(damaged, end);
					if (step == 0 && more == 0)
						assert_true(good);
					if (*offset + *count * record > end || step % 4 != 0)
						assert_false(good);
				}
	guard_alloc(false);
}

/* Any two fields of a record together: what one check lets pass, the other must not lean on. */
static void test_two_fields(void **state)
{
	static const uint32_t values[] = {0, 1, 3, 16, 0x10000, 0xffffffff};
	enum { VALUES = sizeof values / sizeof *values };
	int opened = 0, rounds = 0;
	(void)state;
	guard_alloc(true);
	const struct model_net net = net_at(1); /* few records, every kind of table */
	const struct { size_t at, record, count; } tables[] = {
		{sizeof(struct model_header), sizeof net, 2},
		{net.tensor_offset, sizeof(struct model_tensor), net.tensor_count},
		{net.op_offset, sizeof(struct model_op), net.op_count}};
	for (int t = 0; t < 3; t++)
		for (size_t r = 0; r < tables[t].count; r++)
			for (size_t a = 0; a < tables[t].record; a += 4)
				for (size_t b = a + 4; b < tables[t].record; b += 4)
					for (int v = 0; v < VALUES * VALUES; v++) {
						uint8_t *record = damaged + tables[t].at +
						                  r * tables[t].record;
						memcpy(damaged, whole, size);
						memcpy(record + a, &values[v / VALUES], 4);
						memcpy(record + b, &values[v % VALUES], 4);
						seal(damaged, size);
						rounds++;
						opened += opens(damaged, size);
					}
	guard_alloc(false);
	printf("%d of %d files with two changed fields were taken\n", opened, rounds);
	assert_true(opened > 0);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Up to four fields at once take small numbers or those of other fields: what a fuzzer would
 * find. */
static void test_random_fields(void **state)
{
	const char *given = getenv("UNKNOT_SEED");
	uint32_t seed = given != NULL ? (uint32_t)strtoul(given, NULL, 0) : 20260;
	int ran = 0;
	const size_t first = sizeof(struct model_header) / 4, words = tables_end / 4 - first;
	(void)state;
	printf("seed %u\n", seed);
	for (int round = 0; round < 8000; round++) {
		memcpy(damaged, whole, size);
		for (uint32_t n = next_random(&seed) % 4 + 1; n > 0; n--) {
			uint32_t value = next_random(&seed) % 48;
			size_t to = (first + next_random(&seed) % words) * 4;
			if (next_random(&seed) % 2 == 0)
				memcpy(&value, whole + (first + next_random(&seed) % words) * 4, 4);
			memcpy(damaged + to, &value, 4);
		}
		seal(damaged, size);
		ran += survive(damaged, size);
	}
	printf("%d networks ran after random changes\n", ran);
	assert_true(ran > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_installed),
		cmocka_unit_test(test_not_a_model),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_truncated_and_sealed),
		cmocka_unit_test(test_other_version),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_sealed_bit_flips),
		cmocka_unit_test(test_hostile_fields),
		cmocka_unit_test(test_random_fields),
		cmocka_unit_test(test_weights_binary16_cannot_hold),
		cmocka_unit_test(test_constants_are_finite),
		cmocka_unit_test(test_halves_are_finite),
		cmocka_unit_test(test_net_outlives_file),
		cmocka_unit_test(test_cut_between_open_and_create),
		cmocka_unit_test(test_pipe_is_refused),
		cmocka_unit_test(test_shapes_follow),
		cmocka_unit_test(test_operators_follow_each_other),
		cmocka_unit_test(test_networks_are_sound),
		cmocka_unit_test(test_constants_at_the_end),
		cmocka_unit_test(test_tables_at_the_end),
		cmocka_unit_test(test_two_fields),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
