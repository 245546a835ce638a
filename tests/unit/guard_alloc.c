#include "guard_alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *p);

/* What malloc promises, and less than any record of the file: one read too far still hits the
 * page. */
enum { PAGE = 4096, ALIGNMENT = 16, BLOCKS = 256 };

static struct block {
	void *data, *map;
	size_t size;
} blocks[BLOCKS];

static bool on;

void guard_alloc(bool guard)
{
	on = guard;
}

static void *guarded(size_t size)
{
	const size_t room = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	const size_t inner = (room + PAGE - 1) / PAGE * PAGE + PAGE;
	for (int i = 0; i < BLOCKS; i++) {
		struct block *b = &blocks[i];
		if (b->map != NULL)
			continue;
		char *map = mmap(NULL, inner, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		                 -1, 0);
		if (map == MAP_FAILED || mprotect(map + inner - PAGE, PAGE, PROT_NONE) != 0)
			abort();
		*b = (struct block){map + inner - PAGE - room, map, inner};
		return b->data;
	}
	abort(); /* a leak, or a test that needs more */
}

void *__wrap_malloc(size_t size)
{
	return on ? guarded(size) : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	if (!on)
		return __real_calloc(count, size);
	return size != 0 && count > SIZE_MAX / 2 / size ? NULL : guarded(count * size);
}

void __wrap_free(void *p)
{
	for (int i = 0; p != NULL && i < BLOCKS; i++)
		if (blocks[i].data == p) {
			munmap(blocks[i].map, blocks[i].size);
			blocks[i] = (struct block){0};
			return;
		}
	__real_free(p);
}
