/* What the program sees, drawn on the picture: for analyze --annotate. */
#ifndef UNKNOT_CLI_DRAW_H
#define UNKNOT_CLI_DRAW_H

#include "opencv/opencv.h"
#include "sample/sample.h"

/* Landmarks, head axes, horizon, shoulder line, the upright place of the eyes with its limits,
 * numbers with their sigma, and the verdict with its reasons: the sampler's camera, profile and
 * limits. */
void draw_sample(struct cv_image *, const struct sampler *, const struct sample *);

#endif
