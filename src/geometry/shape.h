/* Inside the room: the mean face, its weights in a fit, and the shoulders. */
#ifndef UNKNOT_GEOMETRY_SHAPE_H
#define UNKNOT_GEOMETRY_SHAPE_H

#include "geometry/measure.h"

/* The middle of the four eye corners in the head frame, mm: its origin lies between the eyes
 * themselves, whose centres are 2 mm above their corners and 8 behind. Chosen on ten rendered
 * people at once, nobody held out: with it their eye height errs by 0.21 cm and not by 0.51. */
extern const double shape_corners_mm[3];

/* The mean adult face in the head frame, mm (face_shape.inc, whose origin is the middle of the eye
 * corners). */
void shape_mean(float shape[FACE_POINTS][3]);

/* How far the points that no expression moves (between and above the eyes, nose bridge, brows,
 * temples, eye corners) lie from a shape's, seen along their rays and scaled to the face: root mean
 * square in mm. `shape` NULL: the mean face. False when it cannot be fitted. */
bool face_rigid_misfit(const struct camera *, const float (*shape)[3],
                       const struct face_result *, int width, int height, double *mm);

struct shoulders {
	double middle[3];  /* world, mm */
	double tilt_deg;   /* left up positive */
	double ray_width;  /* distance of the two normalised rays */
};

/* Both shoulders at one depth, which their distance of width_mm tells. False when they are not
 * seen. */
bool shoulders_locate(const struct camera *, const struct pose_result *, int width, int height,
                      double width_mm, struct shoulders *);

/* How far the nose lies below and beside the ears in the body landmarks, degrees: pitch and yaw of
 * the head with a zero that differs between people, and a gain of about 0.6. False when it is not
 * seen. */
bool pose_head_angles(const struct pose_result *, double *pitch_deg, double *yaw_deg);

#endif
