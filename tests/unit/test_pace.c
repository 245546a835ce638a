/* When to look next, at several settings, and how long the lamp is lit. */
#include "daemon/pace.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const double settings[][2] = {{3, 30}, {1, 10}, {0.5, 60}, {5, 5}};
enum { SETTINGS = sizeof settings / sizeof *settings };

static const struct pace_view upright = {PRESENCE_PRESENT, POSTURE_UPRIGHT, INFINITY, false};
static const struct pace_view gone = {PRESENCE_AWAY, POSTURE_UNKNOWN, INFINITY, false};

/* So many looks that say the same, each when it is due; the last interval. */
static double look_on(struct pace *p, double *now, const struct pace_view *v, int looks)
{
	double wait = 0;
	for (int i = 0; i < looks; i++) {
		wait = pace_next(p, *now, v);
		*now += wait;
	}
	return wait;
}

static void what_says_the_same_is_asked_less_and_less(void **state)
{
	(void)state;
	for (int i = 0; i < SETTINGS; i++) {
		const double shortest = settings[i][0], longest = settings[i][1];
		struct pace p;
		double now = 0;
		pace_init(&p, shortest, longest);
		assert_float_equal(look_on(&p, &now, &upright, 1), shortest, 1e-9);
		for (double wanted = fmin(2 * shortest, longest); wanted < longest; wanted *= 2)
			assert_float_equal(look_on(&p, &now, &upright, 1), wanted, 1e-9);
		assert_float_equal(look_on(&p, &now, &upright, 2), longest, 1e-9);
	}
}

static void a_longest_below_the_shortest_is_the_shortest(void **state)
{
	(void)state;
	struct pace p;
	double now = 0;
	pace_init(&p, 30, 3);
	assert_float_equal(look_on(&p, &now, &upright, 5), 30, 1e-9);
}

static void what_changes_is_asked_sooner(void **state)
{
	(void)state;
	struct pace_view other = upright;
	other.posture = POSTURE_RECLINED;
	for (int i = 0; i < SETTINGS; i++) {
		const double shortest = settings[i][0], longest = settings[i][1];
		struct pace p;
		double now = 0;
		pace_init(&p, shortest, longest);
		look_on(&p, &now, &upright, 20);
		assert_float_equal(pace_next(&p, now, &other), fmin(2 * shortest, longest), 1e-9);
		look_on(&p, &now, &other, 20);
		assert_float_equal(pace_next(&p, now, &gone), shortest, 1e-9);
	}
}

/* Not sooner than the shortest, not later than the judges want, and soon again after them. */
static void the_judges_say_when(void **state)
{
	(void)state;
	struct pace_view fault = upright;
	for (int i = 0; i < SETTINGS; i++) {
		const double shortest = settings[i][0], longest = settings[i][1];
		struct pace p;
		double now = 0;
		pace_init(&p, shortest, longest);
		look_on(&p, &now, &upright, 20);
		fault.posture = POSTURE_SLOUCHED;
		fault.wait_s = 0;
		assert_float_equal(pace_next(&p, now, &fault), shortest, 1e-9);
		fault.wait_s = longest * 0.7;
		assert_float_equal(pace_next(&p, now, &fault), fmax(longest * 0.7, shortest), 1e-9);
		fault.wait_s = INFINITY;
		assert_float_equal(pace_next(&p, now, &fault), fmin(2 * shortest, longest), 1e-9);
		fault.wait_s = 1000; /* the longest is sooner */
		assert_true(pace_next(&p, now, &fault) <= longest);
	}
}

static void an_empty_room_is_asked_least_after_half_an_hour(void **state)
{
	(void)state;
	for (int i = 0; i < SETTINGS; i++) {
		const double longest = settings[i][1];
		struct pace_view idle = gone;
		struct pace p;
		double now = 50000;
		idle.idle = true;
		pace_init(&p, settings[i][0], longest);
		look_on(&p, &now, &upright, 3);
		const double left = now;
		for (double wait; now < left + 3 * 3600; now += wait) {
			wait = pace_next(&p, now, &gone);
			assert_true(wait <= (now - left < 1800 ? longest : 2 * longest));
		}
		assert_float_equal(pace_next(&p, now, &gone), 2 * longest, 1e-9);
		/* Who is back is looked at again in no time, and leaves for another half hour. */
		look_on(&p, &now, &upright, 1);
		assert_float_equal(look_on(&p, &now, &gone, 10), longest, 1e-9);
		/* A keyboard that nobody touches says it at once; of somebody who reads it says
		 * nothing. */
		assert_float_equal(look_on(&p, &now, &idle, 2), 2 * longest, 1e-9);
		idle.presence = PRESENCE_PRESENT;
		assert_float_equal(look_on(&p, &now, &idle, 20), longest, 1e-9);
		/* A lens that is covered is no empty room. */
		idle.presence = PRESENCE_BLOCKED;
		assert_float_equal(look_on(&p, &now, &idle, 20), longest, 1e-9);
	}
}

static void a_clock_that_runs_backwards_makes_nobody_long_gone(void **state)
{
	(void)state;
	struct pace p;
	double now = 50000;
	pace_init(&p, 3, 30);
	look_on(&p, &now, &gone, 10);
	now = 1000;
	assert_float_equal(look_on(&p, &now, &gone, 20), 30, 1e-9);
	now = 1000 + 1801;
	assert_float_equal(look_on(&p, &now, &gone, 2), 60, 1e-9);
}

/* Somebody who fidgets for an hour: as many looks as may be, each 0.9 s. */
static void the_camera_is_on_seldom(void **state)
{
	(void)state;
	enum { HOUR = 3600, WINDOW = 300 };
	static double on[HOUR + 10];
	const double burst = 0.9;
	struct pace_view fidgets = upright;
	struct pace p;
	int looks = 0;
	memset(on, 0, sizeof on);
	fidgets.wait_s = 0;
	pace_init(&p, 3, 30);
	for (double t = 100; t < HOUR;) {
		const double wait = pace_wait(&p, t);
		if (wait > 0) {
			t += wait;
			continue;
		}
		looks++;
		on[(int)t] += burst;
		pace_spend(&p, t + burst, burst);
		t += burst + pace_next(&p, t, &fidgets);
	}
	for (int from = 0; from + WINDOW <= HOUR; from++) {
		double sum = 0;
		for (int i = from; i < from + WINDOW; i++)
			sum += on[i];
		assert_true(sum <= 0.07 * WINDOW);
	}
	/* And it is made use of. */
	assert_true(looks * burst > PACE_SHARE * (HOUR - 100) - 2);
	/* A quiet hour earns no more than it may keep; a clock that stands still earns nothing. */
	pace_spend(&p, 2 * HOUR, PACE_CREDIT_S + 0.8);
	assert_float_equal(pace_wait(&p, 2 * HOUR), 16, 1e-6);
	assert_float_equal(pace_wait(&p, 2 * HOUR - 50), 16, 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_says_the_same_is_asked_less_and_less),
		cmocka_unit_test(a_longest_below_the_shortest_is_the_shortest),
		cmocka_unit_test(what_changes_is_asked_sooner),
		cmocka_unit_test(the_judges_say_when),
		cmocka_unit_test(an_empty_room_is_asked_least_after_half_an_hour),
		cmocka_unit_test(a_clock_that_runs_backwards_makes_nobody_long_gone),
		cmocka_unit_test(the_camera_is_on_seldom),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
