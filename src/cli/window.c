#include "base/text.h"
#include "cli/cli.h"
#include "control/window.h"

#include <getopt.h>
#include <stddef.h>

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
	"window",
	"[now|today|exercises|diary|settings|calibrate|preview|evidence|stretch|care|checklist]",
	N_("Open the window"),
	N_("At a page, or at what covers the pages for a while: calibration, the camera's picture, "
	   "what was\n"
	   "measured for the last message, a stretch (stretch:side-bend), the care questions, the "
	   "walk through\n"
	   "the workstation.\n"),
	run,
};

static int run_preview(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{"source", required_argument, NULL, 's'}, {0}};
	const char *source = NULL;
	int status, got;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		source = optarg;
	}
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));
	return cli_window("preview", source);
}

const struct command command_preview = {
	"preview", N_("[--source SOURCE]"), N_("See what the camera and the program see"),
	N_("In the window: landmarks, the horizon, your upright place, the numbers and the verdict "
	   "in words.\n"
	   "SOURCE is v4l2:DEVICE or replay:FILE_OR_FOLDER[@fps][,loop]. Nothing is stored.\n"),
	run_preview,
};
