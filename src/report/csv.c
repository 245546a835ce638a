/* One row a day, in the same words whatever the language; new columns come at the end. */
#include "report/report.h"

#include "report/format.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 2, 3))) static void print(FILE *to, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(to, format, args);
	va_end(args);
}

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
			print(to, ",%s_%d_s,%s_%d_sigma_s", s->scales[i].name,
			      b, s->scales[i].name, b);
	print(to, ",static_s,worst_pain,samples,posture_unknown_s\r\n");
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
	print(to, ",%ld,%.0f", s->samples, s->posture_s[POSTURE_UNKNOWN]);
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
	print(to, ",%.0f,%.0f,%.0f,%d", s->sitting_s, s->longest_bout_s,
	      s->mean_bout_s, s->alert_count);
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
