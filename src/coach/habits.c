/* Advice that no single posture shows: it needs minutes of samples. */
#include "coach/coach.h"
#include "coach/dose.h"
#include "coach/phrase.h"

#include <math.h>
#include <string.h>

#define SAMPLE_MAX_S 30.0       /* a sample stands for at most this long */
#define SHOWN_S 20.0
#define HOUR_S 3600.0

/* Monitor. At the optimum of 60 cm the top edge of a screen 30 cm high that is e below the eyes
 * puts its centre at atan((e + 15) / 60) below the horizontal: 14 deg at e = 0, 20 deg at e = 6.8.
 * OSHA wants 15-20 deg and the top at or slightly below eye level: 0 to 6 cm below is right. Above
 * the eyes is worse than too low (CCOHS). */
#define MONITOR_LOW_CM (-6.0)
#define MONITOR_HIGH_CM 1.0
#define MONITOR_SIGMA_CM 4.0    /* ergonomics: stays silent while the uncertainty is larger */
#define MONITOR_SURE_CM 20.0    /* beyond its limits by this it is told
                                 * whatever "wrong" was answered */
#define MONITOR_LOOK_S 600.0
#define MONITOR_EVERY_S (20 * HOUR_S) /* once a day, also when today begins earlier */

/* Chosen: as patient as with a turned head (five dwells, posture/judge.c). */
#define SHOULDERS_S 300.0
#define SHOULDERS_TAU_S 60.0
#define SHOULDERS_EVERY_S (2 * HOUR_S)
#define STILL_CM 4.0            /* what counts as having moved: a posture's limit */
#define STILL_EVERY_S HOUR_S
#define STILL_WIDER 0.1         /* beyond its limit by once its limit: what one "wrong" asks for */
#define SHOULDERS_RELEASE 0.75
#define STANCE_TAU_S 30.0       /* a reach for the shelf is no standing */
#define STANCE_MOST 0.75
#define STANCE_LEAST 0.25

/* Seconds that this sample stands for; 0 for the first, and after a silence or a backward clock. */
static double elapsed(struct coach_habit *h, double seconds)
{
	double dt = seconds - h->last;
	h->last = seconds;
	return dt > 0 && dt <= 4 * SAMPLE_MAX_S ? fmin(dt, SAMPLE_MAX_S) : 0;
}

/* `excess` as in coach_kind. */
static bool say(struct coach *c, struct coach_habit *h, const char *kind, double excess,
                const struct facts *f, double seconds, struct coach_message *m)
{
	bool held;
	struct coach_kind *k = coach_kind(c, kind);
	if (k == NULL || (k->widen > 0 && excess <= k->widen) || coach_silent(c, seconds, &held) ||
	    !coach_dose(c, k, seconds) || !phrase_message(kind, f, m))
		return false;
	m->expires_s = SHOWN_S;
	h->told = seconds;
	k->excess = excess;
	coach_sent(c, k, seconds);
	return true;
}

/* ---- monitor ---- */

/* How far it is from where it should be, doubt deducted, in shares of MONITOR_SURE_CM; <= 0:
 * not. */
static double monitor_excess(const struct coach_habit *h)
{
	return (fmax(MONITOR_LOW_CM - h->mean, h->mean - MONITOR_HIGH_CM) - h->sigma) /
	       MONITOR_SURE_CM;
}

bool coach_monitor(struct coach *c, double seconds, enum presence presence, enum posture posture,
                   const struct measures *measures, struct coach_message *m)
{
	struct coach_habit *h = &c->monitor;
	const struct measure *offset = &measures->m[MEASURE_MONITOR_TOP_OFFSET];
	double dt = elapsed(h, seconds);
	if (presence != PRESENCE_PRESENT || posture != POSTURE_UPRIGHT || !offset->valid ||
	    !isfinite(offset->value) || !(offset->sigma <= MONITOR_SIGMA_CM))
		return false;
	h->seconds += dt;
	if (h->seconds > 0) {
		double share = dt / fmin(h->seconds, MONITOR_LOOK_S);
		h->mean += share * (offset->value - h->mean);
		h->sigma += share * (offset->sigma - h->sigma);
	}
	if (h->seconds < MONITOR_LOOK_S || seconds - h->told < MONITOR_EVERY_S)
		return false;
	const char *kind = h->mean < 0 ? "monitor_low" : "monitor_high";
	const double excess = monitor_excess(h);
	if (!(excess > 0))
		return false;
	struct facts f;
	facts_clear(&f);
	facts_cm(&f, FACT_OFFSET, h->mean);
	return say(c, h, kind, excess, &f, seconds, m);
}

/* ---- shoulders ---- */

static bool shoulders(struct coach *c, const struct posture_config *p, double seconds,
                      enum posture posture, const struct measures *measures,
                      struct coach_message *m)
{
	struct coach_habit *h = &c->shoulders;
	const struct measure *tilt = &measures->m[MEASURE_SHOULDER_TILT];
	double dt = elapsed(h, seconds), limit = p->shoulder_tilt_deg;
	/* A lean or a turn tilts the shoulder line by itself and is told as such. */
	if (!tilt->valid || !isfinite(tilt->value) || !(tilt->sigma < limit) ||
	    posture == POSTURE_LEANING || posture == POSTURE_TURNED || posture == POSTURE_UNKNOWN)
		return false;
	if (dt <= 0) {
		h->mean = tilt->value;
		h->since = seconds;
		return false;
	}
	h->mean += (1 - exp(-dt / SHOULDERS_TAU_S)) * (tilt->value - h->mean);
	if (fabs(h->mean) < SHOULDERS_RELEASE * limit)
		h->since = seconds;
	const double excess = fabs(h->mean) / limit - 1;
	if (seconds - h->since < SHOULDERS_S || !(excess > 0) ||
	    seconds - h->told < SHOULDERS_EVERY_S)
		return false;
	struct facts f;
	facts_clear(&f);
	facts_degrees(&f, FACT_SHOULDER, h->mean);
	facts_side(&f, h->mean > 0 ? 1 : -1); /* left shoulder up is positive */
	facts_duration(&f, FACT_HELD, seconds - h->since, false);
	return say(c, h, "shoulder_tilt", excess, &f, seconds, m);
}

/* ---- hardly moving ---- */

static bool still(struct coach *c, double seconds, const struct measures *measures,
                  struct coach_message *m)
{
	static const enum measure_id place[3] = { MEASURE_EYE_DISTANCE, MEASURE_EYE_HEIGHT,
	                                          MEASURE_EYE_SIDE };
	struct coach_habit *h = &c->still;
	bool moved = elapsed(h, seconds) <= 0;
	for (int i = 0; i < 3; i++) {
		const struct measure *x = &measures->m[place[i]];
		if (!x->valid || !isfinite(x->value))
			return false;
		moved = moved || fabs(x->value - h->anchor[i]) > STILL_CM;
	}
	if (moved) {
		for (int i = 0; i < 3; i++)
			h->anchor[i] = measures->m[place[i]].value;
		h->since = seconds;
	}
	if (!(c->config.still_s > 0) || seconds - h->since < c->config.still_s ||
	    seconds - h->told < STILL_EVERY_S)
		return false;
	const double held = seconds - h->since;
	struct facts f;
	facts_clear(&f);
	facts_duration(&f, FACT_HELD, held, false);
	return say(c, h, "static", STILL_WIDER * (held / c->config.still_s - 1), &f, seconds, m);
}

/* ---- water ---- */

static bool water(struct coach *c, double seconds, enum presence presence, struct coach_message *m)
{
	struct coach_habit *h = &c->water;
	double dt = elapsed(h, seconds);
	if (presence == PRESENCE_PRESENT || presence == PRESENCE_IN_CALL)
		h->seconds += dt;
	if (!(c->config.hydrate_s > 0) || h->seconds < c->config.hydrate_s ||
	    presence != PRESENCE_PRESENT)
		return false;
	struct facts f;
	facts_clear(&f);
	facts_duration(&f, FACT_SITTING, h->seconds, false);
	if (!say(c, h, "hydration", 0, &f, seconds, m))
		return false;
	m->urgency = URGENCY_LOW;
	h->seconds = 0;
	coach_kind(c, "hydration")->pending = false; /* nothing to obey: no back-off */
	return true;
}

/* ---- sitting and standing in turn ---- */

/* Seconds in the present stance: `raised` against the profile for most of a minute is standing.
 * `mean` is the share of it, slowly forgetting. An absence is a change too. */
static bool stance(struct coach *c, double seconds, enum presence presence, enum posture posture,
                   struct coach_message *m)
{
	struct coach_habit *h = &c->stance;
	const double dt = elapsed(h, seconds);
	if (presence == PRESENCE_AWAY || presence == PRESENCE_PAUSED)
		h->seconds = h->mean = 0;
	if (presence != PRESENCE_PRESENT || posture == POSTURE_UNKNOWN)
		return false;
	h->mean += (1 - exp(-dt / STANCE_TAU_S)) * ((posture == POSTURE_RAISED) - h->mean);
	h->seconds += dt;
	const bool stands = c->standing ? h->mean > STANCE_LEAST : h->mean > STANCE_MOST;
	if (stands != c->standing) {
		c->standing = stands;
		h->seconds = 0;
	}
	const double limit = stands ? c->config.stand_s : c->config.stand_every_s;
	if (!(c->config.stand_every_s > 0) || h->seconds < limit || seconds - h->told < limit)
		return false;
	struct facts f;
	facts_clear(&f);
	facts_duration(&f, FACT_SITTING, h->seconds, false);
	facts_duration(&f, FACT_LENGTH, c->config.stand_s, false);
	const char *kind = stands ? "sit_down" : "stand_up";
	if (!say(c, h, kind, 0, &f, seconds, m))
		return false;
	m->urgency = URGENCY_LOW;
	coach_kind(c, kind)->pending = false; /* a proposal: no back-off */
	return true;
}

bool coach_habits(struct coach *c, const struct posture_config *p, double seconds,
                  enum presence presence, enum posture posture, const struct measures *measures,
                  struct coach_message *m)
{
	if (!isfinite(seconds))
		return false;
	bool spoke = water(c, seconds, presence, m);
	if (presence != PRESENCE_PRESENT)
		return stance(c, seconds, presence, posture, m) || spoke;
	/* All of them gather; one speaks. */
	struct coach_message other;
	if (stance(c, seconds, presence, posture, &other)) {
		*m = other;
		spoke = true;
	}
	if (shoulders(c, p, seconds, posture, measures, &other)) {
		*m = other; /* say() keeps messages apart, so nothing was overwritten */
		spoke = true;
	}
	if (still(c, seconds, measures, &other)) {
		*m = other;
		spoke = true;
	}
	return spoke;
}
