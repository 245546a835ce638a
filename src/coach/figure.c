#include "coach/figure.h"

#include "base/svg.h"

#include <math.h>

#define PI 3.14159265358979323846

/* In body heights (Drillis & Contini 1966); the trunk's two parts and the head's are this program's
 * own. */
static const double lumbar = 0.120, thorax = 0.168, neck = 0.105, head = 0.115, nose = 0.066;
static const double upper_arm = 0.186, forearm = 0.165, thigh = 0.245, shank = 0.246, foot = 0.100;
static const double shoulder_half = 0.095, hip_half = 0.055;
/* Strokes. */
static const double trunk_width = 0.105, leg_width = 0.066, arm_width = 0.048, foot_width = 0.045;
static const double ball = 0.066, roller = 0.090, seat_width = 0.024, halo = 0.018;

struct point { double x, y; };

struct body {
	struct point hip, waist, shoulder, head, nose;
	struct limb { struct point root, middle, end, tip; } arm, far_arm, leg, far_leg;
};

static struct point along(struct point from, double degrees, double length)
{
	const double angle = degrees * PI / 180;
	return (struct point){from.x + length * sin(angle), from.y + length * cos(angle)};
}

static double share_of(const struct figure_pose *p, enum figure_length id)
{
	return p->length[id] != 0 ? p->length[id] / 100.0 : 1;
}

static struct limb arm_of(struct point root, const short *angle)
{
	struct limb l = {.root = root};
	l.middle = along(root, angle[0], upper_arm);
	l.end = l.tip = along(l.middle, angle[1], forearm);
	return l;
}

static struct limb leg_of(struct point root, const short *angle, double thigh_share,
                          double shank_share)
{
	struct limb l = {.root = root};
	l.middle = along(root, angle[0], thigh * thigh_share);
	l.end = along(l.middle, angle[1], shank * shank_share);
	l.tip = along(l.end, angle[2], foot);
	return l;
}

/* The hip at the origin. */
static struct body joints(const struct figure *f, const struct figure_pose *p)
{
	const short *a = p->angle;
	const double trunk = share_of(p, FIGURE_L_TRUNK), side = f->front ? 1 : 0;
	struct body b = {.hip = {0, 0}};
	b.waist = along(b.hip, a[FIGURE_LUMBAR], lumbar * trunk);
	b.shoulder = along(b.waist, a[FIGURE_THORAX], thorax * trunk);
	b.head = along(b.shoulder, a[FIGURE_NECK], neck);
	b.nose = a[FIGURE_GAZE] == FIGURE_TURNED || f->front ? b.head
	                                                     : along(b.head, a[FIGURE_GAZE], nose);
	const double across = a[FIGURE_THORAX] + 90;
	b.arm = arm_of(along(b.shoulder, across, side * shoulder_half), &a[FIGURE_ARM]);
	b.far_arm = arm_of(along(b.shoulder, across, -side * shoulder_half), &a[FIGURE_FAR_ARM]);
	b.leg = leg_of((struct point){side * hip_half, 0}, &a[FIGURE_THIGH],
	               share_of(p, FIGURE_L_THIGH), share_of(p, FIGURE_L_SHANK));
	b.far_leg = leg_of((struct point){-side * hip_half, 0}, &a[FIGURE_FAR_THIGH],
	                   share_of(p, FIGURE_L_FAR_THIGH), share_of(p, FIGURE_L_FAR_SHANK));
	return b;
}

static void lower(double *least, struct point p, double width)
{
	*least = fmin(*least, p.y - width / 2);
}

static double lowest_of_limb(const struct limb *l, double width)
{
	double least = INFINITY;
	lower(&least, l->middle, width);
	lower(&least, l->end, width);
	lower(&least, l->tip, foot_width);
	return least;
}

/* What stands or lies on the floor. */
static double lowest(const struct body *b, unsigned props)
{
	double least = fmin(fmin(lowest_of_limb(&b->leg, leg_width),
	                         lowest_of_limb(&b->far_leg, leg_width)),
	                    fmin(lowest_of_limb(&b->arm, arm_width),
	                         lowest_of_limb(&b->far_arm, arm_width)));
	lower(&least, b->hip,
	      trunk_width + (props & FIGURE_BALL && !(props & FIGURE_WALL) ? 2 * ball : 0));
	lower(&least, b->shoulder, trunk_width + (props & FIGURE_ROLLER ? 2 * roller : 0));
	lower(&least, b->head, head);
	return least;
}

/* ---- shapes ---- */

struct drawing {
	struct figure_shape *shapes;
	int count;
	struct point shift;
};

static void stroke(struct drawing *d, enum figure_ink ink, double width,
                   int points, const struct point *p)
{
	struct figure_shape *s = &d->shapes[d->count++];
	*s = (struct figure_shape){.ink = ink, .points = points, .width = width};
	for (int i = 0; i < points; i++) {
		s->x[i] = p[i].x + d->shift.x;
		s->y[i] = p[i].y + d->shift.y;
	}
}

static void line(struct drawing *d, enum figure_ink ink, double width,
                 struct point from, struct point to)
{
	stroke(d, ink, width, 2, (struct point[]){from, to});
}

static void draw_leg(struct drawing *d, enum figure_ink ink, const struct limb *l)
{
	line(d, ink, leg_width, l->root, l->middle);
	line(d, ink, leg_width * 0.85, l->middle, l->end);
	line(d, ink, foot_width, l->end, l->tip);
}

/* Around the part of a limb that lies before the trunk. */
static void draw_halo(struct drawing *d, double width, struct point root,
                      struct point middle, struct point end)
{
	line(d, FIGURE_INK_HALO, width + 2 * halo, root, middle);
	line(d, FIGURE_INK_HALO, width * 0.9 + 2 * halo, middle, end);
}

static void draw_arm(struct drawing *d, enum figure_ink ink, const struct limb *l)
{
	line(d, ink, arm_width, l->root, l->middle);
	line(d, ink, arm_width * 0.9, l->middle, l->end);
}

/* A place on the back: `along` the trunk from hip (0) to shoulders (1), `out` of it backward. */
static struct point on_back(const struct body *b, double share, double out)
{
	const struct point from = share < 0.45 ? b->hip : b->waist,
	                   to = share < 0.45 ? b->waist : b->shoulder;
	const double t = share < 0.45 ? share / 0.45 : (share - 0.45) / 0.55;
	const double dx = to.x - from.x, dy = to.y - from.y, length = hypot(dx, dy);
	return (struct point){from.x + t * dx - out * dy / length,
	                      from.y + t * dy + out * dx / length};
}

static void draw_chair(struct drawing *d, bool front, bool edge, const struct body *b, double floor)
{
	const double y = b->hip.y - trunk_width / 2 - seat_width / 2,
	             foot_y = floor + seat_width / 2;
	const double half = front ? 0.15 : 0.12, x = edge ? -0.09 : 0;
	const enum figure_ink ink = FIGURE_INK_FURNITURE;
	line(d, ink, seat_width, (struct point){x - half, y}, (struct point){x + half, y});
	line(d, ink, seat_width * 0.8, (struct point){x - half, y},
	     (struct point){x - half, foot_y});
	line(d, ink, seat_width * 0.8, (struct point){x + half, y},
	     (struct point){x + half, foot_y});
	if (!front)
		line(d, ink, seat_width, (struct point){x - half, y},
		     (struct point){x - half - 0.03, y + 0.32});
}

static double wall_x(const struct body *b, unsigned props)
{
	const double back = fmin(b->hip.x, fmin(b->waist.x, b->shoulder.x)) - trunk_width / 2;
	return back - (props & FIGURE_BALL ? ball : 0) - seat_width / 2;
}

static void draw_behind(struct drawing *d, const struct figure *f, const struct body *b,
                        double floor)
{
	const enum figure_ink ink = FIGURE_INK_FURNITURE;
	const double calf = b->leg.end.y - leg_width / 2 - seat_width / 2,
	             x = b->leg.middle.x + 0.10;
	if (f->props & FIGURE_MAT)
		stroke(d, ink, 0.40, 2, (struct point[]){{0, -0.38}, {0, 0.28}});
	else
		line(d, ink, 0.012, (struct point){-0.50, floor - 0.006},
		     (struct point){0.50, floor - 0.006});
	if (f->props & FIGURE_CHAIR)
		draw_chair(d, f->front, f->props & FIGURE_EDGE, b, floor);
	if (f->props & FIGURE_STOOL) {
		line(d, ink, seat_width, (struct point){x - 0.08, calf},
		     (struct point){x + 0.16, calf});
		line(d, ink, seat_width * 0.8, (struct point){x - 0.06, calf},
		     (struct point){x - 0.06, floor});
		line(d, ink, seat_width * 0.8, (struct point){x + 0.14, calf},
		     (struct point){x + 0.14, floor});
	}
	if (f->props & FIGURE_WALL && !f->front)
		line(d, ink, seat_width, (struct point){wall_x(b, f->props), floor},
		     (struct point){wall_x(b, f->props), floor + 0.98});
}

static void draw_tools(struct drawing *d, const struct figure *f, const struct body *b)
{
	const enum figure_ink ink = FIGURE_INK_TOOL;
	struct point place = {0, b->hip.y - trunk_width / 2 - ball / 2};
	if (f->props & FIGURE_WALL)
		place = (struct point){wall_x(b, f->props) + seat_width / 2 + ball / 2, b->waist.y};
	if (f->props & FIGURE_BALL)
		stroke(d, ink, ball, 1, &place);
	place = on_back(b, 0.85, trunk_width / 2 + roller / 2);
	if (f->props & FIGURE_ROLLER)
		stroke(d, ink, roller, 1, &place);
	if (f->props & FIGURE_WARM)
		line(d, ink, 0.04, on_back(b, 0.15, trunk_width / 2),
		     on_back(b, 0.60, trunk_width / 2));
}

/* The hip's place: on the floor, with the far foot where the first pose has it, so that it stays
 * planted. */
static struct point placed(const struct figure *f, const struct body *b)
{
	const struct body first = joints(f, &f->poses[0]);
	const bool planted = !f->front && !(f->props & (FIGURE_MAT | FIGURE_PACE)) &&
	                     cos(f->poses[0].angle[FIGURE_THORAX] * PI / 180) > 0.5;
	struct point shift = {0, -lowest(b, f->props)};
	if (planted)
		shift.x = first.far_leg.end.x - b->far_leg.end.x;
	if (f->props & FIGURE_MAT)
		shift.y = 0;
	return shift;
}

struct figure_pose figure_between(const struct figure *f, double share)
{
	struct figure_pose p = f->poses[0];
	const struct figure_pose *q = &f->poses[f->count > 1 ? 1 : 0];
	for (int i = 0; i < FIGURE_ANGLES; i++)
		if (p.angle[i] != FIGURE_TURNED && q->angle[i] != FIGURE_TURNED)
			p.angle[i] = (short)lround(p.angle[i] + share * (q->angle[i] - p.angle[i]));
		else
			p.angle[i] = share < 0.5 ? p.angle[i] : q->angle[i];
	for (int i = 0; i < FIGURE_LENGTHS; i++) {
		const double from = share_of(&f->poses[0], (enum figure_length)i);
		p.length[i] = (short)lround(
			100 * (from + share * (share_of(q, (enum figure_length)i) - from)));
	}
	return p;
}

/* From the front the leg comes to lie before the other one, or before the trunk; every pose has
 * the same shapes. */
static bool has_leg_before(const struct figure *f)
{
	bool before = false;
	for (int k = 0; k < f->count && f->front; k++) {
		const struct body b = joints(f, &f->poses[k]);
		before |= (b.leg.end.x - b.hip.x) * (b.leg.root.x - b.hip.x) < 0 ||
		          b.leg.end.y > b.hip.y;
	}
	return before;
}

int figure_shapes(const struct figure *f, const struct figure_pose *p,
                  struct figure_shape shapes[FIGURE_SHAPES_MAX])
{
	const struct body b = joints(f, p);
	const enum figure_ink body = FIGURE_INK_BODY,
	                      far = f->front ? FIGURE_INK_BODY : FIGURE_INK_FAR;
	struct drawing d = {.shapes = shapes, .shift = placed(f, &b)};
	draw_behind(&d, f, &b, lowest(&b, f->props));
	draw_leg(&d, far, &b.far_leg);
	draw_arm(&d, far, &b.far_arm);
	draw_tools(&d, f, &b);
	if (f->front) {
		line(&d, body, trunk_width * 0.62, b.far_arm.root, b.arm.root);
		line(&d, body, trunk_width * 0.8, b.far_leg.root, b.leg.root);
	}
	stroke(&d, body, trunk_width * (f->front ? 1.35 : 1), 3,
	       (struct point[]){b.hip, b.waist, b.shoulder});
	line(&d, body, arm_width, b.shoulder, b.head);
	line(&d, body, 0.030, b.head, b.nose);
	stroke(&d, body, head, 1, &b.head);
	if (has_leg_before(f))
		draw_halo(&d, leg_width, b.leg.middle, b.leg.middle, b.leg.end);
	draw_leg(&d, body, &b.leg);
	/* From the front an upper arm hangs beside the trunk: parted from it, it would look cut. */
	draw_halo(&d, arm_width,
	          f->front ? b.arm.middle : along(b.arm.root, p->angle[FIGURE_ARM], halo),
	          b.arm.middle, b.arm.end);
	draw_arm(&d, body, &b.arm);
	return d.count;
}

/* ---- SVG ---- */

enum { SIDE = 128, MARGIN = 10 };

static void widen(double box[4], const struct figure_shape *s)
{
	for (int i = 0; i < s->points; i++) {
		box[0] = fmin(box[0], s->x[i] - s->width / 2);
		box[1] = fmax(box[1], s->x[i] + s->width / 2);
		box[2] = fmin(box[2], s->y[i] - s->width / 2);
		box[3] = fmax(box[3], s->y[i] + s->width / 2);
	}
}

struct figure_view figure_fit(const struct figure *f, double side, double margin)
{
	double box[4] = {INFINITY, -INFINITY, INFINITY, -INFINITY};
	for (int k = 0; k < f->count; k++) {
		struct figure_shape shapes[FIGURE_SHAPES_MAX];
		const int count = figure_shapes(f, &f->poses[k], shapes);
		for (int i = f->props & FIGURE_MAT ? 0 : 1; i < count; i++)
			widen(box, &shapes[i]);
	}
	const double room = side - 2 * margin;
	const double scale = fmin(room / fmax(box[1] - box[0], box[3] - box[2]), room / 0.75);
	return (struct figure_view){scale, side / 2 - scale * (box[0] + box[1]) / 2,
	                            side / 2 + scale * (box[2] + box[3]) / 2};
}

/* ---- moving ---- */

/* There and back again, with a rest at each end, in shares of one turn; at the third and fourth it
 * is there. */
enum { TURN_S = 8, KEYS = 5 };
static const double keys[KEYS] = {0, 0.15, 0.4, 0.75, 1};

double figure_share(double seconds)
{
	const double t = fmod(seconds, TURN_S) / TURN_S;
	const double way = t < keys[1]   ? 0
	                   : t < keys[2] ? (t - keys[1]) / (keys[2] - keys[1])
	                   : t < keys[3] ? 1
	                                 : (keys[4] - t) / (keys[4] - keys[3]);
	return way * way * (3 - 2 * way); /* begins and ends softly */
}

static const char *colour_of(enum figure_ink ink)
{
	static const char *const colours[] = {"#1f5f5b", "#86aaa5", "#d9822b",
	                                      "#d3c6b1", "#f7efe2"};
	return colours[ink];
}

static double across(const struct figure_view *v, double x)
{
	return v->x + v->scale * x;
}

static double down(const struct figure_view *v, double y)
{
	return v->y - v->scale * y;
}

static void put_path(struct svg *p, const struct figure_view *v, const struct figure_shape *s)
{
	const int last = s->points - 1;
	svg_to(p, 'M', across(v, s->x[0]), down(v, s->y[0]));
	if (s->points == 3) /* a parabola that passes through the middle point halfway */
		svg_to(p, 'Q', across(v, 2 * s->x[1] - (s->x[0] + s->x[2]) / 2),
		       down(v, 2 * s->y[1] - (s->y[0] + s->y[2]) / 2));
	/* A dot is a line to itself, a little longer: not every renderer caps one of no length. */
	svg_to(p, s->points == 3 ? ' ' : 'L', across(v, s->x[last]) + (s->points == 1 ? 0.1 : 0),
	       down(v, s->y[last]));
}

static void put_animation(struct svg *p, const struct figure_view *v,
                          const struct figure_shape *s, const struct figure_shape *then)
{
	char text[8];
	svg_open(p, "animate");
	svg_is(p, "attributeName", "d");
	snprintf(text, sizeof text, "%ds", TURN_S);
	svg_is(p, "dur", text);
	svg_is(p, "repeatCount", "indefinite");
	svg_begin(p, "keyTimes");
	for (int i = 0; i < KEYS; i++)
		fprintf(p->to, "%s%g", i > 0 ? ";" : "", keys[i]);
	svg_end(p);
	svg_begin(p, "values");
	for (int i = 0; i < KEYS; i++) {
		fputs(i > 0 ? ";" : "", p->to);
		put_path(p, v, i == 2 || i == 3 ? then : s);
	}
	svg_end(p);
	svg_close(p);
}

static void put_shape(struct svg *p, const struct figure_view *v, const struct figure_shape *s,
                      const struct figure_shape *then)
{
	svg_open(p, "path");
	svg_is(p, "stroke", colour_of(s->ink));
	svg_number(p, "stroke-width", s->width * v->scale);
	svg_begin(p, "d");
	put_path(p, v, s);
	svg_end(p);
	if (then != NULL)
		put_animation(p, v, s, then);
	svg_close(p);
}

static bool is_body(const struct figure_shape *s)
{
	/* a halo would be seen through */
	return s->ink == FIGURE_INK_BODY || s->ink == FIGURE_INK_FAR;
}

static void put_ground(struct svg *p, const char *fill)
{
	svg_open_rect(p, NULL, 0, 0, SIDE, SIDE);
	svg_number(p, "rx", 18);
	if (fill != NULL)
		svg_is(p, "fill", fill);
	svg_close(p);
}

/* Nothing reaches beyond the ground's round corners. Qt, which draws Plasma's messages, knows no
 * clipping: but for the defs it would draw the path, black over the ground. */
static void open_clipped(struct svg *p)
{
	svg_open(p, "defs");
	svg_open(p, "clipPath");
	svg_is(p, "id", "c");
	put_ground(p, NULL);
	svg_close(p);
	svg_close(p);
	svg_open(p, "g");
	svg_is(p, "clip-path", "url(#c)");
	svg_is(p, "fill", "none");
	svg_is(p, "stroke-linecap", "round");
	svg_is(p, "stroke-linejoin", "round");
}

bool figure_svg(const struct figure *f, enum figure_style style, FILE *to)
{
	struct svg p = svg_on(to, "", 1);
	struct figure_shape first[FIGURE_SHAPES_MAX], last[FIGURE_SHAPES_MAX];
	if (f->count == 0)
		return false;
	const struct figure_view v = figure_fit(f, SIDE, MARGIN);
	const bool moving = style == FIGURE_MOVING && f->count > 1;
	const int count = figure_shapes(f, &f->poses[0], first);
	figure_shapes(f, &f->poses[f->count - 1], last);
	svg_file(&p, SIDE, SIDE, "");
	put_ground(&p, colour_of(FIGURE_INK_HALO));
	open_clipped(&p);
	if (style == FIGURE_STILL && f->count > 1) {
		svg_open(&p, "g");
		svg_is(&p, "opacity", "0.22");
		for (int i = 0; i < count; i++)
			if (is_body(&first[i]))
				put_shape(&p, &v, &first[i], NULL);
		svg_close(&p);
	}
	for (int i = 0; i < count; i++)
		put_shape(&p, &v, style == FIGURE_MOVING ? &first[i] : &last[i],
		          moving ? &last[i] : NULL);
	svg_close(&p);
	svg_close(&p);
	return true;
}
