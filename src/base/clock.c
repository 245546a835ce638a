#include "base/clock.h"

#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct instant read_real(void)
{
	struct timespec boot, wall;
	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &wall);
	return (struct instant){
		.seconds = (double)boot.tv_sec + (double)boot.tv_nsec * 1e-9,
		.wall_ms = (int64_t)wall.tv_sec * 1000 + wall.tv_nsec / 1000000,
	};
}

static struct instant real_now(struct clock *c)
{
	(void)c;
	return read_real();
}

static struct instant fast_now(struct clock *c)
{
	double elapsed = (read_real().seconds - c->real_origin.seconds) * c->speed;
	return (struct instant){
		.seconds = c->origin.seconds + elapsed,
		.wall_ms = c->origin.wall_ms + (int64_t)(elapsed * 1e3),
	};
}

static struct instant manual_now(struct clock *c)
{
	return c->origin;
}

static const struct clock_ops real_ops = {real_now};
static const struct clock_ops fast_ops = {fast_now};
static const struct clock_ops manual_ops = {manual_now};

struct clock clock_real(void)
{
	return (struct clock){.ops = &real_ops};
}

struct clock clock_fast(struct instant start, double speed)
{
	return (struct clock){
		.ops = &fast_ops, .origin = start, .real_origin = read_real(), .speed = speed};
}

struct clock clock_manual(struct instant start)
{
	return (struct clock){.ops = &manual_ops, .origin = start};
}

void clock_set(struct clock *manual, struct instant now)
{
	manual->origin = now;
}

double clock_until_tomorrow(int64_t wall_ms)
{
	const int morning_hour = 4;
	const time_t now = (time_t)(wall_ms / 1000);
	struct tm day;
	if (localtime_r(&now, &day) == NULL)
		return 86400;
	day.tm_mday += day.tm_hour >= morning_hour;
	day.tm_hour = morning_hour;
	day.tm_min = day.tm_sec = 0;
	day.tm_isdst = -1;
	return difftime(mktime(&day), now);
}

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

/* The unit that a text begins with, and its length: 0 when there is none. */
static size_t take_unit(const char *text, double *seconds)
{
	static const struct { const char *name; int seconds; } units[] = {
		{"d", DAY_S}, {"day", DAY_S}, {"days", DAY_S},
		{"h", HOUR_S}, {"hour", HOUR_S}, {"hours", HOUR_S},
		{"m", MINUTE_S}, {"min", MINUTE_S}, {"mins", MINUTE_S}, {"minutes", MINUTE_S},
		{"s", 1}, {"sec", 1}, {"secs", 1}, {"seconds", 1},
	};
	size_t length = 0;
	while (isalpha((unsigned char)text[length]))
		length++;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strlen(units[i].name) == length && memcmp(units[i].name, text, length) == 0) {
			*seconds = units[i].seconds;
			return length;
		}
	return 0;
}

bool clock_duration(const char *text, double *seconds)
{
	double total = 0;
	double unit = 0; /* of the number before; a bare number
	                  * after hours is minutes, else seconds */
	do {
		char *end;
		if (!isdigit((unsigned char)*text))
			return false;
		const double v = text_number(text, &end);
		const double before = unit;
		end += take_unit(end, &unit);
		if (*end == '\0' && !isalpha((unsigned char)end[-1]))
			unit = before == HOUR_S ? MINUTE_S : 1;
		else if (!isalpha((unsigned char)end[-1]))
			return false;
		if (before != 0 && unit >= before)
			return false;
		total += v * unit;
		text = end;
	} while (*text != '\0');
	*seconds = total;
	return true;
}
