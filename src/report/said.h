/* Inside the report: what stands out, as a sentence; what to do tomorrow, as another; and the messages of a
 * day by their kind. Private to this room. */
#ifndef UNKNOT_REPORT_SAID_H
#define UNKNOT_REPORT_SAID_H

#include "report/number.h"

typedef void put_fn(FILE *, const char *text);

/* One sentence of the days' insight; nothing where nobody sat. */
void said_insight(FILE *, put_fn *, const struct report_summary *const *days, int count);
void said_tomorrow(FILE *, put_fn *, const struct report_summary *const *days, int count);
bool said_anything(const struct report_summary *const *days, int count);

/* Messages of one kind, in order of the kinds' first ones. Returns the number of groups; an index of alerts
 * is listed in `next` as the one after it in its group, -1 at the end. */
struct said_group { int first, last, count; };
int said_groups(const struct report_summary *, struct said_group groups[REPORT_ALERTS],
                int next[REPORT_ALERTS]);

#endif
