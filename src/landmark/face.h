/* Face landmarks: short-range face detector, then Face Mesh on a tracked region. */
#ifndef UNKNOT_LANDMARK_FACE_H
#define UNKNOT_LANDMARK_FACE_H

#include "landmark/pose.h"

enum { FACE_POINTS = 468 };

/* Mesh indices read by name elsewhere; left and right are the person's. */
enum {
	FACE_RIGHT_EYE_OUTER = 33, FACE_RIGHT_EYE_INNER = 133,
	FACE_LEFT_EYE_INNER = 362, FACE_LEFT_EYE_OUTER = 263,
	FACE_NOSE_TIP = 1, FACE_CHIN = 152, FACE_FOREHEAD = 10,
};

struct face_point {
	float x, y; /* picture widths and heights */
	float z;    /* picture widths, toward the camera negative */
};

struct face_result {
	bool found;
	float score;    /* sigmoid of the network's face flag, 0-1 */
	struct roi roi;
	struct face_point points[FACE_POINTS];
	bool detected;  /* the face detector ran for this frame */
};

struct face_tracker;

struct face_tracker *face_tracker_create(const struct model_file *, struct error *);
void face_tracker_free(struct face_tracker *);

/* Region: the last mesh when it is fresh (<= 2 s, same size), else the pose's face landmarks when
 * `pose` is found and they are visible, else the face detector (on the whole frame, then on the
 * upper-body region of the pose when the face is small). A mesh whose score is <= 0.5 loses the
 * track and is tried once more from the detector; then all of it through a smoothing filter,
 * against noise, and with light and colour evened; last, a mesh of a lower score counts whose eyes
 * are where the pose has them. One that was not tracked is the mean over four regions.
 * With a pose, only a face on that body's shoulders counts: not a passer-by's. Without one, the
 * largest and most central. `pose` may be NULL. Allocates nothing. */
void face_tracker_run(struct face_tracker *, const struct frame *, const struct pose_result *pose,
                      struct face_result *);
void face_tracker_reset(struct face_tracker *);
/* Looks through one region only, as the networks' own pipeline does: for those who compare with
 * it. */
void face_tracker_look_once(struct face_tracker *);

/* How many faces the detector saw when it ran last; 0 if it never did. */
int face_tracker_faces(const struct face_tracker *);

#endif
