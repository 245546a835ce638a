#include "cli/cli.h"

#include "base/clock.h"
#include "base/paths.h"
#include "config/config.h"
#include "control/control.h"
#include "report/report.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_DATE = 1, OPT_FROM, OPT_TO, OPT_FORMAT, OPT_OUTPUT, OPT_STATE };
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

static const struct option options[] = {
	{"date", required_argument, NULL, OPT_DATE},
	{"from", required_argument, NULL, OPT_FROM},
	{"to", required_argument, NULL, OPT_TO},
	{"format", required_argument, NULL, OPT_FORMAT},
	{"output", required_argument, NULL, OPT_OUTPUT},
	{"state-dir", required_argument, NULL, OPT_STATE},
	{0},
};

struct request {
	struct report_day first, last;
	enum format format;
	const char *output, *state_dir;
};

/* One day's text in the wanted format; free() it. */
static char *one_day(struct store *store, const struct report_day *day,
                     const struct report_context *context, enum format format, bool header,
                     struct error *error)
{
	struct report_summary *s = malloc(sizeof *s);
	char *text = NULL;
	if (s == NULL)
		error_set(error, 0, "report: out of memory");
	else if (report_summarise(store, day, context, s, error)) {
		text = format == FORMAT_JSON ? report_json(s)
		     : format == FORMAT_CSV ? report_csv(s, header) : report_text(s);
		if (text == NULL)
			error_set(error, 0, "report: out of memory");
	}
	free(s);
	return text;
}

/* All days into one text: JSON days as an array when there are several. */
static bool write_days(struct store *store, const struct request *r, FILE *to, struct error *error)
{
	struct config config = config_default();
	char path[PATH_SIZE];
	if (!path_config_file(path, error) || !config_load(&config, path, error))
		return false;
	struct report_context context = {.posture = config_posture(&config),
	                                 .breaks = config_breaks(&config)};
	snprintf(context.version, sizeof context.version, "unknot %s", UNKNOT_VERSION);
	snprintf(context.profile, sizeof context.profile, "%.63s", config.profile);
	const bool list = r->format == FORMAT_JSON && r->last.from_ms > r->first.from_ms;
	if (list)
		fputs("[\n", to);
	for (struct report_day day = r->first; day.from_ms <= r->last.from_ms; day = report_day_next(&day)) {
		const bool first = day.from_ms == r->first.from_ms;
		char *text = one_day(store, &day, &context, r->format, first, error);
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

static int write_report(const struct request *r)
{
	struct error error;
	char state[PATH_SIZE], *text = NULL;
	size_t size = 0;
	if (r->state_dir != NULL)
		snprintf(state, sizeof state, "%s", r->state_dir);
	else if (!path_state_dir(state, &error))
		return cli_fail(&error);
	/* A running daemon commits what it holds, so that the report is up to the minute. */
	if (r->state_dir == NULL)
		control_call("WriteReport", NULL, 0, false, NULL, NULL);
	struct store *store = store_open(state, NULL, &error);
	FILE *to = store != NULL ? open_memstream(&text, &size) : NULL;
	bool good = to != NULL && write_days(store, r, to, &error);
	if (to != NULL)
		fclose(to);
	if (good && r->output != NULL)
		good = path_write_file(r->output, text, size, &error);
	else if (good)
		fputs(text, stdout);
	free(text);
	store_close(store);
	return good ? CLI_DONE : cli_fail(&error);
}

static bool take_day(const struct command *c, const char *option, struct report_day *day)
{
	struct clock clock = clock_real();
	if (report_day_parse(optarg, clock_now(&clock).wall_ms, day))
		return true;
	cli_usage(c, "%s %s: YYYY-MM-DD, today or yesterday is needed", option, optarg);
	return false;
}

static bool take_format(const struct command *c, enum format *format)
{
	static const char *const names[] = {"text", "json", "csv"};
	for (int i = 0; i < 3; i++)
		if (strcmp(optarg, names[i]) == 0) {
			*format = (enum format)i;
			return true;
		}
	cli_usage(c, "--format %s: text, json or csv", optarg);
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
		case OPT_DATE:
			good = take_day(c, "--date", &r.first);
			r.last = r.first;
			break;
		case OPT_FROM: good = take_day(c, "--from", &r.first); break;
		case OPT_TO: good = take_day(c, "--to", &r.last); break;
		case OPT_FORMAT: good = take_format(c, &r.format); break;
		case OPT_OUTPUT: r.output = optarg; break;
		case OPT_STATE: r.state_dir = optarg; break;
		}
		if (!good)
			return CLI_USAGE;
	}
	if (optind < argc)
		return cli_usage(c, "%s: takes no argument", argv[optind]);
	if (r.last.from_ms < r.first.from_ms)
		return cli_usage(c, "--to is before --from");
	return write_report(&r);
}

const struct command command_report = {
	"report", "[OPTIONS]", "Show how a day was",
	"  --date DAY              YYYY-MM-DD, today (the default) or yesterday\n"
	"  --from DAY --to DAY     several days\n"
	"  --format text|json|csv  text is the default\n"
	"  --output FILE           write it there\n"
	"  --state-dir DIR         another history\n",
	run,
};
