/* cost_days [DAYS]: what the pace of looking costs and what it misses. Simulated working days of
 * somebody who slouches, glances aside, leaves, and takes most breaks go through the pace, the
 * judges of presence and posture, and the breaks, without a picture: light an hour, how many of the
 * faults that deserve a word were seen and how late, whether presence was told truly, and how many
 * breaks that were taken were credited. Fails beyond its limits. */
#include "config/config.h"
#include "daemon/core.h"
#include "daemon/pace.h"
#include "posture/presence.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The light of one look: a camera's first picture comes 0.2 to 0.4 s after its start. */
static const double look_light_s = 0.25;
static const double day_s = 8 * 3600, lunch_at = 4 * 3600, lunch_s = 2400;
/* A fault that lasts so long deserves a word: the dwell, and half of it again. */
static const double worth_s = 90;
/* Of its full extent, where it begins to count. */
static const double limit_share = 0.55;
/* Of the looks at somebody, in which nobody is found. */
static const double missed = 0.03;
static const double settled_s = 5; /* of a change, that two looks need not have seen */

enum state { SITS, GLANCES, SLOUCHES, PEERS, LEANS, GONE };

struct span {
	double from, to;
	enum state state;
	double ramp_s;      /* to its full extent */
};

enum { SPANS = 4096 };

struct day {
	uint64_t dice;
	struct span spans[SPANS];
	int count, at;      /* at: the span of now */
	struct span answer; /* to a prompt: goes over the others; from < 0: none */
	enum break_kind answered;
	const struct span *judged; /* the last fault that was seen */
	bool truly_gone;           /* when it was last told */
	double sway, lean, swayed_at;
	struct core core;
	struct presence_judge presence;
	struct pace pace;
	double now;
};

enum { LATES = 65536 };

static struct score {
	double hours, light_s;
	long looks, looks_gone;
	double gone_s;
	long worth, seen, false_held, lates;
	double late[LATES];
	double wrong_s, back_sum, back_worst;
	long backs, false_gone;
	long taken[BREAK_KINDS], credited[BREAK_KINDS];
} score;

/* ---- chance ---- */

static double uniform(struct day *d)
{
	d->dice = d->dice * 6364136223846793005u + 1442695040888963407u;
	return ((double)(d->dice >> 11) + 0.5) / 9007199254740992.0;
}

static double between(struct day *d, double low, double high)
{
	return low + (high - low) * uniform(d);
}

static double spread(struct day *d, double low, double high)
{
	return low * pow(high / low, uniform(d));
}

static double normal(struct day *d)
{
	return sqrt(-2 * log(uniform(d))) * cos(2 * M_PI * uniform(d));
}

/* ---- what happens ---- */

static void add(struct day *d, enum state state, double seconds, double ramp_s)
{
	const double from = d->count > 0 ? d->spans[d->count - 1].to : 0;
	if (d->count < SPANS)
		d->spans[d->count++] = (struct span){from, from + seconds, state, ramp_s};
}

static void add_fault(struct day *d)
{
	static const enum state faults[] = {SLOUCHES, SLOUCHES, PEERS, LEANS};
	const double seconds = spread(d, 30, 900);
	const double ramp = uniform(d) < 0.5 ? 1 : fmin(seconds / 2, between(d, 20, 120));
	add(d, faults[(int)between(d, 0, 4)], seconds, ramp);
}

static void plan(struct day *d)
{
	bool lunch = false;
	while (d->count == 0 || d->spans[d->count - 1].to < day_s) {
		add(d, SITS, -360 * log(uniform(d)), 1);
		const double what = uniform(d);
		if (!lunch && d->spans[d->count - 1].to > lunch_at) {
			lunch = true;
			add(d, GONE, lunch_s, 1);
		} else if (what < 0.45) {
			add_fault(d);
		} else if (what < 0.8) {
			add(d, GLANCES, between(d, 3, 25), 1);
		} else {
			add(d, GONE, spread(d, 20, 1200), 1);
		}
	}
}

static const struct span *span_at(struct day *d)
{
	while (d->at > 0 && d->spans[d->at].from > d->now)
		d->at--;
	while (d->at + 1 < d->count && d->spans[d->at].to <= d->now)
		d->at++;
	return d->now >= d->answer.from && d->now < d->answer.to ? &d->answer : &d->spans[d->at];
}

static bool is_fault(enum state s)
{
	return s == SLOUCHES || s == PEERS || s == LEANS;
}

/* ---- what is seen ---- */

static void set(struct posture_sample *s, enum measure_id id, double value, double sigma)
{
	s->measures.m[id] = (struct measure){value, sigma, true};
}

/* Sways about upright as people do, slowly, and is measured with some noise. */
static void measure(struct day *d, const struct span *span, struct posture_sample *s)
{
	const double full = fmin(1, (d->now - span->from) / span->ramp_s);
	const double stay = exp(-(d->now - d->swayed_at) / 60), moved = sqrt(1 - stay * stay);
	d->sway = d->sway * stay + 0.3 * moved * normal(d);
	d->lean = d->lean * stay + 1.2 * moved * normal(d);
	d->swayed_at = d->now;
	const double drop = span->state == SLOUCHES ? 4.5 * full : 0;
	const double lean = span->state == SLOUCHES ? 5 * full
	                    : span->state == PEERS ? 11 * full : 0;
	set(s, MEASURE_SCREEN_DISTANCE, 62 - lean - d->lean, 1.2);
	set(s, MEASURE_EYE_DROP, drop + d->sway + 0.25 * normal(d), 0.5);
	set(s, MEASURE_LEAN_IN, lean + d->lean + 0.4 * normal(d), 0.8);
	set(s, MEASURE_LEAN_SIDE, span->state == LEANS ? 10 * full : 0.5 * normal(d), 0.6);
	set(s, MEASURE_SHOULDER_DROP, drop * 0.7 + 0.5 * normal(d), 1);
	set(s, MEASURE_HEAD_YAW, span->state == GLANCES ? 60 : 2 * normal(d), 3);
	set(s, MEASURE_HEAD_YAW_CHANGE, span->state == GLANCES ? 60 : 2 * normal(d), 3);
	set(s, MEASURE_HEAD_PITCH_CHANGE, 2 * normal(d), 3);
	set(s, MEASURE_HEAD_ROLL, normal(d), 1.5);
}

/* Three of five prompts are followed, within a minute. */
static void on_broke(void *user, const struct break_event *e)
{
	struct day *d = user;
	if (e->kind == BREAK_EVENT_DUE && uniform(d) < 0.6) {
		const bool micro = e->what == BREAK_MICRO;
		const double from = d->now + between(d, 3, 45);
		const double seconds = micro ? between(d, 24, 40) : between(d, 320, 480);
		d->answer = (struct span){from, from + seconds, micro ? GLANCES : GONE, 1};
		d->answered = e->what;
		score.taken[e->what]++;
	} else if (e->kind == BREAK_EVENT_ENDED && e->outcome == BREAK_TAKEN) {
		score.credited[e->what]++;
	}
}

/* ---- how it is judged ---- */

/* Of each fault that deserves it, when it is first held; of what is held, whether it is one at
 * all. */
static void count_faults(struct day *d, const struct span *span, bool was_held)
{
	const bool held = d->core.judge.held != POSTURE_UNKNOWN;
	if (held && !was_held && !is_fault(span->state) && d->now - span->from > settled_s)
		score.false_held++;
	const double since = span->from + limit_share * span->ramp_s;
	if (span == d->judged || !is_fault(span->state) || span->to - since < worth_s)
		return;
	if (held) {
		d->judged = span;
		score.seen++;
		if (score.lates < LATES)
			score.late[score.lates++] = d->now - since;
	}
}

static void count_worth(struct day *d)
{
	for (int i = 0; i < d->count; i++) {
		const struct span *s = &d->spans[i];
		score.worth += is_fault(s->state) &&
		               s->to - s->from - limit_share * s->ramp_s >= worth_s &&
		               s->to < day_s;
	}
}

static double gone_until(struct day *d)
{
	const double now = d->now;
	while (d->now > 0 && span_at(d)->state != GONE)
		d->now -= 1;
	const double since = d->now;
	d->now = now;
	return since;
}

/* From a return to the first time that it is told; an absence that was none is counted apart. */
static void count_presence(struct day *d, const struct span *span, enum presence was)
{
	const enum presence is = d->presence.presence;
	if (was != PRESENCE_AWAY && is == PRESENCE_AWAY) {
		d->truly_gone = span->state == GONE;
		score.false_gone += !d->truly_gone;
	}
	if (was != PRESENCE_AWAY || is != PRESENCE_PRESENT || !d->truly_gone)
		return;
	const double late = d->now - gone_until(d);
	score.backs++;
	score.back_sum += late;
	score.back_worst = fmax(score.back_worst, late);
}

/* Seconds in which what is told is not so, up to the next look. */
static void count_wrong(struct day *d, double until)
{
	const double now = d->now;
	for (; d->now < until; d->now += 1) {
		const bool gone = span_at(d)->state == GONE;
		const bool told = d->presence.presence == PRESENCE_AWAY;
		score.wrong_s += gone != told;
		score.gone_s += gone;
	}
	d->now = now;
}

static void look(struct day *d)
{
	const struct span *span = span_at(d);
	struct posture_sample s = {.seconds = d->now, .sampled = true};
	const struct presence_sample seen = {.seconds = d->now, .sampled = true,
	                                     .person = span->state != GONE && uniform(d) >= missed};
	const enum presence was = d->presence.presence;
	const bool was_held = d->core.judge.held != POSTURE_UNKNOWN;
	score.looks++;
	score.looks_gone += span->state == GONE;
	score.light_s += look_light_s;
	if (seen.person)
		measure(d, span, &s);
	s.presence = presence_step(&d->presence, &seen);
	core_step(&d->core, (struct instant){d->now, (int64_t)(d->now * 1000)}, &s);
	count_faults(d, span, was_held);
	count_presence(d, span, was);
}

/* As watch.c does. */
static double next(struct day *d)
{
	struct pace_view view = {.wait_s = INFINITY};
	core_expect(&d->core, &view);
	view.presence = d->presence.presence;
	view.wait_s = fmin(view.wait_s, presence_wait(&d->presence));
	pace_spend(&d->pace, d->now, look_light_s);
	const double wait = pace_next(&d->pace, d->now, &view);
	return fmax(wait, pace_wait(&d->pace, d->now));
}

static void live(struct day *d, uint64_t seed)
{
	const struct config config = config_default();
	struct presence_config presence = presence_config_default();
	const struct report_context context = {.posture = config_posture(&config),
	                                       .breaks = config_breaks(&config)};
	const struct coach_config coach = config_coach(&config);
	struct notifier *messages = notifier_record();
	const struct core_ports ports = {.fallback = messages, .notifier = messages, .user = d,
	                                 .broke = on_broke};
	memset(d, 0, sizeof *d);
	d->dice = seed * 0x9e3779b97f4a7c15u + 1;
	d->answer.from = d->answer.to = -1;
	presence.away_s = config.away_s;
	presence_init(&d->presence, &presence);
	pace_init(&d->pace, config.interval_min_s, config.interval_max_s);
	core_init(&d->core, &ports, &context, &coach, true);
	plan(d);
	count_worth(d);
	while (d->now < day_s) {
		look(d);
		const double until = d->now + next(d) + look_light_s;
		count_wrong(d, until);
		d->now = until;
	}
	score.hours += day_s / 3600;
	messages->ops->free(messages);
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double mean_late(void)
{
	double sum = 0;
	for (long i = 0; i < score.lates; i++)
		sum += score.late[i];
	return sum / (double)score.lates;
}

static void print(const struct score *s)
{
	printf("looks              %8.0f an hour, %.0f while nobody is there\n",
	       (double)s->looks / s->hours, (double)s->looks_gone / (s->gone_s / 3600));
	printf("light              %8.1f s an hour, at %.2f s a look\n", s->light_s / s->hours,
	       look_light_s);
	printf("faults             %8ld worth a word, %.1f %% of them seen; %ld seen that were "
	       "none\n", s->worth, 100.0 * (double)s->seen / (double)s->worth, s->false_held);
	printf("seen after         %8.1f s in the mean, %.1f in the median, nine in ten within "
	       "%.1f\n", mean_late(), s->late[s->lates / 2], s->late[s->lates * 9 / 10]);
	printf("presence           %8.1f s an hour wrong, %.2f times an hour away with one there\n",
	       s->wrong_s / s->hours, (double)s->false_gone / s->hours);
	printf("back seen after    %8.1f s in the mean, %.0f at worst\n",
	       s->back_sum / (double)s->backs, s->back_worst);
	printf("micro-breaks       %8ld taken, %ld credited\n", s->taken[BREAK_MICRO],
	       s->credited[BREAK_MICRO]);
	printf("movement breaks    %8ld taken, %ld credited\n", s->taken[BREAK_MOVEMENT],
	       s->credited[BREAK_MOVEMENT]);
}

/* The mark is what looks 3 to 30 s apart did, each doubt looked at every 3 s: 332 looks and 83 s of
 * light an hour, 97 % seen after 68 s, 54 s of presence wrong, 1.08 and 1.03 credited for each
 * break taken. */
static bool is_good(const struct score *s)
{
	return s->light_s / s->hours < 60 && (double)s->seen > 0.96 * (double)s->worth &&
	       mean_late() < 70 && s->wrong_s / s->hours < 65 &&
	       s->back_sum / (double)s->backs < 20 &&
	       (double)s->credited[BREAK_MICRO] > (double)s->taken[BREAK_MICRO] &&
	       (double)s->credited[BREAK_MOVEMENT] > (double)s->taken[BREAK_MOVEMENT];
}

int main(int argc, char **argv)
{
	static struct day d;
	const int days = argc > 1 ? atoi(argv[1]) : 400;
	if (argc > 2 || days < 1) {
		fputs("usage: cost_days [DAYS]\n", stderr);
		return 2;
	}
	for (int i = 0; i < days; i++)
		live(&d, (uint64_t)i + 1);
	qsort(score.late, (size_t)score.lates, sizeof *score.late, by_size);
	print(&score);
	if (is_good(&score))
		return 0;
	fputs("cost_days: beyond its limits\n", stderr);
	return 1;
}
