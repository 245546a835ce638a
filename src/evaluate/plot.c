/* Errors against what could cause them: a grid of scatter plots as one SVG, a row per score, a
 * column each for the true eye distance, yaw and pitch. Grey points look down and are not part of
 * the table. */
#include "evaluate/evaluate.h"

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

static void plot_frame(FILE *to, const struct axis *a, enum score_id id,
                       double most, double x, double y)
{
	const double zero = y + CELL_HEIGHT / 2.0, band = score_limit(id) / most * CELL_HEIGHT / 2;
	fprintf(to, "<rect class='band' x='%.1f' y='%.1f' width='%d' height='%.1f'/>\n",
	        x, zero - band, CELL_WIDTH, 2 * band);
	fprintf(to, "<rect class='frame' x='%.1f' y='%.1f' width='%d' height='%d'/>\n",
	        x, y, CELL_WIDTH, CELL_HEIGHT);
	fprintf(to, "<path class='zero' d='M%.1f %.1fh%d'/>\n", x, zero, CELL_WIDTH);
	fprintf(to, "<text x='%.1f' y='%.1f'>%.0f</text><text class='end' x='%.1f' "
	            "y='%.1f'>%.0f</text>\n", x,
	        y + CELL_HEIGHT + 13, a->low, x + CELL_WIDTH, y + CELL_HEIGHT + 13, a->high);
	fprintf(to, "<text class='middle' x='%.1f' y='%.1f'>%s</text>\n", x + CELL_WIDTH / 2.0,
	        y + CELL_HEIGHT + 13, a->name);
	fprintf(to, "<text class='end' x='%.1f' y='%.1f'>%.1f</text>\n", x - 4, y + 9, most);
	fprintf(to, "<text class='end' x='%.1f' y='%.1f'>%.1f</text>\n",
	        x - 4, y + CELL_HEIGHT, -most);
}

static void plot_points(FILE *to, const struct evaluation *e, int column, const struct axis *a,
                        enum score_id id, double most, double x, double y)
{
	for (size_t i = 0; i < e->count; i++) {
		const struct scored *row = &e->rows[i];
		const double value = cause(row, column);
		if (!score_counts(row, id) || !isfinite(value))
			continue;
		const double error = row->scores[id].got - row->scores[id].truth;
		fprintf(to, "<circle class='%s' cx='%.1f' cy='%.1f' r='2.2'/>\n",
		        row->expected == POSTURE_LOOKING_DOWN ? "down" : "point",
		        x + (value - a->low) / (a->high - a->low) * CELL_WIDTH,
		        y + CELL_HEIGHT / 2.0 - error / most * CELL_HEIGHT / 2);
	}
}

bool evaluate_write_plots(const struct evaluation *e, const char *path, struct error *error)
{
	FILE *to = fopen(path, "w");
	if (to == NULL)
		return error_set(error, errno, "%s: cannot be written", path);
	const int width = LEFT + COLUMNS * (CELL_WIDTH + LEFT), step = CELL_HEIGHT + GAP + 20;
	fprintf(to, "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
	        "font-family='sans-serif' font-size='11'>\n<style>rect.frame{fill:none;stroke:#888}"
	        ".band{fill:#2a9d8f;opacity:.12}.zero{stroke:#888;fill:none}"
	        ".point{fill:#1f6f8b;opacity:.8}"
	        ".down{fill:#999;opacity:.8}.end{text-anchor:end}.middle{text-anchor:middle}"
	        ".title{font-size:14px}</style>\n<rect width='100%%' height='100%%' fill='#fff'/>\n"
	        "<text class='title' x='%d' y='20'>Error (measured - true); the band is what the "
	        "project allows a mean error to be</text>\n", width, TOP + SCORE_COUNT * step,
	        LEFT);
	for (int id = 0; id < SCORE_COUNT; id++) {
		const double y = TOP + id * step + 14, most = largest(e, (enum score_id)id);
		fprintf(to, "<text class='title' x='%d' y='%.1f'>%s</text>\n", LEFT, y - 4,
		        score_name((enum score_id)id));
		for (int column = 0; column < COLUMNS; column++) {
			const struct axis a = axis_of(e, column);
			const double x = LEFT + column * (CELL_WIDTH + LEFT);
			plot_frame(to, &a, (enum score_id)id, most, x, y);
			plot_points(to, e, column, &a, (enum score_id)id, most, x, y);
		}
	}
	fputs("</svg>\n", to);
	const bool good = !ferror(to);
	return (fclose(to) == 0 && good) || error_set(error, errno, "%s: cannot be written", path);
}
