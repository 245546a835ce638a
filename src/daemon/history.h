/* The daemon's care for its history: opened, and opened again when it could not be; read for damage
 * once, on a thread of its own, which also saves what a damaged one still holds; what is too old
 * forgotten every hour, with its reports. */
#ifndef UNKNOT_DAEMON_HISTORY_H
#define UNKNOT_DAEMON_HISTORY_H

#include "base/paths.h"
#include "store/store.h"

#include <glib.h>

struct history {
	struct store *store;         /* NULL while it cannot be opened, which was told */
	const char *state_dir;
	const char *data_dir;        /* where old reports go from */
	GThread *checking;           /* reads it for damage, saves what a
	                              * damaged one holds; NULL: not */
	atomic_bool stop_checking;
	bool checked, renewed;       /* renewed: begun anew, which history_care tells */
	char set_aside[PATH_SIZE];   /* what is to be saved; the thread's */
	double pruned_at;            /* seconds; of the last store_forget */
	double opened_at;            /* of the last attempt to open it */
};

/* Never fails: without a history the daemon watches all the same. The folders are borrowed. */
void history_open(struct history *, const char *state_dir, const char *data_dir);
void history_close(struct history *);

/* After a look, when there is time. True when `store`, or the file under it, is another one from
 * now on. */
bool history_care(struct history *, double seconds, double keep_days);

#endif
