#if !defined(__AVX512F__) || !defined(__AVX512BW__)
#error "build this file with -mavx512f -mavx512bw"
#endif
#define SPAN_NAME warp_span_avx512
#include "image/warp_span.h"
