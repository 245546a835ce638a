/* How options are shown in the window: every one of the table. */
#include "window/option.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A spin button must be able to show and to leave what is usual: its steps and digits lose nothing
 * of it. */
static void numbers_lose_nothing(void **state)
{
	const struct config_option *options;
	const size_t count = config_options(&options);
	const struct config usual = config_default();
	(void)state;
	for (size_t i = 0; i < count; i++) {
		char value[CONFIG_TEXT_SIZE];
		if (options[i].kind != 'n')
			continue;
		config_value(&usual, i, value, sizeof value);
		const double number = strtod(value, NULL),
		             scale = pow(10, option_digits(&options[i], value));
		assert_true(option_step(&options[i], value) > 0);
		assert_true(option_step(&options[i],
		                        value) <= (options[i].high - options[i].low) / 5);
		if (fabs(number * scale - round(number * scale)) > 1e-6)
			fail_msg("%s: %s does not fit into %d digits", options[i].key, value,
			         option_digits(&options[i], value));
	}
}

/* What a click changes, and how fine that is shown. */
static void steps_are_as_fine_as_the_number(void **state)
{
	static const struct { const char *unit, *usual; double low, high, step; int digits; }
	rows[] = {
		{"cm", "2.5", 1, 30, 0.5, 1}, {"cm", "45", 20, 90, 1, 0},
		{"h", "8", 0, 24, 0.5, 1}, {"", "0.5", 0, 1, 0.05, 2},
		{"s", "0.8", 0, 10, 0.1, 1}, {"min", "20", 0, 240, 1, 0},
		{"deg", "0.125", 0, 80, 0.1, 3},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct config_option o = {.kind = 'n', .unit = rows[i].unit,
		                                .low = rows[i].low, .high = rows[i].high};
		assert_float_equal(option_step(&o, rows[i].usual), rows[i].step, 1e-9);
		assert_int_equal(option_digits(&o, rows[i].usual), rows[i].digits);
	}
}

static void hours_are_times_of_day(void **state)
{
	static const struct { const char *text; double hour; } good[] = {
		{"8:30", 8.5}, {"08:30", 8.5}, {"17:00", 17}, {"17", 17}, {"8.5", 8.5},
		{"24:00", 24}, {"0:05", 5 / 60.0}, {" 9:15 ", 9.25},
	};
	static const char *const bad[] = {"", "x", "8:60", "8:-5", "8:3x", ":30", "nan"};
	char text[OPTION_HOUR_SIZE];
	double hour;
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(option_hour_read(good[i].text, &hour));
		assert_float_equal(hour, good[i].hour, 1e-9);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (option_hour_read(bad[i], &hour))
			fail_msg("\"%s\" is %g", bad[i], hour);
	option_hour(8.5, text);
	assert_string_equal(text, "8:30");
	option_hour(24, text);
	assert_string_equal(text, "24:00");
	option_hour(16.999, text);
	assert_string_equal(text, "17:00");
}

static void everyone_says_what_it_is(void **state)
{
	const struct config_option *options;
	const size_t count = config_options(&options);
	const struct config usual = config_default();
	int everyday = 0;
	(void)state;
	for (size_t i = 0; i < count; i++) {
		char value[CONFIG_TEXT_SIZE], section[32];
		const bool own = options[i].title != NULL;
		config_value(&usual, i, value, sizeof value);
		char *about = option_about(&options[i], value);
		assert_string_equal(option_title(&options[i]),
		                    own ? options[i].title : options[i].help);
		assert_non_null(strstr(about, own ? options[i].help : options[i].key));
		if (options[i].kind == 'n' && *options[i].unit != '\0')
			assert_non_null(strstr(about, options[i].unit));
		if (options[i].kind == 'n')
			assert_non_null(strstr(about, value));
		free(about);
		snprintf(section, sizeof section, "%.*s", (int)strcspn(options[i].key, "."),
		         options[i].key);
		assert_string_not_equal(option_section(section), section); /* each has a heading */
		everyday += own;
	}
	assert_true(everyday >= 8 && everyday <= 20);
}

static void choices_are_found(void **state)
{
	const struct config_option o = {.words = "office|home|homely|floor"};
	char word[CONFIG_TEXT_SIZE];
	(void)state;
	assert_true(option_word(&o, 0, word));
	assert_string_equal(word, "office");
	assert_true(option_word(&o, 3, word));
	assert_string_equal(word, "floor");
	assert_false(option_word(&o, 4, word));
	assert_int_equal(option_which(&o, "homely"), 2);
	assert_int_equal(option_which(&o, "home"), 1);
	assert_int_equal(option_which(&o, "nowhere"), 0);
}

static void until_is_the_next_one(void **state)
{
	(void)state;
	assert_int_equal(option_seconds_until(15, 0, 0, 17, 30), 9000);
	assert_int_equal(option_seconds_until(15, 0, 10, 15, 1), 50);
	assert_int_equal(option_seconds_until(15, 0, 0, 15, 0), 86400);
	assert_int_equal(option_seconds_until(23, 30, 0, 0, 15), 2700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_lose_nothing),
		cmocka_unit_test(steps_are_as_fine_as_the_number),
		cmocka_unit_test(hours_are_times_of_day),
		cmocka_unit_test(everyone_says_what_it_is),
		cmocka_unit_test(choices_are_found),
		cmocka_unit_test(until_is_the_next_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
