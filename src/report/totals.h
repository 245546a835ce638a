/* Inside the report: days added up. For the room, and for who shows a report in a toolkit's own
 * widgets. */
#ifndef UNKNOT_REPORT_TOTALS_H
#define UNKNOT_REPORT_TOTALS_H

#include "report/report.h"

struct totals {
	double sitting_s, good_s, judged_s, longest_s;
	double score;                    /* report_score_of */
	double distance, distance_s;     /* the days' medians, each by its time, and that time */
	double posture_s[POSTURE_COUNT]; /* of present time */
	int days, changes, bouts, due, taken, natural, alerts, with_records;
};
struct totals totals_of(const struct report_summary *const *days, int count);

#endif
