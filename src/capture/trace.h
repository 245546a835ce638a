/* Recorded measures in place of a camera: JSON lines as `unknot analyze` writes them, or shorter
 * ones:
 * {"t":12.0,"presence":"present","measures":{"eye_drop_cm":{"value":7,"sigma":1,"valid":true}}}
 * "wall" (RFC 3339) in the first line sets the day; a number stands for {"value":n,"sigma":0,...}.
 * "repeat_until": t in a line repeats it every "every" (5) seconds until then, so that a day is a
 * page. Empty lines and those that begin with '#' are skipped. Each line is one JSON object of at
 * most a megabyte; a "t" earlier than the sample before makes a line a bad one. */
#ifndef UNKNOT_CAPTURE_TRACE_H
#define UNKNOT_CAPTURE_TRACE_H

#include "posture/posture.h"

#include <stdint.h>

struct trace;
struct trace *trace_open(const char *path, struct error *);
void trace_free(struct trace *);
/* The next sample, seconds counted from the trace's start. 1 sample, 0 end, -1 a bad line (error
 * says which; reading may go on). */
int trace_next(struct trace *, struct posture_sample *, struct error *);
/* Wall clock of second 0, ms since the epoch; 0 when the trace does not say. */
int64_t trace_start_wall_ms(const struct trace *);

#endif
