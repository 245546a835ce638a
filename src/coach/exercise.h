/* The exercises, and which one next. Pure. */
#ifndef UNKNOT_COACH_EXERCISE_H
#define UNKNOT_COACH_EXERCISE_H

#include "breaks/breaks.h"
#include "coach/care.h"
#include "coach/figure.h"

enum exercise_position { EXERCISE_SITTING, EXERCISE_STANDING, EXERCISE_LYING, EXERCISE_POSITIONS };
enum exercise_part { PART_LOWER_BACK, PART_HIPS, PART_BUTTOCKS, PART_LEGS,
                     PART_CHEST, PART_NECK, PART_WHOLE_BODY,
                     EXERCISE_PARTS };
enum exercise_flag { EX_FLEXES = 1, EX_GENTLE = 2, EX_CALM = 4, EX_NEEDS = 8 };

struct exercise {
	const char *id;         /* "side-bend": also its icon, io.github.unknot.ID */
	const char *name, *text; /* to be translated: _() */
	const char *source;
	enum break_kind kind;
	enum exercise_position position;
	enum exercise_part part;
	const char *places;     /* letters of o(ffice), h(ome), f(loor) */
	unsigned flags;
	int hold_s, sides;
	struct figure figure;   /* count 0: none */
};
int exercises(const struct exercise **);
const struct exercise *exercise_find(const char *id); /* NULL: no such */
const char *exercise_part_name(enum exercise_part);         /* "lower back", translated */
const char *exercise_position_name(enum exercise_position); /* "sitting", translated */

/* When each was offered and done last, ms since the Unix epoch, in the order of exercises(). 0:
 * never. */
enum { EXERCISES_MAX = 48 };
struct exercise_memory {
	int64_t offered_ms[EXERCISES_MAX], done_ms[EXERCISES_MAX];
};

struct exercise_wish {
	enum break_kind kind;
	const char *place;      /* "office", "home", "floor"; anything else is an office */
	struct care care;
	int hour;               /* of the local day, 0-23 */
};

enum { EXERCISE_MORNING_ENDS = 9 }; /* local hour */

/* Does it fit now? After a red flag or with severe pain only what is calm does; with moderate pain
 * what is gentle; before EXERCISE_MORNING_ENDS nothing that bends the back forward (ergo:
 * morning). */
bool exercise_fits(const struct exercise *, const struct exercise_wish *);
/* Of those that fit, the one that was offered longest ago, one that was done counting as offered
 * half a day later than it was; of those never offered, what needs nothing comes first, then the
 * table's order. NULL when none fits, which does not happen for the kinds there are. */
const struct exercise *exercise_choose(const struct exercise_wish *,
                                       const struct exercise_memory *);
void exercise_offered(struct exercise_memory *, const struct exercise *, int64_t now_ms);
void exercise_done(struct exercise_memory *, const struct exercise *, int64_t now_ms);

#endif
