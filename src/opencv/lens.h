/* A camera's lens from pictures of a chessboard: OpenCV's detector and solver behind a C header. */
#ifndef UNKNOT_OPENCV_LENS_H
#define UNKNOT_OPENCV_LENS_H

#include "base/error.h"
#include "image/frame.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The board that `unknot calibrate --print-board` makes. One count of inner corners is odd and one
 * even, so that no turn of the board looks like another. The size of a square does not enter the
 * lens at all. */
enum { LENS_COLUMNS = 9, LENS_ROWS = 6, LENS_CORNERS = LENS_COLUMNS * LENS_ROWS };

struct lens_view {
	float corners[LENS_CORNERS][2]; /* pixels, row by row; centres of
	                                 * pixels are whole numbers */
};

/* OpenCV's pinhole model for pictures of one size (geometry/camera.h). */
struct lens {
	int width, height;
	double fx, fy, cx, cy;
	double distortion[5];   /* k1 k2 p1 p2 k3; the last three stay 0 */
	double focal_sigma;     /* relative, of fx, as the solver estimates it */
	double rms_px;          /* how far corners lie from where the model puts them */
	double coverage;        /* share of a 4 by 3 grid of the picture where corners were seen */
};

/* Where the board's inner corners are, to a tenth of a pixel; false when the whole board is not
 * seen. */
bool lens_find_board(const struct frame *, struct lens_view *);

/* fx, fy, cx, cy, k1 and k2 from at least three views (Zhang 2000, as OpenCV's calibrateCamera does
 * it). The tangential part and k3 are left out: a webcam's corners do not tell them from the
 * rest. */
bool lens_solve(const struct lens_view *, int count, int width, int height,
                struct lens *, struct error *);

#ifdef __cplusplus
}
#endif

#endif
