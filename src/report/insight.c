/* What a day, or several, come to: the score, and the one thing to change. Pure. */
#include "report/report.h"

#include "breaks/breaks.h"

#include <math.h>

/* HSE L26: a break in every 50 to 60 minutes of screen work. A sit is long beyond that, and twice
 * of it is as bad as the score knows. */
static const double long_sit_s = 3600, worst_sit_s = 7200;
/* Hedge (Cornell) and McLean et al. 2001: another posture every 20 minutes. */
static const double changes_per_hour = 3;
/* Less than that, of which the posture is known, is no hour to speak of. */
static const double hour_least_s = 1200;
/* The share of a time in postures that could be better, from which on it is worth a word: our
 * choice. */
static const double fault_worth = 0.25;
static const double hour_s = 3600;

const int report_points[REPORT_PARTS] = {
	[REPORT_PART_LONGEST] = 35, [REPORT_PART_BREAKS] = 25, [REPORT_PART_CHANGES] = 15,
	[REPORT_PART_POSTURE] = 25,
};

static double within(double v)
{
	return fmin(1, fmax(0, v));
}

/* Of the breaks that fell due, those taken; a movement break counts twice, because it ends a sit.
 * None due is none missed: who gets up before is not asked. */
static double breaks_kept(const struct report_summary *s)
{
	static const double weight[BREAK_KINDS] = {[BREAK_MICRO] = 1, [BREAK_MOVEMENT] = 2};
	double share = 0, whole = 0;
	for (int k = 0; k < BREAK_KINDS; k++) {
		if (s->due[k] == 0)
			continue;
		share += weight[k] * s->taken[k] / s->due[k];
		whole += weight[k];
	}
	return whole > 0 ? share / whole : 1;
}

/* Minutes that began in another posture than the last one known, and getting up. */
static int count_changes(const struct report_summary *s)
{
	const int away = REPORT_STATE_PRESENCE + (int)PRESENCE_AWAY;
	int last = 0, changes = 0;
	for (int m = 0; m < REPORT_MINUTES; m++) {
		const int state = s->minutes[m];
		const bool posture = state > 1 + (int)POSTURE_UNKNOWN &&
		                     state < REPORT_STATE_PRESENCE;
		if (!posture && state != away)
			continue;
		/* Coming back is of the change that leaving was. */
		changes += last != 0 && last != state && last != away;
		last = state;
	}
	return changes;
}

void report_judge(struct report_summary *s)
{
	s->good_s = s->judged_s = 0;
	for (int p = POSTURE_UNKNOWN + 1; p < POSTURE_COUNT; p++) {
		s->judged_s += s->posture_s[p];
		if (!posture_is_fault((enum posture)p))
			s->good_s += s->posture_s[p];
	}
	s->changes = count_changes(s);
	s->score = -1;
	if (s->coverage < 0.5 || s->sitting_s < hour_s || s->judged_s <= 0)
		return;
	const double shares[REPORT_PARTS] = {
		[REPORT_PART_LONGEST] = within((worst_sit_s - s->longest_bout_s) /
		                               (worst_sit_s - long_sit_s)),
		[REPORT_PART_BREAKS] = breaks_kept(s),
		[REPORT_PART_CHANGES] = within(s->changes /
		                               (changes_per_hour * s->sitting_s / hour_s)),
		[REPORT_PART_POSTURE] = s->good_s / s->judged_s,
	};
	s->score = 0;
	for (int i = 0; i < REPORT_PARTS; i++) {
		s->points[i] = report_points[i] * shares[i];
		s->score += s->points[i];
	}
}

double report_score_of(const struct report_summary *const *days, int count)
{
	double sum = 0, time = 0;
	for (int i = 0; i < count; i++)
		if (days[i]->score >= 0) {
			sum += days[i]->score * days[i]->sitting_s;
			time += days[i]->sitting_s;
		}
	return time > 0 ? sum / time : -1;
}

/* ---- one sentence, one thing ---- */

static void find_worst_hour(const struct report_summary *s, struct report_insight *n)
{
	for (int h = 0; h < REPORT_HOURS; h++) {
		const double fault = s->hours[h].fault_s, known = fault + s->hours[h].good_s;
		if (known < hour_least_s || fault / known < fault_worth ||
		    fault / known <= n->worst_share)
			continue;
		n->worst_hour = h;
		n->worst_share = fault / known;
	}
}

static void add_day(const struct report_summary *s, int day, struct report_insight *n)
{
	if (s->longest_bout_s > n->longest_s) {
		n->longest_s = s->longest_bout_s;
		n->longest_day = day;
	}
	for (int k = 0; k < BREAK_KINDS; k++) {
		n->due += s->due[k];
		n->taken += s->taken[k];
	}
	n->sitting_s += s->sitting_s;
	n->judged_s += s->judged_s;
	n->changes += s->changes;
	if (s->score >= 0 && (n->worst_day < 0 || s->score < n->worst_score)) {
		n->worst_day = day;
		n->worst_score = s->score;
	}
}

static void find_fault(const struct report_summary *const *days, int count,
                       struct report_insight *n)
{
	for (int p = POSTURE_UNKNOWN + 1; p < POSTURE_COUNT; p++) {
		double seconds = 0;
		for (int i = 0; i < count; i++)
			seconds += days[i]->posture_s[p];
		if (posture_is_fault((enum posture)p) && seconds > n->fault_s) {
			n->fault = (enum posture)p;
			n->fault_s = seconds;
		}
	}
}

/* The largest thing first: how long one sits, then whether breaks are kept, then how one sits. */
static enum report_advice advise(const struct report_insight *n)
{
	const int few = 3; /* breaks due, of which a share means something */
	if (n->sitting_s <= 0)
		return ADVICE_NONE;
	if (n->longest_s > long_sit_s)
		return ADVICE_BREAK_AT;
	if (n->due >= few && 2 * n->taken < n->due)
		return ADVICE_TAKE_BREAKS;
	if (n->judged_s >= hour_least_s && n->fault_s >= fault_worth * n->judged_s)
		return ADVICE_POSTURE;
	if (n->judged_s >= hour_s && n->changes < changes_per_hour * n->judged_s / hour_s)
		return ADVICE_CHANGE;
	/* Nobody is told to go on as before who is told what was wrong. */
	if (n->worst_hour >= 0 && n->fault != POSTURE_UNKNOWN)
		return ADVICE_POSTURE;
	return 2 * n->taken < n->due ? ADVICE_TAKE_BREAKS : ADVICE_KEEP;
}

struct report_insight report_insight(const struct report_summary *const *days, int count)
{
	const double break_at_s = 3000; /* HSE L26, as the breaks' default */
	struct report_insight n = {.worst_hour = -1, .worst_day = -1, .fault = POSTURE_UNKNOWN};
	for (int i = 0; i < count; i++)
		add_day(days[i], i, &n);
	if (count == 1)
		find_worst_hour(days[0], &n);
	find_fault(days, count, &n);
	n.advice = advise(&n);
	const struct breaks_config *b = &days[count - 1]->context.breaks;
	const double every = b->enabled[BREAK_MOVEMENT] ? b->every_s[BREAK_MOVEMENT] : 0;
	n.break_at_s = every > 0 ? fmin(every, break_at_s) : break_at_s;
	n.long_sit = n.longest_s > long_sit_s;
	return n;
}
