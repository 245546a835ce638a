/* The one-euro filter (Casiez, Roussel, Vogel: CHI 2012) in MediaPipe's form: an
 * exponential smoother whose cut-off rises with speed. */
#ifndef UNKNOT_LANDMARK_ONE_EURO_H
#define UNKNOT_LANDMARK_ONE_EURO_H

#include <stdbool.h>

struct one_euro {
	bool started;
	double seconds;     /* of the last value */
	double raw, value, speed;
};

/* min_cutoff and derivative cut-off in Hz; `scale` brings the value to units of the tracked thing's
 * size. */
double one_euro_step(struct one_euro *, double value, double seconds, double scale,
                     double min_cutoff, double beta);

#endif
