/* Inside the window: how a day and several days look on the page Today. */
#ifndef UNKNOT_WINDOW_TODAY_H
#define UNKNOT_WINDOW_TODAY_H

#include "report/chart.h"
#include "window/window.h"

/* What the pictures and rows below are made of stays with the caller, for as long as they are
 * there. */

/* today_draw.c. A ring filled to the score; score < 0: empty. */
GtkWidget *today_ring(double score);
/* The day as a band of states, messages above, breaks below; under the pointer what was when. */
GtkWidget *today_ribbon(const struct report_summary *);
/* A day as one line of many on one axis, and the hours below them. */
GtkWidget *today_strip(const struct axis *, const struct report_summary *);
GtkWidget *today_hours(const struct axis *);
/* A share of a whole, in a colour of the style sheet. */
GtkWidget *today_bar(const char *colour, double share);
/* Of the colours that occur in these days. */
GtkWidget *today_legend(const struct report_summary *const *days, int count);
/* Of the marks above and below the band. */
GtkWidget *today_signs(void);

/* today_rows.c: the sections, into a column. */
void today_say_first(GtkWidget *column, const struct report_summary *const *days, int count);
void today_postures(GtkWidget *column, const struct report_summary *const *days, int count);
void today_day(GtkWidget *column, const struct report_summary *);
/* today_details.c: measures, strain, thresholds, folded. */
void today_details(GtkWidget *column, const struct report_summary *);
/* A row for each day; `chosen` is told when one is to be seen in full. */
typedef void today_chosen_fn(void *user, const struct report_day *);
void today_days(GtkWidget *column, const struct report_summary *const *days,
                int count, today_chosen_fn *chosen, void *user);

#endif
