#include "daemon/exposure.h"

#include <math.h>

/* Two pictures in a row as bright as each other to this share. Chosen, not measured. */
static const double rest_share = 0.02;
/* A person who moves before a wall of another brightness changes the mean by some percent, and so
 * little is nothing to the networks. */
static const double known_share = 0.1;
/* Daylight comes and goes; a camera that begins with the same exposure each time would follow it
 * only when it is let. */
static const double known_for_s = 3600;
/* Half black or half white is what an exposure that swings passes through: not to be remembered. */
static const double extreme_share = 0.5;

void exposure_init(struct exposure *e)
{
	*e = (struct exposure){.known = -1, .before = -1};
}

void exposure_start(struct exposure *e, double now_s, bool doubted)
{
	const double age = now_s - e->known_at;
	e->before = -1;
	if (doubted || !(age >= 0 && age < known_for_s))
		e->known = -1;
}

static bool is_near(double value, double to, double share)
{
	return to >= 0 && fabs(value - to) <= share * to;
}

bool exposure_rests(struct exposure *e, double now_s, const struct luma_statistics *luma)
{
	const bool blocked = luma_is_blocked(luma),
	           rests = is_near(luma->mean, e->before, rest_share);
	e->before = luma->mean;
	if (blocked) /* some cameras begin with black pictures, each as black as the one before */
		return false;
	if (rests && luma->dark_share <= extreme_share && luma->bright_share <= extreme_share) {
		e->known = luma->mean;
		e->known_at = now_s;
	}
	return rests || is_near(luma->mean, e->known, known_share);
}
