#include "window/desk.h"

#include <math.h>
#include <string.h>

/* In cm, from the side: x from the hips toward the screen, y from the floor up. Somebody of 1.72 m
 * (Gordon et al. 1989, the middle of men and women, rounded) on a seat of 45 cm at a table of 70,
 * as src/coach/ergonomics.md has it: thighs level, elbows as high as the table, the screen's top
 * edge at the eyes' height and 60 cm from them. */
static const double left = -52, right = 96, top = 131, bottom = -8;
static const double hip[2] = {-8, 53}, shoulder[2] = {-9, 101}, head[2] = {-5, 118},
		    eye[2] = {4, 119};
static const double knee[2] = {38, 53}, heel[2] = {38, 4}, toe[2] = {58, 3};
static const double elbow[2] = {-6, 74}, wrist[2] = {22, 74}, hand[2] = {36, 74};
static const double screen_x = 64, table_y = 70, table_edge = 14, seat_y = 45, seat_edge = 23;

struct drawing {
	cairo_t *cairo;
	const struct desk_inks *inks;
	const char *marked;
	bool marks;             /* what stands out is drawn now; else all else */
};

/* All is drawn twice, each part once of it: what is not asked for is one faint shape, however its
 * parts overlap. */
static void ink(const struct drawing *d, bool marked, double width)
{
	const double *c = marked ? d->inks->marked : d->inks->plain;
	cairo_set_source_rgba(d->cairo, c[0], c[1], c[2], marked == d->marks ? 1 : 0);
	cairo_set_line_width(d->cairo, width);
}

static bool is(const struct drawing *d, const char *id)
{
	return strcmp(d->marked, id) == 0;
}

static void line(const struct drawing *d, const double *from, const double *to)
{
	cairo_move_to(d->cairo, from[0], from[1]);
	cairo_line_to(d->cairo, to[0], to[1]);
	cairo_stroke(d->cairo);
}

static void straight(const struct drawing *d, double x, double y, double to_x, double to_y)
{
	line(d, (double[]){x, y}, (double[]){to_x, to_y});
}

static void arrow_head(const struct drawing *d, double x, double y, double dx, double dy)
{
	const double size = 5;
	cairo_move_to(d->cairo, x - size * (dx + dy), y - size * (dy + dx));
	cairo_line_to(d->cairo, x, y);
	cairo_line_to(d->cairo, x - size * (dx - dy), y - size * (dy - dx));
	cairo_stroke(d->cairo);
}

/* To the right, with a head at each end. */
static void span(const struct drawing *d, double x, double to_x, double y)
{
	straight(d, x, y, to_x, y);
	arrow_head(d, to_x, y, 1, 0);
	arrow_head(d, x, y, -1, 0);
}

static void right_angle(const struct drawing *d, double x, double y, double dx, double dy)
{
	const double size = 9;
	cairo_move_to(d->cairo, x + dx * size, y);
	cairo_line_to(d->cairo, x + dx * size, y + dy * size);
	cairo_line_to(d->cairo, x, y + dy * size);
	cairo_stroke(d->cairo);
}

static void dashed(const struct drawing *d, const double *from, const double *to)
{
	const double dash[] = {4, 4};
	cairo_set_dash(d->cairo, dash, 2, 0);
	line(d, from, to);
	cairo_set_dash(d->cairo, NULL, 0, 0);
}

/* ---- from the side ---- */

static void draw_chair(const struct drawing *d)
{
	ink(d, is(d, "chair"), 6);
	straight(d, -22, seat_y - 3, seat_edge, seat_y - 3);
	ink(d, false, 4);
	straight(d, 2, seat_y - 6, 2, 8);
	straight(d, -18, 3, 22, 3);
	/* The backrest, which bulges into the hollow of the back at the height of the belt. */
	ink(d, is(d, "lumbar") || is(d, "chair"), 5);
	cairo_move_to(d->cairo, -25, seat_y);
	cairo_curve_to(d->cairo, -17, 58, -17, 66, -25, 80);
	cairo_curve_to(d->cairo, -27, 86, -27, 92, -28, 98);
	cairo_stroke(d->cairo);
	ink(d, is(d, "elbows"), 4);
	straight(d, -16, 67, 8, 67);
}

static void draw_table(const struct drawing *d)
{
	ink(d, false, 3.5);
	straight(d, table_edge, table_y, 90, table_y);
	straight(d, 86, table_y, 86, 0);
	ink(d, is(d, "feet"), 2);
	straight(d, left + 4, 0, right - 4, 0);
	ink(d, is(d, "keyboard"), 4);
	straight(d, 25, table_y + 2.5, 42, table_y + 2.5);
	ink(d, is(d, "screen") || is(d, "distance"), 4.5);
	straight(d, screen_x, 88, screen_x, eye[1]);
	ink(d, false, 3);
	straight(d, screen_x + 2, 94, screen_x + 9, 94);
	straight(d, screen_x + 9, 94, screen_x + 9, table_y);
}

static void draw_body(const struct drawing *d)
{
	cairo_t *cr = d->cairo;
	ink(d, false, 12);
	cairo_move_to(cr, hip[0], hip[1]);
	cairo_curve_to(cr, -2, 70, -14, 84, shoulder[0], shoulder[1]);
	cairo_stroke(cr);
	ink(d, false, 6);
	line(d, shoulder, head);
	ink(d, false, 1);
	cairo_new_sub_path(cr);
	cairo_arc(cr, head[0], head[1], 9.5, 0, 2 * M_PI);
	cairo_fill(cr);
	ink(d, is(d, "knees"), 8);
	line(d, hip, knee);
	line(d, knee, heel);
	ink(d, is(d, "feet"), 6);
	line(d, heel, toe);
	ink(d, is(d, "elbows"), 6);
	line(d, shoulder, elbow);
	ink(d, is(d, "elbows") || is(d, "wrists"), 6);
	line(d, elbow, wrist);
	ink(d, is(d, "wrists") || is(d, "elbows"), 5);
	line(d, wrist, hand);
}

/* What says how it should be: gaps, angles, lines of sight. */
static void draw_marks(const struct drawing *d)
{
	ink(d, true, 2);
	if (is(d, "chair")) {
		const double edge = seat_edge + 3.5, calf = knee[0] - 4.5, y = seat_y - 12;
		straight(d, edge, y, calf, y);
		straight(d, edge, y - 4, edge, y + 4);
		straight(d, calf, y - 4, calf, y + 4);
	}
	if (is(d, "lumbar")) {
		straight(d, -46, 62, -28, 62);
		arrow_head(d, -27, 62, 1, 0);
	}
	if (is(d, "knees"))
		right_angle(d, knee[0] - 5, knee[1] - 5, -1, -1);
	if (is(d, "elbows"))
		right_angle(d, elbow[0] + 5, elbow[1] + 5, 1, 1);
	if (is(d, "wrists"))
		dashed(d, (double[]){-2, 82}, (double[]){46, 82});
	if (is(d, "keyboard")) {
		straight(d, 46, 79, 60, 79);
		arrow_head(d, 45, 79, -1, 0);
	}
	if (is(d, "screen"))
		dashed(d, eye, (double[]){screen_x, eye[1]});
	if (is(d, "distance"))
		span(d, eye[0] + 3, screen_x - 4, eye[1] - 12);
}

/* Text is not turned with what is drawn. */
static void write(const struct drawing *d, const char *text, double x, double y)
{
	cairo_save(d->cairo);
	cairo_translate(d->cairo, x, y);
	cairo_scale(d->cairo, 1, -1);
	cairo_select_font_face(d->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
			       CAIRO_FONT_WEIGHT_BOLD);
	cairo_set_font_size(d->cairo, 10);
	cairo_move_to(d->cairo, 0, 0);
	cairo_show_text(d->cairo, text);
	cairo_restore(d->cairo);
}

/* ---- from above ---- */

static void draw_above(const struct drawing *d)
{
	cairo_t *cr = d->cairo;
	const double x = (left + right) / 2, chair_y = 22;
	ink(d, false, 3);
	cairo_rectangle(cr, x - 62, 62, 124, 58);
	cairo_stroke(cr);
	cairo_rectangle(cr, x - 22, chair_y - 18, 44, 42);
	cairo_stroke(cr);
	ink(d, false, 1);
	cairo_save(cr);
	cairo_translate(cr, x, chair_y + 2);
	cairo_scale(cr, 23, 10);
	cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
	cairo_restore(cr);
	cairo_fill(cr);
	ink(d, false, 6);
	straight(d, x - 20, chair_y + 4, x - 14, 66);
	straight(d, x + 20, chair_y + 4, x + 14, 66);
	ink(d, true, 1);
	cairo_arc(cr, x, chair_y + 5, 9.5, 0, 2 * M_PI);
	cairo_fill(cr);
	cairo_move_to(cr, x - 3, chair_y + 13);
	cairo_line_to(cr, x, chair_y + 19);
	cairo_line_to(cr, x + 3, chair_y + 13);
	cairo_fill(cr);
	ink(d, true, 2);
	dashed(d, (double[]){x, chair_y + 23}, (double[]){x, 98});
	ink(d, true, 5);
	straight(d, x - 28, 102, x + 28, 102);
	ink(d, false, 3);
	cairo_rectangle(cr, x - 20, 72, 40, 9);
	cairo_stroke(cr);
}

static void draw_all(const struct drawing *d)
{
	if (is(d, "front")) {
		draw_above(d);
		return;
	}
	draw_chair(d);
	draw_table(d);
	draw_body(d);
	draw_marks(d);
	if (is(d, "distance"))
		write(d, "60 cm", 22, 94);
}

bool desk_draw(cairo_t *cairo, const char *id, const struct desk_inks *inks,
	       double width, double height)
{
	static const char *const side[] = {"chair", "lumbar", "feet", "knees", "elbows", "wrists",
					   "keyboard", "screen", "distance"};
	const double faint = 0.42;
	struct drawing d = {cairo, inks, id, false};
	const double scale = fmin(width / (right - left), height / (top - bottom));
	bool known = is(&d, "front");
	for (size_t i = 0; i < sizeof side / sizeof *side; i++)
		known = known || is(&d, side[i]);
	if (!known)
		return false;
	cairo_save(cairo);
	cairo_translate(cairo, width / 2, height / 2);
	cairo_scale(cairo, scale, -scale);
	cairo_translate(cairo, -(left + right) / 2, -(top + bottom) / 2);
	cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
	cairo_push_group(cairo);
	draw_all(&d);
	cairo_pop_group_to_source(cairo);
	cairo_paint_with_alpha(cairo, faint);
	d.marks = true;
	draw_all(&d);
	cairo_restore(cairo);
	return true;
}
