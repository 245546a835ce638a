/* Pose landmarks: BlazePose on a tracked region of the picture.
 * README.md beside this file has the facts of the pipeline, tests/golden verifies them. */
#ifndef UNKNOT_LANDMARK_POSE_H
#define UNKNOT_LANDMARK_POSE_H

#include "base/error.h"
#include "image/frame.h"
#include "image/warp.h"
#include "net/net.h"

#include <stdbool.h>

enum { POSE_POINTS = 33, POSE_ALL_POINTS = 39 };

/* The ones this program reads, by MediaPipe's numbering. Left and right are the person's. */
enum {
	POSE_NOSE = 0, POSE_LEFT_EYE = 2, POSE_RIGHT_EYE = 5, POSE_LEFT_EAR = 7, POSE_RIGHT_EAR = 8,
	POSE_MOUTH_LEFT = 9, POSE_MOUTH_RIGHT = 10,
	POSE_LEFT_SHOULDER = 11, POSE_RIGHT_SHOULDER = 12, POSE_LEFT_ELBOW = 13,
	POSE_RIGHT_ELBOW = 14,
	POSE_LEFT_WRIST = 15, POSE_RIGHT_WRIST = 16, POSE_LEFT_HIP = 23, POSE_RIGHT_HIP = 24,
};

struct pose_landmark {
	float x, y;       /* picture widths and heights, 0-1 inside the picture, x right, y down */
	float z;          /* picture widths, toward the camera negative, 0 at the hips */
	float visibility; /* 0-1 */
	float presence;   /* 0-1 */
};

struct pose_world {
	float x, y, z; /* metres, origin between the hips, x
	                * right, y down, z away from the camera */
};

struct pose_result {
	bool found;    /* nothing below is meaningful otherwise */
	float score;   /* the network's presence flag, 0-1, > 0.5 when found */
	struct roi roi; /* the region the landmarks were read from */
	struct pose_landmark landmarks[POSE_ALL_POINTS];
	struct pose_world world[POSE_POINTS];
	int detected;  /* how often the detector ran for this frame (no track before) */
};

struct pose_tracker;

/* `landmarks` is NET_POSE_LITE or NET_POSE_FULL. The model file must outlive the tracker. */
struct pose_tracker *pose_tracker_create(const struct model_file *, enum net_id landmarks,
                                         struct error *);
void pose_tracker_free(struct pose_tracker *);

/* Detector if there is no track (or the last frame lost it), then landmarks and heat-map
 * refinement. frame->seconds drives the filter of the tracking points; a frame more than 2 s after
 * the last one starts afresh, where the person was if they are surely there still, else from the
 * detector, which has its turn every quarter of an hour all the same, and after two minutes without
 * a frame; so does a frame of another size. Of several people the detector's choice is the largest
 * and most central, or the one tracked before. What is not found is looked for once more through a
 * smoothing filter, against noise, then through a wide one, and with light and colour evened as
 * well where they need it; where nobody was found in the last three frames either, one of the four
 * a frame. Allocates nothing. */
void pose_tracker_run(struct pose_tracker *, const struct frame *, struct pose_result *);

/* For a frame in which pose_tracker_run found nobody though there is a face: looks where the body
 * of a face with this region (face_result.roi) would be. Starts a track when it finds one. */
void pose_tracker_run_below_face(struct pose_tracker *, const struct frame *,
                                 const struct roi *face, struct pose_result *);

/* Forgets the track (new source, new picture). */
void pose_tracker_reset(struct pose_tracker *);

#endif
