/* History: what goes in comes out, and survives what happens to files. */
#include "store/store.h"

#include "base/paths.h"
#include "folder.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_WRONG_VALUE = 2 }; /* ANSWER_WRONG of coach.h, which lies above the store */

static struct store *open_here(void)
{
	struct error error;
	struct store *s = store_open(folder, NULL, &error);
	assert_non_null(s);
	return s;
}

struct spans {
	struct store_span list[16];
	int count;
};

static bool collect_span(void *user, const struct store_span *span)
{
	struct spans *s = user;
	s->list[s->count++] = *span;
	return s->count < 16;
}

static void spans_of_one_state_are_one_row(void **state)
{
	(void)state;
	struct store *s = open_here();
	struct error error;
	struct spans got = {0};
	static const struct store_span spans[] = {
		{1000, 2000, PRESENCE_PRESENT, POSTURE_UPRIGHT},
		{2000, 3000, PRESENCE_PRESENT, POSTURE_UPRIGHT}, {3000, 4000, PRESENCE_PRESENT,
		                                                  POSTURE_SLOUCHED},
		{4000, 4000, PRESENCE_AWAY, POSTURE_UNKNOWN}, {4000, 9000,
		                                               PRESENCE_AWAY, POSTURE_UNKNOWN},
		{9500, 9900, PRESENCE_AWAY, POSTURE_UNKNOWN},
		{9900, 9990, PRESENCE_AWAY, POSTURE_UNKNOWN, 3600}, /* a clock was put forward */
	};
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		assert_true(store_span(s, &spans[i], &error));
	assert_true(store_spans(s, 0, 100000, collect_span, &got, &error));
	assert_int_equal(got.count, 5);
	assert_int_equal(got.list[4].utc_offset_s, 3600);
	assert_int_equal(got.list[0].end_ms, 3000);
	assert_int_equal(got.list[1].posture, POSTURE_SLOUCHED);
	assert_int_equal(got.list[2].end_ms, 9000);
	assert_int_equal(got.list[3].start_ms, 9500); /* a gap ends a span */
	got.count = 0;
	assert_true(store_spans(s, 3500, 4500, collect_span, &got, &error));
	assert_int_equal(got.count, 2);
	store_close(s);
}

static bool copy_sample(void *user, const struct store_sample *sample)
{
	*(struct store_sample *)user = *sample;
	return true;
}

static bool copy_alert(void *user, const struct store_alert *alert)
{
	*(struct store_alert *)user = *alert;
	return true;
}

static bool copy_break(void *user, const struct store_break *b)
{
	*(struct store_break *)user = *b;
	return true;
}

static bool copy_pain(void *user, const struct store_pain *p)
{
	*(struct store_pain *)user = *p;
	return true;
}

static void everything_comes_back_after_reopening(void **state)
{
	(void)state;
	struct error error;
	struct store *s = open_here();
	struct store_sample sample = {.wall_ms = 5000, .posture = POSTURE_LEANING,
	                              .confidence = 0.75}, sample2;
	struct store_alert alert = {.wall_ms = 6000, .kind = "slouched",
	                            .posture = POSTURE_SLOUCHED,
	                            .held_s = 60, .evidence = "eye_drop_cm",
	                            .value = 7.2, .sigma = 0.5,
	                            .reason = "eye_drop_cm 7.2 > 4.0",
	                            .baseline = -3.5, .threshold = 4,
	                            .text = "Sit back; it's \"better\""}, alert2;
	struct store_break b = {BREAK_MOVEMENT, true, 7000, 7100, 9000, 1.9, 3000, BREAK_CUT_SHORT},
	                   b2;
	int64_t id = 0;
	const struct store_pain pain = {7500, 4, "lower back", "after lunch; it's dull", 0};
	struct store_pain pain2 = {0};
	sample.measures.m[MEASURE_EYE_DROP] = (struct measure){7.25, 0.5, true};
	assert_true(store_pain(s, &pain, &error));
	assert_true(store_sample(s, &sample, &error));
	assert_true(store_alert(s, &alert, &id, &error));
	assert_true(store_answer(s, id, ANSWER_WRONG_VALUE, &error));
	assert_true(store_break(s, &b, &error));
	store_close(s);

	s = open_here();
	assert_true(store_samples(s, 0, 10000, copy_sample, &sample2, &error));
	assert_int_equal(sample2.posture, POSTURE_LEANING);
	assert_float_equal(sample2.measures.m[MEASURE_EYE_DROP].value, 7.25, 1e-6);
	assert_false(sample2.measures.m[MEASURE_LEAN_IN].valid);
	assert_true(store_alerts(s, 0, 10000, copy_alert, &alert2, &error));
	assert_string_equal(alert2.text, alert.text);
	assert_int_equal(alert2.answer, ANSWER_WRONG_VALUE);
	assert_float_equal(alert2.baseline, -3.5, 1e-9);
	assert_float_equal(alert2.threshold, 4, 1e-9);
	assert_true(store_breaks(s, 0, 10000, copy_break, &b2, &error));
	assert_int_equal(b2.outcome, BREAK_CUT_SHORT);
	assert_int_equal(b2.kind, BREAK_MOVEMENT);
	assert_int_equal(b2.end_ms, 9000);
	assert_true(store_pains(s, 0, 10000, copy_pain, &pain2, &error));
	assert_int_equal(pain2.level, 4);
	assert_string_equal(pain2.where, "lower back");
	assert_string_equal(pain2.note, "after lunch; it's dull");

	assert_true(store_forget(s, 8000, &error));
	/* The diary is the person's own. */
	memset(&pain2, 0, sizeof pain2);
	assert_true(store_pains(s, 0, 10000, copy_pain, &pain2, &error));
	assert_int_equal(pain2.wall_ms, pain.wall_ms);
	memset(&sample2, 0, sizeof sample2);
	assert_true(store_samples(s, 0, 10000, copy_sample, &sample2, &error));
	assert_int_equal(sample2.wall_ms, 0);
	store_close(s);
}

static bool count_sample(void *user, const struct store_sample *sample)
{
	(void)sample;
	++*(int *)user;
	return true;
}

static int samples_in(struct store *s)
{
	struct error error;
	int count = 0;
	assert_true(store_samples(s, 0, INT64_MAX, count_sample, &count, &error));
	return count;
}

/* Makes every write to a regular file fail, as a full disk does, until it is lifted. */
static void fill_disk(bool full)
{
	struct rlimit limit;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = full ? 1 : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Flushes after each of `count` rows; how many of the calls failed. */
static int write_samples(struct store *s, int first, int count)
{
	struct error error;
	int failures = 0;
	for (int i = first; i < first + count; i++) {
		struct store_sample sample = {.wall_ms = i};
		failures += !store_sample(s, &sample, &error);
		failures += !store_flush(s, &error);
	}
	return failures;
}

static void files_are_private(void **state)
{
	(void)state;
	struct stat info;
	char path[128];
	struct error error;
	snprintf(path, sizeof path, "%s/deep/state", folder);
	umask(0022);
	struct store *s = store_open(path, NULL, &error);
	assert_non_null(s);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0700);
	snprintf(path, sizeof path, "%s/deep/state/history.sqlite", folder);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	store_close(s);

	/* A file that came from elsewhere becomes private, and what SQLite puts beside it. */
	assert_int_equal(chmod(path, 0644), 0);
	snprintf(path, sizeof path, "%s/deep/state", folder);
	s = store_open(path, NULL, &error);
	assert_non_null(s);
	assert_int_equal(write_samples(s, 0, 1), 0);
	static const char *const files[] = {"history.sqlite", "history.sqlite-wal",
	                                    "history.sqlite-shm"};
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/deep/state/%s", folder, files[i]);
		assert_int_equal(stat(path, &info), 0);
		assert_int_equal(info.st_mode & 0777, 0600);
	}
	store_close(s);
}

static void kill_loses_only_what_was_not_flushed(void **state)
{
	(void)state;
	struct error error;
	for (int round = 0; round < 10; round++) {
		const int flushed = 5 + round, lost = 7;
		pid_t child = fork();
		if (child == 0) {
			struct store *s = store_open(folder, NULL, &error);
			for (int i = 0; s != NULL && i < flushed + lost; i++) {
				struct store_sample sample = {.wall_ms = 100000 * round + i};
				store_sample(s, &sample, &error);
				if (i == flushed - 1)
					store_flush(s, &error);
			}
			raise(SIGKILL);
			_exit(1);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		struct store *s = open_here();
		struct store_sample last = {0};
		assert_true(store_samples(s, 100000 * round, 100000 * (round + 1),
		                          copy_sample, &last, &error));
		assert_int_equal(last.wall_ms, 100000 * round + flushed - 1);
		store_close(s);
	}
}

static void a_full_disk_loses_nothing_for_a_while(void **state)
{
	(void)state;
	struct error error = {0};
	struct spans got = {0};
	int64_t id = -1;
	struct store *s = open_here();
	const struct store_span morning = {1000, 2000, PRESENCE_PRESENT, POSTURE_UPRIGHT},
		noon = {2000, 3000, PRESENCE_PRESENT, POSTURE_UPRIGHT};
	struct store_alert alert = {.wall_ms = 2500, .kind = "slouched"}, alert2 = {0};
	assert_true(store_span(s, &morning, &error));
	assert_int_equal(write_samples(s, 0, 5), 0);
	fill_disk(true);
	const int failures = write_samples(s, 5, 100);
	const bool told = store_flush(s, &error);
	store_span(s, &noon, NULL);
	store_alert(s, &alert, &id, NULL);
	fill_disk(false);
	assert_true(failures >= 100);
	assert_false(told);
	assert_non_null(strstr(error.text, "history.sqlite"));
	assert_true(store_flush(s, &error));
	assert_int_equal(samples_in(s), 105);
	store_close(s);

	s = open_here();
	assert_int_equal(samples_in(s), 105);
	assert_true(store_spans(s, 0, 10000, collect_span, &got, &error));
	assert_int_equal(got.list[0].start_ms, 1000);
	assert_int_equal(got.list[got.count - 1].end_ms, 3000);
	assert_true(store_alerts(s, 0, 10000, copy_alert, &alert2, &error));
	assert_int_equal(alert2.wall_ms, 2500);
	store_close(s);
}

static void a_disk_that_stays_full_costs_bounded_memory(void **state)
{
	(void)state;
	struct error error;
	struct store_sample last = {0};
	struct store *s = open_here();
	fill_disk(true);
	for (int i = 0; i < 3000; i++) {
		struct store_sample sample = {.wall_ms = i};
		store_sample(s, &sample, NULL);
		if (i % 100 == 0)
			store_flush(s, NULL);
	}
	const bool told = store_flush(s, &error);
	fill_disk(false);
	assert_false(told);
	assert_true(store_flush(s, &error));
	assert_int_equal(samples_in(s), 2048);
	assert_true(store_samples(s, 0, INT64_MAX, copy_sample, &last, &error));
	assert_int_equal(last.wall_ms, 2999); /* the oldest went, not the newest */
	store_close(s);
}

static void many_rows_without_a_flush_are_kept(void **state)
{
	(void)state;
	struct error error;
	struct store *s = open_here();
	for (int i = 0; i < 5000; i++) {
		struct store_sample sample = {.wall_ms = i};
		assert_true(store_sample(s, &sample, &error));
	}
	assert_int_equal(samples_in(s), 5000);
	store_close(s);
	s = open_here();
	assert_int_equal(samples_in(s), 5000);
	store_close(s);
}

/* `unknot report` reads while the daemon has a transaction open. */
static void two_may_have_it_open(void **state)
{
	(void)state;
	struct error error;
	struct store *writer = open_here();
	assert_int_equal(write_samples(writer, 0, 3), 0);
	struct store_sample pending = {.wall_ms = 3};
	assert_true(store_sample(writer, &pending, &error));
	struct store *reader = open_here();
	assert_int_equal(samples_in(reader), 3);
	assert_true(store_flush(writer, &error));
	assert_int_equal(samples_in(reader), 4);
	store_close(reader);
	store_close(writer);
}

static void a_locked_file_is_not_damaged(void **state)
{
	(void)state;
	struct error error;
	char path[128], aside[PATH_SIZE];
	sqlite3 *other;
	struct store *s = open_here();
	assert_int_equal(write_samples(s, 0, 3), 0);
	store_close(s);
	snprintf(path, sizeof path, "%s/history.sqlite", folder);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE;"
	                              "DELETE FROM break;", NULL, NULL, NULL), SQLITE_OK);
	assert_null(store_open(folder, aside, &error));
	assert_string_equal(aside, "");
	assert_non_null(strstr(error.text, "another program"));
	sqlite3_close(other);
	s = open_here();
	assert_int_equal(samples_in(s), 3);
	store_close(s);
}

/* Bytes of the file that say so, 0 for none. */
static long occurrences(const char *path, const char *words)
{
	struct error error;
	size_t size;
	long count = 0;
	char *data = path_read_file(path, 64 << 20, &size, &error);
	assert_non_null(data);
	const size_t length = strlen(words);
	for (size_t i = 0; i + length <= size; i++)
		count += memcmp(data + i, words, length) == 0;
	free(data);
	return count;
}

static void what_is_forgotten_is_gone(void **state)
{
	(void)state;
	struct error error;
	char path[128];
	snprintf(path, sizeof path, "%s/history.sqlite", folder);
	struct store *s = open_here();
	for (int i = 0; i < 50; i++) {
		struct store_alert alert = {.wall_ms = i, .text = "a private matter"};
		assert_true(store_alert(s, &alert, NULL, &error));
	}
	store_close(s);
	assert_int_equal(occurrences(path, "a private matter"), 50);
	s = open_here();
	assert_true(store_forget(s, 40, &error));
	store_close(s);
	assert_int_equal(occurrences(path, "a private matter"), 10);
}

static void a_damaged_page_is_found(void **state)
{
	(void)state;
	static const atomic_bool go_on = false;
	const struct store_span span = {1000, 2000, PRESENCE_PRESENT, POSTURE_UPRIGHT};
	const struct store_sample sample = {.wall_ms = 1};
	char path[128], aside[PATH_SIZE];
	struct error error;
	snprintf(path, sizeof path, "%s/history.sqlite", folder);
	struct store *s = open_here();
	assert_int_equal(write_samples(s, 0, 200), 0);
	store_close(s);
	FILE *f = fopen(path, "r+");
	assert_non_null(f);
	for (long page = 3; page < 12; page++) { /* those of the tables; the
	                                          * first two hold the schema */
		fseek(f, page * 4096, SEEK_SET);
		for (int i = 0; i < 64; i++)
			fputc(0xa5, f);
	}
	fclose(f);
	/* Who only looks in moves nothing; nor does the daemon before every page has been read. */
	store_close(store_open(folder, NULL, &error));
	assert_int_equal(access(path, F_OK), 0);
	s = store_open(folder, aside, &error);
	assert_non_null(s);
	assert_string_equal(aside, "");
	assert_int_equal(store_check(folder, &go_on), STORE_DAMAGED);
	/* What is on its way when the file turns out to be damaged is not lost with it. */
	assert_true(store_span(s, &span, &error));
	store_sample(s, &sample, &error);
	assert_true(store_begin_anew(s, aside, &error));
	assert_non_null(strstr(aside, ".corrupt-"));
	assert_int_equal(access(aside, F_OK), 0);
	assert_int_equal(store_check(folder, &go_on), STORE_SOUND);
	assert_true(store_flush(s, &error));
	assert_int_equal(samples_in(s), 1);
	struct spans got = {0};
	assert_true(store_spans(s, 0, 10000, collect_span, &got, &error));
	assert_int_equal(got.count, 1);
	assert_int_equal(got.list[0].end_ms, 2000);
	store_close(s);
}

static void a_check_may_be_stopped_and_judges_only_what_it_read(void **state)
{
	(void)state;
	static const atomic_bool go_on = false, stop = true;
	struct store *s = open_here();
	assert_int_equal(write_samples(s, 0, 20), 0);
	assert_int_equal(store_check(folder, &go_on), STORE_SOUND);
	assert_true(store_check(folder, &stop) != STORE_DAMAGED);
	store_close(s);
	assert_int_equal(store_check("/nowhere", &go_on), STORE_UNCHECKED);
}

/* A history that version 1 of the schema wrote. */
static void an_older_file_is_brought_up_to_date(void **state)
{
	(void)state;
	static const char old[] =
		"CREATE TABLE span(start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,"
		"  presence TEXT NOT NULL, posture TEXT NOT NULL);"
		"CREATE TABLE sample(wall_ms INTEGER NOT NULL, posture TEXT NOT NULL, confidence "
		"REAL NOT NULL,"
		"  measures BLOB NOT NULL);"
		"CREATE TABLE alert(id INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL, kind TEXT "
		"NOT NULL,"
		"  posture TEXT NOT NULL, held_s REAL, evidence TEXT, value REAL, sigma REAL, "
		"reason TEXT,"
		"  text TEXT, answer INTEGER NOT NULL DEFAULT 0);"
		"CREATE TABLE break(kind TEXT NOT NULL, prompted INTEGER NOT NULL, due_ms INTEGER "
		"NOT NULL,"
		"  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, length_s REAL, sitting_s "
		"REAL,"
		"  outcome TEXT NOT NULL);"
		"INSERT INTO span VALUES(1000,2000,'present','upright');"
		"INSERT INTO alert(wall_ms,kind,posture,value) "
		"VALUES(1500,'slouched','slouched',7.5);"
		"PRAGMA user_version=1;";
	char path[128];
	struct error error;
	sqlite3 *db;
	struct spans got = {0};
	struct store_alert alert = {0};
	snprintf(path, sizeof path, "%s/history.sqlite", folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, old, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	for (int round = 0; round < 2; round++) {
		struct store *s = open_here();
		got.count = 0;
		assert_true(store_spans(s, 0, 10000, collect_span, &got, &error));
		assert_int_equal(got.count, 1 + round);
		assert_int_equal(got.list[0].utc_offset_s, STORE_NO_OFFSET);
		if (round == 1)
			assert_int_equal(got.list[1].utc_offset_s, 7200);
		assert_true(store_alerts(s, 0, 10000, copy_alert, &alert, &error));
		assert_float_equal(alert.value, 7.5, 1e-9);
		assert_true(isnan(alert.baseline) && isnan(alert.threshold));
		const struct store_span more = {3000, 4000, PRESENCE_AWAY, POSTURE_UNKNOWN, 7200};
		assert_true(store_span(s, &more, &error));
		store_close(s);
	}
}

static void much_is_forgotten_a_part_at_a_time(void **state)
{
	(void)state;
	struct error error;
	struct store *s = open_here();
	for (int i = 0; i < 12000; i++) {
		struct store_sample sample = {.wall_ms = i};
		assert_true(store_sample(s, &sample, &error));
	}
	assert_true(store_forget(s, 11900, &error));
	assert_int_equal(samples_in(s), 2000);
	assert_true(store_forget(s, 11900, &error));
	assert_int_equal(samples_in(s), 100);
	store_close(s);
}

static const int64_t day_ms = 86400000, then_ms = 1780000000000; /* 2026-05-28 */

static int64_t outdated(struct store *s, int64_t now_ms, double keep_days)
{
	struct error error;
	int64_t before;
	assert_true(store_outdated(s, now_ms, keep_days, &before, &error));
	return before;
}

static void work_day(struct store *s, int64_t start_ms)
{
	struct error error;
	const struct store_span span = {start_ms, start_ms + 8 * 3600000,
	                                PRESENCE_PRESENT, POSTURE_UPRIGHT};
	assert_true(store_span(s, &span, &error));
}

static void a_clock_that_ran_away_deletes_nothing(void **state)
{
	(void)state;
	struct store *s = store_open(NULL, NULL, &(struct error){0});
	assert_non_null(s);
	assert_int_equal(outdated(s, then_ms, 400), INT64_MIN); /* nothing there */
	for (int day = 0; day < 20; day++)
		work_day(s, then_ms + day * day_ms);
	const int64_t evening = then_ms + 19 * day_ms + 8 * 3600000;
	assert_int_equal(outdated(s, evening, 400), evening - 400 * day_ms);
	/* It counts from the newest record on, not from what the clock says. */
	assert_int_equal(outdated(s, evening + 5 * day_ms, 10), evening - 10 * day_ms);
	/* Five years on, where it also writes, and back. */
	const int64_t far = evening + 1800 * day_ms;
	assert_int_equal(outdated(s, far, 400), INT64_MIN);
	work_day(s, far);
	assert_int_equal(outdated(s, far + 8 * 3600000, 400), INT64_MIN);
	assert_int_equal(outdated(s, evening, 400), evening - 400 * day_ms);
	/* A short memory is not emptied by a clock that is off by its length. */
	assert_int_equal(outdated(s, evening + 5 * day_ms, 4), INT64_MIN);
	/* It was right: a day later that is known. */
	work_day(s, far + day_ms);
	assert_int_equal(outdated(s, far + day_ms + 8 * 3600000, 400),
	                 far + day_ms + 8 * 3600000 - 400 * day_ms);
	store_close(s);
}

static void columns_that_a_newer_one_added_do_no_harm(void **state)
{
	(void)state;
	static const char *const tables[] = {"span", "sample", "alert", "break", "pain"};
	struct error error;
	char path[128], sql[64];
	sqlite3 *newer;
	struct store *s = open_here();
	snprintf(path, sizeof path, "%s/history.sqlite", folder);
	assert_int_equal(sqlite3_open(path, &newer), SQLITE_OK);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		snprintf(sql, sizeof sql, "ALTER TABLE %s ADD COLUMN more TEXT", tables[i]);
		assert_int_equal(sqlite3_exec(newer, sql, NULL, NULL, NULL), SQLITE_OK);
	}
	sqlite3_close(newer);
	const struct store_pain pain = {.wall_ms = then_ms, .level = 1};
	const struct store_break rest = {.due_ms = then_ms};
	const struct store_alert alert = {.wall_ms = then_ms};
	const struct store_sample sample = {.wall_ms = then_ms};
	work_day(s, then_ms);
	assert_true(store_sample(s, &sample, &error));
	assert_true(store_alert(s, &alert, NULL, &error));
	assert_true(store_break(s, &rest, &error));
	assert_true(store_pain(s, &pain, &error));
	assert_true(store_flush(s, &error));
	store_close(s);
}

/* Overwrites the pages of one table's leaves: every `step`th of the file from `first` on. */
static int damage_pages(const char *path, int first, int step)
{
	struct stat info;
	int count = 0;
	assert_int_equal(stat(path, &info), 0);
	FILE *f = fopen(path, "r+");
	assert_non_null(f);
	for (long page = first; page < info.st_size / 4096; page += step, count++) {
		fseek(f, page * 4096, SEEK_SET);
		for (int i = 0; i < 4096; i++)
			fputc(0xa5, f);
	}
	fclose(f);
	return count;
}

static bool count_pain(void *user, const struct store_pain *pain)
{
	*(int *)user += pain->level;
	return true;
}

static void a_damaged_page_costs_that_page(void **state)
{
	(void)state;
	enum { SAMPLES = 20000 };
	static const atomic_bool go_on = false, stop = true;
	struct error error;
	char path[128], aside[PATH_SIZE];
	struct store *s = open_here();
	const struct store_pain pain = {.wall_ms = then_ms, .level = 7, .note = "before"};
	assert_true(store_pain(s, &pain, &error));
	for (int i = 0; i < SAMPLES; i++) {
		const struct store_sample sample = {.wall_ms = then_ms + i * 1000,
		                                    .confidence = 0.5};
		assert_true(store_sample(s, &sample, &error));
	}
	store_close(s);
	snprintf(path, sizeof path, "%s/history.sqlite", folder);
	const int pages = damage_pages(path, 40, 100);
	assert_true(pages > 5);
	assert_int_equal(store_check(folder, &go_on), STORE_DAMAGED);
	s = store_open(folder, aside, &error);
	assert_non_null(s);
	assert_true(store_begin_anew(s, aside, &error));
	work_day(s, then_ms + day_ms);
	assert_true(store_flush(s, &error));
	assert_int_equal(store_salvage(aside, folder, &stop), 0);
	const long rows = store_salvage(aside, folder, &go_on);
	const int samples = samples_in(s);
	/* A page holds 4096 / 190 rows at most; some of the pages are the index's, which cost
	 * nothing. */
	printf("%d pages damaged: %d of %d samples are left\n", pages, samples, SAMPLES);
	assert_true(samples >= SAMPLES - pages * 22 && samples < SAMPLES);
	assert_int_equal(rows, samples + 1);
	int levels = 0;
	assert_true(store_pains(s, 0, INT64_MAX, count_pain, &levels, &error));
	assert_int_equal(levels, 7);
	assert_int_equal(store_check(folder, &go_on), STORE_SOUND);
	/* A lost inner page, and no more of the file than its first half. */
	assert_int_equal(truncate(aside, 4096 * 300), 0);
	assert_true(store_salvage(aside, folder, &go_on) >= 0);
	assert_int_equal(store_salvage("/nowhere", folder, &go_on), 0);
	store_close(s);
}

static void what_was_set_aside_is_forgotten_in_time(void **state)
{
	(void)state;
	static const char *const names[] = {"history.sqlite.corrupt-20260101-120000",
		"history.sqlite.corrupt-20260101-120000-wal",
		"history.sqlite.corrupt-20260601-120000", "history.sqlite.corrupt-by-hand",
		"history.sqlite"};
	struct error error;
	char path[128];
	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		assert_true(path_write_file(path, "x", 1, &error));
	}
	store_forget_aside(folder, then_ms);
	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		assert_int_equal(access(path, F_OK) == 0, i >= 2);
	}
	store_forget_aside("/nowhere", then_ms);
}

static void a_damaged_file_is_kept_aside(void **state)
{
	(void)state;
	struct error error;
	char path[128], aside[PATH_SIZE];
	snprintf(path, sizeof path, "%s/history.sqlite", folder);
	static const char junk[] =
		"SQLite format 3\0this is not a database at all, whatever it says above";
	char big[8192];
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = junk[i % sizeof junk];
	assert_true(path_write_file(path, big, sizeof big, &error));
	assert_null(store_open(folder, NULL, &error));
	assert_non_null(strstr(error.text, "unknotd keeps it aside"));
	assert_int_equal(occurrences(path, "this is not a database") > 0, 1);
	struct store *s = store_open(folder, aside, &error);
	assert_non_null(s);
	assert_non_null(strstr(aside, "history.sqlite.corrupt-"));
	assert_int_equal(access(aside, F_OK), 0);
	struct store_sample sample = {.wall_ms = 1};
	assert_true(store_sample(s, &sample, &error));
	store_close(s);
	s = store_open(folder, aside, &error);
	assert_non_null(s);
	assert_string_equal(aside, "");
	store_close(s);
}

static void a_newer_file_is_refused_untouched(void **state)
{
	(void)state;
	struct error error;
	char command[256];
	store_close(open_here());
	snprintf(command, sizeof command,
	         "printf '\\000\\000\\000\\143' | dd of='%s/history.sqlite' bs=1 seek=60 "
	         "conv=notrunc 2>/dev/null",
	         folder);
	assert_int_equal(system(command), 0);
	assert_null(store_open(folder, NULL, &error));
	assert_non_null(strstr(error.text, "newer"));
}

static void a_folder_that_cannot_be_written_is_told(void **state)
{
	(void)state;
	struct error error;
	assert_null(store_open("/proc/unknot", NULL, &error));
	assert_non_null(strstr(error.text, "/proc/unknot"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(spans_of_one_state_are_one_row,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(everything_comes_back_after_reopening,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(files_are_private, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(kill_loses_only_what_was_not_flushed,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_damaged_file_is_kept_aside,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(columns_that_a_newer_one_added_do_no_harm,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_damaged_page_costs_that_page,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_was_set_aside_is_forgotten_in_time,
		                                make_folder, remove_folder),
		cmocka_unit_test(a_clock_that_ran_away_deletes_nothing),
		cmocka_unit_test_setup_teardown(a_newer_file_is_refused_untouched,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing_for_a_while,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_disk_that_stays_full_costs_bounded_memory,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(many_rows_without_a_flush_are_kept,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(two_may_have_it_open, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_locked_file_is_not_damaged,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_is_forgotten_is_gone,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_damaged_page_is_found,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_check_may_be_stopped_and_judges_only_what_it_read,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(an_older_file_is_brought_up_to_date,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(much_is_forgotten_a_part_at_a_time,
		                                make_folder, remove_folder),
		cmocka_unit_test(a_folder_that_cannot_be_written_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
