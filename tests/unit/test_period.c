/* Days, weeks and months that are looked at: their ends, the steps between them, where clocks
 * change. */
#include "window/period.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct report_day day_of(const char *text)
{
	struct report_day day;
	if (!report_day_parse(text, 0, &day))
		fail_msg("%s is no day", text);
	return day;
}

static void expect(const struct period *p, const char *first, const char *last)
{
	char a[32], b[32];
	snprintf(a, sizeof a, "%04d-%02d-%02d", p->first.year, p->first.month, p->first.day);
	snprintf(b, sizeof b, "%04d-%02d-%02d", p->last.year, p->last.month, p->last.day);
	assert_string_equal(a, first);
	assert_string_equal(b, last);
}

static void a_period_holds_its_day(void **state)
{
	static const struct {
		enum period_kind kind;
		const char *day, *first, *last;
	} rows[] = {
		{PERIOD_DAY, "2026-03-09", "2026-03-09", "2026-03-09"},
		{PERIOD_WEEK, "2026-03-09", "2026-03-09", "2026-03-15"},  /* a Monday */
		{PERIOD_WEEK, "2026-03-15", "2026-03-09", "2026-03-15"},  /* a Sunday */
		{PERIOD_WEEK, "2026-03-29", "2026-03-23", "2026-03-29"},  /* 23 hours */
		{PERIOD_WEEK, "2026-10-25", "2026-10-19", "2026-10-25"},  /* 25 hours */
		{PERIOD_WEEK, "2027-01-01", "2026-12-28", "2027-01-03"},
		{PERIOD_MONTH, "2028-02-29", "2028-02-01", "2028-02-29"},
		{PERIOD_MONTH, "2026-02-01", "2026-02-01", "2026-02-28"},
		{PERIOD_MONTH, "2026-12-31", "2026-12-01", "2026-12-31"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct report_day day = day_of(rows[i].day);
		const struct period p = period_of(rows[i].kind, &day);
		expect(&p, rows[i].first, rows[i].last);
		assert_int_equal(p.kind, rows[i].kind);
		assert_true(period_holds(&p, day.from_ms));
		assert_true(period_holds(&p, p.first.from_ms));
		assert_true(period_holds(&p, p.last.to_ms - 1));
		assert_false(period_holds(&p, p.first.from_ms - 1));
		assert_false(period_holds(&p, p.last.to_ms));
	}
}

static void steps_lead_there_and_back(void **state)
{
	static const struct {
		enum period_kind kind;
		const char *day, *first, *last;
	} rows[] = {
		{PERIOD_DAY, "2026-03-29", "2026-03-30", "2026-03-30"},
		{PERIOD_WEEK, "2026-03-25", "2026-03-30", "2026-04-05"},
		{PERIOD_MONTH, "2026-01-31", "2026-02-01", "2026-02-28"},
		{PERIOD_MONTH, "2026-12-05", "2027-01-01", "2027-01-31"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct report_day day = day_of(rows[i].day);
		const struct period p = period_of(rows[i].kind, &day), next = period_step(&p, 1);
		const struct period back = period_step(&next, -1);
		expect(&next, rows[i].first, rows[i].last);
		assert_int_equal(next.kind, rows[i].kind);
		assert_true(back.first.from_ms == p.first.from_ms &&
		            back.last.to_ms == p.last.to_ms);
	}
}

int main(void)
{
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_period_holds_its_day),
		cmocka_unit_test(steps_lead_there_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
