/* Faces that are nobody at the desk: a picture on the wall, somebody at the back of the room.
 * Pure. */
#ifndef UNKNOT_POSTURE_NOBODY_H
#define UNKNOT_POSTURE_NOBODY_H

#include "geometry/measures.h"

/* Where a face is in one picture, in any unit: all is judged against the distance of its eyes. */
struct face_place {
	double x, y;   /* between the eyes */
	double apart;  /* the eyes */
};

/* Plain data, zero-initialised. */
struct stillness {
	double since, last; /* seconds, of the first and the last look at it in this place */
	int looks;
	struct face_place place;
};

/* Farther away than anybody works: about 1.5 m, where OSHA ends at 100 cm. */
bool face_is_far(const struct measures *);

/* True when the face has been where it is for minutes, by the width of a hair: no living one
 * can. */
bool face_is_still(struct stillness *, double seconds, const struct face_place *);

#endif
