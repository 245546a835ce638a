#include "image/jpeg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

/* A picture may lack one in so many of its rows, at the bottom, where no face is. */
enum { ROWS_MISSING = 16 };

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

/* Rows at the bottom in which every pixel is the same: what the decoder puts where the data has ended (no
 * coefficient, so each block repeats the one before). Sensor noise keeps a real row from being flat. */
static int flat_rows(const unsigned char *luma, int stride, int width, int height)
{
	int rows = 0;
	while (rows < height) {
		const unsigned char *row = luma + (long)(height - 1 - rows) * stride;
		for (int x = 1; x < width; x++)
			if (row[x] != row[0])
				return rows;
		rows++;
	}
	return rows;
}

/* libjpeg's words (jerror.h) for a missing end and for stray bytes. Many stray bytes are not a camera's
 * padding: the decoder went astray and reached the last block too early. */
static bool is_harmless(const char *warning)
{
	enum { STRAY_MOST = 16 };
	static const char before_end[] = "extraneous bytes before marker 0xd9";
	const char *at = strstr(warning, before_end);
	int stray = 0;
	if (at != NULL)
		return sscanf(warning, "Corrupt JPEG data: %d", &stray) == 1 && stray <= STRAY_MOST;
	return strstr(warning, "remature end of") != NULL;
}

/* USB cameras send pictures that a strict decoder warns of: stray bytes before the end marker, no end
 * marker, or the last few bytes cut off. Those are whole or nearly so; any other warning means that the
 * decoder lost its place and guessed from there on. */
static bool decode_planes(struct jpeg_decoder *d, const void *data, size_t size, unsigned char *plane[3],
                          int stride[3], int width, int height, struct error *error)
{
	if (tjDecompressToYUVPlanes(d->handle, data, size, plane, width, stride, height,
	                            TJFLAG_STOPONWARNING) == 0)
		return true;
	error_set(error, 0, "JPEG: %s", tjGetErrorStr2(d->handle));
	if (!is_harmless(tjGetErrorStr2(d->handle)))
		return false;
	/* The message is the last warning's: the first may have been followed by worse. */
	if (tjDecompressToYUVPlanes(d->handle, data, size, plane, width, stride, height, 0) != 0 &&
	    !is_harmless(tjGetErrorStr2(d->handle)))
		return error_set(error, 0, "JPEG: %s", tjGetErrorStr2(d->handle));
	return flat_rows(plane[0], stride[0], width, height) * ROWS_MISSING <= height;
}

static bool decode(struct jpeg_decoder *d, const void *data, size_t size, int min_width,
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
	if (!decode_planes(d, data, size, plane, stride, w, h, error))
		return false;
	*frame = (struct frame){.format = format, .full_range = 1, .width = w, .height = h};
	for (int i = 0; i < planes; i++) {
		frame->plane[i] = plane[i];
		frame->stride[i] = stride[i];
	}
	return true;
}

bool jpeg_decode(struct jpeg_decoder *d, const void *data, size_t size, int min_width,
                 struct frame *frame, struct error *error)
{
	if (d->handle == NULL)
		d->handle = tjInitDecompress();
	if (d->handle == NULL)
		return error_set(error, 0, "JPEG: out of memory");
	if (decode(d, data, size, min_width, frame, error))
		return true;
	/* A picture cut within its Huffman tables leaves libjpeg-turbo 2.1 refusing every later one. */
	tjDestroy(d->handle);
	d->handle = NULL;
	return false;
}
