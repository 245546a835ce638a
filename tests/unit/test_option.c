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
	const struct config_option o = {.words = "office|home|floor"};
	char word[CONFIG_TEXT_SIZE];
	(void)state;
	assert_true(option_word(&o, 0, word));
	assert_string_equal(word, "office");
	assert_true(option_word(&o, 2, word));
	assert_string_equal(word, "floor");
	assert_false(option_word(&o, 3, word));
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
		cmocka_unit_test(everyone_says_what_it_is),
		cmocka_unit_test(choices_are_found),
		cmocka_unit_test(until_is_the_next_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
