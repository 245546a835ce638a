/* Light and colour of a network's input made those of a usual picture. */
#ifndef UNKNOT_IMAGE_EVEN_H
#define UNKNOT_IMAGE_EVEN_H

#include <stdbool.h>
#include <stddef.h>

/* Raises each colour of size x size RGB floats (value = pixel * scale + offset, pixel 0-255, rows
 * `stride` floats apart, as warp_roi writes them) to a power of its own, so that its mean comes to
 * the middle: what is dark gets lighter, what is blinding darker, and a cast goes. Black stays
 * black and white white. `share`: of the square that is picture, the rest being black and not
 * counted. False, and nothing is changed, where the picture is like that already. */
bool even_out(float *input, int size, size_t stride, float scale, float offset, float share);

#endif
