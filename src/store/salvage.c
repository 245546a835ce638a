/* What can still be read of a damaged history is copied into the new one. A damaged page costs the
 * rows that are on it, and no others: whoever walks a table in the order of its rows stumbles over
 * that page, and goes on behind it. */
#include "store/database.h"
#include "store/store.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Rows a transaction: short enough that the daemon, which writes into the same file, hardly
 * waits. */
enum { BATCH = 500, COLUMNS_MAX = 12 };
/* Row numbers without a row, one after the other, before the search goes by ever greater leaps: as
 * many as hang from one inner page (some 400 leaves of 20 samples or 60 spans) may be gone with it.
 * A try takes some microseconds. */
enum { PATIENCE = 25000 };

struct column {
	const char *name;
	char kind; /* i, r, t: integer, real, text; capital: or NULL; b: measures */
};

static const struct table {
	const char *name;
	struct column columns[COLUMNS_MAX + 1];
} tables[] = {
	{"span", {{"start_ms", 'i'}, {"end_ms", 'i'}, {"presence", 't'},
	          {"posture", 't'}, {"utc_offset_s", 'I'}}},
	{"sample", {{"wall_ms", 'i'}, {"posture", 't'}, {"confidence", 'r'}, {"measures", 'b'}}},
	{"alert",
	 {{"wall_ms", 'i'}, {"kind", 't'}, {"posture", 't'}, {"held_s", 'R'}, {"evidence", 'T'},
	  {"value", 'R'}, {"sigma", 'R'}, {"reason", 'T'}, {"text", 'T'}, {"answer", 'i'},
	  {"baseline", 'R'}, {"threshold", 'R'}}},
	{"break",
	 {{"kind", 't'}, {"prompted", 'i'}, {"due_ms", 'i'}, {"start_ms", 'i'}, {"end_ms", 'i'},
	  {"length_s", 'R'}, {"sitting_s", 'R'}, {"outcome", 't'}}},
	{"pain", {{"wall_ms", 'i'}, {"level", 'i'}, {"place", 'T'}, {"note", 'T'}}},
};

struct salvage {
	sqlite3 *from, *to;
	sqlite3_stmt *read, *write;
	const struct table *table;
	int kinds[COLUMNS_MAX]; /* of the columns that the old file has */
	int columns;
	long copied;
	int waiting;            /* rows of the open transaction */
};

static bool has_column(sqlite3 *db, const char *table, const char *column)
{
	return sqlite3_table_column_metadata(db, NULL, table, column, NULL,
	                                     NULL, NULL, NULL, NULL) == SQLITE_OK;
}

/* Both statements name the columns that the old file has. */
static bool prepare(struct salvage *s)
{
	char names[256] = "", marks[64] = "", sql[512];
	s->columns = 0;
	for (const struct column *c = s->table->columns; c->name != NULL; c++) {
		if (!has_column(s->from, s->table->name, c->name))
			continue;
		const char *comma = s->columns > 0 ? "," : "";
		snprintf(names + strlen(names), sizeof names - strlen(names),
		         "%s%s", comma, c->name);
		snprintf(marks + strlen(marks), sizeof marks - strlen(marks), "%s?", comma);
		s->kinds[s->columns++] = c->kind;
	}
	if (s->columns == 0)
		return false;
	snprintf(sql, sizeof sql, "SELECT rowid,%s FROM %s WHERE rowid>=? ORDER BY rowid",
	         names, s->table->name);
	if (sqlite3_prepare_v2(s->from, sql, -1, &s->read, NULL) != SQLITE_OK)
		return false;
	snprintf(sql, sizeof sql, "INSERT INTO %s(%s) VALUES(%s)", s->table->name, names, marks);
	return sqlite3_prepare_v2(s->to, sql, -1, &s->write, NULL) == SQLITE_OK;
}

/* A damaged page may look like rows. */
static bool is_sound(const struct salvage *s)
{
	static const int64_t from_ms = 946684800000, to_ms = 4102444800000; /* 2000 to 2100 */
	for (int i = 0; i < s->columns; i++) {
		const int type = sqlite3_column_type(s->read, i + 1);
		const char *name = sqlite3_column_name(s->read, i + 1);
		const int64_t value = sqlite3_column_int64(s->read, i + 1);
		bool good = type == SQLITE_NULL && strchr("IRT", s->kinds[i]) != NULL;
		switch (s->kinds[i]) {
		case 'i': case 'I': good |= type == SQLITE_INTEGER; break;
		case 'r': case 'R': good |= type == SQLITE_FLOAT || type == SQLITE_INTEGER; break;
		case 'b':
			good |= type == SQLITE_BLOB &&
			        sqlite3_column_bytes(s->read,
			                             i + 1) % (int)(2 * sizeof(float)) == 0;
			break;
		default: good |= type == SQLITE_TEXT; break;
		}
		if (!good || ((strcmp(name, "wall_ms") == 0 ||
		               (strcmp(name, "start_ms") == 0 && value != 0)) &&
		              (value < from_ms || value > to_ms)))
			return false;
	}
	return true;
}

static void commit(struct salvage *s)
{
	if (s->waiting > 0 && sqlite3_exec(s->to, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		sqlite3_exec(s->to, "ROLLBACK", NULL, NULL, NULL);
	s->waiting = 0;
}

static void copy_row(struct salvage *s)
{
	if (!is_sound(s))
		return;
	if (s->waiting == 0 &&
	    sqlite3_exec(s->to, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return;
	for (int i = 0; i < s->columns; i++)
		sqlite3_bind_value(s->write, i + 1, sqlite3_column_value(s->read, i + 1));
	s->copied += sqlite3_step(s->write) == SQLITE_DONE;
	sqlite3_reset(s->write);
	if (++s->waiting == BATCH)
		commit(s);
}

/* The last row's number; where the way to it is damaged too, there may be any number of them. */
static int64_t last_row(struct salvage *s)
{
	char sql[64];
	sqlite3_stmt *q = NULL;
	int64_t last = INT64_MAX / 4;
	snprintf(sql, sizeof sql, "SELECT max(rowid) FROM %s", s->table->name);
	if (sqlite3_prepare_v2(s->from, sql, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		last = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return last;
}

static void copy_table(struct salvage *s, const atomic_bool *stop)
{
	const int64_t last = last_row(s);
	int64_t next = INT64_MIN, leap = 1;
	int missing = 0;
	while (next <= last && !atomic_load(stop)) {
		sqlite3_reset(s->read);
		sqlite3_bind_int64(s->read, 1, next);
		int got;
		while ((got = sqlite3_step(s->read)) == SQLITE_ROW && !atomic_load(stop)) {
			const int64_t row = sqlite3_column_int64(s->read, 0);
			if (row < next) /* a page that leads back */
				break;
			next = row + 1;
			missing = 0;
			leap = 1;
			copy_row(s);
		}
		if (got == SQLITE_DONE)
			break;
		if (next < 0)
			next = 0;
		if (++missing > PATIENCE)
			leap *= 2;
		next += leap;
	}
}

long store_salvage(const char *damaged, const char *dir, const atomic_bool *stop)
{
	char path[PATH_SIZE];
	struct salvage s = {0};
	const int wait_ms = 5000;
	if (path_join(path, dir, "history.sqlite", NULL) &&
	    sqlite3_open_v2(damaged, &s.from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
	                    NULL) == SQLITE_OK &&
	    sqlite3_open_v2(path, &s.to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
	                    NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(s.to, wait_ms);
		for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
			s.table = &tables[i];
			if (prepare(&s))
				copy_table(&s, stop);
			sqlite3_finalize(s.read);
			sqlite3_finalize(s.write);
			s.read = s.write = NULL;
			commit(&s);
		}
	}
	sqlite3_close(s.from);
	sqlite3_close(s.to);
	return s.copied;
}
