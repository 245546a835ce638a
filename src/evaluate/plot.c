/* Errors against what could cause them: a grid of scatter plots as one SVG, a row per score, a
 * column each for the true eye distance, yaw and pitch. Grey points look down and are not part of
 * the table. */
#include "evaluate/evaluate.h"

#include "base/svg.h"

#include <errno.h>
#include <math.h>

enum { COLUMNS = 3, CELL_WIDTH = 300, CELL_HEIGHT = 150, LEFT = 52, TOP = 40, GAP = 34 };

struct axis {
	const char *name;
	double low, high;
};

static double cause(const struct scored *row, int column)
{
	return column == 0 ? row->distance_cm : column == 1 ? row->yaw_deg : row->pitch_deg;
}

/* Round limits around all true values of a column. */
static struct axis axis_of(const struct evaluation *e, int column)
{
	static const char *const names[COLUMNS] = {"eye distance, cm", "yaw to the left, deg",
	                                           "pitch down, deg"};
	struct axis a = {names[column], INFINITY, -INFINITY};
	for (size_t i = 0; i < e->count; i++) {
		const double x = cause(&e->rows[i], column);
		if (isfinite(x)) {
			a.low = fmin(a.low, x);
			a.high = fmax(a.high, x);
		}
	}
	a.low = floor(a.low / 10) * 10;
	a.high = ceil(a.high / 10) * 10;
	if (!(a.high > a.low))
		a.high = a.low + 10;
	return a;
}

static double largest(const struct evaluation *e, enum score_id id)
{
	double most = 1.2 * score_limit(id);
	for (size_t i = 0; i < e->count; i++)
		if (score_counts(&e->rows[i], id))
			most = fmax(most,
			            fabs(e->rows[i].scores[id].got - e->rows[i].scores[id].truth));
	return most;
}

static void plot_number(struct svg *p, const char *class, double x, double y, int digits,
                        double value)
{
	char text[32];
	snprintf(text, sizeof text, "%.*f", digits, value);
	svg_letters(p, class, x, y, NULL, text);
}

static void plot_frame(struct svg *p, const struct axis *a, enum score_id id,
                       double most, double x, double y)
{
	const double zero = y + CELL_HEIGHT / 2.0, band = score_limit(id) / most * CELL_HEIGHT / 2;
	const double below = y + CELL_HEIGHT + 13;
	svg_rect(p, "band", x, zero - band, CELL_WIDTH, 2 * band);
	svg_rect(p, "frame", x, y, CELL_WIDTH, CELL_HEIGHT);
	svg_line(p, "zero", x, zero, x + CELL_WIDTH, zero);
	plot_number(p, NULL, x, below, 0, a->low);
	plot_number(p, "end", x + CELL_WIDTH, below, 0, a->high);
	svg_letters(p, "middle", x + CELL_WIDTH / 2.0, below, NULL, a->name);
	plot_number(p, "end", x - 4, y + 9, 1, most);
	plot_number(p, "end", x - 4, y + CELL_HEIGHT, 1, -most);
}

static void plot_points(struct svg *p, const struct evaluation *e, int column, const struct axis *a,
                        enum score_id id, double most, double x, double y)
{
	for (size_t i = 0; i < e->count; i++) {
		const struct scored *row = &e->rows[i];
		const double value = cause(row, column);
		if (!score_counts(row, id) || !isfinite(value))
			continue;
		const double error = row->scores[id].got - row->scores[id].truth;
		svg_open_circle(p, row->expected == POSTURE_LOOKING_DOWN ? "down" : "point",
		                x + (value - a->low) / (a->high - a->low) * CELL_WIDTH,
		                y + CELL_HEIGHT / 2.0 - error / most * CELL_HEIGHT / 2, 2.2);
		svg_close(p);
	}
}

static void open_plots(struct svg *p, int width, int height)
{
	svg_file(p, width, height, "");
	svg_is(p, "font-family", "sans-serif");
	svg_is(p, "font-size", "11");
	svg_open(p, "style");
	svg_text(p, "rect.frame{fill:none;stroke:#888}.band{fill:#2a9d8f;opacity:.12}"
	            ".zero{stroke:#888;fill:none}.point{fill:#1f6f8b;opacity:.8}"
	            ".down{fill:#999;opacity:.8}.end{text-anchor:end}.middle{text-anchor:middle}"
	            ".title{font-size:14px}.ground{fill:#fff}");
	svg_close(p);
	svg_rect(p, "ground", 0, 0, width, height);
	svg_letters(p, "title", LEFT, 20, NULL, "Error (measured - true); the band is what the "
	                                        "project allows a mean error to be");
}

bool evaluate_write_plots(const struct evaluation *e, const char *path, struct error *error)
{
	FILE *to = fopen(path, "w");
	if (to == NULL)
		return error_set(error, errno, "%s: cannot be written", path);
	const int width = LEFT + COLUMNS * (CELL_WIDTH + LEFT), step = CELL_HEIGHT + GAP + 20;
	struct svg p = svg_on(to, "", 1);
	open_plots(&p, width, TOP + SCORE_COUNT * step);
	for (int id = 0; id < SCORE_COUNT; id++) {
		const double y = TOP + id * step + 14, most = largest(e, (enum score_id)id);
		svg_letters(&p, "title", LEFT, y - 4, NULL, score_name((enum score_id)id));
		for (int column = 0; column < COLUMNS; column++) {
			const struct axis a = axis_of(e, column);
			const double x = LEFT + column * (CELL_WIDTH + LEFT);
			plot_frame(&p, &a, (enum score_id)id, most, x, y);
			plot_points(&p, e, column, &a, (enum score_id)id, most, x, y);
		}
	}
	svg_close(&p);
	const bool good = !ferror(to);
	return (fclose(to) == 0 && good) || error_set(error, errno, "%s: cannot be written", path);
}
