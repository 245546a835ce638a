/* A picture turned by quarters: what a camera gives that hangs upside down or lies on its side. */
#ifndef UNKNOT_IMAGE_TURN_H
#define UNKNOT_IMAGE_TURN_H

#include "image/frame.h"

#include <stdbool.h>
#include <stddef.h>

/* The turned picture's room, grown when a picture needs more and kept. Zero-initialised; free
 * `pixels`. */
struct turned {
	uint8_t *pixels;
	size_t size;
};

/* `out` is `frame` turned clockwise by `quarters` (0-3), with its time, number and range; its
 * pixels are the room's and stay until it is used again. The pixels are the same numbers: RGB stays
 * RGB, grey grey, all else becomes YUV444. 0 quarters: `out` borrows the frame's own pixels. False
 * when there is no memory. */
bool frame_turn(struct turned *, const struct frame *, int quarters, struct frame *out);

#endif
