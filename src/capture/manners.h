/* Who else wants the camera. A camera streams for one program only; the one that asks second gets
 * EBUSY, and that must not be the person's call. So the node is watched: whoever opens it is seen
 * at once. */
#ifndef UNKNOT_CAPTURE_MANNERS_H
#define UNKNOT_CAPTURE_MANNERS_H

#include "base/error.h"

#include <stdbool.h>

/* A program other than this one that has the node open. */
struct camera_holder {
	int pid;
	char program[32]; /* printable */
};

/* Looks through /proc. Returns how many there are, at most max written. Other users' programs are
 * not seen without their rights: the camera's EBUSY tells of those. */
int manners_holders(const char *device, struct camera_holder *, int max);

/* Only PipeWire's server has it open, or the session manager that looks for it: programs that take
 * pictures from that do not open the node themselves. */
bool manners_is_pipewires(const char *device);

struct manners;

/* Watches the node (a link to it is followed), which need not be there yet. */
struct manners *manners_open(const char *device, struct error *);
void manners_free(struct manners *);

/* Readable when something happened: call manners_busy then. Stays the same until manners_free. */
int manners_fd(const struct manners *);

/* Called just before and just after this program itself opens or closes the node; what is not
 * announced counts as another's. What that makes the kernel tell is then taken for what it is: to
 * look through /proc three times a burst costs more than the picture (15 ms each time with 200
 * programs of 30 open files each). An open of another program's in that very moment may pass
 * unseen, its next one or its close will not. NULL: nothing happens. These two may be called on
 * another thread than manners_busy. */
void manners_before_ours(struct manners *);
void manners_after_ours(struct manners *);

/* Has another program the node open? Said as soon as it has opened it, whosever program it is,
 * without a look through /proc. Never blocks. To have a node open is not yet to stream: some
 * programs only look which cameras there are and leave within a second, few keep it open idly. Who
 * waits for them without end should try again after some minutes: EBUSY is the judge. */
bool manners_busy(struct manners *);

#endif
