/* OpenCV behind a C header: image and video files, drawing on a picture. Linked into
 * `unknot-vision` only; the daemon never loads it. Exceptions stay on the other side: every failure
 * is an error text. */
#ifndef UNKNOT_OPENCV_OPENCV_H
#define UNKNOT_OPENCV_OPENCV_H

#include "base/error.h"
#include "image/frame.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- pictures ---- */

/* An RGB picture that owns its pixels. */
struct cv_image;

/* Any format imgcodecs reads; EXIF orientation applied. NULL with the reason when it does not. */
struct cv_image *cv_image_read(const char *path, struct error *);
/* A copy of any frame's pixels as RGB (width * height * 3 bytes, rows adjacent). */
struct cv_image *cv_image_from_rgb(const unsigned char *rgb, int width, int height);
void cv_image_free(struct cv_image *);
/* A frame that borrows the picture's pixels. */
struct frame cv_image_frame(const struct cv_image *);
/* Format by extension (.png, .jpg). */
bool cv_image_write(const struct cv_image *, const char *path, struct error *);

/* ---- video files ---- */

struct cv_video;
struct cv_video *cv_video_open(const char *path, struct error *);
void cv_video_free(struct cv_video *);
double cv_video_fps(const struct cv_video *); /* 0 when the file does not say */
/* The next picture, borrowed until the next call; false at the end. */
bool cv_video_next(struct cv_video *, struct frame *);

/* ---- drawing, for analyze --annotate ---- */

struct cv_colour {
	unsigned char r, g, b;
};
/* Pixels of the picture, sub-pixel accurate, anti-aliased. */
void cv_draw_line(struct cv_image *, float x0, float y0, float x1, float y1, struct cv_colour,
                  int thickness);
void cv_draw_dot(struct cv_image *, float x, float y, float radius, struct cv_colour);
/* Baseline-left at x, y; `size` is the letter height in pixels. A dark outline keeps it readable.
 * ASCII, and German: the font is drawn of strokes and knows no more. */
void cv_draw_text(struct cv_image *, float x, float y, float size, struct cv_colour, const char *);
float cv_text_width(float size, const char *);
/* Darkens a rectangle so that text on it reads; strength 0-1. */
void cv_draw_shade(struct cv_image *, int x, int y, int width, int height, float strength);

#ifdef __cplusplus
}
#endif

#endif
