/* Any machine: SSE2 or NEON, whatever the compiler may count on. */
#define SPAN_NAME warp_span_any
#include "image/warp_span.h"
