/* The exercises, their choice and their figures. */
#include "coach/exercise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_exercises_are_well_formed(void **state)
{
	(void)state;
	static const char *const wanted[] = {
		"back-extension", "side-bend", "spinal-twist", "piriformis",
		"pelvic-tilt-wall", "ball-wall", "knee-to-chest", "pelvic-tilt",
		"piriformis-lying", "twist-lying", "back-extension-lying", "foam-roller",
		"ball-floor", "breathing", "walk", "cat-cow", "childs-pose",
		"bridge", "hip-flexor", "hamstring", "chin-tuck", "wall-angels",
		"heat", "rest", "gentle-walk",
	};
	/* The words that belong to another position. */
	static const char *const never[EXERCISE_POSITIONS][6] = {
		[EXERCISE_SITTING] = {"On your back", "Face down", "stand",
		                      "Stand", "kneel", "lie"},
		[EXERCISE_STANDING] = {"On your back", "Face down", "Sit",
		                       "sitting", "kneel", "Lie"},
		[EXERCISE_LYING] = {"Stand", "stand ", "standing", "backrest", "wall", "Sit tall"},
	};
	const struct exercise *all;
	const int count = exercises(&all);
	int moving = 0;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		assert_non_null(exercise_find(wanted[i]));
	assert_null(exercise_find("handstand"));
	for (int i = 0; i < count; i++) {
		const struct exercise *e = &all[i];
		const char *held = strstr(e->text, " seconds");
		for (int k = 0; k < i; k++)
			assert_string_not_equal(e->id, all[k].id);
		for (int k = 0; e->kind == BREAK_MOVEMENT && k < 6; k++)
			if (strstr(e->text, never[e->position][k]) != NULL)
				fail_msg("%s: %s", e->id, never[e->position][k]);
		assert_int_equal(strncmp(e->source, "ergo: ", 6), 0);
		assert_true(*e->places != '\0' && e->text[strlen(e->text) - 1] == '.');
		moving += e->kind == BREAK_MOVEMENT;
		if (e->kind == BREAK_MICRO)
			continue;
		assert_true(e->figure.count >= 1 && e->figure.count <= 2);
		assert_int_equal(held != NULL, e->hold_s > 0);
		/* ergo: hold */
		assert_true(e->hold_s == 0 || (e->hold_s >= 20 && e->hold_s <= 30));
		assert_int_equal(strstr(e->text, "change sides") != NULL, e->sides == 2);
		if (e->position == EXERCISE_LYING)
			assert_null(strchr(e->places, 'o')); /* nobody lies down in an office */
	}
	assert_true(moving >= 18);
}

static const struct exercise *next(const struct exercise_wish *w, struct exercise_memory *m,
                                   int64_t now_ms)
{
	const struct exercise *e = exercise_choose(w, m);
	assert_non_null(e);
	assert_true(exercise_fits(e, w));
	exercise_offered(m, e, now_ms);
	return e;
}

static void test_exercises_take_turns(void **state)
{
	(void)state;
	static const char *const places[] = { "office", "home", "floor", "nowhere" };
	const struct exercise *all;
	const int count = exercises(&all);
	for (size_t p = 0; p < sizeof places / sizeof *places; p++)
		for (int k = 0; k < BREAK_KINDS; k++) {
			const struct exercise_wish wish = {(enum break_kind)k, places[p], {0}, 14};
			struct exercise_memory m = {0};
			const struct exercise *seen[EXERCISES_MAX];
			int fitting = 0;
			for (int i = 0; i < count; i++)
				fitting += exercise_fits(&all[i], &wish);
			assert_true(fitting >= 2);
			for (int i = 0; i < fitting; i++) { /* each once before any again */
				seen[i] = next(&wish, &m, 1000 + i);
				for (int j = 0; j < i; j++)
					assert_ptr_not_equal(seen[i], seen[j]);
			}
			assert_ptr_equal(next(&wish, &m, 2000), seen[0]);
			/* What was done rests longer than what was only offered. */
			exercise_done(&m, seen[1], 2001);
			assert_ptr_equal(next(&wish, &m, 2002), seen[fitting > 2 ? 2 : 0]);
		}
}

/* What was done rests for half a day, as if it had been offered then. */
static void test_what_was_done_rests(void **state)
{
	(void)state;
	const int64_t hour_ms = 3600000;
	const struct exercise_wish wish = {BREAK_MOVEMENT, "home", {0}, 14};
	const struct exercise *all;
	const int count = exercises(&all);
	for (int hours = 11; hours <= 13; hours += 2) {
		struct exercise_memory m = {0};
		const struct exercise *done = exercise_choose(&wish, &m);
		exercise_done(&m, done, hour_ms);
		for (int i = 0; i < count; i++)
			if (&all[i] != done)
				exercise_offered(&m, &all[i], (1 + hours) * hour_ms);
		if ((exercise_choose(&wish, &m) == done) != (hours > 12))
			fail_msg("%d hours", hours);
	}
}

/* Of those that are equally long ago the first, and one that needs no thing before those that
 * do. */
static void test_the_plainest_comes_first(void **state)
{
	(void)state;
	const struct exercise_wish wish = {BREAK_MOVEMENT, "home", {0}, 14};
	const struct exercise *all;
	const int count = exercises(&all);
	int pairs = 0;
	for (int i = 0; i < count; i++)
		for (int k = i + 1; k < count; k++) {
			if (!exercise_fits(&all[i], &wish) || !exercise_fits(&all[k], &wish))
				continue;
			struct exercise_memory m = {0};
			for (int n = 0; n < count; n++)
				if (n != i && n != k)
					exercise_offered(&m, &all[n], 1000);
			const bool second = (all[i].flags & EX_NEEDS) && !(all[k].flags & EX_NEEDS);
			assert_ptr_equal(exercise_choose(&wish, &m), &all[second ? k : i]);
			pairs += second;
		}
	assert_true(pairs > 0);
}

static void test_exercises_fit(void **state)
{
	(void)state;
	static const struct {
		const char *id, *place;
		struct care care;
		int hour;
		bool fits;
	} rows[] = {
		{ "knee-to-chest", "home", { 0 }, 14, true },
		{ "knee-to-chest", "home", { 0 }, 8, false },   /* ergo: morning */
		{ "knee-to-chest", "home", { 0 }, 9, true },
		{ "knee-to-chest", "office", { 0 }, 14, false },
		{ "side-bend", "office", { 0 }, 7, true },
		{ "back-extension", "office", { CARE_NOTHING, 3 }, 14, true },
		/* moderate: the gentle ones */
		{ "back-extension", "office", { CARE_NOTHING, 4 }, 14, false },
		{ "side-bend", "office", { CARE_NOTHING, 5 }, 14, true },
		{ "side-bend", "office", { CARE_LASTING, 2 }, 14, true },       /* goes on moving */
		{ "side-bend", "office", { CARE_SOON, 2 }, 14, true },
		{ "side-bend", "office", { CARE_SEVERE, 8 }, 14, false },
		{ "side-bend", "office", { CARE_URGENT, 0 }, 14, false },
		{ "gentle-walk", "office", { CARE_URGENT, 0 }, 14, true },
		{ "gentle-walk", "office", { CARE_EMERGENCY, 0 }, 14, true },
		{ "gentle-walk", "office", { 0 }, 14, false },
		{ "rest", "home", { CARE_SEVERE, 8 }, 14, true },
		{ "rest", "home", { 0 }, 14, false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct exercise_wish wish = {BREAK_MOVEMENT, rows[i].place,
		                                   rows[i].care, rows[i].hour};
		if (exercise_fits(exercise_find(rows[i].id), &wish) != rows[i].fits)
			fail_msg("row %zu: %s", i, rows[i].id);
	}
	/* Whatever the state, there is something, at any hour. */
	for (int reason = CARE_NOTHING; reason <= CARE_EMERGENCY; reason++)
		for (int hour = 0; hour < 24; hour++)
			for (int k = 0; k < BREAK_KINDS; k++) {
				const struct exercise_wish w = {(enum break_kind)k, "office",
				                                {(enum care_reason)reason, 10},
				                                hour};
				const struct exercise_memory m = {0};
				const struct exercise *e = exercise_choose(&w, &m);
				assert_non_null(e);
				assert_true(!care_gentle(w.care.reason) || (e->flags & EX_CALM));
			}
}

/* Anatomy: joints bend the way they do, feet stay on the floor, nothing sinks below it. */
static void test_figures(void **state)
{
	(void)state;
	const struct exercise *all;
	const int count = exercises(&all);
	for (int i = 0; i < count; i++) {
		const struct figure *f = &all[i].figure;
		for (int k = 0; k <= 4 && f->count > 0; k++) {
			const struct figure_pose p = figure_between(f, k / 4.0);
			struct figure_shape shapes[FIGURE_SHAPES_MAX];
			const int drawn = figure_shapes(f, &p, shapes);
			double lowest = 1;
			assert_true(drawn >= 8 && drawn <= FIGURE_SHAPES_MAX);
			for (int s = 0; s < drawn; s++) {
				assert_true(shapes[s].width > 0 && shapes[s].points >= 1 &&
				            shapes[s].points <= 3);
				for (int n = 0; n < shapes[s].points; n++) {
					assert_true(fabs(shapes[s].x[n]) < 1.2 &&
					            fabs(shapes[s].y[n]) < 1.2);
					if (shapes[s].ink == FIGURE_INK_BODY)
						lowest = fmin(lowest,
						              shapes[s].y[n] - shapes[s].width / 2);
				}
			}
			if (!(f->props & FIGURE_MAT) && !(lowest > -0.02))
				fail_msg("%s: sinks by %.3f", all[i].id, -lowest);
			if (f->front)
				continue;
			/* A knee bends backward only, by 160 degrees at most; an elbow forward. */
			for (int limb = FIGURE_THIGH; limb <= FIGURE_FAR_THIGH; limb += 3) {
				const int bend = (p.angle[limb + 1] - p.angle[limb] + 720) % 360;
				if (bend > 170 && bend < 355)
					fail_msg("%s: knee at %d", all[i].id, bend);
			}
		}
	}
}

/* What parts limbs from each other is drawn in the ground's colour, and would cut from the front
 * what hangs beside the trunk; a leg that lies before the other is parted from it. What moves has
 * the same shapes all the time. */
static void test_only_what_lies_before_is_parted(void **state)
{
	static const struct { const char *id; int halos; } rows[] = {
		{"shoulders-down", 2}, {"reach", 2}, {"side-bend", 2}, {"piriformis", 4},
		{"piriformis-lying", 4},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct figure *f = &exercise_find(rows[i].id)->figure;
		for (int k = 0; k <= 4; k++) {
			struct figure_shape shapes[FIGURE_SHAPES_MAX], trunk = {0};
			const struct figure_pose p = figure_between(f, k / 4.0);
			const int drawn = figure_shapes(f, &p, shapes);
			int halos = 0;
			for (int s = 0; s < drawn; s++) {
				const struct figure_shape *h = &shapes[s];
				trunk = h->points == 3 ? *h : trunk;
				if (h->ink != FIGURE_INK_HALO)
					continue;
				halos++;
				for (int n = 0; n < 2 && rows[i].halos == 2; n++)
					assert_true(fabs(h->x[n] - trunk.x[2]) >
					            (h->width + trunk.width) / 2 ||
					            h->y[n] > trunk.y[2]);
			}
			assert_int_equal(halos, rows[i].halos);
		}
	}
}

/* free() it. */
static char *drawn(const struct figure *f, enum figure_style style)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	assert_non_null(to);
	assert_int_equal(figure_svg(f, style, to), f->count > 0);
	fclose(to);
	return text;
}

static void test_figure_as_svg(void **state)
{
	(void)state;
	const struct exercise *e = exercise_find("side-bend");
	char *still = drawn(&e->figure, FIGURE_STILL), *moving = drawn(&e->figure, FIGURE_MOVING);
	assert_true(strlen(still) > 500);
	assert_non_null(strstr(still, "</svg>"));
	assert_null(strstr(still, "<animate"));
	assert_non_null(strstr(moving, "<animate"));
	/* Qt draws whatever it does not know to be a definition. */
	assert_non_null(strstr(still, "<defs><clipPath "));
	assert_non_null(strstr(still, "</clipPath></defs>"));
	free(still);
	free(moving);
	still = drawn(&exercise_find("blink")->figure, FIGURE_STILL);
	assert_string_equal(still, "");
	free(still);
}

static void test_figures_fit_their_square(void **state)
{
	(void)state;
	const struct exercise *all;
	const int count = exercises(&all);
	const double side = 200, margin = 10;
	for (int i = 0; i < count; i++) {
		const struct figure *f = &all[i].figure;
		if (f->count == 0)
			continue;
		const struct figure_view v = figure_fit(f, side, margin);
		for (int k = 0; k < f->count; k++) {
			struct figure_shape shapes[FIGURE_SHAPES_MAX];
			const int drawn = figure_shapes(f, &f->poses[k], shapes);
			for (int s = 0; s < drawn; s++)
				for (int n = 0; n < shapes[s].points &&
				     shapes[s].ink == FIGURE_INK_BODY; n++) {
					const double x = v.x + v.scale * shapes[s].x[n];
					const double y = v.y - v.scale * shapes[s].y[n];
					if (fmin(x, y) < margin || fmax(x, y) > side - margin)
						fail_msg("%s: a limb at %.0f, %.0f",
						         all[i].id, x, y);
				}
		}
	}
}

static void test_a_figure_rests_at_both_ends(void **state)
{
	(void)state;
	assert_true(figure_share(0) == 0 && figure_share(1) == 0 && figure_share(8.5) == 0);
	assert_true(figure_share(2) > 0.3 && figure_share(2) < 0.7);
	assert_true(figure_share(3.3) == 1 && figure_share(5.9) == 1);
	double last = 0;
	for (double t = 0; t < 16; t += 0.05) {
		const double share = figure_share(t);
		/* it never jumps */
		assert_true(share >= 0 && share <= 1 && fabs(share - last) < 0.06);
		last = share;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exercises_are_well_formed),
		cmocka_unit_test(test_exercises_take_turns),
		cmocka_unit_test(test_what_was_done_rests),
		cmocka_unit_test(test_the_plainest_comes_first),
		cmocka_unit_test(test_exercises_fit),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_only_what_lies_before_is_parted),
		cmocka_unit_test(test_figure_as_svg),
		cmocka_unit_test(test_figures_fit_their_square),
		cmocka_unit_test(test_a_figure_rests_at_both_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
