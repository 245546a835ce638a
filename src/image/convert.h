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

/* The same for the same picture, and as good as never for another: of the first plane's bytes. */
uint64_t frame_fingerprint(const struct frame *);

struct luma_statistics {
	double mean, deviation; /* 0-255, over a grid of about 4000 pixels */
	double dark_share;      /* below 16 */
	double bright_share;    /* above 250 */
};
struct luma_statistics luma_measure(const struct frame *);

/* A covered lens, a closed shutter or a black frame, or a room too dark to say that nobody is
 * there: nearly all dark, or so even that no scene is there (a real picture's deviation, noise
 * included, is above 3 even when foggy). Somebody may still be found in it: a face lit by its
 * screen alone. */
bool luma_is_blocked(const struct luma_statistics *);

/* Of those the ones in which there is nothing to look for. A sensor behind its cover delivers black
 * level and read noise: a mean of a few counts (16 in video range is 0 after expansion) and a
 * deviation of one to three; a cap that lets light through has no structure at any mean. A face in
 * the dark spreads over tens of counts. */
bool luma_is_blank(const struct luma_statistics *);

#endif
