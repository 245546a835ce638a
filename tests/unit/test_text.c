/* Bytes of any kind on their way to JSON and terminals. */
#include "base/near.h"
#include "base/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REPLACED "\xef\xbf\xbd"

static void what_is_no_utf8_is_replaced(void **state)
{
	(void)state;
	static const struct { const char *from, *valid; } rows[] = {
		{"", ""}, {"plain", "plain"}, {"a\tb\n", "a\tb\n"},
		{"K\xc3\xbc" "che", "K\xc3\xbc" "che"}, {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		{"caf\xe9.jpg", "caf\xef\xbf\xbd.jpg"},           /* Latin-1 */
		{"\xc3", "\xef\xbf\xbd"},                         /* cut off */
		/* overlong, in two bytes, three and four */
		{"\xc0\xaf", REPLACED REPLACED},
		{"\xe0\x9f\xbf", REPLACED REPLACED REPLACED},
		{"\xf0\x8f\xbf\xbf", REPLACED REPLACED REPLACED REPLACED},
		/* the shortest */
		{"\xe0\xa0\x80", "\xe0\xa0\x80"}, {"\xf0\x90\x80\x80", "\xf0\x90\x80\x80"},
		/* two of three, and the next begins */
		{"\xe2\x82\xc3", REPLACED REPLACED REPLACED},
		{"\xf0\x9f\x98" "a", REPLACED REPLACED REPLACED "a"},
		/* half a surrogate pair */
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		/* beyond U+10FFFF */
		{"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *valid = text_valid(rows[i].from);
		assert_string_equal(valid, rows[i].valid);
		free(valid);
	}
}

static void a_terminal_is_left_in_peace(void **state)
{
	(void)state;
	static const struct { const char *from, *clean; } rows[] = {
		{"after lunch; it's dull", "after lunch; it's dull"},
		{"one\ntwo\ttabs", "one two tabs"},
		{"\033]0;title\007", " ]0;title "}, {"\xc2\x9b" "31m", " 31m"},
		{"\xc2\xa0", "\xc2\xa0"},
		{"\x9b" "31m", "\xef\xbf\xbd" "31m"}, {"\x7f", " "},
		{"R\xc3\xbc" "cken", "R\xc3\xbc" "cken"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *clean = text_clean(rows[i].from);
		assert_string_equal(clean, rows[i].clean);
		free(clean);
	}
}

static void case_is_that_of_ascii(void **state)
{
	(void)state;
	static const char *const locales[] = {"C", "tr_TR.UTF-8", "tr_TR.ISO-8859-9", "tr_TR"};
	for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
		if (setlocale(LC_CTYPE, locales[i]) == NULL)
			continue;
		assert_true(text_same_ascii("TIFF", "tiff"));
		assert_true(text_same_ascii("AZ", "az"));
		assert_true(text_same_ascii("", ""));
		assert_false(text_same_ascii("@", "`"));
		assert_false(text_same_ascii("TIF", "tiff"));
		assert_false(text_same_ascii("tiff", "tif"));
		assert_false(text_same_ascii("\xc3\x84", "\xc3\xa4"));
		assert_false(text_same_ascii("[", "{"));
	}
	setlocale(LC_CTYPE, "C");
}

static void how_near_words_are(void **state)
{
	(void)state;
	static const struct { const char *a, *b; int distance; } rows[] = {
		{"status", "status", 0}, {"sttus", "status", 1}, {"statuss", "status", 1},
		{"stadus", "status", 1}, {"fromat", "format", 2}, {"", "abc", 3}, {"abc", "", 3},
		{"kitten", "sitting", 3},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(near_distance(rows[i].a, rows[i].b), rows[i].distance);
	char of_many[300];
	memset(of_many, 'x', sizeof of_many - 1);
	of_many[sizeof of_many - 1] = '\0';
	assert_int_equal(near_distance(of_many, "x"), 298);
	assert_int_equal(near_distance("x", of_many), 63);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_near_words_are),
		cmocka_unit_test(what_is_no_utf8_is_replaced),
		cmocka_unit_test(a_terminal_is_left_in_peace),
		cmocka_unit_test(case_is_that_of_ascii),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
