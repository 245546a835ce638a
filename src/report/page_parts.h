/* Inside the report: what the sections of the page are built of. Private to this room. */
#ifndef UNKNOT_REPORT_PAGE_PARTS_H
#define UNKNOT_REPORT_PAGE_PARTS_H

#include "report/chart.h"
#include "report/html.h"

/* A section with its heading; closed by page_close. */
void page_open(FILE *, const char *id, enum word heading);
void page_close(FILE *);
/* A table that may be wider than the page: it scrolls by itself, by keyboard too. `folded`: behind
 * a summary line. The heads are a list of words ended by WORD_COUNT; the first is for the row
 * headings. */
void page_open_table(FILE *, enum word about, const enum word *heads, bool folded);
void page_close_table(FILE *, bool folded);

/* A number of one day's JSON. */
void page_data(FILE *, const struct report_summary *, const char *path, double value, int digits,
               const char *text);
/* The same, added up over days: "2026-03-07+7:sitting.total_s" are seven of them. */
void page_sum(FILE *, const struct report_summary *const *days, int count,
              const char *path, double value, int digits, const char *text);
/* A cell of it: a duration, a count. */
void page_duration(FILE *, const struct report_summary *, const char *path,
                   double seconds, int digits);
void page_count(FILE *, const struct report_summary *, const char *path, int count);

/* Of the colours that occur in these days. */
void page_legend(FILE *, const struct report_summary *const *days, int count);

#endif
