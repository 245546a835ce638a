/* Inside the report: pictures as inline SVG. Private to this room, but for the axis and what stands
 * on it: the window draws a day the same way.
 *
 * They are as wide as the page lets them be: what lies along is in percent, what stands up in
 * pixels, so that letters keep their size on a phone. Each is one image to a screen reader, with a
 * label; the page puts a table with the same numbers below it. Colours are the style sheet's. */
#ifndef UNKNOT_REPORT_CHART_H
#define UNKNOT_REPORT_CHART_H

#include "base/svg.h"
#include "report/html.h"

/* The hours that a picture shows: whole ones around what was recorded, in minutes since 0:00. */
struct axis {
	int first, last;
};
/* NULL days are skipped. */
struct axis axis_of(const struct report_summary *const *days, int count);

/* Where a state's rectangle lies in a band of height h: there it fills the band; who is away leaves
 * a line, and what is not known a thinner one, so that it can be read without colours too. */
void axis_stand(enum state_group, double h, double *y, double *height);
/* The group that has most of the minutes [m, end); none only where nothing is. */
enum state_group axis_group(const struct report_summary *, int m, int end);

/* A ring filled to the score, with the number in it; score < 0: empty. */
void chart_ring(FILE *, double score);
/* The day as a band of states, messages above, breaks below. */
void chart_ribbon(FILE *, const struct axis *, const struct report_summary *);
/* One measure through the day; low and high bound the stripe where it should be. `sign` -1 turns it
 * over. */
struct chart_stripe { double low, high; };
void chart_curve(FILE *, const struct axis *, const struct report_summary *,
                 const struct report_curve *,
                 int sign, const struct chart_stripe *, enum word title);
/* A day as one line of a picture of many. */
void chart_strip(FILE *, const struct axis *, const struct report_summary *);
void chart_strip_hours(FILE *, const struct axis *);
/* Seconds as parts of a bar of the whole width. */
void chart_bar(FILE *, const char *class, double share);
/* 10th to 90th percentile, the median on it. */
void chart_range(FILE *, const struct report_measure *);
/* Hours of sitting, a column per day, and the score below. */
void chart_columns(FILE *, const struct report_summary *const *days, int count);
/* Parts of them: the mark of a message; what a pointer that rests there is told, in parts, NULL
 * after the last; a picture in the whole width of another, whose units along are `width` of its
 * own. Opened, it is to be closed. */
void chart_message(struct svg *, double x, double y);
void chart_title(struct svg *, const char *const *parts);
void chart_stretched(struct svg *, int width, int height);
/* Patterns that the others fill with: once, before them. */
void chart_patterns(FILE *);

#endif
