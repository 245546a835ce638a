/* A profile out of the pictures that were gathered, and into its file: for the command and for the
 * window. */
#ifndef UNKNOT_CALIBRATE_MAKE_H
#define UNKNOT_CALIBRATE_MAKE_H

#include "base/paths.h"
#include "calibrate/gather.h"
#include "config/config.h"
#include "geometry/profile.h"

/* What was measured besides; all zero: nothing. */
struct make_known {
	double distance_cm;    /* eyes to camera by ruler; 0: not measured */
	bool distance_arm;     /* the camera is at arm's length, instead */
	double eye_height_cm;  /* eyes above the camera by ruler, when eye_height_known */
	double hfov_deg, tilt_deg;
	bool eye_height_known, tilt_known, hfov_known;
};

/* Of which camera, and where what is known of it lies. */
struct make_place {
	const struct config *config;
	const char *state_dir;
	const char *camera_id; /* as in struct capture; "" for pictures of nobody's camera */
};

struct made {
	struct profile profile;
	double spread_mm;      /* how far the eyes wandered among the pictures */
	int turn;              /* of the pictures, sample.turn */
};

/* Of at least `least` pictures, after gather_settle. The profile has no name yet. */
bool make_profile(struct made *, struct gather *, int least, const struct make_known *,
                  const struct make_place *, struct error *);

/* Names it, dates it and writes it: into `path`, or where the profile of that name lies when it is
 * NULL. What is there is overwritten: ask before, profile_exists. */
bool make_save(struct made *, const char *name, const char *path, const char *state_dir,
               int64_t wall_ms, struct error *);

/* What was achieved, in the units of the advice. */
enum make_line { MAKE_TURN, MAKE_SPREAD, MAKE_PLACE, MAKE_EXACT, MAKE_SHOULDERS, MAKE_LINES };
/* Empty where there is nothing to say. Without a full stop but for whole sentences. */
void make_words(const struct made *, enum make_line, char *text, size_t size);
/* it is known well enough to advise on the screen's height */
bool make_has_monitor(const struct made *);
bool make_wants_ruler(const struct made *); /* a measured distance would make it clearly better */

#endif
