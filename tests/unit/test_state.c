#include "window/state.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void read(struct state *s, const char *text)
{
	cJSON *status = cJSON_Parse(text);
	assert_non_null(status);
	state_read(s, true, status);
	cJSON_Delete(status);
}

#define MEASURED(name, value) "\"" name "\":{\"value\":" value ",\"sigma\":1,\"valid\":true}"

static void test_slouch(void **state)
{
	struct state s;
	(void)state;
	read(&s, "{\"presence\":\"present\",\"posture\":\"slouched\",\"profile\":\"default\","
	         "\"sitting_s\":2050,"
	         "\"micro_in_s\":40,\"movement_in_s\":3900,\"off\":[],\"source\":\"/dev/video0\","
	         "\"paused_s\":0,"
	         "\"snoozed_s\":0,\"quiet\":false,\"measures\":{" MEASURED("eye_drop_cm", "7.4") ","
	         MEASURED("lean_in_cm", "3") "}}");
	assert_int_equal(s.kind, STATE_SEEN);
	assert_true(s.fault);
	assert_string_equal(s.title, "Slouched");
	assert_string_equal(s.text, "Your eyes are 7 cm lower than when you sit upright.");
	assert_string_equal(s.sitting, "34 min");
	assert_string_equal(s.breaks, "To move in 1 h 5 min, for the eyes in 40 s");
	assert_string_equal(s.camera, "/dev/video0");
	assert_string_equal(s.silence, "");
	assert_true(s.figure.known);
	assert_float_equal(s.figure.drop, 7.4, 1e-9);
	assert_float_equal(s.figure.side, 0, 1e-9);
	assert_false(s.no_profile);
	read(&s, "{\"presence\":\"in_call\",\"micro_in_s\":600,\"movement_in_s\":0}");
	assert_string_equal(s.breaks, "Due, and told when it suits");
	read(&s, "{\"presence\":\"in_call\",\"micro_in_s\":0.4,\"movement_in_s\":null}");
	assert_string_equal(s.breaks, "Due, and told when it suits");
	read(&s, "{\"presence\":\"present\",\"micro_in_s\":20,\"movement_in_s\":null}");
	assert_string_equal(s.breaks, "For the eyes in 20 s");
}

/* Each posture's sentence says its own number, and which side. */
static void test_sentences(void **state)
{
	static const struct { const char *posture, *measures, *text; } rows[] = {
		{"upright", MEASURED("eye_drop_cm", "1.2") "," MEASURED("lean_in_cm", "-1.1"),
		 "Your eyes are within 2 cm of where they are when you sit upright."},
		{"leaning", MEASURED("lean_side_cm", "9"),
		 "Your eyes are 9 cm left of where they are when you sit upright."},
		{"leaning", MEASURED("lean_side_cm", "-9"),
		 "Your eyes are 9 cm right of where they are when you sit upright."},
		{"head_tilted", MEASURED("head_roll_deg", "-14"),
		 "Your head is tipped 14 degrees to the right."},
		{"turned", MEASURED("head_yaw_deg", "40"),
		 "Your head is turned 40 degrees to the left."},
		{"reclined", MEASURED("lean_in_cm", "-12"),
		 "You lean back by 12 cm, which is good for a while."},
		{"raised", MEASURED("eye_drop_cm", "-22"),
		 "Your eyes are 22 cm higher than when you sit upright."},
		{"too_close", MEASURED("screen_distance_cm", "44"),
		 "Your eyes are 44 cm from the screen."},
		{"forward_head", MEASURED("lean_in_cm", "9"),
		 "Your eyes are 9 cm nearer to the screen than when you sit upright."},
		{"looking_down", MEASURED("head_pitch_change_deg", "25"),
		 "Your chin is 25 degrees lower than when you sit upright."},
		{"slouched", "\"eye_drop_cm\":{\"value\":7,\"valid\":false}", ""},
		{"slouched", MEASURED("eye_drop_cm", "-1"), ""},
		{"upright", MEASURED("eye_drop_cm", "0") "," MEASURED("lean_in_cm", "0"),
		 "Your eyes are within 1 cm of where they are when you sit upright."},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char json[300], title[96], text[320];
		snprintf(json, sizeof json, "{%s}", rows[i].measures);
		cJSON *measures = cJSON_Parse(json);
		state_posture(rows[i].posture, measures, title, sizeof title, text, sizeof text);
		assert_string_equal(text, rows[i].text);
		cJSON_Delete(measures);
	}
}

/* What has no measure of its change is drawn by its own angle. */
static void test_figure(void **state)
{
	struct state s;
	(void)state;
	read(&s, "{\"presence\":\"present\",\"posture\":\"upright\",\"measures\":{"
	         MEASURED("head_roll_deg", "-12") "," MEASURED("head_yaw_deg", "9") ","
	         MEASURED("head_yaw_change_deg", "4") "}}");
	assert_false(s.figure.known);
	assert_float_equal(s.figure.roll, -12, 1e-9);
	assert_float_equal(s.figure.yaw, 4, 1e-9);
}

static void test_off(void **state)
{
	struct state s;
	(void)state;
	read(&s, "{\"presence\":\"paused\",\"off\":[\"user\",\"locked\"]}");
	assert_true(s.can_turn_on); /* whichever comes last */
	read(&s, "{\"presence\":\"paused\",\"posture\":\"unknown\",\"profile\":\"default\","
	         "\"off\":[\"user\"],"
	         "\"paused_s\":1500,\"micro_in_s\":null,\"movement_in_s\":null}");
	assert_int_equal(s.kind, STATE_OFF);
	assert_true(s.can_turn_on);
	assert_string_equal(s.text, "Off: you paused it, for another 25 min");
	assert_string_equal(s.breaks, "Breaks are turned off");
	read(&s, "{\"presence\":\"paused\",\"profile\":\"default\",\"off\":[\"locked\",\"lid\"],"
	         "\"paused_s\":0}");
	assert_false(s.can_turn_on);
	assert_string_equal(s.text, "Off: the screen is locked, the lid is shut");
	/* Held back by the shutter, whatever was seen before. */
	read(&s, "{\"presence\":\"unknown\",\"profile\":\"default\",\"off\":[\"user\"],"
	         "\"paused_s\":-1}");
	assert_int_equal(s.kind, STATE_OFF);
	assert_string_equal(s.text, "Off: you paused it");
}

static void test_missing(void **state)
{
	struct state s;
	(void)state;
	state_read(&s, false, NULL);
	assert_int_equal(s.kind, STATE_NO_DAEMON);
	state_read(&s, true, NULL);
	assert_int_equal(s.kind, STATE_ASKING);
	read(&s, "{\"presence\":\"present\",\"posture\":\"unknown\",\"profile\":\"none; run "
	         "`unknot calibrate`\","
	         "\"off\":[]}");
	assert_int_equal(s.kind, STATE_SEEN);
	assert_true(s.no_profile);
	assert_false(s.fault);
	assert_false(s.figure.known);
	read(&s, "{\"presence\":\"unknown\",\"off\":[],\"problem\":\"no camera\"}");
	assert_int_equal(s.kind, STATE_TROUBLE);
	assert_string_equal(s.text, "no camera");
	read(&s, "{\"presence\":\"away\",\"off\":[]}");
	assert_int_equal(s.kind, STATE_AWAY);
	read(&s, "{\"presence\":\"in_call\",\"off\":[]}");
	assert_int_equal(s.kind, STATE_IN_CALL);
	read(&s, "{}");
	assert_int_equal(s.kind, STATE_UNKNOWN);
	read(&s, "[]");
	assert_int_equal(s.kind, STATE_UNKNOWN);
}

static void test_silence(void **state)
{
	struct state s;
	(void)state;
	read(&s, "{\"presence\":\"away\",\"off\":[],\"snoozed_s\":600,\"quiet\":true}");
	assert_string_equal(s.silence, "For another 10 min, as you asked");
	assert_true(s.silent);
	read(&s, "{\"presence\":\"away\",\"off\":[],\"snoozed_s\":0,\"quiet\":true}");
	assert_string_equal(s.silence, "While the desktop says do not disturb");
	assert_false(s.silent);
	read(&s, "{\"presence\":\"away\",\"off\":[],\"snoozed_s\":0,\"quiet\":true,"
	         "\"quiet_why\":\"kept_awake\"}");
	assert_non_null(strstr(s.silence, "keeps the screen awake"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slouch), cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_figure),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_missing), cmocka_unit_test(test_silence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
