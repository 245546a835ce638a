/* Every word of the report is there in German, takes the same numbers, and fits where it is put. */
#include "base/text.h"
#include "report/number.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const english[] = {
#define WORD(id, text) text,
#include "report/words.inc"
#undef WORD
};

static int marks(const char *text)
{
	int found = 0;
	for (; (text = strchr(text, '%')) != NULL; text++)
		if (text[1] >= '1' && text[1] <= '3')
			found |= 1 << (text[1] - '0');
	return found;
}

static void every_word_is_translated(void **state)
{
	(void)state;
	for (int i = 0; i < WORD_COUNT; i++) {
		char key[1024];
		snprintf(key, sizeof key, "report\004%s", english[i]);
		if (_(key) == key)
			fail_msg("no German for: %s", english[i]);
		assert_string_equal(word((enum word)i), _(key));
		if (marks(english[i]) != marks(word((enum word)i)))
			fail_msg("other numbers: %s", word((enum word)i));
		assert_true(strlen(word((enum word)i)) < 512); /* word_fill's piece */
	}
	assert_string_equal(word(WORD_LANGUAGE), "de");
}

/* Against the calendar of the C library. */
static void dates_are_the_calendars(void **state)
{
	(void)state;
	static const char *const days[] = {"Sonntag", "Montag", "Dienstag",
	                                   "Mittwoch", "Donnerstag", "Freitag", "Samstag"};
	static const char *const months[] = {"Januar", "Februar", "M\303\244rz",
	                                     "April", "Mai", "Juni", "Juli", "August",
	                                     "September", "Oktober", "November", "Dezember"};
	for (time_t t = 0; t < 4102444800; t += 86400 * 13) {
		struct tm tm;
		char text[NUMBER_SIZE], expected[NUMBER_SIZE];
		gmtime_r(&t, &tm);
		const struct report_day day = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, 0, 0};
		snprintf(expected, sizeof expected, "%s, %d. %s %d", days[tm.tm_wday], tm.tm_mday,
		         months[tm.tm_mon], tm.tm_year + 1900);
		assert_string_equal(number_date(text, &day, WORD_DATE_LONG), expected);
	}
}

static void numbers_have_a_comma(void **state)
{
	(void)state;
	char text[NUMBER_SIZE];
	assert_string_equal(number_plain(text, -12.34, 1), "\u221212,3");
	assert_string_equal(number_plain(text, 12.34, 0), "12");
	assert_string_equal(number_measure(text, MEASURE_EYE_DROP, 4.25, 2), "4,25\u00a0cm");
	assert_string_equal(number_band(text, -20, 20, WORD_DEGREES),
	                    "\u221220\u00b0 bis 20\u00b0");
}

static void fits(const char *text)
{
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
		int columns = 0;
		for (size_t i = 0; line[i] != '\n' && line[i] != '\0'; i++)
			columns += (line[i] & 0xc0) != 0x80;
		if (columns > 80)
			fail_msg("%d columns: %.120s", columns, line);
	}
}

/* A day with as much as there can be of everything keeps to 80 columns. */
static void the_text_fits(void **state)
{
	(void)state;
	static struct report_summary s;
	s = (struct report_summary){.day = {2026, 9, 23, 0, 86400000},
	                            .covered_s = 86400, .samples = 28800,
	                            .coverage = 1, .score = 100, .sitting_s = 86399,
	                            .bout_count = 128,
	                            .longest_bout_s = 86399, .mean_bout_s = 40000,
	                            .break_count = 192,
	                            .worst_pain = 10, .pain_count = 1, .alert_count = 1000};
	for (int p = 0; p < PRESENCE_COUNT; p++)
		s.presence_s[p] = 86399;
	for (int p = 0; p < POSTURE_COUNT; p++)
		s.posture_s[p] = 86399;
	for (int m = 0; m < MEASURE_COUNT; m++)
		s.measures[m] = (struct report_measure){.count = 9, .p10 = -123.4,
		                                        .p50 = -123.4, .p90 = -123.4,
		                                        .valid_s = 1, .in_band_s = 1,
		                                        .banded = true};
	for (int i = 0; i < REPORT_SCALES; i++) {
		s.scales[i] = (struct report_scale){.known_s = 86400, .bands = 3};
		for (int b = 0; b < 3; b++)
			s.scales[i].band[b] = (struct report_band){-20, 20, 4, 86399, 86399};
	}
	char *text = report_text(&s, true);
	fits(text);
	assert_non_null(strstr(text, "23. September 2026"));
	free(text);
	const struct report_summary *days[] = {&s, &s};
	s.judged_s = s.good_s = 86399;
	for (int k = 0; k < BREAK_KINDS; k++)
		s.due[k] = s.taken[k] = 72;
	text = report_text_days(days, 2);
	fits(text);
	assert_non_null(strstr(text, "23. Sep"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_translated),
		cmocka_unit_test(dates_are_the_calendars),
		cmocka_unit_test(numbers_have_a_comma),
		cmocka_unit_test(the_text_fits),
	};
	const char *dir = getenv("UNKNOT_LOCALE_DIR");
	char path[4096];
	snprintf(path, sizeof path, "%s/de/LC_MESSAGES/unknot.mo", dir != NULL ? dir : "");
	if (access(path, R_OK) != 0) {
		puts("skipped: no translations were built (Debian: gettext)");
		return 77;
	}
	setenv("LC_ALL", "de_DE.UTF-8", 1); /* the build's own: LOCPATH */
	unsetenv("LANGUAGE");
	text_init();
	if (strncmp(setlocale(LC_MESSAGES, NULL), "de", 2) != 0) {
		puts("skipped: no German locale could be made (Debian: locales)");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
