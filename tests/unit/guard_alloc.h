/* malloc and calloc of the code under test, each block against an unmapped page: who reads beyond a
 * table dies at once, without a sanitizer. Needs the linker's --wrap of malloc, calloc and free. */
#ifndef UNKNOT_TESTS_GUARD_ALLOC_H
#define UNKNOT_TESTS_GUARD_ALLOC_H

#include <stdbool.h>

void guard_alloc(bool guard);

#endif
