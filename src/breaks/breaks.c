#include "breaks/breaks.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* A break counts as taken from this share of its length on: presence is seen some seconds late. */
#define ENOUGH 0.9
/* Shorter than this it has not begun: a glance aside, a face lost for one picture. */
#define START_SHARE 0.25
#define START_MAX_S 15.0
/* An absence this long ends a sitting bout; the report joins what is nearer (report.h). */
#define BOUT_BREAK_S 60.0
/* Of a break that the person started, this share has to be seen. */
#define ENOUGH_BEGUN 0.5
/* It ends after so many times its length, whatever was seen. */
#define BEGUN_MOST 2
/* A prompt is told again when it was covered for longer than this: for less it is still to be
 * seen. */
#define COVERED_S 60.0

static const char *const kind_names[BREAK_KINDS] = { "micro", "movement" };
static const char *const outcome_names[] = { "taken", "cut_short", "skipped" };

const char *break_kind_name(enum break_kind k)
{
	return (unsigned)k < BREAK_KINDS ? kind_names[k] : "unknown";
}

const char *break_outcome_name(enum break_outcome o)
{
	return (unsigned)o <= BREAK_SKIPPED ? outcome_names[o] : "unknown";
}

struct breaks_config breaks_config_default(void)
{
	return (struct breaks_config){
		.enabled = { true, true },
		.every_s = { 20 * 60, 50 * 60 },
		.length_s = { 20, 5 * 60 },
		.return_grace_s = 5 * 60,
		.answer_s = 5 * 60,
		.gap_s = 120,
		.natural_share = 0.1,
		.natural_s = 90,
	};
}

void breaks_init(struct breaks *b, const struct breaks_config *config)
{
	memset(b, 0, sizeof *b);
	b->config = *config;
	b->last_seconds = -INFINITY;
	b->returned_at = -INFINITY;
	b->later_until = b->natural_until = -INFINITY;
	b->presence = PRESENCE_UNKNOWN;
	b->eyes_on_screen = true;
}

/* The events of one call, in order. */
struct out {
	struct break_event *events;
	int count;
};

static struct break_event *emit(struct out *o, enum break_event_kind kind, enum break_kind what,
                                double seconds)
{
	/* A step writes at most STARTED, ENDED, DUE. */
	assert(o->count < BREAK_EVENTS_MAX);
	struct break_event *e = &o->events[o->count++];
	*e = (struct break_event){ .kind = kind, .what = what, .seconds = seconds };
	return e;
}

static bool wanted(const struct breaks *b, enum break_kind k)
{
	return b->config.enabled[k] && b->config.every_s[k] > 0;
}

static bool sitting(enum presence p)
{
	return p == PRESENCE_PRESENT || p == PRESENCE_IN_CALL;
}

static enum break_kind prompted_kind(const struct breaks *b)
{
	return (enum break_kind)(b->prompted - 1);
}

static void credit(struct breaks *b, enum break_kind k)
{
	/* Moving rests the eyes as well. */
	for (int i = 0; i <= (int)k; i++) {
		b->since[i] = 0;
		b->put_off[i] = 0;
	}
}

/* A micro-break that waited behind a movement break is put off with it. */
static void defer(struct breaks *b, enum break_kind k)
{
	for (int i = 0; i <= (int)k; i++) {
		double share = i == BREAK_MOVEMENT ? 0.5 : 1;
		b->put_off[i] = b->since[i] - (1 - share) * b->config.every_s[i];
	}
}

/* The longest break that `seconds` of absence amount to; BREAK_KINDS when none. */
static enum break_kind amounts_to(const struct breaks *b, double seconds)
{
	for (int k = BREAK_KINDS - 1; k >= 0; k--)
		if (b->config.length_s[k] > 0 && seconds >= ENOUGH * b->config.length_s[k])
			return (enum break_kind)k;
	return BREAK_KINDS;
}

static void prompt(struct breaks *b, enum break_kind k, double seconds, struct out *o)
{
	b->prompted = (int)k + 1;
	b->prompted_at = seconds;
	b->prompt_s = 0;
	b->covered_s = 0;
	b->prompt_sitting_s = b->since[k];
	b->started = b->begun = b->unseen = false;
	b->later_until = -INFINITY;
	b->eyes_away_s = 0;
	b->away_s = 0;
	struct break_event *e = emit(o, BREAK_EVENT_DUE, k, seconds);
	e->sitting_s = b->since[k];
	e->length_s = b->config.length_s[k];
}

static void end_prompt(struct breaks *b, enum break_outcome outcome, double seconds,
                       double length_s, struct out *o)
{
	enum break_kind k = prompted_kind(b);
	struct break_event *e = emit(o, BREAK_EVENT_ENDED, k, seconds);
	e->outcome = outcome;
	e->length_s = length_s;
	e->sitting_s = b->prompt_sitting_s;
	e->begun = b->begun;
	b->prompted = 0;
	b->started = b->begun = b->unseen = false;
	if (outcome == BREAK_TAKEN)
		credit(b, k);
	else
		defer(b, k);
	/* A movement break broken off may still have been a micro-break, and who left for a
	 * micro-break may have stayed away for a long one. */
	enum break_kind absence = amounts_to(b, b->away_s);
	if (absence < BREAK_KINDS)
		credit(b, absence);
}

/* ---- accounting: the time since the last step belongs to what was known then ---- */

/* They were asked to move, and stand before the camera. Without an end a seat that was set higher
 * would be a break for ever. */
static bool up(const struct breaks *b)
{
	return b->presence == PRESENCE_PRESENT && b->standing &&
	       b->prompted == BREAK_MOVEMENT + 1 &&
	       b->away_s < 2 * b->config.length_s[BREAK_MOVEMENT];
}

static void account_sitting(struct breaks *b, double dt)
{
	for (int k = 0; k < BREAK_KINDS; k++)
		b->since[k] += dt;
	b->bout_s += dt;
	if (!b->prompted)
		return;
	const bool seen = b->presence == PRESENCE_PRESENT;
	*(seen && !b->held && !b->unseen ? &b->prompt_s : &b->covered_s) += dt;
	if (seen && !b->eyes_on_screen)
		b->eyes_away_s += dt;
}

static void account_away(struct breaks *b, double dt)
{
	b->away_s += dt;
	if (b->away_s >= BOUT_BREAK_S)
		b->bout_s = 0;
	if (b->prompted)
		b->eyes_away_s += dt;
}

static void account_begun(struct breaks *b, double dt, bool unwatched)
{
	const bool seen = unwatched || b->presence == PRESENCE_AWAY || b->standing ||
	                  !b->eyes_on_screen || b->holding;
	b->seen_s += seen ? dt : 0;
	b->counted_s += seen || !b->waits ? dt : 0;
}

static void account(struct breaks *b, double dt)
{
	bool unwatched = b->presence == PRESENCE_PAUSED || dt > b->config.gap_s;
	if (b->begun)
		account_begun(b, dt, unwatched);
	if (b->presence == PRESENCE_AWAY || up(b) || (unwatched && (b->away_s > 0 || b->prompted)))
		account_away(b, dt);
	else if (unwatched)
		b->lost_s += dt;
	else if (sitting(b->presence))
		account_sitting(b, dt);
}

/* ---- what the new state ends or begins ---- */

/* Clocks that nobody can vouch for any more start anew. */
static void settle_lost(struct breaks *b)
{
	enum break_kind k = amounts_to(b, b->lost_s);
	if (k < BREAK_KINDS && b->lost_s >= b->config.gap_s) {
		credit(b, k);
		b->bout_s = 0;
	}
	b->lost_s = 0;
}

static double start_after(const struct breaks *b, enum break_kind k)
{
	return fmin(START_SHARE * b->config.length_s[k], START_MAX_S);
}

/* How long the prompted break has lasted: eyes off the screen are enough for a micro-break only. */
static double break_length(const struct breaks *b)
{
	return prompted_kind(b) == BREAK_MICRO ? b->eyes_away_s : b->away_s;
}

static void follow_break(struct breaks *b, double seconds, struct out *o)
{
	enum break_kind k = prompted_kind(b);
	double length = break_length(b);
	if (!b->started && length > 0 && length >= start_after(b, k)) {
		b->started = true;
		b->break_started = fmax(b->prompted_at, seconds - length);
		emit(o, BREAK_EVENT_STARTED, k, b->break_started)->length_s = length;
	}
}

static void end_begun(struct breaks *b, double seconds, struct out *o)
{
	const bool enough = b->seen_s >= ENOUGH_BEGUN * b->config.length_s[prompted_kind(b)];
	end_prompt(b, enough ? BREAK_TAKEN : BREAK_CUT_SHORT, seconds, b->seen_s, o);
	b->eyes_away_s = 0;
}

/* The eyes are on the screen again: the break that ran is over, or had not begun. One that the
 * person started goes on, unless they come back from enough of it. */
static void end_break(struct breaks *b, double seconds, struct out *o)
{
	if (b->begun) {
		if (b->away_s >= ENOUGH * b->config.length_s[prompted_kind(b)])
			end_begun(b, seconds, o);
		return;
	}
	double length = break_length(b);
	bool enough = length >= ENOUGH * b->config.length_s[prompted_kind(b)];
	if (b->started)
		end_prompt(b, enough ? BREAK_TAKEN : BREAK_CUT_SHORT, seconds, length, o);
	b->eyes_away_s = 0;
}

/* At the desk, but in the micro-break that was asked for: eyes off the screen. Twice its length is
 * enough, then it is reading or a face that is not found. */
static bool resting(const struct breaks *b)
{
	return b->presence == PRESENCE_PRESENT && prompted_kind(b) == BREAK_MICRO &&
	       !b->eyes_on_screen && b->eyes_away_s < 2 * b->config.length_s[BREAK_MICRO];
}

static void come_back(struct breaks *b, double seconds, bool asked, struct out *o)
{
	enum break_kind k = amounts_to(b, b->away_s);
	if (!asked && k < BREAK_KINDS) {
		struct break_event *e = emit(o, BREAK_EVENT_NATURAL, k, seconds);
		e->length_s = b->away_s;
		e->sitting_s = b->since[k];
		credit(b, k);
	}
	/* Grace follows an absence that deserves the name, not somebody who ducked for a pen. */
	if (b->away_s >= b->config.length_s[BREAK_MICRO] || b->lost_s >= b->config.gap_s)
		b->returned_at = seconds;
	settle_lost(b);
	b->away_s = 0;
}

/* Waits for a natural moment. What was put off comes when it was put off to. */
static bool is_near(const struct breaks *b, enum break_kind k)
{
	return b->put_off[k] <= 0 &&
	       breaks_remaining(b, k) <= b->config.natural_share * b->config.every_s[k];
}

static bool due(const struct breaks *b, enum break_kind k, double seconds)
{
	const double remaining = breaks_remaining(b, k);
	if (remaining > 0 && !(b->natural && is_near(b, k)))
		return false;
	if (-remaining >= b->config.return_grace_s)
		return true;
	if (seconds - b->returned_at < b->config.return_grace_s)
		return false;
	/* Moving is due soon: once up, the eyes rest as well. */
	return k != BREAK_MICRO || breaks_remaining(b, BREAK_MOVEMENT) > b->config.answer_s;
}

static void tell_again(struct breaks *b, double seconds, struct out *o)
{
	enum break_kind k = prompted_kind(b);
	struct break_event *e = emit(o, BREAK_EVENT_AGAIN, k, seconds);
	e->sitting_s = b->since[k];
	e->length_s = b->config.length_s[k];
	b->prompt_s = 0;
	b->covered_s = 0;
}

static void ask(struct breaks *b, double seconds, struct out *o)
{
	if (b->started || (b->prompted && (seconds < b->later_until || b->unseen)))
		return;
	if (b->prompted && b->prompt_s >= b->config.answer_s)
		end_prompt(b, BREAK_SKIPPED, seconds, 0, o);
	bool movement = due(b, BREAK_MOVEMENT, seconds);
	if (movement && b->prompted == BREAK_MICRO + 1)
		end_prompt(b, BREAK_SKIPPED, seconds, 0, o);
	if (b->prompted && b->covered_s > COVERED_S)
		tell_again(b, seconds, o);
	if (b->prompted)
		return;
	if (movement)
		prompt(b, BREAK_MOVEMENT, seconds, o);
	else if (due(b, BREAK_MICRO, seconds))
		prompt(b, BREAK_MICRO, seconds, o);
}

static bool is_over(const struct breaks *b, double seconds)
{
	const double most = BEGUN_MOST * b->config.length_s[prompted_kind(b)];
	return breaks_countdown(b) <= 0 || seconds - b->break_started >= most;
}

/* Before the view replaces the one before it. */
static void note_natural(struct breaks *b, double seconds, const struct break_view *v)
{
	const bool here = v->presence == PRESENCE_PRESENT;
	const bool ended = b->presence == PRESENCE_IN_CALL || b->presence == PRESENCE_AWAY ||
	                   (b->busy && !v->busy);
	if (here && ended)
		b->natural_until = seconds + b->config.natural_s;
	/* A clock that ran backwards leaves none for ever. */
	b->natural_until = fmin(b->natural_until, seconds + b->config.natural_s);
	b->natural = here && (!v->eyes_on_screen || v->leaning_back || seconds < b->natural_until);
	b->busy = v->busy;
}

int breaks_step(struct breaks *b, double seconds, const struct break_view *view,
                enum break_hold hold, struct break_event events[BREAK_EVENTS_MAX])
{
	struct out o = { .events = events };
	if (!isfinite(seconds))
		return 0;
	if (isfinite(b->last_seconds) && seconds > b->last_seconds)
		account(b, seconds - b->last_seconds);
	b->last_seconds = seconds;
	b->later_until = fmin(b->later_until, seconds + BREAK_LATER_S);
	b->break_started = fmin(b->break_started, seconds);
	note_natural(b, seconds, view);
	b->returned_at = fmin(b->returned_at, seconds); /* a clock that ran backwards */
	b->prompted_at = fmin(b->prompted_at, seconds);
	b->presence = view->presence;
	b->eyes_on_screen = view->eyes_on_screen;
	b->standing = view->standing;
	b->holding = view->holding;
	b->waits = b->begun && view->presence == PRESENCE_PRESENT && view->eyes_on_screen &&
	           !view->standing && !view->holding && !view->unsure;
	b->held = hold == BREAK_HELD || seconds < b->later_until;

	if (b->begun && is_over(b, seconds))
		end_begun(b, seconds, &o);
	if (b->prompted)
		follow_break(b, seconds, &o);
	bool back = sitting(b->presence) && !up(b), asked = b->prompted != 0;
	if (back && asked && !resting(b))
		end_break(b, seconds, &o);
	if (back && (b->away_s > 0 || b->lost_s > 0))
		come_back(b, seconds, asked, &o);
	if (b->presence == PRESENCE_PRESENT && hold == BREAK_FREE)
		ask(b, seconds, &o);
	return o.count;
}

int breaks_now(struct breaks *b, double seconds, enum break_kind k,
               struct break_event events[BREAK_EVENTS_MAX])
{
	struct out o = { .events = events };
	if (!isfinite(seconds) || (unsigned)k >= BREAK_KINDS || b->started)
		return 0;
	if (seconds > b->last_seconds && isfinite(b->last_seconds))
		account(b, seconds - b->last_seconds);
	b->last_seconds = seconds;
	if (b->prompted == (int)k + 1) {
		b->unseen = false;
		b->later_until = -INFINITY;
		tell_again(b, seconds, &o);
	} else {
		if (b->prompted)
			end_prompt(b, BREAK_SKIPPED, seconds, 0, &o);
		prompt(b, k, seconds, &o);
	}
	events[o.count - 1].asked = true;
	return o.count;
}

int breaks_answer(struct breaks *b, double seconds, enum break_kind k, enum break_answer answer,
                  struct break_event events[BREAK_EVENTS_MAX])
{
	struct out o = { .events = events };
	if (!isfinite(seconds) || b->prompted != (int)k + 1)
		return 0;
	if (seconds > b->last_seconds && isfinite(b->last_seconds))
		account(b, seconds - b->last_seconds);
	b->last_seconds = seconds;
	b->unseen = false;
	if (answer == BREAK_START && !b->begun) {
		b->begun = true;
		b->seen_s = b->counted_s = 0;
		b->break_started = seconds;
		if (!b->started)
			emit(&o, BREAK_EVENT_STARTED, k, seconds);
		b->started = true;
	} else if (answer == BREAK_LATER && !b->started) {
		b->later_until = seconds + BREAK_LATER_S;
		b->prompt_s = 0;
		b->covered_s = 2 * COVERED_S; /* told again once that time is over */
	} else if (answer == BREAK_DONE && b->begun) {
		end_begun(b, seconds, &o);
	} else if (answer == BREAK_SKIP && !b->started) {
		end_prompt(b, BREAK_SKIPPED, seconds, 0, &o);
	}
	return o.count;
}

void breaks_unseen(struct breaks *b, enum break_kind k, bool unseen)
{
	if (b->prompted != (int)k + 1 || b->unseen == unseen)
		return;
	b->unseen = unseen;
	b->prompt_s = b->covered_s = 0;
}

double breaks_countdown(const struct breaks *b)
{
	if (!b->begun)
		return 0;
	return fmax(0, b->config.length_s[prompted_kind(b)] - b->counted_s);
}

double breaks_remaining(const struct breaks *b, enum break_kind k)
{
	return wanted(b, k) ? b->config.every_s[k] + b->put_off[k] - b->since[k] : INFINITY;
}

double breaks_wait(const struct breaks *b)
{
	/* A movement break is minutes long; a micro-break is mostly taken at once, or forgotten: a
	 * fifth of its 20 s is seen at the latest, later on two fifths. */
	const double movement_s = 15, at_once_s = 60, micro_s = 4, late_s = 8;
	/* Of natural moments: in simulated days (cost_days) 28 % of the micro-breaks and 45 % of
	 * the movement breaks come at one, for 1.4 s of light an hour; with the looks there are
	 * anyway 20 and 35 %, every 10 s 35 and 49 % for 2.9 s. */
	const double near_s = 15;
	if (b->prompted == 0) {
		for (int k = 0; k < BREAK_KINDS; k++)
			if (is_near(b, k) && breaks_remaining(b, k) > 0)
				return near_s;
		return INFINITY;
	}
	const bool enough = break_length(b) >= ENOUGH * b->config.length_s[prompted_kind(b)];
	if (enough && !b->begun && b->away_s > 2 * b->config.length_s[BREAK_MOVEMENT])
		return INFINITY; /* they may stay as long as they like */
	if (enough || prompted_kind(b) == BREAK_MOVEMENT)
		return movement_s;
	if (b->started || !b->eyes_on_screen)
		return 0;
	return b->prompt_s < at_once_s ? micro_s : late_s;
}
