/* Several days: each as a line of the clock, each as a column. */
#include "report/page.h"

#include <math.h>

void page_strips(const struct page *p)
{
	FILE *to = p->to;
	const struct axis axis = axis_of(p->days, p->count);
	char from[NUMBER_SIZE], until[NUMBER_SIZE];
	page_open(to, "days", WORD_THE_DAYS);
	page_legend(to, p->days, p->count);
	fputs("<div class=\"strips\" role=\"img\" aria-label=\"", to);
	html_words(to, WORD_STRIPS_ABOUT, number_plain(from, axis.first / 60, 0),
	           number_plain(until, axis.last / 60, 0), NULL);
	fputs("\">\n", to);
	for (int i = 0; i < p->count; i++) {
		char text[NUMBER_SIZE];
		fputs("<span>", to);
		html_text(to, number_date(text, &p->days[i]->day, WORD_DATE_CHART));
		fputs("</span>", to);
		chart_strip(to, &axis, p->days[i]);
		fputc('\n', to);
	}
	fputs("<span></span>", to);
	chart_strip_hours(to, &axis);
	fputs("\n</div>\n", to);
	page_close(to);
}

static void put_day(FILE *to, const struct report_summary *s)
{
	char text[NUMBER_SIZE];
	fputs("<tr><th scope=\"row\">", to);
	html_text(to, number_date(text, &s->day, WORD_DATE_TABLE));
	fputs("</th><td>", to);
	page_duration(to, s, "sitting.total_s", s->sitting_s, 0);
	fputs("</td><td>", to);
	page_duration(to, s, "good_s", s->good_s, 3);
	fputs("</td><td>", to);
	html_text(to, s->judged_s > 0 ? number_percent(text, s->good_s / s->judged_s)
	                              : word(WORD_NOTHING));
	fputs("</td><td>", to);
	page_duration(to, s, "sitting.longest_bout_s", s->longest_bout_s, 0);
	for (int k = 0; k < BREAK_KINDS; k++) {
		char path[64], of[NUMBER_SIZE];
		fputs("</td><td>", to);
		snprintf(path, sizeof path, "breaks.%s.taken", break_kind_name((enum break_kind)k));
		page_data(to, s, path, s->taken[k], 0, number_plain(text, s->taken[k], 0));
		fputs(" / ", to);
		snprintf(path, sizeof path, "breaks.%s.due", break_kind_name((enum break_kind)k));
		page_data(to, s, path, s->due[k], 0, number_plain(of, s->due[k], 0));
	}
	fputs("</td><td>", to);
	page_count(to, s, "alert_count", s->alert_count);
	fputs("</td><td>", to);
	html_text(to, s->worst_pain >= 0 ? number_plain(text, s->worst_pain, 0)
	                                 : word(WORD_NOTHING));
	fputs("</td><td>", to);
	page_data(to, s, "coverage", s->coverage, 3, number_percent(text, s->coverage));
	fputs("</td><td>", to);
	page_data(to, s, "score", s->score >= 0 ? s->score : NAN, 0,
	          number_plain(text, s->score, 0));
	fputs("</td></tr>\n", to);
}

/* ---- pain and sitting ---- */

static void put_pair(FILE *to, enum word what, const char *more, const char *less)
{
	fputs("<tr><th scope=\"row\">", to);
	html_word(to, what);
	fputs("</th><td>", to);
	html_text(to, more);
	fputs("</td><td>", to);
	html_text(to, less);
	fputs("</td></tr>\n", to);
}

static const char *share_of(char *text, double part, double whole)
{
	return whole > 0 ? number_percent(text, part / whole) : word(WORD_NOTHING);
}

static void put_relation(const struct page *p)
{
	static const enum word heads[] = {WORD_RELATION_OF, WORD_MORE_PAIN,
	                                  WORD_LESS_PAIN, WORD_COUNT};
	char a[NUMBER_SIZE], b[NUMBER_SIZE];
	struct report_relation r;
	FILE *to = p->to;
	if (!report_relate(p->days, p->count, &r))
		return;
	fputs("<h3>", to);
	html_word(to, WORD_RELATION);
	fputs("</h3>\n", to);
	page_open_table(to, WORD_RELATION, heads, false);
	put_pair(to, WORD_DAYS_COUNTED, number_plain(a, r.worse.days, 0),
	         number_plain(b, r.better.days, 0));
	put_pair(to, WORD_PAIN_MEAN, number_plain(a, r.worse.pain, 1),
	         number_plain(b, r.better.pain, 1));
	put_pair(to, WORD_SITTING, number_duration(a, r.worse.sitting_s),
	         number_duration(b, r.better.sitting_s));
	put_pair(to, WORD_LONGEST, number_duration(a, r.worse.longest_s),
	         number_duration(b, r.better.longest_s));
	put_pair(to, WORD_FAULT, share_of(a, r.worse.fault_s, r.worse.judged_s),
	         share_of(b, r.better.fault_s, r.better.judged_s));
	put_pair(to, WORD_POSTURE_SLOUCHED, share_of(a, r.worse.slouched_s, r.worse.judged_s),
	         share_of(b, r.better.slouched_s, r.better.judged_s));
	put_pair(to, WORD_BREAKS_TAKEN, share_of(a, r.worse.taken, r.worse.due),
	         share_of(b, r.better.taken, r.better.due));
	page_close_table(to, false);
	fputs("<p class=\"note\">", to);
	html_word(to, WORD_RELATION_ABOUT);
	fputs("</p>\n", to);
}

void page_trend(const struct page *p, enum word heading)
{
	static const enum word heads[] = {
		WORD_DATE, WORD_SITTING, WORD_GOOD, WORD_SHARE, WORD_LONGEST,
		WORD_MICROS_OF, WORD_MOVEMENTS_OF, WORD_MESSAGES, WORD_PAIN,
		WORD_KNOWN, WORD_SCORE, WORD_COUNT,
	};
	FILE *to = p->to;
	page_open(to, "trend", heading);
	fputs("<h3>", to);
	html_word(to, WORD_TREND_HOURS);
	fputs("</h3>\n", to);
	chart_columns(to, p->days, p->count);
	page_open_table(to, WORD_DAYS_TABLE, heads, true);
	for (int i = p->count - 1; i >= 0; i--)
		put_day(to, p->days[i]);
	page_close_table(to, true);
	put_relation(p);
	page_close(to);
}
