/* Local calendar days: pure but for TZ. */
#include "report/report.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Years, months and days as one number that orders like the calendar. */
static long date_number(int64_t t)
{
	struct tm tm;
	localtime_r(&(time_t){t}, &tm);
	return (tm.tm_year + 1900L) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

/* The first millisecond of a local day. Where clocks change at midnight there are days without a
 * 00:00 (Cairo, Santiago) and days with two (Havana), and what mktime makes of such a time depends
 * on what it was asked before; noon exists and is one, so the first second of the day is searched
 * before it. */
static int64_t first_of_day(int year, int month, int day)
{
	enum { HOUR = 3600 };
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = 12,
	                .tm_isdst = -1};
	int64_t in = (int64_t)mktime(&tm), before = in - 36 * HOUR;
	/* mktime has carried the 32nd over into the next month. */
	const long date = (tm.tm_year + 1900L) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
	while (in - before > 1) {
		const int64_t middle = before + (in - before) / 2;
		if (date_number(middle) >= date)
			in = middle;
		else
			before = middle;
	}
	return in * 1000;
}

static struct report_day make_day(int year, int month, int day)
{
	return (struct report_day){year, month, day, first_of_day(year, month, day),
	                           first_of_day(year, month, day + 1)};
}

struct report_day report_day_of(int64_t wall_ms)
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;
	localtime_r(&t, &tm);
	return make_day(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

struct report_day report_day_next(const struct report_day *d)
{
	/* Noon of the next day, whatever the hour that a change of clocks took or gave. */
	return report_day_of(d->to_ms + 12 * 3600 * 1000LL);
}

bool report_day_parse(const char *text, int64_t now_ms, struct report_day *day)
{
	int y, m, d, used = 0;
	if (strcmp(text, "today") == 0) {
		*day = report_day_of(now_ms);
		return true;
	}
	if (strcmp(text, "yesterday") == 0) {
		struct report_day today = report_day_of(now_ms);
		*day = report_day_of(today.from_ms - 12 * 3600 * 1000LL);
		return true;
	}
	if (sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &used) != 3 || text[used] != '\0' ||
	    used != 10 || y < 1970 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	*day = make_day(y, m, d);
	/* The 31st of a short month would have become another day. */
	struct report_day check = report_day_of(day->from_ms);
	return check.month == m && check.day == d;
}
