#include "report/said.h"

#include "report/totals.h"

#include <math.h>
#include <string.h>

static void say(FILE *to, put_fn *put, enum word id, const char *first,
                const char *second, const char *third)
{
	word_fill(to, put, id, (const char *const[]){first, second, third});
}

static void say_day(FILE *to, put_fn *put, const struct report_summary *s,
                    const struct report_insight *n)
{
	const int64_t hour_ms = 3600000;
	char from[NUMBER_SIZE], until[NUMBER_SIZE], hour[NUMBER_SIZE],
	     longest[NUMBER_SIZE], share[NUMBER_SIZE];
	const int64_t began = s->day.from_ms + (n->worst_hour < 0 ? 0 : n->worst_hour) * hour_ms;
	number_clock(from, s, began);
	number_clock(until, s, began + hour_ms);
	number_words(hour, WORD_FROM_TO_LONG, from, until);
	number_duration(longest, n->longest_s);
	number_percent(share, n->worst_share);
	if (n->worst_hour >= 0 && n->long_sit)
		say(to, put, WORD_INSIGHT_BOTH, hour, longest, NULL);
	else if (n->worst_hour >= 0)
		say(to, put, WORD_INSIGHT_HOUR, hour, share, NULL);
	else if (n->long_sit)
		say(to, put, WORD_INSIGHT_LONG, longest, NULL, NULL);
	else
		say(to, put, WORD_INSIGHT_GOOD, longest, NULL, NULL);
}

static void say_days(FILE *to, put_fn *put, const struct report_summary *const *days,
                     const struct report_insight *n)
{
	char worst[NUMBER_SIZE], when[NUMBER_SIZE], longest[NUMBER_SIZE];
	number_duration(longest, n->longest_s);
	number_date(when, &days[n->longest_day]->day, WORD_DATE_TABLE);
	if (n->worst_day >= 0)
		number_date(worst, &days[n->worst_day]->day, WORD_DATE_TABLE);
	if (n->worst_day >= 0 && n->worst_day != n->longest_day)
		say(to, put, WORD_INSIGHT_DAYS_BOTH, worst, longest, when);
	else if (n->worst_day >= 0)
		say(to, put, WORD_INSIGHT_DAYS_ONE, worst, longest, NULL);
	else
		say(to, put, WORD_INSIGHT_DAYS_LONG, longest, when, NULL);
}

bool said_anything(const struct report_summary *const *days, int count)
{
	return report_insight(days, count).advice != ADVICE_NONE;
}

void said_insight(FILE *to, put_fn *put, const struct report_summary *const *days, int count)
{
	const struct report_insight n = report_insight(days, count);
	if (n.advice == ADVICE_NONE)
		return;
	if (count == 1)
		say_day(to, put, days[0], &n);
	else
		say_days(to, put, days, &n);
}

static const char *several(char *text, enum word one, enum word many, int n)
{
	char digits[NUMBER_SIZE];
	return number_words(text, n == 1 ? one : many, number_plain(digits, n, 0), NULL);
}

void said_lead(FILE *to, put_fn *put, const struct report_summary *const *days, int count)
{
	char sat[NUMBER_SIZE], in[NUMBER_SIZE], share[NUMBER_SIZE];
	const struct totals t = totals_of(days, count);
	number_duration(sat, t.sitting_s);
	if (count == 1)
		several(in, WORD_ONE_BOUT, WORD_BOUTS, t.bouts);
	else
		several(in, WORD_ONE_DAY, WORD_DAYS, t.with_records);
	if (t.with_records == 0)
		put(to, word(WORD_LEAD_NOTHING));
	else if (t.judged_s <= 0)
		say(to, put, WORD_LEAD_UNSEEN, sat, in, NULL);
	else
		say(to, put, count == 1 ? WORD_LEAD_DAY : WORD_LEAD_DAYS, sat, in,
		    number_percent(share, t.good_s / t.judged_s));
}

static enum word advice_for(enum posture fault)
{
	switch (fault) {
	case POSTURE_SLOUCHED: return WORD_ADVICE_SLOUCHED;
	case POSTURE_FORWARD_HEAD: case POSTURE_TOO_CLOSE: return WORD_ADVICE_NEAR;
	case POSTURE_LOOKING_DOWN: return WORD_ADVICE_DOWN;
	default: return WORD_ADVICE_ASKEW;
	}
}

void said_tomorrow(FILE *to, put_fn *put, const struct report_summary *const *days, int count)
{
	const struct report_insight n = report_insight(days, count);
	char minutes[NUMBER_SIZE], taken[NUMBER_SIZE], due[NUMBER_SIZE];
	number_plain(minutes, n.break_at_s / 60, 0);
	number_plain(taken, n.taken, 0);
	number_plain(due, n.due, 0);
	switch (n.advice) {
	case ADVICE_NONE: break;
	case ADVICE_BREAK_AT: say(to, put, WORD_ADVICE_BREAK_AT, minutes, NULL, NULL); break;
	case ADVICE_TAKE_BREAKS: say(to, put, WORD_ADVICE_TAKE_BREAKS, taken, due, NULL); break;
	case ADVICE_POSTURE: say(to, put, advice_for(n.fault), NULL, NULL, NULL); break;
	case ADVICE_CHANGE: say(to, put, WORD_ADVICE_CHANGE, NULL, NULL, NULL); break;
	case ADVICE_KEEP: say(to, put, WORD_ADVICE_KEEP, NULL, NULL, NULL); break;
	}
}

/* By its last message; the others are in order. */
static void settle_last(struct said_group *groups, int count)
{
	const struct said_group g = groups[count - 1];
	int at = count - 1;
	for (; at > 0 && groups[at - 1].last > g.last; at--)
		groups[at] = groups[at - 1];
	groups[at] = g;
}

int said_groups(const struct report_summary *s, struct said_group groups[REPORT_ALERTS],
                int next[REPORT_ALERTS])
{
	int count = 0;
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++) {
		int g = 0;
		while (g < count && strcmp(s->alerts[groups[g].first].kind, s->alerts[i].kind) != 0)
			g++;
		next[i] = -1;
		if (g == count)
			groups[count++] = (struct said_group){i, i, 0};
		else
			next[groups[g].last] = i;
		groups[g].last = i;
		groups[g].count++;
	}
	for (int i = 1; i < count; i++)
		settle_last(groups, i + 1);
	return count;
}

void said_evidence(FILE *to, put_fn *put, const struct store_alert *a)
{
	char value[NUMBER_SIZE], sigma[NUMBER_SIZE], text[NUMBER_SIZE];
	const enum measure_id id = measure_from_name(a->evidence);
	if (id < MEASURE_COUNT) {
		number_words(text, WORD_GIVE_OR_TAKE, number_plain(value, a->value, 1),
		             number_measure(sigma, id, a->sigma, 1));
		say(to, put, WORD_EVIDENCE, word(word_of_measure(id)), text, NULL);
		put(to, ", ");
		const int digits = fabs(a->threshold - round(a->threshold)) < 0.05 ? 0 : 1;
		if (isfinite(a->threshold))
			say(to, put, WORD_LIMIT, number_measure(value, id, a->threshold, digits),
			    NULL, NULL);
		put(to, isfinite(a->threshold) ? ", " : "");
	}
	say(to, put, WORD_HELD_FOR, number_duration(text, a->held_s), NULL, NULL);
}
