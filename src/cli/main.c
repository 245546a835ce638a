#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_status,  &command_calibrate, &command_preview, &command_report, &command_break,
	&command_pause,   &command_resume,    &command_snooze,  &command_explain, &command_analyze,
	&command_doctor,  &command_config,    &command_bench,
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_overview(FILE *to)
{
	fputs("usage: unknot COMMAND [OPTIONS]\n\n"
	      "unknot watches how you sit and says, rarely and precisely, what to change.\n\n", to);
	for (int i = 0; i < COMMAND_COUNT; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n`unknot COMMAND --help` tells more about one. The watching itself is done by unknotd.\n",
	      to);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_overview(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("unknot " UNKNOT_VERSION);
		return CLI_DONE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_overview(stdout);
		return CLI_DONE;
	}
	for (int i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return commands[i]->run(commands[i], argc - 1, argv + 1);
	fprintf(stderr, "unknot: %s: no such command; `unknot --help` lists them\n", argv[1]);
	return CLI_USAGE;
}
