#include "coach/exercise.h"

#include "base/text.h"

#include <string.h>

enum { SIDE = false, FRONT = true };
static const int64_t done_rests_ms = 12 * 3600 * INT64_C(1000);

#define POSE(...) {{__VA_ARGS__}, {0}}
#define POSE_OF(a, b, c, d, e, f, g, h, i, j, k, l, m, n, ...) \
	{{a, b, c, d, e, f, g, h, i, j, k, l, m, n}, {__VA_ARGS__}}
#define FIGURE(view, props, ...) \
	{view, props, sizeof (struct figure_pose[]){__VA_ARGS__} / sizeof(struct figure_pose), \
	 {__VA_ARGS__}}
#define FIGURE_NONE {0}
static const struct exercise table[] = {
#define EXERCISE(id, name, kind, position, places, part, flags, hold, sides, text, source, ...) \
	{id, name, text, source, BREAK_##kind, EXERCISE_##position, PART_##part, places, flags, \
	 hold, \
	 sides, __VA_ARGS__},
#include "coach/exercises.inc"
#undef EXERCISE
};

enum { COUNT = sizeof table / sizeof table[0] };
_Static_assert((int)COUNT <= (int)EXERCISES_MAX, "room for what is remembered of each");

int exercises(const struct exercise **all)
{
	*all = table;
	return COUNT;
}

const struct exercise *exercise_find(const char *id)
{
	for (int i = 0; i < COUNT; i++)
		if (strcmp(table[i].id, id) == 0)
			return &table[i];
	return NULL;
}

const char *exercise_part_name(enum exercise_part part)
{
	static const char *const names[EXERCISE_PARTS] = {
		N_("lower back"), N_("hips"), N_("buttocks"), N_("legs"),
		N_("chest and shoulders"), N_("neck"),
		N_("whole body"),
	};
	return _(names[part]);
}

const char *exercise_position_name(enum exercise_position position)
{
	static const char *const names[EXERCISE_POSITIONS] =
		{N_("sitting"), N_("standing"), N_("on the floor")};
	return _(names[position]);
}

bool exercise_fits(const struct exercise *e, const struct exercise_wish *w)
{
	const char letter = strcmp(w->place, "home") == 0 ? 'h'
	                    : strcmp(w->place, "floor") == 0 ? 'f' : 'o';
	unsigned needed = 0;
	if (e->kind != w->kind || strchr(e->places, letter) == NULL)
		return false;
	if (care_gentle(w->care.reason))
		needed = EX_CALM;
	else if (w->care.level >= CARE_MODERATE_LEVEL)
		needed = EX_GENTLE;
	if ((e->flags & needed) != needed)
		return false;
	/* The gentle walk is for those who can do nothing else. */
	if ((e->flags & EX_CALM) && e->kind == BREAK_MOVEMENT && needed != EX_CALM)
		return false;
	return !(e->flags & EX_FLEXES) || w->hour >= EXERCISE_MORNING_ENDS;
}

static int64_t last(const struct exercise_memory *m, int i)
{
	const int64_t done = m->done_ms[i] > 0 ? m->done_ms[i] + done_rests_ms : 0;
	return done > m->offered_ms[i] ? done : m->offered_ms[i];
}

const struct exercise *exercise_choose(const struct exercise_wish *w,
                                       const struct exercise_memory *m)
{
	int best = -1;
	for (int i = 0; i < COUNT; i++) {
		if (!exercise_fits(&table[i], w))
			continue;
		const bool plainer = best >= 0 && last(m, i) == last(m, best) &&
		                     (table[best].flags & EX_NEEDS) && !(table[i].flags & EX_NEEDS);
		if (best < 0 || last(m, i) < last(m, best) || plainer)
			best = i;
	}
	return best >= 0 ? &table[best] : NULL;
}

void exercise_offered(struct exercise_memory *m, const struct exercise *e, int64_t now_ms)
{
	m->offered_ms[e - table] = now_ms;
}

void exercise_done(struct exercise_memory *m, const struct exercise *e, int64_t now_ms)
{
	m->done_ms[e - table] = now_ms;
}
