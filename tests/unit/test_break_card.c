/* What a break's card offers, what the answers do, and when it comes. */
#include "breaks/breaks.h"
#include "coach/coach.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MIN 60.0

/* ---- the prompt ---- */

static const struct break_view working = {PRESENCE_PRESENT, true, false, false};
static const struct break_view looking_away = {PRESENCE_PRESENT, false, false, false};
static const struct break_view leaning_back = {PRESENCE_PRESENT, true, false, true};
static const struct break_view standing = {PRESENCE_PRESENT, true, true, false};
static const struct break_view away = {PRESENCE_AWAY, false, false, false};
static const struct break_view in_call = {PRESENCE_IN_CALL, true, false, false};
static const struct break_view unsure = {PRESENCE_PRESENT, true, false, false, .unsure = true};
static const struct break_view holding = {PRESENCE_PRESENT, true, false, false, .holding = true};
static const struct break_view film = {PRESENCE_PRESENT, true, false, false, .busy = true};

static struct break_event events[64];
static int count;

/* `seconds` of one view, a step a second; what happens is appended. */
static void pass_held(struct breaks *b, double *now, double seconds, const struct break_view *view,
                      enum break_hold hold)
{
	for (double end = *now + seconds; *now < end; *now += 1) {
		struct break_event e[BREAK_EVENTS_MAX];
		const int n = breaks_step(b, *now, view, hold, e);
		for (int i = 0; i < n && count < 64; i++)
			events[count++] = e[i];
	}
}

static void pass(struct breaks *b, double *now, double seconds, const struct break_view *view)
{
	pass_held(b, now, seconds, view, view->busy ? BREAK_HELD : BREAK_FREE);
}

static struct breaks movement_only(void)
{
	struct breaks b;
	struct breaks_config c = breaks_config_default();
	c.enabled[BREAK_MICRO] = false;
	breaks_init(&b, &c);
	count = 0;
	return b;
}

/* Sat until the movement break is due. */
static struct breaks at_the_prompt(double *now)
{
	struct breaks b = movement_only();
	*now = 0;
	pass(&b, now, 50 * MIN + 2, &working);
	assert_int_equal(count, 1);
	assert_int_equal(events[0].kind, BREAK_EVENT_DUE);
	count = 0;
	return b;
}

static void answer(struct breaks *b, double now, enum break_answer a)
{
	struct break_event e[BREAK_EVENTS_MAX];
	const int n = breaks_answer(b, now, BREAK_MOVEMENT, a, e);
	for (int i = 0; i < n; i++)
		events[count++] = e[i];
}

static void ended(enum break_outcome outcome, double length_s, bool begun)
{
	assert_true(count >= 1 && count <= 64);
	const struct break_event *e = &events[count - 1];
	assert_int_equal(e->kind, BREAK_EVENT_ENDED);
	assert_int_equal(e->outcome, outcome);
	assert_float_equal(e->length_s, length_s, 2.1);
	assert_int_equal(e->begun, begun);
}

static void test_start_counts_down_and_ends_by_itself(void **state)
{
	(void)state;
	double now;
	struct breaks b = at_the_prompt(&now);
	answer(&b, now, BREAK_START);
	assert_int_equal(events[0].kind, BREAK_EVENT_STARTED);
	assert_float_equal(breaks_countdown(&b), 300, 0.1);
	answer(&b, now, BREAK_START); /* once is enough */
	assert_int_equal(count, 1);
	pass(&b, &now, 200, &standing);
	assert_float_equal(breaks_countdown(&b), 100, 2.1);
	pass(&b, &now, 60, &unsure);
	assert_int_equal(count, 1);
	pass(&b, &now, 60, &unsure);
	assert_int_equal(count, 2); /* nobody had to end it */
	ended(BREAK_TAKEN, 200, true);
	assert_float_equal(breaks_countdown(&b), 0, 0);
	assert_true(breaks_remaining(&b, BREAK_MOVEMENT) > 45 * MIN);
}

/* While they sit at the screen the countdown stands; yet it ends. */
static void test_the_countdown_goes_by_what_is_seen(void **state)
{
	(void)state;
	static const struct { const struct break_view *view; bool counts, seen; } rows[] = {
		{&working, false, false}, {&unsure, true, false}, {&holding, true, true},
		{&looking_away, true, true}, {&standing, true, true}, {&away, true, true},
		{&in_call, true, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double now;
		struct breaks b = at_the_prompt(&now);
		answer(&b, now, BREAK_START);
		pass(&b, &now, 1, rows[i].view);
		const double left = breaks_countdown(&b), seen = b.seen_s;
		assert_int_equal(b.waits, !rows[i].counts);
		pass(&b, &now, 100, rows[i].view);
		assert_float_equal(left - breaks_countdown(&b), rows[i].counts ? 100 : 0, 0);
		assert_float_equal(b.seen_s - seen, rows[i].seen ? 100 : 0, 0);
	}
	double now;
	struct breaks b = at_the_prompt(&now);
	answer(&b, now, BREAK_START);
	pass(&b, &now, 160, &holding);
	pass(&b, &now, 430, &working);
	assert_int_equal(count, 1);
	pass(&b, &now, 15, &working);
	assert_int_equal(count, 2);
	ended(BREAK_TAKEN, 160, true);
	assert_false(b.begun);
	pass(&b, &now, 5, &working);
	assert_false(b.waits);
}

static void test_started_and_never_left_is_no_break(void **state)
{
	(void)state;
	double now;
	struct breaks b = at_the_prompt(&now);
	answer(&b, now, BREAK_START);
	pass(&b, &now, 140, &looking_away);
	pass(&b, &now, 470, &working);
	ended(BREAK_CUT_SHORT, 140, true);
	b = at_the_prompt(&now);
	answer(&b, now, BREAK_START);
	pass(&b, &now, 160, &looking_away); /* half of it: an exercise may face the screen */
	pass(&b, &now, 150, &unsure);
	ended(BREAK_TAKEN, 160, true);
}

static void test_back_from_enough_ends_it(void **state)
{
	(void)state;
	double now;
	struct breaks b = at_the_prompt(&now);
	answer(&b, now, BREAK_START);
	pass(&b, &now, 5, &working);
	pass(&b, &now, 275, &away);
	assert_int_equal(count, 1);
	pass(&b, &now, 5, &working); /* before the countdown's end */
	ended(BREAK_TAKEN, 275, true);
	/* Still away when it is over. */
	b = at_the_prompt(&now);
	answer(&b, now, BREAK_START);
	pass(&b, &now, 310, &away);
	ended(BREAK_TAKEN, 300, true);
}

static void test_later_is_told_again_in_five_minutes(void **state)
{
	(void)state;
	double now;
	struct breaks b = at_the_prompt(&now);
	answer(&b, now, BREAK_LATER);
	pass(&b, &now, BREAK_LATER_S - 1, &working);
	assert_int_equal(count, 0); /* neither skipped nor told */
	pass(&b, &now, 5, &working);
	assert_int_equal(count, 1);
	assert_int_equal(events[0].kind, BREAK_EVENT_AGAIN);
	pass(&b, &now, 290, &working); /* and has its whole time to be answered */
	assert_int_equal(count, 1);
	pass(&b, &now, 20, &working);
	ended(BREAK_SKIPPED, 0, false);
	/* Who gets up meanwhile takes it. */
	b = at_the_prompt(&now);
	answer(&b, now, BREAK_LATER);
	pass(&b, &now, 100, &working);
	pass(&b, &now, 300, &away);
	pass(&b, &now, 5, &working);
	ended(BREAK_TAKEN, 300, false);
}

static void test_skip_and_done(void **state)
{
	(void)state;
	double now;
	struct breaks b = at_the_prompt(&now);
	answer(&b, now, BREAK_DONE); /* it has not begun */
	assert_int_equal(count, 0);
	answer(&b, now, BREAK_SKIP);
	ended(BREAK_SKIPPED, 0, false);
	answer(&b, now, BREAK_SKIP); /* nothing stands any more */
	assert_int_equal(count, 1);
	pass(&b, &now, 24 * MIN, &working);
	assert_int_equal(count, 1); /* deferred by half its interval */
	pass(&b, &now, 3 * MIN, &working);
	assert_int_equal(events[1].kind, BREAK_EVENT_DUE);
	b = at_the_prompt(&now);
	answer(&b, now, BREAK_START);
	pass(&b, &now, 200, &away);
	answer(&b, now, BREAK_DONE);
	ended(BREAK_TAKEN, 200, true);
}

/* Kept back under a full-screen window: nobody can answer, nobody has skipped it. */
static void test_unseen_is_not_skipped(void **state)
{
	(void)state;
	double now;
	struct breaks b = at_the_prompt(&now);
	pass(&b, &now, 100, &working);
	breaks_unseen(&b, BREAK_MICRO, true); /* another's */
	assert_false(b.unseen);
	breaks_unseen(&b, BREAK_MOVEMENT, true);
	pass(&b, &now, 40 * MIN, &working);
	assert_int_equal(count, 0);
	breaks_unseen(&b, BREAK_MOVEMENT, false);
	pass(&b, &now, 295, &working);
	assert_int_equal(count, 0);
	pass(&b, &now, 10, &working);
	ended(BREAK_SKIPPED, 0, false);
}

static void test_natural_moments(void **state)
{
	(void)state;
	static const struct { double at_min; const struct break_view *view; bool due; } rows[] = {
		{40, &looking_away, false}, {44, &leaning_back, false}, {46, &looking_away, true},
		{46, &leaning_back, true}, {46, &in_call, true}, {46, &working, false},
		{49, &leaning_back, true}, {46, &film, true}, {46, &away, true}, {43, &film, false},
		{43, &away, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct breaks b = movement_only();
		double now = 0;
		pass(&b, &now, rows[i].at_min * MIN, &working);
		assert_int_equal(count, 0);
		pass(&b, &now, 3, rows[i].view);
		if (rows[i].view == &in_call || rows[i].view == &film || rows[i].view == &away)
			assert_int_equal(count, 0); /* not in it: when it ends */
		pass(&b, &now, 2, &working);
		if (count != rows[i].due)
			fail_msg("row %zu: %d", i, count);
		/* never later than its time */
		pass(&b, &now, (50.1 - rows[i].at_min) * MIN, &working);
		assert_int_equal(count, 1);
	}
	/* What was skipped comes when it was put off to, not before. */
	double now;
	struct breaks b = at_the_prompt(&now);
	answer(&b, now, BREAK_SKIP);
	pass(&b, &now, 22 * MIN, &working);
	pass(&b, &now, 30, &leaning_back);
	assert_int_equal(count, 1);
}

/* What was held back is told first; the moment is still one after it. */
static void test_what_ended_stays_a_natural_moment(void **state)
{
	(void)state;
	static const struct { const struct break_view *view; double wait_s; bool due; } rows[] = {
		{&in_call, 60, true}, {&film, 60, true}, {&in_call, 89, true}, {&film, 91, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct breaks b = movement_only();
		double now = 0;
		pass(&b, &now, 46 * MIN, &working);
		pass(&b, &now, 100, rows[i].view);
		pass_held(&b, &now, rows[i].wait_s, &working, BREAK_SOON);
		assert_int_equal(count, 0);
		pass(&b, &now, 2, &working);
		if (count != rows[i].due)
			fail_msg("row %zu: %d", i, count);
	}
	/* One that begins meanwhile covers it again. */
	struct breaks b = movement_only();
	double now = 0;
	pass(&b, &now, 46 * MIN, &working);
	pass(&b, &now, 20, &in_call);
	pass_held(&b, &now, 5, &working, BREAK_SOON);
	pass(&b, &now, 20, &film);
	assert_int_equal(count, 0);
	/* A clock that is put back an hour: the moment does not last that long. */
	b = movement_only();
	now = 0;
	pass(&b, &now, 42 * MIN, &working);
	pass(&b, &now, 20, &film);
	pass_held(&b, &now, 2, &working, BREAK_SOON);
	now -= 60 * MIN;
	pass(&b, &now, 4 * MIN, &working);
	assert_int_equal(count, 0);
}

/* A look more often while one is waited for, and no longer. */
static void test_natural_moments_are_looked_for(void **state)
{
	(void)state;
	struct breaks b = movement_only();
	double now = 0;
	pass(&b, &now, 44 * MIN, &working);
	assert_true(isinf(breaks_wait(&b)));
	pass(&b, &now, 2 * MIN, &working);
	assert_float_equal(breaks_wait(&b), 15, 0);
	pass(&b, &now, 10 * MIN, &film); /* over time, and nobody may be told */
	assert_int_equal(count, 0);
	assert_true(isinf(breaks_wait(&b)));
}

/* Back from elsewhere a moment ago, who was away for a break is left alone all the same. */
static void test_back_from_a_break_is_no_natural_moment(void **state)
{
	(void)state;
	struct breaks b = movement_only();
	double now = 0;
	pass(&b, &now, 46 * MIN, &working);
	pass(&b, &now, 40, &away);
	pass(&b, &now, 60, &working);
	for (int i = 0; i < count; i++)
		assert_int_not_equal(events[i].kind, BREAK_EVENT_DUE);
}

/* ---- the card ---- */

static struct coach coach_at_work(double since)
{
	struct coach c;
	struct coach_config config = coach_config_default();
	struct coach_message m;
	coach_init(&c, &config);
	assert_false(coach_presence(&c, since, PRESENCE_PRESENT, &m));
	return c;
}

static void test_a_break_that_runs(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	struct coach_message m;
	struct break_event b = { .kind = BREAK_EVENT_DUE, .what = BREAK_MOVEMENT, .seconds = 3100,
	                         .sitting_s = 3120, .length_s = 300 };
	coach_clock(&c, 1000, 14);
	assert_false(coach_going(&c, BREAK_MOVEMENT, 300, false, &m)); /* none was ever due */
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	assert_true(coach_going(&c, BREAK_MOVEMENT, 240, false, &m));
	assert_string_equal(m.kind, "break_movement"); /* in the card's place */
	assert_string_equal(m.summary, "Back extension: 4 minutes to go");
	assert_non_null(strstr(m.body, "lean back slowly"));
	assert_non_null(strstr(m.body, care_discomfort()));
	assert_int_equal(m.offer, OFFER_GOING);
	assert_true(coach_going(&c, BREAK_MOVEMENT, 240, true, &m));
	assert_string_equal(m.summary, "Back extension: 4 minutes to go");
	assert_string_equal(m.kind, "break_movement");
	assert_int_equal(strncmp(m.body, "The clock waits while you are at the screen.", 44), 0);
	coach_another(&c, BREAK_MOVEMENT);
	assert_true(coach_going(&c, BREAK_MOVEMENT, 240, false, &m));
	assert_string_equal(m.summary, "Side bend: 4 minutes to go");
	b = (struct break_event){ .kind = BREAK_EVENT_ENDED, .what = BREAK_MOVEMENT,
	                          .seconds = 3400,
	                          .outcome = BREAK_TAKEN, .length_s = 240, .begun = true };
	coach_clock(&c, 5000, 14);
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	assert_string_equal(m.body, "Seen by the camera: 4 minutes of it.");
	assert_int_equal(m.offer, OFFER_NOTHING);
	const struct exercise *all;
	exercises(&all);
	assert_int_equal(c.exercises.done_ms[exercise_find("side-bend") - all], 5000);
	assert_int_equal(c.exercises.done_ms[exercise_find("back-extension") - all], 0);
	b.outcome = BREAK_CUT_SHORT;
	b.length_s = 0;
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	assert_non_null(strstr(m.body, "at the screen all the while"));
	b.begun = false; /* left without a word: nothing to tell */
	assert_false(coach_break(&c, &b, PRESENCE_PRESENT, &m));
}

static void test_care_governs_the_breaks(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	struct coach_message m;
	struct break_event b = { .kind = BREAK_EVENT_DUE, .what = BREAK_MOVEMENT, .seconds = 3100,
	                         .sitting_s = 3120, .length_s = 300 };
	c.config.care.reason = CARE_URGENT;
	for (int i = 0; i < 5; i++, b.seconds += 3000) {
		assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
		assert_string_equal(m.summary, "Stand up for 5 minutes: Gentle walk");
		assert_non_null(strstr(m.body, "Only gentle walking or rest until a doctor has "
		                               "looked at it"));
	}
	c.config.care.reason = CARE_LASTING; /* mild pain keeps moving */
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	assert_null(strstr(m.body, "gentle"));
	assert_null(strstr(m.summary, "Gentle"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start_counts_down_and_ends_by_itself),
		cmocka_unit_test(test_the_countdown_goes_by_what_is_seen),
		cmocka_unit_test(test_started_and_never_left_is_no_break),
		cmocka_unit_test(test_back_from_enough_ends_it),
		cmocka_unit_test(test_later_is_told_again_in_five_minutes),
		cmocka_unit_test(test_skip_and_done),
		cmocka_unit_test(test_unseen_is_not_skipped),
		cmocka_unit_test(test_natural_moments),
		cmocka_unit_test(test_what_ended_stays_a_natural_moment),
		cmocka_unit_test(test_natural_moments_are_looked_for),
		cmocka_unit_test(test_back_from_a_break_is_no_natural_moment),
		cmocka_unit_test(test_a_break_that_runs),
		cmocka_unit_test(test_care_governs_the_breaks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
