/* AVX-512: 32 registers of sixteen floats. */
#if !defined(__AVX512F__) || !defined(__AVX512BW__) || !defined(__AVX512DQ__) || \
	!defined(__AVX512VL__) || !defined(__FMA__) || !defined(__F16C__)
#error "build this file with -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -mf16c"
#endif
#define LEVEL avx512
#define LANES 16
#define TILE_PIXELS 12 /* 12 pixels x 16 channels: 24 sums + 2 weights + 1 broadcast */
#define THIN_PIXELS 16 /* 16 x 8 */
#define TRIO_PIXELS 8  /* 8 x 24: 24 sums + 3 weights + 1 broadcast */
#define ROW_PIXELS 16  /* step 1: 8 sums; step 2: 16 sums */
#define SPARSE_SUMS 24
#include "kernels/simd.h"
