/* Days as no person plans them: their reports obey the schema, and what ought to add up does. */
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

#include <cmocka.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* ---- what holds of every report ---- */

static double number(const cJSON *of, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(of, key);
	if (!cJSON_IsNumber(item))
		fail_msg("%s is no number", key);
	return item->valuedouble;
}

static const cJSON *get(const cJSON *of, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(of, key);
	if (item == NULL)
		fail_msg("%s is missing", key);
	return item;
}

static double sum(const cJSON *of)
{
	double total = 0;
	const cJSON *item;
	cJSON_ArrayForEach(item, of)
		total += item->valuedouble;
	return total;
}

static double instant(const cJSON *text)
{
	struct tm tm = {0};
	int hours, minutes;
	char sign;
	assert_int_equal(sscanf(text->valuestring, "%d-%d-%dT%d:%d:%d%c%d:%d",
	                        &tm.tm_year, &tm.tm_mon,
	                        &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec,
	                        &sign, &hours, &minutes), 9);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	const int east = (sign == '-' ? -60 : 60) * (hours * 60 + minutes);
	return (double)(timegm(&tm) - east);
}

/* Each number of JSON is rounded for itself: `n` of them may be off by half of the last digit. */
static void same(const char *what, double a, double b, double within)
{
	if (!(fabs(a - b) <= within + 1e-9))
		fail_msg("%s: %.3f and %.3f", what, a, b);
}

static void time_adds_up(const cJSON *r)
{
	const cJSON *presence = get(r, "presence_s"), *hour, *one;
	const double covered = number(r, "covered_s"),
	             day = instant(get(r, "to")) - instant(get(r, "from"));
	double good = 0, fault = 0;
	same("presences", sum(presence), covered, 0.004);
	same("postures", sum(get(r, "posture_s")), number(presence, "present"), 0.006);
	assert_true(covered <= day);
	assert_true(number(r, "good_s") <= number(r, "judged_s"));
	cJSON_ArrayForEach(one, presence) {
		double of_hours = 0;
		cJSON_ArrayForEach(hour, get(r, "hours"))
			of_hours += number(get(hour, "presence_s"), one->string);
		same(one->string, of_hours, one->valuedouble, 0.014);
	}
	cJSON_ArrayForEach(hour, get(r, "hours")) {
		assert_true(sum(get(hour, "presence_s")) <= 3600.004);
		assert_true(instant(get(hour, "start")) >= instant(get(r, "from")));
		assert_true(instant(get(hour, "start")) < instant(get(r, "to")));
		good += number(hour, "good_s");
		fault += number(hour, "fault_s");
	}
	same("hours of sitting well", good, number(r, "good_s"), 0.014);
	same("hours judged", good + fault, number(r, "judged_s"), 0.027);
}

static void sitting_adds_up(const cJSON *r)
{
	const cJSON *sitting = get(r, "sitting"), *presence = get(r, "presence_s"), *bout;
	const double total = number(sitting, "total_s"),
	             longest = number(sitting, "longest_bout_s");
	const int bouts = cJSON_GetArraySize(get(sitting, "bouts"));
	assert_int_equal(bouts, number(sitting, "bout_count"));
	double before = instant(get(r, "from")), spanned = 0;
	same("sitting", total, number(presence, "present") + number(presence, "in_call"), 0.502);
	same("bouts", number(sitting, "mean_bout_s") * bouts, total, 0.5 * (bouts + 1));
	assert_true(longest <= total && number(sitting, "static_s") <= total);
	cJSON_ArrayForEach(bout, get(sitting, "bouts")) {
		const double start = instant(get(bout, "start")), end = instant(get(bout, "end"));
		assert_true(start >= before && end >= start && end <= instant(get(r, "to")));
		before = end;
		spanned += end - start;
	}
	/* interruptions lie within; times lose their fractions */
	assert_true(spanned >= total - bouts - 0.5);
}

static void measures_are_in_order(const cJSON *r)
{
	const cJSON *m, *scale, *band;
	cJSON_ArrayForEach(m, get(r, "measures")) {
		assert_true(number(m, "p10") <= number(m, "p50") &&
		            number(m, "p50") <= number(m, "p90"));
		assert_true(number(m, "samples") <= number(r, "samples"));
		if (!cJSON_IsNull(get(m, "in_band_s"))) {
			assert_true(number(m, "in_band_s") <= number(m, "valid_s"));
			same("share in band", number(m, "in_band_share") * number(m, "valid_s"),
			     number(m, "in_band_s"), 1 + 0.0005 * number(m, "valid_s"));
		}
	}
	cJSON_ArrayForEach(scale, get(r, "rula")) {
		double seconds = 0;
		cJSON_ArrayForEach(band, get(scale, "bands"))
			seconds += number(band, "seconds");
		same("bands", seconds, number(scale, "known_s"), 0.7);
	}
}

static void counts_are_those_of_the_lists(const cJSON *r)
{
	static const char *const kinds[] = {"micro", "movement"};
	const cJSON *breaks = get(r, "breaks"), *b;
	int listed = 0;
	assert_int_equal(cJSON_GetArraySize(get(r, "alerts")), number(r, "alert_count"));
	for (int k = 0; k < 2; k++) {
		const cJSON *counts = get(breaks, kinds[k]);
		int verified = 0;
		same(kinds[k], number(counts, "due"), number(counts, "taken") +
		     number(counts, "cut_short") + number(counts, "skipped"), 0);
		cJSON_ArrayForEach(b, get(breaks, "list"))
			verified += strcmp(get(b, "kind")->valuestring, kinds[k]) == 0 &&
			            cJSON_IsTrue(get(b, "verified")) &&
			            cJSON_IsTrue(get(b, "prompted"));
		same("verified", number(counts, "verified"), verified, 0);
		assert_true(verified <= number(counts, "taken"));
		listed += (int)(number(counts, "due") + number(counts, "natural"));
	}
	assert_int_equal(cJSON_GetArraySize(get(breaks, "list")), listed);
}

static void the_score_is_earned(const cJSON *r)
{
	const bool known = number(r, "coverage") >= 0.5 && number(r, "judged_s") > 0 &&
	                   number(get(r, "sitting"), "total_s") >= 3600;
	assert_int_equal(cJSON_IsNumber(get(r, "score")), known);
}

static cJSON *schema;

static int load_schema(void **state)
{
	(void)state;
	struct error error;
	char *text = path_read_file(UNKNOT_SOURCE_DIR "/src/report/schema/report-1.schema.json",
	                            1 << 20, NULL, &error);
	schema = text != NULL ? cJSON_Parse(text) : NULL;
	free(text);
	return schema != NULL ? 0 : -1;
}

static int drop_schema(void **state)
{
	(void)state;
	cJSON_Delete(schema);
	return 0;
}

/* Every format of that day is made, and its JSON is returned to be looked at. */
static cJSON *report_of(struct store *store, const struct report_day *day)
{
	static struct report_summary summary;
	const struct report_summary *days[] = {&summary};
	const struct report_context context = {.posture = posture_config_default(),
	                                       .breaks = breaks_config_default(),
	                                       .version = "unknot test"};
	struct error error;
	char why[512] = "";
	assert_true(report_summarise(store, day, &context, &summary, &error));
	char *text = report_json(&summary), *others[] = {
		report_text(&summary, true), report_csv(&summary, true),
		report_html(days, 1, 1, NULL),
	};
	cJSON *report = cJSON_Parse(text);
	assert_non_null(report);
	if (!schema_accepts(schema, report, why, sizeof why))
		fail_msg("%s", why);
	time_adds_up(report);
	sitting_adds_up(report);
	measures_are_in_order(report);
	counts_are_those_of_the_lists(report);
	the_score_is_earned(report);
	for (int i = 0; i < 3; i++) {
		assert_non_null(others[i]);
		assert_null(strstr(others[i], "nan"));
		assert_null(strstr(others[i], "inf,"));
		free(others[i]);
	}
	free(text);
	return report;
}

/* ---- the days ---- */

static struct store *new_store(void)
{
	struct error error;
	struct store *s = store_open(NULL, NULL, &error);
	assert_non_null(s);
	return s;
}

static struct report_day day_of(const char *zone, const char *date)
{
	struct report_day day;
	setenv("TZ", zone, 1);
	tzset();
	assert_true(report_day_parse(date, 0, &day));
	return day;
}

static void span(struct store *s, int64_t from, int64_t to, enum presence presence,
                 enum posture posture)
{
	struct error error;
	const struct store_span row = {from, to, presence, posture, STORE_NO_OFFSET};
	assert_true(store_span(s, &row, &error));
}

static void look(struct store *s, int64_t at, double drop)
{
	struct error error;
	struct store_sample row = {.wall_ms = at, .posture = POSTURE_UPRIGHT, .confidence = 0.9};
	row.measures.m[MEASURE_EYE_DROP] = (struct measure){drop, 0.5, true};
	row.measures.m[MEASURE_NECK_FLEXION] = (struct measure){8 + drop, 10, true};
	row.measures.m[MEASURE_SCREEN_DISTANCE] = (struct measure){60 - drop, 1, true};
	assert_true(store_sample(s, &row, &error));
}

static void an_empty_day(void **state)
{
	(void)state;
	struct store *s = new_store();
	const struct report_day day = day_of("Europe/Berlin", "2026-03-09");
	cJSON *r = report_of(s, &day);
	assert_true(number(r, "covered_s") == 0 && number(r, "coverage") == 0);
	assert_int_equal(cJSON_GetArraySize(get(r, "hours")), 0);
	assert_int_equal(cJSON_GetArraySize(get(r, "measures")), 0);
	cJSON_Delete(r);
	store_close(s);
}

/* At the desk from the first moment to the last, on days that are an hour short or long; all past,
 * as what is to come changes with tzdata. */
static void days_of_23_and_25_hours(void **state)
{
	(void)state;
	static const struct { const char *zone, *date; int hours; } days[] = {
		{"Europe/Berlin", "2024-03-31", 23}, {"Europe/Berlin", "2024-10-27", 25},
		{"Africa/Cairo", "2024-04-26", 23}, {"America/Havana", "2024-11-03", 25},
		{"Australia/Lord_Howe", "2024-04-08", 24},
	};
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		struct store *s = new_store();
		const struct report_day day = day_of(days[i].zone, days[i].date);
		span(s, day.from_ms - HOUR, day.from_ms + 90 * MINUTE,
		     PRESENCE_PRESENT, POSTURE_UPRIGHT);
		span(s, day.from_ms + 90 * MINUTE, day.to_ms - 90 * MINUTE, PRESENCE_PRESENT,
		     POSTURE_SLOUCHED);
		span(s, day.to_ms - 90 * MINUTE, day.to_ms + HOUR, PRESENCE_IN_CALL,
		     POSTURE_UNKNOWN);
		for (int64_t t = day.from_ms; t < day.to_ms; t += MINUTE)
			look(s, t, (double)(t - day.from_ms) / HOUR);
		cJSON *r = report_of(s, &day);
		same(days[i].date, number(r, "covered_s"), days[i].hours * 3600.0, 0);
		same("coverage", number(r, "coverage"), 1, 0);
		assert_int_equal(cJSON_GetArraySize(get(r, "hours")), days[i].hours);
		assert_int_equal(cJSON_GetArraySize(get(get(r, "sitting"), "bouts")), 1);
		cJSON_Delete(r);
		store_close(s);
	}
}

/* 23:40 to 00:30 in one go: 20 minutes and 30, and a bout on either day. */
static void a_bout_over_midnight(void **state)
{
	(void)state;
	struct store *s = new_store();
	const struct report_day day = day_of("Europe/Berlin", "2026-03-28"),
	                        next = report_day_next(&day);
	span(s, day.to_ms - 20 * MINUTE, next.from_ms + 30 * MINUTE, PRESENCE_PRESENT,
	     POSTURE_LEANING);
	for (int i = 0; i < 50; i++)
		look(s, day.to_ms + (i - 20) * MINUTE, 1);
	cJSON *before = report_of(s, &day), *after = report_of(s, &next);
	same("before", number(get(before, "sitting"), "total_s"), 20 * 60, 0);
	same("after", number(get(after, "sitting"), "total_s"), 30 * 60, 0);
	same("samples", number(before, "samples") + number(after, "samples"), 50, 0);
	assert_string_equal(get(cJSON_GetArrayItem(get(get(after, "sitting"), "bouts"), 0),
	                        "start")->valuestring,
	                    "2026-03-29T00:00:00+01:00");
	cJSON_Delete(before);
	cJSON_Delete(after);
	store_close(s);
}

/* Set back by half an hour in the middle of a span, then forward by two: nothing twice, a hole is
 * no time. */
static void a_clock_that_jumps(void **state)
{
	(void)state;
	struct store *s = new_store();
	const struct report_day day = day_of("Europe/Berlin", "2026-03-09");
	const int64_t t = day.from_ms + 10 * HOUR;
	span(s, t, t + HOUR, PRESENCE_PRESENT, POSTURE_UPRIGHT);
	span(s, t + HOUR / 2, t + HOUR + HOUR / 2, PRESENCE_PRESENT, POSTURE_TURNED);
	span(s, t + HOUR / 4, t + HOUR / 2, PRESENCE_AWAY, POSTURE_UNKNOWN);
	span(s, t + 3 * HOUR, t + 4 * HOUR, PRESENCE_IN_CALL, POSTURE_UNKNOWN);
	for (int i = 0; i < 120; i++) /* as they came: the clock went back between two of them */
		look(s, t + (i < 60 ? i : i - 30) * MINUTE, i % 5);
	cJSON *r = report_of(s, &day);
	same("covered", number(r, "covered_s"), 2.5 * 3600, 0);
	same("coverage", number(r, "coverage"), 2.5 / 4, 0.0005);
	same("away", number(get(r, "presence_s"), "away"), 0, 0);
	cJSON_Delete(r);
	store_close(s);
}

static void one_sample(void **state)
{
	(void)state;
	struct store *s = new_store();
	const struct report_day day = day_of("Europe/Berlin", "2026-03-09");
	look(s, day.from_ms, 2.5);
	cJSON *r = report_of(s, &day);
	const cJSON *drop = get(get(r, "measures"), "eye_drop_cm");
	assert_true(number(drop, "p10") == 2.5 && number(drop, "p90") == 2.5);
	assert_true(number(r, "samples") == 1 && number(r, "covered_s") == 0);
	cJSON_Delete(r);
	store_close(s);
}

/* One state from the first second to the last: known, but nothing in it to judge. */
static void a_day_of_one_state(void **state)
{
	(void)state;
	static const struct { enum presence presence; double coverage, sitting_s; } days[] = {
		{PRESENCE_AWAY, 1, 0}, {PRESENCE_IN_CALL, 1, 86400}, {PRESENCE_PAUSED, 1, 0},
		{PRESENCE_BLOCKED, 1, 0}, {PRESENCE_UNKNOWN, 0, 0}, {PRESENCE_PRESENT, 1, 86400},
	};
	const struct report_day day = day_of("Europe/Berlin", "2026-03-09");
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		struct store *s = new_store();
		span(s, day.from_ms, day.to_ms, days[i].presence, POSTURE_UNKNOWN);
		cJSON *r = report_of(s, &day);
		same("coverage", number(r, "coverage"), days[i].coverage, 0);
		same("sitting", number(get(r, "sitting"), "total_s"), days[i].sitting_s, 0);
		assert_true(cJSON_IsNull(get(r, "score")));
		cJSON_Delete(r);
		store_close(s);
	}
}

/* A state a second, all day long: more pieces than minutes. */
static void a_day_in_pieces(void **state)
{
	(void)state;
	struct store *s = new_store();
	const struct report_day day = day_of("UTC", "2026-03-09");
	int64_t t = day.from_ms;
	for (int i = 0; i < 20000 && t < day.to_ms; i++) {
		const int64_t end = t + 333 + i % 7 * 1111;
		span(s, t, end, (enum presence)(i % PRESENCE_COUNT),
		     (enum posture)(i % POSTURE_COUNT));
		if (i % 3 == 0)
			look(s, t, i % 11 - 5);
		t = end;
	}
	cJSON_Delete(report_of(s, &day));
	store_close(s);
}

/* As many messages and breaks as the coach's dose and the break intervals let through in 25 hours:
 * all of them are in the report, the messages with their evidence. */
static void everything_said_is_told(void **state)
{
	(void)state;
	enum { ALERTS = 4 * 25, BREAKS = 3 * 25 };
	struct error error;
	struct store *s = new_store();
	const struct report_day day = day_of("Europe/Berlin", "2026-10-25");
	span(s, day.from_ms, day.to_ms, PRESENCE_PRESENT, POSTURE_SLOUCHED);
	for (int i = 0; i < ALERTS; i++) {
		const struct store_alert a = {.wall_ms = day.from_ms + i * 15 * MINUTE,
		                              .kind = "slouched",
		                              .posture = POSTURE_SLOUCHED, .held_s = 60 + i,
		                              .evidence = "eye_drop_cm", .value = i, .sigma = 0.5,
		                              .baseline = NAN, .threshold = 4, .text = "Sit back."};
		assert_true(store_alert(s, &a, NULL, &error));
	}
	for (int i = 0; i < BREAKS; i++)
		for (int k = 0; k < BREAK_KINDS; k++) {
			const int64_t at = day.from_ms + i * 20 * MINUTE;
			const struct store_break b = {(enum break_kind)k,
			                              i % 2 == 0, at, at, at + 30 * SECOND,
			                              30, 1200, BREAK_TAKEN};
			assert_true(store_break(s, &b, &error));
		}
	cJSON *r = report_of(s, &day);
	const cJSON *alerts = get(r, "alerts");
	assert_int_equal(cJSON_GetArraySize(alerts), ALERTS);
	for (int i = 0; i < ALERTS; i++)
		same("evidence", number(get(cJSON_GetArrayItem(alerts, i), "evidence"), "value"),
		     i, 0);
	cJSON_Delete(r);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_day),
		cmocka_unit_test(days_of_23_and_25_hours),
		cmocka_unit_test(a_bout_over_midnight),
		cmocka_unit_test(a_clock_that_jumps),
		cmocka_unit_test(one_sample),
		cmocka_unit_test(a_day_of_one_state),
		cmocka_unit_test(a_day_in_pieces),
		cmocka_unit_test(everything_said_is_told),
	};
	return cmocka_run_group_tests(tests, load_schema, drop_schema);
}
