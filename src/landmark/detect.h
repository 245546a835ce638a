/* Inside the room: single-shot detectors (anchors, decoding, weighted suppression). */
#ifndef UNKNOT_LANDMARK_DETECT_H
#define UNKNOT_LANDMARK_DETECT_H

#include "image/frame.h"
#include "image/warp.h"
#include "net/net.h"

enum { DETECT_POINTS = 6, DETECT_MAX = 16, ANCHORS_MAX = 2304 };

struct detection {
	float score;
	float x0, y0, x1, y1;          /* pixels of the frame */
	float points[DETECT_POINTS][2];
};

/* One row of the anchor layout: a grid of size x size cells with so many anchors each. */
struct detector_grid {
	int size, anchors;
};

struct detector {
	struct net *net;
	unsigned boxes, scores;        /* net_output indices */
	int values;                    /* per box: 4 + 2 * points */
	int points;
	int anchor_count;
	float anchors[ANCHORS_MAX][2]; /* centres, 0-1 */
};

/* pose: 28x28x2, 14x14x2, 7x7x6 anchors and 4 points; face: 16x16x2, 8x8x6 and 6 points. */
void detector_init(struct detector *, struct net *, enum net_id);

/* Finds things in a square of the frame (outside the frame: black). Sorted by score, best first;
 * returns how many. `smooth`: read through warp_roi_smooth, for noisy pictures. */
int detector_run(struct detector *, const struct frame *, const struct roi *, bool smooth,
                 struct detection found[DETECT_MAX]);

/* A network's input from a region, plain or smooth. */
void net_read_region(struct net *, const struct frame *, const struct roi *, bool smooth,
                     enum warp_border, float scale, float offset);

/* The square around the whole frame. */
struct roi frame_roi(const struct frame *);

/* ---- the parts, for tests ---- */

int detector_anchors(const struct detector_grid *, int grids, float anchors[][2]);
/* Weighted non-maximum suppression (MediaPipe's "WEIGHTED"): boxes that overlap the best one by
 * more than `overlap` are averaged with their scores as weights. In place; returns the number
 * left. */
int suppress(struct detection *, int count, int points, float overlap);

#endif
