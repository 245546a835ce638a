/* Where samples come from, on the GLib main loop: a live camera in bursts, a recording, or a trace.
 * The loop never waits for a camera, which has a thread of its own (burst.h). */
#ifndef UNKNOT_DAEMON_WATCH_H
#define UNKNOT_DAEMON_WATCH_H

#include "base/clock.h"
#include "capture/capture.h"
#include "daemon/pace.h"
#include "posture/posture.h"
#include "sample/sample.h"

struct watch_config {
	const char *source;      /* v4l2[:DEVICE] | replay:... | trace:FILE; NULL, "" or v4l2: the
	                          * best camera that there is, also one that comes later */
	double speed;            /* of recorded time against real time */
	bool continuous;
	double interval_min_s, interval_max_s, warmup_s;
	double away_s;
	int width, height;       /* asked from a camera */
	const char *state_dir;   /* where slow cameras are remembered;
	                          * NULL: nowhere. Read by watch_create */
	struct capture *camera;  /* a camera that is open already, in place
	                          * of `source`; freed with the watch */
	bool skips_waits;        /* with such a camera: time jumps to
	                          * the next look instead of passing */
};

/* One step of the world. `sample` is NULL when no picture was taken or for a trace. */
typedef void watch_step_fn(void *user, struct instant now, const struct posture_sample *,
                           const struct sample *sample);

struct watch_callbacks {
	watch_step_fn *step;
	/* What the next look depends on, but for presence and idle. */
	void (*expect)(void *user, struct pace_view *);
	void (*ended)(void *user);     /* a recording is over */
	void (*changed)(void *user);   /* it is another camera from now on */
	void (*off)(void *user);       /* the camera is, which it was not
	                                * yet when watch_pause returned */
	void *user;
};

struct watch;

/* `sampler` may be NULL for a trace only; it is borrowed. */
struct watch *watch_create(const struct watch_config *, struct sampler *sampler,
                           const struct watch_callbacks *, struct error *);
void watch_free(struct watch *);

/* Begins; the first look comes at once. */
void watch_start(struct watch *);
/* Camera off, as burst_stop says, and steps with PRESENCE_PAUSED until false. */
void watch_pause(struct watch *, bool paused);
/* No camera is on, nor about to be while paused: what puts the machine to sleep waits for this. */
bool watch_is_off(const struct watch *);
/* The laptop's lid: while it is shut the best camera is one that it does not cover (lid.h). */
void watch_lid(struct watch *, bool shut, bool docked);
/* Nobody touches keyboard or mouse: an empty room is looked at less, until it is told that somebody
 * does. */
void watch_idle(struct watch *, bool idle);
/* Which camera it takes is its own choice: it may take another one. */
bool watch_chooses(const struct watch *);
/* Intervals anew. */
void watch_configure(struct watch *, const struct watch_config *);

/* Now, by the clock that this source runs on. */
struct instant watch_now(struct watch *);
const char *watch_name(const struct watch *);
/* It plays a recording or a trace: there is no camera to turn off. */
bool watch_is_recorded(const struct watch *);
/* What is wrong with the camera, or with the one that should be in its place, in a sentence's
 * words; "" when nothing is. A busy one is a call and no fault. */
const char *watch_problem(const struct watch *);
/* The camera's device file, "" when it has none. */
const char *watch_node(const struct watch *);
/* struct capture's id, "" for a trace. */
const char *watch_camera_id(const struct watch *);

#endif
