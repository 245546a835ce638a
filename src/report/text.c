#include "report/report.h"

#include "report/format.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

__attribute__((format(printf, 2, 3))) static void print(FILE *to, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(to, format, args);
	va_end(args);
}

static void print_duration(FILE *to, const char *label, double seconds, double whole)
{
	enum { BAR = 30 };
	int minutes = (int)lround(seconds / 60);
	int bar = whole > 0 ? (int)lround(BAR * seconds / whole) : 0;
	print(to, "  %-14s %2d h %02d min  ", label, minutes / 60, minutes % 60);
	for (int i = 0; i < bar; i++)
		fputc('#', to);
	fputc('\n', to);
}

/* Columns that a word takes: UTF-8's later bytes take none. */
static int columns(const char *word, size_t length)
{
	int n = 0;
	for (size_t i = 0; i < length; i++)
		n += (word[i] & 0xc0) != 0x80;
	return n;
}

/* Nothing that a terminal would obey. */
static void print_word(FILE *to, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		fputc((unsigned char)word[i] < 0x20 || word[i] == 0x7f ? '?' : word[i], to);
}

/* Words in lines of WIDTH columns, the later ones indented; `at` columns are written already. */
static void print_wrapped(FILE *to, int at, int indent, const char *text)
{
	enum { WIDTH = 80 };
	bool first = true;
	while (*(text += strspn(text, " \t\n")) != '\0') {
		const size_t length = strcspn(text, " \t\n");
		const int width = columns(text, length);
		if (!first && at + 1 + width > WIDTH) {
			print(to, "\n%*s", indent, "");
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

/* What a line about a moment begins with. */
enum { INDENT = 8 };
static void print_clock(FILE *to, const struct report_summary *s, int64_t wall_ms)
{
	char when[FORMAT_TIME_SIZE];
	format_time(s, wall_ms, when);
	print(to, "  %.5s ", when + 11);
}

static void print_band(FILE *to, const struct report_band *b)
{
	char angle[32];
	if (!isfinite(b->from))
		snprintf(angle, sizeof angle, "below %.0f", b->to);
	else if (!isfinite(b->to))
		snprintf(angle, sizeof angle, "from %.0f on", b->from);
	else
		snprintf(angle, sizeof angle, "%.0f to %.0f", b->from, b->to);
	print(to, "%-12s %4d %8.0f +- %.0f\n", angle, b->score, b->seconds / 60, b->sigma_s / 60);
}

static void print_scales(FILE *to, const struct report_summary *s)
{
	bool any = false;
	for (int i = 0; i < REPORT_SCALES; i++)
		for (int b = 0; b < s->scales[i].bands && s->scales[i].known_s > 0; b++) {
			if (!any)
				print(to, "\n%-24s %-8s   points      min\n", "Strain by RULA", "degrees");
			any = true;
			print(to, "%-24s ", b == 0 ? s->scales[i].name : "");
			print_band(to, &s->scales[i].band[b]);
		}
}

static void print_pains(FILE *to, const struct report_summary *s)
{
	if (s->pain_count > 0)
		print(to, "\nPain\n");
	for (int i = 0; i < s->pain_count && i < REPORT_PAINS; i++) {
		char line[sizeof s->pains[i].where + sizeof s->pains[i].note + 32];
		snprintf(line, sizeof line, "%d of 10 %s %s", s->pains[i].level, s->pains[i].where,
		         s->pains[i].note);
		print_clock(to, s, s->pains[i].wall_ms);
		print_wrapped(to, INDENT, INDENT, line);
	}
}

char *report_text(const struct report_summary *s)
{
	char date[FORMAT_DATE_SIZE], *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	format_date(&s->day, date);
	print(to, "unknot, %s", date);
	if (s->score >= 0)
		print(to, ": %.0f of 100", s->score);
	print(to, "\n\nTime (%.0f %% of it known)\n", s->coverage * 100);
	for (int p = 0; p < PRESENCE_COUNT; p++)
		if (s->presence_s[p] > 0)
			print_duration(to, presence_name((enum presence)p), s->presence_s[p], s->covered_s);
	print(to, "\nPosture while present\n");
	for (int p = 0; p < POSTURE_COUNT; p++)
		if (s->posture_s[p] > 0)
			print_duration(to, posture_name((enum posture)p), s->posture_s[p],
			               s->presence_s[PRESENCE_PRESENT]);
	print(to, "\nSitting: %.0f min in %d bouts, the longest %.0f min, on average %.0f min\n",
	      s->sitting_s / 60, s->bout_count, s->longest_bout_s / 60, s->mean_bout_s / 60);
	print(to, "\n%-24s %8s %8s %8s  %9s %8s %4s\n", "Breaks", "due", "taken", "verified", "cut short",
	      "skipped", "own");
	for (int k = 0; k < BREAK_KINDS; k++)
		print(to, "%-24s %8d %8d %8d  %9d %8d %4d\n", break_kind_name((enum break_kind)k), s->due[k],
		      s->taken[k], s->verified[k], s->cut_short[k], s->skipped[k], s->natural[k]);
	print(to, "\n%-24s %8s %8s %8s  %s\n", "Measure", "p10", "median", "p90", "in band");
	for (int m = 0; m < MEASURE_COUNT; m++) {
		const struct report_measure *r = &s->measures[m];
		if (r->count == 0)
			continue;
		print(to, "%-24s %8.1f %8.1f %8.1f", measure_name((enum measure_id)m), r->p10, r->p50,
		      r->p90);
		if (r->banded)
			print(to, "  %5.0f %%", r->in_band_s / r->valid_s * 100);
		fputc('\n', to);
	}
	print_scales(to, s);
	print(to, "\n%d messages\n", s->alert_count);
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++) {
		print_clock(to, s, s->alerts[i].wall_ms);
		print_wrapped(to, INDENT, INDENT, s->alerts[i].text);
	}
	print_pains(to, s);
	fclose(to);
	return text;
}

/* ---- CSV: one row a day; new columns come at the end ---- */

static void print_header(FILE *to, const struct report_summary *s)
{
	static const char *const counts[] = {"due", "taken", "cut_short", "skipped", "natural"};
	static const char *const measured[] = {"p10", "p90", "valid_s", "in_band_s"};
	print(to, "date,covered_s,coverage,score,sitting_s,longest_bout_s,mean_bout_s,alerts");
	for (int p = 0; p < PRESENCE_COUNT; p++)
		print(to, ",%s_s", presence_name((enum presence)p));
	for (int p = 1; p < POSTURE_COUNT; p++)
		print(to, ",%s_s", posture_name((enum posture)p));
	for (int k = 0; k < BREAK_KINDS; k++)
		for (int i = 0; i < 5; i++)
			print(to, ",%s_%s", break_kind_name((enum break_kind)k), counts[i]);
	for (int m = 0; m < MEASURE_COUNT; m++)
		print(to, ",%s_p50", measure_name((enum measure_id)m));
	for (int m = 0; m < MEASURE_COUNT; m++)
		for (int i = 0; i < 4; i++)
			print(to, ",%s_%s", measure_name((enum measure_id)m), measured[i]);
	for (int k = 0; k < BREAK_KINDS; k++)
		print(to, ",%s_verified", break_kind_name((enum break_kind)k));
	for (int i = 0; i < REPORT_SCALES; i++)
		for (int b = 1; b <= s->scales[i].bands; b++)
			print(to, ",%s_%d_s,%s_%d_sigma_s", s->scales[i].name, b, s->scales[i].name, b);
	print(to, ",static_s,worst_pain,samples\r\n");
}

/* An empty field where nothing is known. */
static void print_known(FILE *to, bool known, double v, int digits)
{
	fputc(',', to);
	if (known && isfinite(v))
		print(to, "%.*f", digits, v);
}

static void print_rest(FILE *to, const struct report_summary *s)
{
	for (int m = 0; m < MEASURE_COUNT; m++) {
		const struct report_measure *r = &s->measures[m];
		const bool known = r->count > 0;
		print_known(to, known, r->p10, 2);
		print_known(to, known, r->p90, 2);
		print_known(to, true, r->valid_s, 0);
		print_known(to, known && r->banded, r->in_band_s, 0);
	}
	for (int k = 0; k < BREAK_KINDS; k++)
		print(to, ",%d", s->verified[k]);
	for (int i = 0; i < REPORT_SCALES; i++)
		for (int b = 0; b < s->scales[i].bands; b++) {
			const struct report_scale *scale = &s->scales[i];
			const bool known = scale->known_s > 0;
			print_known(to, known, scale->band[b].seconds, 0);
			print_known(to, known, scale->band[b].sigma_s, 0);
		}
	print_known(to, true, s->static_s, 0);
	print_known(to, s->worst_pain >= 0, s->worst_pain, 0);
	print(to, ",%ld", s->samples);
}

char *report_csv(const struct report_summary *s, bool header)
{
	char date[FORMAT_DATE_SIZE], *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	if (header)
		print_header(to, s);
	format_date(&s->day, date);
	print(to, "%s,%.0f,%.3f", date, s->covered_s, s->coverage);
	print_known(to, s->score >= 0, s->score, 0);
	print(to, ",%.0f,%.0f,%.0f,%d", s->sitting_s, s->longest_bout_s, s->mean_bout_s, s->alert_count);
	for (int p = 0; p < PRESENCE_COUNT; p++)
		print(to, ",%.0f", s->presence_s[p]);
	for (int p = 1; p < POSTURE_COUNT; p++)
		print(to, ",%.0f", s->posture_s[p]);
	for (int k = 0; k < BREAK_KINDS; k++)
		print(to, ",%d,%d,%d,%d,%d", s->due[k], s->taken[k], s->cut_short[k], s->skipped[k],
		      s->natural[k]);
	for (int m = 0; m < MEASURE_COUNT; m++)
		print_known(to, s->measures[m].count > 0, s->measures[m].p50, 2);
	print_rest(to, s);
	fputs("\r\n", to);
	fclose(to);
	return text;
}
