#include "base/text.h"
#include "cli/cli.h"
#include "control/window.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Returns only when it failed. */
static void become(const char *place, const char *source)
{
	char program[PATH_MAX], name[] = WINDOW_PROGRAM, option[] = "--source";
	char page[256], from[PATH_MAX];
	char *arguments[5] = {name};
	int count = 1;
	if (!cli_beside(program, WINDOW_PROGRAM))
		return;
	snprintf(page, sizeof page, "%s", place);
	if (source != NULL) {
		snprintf(from, sizeof from, "%s", source);
		arguments[count++] = option;
		arguments[count++] = from;
	}
	if (*page != '\0')
		arguments[count++] = page;
	execv(program, arguments);
}

int cli_window(const char *place, const char *source)
{
	struct error error;
	/* The one that the bus starts takes no options. */
	if (source == NULL && window_can_open() && window_open_wait(place))
		return CLI_DONE;
	become(place, source);
	error_set(&error, errno, _("%s: not installed (%s)"), WINDOW_PROGRAM, strerror(errno));
	return cli_fail(&error);
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{0}};
	int status, got;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END)
		if (got == CLI_OPTIONS_STOP)
			return status;
	if (argc - optind > 1)
		return cli_usage(c, N_("%s: one page at a time"), argv[optind + 1]);
	if (optind < argc && !window_is_place(argv[optind]))
		return cli_usage(c, N_("%s: there is no such page"), argv[optind]);
	return cli_window(optind < argc ? argv[optind] : "", NULL);
}

const struct command command_window = {
	"window", "[now|today|exercises|diary|settings|calibrate|preview|evidence|stretch|care|checklist]",
	N_("Open the window"),
	N_("At a page, or at what covers the pages for a while: calibration, the camera's picture, what was\n"
	   "measured for the last message, a stretch (stretch:side-bend), the care questions, the walk through\n"
	   "the workstation.\n"),
	run,
};
