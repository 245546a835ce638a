/* Whether a profile is of this person at this place: changes against somebody else's upright, or
 * against a place that the camera has left, would be nonsense said with confidence. Pure; single
 * looks waver, so that medians over several decide. */
#ifndef UNKNOT_GEOMETRY_MATCH_H
#define UNKNOT_GEOMETRY_MATCH_H

#include "geometry/identity.h"
#include "geometry/measure.h"
#include "geometry/profile_store.h"

enum match {
	MATCH_UNKNOWN,      /* too few looks: the profile is believed */
	MATCH_FITS,
	MATCH_DOUBT,        /* the face hardly fits: worth a question,
	                     * the profile is still believed */
	MATCH_OTHER_PERSON, /* its proportions are somebody else's */
	MATCH_OTHER_PLACE,  /* the eyes are where no posture takes them, or the room has moved */
};

/* One face against one profile. */
struct match_look {
	double misfit_mm; /* root mean square of the rigid points' fit, at the face */
	double share;     /* of the misfit that the mean face has in the same picture: what blurs,
	                   * bends or lights this picture badly is in both */
	double away_mm;   /* of the eyes from their upright place; higher and farther do not count,
	                   * that is standing up and rolling back */
	struct identity seen, own; /* of the face, and of who made the profile */
	int own_looks;    /* pictures that the profile was made from */
};

/* `head` is the fit of that face with this profile's shape. False when the face is turned so far
 * from the upright one that its proportions say nothing. */
bool match_look(const struct camera *, const struct profile *, const struct face_result *,
                int width, int height, const struct head_pose *, struct match_look *);

enum { MATCH_LOOKS = 15 };

/* Plain data. */
struct matcher {
	struct match_track {
		double misfit_mm[MATCH_LOOKS], away_mm[MATCH_LOOKS]; /* of the last ones */
		int count, next;
		double usual;  /* share of this profile while it fits, slowly: the owner's own */
		int learned;   /* looks in it */
		/* Means over this sitting, that of long ago fading. */
		double log_share;
		struct identity face;
		int seen;      /* looks in them */
		struct identity own; /* as the last look has it */
		int own_looks;
	} tracks[PROFILES_MAX];
	int current;       /* the profile in force */
	enum match state;  /* of that one */
};

/* Begins anew with the first profile. */
void matcher_init(struct matcher *);

/* The looks of one picture, one for each of `count` profiles where it was seen. Another profile
 * comes into force when it fits clearly better; the state follows with hysteresis. */
void matcher_step(struct matcher *, const struct match_look *looks, const bool *seen, int count);

/* The profile must not be judged by. */
bool match_is_wrong(enum match);
/* The person should be asked to calibrate: wrong, or in doubt. */
bool match_asks(enum match);
/* What to tell about a wrong one: "the face is not the one of the profile". */
const char *match_text(enum match);

#endif
