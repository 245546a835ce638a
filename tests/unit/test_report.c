/* Days and reports: what adds up, what the schema says, where a day begins. */
#include "report/report.h"
#include "schema.h"

#include "base/paths.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { HOUR_MS = 3600 * 1000 };

static struct report_context context(void)
{
	struct report_context c = {.posture = posture_config_default(),
	                           .breaks = breaks_config_default(),
	                           .version = "unknot test", .profile = "desk", .camera = "test"};
	return c;
}

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* A day from 09:00 local: two hours present (a quarter of it slouched), a call, away, a hole. */
static struct store *make_day(const struct report_day *day)
{
	struct error error;
	struct store *s = store_open(NULL, NULL, &error);
	assert_non_null(s);
	const int64_t t = day->from_ms + 9 * HOUR_MS;
	const struct store_span spans[] = {
		{t, t + 90 * 60000, PRESENCE_PRESENT, POSTURE_UPRIGHT},
		{t + 90 * 60000, t + 120 * 60000, PRESENCE_PRESENT, POSTURE_SLOUCHED},
		{t + 120 * 60000, t + 150 * 60000, PRESENCE_IN_CALL, POSTURE_UNKNOWN},
		{t + 150 * 60000, t + 160 * 60000, PRESENCE_AWAY, POSTURE_UNKNOWN},
		{t + 160 * 60000, t + 170 * 60000, PRESENCE_UNKNOWN, POSTURE_UNKNOWN},
		{t + 170 * 60000, t + 180 * 60000, PRESENCE_PRESENT, POSTURE_UPRIGHT},
	};
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		assert_true(store_span(s, &spans[i], &error));
	for (int i = 0; i <= 100; i++) {
		struct store_sample sample = {.wall_ms = t + i * 60000, .posture = POSTURE_UPRIGHT};
		sample.measures.m[MEASURE_EYE_DROP] = (struct measure){i / 10.0, 0.5, true};
		assert_true(store_sample(s, &sample, &error));
	}
	struct store_alert alert = {.wall_ms = t + 95 * 60000, .kind = "slouched",
	                            .posture = POSTURE_SLOUCHED,
	                            .held_s = 65, .evidence = "eye_drop_cm",
	                            .value = 7, .sigma = 0.4,
	                            .reason = "eye_drop_cm 7.0 > 4.0",
	                            .text = "Sit back.", .answer = 4};
	assert_true(store_alert(s, &alert, NULL, &error));
	const struct store_break breaks[] = {
		{BREAK_MICRO, true, t + 20 * 60000, t + 21 * 60000, t + 21 * 60000 + 30000,
		 30, 1200, BREAK_TAKEN},
		{BREAK_MICRO, true, t + 41 * 60000, 0, 0, 0, 1200, BREAK_SKIPPED},
		{BREAK_MOVEMENT, false, t + 150 * 60000, t + 150 * 60000,
		 t + 160 * 60000, 600, 0, BREAK_TAKEN},
	};
	for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++)
		assert_true(store_break(s, &breaks[i], &error));
	return s;
}

static struct report_summary *summarise(struct store *s, const struct report_day *day)
{
	static struct report_summary summary;
	struct report_context c = context();
	struct error error;
	assert_true(report_summarise(s, day, &c, &summary, &error));
	return &summary;
}

static void the_day_adds_up(void **state)
{
	(void)state;
	set_zone("Europe/Berlin");
	struct report_day day;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = make_day(&day);
	const struct report_summary *r = summarise(s, &day);
	double sum = 0;
	for (int p = 0; p < PRESENCE_COUNT; p++)
		sum += r->presence_s[p];
	assert_float_equal(r->covered_s, 3 * 3600, 1e-6);
	assert_float_equal(sum, r->covered_s, 1e-6);
	assert_float_equal(r->presence_s[PRESENCE_PRESENT], 130 * 60, 1e-6);
	assert_float_equal(r->posture_s[POSTURE_SLOUCHED], 30 * 60, 1e-6);
	assert_float_equal(r->coverage, 170.0 / 180, 1e-6);
	assert_float_equal(r->sitting_s, 160 * 60, 1e-6);
	assert_int_equal(r->bout_count, 2);
	assert_float_equal(r->longest_bout_s, 150 * 60, 1e-6);
	assert_float_equal(r->measures[MEASURE_EYE_DROP].p10, 0.96, 1e-5);
	assert_float_equal(r->measures[MEASURE_EYE_DROP].p50, 5, 1e-5);
	assert_float_equal(r->measures[MEASURE_EYE_DROP].p90, 9.04, 1e-5);
	assert_float_equal(r->measures[MEASURE_EYE_DROP].in_band_s, 26 * 60, 1e-5);
	assert_float_equal(r->measures[MEASURE_EYE_DROP].valid_s, 101 * 60, 1e-5);
	assert_int_equal(r->due[BREAK_MICRO], 2);
	assert_int_equal(r->taken[BREAK_MICRO], 1);
	assert_int_equal(r->skipped[BREAK_MICRO], 1);
	assert_int_equal(r->natural[BREAK_MOVEMENT], 1);
	/* The same seconds, hour by hour and in the minutes' picture. */
	double hours[PRESENCE_COUNT] = {0}, good = 0, fault = 0;
	int minutes[REPORT_STATES] = {0};
	for (int h = 0; h < REPORT_HOURS; h++) {
		for (int p = 0; p < PRESENCE_COUNT; p++)
			hours[p] += r->hours[h].presence_s[p];
		good += r->hours[h].good_s;
		fault += r->hours[h].fault_s;
	}
	for (int p = 0; p < PRESENCE_COUNT; p++)
		assert_float_equal(hours[p], r->presence_s[p], 1e-6);
	assert_float_equal(good, 100 * 60, 1e-6);
	assert_float_equal(fault, 30 * 60, 1e-6);
	assert_float_equal(r->hours[10].fault_s, 30 * 60, 1e-6); /* 10:30 to 11:00 */
	for (int m = 0; m < REPORT_MINUTES; m++)
		minutes[r->minutes[m]]++;
	assert_int_equal(minutes[1 + POSTURE_UPRIGHT], 100);
	assert_int_equal(minutes[1 + POSTURE_SLOUCHED], 30);
	assert_int_equal(minutes[REPORT_STATE_PRESENCE + PRESENCE_IN_CALL], 30);
	assert_int_equal(minutes[0], REPORT_MINUTES - 180);
	assert_int_equal(r->minutes[9 * 60 + 89], 1 + POSTURE_UPRIGHT);
	assert_int_equal(r->minutes[9 * 60 + 90], 1 + POSTURE_SLOUCHED);
	/* 150 and 10 minutes sat in one go, of which 140 and none beyond the tenth. */
	assert_float_equal(r->static_s, 140 * 60, 1e-6);
	assert_int_equal(r->height.measure, MEASURE_EYE_DROP);
	assert_float_equal(r->height.slots[9 * 12].p50, 0.2, 1e-6);
	assert_true(isnan(r->height.slots[0].p50) && isnan(r->distance.slots[9 * 12].p50));
	/* 150 minutes in one go, one of two due breaks taken, one change in 160 minutes of sitting,
	 * 100 of 130 judged minutes without fault. */
	assert_int_equal(r->changes, 2);
	assert_float_equal(r->score, 0 + 12.5 + 15 * 2 / 8.0 + 25 * 100 / 130.0, 1e-6);
	store_close(s);
}

static cJSON *load_schema(void)
{
	struct error error;
	char *text = path_read_file(UNKNOT_SOURCE_DIR "/src/report/schema/report-1.schema.json",
	                            1 << 20, NULL, &error);
	cJSON *schema = cJSON_Parse(text);
	free(text);
	assert_non_null(schema);
	/* Validators resolve "#/$defs/..." against it: relative, it would lead nowhere. */
	assert_non_null(strchr(cJSON_GetStringValue(cJSON_GetObjectItem(schema, "$id")), ':'));
	return schema;
}

static void the_report_obeys_its_schema(void **state)
{
	(void)state;
	char why[512] = "";
	struct report_day day;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = make_day(&day);
	char *text = report_json(summarise(s, &day));
	cJSON *schema = load_schema(), *report = cJSON_Parse(text);
	assert_non_null(report);
	if (!schema_accepts(schema, report, why, sizeof why))
		fail_msg("%s", why);

	/* An empty day too, with neither score nor measures. */
	struct report_day empty;
	assert_true(report_day_parse("2026-03-10", 0, &empty));
	char *none = report_json(summarise(s, &empty));
	cJSON *nothing = cJSON_Parse(none);
	if (!schema_accepts(schema, nothing, why, sizeof why))
		fail_msg("%s", why);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(nothing, "score")));

	/* The checker must refuse: a lost key, a wrong type, an unknown key, a bad time, a bad
	 * word. */
	static const char *const keys[] = {"schema", "date", "covered_s",
	                                   "presence_s", "alerts", "breaks"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		cJSON *copy = cJSON_Duplicate(report, true);
		cJSON_DeleteItemFromObject(copy, keys[i]);
		assert_false(schema_accepts(schema, copy, why, sizeof why));
		cJSON_AddStringToObject(copy, keys[i], "wrong");
		assert_false(schema_accepts(schema, copy, why, sizeof why));
		cJSON_Delete(copy);
	}
	cJSON *copy = cJSON_Duplicate(report, true);
	cJSON_AddNumberToObject(copy, "surprise", 1);
	assert_false(schema_accepts(schema, copy, why, sizeof why));
	cJSON_Delete(copy);
	copy = cJSON_Duplicate(report, true);
	cJSON *alert = cJSON_GetArrayItem(cJSON_GetObjectItem(copy, "alerts"), 0);
	cJSON_ReplaceItemInObject(alert, "time", cJSON_CreateString("yesterday"));
	assert_false(schema_accepts(schema, copy, why, sizeof why));
	cJSON_ReplaceItemInObject(alert, "time", cJSON_CreateString("2026-03-09T10:00:00+01:00"));
	assert_true(schema_accepts(schema, copy, why, sizeof why));
	cJSON_ReplaceItemInObject(alert, "posture", cJSON_CreateString("lounging"));
	assert_false(schema_accepts(schema, copy, why, sizeof why));
	cJSON_Delete(copy);
	cJSON_Delete(nothing);
	cJSON_Delete(report);
	cJSON_Delete(schema);
	free(none);
	free(text);
	store_close(s);
}

static void days_have_the_hours_they_have(void **state)
{
	(void)state;
	static const struct { const char *date; int hours; } days[] = {
		{"2026-03-28", 24}, {"2026-03-29", 23}, {"2026-10-25", 25},
		{"2024-02-29", 24}, {"2026-12-31", 24},
	};
	set_zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		struct report_day d, noon, next;
		assert_true(report_day_parse(days[i].date, 0, &d));
		assert_int_equal((d.to_ms - d.from_ms) / HOUR_MS, days[i].hours);
		noon = report_day_of(d.from_ms + 12 * HOUR_MS);
		assert_int_equal(noon.from_ms, d.from_ms);
		assert_int_equal(report_day_of(d.to_ms - 1).from_ms, d.from_ms);
		next = report_day_next(&d);
		assert_int_equal(next.from_ms, d.to_ms);
	}
	static const char *const wrong[] = {"2026-02-30", "2026-13-01",
	                                    "26-01-01", "2026-1-1", "",
	                                    "someday", "2026-01-01x", "1900-01-01"};
	struct report_day d;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(report_day_parse(wrong[i], 0, &d));
	assert_true(report_day_parse("2026-03-29", 0, &d));
	struct report_day y;
	assert_true(report_day_parse("yesterday", d.from_ms + HOUR_MS, &y));
	assert_int_equal(y.day, 28);
}

/* Zones whose clocks change at midnight: days without a 00:00 or with two. All of them are past:
 * what is to come is changed by law, and then by tzdata (Havana's summer of 2026 was). */
static void days_without_a_midnight_are_days(void **state)
{
	(void)state;
	static const struct { const char *zone, *date; int hours; } days[] = {
		{"Africa/Cairo", "2024-04-25", 24}, {"Africa/Cairo", "2024-04-26", 23},
		{"Africa/Cairo", "2024-10-31", 25}, {"Africa/Cairo", "2024-11-01", 24},
		{"Asia/Beirut", "2024-03-31", 23}, {"America/Santiago", "2024-09-08", 23},
		{"America/Santiago", "2024-04-06", 25}, {"America/Havana", "2024-11-02", 24},
		{"America/Havana", "2024-11-03", 25}, {"America/Havana", "2024-11-04", 24},
		{"Australia/Lord_Howe", "2024-04-08", 24}, {"Pacific/Apia", "2011-12-29", 24},
		{"Pacific/Apia", "2011-12-31", 24}, {"UTC", "2026-06-30", 24},
	};
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		struct report_day d, next;
		set_zone(days[i].zone);
		assert_true(report_day_parse(days[i].date, 0, &d));
		assert_int_equal((d.to_ms - d.from_ms) / HOUR_MS, days[i].hours);
		/* Every half hour belongs to this day alone; its neighbours join on to it. */
		for (int64_t t = d.from_ms; t < d.to_ms; t += HOUR_MS / 2)
			assert_int_equal(report_day_of(t).from_ms, d.from_ms);
		assert_int_equal(report_day_of(d.to_ms - 1).from_ms, d.from_ms);
		assert_int_equal(report_day_of(d.from_ms - 1).to_ms, d.from_ms);
		next = report_day_next(&d);
		assert_int_equal(next.from_ms, d.to_ms);
	}
	set_zone("Pacific/Apia");
	struct report_day d;
	assert_false(report_day_parse("2011-12-30", 0, &d)); /* they went without it */
}

static void a_hole_is_not_covered(void **state)
{
	(void)state;
	set_zone("Europe/Berlin");
	struct error error;
	struct report_day day;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = store_open(NULL, NULL, &error);
	const int64_t t = day.from_ms + 9 * HOUR_MS, minute = 60000;
	const struct store_span spans[] = {
		{t, t + 10 * minute, PRESENCE_PRESENT, POSTURE_UPRIGHT},
		/* half a minute away: the same bout; then the daemon was stopped for half an
		 * hour */
		{t + 10 * minute, t + 10 * minute + 30000, PRESENCE_AWAY, POSTURE_UNKNOWN},
		{t + 10 * minute + 30000, t + 20 * minute, PRESENCE_IN_CALL, POSTURE_UNKNOWN},
		{t + 50 * minute, t + 60 * minute, PRESENCE_PRESENT, POSTURE_LEANING},
	};
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		assert_true(store_span(s, &spans[i], &error));
	const struct report_summary *r = summarise(s, &day);
	assert_float_equal(r->covered_s, 30 * 60, 1e-6);
	assert_float_equal(r->presence_s[PRESENCE_UNKNOWN], 0, 1e-6);
	assert_float_equal(r->coverage, 0.5, 1e-9);
	assert_int_equal(r->bout_count, 2);
	assert_int_equal(r->bouts[0].start_ms, t);
	assert_int_equal(r->bouts[0].end_ms, t + 20 * minute);
	assert_int_equal(r->bouts[1].start_ms, t + 50 * minute);
	assert_float_equal(r->longest_bout_s, 19.5 * 60, 1e-6);
	assert_float_equal(r->mean_bout_s, 29.5 * 60 / 2, 1e-6);
	assert_true(r->score < 0); /* half an hour of sitting */

	/* A minute more of hole. */
	const struct store_span late = {t + 62 * minute, t + 63 * minute, PRESENCE_UNKNOWN,
	                                POSTURE_UNKNOWN};
	assert_true(store_span(s, &late, &error));
	r = summarise(s, &day);
	assert_float_equal(r->coverage, 30.0 / 63, 1e-9);
	assert_true(r->score < 0);
	store_close(s);
}

static void few_samples_have_percentiles(void **state)
{
	(void)state;
	static const struct { int count; float values[5]; double p10, p50, p90; } cases[] = {
		{1, {7}, 7, 7, 7}, {2, {2, 1}, 1, 1.5, 2}, {3, {9, 1, 5}, 1, 5, 9},
		{5, {5, 4, 3, 2, 1}, 1, 3, 5}, {4, {-1, -1, -1, -1}, -1, -1, -1},
	};
	struct report_day day;
	struct error error;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store *s = store_open(NULL, NULL, &error);
		for (int k = 0; k <= cases[i].count; k++) {
			struct store_sample sample = {.wall_ms = day.from_ms + k};
			/* the last one is not valid and must not count */
			sample.measures.m[MEASURE_LEAN_IN] = (struct measure){
				(double)cases[i].values[k % 5], 1, k < cases[i].count};
			assert_true(store_sample(s, &sample, &error));
		}
		const struct report_measure *m = &summarise(s, &day)->measures[MEASURE_LEAN_IN];
		assert_int_equal(m->count, cases[i].count);
		assert_float_equal(m->p10, cases[i].p10, 1e-5);
		assert_float_equal(m->p50, cases[i].p50, 1e-5);
		assert_float_equal(m->p90, cases[i].p90, 1e-5);
		store_close(s);
	}
}

/* An hour of 30 s looks at 0 cm, then half an hour of 3 s looks at 10 cm: 120 samples of the one,
 * 600 of the other, but two thirds of the time. */
static void what_is_seen_often_does_not_count_more(void **state)
{
	(void)state;
	struct report_day day;
	struct error error;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = store_open(NULL, NULL, &error);
	int64_t t = day.from_ms;
	for (int i = 0; i < 720; i++) {
		struct store_sample sample = {.wall_ms = t};
		sample.measures.m[MEASURE_EYE_DROP] = (struct measure){i < 120 ? 0 : 10, 1, true};
		assert_true(store_sample(s, &sample, &error));
		t += i < 120 ? 30000 : 3000;
	}
	/* After a hole of two hours: it stands for 3 s like the one before it. */
	struct store_sample late = {.wall_ms = t + 2 * HOUR_MS};
	late.measures.m[MEASURE_EYE_DROP] = (struct measure){10, 1, true};
	assert_true(store_sample(s, &late, &error));
	const struct report_measure *m = &summarise(s, &day)->measures[MEASURE_EYE_DROP];
	assert_int_equal(m->count, 721);
	assert_float_equal(m->in_band_s, 3600, 1e-6);
	assert_float_equal(m->valid_s, 3600 + 1803, 1e-6);
	assert_float_equal(m->p50, 0, 1e-6);
	assert_float_equal(m->p90, 10, 1e-6);
	store_close(s);
}

static void what_was_in_force_is_read_back(void **state)
{
	(void)state;
	struct report_day day;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = make_day(&day);
	struct report_summary *r = summarise(s, &day);
	struct report_context then = context(), now = context();
	struct report_threshold rows[2][REPORT_THRESHOLDS];
	then.posture.slouch_drop_cm = 5.5;
	then.breaks.every_s[BREAK_MICRO] = 1500;
	then.breaks.enabled[BREAK_MOVEMENT] = false;
	strcpy(then.camera, "K\303\274che \"2\"");
	memset(then.model_hash, 'a', 64);
	r->context = then;
	char *text = report_json(r);
	strcpy(now.version, "newer");
	assert_true(report_context_read(&now, text));
	assert_string_equal(now.version, "newer");
	assert_string_equal(now.camera, then.camera);
	assert_string_equal(now.model_hash, then.model_hash);
	assert_false(now.breaks.enabled[BREAK_MOVEMENT]);
	assert_int_equal(report_thresholds(&now, rows[0]), report_thresholds(&then, rows[1]));
	for (int i = 0; i < REPORT_THRESHOLDS; i++)
		assert_float_equal(rows[0][i].value, rows[1][i].value, 1e-9);
	static const char *const wrong[] = {"", "{}", "[1]", "{\"schema\":7}",
	                                    "{\"schema\":\"unknot-report/2\"}"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(report_context_read(&now, wrong[i]));
	/* Texts that are longer than their room, and numbers that are none. */
	assert_true(report_context_read(&now, "{\"schema\":\"" REPORT_SCHEMA "\",\"profile\":\""
	            "0123456789012345678901234567890123456789012345678901234567890123456789\","
	            "\"thresholds\":{\"dwell_s\":\"long\",\"slouch_drop_cm\":1e999}}"));
	assert_int_equal(strlen(now.profile), sizeof now.profile - 1);
	assert_float_equal(now.posture.slouch_drop_cm, 5.5, 1e-9);
	free(text);
	store_close(s);
}

/* RULA's bands against the normal distribution: an error common to the whole day. */
static void estimates_tell_how_sure_they_are(void **state)
{
	(void)state;
	enum { SECONDS = 1000 };
	static const struct { double value, sigma, mean[4], sd[4]; } cases[] = {
		{15, 0, {0, 0, 1, 0}, {0, 0, 0, 0}},
		{10, 0, {0, 0, 1, 0}, {0, 0, 0, 0}},   /* a band begins with its first degree */
		{-0.5, 0, {1, 0, 0, 0}, {0, 0, 0, 0}},
		/* z of -2, 0 and 2 are the borders: Phi(-2) = 0.0228, Phi(0) - Phi(-2) = 0.4772 */
		{10, 5, {0.0228, 0.4772, 0.4772, 0.0228}, {0.149, 0.4995, 0.4995, 0.149}},
	};
	struct report_day day;
	struct error error;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store *s = store_open(NULL, NULL, &error);
		for (int k = 0; k < SECONDS / 10; k++) {
			struct store_sample sample = {.wall_ms = day.from_ms + k * 10000};
			sample.measures.m[MEASURE_NECK_FLEXION] =
				(struct measure){cases[i].value, cases[i].sigma, true};
			assert_true(store_sample(s, &sample, &error));
		}
		const struct report_scale *neck = &summarise(s, &day)->scales[0];
		double sum = 0;
		assert_string_equal(neck->name, "neck");
		assert_float_equal(neck->known_s, SECONDS, 1e-6);
		for (int b = 0; b < neck->bands; b++) {
			assert_float_equal(neck->band[b].seconds / SECONDS,
			                   cases[i].mean[b], 0.005);
			assert_float_equal(neck->band[b].sigma_s / SECONDS, cases[i].sd[b], 0.01);
			sum += neck->band[b].seconds;
		}
		assert_float_equal(sum, SECONDS, 1e-6);
		store_close(s);
	}
}

/* Recorded in Lisbon, then two hours further east; reported in Berlin. */
static void times_are_those_of_the_place(void **state)
{
	(void)state;
	char why[512] = "";
	struct error error;
	struct report_day day;
	set_zone("Europe/Berlin");
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = store_open(NULL, NULL, &error);
	const int64_t t = day.from_ms + 10 * HOUR_MS; /* 09:00 UTC */
	const struct store_span spans[] = {
		{t, t + HOUR_MS, PRESENCE_PRESENT, POSTURE_UPRIGHT, STORE_NO_OFFSET},
		{t + HOUR_MS, t + 2 * HOUR_MS, PRESENCE_PRESENT, POSTURE_UPRIGHT, 0},
		{t + 2 * HOUR_MS, t + 3 * HOUR_MS, PRESENCE_PRESENT, POSTURE_UPRIGHT, 0},
		{t + 3 * HOUR_MS, t + 4 * HOUR_MS, PRESENCE_PRESENT, POSTURE_UPRIGHT, 2 * 3600},
	};
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		assert_true(store_span(s, &spans[i], &error));
	const struct store_pain pains[] = {
		{t + HOUR_MS, 4, "lower back", "dull"}, {t + 3 * HOUR_MS + HOUR_MS / 2, 7, "", ""},
	};
	assert_true(store_pain(s, &pains[0], &error) && store_pain(s, &pains[1], &error));
	const struct report_summary *r = summarise(s, &day);
	assert_int_equal(r->offset_count, 2);
	assert_int_equal(r->worst_pain, 7);
	char *text = report_json(r);
	cJSON *schema = load_schema(), *report = cJSON_Parse(text);
	if (!schema_accepts(schema, report, why, sizeof why))
		fail_msg("%s", why);
	const cJSON *list = cJSON_GetObjectItem(report, "pain");
	static const char *const times[] = {"2026-03-09T10:00:00+00:00",
	                                    "2026-03-09T14:30:00+02:00"};
	for (int i = 0; i < 2; i++) {
		const cJSON *entry = cJSON_GetArrayItem(list, i);
		assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(entry, "time")),
		                    times[i]);
		assert_int_equal(cJSON_GetObjectItem(entry, "level")->valueint, pains[i].level);
		assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(entry, "where")),
		                    pains[i].where);
	}
	/* The day itself is the calendar's here. */
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(report, "from")),
	                    "2026-03-09T00:00:00+01:00");
	cJSON_Delete(report);
	cJSON_Delete(schema);
	free(text);
	store_close(s);
}

/* Gone before the camera's eyes, behind a locked screen, and half and half. */
static void a_break_is_verified_by_the_camera(void **state)
{
	(void)state;
	static const struct { int away, paused; enum break_outcome outcome;
	                      bool verified; } cases[] = {
		{6, 0, BREAK_TAKEN, true}, {0, 6, BREAK_TAKEN, false}, {3, 3, BREAK_TAKEN, true},
		{2, 4, BREAK_TAKEN, false}, {6, 0, BREAK_CUT_SHORT, false},
		{6, 0, BREAK_SKIPPED, false},
	};
	struct error error;
	struct report_day day;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const int64_t minute = 60000, t = day.from_ms + 9 * HOUR_MS, left = t + 50 * minute,
			locked = left + cases[i].away * minute,
			back = locked + cases[i].paused * minute;
		struct store *s = store_open(NULL, NULL, &error);
		const struct store_span spans[] = {
			{t, left, PRESENCE_PRESENT, POSTURE_UPRIGHT, STORE_NO_OFFSET},
			{left, locked, PRESENCE_AWAY, POSTURE_UNKNOWN, STORE_NO_OFFSET},
			{locked, back, PRESENCE_PAUSED, POSTURE_UNKNOWN, STORE_NO_OFFSET},
			{back, back + minute, PRESENCE_PRESENT, POSTURE_UPRIGHT, STORE_NO_OFFSET},
		};
		const struct store_break b = {BREAK_MOVEMENT, true, left, left, back, 360, 3000,
		                              cases[i].outcome};
		for (size_t k = 0; k < sizeof spans / sizeof *spans; k++)
			assert_true(store_span(s, &spans[k], &error));
		assert_true(store_break(s, &b, &error));
		const struct report_summary *r = summarise(s, &day);
		assert_int_equal(r->taken[BREAK_MOVEMENT], cases[i].outcome == BREAK_TAKEN);
		assert_int_equal(r->verified[BREAK_MOVEMENT], cases[i].verified);
		store_close(s);
	}
}

/* Ten days: pain goes with long sitting, here by construction. */
static void pain_is_related_to_sitting(void **state)
{
	(void)state;
	enum { DAYS = 10 };
	static const int levels[DAYS] = {5, 1, 2, -1, 6, 2, 7, 1, 5, -1};
	static struct report_summary list[DAYS];
	const struct report_summary *days[DAYS];
	struct report_relation r;
	for (int i = 0; i < DAYS; i++) {
		list[i] = (struct report_summary){.worst_pain = levels[i], .covered_s = 30000,
		                                  .sitting_s = levels[i] > 2 ? 20000 : 10000,
		                                  .longest_bout_s = levels[i] * 100,
		                                  .judged_s = 1000,
		                                  .good_s = levels[i] > 2 ? 600 : 900,
		                                  .due = {4, 2},
		                                  .taken = {levels[i] > 2 ? 1 : 4, 1}};
		days[i] = &list[i];
	}
	assert_true(report_relate(days, DAYS, &r));
	assert_int_equal(r.worse.days, 4);
	assert_int_equal(r.better.days, 4);
	assert_float_equal(r.worse.pain, 23.0 / 4, 1e-9);
	assert_float_equal(r.better.pain, 1.5, 1e-9);
	assert_float_equal(r.worse.sitting_s, 20000, 1e-9);
	assert_float_equal(r.better.sitting_s, 10000, 1e-9);
	assert_float_equal(r.worse.fault_s / r.worse.judged_s, 0.4, 1e-9);
	assert_float_equal(r.better.fault_s / r.better.judged_s, 0.1, 1e-9);
	assert_int_equal(r.worse.taken, 8);
	assert_int_equal(r.better.due, 24);
	/* Seven days are too few, and so are days that are all alike. */
	assert_false(report_relate(days, DAYS - 2, &r));
	for (int i = 0; i < DAYS; i++)
		list[i].worst_pain = 3;
	assert_false(report_relate(days, DAYS, &r));
	assert_false(report_relate(days, 0, &r));
}

/* More of everything than a report lists: the counts stay true, the lists stop. */
static void a_day_may_overflow_its_lists(void **state)
{
	(void)state;
	enum { MANY = 130 };
	char why[512] = "";
	struct error error;
	struct report_day day;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = store_open(NULL, NULL, &error);
	for (int i = 0; i < MANY; i++) {
		const int64_t t = day.from_ms + i * 600000LL;
		const struct store_span sat = {t, t + 300000 + i * 1000,
		                               PRESENCE_PRESENT, POSTURE_UPRIGHT},
			left = {sat.end_ms, t + 600000, PRESENCE_AWAY, POSTURE_UNKNOWN};
		const struct store_alert alert = {.wall_ms = t, .kind = "monitor"};
		const struct store_break b = {BREAK_MICRO, true, t, 0, 0, 0, 1200, BREAK_SKIPPED};
		assert_true(store_span(s, &sat, &error) && store_span(s, &left, &error));
		assert_true(store_alert(s, &alert, NULL, &error) && store_break(s, &b, &error));
	}
	const struct report_summary *r = summarise(s, &day);
	assert_int_equal(r->bout_count, MANY);
	assert_int_equal(r->alert_count, MANY);
	assert_int_equal(r->skipped[BREAK_MICRO], MANY);
	assert_float_equal(r->longest_bout_s, 300 + MANY - 1, 1e-6);
	char *text = report_json(r);
	cJSON *schema = load_schema(), *report = cJSON_Parse(text);
	if (!schema_accepts(schema, report, why, sizeof why))
		fail_msg("%s", why);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(report, "alerts")), REPORT_ALERTS);
	cJSON_Delete(report);
	cJSON_Delete(schema);
	free(text);
	store_close(s);
}

static void names_are_bytes_and_json_is_text(void **state)
{
	(void)state;
	static const struct { const char *name, *expected; } cases[] = {
		{"plain", "plain"}, {"K\303\274che", "K\303\274che"}, {"cut \303", "cut ?"},
		{"\377\376x", "??x"},
		{"\342\202\254 \360\237\230\200", "\342\202\254 \360\237\230\200"},
		{"\300\257", "??"}, {"\355\240\200", "???"}, {"\364\220\200\200", "????"},
		{"\"\\\n\t", "\"\\\n\t"}, {"\342\202", "??"},
	};
	struct report_day day;
	struct error error;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = store_open(NULL, NULL, &error);
	struct report_summary *r = summarise(s, &day);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(r->context.camera, sizeof r->context.camera, "%s", cases[i].name);
		char *text = report_json(r);
		cJSON *json = cJSON_Parse(text);
		assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(json, "camera")),
		                    cases[i].expected);
		cJSON_Delete(json);
		free(text);
	}
	store_close(s);
}

static void a_span_over_midnight_belongs_to_both_days(void **state)
{
	(void)state;
	set_zone("Europe/Berlin");
	struct error error;
	struct report_day day;
	assert_true(report_day_parse("2026-03-29", 0, &day));
	struct store *s = store_open(NULL, NULL, &error);
	const struct store_span span = {day.to_ms - 2 * HOUR_MS, day.to_ms + HOUR_MS,
	                                PRESENCE_PRESENT, POSTURE_UPRIGHT};
	assert_true(store_span(s, &span, &error));
	assert_float_equal(summarise(s, &day)->covered_s, 7200, 1e-6);
	struct report_day next = report_day_next(&day);
	assert_float_equal(summarise(s, &next)->covered_s, 3600, 1e-6);
	/* A clock set back makes spans overlap: no second is counted twice. */
	const struct store_span again = {day.to_ms + HOUR_MS / 2, day.to_ms + 2 * HOUR_MS,
	                                 PRESENCE_AWAY, POSTURE_UNKNOWN};
	assert_true(store_span(s, &again, &error));
	assert_float_equal(summarise(s, &next)->covered_s, 7200, 1e-6);
	store_close(s);
}

static void a_day_is_written_whole_and_private(void **state)
{
	(void)state;
	char dir[] = "/tmp/unknot-report-XXXXXX", path[PATH_SIZE], command[128];
	struct report_context c = context();
	struct report_day day;
	struct error error;
	assert_non_null(mkdtemp(dir));
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = make_day(&day);
	assert_true(report_write_day(s, &day, &c, dir, path, &error));
	assert_non_null(strstr(path, "/reports/2026-03-09.json"));
	char *text = path_read_file(path, 1 << 20, NULL, &error);
	cJSON *json = cJSON_Parse(text);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(json, "schema")),
	                    REPORT_SCHEMA);
	cJSON_Delete(json);
	free(text);
	assert_false(report_write_day(s, &day, &c, "/proc/unknot", path, &error));
	store_close(s);
	/* It goes when the day is over by then, and nothing else does. */
	char other[PATH_SIZE];
	assert_true(snprintf(other, sizeof other, "%.900s.kept", path) > 0);
	assert_true(path_write_file(other, "x", 1, &error));
	report_forget(dir, day.to_ms - 1);
	assert_int_equal(access(path, F_OK), 0);
	report_forget(dir, day.to_ms);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(access(other, F_OK), 0);
	report_forget("/nowhere", day.to_ms);
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
}

static void text_and_csv_can_be_read(void **state)
{
	(void)state;
	struct error error;
	struct report_day day;
	assert_true(report_day_parse("2026-03-09", 0, &day));
	struct store *s = make_day(&day);
	struct store_alert wordy = {.wall_ms = day.from_ms + 10 * HOUR_MS, .kind = "reclined",
	                            .text = "Your eyes are 7 cm lower and 12 cm nearer than when "
	                                    "you sit upright, for 3 minutes \342\200\223 sit back "
	                                    "against the lumbar support and let the shoulders "
	                                    "hang."};
	assert_true(store_alert(s, &wordy, NULL, &error));
	/* Of a kind the latest is told, and how many there were. */
	struct store_alert again = {.kind = "too_close", .text = "Nearer than an arm"};
	for (int i = 0; i < 3; i++) {
		snprintf(again.text, sizeof again.text, "Nearer than an arm, %d", i);
		again.wall_ms = day.from_ms + (8 + 2 * i) * HOUR_MS + 60000;
		assert_true(store_alert(s, &again, NULL, &error));
	}
	const struct report_summary *r = summarise(s, &day);
	char *text = report_text(r, true), *csv = report_csv(r, true);
	assert_non_null(strstr(text, "Slouched"));
	assert_non_null(strstr(text, "Sit back."));
	assert_non_null(strstr(text, " hang.\n"));
	assert_true(strstr(text, "arm, 2") > strstr(text, " hang.")); /* in order of time */
	assert_non_null(strstr(text, "arm, 2\n        2 more of the kind\n"));
	assert_null(strstr(text, "arm, 1"));
	assert_non_null(strstr(text, "Eyes lower than upright"));
	char *brief = report_text(r, false);
	assert_null(strstr(brief, "Eyes lower than upright"));
	free(brief);
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
		int columns = 0;
		for (size_t i = 0; line[i] != '\n' && line[i] != '\0'; i++)
			columns += (line[i] & 0xc0) != 0x80;
		if (columns > 80)
			fail_msg("%d columns: %.120s", columns, line);
	}
	/* Every line of the CSV has the same number of fields. */
	int fields[2] = {0}, line = 0;
	for (const char *p = csv; *p != '\0' && line < 2; p++) {
		fields[line] += *p == ',';
		line += *p == '\n';
	}
	assert_true(fields[0] > 20);
	assert_int_equal(fields[0], fields[1]);
	free(text);
	free(csv);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_day_adds_up),
		cmocka_unit_test(the_report_obeys_its_schema),
		cmocka_unit_test(days_have_the_hours_they_have),
		cmocka_unit_test(days_without_a_midnight_are_days),
		cmocka_unit_test(a_hole_is_not_covered),
		cmocka_unit_test(few_samples_have_percentiles),
		cmocka_unit_test(what_is_seen_often_does_not_count_more),
		cmocka_unit_test(what_was_in_force_is_read_back),
		cmocka_unit_test(estimates_tell_how_sure_they_are),
		cmocka_unit_test(times_are_those_of_the_place),
		cmocka_unit_test(a_break_is_verified_by_the_camera),
		cmocka_unit_test(pain_is_related_to_sitting),
		cmocka_unit_test(a_day_may_overflow_its_lists),
		cmocka_unit_test(names_are_bytes_and_json_is_text),
		cmocka_unit_test(a_span_over_midnight_belongs_to_both_days),
		cmocka_unit_test(a_day_is_written_whole_and_private),
		cmocka_unit_test(text_and_csv_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
