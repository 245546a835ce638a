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

/* How a region becomes a network's input: as it is; through warp_roi_smooth, for noisy pictures;
 * evened (image/even.h), for dark, blinding and tinted ones. */
enum reading { READ_PLAIN, READ_SMOOTH, READ_EVEN, READ_WIDE, READ_WIDE_EVEN };

/* Finds things in a square of the frame (outside the frame: black). Sorted by score, best first;
 * returns how many; -1 without having looked when this reading is no other than that which is not
 * evened. */
int detector_run(struct detector *, const struct frame *, const struct roi *, enum reading,
                 struct detection found[DETECT_MAX]);

/* A network's input from a region. False when evening leaves it as it is. */
bool net_read_region(struct net *, const struct frame *, const struct roi *, enum reading,
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
