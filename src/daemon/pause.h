/* Why the camera is off: the one place that knows. Pure: told what happened and when, it answers
 * which reasons hold. Times are seconds of the clock that counts sleep (struct instant), so that
 * half an hour of pause ends on time however long the machine slept meanwhile. */
#ifndef UNKNOT_DAEMON_PAUSE_H
#define UNKNOT_DAEMON_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

enum pause_reason {
	PAUSE_USER,          /* `unknot pause` */
	PAUSE_LENT,          /* to `unknot calibrate` or preview */
	PAUSE_LOCK_REQUEST,  /* the session was asked to lock, and nobody has said yet that it is */
	PAUSE_LOCKED,        /* the desktop or its screen saver says so */
	PAUSE_ASLEEP,
	PAUSE_LID,           /* shut, and the camera is in it */
	PAUSE_INACTIVE,      /* another user's session is in front */
	PAUSE_GREETER,       /* this session is a login screen */
	PAUSE_REMOTE,        /* who uses this session sits elsewhere */
	PAUSE_HOURS,         /* outside the working hours */
	PAUSE_REASONS
};

struct pause {
	unsigned reasons;            /* bits 1u << enum pause_reason */
	double until[PAUSE_REASONS]; /* of those; INFINITY: until it is ended */
};

/* A request to lock counts for so long: lockers that tell at all have told by then (GNOME's after
 * its curtain has come down, about a second), and swaylock, i3lock and their kind never do. */
enum { PAUSE_LOCK_REQUEST_S = 10 };

void pause_begin(struct pause *, enum pause_reason, double until);
void pause_end(struct pause *, enum pause_reason);
/* What is a state of the machine or the session: begins or ends as it says. That it is locked, or
 * no longer, answers the request. */
void pause_state(struct pause *, enum pause_reason, bool holds);
/* Lock and Unlock of the session: requests, of which only the state says what became of them. */
void pause_lock_request(struct pause *, bool lock, double now);

/* Drops what is over. */
void pause_expire(struct pause *, double now);
/* When the next one will be over; INFINITY when none ends by itself. */
double pause_next(const struct pause *);
/* The reasons that hold for a camera that the lid covers, or does not. 0: on. */
unsigned pause_reasons(const struct pause *, bool lid_covers);
/* Ends what a word can end; pause_reasons() says what is left. */
void pause_resume(struct pause *);

/* "user", "lid" ...; for status and the control interface. */
const char *pause_name(enum pause_reason);

/* ---- deadlines that outlive the daemon, and the machine ---- */

/* In seconds of this boot and, for the next one, whose seconds begin anew, by the wall. */
struct pause_deadline {
	double until;            /* 0: none; INFINITY: until it is ended */
	int64_t until_wall_ms;
	double left_s;           /* when it was written down */
};

struct instant;
struct pause_deadline pause_deadline_of(double until, struct instant now);
/* What is left of it: seconds of now's boot, 0 when it is over. Over a reboot the wall clock
 * decides, but a deadline never becomes longer than it was. */
double pause_deadline_until(const struct pause_deadline *, bool same_boot, struct instant now);

#endif
