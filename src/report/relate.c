/* What days with more pain have in common. */
#include "report/report.h"

#include <stdlib.h>

static int by_level(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The level above which a day is one of the worse: the median, or just below it, whichever parts
 * the days with an entry more evenly. */
static int parting(const struct report_summary *const *days, int count, int *levels)
{
	int n = 0;
	for (int i = 0; i < count; i++)
		if (days[i]->worst_pain >= 0 && days[i]->covered_s > 0)
			levels[n++] = days[i]->worst_pain;
	if (n == 0)
		return 0;
	qsort(levels, (size_t)n, sizeof *levels, by_level);
	const int median = levels[(n - 1) / 2];
	int below = 0, above = 0;
	for (int i = 0; i < n; i++) {
		below += levels[i] < median;
		above += levels[i] > median;
	}
	return above >= below ? median : median - 1;
}

static void add_day(struct report_side *side, const struct report_summary *s)
{
	side->days++;
	side->pain += s->worst_pain;
	side->sitting_s += s->sitting_s;
	side->longest_s += s->longest_bout_s;
	side->fault_s += s->judged_s - s->good_s;
	side->slouched_s += s->posture_s[POSTURE_SLOUCHED];
	side->judged_s += s->judged_s;
	side->due += s->due[BREAK_MICRO] + s->due[BREAK_MOVEMENT];
	side->taken += s->taken[BREAK_MICRO] + s->taken[BREAK_MOVEMENT];
}

static void average(struct report_side *side)
{
	if (side->days == 0)
		return;
	side->pain /= side->days;
	side->sitting_s /= side->days;
	side->longest_s /= side->days;
}

bool report_relate(const struct report_summary *const *days, int count,
                   struct report_relation *relation)
{
	*relation = (struct report_relation){.worse = {0}};
	int *levels = calloc((size_t)count + 1, sizeof *levels);
	if (levels == NULL)
		return false;
	const int part = parting(days, count, levels);
	free(levels);
	for (int i = 0; i < count; i++)
		if (days[i]->worst_pain >= 0 && days[i]->covered_s > 0)
			add_day(days[i]->worst_pain > part ? &relation->worse : &relation->better,
			        days[i]);
	average(&relation->worse);
	average(&relation->better);
	return relation->worse.days >= REPORT_RELATE_DAYS &&
	       relation->better.days >= REPORT_RELATE_DAYS;
}
