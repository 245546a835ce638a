/* Who a face is, as far as the proportions of its rigid points tell: a few numbers in which people
 * differ and looks at one person do not. They need no calibration: of the camera only the nearness
 * of the face is used. Pure. */
#ifndef UNKNOT_GEOMETRY_IDENTITY_H
#define UNKNOT_GEOMETRY_IDENTITY_H

#include "geometry/profile.h"

enum { IDENTITY_SIZE = 12 };

/* In units of the scatter of one person's looks, 0 for the mean of all people. */
struct identity {
	double along[IDENTITY_SIZE];
};

/* Of one look. False without a face or when its mesh is none. */
bool identity_of_face(const struct camera *, const struct face_result *, int width, int height,
                      struct identity *);

/* Of the person that a profile was made of, as its pictures showed them. False when it does not say
 * where they were. */
bool identity_of_profile(const struct profile *, struct identity *);

/* The profile's shape as a lens would have told it that has a focal length so many times the
 * camera's: rigid points only (the others are left alone), mm, in the camera's directions. What
 * field of view was told is out of it so, where every look is fitted through that lens, too. */
bool identity_shape_through(const struct profile *, double focal, float shape[FACE_POINTS][3]);

/* How much likelier two means are of one person than of two, as a natural logarithm; each with how
 * many looks it is of. The looks of a sitting share half of the scatter (what light, lens and
 * expression do), so that the mean of many still has that. */
double identity_log_ratio(const struct identity *, int looks, const struct identity *other,
                          int other_looks);

#endif
