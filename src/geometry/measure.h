/* Landmarks to measures. Pure. */
#ifndef UNKNOT_GEOMETRY_MEASURE_H
#define UNKNOT_GEOMETRY_MEASURE_H

#include "geometry/profile.h"

struct head_pose {
	bool valid;
	double rotation[3][3];   /* head frame to camera frame */
	double translation[3];   /* head origin (eye mid-point) in the camera frame, mm */
	double misfit_mm;        /* root mean square of the fit, at the face */
};

/* Perspective fit of the face shape (profile's own, or the population mean when profile is NULL or
 * not valid) to the mesh. `camera` must match the picture's size. */
void head_pose_fit(const struct camera *, const struct profile *, const struct face_result *,
                   int width, int height, struct head_pose *);

/* All measures of one frame. `profile` NULL or not valid: change measures are invalid, distances
 * carry the population's uncertainty. Either result may be not found. */
void measures_from_landmarks(const struct camera *, const struct profile *,
                             const struct pose_result *, const struct face_result *, int width,
                             int height, struct measures *, struct head_pose *);

#endif
