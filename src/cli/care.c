/* `unknot care`: the short questionnaire that ends at a doctor, or not. */
#include "cli/ask.h"

#include "base/text.h"

#include <getopt.h>
#include <stdio.h>

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{"state-dir", required_argument, NULL, 's'}, {0}};
	const struct care_question *questions;
	const int count = care_red_flags(&questions);
	struct answers answers;
	const char *dir = NULL;
	bool yes[ANSWERS_MAX] = {false};
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		dir = optarg;
	}
	if (optind < argc)
		return cli_usage(c, "%s: takes no argument", argv[optind]);
	puts(_("Ten questions about your back. The answers stay on this machine. What comes of them is\n"
	       "advice, not a diagnosis.\n"));
	status = ask_all("care", dir, questions, count, false, &answers);
	if (status != CLI_DONE)
		return status;
	for (int i = 0; i < count; i++)
		yes[i] = answers.of[i] == ANSWER_YES;
	const enum care_reason reason = care_flags(yes);
	if (reason != CARE_NOTHING)
		printf("\n%s\n", care_advice(reason));
	else
		puts(_("\nNone of the signs that call for a doctor. If pain lasts beyond two weeks, becomes\n"
		       "severe or one of these appears, see one. For a personal programme: a physical\n"
		       "therapist."));
	return CLI_DONE;
}

const struct command command_care = {
	"care", "[--state-dir DIR]", "Ask whether your back needs a doctor",
	"Yes to any question gives the advice to see one at once. No diagnosis, no drug.\n", run,
};
