#include "posture/nobody.h"

#include <math.h>

/* "About 1.5 m", less what a distance by a guessed lens wavers. */
static const double far_cm = 140;

/* Seated people sway by 2 to 5 mm and breathe in seconds; eyes are 63 mm apart, so that 3 % of it
 * is 2 mm. A mesh on a still picture wavers by a third of a pixel of the 20 and more between eyes
 * that are found. */
static const double still_share = 0.03;
static const double still_s = 180;
enum { STILL_LOOKS = 12 };
/* Nobody looked for so long: whoever it was may have come and gone. */
static const double unseen_s = 120;

bool face_is_far(const struct measures *m)
{
	const struct measure *distance = &m->m[MEASURE_EYE_DISTANCE];
	return distance->valid && distance->value > far_cm;
}

bool face_is_still(struct stillness *s, double seconds, const struct face_place *now)
{
	const double most = still_share * s->place.apart, gap = seconds - s->last;
	const bool same = s->looks > 0 && gap >= 0 && gap <= unseen_s &&
	                  hypot(now->x - s->place.x, now->y - s->place.y) <= most &&
	                  fabs(now->apart - s->place.apart) <= most;
	if (!same)
		*s = (struct stillness){.since = seconds, .place = *now};
	s->last = seconds;
	s->looks++;
	return s->looks >= STILL_LOOKS && seconds - s->since >= still_s;
}
