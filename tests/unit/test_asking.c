/* When the person is asked to calibrate or for a camera, and that it is remembered. */
#include "daemon/core.h"
#include "daemon/remember.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { STEP_S = 10 };
static const int64_t start_ms = 1700000000000, day_ms = (int64_t)24 * 3600 * 1000;

static struct instant at(double seconds)
{
	return (struct instant){seconds, start_ms + (int64_t)(seconds * 1000)};
}

/* The step at which it was first asked, from `from` on, at most `most` seconds; -1: never. `what`
 * is then what for. */
static double asked_at(struct asking *a, double from, double most, const struct asking_view *view,
                       enum asking_for *what)
{
	for (double t = from; t <= from + most; t += STEP_S)
		if ((*what = asking_step(a, at(t), view)) != ASKING_NOTHING)
			return t - from;
	return -1;
}

static void who_was_seen_for_three_minutes_is_asked_once_a_day(void **state)
{
	(void)state;
	struct asking a = {0};
	enum asking_for what;
	const struct asking_view here = {.seen = true}, empty = {0};
	assert_true(asked_at(&a, 0, 600, &empty, &what) < 0);
	assert_true(asked_at(&a, 1000, 600, &here, &what) == 180);
	assert_int_equal(what, ASKING_PROFILE);
	assert_true(asked_at(&a, 2000, 3600, &here, &what) < 0);
	const double tomorrow = 1180 + 24 * 3600;
	assert_true(asked_at(&a, tomorrow - 400, 390, &here, &what) < 0);
	assert_true(asked_at(&a, tomorrow, 100, &here, &what) == 0);
}

static void minutes_add_up_over_absences_but_not_over_gaps(void **state)
{
	(void)state;
	struct asking a = {0};
	enum asking_for what;
	const struct asking_view here = {.seen = true}, empty = {0};
	assert_true(asked_at(&a, 0, 100, &here, &what) < 0);
	assert_true(asked_at(&a, 110, 1880, &empty, &what) < 0);
	assert_true(asked_at(&a, 2000, 70, &here, &what) < 0); /* 170 s by now */
	assert_int_equal(asking_step(&a, at(3000), &here), ASKING_NOTHING);
	assert_int_equal(asking_step(&a, at(3010), &here), ASKING_PROFILE);
}

static void a_camera_that_is_missing_is_told_of(void **state)
{
	(void)state;
	struct asking a = {0};
	enum asking_for what;
	const struct asking_view gone = {.missing = true}, empty = {0}, here = {.seen = true};
	assert_true(asked_at(&a, 0, 110, &gone, &what) < 0);
	assert_true(asked_at(&a, 120, 0, &empty, &what) < 0); /* it came: begin anew */
	assert_true(asked_at(&a, 130, 600, &gone, &what) == 120);
	assert_int_equal(what, ASKING_CAMERA);
	assert_true(asked_at(&a, 260, 7200, &gone, &what) < 0);
	/* Plugged in on the same day, the other question is not held back by this one. */
	assert_true(asked_at(&a, 8000, 600, &here, &what) == 180);
	assert_int_equal(what, ASKING_PROFILE);
}

/* Not in the first minutes, not while it comes and goes, not twice a day; and who deletes the
 * profile in that time is told after the shorter one. */
static void who_has_a_profile_is_told_of_a_camera_that_stays_away(void **state)
{
	(void)state;
	struct asking a = {0};
	enum asking_for what;
	const struct asking_view gone = {.profile = true, .missing = true};
	const struct asking_view there = {.profile = true, .seen = true};
	const struct asking_view paused = {.profile = true};
	struct asking_view call = gone;
	call.wait = true;
	assert_true(asked_at(&a, 0, 890, &gone, &what) < 0);
	assert_true(asked_at(&a, 900, 0, &there, &what) < 0);
	assert_true(asked_at(&a, 910, 600, &gone, &what) < 0);
	assert_true(asked_at(&a, 1520, 3600, &paused, &what) < 0); /* not what was before it */
	assert_true(asked_at(&a, 5130, 890, &gone, &what) < 0);
	assert_true(asked_at(&a, 6030, 60, &call, &what) < 0);
	assert_true(asked_at(&a, 6100, 60, &gone, &what) == 0);
	assert_int_equal(what, ASKING_CAMERA);
	assert_true(asked_at(&a, 6110, 24 * 3600 - 20, &gone, &what) < 0);
	assert_true(asked_at(&a, 6100 + 24 * 3600, 60, &gone, &what) == 0);
	/* Tried as seldom as can be configured; and after a night's sleep, not at once. */
	struct asking slow = {0};
	assert_int_equal(asking_step(&slow, at(0), &gone), ASKING_NOTHING);
	assert_int_equal(asking_step(&slow, at(600), &gone), ASKING_NOTHING);
	assert_int_equal(asking_step(&slow, at(30000), &gone), ASKING_NOTHING);
	assert_int_equal(asking_step(&slow, at(30600), &gone), ASKING_CAMERA);
	struct asking b = {0};
	const struct asking_view deleted = {.missing = true};
	assert_true(asked_at(&b, 0, 300, &gone, &what) < 0);
	assert_true(asked_at(&b, 310, 60, &deleted, &what) == 0);
}

static void it_waits_for_its_moment_and_asks_nobody_with_a_profile(void **state)
{
	(void)state;
	struct asking a = {0};
	enum asking_for what;
	const struct asking_view call = {.seen = true, .wait = true}, here = {.seen = true};
	const struct asking_view known = {.seen = true, .profile = true}, away = {0};
	assert_true(asked_at(&a, 0, 900, &call, &what) < 0);
	assert_true(asked_at(&a, 910, 100, &away, &what) < 0); /* nobody would read it */
	assert_true(asked_at(&a, 1020, 100, &here, &what) == 0);
	struct asking b = {0};
	assert_true(asked_at(&b, 0, 170, &here, &what) < 0);
	assert_true(asked_at(&b, 180, 900, &known, &what) < 0);
	assert_true(asked_at(&b, 1090, 600, &here, &what) == 180); /* deleted: as at first */
}

static void a_clock_set_back_does_not_silence_it_for_years(void **state)
{
	(void)state;
	struct asking a = {.asked_ms = {start_ms + 300 * day_ms, 0}};
	enum asking_for what;
	const struct asking_view here = {.seen = true};
	assert_true(asked_at(&a, 0, 600, &here, &what) == 180);
	assert_true(a.asked_ms[ASKING_PROFILE] == at(180).wall_ms);
}

static void it_outlives_the_daemon(void **state)
{
	(void)state;
	char dir[] = "/tmp/unknot-asking-XXXXXX", path[64];
	struct error error;
	struct asking a = {.asked_ms = {12345, 67890}}, b = {0};
	assert_non_null(mkdtemp(dir));
	assert_true(remember_asked(&b, dir, &error));
	assert_true(b.asked_ms[ASKING_PROFILE] == 0);
	assert_true(remember_save_asked(&a, dir, &error));
	assert_true(remember_asked(&b, dir, &error));
	assert_true(b.asked_ms[ASKING_PROFILE] == 12345 && b.asked_ms[ASKING_CAMERA] == 67890);
	snprintf(path, sizeof path, "%s/asked.json", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* ---- in the daemon ---- */

static struct core core;

static void begin(bool recorded)
{
	static const struct report_context context;
	const struct core_ports ports = {.recorded = recorded};
	const struct coach_config coach = coach_config_default();
	struct report_context c = context;
	c.posture = posture_config_default();
	c.breaks = breaks_config_default();
	core_init(&core, &ports, &c, &coach, false);
}

/* So many minutes of steps; the kind of the last message that came of them. */
static const char *after_minutes(int minutes, const struct posture_sample *like)
{
	struct posture_sample s = *like;
	for (double t = 0; t < minutes * 60; t += STEP_S) {
		s.seconds = t;
		core_step(&core, at(t), &s);
	}
	return core.last_message.kind;
}

static const char *after_ten_minutes(const struct posture_sample *like)
{
	return after_minutes(10, like);
}

static void the_daemon_asks(void **state)
{
	(void)state;
	const struct posture_sample here = {.presence = PRESENCE_PRESENT, .sampled = true};
	const struct posture_sample blind = {.presence = PRESENCE_UNKNOWN};
	struct profile profile = {.valid = true};
	begin(false);
	assert_string_equal(after_ten_minutes(&here), "calibrate");
	assert_int_equal(core.last_message.offer, OFFER_CALIBRATE);
	assert_non_null(strstr(core.last_message.more, "unknot calibrate"));
	begin(true); /* a recording */
	assert_string_equal(after_ten_minutes(&here), "");
	begin(false);
	core.profile = &profile;
	assert_string_equal(after_ten_minutes(&here), "");
	begin(false);
	assert_string_equal(after_ten_minutes(&blind), "");
	begin(false);
	core.camera_problem = "camera: there is none";
	assert_string_equal(after_ten_minutes(&blind), "no_camera");
	assert_int_equal(core.last_message.offer, OFFER_LOOK);
	begin(false);
	core.profile = &profile;
	core.camera_problem = "camera: there is none";
	assert_string_equal(after_minutes(14, &blind), "");
	assert_string_equal(after_minutes(16, &blind), "no_camera");
	/* What the person wanted, and what another program has, is no fault; nor is its cover. */
	static const enum presence wanted[] = {PRESENCE_PAUSED, PRESENCE_IN_CALL,
					       PRESENCE_BLOCKED};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const struct posture_sample off = {.presence = wanted[i]};
		begin(false);
		core.profile = &profile;
		core.camera_problem = "camera: there was none before that";
		assert_string_equal(after_minutes(60, &off), "");
	}
	begin(false);
	core_hold(&core, at(0), QUIET_DO_NOT_DISTURB);
	assert_string_equal(after_ten_minutes(&here), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_seen_for_three_minutes_is_asked_once_a_day),
		cmocka_unit_test(minutes_add_up_over_absences_but_not_over_gaps),
		cmocka_unit_test(a_camera_that_is_missing_is_told_of),
		cmocka_unit_test(who_has_a_profile_is_told_of_a_camera_that_stays_away),
		cmocka_unit_test(it_waits_for_its_moment_and_asks_nobody_with_a_profile),
		cmocka_unit_test(a_clock_set_back_does_not_silence_it_for_years),
		cmocka_unit_test(it_outlives_the_daemon),
		cmocka_unit_test(the_daemon_asks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
