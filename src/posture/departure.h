/* How far from their own upright somebody sits: one question, asked before which kind of fault it
 * is.
 *
 * What the eyes did is first freed of what is no fault: a head turned or tipped, a back that
 * follows the backrest, a chair that rolled aside, a seat raised. What is left is measured in
 * limits: 1 is where good ends. */
#ifndef UNKNOT_POSTURE_DEPARTURE_H
#define UNKNOT_POSTURE_DEPARTURE_H

#include "posture/posture.h"

/* Ways to depart, each with what is left of it (cm or deg), in limits, and one standard deviation
 * of that. */
enum departure_way {
	DEPART_TRUNK,     /* eyes lower and nearer, both at once: an ellipse around upright */
	DEPART_SIDE,      /* eyes beside the shoulders' place */
	DEPART_ROLL,      /* head tipped to a shoulder */
	DEPART_NEAR,      /* nearer to the screen than is good to
	                   * read at, where that was measured */
	DEPART_SHOULDERS, /* shoulders lower, when no face is there to measure by */
	DEPART_WAYS
};

struct departure {
	bool known;       /* there is an upright to depart from and the face was measured */
	double sink, near, side, roll; /* cm, deg: lower, nearer, aside,
	                                * tipped, freed as above; roll >= 0 */
	double sink_sigma, near_sigma;
	double near_scale; /* near per cm of lean-in: see departure.c, "an unknown lens" */
	double drop_limit, near_limit, side_limit; /* cm of the measures as they are */
	bool raised;      /* higher than upright, beyond doubt */
	bool turned;      /* the head, so far that everything else is measured less well */
	double ratio[DEPART_WAYS], sigma[DEPART_WAYS]; /* in limits; ratio 0 where
	                                                * nothing is measured */
	double farthest;  /* the largest of them */
	enum departure_way way; /* by which it is told */
	bool fault;       /* beyond the limit */
};

void departure_of(const struct posture_config *, const struct measures *, struct departure *);

/* The measure that tells how far the head is turned: against upright where that is known. */
enum measure_id departure_yaw(const struct measures *);
/* ... and how far that may be. Who has no profile is only thought to face the camera. */
double departure_yaw_limit(const struct posture_config *, const struct measures *);

/* Probability that a value `distance` inside is there: the normal distribution. */
double departure_past(double distance, double sigma);

#endif
