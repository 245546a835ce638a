/* AArch64: 32 registers of four floats, FMA always there. */
#if !defined __ARM_NEON
#error "build this file for AArch64"
#endif
#define LEVEL neon
#define LANES 4
#define TILE_VECS 4 /* 6 x 16 channels: 24 accumulators + 4 weights + 1 broadcast */
#define TILE_WIDE 6
#define TILE_THIN 8
#define ROW_PIXELS 8
#include "kernels/simd.h"
