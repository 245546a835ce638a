#include "store/store.h"

#include "base/paths.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Version n's schema is reached by running migrations[n-1] on version n-1. */
static const char *const migrations[] = {
	"CREATE TABLE span(start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,"
	"  presence TEXT NOT NULL, posture TEXT NOT NULL);"
	"CREATE INDEX span_time ON span(start_ms);"
	/* Measures as a blob of MEASURE_COUNT pairs of float (value, sigma), NaN when not valid, preceded by
	 * nothing: their order is that of measures.h, which only ever grows at its end. */
	"CREATE TABLE sample(wall_ms INTEGER NOT NULL, posture TEXT NOT NULL, confidence REAL NOT NULL,"
	"  measures BLOB NOT NULL);"
	"CREATE INDEX sample_time ON sample(wall_ms);"
	"CREATE TABLE alert(id INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL, kind TEXT NOT NULL,"
	"  posture TEXT NOT NULL, held_s REAL, evidence TEXT, value REAL, sigma REAL, reason TEXT, text TEXT,"
	"  answer INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX alert_time ON alert(wall_ms);"
	"CREATE TABLE break(kind TEXT NOT NULL, prompted INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
	"  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, length_s REAL, sitting_s REAL,"
	"  outcome TEXT NOT NULL);"
	"CREATE INDEX break_time ON break(due_ms);",
};

enum { VERSION = sizeof migrations / sizeof *migrations };

enum statement {
	ADD_SPAN, GROW_SPAN, ADD_SAMPLE, ADD_ALERT, SET_ANSWER, ADD_BREAK, STATEMENTS
};

static const char *const statements[STATEMENTS] = {
	[ADD_SPAN] = "INSERT INTO span VALUES(?,?,?,?)",
	[GROW_SPAN] = "UPDATE span SET end_ms=? WHERE rowid=?",
	[ADD_SAMPLE] = "INSERT INTO sample VALUES(?,?,?,?)",
	[ADD_ALERT] = "INSERT INTO alert(wall_ms,kind,posture,held_s,evidence,value,sigma,reason,text,answer)"
	              " VALUES(?,?,?,?,?,?,?,?,?,?)",
	[SET_ANSWER] = "UPDATE alert SET answer=? WHERE id=?",
	[ADD_BREAK] = "INSERT INTO break VALUES(?,?,?,?,?,?,?,?)",
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *prepared[STATEMENTS];
	bool in_transaction;
	int64_t last_span;          /* its row, 0 for none in this run */
	struct store_span last;
	char path[PATH_SIZE];
};

static bool failed(struct store *s, struct error *error)
{
	int code = sqlite3_extended_errcode(s->db);
	const char *hint = (code & 0xff) == SQLITE_FULL ? "; free some disk space"
	                 : (code & 0xff) == SQLITE_READONLY ? "; make the folder writable" : "";
	return error_set(error, EIO, "%s: %s%s", s->path, sqlite3_errmsg(s->db), hint);
}

static bool run(struct store *s, const char *sql, struct error *error)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(s, error);
}

/* ---- opening ---- */

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

static bool is_whole(sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	bool good = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &q, NULL) == SQLITE_OK &&
	            sqlite3_step(q) == SQLITE_ROW &&
	            strcmp((const char *)sqlite3_column_text(q, 0), "ok") == 0;
	sqlite3_finalize(q);
	return good;
}

static bool migrate(struct store *s, struct error *error)
{
	int version = version_of(s->db);
	if (version > VERSION)
		return error_set(error, EINVAL, "%s: written by a newer unknot (format %d, this one knows %d)",
		                 s->path, version, VERSION);
	for (; version < VERSION; version++) {
		char pragma[64];
		snprintf(pragma, sizeof pragma, "PRAGMA user_version=%d", version + 1);
		if (!run(s, "BEGIN IMMEDIATE", error) || !run(s, migrations[version], error) ||
		    !run(s, pragma, error) || !run(s, "COMMIT", error))
			return false;
	}
	return true;
}

/* SQLITE_OK, or why the file cannot be used. */
static int open_file(struct store *s, struct error *error)
{
	int code = sqlite3_open_v2(s->path, &s->db,
	                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK && version_of(s->db) < 0)
		code = sqlite3_errcode(s->db) & 0xff;
	if (code == SQLITE_OK && !is_whole(s->db))
		code = SQLITE_CORRUPT;
	if (code != SQLITE_OK) {
		failed(s, error);
		sqlite3_close(s->db);
		s->db = NULL;
	}
	return code & 0xff;
}

static void keep_aside(const struct store *s, char *set_aside)
{
	char stamp[32], to[PATH_SIZE];
	time_t now = time(NULL);
	struct tm day;
	strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", localtime_r(&now, &day));
	if (snprintf(to, sizeof to, "%s.corrupt-%s", s->path, stamp) >= PATH_SIZE)
		return;
	rename(s->path, to);
	/* A log of the old file must not be played into the new one. */
	static const char *const companions[] = {"-wal", "-shm"};
	for (int i = 0; i < 2; i++) {
		char from[PATH_SIZE];
		if (snprintf(from, sizeof from, "%s%s", s->path, companions[i]) < PATH_SIZE)
			remove(from);
	}
	if (set_aside != NULL)
		snprintf(set_aside, PATH_SIZE, "%s", to);
}

static bool prepare(struct store *s, struct error *error)
{
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(s->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
		                       &s->prepared[i], NULL) != SQLITE_OK)
			return failed(s, error);
	return true;
}

struct store *store_open(const char *dir, char *set_aside, struct error *error)
{
	struct store *s = calloc(1, sizeof *s);
	if (s == NULL) {
		error_set(error, ENOMEM, "history: out of memory");
		return NULL;
	}
	if (set_aside != NULL)
		*set_aside = '\0';
	if (dir == NULL)
		strcpy(s->path, ":memory:");
	bool good = dir == NULL ||
	            (path_make_dir(dir, error) && path_join(s->path, dir, "history.sqlite", error));
	mode_t before = umask(0077);
	if (good) {
		int code = open_file(s, error);
		if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
			keep_aside(s, set_aside);
			code = open_file(s, error);
		}
		good = code == SQLITE_OK;
	}
	good = good && run(s, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
	                      "PRAGMA busy_timeout=2000;", error) &&
	       migrate(s, error) && prepare(s, error);
	umask(before);
	if (!good) {
		store_close(s);
		return NULL;
	}
	return s;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	if (s->db != NULL)
		store_flush(s, NULL);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(s->prepared[i]);
	sqlite3_close(s->db);
	free(s);
}

/* ---- writing ---- */

static bool begin(struct store *s, struct error *error)
{
	if (s->in_transaction)
		return true;
	s->in_transaction = run(s, "BEGIN", error);
	return s->in_transaction;
}

bool store_flush(struct store *s, struct error *error)
{
	if (!s->in_transaction)
		return true;
	if (run(s, "COMMIT", error)) {
		s->in_transaction = false;
		return true;
	}
	/* A full disk: what waits is kept in the transaction and tried again at the next flush, unless
	 * SQLite has rolled it back already. */
	s->in_transaction = sqlite3_get_autocommit(s->db) == 0;
	return false;
}

static sqlite3_stmt *statement(struct store *s, enum statement which, struct error *error)
{
	if (!begin(s, error))
		return NULL;
	sqlite3_reset(s->prepared[which]);
	return s->prepared[which];
}

static void put_text(sqlite3_stmt *q, int column, const char *text)
{
	sqlite3_bind_text(q, column, text, -1, SQLITE_TRANSIENT);
}

static bool finish(struct store *s, sqlite3_stmt *q, struct error *error)
{
	int code = sqlite3_step(q);
	bool good = code == SQLITE_DONE || failed(s, error);
	sqlite3_reset(q);
	if (!good)
		s->in_transaction = sqlite3_get_autocommit(s->db) == 0;
	return good;
}

static bool continues(const struct store *s, const struct store_span *span)
{
	return s->last_span != 0 && s->last.end_ms == span->start_ms &&
	       s->last.presence == span->presence && s->last.posture == span->posture;
}

bool store_span(struct store *s, const struct store_span *span, struct error *error)
{
	if (span->end_ms <= span->start_ms)
		return true;
	bool grow = continues(s, span);
	sqlite3_stmt *q = statement(s, grow ? GROW_SPAN : ADD_SPAN, error);
	if (q == NULL)
		return false;
	if (grow) {
		sqlite3_bind_int64(q, 1, span->end_ms);
		sqlite3_bind_int64(q, 2, s->last_span);
	} else {
		sqlite3_bind_int64(q, 1, span->start_ms);
		sqlite3_bind_int64(q, 2, span->end_ms);
		put_text(q, 3, presence_name(span->presence));
		put_text(q, 4, posture_name(span->posture));
	}
	if (!finish(s, q, error)) {
		s->last_span = 0; /* a rollback may have taken the row with it */
		return false;
	}
	if (!grow)
		s->last_span = sqlite3_last_insert_rowid(s->db);
	s->last = *span;
	return true;
}

bool store_sample(struct store *s, const struct store_sample *sample, struct error *error)
{
	float values[MEASURE_COUNT][2];
	sqlite3_stmt *q = statement(s, ADD_SAMPLE, error);
	if (q == NULL)
		return false;
	for (int i = 0; i < MEASURE_COUNT; i++) {
		const struct measure *m = &sample->measures.m[i];
		values[i][0] = m->valid ? (float)m->value : __builtin_nanf("");
		values[i][1] = m->valid ? (float)m->sigma : __builtin_nanf("");
	}
	sqlite3_bind_int64(q, 1, sample->wall_ms);
	put_text(q, 2, posture_name(sample->posture));
	sqlite3_bind_double(q, 3, sample->confidence);
	sqlite3_bind_blob(q, 4, values, sizeof values, SQLITE_TRANSIENT);
	return finish(s, q, error);
}

bool store_alert(struct store *s, const struct store_alert *a, int64_t *id, struct error *error)
{
	sqlite3_stmt *q = statement(s, ADD_ALERT, error);
	if (q == NULL)
		return false;
	sqlite3_bind_int64(q, 1, a->wall_ms);
	put_text(q, 2, a->kind);
	put_text(q, 3, posture_name(a->posture));
	sqlite3_bind_double(q, 4, a->held_s);
	put_text(q, 5, a->evidence);
	sqlite3_bind_double(q, 6, a->value);
	sqlite3_bind_double(q, 7, a->sigma);
	put_text(q, 8, a->reason);
	put_text(q, 9, a->text);
	sqlite3_bind_int(q, 10, a->answer);
	if (!finish(s, q, error))
		return false;
	if (id != NULL)
		*id = sqlite3_last_insert_rowid(s->db);
	return true;
}

bool store_answer(struct store *s, int64_t id, int answer, struct error *error)
{
	sqlite3_stmt *q = statement(s, SET_ANSWER, error);
	if (q == NULL)
		return false;
	sqlite3_bind_int(q, 1, answer);
	sqlite3_bind_int64(q, 2, id);
	return finish(s, q, error);
}

bool store_break(struct store *s, const struct store_break *b, struct error *error)
{
	sqlite3_stmt *q = statement(s, ADD_BREAK, error);
	if (q == NULL)
		return false;
	put_text(q, 1, break_kind_name(b->kind));
	sqlite3_bind_int(q, 2, b->prompted);
	sqlite3_bind_int64(q, 3, b->due_ms);
	sqlite3_bind_int64(q, 4, b->start_ms);
	sqlite3_bind_int64(q, 5, b->end_ms);
	sqlite3_bind_double(q, 6, b->length_s);
	sqlite3_bind_double(q, 7, b->sitting_s);
	put_text(q, 8, break_outcome_name(b->outcome));
	return finish(s, q, error);
}

/* ---- reading: the file may hold anything, so names are looked up and numbers taken as they are ---- */

static sqlite3_stmt *query(struct store *s, const char *sql, int64_t from, int64_t to,
                           struct error *error)
{
	sqlite3_stmt *q = NULL;
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK) {
		failed(s, error);
		return NULL;
	}
	sqlite3_bind_int64(q, 1, from);
	sqlite3_bind_int64(q, 2, to);
	return q;
}

static bool end_query(struct store *s, sqlite3_stmt *q, int code, struct error *error)
{
	bool good = code == SQLITE_DONE || code == SQLITE_ROW || failed(s, error);
	sqlite3_finalize(q);
	return good;
}

static void get_text(sqlite3_stmt *q, int column, char *to, size_t size)
{
	const unsigned char *text = sqlite3_column_text(q, column);
	snprintf(to, size, "%s", text != NULL ? (const char *)text : "");
}

static enum posture get_posture(sqlite3_stmt *q, int column)
{
	char name[32];
	get_text(q, column, name, sizeof name);
	enum posture p = posture_from_name(name);
	return p < POSTURE_COUNT ? p : POSTURE_UNKNOWN;
}

bool store_spans(struct store *s, int64_t from_ms, int64_t to_ms,
                 bool (*row)(void *, const struct store_span *), void *user, struct error *error)
{
	sqlite3_stmt *q = query(s, "SELECT start_ms,end_ms,presence,posture FROM span WHERE end_ms>?1 AND "
	                        "start_ms<?2 ORDER BY start_ms", from_ms, to_ms, error);
	int code = SQLITE_DONE;
	while (q != NULL && (code = sqlite3_step(q)) == SQLITE_ROW) {
		char name[32];
		get_text(q, 2, name, sizeof name);
		enum presence p = presence_from_name(name);
		struct store_span span = {sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
		                          p < PRESENCE_COUNT ? p : PRESENCE_UNKNOWN, get_posture(q, 3)};
		if (!row(user, &span))
			break;
	}
	return q != NULL && end_query(s, q, code, error);
}

bool store_samples(struct store *s, int64_t from_ms, int64_t to_ms,
                   bool (*row)(void *, const struct store_sample *), void *user, struct error *error)
{
	sqlite3_stmt *q = query(s, "SELECT wall_ms,posture,confidence,measures FROM sample WHERE wall_ms>=?1 "
	                        "AND wall_ms<?2 ORDER BY wall_ms", from_ms, to_ms, error);
	int code = SQLITE_DONE;
	while (q != NULL && (code = sqlite3_step(q)) == SQLITE_ROW) {
		struct store_sample sample = {.wall_ms = sqlite3_column_int64(q, 0),
		                              .posture = get_posture(q, 1),
		                              .confidence = sqlite3_column_double(q, 2)};
		const char *blob = sqlite3_column_blob(q, 3);
		size_t pairs = (size_t)sqlite3_column_bytes(q, 3) / sizeof(float[2]);
		for (size_t i = 0; i < pairs && i < MEASURE_COUNT; i++) {
			float pair[2];
			memcpy(pair, blob + i * sizeof pair, sizeof pair);
			if (__builtin_isfinite(pair[0]) && __builtin_isfinite(pair[1]))
				sample.measures.m[i] =
					(struct measure){(double)pair[0], (double)pair[1], true};
		}
		if (!row(user, &sample))
			break;
	}
	return q != NULL && end_query(s, q, code, error);
}

bool store_alerts(struct store *s, int64_t from_ms, int64_t to_ms,
                  bool (*row)(void *, const struct store_alert *), void *user, struct error *error)
{
	sqlite3_stmt *q = query(s, "SELECT wall_ms,kind,posture,held_s,evidence,value,sigma,reason,text,answer"
	                        " FROM alert WHERE wall_ms>=?1 AND wall_ms<?2 ORDER BY wall_ms", from_ms,
	                        to_ms, error);
	int code = SQLITE_DONE;
	while (q != NULL && (code = sqlite3_step(q)) == SQLITE_ROW) {
		struct store_alert a = {.wall_ms = sqlite3_column_int64(q, 0), .posture = get_posture(q, 2),
		                        .held_s = sqlite3_column_double(q, 3),
		                        .value = sqlite3_column_double(q, 5),
		                        .sigma = sqlite3_column_double(q, 6),
		                        .answer = sqlite3_column_int(q, 9)};
		get_text(q, 1, a.kind, sizeof a.kind);
		get_text(q, 4, a.evidence, sizeof a.evidence);
		get_text(q, 7, a.reason, sizeof a.reason);
		get_text(q, 8, a.text, sizeof a.text);
		if (!row(user, &a))
			break;
	}
	return q != NULL && end_query(s, q, code, error);
}

bool store_breaks(struct store *s, int64_t from_ms, int64_t to_ms,
                  bool (*row)(void *, const struct store_break *), void *user, struct error *error)
{
	sqlite3_stmt *q = query(s, "SELECT kind,prompted,due_ms,start_ms,end_ms,length_s,sitting_s,outcome "
	                        "FROM break WHERE due_ms>=?1 AND due_ms<?2 ORDER BY due_ms", from_ms, to_ms,
	                        error);
	int code = SQLITE_DONE;
	while (q != NULL && (code = sqlite3_step(q)) == SQLITE_ROW) {
		char kind[16], outcome[16];
		struct store_break b = {.prompted = sqlite3_column_int(q, 1) != 0,
		                        .due_ms = sqlite3_column_int64(q, 2),
		                        .start_ms = sqlite3_column_int64(q, 3),
		                        .end_ms = sqlite3_column_int64(q, 4),
		                        .length_s = sqlite3_column_double(q, 5),
		                        .sitting_s = sqlite3_column_double(q, 6)};
		get_text(q, 0, kind, sizeof kind);
		get_text(q, 7, outcome, sizeof outcome);
		for (int k = 0; k < BREAK_KINDS; k++)
			if (strcmp(kind, break_kind_name((enum break_kind)k)) == 0)
				b.kind = (enum break_kind)k;
		for (int o = BREAK_TAKEN; o <= BREAK_SKIPPED; o++)
			if (strcmp(outcome, break_outcome_name((enum break_outcome)o)) == 0)
				b.outcome = (enum break_outcome)o;
		if (!row(user, &b))
			break;
	}
	return q != NULL && end_query(s, q, code, error);
}

bool store_forget(struct store *s, int64_t before_ms, struct error *error)
{
	static const char *const deletes[] = {
		"DELETE FROM span WHERE end_ms<?1", "DELETE FROM sample WHERE wall_ms<?1",
		"DELETE FROM alert WHERE wall_ms<?1", "DELETE FROM break WHERE due_ms<?1",
	};
	if (!begin(s, error))
		return false;
	for (size_t i = 0; i < sizeof deletes / sizeof *deletes; i++) {
		sqlite3_stmt *q = NULL;
		if (sqlite3_prepare_v2(s->db, deletes[i], -1, &q, NULL) != SQLITE_OK)
			return failed(s, error);
		sqlite3_bind_int64(q, 1, before_ms);
		int code = sqlite3_step(q);
		if (!end_query(s, q, code, error))
			return false;
	}
	s->last_span = 0;
	return true;
}
