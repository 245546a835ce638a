/* The live picture: a thread that borrows the camera from the daemon, looks at each frame and hands
 * what it found to the main loop. Pictures stay in memory. */
#ifndef UNKNOT_WINDOW_LIVE_H
#define UNKNOT_WINDOW_LIVE_H

#include "base/error.h"
#include "sample/sample.h"

#include <cairo.h>

struct live;

/* What one frame gave, for the time of the call. */
struct live_shot {
	cairo_surface_t *picture;     /* mirrored: as before a mirror; upright,
	                               * opaque, and as large as live_fit has it.
	                               * May be drawn on, and kept by a reference */
	const struct frame *frame;    /* the same as it came; its pixels
	                               * are valid during the call */
	const struct sample *sample;  /* its x grows to the right of the frame, not of the mirror */
	bool fresh;                   /* the sample is of this frame; else
	                               * of the last that was looked at */
	const struct profile *profile; /* in force; its `valid` is false when there is none */
	struct camera camera;         /* of the frame */
	const char *camera_id;        /* as in struct capture */
	double fps;                   /* of a recording; 0 when live */
};

/* Every frame is shown, so many a second are looked at: enough to follow a stretch (half a second
 * out of it is forgiven), and a quarter of the networks' work at a camera's 30. */
enum { LIVE_LOOKS_PER_S = 8 };

/* Called in the main loop; frames that came meanwhile are dropped. With an error, and without a
 * shot, it is over: the error is why, empty at the end of a recording. */
typedef void live_fn(void *user, const struct live_shot *, const struct error *);

/* `source` as capture_open takes it, NULL for the configured camera. The camera is opened on the
 * thread: this returns at once. */
struct live *live_start(const char *source, live_fn *, void *user);
/* The room that the next pictures have, in pixels of the screen: they fill it as far as their shape
 * lets them, so that nothing scales them again. Until it is known they are of the frame's size. */
void live_fit(struct live *, int width, int height);
/* Ends it: live_fn is not called any more. The camera goes off and back to the daemon as soon as
 * its driver has answered, which nobody waits for; the next live_start does, on its own thread. */
void live_stop(struct live *);

#endif
