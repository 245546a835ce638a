#include "window/today_read.h"

#include "control/control.h"
#include "window/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
	struct today_wish wish;
	enum today_format format;
	char *path;
};

static void free_job(gpointer job)
{
	g_free(((struct job *)job)->path);
	g_free(job);
}

void today_found_free(struct today_found *found)
{
	if (found == NULL)
		return;
	report_days_free(&found->days);
	g_free(found);
}

static void free_found(gpointer found)
{
	today_found_free(found);
}

static void fail(GTask *task, const struct error *error)
{
	g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", error->text);
}

/* NULL: the error is set. */
static struct today_found *read_days(const struct today_wish *wish, struct history *h, bool trend,
				     struct error *error)
{
	struct today_found *found = g_new0(struct today_found, 1);
	if (wish->fresh)
		control_call("WriteReport", NULL, 0, false, NULL, NULL);
	if (!history_open(h, false, error)) {
		g_free(found);
		return NULL;
	}
	found->any = history_any(h);
	if (h->source.store == NULL ||
	    report_days_read(&found->days, &h->source, &wish->first, &wish->last, trend, error))
		return found;
	today_found_free(found);
	history_close(h);
	return NULL;
}

static void run_read(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	const struct job *job = data;
	struct history history;
	struct error error = {0};
	(void)source, (void)cancellable;
	struct today_found *found = read_days(&job->wish, &history, false, &error);
	if (found == NULL) {
		fail(task, &error);
		return;
	}
	history_close(&history);
	g_task_return_pointer(task, found, free_found);
}

void today_read(const struct today_wish *wish, GCancellable *cancellable, GAsyncReadyCallback done,
		gpointer user)
{
	struct job *job = g_new0(struct job, 1);
	GTask *task = g_task_new(NULL, cancellable, done, user);
	job->wish = *wish;
	g_task_set_task_data(task, job, free_job);
	g_task_run_in_thread(task, run_read);
	g_object_unref(task);
}

struct today_found *today_read_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_pointer(G_TASK(result), error);
}

/* ---- files ---- */

const char *today_extension(enum today_format format)
{
	static const char *const of[] = {"html", "txt", "csv", "json"};
	return of[format];
}

/* One after the other; JSON as a list when there are several. */
static char *several(const struct report_summary *const *days, int count, enum today_format format)
{
	char *text = NULL;
	size_t size;
	bool good = true;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	const bool list = format == TODAY_JSON && count > 1;
	fputs(list ? "[\n" : "", to);
	for (int i = 0; i < count; i++) {
		char *day = format == TODAY_CSV ? report_csv(days[i], i == 0)
		                                : report_json(days[i]);
		good = good && day != NULL;
		fprintf(to, "%s%s", list && i > 0 ? ",\n" : "", day != NULL ? day : "");
		free(day);
	}
	fputs(list ? "\n]\n" : format == TODAY_JSON ? "\n" : "", to);
	if (fclose(to) == 0 && good)
		return text;
	free(text);
	return NULL;
}

static char *text_of(const struct report_days *d, enum today_format format,
                     const struct report_links *links)
{
	const struct report_summary *const *all = (const struct report_summary *const *)d->list;
	const struct report_summary *const *days = report_days_shown(d);
	switch (format) {
	case TODAY_PAGE: return report_html(all, d->count, d->shown, links);
	case TODAY_TEXT: return d->shown == 1 ? report_text(days[0], true)
	                                      : report_text_days(days, d->shown);
	case TODAY_CSV: case TODAY_JSON: break;
	}
	return several(days, d->shown, format);
}

static bool name_page(const struct today_wish *wish, const struct history *h, char path[PATH_SIZE],
		      struct error *error)
{
	char name[REPORT_NAME_SIZE];
	report_file_name(&wish->first, &wish->last, today_extension(TODAY_PAGE), name);
	return path_make_dir(h->reports, error) && path_join(path, h->reports, name, error);
}

static void run_save(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	const struct job *job = data;
	struct history history;
	struct error error = {0};
	char path[PATH_SIZE];
	(void)source, (void)cancellable;
	struct today_found *found = read_days(&job->wish, &history, job->format == TODAY_PAGE,
	                                      &error);
	if (found == NULL) {
		fail(task, &error);
		return;
	}
	const bool beside = job->path == NULL && found->days.shown == 1;
	const struct report_links links = beside ? report_links_of(&job->wish.last, history.reports)
						 : (struct report_links){.previous = {0}};
	char *text = found->days.shown > 0 ? text_of(&found->days, job->format, &links) : NULL;
	bool good = text != NULL || error_set(&error, 0, "%s: out of memory", "report");
	if (good && job->path == NULL)
		good = name_page(&job->wish, &history, path, &error);
	else if (good)
		g_strlcpy(path, job->path, sizeof path);
	good = good && path_write_file(path, text, strlen(text), &error);
	free(text);
	today_found_free(found);
	history_close(&history);
	if (good)
		g_task_return_pointer(task, g_strdup(path), g_free);
	else
		fail(task, &error);
}

void today_save(const struct today_wish *wish, enum today_format format, const char *path,
		GAsyncReadyCallback done, gpointer user)
{
	struct job *job = g_new0(struct job, 1);
	GTask *task = g_task_new(NULL, NULL, done, user);
	*job = (struct job){*wish, format, g_strdup(path)};
	g_task_set_task_data(task, job, free_job);
	g_task_run_in_thread(task, run_save);
	g_object_unref(task);
}
