/* What the page of a break says. */
#include "window/resting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void time_is_told_as_a_clock_does(void **state)
{
	(void)state;
	char text[16];
	static const struct {
		double seconds;
		const char *text;
	} rows[] = {{300, "5:00"}, {299.2, "5:00"}, {61, "1:01"}, {9.5, "0:10"},
	            {0, "0:00"}, {-3, "0:00"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		resting_clock(rows[i].seconds, text, sizeof text);
		assert_string_equal(text, rows[i].text);
	}
}

static void the_daemon_is_understood(void **state)
{
	(void)state;
	struct resting r;
	char text[64];
	cJSON *json =
		cJSON_Parse("{\"break\":{\"kind\":\"movement\",\"length_s\":300,\"left_s\":243,"
	                    "\"seen_s\":41,\"sees\":\"away\",\"exercise\":\"side-bend\"}}");
	assert_true(resting_of(&r, json));
	assert_int_equal(r.kind, BREAK_MOVEMENT);
	assert_true(r.length_s == 300 && r.left_s == 243 && r.seen_s == 41);
	assert_string_equal(r.exercise->id, "side-bend");
	assert_non_null(strstr(resting_sees(r.sees), "away from the screen"));
	cJSON_Delete(json);
	resting_seen(41.9, text, sizeof text);
	assert_string_equal(text, "Seen by the camera: 0:41");
	resting_seen(0.4, text, sizeof text);
	assert_string_equal(text, "");
	assert_string_equal(resting_sees("unknown"), "");

	static const char *const none[] = {"{}", "{\"break\":null}",
	                                   "{\"break\":{\"kind\":\"long\"}}", "[]", "3"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		json = cJSON_Parse(none[i]);
		assert_false(resting_of(&r, json));
		cJSON_Delete(json);
	}
	assert_false(resting_of(&r, NULL));
}

static void an_exercise_is_held_on_each_side(void **state)
{
	(void)state;
	const struct exercise *bend = exercise_find("side-bend"),
	                      *angels = exercise_find("wall-angels");
	double left;
	assert_true(bend->hold_s == 20 && bend->sides == 2 && angels->hold_s == 0);
	static const struct {
		double at;
		enum holding what;
		double left;
	} rows[] = {{0, HOLDING_READY, 5}, {5, HOLDING_HELD, 20}, {24, HOLDING_HELD, 1},
	            {25, HOLDING_CHANGE, 5}, {30, HOLDING_HELD, 20}, {50, HOLDING_OVER, 0},
	            {500, HOLDING_OVER, 0}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(holding_at(bend, rows[i].at, &left), rows[i].what);
		assert_true(left == rows[i].left);
	}
	assert_true(holding_length(bend) == 50 && holding_length(angels) == 65);
	assert_int_equal(holding_at(angels, 64, &left), HOLDING_HELD);
	assert_string_not_equal(holding_words(angels, HOLDING_HELD),
	                        holding_words(bend, HOLDING_HELD));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_is_told_as_a_clock_does),
		cmocka_unit_test(the_daemon_is_understood),
		cmocka_unit_test(an_exercise_is_held_on_each_side),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
