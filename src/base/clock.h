/* Time is handed in, never read: the only clocks in the program are made here and owned by the
 * daemon or a command.
 *
 * Two times travel together. `seconds` is monotonic, counts suspend (CLOCK_BOOTTIME), has an
 * arbitrary zero and never runs backward: all dwell, interval and duration arithmetic uses it.
 * `wall_ms` is milliseconds since the Unix epoch, may jump, and is used only to say when something
 * happened and which day it belongs to. */
#ifndef UNKNOT_BASE_CLOCK_H
#define UNKNOT_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct instant {
	double seconds;
	int64_t wall_ms;
};

struct clock_ops;
struct clock {
	const struct clock_ops *ops;
	/* private to the implementations in clock.c */
	struct instant origin, real_origin;
	double speed;
};

struct clock_ops {
	struct instant (*now)(struct clock *);
};

static inline struct instant clock_now(struct clock *c)
{
	return c->ops->now(c);
}

/* Seconds from wall_ms until the next 04:00 of local time, when nobody works any more: what people
 * mean by tomorrow, at half past midnight too. More than 0. */
double clock_until_tomorrow(int64_t wall_ms);

/* The machine's clock. */
struct clock clock_real(void);

/* The machine's clock run `speed` times faster from `start` on (unknotd --speed). */
struct clock clock_fast(struct instant start, double speed);

/* Stands still until clock_set: for tests and for traces, whose samples carry their own time. */
struct clock clock_manual(struct instant start);
void clock_set(struct clock *manual, struct instant now);

/* "90", "90s", "30m", "30min", "2h", "1h30", "1h30m", "2d" as seconds; false when it is none of
 * these. A number without a unit is seconds, after hours minutes; units come from the largest
 * down. */
bool clock_duration(const char *text, double *seconds);

#endif
