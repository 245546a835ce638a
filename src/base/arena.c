#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool arena_init(struct arena *a, size_t size)
{
	*a = (struct arena){.size = arena_round(size)};
	if (a->size == 0)
		a->size = ARENA_ALIGNMENT;
	a->base = aligned_alloc(ARENA_ALIGNMENT, a->size);
	if (a->base == NULL)
		return false;
	memset(a->base, 0, a->size);
	return true;
}

void arena_free(struct arena *a)
{
	free(a->base);
	*a = (struct arena){0};
}

void *arena_take(struct arena *a, size_t size)
{
	if (size > SIZE_MAX - ARENA_ALIGNMENT)
		return NULL;
	size = arena_round(size);
	if (size > a->size - a->used)
		return NULL;
	void *p = a->base + a->used;
	a->used += size;
	return p;
}
