#include "store/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- reading: the file may hold anything, so names are looked up and numbers taken as they are
 * ---- */

static sqlite3_stmt *query(struct store *s, const char *sql, int64_t from, int64_t to,
                           struct error *error)
{
	sqlite3_stmt *q = NULL;
	if (sqlite3_prepare_v2(s->file.db, sql, -1, &q, NULL) != SQLITE_OK) {
		database_failed(&s->file, error);
		return NULL;
	}
	sqlite3_bind_int64(q, 1, from);
	sqlite3_bind_int64(q, 2, to);
	return q;
}

static bool end_query(struct store *s, sqlite3_stmt *q, int code, struct error *error)
{
	bool good = code == SQLITE_DONE || code == SQLITE_ROW || database_failed(&s->file, error);
	sqlite3_finalize(q);
	return good;
}

static void get_text(sqlite3_stmt *q, int column, char *to, size_t size)
{
	const unsigned char *text = sqlite3_column_text(q, column);
	snprintf(to, size, "%s", text != NULL ? (const char *)text : "");
}

static double get_number(sqlite3_stmt *q, int column)
{
	return sqlite3_column_type(q, column) == SQLITE_NULL ? (double)NAN
	                                                     : sqlite3_column_double(q, column);
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
	sqlite3_stmt *q = query(s, "SELECT start_ms,end_ms,presence,posture,utc_offset_s FROM span "
	                        "WHERE end_ms>?1 AND start_ms<?2 ORDER BY start_ms",
	                        from_ms, to_ms, error);
	int code = SQLITE_DONE;
	while (q != NULL && (code = sqlite3_step(q)) == SQLITE_ROW) {
		char name[32];
		get_text(q, 2, name, sizeof name);
		enum presence p = presence_from_name(name);
		struct store_span span = {sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
		                          p < PRESENCE_COUNT ? p : PRESENCE_UNKNOWN,
		                          get_posture(q, 3),
		                          sqlite3_column_type(q, 4) == SQLITE_NULL
		                          ? STORE_NO_OFFSET : sqlite3_column_int(q, 4)};
		if (!row(user, &span))
			break;
	}
	return q != NULL && end_query(s, q, code, error);
}

bool store_samples(struct store *s, int64_t from_ms, int64_t to_ms,
                   bool (*row)(void *, const struct store_sample *), void *user,
                   struct error *error)
{
	sqlite3_stmt *q =
		query(s, "SELECT wall_ms,posture,confidence,measures FROM sample WHERE wall_ms>=?1 "
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
			if (isfinite(pair[0]) && isfinite(pair[1]))
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
	sqlite3_stmt *q = query(
		s, "SELECT wall_ms,kind,posture,held_s,evidence,value,sigma,reason,text,answer,"
	                        "baseline,threshold FROM alert WHERE wall_ms>=?1 AND wall_ms<?2 "
	                        "ORDER BY wall_ms", from_ms, to_ms, error);
	int code = SQLITE_DONE;
	while (q != NULL && (code = sqlite3_step(q)) == SQLITE_ROW) {
		struct store_alert a = {.wall_ms = sqlite3_column_int64(q, 0),
		                        .posture = get_posture(q, 2),
		                        .held_s = sqlite3_column_double(q, 3),
		                        .value = sqlite3_column_double(q, 5),
		                        .sigma = sqlite3_column_double(q, 6),
		                        .answer = sqlite3_column_int(q, 9),
		                        .baseline = get_number(q, 10),
		                        .threshold = get_number(q, 11)};
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
	sqlite3_stmt *q =
		query(s, "SELECT kind,prompted,due_ms,start_ms,end_ms,length_s,sitting_s,outcome "
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

bool store_pains(struct store *s, int64_t from_ms, int64_t to_ms,
                 bool (*row)(void *, const struct store_pain *), void *user, struct error *error)
{
	sqlite3_stmt *q = query(s, "SELECT wall_ms,level,place,note,rowid FROM pain "
	                        "WHERE wall_ms>=?1 AND wall_ms<?2 ORDER BY wall_ms",
	                        from_ms, to_ms, error);
	int code = SQLITE_DONE;
	while (q != NULL && (code = sqlite3_step(q)) == SQLITE_ROW) {
		const int level = sqlite3_column_int(q, 1);
		struct store_pain p = {.wall_ms = sqlite3_column_int64(q, 0),
		                       .level = level < 0 ? 0 : level > 10 ? 10 : level,
		                       .id = sqlite3_column_int64(q, 4)};
		get_text(q, 2, p.where, sizeof p.where);
		get_text(q, 3, p.note, sizeof p.note);
		if (!row(user, &p))
			break;
	}
	return q != NULL && end_query(s, q, code, error);
}
