#include "image/jpeg.h"

#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

struct jpeg_decoder {
	tjhandle handle;
	uint8_t *pixels;
	size_t room;
};

struct jpeg_decoder *jpeg_decoder_create(struct error *error)
{
	struct jpeg_decoder *d = calloc(1, sizeof *d);
	if (d != NULL)
		d->handle = tjInitDecompress();
	if (d == NULL || d->handle == NULL) {
		error_set(error, 0, "JPEG decoder: out of memory");
		free(d);
		return NULL;
	}
	return d;
}

void jpeg_decoder_free(struct jpeg_decoder *d)
{
	if (d == NULL)
		return;
	tjDestroy(d->handle);
	free(d->pixels);
	free(d);
}

static bool format_of(int subsampling, enum pixel_format *format)
{
	switch (subsampling) {
	case TJSAMP_444: *format = PIXEL_YUV444; return true;
	case TJSAMP_422: *format = PIXEL_YUV422; return true;
	case TJSAMP_420: *format = PIXEL_YUV420; return true;
	case TJSAMP_GRAY: *format = PIXEL_GREY; return true;
	}
	return false;
}

/* The smallest of 1, 1/2, 1/4, 1/8 whose picture is still wide enough. */
static tjscalingfactor scale_for(int width, int min_width)
{
	tjscalingfactor scale = {1, 1};
	if (min_width > 0)
		while (scale.denom < 8 && TJSCALED(width, ((tjscalingfactor){1, scale.denom * 2})) >= min_width)
			scale.denom *= 2;
	return scale;
}

static bool reserve(struct jpeg_decoder *d, size_t size)
{
	if (size <= d->room)
		return true;
	uint8_t *grown = realloc(d->pixels, size);
	if (grown == NULL)
		return false;
	d->pixels = grown;
	d->room = size;
	return true;
}

bool jpeg_decode(struct jpeg_decoder *d, const void *data, size_t size, int min_width,
                 struct frame *frame, struct error *error)
{
	int width, height, subsampling, colours;
	enum pixel_format format;
	if (size < 4 || tjDecompressHeader3(d->handle, data, size, &width, &height, &subsampling,
	                                    &colours) != 0)
		return error_set(error, 0, "JPEG: %s", size < 4 ? "empty" : tjGetErrorStr2(d->handle));
	if (width < 16 || height < 16 || width > JPEG_SIDE_MAX || height > JPEG_SIDE_MAX)
		return error_set(error, 0, "JPEG: %d x %d is not a camera's picture", width, height);
	if (!format_of(subsampling, &format))
		return error_set(error, 0, "JPEG: chroma subsampling %d is not supported", subsampling);

	const tjscalingfactor scale = scale_for(width, min_width);
	const int w = TJSCALED(width, scale), h = TJSCALED(height, scale);
	const int planes = format == PIXEL_GREY ? 1 : 3;
	unsigned char *plane[3] = {NULL, NULL, NULL};
	int stride[3] = {0, 0, 0};
	size_t total = 0, offset[3] = {0, 0, 0};
	for (int i = 0; i < planes; i++) {
		stride[i] = tjPlaneWidth(i, w, subsampling);
		offset[i] = total;
		total += (size_t)stride[i] * (size_t)tjPlaneHeight(i, h, subsampling);
	}
	if (!reserve(d, total))
		return error_set(error, 0, "JPEG: out of memory for %d x %d", w, h);
	for (int i = 0; i < planes; i++)
		plane[i] = d->pixels + offset[i];
	/* Warnings stop the decoder too: they are what a cut or damaged picture gives. */
	if (tjDecompressToYUVPlanes(d->handle, data, size, plane, w, stride, h,
	                            TJFLAG_STOPONWARNING) != 0)
		return error_set(error, 0, "JPEG: %s", tjGetErrorStr2(d->handle));
	*frame = (struct frame){.format = format, .full_range = 1, .width = w, .height = h};
	for (int i = 0; i < planes; i++) {
		frame->plane[i] = plane[i];
		frame->stride[i] = stride[i];
	}
	return true;
}
