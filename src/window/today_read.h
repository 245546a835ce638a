/* Inside the window: days read, and written into files, while the window goes on. */
#ifndef UNKNOT_WINDOW_TODAY_READ_H
#define UNKNOT_WINDOW_TODAY_READ_H

#include "report/report.h"

#include <gio/gio.h>

struct today_wish {
	struct report_day first, last;
	bool fresh;             /* the last is today: a running daemon
	                         * writes down what it holds first */
};

struct today_found {
	struct report_days days;
	bool any;               /* is there a history at all? */
};

void today_read(const struct today_wish *, GCancellable *, GAsyncReadyCallback, gpointer user);
/* today_found_free the result; NULL after an error or when it was cancelled. */
struct today_found *today_read_finish(GAsyncResult *, GError **);
void today_found_free(struct today_found *);

enum today_format { TODAY_PAGE, TODAY_TEXT, TODAY_CSV, TODAY_JSON };
/* The extension of such a file: "html", "txt", "csv", "json". */
const char *today_extension(enum today_format);
/* Into `path`; for a page NULL is beside the daemon's reports. The result of the GTask is the path,
 * to be freed with g_free. */
void today_save(const struct today_wish *, enum today_format, const char *path, GAsyncReadyCallback,
		gpointer user);

#endif
