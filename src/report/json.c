#include "report/report.h"

#include "base/paths.h"
#include "base/text.h"
#include "report/format.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_time(cJSON *json, const char *key, const struct report_summary *s, int64_t wall_ms)
{
	char text[FORMAT_TIME_SIZE];
	format_time(s, wall_ms, text);
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

static void add_text(cJSON *json, const char *key, const char *text)
{
	char valid[512];
	size_t used = 0;
	while (*text != '\0' && used + 4 < sizeof valid) {
		const size_t n = text_character(text), step = n > 0 ? n : 1;
		memcpy(valid + used, n > 0 ? text : "?", step);
		used += step;
		text += step;
	}
	valid[used] = '\0';
	cJSON_AddStringToObject(json, key, valid);
}

static const char *const answers[] = {"none", "snooze", "wrong", "show", "dismissed",
                                      "snooze_long", "snooze_day", "start", "later", "skip", "done",
                                      "another", "unseen", "opened", "window"};

enum { ANSWER_NAMES = sizeof answers / sizeof *answers };

const char *report_answer_name(int answer)
{
	return answers[answer >= 0 && answer < ANSWER_NAMES ? answer : 0];
}

static cJSON *alerts_to_json(const struct report_summary *s)
{
	cJSON *list = cJSON_CreateArray();
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++) {
		const struct store_alert *a = &s->alerts[i];
		cJSON *row = cJSON_CreateObject();
		add_time(row, "time", s, a->wall_ms);
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
			add_number(evidence, "baseline", a->baseline, 1);
			add_number(evidence, "threshold", a->threshold, 1);
			add_text(evidence, "reason", a->reason);
		} else {
			cJSON_AddNullToObject(row, "evidence");
		}
		cJSON_AddStringToObject(row, "answer", report_answer_name(a->answer));
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
		cJSON_AddNumberToObject(row, "verified", s->verified[k]);
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
		add_time(row, "due", s, b->due_ms);
		if (b->end_ms > 0) {
			add_time(row, "start", s, b->start_ms);
			add_time(row, "end", s, b->end_ms);
		} else {
			cJSON_AddNullToObject(row, "start");
			cJSON_AddNullToObject(row, "end");
		}
		add_number(row, "length_s", b->length_s, 0);
		add_number(row, "sitting_before_s", b->sitting_s, 0);
		cJSON_AddStringToObject(row, "outcome", break_outcome_name(b->outcome));
		cJSON_AddBoolToObject(row, "verified", report_verified(s, b));
		cJSON_AddItemToArray(list, row);
	}
	return json;
}

static cJSON *pain_to_json(const struct report_summary *s)
{
	cJSON *list = cJSON_CreateArray();
	for (int i = 0; i < s->pain_count && i < REPORT_PAINS; i++) {
		cJSON *row = cJSON_CreateObject();
		add_time(row, "time", s, s->pains[i].wall_ms);
		cJSON_AddNumberToObject(row, "level", s->pains[i].level);
		add_text(row, "where", s->pains[i].where);
		add_text(row, "note", s->pains[i].note);
		cJSON_AddItemToArray(list, row);
	}
	return list;
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
		add_number(row, "valid_s", r->valid_s, 0);
		add_number(row, "low", r->banded ? r->low : NAN, 1);
		add_number(row, "high", r->banded ? r->high : NAN, 1);
		add_number(row, "in_band_s", r->banded ? r->in_band_s : NAN, 0);
		add_number(row, "in_band_share", r->banded ? r->in_band_s / r->valid_s : NAN, 3);
	}
	return json;
}

static cJSON *thresholds_to_json(const struct report_context *c)
{
	struct report_threshold rows[REPORT_THRESHOLDS];
	const int count = report_thresholds(c, rows);
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; i < count; i++)
		add_number(json, rows[i].name, rows[i].value, rows[i].digits);
	return json;
}

static cJSON *presence_to_json(const double seconds[PRESENCE_COUNT])
{
	cJSON *json = cJSON_CreateObject();
	for (int p = 0; p < PRESENCE_COUNT; p++)
		add_number(json, presence_name((enum presence)p), seconds[p], 3);
	return json;
}

/* The hours of which anything is known. */
static cJSON *hours_to_json(const struct report_summary *s)
{
	cJSON *list = cJSON_CreateArray();
	for (int h = 0; h < REPORT_HOURS; h++) {
		const struct report_hour *hour = &s->hours[h];
		double covered = 0;
		for (int p = 0; p < PRESENCE_COUNT; p++)
			covered += hour->presence_s[p];
		if (covered <= 0)
			continue;
		cJSON *row = cJSON_CreateObject();
		add_time(row, "start", s, s->day.from_ms + h * 3600000LL);
		cJSON_AddItemToObject(row, "presence_s", presence_to_json(hour->presence_s));
		add_number(row, "good_s", hour->good_s, 3);
		add_number(row, "fault_s", hour->fault_s, 3);
		cJSON_AddItemToArray(list, row);
	}
	return list;
}

static cJSON *rula_to_json(const struct report_summary *s)
{
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; i < REPORT_SCALES; i++) {
		const struct report_scale *scale = &s->scales[i];
		cJSON *row = cJSON_AddObjectToObject(json, scale->name);
		cJSON_AddStringToObject(row, "measure", measure_name(scale->measure));
		add_number(row, "known_s", scale->known_s, 0);
		cJSON *bands = cJSON_AddArrayToObject(row, "bands");
		for (int b = 0; b < scale->bands; b++) {
			cJSON *band = cJSON_CreateObject();
			add_number(band, "from_deg", scale->band[b].from, 1);
			add_number(band, "to_deg", scale->band[b].to, 1);
			cJSON_AddNumberToObject(band, "points", scale->band[b].score);
			add_number(band, "seconds", scale->band[b].seconds, 1);
			add_number(band, "sigma_s", scale->band[b].sigma_s, 1);
			cJSON_AddItemToArray(bands, band);
		}
	}
	return json;
}

static cJSON *sitting_to_json(const struct report_summary *s)
{
	cJSON *json = cJSON_CreateObject();
	add_number(json, "total_s", s->sitting_s, 0);
	add_number(json, "longest_bout_s", s->longest_bout_s, 0);
	add_number(json, "mean_bout_s", s->mean_bout_s, 0);
	add_number(json, "static_s", s->static_s, 0);
	cJSON_AddNumberToObject(json, "bout_count", s->bout_count);
	cJSON *list = cJSON_AddArrayToObject(json, "bouts");
	for (int i = 0; i < s->bout_count && i < REPORT_BOUTS; i++) {
		cJSON *row = cJSON_CreateObject();
		add_time(row, "start", s, s->bouts[i].start_ms);
		add_time(row, "end", s, s->bouts[i].end_ms);
		cJSON_AddItemToArray(list, row);
	}
	return json;
}

char *report_json(const struct report_summary *s)
{
	char date[FORMAT_DATE_SIZE];
	cJSON *json = cJSON_CreateObject();
	format_date(&s->day, date);
	cJSON_AddStringToObject(json, "schema", REPORT_SCHEMA);
	add_text(json, "program", s->context.version);
	cJSON_AddStringToObject(json, "model_sha256", s->context.model_hash);
	add_text(json, "camera", s->context.camera);
	add_text(json, "profile", s->context.profile);
	cJSON_AddStringToObject(json, "date", date);
	add_time(json, "from", NULL, s->day.from_ms);
	add_time(json, "to", NULL, s->day.to_ms);
	add_number(json, "covered_s", s->covered_s, 3);
	add_number(json, "coverage", s->coverage, 3);
	if (s->score >= 0)
		add_number(json, "score", s->score, 0);
	else
		cJSON_AddNullToObject(json, "score");
	static const char *const parts[REPORT_PARTS] = {"longest_sitting",
	                                                "breaks", "changes", "posture"};
	cJSON *points = s->score >= 0 ? cJSON_AddObjectToObject(json, "score_points") : NULL;
	for (int i = 0; i < REPORT_PARTS && points != NULL; i++)
		add_number(points, parts[i], s->points[i], 1);
	cJSON_AddNumberToObject(json, "posture_changes", s->changes);
	cJSON_AddNumberToObject(json, "samples", (double)s->samples);
	add_number(json, "good_s", s->good_s, 3);
	add_number(json, "judged_s", s->judged_s, 3);
	cJSON_AddItemToObject(json, "presence_s", presence_to_json(s->presence_s));
	cJSON *posture = cJSON_AddObjectToObject(json, "posture_s");
	for (int p = 0; p < POSTURE_COUNT; p++)
		add_number(posture, posture_name((enum posture)p), s->posture_s[p], 3);
	cJSON_AddItemToObject(json, "hours", hours_to_json(s));
	cJSON_AddItemToObject(json, "sitting", sitting_to_json(s));
	cJSON_AddItemToObject(json, "measures", measures_to_json(s));
	cJSON_AddItemToObject(json, "rula", rula_to_json(s));
	cJSON_AddNumberToObject(json, "alert_count", s->alert_count);
	cJSON_AddItemToObject(json, "alerts", alerts_to_json(s));
	cJSON_AddItemToObject(json, "breaks", breaks_to_json(s));
	cJSON_AddItemToObject(json, "pain", pain_to_json(s));
	cJSON_AddItemToObject(json, "thresholds", thresholds_to_json(&s->context));
	char *text = cJSON_Print(json);
	cJSON_Delete(json);
	return text;
}

bool report_write_day(struct store *store, const struct report_day *day,
                      const struct report_context *context, const char *data_dir, char *path,
                      struct error *error)
{
	char folder[PATH_SIZE], file[PATH_SIZE], name[32], date[FORMAT_DATE_SIZE];
	struct report_summary *s = malloc(sizeof *s);
	char *text = NULL;
	format_date(day, date);
	snprintf(name, sizeof name, "%s.json", date);
	bool good = (s != NULL || error_set(error, 0, "%s: out of memory", "report")) &&
	            path_join(folder, data_dir, "reports", error) && path_make_dir(folder, error) &&
	            path_join(file, folder, name, error) &&
	            report_summarise(store, day, context, s, error);
	if (good) {
		text = report_json(s);
		good = (text != NULL || error_set(error, 0, "%s: out of memory", "report")) &&
		       path_write_file(file, text, strlen(text), error);
	}
	if (good && path != NULL)
		snprintf(path, PATH_SIZE, "%s", file);
	free(text);
	free(s);
	return good;
}

void report_forget(const char *data_dir, int64_t before_ms)
{
	enum { DATE = 10 }; /* YYYY-MM-DD */
	char folder[PATH_SIZE], date[DATE + 1];
	struct report_day day;
	DIR *d = path_join(folder, data_dir, "reports", NULL) ? opendir(folder) : NULL;
	const struct dirent *e;
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strlen(e->d_name) <= DATE || strcmp(e->d_name + DATE, ".json") != 0)
			continue;
		snprintf(date, sizeof date, "%.10s", e->d_name);
		if (report_day_parse(date, 0, &day) && day.to_ms <= before_ms)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d != NULL)
		closedir(d);
}
