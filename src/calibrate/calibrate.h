/* Inside `unknot calibrate`: what was asked for, and its two halves, the person and the lens. */
#ifndef UNKNOT_CALIBRATE_CALIBRATE_H
#define UNKNOT_CALIBRATE_CALIBRATE_H

#include "base/error.h"
#include "calibrate/make.h"
#include "capture/capture.h"

#include <stdbool.h>

enum { CALIBRATE_WIDTH = 640, CALIBRATE_HEIGHT = 480, CALIBRATE_LEND_S = 180 };

struct calibrate_request {
	bool from_pictures;    /* of the command line, instead of a source */
	struct make_known known;
	const char *name, *output, *device, *source, *model;
};

/* The camera or recording that was asked for; the daemon lets go of its own first. */
struct capture *calibrate_open(const struct calibrate_request *, struct error *);
void calibrate_close(struct capture *);

/* Both return an exit status and have told everything. `paths` only when from_pictures. */
int calibrate_person(const struct calibrate_request *, char *const *paths, int count);
int calibrate_lens(const struct calibrate_request *, char *const *paths, int count);

#endif
