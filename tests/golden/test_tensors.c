/* test_tensors [LEVEL]: raw outputs of every network at every instruction set (or at one) against
 * an independent double-precision executor (tensors.txt). Prints the largest difference of each. */
#include "cpu/cpu.h"
#include "net/net.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void fill(struct net *net, bool symmetric)
{
	uint32_t side = net_input_side(net), i = 0;
	float *row = net_input(net);
	for (uint32_t y = 0; y < side; y++, row += net_input_stride(net))
		for (uint32_t x = 0; x < side * 3; x++, i++) {
			double u = (double)((i * 2654435761u >> 8) & 0xffff) / 65536;
			row[x] = (float)(symmetric ? 2 * u - 1 : u);
		}
}

static struct net *open_net(const struct model_file *models, const char *name)
{
	for (int id = 0; id < NET_COUNT; id++) {
		if (strcmp(net_name((enum net_id)id), name) != 0)
			continue;
		struct error error;
		struct net *net = net_create(models, (enum net_id)id, &error);
		if (net == NULL)
			fprintf(stderr, "%s\n", error.text);
		return net;
	}
	fprintf(stderr, "tensors.txt: no network %s\n", name);
	return NULL;
}

/* Reads the values of one output and compares; false when the file is not what it should be. */
static bool check_output(FILE *file, struct net *net, const char *name,
                         unsigned index, size_t count, size_t every, double tolerance, bool *good)
{
	size_t got;
	const float *values = net_output(net, index, &got);
	double largest = 0;
	if (got != count) {
		printf("%s output %u: %zu values, expected %zu\n", name, index, got, count);
		return *good = false;
	}
	for (size_t i = 0; i < count; i += every) {
		double expected;
		if (fscanf(file, "%lf", &expected) != 1) {
			printf("tensors.txt ends early\n");
			return *good = false;
		}
		double difference = fabs(expected - (double)values[i]);
		if (!(difference <= largest))
			largest = difference;
	}
	const bool close = largest <= tolerance;
	printf("%-7s %-14s output %u: largest difference %.2e (allowed %.0e)%s\n",
	       cpu_level_name(cpu_level()), name, index, largest, tolerance,
	       close ? "" : " FAILED");
	*good = *good && close;
	return true;
}

static bool check_level(const struct model_file *models)
{
	FILE *file = fopen(UNKNOT_SOURCE_DIR "/tests/golden/tensors.txt", "r");
	char line[256], current[32] = "", name[32];
	struct net *net = NULL;
	bool good = file != NULL;
	bool parsed = good;
	while (parsed && fgets(line, sizeof line, file) != NULL) {
		unsigned index;
		size_t count, every;
		double tolerance;
		if (line[0] == '#' ||
		    sscanf(line, "%31s %u %zu %zu %lf", name, &index, &count,
		           &every, &tolerance) != 5)
			continue;
		if (strcmp(name, current) != 0) {
			net_free(net);
			net = open_net(models, name);
			if (net == NULL) {
				good = false;
				break;
			}
			strcpy(current, name);
			fill(net, strstr(name, "detector") != NULL);
			net_run(net);
			net_run(net); /* a second run finds the memory used:
			               * the answer must not change */
		}
		parsed = check_output(file, net, name, index, count, every, tolerance, &good);
	}
	net_free(net);
	if (file != NULL)
		fclose(file);
	return good;
}

int main(int argc, char **argv)
{
	static const enum cpu_level levels[] = {CPU_C, CPU_SSE2, CPU_AVX2, CPU_AVX512, CPU_NEON};
	struct error error;
	struct model_file *models = model_file_open(NULL, &error);
	bool good = true;
	int tried = 0;
	if (models == NULL) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
		if (argc > 1 && strcmp(argv[1], cpu_level_name(levels[i])) != 0)
			continue;
		if (!cpu_has(levels[i])) {
			printf("%-7s skipped: not on this CPU\n", cpu_level_name(levels[i]));
			continue;
		}
		cpu_cap(cpu_level_name(levels[i]));
		tried++;
		good = check_level(models) && good;
	}
	model_file_close(models);
	if (tried == 0)
		fprintf(stderr, "%s: no such instruction set here\n", argv[1]);
	return good && tried > 0 ? 0 : 1;
}
