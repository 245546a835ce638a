/* The few words that the compiler's vector types lack, for the set named by LANES: registers of 4,
 * 8 or 16 floats. Arithmetic is written with the ordinary operators; a * b + c becomes FMA where
 * the set has it (the ISA files are built with -ffp-contract=fast).
 *
 * A block of 8 channels takes PARTS registers of 4 lanes; a register of 16 lanes takes PIXELS = 2
 * neighbouring pixels of a block. Constants per channel are repeated for each pixel. */
#ifndef UNKNOT_KERNELS_VECTOR_H
#define UNKNOT_KERNELS_VECTOR_H

#include "kernels/kernels.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))
#if defined(__SANITIZE_ADDRESS__)
#define UNROLL /* minutes of compilation otherwise; the addresses are the same */
#elif defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 64")
#endif

enum {
	B = KERNEL_BLOCK,
	PARTS = LANES < B ? B / LANES : 1,
	PIXELS = LANES > B ? LANES / B : 1,
};

/* Values have the alignment of their registers; only what load and store see in memory has that of
 * a float. (GCC 14 to 16 for AArch64 fail internally where an under-aligned vector is an
 * argument.) */
typedef float vec __attribute__((vector_size(LANES * 4)));
typedef vec vec_in_memory __attribute__((aligned(4), may_alias));

/* An address that the compiler may not take apart: without this GCC folds a tile's base into one
 * index per element, runs out of registers and spills the indices. */
INLINE const float *opaque(const float *p)
{
	__asm__("" : "+r"(p));
	return p;
}

INLINE vec load(const float *p)
{
	return *(const vec_in_memory *)p;
}

/* A value that the compiler may not read from memory again at each use: where it does, the loads of
 * a tile take longer than its arithmetic. SSE2's multiplication overwrites an operand, so that a
 * copy would take the load's place there; other sets multiply only what is in registers. */
INLINE vec held(vec v)
{
#if LANES == 16
	__asm__("" : "+v"(v));
#elif LANES == 8
	__asm__("" : "+x"(v));
#endif
	return v;
}

INLINE vec splat(float x)
{
	return x - (vec){0};
}

INLINE void store(float *p, vec v)
{
	*(vec_in_memory *)p = v;
}

/* LANES finite binary16 numbers. */
INLINE vec load_half(const uint16_t *p)
{
#if LANES == 16
	return (vec)_mm512_cvtph_ps(_mm256_loadu_si256((const void *)p));
#elif LANES == 8
	return (vec)_mm256_cvtph_ps(_mm_loadu_si128((const void *)p));
#elif defined(__x86_64__)
	/* Exponent and mantissa moved to their places are the number times 2^-112, subnormals
	 * too. */
	const __m128i zero = _mm_setzero_si128();
	const __m128i bits = _mm_unpacklo_epi16(_mm_loadl_epi64((const void *)p), zero);
	const __m128i sign = _mm_slli_epi32(_mm_srli_epi32(bits, 15), 31);
	const __m128i size = _mm_slli_epi32(_mm_and_si128(bits, _mm_set1_epi32(0x7fff)), 13);
	const __m128 scaled = _mm_mul_ps(_mm_castsi128_ps(size), _mm_set1_ps(0x1p112f));
	return (vec)_mm_or_ps(scaled, _mm_castsi128_ps(sign));
#else
	return (vec)vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
#endif
}

#if LANES == 16

INLINE vec larger(vec a, vec b)
{
	return (vec)_mm512_max_ps((__m512)a, (__m512)b);
}

INLINE vec smaller(vec a, vec b)
{
	return (vec)_mm512_min_ps((__m512)a, (__m512)b);
}

/* The first `pixels` of the register's two; the other reads as zero and is not touched. */
INLINE vec load_pixels(const float *p, uint32_t pixels)
{
	return pixels == 2 ? load(p) : (vec)_mm512_maskz_loadu_ps(0xff, p);
}

INLINE void store_pixels(float *p, vec v, uint32_t pixels)
{
	if (pixels == 2)
		store(p, v);
	else
		_mm512_mask_storeu_ps(p, 0xff, (__m512)v);
}

/* One of the register's two pixels. */
INLINE void store_one(float *p, vec v, uint32_t which)
{
	_mm256_storeu_ps(p, which == 0 ? _mm512_castps512_ps256((__m512)v)
	                               : _mm512_extractf32x8_ps((__m512)v, 1));
}

INLINE vec channels(const float *p)
{
	return (vec)_mm512_broadcast_f32x8(_mm256_loadu_ps(p));
}

INLINE vec evens(vec a, vec b)
{
	return (vec)_mm512_shuffle_f32x4((__m512)a, (__m512)b, 0x44);
}

INLINE vec odds(vec a, vec b)
{
	return (vec)_mm512_shuffle_f32x4((__m512)a, (__m512)b, 0xee);
}

INLINE vec between(vec a, vec b)
{
	return (vec)_mm512_shuffle_f32x4((__m512)a, (__m512)b, 0x4e);
}

INLINE vec spread(const float *p)
{
	double two;
	memcpy(&two, p, sizeof two);
	return (vec)_mm512_set1_pd(two);
}

INLINE vec spread_one(const float *p)
{
	return (vec)_mm512_maskz_broadcastss_ps(0x5555, _mm_load_ss(p));
}

/* Two blocks of one pixel, 16 channels; store_one takes them apart. */
INLINE vec load_two(const float *low, const float *high)
{
	return (vec)_mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps(low)),
	                               _mm256_loadu_ps(high), 1);
}

INLINE vec settle(vec a, vec b)
{
	const __m512i first =
		_mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
	const __m512i second = _mm512_or_si512(first, _mm512_set1_epi32(1));
	return (vec)_mm512_permutex2var_ps((__m512)a, first, (__m512)b) +
	       (vec)_mm512_permutex2var_ps((__m512)a, second, (__m512)b);
}

#elif LANES == 8

INLINE vec larger(vec a, vec b)
{
	return (vec)_mm256_max_ps((__m256)a, (__m256)b);
}

INLINE vec smaller(vec a, vec b)
{
	return (vec)_mm256_min_ps((__m256)a, (__m256)b);
}

#elif defined(__x86_64__)

INLINE vec larger(vec a, vec b)
{
	return (vec)_mm_max_ps((__m128)a, (__m128)b);
}

INLINE vec smaller(vec a, vec b)
{
	return (vec)_mm_min_ps((__m128)a, (__m128)b);
}

#else

INLINE vec larger(vec a, vec b)
{
	return (vec)vmaxq_f32((float32x4_t)a, (float32x4_t)b);
}

INLINE vec smaller(vec a, vec b)
{
	return (vec)vminq_f32((float32x4_t)a, (float32x4_t)b);
}

#endif

#if LANES != 16

INLINE vec load_pixels(const float *p, uint32_t pixels)
{
	(void)pixels;
	return load(p);
}

INLINE void store_pixels(float *p, vec v, uint32_t pixels)
{
	(void)pixels;
	store(p, v);
}

INLINE void store_one(float *p, vec v, uint32_t which)
{
	(void)which;
	store(p, v);
}

/* Eight constants per channel as this register's lanes see them; p points at its first channel. */
INLINE vec channels(const float *p)
{
	return load(p);
}

/* a and b hold 2 * PIXELS neighbouring pixels: those with even numbers, those with odd ones. */
INLINE vec evens(vec a, vec b)
{
	(void)b;
	return a;
}

INLINE vec odds(vec a, vec b)
{
	(void)a;
	return b;
}

/* The pixels between those of a and b: the last of a and the first of b. Loading them would cross a
 * cache line each time. */
INLINE vec between(vec a, vec b)
{
	(void)a;
	return b;
}

/* Matrix products. A register holds LANES sums: those of LANES output channels or, with 16 lanes,
 * of 8 output channels in two halves, even and odd inputs: lanes 2o and 2o + 1. That way one
 * register is one block wide in every set, and a pair of inputs is still a plain broadcast from
 * memory. */

/* PIXELS inputs from p on, repeated over the register. */
INLINE vec spread(const float *p)
{
	return splat(*p);
}

/* The last input of an odd number of them. */
INLINE vec spread_one(const float *p)
{
	return spread(p);
}

/* The sums of one pixel (with 16 lanes of two neighbours, a and b) in the order of the tensor. */
INLINE vec settle(vec a, vec b)
{
	(void)b;
	return a;
}

#endif

#endif
