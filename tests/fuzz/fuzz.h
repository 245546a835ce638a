/* A fuzz target is one function over bytes from outside. With clang's libFuzzer it is called by
 * that, else by driver.c. It must neither crash nor hang nor leak, whatever the bytes are. */
#ifndef UNKNOT_TESTS_FUZZ_H
#define UNKNOT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as a file that can be opened by its path, until the next call; NULL when there is no
 * memory. */
const char *fuzz_file(const uint8_t *data, size_t size);

#endif
