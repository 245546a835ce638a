/* history STATE_DIR LAST_DAY DAYS: a made-up history of so many days, the same at every run: what a
 * person at a desk does in some weeks, with calls, lunches, weekends, a holiday, and texts that a
 * page must not take for markup. Pages and reports are tried on it. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MINUTE_MS = 60000 };

struct person {
	struct store *store;
	uint32_t seed;
	int64_t now, sat_since, micro_since;
	double tired;            /* 0 in the morning, 1 in the evening */
	double habit;            /* how much they slouch in these weeks: they are getting better */
	int alerts;              /* today */
};

/* Numerical Recipes' generator; 0 to 1. */
static double chance(struct person *p)
{
	p->seed = p->seed * 1664525u + 1013904223u;
	return (double)(p->seed >> 8) / (1 << 24);
}

static double noise(struct person *p, double sigma)
{
	return sigma * (chance(p) + chance(p) + chance(p) + chance(p) - 2) * 1.7;
}

static void check(bool good, const struct error *error)
{
	if (good)
		return;
	fprintf(stderr, "history: %s\n", error->text);
	exit(1);
}

static void spend(struct person *p, double minutes, enum presence presence, enum posture posture)
{
	struct error error = {0};
	const int64_t end = p->now + llround(minutes * MINUTE_MS);
	const time_t t = (time_t)(p->now / 1000);
	struct tm local;
	localtime_r(&t, &local);
	const struct store_span span = {.start_ms = p->now, .end_ms = end, .presence = presence,
	                                .posture = posture, .utc_offset_s = (int)local.tm_gmtoff};
	check(store_span(p->store, &span, &error), &error);
	p->now = end;
}

static void set(struct store_sample *s, enum measure_id id, double value, double sigma)
{
	s->measures.m[id] = (struct measure){value, sigma, true};
}

static void look(struct person *p, int64_t at, enum posture posture)
{
	struct error error = {0};
	struct store_sample s = {.wall_ms = at, .posture = posture, .confidence = 0.9};
	const double drop = 0.6 + 1.2 * p->tired + noise(p, 0.5) +
	                    (posture == POSTURE_SLOUCHED ? 5.5 : 0);
	const double lean = 0.5 + noise(p, 1.5) + (posture == POSTURE_SLOUCHED ? 6 : 0) +
	                    (posture == POSTURE_TOO_CLOSE ? 19 : 0) -
	                    (posture == POSTURE_RECLINED ? 12 : 0);
	const double pitch = 3 + noise(p, 2) + (posture == POSTURE_LOOKING_DOWN ? 26 : 0);
	set(&s, MEASURE_EYE_DISTANCE, 63 - lean, 1.1);
	set(&s, MEASURE_SCREEN_DISTANCE, 62 - lean, 1.2);
	set(&s, MEASURE_EYE_HEIGHT, 4 - drop, 0.9);
	set(&s, MEASURE_EYE_DROP, drop, 0.5);
	set(&s, MEASURE_LEAN_IN, lean, 0.9);
	set(&s, MEASURE_LEAN_SIDE, noise(p, 1.2), 0.6);
	set(&s, MEASURE_HEAD_YAW, noise(p, 5) + (posture == POSTURE_TURNED ? 34 : 0), 1.8);
	set(&s, MEASURE_HEAD_ROLL, noise(p, 2), 1);
	set(&s, MEASURE_HEAD_PITCH_CHANGE, pitch, 2.5);
	set(&s, MEASURE_SHOULDER_TILT, 1.5 + noise(p, 1), 1.1);
	set(&s, MEASURE_TRUNK_FLEXION, 2 + lean * 0.6, 8);
	set(&s, MEASURE_NECK_FLEXION, pitch + drop - lean * 0.3, 10);
	check(store_sample(p->store, &s, &error), &error);
}

static void tell(struct person *p, enum posture posture, double held_s)
{
	struct error error = {0};
	const bool low = posture == POSTURE_SLOUCHED;
	struct store_alert a = {.wall_ms = p->now, .posture = posture, .held_s = held_s,
	                        .value = low ? 6.4 : 43.2, .sigma = low ? 0.5 : 1.2,
	                        .baseline = low ? 12.3 : (double)NAN, .threshold = low ? 4 : 45,
	                        .answer = p->alerts % 5};
	snprintf(a.kind, sizeof a.kind, "%s", posture_name(posture));
	strcpy(a.evidence, low ? "eye_drop_cm" : "screen_distance_cm");
	strcpy(a.reason, low ? "eye_drop_cm 6.4 > 4.0" : "screen_distance_cm 43.2 < 45.0");
	snprintf(a.text, sizeof a.text, "%s",
	         p->alerts++ == 2
	         ? "A text <b>that</b> is \"no\" markup & </p><script>document.title='seen'"
	                            "</script><img src=http://example.com/x> stays text."
	         : low ? "Your eyes are 6 cm lower than when you sit upright, for 2 minutes: sit "
	                 "back against the lumbar support."
	               : "You are 43 cm from the screen: sit back to 60.");
	check(store_alert(p->store, &a, NULL, &error), &error);
}

static void note_break(struct person *p, enum break_kind kind, bool prompted,
                       enum break_outcome outcome, double minutes)
{
	struct error error = {0};
	const bool taken = outcome != BREAK_SKIPPED;
	const int64_t since = kind == BREAK_MICRO ? p->micro_since : p->sat_since;
	const struct store_break b = {.kind = kind, .prompted = prompted, .due_ms = p->now,
	                              .start_ms = taken ? p->now : 0,
	                              .end_ms = taken ? p->now + llround(minutes * MINUTE_MS) : 0,
	                              .length_s = taken ? minutes * 60 : 0,
	                              .sitting_s = (double)(p->now - since) / 1000,
	                              .outcome = outcome};
	check(store_break(p->store, &b, &error), &error);
}

/* So many minutes at the desk in one posture, looked at as often as unknotd does. */
static void sit(struct person *p, double minutes, enum posture posture)
{
	const int64_t start = p->now, end = start + llround(minutes * MINUTE_MS);
	const int64_t every = posture_is_fault(posture) ? 5000 : 20000;
	for (int64_t t = start; t < end; t += every)
		look(p, t, posture);
	spend(p, minutes, PRESENCE_PRESENT, posture);
	if (posture_is_fault(posture) && minutes > 2 && p->alerts < 9 &&
	    (posture == POSTURE_SLOUCHED || posture == POSTURE_TOO_CLOSE))
		tell(p, posture, minutes * 60);
}

static void leave(struct person *p, double minutes)
{
	spend(p, minutes, PRESENCE_AWAY, POSTURE_UNKNOWN);
	p->sat_since = p->micro_since = p->now;
}

static void maybe_break(struct person *p)
{
	if (p->now - p->sat_since > 50 * MINUTE_MS) {
		const double luck = chance(p);
		note_break(p, BREAK_MOVEMENT, true,
		           luck < 0.65 ? BREAK_TAKEN : luck < 0.8 ? BREAK_CUT_SHORT : BREAK_SKIPPED,
		           luck < 0.65 ? 5.5 : 2);
		if (luck < 0.8)
			leave(p, luck < 0.65 ? 5.5 : 2);
		p->sat_since = p->micro_since = p->now;
	} else if (p->now - p->micro_since > 20 * MINUTE_MS) {
		const bool taken = chance(p) < 0.7;
		note_break(p, BREAK_MICRO, true, taken ? BREAK_TAKEN : BREAK_SKIPPED, 0.5);
		p->micro_since = p->now;
	}
}

/* A stretch of work until then. */
static void work(struct person *p, int64_t until)
{
	static const enum posture faults[] = {
		POSTURE_SLOUCHED, POSTURE_SLOUCHED, POSTURE_TOO_CLOSE, POSTURE_FORWARD_HEAD,
		POSTURE_TURNED, POSTURE_LOOKING_DOWN, POSTURE_LEANING, POSTURE_SLOUCHED,
	};
	while (p->now < until) {
		const double left = (double)(until - p->now) / MINUTE_MS;
		if (chance(p) < p->habit * (0.5 + p->tired))
			sit(p, fmin(left, 0.5 + 6 * chance(p)), faults[(int)(8 * chance(p)) % 8]);
		else
			sit(p, fmin(left, 3 + 14 * chance(p)),
			    chance(p) < 0.15 ? POSTURE_RECLINED : chance(p) < 0.05 ? POSTURE_UNKNOWN
			                                                       : POSTURE_UPRIGHT);
		p->tired = fmin(1, p->tired + 0.012);
		maybe_break(p);
	}
}

static void work_day(struct person *p, int64_t day)
{
	const int64_t minute = MINUTE_MS;
	p->now = day + 8 * 60 * minute + llround(chance(p) * 70) * minute;
	p->sat_since = p->micro_since = p->now;
	p->tired = 0;
	p->alerts = 0;
	work(p, p->now + llround(60 + 40 * chance(p)) * minute);
	spend(p, 20 + 30 * chance(p), PRESENCE_IN_CALL, POSTURE_UNKNOWN);
	work(p, day + (12 * 60 + 10) * minute);
	note_break(p, BREAK_MOVEMENT, false, BREAK_TAKEN, 42);
	leave(p, 12);
	spend(p, 30, PRESENCE_PAUSED, POSTURE_UNKNOWN);
	work(p, day + (14 * 60 + 30) * minute);
	if (chance(p) < 0.6)
		spend(p, 15 + 45 * chance(p), PRESENCE_IN_CALL, POSTURE_UNKNOWN);
	spend(p, 2, PRESENCE_BLOCKED, POSTURE_UNKNOWN);
	work(p, day + (15 * 60 + 50) * minute);
	note_break(p, BREAK_MOVEMENT, false, BREAK_TAKEN, 9);
	leave(p, 9);
	work(p, day + (16 * 60 + 30 + llround(80 * chance(p))) * minute);
	spend(p, 1, PRESENCE_AWAY, POSTURE_UNKNOWN);
}

static void hurt(struct person *p, int level, const char *where, const char *note)
{
	struct error error = {0};
	struct store_pain pain = {.wall_ms = p->now, .level = level};
	snprintf(pain.where, sizeof pain.where, "%s", where);
	snprintf(pain.note, sizeof pain.note, "%s", note);
	check(store_pain(p->store, &pain, &error), &error);
}

static void evening(struct person *p, int64_t day)
{
	p->now = day + 19 * 60 * MINUTE_MS;
	p->sat_since = p->micro_since = p->now;
	p->tired = 0.6;
	work(p, p->now + llround(25 + 50 * chance(p)) * MINUTE_MS);
}

static int weekday(const struct report_day *d)
{
	/* 1 January 1970 was a Thursday; noon is on its day in every zone near its own. */
	return (int)(((d->from_ms / 1000 + 12 * 3600) / 86400 + 4) % 7);
}

int main(int argc, char **argv)
{
	struct error error = {0};
	struct report_day day;
	if (argc != 4 || !report_day_parse(argv[2], 0, &day)) {
		fprintf(stderr, "usage: history STATE_DIR LAST_DAY DAYS\n");
		return 2;
	}
	const int days = atoi(argv[3]);
	struct person p = {.store = store_open(argv[1], NULL, &error), .seed = 20260309};
	check(p.store != NULL, &error);
	for (int i = 0; i < days; i++)
		day = report_day_of(day.from_ms - 1);
	for (int i = 0; i < days; i++) {
		day = report_day_next(&day);
		p.habit = 0.55 - 0.25 * i / days;
		const int wd = weekday(&day);
		if (wd >= 1 && wd <= 5 && i != days / 3) /* and one day off */
			work_day(&p, day.from_ms);
		else if (wd == 0)
			evening(&p, day.from_ms);
		/* Every other day's entry, so that there is one on the last. */
		const int ago = days - 1 - i;
		if (ago % 2 == 0 && p.now > day.from_ms)
			hurt(&p, 1 + (int)(6 * chance(&p)), "lower back",
			     ago % 4 == 0 ? "dull, <i>since</i> lunch" : "");
	}
	check(store_flush(p.store, &error), &error);
	store_close(p.store);
	return 0;
}
