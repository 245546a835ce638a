/* The model file's checksum: finds damage, not malice. Four lanes of multiply-and-xor read 16 MB in
 * some 4 ms, where SHA-256 in plain C takes 160 ms of a daemon's start. Every step is a bijection of
 * the lane, so a change within one 8-byte word is always found; others are missed once in 2^64. */
#ifndef UNKNOT_NET_CHECKSUM_H
#define UNKNOT_NET_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t model_checksum(const uint8_t *data, size_t size)
{
	/* Odd, with bits all over: the fractional part of the golden ratio. */
	const uint64_t factor = 0x9e3779b97f4a7c15;
	uint64_t lane[4] = {1, 2, 3, 4}, word;
	size_t i = 0;
	for (; i + 32 <= size; i += 32)
		for (int k = 0; k < 4; k++) {
			memcpy(&word, data + i + 8 * k, 8);
			lane[k] = (lane[k] ^ word) * factor;
			lane[k] ^= lane[k] >> 32;
		}
	for (; i < size; i += 8) {
		word = 0;
		memcpy(&word, data + i, size - i < 8 ? size - i : 8);
		lane[0] = (lane[0] ^ word) * factor;
		lane[0] ^= lane[0] >> 32;
	}
	uint64_t sum = size;
	for (int k = 0; k < 4; k++)
		sum = (sum ^ lane[k]) * factor;
	return sum ^ sum >> 32;
}

#endif
