#include "coach/coach.h"
#include "base/text.h"
#include "coach/dose.h"
#include "coach/phrase.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HOUR_S 3600.0
#define SNOOZE_S 1800.0       /* what the notification's Snooze means */
#define SNOOZE_LONG_S 7200.0
#define LONGEST_BACKOFF 4     /* doublings: 10 min becomes 160 at most */
#define ABSENCE_S 60.0        /* a shorter one is no coming back */
#define WIDEN_STEP 0.1        /* "wrong": beyond the last excess by this share of the limit */
/* Chosen: time to read two sentences, one, and to get up. */
#define CORRECTION_SHOWN_S 12.0
#define DONE_SHOWN_S 8.0
#define BREAK_SHOWN_S 60.0

struct coach_config coach_config_default(void)
{
	return (struct coach_config){
		.per_hour = 4,
		.per_kind_s = 600,
		.return_grace_s = 300,
		.place = "office",
		.spacing_s = 60,
		.hydrate_s = 0,
		.still_s = 1800,
		.stand_s = 480,
	};
}

static void habit_clear(struct coach_habit *h)
{
	memset(h, 0, sizeof *h);
	h->since = h->last = h->told = -INFINITY;
}

void coach_init(struct coach *c, const struct coach_config *config)
{
	memset(c, 0, sizeof *c);
	c->config = *config;
	c->snoozed_until = c->presence_at = c->last_message = -INFINITY;
	c->present_since = c->absent_since = INFINITY; /* not seen yet; not absent */
	c->presence = PRESENCE_UNKNOWN;
	habit_clear(&c->monitor);
	habit_clear(&c->shoulders);
	habit_clear(&c->still);
	habit_clear(&c->water);
	habit_clear(&c->stance);
}

/* ---- dose ---- */

struct coach_kind *coach_kind(struct coach *c, const char *kind)
{
	for (int i = 0; i < c->kind_count; i++)
		if (strcmp(c->kinds[i].kind, kind) == 0)
			return &c->kinds[i];
	if (c->kind_count == COACH_KINDS)
		return NULL;
	struct coach_kind *k = &c->kinds[c->kind_count++];
	memset(k, 0, sizeof *k);
	snprintf(k->kind, sizeof k->kind, "%s", kind);
	k->last = -INFINITY;
	return k;
}

bool coach_silent(const struct coach *c, double seconds, bool *held)
{
	*held = c->hold || c->presence == PRESENCE_IN_CALL;
	return *held || seconds < c->snoozed_until || coach_spoke(c, seconds);
}

bool coach_spoke(const struct coach *c, double seconds)
{
	return seconds == c->last_message || seconds - c->last_message < c->config.spacing_s;
}

void coach_told(struct coach *c, double seconds)
{
	c->last_message = seconds;
}

static int sent_within(const struct coach *c, double seconds, double span)
{
	int n = 0;
	for (int i = 0; i < c->sent_count; i++)
		n += seconds - c->sent[i] < span;
	return n;
}

bool coach_dose(const struct coach *c, const struct coach_kind *k, double seconds)
{
	if (!(seconds - c->present_since >= c->config.return_grace_s))
		return false;
	int limit = c->config.per_hour < COACH_HISTORY ? c->config.per_hour : COACH_HISTORY;
	if (sent_within(c, seconds, HOUR_S) >= limit)
		return false;
	int doublings = k->ignored + (k->pending ? 1 : 0);
	if (doublings > LONGEST_BACKOFF)
		doublings = LONGEST_BACKOFF;
	return seconds - k->last >= ldexp(c->config.per_kind_s, doublings);
}

void coach_sent(struct coach *c, struct coach_kind *k, double seconds)
{
	if (c->sent_count == COACH_HISTORY) {
		memmove(c->sent, c->sent + 1, (COACH_HISTORY - 1) * sizeof c->sent[0]);
		c->sent_count--;
	}
	c->sent[c->sent_count++] = seconds;
	c->last_message = seconds;
	if (k->pending && k->ignored < LONGEST_BACKOFF)
		k->ignored++;
	k->pending = true;
	k->last = seconds;
}

void coach_keep(struct coach *c, const char *kind)
{
	c->held++;
	snprintf(c->held_kind, sizeof c->held_kind, "%s", kind);
}

/* ---- presence ---- */

static bool is_absent(enum presence p)
{
	return p == PRESENCE_AWAY || p == PRESENCE_PAUSED;
}

/* A clock that ran backwards: what was said lies in a future that will not come. */
static void forget_times(struct coach *c, double seconds)
{
	c->sent_count = 0;
	c->last_message = c->snoozed_until = -INFINITY;
	for (int i = 0; i < c->kind_count; i++)
		c->kinds[i].last = -INFINITY;
	c->monitor.told = c->shoulders.told = c->still.told = -INFINITY;
	if (isfinite(c->present_since))
		c->present_since = fmin(c->present_since, seconds);
}

/* What was told of any posture but this one is over, whether it was heeded or not. */
static void nothing_pending(struct coach *c, const struct coach_kind *but)
{
	for (int i = 0; i < c->kind_count; i++)
		if (&c->kinds[i] != but)
			c->kinds[i].pending = false;
}

static void note_presence(struct coach *c, double seconds, enum presence presence)
{
	if (seconds < c->presence_at)
		forget_times(c, seconds);
	c->presence = presence;
	c->presence_at = seconds;
	if (is_absent(presence)) {
		/* A covered lens in between is no coming back. */
		c->absent_since = fmin(c->absent_since, seconds);
		c->held = 0; /* they left: nothing to sum up */
	} else if (presence == PRESENCE_PRESENT || presence == PRESENCE_IN_CALL) {
		bool first = isinf(c->present_since);
		if (first || seconds - c->absent_since >= ABSENCE_S) {
			c->present_since = seconds;
			nothing_pending(c, NULL); /* they got up: nothing was ignored */
		}
		c->absent_since = INFINITY;
	}
}

/* ---- posture ---- */

/* By what share of its limit the deciding measure exceeds it; 0 when that cannot be told. */
static double excess_of(const struct posture_event *e, const struct posture_config *p)
{
	const struct { enum measure_id id; double limit; } limits[] = {
		{ MEASURE_EYE_DROP, p->slouch_drop_cm },
		{ MEASURE_SHOULDER_DROP, p->slouch_drop_cm },
		{ MEASURE_LEAN_IN,
		  e->posture == POSTURE_TOO_CLOSE ? POSTURE_HINGE_CM : p->forward_head_cm },
		{ MEASURE_LEAN_SIDE, p->lean_side_cm },
		{ MEASURE_HEAD_ROLL, p->head_roll_deg },
		{ MEASURE_HEAD_YAW, p->yaw_deg },
		{ MEASURE_HEAD_YAW_CHANGE, p->yaw_deg },
		{ MEASURE_HEAD_PITCH_CHANGE, p->looking_down_deg },
	};
	const enum measure_id id = e->verdict.evidence;
	if ((unsigned)id >= MEASURE_COUNT || !e->typical.m[id].valid)
		return 0;
	double x = fabs(e->typical.m[id].value);
	if (id == MEASURE_SCREEN_DISTANCE)
		return fmax(0, (p->too_close_cm - x) / p->too_close_cm);
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		if (limits[i].id == id && limits[i].limit > 0)
			return fmax(0, x / limits[i].limit - 1);
	/* What has no limit of its own is past the one that the judgement told. */
	const double told = fabs(e->verdict.limit);
	return told > 0 ? fmax(0, x / told - 1) : 0;
}

bool coach_posture(struct coach *c, const struct posture_event *e, const struct posture_config *p,
                   enum presence presence, struct coach_message *m)
{
	note_presence(c, e->seconds, presence);
	const char *kind = posture_name(e->posture);
	struct coach_kind *k = coach_kind(c, kind);
	if (k == NULL || !posture_is_fault(e->posture))
		return false;
	if (e->kind == POSTURE_EVENT_CORRECTED) {
		k->ignored = 0;
		k->pending = false;
		return false;
	}
	if (e->kind == POSTURE_EVENT_HELD)
		nothing_pending(c, k);
	double excess = excess_of(e, p);
	if (k->widen > 0 && excess <= k->widen)
		return false;
	bool held;
	if (coach_silent(c, e->seconds, &held) || presence != PRESENCE_PRESENT) {
		if (held && e->kind == POSTURE_EVENT_HELD)
			coach_keep(c, kind);
		return false;
	}
	if (!coach_dose(c, k, e->seconds))
		return false;
	struct facts f;
	facts_clear(&f);
	facts_of_event(&f, e);
	facts_of_workstation(&f, c->config.lacking);
	if (!phrase_message(kind, &f, m))
		return false;
	m->expires_s = CORRECTION_SHOWN_S;
	k->excess = excess;
	coach_sent(c, k, e->seconds);
	return true;
}

void coach_clock(struct coach *c, int64_t wall_ms, int hour)
{
	c->wall_ms = wall_ms;
	c->hour = hour;
}

/* ---- breaks ---- */

const char *coach_break_kind(enum break_kind k)
{
	return k == BREAK_MOVEMENT ? "break_movement" : "break_micro";
}

static struct exercise_wish wish_of(const struct coach *c, enum break_kind kind)
{
	return (struct exercise_wish){kind, c->config.place, c->config.care, c->hour};
}

static void choose(struct coach *c, enum break_kind kind)
{
	const struct exercise_wish wish = wish_of(c, kind);
	c->exercise = exercise_choose(&wish, &c->exercises);
	if (c->exercise != NULL)
		exercise_offered(&c->exercises, c->exercise, c->wall_ms);
}

void coach_another(struct coach *c, enum break_kind kind)
{
	choose(c, kind);
}

bool coach_refit(struct coach *c)
{
	const struct exercise *before = c->exercise;
	if (before == NULL)
		return false;
	const struct exercise_wish wish = wish_of(c, before->kind);
	if (!exercise_fits(before, &wish))
		choose(c, before->kind);
	return c->exercise != before;
}

static void picture(const struct exercise *e, struct coach_message *m)
{
	if (e != NULL && e->figure.count > 0)
		snprintf(m->icon, sizeof m->icon, "io.github.unknot.%s", e->id);
}

bool coach_going(struct coach *c, enum break_kind kind, double left_s, bool waits,
                 struct coach_message *m)
{
	static const char *const kinds[2][BREAK_KINDS] = {
		{"break_going_micro", "break_going"}, {"break_waits_micro", "break_waits"},
	};
	struct facts f;
	const struct exercise *e = c->exercise;
	if (e == NULL)
		return false;
	facts_clear(&f);
	facts_duration(&f, FACT_LENGTH, left_s, true);
	facts_exercise(&f, e);
	if (!phrase_message(kinds[waits][kind], &f, m))
		return false;
	snprintf(m->kind, sizeof m->kind, "%s", coach_break_kind(kind));
	m->offer = OFFER_GOING;
	m->expires_s = waits ? 2 * left_s : left_s;
	picture(e, m);
	return true;
}

/* What the camera saw of the break that the person started, once. */
static bool tell_done(struct coach *c, const struct break_event *e, struct coach_message *m)
{
	struct facts f;
	facts_clear(&f);
	if (e->length_s >= 1)
		facts_duration(&f, FACT_LENGTH, e->length_s, true);
	if (!phrase_message(e->outcome == BREAK_TAKEN ? "break_done" : "break_short", &f, m))
		return false;
	m->offer = OFFER_NOTHING;
	m->urgency = URGENCY_LOW;
	m->expires_s = DONE_SHOWN_S;
	c->last_message = e->seconds;
	return true;
}

bool coach_break(struct coach *c, const struct break_event *e, enum presence presence,
                 struct coach_message *m)
{
	if (e->kind == BREAK_EVENT_ENDED && e->outcome == BREAK_TAKEN && c->exercise != NULL &&
	    c->exercise->kind == e->what)
		exercise_done(&c->exercises, c->exercise, c->wall_ms);
	if (e->kind == BREAK_EVENT_ENDED && e->begun)
		return tell_done(c, e, m);
	if (e->kind != BREAK_EVENT_DUE && e->kind != BREAK_EVENT_AGAIN)
		return false;
	note_presence(c, e->seconds, presence);
	bool movement = e->what == BREAK_MOVEMENT, held;
	const char *kind = coach_break_kind(e->what);
	/* A correction a moment ago does not silence a break: breaks.h has waited for its time.
	 * What the person asked for is told whatever else. */
	bool silent = coach_silent(c, e->seconds, &held);
	if (held && !e->asked)
		coach_keep(c, kind);
	if (!e->asked && (held || (silent && e->seconds < c->snoozed_until)))
		return false;
	if (e->kind == BREAK_EVENT_DUE || c->exercise == NULL || c->exercise->kind != e->what)
		choose(c, e->what);
	struct facts f;
	facts_clear(&f);
	facts_duration(&f, FACT_SITTING, e->sitting_s, false);
	facts_duration(&f, FACT_LENGTH, e->length_s > 0 ? e->length_s : movement ? 300 : 20, true);
	facts_exercise(&f, c->exercise);
	facts_of_care(&f, &c->config.care);
	if (!phrase_message(kind, &f, m))
		return false;
	if (movement && c->exercise != NULL)
		snprintf(m->more, sizeof m->more, "%s", _(c->exercise->text));
	m->offer = OFFER_BREAK;
	picture(c->exercise, m);
	m->expires_s = movement ? BREAK_SHOWN_S : CORRECTION_SHOWN_S;
	m->urgency = movement ? URGENCY_NORMAL : URGENCY_LOW;
	c->last_message = e->seconds;
	return true;
}

/* ---- holding, answers ---- */

/* What waited, in one message, once. */
static bool summarise(struct coach *c, double seconds, struct coach_message *m)
{
	if (c->held == 0 || c->hold || c->presence != PRESENCE_PRESENT ||
	    seconds < c->snoozed_until || coach_spoke(c, seconds))
		return false;
	struct facts f;
	struct coach_message topic;
	const struct phrase_row *rows;
	int n = phrase_rows(&rows);
	facts_clear(&f);
	facts_count(&f, c->held);
	for (int i = 0; i < n; i++)
		if (strcmp(rows[i].kind, c->held_kind) == 0)
			snprintf(f.text[FACT_TOPIC], sizeof f.text[FACT_TOPIC], "%s",
			         _(rows[i].topic));
	c->held = 0;
	if (!phrase_message("summary", &f, &topic))
		return false;
	*m = topic;
	m->offer = OFFER_NOTHING;
	m->expires_s = CORRECTION_SHOWN_S;
	c->last_message = seconds;
	return true;
}

bool coach_presence(struct coach *c, double seconds, enum presence presence,
                    struct coach_message *m)
{
	note_presence(c, seconds, presence);
	return summarise(c, seconds, m);
}

bool coach_hold(struct coach *c, double seconds, bool hold, struct coach_message *m)
{
	c->hold = hold;
	return summarise(c, seconds, m);
}

bool coach_waits(const struct coach *c, double seconds)
{
	return c->hold || c->presence == PRESENCE_IN_CALL || seconds < c->snoozed_until;
}

void coach_snooze(struct coach *c, double until_seconds)
{
	c->snoozed_until = until_seconds;
}

void coach_answer(struct coach *c, double seconds, const char *kind, enum coach_answer answer)
{
	if (answer == ANSWER_SNOOZE || answer == ANSWER_SNOOZE_LONG) {
		const double length = answer == ANSWER_SNOOZE ? SNOOZE_S : SNOOZE_LONG_S;
		coach_snooze(c, fmax(c->snoozed_until, seconds + length));
		return;
	}
	struct coach_kind *k = coach_kind(c, kind);
	if (k == NULL)
		return;
	if (answer == ANSWER_WRONG && phrase_measured(kind)) {
		k->widen = fmin(1, fmax(k->widen, k->excess) + WIDEN_STEP);
		k->pending = false;
	} else if (answer == ANSWER_DISMISSED || answer == ANSWER_WRONG) {
		if (k->ignored < LONGEST_BACKOFF)
			k->ignored++;
		k->pending = false;
	} else if (answer == ANSWER_UNSEEN) {
		k->pending = false;
		for (int i = c->sent_count - 1; i >= 0; i--)
			if (c->sent[i] == k->last) {
				memmove(c->sent + i, c->sent + i + 1,
				        (size_t)(--c->sent_count - i) * sizeof c->sent[0]);
				break;
			}
	}
}
