/* What commands print for a person has words for whatever the daemon names. */
#include "cli/words.h"
#include "geometry/measures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void every_measure_has_words_and_a_unit(void **state)
{
	(void)state;
	for (int i = 0; i < MEASURE_COUNT; i++) {
		const char *name = measure_name((enum measure_id)i);
		assert_string_not_equal(words_of_measure(name), name);
		assert_null(strchr(words_of_measure(name), '_'));
		assert_string_equal(words_of_unit(name),
		                    strstr(name, "_cm") != NULL ? "cm" : "deg");
	}
	assert_string_equal(words_of_measure("nothing_known_cm"), "nothing_known_cm");
}

static void names_within_a_reason_become_words(void **state)
{
	(void)state;
	char words[80], small[8];
	words_in("lean_in_cm 7.4 > 5.0", words, sizeof words);
	assert_string_equal(words, "eyes nearer than upright 7.4 > 5.0");
	words_in("ä: eye_drop_cm 2.9; lean_in_cm -1", words, sizeof words);
	assert_string_equal(words, "ä: eyes lower than upright 2.9; eyes nearer than upright -1");
	words_in("eye_drop_cm 2.9", small, sizeof small);
	assert_string_equal(small, "eyes lo");
	words_in("", small, sizeof small);
	assert_string_equal(small, "");
}

static void a_camera_that_stands_otherwise_is_told_by_its_degrees(void **state)
{
	static const struct { double up_deg; const char *begins; } rows[] = {
		{7.96, "looks 8.0 deg higher than"}, {-3.2, "looks 3.2 deg lower than"},
		{0.3, "was turned a little"}, {-0.3, "was turned a little"},
	};
	(void)state;
	char words[120];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		words_of_moved(rows[i].up_deg, words, sizeof words);
		assert_memory_equal(words, rows[i].begins, strlen(rows[i].begins));
		assert_non_null(strstr(words, "taken out of the measures"));
	}
	words_of_rotated(180, words, sizeof words);
	assert_non_null(strstr(words, "by 180 deg"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_measure_has_words_and_a_unit),
		cmocka_unit_test(names_within_a_reason_become_words),
		cmocka_unit_test(a_camera_that_stands_otherwise_is_told_by_its_degrees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
