#ifndef __AVX2__
#error "build this file with -mavx2"
#endif
#define SPAN_NAME warp_span_avx2
#include "image/warp_span.h"
