#include "coach/stretch.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define STILL_S 2.0
#define STILL_WIDTHS 0.12       /* moving less than this is still */
#define STEP_MAX_S 1.0
#define FORGIVEN_S 0.5

/* What counts as the pose. Chosen, so that a stiff back reaches it; no pictures of people doing the
 * stretches were there to fit them on. */
#define BEND_DEG 12.0           /* of the line of the shoulders */
#define OVERHEAD_WIDTHS 0.35    /* wrists over the nose: beyond the crown of the head */
#define TWIST_COS 0.82          /* width left of the shoulders' line: 35 deg */
#define TUCK_SHARE 0.05         /* ears nearer to each other: the head goes back */
#define EXTEND_WIDTHS 0.10      /* nose over where it was against the ears: looking up */
#define EXTEND_SHARE 0.04       /* shoulders smaller: the trunk goes back */
#define ROLL_UP_WIDTHS 0.08
#define ROLL_DOWN_WIDTHS 0.03

static const struct {
	const char *name, *exercise, *text, *right; /* `right`: of the person's
	                                             * right side, else NULL */
} kinds[] = {
	[STRETCH_SIDE_BEND] = {"side-bend", "side-bend",
	                       N_("Bend to your left, the right arm overhead"),
	                       N_("Bend to your right, the left arm overhead")},
	[STRETCH_OVERHEAD] = {"overhead", "reach", N_("Reach both hands overhead and grow long"),
	                      NULL},
	[STRETCH_EXTENSION] = {"extension", "back-extension",
	                       N_("Hands on the small of your back, lean back and look up"), NULL},
	[STRETCH_CHIN_TUCK] = {"chin-tuck", "chin-tuck",
	                       N_("Draw your chin straight back, shoulders still"), NULL},
	[STRETCH_ROLLS] = {"rolls", "shoulder-rolls",
	                   N_("Roll your shoulders: up, back and down, slowly"), NULL},
	[STRETCH_TWIST] = {"twist", "spinal-twist",
	                   N_("Turn your trunk to your left, sitting tall"),
	                   N_("Turn your trunk to your right, sitting tall")},
};

const char *stretch_name(enum stretch_kind kind)
{
	return kinds[kind].name;
}

const char *stretch_text(enum stretch_kind kind, int side)
{
	return _(side < 0 && kinds[kind].right != NULL ? kinds[kind].right : kinds[kind].text);
}

const char *stretch_exercise(enum stretch_kind kind)
{
	return kinds[kind].exercise;
}

bool stretch_find(const char *name, enum stretch_kind *kind)
{
	for (int k = 0; k < STRETCH_KINDS; k++)
		if (strcmp(name, kinds[k].name) == 0 || strcmp(name, kinds[k].exercise) == 0) {
			*kind = (enum stretch_kind)k;
			return true;
		}
	return false;
}

bool stretch_has_sides(enum stretch_kind kind)
{
	return kinds[kind].right != NULL;
}

void stretch_init(struct stretch *s, enum stretch_kind kind, double hold_s)
{
	memset(s, 0, sizeof *s);
	s->kind = kind;
	s->hold_s = hold_s;
	s->step_s = STEP_MAX_S;
	s->side = stretch_has_sides(kind) ? 1 : 0;
	s->since = (double)NAN;
}

/* ---- what a view says ---- */

static double width(const struct stretch_view *v)
{
	return hypot(v->left_shoulder.x - v->right_shoulder.x,
	             v->left_shoulder.y - v->right_shoulder.y);
}

static struct stretch_point middle(const struct stretch_point *a, const struct stretch_point *b)
{
	return (struct stretch_point){(a->x + b->x) / 2, (a->y + b->y) / 2, a->seen && b->seen};
}

/* The left shoulder lower: bent to the person's left, which is at the picture's right. */
static double bend_deg(const struct stretch_view *v)
{
	const double degree = 57.29577951308232;
	return degree * atan2(v->left_shoulder.y - v->right_shoulder.y,
	                      v->left_shoulder.x - v->right_shoulder.x);
}

/* Without the wrists, which only some stretches look at. */
static bool enough(const struct stretch_view *v, enum stretch_kind kind)
{
	const bool head = v->nose.seen && v->left_ear.seen && v->right_ear.seen;
	const bool needs_head = kind == STRETCH_CHIN_TUCK || kind == STRETCH_EXTENSION ||
	                        kind == STRETCH_ROLLS;
	return v->left_shoulder.seen && v->right_shoulder.seen && (head || !needs_head) &&
	       width(v) > 0.02;
}

/* ---- how much of the pose is there ---- */

static double reach_bend(const struct stretch *s, const struct stretch_view *v)
{
	return s->side * (bend_deg(v) - bend_deg(&s->start)) / BEND_DEG;
}

/* Wrists may leave the picture at its top: what is not seen is then not held against anybody, as
 * long as one is seen there. */
static double reach_overhead(const struct stretch *s, const struct stretch_view *v)
{
	const double w = width(&s->start);
	const double left = (v->nose.y - v->left_wrist.y) / w,
	             right = (v->nose.y - v->right_wrist.y) / w;
	if (!v->nose.seen || (!v->left_wrist.seen && !v->right_wrist.seen))
		return 0;
	const double least = !v->left_wrist.seen ? right
	                     : !v->right_wrist.seen ? left : fmin(left, right);
	return least / OVERHEAD_WIDTHS;
}

static double reach_extension(const struct stretch *s, const struct stretch_view *v)
{
	const struct stretch_view *a = &s->start;
	const double w = width(a);
	const double rise_before = middle(&a->left_ear, &a->right_ear).y - a->nose.y;
	const double rise = middle(&v->left_ear, &v->right_ear).y - v->nose.y;
	const double up = (rise - rise_before) / w / EXTEND_WIDTHS;
	const double back = (1 - width(v) / w) / EXTEND_SHARE;
	return fmin(up, back);
}

static double reach_tuck(const struct stretch *s, const struct stretch_view *v)
{
	const struct stretch_view *a = &s->start;
	const double ears = hypot(v->left_ear.x - v->right_ear.x, v->left_ear.y - v->right_ear.y);
	const double before = hypot(a->left_ear.x - a->right_ear.x, a->left_ear.y - a->right_ear.y);
	/* The whole body going back makes both smaller: against the shoulders it is the head
	 * alone. */
	const double smaller = before > 0 ? 1 - ears / before / (width(v) / width(a)) : 0;
	return smaller / TUCK_SHARE;
}

static double reach_twist(const struct stretch *s, const struct stretch_view *v)
{
	const double narrow = (1 - width(v) / width(&s->start)) / (1 - TWIST_COS);
	/* Turned to the left, the left shoulder goes away from the camera. */
	return s->side * (v->depth - s->start.depth) > 0 ? narrow : 0;
}

static double reach_of(const struct stretch *s, const struct stretch_view *v)
{
	switch (s->kind) {
	case STRETCH_SIDE_BEND: return reach_bend(s, v);
	case STRETCH_OVERHEAD: return reach_overhead(s, v);
	case STRETCH_EXTENSION: return reach_extension(s, v);
	case STRETCH_CHIN_TUCK: return reach_tuck(s, v);
	case STRETCH_TWIST: return reach_twist(s, v);
	case STRETCH_ROLLS: break;
	case STRETCH_KINDS: break;
	}
	const double gap = middle(&v->left_shoulder, &v->right_shoulder).y -
	                   middle(&v->left_ear, &v->right_ear).y;
	const double before = middle(&s->start.left_shoulder, &s->start.right_shoulder).y -
	                      middle(&s->start.left_ear, &s->start.right_ear).y;
	return (before - gap) / width(&s->start) / ROLL_UP_WIDTHS;
}

/* ---- time ---- */

static bool still(const struct stretch_view *a, const struct stretch_view *b)
{
	const struct stretch_point p = middle(&a->left_shoulder, &a->right_shoulder);
	const struct stretch_point q = middle(&b->left_shoulder, &b->right_shoulder);
	return hypot(p.x - q.x, p.y - q.y) < STILL_WIDTHS * width(a);
}

static enum stretch_event wait_for_still(struct stretch *s, const struct stretch_view *v)
{
	if (isnan(s->since) || !still(&s->start, v) || v->seconds < s->since) {
		s->start = *v;
		s->since = v->seconds;
		return STRETCH_NOTHING;
	}
	if (v->seconds - s->since < STILL_S)
		return STRETCH_NOTHING;
	s->start = *v;
	s->since = v->seconds;
	s->begun = true;
	return STRETCH_BEGIN;
}

static enum stretch_event finish_side(struct stretch *s)
{
	if (s->side > 0) {
		s->side = -1;
		s->held_s = s->stray_s = 0;
		s->held = false;
		return STRETCH_OTHER_SIDE;
	}
	s->done = true;
	return STRETCH_DONE;
}

static enum stretch_event step_rolls(struct stretch *s)
{
	if (!s->raised && s->reach >= 1) {
		s->raised = true;
		return STRETCH_HELD;
	}
	if (s->raised && s->reach < ROLL_DOWN_WIDTHS / ROLL_UP_WIDTHS) {
		s->raised = false;
		if (++s->rolls >= STRETCH_ROLLS_WANTED)
			return finish_side(s);
		return STRETCH_LOST;
	}
	return STRETCH_NOTHING;
}

static enum stretch_event step_hold(struct stretch *s, double dt)
{
	if (s->reach >= 1) {
		const bool was = s->held;
		/* The time since the last step was held only if the pose was there at its beginning
		 * too. */
		if (was && s->stray_s == 0)
			s->held_s += dt;
		s->held = true;
		s->stray_s = 0;
		if (s->held_s >= s->hold_s)
			return finish_side(s);
		return was ? STRETCH_NOTHING : STRETCH_HELD;
	}
	s->stray_s += dt;
	if (!s->held || s->stray_s <= FORGIVEN_S)
		return STRETCH_NOTHING;
	s->held = false;
	return STRETCH_LOST;
}

void stretch_start(struct stretch *s, const struct stretch_view *v)
{
	if (!enough(v, s->kind))
		return;
	s->start = *v;
	s->since = v->seconds;
	s->begun = s->seen = true;
}

enum stretch_event stretch_step(struct stretch *s, const struct stretch_view *v)
{
	s->seen = enough(v, s->kind);
	if (s->done)
		return STRETCH_NOTHING;
	if (!s->begun)
		return s->seen ? wait_for_still(s, v) : STRETCH_NOTHING;
	const double dt = fmin(fmax(v->seconds - s->since, 0), s->step_s);
	s->since = v->seconds;
	s->reach = s->seen ? reach_of(s, v) : 0;
	return s->kind == STRETCH_ROLLS ? step_rolls(s) : step_hold(s, dt);
}

double stretch_progress(const struct stretch *s)
{
	if (s->done)
		return 1;
	if (s->kind == STRETCH_ROLLS)
		return (double)s->rolls / STRETCH_ROLLS_WANTED;
	const double one = s->hold_s > 0 ? fmin(1, s->held_s / s->hold_s) : 0;
	if (!stretch_has_sides(s->kind))
		return one;
	return (one + (s->side < 0)) / 2;
}

/* ---- the target ---- */

void stretch_target(const struct stretch *s, struct stretch_view *t)
{
	const double radian = 0.017453292519943295;
	const struct stretch_point m = middle(&s->start.left_shoulder, &s->start.right_shoulder);
	double w = width(&s->start), angle = bend_deg(&s->start) * radian, up = 0, aside = 0;
	memset(t, 0, sizeof *t);
	if (!s->begun)
		return;
	switch (s->kind) {
	case STRETCH_SIDE_BEND:
		angle += s->side * BEND_DEG * radian;
		aside = s->side * 0.25 * w;
		break;
	case STRETCH_TWIST: w *= TWIST_COS; break;
	case STRETCH_EXTENSION: w *= 1 - EXTEND_SHARE; break;
	case STRETCH_ROLLS: up = s->raised ? 0 : ROLL_UP_WIDTHS * w; break;
	case STRETCH_OVERHEAD:
		t->left_wrist = (struct stretch_point){m.x + w / 3, s->start.nose.y - w * 0.5,
		                                       true};
		t->right_wrist = (struct stretch_point){m.x - w / 3, s->start.nose.y - w * 0.5,
		                                        true};
		break;
	case STRETCH_CHIN_TUCK: case STRETCH_KINDS: break;
	}
	const double dx = cos(angle) * w / 2, dy = sin(angle) * w / 2;
	t->left_shoulder = (struct stretch_point){m.x + aside + dx, m.y - up + dy, true};
	t->right_shoulder = (struct stretch_point){m.x + aside - dx, m.y - up - dy, true};
}

void stretch_words(const struct stretch *s, char *text, size_t size)
{
	const char *what = stretch_text(s->kind, s->side);
	if (s->done)
		snprintf(text, size, "%s", _("Done. Breathe, and let go."));
	else if (!s->seen)
		snprintf(text, size, "%s",
		         _("Sit where the camera sees your head and both shoulders."));
	else if (!s->begun)
		snprintf(text, size, "%s", _("Be upright and still for a moment."));
	else if (s->kind == STRETCH_ROLLS)
		snprintf(text, size, _("%s: %d of %d."), what, s->rolls, STRETCH_ROLLS_WANTED);
	else if (s->held)
		snprintf(text, size, _("Hold, and breathe: %.0f s more."),
		         fmax(0, ceil(s->hold_s - s->held_s)));
	else
		snprintf(text, size, "%s.", what);
}
