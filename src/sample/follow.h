/* What a stretch is followed by (coach/stretch.h), out of a picture's landmarks. */
#ifndef UNKNOT_SAMPLE_FOLLOW_H
#define UNKNOT_SAMPLE_FOLLOW_H

#include "coach/stretch.h"
#include "sample/sample.h"

struct stretch_view stretch_view_of(const struct sample *);

#endif
