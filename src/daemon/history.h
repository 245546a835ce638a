/* The daemon's care for its history: opened, and opened again when it could not be; read for damage once, on a
 * thread of its own; what is too old forgotten every hour. */
#ifndef UNKNOT_DAEMON_HISTORY_H
#define UNKNOT_DAEMON_HISTORY_H

#include "store/store.h"

#include <glib.h>

struct history {
	struct store *store;         /* NULL while it cannot be opened, which was told */
	const char *state_dir;
	GThread *checking;           /* reads the history for damage; NULL when not */
	atomic_bool stop_checking;
	bool checked;
	double pruned_at;            /* seconds; of the last store_forget */
	double opened_at;            /* of the last attempt to open it */
};

/* Never fails: without a history the daemon watches all the same. state_dir is borrowed. */
void history_open(struct history *, const char *state_dir);
void history_close(struct history *);

/* After a look, when there is time. True when `store` is another one from now on. */
bool history_care(struct history *, double seconds, double keep_days);

#endif
