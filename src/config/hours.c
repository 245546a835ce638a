#include "config/hours.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { DAYS = 7, NAME = 3 };

static int day_of(const char *text)
{
	static const char *const names[DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	for (int i = 0; i < DAYS; i++)
		if (strncasecmp(text, names[i], NAME) == 0)
			return i;
	return -1;
}

bool hours_days(const char *text, unsigned *days)
{
	static const char between[] = " ,\t";
	*days = 0;
	while (*(text += strspn(text, between)) != '\0') {
		const int first = day_of(text);
		if (first < 0)
			return false;
		text += NAME;
		const int last = *text == '-' ? day_of(text + 1) : first;
		if (last < 0)
			return false;
		text += *text == '-' ? NAME + 1 : 0;
		if (*text != '\0' && strchr(between, *text) == NULL)
			return false;
		for (int d = first;; d = (d + 1) % DAYS) {
			*days |= 1u << d;
			if (d == last)
				break;
		}
	}
	return *days != 0;
}

bool hours_always(const struct hours *h)
{
	return h->from_h <= 0 && h->to_h >= 24 && h->days == HOURS_ALL_DAYS;
}

static bool is_day(const struct hours *h, int weekday)
{
	return (h->days & 1u << (weekday + DAYS) % DAYS) != 0;
}

bool hours_within(const struct hours *h, int weekday, double hour)
{
	if (h->from_h < h->to_h)
		return is_day(h, weekday) && hour >= h->from_h && hour < h->to_h;
	return hour >= h->from_h ? is_day(h, weekday) : hour < h->to_h && is_day(h, weekday - 1);
}

/* It can change at midnight, at the beginning and at the end only. */
double hours_left(const struct hours *h, int weekday, double hour)
{
	const bool now = hours_within(h, weekday, hour);
	double least = INFINITY;
	for (int d = 0; d <= DAYS; d++) {
		const double at[] = {0, h->from_h, fmin(h->to_h, 24)};
		for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
			const double left = d * 24 + at[i] - hour;
			/* Midnight at the end of a day is the next one's beginning. */
			const bool next = at[i] >= 24;
			const bool then = hours_within(h, (weekday + d + next) % DAYS,
			                               next ? 0 : at[i]);
			if (left > 0 && then != now)
				least = fmin(least, left);
		}
	}
	return least;
}
