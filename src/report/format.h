/* Inside the report: how times, dates and foreign text are written. Private to this room. */
#ifndef UNKNOT_REPORT_FORMAT_H
#define UNKNOT_REPORT_FORMAT_H

#include "report/report.h"

#include <stddef.h>
#include <time.h>

/* The local time that was then: with the offset recorded, wherever the report is made; as TZ has it
 * where none was, and for NULL. */
struct tm format_local(const struct report_summary *, int64_t wall_ms);
/* RFC 3339 with that offset: "2026-03-09T09:40:00+01:00". */
enum { FORMAT_TIME_SIZE = 40, FORMAT_DATE_SIZE = 16 };
void format_time(const struct report_summary *, int64_t wall_ms, char text[FORMAT_TIME_SIZE]);
/* "2026-03-09" */
void format_date(const struct report_day *, char text[FORMAT_DATE_SIZE]);

#endif
