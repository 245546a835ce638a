/* Model behind the numbers. Eyes and trunk are a column of 70 cm over the hip joints, the shoulders
 * at 48 (sitting, eyes are 79 cm and the acromion 59 over the seat, hip joints 9 to 11: Gordon et
 * al. 1989).
 *
 * The ellipse of good has half axes of 2.5 cm down and 5 forward (the defaults). A neck leaves it
 * when bent by 12.5 deg: C7 to tragus is 15 cm, 15 (cos 42.5 - cos 55) = 2.5 cm forward and 15 (sin
 * 55 - sin 42.5) = 2.2 down. That is 1.8 standard deviations of healthy craniovertebral angles (55,
 * SD 7 deg: Carrasco-Uribarren 2023). Inside are measuring (0.3 cm down, 0.8 forward), breathing
 * and sway, and the centimetre by which the spine settles over a day. What two real people and ten
 * rendered ones did: upright looks at most 0.9 cm down and 4.4 forward of another upright one;
 * faults 2.7 down at least, or 5.8 forward.
 *
 * No fault, and how far it takes the eyes:
 *   turning   about an axis 9.5 cm behind them
 *   tipping   to a shoulder, about a point 8 cm below them
 *   backrest  a hip hinge by a takes them 70 sin a back and 70 (1 - cos a) down: 2.9 cm for 20
 *   aside     a column tipped by x ends x^2 / 140 lower
 *   a chair   that rolls takes the shoulders along whole, a leaning trunk by 48/70 only
 *   a seat    raised by h comes forward by no more than h (who stands up leans in first)
 * Rendered heads turn about 9.6 cm (SD 0.5) and tip about 7.8; rendered leans take the shoulders
 * 0.66.
 *
 * An unknown lens. Drop and side are in units of the face, whatever the focal length; distance is
 * not: with half the true focal length everything is half as far, and so is every lean-in. But its
 * share of the distance stays. Where no ruler measured the distance, an upright one that nobody
 * works at is taken for the nearest that somebody does: 50 to 85 cm (users choose 40-75, OSHA wants
 * 50-100). */
#include "posture/departure.h"

#include <math.h>
#include <string.h>

static const double column_cm = 70, shoulder_share = 48.0 / 70;
static const double turn_cm = 9.5, tip_cm = 8;
/* One shoulder is higher than the other by itself, up to a few degrees, and a head is tipped. */
static const double tipping_deg = 3;
static const double nearest_cm = 50, farthest_cm = 85;
/* Of the distance: a ruler gives 0.01 and the fit 0.008; face sizes alone differ by 0.06. */
static const double ruler_sigma = 0.04;
/* Sigmas. Without a profile nobody knows that this is the camera's screen, nor its lens. */
static const double sure = 3;
/* A camera stands up to 16 cm beside the middle of what is looked at, seen from 60. */
static const double aside_deg = 15;

struct look {
	const struct posture_config *c;
	const struct measure *m;
	struct departure *d;
};

static bool given(const struct look *l, enum measure_id id)
{
	return l->m[id].valid && isfinite(l->m[id].value) && l->m[id].sigma >= 0;
}

static double value(const struct look *l, enum measure_id id)
{
	return given(l, id) ? l->m[id].value : 0;
}

static double sine(double deg)
{
	return sin(deg * M_PI / 180);
}

static double cosine(double deg)
{
	return cos(deg * M_PI / 180);
}

double departure_past(double distance, double sigma)
{
	return sigma > 0 ? 0.5 * erfc(-distance / (sigma * M_SQRT2)) : distance > 0 ? 1 : 0;
}

enum measure_id departure_yaw(const struct measures *m)
{
	return m->m[MEASURE_HEAD_YAW_CHANGE].valid ? MEASURE_HEAD_YAW_CHANGE : MEASURE_HEAD_YAW;
}

double departure_yaw_limit(const struct posture_config *c, const struct measures *m)
{
	const bool own = m->m[MEASURE_HEAD_YAW_CHANGE].valid || m->m[MEASURE_EYE_DROP].valid;
	return own ? c->yaw_deg : c->yaw_deg + aside_deg;
}

static void set(struct departure *d, enum departure_way way, double ratio, double sigma)
{
	d->ratio[way] = ratio;
	d->sigma[way] = sigma;
}

static double hinge_drop(double back)
{
	const double x = fmin(back, 0.9 * column_cm);
	return column_cm - sqrt(column_cm * column_cm - x * x);
}

/* Yaw now and when upright, degrees from the screen's direction. */
static void yaws(const struct look *l, double *now, double *then)
{
	const double change = value(l, MEASURE_HEAD_YAW_CHANGE);
	*now = given(l, MEASURE_HEAD_YAW) ? value(l, MEASURE_HEAD_YAW) : change;
	*then = given(l, MEASURE_HEAD_YAW_CHANGE) ? *now - change : 0;
	const double screen = profile_screen_deg(*then);
	*now -= screen;
	*then -= screen;
}

static double roll_of(const struct look *l)
{
	return given(l, MEASURE_HEAD_ROLL_CHANGE) ? value(l, MEASURE_HEAD_ROLL_CHANGE)
	                                          : value(l, MEASURE_HEAD_ROLL);
}

/* A camera stands crooked, and so may have sat who was calibrated: only what is tipped both against
 * gravity and against upright counts. */
static void find_roll(struct look *l)
{
	const enum measure_id id = given(l, MEASURE_HEAD_ROLL_CHANGE) ? MEASURE_HEAD_ROLL_CHANGE
	                                                              : MEASURE_HEAD_ROLL;
	double roll = value(l, id);
	if (!given(l, id))
		return;
	if (given(l, MEASURE_HEAD_ROLL)) {
		const double level = value(l, MEASURE_HEAD_ROLL);
		roll = level * roll > 0 ? fmin(fabs(roll), fabs(level)) : 0;
	}
	roll = fabs(roll);
	l->d->roll = roll;
	set(l->d, DEPART_ROLL, roll / l->c->head_roll_deg, l->m[id].sigma / l->c->head_roll_deg);
}

/* Twice the logarithm of a normal density, but for what does not depend on x. */
static double unlikely(double x, double sigma)
{
	return x * x / (sigma * sigma);
}

/* Probability that the trunk leans and the chair did not roll: the two are as likely beforehand. A
 * lean takes the shoulders less far and tips their line along. */
static double leans(const struct look *l, double side)
{
	const struct measure *place = &l->m[MEASURE_SHOULDER_SIDE];
	const double sigma = fmax(0.1, hypot(place->sigma, l->m[MEASURE_LEAN_SIDE].sigma));
	double roll = unlikely(place->value - side, sigma);
	double lean = unlikely(place->value - shoulder_share * side, sigma);
	if (given(l, MEASURE_SHOULDER_TILT)) {
		const double tilt = value(l, MEASURE_SHOULDER_TILT);
		const double tipped = asin(fmax(-1, fmin(1, side / column_cm))) * 180 / M_PI;
		roll += unlikely(tilt, tipping_deg);
		lean += unlikely(tilt + tipped, tipping_deg);
	}
	return 1 / (1 + exp((lean - roll) / 2));
}

/* Who was calibrated leaning has not left upright by sitting straight: when their head was tipped
 * to the other side, by more than heads are by themselves, and is less so now. What counts is the
 * share of the tip left. */
static double straightened(const struct look *l, double side)
{
	if (!given(l, MEASURE_HEAD_ROLL) || !given(l, MEASURE_HEAD_ROLL_CHANGE))
		return 1;
	/* Heads tip to the left with a positive roll and eyes lie to the left with a positive
	 * side. */
	const double now = value(l, MEASURE_HEAD_ROLL),
	             then = now - value(l, MEASURE_HEAD_ROLL_CHANGE);
	return fabs(then) < tipping_deg || then * side > 0 ? 1 : fmin(1, fabs(now / then));
}

static void find_side(struct look *l)
{
	const double sigma = l->m[MEASURE_LEAN_SIDE].sigma;
	double now, then;
	yaws(l, &now, &then);
	double side = value(l, MEASURE_LEAN_SIDE) - turn_cm * (sine(now) - sine(then)) -
	              tip_cm * sine(roll_of(l));
	if (given(l, MEASURE_SHOULDER_SIDE))
		side *= leans(l, side);
	side *= straightened(l, side);
	l->d->side = side;
	l->d->side_limit = l->c->lean_side_cm + fabs(value(l, MEASURE_LEAN_SIDE)) - fabs(side);
	set(l->d, DEPART_SIDE, fabs(side) / l->c->lean_side_cm, sigma / l->c->lean_side_cm);
}

static void find_near(struct look *l)
{
	const struct measure *screen = &l->m[MEASURE_SCREEN_DISTANCE];
	double now, then, scale = 1;
	yaws(l, &now, &then);
	if (given(l, MEASURE_SCREEN_DISTANCE) && screen->sigma > ruler_sigma * screen->value) {
		const double upright = fmax(1, screen->value + value(l, MEASURE_LEAN_IN));
		scale = fmax(nearest_cm, fmin(farthest_cm, upright)) / upright;
	}
	l->d->near_scale = scale;
	l->d->near = scale * value(l, MEASURE_LEAN_IN) + turn_cm * (cosine(then) - cosine(now));
	l->d->near_sigma = scale * l->m[MEASURE_LEAN_IN].sigma;
}

/* Lower than where the backrest, or a lean to a side, takes the eyes. */
static void find_sink(struct look *l)
{
	const double back = fmax(0, -l->d->near), drop = value(l, MEASURE_EYE_DROP);
	double sink = drop - hinge_drop(back) - l->d->side * l->d->side / (2 * column_cm);
	double sigma = l->m[MEASURE_EYE_DROP].sigma;
	if (back > l->c->recline_cm && given(l, MEASURE_SHOULDER_DROP)) {
		/* Back by much, the tilt's error is in the eyes' height; the shoulders moved less
		 * far. Both have it, so that two do not know better than the better one. */
		const double shoulders = value(l, MEASURE_SHOULDER_DROP) -
		                         shoulder_share * hinge_drop(back);
		const double s = fmax(0.1, sigma), t = fmax(0.1, l->m[MEASURE_SHOULDER_DROP].sigma);
		sink = (sink / (s * s) + shoulders / (t * t)) / (1 / (s * s) + 1 / (t * t));
		sigma = fmin(s, t);
	}
	l->d->sink = sink;
	l->d->sink_sigma = sigma;
	l->d->drop_limit = l->c->slouch_drop_cm + drop - sink;
}

static void find_trunk(struct look *l)
{
	struct departure *d = l->d;
	const double drop = value(l, MEASURE_EYE_DROP), sigma = l->m[MEASURE_EYE_DROP].sigma;
	const double a = l->c->slouch_drop_cm, b = l->c->forward_head_cm;
	d->raised = -drop - l->c->raised_cm > sigma;
	const double near = d->near - (d->raised ? -drop : 0);
	const double down = fmax(0, d->sink) / a, forward = fmax(0, near) / b;
	const double ratio = hypot(down, forward);
	const double wide = hypot(d->sink_sigma / a, d->near_sigma / b);
	/* Along the way from the middle of the ellipse. */
	const double along = hypot(down * d->sink_sigma / a, forward * d->near_sigma / b);
	set(d, DEPART_TRUNK, ratio, ratio > 0 ? along / ratio : wide);
	d->near_limit = (b + d->near_scale * value(l, MEASURE_LEAN_IN) - near) / d->near_scale;
	d->near = near;
}

/* How near is too near is absolute: said where the distance was measured, not where it was
 * guessed. */
static void find_nearness(struct look *l)
{
	const struct measure *m = &l->m[MEASURE_SCREEN_DISTANCE];
	const double limit = l->c->too_close_cm;
	if (!given(l, MEASURE_SCREEN_DISTANCE) || m->value <= 0)
		return;
	const bool measured = m->sigma <= ruler_sigma * m->value;
	if (l->d->known ? measured : m->value + sure * m->sigma < limit)
		set(l->d, DEPART_NEAR, limit / m->value, limit * m->sigma / (m->value * m->value));
}

/* Beyond the limit: by more than its own uncertainty where that is as wide as the limit, or where
 * the head is turned, which every measure of a face suffers from. */
static bool is_beyond(const struct departure *d, enum departure_way way)
{
	const double excess = d->ratio[way] - 1, sigma = d->sigma[way];
	return excess > (sigma >= 1 || d->turned ? sigma : 0);
}

/* A bent trunk loads the back more than a tipped one, and sitting upright mends both: it is told
 * when it is there, else the farthest of what can be told. */
static void find_way(struct departure *d)
{
	for (int way = 0; way < DEPART_WAYS; way++) {
		const bool beyond = is_beyond(d, (enum departure_way)way);
		if (beyond == d->fault ? d->ratio[way] > d->ratio[d->way] : beyond)
			d->way = (enum departure_way)way;
		d->fault |= beyond;
	}
	d->farthest = d->ratio[d->way];
	if (is_beyond(d, DEPART_TRUNK))
		d->way = DEPART_TRUNK;
}

void departure_of(const struct posture_config *c, const struct measures *m, struct departure *d)
{
	struct look l = {c, m->m, d};
	memset(d, 0, sizeof *d);
	d->known = given(&l, MEASURE_EYE_DROP) && given(&l, MEASURE_LEAN_IN);
	const enum measure_id yaw = departure_yaw(m);
	d->turned = given(&l, yaw) && fabs(value(&l, yaw)) > departure_yaw_limit(c, m);
	find_roll(&l);
	if (given(&l, MEASURE_LEAN_SIDE))
		find_side(&l);
	if (d->known) {
		find_near(&l);
		find_sink(&l);
		find_trunk(&l);
	}
	find_nearness(&l);
	if (!given(&l, MEASURE_EYE_DROP) && given(&l, MEASURE_SHOULDER_DROP))
		set(d, DEPART_SHOULDERS,
		    fmax(0, value(&l, MEASURE_SHOULDER_DROP)) / c->slouch_drop_cm,
		    m->m[MEASURE_SHOULDER_DROP].sigma / c->slouch_drop_cm);
	find_way(d);
}
