/* A frame as a screen has it: of the size that is shown, as before a mirror. */
#ifndef UNKNOT_IMAGE_SHOW_H
#define UNKNOT_IMAGE_SHOW_H

#include "image/frame.h"

#include <stdbool.h>

/* The largest size of the frame's shape within this room, at least 1 x 1. */
void frame_fit(const struct frame *, int room_width, int room_height, int *width, int *height);

/* Writes width x height pixels of 32 bits, 0xffRRGGBB each, rows `stride` of them apart: the frame
 * scaled, left and right exchanged. Scaled with a triangle as wide as the step in the frame, so
 * that a small picture does not flicker. Weights and what lies between rows and columns have eight
 * bits: colours are within 2 of what they should be, those of a YUV frame within 5. False when
 * there is no memory. */
bool frame_mirror(const struct frame *, int width, int height, uint32_t *pixels, int stride);

#endif
