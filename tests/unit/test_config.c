/* The option table and the file. */
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

static char path[] = "/tmp/unknot-config-XXXXXX";

static int make_file(void **state)
{
	(void)state;
	strcpy(path, "/tmp/unknot-config-XXXXXX");
	int fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static bool load_text(struct config *c, const char *text, struct error *error)
{
	assert_true(path_write_file(path, text, strlen(text), error));
	return config_load(c, path, error);
}

static void the_table_is_sound(void **state)
{
	(void)state;
	const struct config_option *o;
	const size_t count = config_options(&o);
	struct config c = config_default();
	assert_true(count > 20);
	for (size_t i = 0; i < count; i++) {
		char value[CONFIG_TEXT_SIZE];
		struct error error;
		assert_true(strlen(o[i].help) > 10);
		assert_non_null(strchr(o[i].key, '.'));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(o[i].key, o[j].key);
		/* A default is a value that the file may hold. */
		config_value(&c, i, value, sizeof value);
		assert_true(config_assign(&c, o[i].key, value, &error));
	}
}

/* Thresholds have defaults in posture.c too, for those who judge without a configuration: one
 * value. */
static void defaults_agree_with_the_rooms(void **state)
{
	(void)state;
	struct config c = config_default();
	struct posture_config p = config_posture(&c), p0 = posture_config_default();
	struct breaks_config b = config_breaks(&c), b0 = breaks_config_default();
	struct coach_config k = config_coach(&c), k0 = coach_config_default();
	assert_memory_equal(&p, &p0, sizeof p);
	for (int i = 0; i < BREAK_KINDS; i++) {
		assert_true(b.enabled[i] == b0.enabled[i]);
		assert_float_equal(b.every_s[i], b0.every_s[i], 0);
		assert_float_equal(b.length_s[i], b0.length_s[i], 0);
	}
	assert_float_equal(b.return_grace_s, b0.return_grace_s, 0);
	assert_float_equal(b.answer_s, b0.answer_s, 0);
	assert_float_equal(k.spacing_s, k0.spacing_s, 0);
	assert_float_equal(k.hydrate_s, k0.hydrate_s, 0);
	assert_float_equal(k.still_s, k0.still_s, 0);
	assert_int_equal(k.per_hour, k0.per_hour);
	assert_float_equal(k.per_kind_s, k0.per_kind_s, 0);
	assert_string_equal(k.place, k0.place);
}

/* Each option moves something: all of them at once, away from their defaults. */
static void every_number_reaches_its_room(void **state)
{
	(void)state;
	struct config c = config_default();
	struct error error;
	static const struct { const char *key, *value; } set[] = {
		{"breaks.micro_every_min", "0"}, {"breaks.movement_length_min", "7"},
		{"breaks.answer_min", "4"}, {"breaks.return_grace_min", "2"},
		{"coach.per_hour", "2"}, {"coach.spacing_s", "90"}, {"coach.hydrate_min", "45"},
		{"coach.still_min", "0"}, {"posture.release_s", "20"},
	};
	for (size_t i = 0; i < sizeof set / sizeof *set; i++)
		assert_true(config_assign(&c, set[i].key, set[i].value, &error));
	struct breaks_config b = config_breaks(&c);
	struct coach_config k = config_coach(&c);
	assert_false(b.enabled[BREAK_MICRO]);
	assert_float_equal(b.length_s[BREAK_MOVEMENT], 420, 0);
	assert_float_equal(b.answer_s, 240, 0);
	assert_float_equal(b.return_grace_s, 120, 0);
	assert_int_equal(k.per_hour, 2);
	assert_float_equal(k.spacing_s, 90, 0);
	assert_float_equal(k.hydrate_s, 2700, 0);
	assert_float_equal(k.still_s, 0, 0);
	assert_float_equal(config_posture(&c).release_s, 20, 0);
}

static void a_file_is_read(void **state)
{
	(void)state;
	struct config c;
	struct error error;
	assert_true(load_text(&c, "# mine\n\nposture.yaw_deg = 30\n[posture]\n  dwell_s=90\n"
	                          "[coach]\nnotifications = false\nplace = home\n[camera]\ndevice "
	                          "= /dev/video2\n",
	                      &error));
	assert_float_equal(c.yaw_deg, 30, 0);
	assert_float_equal(c.dwell_s, 90, 0);
	assert_false(c.notifications);
	assert_string_equal(c.place, "home");
	assert_string_equal(c.camera_device, "/dev/video2");
	assert_float_equal(c.head_roll_deg, 10, 0); /* the rest keeps its default */
}

static void mistakes_are_named_and_change_nothing(void **state)
{
	(void)state;
	static const struct { const char *text, *expected; } cases[] = {
		{"nonsense\n", ":1:"}, {"[posture\n", ":1:"},
		{"\n\n[posture]\ndwell_s = soon\n", ":4:"},
		{"posture.dwell_s = 1e9\n", "5 to 3600"},
		{"posture.dwel_s = 60\n", "nearest is posture.dwell_s"},
		{"coach.place = moon\n", "office|home|floor"},
		{"coach.notifications = maybe\n", "true or false"},
		{"watch.interval_max_s = 1\n", "interval_min_s"},
		{"posture.yaw_deg = nan\n", "5 to 80"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct config c = config_default(), before;
		struct error error = {0};
		c.yaw_deg = 33;
		before = c;
		assert_false(load_text(&c, cases[i].text, &error));
		if (strstr(error.text, cases[i].expected) == NULL)
			fail_msg("%s: said \"%s\"", cases[i].text, error.text);
		assert_memory_equal(&c, &before, sizeof c);
	}
}

static void a_missing_file_is_the_defaults(void **state)
{
	(void)state;
	struct config c, d = config_default();
	struct error error;
	assert_true(config_load(&c, "/nonexistent/unknot.conf", &error));
	assert_float_equal(c.dwell_s, d.dwell_s, 0);
}

static void setting_keeps_the_rest(void **state)
{
	(void)state;
	struct error error;
	struct config c;
	assert_true(load_text(&c, "# keep me\n[posture]\ndwell_s = 70 \n# and me\nyaw_deg = 25\n",
	                      &error));
	assert_true(config_set(path, "posture.dwell_s", "80", &error));
	assert_true(config_set(path, "coach.place", "floor", &error));
	char *text = path_read_file(path, 10000, NULL, &error);
	assert_string_equal(text,
	                    "coach.place = floor\n# keep me\n[posture]\ndwell_s = 80\n# and me\n"
	                          "yaw_deg = 25\n");
	free(text);
	assert_true(config_load(&c, path, &error));
	assert_float_equal(c.dwell_s, 80, 0);
	assert_string_equal(c.place, "floor");
	assert_false(config_set(path, "posture.dwell_s", "never", &error));
	assert_true(config_load(&c, path, &error));
	assert_float_equal(c.dwell_s, 80, 0);
}

static void setting_writes_what_loads_again(void **state)
{
	(void)state;
	static const struct { const char *before, *key, *value, *after; } cases[] = {
		/* A key in full under another section's header is still that key. */
		{"[coach]\nposture.dwell_s = 70\n", "posture.dwell_s", "80",
		 "[coach]\nposture.dwell_s = 80\n"},
		{"[posture]\nposture.dwell_s = 70", "posture.dwell_s", "80",
		 "[posture]\nposture.dwell_s = 80\n"},
		/* Said twice: the last counted, so none may be left behind. */
		{"[posture]\ndwell_s = 70\n[coach]\nposture.dwell_s=71\n", "posture.dwell_s", "80",
		 "[posture]\ndwell_s = 80\n[coach]\n"},
		{"# posture.dwell_s = 70\r\n", "posture.dwell_s", "80",
		 "posture.dwell_s = 80\n# posture.dwell_s = 70\r\n"},
		{"", "watch.profile", "standing desk", "watch.profile = standing desk\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct config c;
		struct error error;
		char value[CONFIG_TEXT_SIZE] = "";
		const struct config_option *o;
		assert_true(load_text(&c, cases[i].before, &error));
		assert_true(config_set(path, cases[i].key, cases[i].value, &error));
		char *text = path_read_file(path, 10000, NULL, &error);
		assert_string_equal(text, cases[i].after);
		free(text);
		assert_true(config_load(&c, path, &error));
		const size_t count = config_options(&o);
		for (size_t k = 0; k < count; k++)
			if (strcmp(o[k].key, cases[i].key) == 0)
				config_value(&c, k, value, sizeof value);
		assert_string_equal(value, cases[i].value);
	}
}

static void setting_refuses_what_would_not_load(void **state)
{
	(void)state;
	static const char before[] = "watch.interval_min_s = 5\n";
	struct config c;
	struct error error;
	assert_true(load_text(&c, before, &error));
	assert_false(config_set(path, "watch.interval_max_s", "4", &error));
	assert_non_null(strstr(error.text, "interval_min_s"));
	assert_false(config_set(path, "watch.profile", "a\ncoach.notifications = false", &error));
	assert_non_null(strstr(error.text, "control character"));
	assert_false(config_set(path, "watch.profil", "a", &error));
	char *text = path_read_file(path, 10000, NULL, &error);
	assert_string_equal(text, before);
	free(text);
}

static void a_link_stays_a_link(void **state)
{
	(void)state;
	struct config c;
	struct error error;
	char link[64], target[64] = "";
	assert_true(load_text(&c, "# mine\n", &error));
	snprintf(link, sizeof link, "%s.link", path);
	assert_int_equal(symlink(path, link), 0);
	bool good = config_set(link, "posture.dwell_s", "80", &error);
	const ssize_t length = readlink(link, target, sizeof target - 1);
	unlink(link);
	assert_true(good);
	assert_int_equal(length, strlen(path));
	assert_string_equal(target, path);
	assert_true(config_load(&c, path, &error));
	assert_float_equal(c.dwell_s, 80, 0);
}

static void binary_junk_is_refused(void **state)
{
	(void)state;
	struct config c = config_default();
	struct error error;
	char junk[512];
	unsigned seed = 12345;
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < sizeof junk; i++) {
			seed = seed * 1103515245 + 12345;
			junk[i] = (char)(seed >> 16);
		}
		assert_true(path_write_file(path, junk, sizeof junk, &error));
		assert_false(config_load(&c, path, &error));
	}
}

static void a_profile_that_is_renamed_stays_chosen(void **state)
{
	struct error error;
	struct config c = config_default();
	(void)state;
	assert_true(config_set(path, "watch.profile", "desk", &error));
	assert_true(config_rename_profile(path, "standing", "auto", &error));
	assert_true(config_load(&c, path, &error));
	assert_string_equal(c.profile, "desk");
	assert_true(config_rename_profile(path, "desk", "high desk", &error));
	assert_true(config_load(&c, path, &error));
	assert_string_equal(c.profile, "high desk");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_sound),
		cmocka_unit_test(defaults_agree_with_the_rooms),
		cmocka_unit_test(every_number_reaches_its_room),
		cmocka_unit_test_setup_teardown(a_file_is_read, make_file, remove_file),
		cmocka_unit_test_setup_teardown(mistakes_are_named_and_change_nothing,
		                                make_file, remove_file),
		cmocka_unit_test(a_missing_file_is_the_defaults),
		cmocka_unit_test_setup_teardown(setting_keeps_the_rest, make_file, remove_file),
		cmocka_unit_test_setup_teardown(setting_writes_what_loads_again,
		                                make_file, remove_file),
		cmocka_unit_test_setup_teardown(setting_refuses_what_would_not_load,
		                                make_file, remove_file),
		cmocka_unit_test_setup_teardown(a_link_stays_a_link, make_file, remove_file),
		cmocka_unit_test_setup_teardown(a_profile_that_is_renamed_stays_chosen,
		                                make_file, remove_file),
		cmocka_unit_test_setup_teardown(binary_junk_is_refused, make_file, remove_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
