/* Inside the report: numbers as people read them, into text[NUMBER_SIZE], which is returned. For
 * the room, and for who shows a report in a toolkit's own widgets. */
#ifndef UNKNOT_REPORT_NUMBER_H
#define UNKNOT_REPORT_NUMBER_H

#include "report/words.h"

enum { NUMBER_SIZE = 96 };
/* The table's text filled in. */
const char *number_words(char *text, enum word, const char *first, const char *second);
const char *number_plain(char *text, double v, int digits);
const char *number_duration(char *text, double seconds); /* "6 h 10 min", "5 min", "40 s" */
const char *number_percent(char *text, double share);
/* With the unit that the measure's name ends with. */
const char *number_measure(char *text, enum measure_id, double v, int digits);
const char *number_clock(char *text, const struct report_summary *, int64_t wall_ms); /* "09:40" */
/* The pattern's %A %a (weekday), %e (day), %B %b (month), %Y as strftime(3) has them, but in the
 * language of the texts: a system without that locale's dates still has these words. */
const char *number_date(char *text, const struct report_day *, enum word pattern);
/* "0\u00b0 to 20\u00b0", "below 4", "above 45"; an end that is not finite is open. */
const char *number_band(char *text, double low, double high, enum word unit);

#endif
