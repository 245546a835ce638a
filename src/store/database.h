/* Inside the store: the file under it. Private to this room. */
#ifndef UNKNOT_STORE_DATABASE_H
#define UNKNOT_STORE_DATABASE_H

#include "base/error.h"
#include "base/paths.h"

#include <sqlite3.h>
#include <stdbool.h>

struct database {
	sqlite3 *db; /* NULL when not open */
	char path[PATH_SIZE];
};

/* Opens or makes <dir>/history.sqlite (dir NULL: in memory) with the newest schema. Only a file
 * that SQLite calls damaged is kept aside, and only where set_aside is given (store.h); a locked or
 * unreadable one is an error and stays where it is. */
bool database_open(struct database *, const char *dir, char *set_aside, struct error *);
void database_close(struct database *);
/* Closes the file, keeps it aside and begins a new one in its place. */
bool database_begin_anew(struct database *, char *set_aside, struct error *);

/* Fills *error from the last call's failure and returns false. */
bool database_failed(struct database *, struct error *);
/* Statements without parameters or results. */
bool database_run(struct database *, const char *sql, struct error *);

#endif
