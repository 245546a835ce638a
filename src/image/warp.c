#include "image/warp.h"

#include "image/convert.h"

#include <math.h>

/* A frame's pixels behind one function per layout, so that the loop below is compiled once per layout with
 * the layout constant. Colour is converted for the four neighbours of a sample, not for the frame. */
struct sampler {
	const struct frame *frame;
	float scale, offset;
	int zero_outside;
};

static inline __attribute__((always_inline)) void pixel(const struct frame *f, enum pixel_format format,
                                                        int x, int y, float weight, float sum[3])
{
	const uint8_t *row = f->plane[0] + (long)y * f->stride[0];
	if (format == PIXEL_RGB24) {
		for (int i = 0; i < 3; i++)
			sum[i] += weight * (float)row[3 * x + i];
	} else if (format == PIXEL_GREY) {
		sum[0] += weight * (float)row[x];
		sum[1] = sum[2] = sum[0];
	} else {
		float rgb[3];
		frame_pixel(f, x, y, rgb);
		for (int i = 0; i < 3; i++)
			sum[i] += weight * rgb[i];
	}
}

static inline int clamp(int v, int high)
{
	return v < 0 ? 0 : v > high ? high : v;
}

static inline __attribute__((always_inline)) void sample_row(const struct sampler *s,
                                                             enum pixel_format format, float sx,
                                                             float sy, float dx, float dy, int size,
                                                             float *out)
{
	const struct frame *f = s->frame;
	for (int i = 0; i < size; i++, out += 3) {
		const float px = sx + dx * (float)i, py = sy + dy * (float)i;
		const float fx0 = floorf(px), fy0 = floorf(py), fx = px - fx0, fy = py - fy0;
		const float weights[4] = {(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy};
		/* Far outside, the float may exceed an int: the clamp happens before the conversion. */
		const int x0 = (int)fmaxf(-2, fminf(fx0, (float)f->width + 1));
		const int y0 = (int)fmaxf(-2, fminf(fy0, (float)f->height + 1));
		float sum[3] = {0, 0, 0};
		for (int k = 0; k < 4; k++) {
			int x = x0 + k % 2, y = y0 + k / 2;
			if (s->zero_outside && (x < 0 || x >= f->width || y < 0 || y >= f->height))
				continue;
			pixel(f, format, clamp(x, f->width - 1), clamp(y, f->height - 1), weights[k], sum);
		}
		for (int c = 0; c < 3; c++)
			out[c] = sum[c] * s->scale + s->offset;
	}
}

void warp_roi(const struct frame *frame, const struct roi *roi, int size, enum warp_border border,
              float scale, float offset, float *out, size_t out_stride)
{
	const struct sampler s = {frame, scale, offset, border == BORDER_ZERO};
	const float step = roi->side / (float)size;
	const float cosine = cosf(roi->rotation), sine = sinf(roi->rotation);
	for (int j = 0; j < size; j++, out += out_stride) {
		const float u = (0.5f / (float)size - 0.5f) * roi->side;
		const float v = (((float)j + 0.5f) / (float)size - 0.5f) * roi->side;
		const float x = roi->cx + u * cosine - v * sine - 0.5f;
		const float y = roi->cy + u * sine + v * cosine - 0.5f;
		switch (frame->format) {
		case PIXEL_RGB24:
			sample_row(&s, PIXEL_RGB24, x, y, step * cosine, step * sine, size, out);
			break;
		case PIXEL_GREY:
			sample_row(&s, PIXEL_GREY, x, y, step * cosine, step * sine, size, out);
			break;
		default:
			sample_row(&s, frame->format, x, y, step * cosine, step * sine, size, out);
			break;
		}
	}
}
