/* Working hours: when the camera may be on. Pure: told what the clock on the wall shows. */
#ifndef UNKNOT_CONFIG_HOURS_H
#define UNKNOT_CONFIG_HOURS_H

#include <stdbool.h>

struct hours {
	double from_h, to_h;    /* since midnight; from > to goes on
	                         * past midnight, as the day it began */
	unsigned days;          /* bit 0 is Monday, bit 6 Sunday */
};
enum { HOURS_ALL_DAYS = 0x7f };

/* "mon tue fri", "mon-fri", "mon-fri,sun", in any case; a range may go past Sunday. False when it
 * is none of these or no day. */
bool hours_days(const char *text, unsigned *days);
/* Day and night, every day: nothing to ask. */
bool hours_always(const struct hours *);
/* `weekday` 0 is Monday, `hour` counts since midnight. */
bool hours_within(const struct hours *, int weekday, double hour);
/* Hours until that changes; INFINITY: never. */
double hours_left(const struct hours *, int weekday, double hour);

#endif
