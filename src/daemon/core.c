#include "daemon/core.h"

#include "base/log.h"
#include "base/text.h"
#include "coach/phrase.h"
#include "daemon/remember.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Steps farther apart than this leave a hole in what is known. */
static const double gap_s = 120;
/* Beyond this yaw nobody reads the screen: half a wide screen seen from 60 cm, eyes included, is 45
 * deg. */
static const double screen_yaw_deg = 45;
/* A card that counts down is told anew in so many steps, no shorter than that. Chosen. */
static const double countdown_least_s = 5;
enum { COUNTDOWN_PARTS = 5 };
/* Eyes higher than this above their upright place belong to somebody on their feet: half of what
 * standing up adds to the height of eyes (men, Gordon et al. 1989: standing 163 cm, sitting 79 cm
 * over a seat at 43 cm). */
static const double standing_cm = 20;

void core_init(struct core *c, const struct core_ports *ports, const struct report_context *context,
               const struct coach_config *coach, bool notifications)
{
	memset(c, 0, sizeof *c);
	c->ports = *ports;
	c->context = *context;
	c->notifications = notifications;
	posture_judge_init(&c->judge, &context->posture);
	breaks_init(&c->breaks, &context->breaks);
	coach_init(&c->coach, coach);
}

void core_keep_in(struct core *c, struct store *store)
{
	c->ports.store = store;
	c->last_alert = 0; /* which has another number there, or none */
}

/* The history is a help, never a reason to stop: a failing disk is told once and tried again. */
static void check_store(struct core *c, bool good, const struct error *error)
{
	if (good || c->ports.store == NULL)
		return;
	if (strcmp(c->problem, error->text) != 0)
		log_error("%s", error->text);
	snprintf(c->problem, sizeof c->problem, "%s", error->text);
}

/* Committed after each step (67 us): kill -9 costs nothing, and who writes beside the daemon, as
 * `unknot pain` does, never finds the file locked. */
static void flush(struct core *c)
{
	struct error error = {0};
	if (c->ports.store == NULL)
		return;
	bool good = store_flush(c->ports.store, &error);
	check_store(c, good, &error);
	if (good)
		c->problem[0] = '\0';
}

/* ---- messages ---- */

static void keep_alert(struct core *c, struct instant now, const struct coach_message *m,
                       const struct posture_event *e)
{
	struct store_alert a = {.wall_ms = now.wall_ms, .baseline = NAN, .threshold = NAN};
	struct error error = {0};
	if (c->ports.store == NULL)
		return;
	snprintf(a.kind, sizeof a.kind, "%s", m->kind);
	/* of a break's long ones the start */
	snprintf(a.text, sizeof a.text, "%s. %.280s", m->summary, m->body);
	if (e != NULL) {
		a.posture = e->posture;
		a.held_s = e->held_s;
		if (e->verdict.reason_count > 0)
			snprintf(a.reason, sizeof a.reason, "%s", e->verdict.reasons[0]);
		if (e->verdict.evidence < MEASURE_COUNT) {
			snprintf(a.evidence, sizeof a.evidence, "%s",
			         measure_name(e->verdict.evidence));
			a.value = e->typical.m[e->verdict.evidence].value;
			a.sigma = e->typical.m[e->verdict.evidence].sigma;
			a.baseline = profile_baseline(c->profile, e->verdict.evidence);
			a.threshold = e->verdict.limit;
		}
	}
	check_store(c, store_alert(c->ports.store, &a, &c->last_alert, &error), &error);
	snprintf(c->last_alert_kind, sizeof c->last_alert_kind, "%s", m->kind);
}

static void keep_reasons(struct core *c, struct instant now, const struct posture_event *e)
{
	c->evidence = (struct core_evidence){.wall_ms = now.wall_ms};
	if (e != NULL) {
		c->evidence.posture = e->posture;
		c->evidence.held_s = e->held_s;
		c->evidence.measures = e->typical;
	}
	size_t used = 0;
	c->last_reasons[0] = c->last_seen[0] = '\0';
	if (e != NULL)
		phrase_evidence(e, c->last_seen, sizeof c->last_seen);
	for (int i = 0; e != NULL && i < e->verdict.reason_count && used < sizeof c->last_reasons;
	     i++)
		used += (size_t)snprintf(c->last_reasons + used, sizeof c->last_reasons - used,
		                         "%s%s", i > 0 ? "; " : "", e->verdict.reasons[i]);
}

static void show(struct core *c, const struct coach_message *m)
{
	struct error error = {0};
	if (c->ports.notifier == NULL ||
	    !c->ports.notifier->ops->show(c->ports.notifier, m, &error))
		c->ports.fallback->ops->show(c->ports.fallback, m, NULL);
}

/* The window shows the break that it has started, and tells how it was. */
static bool is_shown(const struct core *c, const struct coach_message *m)
{
	static const char of_breaks[] = "break_";
	return c->break_shown && strncmp(m->kind, of_breaks, strlen(of_breaks)) == 0;
}

static void say(struct core *c, struct instant now, const struct coach_message *m,
                const struct posture_event *e)
{
	c->last_message = *m;
	if (m->measured) {
		c->last_correction = *m;
		keep_reasons(c, now, e);
	}
	keep_alert(c, now, m, e);
	if (c->ports.alerted != NULL)
		c->ports.alerted(c->ports.user, m);
	if (c->notifications && !is_shown(c, m))
		show(c, m);
}

/* What it asks for has been done, or can no longer be. */
static void take_back(struct core *c, const char *kind)
{
	if (c->ports.notifier != NULL && c->notifications)
		c->ports.notifier->ops->close(c->ports.notifier, kind);
}

/* What Show me shows where no window does: the measures and limits behind the message, in its
 * place. */
static void show_reasons(struct core *c, const char *kind)
{
	const double shown_s = 30;
	struct coach_message m = c->last_correction;
	if (strcmp(kind, m.kind) != 0)
		return;
	if (*c->last_seen)
		snprintf(m.body, sizeof m.body, _("Seen: %s."), c->last_seen);
	snprintf(m.kind, sizeof m.kind, "reasons"); /* not closed when the posture is corrected */
	m.offer = OFFER_NOTHING;
	m.expires_s = shown_s;
	show(c, &m);
}

void core_hold(struct core *c, struct instant now, enum quiet_reason quiet)
{
	struct coach_message m;
	c->quiet = quiet;
	if (coach_hold(&c->coach, now.seconds, quiet != QUIET_NOT, &m))
		say(c, now, &m, NULL);
	flush(c);
}

void core_snooze(struct core *c, struct instant now, double seconds)
{
	coach_snooze(&c->coach, now.seconds + seconds);
}

double core_snoozed_until(const struct core *c)
{
	return fmax(0, c->coach.snoozed_until);
}

void core_snooze_until(struct core *c, double seconds)
{
	coach_snooze(&c->coach, seconds);
}

/* ---- breaks ---- */

/* When a moment of the injected clock was, by the wall. */
static struct instant at(struct instant now, double seconds)
{
	return (struct instant){seconds, now.wall_ms - (int64_t)((now.seconds - seconds) * 1000)};
}

static void keep_break(struct core *c, struct instant now, const struct break_event *e)
{
	struct error error = {0};
	const struct instant end = at(now, e->seconds);
	struct store_break b = {.kind = e->what, .prompted = e->kind == BREAK_EVENT_ENDED,
	                        .end_ms = end.wall_ms, .length_s = e->length_s,
	                        .sitting_s = e->sitting_s, .outcome = e->outcome};
	b.start_ms = end.wall_ms - (int64_t)(e->length_s * 1000);
	b.due_ms = b.prompted ? c->break_due[e->what].wall_ms : b.start_ms;
	if (b.prompted && c->break_running[e->what])
		b.start_ms = c->break_start[e->what].wall_ms;
	if (e->outcome == BREAK_SKIPPED)
		b.start_ms = b.end_ms = 0;
	c->break_running[e->what] = false;
	if (c->ports.store != NULL)
		check_store(c, store_break(c->ports.store, &b, &error), &error);
}

static void keep_exercises(struct core *c)
{
	struct error error;
	if (c->ports.state_dir != NULL &&
	    !remember_save_exercises(&c->coach.exercises, c->ports.state_dir, &error))
		log_warning("%s", error.text);
}

static void on_break_event(struct core *c, struct instant now, const struct break_event *e)
{
	struct coach_message m;
	if (c->ports.broke != NULL)
		c->ports.broke(c->ports.user, e);
	switch (e->kind) {
	case BREAK_EVENT_DUE:
		c->break_due[e->what] = at(now, e->seconds);
		break;
	case BREAK_EVENT_STARTED:
		c->break_start[e->what] = at(now, e->seconds);
		c->break_running[e->what] = true;
		break;
	case BREAK_EVENT_AGAIN:
		break;
	case BREAK_EVENT_ENDED:
		take_back(c, coach_break_kind(e->what));
		keep_break(c, now, e);
		break;
	case BREAK_EVENT_NATURAL:
		keep_break(c, now, e);
		break;
	}
	if (coach_break(&c->coach, e, c->presence, &m))
		say(c, now, &m, NULL);
	if (e->kind == BREAK_EVENT_DUE ||
	    (e->kind == BREAK_EVENT_ENDED && e->outcome == BREAK_TAKEN))
		keep_exercises(c);
	if (c->breaks.prompted == 0)
		c->break_shown = false;
}

/* The card of a break that runs, while it runs: at its start, at each fifth, and when it waits or
 * goes on. It is one message, told once. */
static void show_countdown(struct core *c, enum break_kind kind, bool now)
{
	struct coach_message m;
	const double left = breaks_countdown(&c->breaks);
	const double step = fmax(countdown_least_s,
	                         c->breaks.config.length_s[kind] / COUNTDOWN_PARTS);
	const bool waits = c->breaks.waits, changed = waits != c->waits_told;
	if (left <= 0 || (!now && !changed && left > c->countdown_told - step))
		return;
	c->countdown_told = left;
	c->waits_told = waits;
	if (c->notifications && !c->break_shown && coach_going(&c->coach, kind, left, waits, &m))
		show(c, &m);
}

static void follow_exercise(struct core *c, struct instant now)
{
	doing_begin(&c->doing, c->breaks.begun ? c->coach.exercise : NULL, now.seconds);
}

static void answer_break(struct core *c, struct instant now, const char *kind,
                         enum coach_answer answer)
{
	static const struct { enum coach_answer given; enum break_answer answer; } rows[] = {
		{ANSWER_START, BREAK_START}, {ANSWER_LATER, BREAK_LATER}, {ANSWER_SKIP, BREAK_SKIP},
		{ANSWER_DONE, BREAK_DONE},
	};
	struct break_event events[BREAK_EVENTS_MAX];
	enum break_kind k = BREAK_MICRO;
	while (k < BREAK_KINDS && strcmp(kind, coach_break_kind(k)) != 0)
		k++;
	if (k == BREAK_KINDS)
		return;
	breaks_unseen(&c->breaks, k, answer == ANSWER_UNSEEN);
	if (answer == ANSWER_ANOTHER)
		coach_another(&c->coach, k);
	if (answer == ANSWER_LATER)
		take_back(c, kind);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].given != answer)
			continue;
		const int count = breaks_answer(&c->breaks, now.seconds, k, rows[i].answer, events);
		for (int e = 0; e < count; e++)
			on_break_event(c, now, &events[e]);
	}
	follow_exercise(c, now);
	if (answer == ANSWER_START || answer == ANSWER_ANOTHER)
		show_countdown(c, k, true);
}

void core_answer(struct core *c, struct instant now, const char *kind, enum coach_answer answer)
{
	struct error error = {0};
	coach_answer(&c->coach, now.seconds, kind, answer);
	answer_break(c, now, kind, answer);
	if (answer == ANSWER_SNOOZE_DAY)
		coach_snooze(&c->coach, now.seconds + clock_until_tomorrow(now.wall_ms));
	if (answer == ANSWER_SHOW)
		show_reasons(c, kind);
	if (c->ports.store != NULL && c->last_alert != 0 && strcmp(kind, c->last_alert_kind) == 0)
		check_store(c, store_answer(c->ports.store, c->last_alert, (int)answer, &error),
		            &error);
	flush(c);
}

/* After a red flag the exercise at hand is one to leave as well, and so is its card. */
static void follow_care(struct core *c)
{
	struct coach_message m;
	if (c->breaks.prompted == 0 || !coach_refit(&c->coach))
		return;
	const enum break_kind kind = (enum break_kind)(c->breaks.prompted - 1);
	const struct break_event again = {
		.kind = BREAK_EVENT_AGAIN, .what = kind, .seconds = c->last.seconds,
		.length_s = c->breaks.config.length_s[kind], .sitting_s = c->breaks.since[kind],
	};
	keep_exercises(c);
	follow_exercise(c, c->last);
	if (c->breaks.begun)
		show_countdown(c, kind, true);
	else if (c->notifications && c->last.seconds >= c->breaks.later_until &&
	         coach_break(&c->coach, &again, c->presence, &m))
		show(c, &m);
}

void core_configure(struct core *c, const struct report_context *context,
                    const struct coach_config *coach, bool notifications)
{
	c->context = *context;
	c->judge.config = context->posture;
	c->breaks.config = context->breaks;
	c->coach.config = *coach;
	c->notifications = notifications;
	c->asked = false; /* the profile may be another one now */
	follow_care(c);
}

void core_break_now(struct core *c, struct instant now, enum break_kind kind)
{
	struct break_event events[BREAK_EVENTS_MAX];
	int count = breaks_now(&c->breaks, now.seconds, kind, events);
	for (int i = 0; i < count; i++)
		on_break_event(c, now, &events[i]);
	flush(c);
}

void core_answer_break(struct core *c, struct instant now, enum break_kind kind,
                       enum coach_answer answer)
{
	c->break_shown = true;
	if (answer == ANSWER_START && c->breaks.prompted != (int)kind + 1)
		core_break_now(c, now, kind);
	take_back(c, coach_break_kind(kind));
	core_answer(c, now, coach_break_kind(kind), answer);
	/* Nothing has come of it, or it is to be told again. */
	if (!c->breaks.begun)
		c->break_shown = false;
}

/* ---- time ---- */

static int utc_offset(int64_t wall_ms)
{
	const time_t seconds = (time_t)(wall_ms / 1000);
	struct tm local;
	return localtime_r(&seconds, &local) != NULL ? (int)local.tm_gmtoff : 0;
}

static int hour_of(int64_t wall_ms)
{
	const time_t seconds = (time_t)(wall_ms / 1000);
	struct tm local;
	return localtime_r(&seconds, &local) != NULL ? local.tm_hour : 12;
}

static void keep_span(struct core *c, int64_t start_ms, int64_t end_ms, bool known)
{
	struct error error = {0};
	struct store_span span = {start_ms, end_ms, PRESENCE_UNKNOWN, POSTURE_UNKNOWN,
	                          utc_offset(start_ms)};
	if (known)
		span.presence = c->presence;
	if (known && c->presence == PRESENCE_PRESENT)
		span.posture = c->posture;
	if (c->ports.store != NULL)
		check_store(c, store_span(c->ports.store, &span, &error), &error);
}

static void write_day(struct core *c, const struct report_day *day)
{
	struct error error;
	if (c->ports.store == NULL || c->ports.data_dir == NULL)
		return;
	flush(c);
	if (!report_write_day(c->ports.store, day, &c->context, c->ports.data_dir, NULL, &error))
		log_error("%s", error.text);
}

/* Another time zone, or summer time: the day that goes on is that of the new one. Who flew east may
 * have left a day on the way. */
static void follow_zone(struct core *c, struct instant now)
{
	const int offset = utc_offset(now.wall_ms);
	if (offset == c->utc_offset_s)
		return;
	c->utc_offset_s = offset;
	const struct report_day old = c->day;
	c->day = report_day_of(c->last.wall_ms);
	if (c->day.from_ms > old.from_ms && c->day.day != old.day)
		write_day(c, &old);
}

/* The time since the last step belongs to what was known then. A wall clock that jumped is not
 * believed about how long that was; the steady clock is. */
static void pass_time(struct core *c, struct instant now)
{
	const double elapsed = now.seconds - c->last.seconds;
	int64_t start = c->last.wall_ms;
	if (elapsed <= 0)
		return;
	follow_zone(c, now);
	if (llabs(now.wall_ms - start - (int64_t)(elapsed * 1000)) > 2000)
		start = now.wall_ms - (int64_t)(elapsed * 1000);
	const bool known = elapsed <= gap_s;
	while (now.wall_ms >= c->day.to_ms) {
		const struct report_day ended = c->day;
		if (start < ended.to_ms) {
			keep_span(c, start, ended.to_ms, known);
			start = ended.to_ms;
		}
		write_day(c, &ended);
		/* Days nobody watched have no report: go on at today. */
		c->day = report_day_of(now.wall_ms);
		if (start < c->day.from_ms)
			start = c->day.from_ms;
	}
	if (now.wall_ms < c->day.from_ms)
		c->day = report_day_of(now.wall_ms);
	keep_span(c, start, now.wall_ms, known);
}

static bool eyes_on_screen(const struct posture_sample *s)
{
	const struct measure *change = &s->measures.m[MEASURE_HEAD_YAW_CHANGE];
	const struct measure *yaw = change->valid ? change : &s->measures.m[MEASURE_HEAD_YAW];
	if (!s->sampled)
		return true;
	return yaw->valid && fabs(yaw->value) < screen_yaw_deg;
}

static bool is_standing(const struct posture_sample *s)
{
	const struct measure *drop = &s->measures.m[MEASURE_EYE_DROP];
	return s->sampled && drop->valid && drop->value < -standing_cm;
}

/* Of a break that runs: whether who is at the screen may be doing what was asked. */
static bool is_unsure(const struct core *c, const struct posture_sample *s)
{
	const struct exercise *e = c->coach.exercise;
	if (c->breaks.prompted != BREAK_MOVEMENT + 1)
		return !s->sampled;
	if (!s->sampled || !s->measures.m[MEASURE_EYE_DROP].valid)
		return true;
	return e != NULL && e->position == EXERCISE_SITTING && !doing_tells(&c->doing);
}

void core_moved(struct core *c, const struct core_moved *moved)
{
	c->moved = *moved;
}

void core_follow(struct core *c, const struct stretch_view *v)
{
	doing_look(&c->doing, v);
}

static void step_breaks(struct core *c, struct instant now, const struct posture_sample *s)
{
	struct break_event events[BREAK_EVENTS_MAX];
	const struct break_view view = {s->presence, eyes_on_screen(s), is_standing(s),
	                                c->posture == POSTURE_RECLINED, c->coach.hold,
	                                doing_holds(&c->doing), is_unsure(c, s)};
	const enum break_hold hold = coach_waits(&c->coach, now.seconds) ? BREAK_HELD
	                           : coach_spoke(&c->coach, now.seconds) ? BREAK_SOON : BREAK_FREE;
	int count = breaks_step(&c->breaks, now.seconds, &view, hold, events);
	for (int i = 0; i < count; i++)
		on_break_event(c, now, &events[i]);
	follow_exercise(c, now);
	if (c->breaks.begun)
		show_countdown(c, c->breaks.prompted - 1, false);
}

static void step_posture(struct core *c, struct instant now, const struct posture_sample *s)
{
	struct posture_event event;
	struct coach_message m;
	const enum posture was = c->judge.held;
	bool happened = posture_judge_step(&c->judge, s, &event);
	if (was != POSTURE_UNKNOWN && c->judge.held != was)
		/* corrected, another by now, or forgotten over a call */
		take_back(c, posture_name(was));
	c->posture = s->presence == PRESENCE_PRESENT ? c->judge.verdict.label : POSTURE_UNKNOWN;
	if (happened && coach_posture(&c->coach, &event, &c->context.posture, s->presence, &m))
		say(c, now, &m, &event);
	if (coach_monitor(&c->coach, now.seconds, s->presence, c->posture, &s->measures, &m))
		say(c, now, &m, NULL);
	if (coach_habits(&c->coach, &c->context.posture, now.seconds, s->presence, c->posture,
	                 &s->measures, &m))
		say(c, now, &m, NULL);
}

static void keep_sample(struct core *c, struct instant now, const struct posture_sample *s)
{
	struct error error = {0};
	if (c->ports.store == NULL || !s->sampled || s->presence != PRESENCE_PRESENT)
		return;
	struct store_sample row = {now.wall_ms, c->posture, c->judge.verdict.confidence,
	                           s->measures};
	check_store(c, store_sample(c->ports.store, &row, &error), &error);
}

/* A profile that is not, or may not be, of this person or place is told of once. */
static void ask_for_calibration(struct core *c, struct instant now, const struct posture_sample *s)
{
	struct coach_message ask = {.kind = "calibrate", .icon = "camera-web",
	                            .urgency = URGENCY_NORMAL,
	                            .offer = OFFER_CALIBRATE};
	const bool strange = s->stranger || s->doubted;
	if (!strange || s->presence != PRESENCE_PRESENT || c->asked ||
	    coach_waits(&c->coach, now.seconds) || coach_spoke(&c->coach, now.seconds))
		return;
	c->asked = true;
	snprintf(ask.summary, sizeof ask.summary, "%s",
	         _("Show me how you sit upright: half a minute"));
	snprintf(ask.more, sizeof ask.more, "%s", _("Run `unknot calibrate`."));
	const char *text = s->stranger
		? _("You do not match the upright posture that I know, or the camera was moved, so "
		    "I do not judge how you sit.")
		: _("Your face hardly matches the one that I know. I go on judging by it; if you "
		    "are somebody else, or look different now, calibrate anew.");
	snprintf(ask.body, sizeof ask.body, "%s", text);
	say(c, now, &ask, NULL);
	coach_told(&c->coach, now.seconds);
}

/* Who has no profile is asked for one, or for a camera. */
static void ask_for_what_is_missing(struct core *c, struct instant now,
                                    const struct posture_sample *s)
{
	struct coach_message ask;
	struct error error;
	const struct asking_view view = {
		.profile = c->profile != NULL && c->profile->valid,
		.seen = s->sampled && s->presence == PRESENCE_PRESENT,
		.missing = !s->sampled && s->presence == PRESENCE_UNKNOWN &&
		           c->camera_problem != NULL &&
		           *c->camera_problem != '\0',
		.wait = coach_waits(&c->coach, now.seconds) || coach_spoke(&c->coach, now.seconds),
	};
	if (c->ports.recorded)
		return;
	const enum asking_for what = asking_step(&c->asking, now, &view);
	if (what == ASKING_NOTHING)
		return;
	asking_message(what, &ask);
	say(c, now, &ask, NULL);
	coach_told(&c->coach, now.seconds);
	if (c->ports.state_dir != NULL &&
	    !remember_save_asked(&c->asking, c->ports.state_dir, &error))
		log_warning("%s", error.text);
}

void core_step(struct core *c, struct instant now, const struct posture_sample *s)
{
	struct coach_message m;
	if (!c->started) {
		c->started = true;
		c->day = report_day_of(now.wall_ms);
		c->utc_offset_s = utc_offset(now.wall_ms);
	} else {
		pass_time(c, now);
	}
	c->last = now;
	c->presence = s->presence;
	coach_clock(&c->coach, now.wall_ms, hour_of(now.wall_ms));
	if (s->sampled)
		c->measures = s->measures;
	if (coach_presence(&c->coach, now.seconds, s->presence, &m))
		say(c, now, &m, NULL);
	step_breaks(c, now, s);
	step_posture(c, now, s);
	ask_for_calibration(c, now, s);
	ask_for_what_is_missing(c, now, s);
	keep_sample(c, now, s);
	flush(c);
}

void core_expect(const struct core *c, struct pace_view *view)
{
	view->posture = c->posture;
	view->wait_s = fmin(breaks_wait(&c->breaks), posture_judge_wait(&c->judge));
	if (doing_waits(&c->doing) && c->presence == PRESENCE_PRESENT)
		view->wait_s = 0;
}

bool core_write_report(struct core *c, char *path, struct error *error)
{
	if (c->ports.store == NULL || c->ports.data_dir == NULL || !c->started)
		return error_set(error, 0, "report: nothing has been seen yet");
	flush(c);
	return report_write_day(c->ports.store, &c->day, &c->context, c->ports.data_dir,
	                        path, error);
}

void core_finish(struct core *c)
{
	if (c->started)
		write_day(c, &c->day);
}
