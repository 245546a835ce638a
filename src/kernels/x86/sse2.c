/* Any x86-64: 16 registers of four floats, no FMA. */
#define LEVEL sse2
#define LANES 4
#define TILE_VECS 2 /* 6 x 8 channels: 12 accumulators + 2 weights + 1 broadcast + 1 product */
#define TILE_WIDE 6
#define TILE_THIN 6
#define ROW_PIXELS 4
#include "kernels/simd.h"
