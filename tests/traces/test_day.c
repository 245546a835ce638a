/* A whole day through judgement, breaks, coach, notifier, history and report, from a trace. */
#include "daemon/core.h"

#include "capture/trace.h"

#include <cjson/cJSON.h>
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

struct day {
	char dir[32];
	struct store *store;
	struct notifier *messages;
	struct core core;
	int64_t start_ms;
};

static struct day *begin(void)
{
	static struct day d;
	struct error error;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	memset(&d, 0, sizeof d);
	strcpy(d.dir, "/tmp/unknot-day-XXXXXX");
	assert_non_null(mkdtemp(d.dir));
	d.store = store_open(d.dir, NULL, &error);
	assert_non_null(d.store);
	d.messages = notifier_record();
	const struct core_ports ports = {.store = d.store, .notifier = d.messages,
	                                 .fallback = d.messages,
	                                 .data_dir = d.dir, .recorded = true};
	const struct report_context context = {.posture = posture_config_default(),
	                                       .breaks = breaks_config_default(),
	                                       .version = "unknot test"};
	const struct coach_config coach = coach_config_default();
	core_init(&d.core, &ports, &context, &coach, true);
	return &d;
}

static void step(struct day *d, const struct posture_sample *s)
{
	core_step(&d->core,
	          (struct instant){s->seconds, d->start_ms + (int64_t)(s->seconds * 1000)}, s);
}

static void play(struct day *d, const char *path)
{
	struct error error;
	struct posture_sample s;
	struct trace *t = trace_open(path, &error);
	assert_non_null(t);
	d->start_ms = trace_start_wall_ms(t);
	int got;
	while ((got = trace_next(t, &s, &error)) == 1)
		step(d, &s);
	assert_int_equal(got, 0);
	trace_free(t);
}

static cJSON *report_of(struct day *d, const char *date)
{
	struct error error;
	char path[PATH_SIZE];
	snprintf(path, sizeof path, "%s/reports/%s.json", d->dir, date);
	char *text = path_read_file(path, 1 << 22, NULL, &error);
	if (text == NULL)
		return NULL;
	cJSON *json = cJSON_Parse(text);
	free(text);
	return json;
}

static void end(struct day *d)
{
	char command[64];
	d->messages->ops->free(d->messages);
	store_close(d->store);
	snprintf(command, sizeof command, "rm -rf '%s'", d->dir);
	assert_int_equal(system(command), 0);
}

static int count_kind(const struct day *d, const char *kind)
{
	int n = 0;
	for (int i = 0; i < notifier_record_count(d->messages); i++)
		n += strcmp(notifier_record_get(d->messages, i)->kind, kind) == 0;
	return n;
}

static double number(const cJSON *json, const char *a, const char *b)
{
	const cJSON *item = cJSON_GetObjectItem(json, a);
	if (b != NULL)
		item = cJSON_GetObjectItem(item, b);
	assert_true(cJSON_IsNumber(item));
	return item->valuedouble;
}

static double presence_sum(const cJSON *report)
{
	static const char *const presences[] = {"unknown", "present", "away",
	                                        "blocked", "paused", "in_call"};
	double sum = 0;
	for (int i = 0; i < 6; i++)
		sum += number(report, "presence_s", presences[i]);
	return sum;
}

struct alerts {
	struct store_alert of[32];
	int count;
};

static bool add_alert(void *user, const struct store_alert *a)
{
	struct alerts *all = user;
	if (all->count < (int)(sizeof all->of / sizeof *all->of))
		all->of[all->count++] = *a;
	return true;
}

/* An alert keeps what it was judged by: the measure, its value and the limit that this passed. */
static void assert_evidence(struct day *d)
{
	static struct alerts all;
	struct error error;
	int judged = 0;
	all.count = 0;
	assert_true(store_alerts(d->store, 0, INT64_MAX, add_alert, &all, &error));
	assert_true(all.count > 2);
	for (int i = 0; i < all.count; i++) {
		const struct store_alert *a = &all.of[i];
		if (a->posture == POSTURE_UNKNOWN) {
			assert_true(isnan(a->threshold));
			continue;
		}
		judged++;
		assert_string_equal(a->evidence, strcmp(a->kind, "slouched") == 0 ? "eye_drop_cm"
		                                                                  : "lean_in_cm");
		assert_true(a->held_s >= 60);
		assert_true(a->threshold > 0 && a->value > a->threshold);
	}
	assert_int_equal(judged, 2);
}

static void a_working_day(void **state)
{
	(void)state;
	struct day *d = begin();
	play(d, UNKNOT_TEST_DATA "/traces/day.jsonl");
	core_finish(&d->core);

	assert_int_equal(count_kind(d, "slouched"), 1);
	assert_int_equal(count_kind(d, "too_close"), 1);
	assert_int_equal(count_kind(d, "looking_down"), 0); /* a glance at the keyboard */
	assert_int_equal(count_kind(d, "reclined"), 0);
	assert_true(count_kind(d, "break_movement") >= 3);
	assert_true(notifier_record_count(d->messages) <= 20);
	assert_evidence(d);

	cJSON *r = report_of(d, "2026-03-09");
	assert_non_null(r);
	assert_true(fabs(presence_sum(r) - number(r, "covered_s", NULL)) < 1);
	assert_true(fabs(number(r, "covered_s", NULL) - 25260) < 1);
	assert_true(fabs(number(r, "presence_s", "in_call") - 1800) < 31);
	assert_true(fabs(number(r, "presence_s", "paused") - 3000) < 31);
	assert_true(fabs(number(r, "presence_s", "blocked") - 300) < 6);
	assert_true(fabs(number(r, "posture_s", "slouched") - 365) < 6);
	assert_true(number(r, "score", NULL) > 30);
	/* The report is made of the history: written again, it says the same. */
	struct error error;
	assert_true(core_write_report(&d->core, NULL, &error));
	cJSON *again = report_of(d, "2026-03-09");
	assert_true(cJSON_Compare(r, again, true));
	cJSON_Delete(again);
	cJSON_Delete(r);
	end(d);
}

static struct posture_sample upright_at(double seconds)
{
	struct posture_sample s = {.seconds = seconds, .presence = PRESENCE_PRESENT,
	                           .sampled = true};
	static const enum measure_id zero[] = {MEASURE_EYE_DROP, MEASURE_LEAN_IN, MEASURE_LEAN_SIDE,
	                                       MEASURE_HEAD_YAW, MEASURE_HEAD_ROLL,
	                                       MEASURE_HEAD_PITCH_CHANGE};
	for (size_t i = 0; i < sizeof zero / sizeof *zero; i++)
		s.measures.m[zero[i]] = (struct measure){0, 0.5, true};
	s.measures.m[MEASURE_EYE_DISTANCE] = s.measures.m[MEASURE_SCREEN_DISTANCE] =
		(struct measure){60, 1, true};
	return s;
}

static bool count_taken(void *user, const struct store_break *b)
{
	int *taken = user;
	*taken += b->kind == BREAK_MOVEMENT && b->prompted && b->outcome == BREAK_TAKEN;
	return true;
}

/* Movement breaks taken by whoever has their eyes so much higher for six minutes once they are
 * asked. */
static int taken_by(double risen_cm)
{
	struct day *d = begin();
	struct error error;
	int taken = 0;
	double asked = INFINITY;
	struct tm tm = {.tm_year = 126, .tm_mon = 2, .tm_mday = 9, .tm_hour = 9, .tm_isdst = -1};
	d->start_ms = (int64_t)mktime(&tm) * 1000;
	for (int t = 0; t <= 4000; t += 5) {
		struct posture_sample s = upright_at(t);
		if (isinf(asked) && count_kind(d, "break_movement") > 0)
			asked = t;
		if (t >= asked && t < asked + 360)
			s.measures.m[MEASURE_EYE_DROP].value = -risen_cm;
		step(d, &s);
	}
	assert_true(isfinite(asked));
	core_finish(&d->core);
	assert_true(store_breaks(d->store, 0, INT64_MAX, count_taken, &taken, &error));
	end(d);
	return taken;
}

/* On one's feet beside the desk is a break; sitting a hand taller is none. */
static void standing_is_a_break(void **state)
{
	(void)state;
	assert_int_equal(taken_by(21), 1);
	assert_int_equal(taken_by(19), 0);
}

/* 23:50 to 00:10: the day that ends gets its report at midnight, the new one on stop. */
static void midnight(void **state)
{
	(void)state;
	struct day *d = begin();
	struct tm tm = {.tm_year = 126, .tm_mon = 2, .tm_mday = 28, .tm_hour = 23,
	                .tm_min = 50, .tm_isdst = -1};
	d->start_ms = (int64_t)mktime(&tm) * 1000;
	for (int t = 0; t <= 1200; t += 5) {
		struct posture_sample s = upright_at(t);
		step(d, &s);
		cJSON *written = report_of(d, "2026-03-28");
		assert_true((written != NULL) == (t >= 600));
		cJSON_Delete(written);
	}
	core_finish(&d->core);
	cJSON *first = report_of(d, "2026-03-28"), *second = report_of(d, "2026-03-29");
	assert_true(fabs(number(first, "covered_s", NULL) - 600) < 1);
	assert_true(fabs(number(second, "covered_s", NULL) - 600) < 1);
	cJSON_Delete(first);
	cJSON_Delete(second);
	end(d);
}

/* Days on which the clocks change are watched from one midnight to the next: they have 23 and 25
 * hours, and each gets its report when it is over. */
static void summer_time_begins_and_ends(void **state)
{
	(void)state;
	static const struct { int month, day; const char *date; int hours; } days[] = {
		{2, 29, "2026-03-29", 23}, {9, 25, "2026-10-25", 25},
	};
	for (size_t k = 0; k < sizeof days / sizeof *days; k++) {
		struct day *d = begin();
		struct tm tm = {.tm_year = 126, .tm_mon = days[k].month,
		                .tm_mday = days[k].day, .tm_isdst = -1};
		d->start_ms = (int64_t)mktime(&tm) * 1000;
		const int length = days[k].hours * 3600;
		for (int t = 0; t < length; t += 30) {
			struct posture_sample s = upright_at(t);
			step(d, &s);
		}
		assert_null(report_of(d, days[k].date));
		for (int t = length; t < length + 600; t += 30) {
			struct posture_sample s = upright_at(t);
			step(d, &s);
		}
		cJSON *r = report_of(d, days[k].date);
		assert_non_null(r);
		assert_true(fabs(number(r, "covered_s", NULL) - length) < 1);
		assert_true(fabs(number(r, "presence_s", "present") - length) < 1);
		assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(r, "hours")),
		                 days[k].hours);
		cJSON_Delete(r);
		end(d);
	}
}

/* The wall clock jumps an hour both ways; the steady clock does not. */
static void a_clock_that_jumps(void **state)
{
	(void)state;
	struct day *d = begin();
	struct tm tm = {.tm_year = 126, .tm_mon = 2, .tm_mday = 9, .tm_hour = 12, .tm_isdst = -1};
	d->start_ms = (int64_t)mktime(&tm) * 1000;
	for (int t = 0; t <= 900; t += 5) {
		struct posture_sample s = upright_at(t);
		if (t == 300)
			d->start_ms += 3600 * 1000;
		if (t == 600)
			d->start_ms -= 3600 * 1000;
		step(d, &s);
	}
	core_finish(&d->core);
	cJSON *r = report_of(d, "2026-03-09");
	assert_true(fabs(number(r, "covered_s", NULL) - 900) < 2);
	assert_true(fabs(number(r, "presence_s", "present") - 900) < 2);
	cJSON_Delete(r);
	end(d);
}

/* An hour and a half about midnight, with a wall clock that is put forward or back an hour on the
 * way: each day has what its clock showed, no minute of it twice. */
static void a_clock_that_jumps_over_midnight(void **state)
{
	(void)state;
	static const struct { int begin_hour, begin_minute, jump_s; double first_s,
	                      second_s; } cases[] = {
		{23, 30, 3600, 900, 4500},  /* 23:45 becomes 00:45 */
		/* 00:25 becomes 23:25, midnight comes again, and the clock shows 00:10 to 00:25
		 * twice */
		{0, 10, -3600, 2100, 2400},
	};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct day *d = begin();
		const bool before = cases[k].begin_hour == 23;
		struct tm tm = {.tm_year = 126, .tm_mon = 2, .tm_mday = before ? 9 : 10,
		                .tm_hour = cases[k].begin_hour, .tm_min = cases[k].begin_minute,
		                .tm_isdst = -1};
		d->start_ms = (int64_t)mktime(&tm) * 1000;
		for (int t = 0; t <= 5400; t += 5) {
			struct posture_sample s = upright_at(t);
			if (t == 900)
				d->start_ms += (int64_t)cases[k].jump_s * 1000;
			step(d, &s);
		}
		core_finish(&d->core);
		cJSON *first = report_of(d, "2026-03-09"), *second = report_of(d, "2026-03-10");
		assert_non_null(first);
		assert_non_null(second);
		assert_true(fabs(number(first, "covered_s", NULL) - cases[k].first_s) < 6);
		assert_true(fabs(number(second, "covered_s", NULL) - cases[k].second_s) < 6);
		assert_true(fabs(presence_sum(first) - number(first, "covered_s", NULL)) < 1);
		assert_true(fabs(presence_sum(second) - number(second, "covered_s", NULL)) < 1);
		cJSON_Delete(first);
		cJSON_Delete(second);
		end(d);
	}
}

/* An hour that is lived through twice by the wall clock, at noon: it does not count for two. */
static void a_clock_put_back_at_noon(void **state)
{
	(void)state;
	struct day *d = begin();
	struct tm tm = {.tm_year = 126, .tm_mon = 2, .tm_mday = 9, .tm_hour = 12, .tm_isdst = -1};
	d->start_ms = (int64_t)mktime(&tm) * 1000;
	for (int t = 0; t <= 9000; t += 5) {
		struct posture_sample s = upright_at(t);
		if (t == 5400)
			d->start_ms -= 3600 * 1000;
		step(d, &s);
	}
	core_finish(&d->core);
	cJSON *r = report_of(d, "2026-03-09");
	assert_true(fabs(number(r, "covered_s", NULL) - 5400) < 1);
	assert_true(fabs(presence_sum(r) - number(r, "covered_s", NULL)) < 1);
	cJSON_Delete(r);
	end(d);
}

/* Suspended for two hours: nothing is known of them, and no prompt greets the return. */
static void a_hole(void **state)
{
	(void)state;
	struct day *d = begin();
	struct tm tm = {.tm_year = 126, .tm_mon = 2, .tm_mday = 9, .tm_hour = 12, .tm_isdst = -1};
	d->start_ms = (int64_t)mktime(&tm) * 1000;
	for (int t = 0; t <= 600; t += 5) {
		struct posture_sample s = upright_at(t);
		step(d, &s);
	}
	for (int t = 7800; t <= 8000; t += 5) {
		struct posture_sample s = upright_at(t);
		step(d, &s);
	}
	core_finish(&d->core);
	assert_int_equal(notifier_record_count(d->messages), 0);
	cJSON *r = report_of(d, "2026-03-09");
	assert_true(fabs(number(r, "presence_s", "unknown") - 7200) < 1);
	assert_true(fabs(number(r, "presence_s", "present") - 800) < 1);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(r, "score")));
	cJSON_Delete(r);
	end(d);
}

static void be_away(struct day *d, double from, double to)
{
	for (double t = from; t < to; t += 60)
		step(d, &(struct posture_sample){.seconds = t, .presence = PRESENCE_AWAY});
}

/* As `unknot pain` does. */
static void who_writes_beside_it_finds_the_file_free(void **state)
{
	(void)state;
	struct day *d = begin();
	struct error error;
	const struct store_pain pain = {.wall_ms = 1, .level = 1};
	d->start_ms = INT64_C(1773108000000);
	for (int i = 0; i < 5; i++) {
		be_away(d, i * 10, i * 10 + 1);
		core_break_now(&d->core, d->core.last, BREAK_MICRO);
		core_answer(&d->core, d->core.last, "break_micro", ANSWER_DISMISSED);
		struct store *beside = store_open(d->dir, NULL, &error);
		assert_non_null(beside);
		assert_true(store_pain(beside, &pain, &error) && store_flush(beside, &error));
		store_close(beside);
	}
	end(d);
}

static void move_to(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* The laptop's zone follows it, between two looks. */
static void a_flight(const char *from, const char *to, int64_t start_ms,
                     const char *left, const char *arrived)
{
	struct day *d = begin();
	move_to(from);
	d->start_ms = start_ms;
	be_away(d, 0, 1800);
	move_to(to);
	be_away(d, 1800, 3600);
	core_finish(&d->core);
	char today[16];
	snprintf(today, sizeof today, "%04d-%02d-%02d", d->core.day.year,
	         d->core.day.month, d->core.day.day);
	assert_string_equal(today, arrived);
	cJSON *json = report_of(d, left);
	assert_non_null(json); /* none is forgotten on the way */
	cJSON_Delete(json);
	json = report_of(d, arrived);
	assert_non_null(json);
	cJSON_Delete(json);
	/* Nor is one begun that there is not yet. */
	if (strcmp(left, arrived) == 0)
		assert_null(report_of(d, "2026-03-10"));
	end(d);
	move_to("Europe/Berlin");
}

static void the_time_zone_changes(void **state)
{
	(void)state;
	/* 22:00 in New York on 9 March is 03:00 of the 10th in Berlin. */
	a_flight("America/New_York", "Europe/Berlin", INT64_C(1773108000000),
	         "2026-03-09", "2026-03-10");
	/* Half past midnight of the 10th in Berlin is 19:30 of the 9th in New York, whose report it
	 * is. */
	a_flight("Europe/Berlin", "America/New_York", INT64_C(1773099000000),
	         "2026-03-09", "2026-03-09");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_working_day),
		cmocka_unit_test(standing_is_a_break),
		cmocka_unit_test(midnight),
		cmocka_unit_test(summer_time_begins_and_ends),
		cmocka_unit_test(a_clock_that_jumps),
		cmocka_unit_test(a_clock_that_jumps_over_midnight),
		cmocka_unit_test(a_clock_put_back_at_noon),
		cmocka_unit_test(a_hole),
		cmocka_unit_test(who_writes_beside_it_finds_the_file_free),
		cmocka_unit_test(the_time_zone_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
