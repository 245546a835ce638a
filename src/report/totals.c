#include "report/totals.h"

#include <math.h>

struct totals totals_of(const struct report_summary *const *days, int count)
{
	struct totals t = {.days = count};
	for (int i = 0; i < count; i++) {
		const struct report_summary *s = days[i];
		const struct report_measure *d = &s->measures[s->distance.measure];
		t.sitting_s += s->sitting_s;
		t.good_s += s->good_s;
		t.judged_s += s->judged_s;
		t.longest_s = fmax(t.longest_s, s->longest_bout_s);
		t.bouts += s->bout_count;
		t.alerts += s->alert_count;
		t.with_records += s->covered_s > 0;
		t.distance += d->p50 * d->valid_s;
		t.distance_s += d->valid_s;
		t.changes += s->changes;
		for (int p = 0; p < POSTURE_COUNT; p++)
			t.posture_s[p] += s->posture_s[p];
		for (int k = 0; k < BREAK_KINDS; k++) {
			t.due += s->due[k];
			t.taken += s->taken[k];
			t.natural += s->natural[k];
		}
	}
	t.score = report_score_of(days, count);
	return t;
}
