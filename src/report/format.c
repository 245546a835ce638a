#include "report/format.h"

#include <stdio.h>
#include <string.h>

struct tm format_local(const struct report_summary *s, int64_t wall_ms)
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;
	int i = s != NULL ? s->offset_count - 1 : -1;
	if (i < 0) {
		localtime_r(&t, &tm);
		return tm;
	}
	/* What came before the first record had its offset. */
	while (i > 0 && s->offsets[i].from_ms > wall_ms)
		i--;
	t += s->offsets[i].seconds;
	gmtime_r(&t, &tm);
	tm.tm_gmtoff = s->offsets[i].seconds;
	return tm;
}

void format_time(const struct report_summary *s, int64_t wall_ms, char text[FORMAT_TIME_SIZE])
{
	const struct tm tm = format_local(s, wall_ms);
	size_t n = strftime(text, 32, "%Y-%m-%dT%H:%M:%S%z", &tm);
	/* +0100 -> +01:00 */
	memmove(text + n - 1, text + n - 2, 3);
	text[n - 2] = ':';
}

void format_date(const struct report_day *d, char text[FORMAT_DATE_SIZE])
{
	snprintf(text, FORMAT_DATE_SIZE, "%04d-%02d-%02d", d->year % 10000,
	         d->month % 100, d->day % 100);
}
