/* A month of working days in front of the whole of what decides (judgement, breaks, coach:
 * daemon/core without camera, history and bus), and an umpire that knows only what the person did
 * and what was shown. Twenty-two days with calls, films, coffee, lunch, a lens that is covered, and
 * somebody who obeys, ignores, dismisses and snoozes. The same seed, the same month. */
#include "daemon/core.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MIN 60.0
#define HOUR 3600.0
#define DAY 86400.0

enum { DAYS = 22, KINDS = 16, SENT_MAX = 4096, SEGMENTS = 96 };
static const int64_t monday_ms = INT64_C(1772406000000); /* 2026-03-02 00:00 in Berlin */

/* ---- what must never happen ---- */

enum rule {
	RULE_SPACING, RULE_UNSEEN, RULE_SNOOZED, RULE_PER_HOUR, RULE_PER_KIND,
	RULE_BACK_OFF, RULE_GRACE,
	RULE_TWO_BREAKS, RULE_EARLY_BREAK, RULE_SUMMARIES, RULE_HEEDED, RULE_CREDIT, RULES
};
static const char *const rule_names[RULES] = {
	"two messages within a minute", "a message while nobody may see one",
	"a message while snoozed",
	"a fifth correction within an hour", "a kind twice in ten minutes",
	"ignored, and no back-off",
	"a correction just after coming back", "a break prompt while another stands",
	"a break before its time", "more than one summary, or one of nothing",
	"a correction on the screen that was heeded long ago", "an absence that was not credited",
};

struct told_kind {
	char kind[32];
	double last;
	int streak;          /* times in a row that it was certainly ignored */
	bool unbroken;       /* the posture went on ever since */
};

struct umpire {
	int broken[RULES];
	double sent[SENT_MAX]; /* corrections */
	int sent_count, messages, summaries, prompts[BREAK_KINDS], again,
	    backed_off, most_in_an_hour, natural, early;
	double last;           /* message of any kind */
	struct told_kind kinds[KINDS];
	int kind_count;
	int standing;          /* break_kind + 1 of the prompt that stands */
	double covered_s;      /* how long a call, film or snooze has lain over it */
	bool may_sum_up;       /* something was held back since the last summary */
	double since[BREAK_KINDS]; /* at the desk, at least; since the last break */
	bool absent, back;     /* away; at the desk since, be it on their feet */
	double absent_s, returned;
	char shown[32];        /* the correction on the screen; "" when there is none */
	double upright_s;      /* ... and so long they have sat upright */
	double rested_s;       /* at the desk: eyes off the screen, or on their feet */
};

/* ---- the person ---- */

struct segment {
	double from;
	enum presence presence;
	bool hold;
};

struct person {
	uint32_t random;
	struct segment plan[SEGMENTS];
	int planned;
	enum posture posture;
	double posture_until, obey_at;
	double rest_from, rest_until;   /* a break that was asked for */
	enum { REST_AWAY, REST_STANDING, REST_EYES } rest;
	bool stubborn;                  /* slouches all day and heeds nothing */
	double snoozed_until;
	bool hold;                      /* as told to the core */
	int snoozes;
};

static struct month {
	struct notifier base;
	struct core core;
	struct umpire umpire;
	struct person person;
	double now;
	enum presence presence;         /* of the sample that is being judged */
	/* on the next step, to: */
	enum { SAY_NOTHING, SAY_DISMISSED, SAY_SNOOZE, SAY_SNOOZE_LONG } say;
	char say_kind[32];
} month;

static double uniform(struct person *p, double low, double high)
{
	p->random ^= p->random << 13;
	p->random ^= p->random >> 17;
	p->random ^= p->random << 5;
	return low + (high - low) * (p->random / 4294967296.0);
}

static bool chance(struct person *p, double share)
{
	return uniform(p, 0, 1) < share;
}

static void then(struct person *p, double *at, double length, enum presence presence, bool hold)
{
	assert_true(p->planned < SEGMENTS);
	p->plan[p->planned++] = (struct segment){*at, presence, hold};
	*at += length;
}

/* From half past eight to half past five, at a locked screen before and after. */
static void plan_day(struct person *p, double midnight)
{
	double at = midnight;
	p->planned = 0;
	then(p, &at, 8.5 * HOUR + uniform(p, 0, 1800), PRESENCE_PAUSED, false);
	while (at < midnight + 17.5 * HOUR) {
		const double lunch = midnight + 12 * HOUR;
		then(p, &at, uniform(p, 15 * MIN, 90 * MIN), PRESENCE_PRESENT, false);
		if (at > lunch && at < lunch + 1.5 * HOUR) {
			then(p, &at, uniform(p, 1, 3) * MIN, PRESENCE_AWAY, false);
			then(p, &at, 40 * MIN, PRESENCE_PAUSED, false);
		} else if (chance(p, 0.3)) {
			then(p, &at, uniform(p, 5, 50) * MIN, PRESENCE_IN_CALL, false);
		} else if (chance(p, 0.4)) {
			then(p, &at, uniform(p, 5, 40) * MIN, PRESENCE_PRESENT, true);
		} else if (chance(p, 0.2)) {
			then(p, &at, uniform(p, 1, 10) * MIN, PRESENCE_BLOCKED, false);
		} else {
			then(p, &at, uniform(p, 20, 600), PRESENCE_AWAY, false);
		}
	}
	then(p, &at, 3 * MIN, PRESENCE_AWAY, false);
	then(p, &at, 0, PRESENCE_PAUSED, false);
}

static const struct segment *segment_at(const struct person *p, double t)
{
	const struct segment *s = p->plan;
	for (int i = 1; i < p->planned && p->plan[i].from <= t; i++)
		s = &p->plan[i];
	return s;
}

/* In the break that was asked for: nobody gets up from a film or a talk for it. */
static bool resting(const struct person *p, const struct segment *at, double t)
{
	return at->presence == PRESENCE_PRESENT && !at->hold && t >= p->rest_from &&
	       t < p->rest_until;
}

static void move(struct person *p, double t)
{
	static const enum posture faults[] = {
		POSTURE_SLOUCHED, POSTURE_SLOUCHED, POSTURE_FORWARD_HEAD,
		POSTURE_LEANING, POSTURE_TOO_CLOSE, POSTURE_TURNED, POSTURE_HEAD_TILTED,
		POSTURE_LOOKING_DOWN,
	};
	if (p->stubborn) {
		p->posture = POSTURE_SLOUCHED;
		return;
	}
	if (t >= p->obey_at) {
		p->posture = POSTURE_UPRIGHT;
		p->posture_until = t + uniform(p, 1, 15) * MIN;
		p->obey_at = INFINITY;
	}
	if (t < p->posture_until)
		return;
	const bool upright = p->posture == POSTURE_UPRIGHT && chance(p, 0.8);
	p->posture = upright ? faults[(int)uniform(p, 0, 8)] : POSTURE_UPRIGHT;
	p->posture_until = t + uniform(p, 0.3, upright ? 25 : 12) * MIN;
}

static void set(struct posture_sample *s, enum measure_id id, double value)
{
	s->measures.m[id] = (struct measure){value, 0.5, true};
}

static struct posture_sample sample_of(enum posture posture)
{
	static const struct { enum posture posture; enum measure_id id; double value; } rows[] = {
		{POSTURE_SLOUCHED, MEASURE_EYE_DROP, 7}, {POSTURE_FORWARD_HEAD, MEASURE_LEAN_IN, 7},
		{POSTURE_LEANING, MEASURE_LEAN_SIDE, 9},
		{POSTURE_TOO_CLOSE, MEASURE_SCREEN_DISTANCE, 38}, {POSTURE_TURNED,
		                                                   MEASURE_HEAD_YAW_CHANGE, 32},
		{POSTURE_TURNED, MEASURE_HEAD_YAW, 32},
		{POSTURE_HEAD_TILTED, MEASURE_HEAD_ROLL, 16}, {POSTURE_LOOKING_DOWN,
		                                               MEASURE_HEAD_PITCH_CHANGE, 32},
		{POSTURE_RAISED, MEASURE_EYE_DROP, -35},
	};
	static const enum measure_id zero[] = {
		MEASURE_EYE_DROP, MEASURE_LEAN_IN, MEASURE_LEAN_SIDE, MEASURE_HEAD_YAW,
		MEASURE_HEAD_YAW_CHANGE, MEASURE_HEAD_ROLL, MEASURE_HEAD_PITCH_CHANGE,
	};
	struct posture_sample s = {.presence = PRESENCE_PRESENT, .sampled = true};
	for (size_t i = 0; i < sizeof zero / sizeof *zero; i++)
		set(&s, zero[i], 0);
	set(&s, MEASURE_SCREEN_DISTANCE, 62);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].posture == posture)
			set(&s, rows[i].id, rows[i].value);
	return s;
}

/* ---- the umpire ---- */

static void breaks_rule(enum rule rule, const struct coach_message *m)
{
	struct umpire *u = &month.umpire;
	if (u->broken[rule]++ == 0)
		print_message("day %.0f, %05.2f h: %s (%s)\n", floor(month.now / DAY),
		              fmod(month.now, DAY) / HOUR, rule_names[rule],
		              m != NULL ? m->kind : "");
}

static struct told_kind *kind_of(const char *kind)
{
	struct umpire *u = &month.umpire;
	for (int i = 0; i < u->kind_count; i++)
		if (strcmp(u->kinds[i].kind, kind) == 0)
			return &u->kinds[i];
	assert_true(u->kind_count < KINDS);
	struct told_kind *k = &u->kinds[u->kind_count++];
	*k = (struct told_kind){.last = -INFINITY};
	snprintf(k->kind, sizeof k->kind, "%s", kind);
	return k;
}

static void judge_correction(const struct coach_message *m)
{
	struct umpire *u = &month.umpire;
	struct told_kind *k = kind_of(m->kind);
	int within = 1;
	for (int i = u->sent_count - 1; i >= 0 && month.now - u->sent[i] < HOUR; i--)
		within++;
	if (within > u->most_in_an_hour)
		u->most_in_an_hour = within;
	if (within > 4)
		breaks_rule(RULE_PER_HOUR, m);
	if (month.now - k->last < 10 * MIN)
		breaks_rule(RULE_PER_KIND, m);
	k->streak = k->unbroken ? k->streak + 1 : 0;
	u->backed_off += k->streak > 1;
	if (month.now - k->last < ldexp(10 * MIN, k->streak < 4 ? k->streak : 4))
		breaks_rule(RULE_BACK_OFF, m);
	if (month.now - u->returned < 5 * MIN)
		breaks_rule(RULE_GRACE, m);
	k->last = month.now;
	k->unbroken = true;
	assert_true(u->sent_count < SENT_MAX);
	u->sent[u->sent_count++] = month.now;
}

static void judge_prompt(const struct coach_message *m, enum break_kind what)
{
	static const double every[BREAK_KINDS] = {20 * MIN, 50 * MIN};
	struct umpire *u = &month.umpire;
	if (u->standing != 0) {
		u->again++;
		if (u->standing != (int)what + 1 || u->covered_s < MIN)
			breaks_rule(RULE_TWO_BREAKS, m);
	} else if (u->since[what] < 0.9 * every[what] - 30) /* a natural moment may come early */ {
		breaks_rule(RULE_EARLY_BREAK, m);
	}
	u->early += u->standing == 0 && u->since[what] < every[what] - 30;
	u->prompts[what]++;
	u->standing = (int)what + 1;
	u->covered_s = 0;
}

static void judge(const struct coach_message *m)
{
	struct umpire *u = &month.umpire;
	u->messages++;
	if (month.now - u->last < MIN)
		breaks_rule(RULE_SPACING, m);
	if (month.presence != PRESENCE_PRESENT || month.person.hold)
		breaks_rule(RULE_UNSEEN, m);
	if (month.now < month.person.snoozed_until)
		breaks_rule(RULE_SNOOZED, m);
	if (strcmp(m->kind, "summary") == 0) {
		u->summaries++;
		if (!u->may_sum_up)
			breaks_rule(RULE_SUMMARIES, m);
		u->may_sum_up = false;
	}
	if (m->measured)
		judge_correction(m);
	for (int k = 0; k < BREAK_KINDS; k++)
		if (strcmp(m->kind, coach_break_kind((enum break_kind)k)) == 0)
			judge_prompt(m, (enum break_kind)k);
	u->last = month.now;
}

/* What the time up to this sample was, from what the person did. */
static void follow(const struct posture_sample *s, bool rest, double dt)
{
	struct umpire *u = &month.umpire;
	const bool absent = s->presence == PRESENCE_AWAY || s->presence == PRESENCE_PAUSED;
	u->absent_s += u->absent ? dt : 0;
	u->absent = absent;
	u->back = u->back && !absent;
	for (int i = 0; i < u->kind_count; i++)
		if (absent || rest ||
		    (s->presence == PRESENCE_PRESENT &&
		     strcmp(posture_name(month.person.posture), u->kinds[i].kind) != 0))
			u->kinds[i].unbroken = false;
	if (month.person.hold || s->presence == PRESENCE_IN_CALL) {
		u->covered_s += dt;
		u->may_sum_up = true;
	} else if (month.now < month.person.snoozed_until) {
		u->covered_s += dt;
	}
	if (!absent)
		for (int k = 0; k < BREAK_KINDS; k++)
			u->since[k] += dt;
	const bool upright = s->presence == PRESENCE_PRESENT && !rest &&
	                     month.person.posture == POSTURE_UPRIGHT;
	u->upright_s = upright ? u->upright_s + dt : 0;
	if (u->shown[0] != '\0' && u->upright_s > 2 * MIN) {
		breaks_rule(RULE_HEEDED, NULL);
		u->shown[0] = '\0';
	}
}

/* Of the eyes or on the feet: stands for the break that was asked for, when it is long enough. */
static void rest_at_the_desk(enum break_kind what)
{
	struct umpire *u = &month.umpire;
	const double enough = 0.9 * month.core.breaks.config.length_s[what] + 15;
	for (int k = 0; k <= (int)what && u->standing == (int)what + 1; k++)
		if (u->rested_s > enough)
			u->since[k] = 0;
}

/* Back at the desk. Once they sit, an absence long enough stands for a break, asked for or not; who
 * stands before the camera goes on with the break that was asked for. */
static void come_back(bool seated)
{
	struct umpire *u = &month.umpire;
	const double absence = u->absent_s;
	if (!u->back && absence >= MIN)
		u->returned = month.now;
	u->back = true;
	if (!seated)
		return;
	u->absent_s = 0;
	for (int k = 0; k < BREAK_KINDS; k++)
		if (absence >= 0.9 * month.core.breaks.config.length_s[k])
			u->since[k] = 0;
	if (absence >= 5 * MIN) {
		u->natural++;
		if (breaks_remaining(&month.core.breaks, BREAK_MOVEMENT) < 49 * MIN ||
		    breaks_remaining(&month.core.breaks, BREAK_MICRO) < 19 * MIN)
			breaks_rule(RULE_CREDIT, NULL);
	}
}

/* ---- what the person does about a message ---- */

static void react_to_prompt(struct person *p, bool movement)
{
	if (p->stubborn || !chance(p, 0.5))
		return;
	p->rest_from = month.now + uniform(p, 5, 200);
	p->rest_until = p->rest_from + (movement ? uniform(p, 3, 9) * MIN : uniform(p, 20, 35));
	p->rest = !movement ? REST_EYES : chance(p, 0.3) ? REST_STANDING : REST_AWAY;
}

static bool on_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	struct person *p = &month.person;
	(void)n, (void)error;
	judge(m);
	if (strncmp(m->kind, "break_", 6) != 0) /* in its place, whatever it is of */
		snprintf(month.umpire.shown, sizeof month.umpire.shown, "%s",
		         posture_is_fault(posture_from_name(m->kind)) ? m->kind : "");
	if (strncmp(m->kind, "break_", 6) == 0)
		react_to_prompt(p, strcmp(m->kind, "break_movement") == 0);
	else if (m->measured && chance(p, 0.5))
		p->obey_at = month.now + uniform(p, 5, 40);
	if (m->offer == OFFER_NOTHING || p->stubborn)
		return true;
	month.say = chance(p, 0.15) ? SAY_DISMISSED : chance(p, 0.04) ? SAY_SNOOZE
	          : chance(p, 0.01) ? SAY_SNOOZE_LONG : SAY_NOTHING;
	snprintf(month.say_kind, sizeof month.say_kind, "%s", m->kind);
	return true;
}

static void on_close(struct notifier *n, const char *kind)
{
	struct umpire *u = &month.umpire;
	(void)n;
	if (strcmp(kind, u->shown) == 0)
		u->shown[0] = '\0';
	if (u->standing != 0 &&
	    strcmp(kind, coach_break_kind((enum break_kind)(u->standing - 1))) == 0)
		u->standing = 0;
}

static void answer(struct instant now)
{
	static const struct { enum coach_answer answer; double snooze; } rows[] = {
		[SAY_DISMISSED] = {ANSWER_DISMISSED, 0}, [SAY_SNOOZE] = {ANSWER_SNOOZE, 30 * MIN},
		[SAY_SNOOZE_LONG] = {ANSWER_SNOOZE_LONG, 2 * HOUR},
	};
	if (month.say == SAY_NOTHING)
		return;
	if (rows[month.say].snooze > 0) {
		month.person.snoozed_until = fmax(month.person.snoozed_until,
		                                  month.now + rows[month.say].snooze);
		month.person.snoozes++;
	}
	core_answer(&month.core, now, month.say_kind, rows[month.say].answer);
	month.say = SAY_NOTHING;
}

/* ---- the month ---- */

static struct posture_sample look(const struct segment *at)
{
	struct person *p = &month.person;
	struct posture_sample s = {.presence = at->presence};
	if (at->presence == PRESENCE_PRESENT) {
		const bool rest = resting(p, at, month.now);
		move(p, month.now);
		s = sample_of(rest && p->rest == REST_STANDING ? POSTURE_RAISED : p->posture);
		if (rest && p->rest == REST_AWAY)
			s = (struct posture_sample){.presence = PRESENCE_AWAY, .sampled = true};
		if (rest && p->rest == REST_EYES)
			set(&s, MEASURE_HEAD_YAW, 60), set(&s, MEASURE_HEAD_YAW_CHANGE, 60);
	}
	s.seconds = month.now;
	return s;
}

static void step(double dt)
{
	const struct instant now = {month.now, monday_ms + (int64_t)(month.now * 1000)};
	struct person *p = &month.person;
	const struct segment *at = segment_at(p, month.now);
	const struct posture_sample s = look(at);
	const bool rest = resting(p, at, month.now);
	answer(now);
	if (at->hold != p->hold) {
		p->hold = at->hold;
		core_hold(&month.core, now, at->hold ? QUIET_DO_NOT_DISTURB : QUIET_NOT);
	}
	month.presence = s.presence;
	follow(&s, rest, dt);
	month.umpire.rested_s = rest && p->rest != REST_AWAY ? month.umpire.rested_s + dt : 0;
	if (month.umpire.rested_s > 0)
		rest_at_the_desk(p->rest == REST_STANDING ? BREAK_MOVEMENT : BREAK_MICRO);
	core_step(&month.core, now, &s);
	if (month.umpire.absent_s > 0 && (s.presence == PRESENCE_PRESENT ||
	                                  s.presence == PRESENCE_IN_CALL))
		come_back(!(rest && p->rest == REST_STANDING &&
		            month.umpire.standing == BREAK_MOVEMENT + 1));
}

static void live_through(const struct coach_config *config, uint32_t seed)
{
	static const struct notifier_ops ops = {on_show, on_close, NULL};
	const struct report_context context = {.posture = posture_config_default(),
	                                       .breaks = breaks_config_default()};
	memset(&month, 0, sizeof month);
	month.base.ops = &ops;
	month.umpire.last = month.umpire.returned = -INFINITY;
	month.person = (struct person){.random = seed, .posture = POSTURE_UPRIGHT,
	                               .obey_at = INFINITY,
	                               .rest_from = INFINITY};
	const struct core_ports ports = {.notifier = &month.base, .fallback = &month.base};
	core_init(&month.core, &ports, &context, config, true);
	for (int day = 0; day < DAYS; day++) {
		const double midnight = (day / 5 * 7 + day % 5) * DAY;
		month.person.stubborn = day % 7 == 3;
		plan_day(&month.person, midnight);
		for (month.now = fmax(month.now, midnight); month.now < midnight + DAY;) {
			const bool paused = segment_at(&month.person,
			                               month.now)->presence == PRESENCE_PAUSED;
			const double dt = paused ? 30 : uniform(&month.person, 3, 12);
			month.now += dt;
			step(dt);
		}
	}
}

static void test_a_month(void **state)
{
	(void)state;
	const struct coach_config config = coach_config_default();
	int corrections = 0, summaries = 0, again = 0, backed_off = 0,
	    snoozes = 0, most = 0, natural = 0, early = 0;
	int prompts[BREAK_KINDS] = {0};
	enum { MONTHS = 6 };
	for (uint32_t seed = 1; seed <= MONTHS; seed++) {
		live_through(&config, seed * 2654435761u);
		const struct umpire *u = &month.umpire;
		for (int r = 0; r < RULES; r++)
			if (u->broken[r] > 0)
				fail_msg("seed %u: %d times: %s", (unsigned)seed,
				         u->broken[r], rule_names[r]);
		corrections += u->sent_count;
		summaries += u->summaries;
		again += u->again;
		backed_off += u->backed_off;
		snoozes += month.person.snoozes;
		natural += u->natural;
		early += u->early;
		for (int k = 0; k < BREAK_KINDS; k++)
			prompts[k] += u->prompts[k];
		most = u->most_in_an_hour > most ? u->most_in_an_hour : most;
	}
	print_message("a day, of %d: %.1f corrections (at most %d in an hour, %d with back-off), "
	              "%.1f micro and %.1f movement prompts (%d at a natural moment before their "
	              "time), %d told again, %d summaries, %d snoozes, %.1f absences credited\n",
	              MONTHS * DAYS, (double)corrections / (MONTHS * DAYS), most, backed_off,
	              (double)prompts[BREAK_MICRO] / (MONTHS * DAYS),
	              (double)prompts[BREAK_MOVEMENT] / (MONTHS * DAYS), early, again, summaries,
	              snoozes,
	              (double)natural / (MONTHS * DAYS));
	/* It was a month in which all of it could have gone wrong. */
	assert_true(corrections > 3 * MONTHS * DAYS && most == 4);
	assert_true(backed_off > 0 && summaries > 0 && again > 0 && snoozes > 0 && natural > 0);
	assert_true(early > 0);
	assert_true(prompts[BREAK_MICRO] > 2 * MONTHS * DAYS &&
	            prompts[BREAK_MOVEMENT] > MONTHS * DAYS);
}

/* An umpire who whistles at nothing would let everything pass. */
static void test_the_umpire_whistles(void **state)
{
	(void)state;
	struct coach_config loose = coach_config_default();
	loose.per_hour = 30;
	loose.per_kind_s = 120;
	loose.return_grace_s = 0;
	loose.spacing_s = 5;
	live_through(&loose, 12345);
	static const enum rule expected[] = {RULE_SPACING, RULE_PER_HOUR,
	                                     RULE_PER_KIND, RULE_BACK_OFF, RULE_GRACE};
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		if (month.umpire.broken[expected[i]] == 0)
			fail_msg("not seen: %s", rule_names[expected[i]]);
}

/* Show me: what decided, in its own message, in numbers. */
static struct coach_message shown[4];
static int shown_count;

static bool on_shown(struct notifier *n, const struct coach_message *m, struct error *error)
{
	(void)n, (void)error;
	if (shown_count < 4)
		shown[shown_count++] = *m;
	return true;
}

static void on_nothing(struct notifier *n, const char *kind)
{
	(void)n, (void)kind;
}

static void test_show_me(void **state)
{
	(void)state;
	static const struct notifier_ops ops = {on_shown, on_nothing, NULL};
	const struct report_context context = {.posture = posture_config_default(),
	                                       .breaks = breaks_config_default()};
	const struct coach_config config = coach_config_default();
	struct notifier base = {&ops};
	const struct core_ports ports = {.notifier = &base, .fallback = &base, .recorded = true};
	struct instant now = {0, monday_ms};
	shown_count = 0;
	core_init(&month.core, &ports, &context, &config, true);
	for (; now.seconds < 500 && shown_count == 0; now.seconds += 5, now.wall_ms += 5000) {
		struct posture_sample s =
			sample_of(now.seconds < 300 ? POSTURE_UPRIGHT : POSTURE_SLOUCHED);
		s.seconds = now.seconds;
		core_step(&month.core, now, &s);
	}
	assert_int_equal(shown_count, 1);
	assert_string_equal(shown[0].kind, "slouched");
	core_answer(&month.core, now, "slouched", ANSWER_SHOW);
	assert_int_equal(shown_count, 2);
	assert_string_equal(shown[1].body,
	                    "Seen: eyes lower than upright: 7.0 cm (give or take 0.5), limit 2.5.");
	assert_int_equal(shown[1].offer, OFFER_NOTHING);
	/* Of what is no longer the last there is nothing to show. */
	core_answer(&month.core, now, "leaning", ANSWER_SHOW);
	assert_int_equal(shown_count, 2);
}

static void test_samples_are_what_they_claim(void **state)
{
	(void)state;
	const struct posture_config config = posture_config_default();
	for (int p = POSTURE_UPRIGHT; p < POSTURE_COUNT; p++) {
		const struct posture_sample s = sample_of((enum posture)p);
		struct posture_verdict v;
		posture_classify(&config, &s.measures, &v);
		if (p != POSTURE_RECLINED)
			assert_string_equal(posture_name(v.label), posture_name((enum posture)p));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_are_what_they_claim),
		cmocka_unit_test(test_show_me),
		cmocka_unit_test(test_a_month),
		cmocka_unit_test(test_the_umpire_whistles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
