/* Pictures of days, as the report's page has them (report/chart.c), in the toolkit's drawing. */
#include "window/today.h"

#include "report/style.h"
#include "window/parts.h"

#include <math.h>

enum { RING = 104, RING_LINE = 9, BAND = 60, MARKS = 18, BREAKS = 26, STRIP = 18, BAR = 10 };
/* Of the usual size of letters: the hours, the score. */
static const double small = 0.8, large = 2.2;

static void set_colour(cairo_t *c, const char *name)
{
	double rgb[3] = {0.5, 0.5, 0.5};
	style_colour(name, adw_style_manager_get_dark(adw_style_manager_get_default()), rgb);
	cairo_set_source_rgb(c, rgb[0], rgb[1], rgb[2]);
}

/* What is written in the window's own colour of text. */
static void set_ink(cairo_t *c, GtkWidget *widget, double alpha)
{
	GdkRGBA ink;
	gtk_style_context_get_color(gtk_widget_get_style_context(widget), &ink);
	cairo_set_source_rgba(c, ink.red, ink.green, ink.blue, alpha);
}

static PangoLayout *layout_of(GtkWidget *widget, const char *text, double scale, bool bold)
{
	PangoLayout *layout = gtk_widget_create_pango_layout(widget, text);
	PangoAttrList *list = pango_attr_list_new();
	pango_attr_list_insert(list, pango_attr_scale_new(scale));
	if (bold)
		pango_attr_list_insert(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
	pango_layout_set_attributes(layout, list);
	pango_attr_list_unref(list);
	return layout;
}

static int text_height(GtkWidget *widget)
{
	int height;
	PangoLayout *layout = layout_of(widget, "0", small, false);
	pango_layout_get_pixel_size(layout, NULL, &height);
	g_object_unref(layout);
	return height;
}

static int text_width(GtkWidget *widget, const char *text, double scale, bool bold)
{
	int width;
	PangoLayout *layout = layout_of(widget, text, scale, bold);
	pango_layout_get_pixel_size(layout, &width, NULL);
	g_object_unref(layout);
	return width;
}

/* `align` of its width lies left of x, and none left of `free`; where it ends. */
static double put_text(cairo_t *c, GtkWidget *widget, const char *text, double x,
                       double y, double align, double free)
{
	const double apart = 4;
	int width;
	PangoLayout *layout = layout_of(widget, text, small, false);
	pango_layout_get_pixel_size(layout, &width, NULL);
	const double left = x - align * width;
	set_ink(c, widget, 0.7);
	cairo_move_to(c, left, y);
	if (left >= free)
		pango_cairo_show_layout(c, layout);
	g_object_unref(layout);
	return left >= free ? left + width + apart : free;
}

/* An image by its role, drawn anew when light becomes dark. */
static GtkWidget *make_area(GtkDrawingAreaDrawFunc draw, gpointer user, GDestroyNotify gone)
{
	GtkWidget *area = g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role",
	                               GTK_ACCESSIBLE_ROLE_IMG, NULL);
	gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw, user, gone);
	g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
				G_CALLBACK(gtk_widget_queue_draw),
				area, G_CONNECT_SWAPPED);
	return area;
}

/* ---- one number ---- */

static void draw_ring(GtkDrawingArea *area, cairo_t *c, int width, int height, gpointer user)
{
	const double *score = user, line = RING_LINE, r = MIN(width, height) / 2.0 - line / 2;
	char text[NUMBER_SIZE];
	int w, h;
	cairo_set_line_width(c, line);
	set_colour(c, "line");
	cairo_arc(c, width / 2.0, height / 2.0, r, 0, 2 * G_PI);
	cairo_stroke(c);
	set_colour(c, "good");
	cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
	if (*score > 0) {
		cairo_arc(c, width / 2.0, height / 2.0, r, -G_PI / 2,
		          2 * G_PI * *score / 100 - G_PI / 2);
		cairo_stroke(c);
	}
	PangoLayout *layout = layout_of(GTK_WIDGET(area),
	                                *score >= 0 ? number_plain(text, *score, 0)
	                                            : word(WORD_NOTHING), large, true);
	pango_layout_get_pixel_size(layout, &w, &h);
	set_ink(c, GTK_WIDGET(area), 1);
	cairo_move_to(c, (width - w) / 2.0, (height - h) / 2.0);
	pango_cairo_show_layout(c, layout);
	g_object_unref(layout);
}

GtkWidget *today_ring(double score)
{
	char digits[NUMBER_SIZE], text[NUMBER_SIZE];
	double *own = g_new(double, 1);
	*own = score;
	GtkWidget *area = make_area(draw_ring, own, g_free);
	/* Around the largest number, whatever the letters' size: its corners within the ring. */
	const int side = MAX(RING, text_width(area, "100", large, true) * 9 / 8 + 2 * RING_LINE);
	gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(area), side);
	gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), side);
	gtk_widget_set_valign(area, GTK_ALIGN_CENTER);
	gtk_widget_set_halign(area, GTK_ALIGN_CENTER);
	parts_name(area, score < 0 ? word(WORD_NO_SCORE)
				   : number_words(text, WORD_SCORE_OF,
				                  number_plain(digits, score, 0), NULL));
	return area;
}

/* ---- states ---- */

static double at(const struct axis *a, double minute, int width)
{
	return width * (minute - a->first) / (a->last - a->first);
}

/* Stripes say "in a call" without colour. */
static void veil(cairo_t *c, double x, double y, double w, double h)
{
	cairo_save(c);
	cairo_rectangle(c, x, y, w, h);
	cairo_clip(c);
	cairo_set_source_rgba(c, 1, 1, 1, 0.4);
	cairo_set_line_width(c, 2.5);
	for (double s = floor((x - h) / 10) * 10; s < x + w; s += 10) {
		cairo_move_to(c, s, y + h);
		cairo_line_to(c, s + h, y);
	}
	cairo_stroke(c);
	cairo_restore(c);
}

static void draw_run(cairo_t *c, enum state_group g, double x, double w, double top, double band)
{
	double y, height;
	axis_stand(g, band, &y, &height);
	set_colour(c, group_class(g));
	cairo_rectangle(c, x, top + y, w, height);
	cairo_fill(c);
	if (g == GROUP_CALL)
		veil(c, x, top + y, w, height);
}

static void draw_states(cairo_t *c, const struct axis *a, const struct report_summary *s, int width,
			double top, double band)
{
	for (int m = a->first, end; m < a->last && m < REPORT_MINUTES; m = end) {
		const enum state_group g = group_of_state(s->minutes[m]);
		for (end = m + 1; end < a->last && end < REPORT_MINUTES &&
				  group_of_state(s->minutes[end]) == g; end++)
			;
		if (g != GROUP_NONE)
			draw_run(c, g, at(a, m, width), at(a, end, width) - at(a, m, width),
			         top, band);
	}
}

/* Lines and their hours: as many as have room. */
static void draw_hours(cairo_t *c, GtkWidget *area, const struct axis *a,
                       const struct report_summary *s, int width, double top, double bottom)
{
	const int hours = (a->last - a->first) / 60;
	double free = 0;
	const int room = text_width(area, s != NULL ? "00:00 " : "00 ", small, false);
	int step = 1;
	while (step < 6 && (double)width / hours * step < room)
		step++;
	for (int h = 0; h <= hours; h += step) {
		char text[NUMBER_SIZE];
		const int minute = a->first + h * 60;
		const double x = at(a, minute, width);
		set_colour(c, "line");
		cairo_rectangle(c, MIN(floor(x), width - 1), top, 1, bottom - top);
		cairo_fill(c);
		if (s != NULL)
			number_clock(text, s, s->day.from_ms + minute * 60000LL);
		else
			number_plain(text, minute / 60, 0);
		const bool last = h + step > hours && x > width - room / 2;
		free = put_text(c, area, text, x, bottom + 2, h == 0 ? 0 : last ? 1 : 0.5, free);
	}
}

static double minute_of(const struct report_summary *s, int64_t wall_ms)
{
	return (double)(wall_ms - s->day.from_ms) / 60000;
}

static void draw_message(cairo_t *c, GtkWidget *area, double x, double y)
{
	const double r = 5;
	cairo_move_to(c, x, y - r);
	cairo_line_to(c, x + r, y);
	cairo_line_to(c, x, y + r);
	cairo_line_to(c, x - r, y);
	cairo_close_path(c);
	set_ink(c, area, 0.9);
	cairo_fill(c);
}

static void draw_break(cairo_t *c, double x, double y, double r, bool taken)
{
	cairo_arc(c, x, y, r, 0, 2 * G_PI);
	set_colour(c, "accent");
	cairo_set_line_width(c, 2);
	if (taken)
		cairo_fill_preserve(c);
	cairo_stroke(c);
}

static void draw_marks(cairo_t *c, GtkWidget *area, const struct axis *a,
                       const struct report_summary *s, int width)
{
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++)
		draw_message(c, area, at(a, minute_of(s, s->alerts[i].wall_ms), width),
		             MARKS / 2.0 - 1);
	for (int i = 0; i < s->break_count && i < REPORT_BREAKS; i++) {
		const struct store_break *b = &s->breaks[i];
		const double x = at(a, minute_of(s, b->end_ms > 0 ? b->start_ms : b->due_ms),
		                    width);
		draw_break(c, x, MARKS + BAND + BREAKS / 2.0, b->kind == BREAK_MOVEMENT ? 5.5 : 3,
			   b->outcome == BREAK_TAKEN);
	}
}

static void draw_ribbon(GtkDrawingArea *area, cairo_t *c, int width, int height, gpointer user)
{
	const struct report_summary *s = user;
	const struct axis a = axis_of(&s, 1);
	(void)height;
	draw_hours(c, GTK_WIDGET(area), &a, s, width, MARKS - 4, MARKS + BAND + BREAKS);
	draw_states(c, &a, s, width, MARKS, BAND);
	draw_marks(c, GTK_WIDGET(area), &a, s, width);
}

/* The whole stretch of one state. */
static gboolean on_tooltip(GtkWidget *area, int x, int y, gboolean keyboard,
                           GtkTooltip *tooltip, gpointer user)
{
	const struct report_summary *s = user;
	const struct axis a = axis_of(&s, 1);
	char from[NUMBER_SIZE], until[NUMBER_SIZE], when[NUMBER_SIZE];
	const int m = a.first +
	              (int)((double)x / gtk_widget_get_allocated_width(area) * (a.last - a.first));
	(void)y, (void)keyboard;
	if (m < 0 || m >= REPORT_MINUTES || s->minutes[m] == 0)
		return FALSE;
	int first = m, end = m + 1;
	while (first > 0 && s->minutes[first - 1] == s->minutes[m])
		first--;
	while (end < REPORT_MINUTES && s->minutes[end] == s->minutes[m])
		end++;
	number_words(when, WORD_FROM_TO, number_clock(from, s, s->day.from_ms + first * 60000LL),
		     number_clock(until, s, s->day.from_ms + end * 60000LL));
	char *text = g_strdup_printf("%s %s", when, word(word_of_state(s->minutes[m])));
	gtk_tooltip_set_text(tooltip, text);
	g_free(text);
	return TRUE;
}

GtkWidget *today_ribbon(const struct report_summary *s)
{
	char from[NUMBER_SIZE], until[NUMBER_SIZE];
	const struct axis a = axis_of(&s, 1);
	GtkWidget *area = make_area(draw_ribbon, (gpointer)s, NULL);
	gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area),
					    MARKS + BAND + BREAKS + text_height(area) + 4);
	gtk_widget_set_has_tooltip(area, TRUE);
	g_signal_connect(area, "query-tooltip", G_CALLBACK(on_tooltip), (gpointer)s);
	number_clock(from, s, s->day.from_ms + a.first * 60000LL);
	number_clock(until, s, s->day.from_ms + a.last * 60000LL);
	char *about = NULL;
	size_t size;
	FILE *to = open_memstream(&about, &size);
	if (to == NULL)
		return area;
	html_words(to, WORD_RIBBON_ABOUT, from, until, NULL);
	fclose(to);
	parts_name(area, about);
	free(about);
	return area;
}

/* ---- a day in a line ---- */

struct strip {
	struct axis axis;
	const struct report_summary *summary; /* NULL: the hours */
};

static void draw_strip(GtkDrawingArea *area, cairo_t *c, int width, int height, gpointer user)
{
	const struct strip *strip = user;
	const struct axis *a = &strip->axis;
	(void)area;
	set_colour(c, "line");
	cairo_rectangle(c, 0, height / 2, width, 1);
	cairo_fill(c);
	for (int m = a->first, end; m < a->last; m = end) {
		const enum state_group g = axis_group(strip->summary, m, m + REPORT_SLOT_MIN);
		end = m + REPORT_SLOT_MIN;
		while (end < a->last && axis_group(strip->summary, end, end + REPORT_SLOT_MIN) == g)
			end += REPORT_SLOT_MIN;
		if (g != GROUP_NONE)
			draw_run(c, g, at(a, m, width), at(a, end, width) - at(a, m, width),
			         0, height);
	}
}

static void draw_strip_hours(GtkDrawingArea *area, cairo_t *c, int width, int height, gpointer user)
{
	const struct strip *strip = user;
	(void)height;
	draw_hours(c, GTK_WIDGET(area), &strip->axis, NULL, width, 0, 3);
}

static GtkWidget *make_strip(GtkDrawingAreaDrawFunc draw, const struct axis *a,
                             const struct report_summary *s)
{
	struct strip *strip = g_new(struct strip, 1);
	*strip = (struct strip){*a, s};
	return make_area(draw, strip, g_free);
}

GtkWidget *today_strip(const struct axis *a, const struct report_summary *s)
{
	char text[NUMBER_SIZE];
	GtkWidget *area = make_strip(draw_strip, a, s);
	gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), STRIP);
	parts_name(area, number_date(text, &s->day, WORD_DATE_TABLE));
	return area;
}

GtkWidget *today_hours(const struct axis *a)
{
	GtkWidget *area = make_strip(draw_strip_hours, a, NULL);
	gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), text_height(area) + 6);
	parts_name(area, word(WORD_HOUR));
	return area;
}

/* ---- shares and colours ---- */

struct bar {
	char colour[16];
	double share;
};

static void draw_bar(GtkDrawingArea *area, cairo_t *c, int width, int height, gpointer user)
{
	const struct bar *bar = user;
	(void)area;
	set_colour(c, "line");
	cairo_rectangle(c, 0, 0, width, height);
	cairo_fill(c);
	set_colour(c, bar->colour);
	cairo_rectangle(c, 0, 0, width * fmin(1, fmax(0, bar->share)), height);
	cairo_fill(c);
}

/* Its row says the number: to a screen reader the bar is nothing more. */
GtkWidget *today_bar(const char *colour, double share)
{
	struct bar *bar = g_new0(struct bar, 1);
	g_strlcpy(bar->colour, colour, sizeof bar->colour);
	bar->share = share;
	GtkWidget *area = make_area(draw_bar, bar, g_free);
	gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), BAR);
	gtk_widget_set_hexpand(area, TRUE);
	parts_name(area, word(WORD_SHARE_BAR));
	return area;
}

static void draw_swatch(GtkDrawingArea *area, cairo_t *c, int width, int height, gpointer user)
{
	const int what = GPOINTER_TO_INT(user);
	if (what < GROUP_COUNT)
		draw_run(c, (enum state_group)what, 0, width, 0, height);
	else if (what == GROUP_COUNT)
		draw_message(c, GTK_WIDGET(area), width / 2.0, height / 2.0);
	else
		draw_break(c, width / 2.0, height / 2.0, 4.5, what == GROUP_COUNT + 1);
}

static GtkWidget *make_legend(void)
{
	GtkWidget *flow = gtk_flow_box_new();
	gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(flow), GTK_SELECTION_NONE);
	gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(flow), GROUP_COUNT);
	gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(flow), 6);
	return flow;
}

static void add_sign(GtkWidget *flow, int what, enum word name)
{
	GtkWidget *item = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
	GtkWidget *swatch = make_area(draw_swatch, GINT_TO_POINTER(what), NULL);
	gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(swatch), 16);
	gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(swatch), 12);
	gtk_widget_set_valign(swatch, GTK_ALIGN_CENTER);
	gtk_box_append(GTK_BOX(item), swatch);
	gtk_box_append(GTK_BOX(item), parts_label(word(name), "caption"));
	gtk_flow_box_append(GTK_FLOW_BOX(flow), item);
	gtk_widget_set_focusable(gtk_widget_get_parent(item), FALSE);
}

GtkWidget *today_legend(const struct report_summary *const *days, int count)
{
	bool used[GROUP_COUNT] = {false};
	GtkWidget *flow = make_legend();
	for (int i = 0; i < count; i++)
		for (int m = 0; m < REPORT_MINUTES; m++)
			used[group_of_state(days[i]->minutes[m])] = true;
	for (int g = GROUP_GOOD; g < GROUP_COUNT; g++)
		if (used[g])
			add_sign(flow, g, word_of_group((enum state_group)g));
	return flow;
}

GtkWidget *today_signs(void)
{
	GtkWidget *flow = make_legend();
	add_sign(flow, GROUP_COUNT, WORD_MARK_MESSAGE);
	add_sign(flow, GROUP_COUNT + 1, WORD_MARK_TAKEN);
	add_sign(flow, GROUP_COUNT + 2, WORD_MARK_SKIPPED);
	return flow;
}
