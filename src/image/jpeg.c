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

struct layout {
	int subsampling, width, height;
	enum pixel_format format;
	int planes, stride[3], rows[3];
};

struct jpeg_decoder *jpeg_decoder_create(struct error *error)
{
	struct jpeg_decoder *d = calloc(1, sizeof *d);
	if (d != NULL)
		d->handle = tjInitDecompress();
	if (d == NULL || d->handle == NULL) {
		error_set(error, 0, "%s: out of memory", "JPEG decoder");
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

/* 4:4:0 and 4:1:1, which few cameras send, become the next finer format of frame.h: see
 * widen_chroma. */
static bool format_of(int subsampling, enum pixel_format *format)
{
	switch (subsampling) {
	case TJSAMP_444: *format = PIXEL_YUV444; return true;
	case TJSAMP_440: *format = PIXEL_YUV444; return true;
	case TJSAMP_422: *format = PIXEL_YUV422; return true;
	case TJSAMP_411: *format = PIXEL_YUV422; return true;
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
		while (scale.denom < 8 &&
		       TJSCALED(width, ((tjscalingfactor){1, scale.denom * 2})) >= min_width)
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

/* Rows at the bottom in which every pixel is the same: what the decoder puts where the data has
 * ended (no coefficient, so each block repeats the one before). Sensor noise keeps a real row from
 * being flat. */
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

/* libjpeg's words (jerror.h) for a missing end and for stray bytes. Many stray bytes are not a
 * camera's padding: the decoder went astray and reached the last block too early. */
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

/* USB cameras send pictures that a strict decoder warns of: stray bytes before the end marker, no
 * end marker, or the last few bytes cut off. Those are whole or nearly so; any other warning means
 * that the decoder lost its place and guessed from there on. */
static bool decode_planes(struct jpeg_decoder *d, const void *data, size_t size,
                          unsigned char *plane[3],
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

/* Every row of 4:4:0's chroma twice, every column of 4:1:1's: in place, from the end. The plane has
 * the room. */
static void widen_chroma(const struct layout *l, unsigned char *plane[3])
{
	for (int i = 1; i < l->planes; i++) {
		const long stride = l->stride[i];
		if (l->subsampling == TJSAMP_440)
			for (long y = (long)l->rows[i] * 2 - 1; y > 0; y--)
				memcpy(plane[i] + y * stride, plane[i] + y / 2 * stride,
				       (size_t)stride);
		if (l->subsampling == TJSAMP_411)
			for (long at = stride * l->rows[i] * 2 - 1; at > 0; at--)
				plane[i][at] = plane[i][at / 2];
	}
}

/* How large each plane is as the decoder gives it. */
static struct layout layout_of(int subsampling, enum pixel_format format, int width, int height)
{
	struct layout l = {.subsampling = subsampling, .width = width,
	                   .height = height, .format = format,
	                   .planes = format == PIXEL_GREY ? 1 : 3};
	for (int i = 0; i < l.planes; i++) {
		l.stride[i] = tjPlaneWidth(i, width, subsampling);
		l.rows[i] = tjPlaneHeight(i, height, subsampling);
	}
	return l;
}

static bool is_widened(int subsampling)
{
	return subsampling == TJSAMP_440 || subsampling == TJSAMP_411;
}

static bool decode(struct jpeg_decoder *d, const void *data, size_t size, int min_width,
                   struct frame *frame, struct error *error)
{
	int width, height, subsampling, colours;
	enum pixel_format format;
	if (size < 4 || tjDecompressHeader3(d->handle, data, size, &width, &height, &subsampling,
	                                    &colours) != 0)
		return error_set(error, 0, "JPEG: %s", size < 4 ? "empty"
		                                                : tjGetErrorStr2(d->handle));
	if (width < 16 || height < 16 || width > JPEG_SIDE_MAX || height > JPEG_SIDE_MAX)
		return error_set(error, 0, "JPEG: %d x %d is not a camera's picture",
		                 width, height);
	if (!format_of(subsampling, &format))
		return error_set(error, 0, "JPEG: chroma subsampling %d is not supported",
		                 subsampling);

	const tjscalingfactor scale = scale_for(width, min_width);
	struct layout l = layout_of(subsampling, format, TJSCALED(width, scale),
	                            TJSCALED(height, scale));
	const size_t finer = is_widened(subsampling) ? 2 : 1;
	unsigned char *plane[3] = {NULL, NULL, NULL};
	size_t total = 0, offset[3] = {0, 0, 0};
	for (int i = 0; i < l.planes; i++) {
		offset[i] = total;
		total += (size_t)l.stride[i] * (size_t)l.rows[i] * (i > 0 ? finer : 1);
	}
	if (!reserve(d, total))
		return error_set(error, 0, "JPEG: out of memory for %d x %d", l.width, l.height);
	for (int i = 0; i < l.planes; i++)
		plane[i] = d->pixels + offset[i];
	if (!decode_planes(d, data, size, plane, l.stride, l.width, l.height, error))
		return false;
	widen_chroma(&l, plane);
	*frame = (struct frame){.format = format, .full_range = 1, .width = l.width,
	                        .height = l.height};
	for (int i = 0; i < l.planes; i++) {
		frame->plane[i] = plane[i];
		frame->stride[i] = i > 0 && subsampling == TJSAMP_411 ? 2 * l.stride[i]
		                                                      : l.stride[i];
	}
	return true;
}

bool jpeg_decode(struct jpeg_decoder *d, const void *data, size_t size, int min_width,
                 struct frame *frame, struct error *error)
{
	if (d->handle == NULL)
		d->handle = tjInitDecompress();
	if (d->handle == NULL)
		return error_set(error, 0, "%s: out of memory", "JPEG");
	if (decode(d, data, size, min_width, frame, error))
		return true;
	/* A picture cut within its Huffman tables leaves libjpeg-turbo 2.1 refusing every later
	 * one. */
	tjDestroy(d->handle);
	d->handle = NULL;
	return false;
}
