/* Any x86-64: 16 registers of four floats, no FMA. */
#if !defined(__SSE2__)
#error "build this file for x86-64"
#endif
#define LEVEL sse2
#define LANES 4
#define TILE_PIXELS 2 /* 2 pixels x 16 channels: 8 sums + 4 weights + 1 broadcast + 1 product */
#define THIN_PIXELS 6 /* 6 x 8: 12 sums */
#define TRIO_PIXELS 0
#define ROW_PIXELS 8  /* 8 sums + 5 taps + 1 input + 1 product */
#define SPARSE_SUMS 12 /* + 2 weights + 2 products */
#include "kernels/simd.h"
