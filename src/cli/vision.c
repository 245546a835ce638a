/* unknot-vision: the commands of unknot that look at pictures. Run by unknot, with its
 * arguments. */
#include "base/output.h"
#include "base/text.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static int run(int argc, char **argv)
{
	static const struct command *const commands[] = {&command_analyze, &command_calibrate,
	                                                 &command_evaluate, &command_stretch};
	enum { COMMANDS = sizeof commands / sizeof *commands };
	text_init();
	if (argc > 1 && strcmp(argv[1], "--table") == 0) {
		cli_table(commands, COMMANDS);
		return CLI_DONE;
	}
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return commands[i]->run(commands[i], argc - 1, argv + 1);
	fputs(_("unknot-vision: run `unknot analyze`, `unknot calibrate` or `unknot stretch`\n"),
	      stderr);
	return CLI_USAGE;
}

int main(int argc, char **argv)
{
	return output_finish("unknot", run(argc, argv));
}
