/* Inside the report: the sections of the page, built of page_parts.h; page.c puts them in order.
 * Private to this room. */
#ifndef UNKNOT_REPORT_PAGE_H
#define UNKNOT_REPORT_PAGE_H

#include "report/page_parts.h"

struct page {
	FILE *to;
	const struct report_summary *const *days; /* in order, the last is the
	                                           * day of a day's page */
	int count;
};

/* page_day.c: one day in full; the postures of several. */
void page_day(FILE *, const struct report_summary *);
void page_postures(FILE *, const struct report_summary *const *days, int count);
/* Folded: measures, strain and points of the one day, thresholds. */
void page_details(const struct page *);
/* How the numbers came about. */
void page_about(const struct page *);
/* page_days.c: several, as strips; as columns. */
void page_strips(const struct page *);
void page_trend(const struct page *, enum word heading);

#endif
