/* The writer of SVG: elements in order, numbers, and letters that come from anywhere. */
#include "base/svg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t size;

static struct svg begin(const char *along, int digits)
{
	FILE *to = open_memstream(&text, &size);
	assert_non_null(to);
	return svg_on(to, along, digits);
}

static void written(struct svg *s, const char *expected)
{
	assert_int_equal(s->depth, 0);
	assert_int_equal(fclose(s->to), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void elements_are_closed_in_order(void **state)
{
	(void)state;
	struct svg s = begin("%", 2);
	svg_open(&s, "svg");
	svg_is(&s, "class", "day");
	svg_open_rect(&s, "good", 12.5, 3, 100, 40);
	svg_number(&s, "rx", 4);
	svg_title(&s, "9 to 10");
	svg_close(&s);
	svg_rect(&s, NULL, 0, 1, 2, 3);
	svg_line(&s, "grid", 1, 2, 3, 4);
	svg_letters(&s, "tick", 5, 6, "middle", "<b>");
	svg_close(&s);
	written(&s, "<svg class=\"day\">"
	            "<rect class=\"good\" x=\"12.5%\" y=\"3\" width=\"100%\" height=\"40\" "
	            "rx=\"4\"><title>9 to 10</title></rect>\n"
	            "<rect x=\"0%\" y=\"1\" width=\"2%\" height=\"3\"/>\n"
	            "<line class=\"grid\" x1=\"1%\" y1=\"2\" x2=\"3%\" y2=\"4\"/>\n"
	            "<text class=\"tick\" x=\"5%\" y=\"6\" text-anchor=\"middle\">"
	            "&lt;b&gt;</text>\n"
	            "</svg>");
}

static void a_file_has_a_size_and_units(void **state)
{
	(void)state;
	struct svg s = begin("", 1);
	svg_file(&s, 297, 279.4, "mm");
	svg_open_circle(&s, NULL, 1, 2, 0.25);
	svg_close(&s);
	svg_open(&s, "path");
	svg_begin(&s, "d");
	svg_to(&s, 'M', 1, -2);
	svg_to(&s, ' ', 3.14159, -0.04);
	svg_end(&s);
	svg_close(&s);
	svg_close(&s);
	written(&s, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"297mm\" "
	            "height=\"279.4mm\" viewBox=\"0 0 297 279.4\">"
	            "<circle cx=\"1\" cy=\"2\" r=\"0.2\"/>\n"
	            "<path d=\"M1 -2 3.1 0\"/>\n</svg>");
}

static void numbers_end_where_they_say_no_more(void **state)
{
	(void)state;
	static const struct { double value; int digits; const char *text; } rows[] = {
		{1200, 0, "1200"}, {1200, 3, "1200"}, {0.5, 3, "0.5"}, {10.010, 3, "10.01"},
		{-0.0001, 2, "0"}, {-7.10, 2, "-7.1"}, {99.9999, 3, "100"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char expected[64];
		struct svg s = begin("", rows[i].digits);
		svg_open(&s, "g");
		svg_number(&s, "n", rows[i].value);
		svg_close(&s);
		snprintf(expected, sizeof expected, "<g n=\"%s\"/>", rows[i].text);
		written(&s, expected);
	}
}

static void nothing_gets_in_as_markup(void **state)
{
	(void)state;
	struct svg s = begin("", 1);
	svg_open(&s, "g");
	svg_is(&s, "label", "'\"><script>");
	/* Control characters, among them the last of either range, DEL, a byte that is none, U+FFFE
	 * and U+FFFF; a tab, U+00A0, the first behind a range, U+00E4, U+FFFD. */
	static const char *const refused[] = {
		"\x01", "\x1f", "\x7f", "\xc2\x80", "\xc2\x9f", "\xff", "\xef\xbf\xbe",
		"\xef\xbf\xbf"};
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		svg_text(&s, refused[i]);
	svg_text(&s, "a\t\xc2\xa0\xc3\xa4\xef\xbf\xbd&");
	svg_close(&s);
#define REPLACED "\xef\xbf\xbd"
	written(&s, "<g label=\"&#39;&quot;&gt;&lt;script&gt;\">"
	            REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED
	            "a\t\xc2\xa0\xc3\xa4" REPLACED "&amp;</g>");
#undef REPLACED
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_closed_in_order),
		cmocka_unit_test(a_file_has_a_size_and_units),
		cmocka_unit_test(numbers_end_where_they_say_no_more),
		cmocka_unit_test(nothing_gets_in_as_markup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
