/* Measures of one person smoothed in time. Pure.
 *
 * A Kalman filter of a random walk per measure (Bar-Shalom, Li, Kirubarajan: Estimation with
 * Applications to Tracking and Navigation, 2001, 5.2): who sits still sways a little, so the longer
 * ago a look was, the less it says. It knows the interval: at five looks a second it averages half
 * a second's noise away, at one in ten seconds it changes nothing. Who moves, moves: a value that
 * the noise cannot explain is taken as it is, without delay. What a longer look cannot mend, a
 * wrong focal length or tilt, stays in the sigma. */
#ifndef UNKNOT_GEOMETRY_FILTER_H
#define UNKNOT_GEOMETRY_FILTER_H

#include "geometry/measures.h"

/* Plain data. Zero-initialised: nothing seen yet. */
struct measure_filter {
	double seconds;
	struct {
		double value, variance; /* of the noise alone */
		bool valid;
	} state[MEASURE_COUNT];
};

/* `m` as measured at `seconds` (monotonic) becomes the best estimate for that moment; its sigma
 * shrinks by what the noise lost. Invalid measures stay invalid, and are forgotten after a silence
 * of a minute, as is everything when the clock runs backwards. */
void measure_filter_step(struct measure_filter *, double seconds, struct measures *m);

#endif
