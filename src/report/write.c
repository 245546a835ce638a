#include "report/report.h"

#include "base/paths.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* RFC 3339 with the offset that the place had then. */
static void format_time(int64_t wall_ms, char text[40])
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;
	localtime_r(&t, &tm);
	size_t n = strftime(text, 32, "%Y-%m-%dT%H:%M:%S%z", &tm);
	/* +0100 -> +01:00 */
	memmove(text + n - 1, text + n - 2, 3);
	text[n - 2] = ':';
}

static void add_time(cJSON *json, const char *key, int64_t wall_ms)
{
	char text[40];
	format_time(wall_ms, text);
	cJSON_AddStringToObject(json, key, text);
}

/* A number with so many digits: reports are read by people too. */
static void add_number(cJSON *json, const char *key, double v, int digits)
{
	char text[40];
	if (!isfinite(v)) {
		cJSON_AddNullToObject(json, key);
		return;
	}
	snprintf(text, sizeof text, "%.*f", digits, v);
	cJSON_AddRawToObject(json, key, text);
}

/* Bytes of the well-formed UTF-8 character at p (RFC 3629), 0 when there is none. */
static size_t character(const unsigned char *p)
{
	static const struct { unsigned char low, high, second_low, second_high, bytes; } forms[] = {
		{0x01, 0x7f, 0, 0, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (*p < forms[i].low || *p > forms[i].high)
			continue;
		if (forms[i].bytes > 1 && (p[1] < forms[i].second_low || p[1] > forms[i].second_high))
			return 0;
		for (size_t k = 2; k < forms[i].bytes; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].bytes;
	}
	return 0;
}

/* Camera and file names are bytes, and long ones were cut anywhere; JSON is UTF-8. */
static void add_text(cJSON *json, const char *key, const char *text)
{
	char valid[512];
	size_t used = 0;
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0' && used + 4 < sizeof valid;) {
		const size_t n = character(p);
		memcpy(valid + used, n > 0 ? (const char *)p : "?", n > 0 ? n : 1);
		used += n > 0 ? n : 1;
		p += n > 0 ? n : 1;
	}
	valid[used] = '\0';
	cJSON_AddStringToObject(json, key, valid);
}

static const char *const answers[] = {"none", "snooze", "wrong", "show", "dismissed"};

static cJSON *alerts_to_json(const struct report_summary *s)
{
	cJSON *list = cJSON_CreateArray();
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++) {
		const struct store_alert *a = &s->alerts[i];
		cJSON *row = cJSON_CreateObject();
		add_time(row, "time", a->wall_ms);
		add_text(row, "kind", a->kind);
		cJSON_AddStringToObject(row, "posture", posture_name(a->posture));
		add_text(row, "text", a->text);
		add_number(row, "held_s", a->held_s, 0);
		cJSON *evidence = NULL;
		if (*a->evidence) {
			evidence = cJSON_AddObjectToObject(row, "evidence");
			add_text(evidence, "measure", a->evidence);
			add_number(evidence, "value", a->value, 1);
			add_number(evidence, "sigma", a->sigma, 1);
			add_text(evidence, "reason", a->reason);
		} else {
			cJSON_AddNullToObject(row, "evidence");
		}
		cJSON_AddStringToObject(row, "answer",
		                        answers[a->answer >= 0 && a->answer < 5 ? a->answer : 0]);
		cJSON_AddItemToArray(list, row);
	}
	return list;
}

static cJSON *breaks_to_json(const struct report_summary *s)
{
	cJSON *json = cJSON_CreateObject();
	for (int k = 0; k < BREAK_KINDS; k++) {
		cJSON *row = cJSON_AddObjectToObject(json, break_kind_name((enum break_kind)k));
		cJSON_AddNumberToObject(row, "due", s->due[k]);
		cJSON_AddNumberToObject(row, "taken", s->taken[k]);
		cJSON_AddNumberToObject(row, "cut_short", s->cut_short[k]);
		cJSON_AddNumberToObject(row, "skipped", s->skipped[k]);
		cJSON_AddNumberToObject(row, "natural", s->natural[k]);
	}
	cJSON *list = cJSON_AddArrayToObject(json, "list");
	for (int i = 0; i < s->break_count && i < REPORT_BREAKS; i++) {
		const struct store_break *b = &s->breaks[i];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "kind", break_kind_name(b->kind));
		cJSON_AddBoolToObject(row, "prompted", b->prompted);
		add_time(row, "due", b->due_ms);
		if (b->end_ms > 0) {
			add_time(row, "start", b->start_ms);
			add_time(row, "end", b->end_ms);
		} else {
			cJSON_AddNullToObject(row, "start");
			cJSON_AddNullToObject(row, "end");
		}
		add_number(row, "length_s", b->length_s, 0);
		add_number(row, "sitting_before_s", b->sitting_s, 0);
		cJSON_AddStringToObject(row, "outcome", break_outcome_name(b->outcome));
		/* A break counts as taken only when the camera saw the person leave or look away. */
		cJSON_AddBoolToObject(row, "verified", b->outcome == BREAK_TAKEN);
		cJSON_AddItemToArray(list, row);
	}
	return json;
}

static cJSON *measures_to_json(const struct report_summary *s)
{
	cJSON *json = cJSON_CreateObject();
	for (int m = 0; m < MEASURE_COUNT; m++) {
		const struct report_measure *r = &s->measures[m];
		if (r->count == 0)
			continue;
		cJSON *row = cJSON_AddObjectToObject(json, measure_name((enum measure_id)m));
		cJSON_AddNumberToObject(row, "samples", (double)r->count);
		add_number(row, "p10", r->p10, 2);
		add_number(row, "p50", r->p50, 2);
		add_number(row, "p90", r->p90, 2);
		add_number(row, "in_band_share", r->in_band_share < 0 ? NAN : r->in_band_share, 3);
	}
	return json;
}

static cJSON *thresholds_to_json(const struct report_context *c)
{
	const struct posture_config *p = &c->posture;
	cJSON *json = cJSON_CreateObject();
	add_number(json, "slouch_drop_cm", p->slouch_drop_cm, 1);
	add_number(json, "forward_head_cm", p->forward_head_cm, 1);
	add_number(json, "looking_down_deg", p->looking_down_deg, 1);
	add_number(json, "lean_side_cm", p->lean_side_cm, 1);
	add_number(json, "head_roll_deg", p->head_roll_deg, 1);
	add_number(json, "yaw_deg", p->yaw_deg, 1);
	add_number(json, "recline_cm", p->recline_cm, 1);
	add_number(json, "too_close_cm", p->too_close_cm, 1);
	add_number(json, "raised_cm", p->raised_cm, 1);
	add_number(json, "shoulder_tilt_deg", p->shoulder_tilt_deg, 1);
	add_number(json, "dwell_s", p->dwell_s, 0);
	add_number(json, "dwell_share", p->dwell_share, 2);
	add_number(json, "micro_every_s", c->breaks.every_s[BREAK_MICRO], 0);
	add_number(json, "movement_every_s", c->breaks.every_s[BREAK_MOVEMENT], 0);
	return json;
}

static cJSON *sitting_to_json(const struct report_summary *s)
{
	cJSON *json = cJSON_CreateObject();
	add_number(json, "total_s", s->sitting_s, 0);
	add_number(json, "longest_bout_s", s->longest_bout_s, 0);
	add_number(json, "mean_bout_s", s->mean_bout_s, 0);
	cJSON *list = cJSON_AddArrayToObject(json, "bouts");
	for (int i = 0; i < s->bout_count && i < REPORT_BOUTS; i++) {
		cJSON *row = cJSON_CreateObject();
		add_time(row, "start", s->bouts[i].start_ms);
		add_time(row, "end", s->bouts[i].end_ms);
		cJSON_AddItemToArray(list, row);
	}
	return json;
}

static void day_text(const struct report_day *d, char text[16])
{
	snprintf(text, 16, "%04d-%02d-%02d", d->year % 10000, d->month % 100, d->day % 100);
}

char *report_json(const struct report_summary *s)
{
	char date[16];
	cJSON *json = cJSON_CreateObject();
	day_text(&s->day, date);
	cJSON_AddStringToObject(json, "schema", REPORT_SCHEMA);
	add_text(json, "program", s->context.version);
	cJSON_AddStringToObject(json, "model_sha256", s->context.model_hash);
	add_text(json, "camera", s->context.camera);
	add_text(json, "profile", s->context.profile);
	cJSON_AddStringToObject(json, "date", date);
	add_time(json, "from", s->day.from_ms);
	add_time(json, "to", s->day.to_ms);
	add_number(json, "covered_s", s->covered_s, 3);
	add_number(json, "coverage", s->coverage, 3);
	if (s->score >= 0)
		add_number(json, "score", s->score, 0);
	else
		cJSON_AddNullToObject(json, "score");
	cJSON_AddNumberToObject(json, "samples", (double)s->samples);
	cJSON *presence = cJSON_AddObjectToObject(json, "presence_s");
	for (int p = 0; p < PRESENCE_COUNT; p++)
		add_number(presence, presence_name((enum presence)p), s->presence_s[p], 3);
	cJSON *posture = cJSON_AddObjectToObject(json, "posture_s");
	for (int p = 0; p < POSTURE_COUNT; p++)
		add_number(posture, posture_name((enum posture)p), s->posture_s[p], 3);
	cJSON_AddItemToObject(json, "sitting", sitting_to_json(s));
	cJSON_AddItemToObject(json, "measures", measures_to_json(s));
	cJSON_AddNumberToObject(json, "alert_count", s->alert_count);
	cJSON_AddItemToObject(json, "alerts", alerts_to_json(s));
	cJSON_AddItemToObject(json, "breaks", breaks_to_json(s));
	cJSON_AddItemToObject(json, "thresholds", thresholds_to_json(&s->context));
	char *text = cJSON_Print(json);
	cJSON_Delete(json);
	return text;
}

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
	char date[16], *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	day_text(&s->day, date);
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
		if (r->in_band_share >= 0)
			print(to, "  %5.0f %%", r->in_band_share * 100);
		fputc('\n', to);
	}
	print(to, "\n%d messages\n", s->alert_count);
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++) {
		char when[40];
		format_time(s->alerts[i].wall_ms, when);
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
	char date[16], *text = NULL;
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
	day_text(&s->day, date);
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

bool report_write_day(struct store *store, const struct report_day *day,
                      const struct report_context *context, const char *data_dir, char *path,
                      struct error *error)
{
	char folder[PATH_SIZE], file[PATH_SIZE], name[32], date[16];
	struct report_summary *s = malloc(sizeof *s);
	char *text = NULL;
	day_text(day, date);
	snprintf(name, sizeof name, "%s.json", date);
	bool good = (s != NULL || error_set(error, 0, "report: out of memory")) &&
	            path_join(folder, data_dir, "reports", error) && path_make_dir(folder, error) &&
	            path_join(file, folder, name, error) &&
	            report_summarise(store, day, context, s, error);
	if (good) {
		text = report_json(s);
		good = (text != NULL || error_set(error, 0, "report: out of memory")) &&
		       path_write_file(file, text, strlen(text), error);
	}
	if (good && path != NULL)
		snprintf(path, PATH_SIZE, "%s", file);
	free(text);
	free(s);
	return good;
}
