/* Inside the report: a day's samples as columns, and what is computed of them. Private to this
 * room.
 *
 * Looks come every 3 s while something is wrong and every 30 s while nothing is: counted one by one
 * they would show the day worse than it was. So a sample stands for the time to the next one; the
 * last before a hole, for as long as the one before it. All shares, percentiles and sums here are
 * of that time. */
#ifndef UNKNOT_REPORT_SAMPLES_H
#define UNKNOT_REPORT_SAMPLES_H

#include "report/report.h"

#include <stddef.h>

struct samples {
	size_t count, room;
	int64_t *at;                                        /* wall_ms */
	double *seconds;                                    /* that it stands for; samples_weigh */
	float *value[MEASURE_COUNT], *sigma[MEASURE_COUNT]; /* NaN where not valid */
	struct point *points;                               /* work space */
};

/* False when out of memory; in time order. */
bool samples_add(struct samples *, const struct store_sample *);
/* After the last one, before anything below. */
bool samples_weigh(struct samples *);
void samples_free(struct samples *);

void samples_measure(struct samples *, enum measure_id, const struct posture_config *,
                     struct report_measure *);
/* Percentiles of each slot of the day that begins at from_ms. */
void samples_curve(struct samples *, enum measure_id, int64_t from_ms, struct report_curve *);
/* The seconds in each band. What is wrong with an estimated angle (the person's shape, the profile)
 * is wrong all day, so the error is taken as common to all samples: every value is moved by z of
 * its own sigmas, for z over a normal distribution, and the seconds' mean and standard deviation
 * over z told. */
void samples_scale(const struct samples *, struct report_scale *);

#endif
