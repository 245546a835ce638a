/* Durations as people type them. */
#include "cli/cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_is_typed_is_understood(void **state)
{
	static const struct { const char *text; unsigned seconds; } rows[] = {
		{"90s", 90}, {"0", 0}, {"30m", 1800}, {"30min", 1800},
		{"2h", 7200}, {"1h30m", 5400},
		{"1h30", 5400}, {"1h30min", 5400}, {"1.5h", 5400},
		{"1,5h", 5400}, {"2d", 172800},
		{"1d12h", 129600},
		{"45minutes", 2700}, {"1hour", 3600}, {"2hours", 7200},
		{"3days", 259200}, {"10sec", 10},
		{"1m30", 90}, {"1h0m30s", 3630}, {"7d", 604800},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned seconds = 1234567;
		if (!cli_duration(rows[i].text, &seconds))
			fail_msg("%s is refused", rows[i].text);
		if (seconds != rows[i].seconds)
			fail_msg("%s is %u", rows[i].text, seconds);
	}
}

static void what_is_no_duration_is_refused(void **state)
{
	static const char *const rows[] = {
		"", "h", "90", "1.5", "1,5", "1,000h", "30x", "30 min", "m30", "-5m",
		"1h2h", "30m1h", "8d", "1e9h", "nan", "1d1d", "30minx", "tomorrows",
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned seconds = 0;
		if (cli_duration(rows[i], &seconds))
			fail_msg("%s is taken for %u s", rows[i], seconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_is_understood),
		cmocka_unit_test(what_is_no_duration_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
