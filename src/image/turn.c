#include "image/turn.h"

#include <stdlib.h>

/* One kind of sample within a frame: `step` bytes apart, halved in each direction by its shifts. */
struct channel {
	const uint8_t *from;
	int stride, step, halved_x, halved_y;
};

static void turn_channel(const struct channel *c, const struct frame *frame,
                         int quarters, uint8_t *to, int to_step)
{
	const int right = frame->width - 1, bottom = frame->height - 1;
	const int width = quarters % 2 != 0 ? frame->height : frame->width;
	const int height = quarters % 2 != 0 ? frame->width : frame->height;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++, to += to_step) {
			const int from_x = quarters == 1 ? y
			                   : quarters == 2 ? right - x : right - y;
			const int from_y = quarters == 1 ? bottom - x
			                   : quarters == 2 ? bottom - y : x;
			const uint8_t *row = c->from + (long)(from_y >> c->halved_y) * c->stride;
			*to = row[(from_x >> c->halved_x) * c->step];
		}
}

/* How many channels there are, and where. */
static int channels_of(const struct frame *f, struct channel c[3])
{
	const int halved_x = f->format != PIXEL_YUV444, halved_y = f->format == PIXEL_YUV420;
	switch (f->format) {
	case PIXEL_RGB24:
		for (int i = 0; i < 3; i++)
			c[i] = (struct channel){f->plane[0] + i, f->stride[0], 3, 0, 0};
		return 3;
	case PIXEL_GREY:
		c[0] = (struct channel){f->plane[0], f->stride[0], 1, 0, 0};
		return 1;
	case PIXEL_YUYV:
		c[0] = (struct channel){f->plane[0], f->stride[0], 2, 0, 0};
		c[1] = (struct channel){f->plane[0] + 1, f->stride[0], 4, 1, 0};
		c[2] = (struct channel){f->plane[0] + 3, f->stride[0], 4, 1, 0};
		return 3;
	case PIXEL_NV12:
		c[0] = (struct channel){f->plane[0], f->stride[0], 1, 0, 0};
		c[1] = (struct channel){f->plane[1], f->stride[1], 2, 1, 1};
		c[2] = (struct channel){f->plane[1] + 1, f->stride[1], 2, 1, 1};
		return 3;
	default:
		c[0] = (struct channel){f->plane[0], f->stride[0], 1, 0, 0};
		c[1] = (struct channel){f->plane[1], f->stride[1], 1, halved_x, halved_y};
		c[2] = (struct channel){f->plane[2], f->stride[2], 1, halved_x, halved_y};
		return 3;
	}
}

bool frame_turn(struct turned *room, const struct frame *frame, int quarters, struct frame *out)
{
	*out = *frame;
	if (quarters == 0)
		return true;
	struct channel c[3];
	const int count = channels_of(frame, c);
	const size_t plane = (size_t)frame->width * (size_t)frame->height;
	if (room->size < plane * (size_t)count) {
		free(room->pixels);
		room->size = plane * (size_t)count;
		room->pixels = malloc(room->size);
		if (room->pixels == NULL) {
			room->size = 0;
			return false;
		}
	}
	const bool mixed = frame->format == PIXEL_RGB24;
	if (quarters % 2 != 0) {
		out->width = frame->height;
		out->height = frame->width;
	}
	out->format = mixed || count == 1 ? frame->format : PIXEL_YUV444;
	for (int i = 0; i < count; i++) {
		uint8_t *to = room->pixels + (mixed ? (size_t)i : plane * (size_t)i);
		turn_channel(&c[i], frame, quarters, to, mixed ? 3 : 1);
		out->plane[i] = mixed ? room->pixels : to;
		out->stride[i] = out->width * (mixed ? 3 : 1);
	}
	return true;
}
