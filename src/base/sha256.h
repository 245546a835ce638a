/* SHA-256 (FIPS 180-4). */
#ifndef UNKNOT_BASE_SHA256_H
#define UNKNOT_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_HEX_SIZE = 65 };

void sha256(const void *data, size_t size, uint8_t digest[SHA256_SIZE]);

/* Lower-case hex with a terminating zero. */
void sha256_hex(const uint8_t digest[SHA256_SIZE], char hex[SHA256_HEX_SIZE]);

#endif
