/* Frames as RGB, and what their light says. */
#ifndef UNKNOT_IMAGE_CONVERT_H
#define UNKNOT_IMAGE_CONVERT_H

#include "image/frame.h"

#include <stdbool.h>

/* BT.601 with the frame's range, exact to the rounding of 8 bits. */
void yuv_to_rgb(int y, int u, int v, int full_range, float rgb[3]);

/* Colour of one pixel, 0-255, no bounds check: 0 <= x < width, 0 <= y < height. */
void frame_pixel(const struct frame *, int x, int y, float rgb[3]);

/* The whole frame as R G B bytes, rows `stride` bytes apart. */
void frame_to_rgb(const struct frame *, uint8_t *rgb, int stride);

struct luma_statistics {
	double mean, deviation; /* 0-255, over a grid of about 4000 pixels */
	double dark_share;      /* below 16 */
	double bright_share;    /* above 250 */
};
struct luma_statistics luma_measure(const struct frame *);

/* A covered lens, a closed shutter or a black frame: nearly all dark, or so even that no scene is there
 * (a real picture's deviation, noise included, is above 3 even when foggy). */
bool luma_is_blocked(const struct luma_statistics *);

#endif
