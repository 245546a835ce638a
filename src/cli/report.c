#include "cli/cli.h"

#include "base/clock.h"
#include "base/paths.h"
#include "base/text.h"
#include "config/config.h"
#include "control/control.h"
#include "report/report.h"

#include <errno.h>
#include <getopt.h>
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	OPT_DAY = 1, OPT_FROM, OPT_TO, OPT_WEEK, OPT_MONTH, OPT_FORMAT, OPT_OUTPUT, OPT_OPEN,
	OPT_DETAILS, OPT_STATE
};
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_HTML };

enum { WEEK = 7, MONTH = 30 };

static const struct option options[] = {
	{"day", required_argument, NULL, OPT_DAY},
	{"date", required_argument, NULL, OPT_DAY},
	{"from", required_argument, NULL, OPT_FROM},
	{"to", required_argument, NULL, OPT_TO},
	{"week", no_argument, NULL, OPT_WEEK},
	{"month", no_argument, NULL, OPT_MONTH},
	{"format", required_argument, NULL, OPT_FORMAT},
	{"output", required_argument, NULL, OPT_OUTPUT},
	{"open", no_argument, NULL, OPT_OPEN},
	{"details", no_argument, NULL, OPT_DETAILS},
	{"state-dir", required_argument, NULL, OPT_STATE},
	{0},
};

struct request {
	struct report_day first, last;
	int days; /* that many, up to the last; 0: from the first on */
	enum format format;
	bool open, details, formatted; /* the last: --format was given */
	const char *output, *state_dir;
};

/* One day's text in the wanted format; free() it. */
static char *one_day(const struct report_source *from, const struct report_day *day,
                     const struct request *r, bool header, struct error *error)
{
	struct report_summary *s = malloc(sizeof *s);
	char *text = NULL;
	if (s == NULL)
		error_set(error, 0, "%s: out of memory", "report");
	else if (report_read(from, day, s, error)) {
		text = r->format == FORMAT_JSON ? report_json(s)
		     : r->format == FORMAT_CSV ? report_csv(s, header) : report_text(s, r->details);
		if (text == NULL)
			error_set(error, 0, "%s: out of memory", "report");
	}
	free(s);
	return text;
}

/* All days one after the other: JSON days as an array when there are several. */
static bool write_days(const struct report_source *from, const struct request *r,
                       FILE *to, struct error *error)
{
	const bool list = r->format == FORMAT_JSON && r->last.from_ms > r->first.from_ms;
	if (list)
		fputs("[\n", to);
	for (struct report_day day = r->first; day.from_ms <= r->last.from_ms;
	     day = report_day_next(&day)) {
		const bool first = day.from_ms == r->first.from_ms;
		char *text = one_day(from, &day, r, first, error);
		if (text == NULL)
			return false;
		if (!first)
			fputs(list ? ",\n" : r->format == FORMAT_TEXT ? "\n" : "", to);
		fputs(text, to);
		free(text);
	}
	fputs(list ? "\n]\n" : r->format == FORMAT_JSON ? "\n" : "", to);
	return true;
}

/* What needs all days at once: the page, and the text of several. */
static bool write_page(const struct report_source *from, const struct request *r,
                       const char *reports, FILE *to, struct error *error)
{
	struct report_days *d = calloc(1, sizeof *d);
	char *text = NULL;
	const bool page = r->format == FORMAT_HTML;
	bool good = (d != NULL || error_set(error, 0, "%s: out of memory", "report")) &&
	            report_days_read(d, from, &r->first, &r->last, page, error);
	if (good) {
		const struct report_summary *const *days =
			(const struct report_summary *const *)d->list;
		/* A day's page that lies beside others is linked with them. */
		const bool beside = page && r->output == NULL && r->open && d->shown == 1;
		const struct report_links links = beside ? report_links_of(&r->last, reports)
		                                         : (struct report_links){.previous = {0}};
		text = page ? report_html(days, d->count, d->shown, &links)
		            : report_text_days(days, d->count);
		good = text != NULL || error_set(error, 0, "%s: out of memory", "report");
	}
	if (good)
		fputs(text, to);
	free(text);
	if (d != NULL)
		report_days_free(d);
	free(d);
	return good;
}

/* With the program that the desktop has for pages. */
static bool open_page(const char *path, struct error *error)
{
	char *whole = realpath(path, NULL);
	char *uri = whole != NULL ? g_filename_to_uri(whole, NULL, NULL) : NULL;
	GAppInfo *app = g_app_info_get_default_for_type("text/html", FALSE);
	GList list = {.data = uri};
	const bool good = uri != NULL && app != NULL &&
	                  g_app_info_launch_uris(app, &list, NULL, NULL);
	if (!good)
		error_set(error, 0, "%.150s: written, but no program for pages starts; open it "
		                      "in a browser",
		          path);
	g_clear_object(&app);
	g_free(uri);
	free(whole);
	return good;
}

/* Beside the daily reports. */
static bool page_path(const struct request *r, const char *reports, char path[PATH_SIZE],
                      struct error *error)
{
	char name[REPORT_NAME_SIZE];
	report_file_name(&r->first, &r->last, "html", name);
	return path_make_dir(reports, error) && path_join(path, reports, name, error);
}

/* ---- the command ---- */

static bool load_context(struct report_context *context, struct error *error)
{
	struct config config = config_default();
	char path[PATH_SIZE];
	if (!path_config_file(path, error) || !config_load(&config, path, error))
		return false;
	*context = config_report(&config, UNKNOT_VERSION);
	return true;
}

static bool reports_dir(char path[PATH_SIZE], struct error *error)
{
	char data[PATH_SIZE];
	return path_data_dir(data, error) && path_join(path, data, "reports", error);
}

/* Where it was asked to be, else what is opened must be a file; else standard output. */
static bool put_text(const struct request *r, const char *reports, const char *text, size_t size,
                     struct error *error)
{
	char path[PATH_SIZE];
	if (r->output == NULL && !r->open)
		return fwrite(text, 1, size, stdout) == size ||
		       error_set(error, 0, "standard output: closed");
	if (r->output != NULL)
		snprintf(path, sizeof path, "%s", r->output);
	else if (!page_path(r, reports, path, error))
		return false;
	return path_write_file(path, text, size, error) && (!r->open || open_page(path, error));
}

static bool write_all(const struct report_source *from, const struct request *r,
                      const char *reports, struct error *error)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return error_set(error, 0, "%s: out of memory", "report");
	const bool several = r->last.from_ms > r->first.from_ms;
	const bool together = r->format == FORMAT_HTML ||
	                      (r->format == FORMAT_TEXT && several && !r->details);
	bool good = together ? write_page(from, r, reports, to, error)
	                     : write_days(from, r, to, error);
	good = (fclose(to) == 0 || error_set(error, 0, "%s: out of memory", "report")) && good;
	good = good && put_text(r, reports, text, size, error);
	free(text);
	return good;
}

static int write_report(const struct request *r)
{
	struct error error;
	char state[PATH_SIZE], reports[PATH_SIZE];
	struct report_source from = {0};
	if (r->state_dir != NULL)
		snprintf(state, sizeof state, "%s", r->state_dir);
	else if (!path_state_dir(state, &error))
		return cli_fail(&error);
	/* Reading makes no history where a name was mistyped. */
	if (r->state_dir != NULL && access(state, F_OK) != 0) {
		error_set(&error, errno, "%s: %s", state, strerror(errno));
		return cli_fail(&error);
	}
	if (!reports_dir(reports, &error) || !load_context(&from.context, &error))
		return cli_fail(&error);
	/* A running daemon commits what it holds, so that the report is up to the minute. */
	if (r->state_dir == NULL) {
		control_call("WriteReport", NULL, 0, false, NULL, NULL);
		from.reports = reports;
	}
	from.store = store_open(state, NULL, &error);
	const bool good = from.store != NULL && write_all(&from, r, reports, &error);
	store_close(from.store);
	return good ? CLI_DONE : cli_fail(&error);
}

static bool take_day(const struct command *c, const char *option, struct report_day *day)
{
	struct clock clock = clock_real();
	if (report_day_parse(optarg, clock_now(&clock).wall_ms, day))
		return true;
	cli_usage(c, N_("%s %s: a day of the calendar is needed, as YYYY-MM-DD, today or "
	                "yesterday"), option, cli_shown(optarg));
	return false;
}

static bool take_format(const struct command *c, enum format *format)
{
	static const char *const names[] = {"text", "json", "csv", "html"};
	for (int i = 0; i < 4; i++)
		if (strcmp(optarg, names[i]) == 0) {
			*format = (enum format)i;
			return true;
		}
	cli_usage(c, N_("--format %s: text, json, csv or html"), cli_shown(optarg));
	return false;
}

static int run(const struct command *c, int argc, char **argv)
{
	struct clock clock = clock_real();
	struct request r = {.first = report_day_of(clock_now(&clock).wall_ms)};
	int got, status;
	r.last = r.first;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		bool good = true;
		switch (got) {
		case CLI_OPTIONS_STOP: return status;
		case OPT_DAY:
			good = take_day(c, "--day", &r.first);
			r.last = r.first;
			break;
		case OPT_FROM: good = take_day(c, "--from", &r.first); break;
		case OPT_TO: good = take_day(c, "--to", &r.last); break;
		case OPT_FORMAT:
			good = take_format(c, &r.format);
			r.formatted = true;
			break;
		case OPT_WEEK: r.days = WEEK; break;
		case OPT_MONTH: r.days = MONTH; break;
		case OPT_OPEN: r.open = true; break;
		case OPT_DETAILS: r.details = true; break;
		case OPT_OUTPUT: r.output = optarg; break;
		case OPT_STATE: r.state_dir = optarg; break;
		}
		if (!good)
			return CLI_USAGE;
	}
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));
	if (r.open && !r.formatted)
		r.format = FORMAT_HTML;
	if (r.open && r.format != FORMAT_HTML)
		return cli_usage(c, N_("--open: needs --format html"));
	if (r.days > 0)
		r.first = report_days_before(r.last, r.days - 1);
	if (r.last.from_ms < r.first.from_ms)
		return cli_usage(c, N_("--from is after --to, which is today unless it is said"));
	return write_report(&r);
}

const struct command command_report = {
	"report", N_("[OPTIONS]"), N_("Show how a day was"),
	N_("  --day DAY               YYYY-MM-DD, today (the default) or yesterday\n"
	"  --week, --month         the 7, the 30 days up to it\n"
	"  --from DAY --to DAY     several days\n"
	"  --format text|json|csv|html\n"
	"                          text is the default; html is a page for a browser\n"
	"  --details               with measures and strain, every day in full\n"
	"  --output FILE           write it there\n"
	"  --open                  show the page in the browser\n"
	"  --state-dir DIR         another history\n"),
	run,
};
