#include "base/near.h"
#include "base/output.h"
#include "base/text.h"
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command *const commands[] = {
	&command_status, &command_report, &command_break,  &command_pause,  &command_resume,
	&command_snooze, &command_explain, &command_events,
	&command_pain, &command_care, &command_checklist, &command_tray, &command_window,
	&command_preview,
	&command_profile, &command_doctor, &command_config, &command_bench,
};

static const struct {
	const char *name, *summary;
} vision_commands[] = {
	{"calibrate", CALIBRATE_SUMMARY},
	{"stretch", STRETCH_SUMMARY},
	{"analyze", ANALYZE_SUMMARY},
	{"evaluate", EVALUATE_SUMMARY},
};

static const struct {
	const char *name, *summary;
} own_commands[] = {
	{"help", HELP_SUMMARY},
	{"version", VERSION_SUMMARY},
};

enum {
	COMMANDS = sizeof commands / sizeof *commands,
	VISION_COMMANDS = sizeof vision_commands / sizeof *vision_commands,
	OWN_COMMANDS = sizeof own_commands / sizeof *own_commands,
};

static void print_overview(FILE *to)
{
	fputs(_("usage: unknot COMMAND [OPTIONS]\n\n"
	        "unknot watches how you sit and says, rarely and precisely, what to change.\n\n"),
	      to);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, _(commands[i]->summary));
	for (int i = 0; i < VISION_COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", vision_commands[i].name, _(vision_commands[i].summary));
	for (int i = 0; i < OWN_COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", own_commands[i].name, _(own_commands[i].summary));
	fputs(_("\n`unknot help COMMAND` tells more about one. The watching itself is done by "
	        "unknotd.\n"), to);
}

/* Beside this program (a build folder), else where it was installed. Returns only when it
 * failed. */
static int run_vision(char **argv)
{
	char path[PATH_MAX];
	if (cli_beside(path, "unknot-vision"))
		execv(path, argv);
	execv(UNKNOT_LIBEXEC "/unknot-vision", argv);
	fprintf(stderr, _("unknot: %s: not there; install unknot again\n"),
	        UNKNOT_LIBEXEC "/unknot-vision");
	return CLI_FAILED;
}

static int no_such_command(const char *given)
{
	const int near = 2;
	const char *best = NULL;
	int least = near + 1;
	for (int i = 0; i < COMMANDS + VISION_COMMANDS + OWN_COMMANDS; i++) {
		const int vision = i - COMMANDS, own = vision - VISION_COMMANDS;
		const char *name = vision < 0 ? commands[i]->name
		                 : own < 0    ? vision_commands[vision].name
		                              : own_commands[own].name;
		const int d = near_distance(given, name);
		if (d < least) {
			least = d;
			best = name;
		}
	}
	if (best != NULL)
		fprintf(stderr, _("unknot: %s: no such command; did you mean `unknot %s`?\n"),
		        given, best);
	else
		fprintf(stderr, _("unknot: %s: no such command; `unknot help` lists them\n"),
		        cli_shown(given));
	return CLI_USAGE;
}

/* `unknot help COMMAND` is `unknot COMMAND --help`. */
static char **as_option(char **argv)
{
	static char help[] = "--help";
	static char *turned[4];
	turned[0] = argv[0];
	turned[1] = argv[2];
	turned[2] = help;
	return turned;
}

/* They have no more to tell than the overview says. */
static bool is_own(const char *name)
{
	for (int i = 0; i < OWN_COMMANDS; i++)
		if (strcmp(own_commands[i].name, name) == 0)
			return true;
	return false;
}

static int run(int argc, char **argv)
{
	text_init();
	if (argc < 2) {
		print_overview(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
		puts("unknot " UNKNOT_VERSION);
		return CLI_DONE;
	}
	if (strcmp(argv[1], "--table") == 0) {
		cli_table(commands, COMMANDS);
		return CLI_DONE;
	}
	const bool help = strcmp(argv[1], "help") == 0;
	if (help && argc > 2 && !is_own(argv[2])) {
		argv = as_option(argv);
	} else if (help || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_overview(stdout);
		return CLI_DONE;
	}
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return commands[i]->run(commands[i], argc - 1, argv + 1);
	for (int i = 0; i < VISION_COMMANDS; i++)
		if (strcmp(argv[1], vision_commands[i].name) == 0)
			return run_vision(argv);
	return no_such_command(argv[1]);
}

int main(int argc, char **argv)
{
	return output_finish("unknot", run(argc, argv));
}
