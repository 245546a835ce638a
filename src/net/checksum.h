/* The model file's checksum: finds damage, not malice. Four lanes of multiply-and-xor read 16 MB in
 * some 4 ms, where SHA-256 in plain C takes 160 ms of a daemon's start. Every step is a bijection
 * of the lane, so a change within one 8-byte word is always found; others are missed once in
 * 2^64. */
#ifndef UNKNOT_NET_CHECKSUM_H
#define UNKNOT_NET_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct model_sum {
	uint64_t lane[4];
};

/* Odd, with bits all over: the fractional part of the golden ratio. */
static const uint64_t MODEL_SUM_FACTOR = 0x9e3779b97f4a7c15;

static inline struct model_sum model_sum_begin(void)
{
	return (struct model_sum){{1, 2, 3, 4}};
}

/* The next bytes; a multiple of 32 of them, except for the last time. */
static inline void model_sum_add(struct model_sum *s, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i += 32)
		for (size_t k = 0; k < 4; k++) {
			const size_t at = i + 8 * k, left = at < size ? size - at : 0;
			uint64_t word = 0;
			if (left >= 8)
				memcpy(&word, data + at, 8);
			else
				memcpy(&word, data + size - left, left);
			word = (s->lane[k] ^ word) * MODEL_SUM_FACTOR;
			s->lane[k] = word ^ word >> 32;
		}
}

static inline uint64_t model_sum_end(const struct model_sum *s, size_t total)
{
	uint64_t sum = total;
	for (int k = 0; k < 4; k++)
		sum = (sum ^ s->lane[k]) * MODEL_SUM_FACTOR;
	return sum ^ sum >> 32;
}

static inline uint64_t model_checksum(const uint8_t *data, size_t size)
{
	struct model_sum s = model_sum_begin();
	model_sum_add(&s, data, size);
	return model_sum_end(&s, size);
}

#endif
