#include "film.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

struct film {
	uint8_t *data;
	size_t size;
	struct picture *pictures;
	size_t count;
	tjhandle decoder;
	uint8_t *planes, *raw;
};

static bool read_file(struct film *f, const char *path)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return false;
	fseek(file, 0, SEEK_END);
	const long size = ftell(file);
	rewind(file);
	f->data = size > 0 ? malloc((size_t)size) : NULL;
	f->size = f->data != NULL ? fread(f->data, 1, (size_t)size, file) : 0;
	fclose(file);
	return f->size > 0;
}

/* In a JPEG's entropy-coded data 0xff is followed by 0 or a restart mark: what looks like its end
 * is it. */
static bool find_pictures(struct film *f)
{
	size_t start = 0;
	for (size_t i = 1; i < f->size; i++) {
		if (f->data[i - 1] != 0xff)
			continue;
		if (f->data[i] == 0xd8) {
			start = i - 1;
		} else if (f->data[i] == 0xd9) {
			struct picture *more = realloc(f->pictures, (f->count + 1) * sizeof *more);
			if (more == NULL)
				return false;
			f->pictures = more;
			more[f->count++] = (struct picture){f->data + start, i + 1 - start};
		}
	}
	return f->count > 0;
}

struct film *film_open(const char *path)
{
	struct film *f = calloc(1, sizeof *f);
	if (f != NULL && read_file(f, path) && find_pictures(f))
		return f;
	fprintf(stderr, "camera: %s: no JPEGs that can be read\n", path);
	film_free(f);
	return NULL;
}

void film_free(struct film *f)
{
	if (f == NULL)
		return;
	if (f->decoder != NULL)
		tjDestroy(f->decoder);
	free(f->planes);
	free(f->raw);
	free(f->pictures);
	free(f->data);
	free(f);
}

/* 4:2:0 planes, of which two lines share one of colour, into what a camera sends. */
static void pack(const struct film *f, const struct uvc *u)
{
	const size_t width = (size_t)u->width, height = (size_t)u->height;
	const uint8_t *luma = f->planes, *cb = luma + width * height, *cr = cb + width * height / 4;
	if (u->format == UVC_GREY) {
		memcpy(f->raw, luma, width * height);
		return;
	}
	uint8_t *to = f->raw;
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x += 2) {
			const size_t colour = y / 2 * (width / 2) + x / 2;
			*to++ = luma[y * width + x];
			*to++ = cb[colour];
			*to++ = luma[y * width + x + 1];
			*to++ = cr[colour];
		}
}

struct picture film_picture(struct film *f, uint64_t number, const struct uvc *u)
{
	const struct picture jpeg = f->pictures[number % f->count];
	const size_t pixels = (size_t)u->width * (size_t)u->height;
	if (u->format == UVC_MJPEG)
		return jpeg;
	if (f->decoder == NULL) {
		f->decoder = tjInitDecompress();
		f->planes = malloc(pixels * 3);
		f->raw = malloc(pixels * 2);
	}
	if (f->decoder == NULL || f->planes == NULL || f->raw == NULL ||
	    tjDecompressToYUV2(f->decoder, jpeg.data, jpeg.size, f->planes,
	                       u->width, 1, u->height, 0) != 0)
		return (struct picture){NULL, 0};
	pack(f, u);
	return (struct picture){f->raw, u->format == UVC_GREY ? pixels : pixels * 2};
}
