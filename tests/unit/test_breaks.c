/* Sitting time and breaks: a script of presences in, events out; and random days. */
#include "breaks/breaks.h"
#include "breaks/sitting.h"
#include "noise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MIN 60.0

enum { LOG_MAX = 512 };

struct day {
	struct breaks b;
	double now, step;
	bool standing;
	struct break_event log[LOG_MAX];
	int count;
};

static void day_begin(struct day *d, double step)
{
	struct breaks_config c = breaks_config_default();
	memset(d, 0, sizeof *d);
	d->step = step;
	d->now = 1000;
	breaks_init(&d->b, &c);
}

static void take(struct day *d, const struct break_event *e, int n)
{
	for (int i = 0; i < n; i++) {
		assert_true(d->count < LOG_MAX);
		d->log[d->count++] = e[i];
	}
}

static void look(struct day *d, enum presence p, bool eyes, bool hold)
{
	struct break_event e[BREAK_EVENTS_MAX];
	const struct break_view view = { p, eyes, d->standing };
	take(d, e, breaks_step(&d->b, d->now, &view, hold ? BREAK_HELD : BREAK_FREE, e));
}

/* `seconds` of one state, ending just before its end: the next state begins on time. */
static void during(struct day *d, double seconds, enum presence p, bool eyes, bool hold)
{
	double end = d->now + seconds;
	for (; d->now < end - 1e-9; d->now += d->step)
		look(d, p, eyes, hold);
}

static void sit(struct day *d, double s) { during(d, s, PRESENCE_PRESENT, true, false); }
static void stand(struct day *d, double s)
{
	d->standing = true;
	sit(d, s);
	d->standing = false;
}
static void away(struct day *d, double s) { during(d, s, PRESENCE_AWAY, false, false); }

static int count(const struct day *d, enum break_event_kind kind, enum break_kind what)
{
	int n = 0;
	for (int i = 0; i < d->count; i++)
		n += d->log[i].kind == kind && d->log[i].what == what;
	return n;
}

static const struct break_event *last(const struct day *d)
{
	assert_true(d->count > 0);
	return &d->log[d->count - 1];
}

static void only(const struct break_event *e, enum break_event_kind kind, enum break_kind what)
{
	assert_int_equal(e->kind, kind);
	assert_int_equal(e->what, what);
}

static void test_micro_break_falls_due_after_20_minutes_of_sitting(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 20 * MIN);
	assert_int_equal(d.count, 0);
	assert_float_equal(breaks_remaining(&d.b, BREAK_MICRO), 5, 1e-6);
	sit(&d, 10);
	assert_int_equal(d.count, 1);
	only(&d.log[0], BREAK_EVENT_DUE, BREAK_MICRO);
	assert_float_equal(d.log[0].sitting_s, 20 * MIN, 1e-6);
	assert_float_equal(breaks_wait(&d.b), 4, 1e-9);
}

static void test_micro_break_taken_with_the_eyes(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 3);
	sit(&d, 20 * MIN + 30);
	during(&d, 24, PRESENCE_PRESENT, false, false);
	sit(&d, 6);
	assert_int_equal(d.count, 3);
	only(&d.log[1], BREAK_EVENT_STARTED, BREAK_MICRO);
	only(&d.log[2], BREAK_EVENT_ENDED, BREAK_MICRO);
	assert_int_equal(d.log[2].outcome, BREAK_TAKEN);
	assert_float_equal(d.log[2].length_s, 24, 3.1);
	assert_true(d.log[1].seconds >= d.log[0].seconds && d.log[2].seconds > d.log[1].seconds);
	assert_true(breaks_remaining(&d.b, BREAK_MICRO) > 19 * MIN);
	/* the eyes rested, the back did not */
	assert_true(breaks_remaining(&d.b, BREAK_MOVEMENT) < 30 * MIN);
}

static void test_a_glance_aside_is_not_a_micro_break(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 1);
	sit(&d, 20 * MIN + 30);
	during(&d, 3, PRESENCE_PRESENT, false, false);
	sit(&d, 10);
	assert_int_equal(d.count, 1);
	during(&d, 8, PRESENCE_PRESENT, false, false);
	sit(&d, 2);
	assert_int_equal(d.count, 3);
	assert_int_equal(last(&d)->outcome, BREAK_CUT_SHORT);
}

static void test_a_face_that_is_not_found_does_not_hold_the_break_open(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 20 * MIN + 10);
	during(&d, 30 * MIN, PRESENCE_PRESENT, false, false);
	assert_int_equal(count(&d, BREAK_EVENT_ENDED, BREAK_MICRO), 2); /* at 20 and at 40 min */
	assert_int_equal(count(&d, BREAK_EVENT_DUE, BREAK_MOVEMENT), 1);
}

static void test_movement_break_taken_counts_for_both(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 50 * MIN + 20);
	assert_int_equal(count(&d, BREAK_EVENT_DUE, BREAK_MOVEMENT), 1);
	away(&d, 6 * MIN);
	sit(&d, 10);
	only(last(&d), BREAK_EVENT_ENDED, BREAK_MOVEMENT);
	assert_int_equal(last(&d)->outcome, BREAK_TAKEN);
	assert_float_equal(last(&d)->length_s, 6 * MIN, 5.1);
	assert_float_equal(last(&d)->sitting_s, 50 * MIN, 5.1);
	assert_int_equal(count(&d, BREAK_EVENT_NATURAL, BREAK_MOVEMENT), 0);
	assert_true(breaks_remaining(&d.b, BREAK_MICRO) > 19 * MIN);
	assert_true(breaks_remaining(&d.b, BREAK_MOVEMENT) > 49 * MIN);
}

static void test_turning_away_is_no_movement_break(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 50 * MIN + 20);
	during(&d, 4 * MIN, PRESENCE_PRESENT, false, false);
	assert_int_equal(count(&d, BREAK_EVENT_STARTED, BREAK_MOVEMENT), 0);
}

static void test_standing_before_the_camera_is_a_movement_break(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	stand(&d, 40 * MIN); /* nobody asked: work at a high desk */
	sit(&d, 10 * MIN + 20);
	only(last(&d), BREAK_EVENT_DUE, BREAK_MOVEMENT);
	stand(&d, 5 * MIN);
	sit(&d, 10);
	only(last(&d), BREAK_EVENT_ENDED, BREAK_MOVEMENT);
	assert_int_equal(last(&d)->outcome, BREAK_TAKEN);
	assert_float_equal(last(&d)->length_s, 5 * MIN, 5.1);
	assert_int_equal(count(&d, BREAK_EVENT_STARTED, BREAK_MOVEMENT), 1);
	assert_true(breaks_remaining(&d.b, BREAK_MICRO) > 19 * MIN);
	/* up, out of the picture and back in it: one break */
	sit(&d, 50 * MIN);
	only(last(&d), BREAK_EVENT_DUE, BREAK_MOVEMENT);
	stand(&d, 1 * MIN);
	away(&d, 3 * MIN);
	stand(&d, 1 * MIN);
	sit(&d, 10);
	assert_int_equal(last(&d)->outcome, BREAK_TAKEN);
	assert_float_equal(last(&d)->length_s, 5 * MIN, 5.1);
	/* up for two minutes only */
	sit(&d, 50 * MIN);
	stand(&d, 2 * MIN);
	sit(&d, 10);
	assert_int_equal(last(&d)->outcome, BREAK_CUT_SHORT);
}

static void test_a_seat_set_higher_is_no_break_for_ever(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 50 * MIN + 20);
	stand(&d, 200 * MIN);
	/* each after 10 minutes */
	assert_int_equal(count(&d, BREAK_EVENT_ENDED, BREAK_MOVEMENT), 4);
	assert_float_equal(last(&d)->length_s, 10 * MIN, 5.1);
}

static void test_movement_break_cut_short_rests_the_eyes_and_is_deferred(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 50 * MIN + 20);
	away(&d, 2 * MIN);
	sit(&d, 10);
	only(last(&d), BREAK_EVENT_ENDED, BREAK_MOVEMENT);
	assert_int_equal(last(&d)->outcome, BREAK_CUT_SHORT);
	assert_true(breaks_remaining(&d.b, BREAK_MICRO) > 19 * MIN);
	assert_true(d.b.since[BREAK_MOVEMENT] > 50 * MIN); /* told as it is */
	assert_float_equal(breaks_remaining(&d.b, BREAK_MOVEMENT), 25 * MIN, 30);
}

static void test_an_unanswered_prompt_is_skipped_once_and_asked_again_later(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 50 * MIN + 5 * MIN + 20);
	only(last(&d), BREAK_EVENT_ENDED, BREAK_MOVEMENT);
	assert_int_equal(last(&d)->outcome, BREAK_SKIPPED);
	int n = d.count;
	sit(&d, 15 * MIN);
	assert_int_equal(d.count, n); /* neither this nor a micro-break right behind it */
	sit(&d, 11 * MIN);
	assert_true(count(&d, BREAK_EVENT_DUE, BREAK_MOVEMENT) == 2);
}

static void test_natural_break_is_credited(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 15 * MIN);
	away(&d, 7 * MIN);
	sit(&d, 19 * MIN);
	assert_int_equal(d.count, 1);
	only(&d.log[0], BREAK_EVENT_NATURAL, BREAK_MOVEMENT);
	assert_float_equal(d.log[0].length_s, 7 * MIN, 5.1);
	assert_float_equal(d.log[0].sitting_s, 15 * MIN, 5.1);
	sit(&d, 2 * MIN);
	only(last(&d), BREAK_EVENT_DUE, BREAK_MICRO);
}

static void test_a_short_absence_rests_the_eyes_only(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 15 * MIN);
	away(&d, 1 * MIN);
	sit(&d, 1 * MIN);
	only(last(&d), BREAK_EVENT_NATURAL, BREAK_MICRO);
	assert_true(d.b.since[BREAK_MOVEMENT] > 15 * MIN);
	assert_true(d.b.since[BREAK_MICRO] < 2 * MIN);
}

static void test_no_prompt_just_after_coming_back_but_not_for_ever(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 49 * MIN);
	d.count = 0;
	d.b.prompted = 0;
	away(&d, 1 * MIN);
	sit(&d, 4 * MIN);
	assert_int_equal(count(&d, BREAK_EVENT_DUE, BREAK_MOVEMENT), 0);
	sit(&d, 2 * MIN);
	assert_int_equal(count(&d, BREAK_EVENT_DUE, BREAK_MOVEMENT), 1);
	/* somebody who ducks away every four minutes is asked all the same */
	day_begin(&d, 5);
	for (int i = 0; i < 14; i++) {
		sit(&d, 4 * MIN);
		away(&d, 30);
	}
	assert_true(count(&d, BREAK_EVENT_DUE, BREAK_MOVEMENT) == 1);
}

static void test_movement_break_swallows_the_micro_break(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	/* a micro-break is standing when the movement break falls due */
	struct breaks_config c = breaks_config_default();
	c.every_s[BREAK_MICRO] = 22 * MIN;
	c.every_s[BREAK_MOVEMENT] = 24 * MIN;
	c.answer_s = 1 * MIN;
	breaks_init(&d.b, &c);
	d.b.config.answer_s = 1 * MIN;
	sit(&d, 22 * MIN + 10);
	only(last(&d), BREAK_EVENT_DUE, BREAK_MICRO);
	d.b.config.answer_s = 5 * MIN;
	sit(&d, 2 * MIN);
	assert_int_equal(d.count, 3);
	only(&d.log[1], BREAK_EVENT_ENDED, BREAK_MICRO);
	only(&d.log[2], BREAK_EVENT_DUE, BREAK_MOVEMENT);
	/* and when it is due soon, the micro-break waits for it */
	day_begin(&d, 5);
	c.answer_s = 5 * MIN;
	breaks_init(&d.b, &c);
	sit(&d, 25 * MIN);
	assert_int_equal(d.count, 1);
	only(&d.log[0], BREAK_EVENT_DUE, BREAK_MOVEMENT);
}

static void test_a_call_is_sitting_and_defers(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 10 * MIN);
	during(&d, 60 * MIN, PRESENCE_IN_CALL, true, true);
	assert_int_equal(d.count, 0);
	assert_float_equal(d.b.since[BREAK_MOVEMENT], 70 * MIN, 6);
	sit(&d, 10);
	assert_int_equal(d.count, 1); /* one, not three */
	only(&d.log[0], BREAK_EVENT_DUE, BREAK_MOVEMENT);
}

static void test_a_prompt_that_a_call_came_over_is_told_again(void **state)
{
	(void)state;
	/* a call; a snooze */
	static const enum presence over[] = { PRESENCE_IN_CALL, PRESENCE_PRESENT };
	for (int i = 0; i < 2; i++) {
		struct day d;
		day_begin(&d, 5);
		sit(&d, 50 * MIN + 20);
		d.count = 0;
		during(&d, 30 * MIN, over[i], true, true);
		assert_int_equal(d.count, 0);
		sit(&d, 4 * MIN + 50);
		assert_int_equal(d.count, 1); /* once, and nothing skipped yet */
		only(&d.log[0], BREAK_EVENT_AGAIN, BREAK_MOVEMENT);
		assert_float_equal(d.log[0].sitting_s, 80 * MIN, 30);
		assert_float_equal(d.log[0].length_s, 5 * MIN, 1e-9);
		sit(&d, 20);
		only(last(&d), BREAK_EVENT_ENDED, BREAK_MOVEMENT);
		assert_int_equal(last(&d)->outcome, BREAK_SKIPPED);
	}
	/* who takes it during the film needs no second word */
	struct day d;
	day_begin(&d, 5);
	sit(&d, 50 * MIN + 20);
	during(&d, 10 * MIN, PRESENCE_PRESENT, true, true);
	during(&d, 6 * MIN, PRESENCE_AWAY, false, true);
	sit(&d, 1 * MIN);
	assert_int_equal(count(&d, BREAK_EVENT_AGAIN, BREAK_MOVEMENT), 0);
	only(last(&d), BREAK_EVENT_ENDED, BREAK_MOVEMENT);
	assert_int_equal(last(&d)->outcome, BREAK_TAKEN);
	/* nor who was disturbed for half a minute */
	sit(&d, 50 * MIN);
	during(&d, 30, PRESENCE_PRESENT, true, true);
	sit(&d, 2 * MIN);
	assert_int_equal(count(&d, BREAK_EVENT_AGAIN, BREAK_MOVEMENT), 0);
}

/* Something was told a moment ago: the prompt waits for it, and one that stands goes on
 * standing. */
static void test_a_moment_is_no_call(void **state)
{
	(void)state;
	struct day d;
	struct break_event e[BREAK_EVENTS_MAX];
	const struct break_view view = { PRESENCE_PRESENT, true, false };
	day_begin(&d, 5);
	sit(&d, 49 * MIN + 50);
	d.count = 0;
	d.b.prompted = 0;
	for (int i = 0; i < 8; i++, d.now += 5)
		assert_int_equal(breaks_step(&d.b, d.now, &view, BREAK_SOON, e), 0);
	sit(&d, 5);
	assert_int_equal(d.count, 1);
	only(last(&d), BREAK_EVENT_DUE, BREAK_MOVEMENT);
	for (int i = 0; i < 16; i++, d.now += 5)
		assert_int_equal(breaks_step(&d.b, d.now, &view, BREAK_SOON, e), 0);
	sit(&d, 5 * MIN - 85);
	assert_int_equal(d.count, 1); /* not told again */
	sit(&d, 10);
	only(last(&d), BREAK_EVENT_ENDED, BREAK_MOVEMENT); /* its time went on */
}

static void test_do_not_disturb_defers(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	during(&d, 45 * MIN, PRESENCE_PRESENT, true, true);
	assert_int_equal(d.count, 0);
	sit(&d, 4 * MIN);
	assert_int_equal(d.count, 1); /* one, not two */
	only(&d.log[0], BREAK_EVENT_DUE, BREAK_MICRO);
}

static void test_lock_and_suspend_count_nothing(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 18 * MIN);
	during(&d, 1 * MIN, PRESENCE_PAUSED, false, false);
	sit(&d, 60);
	assert_int_equal(d.count, 0);
	assert_float_equal(d.b.since[BREAK_MICRO], 19 * MIN, 10);
	/* two hours asleep: no sitting, no credit, no prompt on waking, and no claim about before
	 * */
	d.now += 120 * MIN;
	sit(&d, 10 * MIN);
	assert_int_equal(d.count, 0);
	assert_true(d.b.since[BREAK_MOVEMENT] <= 11 * MIN);
	day_begin(&d, 5);
	sit(&d, 18 * MIN);
	during(&d, 30 * MIN, PRESENCE_PAUSED, false, false);
	sit(&d, 19 * MIN);
	assert_int_equal(d.count, 0);
}

static void test_leaving_and_the_screen_locking_is_one_absence(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 18 * MIN);
	away(&d, 2 * MIN);
	during(&d, 40 * MIN, PRESENCE_PAUSED, false, false);
	d.now += 60 * MIN; /* and then it slept */
	sit(&d, 1 * MIN);
	assert_int_equal(d.count, 1);
	only(&d.log[0], BREAK_EVENT_NATURAL, BREAK_MOVEMENT);
	assert_float_equal(d.log[0].length_s, 102 * MIN, 11);
}

static void test_locking_after_the_prompt_is_the_break(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 50 * MIN + 20);
	during(&d, 6 * MIN, PRESENCE_PAUSED, false, false);
	sit(&d, 10);
	only(last(&d), BREAK_EVENT_ENDED, BREAK_MOVEMENT);
	assert_int_equal(last(&d)->outcome, BREAK_TAKEN);
}

static void test_a_covered_lens_stops_every_clock(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 19 * MIN);
	double before = breaks_remaining(&d.b, BREAK_MOVEMENT);
	during(&d, 60 * MIN, PRESENCE_BLOCKED, false, false);
	assert_float_equal(breaks_remaining(&d.b, BREAK_MOVEMENT), before, 5.1);
	during(&d, 60 * MIN, PRESENCE_UNKNOWN, false, false);
	assert_int_equal(d.count, 0);
	sit(&d, 2 * MIN);
	only(last(&d), BREAK_EVENT_DUE, BREAK_MICRO);
}

static void test_break_now(void **state)
{
	(void)state;
	struct day d;
	struct break_event e[BREAK_EVENTS_MAX];
	day_begin(&d, 5);
	sit(&d, 20 * MIN + 10);
	assert_int_equal(breaks_now(&d.b, d.now, BREAK_MICRO, e), 1); /* standing already */
	only(&e[0], BREAK_EVENT_AGAIN, BREAK_MICRO);
	assert_true(e[0].asked && e[0].length_s == 20);
	assert_int_equal(breaks_now(&d.b, d.now, BREAK_MOVEMENT, e), 2);
	only(&e[0], BREAK_EVENT_ENDED, BREAK_MICRO);
	only(&e[1], BREAK_EVENT_DUE, BREAK_MOVEMENT);
	assert_true(e[1].asked);
	d.now += 5;
	away(&d, 5 * MIN);
	assert_int_equal(breaks_now(&d.b, d.now, BREAK_MICRO, e), 0); /* one is running */
	sit(&d, 5);
	assert_int_equal(last(&d)->outcome, BREAK_TAKEN);
}

static void test_disabled_kinds_never_ask(void **state)
{
	(void)state;
	struct day d;
	struct breaks_config c = breaks_config_default();
	c.enabled[BREAK_MICRO] = false;
	c.every_s[BREAK_MOVEMENT] = 0;
	day_begin(&d, 10);
	breaks_init(&d.b, &c);
	sit(&d, 300 * MIN);
	assert_int_equal(d.count, 0);
	assert_true(isinf(breaks_remaining(&d.b, BREAK_MICRO)));
}

static void test_the_configuration_may_change(void **state)
{
	(void)state;
	struct day d;
	day_begin(&d, 5);
	sit(&d, 12 * MIN);
	d.b.config.every_s[BREAK_MICRO] = 10 * MIN;
	d.b.config.length_s[BREAK_MICRO] = 30;
	sit(&d, 10);
	only(last(&d), BREAK_EVENT_DUE, BREAK_MICRO);
	assert_float_equal(last(&d)->length_s, 30, 1e-9);
}

static void test_hostile_clocks(void **state)
{
	(void)state;
	struct day d;
	struct break_event e[BREAK_EVENTS_MAX];
	day_begin(&d, 5);
	sit(&d, 10 * MIN);
	double since = d.b.since[BREAK_MOVEMENT];
	d.now -= 3600; /* backwards */
	sit(&d, 60);
	assert_float_equal(d.b.since[BREAK_MOVEMENT], since + 55, 1e-6);
	const struct break_view view = { PRESENCE_PRESENT, true, false };
	assert_int_equal(breaks_step(&d.b, NAN, &view, BREAK_FREE, e), 0);
	assert_int_equal(breaks_step(&d.b, INFINITY, &view, BREAK_FREE, e), 0);
	assert_float_equal(d.b.since[BREAK_MOVEMENT], since + 55, 1e-6);
}

static void test_the_sampling_rate_does_not_matter(void **state)
{
	(void)state;
	static const double steps[] = { 0.2, 1, 5, 30 };
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct day d;
		day_begin(&d, steps[i]);
		sit(&d, 52 * MIN);
		away(&d, 6 * MIN);
		sit(&d, 18 * MIN);
		away(&d, 8 * MIN);
		sit(&d, 1 * MIN);
		/* the second micro-break, at 45 min, waits for the movement break at 50 */
		assert_int_equal(count(&d, BREAK_EVENT_DUE, BREAK_MICRO), 1);
		assert_int_equal(count(&d, BREAK_EVENT_DUE, BREAK_MOVEMENT), 1);
		assert_int_equal(count(&d, BREAK_EVENT_ENDED, BREAK_MOVEMENT), 1);
		assert_int_equal(count(&d, BREAK_EVENT_NATURAL, BREAK_MOVEMENT), 1);
	}
}

/* ---- random days ---- */

static double uniform(uint32_t *s, double low, double high)
{
	return low + (high - low) * (noise_next(s) / 4294967296.0);
}

/* DUE and ENDED alternate and match; STARTED only between them; NATURAL only outside. */
static void check_order(const struct break_event *e, int n, int *active, bool *started,
                        double *when)
{
	for (int i = 0; i < n; i++) {
		switch (e[i].kind) {
		case BREAK_EVENT_DUE:
			assert_int_equal(*active, 0);
			*active = e[i].what + 1;
			*started = false;
			break;
		case BREAK_EVENT_AGAIN:
			assert_int_equal(*active, e[i].what + 1);
			assert_false(*started);
			break;
		case BREAK_EVENT_STARTED:
			assert_int_equal(*active, e[i].what + 1);
			assert_false(*started);
			*started = true;
			break;
		case BREAK_EVENT_ENDED:
			assert_int_equal(*active, e[i].what + 1);
			assert_int_equal(e[i].outcome == BREAK_SKIPPED, !*started);
			*active = 0;
			break;
		case BREAK_EVENT_NATURAL:
			assert_int_equal(*active, 0);
			break;
		}
		assert_true(e[i].seconds >= *when - 1e-6);
		*when = e[i].seconds;
		assert_true(e[i].length_s >= 0 && e[i].sitting_s >= 0);
	}
}

static void random_day(uint32_t seed)
{
	struct breaks b;
	struct breaks_config c = breaks_config_default();
	struct break_event e[BREAK_EVENTS_MAX];
	uint32_t s = seed * 2654435761u + 1;
	double now = uniform(&s, 0, 1e6), end = now + 10 * 3600, when = now;
	enum presence p = PRESENCE_UNKNOWN;
	bool eyes = true, hold = false, started = false;
	double until = now;
	int active = 0;
	breaks_init(&b, &c);
	while (now < end) {
		if (now >= until) {
			p = noise_next(&s) % 3 ? PRESENCE_PRESENT
			                        : (enum presence)(noise_next(&s) % PRESENCE_COUNT);
			eyes = noise_next(&s) % 5 != 0;
			hold = noise_next(&s) % 8 == 0;
			until = now + uniform(&s, 1, noise_next(&s) % 4 ? 400 : 5000);
		}
		const struct break_view view = { p, eyes, noise_next(&s) % 4 == 0 };
		int n = breaks_step(&b, now, &view, hold ? BREAK_HELD : BREAK_FREE, e);
		check_order(e, n, &active, &started, &when);
		assert_int_equal(active, b.prompted);
		if (noise_next(&s) % 3000 == 0) {
			enum break_kind k = (enum break_kind)(noise_next(&s) % BREAK_KINDS);
			n = breaks_now(&b, now, k, e);
			check_order(e, n, &active, &started, &when);
		}
		/* Nobody sits past a limit and its grace without exactly one prompt standing. */
		for (int k = 0; k < BREAK_KINDS; k++)
			if (p == PRESENCE_PRESENT && !hold &&
			    -breaks_remaining(&b, (enum break_kind)k) >= c.return_grace_s)
				assert_true(active != 0);
		now += noise_next(&s) % 200 == 0 ? uniform(&s, 1, 4000) : uniform(&s, 0.2, 30);
	}
}

static void test_random_days_keep_their_promises(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 300; seed++)
		random_day(seed);
}

/* ---- accounting ---- */

static void test_every_second_belongs_to_one_presence(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 100; seed++) {
		struct sitting a;
		uint32_t s = seed;
		double now = 5000;
		sitting_init(&a, 120, 60);
		for (int i = 0; i < 2000; i++) {
			sitting_step(&a, now, (enum presence)(noise_next(&s) % PRESENCE_COUNT));
			double sum = 0;
			for (int p = 0; p < PRESENCE_COUNT; p++)
				sum += a.seconds[p];
			assert_float_equal(sum, sitting_covered(&a), 1e-6);
			bool jump = noise_next(&s) % 50 == 0;
			now += jump ? uniform(&s, -500, 5000) : uniform(&s, 0, 40);
		}
		assert_float_equal(a.sitting_s,
		                   a.seconds[PRESENCE_PRESENT] + a.seconds[PRESENCE_IN_CALL], 1e-6);
		assert_true(a.longest_bout_s <= a.sitting_s + 1e-6);
	}
}

static void test_sitting_bouts_are_joined_over_short_gaps(void **state)
{
	(void)state;
	static const struct { double at; enum presence p; } script[] = {
		{ 0, PRESENCE_PRESENT }, { 600, PRESENCE_AWAY }, { 640, PRESENCE_PRESENT },
		{ 1240, PRESENCE_IN_CALL }, { 1840, PRESENCE_AWAY }, { 2200, PRESENCE_PRESENT },
		{ 2500, PRESENCE_AWAY },
	};
	struct sitting a;
	sitting_init(&a, 1000, 60);
	for (size_t i = 0; i < sizeof script / sizeof script[0]; i++)
		sitting_step(&a, script[i].at, script[i].p);
	assert_int_equal(a.bouts, 2);
	assert_float_equal(a.longest_bout_s, 1800, 1e-9);
	assert_float_equal(a.sitting_s, 2100, 1e-9);
	assert_float_equal(a.bout_began, 2200, 1e-9);
	assert_float_equal(a.seconds[PRESENCE_AWAY], 400, 1e-9);
	assert_float_equal(sitting_covered(&a), 2500, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_micro_break_falls_due_after_20_minutes_of_sitting),
		cmocka_unit_test(test_micro_break_taken_with_the_eyes),
		cmocka_unit_test(test_a_glance_aside_is_not_a_micro_break),
		cmocka_unit_test(test_a_face_that_is_not_found_does_not_hold_the_break_open),
		cmocka_unit_test(test_movement_break_taken_counts_for_both),
		cmocka_unit_test(test_turning_away_is_no_movement_break),
		cmocka_unit_test(test_standing_before_the_camera_is_a_movement_break),
		cmocka_unit_test(test_a_seat_set_higher_is_no_break_for_ever),
		cmocka_unit_test(test_movement_break_cut_short_rests_the_eyes_and_is_deferred),
		cmocka_unit_test(test_an_unanswered_prompt_is_skipped_once_and_asked_again_later),
		cmocka_unit_test(test_natural_break_is_credited),
		cmocka_unit_test(test_a_short_absence_rests_the_eyes_only),
		cmocka_unit_test(test_no_prompt_just_after_coming_back_but_not_for_ever),
		cmocka_unit_test(test_movement_break_swallows_the_micro_break),
		cmocka_unit_test(test_a_call_is_sitting_and_defers),
		cmocka_unit_test(test_a_prompt_that_a_call_came_over_is_told_again),
		cmocka_unit_test(test_a_moment_is_no_call),
		cmocka_unit_test(test_do_not_disturb_defers),
		cmocka_unit_test(test_lock_and_suspend_count_nothing),
		cmocka_unit_test(test_leaving_and_the_screen_locking_is_one_absence),
		cmocka_unit_test(test_locking_after_the_prompt_is_the_break),
		cmocka_unit_test(test_a_covered_lens_stops_every_clock),
		cmocka_unit_test(test_break_now),
		cmocka_unit_test(test_disabled_kinds_never_ask),
		cmocka_unit_test(test_the_configuration_may_change),
		cmocka_unit_test(test_hostile_clocks),
		cmocka_unit_test(test_the_sampling_rate_does_not_matter),
		cmocka_unit_test(test_random_days_keep_their_promises),
		cmocka_unit_test(test_every_second_belongs_to_one_presence),
		cmocka_unit_test(test_sitting_bouts_are_joined_over_short_gaps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
