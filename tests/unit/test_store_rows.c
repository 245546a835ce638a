/* History, row by row: every field comes back as it went in, at both ends of every range. */
#include "store/answers.h"
#include "store/kept.h"
#include "store/store.h"

#include "base/paths.h"
#include "folder.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct store *open_here(void)
{
	struct error error;
	struct store *s = store_open(folder, NULL, &error);
	assert_non_null(s);
	return s;
}

static sqlite3 *open_directly(void)
{
	char path[PATH_SIZE];
	sqlite3 *db;
	assert_true(path_join(path, folder, "history.sqlite", NULL));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static void run(const char *sql)
{
	sqlite3 *db = open_directly();
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* ---- rows of one kind, collected ---- */

#define COLLECT(type)                                                                              \
	struct type##_list {                                                                       \
		struct store_##type row[8];                                                        \
		int count;                                                                         \
	};                                                                                         \
	static bool collect_##type(void *user, const struct store_##type *row)                     \
	{                                                                                          \
		struct type##_list *list = user;                                                   \
		list->row[list->count++] = *row;                                                   \
		return list->count < 8;                                                            \
	}                                                                                          \
	static struct type##_list type##s_in(struct store *s, int64_t from, int64_t to)            \
	{                                                                                          \
		struct type##_list list = {.count = 0};                                            \
		assert_true(store_##type##s(s, from, to, collect_##type, &list, NULL));            \
		return list;                                                                       \
	}

COLLECT(span)
COLLECT(sample)
COLLECT(alert)
COLLECT(break)
COLLECT(pain)

static void spans_come_back(void **state)
{
	(void)state;
	struct store *s = open_here();
	const struct store_span span = {1000, 2000, PRESENCE_IN_CALL, POSTURE_SLOUCHED, -3600};
	assert_true(store_span(s, &span, NULL));
	assert_true(store_span(s, &(struct store_span){5000, 5000, PRESENCE_AWAY,
	                                               POSTURE_UNKNOWN, 0}, NULL));
	const struct span_list got = spans_in(s, 0, 10000);
	assert_int_equal(got.count, 1); /* one without length is none */
	assert_int_equal(got.row[0].start_ms, span.start_ms);
	assert_int_equal(got.row[0].end_ms, span.end_ms);
	assert_int_equal(got.row[0].presence, span.presence);
	assert_int_equal(got.row[0].posture, span.posture);
	assert_int_equal(got.row[0].utc_offset_s, span.utc_offset_s);
	assert_int_equal(spans_in(s, 1999, 3000).count, 1);
	assert_int_equal(spans_in(s, 2000, 3000).count, 0);
	assert_int_equal(spans_in(s, 0, 1001).count, 1);
	assert_int_equal(spans_in(s, 0, 1000).count, 0);
	store_close(s);
}

static void samples_come_back(void **state)
{
	(void)state;
	struct store *s = open_here();
	struct store_sample sample = {.wall_ms = 5000, .posture = POSTURE_LEANING,
	                              .confidence = 0.75};
	for (int i = 0; i < MEASURE_COUNT; i++)
		if (i != MEASURE_LEAN_IN)
			sample.measures.m[i] = (struct measure){i + 0.25, i / 8.0, true};
	sample.measures.m[MEASURE_EYE_DROP].sigma = NAN;
	sample.measures.m[MEASURE_EYE_SIDE].value = INFINITY;
	assert_true(store_sample(s, &sample, NULL));
	const struct store_sample odd = {.wall_ms = 6000, .confidence = NAN};
	assert_true(store_sample(s, &odd, NULL));
	const struct sample_list got = samples_in(s, 5000, 6001);
	assert_int_equal(got.count, 2);
	assert_int_equal(got.row[0].wall_ms, 5000);
	assert_int_equal(got.row[0].posture, POSTURE_LEANING);
	assert_true(got.row[0].confidence == 0.75);
	assert_true(got.row[1].confidence == 0);
	for (int i = 0; i < MEASURE_COUNT; i++) {
		const struct measure *m = &got.row[0].measures.m[i];
		const bool lost = i == MEASURE_LEAN_IN || i == MEASURE_EYE_DROP ||
		                  i == MEASURE_EYE_SIDE;
		if (m->valid == lost)
			fail_msg("measure %d is%s valid", i, m->valid ? "" : " not");
		if (!lost)
			assert_true(m->value == i + 0.25 && m->sigma == i / 8.0);
	}
	assert_int_equal(samples_in(s, 5000, 6000).count, 1);
	assert_int_equal(samples_in(s, 5001, 6000).count, 0);
	store_close(s);
}

static void alerts_come_back(void **state)
{
	(void)state;
	struct store *s = open_here();
	const struct store_alert alert = {.wall_ms = 6000, .kind = "slouched",
	                                  .posture = POSTURE_SLOUCHED,
	                                  .held_s = 61, .evidence = "eye_drop_cm",
	                                  .value = 7.25, .sigma = 0.5,
	                                  .reason = "eye_drop_cm 7.2 > 4.0", .text = "Sit back",
	                                  .answer = 3, .baseline = -3.5, .threshold = 4};
	int64_t first = 0, second = 0;
	assert_true(store_alert(s, &alert, &first, NULL));
	assert_true(store_alert(s, &alert, &second, NULL));
	assert_true(store_answer(s, second, 2, NULL));
	const struct alert_list got = alerts_in(s, 6000, 6001);
	assert_int_equal(got.count, 2);
	const struct store_alert *a = &got.row[0];
	assert_int_equal(a->wall_ms, 6000);
	assert_string_equal(a->kind, "slouched");
	assert_int_equal(a->posture, POSTURE_SLOUCHED);
	assert_true(a->held_s == 61 && a->value == 7.25 && a->sigma == 0.5);
	assert_string_equal(a->evidence, "eye_drop_cm");
	assert_string_equal(a->reason, "eye_drop_cm 7.2 > 4.0");
	assert_string_equal(a->text, "Sit back");
	assert_true(a->baseline == -3.5 && a->threshold == 4);
	assert_int_equal(a->answer, 3);
	assert_int_equal(got.row[1].answer, 2);
	assert_int_equal(alerts_in(s, 5000, 6000).count, 0);
	assert_int_equal(alerts_in(s, 6001, 7000).count, 0);
	store_close(s);
}

static void breaks_come_back(void **state)
{
	(void)state;
	struct store *s = open_here();
	static const struct store_break breaks[] = {
		{BREAK_MOVEMENT, true, 7000, 7100, 9000, 301, 3000, BREAK_CUT_SHORT},
		{BREAK_MICRO, true, 7001, 0, 0, 0, 1200, BREAK_SKIPPED},
		{BREAK_MICRO, false, 7002, 7003, 7004, 21, 1100, BREAK_TAKEN},
	};
	for (int i = 0; i < 3; i++)
		assert_true(store_break(s, &breaks[i], NULL));
	const struct break_list got = breaks_in(s, 7000, 7003);
	assert_int_equal(got.count, 3);
	for (int i = 0; i < 3; i++) {
		const struct store_break *b = &got.row[i], *want = &breaks[i];
		assert_int_equal(b->kind, want->kind);
		assert_int_equal(b->prompted, want->prompted);
		assert_int_equal(b->due_ms, want->due_ms);
		assert_int_equal(b->start_ms, want->start_ms);
		assert_int_equal(b->end_ms, want->end_ms);
		assert_true(b->length_s == want->length_s && b->sitting_s == want->sitting_s);
		assert_int_equal(b->outcome, want->outcome);
	}
	assert_int_equal(breaks_in(s, 7001, 7002).count, 1);
	store_close(s);
}

static void pains_come_back_within_their_scale(void **state)
{
	(void)state;
	static const int given[] = {-1, 0, 10, 11}, expected[] = {0, 0, 10, 10};
	struct store *s = open_here();
	for (int i = 0; i < 4; i++)
		assert_true(store_pain(s, &(struct store_pain){100 + i, given[i], "neck", "dull"},
		                       NULL));
	const struct pain_list got = pains_in(s, 100, 104);
	assert_int_equal(got.count, 4);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(got.row[i].wall_ms, 100 + i);
		assert_int_equal(got.row[i].level, expected[i]);
		assert_string_equal(got.row[i].where, "neck");
		assert_string_equal(got.row[i].note, "dull");
	}
	store_close(s);
}

/* What is as old as the limit stays; of much, the oldest goes first. */
static void forgetting_ends_where_it_is_told(void **state)
{
	(void)state;
	enum { MANY = 10050 };
	struct store *s = open_here();
	for (int i = 0; i < MANY; i++) {
		const struct store_span span = {i * 10, i * 10 + 10, PRESENCE_PRESENT,
		                                i % 2 ? POSTURE_UPRIGHT : POSTURE_SLOUCHED, 0};
		assert_true(store_span(s, &span, NULL));
	}
	for (int i = 0; i < 2; i++) {
		assert_true(store_alert(s, &(struct store_alert){.wall_ms = 199999 + i,
		                                                 .kind = "a"}, NULL, NULL));
		assert_true(store_break(s, &(struct store_break){.due_ms = 199999 + i}, NULL));
		assert_true(store_pain(s, &(struct store_pain){.wall_ms = 199999 + i}, NULL));
		assert_true(store_sample(s, &(struct store_sample){.wall_ms = 199999 + i}, NULL));
	}
	assert_true(store_forget(s, 200000, NULL));
	assert_int_equal(spans_in(s, 0, 1000000).row[0].start_ms, 100000);
	assert_int_equal(alerts_in(s, 0, 1000000).count, 1);
	assert_int_equal(breaks_in(s, 0, 1000000).count, 1);
	assert_int_equal(pains_in(s, 0, 1000000).count, 2); /* the diary is the person's own */
	assert_int_equal(samples_in(s, 0, 1000000).count, 1);
	assert_int_equal(alerts_in(s, 0, 1000000).row[0].wall_ms, 200000);
	store_close(s);
}

/* One row that the schema refuses costs itself and nothing else. */
static void a_refused_row_does_not_hold_up_the_others(void **state)
{
	(void)state;
	struct error error = {0};
	store_close(open_here());
	run("CREATE TRIGGER no BEFORE INSERT ON sample WHEN new.wall_ms=13 "
	    "BEGIN SELECT RAISE(ABORT,'not this one'); END");
	struct store *s = open_here();
	assert_true(store_sample(s, &(struct store_sample){.wall_ms = 12}, &error));
	assert_false(store_sample(s, &(struct store_sample){.wall_ms = 13}, &error));
	assert_non_null(strstr(error.text, "not this one"));
	assert_true(store_sample(s, &(struct store_sample){.wall_ms = 14}, &error));
	assert_true(store_sample(s, &(struct store_sample){.wall_ms = 15}, &error));
	assert_true(store_flush(s, &error));
	store_close(s);
	s = open_here();
	const struct sample_list got = samples_in(s, 0, 100);
	assert_int_equal(got.count, 3);
	assert_int_equal(got.row[0].wall_ms, 12);
	assert_int_equal(got.row[1].wall_ms, 14);
	assert_int_equal(got.row[2].wall_ms, 15);
	store_close(s);
}

/* ---- files ---- */

static void the_next_version_is_refused(void **state)
{
	(void)state;
	struct error error;
	char sql[64];
	sqlite3_stmt *q;
	store_close(open_here());
	sqlite3 *db = open_directly();
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	snprintf(sql, sizeof sql, "PRAGMA user_version=%d", sqlite3_column_int(q, 0) + 1);
	sqlite3_finalize(q);
	sqlite3_close(db);
	run(sql);
	assert_null(store_open(folder, NULL, &error));
	assert_non_null(strstr(error.text, "newer"));
}

static void a_group_may_not_read(void **state)
{
	(void)state;
	struct stat info;
	char path[PATH_SIZE];
	store_close(open_here());
	assert_true(path_join(path, folder, "history.sqlite", NULL));
	assert_int_equal(chmod(path, 0640), 0);
	store_close(open_here());
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
}

static void no_database_goes_aside(void **state)
{
	(void)state;
	static const atomic_bool go_on = false;
	char path[PATH_SIZE], aside[PATH_SIZE];
	struct error error;
	char junk[4096];
	memset(junk, 'x', sizeof junk);
	assert_true(path_join(path, folder, "history.sqlite", NULL));
	assert_true(path_write_file(path, junk, sizeof junk, &error));
	assert_int_equal(store_check(folder, &go_on), STORE_DAMAGED);
	struct store *s = store_open(folder, aside, &error);
	assert_non_null(s);
	assert_non_null(strstr(aside, ".corrupt-"));
	store_close(s);
}

static void answers_come_back(void **state)
{
	(void)state;
	static const char *const ids[] = {"lumbar", "feet", "arms"};
	const struct answers given = {1764444444444, {ANSWER_NO, ANSWER_UNSAID, ANSWER_YES}};
	struct answers got;
	struct error error;
	assert_true(answers_save(&given, folder, "desk", ids, 3, &error));
	assert_true(answers_load(&got, folder, "desk", ids, 3, &error));
	assert_int_equal(got.answered_ms, given.answered_ms);
	for (int i = 0; i < 3; i++)
		assert_int_equal(got.of[i], given.of[i]);
}

/* What is kept is an object, or told to be none. */
static void what_is_kept_is_an_object(void **state)
{
	(void)state;
	static const char *const texts[] = {"[1]", "3", "{", ""};
	struct error error;
	char path[PATH_SIZE];
	cJSON *json;
	assert_true(kept_load(&json, folder, "kept.json", &error)); /* no such file */
	assert_true(cJSON_IsObject(json) && cJSON_GetArraySize(json) == 0);
	cJSON_AddNumberToObject(json, "a", 1);
	assert_true(kept_save(json, folder, "kept.json", &error));
	assert_true(kept_load(&json, folder, "kept.json", &error));
	assert_true(cJSON_GetNumberValue(cJSON_GetObjectItem(json, "a")) == 1);
	cJSON_Delete(json);
	assert_true(path_join(path, folder, "kept.json", &error));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_true(path_write_file(path, texts[i], strlen(texts[i]), &error));
		assert_false(kept_load(&json, folder, "kept.json", &error));
		assert_non_null(strstr(error.text, "remove it to begin anew"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(spans_come_back, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(samples_come_back, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(alerts_come_back, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(breaks_come_back, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(pains_come_back_within_their_scale,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(forgetting_ends_where_it_is_told,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_refused_row_does_not_hold_up_the_others,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_next_version_is_refused,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_group_may_not_read, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(no_database_goes_aside, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(answers_come_back, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_is_kept_is_an_object,
		                                make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
