#include "store/database.h"
#include "store/store.h"

#include <string.h>

static int is_stopped(void *stop)
{
	return atomic_load((const atomic_bool *)stop);
}

/* The first row of the check says "ok" or what is wrong. */
static int check_pages(sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &q, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(q);
	if (code == SQLITE_ROW)
		code = strcmp((const char *)sqlite3_column_text(q, 0), "ok") == 0 ? SQLITE_OK
		                                                                  : SQLITE_CORRUPT;
	sqlite3_finalize(q);
	return code & 0xff;
}

enum store_soundness store_check(const char *dir, const atomic_bool *stop)
{
	enum { STEPS = 10000 }; /* of SQLite's machine between two looks
	                         * at `stop`: some milliseconds */
	char path[PATH_SIZE];
	struct error error;
	sqlite3 *db = NULL;
	if (!path_join(path, dir, "history.sqlite", &error))
		return STORE_UNCHECKED;
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "PRAGMA cache_size=-256", NULL, NULL, NULL);
	sqlite3_progress_handler(db, STEPS, is_stopped, (void *)stop);
	if (code == SQLITE_OK)
		code = check_pages(db);
	sqlite3_close(db);
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		return STORE_DAMAGED;
	return code == SQLITE_OK ? STORE_SOUND : STORE_UNCHECKED;
}
