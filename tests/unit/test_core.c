/* What comes of a sample in the middle of the daemon: what is shown, taken back and written
 * down. */
#include "daemon/core.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Monday 9 March 2026, 09:00 in Berlin. */
static const int64_t start_ms = INT64_C(1773043200000);

static struct desk {
	char dir[32];
	struct store *store;
	struct notifier base;
	struct core core;
	struct instant now;
	char kinds[64][32];
	int shown, closed;
	char last_closed[32];
} desk;

static bool on_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	(void)n, (void)error;
	if (desk.shown < 64)
		snprintf(desk.kinds[desk.shown++], sizeof desk.kinds[0], "%s", m->kind);
	return true;
}

static void on_close(struct notifier *n, const char *kind)
{
	(void)n;
	desk.closed++;
	snprintf(desk.last_closed, sizeof desk.last_closed, "%s", kind);
}

static int begin(void **state)
{
	static const struct notifier_ops ops = {on_show, on_close, NULL};
	const struct report_context context = {.posture = posture_config_default(),
	                                       .breaks = breaks_config_default()};
	const struct coach_config coach = coach_config_default();
	struct error error;
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	memset(&desk, 0, sizeof desk);
	strcpy(desk.dir, "/tmp/unknot-core-XXXXXX");
	if (mkdtemp(desk.dir) == NULL)
		return -1;
	desk.store = store_open(desk.dir, NULL, &error);
	desk.base.ops = &ops;
	desk.now.wall_ms = start_ms;
	const struct core_ports ports = {.store = desk.store, .notifier = &desk.base,
	                                 .fallback = &desk.base,
	                                 .recorded = true};
	core_init(&desk.core, &ports, &context, &coach, true);
	return desk.store != NULL ? 0 : -1;
}

static int end(void **state)
{
	char command[64];
	(void)state;
	store_close(desk.store);
	snprintf(command, sizeof command, "rm -rf '%s'", desk.dir);
	return system(command);
}

static int shown(const char *kind)
{
	int n = 0;
	for (int i = 0; i < desk.shown; i++)
		n += strcmp(desk.kinds[i], kind) == 0;
	return n;
}

static struct posture_sample upright(void)
{
	static const enum measure_id zero[] = {MEASURE_EYE_DROP, MEASURE_LEAN_IN, MEASURE_LEAN_SIDE,
	                                       MEASURE_HEAD_YAW, MEASURE_HEAD_ROLL,
	                                       MEASURE_HEAD_PITCH_CHANGE};
	struct posture_sample s = {.presence = PRESENCE_PRESENT, .sampled = true};
	for (size_t i = 0; i < sizeof zero / sizeof *zero; i++)
		s.measures.m[zero[i]] = (struct measure){0, 0.5, true};
	s.measures.m[MEASURE_SCREEN_DISTANCE] = (struct measure){60, 1, true};
	return s;
}

static struct posture_sample slouched(void)
{
	struct posture_sample s = upright();
	s.measures.m[MEASURE_EYE_DROP].value = 7;
	s.measures.m[MEASURE_LEAN_IN].value = 12;
	return s;
}

/* The same for so long, a look every five seconds. */
static void stay(struct posture_sample s, double seconds)
{
	for (const double until = desk.now.seconds + seconds; desk.now.seconds < until;) {
		s.seconds = desk.now.seconds;
		core_step(&desk.core, desk.now, &s);
		desk.now.seconds += 5;
		desk.now.wall_ms += 5000;
	}
}

static void stay_until(struct posture_sample s, const char *kind)
{
	for (int i = 0; i < 1200 && shown(kind) == 0; i++)
		stay(s, 5);
	assert_int_equal(shown(kind), 1);
}

/* ---- the history ---- */

static struct store_break last_break;

static bool keep_break(void *user, const struct store_break *b)
{
	const enum break_kind *kind = user;
	if (b->kind == *kind && b->prompted)
		last_break = *b;
	return true;
}

static const struct store_break *break_of(enum break_kind kind)
{
	struct error error;
	memset(&last_break, 0, sizeof last_break);
	assert_true(store_flush(desk.store, &error));
	assert_true(store_breaks(desk.store, 0, INT64_MAX, keep_break, &kind, &error));
	assert_true(last_break.due_ms > 0);
	return &last_break;
}

static struct store_alert last_alert;

static bool keep_alert(void *user, const struct store_alert *a)
{
	if (strcmp(a->kind, user) == 0)
		last_alert = *a;
	return true;
}

static int answer_to(char *kind)
{
	struct error error;
	memset(&last_alert, 0, sizeof last_alert);
	assert_true(store_flush(desk.store, &error));
	assert_true(store_alerts(desk.store, 0, INT64_MAX, keep_alert, kind, &error));
	assert_string_equal(last_alert.kind, kind);
	return last_alert.answer;
}

/* ---- what is tested ---- */

/* Half a minute of it after the prompt; whether that was the micro-break. */
static bool rested_by(double yaw, bool seen)
{
	void *state = NULL;
	assert_int_equal(begin(&state), 0);
	stay_until(upright(), "break_micro");
	struct posture_sample s = upright();
	s.measures.m[MEASURE_HEAD_YAW] = (struct measure){yaw, 0.5, seen};
	stay(s, 30);
	stay(upright(), 400);
	const bool taken = break_of(BREAK_MICRO)->outcome == BREAK_TAKEN;
	assert_int_equal(end(&state), 0);
	return taken;
}

static void eyes_off_the_screen_are_a_micro_break(void **state)
{
	(void)state;
	assert_true(rested_by(46, true));
	assert_true(rested_by(-46, true));
	assert_true(rested_by(0, false)); /* no face to be seen */
	assert_false(rested_by(44, true));
}

static void a_break_is_written_down_as_it_was(void **state)
{
	(void)state;
	stay_until(upright(), "break_movement");
	const int64_t asked = desk.now.wall_ms - 5000;
	stay(upright(), 60);
	struct posture_sample away = {.presence = PRESENCE_AWAY, .sampled = true};
	stay(away, 330);
	stay(upright(), 30);
	const struct store_break *b = break_of(BREAK_MOVEMENT);
	assert_int_equal(b->outcome, BREAK_TAKEN);
	assert_true(b->due_ms == asked);
	assert_true(b->start_ms == asked + 65000);
	assert_true(b->end_ms - b->start_ms == 330000);
}

static void a_break_that_is_skipped_was_never(void **state)
{
	(void)state;
	stay_until(upright(), "break_movement");
	core_answer(&desk.core, desk.now, "break_movement", ANSWER_SKIP);
	const struct store_break *b = break_of(BREAK_MOVEMENT);
	assert_int_equal(b->outcome, BREAK_SKIPPED);
	assert_true(b->start_ms == 0 && b->end_ms == 0);
}

static void a_started_break_tells_what_is_left(void **state)
{
	(void)state;
	stay_until(upright(), "break_movement");
	core_answer(&desk.core, desk.now, "break_movement", ANSWER_START);
	struct posture_sample away = {.presence = PRESENCE_AWAY, .sampled = true};
	stay(away, 295);
	/* The prompt, the start, and after each fifth but the last. */
	assert_int_equal(shown("break_movement"), 6);
}

static void a_correction_is_taken_back_when_it_was_followed(void **state)
{
	(void)state;
	stay(upright(), 300);
	desk.closed = 0;
	stay_until(slouched(), "slouched");
	stay(slouched(), 60);
	assert_int_equal(desk.closed, 0);
	stay(upright(), 60);
	assert_int_equal(desk.closed, 1);
	assert_string_equal(desk.last_closed, "slouched");
}

static void an_answer_is_to_what_was_said(void **state)
{
	(void)state;
	stay(upright(), 300);
	stay_until(slouched(), "slouched");
	const int unanswered = answer_to("slouched");
	core_answer(&desk.core, desk.now, "leaning", ANSWER_WRONG);
	assert_int_equal(answer_to("slouched"), unanswered);
	core_answer(&desk.core, desk.now, "slouched", ANSWER_WRONG);
	assert_int_equal(answer_to("slouched"), ANSWER_WRONG);
}

static void not_today_is_until_four(void **state)
{
	(void)state;
	stay(upright(), 5);
	core_answer(&desk.core, desk.now, "slouched", ANSWER_SNOOZE_DAY);
	assert_float_equal(core_snoozed_until(&desk.core), 19 * 3600, 1);
}

#define desk_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eyes_off_the_screen_are_a_micro_break),
		desk_test(a_break_is_written_down_as_it_was),
		desk_test(a_break_that_is_skipped_was_never),
		desk_test(a_started_break_tells_what_is_left),
		desk_test(a_correction_is_taken_back_when_it_was_followed),
		desk_test(an_answer_is_to_what_was_said),
		desk_test(not_today_is_until_four),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
