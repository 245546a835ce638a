/* What is said, in which words, and how rarely. */
#include "coach/care.h"
#include "coach/coach.h"
#include "coach/phrase.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MIN 60.0

static struct posture_config limits;

/* ---- words ---- */

static void know(struct posture_event *e, enum measure_id id, double value)
{
	e->typical.m[id] = (struct measure){ value, 1, true };
}

static struct posture_event event_of(enum posture p, double seconds, double held_s)
{
	struct posture_event e = { .kind = POSTURE_EVENT_HELD, .posture = p, .side = 1,
	                           .seconds = seconds, .held_s = held_s };
	e.verdict.label = p;
	e.verdict.evidence = MEASURE_COUNT;
	return e;
}

static void says(const struct posture_event *e, const char *summary, const char *body)
{
	struct facts f;
	struct coach_message m;
	facts_clear(&f);
	facts_of_event(&f, e);
	assert_true(phrase_message(posture_name(e->posture), &f, &m));
	assert_string_equal(m.summary, summary);
	assert_string_equal(m.body, body);
}

static void test_sentences(void **state)
{
	(void)state;
	struct posture_event e = event_of(POSTURE_SLOUCHED, 0, 185);
	says(&e, "Sit back against the lumbar support", "You have been slumped for 3 minutes.");
	know(&e, MEASURE_EYE_DROP, 7.2);
	for (int i = 0; i < 2; i++) {
		says(&e, "Slide your hips to the back of the seat",
		     "Your eyes are 7 cm lower than when you sit upright, for 3 minutes.");
		know(&e, MEASURE_LEAN_IN, -4); /* farther away: not "nearer" */
	}
	know(&e, MEASURE_LEAN_IN, 12.4);
	says(&e, "Sit back against the lumbar support",
	     "Your eyes are 7 cm lower and 12 cm nearer than when you sit upright, for 3 minutes.");

	e = event_of(POSTURE_TOO_CLOSE, 0, 65);
	know(&e, MEASURE_SCREEN_DISTANCE, 43.6);
	know(&e, MEASURE_LEAN_IN, 16);
	says(&e, "Sit back to 60 cm, and enlarge the text if need be",
	     "You are 44 cm from the screen, for 1 minute.");
	know(&e, MEASURE_SCREEN_DISTANCE, 64); /* far enough by the table, near for this person */
	says(&e, "Sit back, and enlarge the text if need be",
	     "You are 16 cm nearer to the screen than when you sit upright, for 1 minute.");

	e = event_of(POSTURE_TURNED, 0, 3900);
	know(&e, MEASURE_HEAD_YAW, -46.3);
	e.side = -1;
	says(&e, "Turn the chair with you, or move that screen in front",
	     "Your head has been turned 46 degrees to your right for 1 hour 5 minutes.");
	e = event_of(POSTURE_HEAD_TILTED, 0, 60);
	know(&e, MEASURE_HEAD_ROLL, 1.2);
	says(&e, "Bring your head level",
	     "Your head has been tipped 1 degree toward your left shoulder for 1 minute.");
}

static void test_durations(void **state)
{
	(void)state;
	static const struct { double seconds; bool exact; const char *text; } rows[] = {
		{ 0, false, "1 minute" }, { 89, false, "1 minute" }, { 91, false, "2 minutes" },
		{ 3569, false, "59 minutes" }, { 3600, false, "1 hour" },
		{ 3660, false, "1 hour 1 minute" },
		{ 7200, false, "2 hours" }, { 7260 + 60, false, "2 hours 2 minutes" },
		{ 1e12, false, "99 hours 59 minutes" }, { 20, true, "20 seconds" },
		{ 1, true, "1 second" },
		{ 60, true, "1 minute" }, { 90, true, "90 seconds" }, { 300, true, "5 minutes" },
		{ NAN, false, "" }, { -1, false, "" }, { INFINITY, true, "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct facts f;
		facts_clear(&f);
		facts_duration(&f, FACT_HELD, rows[i].seconds, rows[i].exact);
		assert_string_equal(f.text[FACT_HELD], rows[i].text);
	}
}

static void longest_facts(struct facts *f, double wild)
{
	facts_clear(f);
	for (int id = 0; id < FACT_COUNT_; id++)
		facts_degrees(f, (enum fact)id, wild); /* the longest unit */
	facts_side(f, -1);
	facts_duration(f, FACT_HELD, fmin(fabs(wild), 1e12) * 60, false);
	facts_duration(f, FACT_SITTING, 97 * 3600 + 59 * 60, false);
	facts_duration(f, FACT_LENGTH, 119, true);
	facts_count(f, 100000);
	snprintf(f->text[FACT_TOPIC], sizeof f->text[FACT_TOPIC], "%s", "Too close to the screen");
}

/* What the checklist found lacking is referred to, in the correction that it concerns. */
static void test_corrections_refer_to_the_checklist(void **state)
{
	(void)state;
	const struct care_question *checks;
	const int count = care_checks(&checks);
	struct posture_event e = event_of(POSTURE_SLOUCHED, 4000, 180);
	struct coach_config config = coach_config_default();
	struct coach c;
	struct coach_message m;
	know(&e, MEASURE_EYE_DROP, 7);
	for (int i = 0; i < count; i++)
		if (strcmp(checks[i].id, "lumbar") == 0)
			config.lacking = 1u << i;
	coach_init(&c, &config);
	coach_presence(&c, 0, PRESENCE_PRESENT, &m);
	assert_true(coach_posture(&c, &e, &limits, PRESENCE_PRESENT, &m));
	assert_non_null(strstr(m.body, "7 cm lower"));
	assert_non_null(strstr(m.body, "no lumbar support"));
	assert_non_null(strstr(m.summary, "rolled towel"));
}

static bool habit(struct coach *c, double seconds, enum presence presence, enum posture posture,
                  struct coach_message *m)
{
	const struct measures none = { 0 };
	coach_presence(c, seconds, presence, m);
	return coach_habits(c, &limits, seconds, presence, posture, &none, m);
}

static void test_sitting_and_standing_in_turn(void **state)
{
	(void)state;
	struct coach_config config = coach_config_default();
	struct coach c;
	struct coach_message m;
	int told = 0;
	double t = 0;
	config.still_s = 0;
	coach_init(&c, &config); /* nobody asked for it */
	for (t = 0; t < 2 * 3600; t += 10)
		assert_false(habit(&c, t, PRESENCE_PRESENT, POSTURE_UPRIGHT, &m));
	config.stand_every_s = 20 * MIN;
	coach_init(&c, &config);
	for (t = 0; t < 25 * MIN; t += 10)
		if (habit(&c, t, PRESENCE_PRESENT, POSTURE_UPRIGHT, &m)) {
			told++;
			assert_string_equal(m.kind, "stand_up");
			assert_non_null(strstr(m.body, "sitting for 20 minutes"));
			assert_non_null(strstr(m.summary, "about 8 minutes"));
		}
	assert_int_equal(told, 1);
	for (; t < 26 * MIN; t += 10) /* a reach for the shelf: */
		assert_false(habit(&c, t, PRESENCE_PRESENT,
		                   t < 25.3 * MIN ? POSTURE_RAISED : POSTURE_UPRIGHT, &m));
	assert_false(c.standing);
	for (; t < 37 * MIN; t += 10)
		if (habit(&c, t, PRESENCE_PRESENT, POSTURE_RAISED, &m)) {
			told++;
			assert_string_equal(m.kind, "sit_down");
		}
	assert_int_equal(told, 2);
	/* Ten minutes away and the count begins anew. */
	for (; t < 47 * MIN; t += 10)
		assert_false(habit(&c, t, PRESENCE_AWAY, POSTURE_UNKNOWN, &m));
	for (; t < 66 * MIN; t += 10)
		assert_false(habit(&c, t, PRESENCE_PRESENT, POSTURE_UPRIGHT, &m));
}

static void test_snooze_for_two_hours(void **state)
{
	(void)state;
	struct coach_config config = coach_config_default();
	struct coach c;
	coach_init(&c, &config);
	coach_answer(&c, 100, "slouched", ANSWER_SNOOZE_LONG);
	assert_true(coach_waits(&c, 7299));
	assert_false(coach_waits(&c, 7300));
	coach_answer(&c, 7400, "slouched", ANSWER_SNOOZE_DAY); /* the caller's, who knows the day */
	assert_false(coach_waits(&c, 7400));
}

/* Every row, filled with the longest that each fact can be, fits; and what can happen fits a
 * banner. */
static void test_the_whole_catalogue_fits_its_buffers(void **state)
{
	(void)state;
	const struct phrase_row *rows;
	const struct exercise *all;
	const int n = phrase_rows(&rows), count = exercises(&all);
	static const double wild[] = { 1e300, -1e300, 999, 1, 0.6, DBL_MAX };
	enum { BANNER = 60 }; /* what GNOME's shell shows of a summary */
	for (size_t w = 0; w < sizeof wild / sizeof wild[0]; w++)
		for (int e = 0; e < count; e++) {
			struct facts f;
			longest_facts(&f, wild[w]);
			facts_exercise(&f, &all[e]);
			for (int i = 0; i < n; i++) {
				struct coach_message m;
				assert_true(phrase_message(rows[i].kind, &f, &m));
				assert_null(strpbrk(m.body, "{}"));
				assert_null(strpbrk(m.summary, "{}"));
			}
			facts_duration(&f, FACT_LENGTH, 300, true);
			facts_cm(&f, FACT_OFFSET, 12);
			for (int i = 0; i < n; i++) {
				struct coach_message m;
				assert_true(phrase_message(rows[i].kind, &f, &m));
				if (strlen(m.summary) > BANNER)
					fail_msg("longer than a banner: %s", m.summary);
			}
			assert_true(strlen(all[e].text) < sizeof((struct coach_message *)0)->more);
			assert_true(strlen(all[e].name) < sizeof f.text[0]);
		}
}

static void test_rows_are_well_formed(void **state)
{
	(void)state;
	const struct phrase_row *rows;
	int n = phrase_rows(&rows);
	struct facts nothing;
	for (int i = 0; i < n; i++) {
		const struct phrase_row *r = &rows[i];
		assert_true(strlen(r->kind) < sizeof((struct coach_message *)0)->kind);
		assert_true(strlen(r->summary) < sizeof((struct coach_message *)0)->summary);
		assert_true(strlen(r->icon) < sizeof((struct coach_message *)0)->icon);
		/* the topic of a summary must fit its fact */
		assert_true(strlen(r->topic) < sizeof nothing.text[0]);
		assert_true(strlen(r->source) > 5);
		assert_null(strpbrk(r->body, "<>&\n"));
		assert_null(strpbrk(r->summary, "<>&\n"));
		assert_int_equal(strchr(".}", r->body[strlen(r->body) - 1]) != NULL, 1);
	}
	/* every fault can be told, with nothing known but how long */
	for (int p = 0; p < POSTURE_COUNT; p++) {
		if (!posture_is_fault((enum posture)p))
			continue;
		struct posture_event e = event_of((enum posture)p, 0, 100);
		struct facts f;
		struct coach_message m;
		facts_clear(&f);
		facts_of_event(&f, &e);
		assert_true(phrase_message(posture_name((enum posture)p), &f, &m));
	}
	/* and nothing that is no fault */
	facts_clear(&nothing);
	struct coach_message m;
	assert_false(phrase_message("reclined", &nothing, &m));
	assert_false(phrase_message("slouched", &nothing, &m));
}

/* ---- dose ---- */

static struct coach coach_at_work(double since)
{
	struct coach c;
	struct coach_config config = coach_config_default();
	struct coach_message m;
	limits = posture_config_default();
	coach_init(&c, &config);
	assert_false(coach_presence(&c, since, PRESENCE_PRESENT, &m));
	return c;
}

static bool tell(struct coach *c, double seconds, enum posture p, enum posture_event_kind kind)
{
	struct posture_event e = event_of(p, seconds, 60);
	struct coach_message m;
	e.kind = kind;
	e.verdict.evidence = MEASURE_EYE_DROP;
	know(&e, MEASURE_EYE_DROP, 6);
	if (!coach_posture(c, &e, &limits, PRESENCE_PRESENT, &m))
		return false;
	assert_string_equal(m.kind, posture_name(p));
	assert_true(strlen(m.body) > 20 && strlen(m.summary) > 3 && strlen(m.icon) > 3);
	assert_true(m.offer == OFFER_CORRECTION && m.measured);
	return true;
}

static void test_no_correction_just_after_coming_back(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	struct coach_message m;
	assert_false(tell(&c, 4 * MIN, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	assert_true(tell(&c, 6 * MIN, POSTURE_SLOUCHED, POSTURE_EVENT_STILL));
	/* half a minute out of the picture is no absence */
	coach_presence(&c, 20 * MIN, PRESENCE_AWAY, &m);
	coach_presence(&c, 20 * MIN + 30, PRESENCE_PRESENT, &m);
	assert_true(tell(&c, 27 * MIN, POSTURE_LEANING, POSTURE_EVENT_HELD));
	coach_presence(&c, 30 * MIN, PRESENCE_AWAY, &m);
	coach_presence(&c, 31 * MIN, PRESENCE_PAUSED, &m);
	coach_presence(&c, 50 * MIN, PRESENCE_PRESENT, &m);
	assert_false(tell(&c, 54 * MIN, POSTURE_TURNED, POSTURE_EVENT_HELD));
	assert_true(tell(&c, 56 * MIN, POSTURE_TURNED, POSTURE_EVENT_HELD));
	/* away, a hand over the lens, and away for a moment: one absence */
	coach_presence(&c, 80 * MIN, PRESENCE_AWAY, &m);
	coach_presence(&c, 83 * MIN, PRESENCE_BLOCKED, &m);
	coach_presence(&c, 85 * MIN, PRESENCE_AWAY, &m);
	coach_presence(&c, 85 * MIN + 10, PRESENCE_PRESENT, &m);
	assert_false(tell(&c, 87 * MIN, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	assert_true(tell(&c, 91 * MIN, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
}

/* Back from lunch and slouched again: that is a new slouch, not the old one ignored. Nor is a
 * slouch that became a lean. */
static void test_what_is_over_was_not_ignored(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	struct coach_message m;
	assert_true(tell(&c, 6 * MIN, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	coach_presence(&c, 8 * MIN, PRESENCE_PAUSED, &m);
	coach_presence(&c, 10 * MIN, PRESENCE_PRESENT, &m);
	assert_true(tell(&c, 17 * MIN, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	tell(&c, 19 * MIN, POSTURE_LEANING, POSTURE_EVENT_HELD);
	assert_true(tell(&c, 28 * MIN, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	assert_false(tell(&c, 39 * MIN, POSTURE_SLOUCHED, POSTURE_EVENT_STILL));
}

static void test_one_of_a_kind_in_ten_minutes_and_four_an_hour(void **state)
{
	(void)state;
	static const enum posture kinds[] = { POSTURE_SLOUCHED, POSTURE_LEANING, POSTURE_TURNED,
	                                      POSTURE_TOO_CLOSE, POSTURE_FORWARD_HEAD };
	struct coach c = coach_at_work(0);
	int told = 0, last_of[POSTURE_COUNT];
	for (int p = 0; p < POSTURE_COUNT; p++)
		last_of[p] = -100000;
	int when[100];
	for (int t = 301; t < 4 * 3600; t += 7) {
		enum posture p = kinds[(t / 7) % 5];
		tell(&c, t - 1, p, POSTURE_EVENT_CORRECTED);
		if (!tell(&c, t, p, POSTURE_EVENT_HELD))
			continue;
		assert_true(t - last_of[p] >= 600);
		if (told > 0)
			assert_true(t - when[told - 1] >= 60);
		if (told >= 4)
			assert_true(t - when[told - 4] >= 3600);
		last_of[p] = t;
		when[told++] = t;
	}
	assert_int_equal(told, 16); /* four in each hour, and not fewer */
}

static void test_ignored_corrections_back_off(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	double last = 0, pauses[8];
	int n = 0;
	/* the posture goes on all day, told again each minute */
	for (double t = 400; t < 12 * 3600 && n < 6; t += 60) {
		if (!tell(&c, t, POSTURE_SLOUCHED,
		          n == 0 ? POSTURE_EVENT_HELD : POSTURE_EVENT_STILL))
			continue;
		pauses[n++] = t - last;
		last = t;
	}
	static const double expected[] = { 0, 1200, 2400, 4800, 9600, 9600 };
	assert_int_equal(n, 6);
	for (int i = 1; i < 6; i++)
		assert_float_equal(pauses[i], expected[i], 61);
	/* corrected once: single again */
	tell(&c, last + 60, POSTURE_SLOUCHED, POSTURE_EVENT_CORRECTED);
	assert_false(tell(&c, last + 540, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	assert_true(tell(&c, last + 660, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	/* dismissed counts as ignored */
	last += 660;
	coach_answer(&c, last + 5, "slouched", ANSWER_DISMISSED);
	assert_false(tell(&c, last + 660, POSTURE_SLOUCHED, POSTURE_EVENT_STILL));
	assert_true(tell(&c, last + 1260, POSTURE_SLOUCHED, POSTURE_EVENT_STILL));
}

static void test_snooze(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	struct coach_message m;
	coach_answer(&c, 400, "slouched", ANSWER_SNOOZE);
	assert_true(coach_waits(&c, 400));
	assert_false(tell(&c, 2100, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	struct break_event b = { .kind = BREAK_EVENT_DUE, .what = BREAK_MOVEMENT, .seconds = 2100,
	                         .sitting_s = 3000, .length_s = 300 };
	assert_false(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	b.asked = true; /* `unknot break` */
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	assert_false(coach_waits(&c, 2201));
	assert_true(tell(&c, 2201, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	coach_snooze(&c, 90000);
	coach_answer(&c, 2300, "slouched", ANSWER_SNOOZE); /* never shortens a longer one */
	assert_true(coach_waits(&c, 80000));
	coach_snooze(&c, 0);
	assert_false(coach_waits(&c, 2400));
}

static bool tell_drop(struct coach *c, double seconds, double drop, enum posture p)
{
	struct posture_event e = event_of(p, seconds, 60);
	struct coach_message m;
	e.verdict.evidence = p == POSTURE_SLOUCHED ? MEASURE_EYE_DROP : MEASURE_LEAN_SIDE;
	know(&e, e.verdict.evidence, drop);
	return coach_posture(c, &e, &limits, PRESENCE_PRESENT, &m);
}

static void test_wrong_widens_that_kind_only(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	assert_true(tell_drop(&c, 400, 3.125, POSTURE_SLOUCHED)); /* 25 % past its 2.5 cm */
	coach_answer(&c, 410, "slouched", ANSWER_WRONG);
	assert_false(tell_drop(&c, 2000, 3.3, POSTURE_SLOUCHED));
	assert_true(tell_drop(&c, 2100, 3.5, POSTURE_SLOUCHED));
	coach_answer(&c, 2110, "slouched", ANSWER_WRONG);
	assert_false(tell_drop(&c, 4000, 3.7, POSTURE_SLOUCHED));
	assert_true(tell_drop(&c, 4100, 6.2, POSTURE_LEANING)); /* others as before */
	for (int i = 0; i < 20; i++)
		coach_answer(&c, 4200, "slouched", ANSWER_WRONG);
	/* twice the limit is always told */
	assert_true(tell_drop(&c, 9000, 5.3, POSTURE_SLOUCHED));
}

/* A measure without a limit of its own counts against the one that the judgement told. */
static void test_wrong_widens_by_the_limit_told(void **state)
{
	static const enum measure_id ids[] = { MEASURE_HEAD_PITCH, MEASURE_HEAD_ROLL_CHANGE };
	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		static const struct { double seconds, value; bool told; } looks[] = {
			{ 400, -31, true }, { 2000, -31, false }, { 4000, -45, true } };
		struct coach c = coach_at_work(0);
		for (size_t k = 0; k < sizeof looks / sizeof looks[0]; k++) {
			struct posture_event e = event_of(POSTURE_LOOKING_DOWN,
			                                  looks[k].seconds, 60);
			struct coach_message m;
			e.verdict.evidence = ids[i];
			e.verdict.limit = -25;
			know(&e, ids[i], looks[k].value);
			assert_int_equal(coach_posture(&c, &e, &limits, PRESENCE_PRESENT, &m),
			                 looks[k].told);
			if (k == 0)
				coach_answer(&c, 410, "looking_down", ANSWER_WRONG);
		}
	}
}

static void test_held_in_a_call_and_summed_up_once(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	struct coach_message m;
	assert_false(coach_hold(&c, 400, true, &m));
	assert_false(tell(&c, 500, POSTURE_LEANING, POSTURE_EVENT_HELD));
	assert_false(tell(&c, 560, POSTURE_LEANING, POSTURE_EVENT_STILL));
	assert_false(tell(&c, 900, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	assert_true(coach_hold(&c, 1500, false, &m));
	assert_string_equal(m.kind, "summary");
	assert_string_equal(m.body, "2 reminders waited until now, the last about \"Slouching\".");
	assert_int_equal(m.offer, OFFER_NOTHING);
	assert_false(coach_hold(&c, 1600, false, &m));
	/* a call */
	assert_false(coach_presence(&c, 2000, PRESENCE_IN_CALL, &m));
	struct break_event b = { .kind = BREAK_EVENT_DUE, .what = BREAK_MOVEMENT, .seconds = 2100,
	                         .sitting_s = 3000, .length_s = 300 };
	assert_false(coach_break(&c, &b, PRESENCE_IN_CALL, &m));
	assert_true(coach_presence(&c, 2500, PRESENCE_PRESENT, &m));
	assert_non_null(strstr(m.body, "1 reminder waited"));
	assert_non_null(strstr(m.body, "\"Time to move\""));
	assert_false(coach_presence(&c, 2501, PRESENCE_PRESENT, &m));
	/* who left the desk needs no summary */
	coach_hold(&c, 3000, true, &m);
	assert_false(tell(&c, 3100, POSTURE_TURNED, POSTURE_EVENT_HELD));
	coach_presence(&c, 3200, PRESENCE_AWAY, &m);
	coach_presence(&c, 4000, PRESENCE_PRESENT, &m);
	assert_false(coach_hold(&c, 4100, false, &m));
}

static void test_breaks_speak_with_a_new_exercise_each_time(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	struct coach_message first, m;
	struct break_event b = { .kind = BREAK_EVENT_DUE, .what = BREAK_MOVEMENT, .seconds = 3100,
	                         .sitting_s = 3120, .length_s = 300 };
	coach_clock(&c, 1000, 14);
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &first));
	assert_string_equal(first.kind, "break_movement");
	assert_string_equal(first.summary, "Stand up for 5 minutes: Back extension");
	assert_string_equal(first.body, "You have been sitting for 52 minutes.");
	assert_non_null(strstr(first.more, "lean back slowly"));
	assert_string_equal(first.icon, "io.github.unknot.back-extension");
	assert_int_equal(first.offer, OFFER_BREAK);
	assert_int_equal(first.urgency, URGENCY_NORMAL);
	/* told again: the same exercise */
	b.kind = BREAK_EVENT_AGAIN;
	b.seconds = 3500;
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	assert_string_equal(m.summary, first.summary);
	b.kind = BREAK_EVENT_DUE;
	b.seconds = 7000;
	coach_clock(&c, 2000, 15);
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	assert_string_not_equal(first.summary, m.summary);
	b.kind = BREAK_EVENT_ENDED;
	assert_false(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	b = (struct break_event){ .kind = BREAK_EVENT_DUE, .what = BREAK_MICRO, .seconds = 9000,
	                          .sitting_s = 1200, .length_s = 20 };
	assert_true(coach_break(&c, &b, PRESENCE_PRESENT, &m));
	assert_string_equal(m.summary, "Look at something 6 m away for 20 seconds");
	assert_non_null(strstr(m.body, "After 20 minutes at the screen."));
	assert_int_equal(m.urgency, URGENCY_LOW);
	/* a break does not use up the corrections of the hour, but keeps its distance */
	assert_false(tell(&c, 9030, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	assert_true(tell(&c, 9061, POSTURE_SLOUCHED, POSTURE_EVENT_STILL));
}

/* A card that the desktop kept back was not ignored, and does not count. */
static void test_unseen_is_not_ignored(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	double t = 400;
	for (int i = 0; i < 6; i++, t += 660) {
		assert_true(tell(&c, t, POSTURE_SLOUCHED,
		                 i == 0 ? POSTURE_EVENT_HELD : POSTURE_EVENT_STILL));
		coach_answer(&c, t + 32, "slouched", ANSWER_UNSEEN);
	}
	assert_int_equal(c.sent_count, 0);
	/* seen at last and ignored: from then on */
	assert_true(tell(&c, t, POSTURE_SLOUCHED, POSTURE_EVENT_STILL));
	coach_answer(&c, t + 12, "slouched", ANSWER_NONE);
	assert_false(tell(&c, t + 660, POSTURE_SLOUCHED, POSTURE_EVENT_STILL));
	/* a click that opens nothing is no dismissal */
	struct coach d = coach_at_work(0);
	assert_true(tell(&d, 400, POSTURE_LEANING, POSTURE_EVENT_HELD));
	coach_answer(&d, 405, "leaning", ANSWER_OPENED);
	tell(&d, 500, POSTURE_LEANING, POSTURE_EVENT_CORRECTED);
	assert_true(tell(&d, 1060, POSTURE_LEANING, POSTURE_EVENT_HELD));
}

/* ---- what takes minutes ---- */

static int watch_monitor(struct coach *c, double *now, double seconds, double offset, double sigma,
                         enum posture p, char *body)
{
	int spoken = 0;
	for (double end = *now + seconds; *now < end; *now += 10) {
		struct measures m = { 0 };
		struct coach_message message;
		m.m[MEASURE_MONITOR_TOP_OFFSET] = (struct measure){
			offset + (fmod(*now, 20) < 10 ? 0.8 : -0.8), sigma, true };
		if (coach_monitor(c, *now, PRESENCE_PRESENT, p, &m, &message)) {
			spoken++;
			snprintf(body, 480, "%s", message.body);
		}
	}
	return spoken;
}

static void test_monitor_height(void **state)
{
	(void)state;
	static const struct {
		double offset, sigma;
		enum posture posture;
		int spoken;
	} rows[] = {
		{ -9, 2, POSTURE_UPRIGHT, 1 },  { -9, 4.5, POSTURE_UPRIGHT, 0 },
		{ -9, 2, POSTURE_SLOUCHED, 0 }, { -3, 1, POSTURE_UPRIGHT, 0 },
		{ -7, 2, POSTURE_UPRIGHT, 0 },  { 8, 2, POSTURE_UPRIGHT, 1 },
		{ 2, 2, POSTURE_UPRIGHT, 0 },   { -25, 3.9, POSTURE_UPRIGHT, 1 },
		{ -25, 4.1, POSTURE_UPRIGHT, 0 }, /* vaguer than it may be */
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct coach c = coach_at_work(0);
		double now = 10;
		char body[480] = "";
		assert_int_equal(watch_monitor(&c, &now, 580, rows[i].offset, rows[i].sigma,
		                               rows[i].posture, body), 0); /* not yet */
		int n = watch_monitor(&c, &now, 10 * 3600, rows[i].offset, rows[i].sigma,
		                      rows[i].posture, body);
		assert_int_equal(n, rows[i].spoken);
		if (rows[i].offset == -9 && n > 0)
			assert_string_equal(body, "Its top edge is 9 cm below your eyes; with "
			                          "progressive glasses leave it lower.");
		if (rows[i].offset > 0 && n > 0)
			assert_non_null(strstr(body, "8 cm above your eyes."));
		/* and the next day again, at most */
		now += 12 * 3600;
		n = watch_monitor(&c, &now, 6 * 3600, rows[i].offset, rows[i].sigma,
		                  rows[i].posture, body);
		assert_int_equal(n, rows[i].spoken);
	}
}

static int watch_habits(struct coach *c, double *now, double seconds, double tilt, double sway,
                        char *kind, char *body)
{
	int spoken = 0;
	uint32_t s = 5;
	for (double end = *now + seconds; *now < end; *now += 10) {
		struct measures m = { 0 };
		struct coach_message message;
		s = s * 1664525u + 1013904223u;
		double x = (s >> 8) / 16777216.0 - 0.5;
		m.m[MEASURE_SHOULDER_TILT] = (struct measure){ tilt + 2 * x, 1.5, true };
		m.m[MEASURE_EYE_DISTANCE] = (struct measure){ 62 + sway * x, 1, true };
		m.m[MEASURE_EYE_HEIGHT] = (struct measure){ 0, 1, true };
		m.m[MEASURE_EYE_SIDE] = (struct measure){ 0, 1, true };
		if (coach_habits(c, &limits, *now, PRESENCE_PRESENT, POSTURE_UPRIGHT, &m,
		                 &message)) {
			spoken++;
			snprintf(kind, 32, "%s", message.kind);
			snprintf(body, 480, "%s", message.body);
		}
	}
	return spoken;
}

static void test_shoulders_stillness_and_water(void **state)
{
	(void)state;
	char kind[32] = "", body[480] = "";
	struct coach c = coach_at_work(0);
	double now = 10;
	assert_int_equal(watch_habits(&c, &now, 280, -9, 20, kind, body), 0);
	assert_int_equal(watch_habits(&c, &now, 3600, -9, 20, kind, body), 1);
	assert_string_equal(kind, "shoulder_tilt");
	assert_string_equal(body, "Your right shoulder has been higher than the other by 9 degrees "
	                          "for 5 minutes.");
	c = coach_at_work(0);
	now = 10;
	assert_int_equal(watch_habits(&c, &now, 2 * 3600, 3, 20, kind, body), 0);
	/* hardly moving */
	c = coach_at_work(0);
	now = 10;
	assert_int_equal(watch_habits(&c, &now, 1780, 0, 2, kind, body), 0);
	assert_int_equal(watch_habits(&c, &now, 600, 0, 2, kind, body), 1);
	assert_string_equal(kind, "static");
	assert_non_null(strstr(body, "hardly moved for 30 minutes"));
	/* water, when asked for */
	c = coach_at_work(0);
	c.config.hydrate_s = 5400;
	c.config.still_s = 0;
	now = 10;
	assert_int_equal(watch_habits(&c, &now, 4 * 3600, 0, 20, kind, body), 2);
	assert_string_equal(kind, "hydration");
	assert_string_equal(body, "You have been at the desk for 1 hour 30 minutes.");
}

/* "Wrong" widens what was told, also where it takes minutes. */
static void test_wrong_about_habits(void **state)
{
	(void)state;
	char kind[32] = "", body[480] = "";
	struct coach c = coach_at_work(0);
	double now = 10;
	assert_int_equal(watch_habits(&c, &now, 1900, 0, 2, kind, body), 1);
	assert_string_equal(kind, "static");
	coach_answer(&c, now, "static", ANSWER_WRONG);
	watch_habits(&c, &now, 60, 0, 40, kind, body); /* moved */
	assert_int_equal(watch_habits(&c, &now, 3500, 0, 2, kind, body), 0);
	assert_int_equal(watch_habits(&c, &now, 200, 0, 2, kind, body), 1);
	assert_non_null(strstr(body, "hardly moved for 1 hour"));
	/* a shoulder 9 deg higher, its limit is 7 */
	c = coach_at_work(0);
	now = 10;
	assert_int_equal(watch_habits(&c, &now, 1800, 9, 40, kind, body), 1);
	coach_answer(&c, now, "shoulder_tilt", ANSWER_WRONG);
	assert_int_equal(watch_habits(&c, &now, 3 * 3600, 9, 40, kind, body), 0);
	assert_true(watch_habits(&c, &now, 3 * 3600, 12, 40, kind, body) >= 1);
	/* the screen: as long as it is 9 cm low; more is told again */
	c = coach_at_work(0);
	now = 10;
	assert_int_equal(watch_monitor(&c, &now, 3600, -9, 2, POSTURE_UPRIGHT, body), 1);
	coach_answer(&c, now, "monitor_low", ANSWER_WRONG);
	assert_int_equal(watch_monitor(&c, &now, 48 * 3600, -9, 2, POSTURE_UPRIGHT, body), 0);
	assert_true(watch_monitor(&c, &now, 24 * 3600, -13, 2, POSTURE_UPRIGHT, body) >= 1);
	/* A reminder cannot be wrong: as dismissed. */
	coach_answer(&c, now, "hydration", ANSWER_WRONG);
	for (int i = 0; i < c.kind_count; i++)
		if (strcmp(c.kinds[i].kind, "hydration") == 0) {
			assert_int_equal(c.kinds[i].ignored, 1);
			assert_float_equal(c.kinds[i].widen, 0, 0);
		}
}

static void test_messages_keep_their_distance(void **state)
{
	(void)state;
	struct coach c = coach_at_work(0);
	struct coach_message m;
	assert_false(coach_spoke(&c, 390));
	assert_true(tell(&c, 400, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	assert_true(coach_spoke(&c, 459));
	assert_false(coach_spoke(&c, 460));
	/* a moment of do not disturb: its summary waits for the minute to pass */
	coach_hold(&c, 410, true, &m);
	assert_false(tell(&c, 420, POSTURE_LEANING, POSTURE_EVENT_HELD));
	assert_false(coach_hold(&c, 430, false, &m));
	assert_false(coach_presence(&c, 459, PRESENCE_PRESENT, &m));
	assert_true(coach_presence(&c, 461, PRESENCE_PRESENT, &m));
	assert_string_equal(m.kind, "summary");
	assert_false(m.measured);
}

static void test_hostile_clocks_and_kinds(void **state)
{
	(void)state;
	struct coach c = coach_at_work(1e6);
	struct coach_message m;
	assert_true(tell(&c, 1e6 + 400, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	/* a clock that ran back by eleven days does not silence for eleven days */
	coach_presence(&c, 100, PRESENCE_PRESENT, &m);
	tell(&c, 100, POSTURE_SLOUCHED, POSTURE_EVENT_CORRECTED);
	assert_true(tell(&c, 500, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	for (int i = 0; i < 40; i++) {
		char kind[32];
		snprintf(kind, sizeof kind, "kind %d", i);
		coach_answer(&c, 600, kind, ANSWER_WRONG);
	}
	assert_int_equal(c.kind_count, COACH_KINDS);
	/* postures that deserve no correction get none */
	struct posture_event e = event_of(POSTURE_RECLINED, 5000, 600);
	assert_false(coach_posture(&c, &e, &limits, PRESENCE_PRESENT, &m));
	/* without coach_presence the events tell it */
	struct coach_config config = coach_config_default();
	coach_init(&c, &config);
	assert_false(tell(&c, 50, POSTURE_SLOUCHED, POSTURE_EVENT_HELD));
	assert_true(tell(&c, 400, POSTURE_SLOUCHED, POSTURE_EVENT_STILL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_the_whole_catalogue_fits_its_buffers),
		cmocka_unit_test(test_corrections_refer_to_the_checklist),
		cmocka_unit_test(test_snooze_for_two_hours),
		cmocka_unit_test(test_sitting_and_standing_in_turn),
		cmocka_unit_test(test_rows_are_well_formed),
		cmocka_unit_test(test_unseen_is_not_ignored),
		cmocka_unit_test(test_no_correction_just_after_coming_back),
		cmocka_unit_test(test_what_is_over_was_not_ignored),
		cmocka_unit_test(test_one_of_a_kind_in_ten_minutes_and_four_an_hour),
		cmocka_unit_test(test_ignored_corrections_back_off),
		cmocka_unit_test(test_snooze),
		cmocka_unit_test(test_wrong_widens_that_kind_only),
		cmocka_unit_test(test_wrong_widens_by_the_limit_told),
		cmocka_unit_test(test_held_in_a_call_and_summed_up_once),
		cmocka_unit_test(test_breaks_speak_with_a_new_exercise_each_time),
		cmocka_unit_test(test_monitor_height),
		cmocka_unit_test(test_shoulders_stillness_and_water),
		cmocka_unit_test(test_wrong_about_habits),
		cmocka_unit_test(test_messages_keep_their_distance),
		cmocka_unit_test(test_hostile_clocks_and_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
