/* When the diary or an answer means a doctor; answers remembered. */
#include "coach/care.h"
#include "store/answers.h"
#include "store/known_care.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY INT64_C(86400000)

static void test_diary(void **state)
{
	(void)state;
	int days;
	const struct care_entry fortnight[] = {{0, 3}, {5 * DAY, 4}, {10 * DAY, 2}, {14 * DAY, 3}};
	const struct care_entry longer[] = {{0, 3}, {5 * DAY, 4}, {10 * DAY, 2}, {15 * DAY, 3}};
	const struct care_entry eased[] = {{0, 3}, {5 * DAY, 0}, {10 * DAY, 2}, {16 * DAY, 3}};
	const struct care_entry silent[] = {{0, 3}, {8 * DAY, 3}, {15 * DAY, 3}};
	const struct care_entry rising[] = {{0, 3}, {DAY, 6}, {2 * DAY, 7}};
	const struct care_entry over[] = {{0, 3}, {7 * DAY, 9}, {14 * DAY, 5}, {20 * DAY, 0}};
	assert_int_equal(care_diary(NULL, 0, 0, &days), CARE_NOTHING);
	assert_int_equal(care_diary(fortnight, 4, 14 * DAY, &days), CARE_NOTHING);
	assert_int_equal(days, 14);
	assert_int_equal(care_diary(longer, 4, 15 * DAY, &days), CARE_LASTING);
	assert_int_equal(days, 15);
	assert_int_equal(care_diary(longer, 4, 23 * DAY, NULL), CARE_NOTHING); /* long silence */
	assert_int_equal(care_diary(eased, 4, 16 * DAY, NULL), CARE_NOTHING);
	assert_int_equal(care_diary(silent, 3, 15 * DAY, &days), CARE_NOTHING);
	assert_int_equal(days, 7);
	assert_int_equal(care_diary(rising, 3, 2 * DAY, NULL), CARE_SEVERE);
	/* the future is not known */
	assert_int_equal(care_diary(rising, 3, DAY, NULL), CARE_NOTHING);
	assert_int_equal(care_diary(over, 4, 20 * DAY, NULL), CARE_NOTHING);
	/* no silence takes it back */
	assert_int_equal(care_diary(rising, 3, 40 * DAY, NULL), CARE_SEVERE);
}

/* What is in force: the gravest of answers and diary that nobody has looked at since. */
static void test_what_is_in_force(void **state)
{
	(void)state;
	const struct care_entry mild[] = {{0, 2}, {6 * DAY, 2}, {12 * DAY, 3}, {18 * DAY, 3}};
	const struct care_entry severe[] = {{17 * DAY, 8}};
	const struct care_entry eased[] = {{17 * DAY, 8}, {18 * DAY, 5}};
	const struct {
		enum care_reason flags;
		int64_t flags_ms;
		const struct care_entry *entries;
		size_t count;
		int64_t cleared_ms, now_ms;
		enum care_reason reason;
		int level;
		bool gentle;
	} rows[] = {
		{CARE_NOTHING, 0, NULL, 0, 0, 20 * DAY, CARE_NOTHING, 0, false},
		{CARE_URGENT, 1 * DAY, NULL, 0, 0, 20 * DAY, CARE_URGENT, 0, true},
		{CARE_URGENT, 1 * DAY, NULL, 0, 2 * DAY, 20 * DAY, CARE_NOTHING, 0, false},
		/* a new one */
		{CARE_URGENT, 3 * DAY, NULL, 0, 2 * DAY, 20 * DAY, CARE_URGENT, 0, true},
		{CARE_EMERGENCY, DAY, NULL, 0, 0, 20 * DAY, CARE_EMERGENCY, 0, true},
		{CARE_SOON, DAY, NULL, 0, 0, 20 * DAY, CARE_SOON, 0, false},
		/* goes on moving */
		{CARE_NOTHING, 0, mild, 4, 0, 20 * DAY, CARE_LASTING, 3, false},
		{CARE_NOTHING, 0, mild, 4, 19 * DAY, 20 * DAY, CARE_LASTING, 3, false},
		{CARE_SOON, DAY, mild, 4, 0, 20 * DAY, CARE_SOON, 3, false},
		{CARE_NOTHING, 0, severe, 1, 0, 20 * DAY, CARE_SEVERE, 8, true},
		{CARE_NOTHING, 0, severe, 1, 0, 60 * DAY, CARE_SEVERE, 0, true},
		{CARE_NOTHING, 0, severe, 1, 18 * DAY, 20 * DAY, CARE_NOTHING, 8, false},
		{CARE_NOTHING, 0, eased, 2, 0, 20 * DAY, CARE_NOTHING, 5, false},
		{CARE_URGENT, DAY, severe, 1, 0, 20 * DAY, CARE_URGENT, 8, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct care c = care_in_force(rows[i].flags, rows[i].flags_ms,
		                                    rows[i].entries,
		                                    rows[i].count, rows[i].cleared_ms,
		                                    rows[i].now_ms);
		print_message("row %zu: %d, level %d\n", i, (int)c.reason, c.level);
		assert_int_equal(c.reason, rows[i].reason);
		assert_int_equal(c.level, rows[i].level);
		assert_int_equal(care_gentle(c.reason), rows[i].gentle);
	}
}

static int question(const char *id)
{
	const struct care_question *q;
	const int count = care_red_flags(&q);
	for (int i = 0; i < count; i++)
		if (strcmp(q[i].id, id) == 0)
			return i;
	fail_msg("no question %s", id);
	return -1;
}

static void test_every_flag_means_a_doctor(void **state)
{
	(void)state;
	const struct care_question *q;
	const int count = care_red_flags(&q);
	bool yes[ANSWERS_MAX] = {false};
	assert_true(count >= 1 && count <= ANSWERS_MAX);
	assert_int_equal(care_flags(yes), CARE_NOTHING);
	assert_string_equal(care_advice(CARE_NOTHING), "");
	for (int i = 0; i < count; i++) {
		assert_true(q[i].means > CARE_NOTHING);
		assert_true(i == 0 || q[i].means <= q[i - 1].means); /* the gravest first */
		yes[i] = true;
		assert_int_equal(care_flags(yes), q[i].means);
		yes[i] = false;
	}
	memset(yes, 1, sizeof yes);
	assert_int_equal(care_flags(yes), CARE_EMERGENCY);
}

/* src/coach/ergonomics.md: which sign means what. */
static void test_signs_by_gravity(void **state)
{
	(void)state;
	static const struct { const char *id; enum care_reason means; } rows[] = {
		{"control", CARE_EMERGENCY}, {"retention", CARE_EMERGENCY},
		{"saddle", CARE_EMERGENCY},
		{"both_legs", CARE_EMERGENCY}, {"chest", CARE_EMERGENCY}, {"crash", CARE_EMERGENCY},
		{"fever", CARE_URGENT}, {"weight", CARE_URGENT}, {"history", CARE_URGENT},
		{"fall", CARE_URGENT},
		{"steroids", CARE_URGENT}, {"immune", CARE_URGENT}, {"night", CARE_URGENT},
		{"lump", CARE_URGENT},
		{"strain", CARE_URGENT}, {"upper", CARE_URGENT}, {"pregnant", CARE_URGENT},
		{"weakness", CARE_URGENT}, {"severe", CARE_SEVERE}, {"leg", CARE_SOON},
		{"lasting", CARE_LASTING},
	};
	const struct care_question *q;
	assert_int_equal(care_red_flags(&q), sizeof rows / sizeof *rows);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(q[question(rows[i].id)].means, rows[i].means);
}

static void test_a_grave_yes_ends_the_questions(void **state)
{
	(void)state;
	const struct care_question *q;
	const int count = care_red_flags(&q);
	const int severe = question("severe"); /* the first that is no red flag */
	bool yes[ANSWERS_MAX] = {false};
	for (int asked = 0; asked < count; asked++)
		assert_false(care_enough(yes, asked));
	assert_true(care_enough(yes, count));
	yes[question("saddle")] = true;
	assert_false(care_enough(yes, question("saddle"))); /* not put yet */
	assert_true(care_enough(yes, question("saddle") + 1));
	yes[question("saddle")] = false;
	yes[question("fever")] = true;
	assert_false(care_enough(yes, question("fever") + 1));
	assert_true(care_enough(yes, severe));
	yes[question("fever")] = false;
	yes[severe] = true;
	assert_false(care_enough(yes, severe + 1));
}

/* The advice names no drug, and every question has its source. */
static void test_words(void **state)
{
	(void)state;
	static const char *const never[] = {"ibuprofen", "paracetamol",
	                                    "tablet", "medic", "drug", "relax"};
	const struct care_question *q;
	const int count = care_checks(&q);
	assert_true(count >= 1 && count <= ANSWERS_MAX);
	for (int i = 0; i < count; i++) {
		assert_non_null(strstr(q[i].source, "ergo:"));
		assert_non_null(strchr(q[i].text, '?'));
		for (size_t k = 0; k < sizeof never / sizeof *never; k++)
			assert_null(strcasestr(q[i].advice, never[k]));
	}
	for (int r = CARE_LASTING; r <= CARE_EMERGENCY; r++) {
		const char *advice = care_advice((enum care_reason)r);
		assert_non_null(strstr(advice, "doctor"));
		assert_int_equal(strstr(advice, "emergency department now") != NULL,
		                 r == CARE_EMERGENCY);
		assert_int_equal(strstr(advice, "Go on moving") != NULL,
		                 r == CARE_LASTING || r == CARE_SOON);
		assert_int_equal(strstr(advice, "walk gently or rest") != NULL,
		                 r == CARE_SEVERE || r == CARE_URGENT);
		for (size_t k = 0; k < sizeof never / sizeof *never; k++)
			assert_null(strcasestr(care_advice((enum care_reason)r), never[k]));
	}
}

static void test_answers_are_remembered(void **state)
{
	(void)state;
	static const char *const ids[] = {"one", "two", "three"};
	static const char *const other[] = {"three", "four", "one"};
	char dir[] = "/tmp/unknot-answers-XXXXXX", path[64];
	struct answers a, b;
	struct error error;
	struct stat info;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/list.json", dir);
	assert_true(answers_load(&a, dir, "list", ids, 3, &error));
	assert_int_equal(a.answered_ms, 0);
	a = (struct answers){1234567890123, {ANSWER_YES, ANSWER_UNSAID, ANSWER_NO}};
	assert_true(answers_save(&a, dir, "list", ids, 3, &error));
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_true(answers_load(&b, dir, "list", ids, 3, &error));
	assert_memory_equal(&a, &b, sizeof a);
	/* Questions that came, went and moved. */
	assert_true(answers_load(&b, dir, "list", other, 3, &error));
	assert_int_equal(b.of[0], ANSWER_NO);
	assert_int_equal(b.of[1], ANSWER_UNSAID);
	assert_int_equal(b.of[2], ANSWER_YES);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs("{\"answers\":7", f);
	fclose(f);
	assert_false(answers_load(&b, dir, "list", ids, 3, &error));
	assert_non_null(strstr(error.text, "list.json"));
	unlink(path);
	rmdir(dir);
}

static void test_known_care(void **state)
{
	(void)state;
	static const char *const ids[] = {"fever"};
	char dir[] = "/tmp/unknot-care-XXXXXX", path[64];
	struct answers a = {5 * DAY, {ANSWER_YES}};
	struct error error;
	struct care care;
	assert_non_null(mkdtemp(dir));
	struct store *store = store_open(dir, NULL, &error);
	assert_non_null(store);
	assert_true(known_care(&care, store, dir, 6 * DAY, &error));
	assert_int_equal(care.reason, CARE_NOTHING);
	struct store_pain pain = {.wall_ms = 6 * DAY, .level = 8};
	assert_true(store_pain(store, &pain, &error));
	assert_true(known_care(&care, store, dir, 7 * DAY, &error));
	assert_int_equal(care.reason, CARE_SEVERE);
	assert_int_equal(care.level, 8);
	assert_true(answers_save(&a, dir, "care", ids, 1, &error));
	assert_true(known_care(&care, store, dir, 7 * DAY, &error));
	assert_int_equal(care.reason, CARE_URGENT);
	assert_true(known_care_clear(dir, 8 * DAY, &error));
	assert_true(known_care(&care, store, dir, 9 * DAY, &error));
	assert_int_equal(care.reason, CARE_NOTHING);
	/* One file that cannot be read is told of, and takes nothing else out of force. */
	pain = (struct store_pain){.wall_ms = 9 * DAY, .level = 9};
	assert_true(store_pain(store, &pain, &error));
	snprintf(path, sizeof path, "%s/care.json", dir);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs("nothing", f);
	fclose(f);
	assert_false(known_care(&care, store, dir, 10 * DAY, &error));
	assert_non_null(strstr(error.text, "care.json"));
	assert_int_equal(care.reason, CARE_SEVERE);
	store_close(store);
	char command[96];
	snprintf(command, sizeof command, "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static void what_the_questions_come_to(void **state)
{
	(void)state;
	char text[CARE_PARAGRAPHS][CARE_TEXT];
	const struct care_question *q;
	const int count = care_red_flags(&q);
	bool yes[ANSWERS_MAX] = {false}, no[ANSWERS_MAX];
	memset(no, true, sizeof no);
	/* All no: no reason, and what good discomfort is. */
	struct care_outcome o = care_conclude(yes, no, count);
	assert_int_equal(o.reason, CARE_NOTHING);
	assert_int_equal(care_says(&o, text), 2);
	assert_non_null(strstr(text[0], "None of the signs"));
	assert_string_equal(text[1], care_discomfort());
	/* A skipped sign is not no, and is told first; what was not asked was not skipped. */
	no[1] = false;
	o = care_conclude(yes, no, count);
	assert_int_equal(o.skipped, 1);
	assert_int_equal(o.skipped_signs, 1);
	assert_int_equal(care_says(&o, text), 2);
	assert_non_null(strstr(text[0], "Emergency signs you skipped: 1"));
	o = care_conclude(yes, no, 1);
	assert_int_equal(o.skipped, 0);
	no[1] = true;
	no[count - 1] = false;
	o = care_conclude(yes, no, count);
	assert_int_equal(o.skipped_signs, 0);
	care_says(&o, text);
	assert_non_null(strstr(text[0], "Questions you skipped: 1"));
	/* An emergency says where to go, that nothing else is offered, and no more. */
	yes[0] = true;
	o = care_conclude(yes, no, 1);
	assert_int_equal(o.reason, CARE_EMERGENCY);
	assert_int_equal(care_says(&o, text), 2);
	assert_non_null(strstr(text[0], "emergency department now"));
	assert_non_null(strstr(text[1], "nothing else"));
}

static void levels_have_words(void **state)
{
	(void)state;
	assert_string_equal(care_level(0), "no pain");
	assert_non_null(strstr(care_level(1), "mild"));
	assert_non_null(strstr(care_level(CARE_MODERATE_LEVEL - 1), "mild"));
	assert_non_null(strstr(care_level(CARE_MODERATE_LEVEL), "moderate"));
	assert_non_null(strstr(care_level(CARE_SEVERE_LEVEL), "severe"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diary),
		cmocka_unit_test(test_what_is_in_force),
		cmocka_unit_test(test_every_flag_means_a_doctor),
		cmocka_unit_test(test_signs_by_gravity),
		cmocka_unit_test(test_a_grave_yes_ends_the_questions),
		cmocka_unit_test(test_known_care),
		cmocka_unit_test(what_the_questions_come_to),
		cmocka_unit_test(levels_have_words),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_answers_are_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
