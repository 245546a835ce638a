/* History in SQLite: <state dir>/history.sqlite, WAL, mode 0600.
 *
 * Times are wall_ms (ms since the Unix epoch). Writes are batched in one transaction and committed
 * by store_flush, which the daemon calls after each look: kill -9 loses no more than that. When the
 * disk is full or cannot be written, the writing calls return false with the reason, but what they
 * were given is kept in memory (the newest 2048 rows) and tried again at the next call. Not thread
 * safe. */
#ifndef UNKNOT_STORE_STORE_H
#define UNKNOT_STORE_STORE_H

#include "base/error.h"
#include "breaks/breaks.h"
#include "posture/posture.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct store;

/* Opens or makes the history. dir NULL: in memory.
 *
 * The daemon, whose file it is, passes set_aside (PATH_SIZE bytes): then a file that is seen to be
 * damaged when it is opened is kept aside, with its -wal, as history.sqlite.corrupt-YYYYMMDD-HHMMSS
 * and a new one begun; *set_aside is its path, else "". With NULL, for who looks in beside a
 * running daemon, nothing is moved and damage is an error. A file that is locked, unreadable or
 * written by a newer unknot is an error for both and stays as it is. */
struct store *store_open(const char *dir, char *set_aside, struct error *);
void store_close(struct store *); /* flushes */

/* Reads every page of the history in `dir`: 0.9 s for 400 days of 4000 samples (300 MB, in the page
 * cache). For a thread of its own, beside a store that is open and written to: it has its own
 * connection. Ends early when *stop becomes true. A file that cannot be read now is not called
 * damaged. */
enum store_soundness { STORE_SOUND, STORE_DAMAGED, STORE_UNCHECKED };
enum store_soundness store_check(const char *dir, const atomic_bool *stop);

/* Keeps the damaged file aside as store_open does and goes on in a new one; what was handed in and
 * not committed goes there. After a failure there is no file, and all is kept in memory as on a
 * full disk. */
bool store_begin_anew(struct store *, char *set_aside, struct error *);

/* Copies what can be read of a history that was kept aside into the one in `dir`, and tells how
 * many rows: a damaged page costs its own rows only. For a thread of its own beside the store that
 * is open there, in short transactions; 400 days (1.6 million rows, 290 MB) take 37 s beside other
 * work. The old file stays as it is. Rows keep their order, not their numbers. Ends early when
 * *stop becomes true. */
long store_salvage(const char *damaged, const char *dir, const atomic_bool *stop);

/* The state from one moment on. Consecutive spans of one state are one row that grows. */
struct store_span {
	int64_t start_ms, end_ms;
	enum presence presence;
	enum posture posture; /* POSTURE_UNKNOWN unless present */
	int utc_offset_s;     /* local time east of Greenwich then; STORE_NO_OFFSET in old rows */
};
enum { STORE_NO_OFFSET = INT_MIN };
/* Adds [start, end); joined with the last one when that ends at start and says the same. */
bool store_span(struct store *, const struct store_span *, struct error *);

struct store_sample {
	int64_t wall_ms;
	enum posture posture;
	double confidence;
	struct measures measures;
};
bool store_sample(struct store *, const struct store_sample *, struct error *);

struct store_alert {
	int64_t wall_ms;
	char kind[32];
	enum posture posture;      /* POSTURE_UNKNOWN for breaks */
	double held_s;
	char evidence[32];         /* measure's name, "" when none */
	double value, sigma;
	char reason[96];
	char text[384];
	int answer;                /* enum coach_answer */
	/* NaN when not known: what the evidence, or what it is a change of, was while sitting
	 * upright, and the limit it passed. */
	double baseline, threshold;
};
/* *id (may be NULL) is for store_answer; 0 after a failure. */
bool store_alert(struct store *, const struct store_alert *, int64_t *id, struct error *);
bool store_answer(struct store *, int64_t id, int answer, struct error *);

struct store_break {
	enum break_kind kind;
	bool prompted;             /* false: a natural break */
	int64_t due_ms;            /* when it was prompted; start_ms for a natural one */
	int64_t start_ms, end_ms;  /* both 0 when skipped */
	double length_s, sitting_s;
	enum break_outcome outcome;
};
bool store_break(struct store *, const struct store_break *, struct error *);

/* An entry of the pain diary, which the person makes. */
struct store_pain {
	int64_t wall_ms;
	int level;                 /* 0 none, 10 the worst imaginable */
	char where[64];            /* "" when not said */
	char note[256];
	int64_t id;                /* of a row that was read; store_pain does not look at it */
};
bool store_pain(struct store *, const struct store_pain *, struct error *);
/* The entry of that id gets another level, place and note; its time stays. Committed at once, as
 * the removal, which overwrites it in the file. False with ENOENT when there is no such entry. */
bool store_pain_change(struct store *, const struct store_pain *, struct error *);
bool store_pain_remove(struct store *, int64_t id, struct error *);

bool store_flush(struct store *, struct error *);

/* Rows that touch [from, to), in time order. The callback returns false to stop early. */
bool store_spans(struct store *, int64_t from_ms, int64_t to_ms,
                 bool (*row)(void *, const struct store_span *), void *user, struct error *);
bool store_samples(struct store *, int64_t from_ms, int64_t to_ms,
                   bool (*row)(void *, const struct store_sample *), void *user, struct error *);
bool store_alerts(struct store *, int64_t from_ms, int64_t to_ms,
                  bool (*row)(void *, const struct store_alert *), void *user, struct error *);
bool store_breaks(struct store *, int64_t from_ms, int64_t to_ms,
                  bool (*row)(void *, const struct store_break *), void *user, struct error *);
bool store_pains(struct store *, int64_t from_ms, int64_t to_ms,
                 bool (*row)(void *, const struct store_pain *), void *user, struct error *);

/* What is older than *before_ms may be forgotten: keep_days before the newest record, or before
 * now_ms if that is earlier. INT64_MIN, nothing, when the clock may have run away: nothing was seen
 * from a day before now_ms (half of keep_days, when that is shorter) back to half of keep_days (at
 * most 29 days) before that. So a clock that shows another year deletes nothing until the daemon
 * has lived a day with it, and who comes back from a long leave waits for a day. */
bool store_outdated(struct store *, int64_t now_ms, double keep_days, int64_t *before_ms,
                    struct error *);

/* Removes what ended before, but for the diary, which is the person's own; overwrites it in the
 * file and commits: at most 10000 rows of a kind, the oldest, so that it never takes long (50 ms).
 * Called every hour it keeps up with any camera. */
bool store_forget(struct store *, int64_t before_ms, struct error *);

/* Removes what store_open and store_begin_anew kept aside in `dir` before, by the date in its
 * name. */
void store_forget_aside(const char *dir, int64_t before_ms);

#endif
