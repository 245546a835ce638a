/* Line figures of exercises from rows of joint angles. Pure: shapes for whoever draws (a toolkit, a
 * picture), and the same as SVG.
 *
 * Lengths are in body heights, x right, y up, the floor at y = 0. Segments after Drillis & Contini
 * 1966 (hip to shoulder 0.288, thigh 0.245, shank 0.246, upper arm 0.186, forearm 0.146). Angles
 * are of segments in the picture, away from the trunk, in degrees: 0 up, 90 to the right, 180 down.
 * From the side the figure faces right. */
#ifndef UNKNOT_COACH_FIGURE_H
#define UNKNOT_COACH_FIGURE_H

#include <stdbool.h>
#include <stdio.h>

enum figure_angle {
	FIGURE_LUMBAR,      /* hip to waist */
	FIGURE_THORAX,      /* waist to shoulders */
	FIGURE_NECK,        /* shoulders to head */
	FIGURE_GAZE,        /* where the nose points; FIGURE_TURNED: toward or away from us */
	FIGURE_ARM, FIGURE_FOREARM,           /* near side; from the front: the
	                                       * right one in the picture */
	FIGURE_FAR_ARM, FIGURE_FAR_FOREARM,
	FIGURE_THIGH, FIGURE_SHANK, FIGURE_FOOT,
	FIGURE_FAR_THIGH, FIGURE_FAR_SHANK, FIGURE_FAR_FOOT,
	FIGURE_ANGLES,
};
enum { FIGURE_TURNED = 999 };

/* What points toward us is seen shorter: in percent, 0 for 100. */
enum figure_length { FIGURE_L_THIGH, FIGURE_L_SHANK, FIGURE_L_FAR_THIGH,
                     FIGURE_L_FAR_SHANK, FIGURE_L_TRUNK,
                     FIGURE_LENGTHS };

struct figure_pose {
	short angle[FIGURE_ANGLES];
	short length[FIGURE_LENGTHS];
};

enum figure_prop {
	FIGURE_CHAIR = 1,   /* under the hips */
	FIGURE_WALL = 2,    /* behind the back; from the front: behind everything */
	FIGURE_BALL = 4,    /* between back and wall, or under the hips */
	FIGURE_ROLLER = 8,  /* under the shoulder blades */
	FIGURE_WARM = 16,   /* a warm pack behind the waist */
	FIGURE_MAT = 32,    /* seen from above, lying: no floor */
	FIGURE_STOOL = 64,  /* under the calves */
	FIGURE_EDGE = 128,  /* on the front of the chair's seat */
	FIGURE_PACE = 256,  /* walks: no foot stays where it was */
};

struct figure {
	bool front;             /* seen from the front, else from the side */
	unsigned props;
	int count;              /* poses: 0 no figure, 1, or 2 to move between */
	struct figure_pose poses[2];
};

/* HALO is the colour of the ground: what parts a limb from the trunk that it lies before. */
enum figure_ink { FIGURE_INK_BODY, FIGURE_INK_FAR, FIGURE_INK_TOOL, FIGURE_INK_FURNITURE,
                  FIGURE_INK_HALO };

/* A stroke through 2 or 3 points (3: a curve through the middle one) with round ends, or a disc:
 * one point. */
struct figure_shape {
	enum figure_ink ink;
	int points;
	double x[3], y[3];
	double width;           /* of the stroke; of a disc its diameter */
};
enum { FIGURE_SHAPES_MAX = 32 };

/* The pose `share` of the way from the first to the second, 0-1. */
struct figure_pose figure_between(const struct figure *, double share);
/* Back to front. Returns how many; the same number and kinds for every pose of a figure. */
int figure_shapes(const struct figure *, const struct figure_pose *,
                  struct figure_shape[FIGURE_SHAPES_MAX]);

/* From body heights to a square picture of that side, x right and y down: picture x = x + scale *
 * X, y = y - scale * Y. All poses fit, what they stand on included, the floor's ends not. */
struct figure_view {
	double scale, x, y;
};
struct figure_view figure_fit(const struct figure *, double side, double margin);

/* How far between its poses a figure is that moves for ever, from its first pose at 0 s: 0-1. */
double figure_share(double seconds);

enum figure_style {
	FIGURE_STILL,           /* the first pose faint behind the second */
	FIGURE_MOVING,          /* moves between them for ever, where SVG may */
};
/* A square picture, on a ground of its own so that it can be seen on light and dark. False, and
 * nothing written, where there is no figure. */
bool figure_svg(const struct figure *, enum figure_style, FILE *);

#endif
