/* What of the history is looked at: a day, a week from Monday, a month of the calendar. Pure but
 * for TZ. */
#ifndef UNKNOT_WINDOW_PERIOD_H
#define UNKNOT_WINDOW_PERIOD_H

#include "report/report.h"

enum period_kind { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_KINDS };

struct period {
	enum period_kind kind;
	struct report_day first, last;
};

/* The one that holds the day. */
struct period period_of(enum period_kind, const struct report_day *);
/* The next (by > 0) or the one before. */
struct period period_step(const struct period *, int by);
bool period_holds(const struct period *, int64_t wall_ms);

#endif
