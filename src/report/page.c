/* The page as a whole: its head, what is said first, and the order of its sections. */
#include "report/page.h"

#include "report/format.h"
#include "report/said.h"
#include "report/style.h"
#include "report/totals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is said first ---- */

static void put_lead(const struct page *p)
{
	fputs("<p class=\"lead\">", p->to);
	said_lead(p->to, html_text, p->days, p->count);
	fputs("</p>\n", p->to);
}

/* What stands out, and what to do about it: before any number. */
static void put_insight(const struct page *p)
{
	if (!said_anything(p->days, p->count))
		return;
	fputs("<p class=\"insight\">", p->to);
	said_insight(p->to, html_text, p->days, p->count);
	fputs(" <strong>", p->to);
	said_tomorrow(p->to, html_text, p->days, p->count);
	fputs("</strong></p>\n", p->to);
}

static void open_fact(FILE *to, enum word name)
{
	fputs("<div class=\"fact\"><dt>", to);
	html_word(to, name);
	fputs("</dt><dd>", to);
}

static void close_fact(FILE *to, const char *note)
{
	if (note != NULL) {
		fputs(" <small>", to);
		html_text(to, note);
		fputs("</small>", to);
	}
	fputs("</dd></div>\n", to);
}

static void put_score(const struct page *p, const struct totals *t)
{
	char text[NUMBER_SIZE];
	FILE *to = p->to;
	fputs("<div class=\"score\">", to);
	chart_ring(to, t->score);
	fputs("<p><strong>", to);
	if (t->score < 0) {
		html_word(to, WORD_NO_SCORE);
		fputs("</strong>", to);
	} else {
		html_words(to, p->count == 1 ? WORD_SCORE_OF : WORD_SCORE_MEAN,
		           number_plain(text, t->score, 0), NULL, NULL);
		fputs("</strong> <small>", to);
		html_word(to, WORD_SCORE_WHY);
		fputs("</small>", to);
	}
	fputs("</p></div>\n", to);
}

/* "82 %, before 79 %": against what there is of days before. */
static const char *share_words(char *text, const struct totals *t, const struct totals *before)
{
	char now[NUMBER_SIZE], then[NUMBER_SIZE];
	if (t->judged_s <= 0)
		return NULL;
	number_percent(now, t->good_s / t->judged_s);
	if (before->judged_s <= 0)
		return strcpy(text, now);
	return number_words(text, WORD_NOW_BEFORE, now,
	                    number_percent(then, before->good_s / before->judged_s));
}

/* How long in which posture that could be better: the commonest, and two more. */
static void put_departures(const struct page *p)
{
	enum { SHOWN = 3 };
	double seconds[POSTURE_COUNT] = {0}, whole = 0;
	char time[NUMBER_SIZE];
	FILE *to = p->to;
	for (int i = 0; i < p->count; i++)
		for (int f = POSTURE_UNKNOWN + 1; f < POSTURE_COUNT; f++)
			if (posture_is_fault((enum posture)f)) {
				seconds[f] += p->days[i]->posture_s[f];
				whole += p->days[i]->posture_s[f];
			}
	if (whole <= 0)
		return;
	open_fact(to, WORD_DEPARTURES);
	html_text(to, number_duration(time, whole));
	fputs(" <small>", to);
	for (int n = 0; n < SHOWN; n++) {
		int most = 0;
		for (int f = 1; f < POSTURE_COUNT; f++)
			if (seconds[f] > seconds[most])
				most = f;
		if (seconds[most] <= 0)
			break;
		fputs(n > 0 ? ", " : "", to);
		html_words(to, WORD_EVIDENCE, word(word_of_posture((enum posture)most)),
		           number_duration(time, seconds[most]), NULL);
		seconds[most] = 0;
	}
	fputs("</small>", to);
	close_fact(to, NULL);
}

static void put_facts(const struct page *p, const struct totals *t, const struct totals *before)
{
	char text[NUMBER_SIZE], note[NUMBER_SIZE], a[NUMBER_SIZE], b[NUMBER_SIZE];
	const int days = t->with_records > 0 ? t->with_records : 1;
	const bool one = p->count == 1;
	FILE *to = p->to;
	fputs("<dl class=\"facts\">\n", to);
	open_fact(to, WORD_AT_THE_DESK);
	page_sum(to, p->days, p->count, "sitting.total_s", t->sitting_s, 0,
	         number_duration(text, t->sitting_s));
	close_fact(to, one ? NULL : number_words(note, WORD_PER_DAY,
	                                         number_duration(a, t->sitting_s / days), NULL));
	open_fact(to, WORD_SAT_WELL);
	page_sum(to, p->days, p->count, "good_s", t->good_s, 3, number_duration(text, t->good_s));
	close_fact(to, share_words(note, t, before));
	put_departures(p);
	open_fact(to, WORD_LONGEST);
	html_text(to, number_duration(text, t->longest_s));
	close_fact(to, NULL);
	open_fact(to, WORD_BREAKS_TAKEN);
	html_text(to, t->due == 0 ? word(WORD_NONE_DUE)
	                          : number_words(text, WORD_OF, number_plain(a, t->taken, 0),
	                                         number_plain(b, t->due, 0)));
	close_fact(to, t->natural > 0 ? number_words(note, WORD_OF_OWN,
	                                             number_plain(a, t->natural, 0), NULL)
	                              : NULL);
	open_fact(to, WORD_CHANGES);
	page_sum(to, p->days, p->count, "posture_changes", t->changes,
	         0, number_plain(text, t->changes, 0));
	close_fact(to, t->sitting_s >= 3600 ? number_words(note, WORD_PER_HOUR,
	                                                   number_plain(a, t->changes *
	                                                                3600 / t->sitting_s, 1),
	                                                   NULL) : NULL);
	open_fact(to, WORD_DISTANCE);
	html_text(to, t->distance_s <= 0 ? word(WORD_NOTHING)
	                                 : number_measure(text, MEASURE_SCREEN_DISTANCE,
	                                                  t->distance / t->distance_s, 0));
	close_fact(to, t->distance_s > 0 ? word(one ? WORD_MEDIAN : WORD_MEAN_OF_MEDIANS) : NULL);
	open_fact(to, WORD_MESSAGES);
	page_sum(to, p->days, p->count, "alert_count", t->alerts, 0,
	         number_plain(text, t->alerts, 0));
	close_fact(to, NULL);
	fputs("</dl>\n", to);
}

static void put_summary(const struct page *p, const struct page *earlier)
{
	const struct totals t = totals_of(p->days, p->count),
	                    before = totals_of(earlier->days, earlier->count);
	put_insight(p);
	put_lead(p);
	if (t.with_records == 0)
		return;
	fputs("<div class=\"card summary\">\n", p->to);
	put_score(p, &t);
	put_facts(p, &t, &before);
	fputs("</div>\n\n", p->to);
}

/* ---- the whole ---- */

static void put_title(const struct page *p, bool heading)
{
	char from[NUMBER_SIZE], until[NUMBER_SIZE];
	const struct report_day *first = &p->days[0]->day, *last = &p->days[p->count - 1]->day;
	if (p->count > 1)
		html_words(p->to, heading ? WORD_FROM_TO_LONG : WORD_DAYS_TITLE,
		           number_date(from, first, WORD_DATE_SHORT),
		           number_date(until, last, WORD_DATE_SHORT), NULL);
	else if (heading)
		html_text(p->to, number_date(from, first, WORD_DATE_LONG));
	else
		html_words(p->to, WORD_DAY_TITLE, number_date(from, first, WORD_DATE_SHORT),
		           NULL, NULL);
}

/* To the pages of other days beside this one. */
static void put_links(const struct page *p, const struct report_links *links)
{
	static const char *const rel[] = {"prev", "next"};
	static const char *const arrow[] = {"&larr; ", ""}, *const after[] = {"", " &rarr;"};
	const struct report_day *const days[] = {&links->previous, &links->next};
	FILE *to = p->to;
	if (links->previous.year == 0 && links->next.year == 0)
		return;
	fputs("<nav aria-label=\"", to);
	html_word(to, WORD_THE_DAYS);
	fputs("\">", to);
	for (int i = 0; i < 2; i++) {
		char name[REPORT_NAME_SIZE], text[NUMBER_SIZE];
		if (days[i]->year == 0)
			continue;
		report_file_name(days[i], days[i], "html", name);
		html_print(to, "<a rel=\"%s\" href=\"%s\">%s", rel[i], name, arrow[i]);
		html_text(to, number_date(text, days[i], WORD_DATE_TABLE));
		html_print(to, "%s</a> ", after[i]);
	}
	fputs("</nav>\n", to);
}

static void put_head(const struct page *p, const struct report_links *links)
{
	FILE *to = p->to;
	fputs("<!DOCTYPE html>\n<html lang=\"", to);
	html_word(to, WORD_LANGUAGE);
	fputs("\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      /* Whatever got in here, a browser would neither run nor fetch it. */
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n<title>", to);
	put_title(p, false);
	fputs("</title>\n<style>\n", to);
	fputs(style_sheet, to);
	fputs("</style>\n</head>\n<body>\n<main>\n<header><p class=\"brand\">", to);
	html_word(to, WORD_BRAND);
	fputs("</p>\n<h1>", to);
	put_title(p, true);
	fputs("</h1>\n", to);
	put_links(p, links);
	fputs("</header>\n", to);
}

static void put_body(const struct report_summary *const *days, int count, int shown,
                     const struct report_links *links, FILE *to)
{
	/* What is shown is the end of what is known. */
	const struct page all = {to, days, count}, page = {to, days + count - shown, shown};
	const struct page earlier = {to, days, count - shown};
	const struct report_summary *last = days[count - 1];
	put_head(&page, links);
	chart_patterns(to);
	put_summary(&page, &earlier);
	if (shown > 1) {
		page_strips(&page);
		page_postures(to, page.days, shown);
	} else if (last->covered_s > 0) {
		page_day(to, last);
	}
	if (count > 1)
		page_trend(&all, shown > 1 ? WORD_TREND : WORD_TREND_BEFORE);
	page_details(&page);
	page_about(&page);
	fputs("</main>\n</body>\n</html>\n", to);
}

char *report_html(const struct report_summary *const *days, int count, int shown,
                  const struct report_links *links)
{
	const struct report_links none = {.previous = {0}};
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	put_body(days, count, shown, links != NULL ? links : &none, to);
	const bool failed = ferror(to) != 0;
	if (fclose(to) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}
