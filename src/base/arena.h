/* One block of memory handed out from the front, freed whole: what the engine plans at load time so
 * that no frame allocates. Not thread safe. */
#ifndef UNKNOT_BASE_ARENA_H
#define UNKNOT_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

enum { ARENA_ALIGNMENT = 64 }; /* a cache line; the widest vector of any kernel */

struct arena {
	unsigned char *base;
	size_t size, used;
};

/* Zeroed memory. False when the system has none left. */
bool arena_init(struct arena *a, size_t size);
void arena_free(struct arena *a);

/* ARENA_ALIGNMENT-aligned, zeroed; NULL when the arena is full. */
void *arena_take(struct arena *a, size_t size);

/* size rounded up to the alignment: what one arena_take really uses. */
static inline size_t arena_round(size_t size)
{
	return (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
}

#endif
