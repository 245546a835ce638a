/* The pictures that a command was given: files, folders, MJPEG streams and videos as one
 * sequence. */
#ifndef UNKNOT_CLI_INPUT_H
#define UNKNOT_CLI_INPUT_H

#include "base/error.h"
#include "image/frame.h"

#include <stdbool.h>

struct input;

enum input_status { INPUT_FRAME, INPUT_BAD, INPUT_END };

/* `paths` are borrowed. Folders are expanded to their pictures in name order; a missing path is an
 * error here, a picture that cannot be decoded is INPUT_BAD later. fps > 0 makes every picture part
 * of one moving sequence with that time step; otherwise pictures stand alone, one second apart. */
struct input *input_open(char *const *paths, int count, double fps, struct error *);
void input_free(struct input *);

/* The next frame, borrowed until the next call. *fresh tells that it does not continue the one
 * before (another file that is not part of a sequence). INPUT_BAD: this one cannot be read, go
 * on. */
enum input_status input_next(struct input *, struct frame *, bool *fresh, struct error *);
/* Of the last frame: its file, and its number within a stream (0 for a picture). */
const char *input_source(const struct input *);
long input_frame_number(const struct input *);

#endif
