#include "geometry/filter.h"

#include <math.h>
#include <string.h>

/* Silence after which a person may sit anywhere. */
static const double forget_s = 60;

/* The share of a measure's sigma that changes from picture to picture. On the rendered clips two
 * pictures of one posture differ by a fifth to a half of the sigma that covers the truth. */
static const double noise_share = 0.4;

/* Sway while sitting still, in units of the noise, per root of a second: seated sway of the head is
 * some 2 to 5 mm over seconds (as of a quiet trunk), the noise of the eyes' place about as much. */
static const double sway = 1;

/* Beyond this many standard deviations of what was foreseen they have moved (0.3 % of looks
 * otherwise). */
static const double moved = 3;

static void step(struct measure_filter *f, int id, double dt, struct measure *m)
{
	const double noise = noise_share * m->sigma, r = noise * noise;
	const double foreseen = f->state[id].variance + sway * sway * r * dt;
	const double surprise = m->value - f->state[id].value;
	double value = m->value, variance = r;
	if (f->state[id].valid && surprise * surprise <= moved * moved * (foreseen + r)) {
		const double gain = r > 0 ? foreseen / (foreseen + r) : 1;
		value = f->state[id].value + gain * surprise;
		variance = gain * r;
	}
	f->state[id].value = value;
	f->state[id].variance = variance;
	f->state[id].valid = true;
	m->value = value;
	m->sigma = sqrt(fmax(m->sigma * m->sigma - r + variance, 0));
}

void measure_filter_step(struct measure_filter *f, double seconds, struct measures *m)
{
	const double dt = seconds - f->seconds;
	if (!(dt >= 0 && dt <= forget_s))
		memset(f, 0, sizeof *f);
	f->seconds = seconds;
	for (int id = 0; id < MEASURE_COUNT; id++) {
		if (m->m[id].valid)
			step(f, id, dt, &m->m[id]);
		else
			f->state[id].valid = false;
	}
}
