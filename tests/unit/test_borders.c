/* Where a rule turns: one step before and one step behind every constant of posture, breaks, coach
 * and filter, so that none of them can move unseen. What they stand for is written beside them in
 * the source. */
#include "breaks/breaks.h"
#include "breaks/sitting.h"
#include "coach/coach.h"
#include "geometry/filter.h"
#include "posture/posture.h"
#include "posture/presence.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- the posture of one sample ---- */

struct body {
	double drop, lean, side, pitch, yaw, roll, shoulder_drop, screen;
};

static enum posture posture_of(struct body b)
{
	const struct posture_config c = posture_config_default();
	const struct { enum measure_id id; double value; } all[] = {
		{MEASURE_EYE_DROP, b.drop}, {MEASURE_LEAN_IN, b.lean}, {MEASURE_LEAN_SIDE, b.side},
		{MEASURE_HEAD_PITCH_CHANGE, b.pitch}, {MEASURE_HEAD_YAW_CHANGE, b.yaw},
		{MEASURE_HEAD_ROLL, b.roll}, {MEASURE_SHOULDER_DROP, b.shoulder_drop},
		{MEASURE_SCREEN_DISTANCE, b.screen > 0 ? b.screen : 60}};
	struct measures m = {0};
	struct posture_verdict v;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		m.m[all[i].id] = (struct measure){all[i].value, 0.01, true};
	posture_classify(&c, &m, &v);
	return v.label;
}

static void postures_turn_at_their_limits(void **state)
{
	static const struct { const char *what; struct body body; enum posture posture; } rows[] = {
		{"as low as good is", {.drop = 2.4}, POSTURE_UPRIGHT},
		{"lower than that", {.drop = 2.6}, POSTURE_SLOUCHED},
		{"as near as good is", {.lean = 4.9}, POSTURE_UPRIGHT},
		{"nearer than that", {.lean = 5.1}, POSTURE_FORWARD_HEAD},
		{"both, inside the ellipse", {.drop = 1.75, .lean = 3.5}, POSTURE_UPRIGHT},
		{"both, outside", {.drop = 1.8, .lean = 3.6}, POSTURE_FORWARD_HEAD},
		{"a neck's travel", {.drop = 4, .lean = 7.4}, POSTURE_FORWARD_HEAD},
		{"more than a neck's travel", {.drop = 4, .lean = 7.6}, POSTURE_SLOUCHED},
		{"a drop that a neck explains", {.drop = 6.4, .lean = 5}, POSTURE_FORWARD_HEAD},
		{"a drop that it does not", {.drop = 6.6, .lean = 5}, POSTURE_SLOUCHED},
		{"as steep as a neck goes", {.drop = 4, .lean = 2.1}, POSTURE_FORWARD_HEAD},
		{"steeper than that", {.drop = 4, .lean = 1.9}, POSTURE_SLOUCHED},
		{"shoulders in place", {.drop = 3, .lean = 4, .shoulder_drop = 2.9},
		 POSTURE_FORWARD_HEAD},
		{"shoulders sunk", {.drop = 3, .lean = 4, .shoulder_drop = 3.1}, POSTURE_SLOUCHED},
		/* A backrest that takes the eyes 20 cm back takes them 2.9 down, and the shoulders
		 * 2.0. */
		{"against the backrest", {.drop = 5.3, .lean = -20, .shoulder_drop = 4.4},
		 POSTURE_RECLINED},
		{"sinking there", {.drop = 5.5, .lean = -20, .shoulder_drop = 4.6},
		 POSTURE_SLOUCHED},
		{"a nod", {.drop = 5, .lean = 7.9, .pitch = 15}, POSTURE_LOOKING_DOWN},
		{"a bend", {.drop = 5, .lean = 8.1, .pitch = 15}, POSTURE_SLOUCHED},
		{"as flat as a nod goes", {.drop = 3.8, .lean = 7.5, .pitch = 15},
		 POSTURE_LOOKING_DOWN},
		{"flatter than that", {.drop = 3.7, .lean = 7.5, .pitch = 15},
		 POSTURE_FORWARD_HEAD},
		{"a nod too small", {.drop = 5, .lean = 5, .pitch = 11.9}, POSTURE_FORWARD_HEAD},
		{"a nod large enough", {.drop = 5, .lean = 5, .pitch = 12.1}, POSTURE_LOOKING_DOWN},
		{"over the keyboard", {.pitch = 19.9}, POSTURE_UPRIGHT},
		{"looking down at it", {.pitch = 20.1}, POSTURE_LOOKING_DOWN},
		{"aside", {.side = 5.9}, POSTURE_UPRIGHT},
		{"leaning there", {.side = 6.1}, POSTURE_LEANING},
		/* A column tipped by 20 cm ends 2.9 lower. */
		{"tipped to the side", {.drop = 5.3, .side = 20}, POSTURE_LEANING},
		{"lower than that tips", {.drop = 5.4, .side = 20}, POSTURE_SLOUCHED},
		{"straight ahead", {.yaw = 19.9}, POSTURE_UPRIGHT},
		{"turned", {.yaw = 20.1}, POSTURE_TURNED},
		{"turned the other way", {.yaw = -20.1}, POSTURE_TURNED},
		{"still upright", {.lean = -5.9}, POSTURE_UPRIGHT},
		{"reclined", {.lean = -6.1}, POSTURE_RECLINED},
		{"as high as it may be", {.drop = -3.9}, POSTURE_UPRIGHT},
		{"raised", {.drop = -4.1}, POSTURE_RAISED},
		{"level", {.roll = 9.9}, POSTURE_UPRIGHT},
		{"tilted", {.roll = -10.1}, POSTURE_HEAD_TILTED},
		{"far enough", {.screen = 45.1}, POSTURE_UPRIGHT},
		{"too close", {.screen = 44.9}, POSTURE_TOO_CLOSE},
		{"before the hinge", {.lean = POSTURE_HINGE_CM - 0.1}, POSTURE_SLOUCHED},
		{"hinged in", {.lean = POSTURE_HINGE_CM + 0.1}, POSTURE_TOO_CLOSE},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (posture_of(rows[i].body) != rows[i].posture)
			fail_msg("%s: %s, expected %s", rows[i].what,
			         posture_name(posture_of(rows[i].body)),
			         posture_name(rows[i].posture));
}

/* Without a profile the head alone, and without a face the shoulders alone. */
static void less_decides_where_less_is_known(void **state)
{
	static const struct { enum measure_id id; double value; enum posture posture; } rows[] = {
		{MEASURE_HEAD_PITCH, 24.9, POSTURE_UNKNOWN},
		{MEASURE_HEAD_PITCH, 25.1, POSTURE_LOOKING_DOWN}, {MEASURE_SHOULDER_DROP,
		                                                   2.4, POSTURE_UNKNOWN},
		{MEASURE_SHOULDER_DROP, 2.6, POSTURE_SLOUCHED}};
	const struct posture_config c = posture_config_default();
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct measures m = {0};
		struct posture_verdict v;
		m.m[rows[i].id] = (struct measure){rows[i].value, 0.01, true};
		posture_classify(&c, &m, &v);
		if (v.label != rows[i].posture)
			fail_msg("%s %g: %s", measure_name(rows[i].id),
			         rows[i].value, posture_name(v.label));
	}
}

/* ---- a posture in time ---- */

static void see(struct posture_sample *s, const struct body *now)
{
	const double values[][2] = {
		{MEASURE_EYE_DROP, now->drop}, {MEASURE_LEAN_IN, now->lean},
		{MEASURE_LEAN_SIDE, now->side}, {MEASURE_HEAD_PITCH_CHANGE, now->pitch},
		{MEASURE_HEAD_YAW_CHANGE, now->yaw}, {MEASURE_HEAD_ROLL, now->roll},
		{MEASURE_SCREEN_DISTANCE, now->screen > 0 ? now->screen : 60}};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		s->measures.m[(int)values[i][0]] = (struct measure){values[i][1], 0.01, true};
}

/* Held for `seconds` at one sample a second after a minute upright: told? */
static bool is_told(struct body b, double seconds, double every_s)
{
	const struct posture_config c = posture_config_default();
	static struct posture_judge j;
	bool told = false;
	posture_judge_init(&j, &c);
	for (double t = 0; t <= 300 + seconds; t += t < 300 ? 1 : every_s) {
		struct posture_sample s = {.seconds = t, .presence = PRESENCE_PRESENT,
		                           .sampled = true};
		struct posture_event e;
		const struct body now = t < 300 ? (struct body){0} : b;
		see(&s, &now);
		told |= posture_judge_step(&j, &s, &e) && e.kind == POSTURE_EVENT_HELD;
	}
	return told;
}

static void patience_differs_by_posture(void **state)
{
	(void)state;
	/* Turned about an axis 9.5 cm behind the eyes, which go aside and back. */
	const struct body slouched = {.drop = 7, .lean = 6}, down = {.pitch = 30},
	                  turned = {.yaw = 40, .side = 6.1, .lean = -2.2};
	assert_false(is_told(slouched, 40, 1));
	assert_true(is_told(slouched, 65, 1));
	assert_false(is_told(down, 90, 1));
	assert_true(is_told(down, 125, 1));
	assert_false(is_told(turned, 280, 1));
	assert_true(is_told(turned, 310, 1));
	/* Half a minute of each minute is known: two minutes of it take four. */
	assert_false(is_told(down, 200, 60));
	assert_true(is_told(down, 245, 60));
	assert_false(is_told((struct body){.lean = -10}, 400, 1)); /* reclining is nobody's fault */
}

/* A minute of the one and half a minute of the other: has the first ended? */
static bool has_ended(struct body first, struct body then)
{
	const struct posture_config c = posture_config_default();
	static struct posture_judge j;
	bool held = false, ended = false;
	posture_judge_init(&j, &c);
	for (double t = 0; t <= 100; t++) {
		struct posture_sample s = {.seconds = t, .presence = PRESENCE_PRESENT,
		                           .sampled = true};
		struct posture_event e;
		see(&s, t < 70 ? &first : &then);
		if (posture_judge_step(&j, &s, &e)) {
			held |= e.kind == POSTURE_EVENT_HELD;
			ended |= e.kind == POSTURE_EVENT_CORRECTED;
		}
	}
	assert_true(held);
	return ended;
}

/* Three quarters of a limit, and 2.5 cm farther from the screen. */
static void less_ends_a_posture_than_began_it(void **state)
{
	(void)state;
	assert_false(has_ended((struct body){.drop = 7}, (struct body){.drop = 0.77 * 2.5}));
	assert_true(has_ended((struct body){.drop = 7}, (struct body){.drop = 0.73 * 2.5}));
	assert_false(has_ended((struct body){.lean = 7}, (struct body){.lean = 0.77 * 5}));
	assert_true(has_ended((struct body){.lean = 7}, (struct body){.lean = 0.73 * 5}));
	assert_false(has_ended((struct body){.screen = 40}, (struct body){.screen = 47.4}));
	assert_true(has_ended((struct body){.screen = 40}, (struct body){.screen = 47.6}));
}

/* Looks 25 s apart stand for 12.5 s on either side: a minute is held before the oldest of the
 * three. */
static void a_posture_began_before_it_was_seen(void **state)
{
	(void)state;
	const struct posture_config c = posture_config_default();
	const struct body upright = {0}, slouched = {.drop = 7};
	static struct posture_judge j;
	struct posture_event e = {0};
	double t;
	posture_judge_init(&j, &c);
	for (t = 0; t < 375; t += t < 300 ? 1 : 25) {
		struct posture_sample s = {.seconds = t, .presence = PRESENCE_PRESENT,
		                           .sampled = true};
		see(&s, t < 300 ? &upright : &slouched);
		assert_false(posture_judge_step(&j, &s, &e));
	}
	struct posture_sample last = {.seconds = t, .presence = PRESENCE_PRESENT, .sampled = true};
	see(&last, &slouched);
	assert_true(posture_judge_step(&j, &last, &e));
	assert_true(e.kind == POSTURE_EVENT_HELD && fabs(e.held_s - 60) < 1e-6);
}

/* ---- presence ---- */

static void two_pictures_are_somebody(void **state)
{
	(void)state;
	const struct presence_config c = presence_config_default();
	struct presence_judge j;
	presence_init(&j, &c);
	for (int t = 0; t <= 20; t++)
		presence_step(&j, &(struct presence_sample){.seconds = t, .sampled = true});
	assert_int_equal(j.presence, PRESENCE_AWAY);
	const struct presence_sample first = {.seconds = 21, .sampled = true, .person = true};
	assert_int_equal(presence_step(&j, &first), PRESENCE_AWAY); /* somebody who passes by */
	const struct presence_sample second = {.seconds = 21.5, .sampled = true, .person = true};
	assert_int_equal(presence_step(&j, &second), PRESENCE_PRESENT);
}

/* ---- breaks ---- */

static struct breaks b;
static struct break_event events[BREAK_EVENTS_MAX];

static void begin_breaks(void)
{
	const struct breaks_config c = breaks_config_default();
	breaks_init(&b, &c);
}

static int look(double seconds, enum presence p, bool eyes)
{
	const struct break_view view = {p, eyes, false};
	return breaks_step(&b, seconds, &view, BREAK_FREE, events);
}

/* Sits from `from` to `to`, a step in ten seconds. */
static void sit(double from, double to)
{
	for (double t = from; t <= to; t += 10)
		look(t, PRESENCE_PRESENT, true);
}

/* What an absence of so many seconds counts as; BREAK_KINDS when as nothing. */
static int absence_counts_as(double seconds)
{
	begin_breaks();
	sit(0, 600);
	look(600, PRESENCE_AWAY, false);
	look(600 + seconds / 2, PRESENCE_AWAY, false);
	const int n = look(600 + seconds, PRESENCE_PRESENT, true);
	for (int i = 0; i < n; i++)
		if (events[i].kind == BREAK_EVENT_NATURAL)
			return (int)events[i].what;
	return BREAK_KINDS;
}

static void absences_count_from_nine_tenths_on(void **state)
{
	(void)state;
	assert_int_equal(absence_counts_as(17.9), BREAK_KINDS);
	assert_int_equal(absence_counts_as(18.1), BREAK_MICRO);
	assert_int_equal(absence_counts_as(269), BREAK_MICRO);
	assert_int_equal(absence_counts_as(270.5), BREAK_MOVEMENT);
}

/* A micro-break is asked for and the eyes are off the screen for so long. */
static enum break_outcome micro_break_of(double seconds)
{
	begin_breaks();
	sit(0, 1200);
	assert_true(breaks_wait(&b) < 5);
	look(1210, PRESENCE_PRESENT, false);
	assert_float_equal(breaks_wait(&b), 0, 1e-9); /* it is short */
	look(1210 + seconds / 2, PRESENCE_PRESENT, false);
	look(1210 + 0.95 * seconds, PRESENCE_PRESENT, false);
	assert_float_equal(breaks_wait(&b), seconds * 0.95 < 18 ? 0 : 15, 1e-9); /* long enough */
	const int n = look(1210 + seconds, PRESENCE_PRESENT, true);
	for (int i = 0; i < n; i++)
		if (events[i].kind == BREAK_EVENT_ENDED)
			return events[i].outcome;
	return BREAK_SKIPPED; /* not begun */
}

static void a_break_is_taken_from_nine_tenths_on(void **state)
{
	(void)state;
	assert_int_equal(micro_break_of(4.9), BREAK_SKIPPED); /* begun from a quarter on */
	assert_int_equal(micro_break_of(5.1), BREAK_CUT_SHORT);
	assert_int_equal(micro_break_of(17.9), BREAK_CUT_SHORT);
	assert_int_equal(micro_break_of(18.1), BREAK_TAKEN);
}

static void a_minute_away_ends_a_bout(void **state)
{
	(void)state;
	for (int over = 0; over < 2; over++) {
		begin_breaks();
		sit(0, 600);
		look(600, PRESENCE_AWAY, false);
		look(over ? 660 : 659, PRESENCE_PRESENT, true);
		assert_true(over ? b.bout_s == 0 : b.bout_s == 600);
	}
}

static void a_break_clears_what_was_put_off(void **state)
{
	(void)state;
	begin_breaks();
	sit(0, 1600); /* the prompt at 1200 is skipped after five minutes */
	assert_true(b.put_off[BREAK_MICRO] > 0);
	look(1600, PRESENCE_AWAY, false);
	look(1640, PRESENCE_PRESENT, true);
	assert_true(b.put_off[BREAK_MICRO] == 0 && b.since[BREAK_MICRO] == 0);
	assert_true(breaks_remaining(&b, BREAK_MICRO) == 1200);
}

static void who_comes_back_late_begins_anew(void **state)
{
	struct sitting s;
	(void)state;
	sitting_init(&s, 120, 60);
	assert_false(sitting_step(&s, 0, PRESENCE_PRESENT));
	assert_true(sitting_step(&s, 100, PRESENCE_AWAY));
	assert_false(sitting_step(&s, 159, PRESENCE_PRESENT));
	assert_false(sitting_step(&s, 200, PRESENCE_AWAY)); /* 59 s between: the same */
	assert_false(sitting_step(&s, 260, PRESENCE_PRESENT));
	assert_true(sitting_step(&s, 300, PRESENCE_AWAY));  /* 60 s: another */
	assert_int_equal(s.bouts, 2);
	sitting_step(&s, 420, PRESENCE_PRESENT);
	sitting_step(&s, 540, PRESENCE_PRESENT);            /* as far apart as may be */
	assert_true(s.seconds[PRESENCE_UNKNOWN] == 0);
	sitting_step(&s, 661, PRESENCE_PRESENT);
	assert_true(s.seconds[PRESENCE_UNKNOWN] == 121);
	assert_true(sitting_covered(&s) == 661);
	sitting_step(&s, 600, PRESENCE_PRESENT);            /* a clock that was set back */
	assert_true(sitting_covered(&s) == 661);
}

/* ---- coach ---- */

static struct coach begin_coach(void)
{
	struct coach c;
	const struct coach_config config = coach_config_default();
	coach_init(&c, &config);
	return c;
}

static void a_minute_away_is_coming_back(void **state)
{
	struct coach_message m;
	struct coach c = begin_coach();
	(void)state;
	coach_presence(&c, 0, PRESENCE_PRESENT, &m);
	coach_presence(&c, 100, PRESENCE_AWAY, &m);
	coach_presence(&c, 159, PRESENCE_PRESENT, &m);
	assert_true(c.present_since == 0);
	coach_presence(&c, 200, PRESENCE_AWAY, &m);
	coach_presence(&c, 260, PRESENCE_PRESENT, &m);
	assert_true(c.present_since == 260);
}

static void nothing_is_said_twice_in_one_moment(void **state)
{
	struct coach c = begin_coach();
	(void)state;
	c.last_message = 5;
	assert_true(coach_spoke(&c, 5));
	assert_true(coach_spoke(&c, 64.9));
	assert_false(coach_spoke(&c, 65));
	c.config.spacing_s = 0;
	assert_true(coach_spoke(&c, 5));
	assert_false(coach_spoke(&c, 5.1));
}

static void a_clock_set_back_forgets_the_dose(void **state)
{
	struct coach_message m;
	struct coach c = begin_coach();
	(void)state;
	coach_presence(&c, 1000, PRESENCE_PRESENT, &m);
	c.sent_count = 4;
	c.last_message = c.snoozed_until = 1000;
	coach_presence(&c, 500, PRESENCE_PRESENT, &m);
	assert_int_equal(c.sent_count, 0);
	assert_false(coach_spoke(&c, 500));
	assert_false(coach_waits(&c, 500));
}

/* After "wrong" a kind speaks only of more than that; as much is not more. */
static bool speaks_of(double drop_cm, double widen)
{
	struct coach c = begin_coach();
	struct coach_message m;
	const struct posture_config p = posture_config_default();
	struct posture_event e = {.kind = POSTURE_EVENT_HELD, .posture = POSTURE_SLOUCHED,
	                          .seconds = 1000,
	                          .held_s = 60};
	coach_presence(&c, 0, PRESENCE_PRESENT, &m);
	/* Named before, then widened. */
	coach_answer(&c, 0, "slouched", ANSWER_DISMISSED);
	assert_int_equal(c.kind_count, 1);
	c.kinds[0].ignored = 0;
	c.kinds[0].widen = widen;
	e.verdict.evidence = MEASURE_EYE_DROP;
	e.typical.m[MEASURE_EYE_DROP] = (struct measure){drop_cm, 0.1, true};
	return coach_posture(&c, &e, &p, PRESENCE_PRESENT, &m);
}

static void wrong_widens_to_more_than_that(void **state)
{
	(void)state;
	assert_true(speaks_of(5, 0));
	assert_false(speaks_of(5, 1)); /* twice the limit of 2.5: its excess is one limit */
	assert_true(speaks_of(5.1, 1));
}

/* ---- the filter of measures ---- */

/* The second of two values of one sigma, dt apart, as the filter gives it. */
static double filtered(double first, double second, double dt)
{
	struct measure_filter f = {0};
	struct measures m = {0};
	m.m[MEASURE_EYE_DROP] = (struct measure){first, 1, true};
	measure_filter_step(&f, 100, &m);
	m.m[MEASURE_EYE_DROP] = (struct measure){second, 1, true};
	measure_filter_step(&f, 100 + dt, &m);
	return m.m[MEASURE_EYE_DROP].value;
}

/* After a second, of 0.4 sigma of noise: the gain is 2/3, and 3 root(0.48) = 2.08 is still
 * noise. */
static void the_filter_gives_way_to_a_move(void **state)
{
	(void)state;
	assert_true(fabs(filtered(0, 1, 1) - 2.0 / 3) < 1e-9);
	assert_true(fabs(filtered(0, 2.05, 1) - 2.05 * 2 / 3) < 1e-9);
	assert_true(filtered(0, 2.1, 1) == 2.1);
	assert_true(filtered(0, 1, 60) < 1 && filtered(0, 1, 60.1) == 1);
	assert_true(filtered(0, 1, -1) == 1);
	struct measure_filter f = {0};
	struct measures m = {0};
	m.m[MEASURE_EYE_DROP] = (struct measure){0, 1, true};
	measure_filter_step(&f, 100, &m);
	m.m[MEASURE_EYE_DROP].valid = false; /* unseen between: nothing is known of it */
	measure_filter_step(&f, 101, &m);
	m.m[MEASURE_EYE_DROP] = (struct measure){1, 1, true};
	measure_filter_step(&f, 102, &m);
	assert_true(m.m[MEASURE_EYE_DROP].value == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(postures_turn_at_their_limits),
		cmocka_unit_test(less_decides_where_less_is_known),
		cmocka_unit_test(patience_differs_by_posture),
		cmocka_unit_test(less_ends_a_posture_than_began_it),
		cmocka_unit_test(a_posture_began_before_it_was_seen),
		cmocka_unit_test(two_pictures_are_somebody),
		cmocka_unit_test(absences_count_from_nine_tenths_on),
		cmocka_unit_test(a_break_is_taken_from_nine_tenths_on),
		cmocka_unit_test(a_minute_away_ends_a_bout),
		cmocka_unit_test(a_break_clears_what_was_put_off),
		cmocka_unit_test(who_comes_back_late_begins_anew),
		cmocka_unit_test(a_minute_away_is_coming_back),
		cmocka_unit_test(nothing_is_said_twice_in_one_moment),
		cmocka_unit_test(a_clock_set_back_forgets_the_dose),
		cmocka_unit_test(wrong_widens_to_more_than_that),
		cmocka_unit_test(the_filter_gives_way_to_a_move),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
