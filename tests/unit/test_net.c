/* What every network promises besides its numbers (tests/golden has those): shapes, no memory taken
 * while running, the same answer every time, the work that is reported. */
#include "base/paths.h"
#include "cpu/cpu.h"
#include "net/checksum.h"
#include "net/format.h"
#include "net/net.h"
#include "net/steps.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- every way to take memory, counted (the linker's --wrap sends the engine's calls here)
 * ---- */

static int allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__real_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);

void *__wrap_malloc(size_t size)
{
	allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	allocations++;
	return __real_realloc(p, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	allocations++;
	return __real_aligned_alloc(alignment, size);
}

void *__wrap_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	allocations++;
	return __real_mmap(address, length, protection, flags, fd, offset);
}

/* ---- what each network is ---- */

static const struct promise {
	enum net_id id;
	const char *name;
	double mmac; /* of the .tflite's graph without the outputs nobody reads, resizes moved, and
	              * less the zeros that are skipped: models/README.md has the same figures */
} promises[] = {
	{NET_POSE_DETECTOR, "pose_detector", 140.7}, {NET_POSE_LITE, "pose_lite", 166.4},
	{NET_POSE_FULL, "pose_full", 351.3},         {NET_FACE_DETECTOR, "face_detector", 30.8},
	{NET_FACE_MESH, "face_mesh", 35.0},
};

enum { PROMISES = sizeof promises / sizeof *promises };

static struct model_file *models;

static int open_models(void **state)
{
	struct error error;
	(void)state;
	models = model_file_open(NULL, &error);
	if (models == NULL)
		fprintf(stderr, "%s\n", error.text);
	return models == NULL;
}

static int close_models(void **state)
{
	(void)state;
	model_file_close(models);
	return 0;
}

static struct net *create(enum net_id id)
{
	struct error error;
	struct net *net = net_create(models, id, &error);
	if (net == NULL)
		fail_msg("%s", error.text);
	return net;
}

static void fill(struct net *net, uint32_t seed)
{
	const uint32_t side = net_input_side(net);
	for (uint32_t y = 0; y < side; y++)
		for (uint32_t x = 0; x < 3 * side; x++) {
			seed = seed * 1664525 + 1013904223;
			net_input(net)[y * net_input_stride(net) + x] =
				(float)(seed >> 8) / (1 << 24);
		}
}

static void test_shapes(void **state)
{
	(void)state;
	for (int i = 0; i < PROMISES; i++) {
		const struct promise *p = &promises[i];
		const struct net_contract *c = net_contract(p->id);
		struct net *net = create(p->id);
		assert_string_equal(net_name(p->id), p->name);
		assert_int_equal(net_input_side(net), c->side);
		assert_true(net_input_stride(net) >= c->side * 3);
		for (unsigned o = 0; o < c->output_count; o++) {
			size_t count;
			assert_non_null(net_output(net, o, &count));
			assert_int_equal(count, c->outputs[o].rows * c->outputs[o].columns *
			                                c->outputs[o].channels);
		}
		net_free(net);
	}
	net_free(NULL);
}

/* ---- the installed file with another network under a known name ---- */

static uint8_t *file;
static size_t file_size;

static struct model_net *record_of(const char *name)
{
	struct model_net *nets = (struct model_net *)(void *)(file + sizeof(struct model_header));
	for (int i = 0; i < NET_COUNT; i++)
		if (strcmp(nets[i].name, name) == 0)
			return &nets[i];
	fail_msg("%s has no record", name);
	return NULL;
}

static void assert_other(enum net_id id, const char *words)
{
	struct error error;
	char path[64];
	struct model_header header;
	memcpy(&header, file, sizeof header);
	header.checksum = model_checksum(file + sizeof header, file_size - sizeof header);
	memcpy(file, &header, sizeof header);
	const int fd = memfd_create("model", MFD_CLOEXEC);
	assert_int_equal(write(fd, file, file_size), file_size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct model_file *other = model_file_open(path, &error);
	close(fd);
	if (other == NULL)
		fail_msg("%s", error.text);
	if (net_create(other, id, &error) != NULL)
		fail_msg("taken; expected: %s", words);
	if (strstr(error.text, net_name(id)) == NULL || strstr(error.text, words) == NULL)
		fail_msg("message \"%s\" does not say \"%s\"", error.text, words);
	model_file_close(other);
}

static void test_other_networks_are_refused(void **state)
{
	struct error error;
	(void)state;
	file = (uint8_t *)path_read_file(getenv("UNKNOT_MODEL"), 64 << 20, &file_size, &error);
	assert_non_null(file);
	struct model_net *net = record_of("pose_lite");
	const struct model_net whole = *net;
	net->output_count = 2;
	assert_other(NET_POSE_LITE, "has 2 outputs, not 4");
	net->output_count = 3;
	assert_other(NET_POSE_LITE, "has 3 outputs, not 4");
	*net = whole;
	net->outputs[POSE_WORLD] = net->outputs[POSE_PRESENCE];
	assert_other(NET_POSE_LITE, "output 3 is 1x1x1, but world landmarks are 1x1x117");
	*net = whole;
	net->outputs[POSE_LANDMARKS] = whole.outputs[POSE_PRESENCE];
	net->outputs[POSE_PRESENCE] = whole.outputs[POSE_LANDMARKS];
	assert_other(NET_POSE_LITE, "output 0 is 1x1x1, but landmarks are 1x1x195");
	*net = whole;
	net->outputs[POSE_PRESENCE] = whole.outputs[POSE_LANDMARKS];
	assert_other(NET_POSE_LITE, "output 1 is 1x1x195, but presence are 1x1x1");
	*net = whole;
	struct model_net *mesh = record_of("face_mesh");
	mesh->outputs[mesh->output_count++] = mesh->outputs[0];
	assert_other(NET_FACE_MESH, "has 3 outputs, not 2");
	strcpy(record_of("face_mesh")->name, "other");
	strcpy(net->name, "face_mesh");
	assert_other(NET_FACE_MESH, "reads 256x256x3, not 192x192x3");
	free(file);
}

/* What two outputs swapped cannot do unseen: no two of a network have one shape. */
static void test_contract_tells_outputs_apart(void **state)
{
	(void)state;
	for (int id = 0; id < NET_COUNT; id++) {
		const struct net_contract *c = net_contract((enum net_id)id);
		for (unsigned a = 0; a < c->output_count; a++)
			for (unsigned b = 0; b < a; b++)
				assert_true(c->outputs[a].rows != c->outputs[b].rows ||
				            c->outputs[a].columns != c->outputs[b].columns ||
				            c->outputs[a].channels != c->outputs[b].channels);
	}
}

static void test_nothing_allocated(void **state)
{
	(void)state;
	for (int i = 0; i < PROMISES; i++) {
		struct net *net = create(promises[i].id);
		const struct net_layer *layers;
		double *seconds = calloc(net_layers(net, &layers), sizeof *seconds);
		assert_true(allocations > 0); /* the counter works */
		fill(net, 1);
		allocations = 0;
		net_run(net);
		net_run_timed(net, seconds);
		const int taken = allocations;
		free(seconds);
		net_free(net);
		if (taken != 0)
			fail_msg("%s took memory %d times while running", promises[i].name, taken);
	}
}

/* Neither the pictures before nor the way of running may show in the answer. */
static void test_runs_are_independent(void **state)
{
	(void)state;
	for (int i = 0; i < PROMISES; i++) {
		const struct promise *p = &promises[i];
		struct net *fresh = create(p->id), *used = create(p->id);
		const struct net_layer *layers;
		double *seconds = calloc(net_layers(used, &layers), sizeof *seconds);
		for (uint32_t seed = 10; seed < 13; seed++) {
			fill(used, seed);
			net_run(used);
		}
		fill(fresh, 7);
		fill(used, 7);
		net_run(fresh);
		net_run_timed(used, seconds);
		for (unsigned o = 0; o < net_contract(p->id)->output_count; o++) {
			size_t count;
			const float *a = net_output(fresh, o, &count),
			            *b = net_output(used, o, &count);
			assert_memory_equal(a, b, count * sizeof *a);
			for (size_t k = 0; k < count; k++)
				if (!isfinite(a[k]))
					fail_msg("%s output %u: %g at %zu",
					         p->name, o, (double)a[k], k);
		}
		free(seconds);
		net_free(fresh);
		net_free(used);
	}
}

/* Windows of up to 8 x 8 cells at every edge, at odd and even places, of the whole output and of
 * one that was left out. */
static void compare_windows(struct net *whole, struct net *deferred, const struct net_contract *c,
                            unsigned output)
{
	const uint32_t rows = c->outputs[output].rows, columns = c->outputs[output].columns;
	const uint32_t channels = c->outputs[output].channels;
	const float *all = net_output(whole, output, NULL);
	uint32_t channel = 0;
	for (uint32_t row = 0; row < rows; row += row < 8 || row + 12 > rows ? 1 : 11)
		for (uint32_t column = 0; column < columns;
		     column += column < 8 || column + 12 > columns ? 1 : 7) {
			const struct net_window w = {
				.row = row, .rows = 1 + (row + column) % NET_WINDOW,
				.column = column, .columns = 1 + (3 * row + column) % NET_WINDOW,
				.channel = channel++ % channels};
			float a[NET_WINDOW * NET_WINDOW], b[NET_WINDOW * NET_WINDOW];
			if (w.row + w.rows > rows || w.column + w.columns > columns)
				continue;
			net_read_window(whole, output, &w, a);
			net_read_window(deferred, output, &w, b);
			for (uint32_t i = 0; i < w.rows * w.columns; i++) {
				const uint32_t y = w.row + i / w.columns;
				const uint32_t x = w.column + i % w.columns;
				const float *cell = all + ((size_t)y * columns + x) * channels;
				assert_memory_equal(&a[i], &cell[w.channel], sizeof *a);
				if (memcmp(&a[i], &b[i], sizeof *a) != 0)
					fail_msg("channel %u of cell %u, %u: %g, not %g",
					         w.channel, y, x, (double)b[i], (double)a[i]);
			}
		}
}

static void test_windows_are_the_whole(void **state)
{
	static const char *const levels[] = {"neon", "c", "sse2", "avx2", "avx512"};
	(void)state;
	for (size_t level = 0; level < sizeof levels / sizeof *levels; level++)
		for (enum net_id id = NET_POSE_LITE; id <= NET_POSE_FULL; id++) {
			size_t count, made = 0;
			cpu_cap(levels[level]); /* or what the processor has below it */
			struct net *whole = create(id), *deferred = create(id);
			net_defer(deferred, POSE_HEATMAP);
			for (uint32_t seed = 20; seed < 22; seed++) {
				fill(whole, seed);
				fill(deferred, seed);
				net_run(whole);
				net_run(deferred);
				compare_windows(whole, deferred, net_contract(id), POSE_HEATMAP);
			}
			const float *heat = net_output(deferred, POSE_HEATMAP, &count);
			for (size_t i = 0; i < count; i++)
				made += heat[i] != 0;
			assert_int_equal(made, 0); /* the work was not done */
			const float *a = net_output(whole, POSE_LANDMARKS, &count);
			assert_memory_equal(a, net_output(deferred, POSE_LANDMARKS, NULL),
			                    count * sizeof *a);
			net_free(whole);
			net_free(deferred);
		}
}

/* In these networks nothing happens to be put there before the end, so no number would tell. */
static void test_what_windows_are_made_of_stays(void **state)
{
	(void)state;
	for (enum net_id id = NET_POSE_LITE; id <= NET_POSE_FULL; id++) {
		struct net *net = create(id);
		int heads = 0;
		for (int i = 0; i < net->step_count; i++) {
			const struct step *s = &net->steps[i];
			if (!s->main.by_block)
				continue;
			heads++;
			assert_int_equal(net->tensors[s->in].last, net->step_count);
			assert_int_equal(net->tensors[s->other].last, net->step_count);
		}
		assert_int_equal(heads, 1);
		net_free(net);
	}
}

/* What cannot be left out is there all the same. */
static void test_other_outputs_are_not_deferred(void **state)
{
	(void)state;
	struct net *plain = create(NET_FACE_DETECTOR), *net = create(NET_FACE_DETECTOR);
	const struct net_contract *c = net_contract(NET_FACE_DETECTOR);
	for (unsigned o = 0; o < c->output_count; o++)
		net_defer(net, o);
	fill(plain, 5);
	fill(net, 5);
	net_run(plain);
	net_run(net);
	for (unsigned o = 0; o < c->output_count; o++) {
		const struct net_window w = {.column = c->outputs[o].columns - 4, .rows = 1,
		                             .columns = 4, .channel = c->outputs[o].channels - 1};
		float cells[4];
		size_t count;
		const float *all = net_output(plain, o, &count);
		net_read_window(net, o, &w, cells);
		assert_memory_equal(all, net_output(net, o, NULL), count * sizeof *all);
		for (size_t i = 0; i < 4; i++)
			assert_memory_equal(&cells[i],
			                    &all[count - 1 - (3 - i) * c->outputs[o].channels],
			                    sizeof *cells);
	}
	net_free(plain);
	net_free(net);
}

/* A not-a-number in one picture must be gone with the next: nothing is carried over. */
static void test_recovers_from_nan(void **state)
{
	(void)state;
	for (int i = 0; i < PROMISES; i++) {
		struct net *net = create(promises[i].id);
		size_t count;
		fill(net, 3);
		net_input(net)[0] = NAN;
		net_run(net);
		fill(net, 3);
		net_run(net);
		const float *values = net_output(net, 0, &count);
		for (size_t k = 0; k < count; k++)
			assert_true(isfinite(values[k]));
		net_free(net);
	}
}

static void test_layers_add_up(void **state)
{
	(void)state;
	for (int i = 0; i < PROMISES; i++) {
		const struct promise *p = &promises[i];
		struct net *net = create(p->id);
		const struct net_layer *layers;
		const size_t count = net_layers(net, &layers);
		double *seconds = calloc(count, sizeof *seconds), total = 0;
		fill(net, 2);
		net_run_timed(net, seconds);
		for (size_t k = 0; k < count; k++) {
			assert_true(layers[k].kind != NULL && layers[k].kind[0] != '\0');
			assert_true(layers[k].shape[0] != '\0');
			assert_true(layers[k].mmac >= 0);
			assert_true(seconds[k] >= 0);
			total += layers[k].mmac;
		}
		assert_true(fabs(total - net_mmac(net)) < 1e-6);
		if (fabs(total - p->mmac) > 0.06)
			fail_msg("%s does %.2f MMAC, %.1f are needed", p->name, total, p->mmac);
		free(seconds);
		net_free(net);
	}
}

/* The engine of a daemon that watches: pose lite and face mesh. */
static void test_memory(void **state)
{
	(void)state;
	size_t total = 0;
	static const enum net_id ids[] = {NET_POSE_LITE, NET_FACE_MESH};
	for (int i = 0; i < 2; i++) {
		size_t weights, activations;
		struct net *net = create(ids[i]);
		net_memory(net, &weights, &activations);
		assert_true(weights > 0 && activations > 0);
		total += weights + activations;
		net_free(net);
	}
	printf("pose_lite and face_mesh hold %.2f MB\n", (double)total / 1e6);
	assert_true(total < 16000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_other_networks_are_refused),
		cmocka_unit_test(test_contract_tells_outputs_apart),
		cmocka_unit_test(test_nothing_allocated),
		cmocka_unit_test(test_runs_are_independent),
		cmocka_unit_test(test_recovers_from_nan),
		cmocka_unit_test(test_windows_are_the_whole),
		cmocka_unit_test(test_what_windows_are_made_of_stays),
		cmocka_unit_test(test_other_outputs_are_not_deferred),
		cmocka_unit_test(test_layers_add_up),
		cmocka_unit_test(test_memory),
	};
	return cmocka_run_group_tests(tests, open_models, close_models);
}
