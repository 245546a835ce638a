/* AVX2 and FMA: 16 registers of eight floats. */
#if !defined(__AVX2__) || !defined(__FMA__) || !defined(__F16C__)
#error "build this file with -mavx2 -mfma -mf16c"
#endif
#define LEVEL avx2
#define LANES 8
#define TILE_PIXELS 6  /* 6 pixels x 16 channels: 12 sums + 2 weights + 1 broadcast */
#define THIN_PIXELS 12 /* 12 x 8: 12 sums + 1 weight + 1 broadcast */
#define TRIO_PIXELS 4  /* 4 x 24: 12 sums + 3 weights + 1 broadcast */
#define ROW_PIXELS 8   /* 8 sums + 5 taps + 1 input */
#define SPARSE_SUMS 14   /* + 2 weights */
#include "kernels/simd.h"
