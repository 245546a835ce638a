#include "window/period.h"

#include <time.h>

static const int64_t half_day_ms = 12 * 3600000LL;

/* Monday is 0. Noon exists and is one, whatever the clocks do that day. */
static int weekday_of(const struct report_day *day)
{
	const time_t noon = (time_t)((day->from_ms + half_day_ms) / 1000);
	struct tm tm;
	localtime_r(&noon, &tm);
	return (tm.tm_wday + 6) % 7;
}

struct period period_of(enum period_kind kind, const struct report_day *day)
{
	struct period p = {kind, *day, *day};
	const int weekday = weekday_of(day);
	if (kind == PERIOD_WEEK) {
		p.first = report_days_before(*day, weekday);
		for (int i = weekday; i < 6; i++)
			p.last = report_day_next(&p.last);
	} else if (kind == PERIOD_MONTH) {
		p.first = report_days_before(*day, day->day - 1);
		for (struct report_day next = report_day_next(day); next.month == day->month;
		     next = report_day_next(&next))
			p.last = next;
	}
	return p;
}

struct period period_step(const struct period *p, int by)
{
	const struct report_day day = by > 0 ? report_day_next(&p->last)
	                                     : report_day_before(&p->first);
	return period_of(p->kind, &day);
}

bool period_holds(const struct period *p, int64_t wall_ms)
{
	return wall_ms >= p->first.from_ms && wall_ms < p->last.to_ms;
}
