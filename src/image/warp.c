#include "image/warp.h"

#include "cpu/cpu.h"
#include "image/warp_parts.h"

#include <math.h>

static struct grid whole_grid(const struct frame *f, int step)
{
	struct grid g = {f->width, f->height, 1, 1, 1, {{f->plane[0], f->stride[0], step}}};
	return g;
}

static struct grid chroma_grid(const struct frame *f, int halve_y, struct component u,
                               struct component v)
{
	struct grid g = {(f->width + 1) / 2, f->height, 0.5f, 1, 2, {u, v}};
	if (halve_y) {
		g.height = (f->height + 1) / 2;
		g.y_factor = 0.5f;
	}
	return g;
}

struct layout frame_layout(const struct frame *f)
{
	struct layout l = {.grids = 1, .is_yuv = 1, .luma_gain = 1, .chroma_gain = 1};
	const struct component u = {f->plane[1], f->stride[1], 1},
	                       v = {f->plane[2], f->stride[2], 1};
	if (!f->full_range) { /* BT.601 16-235 and 16-240 to 0-255 */
		l.luma_low = 16;
		l.luma_gain = 255.0f / 219;
		l.chroma_gain = 255.0f / 224;
	}
	l.grid[0] = whole_grid(f, f->format == PIXEL_RGB24 ? 3 : f->format == PIXEL_YUYV ? 2 : 1);
	switch (f->format) {
	case PIXEL_RGB24:
		l.is_yuv = 0;
		l.grid[0].count = 3;
		for (int i = 1; i < 3; i++)
			l.grid[0].component[i] = (struct component){f->plane[0] + i,
			                                            f->stride[0], 3};
		break;
	case PIXEL_GREY:
		l.is_yuv = 0;
		break;
	case PIXEL_YUYV: {
		const struct component first = {f->plane[0] + 1, f->stride[0], 4};
		const struct component second = {f->plane[0] + 3, f->stride[0], 4};
		l.grid[1] = chroma_grid(f, 0, first, second);
		l.grids = 2;
		break;
	}
	case PIXEL_NV12: {
		const struct component first = {f->plane[1], f->stride[1], 2};
		const struct component second = {f->plane[1] + 1, f->stride[1], 2};
		l.grid[1] = chroma_grid(f, 1, first, second);
		l.grids = 2;
		break;
	}
	case PIXEL_YUV444:
		l.grid[0].count = 3;
		l.grid[0].component[1] = u;
		l.grid[0].component[2] = v;
		break;
	case PIXEL_YUV420:
	case PIXEL_YUV422:
		l.grid[1] = chroma_grid(f, f->format == PIXEL_YUV420, u, v);
		l.grids = 2;
		break;
	}
	return l;
}

static warp_span_fn *best_span(void)
{
#if defined(__x86_64__)
	switch (cpu_level()) {
	case CPU_AVX512: return warp_span_avx512;
	case CPU_AVX2: return warp_span_avx2;
	default: break;
	}
#endif
	return warp_span_any;
}

static void warp(const struct job *job, const struct roi *roi, int size, float *out,
                 size_t out_stride)
{
	const float step = roi->side / (float)size;
	const float apart = fmaxf(job->across > 2 ? step / 1.5f : step / 4, 0.75f);
	const float cosine = cosf(roi->rotation), sine = sinf(roi->rotation);
	const float offset[2] = {apart * cosine, apart * sine};
	warp_span_fn *const span = best_span();
	for (int j = 0; j < size; j++, out += out_stride) {
		const float v = (((float)j + 0.5f) / (float)size - 0.5f) * roi->side;
		for (int i = 0; i < size; i += WARP_SPAN) {
			const float u = (((float)i + 0.5f) / (float)size - 0.5f) * roi->side;
			const int n = size - i < WARP_SPAN ? size - i : WARP_SPAN;
			const struct line at = {
				.x = roi->cx + u * cosine - v * sine - 0.5f,
				.y = roi->cy + u * sine + v * cosine - 0.5f,
				.dx = step * cosine,
				.dy = step * sine,
			};
			span(job, &at, job->across > 0 ? offset : NULL, n, out + 3 * i);
		}
	}
}

void warp_roi(const struct frame *frame, const struct roi *roi, int size, enum warp_border border,
              float scale, float offset, float *out, size_t out_stride)
{
	const struct job job = {frame, frame_layout(frame), border, scale, offset, 0};
	warp(&job, roi, size, out, out_stride);
}

void warp_roi_smooth(const struct frame *frame, const struct roi *roi,
                     int size, bool wide, enum warp_border border,
                     float scale, float offset, float *out, size_t out_stride)
{
	const struct job job = {frame, frame_layout(frame), border, scale, offset, wide ? 4 : 2};
	warp(&job, roi, size, out, out_stride);
}
