/* Inside the room only: the tables of the levels and what they share. */
#ifndef UNKNOT_KERNELS_LEVELS_H
#define UNKNOT_KERNELS_LEVELS_H

#include "kernels/kernels.h"

extern const struct kernels kernels_c, kernels_sse2, kernels_avx2, kernels_avx512, kernels_neon;

static inline uint32_t kernel_blocks(uint32_t channels)
{
	return (channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
}

/* A finite number that binary16 has, as binary16. */
uint16_t reference_half(float);

/* Input channels that sparse1x1 adds up at a time, a multiple of 8: equal parts, of which a tile of
 * 64 pixels stays within the first cache (28 kB). */
static inline uint32_t kernel_sparse_part(uint32_t in_channels)
{
	enum { PART_MAX = 112 };
	const uint32_t parts = (in_channels + PART_MAX - 1) / PART_MAX;
	return kernel_blocks((in_channels + parts - 1) / parts) * KERNEL_BLOCK;
}

/* Words that the channels of `count` non-zeros take. */
static inline uint32_t kernel_channel_words(uint32_t count)
{
	return (count + 3) / 4;
}

/* These weights have one order in every table. */
size_t reference_packed_sparse1x1(const float *src, uint32_t in_channels, uint32_t out_channels);
void reference_pack_sparse1x1(union sparse_word *dst, const float *src, uint32_t in_channels,
                              uint32_t out_channels);
size_t reference_packed_depthwise(uint32_t k, uint32_t channels);
void reference_pack_depthwise(float *dst, const float *src, uint32_t k, uint32_t channels);

#endif
