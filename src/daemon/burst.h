/* One look through a live camera, on a thread of its own: to open and to start one may take seconds
 * (firmware, a bus that wakes up, a driver that waits for a device), and nobody waits for that but
 * this thread.
 *
 * All calls, and the callback's, are made on the thread of GLib's default main context; the capture
 * is used on the other one alone. Only the last result's pixels are read by the caller, while no
 * look is under way. */
#ifndef UNKNOT_DAEMON_BURST_H
#define UNKNOT_DAEMON_BURST_H

#include "capture/capture.h"

struct burst_plan {
	double warmup_s;     /* for the exposure to settle, at most */
	double patience_s;   /* how long a picture that shows something
	                      * is waited for; 0: no longer than usual */
	bool doubted;        /* the last picture was: the exposure is not taken for known */
	bool keep_on;        /* the camera stays on for the next
	                      * look, which takes what comes then */
	struct manners *manners; /* borrowed until the result */
	capture_hidden_fn *hidden; /* the capture's, of this look */
};

struct burst_result {
	unsigned serial;     /* of the look */
	bool cut;            /* burst_stop came before there was anything
	                      * to tell: only on_s and the names count */
	enum capture_status status;
	bool on;             /* the camera stays on, as planned */
	bool shared;         /* another program takes pictures from it too */
	struct frame frame;  /* when CAPTURE_FRAME: valid until the next burst_look or burst_stop */
	struct error error;  /* otherwise */
	double on_s;         /* the camera has been on in this look */
	double shown_s;      /* from its start until a picture showed
	                      * something; < 0: none did, or it was on */
	char name[128], id[128], node[256], note[320]; /* the capture's, which may
	                                                * have chosen another one */
};

struct burst;
typedef void burst_done_fn(void *user, const struct burst_result *);
/* What burst_stop could not wait for has come to pass: the camera is off. */
typedef void burst_off_fn(void *user);

/* Takes the capture, also after an error. skips_waits: no thread, and waits pass in no time, for a
 * camera that plays pictures; the callback comes from within burst_look. */
struct burst *burst_create(struct capture *, bool skips_waits, burst_done_fn *,
                           burst_off_fn *, void *user, struct error *);
/* Returns its serial number. One at a time: after a result or burst_stop. */
unsigned burst_look(struct burst *, const struct burst_plan *);
/* Camera off, as soon as the driver lets us: waits for that, but only for what nobody notices (40
 * ms). False: it may still be on, and burst_off_fn will tell. */
bool burst_stop(struct burst *);
/* A burst_stop is still under way. */
bool burst_stopping(struct burst *);
/* The camera is off after this, but for a driver that does not return within a second: false then,
 * and what was lent to the last look stays in use. No callback comes any more. */
bool burst_free(struct burst *);

#endif
