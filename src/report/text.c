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
		fwrite(text, 1, length, to);
		at += width;
		text += length;
		first = false;
	}
	fputc('\n', to);
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
	for (int k = 0; k < BREAK_KINDS; k++)
		print(to, "%s breaks: %d due, %d taken, %d cut short, %d skipped; %d of your own\n",
		      k == BREAK_MICRO ? "Micro" : "Movement", s->due[k], s->taken[k], s->cut_short[k],
		      s->skipped[k], s->natural[k]);
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
	print(to, "\n%d messages\n", s->alert_count);
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++) {
		char when[FORMAT_TIME_SIZE];
		format_time(s, s->alerts[i].wall_ms, when);
		const int at = 8;
		print(to, "  %.5s ", when + 11);
		print_wrapped(to, at, at, s->alerts[i].text);
	}
	fclose(to);
	return text;
}

/* ---- CSV: one row a day ---- */

char *report_csv(const struct report_summary *s, bool header)
{
	static const char *const counts[] = {"due", "taken", "cut_short", "skipped", "natural"};
	char date[FORMAT_DATE_SIZE], *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	if (header) {
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
		fputs("\r\n", to);
	}
	format_date(&s->day, date);
	print(to, "%s,%.0f,%.3f,", date, s->covered_s, s->coverage);
	if (s->score >= 0)
		print(to, "%.0f", s->score);
	print(to, ",%.0f,%.0f,%.0f,%d", s->sitting_s, s->longest_bout_s, s->mean_bout_s, s->alert_count);
	for (int p = 0; p < PRESENCE_COUNT; p++)
		print(to, ",%.0f", s->presence_s[p]);
	for (int p = 1; p < POSTURE_COUNT; p++)
		print(to, ",%.0f", s->posture_s[p]);
	for (int k = 0; k < BREAK_KINDS; k++)
		print(to, ",%d,%d,%d,%d,%d", s->due[k], s->taken[k], s->cut_short[k], s->skipped[k],
		      s->natural[k]);
	for (int m = 0; m < MEASURE_COUNT; m++) {
		fputc(',', to);
		if (s->measures[m].count > 0)
			print(to, "%.2f", s->measures[m].p50);
	}
	fputs("\r\n", to);
	fclose(to);
	return text;
}
