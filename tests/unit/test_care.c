/* When the diary or an answer means a doctor; answers remembered. */
#include "coach/care.h"
#include "store/answers.h"

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
	assert_int_equal(care_diary(rising, 3, DAY, NULL), CARE_NOTHING); /* the future is not known */
	assert_int_equal(care_diary(over, 4, 20 * DAY, NULL), CARE_NOTHING);
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
		yes[i] = true;
		assert_int_equal(care_flags(yes), q[i].urgent ? CARE_URGENT : CARE_RED_FLAG);
		assert_non_null(strstr(care_advice(care_flags(yes)), "doctor"));
		yes[i] = false;
	}
	memset(yes, 1, sizeof yes);
	assert_int_equal(care_flags(yes), CARE_URGENT);
}

/* The advice names no drug, and every question has its source. */
static void test_words(void **state)
{
	(void)state;
	static const char *const never[] = {"ibuprofen", "paracetamol", "tablet", "medic", "drug", "relax"};
	const struct care_question *q;
	const int count = care_checks(&q);
	assert_true(count >= 1 && count <= ANSWERS_MAX);
	for (int i = 0; i < count; i++) {
		assert_non_null(strstr(q[i].source, "ergo:"));
		assert_non_null(strchr(q[i].text, '?'));
		for (size_t k = 0; k < sizeof never / sizeof *never; k++)
			assert_null(strcasestr(q[i].advice, never[k]));
	}
	for (int r = CARE_LASTING; r <= CARE_URGENT; r++) {
		assert_non_null(strstr(care_advice((enum care_reason)r), "doctor"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diary),
		cmocka_unit_test(test_every_flag_means_a_doctor),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_answers_are_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
