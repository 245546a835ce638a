/* AArch64: 32 registers of four floats, FMA always there. */
#if !defined(__ARM_NEON) || !defined(__aarch64__)
#error "build this file for AArch64"
#endif
#define LEVEL neon
#define LANES 4
#define TILE_PIXELS 6  /* 6 pixels x 16 channels: 24 sums + 4 weights + 1 broadcast */
#define THIN_PIXELS 12 /* 12 x 8: 24 sums + 2 weights + 1 broadcast */
#define TRIO_PIXELS 4  /* 4 x 24: 24 sums + 6 weights + 1 broadcast */
#define ROW_PIXELS 16  /* 16 sums + 5 taps + 1 input */
#define SPARSE_SUMS 24
#include "kernels/simd.h"
