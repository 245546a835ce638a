#include "window/figure.h"

#include "base/text.h"

#include <adwaita.h>

#include <math.h>

/* Slow movements look the same at 25 a second as at a screen's 60, for half the work. */
enum { APART_US = 39000 };

struct drawn {
	const struct exercise *exercise;
	bool moving;
	guint tick;             /* 0: none */
	gint64 begun_us, drawn_us;
	double share;           /* between the poses */
};

/* By enum figure_ink, on light and on dark; the halo is the ground. */
static const GdkRGBA light_inks[] = {
	{0.12f, 0.37f, 0.36f, 1}, {0.53f, 0.67f, 0.65f, 1}, {0.85f, 0.51f, 0.17f, 1},
	{0.83f, 0.78f, 0.69f, 1}, {0.97f, 0.94f, 0.89f, 1},
};
static const GdkRGBA dark_inks[] = {
	{0.58f, 0.83f, 0.79f, 1}, {0.29f, 0.47f, 0.45f, 1}, {0.92f, 0.64f, 0.36f, 1},
	{0.42f, 0.39f, 0.34f, 1}, {0.17f, 0.19f, 0.19f, 1},
};

static const GdkRGBA *inks(void)
{
	return adw_style_manager_get_dark(adw_style_manager_get_default()) ? dark_inks : light_inks;
}

static void trace_ground(cairo_t *cairo, double side)
{
	const double r = side / 7;
	cairo_new_sub_path(cairo);
	cairo_arc(cairo, side - r, r, r, -G_PI / 2, 0);
	cairo_arc(cairo, side - r, side - r, r, 0, G_PI / 2);
	cairo_arc(cairo, r, side - r, r, G_PI / 2, G_PI);
	cairo_arc(cairo, r, r, r, G_PI, 3 * G_PI / 2);
	cairo_close_path(cairo);
}

static void draw_shape(cairo_t *cairo, const struct figure_view *v, const struct figure_shape *s,
                       const GdkRGBA *ink)
{
	double x[3], y[3];
	for (int i = 0; i < s->points; i++) {
		x[i] = v->x + v->scale * s->x[i];
		y[i] = v->y - v->scale * s->y[i];
	}
	cairo_move_to(cairo, x[0], y[0]);
	if (s->points == 1) { /* a disc */
		cairo_line_to(cairo, x[0], y[0]);
	} else if (s->points == 2) {
		cairo_line_to(cairo, x[1], y[1]);
	} else { /* a parabola that passes through the middle point halfway, as a cubic */
		const double bend_x = 2 * x[1] - (x[0] + x[2]) / 2,
		             bend_y = 2 * y[1] - (y[0] + y[2]) / 2;
		cairo_curve_to(cairo, (x[0] + 2 * bend_x) / 3, (y[0] + 2 * bend_y) / 3,
		               (x[2] + 2 * bend_x) / 3, (y[2] + 2 * bend_y) / 3, x[2], y[2]);
	}
	gdk_cairo_set_source_rgba(cairo, ink);
	cairo_set_line_width(cairo, s->width * v->scale);
	cairo_stroke(cairo);
}

static void draw_pose(cairo_t *cairo, const struct figure *f, const struct figure_view *v,
                      double share, bool body_only)
{
	struct figure_shape shapes[FIGURE_SHAPES_MAX];
	const struct figure_pose pose = figure_between(f, share);
	const int count = figure_shapes(f, &pose, shapes);
	for (int i = 0; i < count; i++)
		if (!body_only || shapes[i].ink == FIGURE_INK_BODY ||
		    shapes[i].ink == FIGURE_INK_FAR)
			draw_shape(cairo, v, &shapes[i], &inks()[shapes[i].ink]);
}

/* What has no figure is about the eyes: one that blinks. */
static void draw_eye(cairo_t *cairo, double side, double share)
{
	const double middle = side / 2, half = side * 0.3, open = side * 0.24 * (1 - share);
	gdk_cairo_set_source_rgba(cairo, &inks()[FIGURE_INK_BODY]);
	cairo_set_line_width(cairo, side / 22);
	cairo_move_to(cairo, middle - half, middle);
	cairo_curve_to(cairo, middle - half / 2, middle - open, middle + half / 2,
	               middle - open, middle + half, middle);
	cairo_curve_to(cairo, middle + half / 2, middle + open, middle - half / 2,
	               middle + open, middle - half, middle);
	cairo_close_path(cairo);
	cairo_stroke_preserve(cairo);
	cairo_clip(cairo);
	cairo_arc(cairo, middle, middle, side * 0.09, 0, 2 * G_PI);
	cairo_fill(cairo);
}

static void on_draw(GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer user)
{
	const double faint = 0.22;
	const struct drawn *d = user;
	const double side = MIN(width, height);
	(void)area;
	cairo_translate(cairo, (width - side) / 2, (height - side) / 2);
	trace_ground(cairo, side);
	cairo_clip_preserve(cairo);
	gdk_cairo_set_source_rgba(cairo, &inks()[FIGURE_INK_HALO]);
	cairo_fill(cairo);
	if (d->exercise == NULL)
		return;
	cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
	const struct figure *f = &d->exercise->figure;
	if (f->count == 0) {
		draw_eye(cairo, side, d->tick != 0 ? d->share : 0);
		return;
	}
	const struct figure_view v = figure_fit(f, side, side / 13);
	if (d->tick == 0 && f->count > 1) {
		cairo_push_group(cairo);
		draw_pose(cairo, f, &v, 0, true);
		cairo_pop_group_to_source(cairo);
		cairo_paint_with_alpha(cairo, faint);
	}
	draw_pose(cairo, f, &v, d->tick != 0 ? d->share : 1, false);
}

static gboolean on_tick(GtkWidget *figure, GdkFrameClock *clock, gpointer user)
{
	struct drawn *d = user;
	const gint64 now = gdk_frame_clock_get_frame_time(clock);
	if (d->begun_us == 0)
		d->begun_us = now;
	const double share = figure_share((double)(now - d->begun_us) / G_USEC_PER_SEC);
	if (share == d->share || now - d->drawn_us < APART_US)
		return G_SOURCE_CONTINUE; /* at rest nothing is drawn */
	d->share = share;
	d->drawn_us = now;
	gtk_widget_queue_draw(figure);
	return G_SOURCE_CONTINUE;
}

static void follow(GtkWidget *figure, struct drawn *d)
{
	gboolean animations = TRUE;
	g_object_get(gtk_widget_get_settings(figure), "gtk-enable-animations", &animations, NULL);
	const bool wanted = d->moving && animations && d->exercise != NULL &&
	                    d->exercise->figure.count != 1;
	if (wanted && d->tick == 0) {
		d->begun_us = 0;
		d->share = 0;
		d->tick = gtk_widget_add_tick_callback(figure, on_tick, d, NULL);
	} else if (!wanted && d->tick != 0) {
		gtk_widget_remove_tick_callback(figure, d->tick);
		d->tick = 0;
	}
	gtk_widget_queue_draw(figure);
}

static struct drawn *drawn_of(GtkWidget *figure)
{
	return g_object_get_data(G_OBJECT(figure), "drawn");
}

void figure_set(GtkWidget *figure, const struct exercise *exercise)
{
	struct drawn *d = drawn_of(figure);
	if (d->exercise == exercise)
		return;
	d->exercise = exercise;
	d->begun_us = 0;
	follow(figure, d);
	gtk_accessible_update_property(GTK_ACCESSIBLE(figure), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               exercise != NULL ? _(exercise->name) : "", -1);
}

void figure_move(GtkWidget *figure, bool moving)
{
	struct drawn *d = drawn_of(figure);
	d->moving = moving;
	follow(figure, d);
}

/* Its colours follow the desktop's. */
static void on_dark(GObject *manager, GParamSpec *spec, gpointer figure)
{
	(void)manager, (void)spec;
	gtk_widget_queue_draw(figure);
}

GtkWidget *figure_new(const struct exercise *exercise, int side)
{
	GtkWidget *figure = g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role",
	                                 GTK_ACCESSIBLE_ROLE_IMG, NULL);
	struct drawn *d = g_new0(struct drawn, 1);
	gtk_widget_set_size_request(figure, side, side);
	g_object_set_data_full(G_OBJECT(figure), "drawn", d, g_free);
	gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(figure), on_draw, d, NULL);
	g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
	                        G_CALLBACK(on_dark), figure, 0);
	figure_set(figure, exercise);
	return figure;
}
