/* AVX2 and FMA: 16 registers of eight floats. */
#if !defined __AVX2__ || !defined __FMA__
#error "build this file with -mavx2 -mfma"
#endif
#define LEVEL avx2
#define LANES 8
#define TILE_VECS 2 /* 6 x 16 channels: 12 accumulators + 2 weights + 1 broadcast */
#define TILE_WIDE 6
#define TILE_THIN 12 /* 12 x 8 channels */
#define ROW_PIXELS 8
#include "kernels/simd.h"
