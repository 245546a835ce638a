#include "report/chart.h"

#include <math.h>

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
static void put_hours(FILE *to, const struct axis *a, const struct report_summary *s,
                      int top, int bottom)
{
	const int hours = (a->last - a->first) / 60, step = hours <= 12 ? 1 : 2;
	for (int h = 0; h <= hours; h += step) {
		char text[NUMBER_SIZE];
		const double x = at(a, a->first + h * 60);
		const char *anchor = h == 0 ? "start"
		                     : h + step > hours && x > 99 ? "end" : "middle";
		html_print(to, "<line class=\"grid\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%d\" "
		               "y2=\"%d\"/>", x, x,
		           top, bottom);
		html_print(to, "<text class=\"tick%s\" x=\"%.2f%%\" y=\"%d\" "
		               "text-anchor=\"%s\">%s</text>",
		           h / step % 2 != 0 ? " odd" : "", x, bottom + 15, anchor,
		           hour_text(text, s, a->first + h * 60));
	}
	fputc('\n', to);
}

/* ---- one number ---- */

void chart_ring(FILE *to, double score)
{
	const double r = 52, around = 2 * 3.14159265358979 * r;
	html_print(to, "<svg class=\"ring\" viewBox=\"0 0 120 120\" aria-hidden=\"true\">"
	           "<circle class=\"track\" cx=\"60\" cy=\"60\" r=\"%.0f\"/>", r);
	if (score > 0)
		html_print(to, "<circle class=\"arc\" cx=\"60\" cy=\"60\" r=\"%.0f\" "
		           "stroke-dasharray=\"%.1f %.1f\" transform=\"rotate(-90 60 60)\"/>",
		           r, around * score / 100, around);
	char text[NUMBER_SIZE];
	html_print(to,
	           "<text x=\"60\" y=\"60\" dy=\"0.35em\" text-anchor=\"middle\">%s</text></svg>\n",
	           score >= 0 ? number_plain(text, score, 0) : "\u2013");
}

void chart_bar(FILE *to, const char *class, double share)
{
	html_print(to,
	           "<svg class=\"bar\" aria-hidden=\"true\"><rect class=\"track\" "
	           "width=\"100%%\" height=\"100%%\" rx=\"4\"/><rect class=\"%s\" width=\"%.2f%%\" "
	           "height=\"100%%\" rx=\"4\"/></svg>", class, 100 * fmin(1, fmax(0, share)));
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
	html_print(to, "<svg class=\"range\" aria-hidden=\"true\">");
	if (m->banded)
		html_print(to,
		           "<rect class=\"band\" x=\"%.1f%%\" width=\"%.1f%%\" height=\"100%%\"/>",
		           (band_low - low) * scale, (fmin(high, m->high) - band_low) * scale);
	html_print(to, "<rect class=\"spread\" x=\"%.1f%%\" width=\"%.1f%%\" y=\"5\" height=\"6\" "
	           "rx=\"3\"/>"
	           "<circle class=\"median\" cx=\"%.1f%%\" cy=\"8\" r=\"4\"/></svg>",
	           (m->p10 - low) * scale, (m->p90 - m->p10) * scale, (m->p50 - low) * scale);
}

/* ---- the day ---- */

void chart_patterns(FILE *to)
{
	fputs("<svg class=\"defs\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>"
	      "<pattern id=\"stripes\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
	      "patternTransform=\"rotate(45)\"><rect class=\"call\" width=\"7\" height=\"7\"/>"
	      "<rect class=\"veil\" width=\"2.5\" height=\"7\"/></pattern></defs></svg>\n", to);
}

void axis_stand(enum state_group g, double h, double *y, double *height)
{
	const double thin = g == GROUP_AWAY ? 0.12 : g == GROUP_OFF ? 0.04 : 1;
	*height = fmax(h * thin, 1.5);
	*y = (h - *height) / 2;
}

static void put_run(FILE *to, const struct axis *a, int first, int end,
                    enum state_group g, double top, double h)
{
	double y, height;
	axis_stand(g, h, &y, &height);
	html_print(to,
	           "<rect class=\"%s\" x=\"%.3f%%\" y=\"%.1f\" width=\"%.3f%%\" height=\"%.1f\"",
	           group_class(g), at(a, first), top + y, at(a, end) - at(a, first), height);
}

static void put_states(FILE *to, const struct axis *a, const struct report_summary *s,
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
		put_run(to, a, m, end, group_of_state(state), top, h);
		fputs("><title>", to);
		html_text(to, number_words(text, WORD_FROM_TO,
		                           number_clock(from, s, s->day.from_ms + m * 60000LL),
		                           number_clock(until, s, s->day.from_ms + end * 60000LL)));
		html_print(to, " ");
		html_word(to, word_of_state(state));
		fputs("</title></rect>\n", to);
	}
}

static double minute_of(const struct report_summary *s, int64_t wall_ms)
{
	return (double)(wall_ms - s->day.from_ms) / 60000;
}

static void put_messages(FILE *to, const struct axis *a, const struct report_summary *s, int y)
{
	for (int i = 0; i < s->alert_count && i < REPORT_ALERTS; i++) {
		char text[NUMBER_SIZE];
		const double x = at(a, minute_of(s, s->alerts[i].wall_ms));
		html_print(to, "<svg class=\"mark\" x=\"%.2f%%\" y=\"%d\"><path class=\"message\" "
		           "d=\"M0 -5 5 0 0 5 -5 0Z\"/><title>", x, y);
		html_text(to, number_clock(text, s, s->alerts[i].wall_ms));
		fputc(' ', to);
		html_text(to, s->alerts[i].text);
		fputs("</title></svg>\n", to);
	}
}

static void put_breaks(FILE *to, const struct axis *a, const struct report_summary *s, int y)
{
	for (int i = 0; i < s->break_count && i < REPORT_BREAKS; i++) {
		char text[NUMBER_SIZE];
		const struct store_break *b = &s->breaks[i];
		const int64_t when = b->end_ms > 0 ? b->start_ms : b->due_ms;
		const bool movement = b->kind == BREAK_MOVEMENT;
		html_print(to,
		           "<circle class=\"break %s %s\" cx=\"%.2f%%\" cy=\"%d\" r=\"%s\"><title>",
		           b->outcome == BREAK_TAKEN ? "taken" : "missed",
		           movement ? "movement" : "micro",
		           at(a, minute_of(s, when)), y, movement ? "5.5" : "3.5");
		html_text(to, number_clock(text, s, when));
		fputc(' ', to);
		html_word(to, movement ? WORD_BREAK_MOVEMENT : WORD_BREAK_MICRO);
		fputs(", ", to);
		html_word(to, b->outcome == BREAK_TAKEN ? WORD_TAKEN
		            : b->outcome == BREAK_CUT_SHORT ? WORD_CUT_SHORT : WORD_SKIPPED);
		fputs("</title></circle>\n", to);
	}
}

static void open_image(FILE *to, const char *class, int height, enum word about, const char *first,
                       const char *second)
{
	html_print(to, "<svg class=\"%s\" width=\"100%%\" height=\"%d\" role=\"img\" aria-label=\"",
	           class, height);
	html_words(to, about, first, second, NULL);
	fputs("\">\n", to);
}

void chart_ribbon(FILE *to, const struct axis *a, const struct report_summary *s)
{
	enum { TOP = 18, HEIGHT = 60, BREAKS = TOP + HEIGHT + 14, BOTTOM = BREAKS + 12 };
	char from[NUMBER_SIZE], until[NUMBER_SIZE];
	open_image(to, "ribbon", BOTTOM + 20, WORD_RIBBON_ABOUT, hour_text(from, s, a->first),
	           hour_text(until, s, a->last));
	put_hours(to, a, s, TOP - 4, BOTTOM);
	put_states(to, a, s, TOP, HEIGHT);
	put_messages(to, a, s, 8);
	put_breaks(to, a, s, BREAKS);
	fputs("</svg>\n", to);
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

static void put_path(FILE *to, const struct axis *a, const struct scale *c,
                     const struct report_curve *curve, int sign, int first, int end)
{
	const int zero = a->first;
	/* Round the shade: along the one edge, back along the other. */
	fputs("<path class=\"shade\" d=\"M", to);
	for (int i = first; i < end; i++)
		html_print(to, "%d %.1f ", i * REPORT_SLOT_MIN - zero + REPORT_SLOT_MIN / 2,
		           up(c, sign * (double)curve->slots[i].p90));
	for (int i = end - 1; i >= first; i--)
		html_print(to, "%d %.1f ", i * REPORT_SLOT_MIN - zero + REPORT_SLOT_MIN / 2,
		           up(c, sign * (double)curve->slots[i].p10));
	fputs("Z\"/><path class=\"line\" d=\"M", to);
	for (int i = first; i < end; i++)
		html_print(to, "%d %.1f ", i * REPORT_SLOT_MIN - zero + REPORT_SLOT_MIN / 2,
		           up(c, sign * (double)curve->slots[i].p50));
	if (end - first == 1) /* a dot: a line of no length with round ends */
		fputs("h0.01", to);
	fputs("\"/>\n", to);
}

static void put_levels(FILE *to, const struct scale *c)
{
	for (int i = 0; i <= c->lines; i++) {
		const double v = c->low + i * c->step;
		html_print(to, "<line class=\"grid%s\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>",
		           fabs(v) < c->step / 2 ? " zero" : "", up(c, v), up(c, v));
	}
	fputc('\n', to);
}

static void put_level_names(FILE *to, const struct scale *c)
{
	for (int i = 0; i <= c->lines; i++) {
		char text[NUMBER_SIZE];
		const double v = c->low + i * c->step;
		html_print(to, "<text class=\"tick halo\" x=\"0\" y=\"%.1f\">%s</text>",
		           up(c, v) - 3, number_plain(text, v, 0));
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
	open_image(to, "curve", BOTTOM + 20, title, NULL, NULL);
	const double top = up(&c, fmin(stripe->high, c.high)),
	             bottom = up(&c, fmax(stripe->low, c.low));
	if (bottom > top)
		html_print(to,
		           "<rect class=\"band\" width=\"100%%\" y=\"%.1f\" height=\"%.1f\"/>\n",
		           top, bottom - top);
	put_hours(to, a, s, TOP, BOTTOM);
	put_levels(to, &c);
	/* Along in minutes, stretched to the width; upward in pixels. */
	html_print(to, "<svg width=\"100%%\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	           "preserveAspectRatio=\"none\">\n", BOTTOM, a->last - a->first, BOTTOM);
	for (int i = 0, end; i < REPORT_SLOTS; i = end) {
		end = i + 1;
		if (isnan(curve->slots[i].p50))
			continue;
		while (end < REPORT_SLOTS && !isnan(curve->slots[end].p50))
			end++;
		put_path(to, a, &c, curve, sign, i, end);
	}
	fputs("</svg>\n", to);
	put_level_names(to, &c);
	fputs("\n</svg>\n", to);
}
