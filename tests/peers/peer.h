/* What the peers written in C share: files of floats, and the protocol of compare.py. A peer writes
 * its outputs, says "ready WHO", then runs as often as each line of standard input says and answers
 * with the milliseconds of each run. */
#ifndef UNKNOT_PEERS_PEER_H
#define UNKNOT_PEERS_PEER_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PEER_OUTPUTS = 4 };

/* Exactly `count` floats of a file; ends the program when they are not there. */
static inline float *peer_read(const char *path, size_t count)
{
	float *values = malloc(count * sizeof *values);
	FILE *file = fopen(path, "rb");
	if (values == NULL || file == NULL || fread(values, sizeof *values, count, file) != count) {
		fprintf(stderr, "%s: cannot read %zu numbers\n", path, count);
		exit(1);
	}
	fclose(file);
	return values;
}

static inline void peer_write(const char *prefix, unsigned index, const float *values, size_t count)
{
	char path[4096];
	snprintf(path, sizeof path, "%s.%u.f32", prefix, index);
	FILE *file = fopen(path, "wb");
	if (file == NULL || fwrite(values, sizeof *values, count, file) != count ||
	    fclose(file) != 0) {
		fprintf(stderr, "%s: cannot write\n", path);
		exit(1);
	}
}

static inline double peer_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static inline void peer_serve(const char *who, void (*run)(void *), void *user)
{
	char line[32];
	printf("ready %s\n", who);
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) != NULL) {
		for (int left = atoi(line); left > 0; left--) {
			const double start = peer_now_ms();
			run(user);
			printf("%.4f ", peer_now_ms() - start);
		}
		printf("\n");
		fflush(stdout);
	}
}

#endif
