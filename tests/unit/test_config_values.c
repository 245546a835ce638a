/* What an option takes and what it refuses, to the last step, and where its value goes. */
#include "config/config.h"

#include "base/paths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];

static int make_file(void **state)
{
	(void)state;
	strcpy(path, "/tmp/unknot-config-XXXXXX");
	const int fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static bool takes(const char *key, const char *value)
{
	struct config c = config_default();
	struct error error = {0};
	const bool good = config_assign(&c, key, value, &error);
	if (!good && strncmp(error.text, key, strlen(key)) != 0)
		fail_msg("\"%s\" does not begin with %s", error.text, key);
	return good;
}

static bool loads(const char *text)
{
	struct config c;
	struct error error = {0};
	assert_true(path_write_file(path, text, strlen(text), &error));
	const bool good = config_load(&c, path, &error);
	assert_true(good || strncmp(error.text, path, strlen(path)) == 0);
	return good;
}

static void numbers_end_where_the_table_says(void **state)
{
	const struct config_option *options;
	const size_t count = config_options(&options);
	char text[64];
	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct config_option *o = &options[i];
		const double step = (o->high - o->low) * 1e-6;
		const double inside[] = {o->low, o->high},
		             outside[] = {o->low - step, o->high + step};
		for (int k = 0; k < 2 && o->kind == 'n'; k++) {
			snprintf(text, sizeof text, "%.17g", inside[k]);
			if (!takes(o->key, text))
				fail_msg("%s = %s is refused", o->key, text);
			snprintf(text, sizeof text, "%.17g", outside[k]);
			if (takes(o->key, text))
				fail_msg("%s = %s is taken", o->key, text);
		}
	}
}

/* A share has no more than all of it, a day is kept at least, and more than a message in two
 * minutes is no coach; the distance is what OSHA and ISO 9241 leave between them. */
static void limits_that_mean_something(void **state)
{
	(void)state;
	assert_false(takes("posture.dwell_share", "1.01"));
	assert_false(takes("history.keep_days", "0"));
	assert_true(takes("history.keep_days", "1"));
	assert_false(takes("coach.per_hour", "31"));
	const double close = config_default().too_close_cm;
	assert_true(close > 40 && close < 50);
}

static void numbers_are_whole_words(void **state)
{
	static const char *const odd[] = {"", " ", "5x", "5 cm", "x", "nan",
	                                  "inf", "1e999", "5,500", "5,5,5", "5.5,5", "--5"};
	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		if (takes("posture.slouch_drop_cm", odd[i]))
			fail_msg("\"%s\" is taken", odd[i]);
	assert_true(takes("posture.slouch_drop_cm", "5.5"));
	assert_true(takes("posture.slouch_drop_cm", "5,5"));
	assert_true(takes("posture.slouch_drop_cm", "5,25"));
}

static void words_are_whole_and_as_written(void **state)
{
	(void)state;
	assert_true(takes("coach.place", "office"));
	assert_true(takes("coach.place", "floor"));
	static const char *const odd[] = {"", "off", "Office", "office|home",
	                                  "home floor", "|", "homx"};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		if (takes("coach.place", odd[i]))
			fail_msg("\"%s\" is taken", odd[i]);
	assert_false(takes("coach.notifications", ""));
	assert_false(takes("coach.notifications", "True"));
}

static void texts_have_a_longest_and_no_controls(void **state)
{
	char text[CONFIG_TEXT_SIZE + 1];
	(void)state;
	memset(text, 'a', sizeof text);
	text[CONFIG_TEXT_SIZE - 1] = '\0';
	assert_true(takes("camera.device", text));
	text[CONFIG_TEXT_SIZE - 1] = 'a';
	text[CONFIG_TEXT_SIZE] = '\0';
	assert_false(takes("camera.device", text));
	for (int c = 1; c < 128; c++) {
		const char one[] = {'/', (char)c, '\0'};
		assert_int_equal(takes("camera.device", one), c >= 0x20 && c != 0x7f);
	}
}

static void the_nearest_key_is_named(void **state)
{
	static const char *const pairs[][2] = {
		{"posture.yaw", "posture.yaw_deg"}, {"breaks.anwser_min", "breaks.answer_min"},
		{"dwell_s", "posture.dwell_s"}, {"Log.level", "log.level"},
		{"coach.plaice", "coach.place"},
		{"micro_every", "breaks.micro_every_min"},
		{"movement_every", "breaks.movement_every_min"},
		{"slouch", "posture.slouch_drop_cm"}, {"yaw", "posture.yaw_deg"},
		{"plaice", "coach.place"},
		{"keep", "history.keep_days"}};
	struct config c = config_default();
	struct error error;
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		assert_false(config_assign(&c, pairs[i][0], "1", &error));
		char wanted[80];
		snprintf(wanted, sizeof wanted, "the nearest is %s", pairs[i][1]);
		if (strstr(error.text, wanted) == NULL)
			fail_msg("%s", error.text);
	}
}

static void durations_have_units(void **state)
{
	struct config c = config_default();
	struct error error;
	(void)state;
	assert_true(config_assign(&c, "breaks.movement_every_min", "1h30", &error));
	assert_true(c.movement_every_min == 90);
	assert_true(config_assign(&c, "breaks.micro_every_min", "90s", &error));
	assert_true(c.micro_every_min == 1.5);
	assert_true(config_assign(&c, "posture.dwell_s", "2min", &error));
	assert_true(c.dwell_s == 120);
	assert_true(config_assign(&c, "history.keep_days", "30d", &error));
	assert_true(c.keep_days == 30);
	assert_false(config_assign(&c, "posture.dwell_s", "2h", &error)); /* more than its 3600 */
	assert_false(config_assign(&c, "posture.yaw_deg", "20min", &error));
	assert_false(config_assign(&c, "posture.dwell_s", "60 s", &error));
	assert_true(c.dwell_s == 120);
}

static void lines_are_whole(void **state)
{
	(void)state;
	assert_true(loads("[posture]\ndwell_s = 90\n"));
	assert_false(loads("[posture] more\ndwell_s = 90\n"));
	assert_false(loads("[posture\ndwell_s = 90\n"));
	assert_false(loads("[posture]\ndwell_s 90\n"));
	assert_true(loads("watch.interval_min_s = 30\nwatch.interval_max_s = 30\n"));
	assert_false(loads("watch.interval_min_s = 30\nwatch.interval_max_s = 29\n"));
}

static void a_key_keeps_its_section(void **state)
{
	struct error error;
	(void)state;
	assert_true(loads("[posture]\ndwell_s = 60 \n# word\n[log]\nlevel = info\n"));
	assert_true(config_set(path, "posture.dwell_s", "90", &error));
	char *text = path_read_file(path, 1 << 16, NULL, &error);
	assert_string_equal(text, "[posture]\ndwell_s = 90\n# word\n[log]\nlevel = info\n");
	free(text);
}

static void values_go_where_they_belong(void **state)
{
	struct config c = config_default();
	double n = 1000; /* every number is another one */
	(void)state;
#define OPTION_NUMBER(field, key, value, low, high, unit, help) c.field = n++;
#define OPTION_FLAG(field, key, value, help)
#define OPTION_WORD(field, key, value, words, help)
#define OPTION_TEXT(field, key, value, unused, help)
#include "config/options.inc"
#undef OPTION_NUMBER
#undef OPTION_FLAG
#undef OPTION_WORD
#undef OPTION_TEXT
	const struct posture_config p = config_posture(&c);
	const double posture[][2] = {
		{p.slouch_drop_cm, c.slouch_drop_cm}, {p.forward_head_cm, c.forward_head_cm},
		{p.looking_down_deg, c.looking_down_deg}, {p.lean_side_cm, c.lean_side_cm},
		{p.head_roll_deg, c.head_roll_deg}, {p.yaw_deg, c.yaw_deg},
		{p.recline_cm, c.recline_cm}, {p.too_close_cm, c.too_close_cm},
		{p.raised_cm, c.raised_cm}, {p.shoulder_tilt_deg, c.shoulder_tilt_deg},
		{p.dwell_s, c.dwell_s}, {p.dwell_share, c.dwell_share}, {p.release_s, c.release_s}};
	for (size_t i = 0; i < sizeof posture / sizeof *posture; i++)
		assert_true(posture[i][0] == posture[i][1]);
	const struct breaks_config b = config_breaks(&c);
	assert_true(b.every_s[BREAK_MICRO] == c.micro_every_min * 60);
	assert_true(b.every_s[BREAK_MOVEMENT] == c.movement_every_min * 60);
	assert_true(b.length_s[BREAK_MICRO] == c.micro_length_s);
	assert_true(b.length_s[BREAK_MOVEMENT] == c.movement_length_min * 60);
	assert_true(b.return_grace_s == c.return_grace_min * 60 && b.answer_s == c.answer_min * 60);
	assert_true(b.enabled[BREAK_MICRO] && b.enabled[BREAK_MOVEMENT]);
	const struct coach_config k = config_coach(&c);
	assert_true(k.per_hour == (int)c.per_hour && k.per_kind_s == c.per_kind_min * 60);
	assert_true(k.return_grace_s == c.return_grace_min * 60 && k.spacing_s == c.spacing_s);
	assert_true(k.hydrate_s == c.hydrate_min * 60 && k.still_s == c.still_min * 60);
	assert_true(k.stand_every_s == c.stand_every_min * 60 && k.stand_s == c.stand_min * 60);
	const struct camera camera = config_camera(&c, 640, 480);
	assert_true(camera.tilt_deg == c.camera_tilt_deg);
	assert_true(camera.tilt_sigma_deg == c.camera_tilt_sigma_deg);
	assert_true(camera.screen_top_cm == c.screen_top_cm);
	strcpy(c.profile, "standing");
	const struct report_context r = config_report(&c, "9.1");
	assert_string_equal(r.version, "unknot 9.1");
	assert_string_equal(r.profile, "standing");
	assert_true(r.posture.dwell_s == config_posture(&c).dwell_s);
	assert_true(r.breaks.every_s[BREAK_MOVEMENT] == b.every_s[BREAK_MOVEMENT]);
	c.micro_every_min = c.movement_every_min = 0;
	const struct breaks_config none = config_breaks(&c);
	assert_false(none.enabled[BREAK_MICRO] || none.enabled[BREAK_MOVEMENT]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_where_the_table_says),
		cmocka_unit_test(limits_that_mean_something),
		cmocka_unit_test(numbers_are_whole_words),
		cmocka_unit_test(words_are_whole_and_as_written),
		cmocka_unit_test(texts_have_a_longest_and_no_controls),
		cmocka_unit_test(the_nearest_key_is_named),
		cmocka_unit_test(durations_have_units),
		cmocka_unit_test_setup_teardown(lines_are_whole, make_file, remove_file),
		cmocka_unit_test_setup_teardown(a_key_keeps_its_section, make_file, remove_file),
		cmocka_unit_test(values_go_where_they_belong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
