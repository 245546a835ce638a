/* Pictures of many days. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

/* ---- a day in a line ---- */

enum { STRIP = 16, DIGITS = 3 };

static void open_strip(struct svg *p, const char *class)
{
	svg_open(p, "svg");
	svg_is(p, "class", class);
	svg_is(p, "width", "100%");
	svg_number(p, "height", STRIP);
	svg_is(p, "aria-hidden", "true");
}

enum state_group axis_group(const struct report_summary *s, int m, int end)
{
	int minutes[GROUP_COUNT] = {0};
	int most = GROUP_NONE;
	for (; m < end && m < REPORT_MINUTES; m++)
		minutes[group_of_state(s->minutes[m])]++;
	minutes[GROUP_NONE] = 0;
	for (int g = 0; g < GROUP_COUNT; g++)
		if (minutes[g] > minutes[most])
			most = g;
	return (enum state_group)most;
}

void chart_strip(FILE *to, const struct axis *a, const struct report_summary *s)
{
	const double minutes = a->last - a->first;
	struct svg p = svg_on(to, "%", DIGITS);
	open_strip(&p, "strip");
	svg_line(&p, "grid", 0, STRIP / 2.0, 100, STRIP / 2.0);
	for (int m = a->first, end; m < a->last; m = end) {
		const enum state_group g = axis_group(s, m, m + REPORT_SLOT_MIN);
		end = m + REPORT_SLOT_MIN;
		while (end < a->last && axis_group(s, end, end + REPORT_SLOT_MIN) == g)
			end += REPORT_SLOT_MIN;
		if (g == GROUP_NONE)
			continue;
		const double height = g == GROUP_AWAY ? 3 : g == GROUP_OFF ? 1 : STRIP;
		svg_rect(&p, group_class(g), 100 * (m - a->first) / minutes, (STRIP - height) / 2,
		         100 * (end - m) / minutes, height);
	}
	svg_close(&p);
}

void chart_strip_hours(FILE *to, const struct axis *a)
{
	const int hours = (a->last - a->first) / 60, step = hours <= 12 ? 1 : 2;
	struct svg p = svg_on(to, "%", DIGITS);
	open_strip(&p, "strip hours");
	for (int h = 0; h <= hours; h += step) {
		const char *anchor = h == 0 ? "start" : h == hours ? "end" : "middle";
		char hour[NUMBER_SIZE];
		svg_letters(&p, h / step % 2 != 0 ? "tick odd" : "tick", 100.0 * h / hours, 12,
		            anchor, number_plain(hour, a->first / 60 + h, 0));
	}
	svg_close(&p);
}

/* ---- a column per day ---- */

/* The stacked parts, from the bottom. */
static const enum state_group parts[] = {
	GROUP_GOOD, GROUP_LOW, GROUP_NEAR, GROUP_ASKEW, GROUP_UNSEEN, GROUP_CALL,
};
enum { PARTS = sizeof parts / sizeof *parts };

static double seconds_of_group(const struct report_summary *s, enum state_group g)
{
	double seconds = g == GROUP_CALL ? s->presence_s[PRESENCE_IN_CALL] : 0;
	for (int p = 0; p < POSTURE_COUNT; p++)
		if (group_of_posture((enum posture)p) == g)
			seconds += s->posture_s[p];
	return seconds;
}

static void put_column(struct svg *p, const struct report_summary *s, double x,
                       double width, double bottom, double per_second)
{
	double y = bottom;
	for (int i = 0; i < PARTS; i++) {
		char date[NUMBER_SIZE], length[NUMBER_SIZE];
		const double seconds = seconds_of_group(s, parts[i]), height = seconds * per_second;
		if (height < 0.3)
			continue;
		y -= height;
		svg_open_rect(p, group_class(parts[i]), x, y, width, height);
		chart_title(p, (const char *const[]){
			number_date(date, &s->day, WORD_DATE_TABLE), ", ",
			word(word_of_group(parts[i])), ": ", number_duration(length, seconds), NULL,
		});
		svg_close(p);
	}
}

/* Not more than ten of them; on a narrow page every second goes. */
static void put_dates(struct svg *p, const struct report_summary *const *days, int count, int y)
{
	const int step = (count + 9) / 10;
	for (int i = (count - 1) % step; i < count; i += step) {
		char text[NUMBER_SIZE];
		/* The last of narrow columns would reach beyond the picture. */
		const bool last = i == count - 1 && step > 1;
		svg_letters(p, (count - 1 - i) / step % 2 != 0 ? "tick odd" : "tick",
		            last ? 100 : 100 * (i + 0.5) / count, y, last ? "end" : "middle",
		            number_date(text, &days[i]->day, WORD_DATE_CHART));
	}
}

enum { TOP = 16, HEIGHT = 130, BOTTOM = TOP + HEIGHT, FIRST_LINE = BOTTOM + 26, LINE_STEP = 108 };

/* A line of dots below the columns: one number a day, from 0 to `most`. */
struct line {
	enum word caption;
	int most, top, height;
	double (*value)(const struct report_summary *); /* < 0: not known */
};

static double score_of(const struct report_summary *s)
{
	return s->score;
}

static double pain_of(const struct report_summary *s)
{
	return s->worst_pain;
}

static double line_at(const struct line *l, double value)
{
	return l->top + l->height * (1 - value / l->most);
}

static void put_dots(struct svg *p, const struct line *l, const struct report_summary *const *days,
                     int count)
{
	const int bottom = l->top + l->height;
	svg_letters(p, "caption", 0, l->top - 16, NULL, word(l->caption));
	chart_stretched(p, count * 2, bottom);
	svg_open(p, "path");
	svg_is(p, "class", "line");
	svg_begin(p, "d");
	char command = 'M'; /* days without a number are bridged */
	for (int i = 0; i < count; i++)
		if (l->value(days[i]) >= 0) {
			svg_to(p, command, 2 * i + 1, line_at(l, l->value(days[i])));
			command = 'L';
		}
	svg_end(p);
	svg_close(p);
	svg_close(p);
	for (int i = 0; i < count; i++)
		if (l->value(days[i]) >= 0) {
			char text[NUMBER_SIZE];
			svg_open_circle(p, "dot", 100 * (i + 0.5) / count,
			                line_at(l, l->value(days[i])), 3);
			svg_title(p, number_plain(text, l->value(days[i]), 0));
			svg_close(p);
		}
}

/* Those of which any day has a number. */
static int lines_of(const struct report_summary *const *days, int count, struct line lines[2])
{
	const struct line all[] = {
		{WORD_TREND_SCORE, 100, 0, 60, score_of}, {WORD_TREND_PAIN, 10, 0, 60, pain_of},
	};
	int n = 0;
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < count; i++)
			if (all[k].value(days[i]) >= 0) {
				lines[n] = all[k];
				lines[n].top = FIRST_LINE + 28 + n * LINE_STEP;
				n++;
				break;
			}
	return n;
}

/* Hours from 0 to the most that somebody sat, on a round step. */
struct hours {
	int most, step;
	double per_second;
};

static struct hours hours_of(const struct report_summary *const *days, int count)
{
	double most = 3600;
	for (int i = 0; i < count; i++)
		most = fmax(most, days[i]->presence_s[PRESENCE_PRESENT] +
		                  days[i]->presence_s[PRESENCE_IN_CALL]);
	struct hours h = {.most = (int)ceil(most / 3600)};
	h.step = h.most > 8 ? 4 : h.most > 3 ? 2 : 1;
	h.per_second = HEIGHT / (h.most * 3600.0);
	return h;
}

static void put_level(struct svg *p, double y, enum word unit, int level)
{
	char digits[NUMBER_SIZE], text[NUMBER_SIZE];
	svg_open_letters(p, "tick", 100, y, "end");
	svg_is(p, "dy", "0.35em");
	svg_text(p, number_words(text, unit, number_plain(digits, level, 0), NULL));
	svg_close(p);
}

/* The names of the levels stand in a picture of their own on the left, which no column covers. */
static void put_level_names(struct svg *p, const struct hours *hours, const struct line *lines,
                            int count)
{
	for (int h = 0; h <= hours->most; h += hours->step)
		put_level(p, BOTTOM - h * 3600 * hours->per_second, WORD_HOURS, h);
	for (int i = 0; i < count; i++)
		for (int half = 0; half <= 2; half++)
			put_level(p, line_at(&lines[i], lines[i].most * half / 2.0), WORD_PLAIN,
			          lines[i].most * half / 2);
}

static void put_grid_line(struct svg *p, double y)
{
	svg_line(p, "grid", 0, y, 100, y);
}

static void put_grid(struct svg *p, const struct hours *hours, const struct line *lines, int count)
{
	for (int h = 0; h <= hours->most; h += hours->step)
		put_grid_line(p, BOTTOM - h * 3600 * hours->per_second);
	for (int i = 0; i < count; i++)
		for (int half = 0; half <= 2; half++)
			put_grid_line(p, line_at(&lines[i], lines[i].most * half / 2.0));
}

static void open_hidden(struct svg *p, const char *width, int height)
{
	svg_open(p, "svg");
	svg_is(p, "width", width);
	svg_number(p, "height", height);
	svg_is(p, "aria-hidden", "true");
}

void chart_columns(FILE *to, const struct report_summary *const *days, int count)
{
	struct line lines[2];
	const int line_count = lines_of(days, count, lines);
	const struct hours hours = hours_of(days, count);
	const double width = (count > 10 ? 74.0 : 56.0) / count;
	const int height = line_count > 0 ? lines[line_count - 1].top + lines[0].height + 8
	                                  : FIRST_LINE;
	fputs("<div class=\"columns\" role=\"img\" aria-label=\"", to);
	html_word(to, WORD_TREND_ABOUT);
	fputs("\">\n", to);
	struct svg p = svg_on(to, "%", DIGITS);
	open_hidden(&p, "24", height);
	put_level_names(&p, &hours, lines, line_count);
	svg_close(&p);
	open_hidden(&p, "100%", height);
	put_grid(&p, &hours, lines, line_count);
	for (int i = 0; i < count; i++)
		put_column(&p, days[i], 100 * (i + 0.5) / count - width / 2, width, BOTTOM,
		           hours.per_second);
	put_dates(&p, days, count, BOTTOM + 15);
	for (int i = 0; i < line_count; i++)
		put_dots(&p, &lines[i], days, count);
	svg_close(&p);
	fputs("</div>\n", to);
}
