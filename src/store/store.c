#include "store/rows.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows kept while the disk refuses them: at one look in 10 s, more than five hours, 1.2 MB. */
enum { ROWS_MAX = 2048 };

static const char *const statements[STATEMENTS] = {
	/* Columns by their names: another unknot may have added some while this one runs. */
	[ADD_SPAN] = "INSERT INTO span(start_ms,end_ms,presence,posture,utc_offset_s) "
	             "VALUES(?,?,?,?,?)",
	[GROW_SPAN] = "UPDATE span SET end_ms=? WHERE rowid=?",
	[ADD_SAMPLE] = "INSERT INTO sample(wall_ms,posture,confidence,measures) VALUES(?,?,?,?)",
	[ADD_ALERT] = "INSERT INTO "
	              "alert(wall_ms,kind,posture,held_s,evidence,value,sigma,reason,text,answer,"
	              "baseline,threshold) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
	[SET_ANSWER] = "UPDATE alert SET answer=? WHERE id=?",
	[ADD_BREAK] = "INSERT INTO "
	              "break(kind,prompted,due_ms,start_ms,end_ms,length_s,sitting_s,outcome)"
	              " VALUES(?,?,?,?,?,?,?,?)",
	[ADD_PAIN] = "INSERT INTO pain(wall_ms,level,place,note) VALUES(?,?,?,?)",
};

/* ---- opening ---- */

static bool prepare(struct store *s, struct error *error)
{
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(s->file.db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
		                       &s->prepared[i], NULL) != SQLITE_OK)
			return database_failed(&s->file, error);
	return true;
}

struct store *store_open(const char *dir, char *set_aside, struct error *error)
{
	struct store *s = calloc(1, sizeof *s);
	if (s == NULL) {
		error_set(error, ENOMEM, "%s: out of memory", "history");
		return NULL;
	}
	if (!database_open(&s->file, dir, set_aside, error) || !prepare(s, error)) {
		store_close(s);
		return NULL;
	}
	return s;
}

static void finalize(struct store *s)
{
	for (int i = 0; i < STATEMENTS; i++) {
		sqlite3_finalize(s->prepared[i]);
		s->prepared[i] = NULL;
	}
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	if (s->file.db != NULL)
		store_flush(s, NULL);
	finalize(s);
	database_close(&s->file);
	free(s->rows);
	free(s);
}

/* ---- one row into the open transaction ---- */

static void put_text(sqlite3_stmt *q, int column, const char *text)
{
	sqlite3_bind_text(q, column, text, -1, SQLITE_TRANSIENT);
}

static bool finish(struct store *s, enum statement which, struct error *error)
{
	bool good = sqlite3_step(s->prepared[which]) == SQLITE_DONE ||
	            database_failed(&s->file, error);
	sqlite3_reset(s->prepared[which]);
	return good;
}

static bool write_span(struct store *s, const struct store_span *span, struct error *error)
{
	const bool grow = s->last_span != 0 && s->last.end_ms == span->start_ms &&
	                  s->last.presence == span->presence && s->last.posture == span->posture &&
	                  s->last.utc_offset_s == span->utc_offset_s;
	sqlite3_stmt *q = s->prepared[grow ? GROW_SPAN : ADD_SPAN];
	if (grow) {
		sqlite3_bind_int64(q, 1, span->end_ms);
		sqlite3_bind_int64(q, 2, s->last_span);
	} else {
		sqlite3_bind_int64(q, 1, span->start_ms);
		sqlite3_bind_int64(q, 2, span->end_ms);
		put_text(q, 3, presence_name(span->presence));
		put_text(q, 4, posture_name(span->posture));
		sqlite3_bind_int(q, 5, span->utc_offset_s);
	}
	if (!finish(s, grow ? GROW_SPAN : ADD_SPAN, error))
		return false;
	if (!grow)
		s->last_span = sqlite3_last_insert_rowid(s->file.db);
	s->last = *span;
	return true;
}

static bool write_sample(struct store *s, const struct store_sample *sample, struct error *error)
{
	float values[MEASURE_COUNT][2];
	sqlite3_stmt *q = s->prepared[ADD_SAMPLE];
	for (int i = 0; i < MEASURE_COUNT; i++) {
		const struct measure *m = &sample->measures.m[i];
		values[i][0] = m->valid ? (float)m->value : NAN;
		values[i][1] = m->valid ? (float)m->sigma : NAN;
	}
	sqlite3_bind_int64(q, 1, sample->wall_ms);
	put_text(q, 2, posture_name(sample->posture));
	sqlite3_bind_double(q, 3, isfinite(sample->confidence) ? sample->confidence : 0);
	sqlite3_bind_blob(q, 4, values, sizeof values, SQLITE_TRANSIENT);
	return finish(s, ADD_SAMPLE, error);
}

static bool write_alert(struct store *s, const struct store_alert *a, struct error *error)
{
	sqlite3_stmt *q = s->prepared[ADD_ALERT];
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
	sqlite3_bind_double(q, 11, a->baseline); /* NaN is stored as NULL */
	sqlite3_bind_double(q, 12, a->threshold);
	if (!finish(s, ADD_ALERT, error))
		return false;
	s->last_alert = sqlite3_last_insert_rowid(s->file.db);
	return true;
}

static bool write_break(struct store *s, const struct store_break *b, struct error *error)
{
	sqlite3_stmt *q = s->prepared[ADD_BREAK];
	put_text(q, 1, break_kind_name(b->kind));
	sqlite3_bind_int(q, 2, b->prompted);
	sqlite3_bind_int64(q, 3, b->due_ms);
	sqlite3_bind_int64(q, 4, b->start_ms);
	sqlite3_bind_int64(q, 5, b->end_ms);
	sqlite3_bind_double(q, 6, b->length_s);
	sqlite3_bind_double(q, 7, b->sitting_s);
	put_text(q, 8, break_outcome_name(b->outcome));
	return finish(s, ADD_BREAK, error);
}

static bool write_pain(struct store *s, const struct store_pain *p, struct error *error)
{
	sqlite3_stmt *q = s->prepared[ADD_PAIN];
	sqlite3_bind_int64(q, 1, p->wall_ms);
	sqlite3_bind_int(q, 2, p->level);
	put_text(q, 3, p->where);
	put_text(q, 4, p->note);
	return finish(s, ADD_PAIN, error);
}

static bool write_row(struct store *s, const struct row *row, struct error *error)
{
	switch (row->what) {
	case ADD_SPAN: return write_span(s, &row->span, error);
	case ADD_SAMPLE: return write_sample(s, &row->sample, error);
	case ADD_ALERT: return write_alert(s, &row->alert, error);
	case ADD_BREAK: return write_break(s, &row->broke, error);
	case ADD_PAIN: return write_pain(s, &row->pain, error);
	default: break;
	}
	sqlite3_bind_int(s->prepared[SET_ANSWER], 1, row->answer.answer);
	sqlite3_bind_int64(s->prepared[SET_ANSWER], 2, row->answer.id);
	return finish(s, SET_ANSWER, error);
}

/* ---- rows that wait ---- */

static void drop(struct store *s, size_t index)
{
	s->count--;
	memmove(&s->rows[index], &s->rows[index + 1], (s->count - index) * sizeof *s->rows);
	if (index < s->applied)
		s->applied--;
}

/* After a failure: when SQLite has rolled the transaction back, all its rows wait again. */
static void look_what_is_left(struct store *s)
{
	s->in_transaction = sqlite3_get_autocommit(s->file.db) == 0;
	if (!s->in_transaction) {
		s->applied = 0;
		s->last_span = 0;
	}
}

bool store_begin_anew(struct store *s, char *set_aside, struct error *error)
{
	finalize(s);
	s->in_transaction = false;
	s->applied = 0;
	s->last_span = s->last_alert = 0;
	return database_begin_anew(&s->file, set_aside, error) && prepare(s, error);
}

static bool begin(struct store *s, struct error *error)
{
	if (s->file.db == NULL)
		return error_set(error, EIO, "%.180s: could not be begun anew", s->file.path);
	if (!s->in_transaction)
		s->in_transaction = database_run(&s->file, "BEGIN", error);
	return s->in_transaction;
}

/* Brings every waiting row into the transaction. */
static bool apply(struct store *s, struct error *error)
{
	bool good = s->applied == s->count || begin(s, error);
	while (good && s->applied < s->count) {
		good = write_row(s, &s->rows[s->applied], error);
		if (good) {
			s->applied++;
			continue;
		}
		/* A row that the schema refuses would be refused for ever, and those behind it
		 * too. */
		if ((sqlite3_errcode(s->file.db) & 0xff) == SQLITE_CONSTRAINT)
			drop(s, s->applied);
		look_what_is_left(s);
	}
	return good;
}

bool store_flush(struct store *s, struct error *error)
{
	if (!apply(s, error))
		return false;
	if (s->in_transaction && !database_run(&s->file, "COMMIT", error)) {
		look_what_is_left(s);
		return false;
	}
	s->in_transaction = false;
	s->count = s->applied = 0;
	return true;
}

/* The next row to fill; when too many wait, the oldest goes. */
static struct row *new_row(struct store *s, enum statement what, struct error *error)
{
	if (s->count == ROWS_MAX && !store_flush(s, NULL))
		drop(s, 0);
	if (s->count == s->room) {
		const size_t room = s->room > 0 ? 2 * s->room : 16;
		struct row *grown = realloc(s->rows, room * sizeof *grown);
		if (grown == NULL) {
			error_set(error, ENOMEM, "%s: out of memory", "history");
			return NULL;
		}
		s->rows = grown;
		s->room = room;
	}
	struct row *row = &s->rows[s->count++];
	row->what = what;
	return row;
}

bool store_span(struct store *s, const struct store_span *span, struct error *error)
{
	if (span->end_ms <= span->start_ms)
		return true;
	struct row *row = new_row(s, ADD_SPAN, error);
	if (row == NULL)
		return false;
	row->span = *span;
	return apply(s, error);
}

bool store_sample(struct store *s, const struct store_sample *sample, struct error *error)
{
	struct row *row = new_row(s, ADD_SAMPLE, error);
	if (row == NULL)
		return false;
	row->sample = *sample;
	return apply(s, error);
}

bool store_alert(struct store *s, const struct store_alert *alert, int64_t *id, struct error *error)
{
	struct row *row = new_row(s, ADD_ALERT, error);
	if (id != NULL)
		*id = 0;
	if (row == NULL)
		return false;
	row->alert = *alert;
	if (!apply(s, error))
		return false;
	if (id != NULL)
		*id = s->last_alert;
	return true;
}

bool store_answer(struct store *s, int64_t id, int answer, struct error *error)
{
	struct row *row = new_row(s, SET_ANSWER, error);
	if (row == NULL)
		return false;
	row->answer.id = id;
	row->answer.answer = answer;
	return apply(s, error);
}

bool store_break(struct store *s, const struct store_break *b, struct error *error)
{
	struct row *row = new_row(s, ADD_BREAK, error);
	if (row == NULL)
		return false;
	row->broke = *b;
	return apply(s, error);
}

bool store_pain(struct store *s, const struct store_pain *p, struct error *error)
{
	struct row *row = new_row(s, ADD_PAIN, error);
	if (row == NULL)
		return false;
	row->pain = *p;
	return apply(s, error);
}

/* What was changed, or half changed, is as before. */
static void undo(struct store *s)
{
	if (sqlite3_get_autocommit(s->file.db) == 0)
		database_run(&s->file, "ROLLBACK", NULL);
	look_what_is_left(s);
}

/* One entry of the diary by its id: ?1. */
static bool alter_pain(struct store *s, const char *sql, const struct store_pain *p,
                       struct error *error)
{
	sqlite3_stmt *q = NULL;
	if (!store_flush(s, error) || !begin(s, error))
		return false;
	bool good = sqlite3_prepare_v2(s->file.db, sql, -1, &q, NULL) == SQLITE_OK;
	sqlite3_bind_int64(q, 1, p->id);
	if (sqlite3_bind_parameter_count(q) > 1) {
		sqlite3_bind_int(q, 2, p->level);
		put_text(q, 3, p->where);
		put_text(q, 4, p->note);
	}
	good = (good && sqlite3_step(q) == SQLITE_DONE) || database_failed(&s->file, error);
	sqlite3_finalize(q);
	if (good && sqlite3_changes(s->file.db) != 1)
		good = error_set(error, ENOENT, "the diary has no entry %lld", (long long)p->id);
	if (good && store_flush(s, error))
		return true;
	undo(s);
	return false;
}

bool store_pain_change(struct store *s, const struct store_pain *p, struct error *error)
{
	return alter_pain(s, "UPDATE pain SET level=?2,place=?3,note=?4 WHERE rowid=?1", p, error);
}

bool store_pain_remove(struct store *s, int64_t id, struct error *error)
{
	return alter_pain(s, "DELETE FROM pain WHERE rowid=?1", &(struct store_pain){.id = id},
	                  error);
}

/* One number of a query with up to two; `none` when it has no row. */
static bool ask_number(struct store *s, const char *sql, int64_t a, int64_t b, int64_t *number,
                       struct error *error)
{
	sqlite3_stmt *q = NULL;
	bool good = sqlite3_prepare_v2(s->file.db, sql, -1, &q, NULL) == SQLITE_OK;
	sqlite3_bind_int64(q, 1, a);
	sqlite3_bind_int64(q, 2, b);
	const int got = good ? sqlite3_step(q) : SQLITE_ERROR;
	if (got == SQLITE_ROW)
		*number = sqlite3_column_int64(q, 0);
	if (got != SQLITE_ROW && got != SQLITE_DONE)
		good = database_failed(&s->file, error);
	sqlite3_finalize(q);
	return good;
}

bool store_outdated(struct store *s, int64_t now_ms, double keep_days,
                    int64_t *before_ms, struct error *error)
{
	const double day_ms = 86400e3, longest_gap_days = 29;
	const double half = keep_days / 2;
	const int64_t yesterday = now_ms - (int64_t)(fmin(half, 1) * day_ms);
	const double gap_days = fmin(half, longest_gap_days);
	int64_t seen = 0, newest = now_ms;
	*before_ms = INT64_MIN;
	if (!store_flush(s, error) ||
	    !ask_number(s, "SELECT count(*) FROM (SELECT 1 FROM span WHERE start_ms BETWEEN ?1 AND "
	                   "?2 LIMIT 1)",
	                yesterday - (int64_t)(gap_days * day_ms), yesterday, &seen, error) ||
	    !ask_number(s, "SELECT end_ms FROM span ORDER BY start_ms DESC LIMIT 1",
	                0, 0, &newest, error))
		return false;
	if (seen != 0)
		*before_ms = (newest < now_ms ? newest : now_ms) - (int64_t)(keep_days * day_ms);
	return true;
}

bool store_forget(struct store *s, int64_t before_ms, struct error *error)
{
	static const char *const deletes[] = {
		("DELETE FROM span WHERE rowid IN (SELECT rowid FROM span WHERE end_ms<?1"
		 " AND start_ms<?1 ORDER BY start_ms LIMIT 10000)"),
		("DELETE FROM sample WHERE rowid IN (SELECT rowid FROM sample WHERE wall_ms<?1"
		 " ORDER BY wall_ms LIMIT 10000)"),
		"DELETE FROM alert WHERE wall_ms<?1", "DELETE FROM break WHERE due_ms<?1",
	};
	if (!store_flush(s, error) || !begin(s, error))
		return false;
	bool good = true;
	for (size_t i = 0; good && i < sizeof deletes / sizeof *deletes; i++) {
		sqlite3_stmt *q = NULL;
		good = sqlite3_prepare_v2(s->file.db, deletes[i], -1, &q, NULL) == SQLITE_OK;
		sqlite3_bind_int64(q, 1, before_ms);
		good = good && sqlite3_step(q) == SQLITE_DONE;
		if (!good)
			database_failed(&s->file, error);
		sqlite3_finalize(q);
	}
	s->last_span = 0;
	if (good && store_flush(s, error))
		return true;
	undo(s);
	return false;
}
