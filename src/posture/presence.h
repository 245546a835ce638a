/* Is somebody there? Pure: what one look at the world saw in, presence out, with hysteresis. */
#ifndef UNKNOT_POSTURE_PRESENCE_H
#define UNKNOT_POSTURE_PRESENCE_H

#include "posture/posture.h"

enum camera_status {
	CAMERA_WORKS,
	CAMERA_BUSY,  /* another program has it (EBUSY): most likely a call */
	CAMERA_GONE,  /* unplugged, no permission, broken */
};

struct presence_config {
	double away_s;         /* nobody seen for this long: away (15) */
	double unknown_s;      /* no picture for this long: unknown (120) */
	double blocked_s;      /* black for so long and blocked_samples pictures: blocked (2; 3) */
	int blocked_samples;
};
struct presence_config presence_config_default(void);

struct presence_sample {
	double seconds;        /* monotonic, instant.seconds */
	bool paused;           /* locked, asleep, lid closed or paused by the user */
	enum camera_status camera;
	bool sampled;          /* a picture was taken: the rest means something */
	bool blocked;          /* too dark or too even to say that
	                        * nobody is there (image/convert.h) */
	bool person;           /* a pose or a face was found */
};

/* Plain data. */
struct presence_judge {
	struct presence_config config;
	enum presence presence;
	double last_sample;    /* seconds of the last picture, < 0 none */
	double last_seen;      /* ... with a person in it */
	double empty_since;    /* nobody since, < 0 when somebody was seen last */
	int seen_count;
	double dark_since;
	int dark_count;
};

void presence_init(struct presence_judge *, const struct presence_config *);

/* paused and in_call hold at once and end at once; what comes after is what the pictures say:
 *   present  a person was seen within away_s
 *   away     nobody for away_s (from unknown as well)
 *   blocked  pictures that say nothing, never while a person is found in them: absence is never
 *            concluded from them, so nobody in a dark room is credited with a break
 *   unknown  no picture for unknown_s, the camera is gone, or nothing is known yet
 * A single picture never makes away, blocked or back from away (a passer-by, a flicker). */
enum presence presence_step(struct presence_judge *, const struct presence_sample *);

/* Seconds until the next look is worth it where the last picture disagrees with the presence told;
 * 0: as soon as may be; INFINITY: it agrees. */
double presence_wait(const struct presence_judge *);

#endif
