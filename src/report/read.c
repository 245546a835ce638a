/* Days of a history, as a report wants them. */
#include "report/report.h"

#include "base/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 1 << 22 };

struct report_day report_day_before(const struct report_day *day)
{
	return report_day_of(day->from_ms - 1);
}

struct report_day report_days_before(struct report_day day, int days)
{
	while (days-- > 0)
		day = report_day_before(&day);
	return day;
}

void report_file_name(const struct report_day *a, const struct report_day *b, const char *extension,
                      char name[REPORT_NAME_SIZE])
{
	if (a->from_ms == b->from_ms)
		snprintf(name, REPORT_NAME_SIZE, "%04d-%02d-%02d.%s", b->year,
		         b->month, b->day, extension);
	else
		snprintf(name, REPORT_NAME_SIZE, "%04d-%02d-%02d-to-%04d-%02d-%02d.%s",
		         a->year, a->month, a->day, b->year, b->month, b->day, extension);
}

/* What was in force on that day stands in the report that the daemon wrote. */
static struct report_context context_of(const struct report_source *from,
                                        const struct report_day *day)
{
	struct report_context context = from->context;
	char path[PATH_SIZE], name[REPORT_NAME_SIZE];
	report_file_name(day, day, "json", name);
	if (from->reports != NULL && path_join(path, from->reports, name, NULL)) {
		char *text = path_read_file(path, FILE_LIMIT, NULL, NULL);
		if (text != NULL)
			report_context_read(&context, text);
		free(text);
	}
	return context;
}

bool report_read(const struct report_source *from, const struct report_day *day,
                 struct report_summary *s, struct error *error)
{
	const struct report_context context = context_of(from, day);
	return report_summarise(from->store, day, &context, s, error);
}

/* Days before the history began are no trend. */
static void drop_empty(struct report_days *d)
{
	int empty = 0;
	while (empty < d->count - d->shown && d->list[empty]->covered_s <= 0)
		free(d->list[empty++]);
	d->count -= empty;
	memmove(d->list, d->list + empty, (size_t)d->count * sizeof *d->list);
}

bool report_days_read(struct report_days *d, const struct report_source *from,
                      const struct report_day *first,
                      const struct report_day *last, bool trend, struct error *error)
{
	struct report_day day = *first;
	*d = (struct report_days){.count = 0};
	if (trend)
		day = report_days_before(*last, REPORT_TREND_DAYS - 1);
	if (day.from_ms > first->from_ms)
		day = *first;
	for (; day.from_ms <= last->from_ms; day = report_day_next(&day)) {
		if (d->count == REPORT_DAYS_MAX)
			return error_set(error, 0,
			                 "report: a page holds at most %d days; ask for fewer",
			                 REPORT_DAYS_MAX);
		struct report_summary *s = malloc(sizeof *s);
		if (s == NULL)
			return error_set(error, 0, "%s: out of memory", "report");
		d->list[d->count++] = s;
		d->shown += day.from_ms >= first->from_ms;
		if (!report_read(from, &day, s, error))
			return false;
	}
	drop_empty(d);
	return true;
}

void report_days_free(struct report_days *d)
{
	for (int i = 0; i < d->count; i++)
		free(d->list[i]);
	d->count = d->shown = 0;
}

const struct report_summary *const *report_days_shown(const struct report_days *d)
{
	return (const struct report_summary *const *)d->list + d->count - d->shown;
}

static bool has_page(const char *dir, const struct report_day *day)
{
	char name[REPORT_NAME_SIZE], path[PATH_SIZE];
	report_file_name(day, day, "html", name);
	return path_join(path, dir, name, NULL) && access(path, R_OK) == 0;
}

struct report_links report_links_of(const struct report_day *day, const char *dir)
{
	struct report_links links = {.previous = {0}};
	struct report_day before = *day, after = *day;
	for (int i = 0; i < REPORT_TREND_DAYS; i++) {
		before = report_day_before(&before);
		after = report_day_next(&after);
		if (links.previous.year == 0 && has_page(dir, &before))
			links.previous = before;
		if (links.next.year == 0 && has_page(dir, &after))
			links.next = after;
	}
	return links;
}
