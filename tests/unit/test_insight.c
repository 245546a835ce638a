/* The score, and what stands out of a day or several, from summaries made by hand. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A day: seconds sat and of the longest sit, upright and slouched; breaks; changes of posture. */
struct made {
	double sitting, longest, upright, slouched;
	int movement_due, movement_taken, micro_due, micro_taken, changes;
};

static struct report_summary *make(struct report_summary *s, const struct made *m)
{
	memset(s, 0, sizeof *s);
	s->coverage = 1;
	s->context.breaks = breaks_config_default();
	s->sitting_s = m->sitting;
	s->longest_bout_s = m->longest;
	s->posture_s[POSTURE_UPRIGHT] = m->upright;
	s->posture_s[POSTURE_SLOUCHED] = m->slouched;
	s->due[BREAK_MOVEMENT] = m->movement_due;
	s->taken[BREAK_MOVEMENT] = m->movement_taken;
	s->due[BREAK_MICRO] = m->micro_due;
	s->taken[BREAK_MICRO] = m->micro_taken;
	for (int i = 0; i <= m->changes; i++)
		s->minutes[600 + 10 * i] =
			(unsigned char)(1 + (i % 2 ? POSTURE_RECLINED : POSTURE_UPRIGHT));
	report_judge(s);
	return s;
}

static void the_score_is_led_by_movement(void **state)
{
	static struct report_summary s;
	static const struct { struct made day; double score; } rows[] = {
		/* Two hours in one go with 2 of 11 breaks, upright all the time: nothing to be
		 * proud of. */
		{{7200, 7200, 7200, 0, 0, 0, 11, 2, 6}, 25 * 2 / 11.0 + 15 + 25},
		{{7200, 7200, 7200, 0, 2, 0, 9, 2, 0}, 25 * (2 / 9.0) / 3 + 25},
		/* The same time slouched, but with breaks and on the move, is the better day. */
		{{7200, 3000, 0, 7200, 2, 2, 6, 6, 6}, 75},
		{{7200, 3600, 7200, 0, 0, 0, 0, 0, 6}, 100},
		{{7200, 5400, 7200, 0, 0, 0, 0, 0, 6}, 82.5},
		{{7200, 7200, 3600, 3600, 0, 0, 0, 0, 3}, 25 + 7.5 + 12.5},
		{{28800, 14400, 0, 28800, 8, 0, 20, 0, 0}, 0},
		{{3600, 3600, 3600, 0, 1, 1, 2, 0, 9}, 35 + 25 * 2 / 3.0 + 15 + 25},
		/* Less than an hour is no day to score; nor is one whose posture nobody saw. */
		{{3599, 3599, 3599, 0, 0, 0, 0, 0, 9}, -1},
		{{7200, 600, 0, 0, 0, 0, 0, 0, 0}, -1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		make(&s, &rows[i].day);
		if (s.score < rows[i].score - 1e-9 || s.score > rows[i].score + 1e-9)
			fail_msg("row %zu: %g, expected %g", i, s.score, rows[i].score);
	}
	make(&s, &rows[3].day)->coverage = 0.49;
	report_judge(&s);
	assert_true(s.score < 0);
}

static void the_weights_are_a_hundred(void **state)
{
	int sum = 0;
	(void)state;
	for (int i = 0; i < REPORT_PARTS; i++)
		sum += report_points[i];
	assert_int_equal(sum, 100);
	assert_int_equal(sum - report_points[REPORT_PART_POSTURE], 75);
}

static void getting_up_is_one_change(void **state)
{
	static struct report_summary s;
	static const int states[] = {
		1 + POSTURE_UPRIGHT, 1 + POSTURE_UPRIGHT, 1 + POSTURE_SLOUCHED, /* 1 */
		/* 2 */
		1 + POSTURE_UNKNOWN, 1 + POSTURE_SLOUCHED, REPORT_STATE_PRESENCE + PRESENCE_AWAY,
		REPORT_STATE_PRESENCE + PRESENCE_AWAY, 1 + POSTURE_UPRIGHT, 0,
		/* 3 */
		REPORT_STATE_PRESENCE + PRESENCE_IN_CALL, 1 + POSTURE_UPRIGHT, 1 + POSTURE_RAISED,
	};
	(void)state;
	memset(&s, 0, sizeof s);
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		s.minutes[540 + i] = (unsigned char)states[i];
	report_judge(&s);
	assert_int_equal(s.changes, 3);
}

static void one_thing_for_tomorrow(void **state)
{
	static struct report_summary s;
	static const struct { struct made day; enum report_advice advice; } rows[] = {
		{{0, 0, 0, 0, 0, 0, 0, 0, 0}, ADVICE_NONE},
		{{14400, 7200, 14400, 0, 4, 4, 0, 0, 20}, ADVICE_BREAK_AT},
		{{14400, 3601, 0, 14400, 9, 0, 0, 0, 0}, ADVICE_BREAK_AT},
		{{14400, 3600, 0, 14400, 9, 4, 0, 0, 0}, ADVICE_TAKE_BREAKS},
		{{14400, 3600, 0, 14400, 2, 0, 0, 0, 0}, ADVICE_POSTURE},
		{{14400, 3600, 10800, 3600, 4, 2, 0, 0, 20}, ADVICE_POSTURE},
		{{14400, 3600, 10900, 3500, 4, 4, 0, 0, 11}, ADVICE_CHANGE},
		{{14400, 3600, 10900, 3500, 4, 4, 0, 0, 12}, ADVICE_KEEP},
		{{14400, 3600, 3600, 0, 4, 4, 0, 0, 2}, ADVICE_CHANGE},
		{{14400, 3600, 3599, 0, 4, 4, 0, 0, 0}, ADVICE_KEEP}, /* too little to tell */
		/* of two breaks none was taken */
		{{14400, 3600, 3599, 0, 2, 0, 0, 0, 0}, ADVICE_TAKE_BREAKS},
		{{14400, 3600, 3599, 0, 2, 1, 0, 0, 0}, ADVICE_KEEP},
		{{14400, 3600, 0, 0, 0, 0, 0, 0, 0}, ADVICE_KEEP},
	};
	const struct report_summary *days[] = {&s};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		make(&s, &rows[i].day);
		const struct report_insight n = report_insight(days, 1);
		if (n.advice != rows[i].advice)
			fail_msg("row %zu: %d, expected %d", i, n.advice, rows[i].advice);
	}
	make(&s, &rows[1].day);
	assert_true(report_insight(days, 1).break_at_s == 3000);
	s.context.breaks.every_s[BREAK_MOVEMENT] = 1800;
	assert_true(report_insight(days, 1).break_at_s == 1800);
	s.context.breaks.every_s[BREAK_MOVEMENT] = 5400; /* more than HSE allows */
	assert_true(report_insight(days, 1).break_at_s == 3000);
	s.context.breaks.every_s[BREAK_MOVEMENT] = 1800;
	s.context.breaks.enabled[BREAK_MOVEMENT] = false;
	assert_true(report_insight(days, 1).break_at_s == 3000);
}

static void the_worst_hour_is_one_with_enough_of_it(void **state)
{
	static struct report_summary s;
	const struct report_summary *days[] = {&s};
	(void)state;
	make(&s, &(struct made){14400, 3600, 10800, 3600, 0, 0, 0, 0, 20});
	assert_int_equal(report_insight(days, 1).worst_hour, -1);
	s.hours[9] = (struct report_hour){.fault_s = 899, .good_s = 2701};  /* under a quarter */
	assert_int_equal(report_insight(days, 1).worst_hour, -1);
	s.hours[10] = (struct report_hour){.fault_s = 1199, .good_s = 0};   /* too little of it */
	assert_int_equal(report_insight(days, 1).worst_hour, -1);
	s.hours[14] = (struct report_hour){.fault_s = 1200, .good_s = 1200};
	s.hours[16] = (struct report_hour){.fault_s = 900, .good_s = 300};
	s.hours[17] = (struct report_hour){.fault_s = 1800, .good_s = 1800};
	assert_int_equal(report_insight(days, 1).worst_hour, 16);
	assert_true(report_insight(days, 1).worst_share == 0.75);
	assert_int_equal(report_insight(days, 1).fault, POSTURE_SLOUCHED);
	/* A day to repeat, but for that hour. */
	make(&s, &(struct made){14400, 3600, 10900, 3500, 4, 4, 0, 0, 12});
	assert_int_equal(report_insight(days, 1).advice, ADVICE_KEEP);
	s.hours[16] = (struct report_hour){.fault_s = 900, .good_s = 300};
	assert_int_equal(report_insight(days, 1).advice, ADVICE_POSTURE);
}

static void days_weigh_by_their_time(void **state)
{
	static struct report_summary long_day, short_day, nothing;
	const struct report_summary *days[] = {&nothing, &short_day, &long_day};
	(void)state;
	make(&nothing, &(struct made){.sitting = 0});
	make(&short_day, &(struct made){3600, 1800, 3600, 0, 0, 0, 0, 0, 3});
	make(&long_day, &(struct made){25200, 7200, 0, 25200, 0, 0, 0, 0, 0});
	assert_true(short_day.score == 100);
	assert_true(long_day.score == 25);
	assert_float_equal(report_score_of(days, 3), (100 * 1 + 25 * 7) / 8.0, 1e-9);
	assert_true(report_score_of(days, 1) < 0);
	const struct report_insight n = report_insight(days, 3);
	assert_int_equal(n.worst_day, 2);
	assert_int_equal(n.longest_day, 2);
	assert_int_equal(n.worst_hour, -1);
	assert_true(n.longest_s == 7200 && n.sitting_s == 28800);
	assert_int_equal(n.advice, ADVICE_BREAK_AT);
	assert_int_equal(report_insight(days, 1).worst_day, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_score_is_led_by_movement),
		cmocka_unit_test(the_weights_are_a_hundred),
		cmocka_unit_test(getting_up_is_one_change),
		cmocka_unit_test(one_thing_for_tomorrow),
		cmocka_unit_test(the_worst_hour_is_one_with_enough_of_it),
		cmocka_unit_test(days_weigh_by_their_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
