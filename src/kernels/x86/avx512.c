/* AVX-512: 32 registers of sixteen floats. */
#if !defined __AVX512F__ || !defined __AVX512VL__
#error "build this file with -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma"
#endif
#define LEVEL avx512
#define LANES 16
#define TILE_VECS 2 /* 12 x 32 channels: 24 accumulators + 2 weights + 1 broadcast */
#define TILE_WIDE 12
#define TILE_THIN 16 /* 16 x 16 channels */
#define ROW_PIXELS 8
#include "kernels/simd.h"
