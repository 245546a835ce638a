/* `unknot explain` at its source: the last decision with measure, baseline, sigma, limit, rule and
 * dwell. */
#include "daemon/core.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

static struct core core;
static struct profile profile;

static void begin(void)
{
	const struct core_ports ports = {0};
	const struct report_context context = {.posture = posture_config_default()};
	const struct coach_config coach = {0};
	core_init(&core, &ports, &context, &coach, false);
	profile.valid = true;
	strcpy(profile.name, "desk");
	profile.upright.m[MEASURE_EYE_HEIGHT] = (struct measure){-3, 1, true};
	core.profile = &profile;
}

static void sit(double from, double to, double drop)
{
	struct posture_sample s = {.presence = PRESENCE_PRESENT, .sampled = true};
	s.measures.m[MEASURE_EYE_DROP] = (struct measure){drop, 0.8, true};
	s.measures.m[MEASURE_LEAN_IN] = (struct measure){0, 1, true};
	s.measures.m[MEASURE_EYE_HEIGHT] = (struct measure){-3 - drop, 1, true};
	for (double t = from; t <= to; t += 5) {
		s.seconds = t;
		core_step(&core, (struct instant){t, 1700000000000 + (long long)(t * 1000)}, &s);
	}
}

static cJSON *explain(double seconds)
{
	char *text = core_explain(&core, (struct instant){seconds, 0});
	cJSON *json = cJSON_Parse(text);
	assert_non_null(json);
	free(text);
	return json;
}

static double number(const cJSON *json, const char *key)
{
	return cJSON_GetNumberValue(cJSON_GetObjectItem(json, key));
}

static const char *word(const cJSON *json, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItem(json, key));
}

static void a_slouch_that_builds_up(void **state)
{
	(void)state;
	begin();
	sit(0, 60, 0.5);
	sit(65, 95, 7.2);
	cJSON *json = explain(95);
	const cJSON *d = cJSON_GetObjectItem(json, "decision");
	assert_string_equal(word(json, "posture"), "slouched");
	assert_non_null(strstr(word(json, "rule"), "bent trunk"));
	assert_string_equal(word(json, "profile"), "desk");
	assert_string_equal(word(d, "measure"), "eye_drop_cm");
	assert_true(fabs(number(d, "value") - 7.2) < 1e-9);
	assert_true(fabs(number(d, "sigma") - 0.8) < 1e-9);
	assert_true(fabs(number(d, "limit") - 2.5) < 1e-9);
	assert_true(fabs(number(d, "baseline") + 3) < 1e-9);
	assert_string_equal(word(d, "baseline_of"), "eye_height_cm");
	assert_true(fabs(number(json, "building_s") - 32) <= 3);
	assert_true(fabs(number(json, "needed_s") - 60) < 1e-9);
	assert_string_equal(word(json, "held"), "unknown");
	assert_true(fabs(number(cJSON_GetObjectItem(json, "upright"), "eye_height_cm") + 3) < 1e-9);
	cJSON_Delete(json);

	sit(100, 140, 7.2);
	json = explain(140);
	assert_string_equal(word(json, "held"), "slouched");
	assert_true(number(json, "held_s") > 60);
	cJSON_Delete(json);

	/* What was said of it, and what it was measured by. */
	core.coach.config = coach_config_default();
	sit(145, 700, 7.2);
	json = explain(700);
	const cJSON *said = cJSON_GetObjectItem(json, "correction");
	assert_string_equal(word(said, "kind"), "slouched");
	assert_string_equal(word(json, "last_message_title"), word(said, "summary"));
	assert_string_equal(word(json, "last_message"), word(said, "body"));
	assert_string_equal(word(said, "posture"), "slouched");
	assert_true(number(said, "held_s") > 60);
	const cJSON *drop = cJSON_GetObjectItem(cJSON_GetObjectItem(said, "measures"),
	                                        "eye_drop_cm");
	assert_true(fabs(number(drop, "value") - 7.2) < 0.1);
	assert_true(fabs(number(said, "wall_ms") - 1700000000000) < 700e3);
	cJSON_Delete(json);
}

static void upright_and_a_stranger_decide_by_nothing(void **state)
{
	(void)state;
	begin();
	sit(0, 60, 0.5);
	cJSON *json = explain(60);
	assert_string_equal(word(json, "posture"), "upright");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "decision")));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "correction")));
	assert_true(number(json, "needed_s") == 0);
	cJSON_Delete(json);

	struct posture_sample s = {.presence = PRESENCE_PRESENT, .sampled = true, .stranger = true,
	                           .seconds = 65};
	s.measures.m[MEASURE_EYE_DROP] = (struct measure){9, 0.8, true};
	core_step(&core, (struct instant){65, 1700000065000}, &s);
	json = explain(65);
	assert_string_equal(word(json, "posture"), "unknown");
	assert_non_null(strstr(
		cJSON_GetStringValue(cJSON_GetArrayItem(cJSON_GetObjectItem(json, "reasons"), 0)),
	                       "does not match"));
	cJSON_Delete(json);
}

static cJSON *status(double seconds)
{
	const struct core_camera camera = {"camera", 0, 0};
	char *text = core_status(&core, (struct instant){seconds, 0}, &camera, "desk");
	cJSON *json = cJSON_Parse(text);
	assert_non_null(json);
	free(text);
	return json;
}

static void what_was_set_right_of_the_camera_is_told(void **state)
{
	(void)state;
	begin();
	sit(0, 60, 0.5);
	for (int i = 0; i < 2; i++) {
		cJSON *json = i == 0 ? status(60) : explain(60);
		assert_false(cJSON_HasObjectItem(json, "camera_up_deg"));
		assert_false(cJSON_HasObjectItem(json, "rotated"));
		cJSON_Delete(json);
	}
	core_moved(&core, &(struct core_moved){true, -7.46, 2});
	for (int i = 0; i < 2; i++) {
		cJSON *json = i == 0 ? status(60) : explain(60);
		assert_true(fabs(number(json, "camera_up_deg") + 7.5) < 1e-9);
		assert_true(number(json, "rotated") == 180);
		cJSON_Delete(json);
	}
}

/* Asked for calibration once, again only after the profile may have changed. */
static void calibration_is_asked_for_once(bool stranger)
{
	begin();
	struct posture_sample s = {.presence = PRESENCE_PRESENT, .sampled = true,
	                           .stranger = stranger, .doubted = !stranger};
	int asked = 0;
	for (int i = 0; i < 200; i++) {
		s.seconds = 10 * i;
		memset(&core.last_message, 0, sizeof core.last_message);
		core_step(&core, (struct instant){s.seconds, 1700000000000 + 10000 * i}, &s);
		asked += strcmp(core.last_message.kind, "calibrate") == 0;
		assert_int_equal(core.posture, POSTURE_UNKNOWN);
	}
	assert_int_equal(asked, 1);
	core_configure(&core, &core.context, &core.coach.config, false);
	s.seconds = 2000;
	core_step(&core, (struct instant){2000, 1700002000000}, &s);
	assert_string_equal(core.last_message.kind, "calibrate");
	assert_int_equal(strstr(core.last_message.body, "I go on judging") != NULL, !stranger);
}

static void a_stranger_is_asked_once(void **state)
{
	(void)state;
	calibration_is_asked_for_once(true);
}

static void a_doubted_person_is_asked_once(void **state)
{
	(void)state;
	calibration_is_asked_for_once(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slouch_that_builds_up),
		cmocka_unit_test(upright_and_a_stranger_decide_by_nothing),
		cmocka_unit_test(what_was_set_right_of_the_camera_is_told),
		cmocka_unit_test(a_stranger_is_asked_once),
		cmocka_unit_test(a_doubted_person_is_asked_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
