#include "window/figures.h"

#include "base/text.h"
#include "window/parts.h"

#include <math.h>

/* Lengths of a sitting person in cm about the point between the eyes (Gordon et al. 1989, the
 * middle of men and women, rounded): the head 22 high, 15 wide and 19 deep, the eyes half-way up;
 * shoulders 26 lower, 38 apart. */
static const double head_high = 22, head_wide = 15, head_deep = 19, shoulders_low = 26,
                    shoulder_half = 19;
/* What the drawing shows: so far aside, above and below. */
static const double show_aside = 32, show_above = 16, show_below = 58;
/* From where the front is seen: who comes nearer looks larger. */
static const double seen_from = 70;
enum { HEIGHT = 190, WIDTH = 165 };
static const char data_key[] = "figures";

struct figures {
	GtkWidget *views[2]; /* front, side */
	struct silhouette now;
	bool fault;
};

static double radians(double degrees)
{
	return degrees * G_PI / 180;
}

static void add_ellipse(cairo_t *cr, double x, double y, double angle, double wide, double high)
{
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, angle);
	cairo_scale(cr, wide / 2, high / 2);
	cairo_new_sub_path(cr);
	cairo_arc(cr, 0, 0, 1, 0, 2 * G_PI);
	cairo_restore(cr);
}

/* ---- from the front, as in a mirror: the person's left is on the left ---- */

static void add_shoulders(cairo_t *cr, double x, double y, double tilt, double size)
{
	const double w = shoulder_half * size, low = show_below;
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, radians(tilt));
	cairo_new_sub_path(cr);
	cairo_move_to(cr, -w - 2, low);
	cairo_line_to(cr, -w - 2, 6);
	cairo_curve_to(cr, -w - 1, -2, -w + 4, -3, -8, -6);
	cairo_curve_to(cr, -5, -7, -5, -10, -5, -16);
	cairo_line_to(cr, 5, -16);
	cairo_curve_to(cr, 5, -10, 5, -7, 8, -6);
	cairo_curve_to(cr, w - 4, -3, w + 1, -2, w + 2, 6);
	cairo_line_to(cr, w + 2, low);
	cairo_restore(cr);
}

static void add_front(cairo_t *cr, const struct silhouette *s)
{
	const double size = seen_from / fmax(seen_from - s->lean, seen_from / 2);
	add_shoulders(cr, -s->shoulder_side, shoulders_low + s->shoulder_drop,
	              s->shoulder_tilt, size);
	add_ellipse(cr, -s->side, s->drop, -radians(s->roll), head_wide * size, head_high * size);
}

/* Where the eyes look tells turning and bending. */
static void draw_eyes(cairo_t *cr, const struct silhouette *s)
{
	const double apart = 3.2, round = 1.3;
	cairo_save(cr);
	cairo_translate(cr, -s->side, s->drop);
	cairo_rotate(cr, -radians(s->roll));
	cairo_translate(cr, -head_wide / 2 * sin(radians(s->yaw)),
	                head_high / 3 * sin(radians(s->pitch)));
	add_ellipse(cr, -apart, 0, 0, round * 2, round * 2);
	add_ellipse(cr, apart, 0, 0, round * 2, round * 2);
	cairo_restore(cr);
	cairo_fill(cr);
}

/* ---- from the side: the screen is on the right ---- */

static void add_side(cairo_t *cr, const struct silhouette *s)
{
	/* The neck follows the eyes, the back bends between it and the hips. */
	const double neck_x = -11 + 0.6 * s->lean, neck_y = 17 + 0.8 * s->drop;
	const double back = -14 - 0.4 * fmax(0, s->drop), thick = 9;
	const double centre_x = s->lean - 5, centre_y = s->drop + 1;
	cairo_new_sub_path(cr);
	cairo_move_to(cr, -thick - 9, show_below + 8);
	cairo_curve_to(cr, back - thick, 42 + s->drop, back - thick + 2,
	               neck_y + 10, neck_x - 4, neck_y);
	cairo_line_to(cr, centre_x - 6, centre_y + 4);
	cairo_line_to(cr, centre_x + 4, centre_y + 8);
	cairo_line_to(cr, neck_x + 6, neck_y + 4);
	cairo_curve_to(cr, neck_x + thick + 6, neck_y + 12, thick - 4,
	               44 + s->drop, thick - 3, show_below + 8);
	add_ellipse(cr, centre_x, centre_y, radians(s->pitch), head_deep, head_high);
	cairo_save(cr); /* the nose */
	cairo_translate(cr, centre_x, centre_y);
	cairo_rotate(cr, radians(s->pitch));
	add_ellipse(cr, head_deep / 2, 3, radians(-25), 4, 3);
	cairo_restore(cr);
}

static void draw_screen(cairo_t *cr, const GdkRGBA *ink)
{
	cairo_set_source_rgba(cr, ink->red, ink->green, ink->blue, 0.5);
	cairo_set_line_width(cr, 2);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	cairo_move_to(cr, show_aside - 4, -8);
	cairo_line_to(cr, show_aside - 2, 22);
	cairo_stroke(cr);
}

/* ---- both ---- */

/* Parts that overlap are one shape. */
static void fill_group(cairo_t *cr, const struct silhouette *s, bool side,
                       const GdkRGBA *ink, double alpha)
{
	cairo_push_group(cr);
	cairo_set_source_rgb(cr, ink->red, ink->green, ink->blue);
	cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
	if (side)
		add_side(cr, s);
	else
		add_front(cr, s);
	cairo_fill(cr);
	cairo_pop_group_to_source(cr);
	cairo_paint_with_alpha(cr, alpha);
}

static void draw_upright(cairo_t *cr, bool side, const GdkRGBA *ink)
{
	static const struct silhouette upright;
	const double dash[] = {2, 1.6};
	/* The outline of the whole: drawn twice as wide, then what is inside taken away. */
	cairo_push_group(cr);
	cairo_set_source_rgb(cr, ink->red, ink->green, ink->blue);
	cairo_set_line_width(cr, 1.2);
	cairo_set_dash(cr, dash, 2, 0);
	if (side)
		add_side(cr, &upright);
	else
		add_front(cr, &upright);
	cairo_stroke_preserve(cr);
	cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
	cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
	cairo_fill(cr);
	cairo_pop_group_to_source(cr);
	cairo_paint(cr);
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user)
{
	const struct figures *f = user;
	const bool side = GTK_WIDGET(area) == f->views[1];
	const double scale = fmin(width / (2 * show_aside), height / (show_above + show_below));
	GtkStyleContext *style = gtk_widget_get_style_context(GTK_WIDGET(area));
	GdkRGBA ink, body;
	gtk_style_context_get_color(style, &ink);
	if (!gtk_style_context_lookup_color(style, f->fault ? "warning_color" : "accent_color",
	                                    &body))
		body = ink;
	cairo_translate(cr, width / 2.0, 0);
	cairo_scale(cr, scale, scale);
	cairo_translate(cr, 0, show_above);
	cairo_rectangle(cr, -show_aside, -show_above, 2 * show_aside, show_above + show_below);
	cairo_clip(cr);
	if (side)
		draw_screen(cr, &ink);
	if (f->now.known)
		fill_group(cr, &f->now, side, &body, 0.55);
	draw_upright(cr, side, &ink);
	cairo_set_source_rgb(cr, ink.red, ink.green, ink.blue);
	if (!side && f->now.known)
		draw_eyes(cr, &f->now);
}

static GtkWidget *make_view(struct figures *f, int which, const char *caption)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *label = gtk_label_new(caption);
	f->views[which] = g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role",
	                               GTK_ACCESSIBLE_ROLE_IMG, NULL);
	gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(f->views[which]), WIDTH);
	gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(f->views[which]), HEIGHT);
	gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(f->views[which]), draw, f, NULL);
	gtk_widget_add_css_class(label, "caption");
	gtk_widget_add_css_class(label, "dim-label");
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
	gtk_box_append(GTK_BOX(box), f->views[which]);
	gtk_box_append(GTK_BOX(box), label);
	return box;
}

GtkWidget *figures_new(void)
{
	struct figures *f = g_new0(struct figures, 1);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	gtk_box_set_homogeneous(GTK_BOX(box), TRUE);
	gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
	g_object_set_data_full(G_OBJECT(box), data_key, f, g_free);
	gtk_box_append(GTK_BOX(box), make_view(f, 0, _("As in a mirror")));
	gtk_box_append(GTK_BOX(box), make_view(f, 1, _("From the side")));
	return box;
}

void figures_set(GtkWidget *figures, const struct silhouette *s, bool fault, const char *name)
{
	struct figures *f = g_object_get_data(G_OBJECT(figures), data_key);
	f->now = *s;
	f->fault = fault;
	for (int i = 0; i < 2; i++) {
		parts_name(f->views[i], name);
		gtk_widget_queue_draw(f->views[i]);
	}
}
