/* Has a camera's automatic exposure come to rest? Pure: the brightness of its pictures in, yes or
 * no out.
 *
 * Of an exposure that is not known: when two pictures a tenth of a second apart are equally bright.
 * Automatic exposure goes by tens of percent in that time while it still searches. What it came to
 * rest at is then known of this camera for an hour: it goes by the brightness of the picture, so a
 * picture that is as bright again is exposed as well, if it is the first one. The camera's settings
 * are read by nobody and changed by nobody. */
#ifndef UNKNOT_DAEMON_EXPOSURE_H
#define UNKNOT_DAEMON_EXPOSURE_H

#include "image/convert.h"

#include <stdbool.h>

/* Seconds between pictures that are compared. */
#define EXPOSURE_APART_S 0.1

struct exposure {
	double known, known_at; /* brightness at rest, < 0: not known; when it was seen to rest */
	double before;          /* of the last picture of this look, < 0: none */
};

/* Of another camera. */
void exposure_init(struct exposure *);
/* The camera was switched on. `doubted`: what is known is not to be gone by, this time. */
void exposure_start(struct exposure *, double now_s, bool doubted);
/* One more picture, EXPOSURE_APART_S after the last one. */
bool exposure_rests(struct exposure *, double now_s, const struct luma_statistics *);

#endif
