/* The exercise of a break that runs, as far as looks that are seconds apart can follow it. Pure.
 *
 * Only what is held: five rolls of the shoulders lie between two looks. The upright beginning that
 * a stretch is compared with (stretch.h) is what was last seen before the break, so that who is
 * bent by the first look of it is not taken for upright; where nobody was seen then, two looks that
 * agree. */
#ifndef UNKNOT_COACH_DOING_H
#define UNKNOT_COACH_DOING_H

#include "coach/exercise.h"
#include "coach/stretch.h"

/* A hold is believed over the time between two looks that both see it, when they are no farther
 * apart: the pace's are 3 s apart, and 5 once its credit is spent (daemon/pace.h); 1 for a picture
 * that took longer. */
#define DOING_STEP_S 6.0
/* What was last seen before a break is believed for so long: the longest interval between looks (30
 * s), and one look. */
#define DOING_FRESH_S 45.0

struct doing {
	const struct exercise *exercise; /* that is followed; NULL: none, or it cannot be */
	struct stretch stretch;
	struct stretch_view last;        /* of the last look */
	bool looked;                     /* there was one */
};

/* Follows this one from now on, anew unless it does already; NULL: none. */
void doing_begin(struct doing *, const struct exercise *, double seconds);
/* A look, also while nothing is followed. */
void doing_look(struct doing *, const struct stretch_view *);
/* The pose is held now. */
bool doing_holds(const struct doing *);
/* Whether it is held can be told: there is something to follow, and enough of the person in the
 * picture. */
bool doing_tells(const struct doing *);
/* Another look now tells more. */
bool doing_waits(const struct doing *);

#endif
