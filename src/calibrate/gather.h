/* Choosing the pictures that an upright profile is made of: what is wrong with one, said so that a
 * person can mend it. Time is given, pictures are judged one by one. */
#ifndef UNKNOT_CALIBRATE_GATHER_H
#define UNKNOT_CALIBRATE_GATHER_H

#include "image/frame.h"
#include "sample/sample.h"

enum { GATHER_VIEWS = 12, GATHER_LEAST = 6 /* of a person before a camera */ };
/* Before a camera: twelve good pictures a third of a second apart are four seconds; the rest of the
 * patience is for mending what is wrong. */
enum { GATHER_COUNTDOWN_S = 3, GATHER_APART_MS = 300, GATHER_PATIENCE_S = 25 };

struct gather {
	struct face_result faces[GATHER_VIEWS];
	struct pose_result poses[GATHER_VIEWS];
	struct calibration_view views[GATHER_VIEWS];
	int turn;                     /* of all of them, sample.turn */
	double eyes[GATHER_VIEWS][3]; /* camera frame, mm */
	int count;
	struct room room;             /* behind the person, in the first one taken */
	bool moving;                  /* pictures follow each other: a
	                               * person may be caught moving */
	double last_seconds, last[3]; /* of the picture before */
	bool last_valid;
	char problem[128];            /* the last one */
};

/* Takes a picture that is good enough, else tells why not; NULL when it was taken. */
const char *gather_take(struct gather *, const struct frame *, const struct sample *);

/* Lets go of views in which the eyes are away from where they mostly are. False when too few remain
 * (fewer than `least`): what happened and what to do. *spread_mm is how far the eyes wandered among
 * the rest. */
bool gather_settle(struct gather *, int least, double *spread_mm, struct error *);

#endif
