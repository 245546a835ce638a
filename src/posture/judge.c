/* Time, added to the postures of single samples.
 *
 * Every sample stands for the seconds around it: half of the interval to the sample before and half
 * of the one after, each half capped. Shares are shares of those seconds, so the verdict does not
 * depend on how often somebody looks. */
#include "posture/posture.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

/* Half an interval counts at most this much: 30 s between looks (the default's longest) are fully
 * accounted for, a longer silence is mostly not known. */
#define HALF_MAX_S 15.0
/* Samples of the same posture are merged up to this share of the longest patience, so that the
 * window reaches back far enough at any rate and any dwell: 512 slots are four times that, or one
 * for each of four postures in turn. */
#define SLOT_SHARE (1.0 / 128)
/* What is known may be this thin: a face that is found in one look of four still gets its
 * verdict. */
#define REACH 4.0
/* Fewer looks than this begin nothing and end nothing, however long they stand for: one picture may
 * be of a sneeze. */
#define LOOKS_LEAST 2
/* A look weighs by its confidence; one that may as well be wrong still says that somebody was
 * there. */
#define SURE_LEAST 0.1
/* Ending takes less than beginning: while a posture is held, its own limits shrink to this. Chosen:
 * of the 2.5 cm of a slouch the quarter is 0.6, more than two sigmas of the drop. */
#define HYSTERESIS 0.75

/* How long a posture is held before it deserves a word, in dwells; 0: never.
 * Reclining against a backrest unloads the spine and standing up is what we ask for: neither is
 * corrected. Reading from paper or a second screen is work: it may last longer (RULA counts a
 * twisted neck +1, ISO 11226 limits 25-85 deg of head inclination in time). */
static const double patience[POSTURE_COUNT] = {
	[POSTURE_SLOUCHED] = 1, [POSTURE_FORWARD_HEAD] = 1, [POSTURE_TOO_CLOSE] = 1,
	[POSTURE_LEANING] = 1,  [POSTURE_HEAD_TILTED] = 1,  [POSTURE_LOOKING_DOWN] = 2,
	[POSTURE_TURNED] = 5,
};

bool posture_is_fault(enum posture p)
{
	return (unsigned)p < POSTURE_COUNT && patience[p] > 0;
}

void posture_judge_init(struct posture_judge *j, const struct posture_config *config)
{
	memset(j, 0, sizeof *j);
	j->config = *config;
	j->last_seconds = -INFINITY;
	j->held = POSTURE_UNKNOWN;
	j->verdict.label = POSTURE_UNKNOWN;
	j->verdict.evidence = MEASURE_COUNT;
}

/* Slot `age` steps back: 0 is the newest. */
static const struct posture_slot *slot_at(const struct posture_judge *j, int age)
{
	return &j->window[(j->head - 1 - age + 2 * POSTURE_WINDOW) % POSTURE_WINDOW];
}

static struct posture_slot *newest(struct posture_judge *j)
{
	return j->count > 0 ? &j->window[(j->head - 1 + POSTURE_WINDOW) % POSTURE_WINDOW] : NULL;
}

static void forget(struct posture_judge *j)
{
	j->head = j->count = 0;
	j->count_total = j->slot_first = 0;
	j->good_looks = j->bad_looks = 0;
	j->held = POSTURE_UNKNOWN;
	j->held_side = 0;
	j->observed = OBSERVED_NOT;
}

static double longest_s(const struct posture_judge *j)
{
	double most = 0;
	for (int p = 0; p < POSTURE_COUNT; p++)
		most = fmax(most, patience[p]);
	return most * j->config.dwell_s;
}

/* The slot of now that holds this posture becomes the newest; a new one where there is none. Within
 * its few seconds the order does not matter. */
static struct posture_slot *slot_for(struct posture_judge *j, double seconds,
                                     const struct posture_verdict *v)
{
	const double span = SLOT_SHARE * longest_s(j);
	struct posture_slot *slot = newest(j);
	if (slot == NULL || seconds - j->slot_began >= span) {
		j->slot_began = seconds;
		j->slot_first = j->count_total;
	}
	for (int age = 0; age < j->count && j->count_total - 1 - age >= j->slot_first; age++) {
		struct posture_slot *s =
			&j->window[(j->head - 1 - age + 2 * POSTURE_WINDOW) % POSTURE_WINDOW];
		if (s->label != v->label || s->side != v->side)
			continue;
		const struct posture_slot kept = *s;
		*s = *slot;
		*slot = kept;
		return slot;
	}
	slot = &j->window[j->head];
	j->head = (j->head + 1) % POSTURE_WINDOW;
	j->count_total++;
	if (j->count < POSTURE_WINDOW)
		j->count++;
	memset(slot, 0, sizeof *slot);
	return slot;
}

/* `weight` seconds more for the newest slot, as sure as the last look was. */
static void credit(struct posture_judge *j, double weight)
{
	struct posture_slot *slot = newest(j);
	slot->weight += weight;
	slot->sure += weight * j->sure;
}

static void remember(struct posture_judge *j, const struct posture_sample *s,
                     const struct posture_verdict *v, double weight)
{
	struct posture_slot *slot = slot_for(j, s->seconds, v);
	slot->seconds = s->seconds;
	slot->label = v->label;
	slot->side = v->side;
	slot->looks++;
	for (int i = 0; i < MEASURE_COUNT; i++) {
		const struct measure *m = &s->measures.m[i];
		slot->value[i] = m->valid ? (float)m->value : NAN;
	}
	j->sure = fmax(SURE_LEAST, v->confidence);
	credit(j, weight);
	j->bad_looks = posture_is_fault(v->label) ? j->bad_looks + 1 : 0;
	j->good_looks = posture_is_fault(v->label) ? 0 : j->good_looks + 1;
}

/* What fills the latest `span` observed seconds. */
struct tally {
	double total, fault;     /* seconds */
	double sure, sure_fault; /* the same, each weighed by its confidence */
	double weight[POSTURE_COUNT]; /* of them */
	int slots;       /* how far back it reached */
	bool complete;   /* the span was filled, within REACH times its length */
	bool began;      /* its oldest slot is a fault: the fault lasted all along */
};

static void tally_latest(const struct posture_judge *j, double span, struct tally *t)
{
	memset(t, 0, sizeof *t);
	double now = slot_at(j, 0)->seconds;
	for (int age = 0; age < j->count && !t->complete; age++) {
		const struct posture_slot *s = slot_at(j, age);
		if (now - s->seconds > REACH * span)
			return;
		const double w = fmin(s->weight, span - t->total);
		const double sure = s->weight > 0 ? w * s->sure / s->weight : 0;
		t->total += w;
		t->sure += sure;
		t->weight[s->label] += sure;
		t->began = posture_is_fault(s->label);
		if (t->began) {
			t->fault += w;
			t->sure_fault += sure;
		}
		t->slots = age + 1;
		t->complete = t->total >= span * (1 - 1e-9);
	}
}

static enum posture dominant(const struct tally *t)
{
	enum posture best = POSTURE_UNKNOWN;
	for (int p = 0; p < POSTURE_COUNT; p++)
		if (posture_is_fault((enum posture)p) && t->weight[p] > t->weight[best])
			best = (enum posture)p;
	return best;
}

/* The posture that has been held for its dwell and is there now, with the window that shows it. Who
 * was turned for long and now looks down would be told of a turn that is over. */
static enum posture held_now(const struct posture_judge *j, struct tally *t)
{
	const enum posture p = j->count > 0 ? slot_at(j, 0)->label : POSTURE_UNKNOWN;
	if (!posture_is_fault(p))
		return POSTURE_UNKNOWN;
	tally_latest(j, patience[p] * j->config.dwell_s, t);
	/* `unknown` never weighs: such samples are not remembered. */
	const bool held = t->complete && t->began && j->bad_looks >= LOOKS_LEAST &&
	                  t->sure_fault >= j->config.dwell_share * t->sure && dominant(t) == p;
	return held ? p : POSTURE_UNKNOWN;
}

static int compare_floats(float a, float b)
{
	return (a > b) - (a < b);
}

static float median(float *x, int n)
{
	for (int gap = n / 2; gap > 0; gap /= 2)
		for (int i = gap; i < n; i++) {
			float v = x[i];
			int k = i;
			for (; k >= gap && compare_floats(x[k - gap], v) > 0; k -= gap)
				x[k] = x[k - gap];
			x[k] = v;
		}
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Medians over the slots of this posture; sigma is the sample's own (its systematic part does not
 * shrink by waiting), or the values' spread where this sample lacks the measure. */
static void typical(const struct posture_judge *j, enum posture label, int slots,
                    const struct measures *current, struct measures *out)
{
	float values[POSTURE_WINDOW];
	memset(out, 0, sizeof *out);
	for (int id = 0; id < MEASURE_COUNT; id++) {
		int n = 0;
		for (int age = 0; age < slots; age++) {
			const struct posture_slot *s = slot_at(j, age);
			if (s->label == label && !isnan(s->value[id]))
				values[n++] = s->value[id];
		}
		if (n == 0)
			continue;
		float middle = median(values, n);
		double sigma = current->m[id].sigma;
		if (!current->m[id].valid) {
			for (int i = 0; i < n; i++)
				values[i] = fabsf(values[i] - middle);
			sigma = 1.4826 * (double)median(values, n); /* of a normal distribution */
		}
		out->m[id] = (struct measure){ .value = middle, .sigma = sigma, .valid = true };
	}
}

static int dominant_side(const struct posture_judge *j, enum posture label, int slots)
{
	double sum = 0;
	for (int age = 0; age < slots; age++)
		if (slot_at(j, age)->label == label)
			sum += slot_at(j, age)->side * slot_at(j, age)->weight;
	return (sum > 0) - (sum < 0);
}

static void fill(struct posture_event *e, const struct posture_judge *j,
                 enum posture_event_kind kind, const struct posture_sample *s, int slots)
{
	memset(e, 0, sizeof *e);
	e->kind = kind;
	e->posture = j->held;
	e->side = j->held_side;
	e->seconds = s->seconds;
	e->held_s = s->seconds - j->held_since;
	e->verdict = j->verdict;
	typical(j, j->held, slots, &s->measures, &e->typical);
}

/* When the window's first second of this posture began. Other faults may have filled it before:
 * they are not this one's minutes. */
static double began_at(const struct posture_judge *j, enum posture p, const struct tally *t)
{
	double since = 0, began = slot_at(j, 0)->seconds;
	for (int age = 0; age < t->slots; age++) {
		const struct posture_slot *s = slot_at(j, age);
		since = fmin(since + s->weight, t->total);
		if (s->label == p)
			began = fmin(s->seconds, slot_at(j, 0)->seconds - since);
	}
	return began;
}

static bool judge_released(struct posture_judge *j, const struct posture_sample *s,
                           struct posture_event *event)
{
	struct tally t;
	tally_latest(j, j->config.release_s, &t);
	if (!t.complete || j->good_looks < LOOKS_LEAST ||
	    t.sure_fault > (1 - j->config.dwell_share) * t.sure)
		return false;
	j->good_since = s->seconds - t.total;
	fill(event, j, POSTURE_EVENT_CORRECTED, s, t.slots);
	event->held_s = fmax(0, j->good_since - j->held_since);
	/* What was held must not count again in the next window. */
	double good_since = j->good_since;
	forget(j);
	j->good_since = good_since;
	return true;
}

static bool judge_window(struct posture_judge *j, const struct posture_sample *s,
                         struct posture_event *event)
{
	struct tally t;
	if (j->held != POSTURE_UNKNOWN && judge_released(j, s, event))
		return true;
	enum posture now = held_now(j, &t);
	if (now == POSTURE_UNKNOWN)
		return false;
	if (now != j->held) {
		/* From nothing, or one fault turned into another while neither ended. */
		j->held = now;
		j->held_side = dominant_side(j, now, t.slots);
		j->held_since = began_at(j, now, &t);
		j->last_event = s->seconds;
		fill(event, j, POSTURE_EVENT_HELD, s, t.slots);
		return true;
	}
	if (s->seconds - j->last_event < patience[now] * j->config.dwell_s)
		return false;
	j->held_side = dominant_side(j, now, t.slots);
	j->last_event = s->seconds;
	fill(event, j, POSTURE_EVENT_STILL, s, t.slots);
	return true;
}

/* The held posture with smaller limits: what still counts as it. */
static void relax(const struct posture_config *c, struct posture_config *r)
{
	*r = *c;
	r->slouch_drop_cm *= HYSTERESIS;
	r->forward_head_cm *= HYSTERESIS;
	r->looking_down_deg *= HYSTERESIS;
	r->lean_side_cm *= HYSTERESIS;
	r->head_roll_deg *= HYSTERESIS;
	r->yaw_deg *= HYSTERESIS;
	r->too_close_cm += (1 - HYSTERESIS) * 10; /* 2.5 cm: a quarter of the way to arm's length */
}

static void classify_held(const struct posture_judge *j, const struct measures *m,
                          struct posture_verdict *v)
{
	if (j->held == POSTURE_UNKNOWN || v->label != POSTURE_UPRIGHT)
		return;
	struct posture_config own, relaxed;
	struct posture_verdict again;
	posture_habit_widen(&j->habit, &j->config, &own);
	relax(&own, &relaxed);
	posture_classify(&relaxed, m, &again);
	if (!posture_is_fault(again.label))
		return;
	if (again.label != j->held)
		again.side = j->held_side; /* nearer to upright than its own limits: a rest */
	again.label = j->held;
	*v = again;
}

/* Away ends a posture at once: they got up. */
static bool judge_absent(struct posture_judge *j, const struct posture_sample *s,
                         struct posture_event *event)
{
	bool ended = j->held != POSTURE_UNKNOWN && s->presence == PRESENCE_AWAY;
	if (ended)
		fill(event, j, POSTURE_EVENT_CORRECTED, s, j->count);
	if (s->presence == PRESENCE_AWAY)
		forget(j);
	j->observed = OBSERVED_NOT;
	return ended;
}

static void classify_look(struct posture_judge *j, const struct posture_sample *s)
{
	struct posture_config own;
	posture_habit_widen(&j->habit, &j->config, &own);
	posture_classify(&own, &s->measures, &j->verdict);
	if (s->stranger)
		j->verdict = (struct posture_verdict){
			.label = POSTURE_UNKNOWN, .evidence = MEASURE_COUNT, .reason_count = 1,
			.reasons = {N_("the profile does not match; run `unknot calibrate`")}};
}

/* Half of the seconds since the last look: a known one before gets it, a known one now stands for
 * it. */
static double half_since(const struct posture_judge *j, double seconds)
{
	return j->observed != OBSERVED_NOT ? fmin((seconds - j->last_look) / 2, HALF_MAX_S) : 0;
}

/* A look that tells nothing takes no more than its own seconds: its neighbours keep their
 * halves. */
static bool judge_unknown(struct posture_judge *j, double seconds)
{
	const double half = half_since(j, seconds);
	if (j->observed == OBSERVED_KNOWN && j->count > 0 && half > 0)
		credit(j, half);
	j->observed = half >= 0 ? OBSERVED_UNKNOWN : OBSERVED_NOT;
	j->last_look = seconds;
	return false;
}

bool posture_judge_step(struct posture_judge *j, const struct posture_sample *s,
                        struct posture_event *event)
{
	if (!isfinite(s->seconds))
		return false;
	if (s->presence != PRESENCE_PRESENT)
		return judge_absent(j, s, event);
	if (!s->sampled)
		return false;
	classify_look(j, s);
	if (j->verdict.label == POSTURE_UNKNOWN)
		return judge_unknown(j, s->seconds);
	/* A clock that ran backwards, or a silence longer than two dwells (suspend, a call): what
	 * was known no longer says anything about now. */
	double gap = s->seconds - j->last_seconds;
	if (gap < 0 || gap > 2 * fmax(j->config.dwell_s, 2 * HALF_MAX_S))
		forget(j);
	const double half = fmax(0, half_since(j, s->seconds));
	if (j->observed == OBSERVED_KNOWN && j->count > 0 && half > 0)
		credit(j, half);
	posture_habit_learn(&j->habit, &j->verdict, &s->measures, half);
	struct posture_verdict counted = j->verdict;
	classify_held(j, &s->measures, &counted);
	remember(j, s, &counted, half);
	j->last_seconds = j->last_look = s->seconds;
	j->observed = OBSERVED_KNOWN;
	return judge_window(j, s, event);
}

void posture_judge_progress(const struct posture_judge *j, enum posture p,
                            double *seconds, double *of_s)
{
	struct tally t;
	*seconds = *of_s = 0;
	if (!posture_is_fault(p))
		return;
	*of_s = patience[p] * j->config.dwell_s;
	if (j->count == 0)
		return;
	tally_latest(j, *of_s, &t);
	*seconds = t.fault;
}

/* The looks between are for whoever sits up again; the last is when the time is full. */
static double spread_out(double left_s)
{
	return left_s / fmax(1, ceil(left_s / HALF_MAX_S));
}

double posture_judge_wait(const struct posture_judge *j)
{
	double seconds, of_s;
	const bool held = j->held != POSTURE_UNKNOWN;
	const int looks = held ? j->good_looks : j->bad_looks;
	if (j->count == 0 || looks == 0)
		return INFINITY;
	if (held)
		return j->config.release_s / 2;
	posture_judge_progress(j, j->verdict.label, &seconds, &of_s);
	return spread_out(fmax(0, of_s - seconds));
}
