/* The history as the window reads it: beside the daemon, on a thread of its own (GTask), because a
 * month takes longer than a frame. */
#ifndef UNKNOT_WINDOW_HISTORY_H
#define UNKNOT_WINDOW_HISTORY_H

#include "base/paths.h"
#include "report/report.h"

struct history {
	struct report_source source;    /* its store is NULL where there is no history yet */
	char state[PATH_SIZE], reports[PATH_SIZE];
};

/* `make`: one is begun where there is none. */
bool history_open(struct history *, bool make, struct error *);
void history_close(struct history *);
/* Is anything in it? */
bool history_any(const struct history *);

#endif
