/* A break that the window shows: what the daemon tells of it, and that no card does. */
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
static double now;
static int shown, closed, alerted;
static char last_alert[32];
static struct coach_message last_shown;

static bool on_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	(void)n, (void)error;
	last_shown = *m;
	shown++;
	return true;
}

static void on_close(struct notifier *n, const char *kind)
{
	(void)n, (void)kind;
	closed++;
}

static const struct notifier_ops ops = {.show = on_show, .close = on_close};
static struct notifier notifier = {.ops = &ops};

static void on_alerted(void *user, const struct coach_message *m)
{
	(void)user;
	alerted++;
	strcpy(last_alert, m->kind);
}

static struct instant instant(void)
{
	return (struct instant){now, 1700000000000 + (int64_t)(now * 1000)};
}

static void pass(double seconds, enum presence presence)
{
	for (const double end = now + seconds; now < end;) {
		now += 2;
		const struct posture_sample s = {.presence = presence, .seconds = now};
		core_step(&core, instant(), &s);
	}
}

static cJSON *break_now(void)
{
	const struct core_camera camera = {"camera", 0, 0};
	char *text = core_status(&core, instant(), &camera, "desk");
	cJSON *status = cJSON_Parse(text), *json = cJSON_DetachItemFromObject(status, "break");
	free(text);
	cJSON_Delete(status);
	assert_non_null(json);
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

static int begin(void **state)
{
	(void)state;
	const struct core_ports ports = {.notifier = &notifier, .fallback = &notifier,
	                                 .alerted = on_alerted};
	const struct report_context context = {.posture = posture_config_default(),
	                                       .breaks = breaks_config_default()};
	const struct coach_config coach = coach_config_default();
	now = 1000;
	core_init(&core, &ports, &context, &coach, true);
	pass(10, PRESENCE_PRESENT);
	shown = closed = alerted = 0;
	return 0;
}

static void a_break_begins_where_none_was_asked_for(void **state)
{
	(void)state;
	cJSON *json = break_now();
	assert_true(cJSON_IsNull(json));
	cJSON_Delete(json);
	core_answer_break(&core, instant(), BREAK_MOVEMENT, ANSWER_START);
	pass(20, PRESENCE_PRESENT);
	pass(40, PRESENCE_AWAY);
	json = break_now();
	assert_string_equal(word(json, "kind"), "movement");
	assert_string_equal(word(json, "sees"), "away");
	assert_true(number(json, "length_s") == 300 && number(json, "left_s") == 240);
	assert_true(number(json, "seen_s") >= 36 && number(json, "seen_s") <= 42);
	assert_non_null(exercise_find(word(json, "exercise")));
	cJSON_Delete(json);
	pass(250, PRESENCE_AWAY);
	json = break_now();
	assert_true(cJSON_IsNull(json));
	cJSON_Delete(json);
	assert_int_equal(shown, 0);
	assert_string_equal(last_alert, "break_done"); /* told, for the window to say */
	assert_false(core.break_shown);
}

static void a_card_that_stands_is_taken_back(void **state)
{
	(void)state;
	core_break_now(&core, instant(), BREAK_MOVEMENT);
	assert_int_equal(shown, 1);
	cJSON *json = break_now();
	assert_true(cJSON_IsNull(json)); /* asked for, not begun */
	cJSON_Delete(json);
	core_answer_break(&core, instant(), BREAK_MOVEMENT, ANSWER_START);
	assert_int_equal(closed, 1);
	const struct exercise *first = core.coach.exercise;
	core_answer_break(&core, instant(), BREAK_MOVEMENT, ANSWER_ANOTHER);
	assert_ptr_not_equal(core.coach.exercise, first);
	pass(60, PRESENCE_PRESENT);
	core_answer_break(&core, instant(), BREAK_MOVEMENT, ANSWER_DONE);
	assert_int_equal(shown, 1);
	assert_string_equal(last_alert, "break_short");
	/* The next one is a card again. */
	core_break_now(&core, instant(), BREAK_MICRO);
	assert_int_equal(shown, 2);
}

static void who_asks_again_is_shown_the_card_again(void **state)
{
	(void)state;
	core_break_now(&core, instant(), BREAK_MOVEMENT);
	core_answer(&core, instant(), "break_movement", ANSWER_LATER);
	pass(120, PRESENCE_PRESENT);
	assert_int_equal(shown, 1);
	core_break_now(&core, instant(), BREAK_MOVEMENT);
	assert_int_equal(shown, 2);
	assert_string_equal(last_shown.kind, "break_movement");
}

/* After a red flag nothing but gentle walking or rest, the break that stands included. */
static void flag(enum care_reason reason)
{
	struct coach_config coach = coach_config_default();
	const struct report_context context = core.context;
	coach.care.reason = reason;
	core_configure(&core, &context, &coach, true);
}

static void a_red_flag_changes_the_break_that_stands(void **state)
{
	(void)state;
	flag(CARE_URGENT);
	assert_int_equal(shown, 0); /* none does */
	flag(CARE_NOTHING);
	core_break_now(&core, instant(), BREAK_MOVEMENT);
	const struct exercise *first = core.coach.exercise;
	flag(CARE_NOTHING);
	assert_int_equal(shown, 1);
	flag(CARE_URGENT);
	assert_ptr_not_equal(core.coach.exercise, first);
	assert_true(core.coach.exercise->flags & EX_CALM);
	assert_int_equal(shown, 2);
	assert_non_null(strstr(last_shown.body, "until a doctor has looked at it"));
	core_answer(&core, instant(), "break_movement", ANSWER_START);
	assert_true(core.coach.exercise->flags & EX_CALM);
	flag(CARE_NOTHING); /* looked at, while it runs */
	assert_false(core.coach.exercise->flags & EX_CALM);
	assert_int_equal(shown, 4);
	assert_non_null(strstr(last_shown.summary, core.coach.exercise->name));
	flag(CARE_EMERGENCY);
	assert_true(core.coach.exercise->flags & EX_CALM);
	assert_int_equal(shown, 5);
}

/* The body of who sits upright, bent aside by so many degrees. */
static struct stretch_view bent(double degrees)
{
	const double a = degrees * 0.017453292519943295, dx = 0.2 * cos(a), dy = 0.2 * sin(a);
	return (struct stretch_view){
		.seconds = now,
		.nose = {0.66, 0.36, true}, .left_ear = {0.73, 0.35, true},
		.right_ear = {0.59, 0.35, true},
		.left_shoulder = {0.66 + dx, 0.65 + dy, true},
		.right_shoulder = {0.66 - dx, 0.65 - dy, true},
	};
}

/* Sits before the camera, at the height of upright. */
static void sit(double seconds, double degrees)
{
	for (const double end = now + seconds; now < end;) {
		now += 2;
		struct posture_sample s = {.presence = PRESENCE_PRESENT, .seconds = now,
		                           .sampled = true};
		const struct stretch_view v = bent(degrees);
		s.measures.m[MEASURE_EYE_DROP] = (struct measure){0, 0.5, true};
		s.measures.m[MEASURE_HEAD_YAW] = (struct measure){0, 1, true};
		core_follow(&core, &v);
		core_step(&core, instant(), &s);
	}
}

static void choose(const char *id)
{
	core_answer_break(&core, instant(), BREAK_MOVEMENT, ANSWER_START);
	for (int i = 0; i < EXERCISES_MAX && strcmp(core.coach.exercise->id, id) != 0; i++)
		core_answer_break(&core, instant(), BREAK_MOVEMENT, ANSWER_ANOTHER);
	assert_string_equal(core.coach.exercise->id, id);
}

static void the_countdown_waits_unless_the_pose_is_held(void **state)
{
	(void)state;
	struct pace_view view;
	sit(4, 0);
	core_expect(&core, &view);
	assert_true(view.wait_s > 0);
	choose("side-bend");
	core_expect(&core, &view);
	assert_true(view.wait_s == 0); /* a look as soon as may be */
	sit(20, 0);
	cJSON *json = break_now();
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(json, "waits")));
	assert_string_equal(word(json, "sees"), "at_screen");
	assert_true(number(json, "left_s") >= 298 && number(json, "seen_s") == 0);
	const double left = number(json, "left_s");
	cJSON_Delete(json);
	now += 5; /* between two looks it stands as well */
	json = break_now();
	assert_true(number(json, "left_s") == left);
	cJSON_Delete(json);
	sit(10, 20);
	json = break_now();
	assert_true(cJSON_IsFalse(cJSON_GetObjectItem(json, "waits")));
	assert_string_equal(word(json, "sees"), "holding");
	assert_true(number(json, "seen_s") == 8);
	const cJSON *pose = cJSON_GetObjectItem(json, "pose");
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(pose, "held")));
	assert_true(number(pose, "held_s") == 8 && number(pose, "side") == 1);
	assert_true(number(json, "left_s") == left - 8);
	cJSON_Delete(json);
	now += 5; /* and there it goes on */
	json = break_now();
	assert_true(number(json, "left_s") == left - 13);
	cJSON_Delete(json);
	pass(10, PRESENCE_AWAY);
	core_expect(&core, &view);
	assert_true(view.wait_s == 15); /* whoever has left holds no pose */
	pass(600, PRESENCE_AWAY);
	core_expect(&core, &view);
	assert_true(view.wait_s > 0); /* nothing to follow any more */
}

/* Sitting at the screen may be the exercise, where no camera can tell; or nobody knows who sits. */
/* Without a window the card counts down by itself, says when it waits, and ends by itself. */
static void the_card_counts_down_where_there_is_no_window(void **state)
{
	(void)state;
	sit(4, 0);
	core_break_now(&core, instant(), BREAK_MOVEMENT);
	core_answer(&core, instant(), "break_movement", ANSWER_START);
	assert_int_equal(shown, 2); /* the prompt, and in its place the countdown */
	pass(20, PRESENCE_AWAY);
	assert_int_equal(shown, 2);
	pass(110, PRESENCE_AWAY);
	assert_int_equal(shown, 4); /* at each fifth of five minutes */
	sit(40, 0);
	assert_int_equal(shown, 5);
	assert_int_equal(strncmp(last_shown.body, "The clock waits", 15), 0);
	pass(4, PRESENCE_AWAY);
	assert_int_equal(shown, 6);
	assert_null(strstr(last_shown.body, "The clock waits"));
	assert_true(last_shown.expires_s > 0); /* and goes, whatever becomes of the daemon */
	const double left = breaks_countdown(&core.breaks);
	pass(left + 4, PRESENCE_AWAY);
	assert_string_equal(last_alert, "break_done");
	assert_string_equal(last_shown.kind, "break_done");
	const int then = shown;
	pass(600, PRESENCE_AWAY);
	assert_int_equal(shown, then); /* once */
}

static void what_cannot_be_told_is_not_held_against_anybody(void **state)
{
	(void)state;
	sit(4, 0);
	choose("piriformis");
	sit(20, 0);
	cJSON *json = break_now();
	assert_true(cJSON_IsFalse(cJSON_GetObjectItem(json, "waits")));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "pose")));
	cJSON_Delete(json);
	choose("walk");
	sit(4, 0);
	json = break_now();
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(json, "waits")));
	cJSON_Delete(json);
	now += 2;
	struct posture_sample s = {.presence = PRESENCE_PRESENT, .seconds = now, .sampled = true};
	s.measures.m[MEASURE_HEAD_YAW] = (struct measure){0, 1, true}; /* no profile */
	core_step(&core, instant(), &s);
	json = break_now();
	assert_true(cJSON_IsFalse(cJSON_GetObjectItem(json, "waits")));
	cJSON_Delete(json);
}

static void what_is_put_off_is_told_again(void **state)
{
	(void)state;
	core_break_now(&core, instant(), BREAK_MOVEMENT);
	core_answer_break(&core, instant(), BREAK_MOVEMENT, ANSWER_LATER);
	assert_false(core.break_shown);
	pass(BREAK_LATER_S + 10, PRESENCE_PRESENT);
	assert_int_equal(shown, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_break_begins_where_none_was_asked_for, begin),
		cmocka_unit_test_setup(a_card_that_stands_is_taken_back, begin),
		cmocka_unit_test_setup(who_asks_again_is_shown_the_card_again, begin),
		cmocka_unit_test_setup(a_red_flag_changes_the_break_that_stands, begin),
		cmocka_unit_test_setup(the_countdown_waits_unless_the_pose_is_held, begin),
		cmocka_unit_test_setup(the_card_counts_down_where_there_is_no_window, begin),
		cmocka_unit_test_setup(what_cannot_be_told_is_not_held_against_anybody, begin),
		cmocka_unit_test_setup(what_is_put_off_is_told_again, begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
