/* A rotated square of a frame as a network's input. */
#ifndef UNKNOT_IMAGE_WARP_H
#define UNKNOT_IMAGE_WARP_H

#include "image/frame.h"

#include <stdbool.h>
#include <stddef.h>

/* Pixels of the frame, x right, y down, (0,0) the corner of the first pixel. Rotation in radians,
 * clockwise on the screen. */
struct roi {
	float cx, cy, side, rotation;
};

enum warp_border { BORDER_ZERO, BORDER_REPLICATE };

/* Writes size x size RGB floats, value = pixel * scale + offset, rows out_stride floats apart.
 * Bilinear at texel centres, no antialiasing: source = centre + R(rotation) * ((i+.5)/size - .5) *
 * side
 * - .5 (landmark/README.md). BORDER_ZERO counts pixels outside as 0 before
 * scale and offset. Colour conversion happens on the sampled values only: luma and chroma are
 * interpolated each at its own resolution (chroma samples lie midway between their pixels), then
 * converted. Any region is safe, NaN and infinity included: what it reads is then unspecified. */
void warp_roi(const struct frame *, const struct roi *, int size, enum warp_border,
              float scale, float offset, float *out, size_t out_stride);

/* The same, each value the mean of 2 x 2 samples around its place, a quarter of its cell to each
 * side, or wide: of 4 x 4, up to two thirds of its cell; at least three quarters of a pixel. For
 * pictures whose noise or blocks drown what a network looks for: the pose detector, which reads
 * every third pixel of 640, then finds 27 of 50 bodies instead of 3 under noise of 30 levels. Of
 * 190 degraded pictures in which 2 x 2 left a face unfound, 158 bodies are found so and 183 wide (3
 * x 3: 178; a box of 5 pixels: no more); but what is found so at last is less sharp. Takes 4 and 16
 * times as long. */
void warp_roi_smooth(const struct frame *, const struct roi *, int size, bool wide,
                     enum warp_border, float scale, float offset, float *out, size_t out_stride);

#endif
