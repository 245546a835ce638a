/* What a report counts, weighs and writes, number by number: each next to one that it could be
 * taken for. */
#include "report/report.h"

#include "base/text.h"
#include "report/format.h"
#include "report/html.h"
#include "report/number.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct report_summary *s;
static struct report_day day;
static struct store *history;

static int begin(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	s = calloc(1, sizeof *s);
	history = store_open(NULL, NULL, NULL);
	return s == NULL || history == NULL || !report_day_parse("2026-03-09", 0, &day);
}

static int end(void **state)
{
	(void)state;
	store_close(history);
	free(s);
	return 0;
}

static void summarise(void)
{
	const struct report_context c = {.posture = posture_config_default(),
	                                 .breaks = breaks_config_default()};
	assert_true(report_summarise(history, &day, &c, s, NULL));
}

/* A span so many seconds after nine. */
static void put_span(double from_s, double to_s, enum presence presence, int offset_s)
{
	const int64_t nine = day.from_ms + 9 * 3600000;
	const struct store_span span = {nine + (int64_t)(from_s * 1000),
	                                nine + (int64_t)(to_s * 1000), presence,
	                                presence == PRESENCE_PRESENT ? POSTURE_UPRIGHT
	                                                             : POSTURE_UNKNOWN,
	                                offset_s};
	assert_true(store_span(history, &span, NULL));
}

static void put_break(enum break_kind kind, bool prompted, enum break_outcome outcome)
{
	const struct store_break b = {kind, prompted, day.from_ms + 9 * 3600000,
	                              0, 0, 77, 1234, outcome};
	assert_true(store_break(history, &b, NULL));
}

/* The field of this name in the second of two rows. */
static const char *csv_field(const char *name)
{
	static char field[64];
	char *text = report_csv(s, true), *at = text;
	char *row = strchr(text, '\n') + 1;
	const size_t length = strlen(name);
	while (strncmp(at, name, length) != 0 || (at[length] != ',' && at[length] != '\r')) {
		at += strcspn(at, ",\r");
		if (*at++ != ',')
			fail_msg("no column %s", name);
		row += strcspn(row, ",\r") + 1;
	}
	snprintf(field, sizeof field, "%.*s", (int)strcspn(row, ",\r"), row);
	free(text);
	return field;
}

static double json_number(const char *const *path)
{
	char *text = report_json(s);
	cJSON *json = cJSON_Parse(text);
	const cJSON *at = json;
	for (; *path != NULL; path++)
		at = **path >= '0' && **path <= '9' ? cJSON_GetArrayItem(at, atoi(*path))
		                                    : cJSON_GetObjectItemCaseSensitive(at, *path);
	const double value = cJSON_IsNumber(at) ? at->valuedouble : NAN;
	cJSON_Delete(json);
	free(text);
	return value;
}

#define JSON(...) json_number((const char *const[]){__VA_ARGS__, NULL})

static void breaks_are_counted_by_their_outcome(void **state)
{
	(void)state;
	static const int taken = 3, cut = 2, skipped = 1, natural = 4;
	for (int i = 0; i < taken; i++)
		put_break(BREAK_MICRO, true, BREAK_TAKEN);
	for (int i = 0; i < cut; i++)
		put_break(BREAK_MICRO, true, BREAK_CUT_SHORT);
	for (int i = 0; i < skipped; i++)
		put_break(BREAK_MICRO, true, BREAK_SKIPPED);
	for (int i = 0; i < natural; i++)
		put_break(BREAK_MICRO, false, BREAK_TAKEN);
	summarise();
	assert_int_equal(s->due[BREAK_MICRO], taken + cut + skipped);
	assert_int_equal(s->taken[BREAK_MICRO], taken);
	assert_int_equal(s->cut_short[BREAK_MICRO], cut);
	assert_int_equal(s->skipped[BREAK_MICRO], skipped);
	assert_int_equal(s->natural[BREAK_MICRO], natural);
	assert_string_equal(csv_field("micro_due"), "6");
	assert_string_equal(csv_field("micro_taken"), "3");
	assert_string_equal(csv_field("micro_cut_short"), "2");
	assert_string_equal(csv_field("micro_skipped"), "1");
	assert_string_equal(csv_field("micro_natural"), "4");
	assert_true(JSON("breaks", "micro", "due") == 6);
	assert_true(JSON("breaks", "micro", "taken") == 3);
	assert_true(JSON("breaks", "micro", "cut_short") == 2);
	assert_true(JSON("breaks", "micro", "skipped") == 1);
	assert_true(JSON("breaks", "micro", "natural") == 4);
	assert_true(JSON("breaks", "list", "0", "length_s") == 77);
	assert_true(JSON("breaks", "list", "0", "sitting_before_s") == 1234);
}

static void a_day_without_due_breaks_misses_none(void **state)
{
	(void)state;
	put_span(0, 3600, PRESENCE_PRESENT, 0);
	summarise();
	assert_true(fabs(s->score - 85) < 1e-9); /* in one posture all the time */
	put_break(BREAK_MICRO, true, BREAK_SKIPPED);
	summarise();
	assert_true(fabs(s->score - 60) < 1e-9);
}

static void bouts_are_joined_over_less_than_a_minute(void **state)
{
	(void)state;
	put_span(0, 600, PRESENCE_PRESENT, 0);
	put_span(659, 1000, PRESENCE_PRESENT, 0);
	summarise();
	assert_int_equal(s->bout_count, 1);
	put_span(1060, 2000, PRESENCE_PRESENT, 0);
	summarise();
	assert_int_equal(s->bout_count, 2);
	assert_true(fabs(s->longest_bout_s - 941) < 1e-6);
	assert_true(fabs(s->mean_bout_s - 1881.0 / 2) < 1e-6);
}

static void offsets_are_noted_when_they_change(void **state)
{
	(void)state;
	put_span(0, 60, PRESENCE_PRESENT, 3600);
	put_span(60, 120, PRESENCE_AWAY, 3600);
	put_span(120, 180, PRESENCE_AWAY, STORE_NO_OFFSET);
	put_span(180, 240, PRESENCE_PRESENT, 7200);
	summarise();
	assert_int_equal(s->offset_count, 2);
	assert_int_equal(s->offsets[1].seconds, 7200);
	const int64_t change = s->offsets[1].from_ms;
	assert_int_equal(format_local(s, change).tm_hour, 11);
	assert_int_equal(format_local(s, change - 1000).tm_hour, 10);
	assert_int_equal(format_local(s, 0).tm_hour, 1);
}

/* ---- measures ---- */

static void bands_are_those_in_force(void **state)
{
	(void)state;
	const double open = HUGE_VAL;
	const struct { enum measure_id id; double low, high; } bands[] = {
		{MEASURE_SCREEN_DISTANCE, 45, 100}, {MEASURE_HEAD_ROLL, -10, 10},
		{MEASURE_HEAD_YAW, -20, 20}, {MEASURE_HEAD_YAW_CHANGE, -20, 20},
		{MEASURE_SHOULDER_TILT, -7, 7}, {MEASURE_EYE_DROP, -open,
		                                 2.5}, {MEASURE_LEAN_IN, -open, 5},
		{MEASURE_LEAN_SIDE, -6, 6}, {MEASURE_HEAD_PITCH_CHANGE, -open, 20},
		{MEASURE_NECK_FLEXION, 0, 25}, {MEASURE_TRUNK_FLEXION, 0, 20}};
	struct store_sample sample = {.wall_ms = day.from_ms + 9 * 3600000};
	for (int m = 0; m < MEASURE_COUNT; m++)
		sample.measures.m[m] = (struct measure){1, 0.1, true};
	assert_true(store_sample(history, &sample, NULL));
	summarise();
	int banded = 0;
	for (int m = 0; m < MEASURE_COUNT; m++)
		banded += s->measures[m].banded;
	assert_int_equal(banded, sizeof bands / sizeof *bands);
	for (size_t i = 0; i < sizeof bands / sizeof *bands; i++) {
		const struct report_measure *m = &s->measures[bands[i].id];
		if (!m->banded || m->low != bands[i].low || m->high != bands[i].high)
			fail_msg("%s: %g to %g, expected %g to %g", measure_name(bands[i].id),
			         m->low, m->high, bands[i].low, bands[i].high);
	}
	/* no band, no share of it */
	assert_string_equal(csv_field("eye_distance_cm_in_band_s"), "");
	assert_string_equal(csv_field("neck_flexion_deg_in_band_s"), "1");
}

/* Samples a minute, a minute and two hours apart stand for a minute each; weights move
 * percentiles. */
static void a_hole_is_nobody_s_time(void **state)
{
	(void)state;
	static const int minutes[] = {0, 1, 2, 122, 123};
	for (int i = 0; i < 5; i++) {
		struct store_sample sample = {.wall_ms = day.from_ms + minutes[i] * 60000};
		sample.measures.m[MEASURE_EYE_DROP] = (struct measure){i, 0.1, true};
		assert_true(store_sample(history, &sample, NULL));
	}
	summarise();
	assert_true(fabs(s->measures[MEASURE_EYE_DROP].valid_s - 300) < 1e-9);
	assert_true(fabs(s->measures[MEASURE_EYE_DROP].p50 - 2) < 1e-9);
	assert_true(fabs(s->measures[MEASURE_EYE_DROP].p10) < 1e-9);
	assert_true(fabs(s->measures[MEASURE_EYE_DROP].p90 - 4) < 1e-9);
}

/* An angle on the border with an error to both sides is half a minute here and half there, and as
 * unsure. */
static void a_border_shares_its_time(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct store_sample sample = {.wall_ms = day.from_ms + i * 60000};
		if (i == 0)
			sample.measures.m[MEASURE_NECK_FLEXION] = (struct measure){10, 2, true};
		assert_true(store_sample(history, &sample, NULL));
	}
	summarise();
	const struct report_scale *neck = &s->scales[0];
	assert_true(fabs(neck->known_s - 60) < 1e-9);
	assert_true(fabs(neck->band[1].seconds - 30) < 1e-6 &&
	            fabs(neck->band[1].sigma_s - 30) < 1e-6);
	assert_true(fabs(neck->band[2].seconds - 30) < 1e-6 &&
	            fabs(neck->band[2].sigma_s - 30) < 1e-6);
	assert_true(neck->band[3].seconds < 1e-6 && neck->band[0].seconds < 1e-6);
}

/* ---- days beside each other ---- */

static void days_are_parted_evenly(void **state)
{
	(void)state;
	enum { DAYS = 8 };
	/* The median is 5: as many above as below, so those at it are among the better. */
	static const int pain[DAYS] = {5, 7, 3, 5, 7, 3, 5, 5};
	struct report_summary *all = calloc(DAYS, sizeof *all);
	const struct report_summary *days[DAYS];
	struct report_relation r;
	assert_non_null(all);
	for (int i = 0; i < DAYS; i++) {
		all[i].worst_pain = pain[i];
		all[i].covered_s = all[i].judged_s = 100;
		all[i].good_s = 60;
		all[i].longest_bout_s = 50;
		all[i].sitting_s = 80;
		days[i] = &all[i];
	}
	assert_false(report_relate(days, DAYS, &r)); /* two on one side */
	assert_int_equal(r.worse.days, 2);
	assert_int_equal(r.better.days, 6);
	assert_true(fabs(r.worse.pain - 7) < 1e-9);
	assert_true(fabs(r.better.longest_s - 50) < 1e-9 && fabs(r.better.sitting_s - 80) < 1e-9);
	assert_true(fabs(r.better.fault_s - 240) < 1e-9 && fabs(r.better.judged_s - 600) < 1e-9);
	free(all);
}

static void thresholds_are_told_apart(void **state)
{
	(void)state;
	struct report_context c = {.breaks = breaks_config_default()};
	struct report_threshold rows[REPORT_THRESHOLDS];
	double *values = (double *)(void *)&c.posture;
	for (size_t i = 0; i < sizeof c.posture / sizeof *values; i++)
		values[i] = 1000 + (double)i;
	c.breaks.enabled[BREAK_MICRO] = false;
	const int count = report_thresholds(&c, rows);
	int found = 0;
	for (int i = 0; i < count; i++) {
		for (int k = 0; k < i; k++) /* each is a field of its own */
			assert_true(rows[i].value < 1000 || rows[i].value != rows[k].value);
		if (strcmp(rows[i].name, "release_s") == 0)
			found += rows[i].value == c.posture.release_s;
		if (strcmp(rows[i].name, "micro_every_s") == 0)
			found += rows[i].value == 0; /* off */
		if (strcmp(rows[i].name, "movement_every_s") == 0)
			found += rows[i].value == 3000;
	}
	assert_int_equal(found, 3);
}

static void the_evidence_is_told_apart(void **state)
{
	(void)state;
	const struct store_alert alert = {.wall_ms = day.from_ms + 1000, .kind = "slouched",
	                                  .evidence = "eye_drop_cm", .value = 7,
	                                  .sigma = 1, .baseline = 2,
	                                  .threshold = 4, .held_s = 65};
	assert_true(store_alert(history, &alert, NULL, NULL));
	summarise();
	assert_true(JSON("alerts", "0", "evidence", "value") == 7);
	assert_true(JSON("alerts", "0", "evidence", "sigma") == 1);
	assert_true(JSON("alerts", "0", "evidence", "baseline") == 2);
	assert_true(JSON("alerts", "0", "evidence", "threshold") == 4);
	assert_true(JSON("alerts", "0", "held_s") == 65);
}

static void no_pain_is_an_entry_too(void **state)
{
	(void)state;
	summarise();
	assert_string_equal(csv_field("worst_pain"), "");
	assert_true(store_pain(history, &(struct store_pain){.wall_ms = day.from_ms + 1}, NULL));
	summarise();
	assert_string_equal(csv_field("worst_pain"), "0");
	assert_true(store_pain(history,
	                       &(struct store_pain){.wall_ms = day.from_ms + 2, .level = 6}, NULL));
	assert_true(store_pain(history,
	                       &(struct store_pain){.wall_ms = day.from_ms + 3, .level = 2}, NULL));
	summarise();
	assert_string_equal(csv_field("worst_pain"), "6");
}

/* ---- as people read them ---- */

static void numbers_read_well(void **state)
{
	(void)state;
	char text[NUMBER_SIZE];
	static const struct { double v; int digits; const char *text; } plain[] = {
		{-0.04, 1, "0.0"}, {-0.06, 1, "\u22120.1"}, {-0.4, 0, "0"}, {2.35, 1, "2.4"},
		{-12, 0, "\u221212"}};
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		assert_string_equal(number_plain(text, plain[i].v, plain[i].digits), plain[i].text);
	assert_string_equal(number_duration(text, 59.4), "59\u00a0s");
	assert_string_equal(number_duration(text, 59 * 60), "59\u00a0min");
	assert_string_equal(number_duration(text, 60 * 60), "1\u00a0h\u00a000\u00a0min");
	assert_string_equal(number_duration(text, 61 * 60), "1\u00a0h\u00a001\u00a0min");
	assert_string_equal(number_percent(text, 0.01), "1\u00a0%");
	assert_string_equal(number_percent(text, 0), "0\u00a0%");
	assert_string_equal(number_percent(text, 0.004), "under 1\u00a0%");
}

/* Against the C library, on the first of every month of a leap year, its neighbours and 1900's
 * kin. */
static void weekdays_are_the_calendar_s(void **state)
{
	static const int years[] = {2023, 2024, 2025, 2026, 2100};
	(void)state;
	for (size_t y = 0; y < sizeof years / sizeof *years; y++)
		for (int month = 1; month <= 12; month++) {
			char text[NUMBER_SIZE], weekday[32];
			struct tm tm = {.tm_year = years[y] - 1900, .tm_mon = month - 1,
			                .tm_mday = 1};
			timegm(&tm);
			strftime(weekday, sizeof weekday, "%A", &tm);
			const struct report_day first =
				{.year = years[y], .month = month, .day = 1};
			number_date(text, &first, WORD_DATE_LONG);
			if (strstr(text, weekday) == NULL)
				fail_msg("%d-%02d-01 is a %s: %s", years[y], month, weekday, text);
		}
}

static void foreign_bytes_are_made_harmless(void **state)
{
	(void)state;
	static const struct { const char *bytes; size_t length; } forms[] = {
		{"a", 1}, {"\xc3\xa4", 2}, {"\xed\x9f\xbf", 3}, {"\xed\xa0\x80", 0},
		{"\xf4\x8f\xbf\xbf", 4},
		{"\xf4\x90\x80\x80", 0}, {"\xc0\x80", 0}, {"\xe0\x80\x80", 0},
		{"\xf0\x80\x80\x80", 0}};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		assert_int_equal(text_character(forms[i].bytes), forms[i].length);
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	html_text(to, "<a b='c' d=\"e\">&`\x7f\x1b\t\xc2\x85\xc2\x9f\xc2\xa0");
	fclose(to);
	assert_string_equal(text, "&lt;a b=&#39;c&#39; "
	                          "d=&quot;e&quot;&gt;&amp;`\ufffd\ufffd\t\ufffd\ufffd\u00a0");
	free(text);
}

static int columns_of(const char *line, size_t length)
{
	int n = 0;
	for (size_t i = 0; i < length; i++)
		n += ((unsigned char)line[i] & 0xc0) != 0x80;
	return n;
}

/* Words of every length up to eleven, with letters of two bytes: lines are full and never too long,
 * and nothing in them speaks to the terminal. */
static void lines_are_full_and_end_at_80(void **state)
{
	(void)state;
	for (int letters = 1; letters < 12; letters++) {
		struct store_alert *a = &s->alerts[0];
		memset(s, 0, sizeof *s);
		s->day = (struct report_day){.year = 2024, .month = 3, .day = 8};
		s->score = -1;
		s->alert_count = 1;
		for (size_t used = 0; used + 2 * (size_t)letters + 2 < sizeof a->text;) {
			for (int i = 0; i < letters; i++, used += 2)
				memcpy(a->text + used, "\xc3\xa4", 2);
			a->text[used++] = ' ';
		}
		memcpy(a->text, "\x1b\x07", 2);
		char *text = report_text(s, true);
		assert_null(strchr(text, 0x1b));
		assert_null(strchr(text, 0x07));
		for (char *line = text, *next; *line != '\0'; line = next) {
			const size_t length = strcspn(line, "\n");
			next = line + length + (line[length] == '\n');
			const int columns = columns_of(line, length);
			if (columns > 80)
				fail_msg("%d columns: %.*s", columns, (int)length, line);
			const bool more = strncmp(next, "        \xc3", 9) == 0;
			if (more && columns + 1 + letters <= 80)
				fail_msg("%d columns, and the next word has %d: %.*s",
				         columns, letters, (int)length, line);
		}
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(breaks_are_counted_by_their_outcome, begin, end),
		cmocka_unit_test_setup_teardown(a_day_without_due_breaks_misses_none, begin, end),
		cmocka_unit_test_setup_teardown(bouts_are_joined_over_less_than_a_minute,
		                                begin, end),
		cmocka_unit_test_setup_teardown(offsets_are_noted_when_they_change, begin, end),
		cmocka_unit_test_setup_teardown(bands_are_those_in_force, begin, end),
		cmocka_unit_test_setup_teardown(a_hole_is_nobody_s_time, begin, end),
		cmocka_unit_test_setup_teardown(a_border_shares_its_time, begin, end),
		cmocka_unit_test_setup_teardown(days_are_parted_evenly, begin, end),
		cmocka_unit_test_setup_teardown(thresholds_are_told_apart, begin, end),
		cmocka_unit_test_setup_teardown(the_evidence_is_told_apart, begin, end),
		cmocka_unit_test_setup_teardown(no_pain_is_an_entry_too, begin, end),
		cmocka_unit_test_setup_teardown(numbers_read_well, begin, end),
		cmocka_unit_test_setup_teardown(weekdays_are_the_calendar_s, begin, end),
		cmocka_unit_test_setup_teardown(foreign_bytes_are_made_harmless, begin, end),
		cmocka_unit_test_setup_teardown(lines_are_full_and_end_at_80, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
