#include "report/chart.h"

#include <math.h>

/* Percents along: on a page as wide as a screen a thousandth of one is seen by nobody. */
enum { DIGITS = 3 };

/* ---- the hours along ---- */

struct axis axis_of(const struct report_summary *const *days, int count)
{
	struct axis a = {REPORT_MINUTES, 0};
	for (int i = 0; i < count; i++)
		for (int m = 0; m < REPORT_MINUTES; m++)
			if (days[i]->minutes[m] != 0) {
				a.first = m < a.first ? m : a.first;
				a.last = m >= a.last ? m + 1 : a.last;
			}
	if (a.last <= a.first)
		return (struct axis){9 * 60, 17 * 60};
	a.first = a.first / 60 * 60;
	a.last = (a.last + 59) / 60 * 60;
	/* An hour by itself would be stretched beyond all reason. */
	while (a.last - a.first < 4 * 60) {
		a.last += a.last < REPORT_MINUTES ? 60 : 0;
		a.first -= a.first > 0 && a.last - a.first < 4 * 60 ? 60 : 0;
	}
	return a;
}

static double at(const struct axis *a, double minute)
{
	return 100 * (minute - a->first) / (a->last - a->first);
}

static const char *hour_text(char *text, const struct report_summary *s, int minute)
{
	return number_clock(text, s, s->day.from_ms + minute * 60000LL);
}

/* Lines from `top` to `bottom` and the hours below. */
static void put_hours(struct svg *p, const struct axis *a, const struct report_summary *s,
                      int top, int bottom)
{
	const int hours = (a->last - a->first) / 60, step = hours <= 12 ? 1 : 2;
	for (int h = 0; h <= hours; h += step) {
		char text[NUMBER_SIZE];
		const double x = at(a, a->first + h * 60);
		const char *anchor = h == 0 ? "start"
		                     : h + step > hours && x > 99 ? "end" : "middle";
		svg_line(p, "grid", x, top, x, bottom);
		svg_letters(p, h / step % 2 != 0 ? "tick odd" : "tick", x, bottom + 15, anchor,
		            hour_text(text, s, a->first + h * 60));
	}
}

/* ---- parts ---- */

/* One that says nothing to who cannot see it: a table has the same. */
static void open_picture(struct svg *p, const char *class, const char *width)
{
	svg_open(p, "svg");
	svg_is(p, "class", class);
	svg_is(p, "aria-hidden", "true");
	if (width != NULL)
		svg_is(p, "width", width);
}

/* From the top to the bottom of its picture. */
static void open_filling(struct svg *p, const char *class, double x, double width)
{
	svg_open(p, "rect");
	svg_is(p, "class", class);
	svg_along(p, "x", x);
	svg_along(p, "width", width);
	svg_is(p, "height", "100%");
}

void chart_title(struct svg *p, const char *const *parts)
{
	svg_open(p, "title");
	for (; *parts != NULL; parts++)
		svg_text(p, *parts);
	svg_close(p);
}

void chart_message(struct svg *p, double x, double y)
{
	static const signed char corners[4][2] = {{0, -5}, {5, 0}, {0, 5}, {-5, 0}};
	svg_open(p, "path");
	svg_is(p, "class", "message");
	svg_begin(p, "d");
	for (int i = 0; i < 4; i++)
		svg_to(p, i == 0 ? 'M' : ' ', x + corners[i][0], y + corners[i][1]);
	fputc('Z', p->to);
	svg_end(p);
	svg_close(p);
}

void chart_stretched(struct svg *p, int width, int height)
{
	svg_open(p, "svg");
	svg_is(p, "width", "100%");
	svg_number(p, "height", height);
	svg_view(p, width, height);
	svg_is(p, "preserveAspectRatio", "none");
}

/* ---- one number ---- */

void chart_ring(FILE *to, double score)
{
	const double r = 52, around = 2 * 3.14159265358979 * r;
	char text[NUMBER_SIZE];
	struct svg p = svg_on(to, "", 1);
	open_picture(&p, "ring", NULL);
	svg_view(&p, 120, 120);
	svg_open_circle(&p, "track", 60, 60, r);
	svg_close(&p);
	if (score > 0) {
		svg_open_circle(&p, "arc", 60, 60, r);
		svg_begin(&p, "stroke-dasharray");
		svg_to(&p, ' ', around * score / 100, around);
		svg_end(&p);
		svg_is(&p, "transform", "rotate(-90 60 60)");
		svg_close(&p);
	}
	svg_open_letters(&p, NULL, 60, 60, "middle");
	svg_is(&p, "dy", "0.35em");
	svg_text(&p, score >= 0 ? number_plain(text, score, 0) : "\u2013");
	svg_close(&p);
	svg_close(&p);
}

void chart_bar(FILE *to, const char *class, double share)
{
	struct svg p = svg_on(to, "%", DIGITS);
	open_picture(&p, "bar", NULL);
	for (int i = 0; i < 2; i++) {
		open_filling(&p, i == 0 ? "track" : class, 0,
		             i == 0 ? 100 : 100 * fmin(1, fmax(0, share)));
		svg_number(&p, "rx", 4);
		svg_close(&p);
	}
	svg_close(&p);
}

void chart_range(FILE *to, const struct report_measure *m)
{
	/* From 10th to 90th percentile and the edges that the band has, with some air. */
	double low = fmin(m->p10, m->p90), high = fmax(m->p10, m->p90);
	for (int i = 0; i < 2; i++) {
		const double edge = i == 0 ? m->low : m->high;
		low = isfinite(edge) ? fmin(low, edge) : low;
		high = isfinite(edge) ? fmax(high, edge) : high;
	}
	/* visible in a double */
	const double air = fmax((high - low) * 0.08, fmax(0.5, 1e-6 * fabs(low)));
	low -= air;
	high += air;
	const double scale = 100 / (high - low), band_low = m->banded ? fmax(low, m->low) : low;
	struct svg p = svg_on(to, "%", DIGITS);
	open_picture(&p, "range", NULL);
	if (m->banded) {
		open_filling(&p, "band", (band_low - low) * scale,
		             (fmin(high, m->high) - band_low) * scale);
		svg_close(&p);
	}
	svg_open_rect(&p, "spread", (m->p10 - low) * scale, 5, (m->p90 - m->p10) * scale, 6);
	svg_number(&p, "rx", 3);
	svg_close(&p);
	svg_open_circle(&p, "median", (m->p50 - low) * scale, 8, 4);
	svg_close(&p);
	svg_close(&p);
}

/* ---- the day ---- */

void chart_patterns(FILE *to)
{
	struct svg p = svg_on(to, "", DIGITS);
	open_picture(&p, "defs", "0");
	svg_is(&p, "height", "0");
	svg_open(&p, "defs");
	svg_open(&p, "pattern");
	svg_is(&p, "id", "stripes");
	svg_number(&p, "width", 7);
	svg_number(&p, "height", 7);
	svg_is(&p, "patternUnits", "userSpaceOnUse");
	svg_is(&p, "patternTransform", "rotate(45)");
	svg_rect(&p, "call", 0, 0, 7, 7);
	svg_rect(&p, "veil", 0, 0, 2.5, 7);
	while (p.depth > 0)
		svg_close(&p);
}

void axis_stand(enum state_group g, double h, double *y, double *height)
{
	const double thin = g == GROUP_AWAY ? 0.12 : g == GROUP_OFF ? 0.04 : 1;
	*height = fmax(h * thin, 1.5);
	*y = (h - *height) / 2;
}

static void open_run(struct svg *p, const struct axis *a, int first, int end,
                     enum state_group g, double top, double h)
{
	double y, height;
	axis_stand(g, h, &y, &height);
	svg_open_rect(p, group_class(g), at(a, first), top + y, at(a, end) - at(a, first), height);
}

static void put_states(struct svg *p, const struct axis *a, const struct report_summary *s,
                       int top, int h)
{
	for (int m = a->first, end; m < a->last && m < REPORT_MINUTES; m = end) {
		char from[NUMBER_SIZE], until[NUMBER_SIZE], text[NUMBER_SIZE];
		const int state = s->minutes[m];
		for (end = m + 1; end < a->last && end < REPORT_MINUTES && s->minutes[end] == state;
		     end++)
			;
		if (state == 0)
			continue;
		open_run(p, a, m, end, group_of_state(state), top, h);
		number_words(text, WORD_FROM_TO,
		             number_clock(from, s, s->day.from_ms + m * 60000LL),
		             number_clock(until, s, s->day.from_ms + end * 60000LL));
		chart_title(p, (const char *const[]){text, " ", word(word_of_state(state)), NULL});
		svg_close(p);
	}
}

static double minute_of(const struct report_summary *s, int64_t wall_ms)
{
	return (double)(wall_ms - s->day.from_ms) / 60000;
}

static void put_messages(struct svg *p, const struct axis *a, const struct report_summary *s,
                         int y)
{
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++) {
		char text[NUMBER_SIZE];
		const double x = at(a, minute_of(s, s->alerts[i].wall_ms));
		svg_open(p, "svg");
		svg_is(p, "class", "mark");
		svg_along(p, "x", x);
		svg_number(p, "y", y);
		chart_message(p, 0, 0);
		chart_title(p, (const char *const[]){
			number_clock(text, s, s->alerts[i].wall_ms), " ", s->alerts[i].text, NULL,
		});
		svg_close(p);
	}
}

static void put_breaks(struct svg *p, const struct axis *a, const struct report_summary *s,
                       int y)
{
	for (int i = 0; i < s->break_count && i < REPORT_BREAKS; i++) {
		char text[NUMBER_SIZE];
		const struct store_break *b = &s->breaks[i];
		const int64_t when = b->end_ms > 0 ? b->start_ms : b->due_ms;
		const bool movement = b->kind == BREAK_MOVEMENT, taken = b->outcome == BREAK_TAKEN;
		static const char *const classes[2][BREAK_KINDS] = {
			{"break missed micro", "break missed movement"},
			{"break taken micro", "break taken movement"},
		};
		svg_open_circle(p, classes[taken][movement], at(a, minute_of(s, when)), y,
		                movement ? 5.5 : 3.5);
		chart_title(p, (const char *const[]){
			number_clock(text, s, when), " ",
			word(movement ? WORD_BREAK_MOVEMENT : WORD_BREAK_MICRO), ", ",
			word(taken ? WORD_TAKEN
			     : b->outcome == BREAK_CUT_SHORT ? WORD_CUT_SHORT : WORD_SKIPPED),
			NULL,
		});
		svg_close(p);
	}
}

/* One that is told of: with a label. */
static void open_image(struct svg *p, const char *class, int height, enum word about,
                       const char *first, const char *second)
{
	svg_open(p, "svg");
	svg_is(p, "class", class);
	svg_is(p, "width", "100%");
	svg_number(p, "height", height);
	svg_is(p, "role", "img");
	svg_begin(p, "aria-label");
	html_words(p->to, about, first, second, NULL);
	svg_end(p);
}

void chart_ribbon(FILE *to, const struct axis *a, const struct report_summary *s)
{
	enum { TOP = 18, HEIGHT = 60, BREAKS = TOP + HEIGHT + 14, BOTTOM = BREAKS + 12 };
	char from[NUMBER_SIZE], until[NUMBER_SIZE];
	struct svg p = svg_on(to, "%", DIGITS);
	open_image(&p, "ribbon", BOTTOM + 20, WORD_RIBBON_ABOUT, hour_text(from, s, a->first),
	           hour_text(until, s, a->last));
	put_hours(&p, a, s, TOP - 4, BOTTOM);
	put_states(&p, a, s, TOP, HEIGHT);
	put_messages(&p, a, s, 8);
	put_breaks(&p, a, s, BREAKS);
	svg_close(&p);
}

/* ---- a measure through the day ---- */

struct scale {
	double low, high, step;
	int lines, top, height; /* a line at low, and so many steps above it */
};

static double up(const struct scale *c, double v)
{
	return c->top + c->height * (c->high - fmin(c->high, fmax(c->low, v))) / (c->high - c->low);
}

/* Around four fifths of all times and the stripe's finite edges, on round numbers. */
static struct scale scale_of(const struct report_curve *curve, int sign,
                             const struct chart_stripe *stripe, int top, int height)
{
	struct scale c = {HUGE_VAL, -HUGE_VAL, 1, 0, top, height};
	for (int i = 0; i < REPORT_SLOTS; i++) {
		const struct report_slot *slot = &curve->slots[i];
		if (isnan(slot->p50))
			continue;
		c.low = fmin(c.low, sign * (double)(sign > 0 ? slot->p10 : slot->p90));
		c.high = fmax(c.high, sign * (double)(sign > 0 ? slot->p90 : slot->p10));
	}
	const double edges[] = {stripe->low, stripe->high};
	for (int i = 0; i < 2; i++)
		/* An edge far from all of it is left out: it would flatten the line. */
		if (isfinite(edges[i]) && edges[i] > c.low - 15 && edges[i] < c.high + 15) {
			c.low = fmin(c.low, edges[i]);
			c.high = fmax(c.high, edges[i]);
		}
	if (!(c.low <= c.high))
		return c;
	/* 1, 2, 5, 10, ...: at most four of them. */
	static const double factors[] = {2, 2.5, 2};
	for (int i = 0; (c.high - c.low) / c.step > 4; i++)
		c.step *= factors[i % 3];
	c.low = floor(c.low / c.step - 0.2) * c.step;
	c.lines = (int)lround((ceil(c.high / c.step + 0.2) * c.step - c.low) / c.step);
	c.high = c.low + c.lines * c.step;
	return c;
}

static int middle_of(const struct axis *a, int slot)
{
	return slot * REPORT_SLOT_MIN - a->first + REPORT_SLOT_MIN / 2;
}

static void put_path(struct svg *p, const struct axis *a, const struct scale *c,
                     const struct report_curve *curve, int sign, int first, int end)
{
	/* Round the shade: along the one edge, back along the other. */
	svg_open(p, "path");
	svg_is(p, "class", "shade");
	svg_begin(p, "d");
	for (int i = first; i < end; i++)
		svg_to(p, i == first ? 'M' : ' ', middle_of(a, i),
		       up(c, sign * (double)curve->slots[i].p90));
	for (int i = end - 1; i >= first; i--)
		svg_to(p, ' ', middle_of(a, i), up(c, sign * (double)curve->slots[i].p10));
	fputc('Z', p->to);
	svg_end(p);
	svg_close(p);
	svg_open(p, "path");
	svg_is(p, "class", "line");
	svg_begin(p, "d");
	for (int i = first; i < end; i++)
		svg_to(p, i == first ? 'M' : ' ', middle_of(a, i),
		       up(c, sign * (double)curve->slots[i].p50));
	if (end - first == 1) /* a dot: a line of no length with round ends */
		svg_to(p, 'l', 0.01, 0);
	svg_end(p);
	svg_close(p);
}

static void put_levels(struct svg *p, const struct scale *c)
{
	for (int i = 0; i <= c->lines; i++) {
		const double v = c->low + i * c->step;
		svg_line(p, fabs(v) < c->step / 2 ? "grid zero" : "grid", 0, up(c, v), 100,
		         up(c, v));
	}
}

static void put_level_names(struct svg *p, const struct scale *c)
{
	for (int i = 0; i <= c->lines; i++) {
		char text[NUMBER_SIZE];
		const double v = c->low + i * c->step;
		svg_letters(p, "tick halo", 0, up(c, v) - 3, NULL, number_plain(text, v, 0));
	}
}

void chart_curve(FILE *to, const struct axis *a, const struct report_summary *s,
                 const struct report_curve *curve, int sign, const struct chart_stripe *stripe,
                 enum word title)
{
	enum { TOP = 14, HEIGHT = 110, BOTTOM = TOP + HEIGHT };
	const struct scale c = scale_of(curve, sign, stripe, TOP, HEIGHT);
	if (c.lines == 0)
		return;
	struct svg p = svg_on(to, "%", DIGITS);
	open_image(&p, "curve", BOTTOM + 20, title, NULL, NULL);
	const double top = up(&c, fmin(stripe->high, c.high)),
	             bottom = up(&c, fmax(stripe->low, c.low));
	if (bottom > top)
		svg_rect(&p, "band", 0, top, 100, bottom - top);
	put_hours(&p, a, s, TOP, BOTTOM);
	put_levels(&p, &c);
	chart_stretched(&p, a->last - a->first, BOTTOM); /* along in minutes */
	for (int i = 0, end; i < REPORT_SLOTS; i = end) {
		end = i + 1;
		if (isnan(curve->slots[i].p50))
			continue;
		while (end < REPORT_SLOTS && !isnan(curve->slots[end].p50))
			end++;
		put_path(&p, a, &c, curve, sign, i, end);
	}
	svg_close(&p);
	put_level_names(&p, &c);
	svg_close(&p);
}
