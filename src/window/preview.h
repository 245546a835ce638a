/* What is drawn over the live picture. */
#ifndef UNKNOT_WINDOW_PREVIEW_H
#define UNKNOT_WINDOW_PREVIEW_H

#include "sample/sample.h"

#include <cairo.h>

/* Points, head, horizon, and the place and room of the eyes while sitting upright, over the
 * mirrored picture of this size. `camera` is that of the frame; the profile may be not valid. */
void preview_draw(cairo_t *, double width, double height, const struct sample *,
                  const struct camera *,
                  const struct profile *, const struct posture_config *limits);

#endif
