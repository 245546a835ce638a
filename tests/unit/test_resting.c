/* What the page of a break says. */
#include "window/resting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static void lines_of(const char *pose, const char *waits, const char *sees, char *text, size_t size)
{
	struct resting r;
	char json[512];
	snprintf(json, sizeof json,
	         "{\"break\":{\"kind\":\"movement\",\"seen_s\":41,\"sees\":\"%s\","
	         "\"exercise\":\"side-bend\",\"waits\":%s,\"pose\":%s}}",
	         sees, waits, pose);
	cJSON *status = cJSON_Parse(json);
	assert_non_null(status);
	assert_true(resting_of(&r, status));
	resting_words(&r, text, size);
	cJSON_Delete(status);
}

static void the_pose_is_told_while_it_is_seen(void **state)
{
	(void)state;
	static const char held[] = "{\"seen\":true,\"begun\":true,\"held\":true,\"done\":false,"
	                           "\"side\":1,\"held_s\":8}",
	                  second[] = "{\"seen\":true,\"begun\":true,\"held\":false,"
	                             "\"done\":false,\"side\":-1,\"held_s\":0}",
	                  unseen[] = "{\"seen\":false,\"begun\":true,\"held\":false,"
	                             "\"done\":false,\"side\":1,\"held_s\":8}",
	                  done[] = "{\"seen\":false,\"begun\":true,\"held\":true,\"done\":true,"
	                           "\"side\":-1,\"held_s\":20}";
	static const struct {
		const char *pose, *waits, *sees, *text;
	} rows[] = {
		{held, "false", "holding",
		 "Hold, and breathe: 12 s more.\nSeen by the camera: 0:41"},
		{second, "true", "at_screen",
		 "Bend to your right, the left arm overhead.\n"
		 "The clock waits while you are at the screen.\nSeen by the camera: 0:41"},
		{unseen, "false", "eyes_off",
		 "Your eyes are off the screen.\nSeen by the camera: 0:41"},
		{held, "false", "away", "You are away from the screen.\nSeen by the camera: 0:41"},
		{done, "false", "standing", "Done. Breathe, and let go.\nSeen by the camera: 0:41"},
		{"null", "false", "holding", "You hold the pose.\nSeen by the camera: 0:41"},
		{"null", "true", "at_screen",
		 "The clock waits while you are at the screen.\nSeen by the camera: 0:41"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[320];
		lines_of(rows[i].pose, rows[i].waits, rows[i].sees, text, sizeof text);
		assert_string_equal(text, rows[i].text);
	}
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
		cmocka_unit_test(the_pose_is_told_while_it_is_seen),
		cmocka_unit_test(an_exercise_is_held_on_each_side),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
