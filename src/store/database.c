#include "store/database.h"
#include "base/text.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Another process may be reading or making the schema; both take milliseconds. */
enum { BUSY_TIMEOUT_MS = 2000 };

/* Version n's schema is reached by running migrations[n-1] on version n-1. */
static const char *const migrations[] = {
	"CREATE TABLE span(start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,"
	"  presence TEXT NOT NULL, posture TEXT NOT NULL);"
	"CREATE INDEX span_time ON span(start_ms);"
	/* Measures as a blob of MEASURE_COUNT pairs of float (value, sigma), NaN when not valid,
	 * preceded by nothing: their order is that of measures.h, which only ever grows at its
	 * end. */
	"CREATE TABLE sample(wall_ms INTEGER NOT NULL, posture TEXT NOT NULL, confidence REAL NOT "
	"NULL,"
	"  measures BLOB NOT NULL);"
	"CREATE INDEX sample_time ON sample(wall_ms);"
	"CREATE TABLE alert(id INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL, kind TEXT NOT NULL,"
	"  posture TEXT NOT NULL, held_s REAL, evidence TEXT, value REAL, sigma REAL, reason TEXT, "
	"text TEXT,"
	"  answer INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX alert_time ON alert(wall_ms);"
	"CREATE TABLE break(kind TEXT NOT NULL, prompted INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
	"  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, length_s REAL, sitting_s REAL,"
	"  outcome TEXT NOT NULL);"
	"CREATE INDEX break_time ON break(due_ms);",
	/* Rows from before have NULL there. */
	"ALTER TABLE span ADD COLUMN utc_offset_s INTEGER;"
	"ALTER TABLE alert ADD COLUMN baseline REAL;"
	"ALTER TABLE alert ADD COLUMN threshold REAL;",
	/* The diary; a place is where it hurts. */
	("CREATE TABLE pain(wall_ms INTEGER NOT NULL, level INTEGER NOT NULL, place TEXT, note "
	 "TEXT);"
	 "CREATE INDEX pain_time ON pain(wall_ms);"),
};

enum { VERSION = sizeof migrations / sizeof *migrations };

/* What SQLite says of these codes, whatever the rest of the code, so that it can be translated; and
 * what to do. */
static const struct failure {
	int code;
	const char *says, *hint;
} failures[] = {
	{SQLITE_FULL, N_("database or disk is full"), N_("; free some disk space")},
	{SQLITE_READONLY, N_("attempt to write a readonly database"),
	 N_("; make the file and its folder writable")},
	{SQLITE_CANTOPEN, N_("unable to open database file"),
	 N_("; it and its folder must be writable, also to be read")},
	{SQLITE_CORRUPT, N_("database disk image is malformed"),
	 N_("; unknotd keeps it aside soon after it starts")},
	{SQLITE_NOTADB, N_("file is not a database"),
	 N_("; unknotd keeps it aside soon after it starts")},
	{SQLITE_IOERR, N_("disk I/O error"), N_("; see whether the disk is full or damaged")},
	{SQLITE_BUSY, N_("database is locked"), N_("; another program holds it")},
};

bool database_failed(struct database *d, struct error *error)
{
	const char *says = sqlite3_errmsg(d->db), *hint = "";
	const int code = sqlite3_errcode(d->db) & 0xff;
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		if (failures[i].code == code) {
			says = _(failures[i].says);
			hint = _(failures[i].hint);
		}
	return error_set(error, EIO, "%.180s: %s%s", d->path, says, hint);
}

bool database_run(struct database *d, const char *sql, struct error *error)
{
	return sqlite3_exec(d->db, sql, NULL, NULL, NULL) == SQLITE_OK || database_failed(d, error);
}

/* -1: cannot be read. */
static int version_of(sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	int version = -1;
	if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		version = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	return version;
}

static bool migrate_one(struct database *d, struct error *error)
{
	char pragma[64];
	/* Who waited for another process here finds the work done. */
	const int version = version_of(d->db);
	if (version < 0)
		return database_failed(d, error);
	if (version >= VERSION)
		return true;
	snprintf(pragma, sizeof pragma, "PRAGMA user_version=%d", version + 1);
	return database_run(d, migrations[version], error) && database_run(d, pragma, error);
}

static bool migrate(struct database *d, struct error *error)
{
	int version;
	while ((version = version_of(d->db)) < VERSION) {
		if (version < 0)
			return database_failed(d, error);
		if (!database_run(d, "BEGIN IMMEDIATE", error) || !migrate_one(d, error) ||
		    !database_run(d, "COMMIT", error))
			return false;
	}
	if (version > VERSION)
		return error_set(error, EINVAL,
		                 "%.150s: written by a newer unknot (format %d, this one knows %d)",
		                 d->path, version, VERSION);
	return true;
}

/* SQLITE_OK, or why the file cannot be used; then it is closed again. */
static int open_file(struct database *d, struct error *error)
{
	int code = sqlite3_open_v2(d->path, &d->db,
	                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
	                           NULL);
	sqlite3_busy_timeout(d->db, BUSY_TIMEOUT_MS);
	if (code == SQLITE_OK && version_of(d->db) < 0)
		code = sqlite3_errcode(d->db);
	if (code != SQLITE_OK) {
		database_failed(d, error);
		database_close(d);
	}
	return code & 0xff;
}

/* The file and its log: what can be saved of the one may be in the other, and the old log must not
 * be played into the new file. */
static void keep_aside(const struct database *d, char *set_aside)
{
	static const char *const parts[] = {"", "-wal", "-shm"};
	char stamp[32], from[PATH_SIZE], to[PATH_SIZE];
	time_t now = time(NULL);
	struct tm day;
	strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", localtime_r(&now, &day));
	for (int i = 0; i < 3; i++) {
		if (snprintf(to, sizeof to, "%s.corrupt-%s%s", d->path,
		             stamp, parts[i]) >= PATH_SIZE)
			return;
		snprintf(from, sizeof from, "%.1000s%s", d->path, parts[i]);
		if (rename(from, to) == 0 && i == 0)
			snprintf(set_aside, PATH_SIZE, "%s", to);
	}
}

void store_forget_aside(const char *dir, int64_t before_ms)
{
	static const char start[] = "history.sqlite.corrupt-";
	DIR *d = opendir(dir);
	const struct dirent *e;
	while (d != NULL && (e = readdir(d)) != NULL) {
		struct tm day = {.tm_isdst = -1};
		if (strncmp(e->d_name, start, strlen(start)) != 0 ||
		    strptime(e->d_name + strlen(start), "%Y%m%d-%H%M%S", &day) == NULL)
			continue;
		if ((int64_t)mktime(&day) * 1000 < before_ms)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d != NULL)
		closedir(d);
}

/* A file restored from a backup, or made under another umask. */
static void make_private(const char *path)
{
	struct stat info;
	if (stat(path, &info) == 0 && (info.st_mode & 077) != 0)
		chmod(path, 0600);
}

/* set_aside: as in database_open. `aside`: whatever lies there goes aside first. */
static bool open_newest(struct database *d, bool aside, char *set_aside, struct error *error)
{
	const mode_t before = umask(0077);
	int code = aside ? SQLITE_CORRUPT : open_file(d, error);
	if (set_aside != NULL && (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)) {
		keep_aside(d, set_aside);
		code = open_file(d, error);
	}
	/* NORMAL in WAL mode: a power cut may cost the last commits, never the file. What is
	 * forgotten is overwritten, not only unlinked. Rows are added at the end and read in order:
	 * a cache of a few pages does, where SQLite would take 2 MB. */
	const bool good = code == SQLITE_OK &&
	                  database_run(d, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
	                                  "PRAGMA secure_delete=ON; PRAGMA cache_size=-256;"
	                                  "PRAGMA temp_store=MEMORY;", error) &&
	                  migrate(d, error);
	umask(before);
	if (!good)
		database_close(d);
	return good;
}

bool database_open(struct database *d, const char *dir, char *set_aside, struct error *error)
{
	if (set_aside != NULL)
		*set_aside = '\0';
	d->db = NULL;
	snprintf(d->path, sizeof d->path, "%s", ":memory:");
	if (dir != NULL && (!path_make_dir(dir, error) ||
	                    !path_join(d->path, dir, "history.sqlite", error)))
		return false;
	if (dir != NULL)
		make_private(d->path);
	return open_newest(d, false, set_aside, error);
}

bool database_begin_anew(struct database *d, char *set_aside, struct error *error)
{
	*set_aside = '\0';
	database_close(d);
	return open_newest(d, true, set_aside, error);
}

void database_close(struct database *d)
{
	sqlite3_close(d->db);
	d->db = NULL;
}
