/* What the program sees, drawn on the picture: for analyze --annotate and preview. */
#ifndef UNKNOT_CLI_DRAW_H
#define UNKNOT_CLI_DRAW_H

#include "opencv/opencv.h"
#include "sample/sample.h"

/* Landmarks, head axes, horizon, shoulder line, numbers with their sigma, and the verdict with its
 * reasons. `camera` is scaled to the picture. */
void draw_sample(struct cv_image *, const struct camera *, const struct sample *);

#endif
