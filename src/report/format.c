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
	snprintf(text, FORMAT_DATE_SIZE, "%04d-%02d-%02d", d->year % 10000, d->month % 100, d->day % 100);
}

size_t format_character(const char *text)
{
	static const struct { unsigned char low, high, second_low, second_high, bytes; } forms[] = {
		{0x01, 0x7f, 0, 0, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	const unsigned char *p = (const unsigned char *)text;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (*p < forms[i].low || *p > forms[i].high)
			continue;
		if (forms[i].bytes > 1 && (p[1] < forms[i].second_low || p[1] > forms[i].second_high))
			return 0;
		for (size_t k = 2; k < forms[i].bytes; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].bytes;
	}
	return 0;
}
