/* A day for the terminal: 80 columns, in the person's language. */
#include "report/report.h"

#include "base/text.h"
#include "report/number.h"
#include "report/said.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns of labels, of numbers, of the whole; what a line about a moment begins with. */
enum { LABEL = 36, NUMBER = 11, WIDTH = 80, INDENT = 8 };
/* Of a scale of strain: the part, the angle, the points. */
enum { PART = 34, ANGLE = 13, POINTS = 6 };

/* ---- words in columns ---- */

/* Columns that a word takes: UTF-8's later bytes take none. */
static int columns(const char *word, size_t length)
{
	int n = 0;
	for (size_t i = 0; i < length; i++)
		n += (word[i] & 0xc0) != 0x80;
	return n;
}

/* Nothing that a terminal would obey: no C0 control, no C1 (0xc2 0x80-0x9f). A space that does not
 * break is one like others. */
static void print_word(FILE *to, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const unsigned char c = (unsigned char)word[i];
		const unsigned char next = i + 1 < length ? (unsigned char)word[i + 1] : 0;
		if (c == 0xc2 && next >= 0x80 && next <= 0xa0) {
			fputc(next == 0xa0 ? ' ' : '?', to);
			i++;
		} else {
			fputc(c < 0x20 || c == 0x7f ? '?' : c, to);
		}
	}
}

static void print(FILE *to, const char *text)
{
	print_word(to, text, strlen(text));
}

static void print_spaces(FILE *to, int count)
{
	while (count-- > 0)
		fputc(' ', to);
}

/* Left-aligned in so many columns. */
static void print_label(FILE *to, const char *text, int width)
{
	print(to, text);
	print_spaces(to, width - columns(text, strlen(text)));
}

static void print_number(FILE *to, const char *text, int width)
{
	print_spaces(to, width - columns(text, strlen(text)));
	print(to, text);
}

static void print_heading(FILE *to, enum word text, int width)
{
	fputc('\n', to);
	print_label(to, word(text), width);
}

static void print_row(FILE *to, const char *label, int width)
{
	fputs("  ", to);
	print_label(to, label, width - 2);
}

/* Words in lines of WIDTH columns, the later ones indented; `at` columns are written already. */
static void print_wrapped(FILE *to, int at, int indent, const char *text)
{
	bool first = true;
	while (*(text += strspn(text, " \t\n")) != '\0') {
		const size_t length = strcspn(text, " \t\n");
		const int width = columns(text, length);
		if (!first && at + 1 + width > WIDTH) {
			fputc('\n', to);
			print_spaces(to, indent);
			at = indent;
		} else if (!first) {
			fputc(' ', to);
			at++;
		}
		print_word(to, text, length);
		at += width;
		text += length;
		first = false;
	}
	fputc('\n', to);
}

static void put_plain(FILE *to, const char *text)
{
	fputs(text, to);
}

/* ---- sections ---- */

/* What stands out and what to do: whole sentences, so gathered before they are broken into
 * lines. */
static void print_insight(FILE *to, const struct report_summary *const *days, int count)
{
	char *said = NULL;
	size_t size = 0;
	FILE *gather = said_anything(days, count) ? open_memstream(&said, &size) : NULL;
	if (gather == NULL)
		return;
	said_insight(gather, put_plain, days, count);
	fputc(' ', gather);
	said_tomorrow(gather, put_plain, days, count);
	fclose(gather);
	print_wrapped(to, 0, 0, said);
	free(said);
}

static void print_title(FILE *to, const struct report_summary *s)
{
	char text[NUMBER_SIZE], digits[NUMBER_SIZE];
	print(to, word(WORD_BRAND));
	fputs(", ", to);
	print(to, number_date(text, &s->day, WORD_DATE_LONG));
	fputc('\n', to);
	if (s->score >= 0)
		print(to,
		      number_words(text, WORD_SCORE_OF, number_plain(digits, s->score, 0), NULL));
	else
		print(to, word(s->covered_s > 0 ? WORD_NO_SCORE : WORD_LEAD_NOTHING));
	fputc('\n', to);
	print_insight(to, &s, 1);
}

static void print_share(FILE *to, const char *label, double seconds, double whole)
{
	enum { BAR = 24 };
	char text[NUMBER_SIZE];
	int bar = whole > 0 ? (int)lround(BAR * seconds / whole) : 0;
	print_row(to, label, LABEL);
	print_number(to, number_duration(text, seconds), NUMBER + 2);
	fputs(bar > 0 ? "  " : "", to);
	while (bar-- > 0)
		fputc('#', to);
	fputc('\n', to);
}

static void print_time(FILE *to, const struct report_summary *s)
{
	char text[NUMBER_SIZE], share[NUMBER_SIZE];
	print_heading(to, WORD_TIME, 0);
	fputs(" (", to);
	print(to, number_words(text, WORD_SHARE_KNOWN, number_percent(share, s->coverage), NULL));
	fputs(")\n", to);
	for (int p = 0; p < PRESENCE_COUNT; p++)
		if (s->presence_s[p] > 0)
			print_share(to, word(word_of_presence((enum presence)p)), s->presence_s[p],
			            s->covered_s);
	if (s->presence_s[PRESENCE_PRESENT] <= 0)
		return;
	print_heading(to, WORD_POSTURES, 0);
	fputc('\n', to);
	for (int p = 0; p < POSTURE_COUNT; p++)
		if (s->posture_s[p] > 0)
			print_share(to, word(word_of_posture((enum posture)p)), s->posture_s[p],
			            s->presence_s[PRESENCE_PRESENT]);
}

static void print_sitting(FILE *to, const struct report_summary *s)
{
	char text[NUMBER_SIZE], bouts[NUMBER_SIZE], sat[NUMBER_SIZE];
	if (s->bout_count == 0)
		return;
	number_words(bouts, s->bout_count == 1 ? WORD_ONE_BOUT : WORD_BOUTS,
	             number_plain(text, s->bout_count, 0), NULL);
	print_heading(to, WORD_SITTING, LABEL);
	fputs("  ", to);
	print(to, number_words(text, WORD_SAT_IN, number_duration(sat, s->sitting_s), bouts));
	fputc('\n', to);
	print_row(to, word(WORD_LONGEST), LABEL);
	print_number(to, number_duration(text, s->longest_bout_s), NUMBER + 2);
	fputc('\n', to);
	print_row(to, word(WORD_MEAN_BOUT), LABEL);
	print_number(to, number_duration(text, s->mean_bout_s), NUMBER + 2);
	fputc('\n', to);
	print_row(to, word(WORD_CHANGES), LABEL);
	print_number(to, number_plain(text, s->changes, 0), NUMBER + 2);
	fputc('\n', to);
}

static void print_breaks(FILE *to, const struct report_summary *s)
{
	enum { COLUMN = 20 };
	const struct { enum word text; const int *counts; } rows[] = {
		{WORD_DUE, s->due}, {WORD_TAKEN, s->taken}, {WORD_VERIFIED, s->verified},
		{WORD_CUT_SHORT, s->cut_short}, {WORD_SKIPPED, s->skipped},
		{WORD_NATURAL, s->natural},
	};
	if (s->break_count == 0)
		return;
	print_heading(to, WORD_BREAKS, LABEL);
	print_number(to, word(WORD_MICROS), COLUMN);
	print_number(to, word(WORD_MOVEMENTS), COLUMN);
	fputc('\n', to);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[NUMBER_SIZE];
		print_row(to, word(rows[i].text), LABEL);
		for (int k = 0; k < BREAK_KINDS; k++)
			print_number(to, number_plain(text, rows[i].counts[k], 0), COLUMN);
		fputc('\n', to);
	}
}

static void print_measures(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_P10, WORD_P50, WORD_P90, WORD_IN_BAND};
	if (s->samples == 0)
		return;
	print_heading(to, WORD_MEASURES, LABEL);
	for (int i = 0; i < 4; i++)
		print_number(to, word(heads[i]), NUMBER);
	fputc('\n', to);
	for (int m = 0; m < MEASURE_COUNT; m++) {
		const struct report_measure *r = &s->measures[m];
		const double values[] = {r->p10, r->p50, r->p90};
		char text[NUMBER_SIZE];
		if (r->count == 0)
			continue;
		print_row(to, word(word_of_measure((enum measure_id)m)), LABEL);
		for (int i = 0; i < 3; i++)
			print_number(to, number_measure(text, (enum measure_id)m, values[i], 1),
			             NUMBER);
		if (r->banded)
			print_number(to, number_percent(text, r->in_band_s / r->valid_s), NUMBER);
		fputc('\n', to);
	}
}

static void print_scale(FILE *to, const struct report_scale *scale, enum word name)
{
	for (int b = 0; b < scale->bands && scale->known_s > 0; b++) {
		const struct report_band *band = &scale->band[b];
		char text[NUMBER_SIZE], a[NUMBER_SIZE], sigma[NUMBER_SIZE];
		print_row(to, b == 0 ? word(name) : "", PART);
		print_label(to, number_band(text, band->from, band->to, WORD_DEGREES), ANGLE);
		print_number(to, number_plain(text, band->score, 0), POINTS);
		fputs("  ", to);
		print(to, number_words(text, WORD_GIVE_OR_TAKE, number_duration(a, band->seconds),
		                       number_duration(sigma, band->sigma_s)));
		fputc('\n', to);
	}
}

static void print_scales(FILE *to, const struct report_summary *s)
{
	bool any = false;
	for (int i = 0; i < REPORT_SCALES; i++)
		any = any || s->scales[i].known_s > 0;
	if (!any)
		return;
	print_heading(to, WORD_RULA, PART);
	print_label(to, word(WORD_ANGLE), ANGLE);
	print_number(to, word(WORD_POINTS), POINTS);
	fputs("  ", to);
	print(to, word(WORD_TIME));
	fputc('\n', to);
	for (int i = 0; i < REPORT_SCALES; i++)
		print_scale(to, &s->scales[i], word_of_scale(i));
}

static void print_moment(FILE *to, const struct report_summary *s, int64_t wall_ms,
                         const char *line)
{
	char when[NUMBER_SIZE];
	fputs("  ", to);
	print_label(to, number_clock(when, s, wall_ms), INDENT - 2);
	print_wrapped(to, INDENT, INDENT, line);
}

static void print_said(FILE *to, const struct report_summary *s)
{
	char text[NUMBER_SIZE], digits[NUMBER_SIZE];
	struct said_group groups[REPORT_ALERTS];
	int next[REPORT_ALERTS];
	const int count = said_groups(s, groups, next);
	print_heading(to, WORD_SAID, 0);
	fputs(s->alert_count > 0 ? "\n" : ": ", to);
	if (s->alert_count == 0)
		print_wrapped(to, 20, 2, word(WORD_NOTHING_SAID));
	for (int i = 0; i < count; i++) {
		const struct store_alert *a = &s->alerts[groups[i].last];
		print_moment(to, s, a->wall_ms, a->text);
		if (groups[i].count == 1)
			continue;
		print_spaces(to, INDENT);
		number_plain(digits, groups[i].count - 1, 0);
		print_wrapped(to, INDENT, INDENT,
		              number_words(text, WORD_MORE_MESSAGES, digits, NULL));
	}
	if (s->alert_count > REPORT_ALERTS) {
		number_plain(digits, s->alert_count - REPORT_ALERTS, 0);
		print_spaces(to, INDENT);
		print_wrapped(to, INDENT, INDENT,
		              number_words(text, WORD_NOT_LISTED, digits, NULL));
	}
}

static void print_pains(FILE *to, const struct report_summary *s)
{
	if (s->pain_count > 0) {
		print_heading(to, WORD_PAIN, 0);
		fputc('\n', to);
	}
	for (int i = 0; i < s->pain_count && i < REPORT_PAINS; i++) {
		const struct store_pain *p = &s->pains[i];
		char line[sizeof p->where + sizeof p->note + NUMBER_SIZE],
		     level[NUMBER_SIZE], text[NUMBER_SIZE];
		number_words(level, WORD_PAIN_OF, number_plain(text, p->level, 0), NULL);
		snprintf(line, sizeof line, "%s%s%s%s%s", level, *p->where != '\0' ? ", " : "",
		         p->where, *p->note != '\0' ? ": " : "", p->note);
		char *clean = text_clean(line);
		if (clean != NULL)
			print_moment(to, s, p->wall_ms, clean);
		free(clean);
	}
}

char *report_text(const struct report_summary *s, bool details)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	print_title(to, s);
	if (s->covered_s > 0) {
		print_time(to, s);
		print_sitting(to, s);
	}
	print_breaks(to, s);
	if (s->covered_s > 0 || s->alert_count > 0)
		print_said(to, s);
	print_pains(to, s);
	if (details) {
		print_measures(to, s);
		print_scales(to, s);
	} else if (s->samples > 0) {
		fputc('\n', to);
		print_wrapped(to, 0, 0, word(WORD_TEXT_DETAILS));
	}
	fclose(to);
	return text;
}

/* ---- several days ---- */

static void print_days_title(FILE *to, const struct report_summary *const *days, int count)
{
	char from[NUMBER_SIZE], until[NUMBER_SIZE], text[NUMBER_SIZE];
	const double score = report_score_of(days, count);
	number_date(from, &days[0]->day, WORD_DATE_SHORT);
	number_date(until, &days[count - 1]->day, WORD_DATE_SHORT);
	print(to, word(WORD_BRAND));
	fputs(", ", to);
	print(to, number_words(text, WORD_FROM_TO_LONG, from, until));
	fputc('\n', to);
	if (score >= 0)
		print(to, number_words(text, WORD_SCORE_MEAN, number_plain(from, score, 0), NULL));
	else
		print(to, word(said_anything(days, count) ? WORD_NO_SCORE : WORD_LEAD_NOTHING));
	fputc('\n', to);
	print_insight(to, days, count);
}

/* Columns of a line for a day: its date, durations, the rest. */
enum { DATE = 14, DURATION = 12, SHARE = 14, KEPT = 12, SMALL = 8 };

static void print_day_line(FILE *to, const struct report_summary *s)
{
	char text[NUMBER_SIZE], a[NUMBER_SIZE], b[NUMBER_SIZE];
	const int due = s->due[BREAK_MICRO] + s->due[BREAK_MOVEMENT];
	const int taken = s->taken[BREAK_MICRO] + s->taken[BREAK_MOVEMENT];
	print_row(to, number_date(text, &s->day, WORD_DATE_TABLE), DATE);
	print_number(to, number_duration(text, s->sitting_s), DURATION);
	print_number(to, number_duration(text, s->longest_bout_s), DURATION);
	print_number(to, s->judged_s > 0 ? number_percent(text, s->good_s / s->judged_s)
	                                 : word(WORD_NOTHING),
	             SHARE);
	print_number(to, number_words(text, WORD_OF, number_plain(a, taken, 0),
	                              number_plain(b, due, 0)), KEPT);
	print_number(to, s->worst_pain >= 0 ? number_plain(text, s->worst_pain, 0)
	                                    : word(WORD_NOTHING),
	             SMALL);
	print_number(to, s->score >= 0 ? number_plain(text, s->score, 0) : word(WORD_NOTHING),
	             SMALL);
	fputc('\n', to);
}

char *report_text_days(const struct report_summary *const *days, int count)
{
	char *text = NULL;
	size_t size = 0;
	double seconds[POSTURE_COUNT] = {0}, whole = 0;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	print_days_title(to, days, count);
	if (said_anything(days, count)) {
		print_heading(to, WORD_DATE, DATE);
		print_number(to, word(WORD_SITTING), DURATION);
		print_number(to, word(WORD_LONGEST_SHORT), DURATION);
		print_number(to, word(WORD_SAT_WELL_SHORT), SHARE);
		print_number(to, word(WORD_BREAKS), KEPT);
		print_number(to, word(WORD_PAIN), SMALL);
		print_number(to, word(WORD_SCORE), SMALL);
		fputc('\n', to);
	}
	for (int i = 0; i < count; i++) {
		if (days[i]->covered_s > 0)
			print_day_line(to, days[i]);
		for (int p = 0; p < POSTURE_COUNT; p++) {
			seconds[p] += days[i]->posture_s[p];
			whole += days[i]->posture_s[p];
		}
	}
	if (whole > 0) {
		print_heading(to, WORD_POSTURES, 0);
		fputc('\n', to);
	}
	for (int p = 0; p < POSTURE_COUNT; p++)
		if (seconds[p] > 0)
			print_share(to, word(word_of_posture((enum posture)p)), seconds[p], whole);
	fputc('\n', to);
	print_wrapped(to, 0, 0, word(WORD_EACH_DAY));
	fclose(to);
	return text;
}
