/* Working hours: which days, from when to when, and how long until that changes. */
#include "config/hours.h"

#include "config/config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MON, TUE, WED, THU, FRI, SAT, SUN };

static void days_are_read(void **state)
{
	static const struct { const char *text; unsigned days; } good[] = {
		{"mon", 1}, {"Sun", 64}, {"mon-fri", 0x1f}, {"MON-FRI", 0x1f},
		{"mon tue,fri", 0x13},
		{"fri-mon", 0x71}, {"mon-sun", HOURS_ALL_DAYS}, {" wed , sat-sun ", 0x64},
		{"tue-tue", 2},
	};
	static const char *const bad[] = {"", " ", "mo", "monday", "mon-",
	                                  "mon-x", "mon--fri", "1-5", "mon;tue"};
	unsigned days;
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		if (!hours_days(good[i].text, &days))
			fail_msg("%s is refused", good[i].text);
		assert_int_equal(days, good[i].days);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (hours_days(bad[i], &days))
			fail_msg("'%s' is taken", bad[i]);
}

static void within_and_how_long(void **state)
{
	static const struct hours office = {8.5, 17, 0x1f}, night = {22, 6, 0x11},
	                          always = {0, 24, 0x7f};
	static const struct hours weekend = {0, 24, 0x60}, mondays = {9, 12, 1};
	static const struct {
		const struct hours *hours;
		int weekday;
		double hour;
		bool within;
		double left;
	} rows[] = {
		{&office, MON, 8.5, true, 8.5}, {&office, MON, 8.49, false, 0.01},
		{&office, MON, 17, false, 15.5}, {&office, FRI, 16.5, true, 0.5},
		{&office, FRI, 17, false, 63.5}, {&office, SUN, 12, false, 20.5},
		/* Monday's night goes on into Tuesday, Friday's into Saturday. */
		{&night, MON, 5, false, 17}, {&night, MON, 22, true, 8},
		{&night, TUE, 5.5, true, 0.5}, {&night, TUE, 6, false, 88},
		{&night, SAT, 3, true, 3}, {&night, TUE, 23, false, 71},
		{&always, SUN, 23.9, true, INFINITY},
		/* Midnight between two of its days is no end. */
		{&weekend, SAT, 12, true, 36}, {&weekend, FRI, 23, false, 1},
		{&weekend, SUN, 23, true, 1}, {&weekend, MON, 0, false, 120},
		/* Nearly a week. */
		{&mondays, MON, 12, false, 165},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (hours_within(rows[i].hours, rows[i].weekday, rows[i].hour) != rows[i].within)
			fail_msg("row %zu: within is wrong", i);
		const double left = hours_left(rows[i].hours, rows[i].weekday, rows[i].hour);
		if (isinf(rows[i].left) ? !isinf(left) : fabs(left - rows[i].left) > 1e-9)
			fail_msg("row %zu: %g hours left, not %g", i, left, rows[i].left);
	}
	assert_true(hours_always(&always));
	assert_false(hours_always(&office));
	assert_false(hours_always(&weekend));
}

static void the_configuration_knows_them(void **state)
{
	(void)state;
	char path[] = "/tmp/unknot-hours-XXXXXX";
	struct config config = config_default();
	struct hours hours = config_hours(&config);
	struct error error;
	assert_true(hours_always(&hours));
	const int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_true(config_set(path, "hours.days", "mon-fri", &error));
	assert_true(config_set(path, "hours.from_h", "8.5", &error));
	assert_true(config_load(&config, path, &error));
	hours = config_hours(&config);
	assert_int_equal(hours.days, 0x1f);
	assert_float_equal(hours.from_h, 8.5, 1e-9);
	assert_float_equal(hours.to_h, 24, 1e-9);
	/* What cannot be is refused, and the file stays as it was. */
	assert_false(config_set(path, "hours.days", "workdays", &error));
	assert_non_null(strstr(error.text, "hours.days"));
	assert_false(config_set(path, "hours.to_h", "8.5", &error));
	assert_non_null(strstr(error.text, "hours.to_h"));
	assert_true(config_load(&config, path, &error));
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_read),
		cmocka_unit_test(within_and_how_long),
		cmocka_unit_test(the_configuration_knows_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
