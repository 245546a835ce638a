/* Inside the store: what its two halves, writing and reading, share. Private to this room. */
#ifndef UNKNOT_STORE_ROWS_H
#define UNKNOT_STORE_ROWS_H

#include "store/database.h"
#include "store/store.h"

#include <stddef.h>

enum statement {
	ADD_SPAN, GROW_SPAN, ADD_SAMPLE, ADD_ALERT, SET_ANSWER, ADD_BREAK, ADD_PAIN, STATEMENTS
};

/* What was handed in since the last commit. */
struct row {
	enum statement what; /* ADD_SPAN also stands for growing the last one */
	union {
		struct store_span span;
		struct store_sample sample;
		struct store_alert alert;
		struct store_break broke;
		struct store_pain pain;
		struct { int64_t id; int answer; } answer;
	};
};

struct store {
	struct database file;
	sqlite3_stmt *prepared[STATEMENTS];
	bool in_transaction;
	int64_t last_span;      /* its row, 0 for none in this run */
	struct store_span last;
	int64_t last_alert;
	/* Rows not committed, oldest first; the first `applied` are in the open transaction. */
	struct row *rows;
	size_t count, room, applied;
};

#endif
