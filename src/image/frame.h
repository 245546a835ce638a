/* A picture as the camera gave it. */
#ifndef UNKNOT_IMAGE_FRAME_H
#define UNKNOT_IMAGE_FRAME_H

#include <stdint.h>

enum pixel_format {
	PIXEL_RGB24, /* plane 0: R G B */
	PIXEL_GREY,  /* plane 0: Y */
	PIXEL_YUYV,  /* plane 0: Y U Y V */
	PIXEL_NV12,  /* plane 0: Y; plane 1: U V at half size each way */
	PIXEL_YUV420, PIXEL_YUV422, PIXEL_YUV444, /* planes 0-2: Y, U, V: what a JPEG decodes to */
};

/* YUV planes are BT.601; `full_range` tells JPEG's 0-255 from a camera's 16-235. Pixels are
 * borrowed: whoever made the frame says how long they live. Stride in bytes. */
struct frame {
	enum pixel_format format;
	int full_range;
	int width, height;      /* even for the subsampled formats' chroma: (width+1)/2 */
	const uint8_t *plane[3];
	int stride[3];
	double seconds;         /* instant.seconds at capture (base/clock.h) */
	uint64_t sequence;      /* counts frames of one source */
};

#endif
