/* Inside the report: what stands out, as a sentence; what to do tomorrow, as another; and the
 * messages of a day by their kind. For the room, and for who shows a report in a toolkit's own
 * widgets. */
#ifndef UNKNOT_REPORT_SAID_H
#define UNKNOT_REPORT_SAID_H

#include "report/number.h"

typedef void put_fn(FILE *, const char *text);

/* One sentence of the days' insight; nothing where nobody sat. */
void said_insight(FILE *, put_fn *, const struct report_summary *const *days, int count);
void said_tomorrow(FILE *, put_fn *, const struct report_summary *const *days, int count);
/* How long they sat, and for how much of it well. */
void said_lead(FILE *, put_fn *, const struct report_summary *const *days, int count);
bool said_anything(const struct report_summary *const *days, int count);

/* Messages of one kind, in order of the kinds' last ones, which are what is shown. Returns the
 * number of groups; an index of alerts is listed in `next` as the one after it in its group, -1 at
 * the end. */
struct said_group { int first, last, count; };
int said_groups(const struct report_summary *, struct said_group groups[REPORT_ALERTS],
                int next[REPORT_ALERTS]);

/* "Eyes lower than upright: 3.1 ± 0.4 cm, limit 2.5 cm, held for 2 min" */
void said_evidence(FILE *, put_fn *, const struct store_alert *);

#endif
