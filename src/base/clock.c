#include "base/clock.h"

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
