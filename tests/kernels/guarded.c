#include "guarded.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* xorshift64*, Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016) */
uint32_t random_next(struct random *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * 0x2545f4914f6cdd1dull >> 32;
}

uint32_t random_below(struct random *r, uint32_t n)
{
	return (uint64_t)random_next(r) * n >> 32;
}

float random_value(struct random *r, enum values kind)
{
	/* Products of two of the largest, added a thousand times, stay below FLT_MAX. */
	static const float extremes[] = {
		0.0f, -0.0f, FLT_TRUE_MIN, -FLT_TRUE_MIN, FLT_MIN, -1e-40f, 1e-20f, -1e-20f,
		1e16f, -1e16f, 6.0f, 5.9999995f, 6.0000005f, 1.0f, -1.0f, 1e-7f,
	};
	uint32_t bits = random_next(r);
	if (kind == VALUES_CLAMPED)
		return (float)(int)(bits % 17) / 4 - 2;
	if (kind == VALUES_EXTREME && bits % 4 == 0)
		return extremes[bits >> 8 & 15];
	return (float)(int32_t)bits / 2147483648.0f;
}

static const uint32_t canary = 0x7fc0dead; /* a quiet NaN that no arithmetic makes */

struct guarded guarded_new(struct random *r, size_t blocks, size_t used, size_t gap)
{
	struct guarded g = {.stride = used + gap, .used = used, .blocks = blocks};
	size_t floats = (blocks - 1) * g.stride + used;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t inner = (floats * sizeof(float) / page + 1) * page; /* a page even for nothing */
	g.map_size = inner + 2 * page;
	g.map = mmap(NULL, g.map_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *start = (char *)g.map + page;
	if (g.map == MAP_FAILED || mprotect(start, inner, PROT_READ | PROT_WRITE) != 0) {
		perror("guarded_new");
		exit(1);
	}
	size_t slack = inner - floats * sizeof(float);
	g.data = (float *)(void *)(start + (random_below(r, 2) ? slack : 0));
	for (size_t i = 0; i < floats; i++)
		memcpy(g.data + i, &canary, sizeof canary);
	return g;
}

void guarded_fill(struct guarded *g, struct random *r, enum values kind)
{
	for (size_t b = 0; b < g->blocks; b++)
		for (size_t i = 0; i < g->used; i++)
			g->data[b * g->stride + i] = random_value(r, kind);
}

void guarded_zero_lanes(struct guarded *g, uint32_t channels)
{
	for (size_t b = 0; b < g->blocks; b++)
		for (size_t i = 0; i < g->used; i++)
			if (b * 8 + i % 8 >= channels)
				g->data[b * g->stride + i] = 0;
}

int guarded_intact(const struct guarded *g)
{
	for (size_t b = 0; b + 1 < g->blocks; b++)
		for (size_t i = g->used; i < g->stride; i++)
			if (memcmp(g->data + b * g->stride + i, &canary, sizeof canary) != 0)
				return 0;
	return 1;
}

void guarded_free(struct guarded *g)
{
	munmap(g->map, g->map_size);
	*g = (struct guarded){0};
}
