/* Buffers that end hard against an unmapped page on both sides, as far as their size allows: the
 * data touches the guard behind it, or, every other time, the guard before it. */
#ifndef UNKNOT_TESTS_GUARDED_H
#define UNKNOT_TESTS_GUARDED_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

uint32_t random_next(struct random *r);
uint32_t random_below(struct random *r, uint32_t n);

enum values {
	VALUES_UNIFORM, /* -1 to 1 */
	VALUES_CLAMPED, /* quarters from -2 to 2: sums that hit 0 and 6 exactly */
	VALUES_EXTREME, /* zeros of both signs, denormals, tiny and huge numbers among others */
	VALUES_KINDS,
};

float random_value(struct random *r, enum values kind);

/* A tensor or a vector of `blocks` runs of `used` floats at a distance of `stride`. */
struct guarded {
	float *data;
	size_t stride, used, blocks;
	void *map;
	size_t map_size;
};

/* The gaps between the runs hold NaN: a kernel that reads them shows it in its result. */
struct guarded guarded_new(struct random *r, size_t blocks, size_t used, size_t gap);
void guarded_fill(struct guarded *g, struct random *r, enum values kind);
/* Lanes past `channels` in blocks of 8 become zero, as kernels.h promises. */
void guarded_zero_lanes(struct guarded *g, uint32_t channels);
/* Whether nothing was written between the runs. */
int guarded_intact(const struct guarded *g);
void guarded_free(struct guarded *g);

#endif
