/* `unknot checklist`: a walk through the workstation, remembered for corrections to refer to. */
#include "cli/ask.h"

#include "base/text.h"
#include "control/control.h"

#include <getopt.h>
#include <stdio.h>
#include <time.h>

static void print_when(const struct answers *a)
{
	char text[32];
	const time_t seconds = (time_t)(a->answered_ms / 1000);
	struct tm local;
	snprintf(text, sizeof text, "%s", _("never"));
	if (a->answered_ms != 0 && localtime_r(&seconds, &local) != NULL)
		strftime(text, sizeof text, "%Y-%m-%d", &local);
	printf(_("answered: %s\n"), text);
}

static void print_advice(const struct care_question *questions, int count, const struct answers *a)
{
	int wrong = 0;
	for (int i = 0; i < count; i++)
		if (a->of[i] == ANSWER_NO) {
			printf("%s%2d. %s\n", wrong == 0 ? _("\nWorth changing:\n") : "", wrong + 1,
			       _(questions[i].advice));
			wrong++;
		}
	if (wrong == 0)
		puts(_("\nNothing to change that you know of."));
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{"state-dir", required_argument, NULL, 's'},
	                                        {"show", no_argument, NULL, 'S'}, {0}};
	const struct care_question *questions;
	const int count = care_checks(&questions);
	struct answers answers;
	struct error error;
	const char *dir = NULL;
	bool show = false;
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		if (got == 's')
			dir = optarg;
		else
			show = true;
	}
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));
	const struct asking how = {.name = KNOWN_CHECKLIST, .dir = dir,
	                           .questions = questions, .count = count,
	                           .show = show};
	status = ask_all(&how, &answers, NULL);
	if (status != CLI_DONE)
		return status;
	if (show)
		print_when(&answers);
	const bool kept = show || ask_remember(&how, &answers, &error);
	print_advice(questions, count, &answers);
	if (!show)
		/* corrections refer to the answers */
		control_call("Reload", NULL, 0, false, NULL, NULL);
	fflush(stdout);
	return kept ? CLI_DONE : cli_fail(&error);
}

const struct command command_checklist = {
	"checklist", N_("[--show] [--state-dir DIR]"), N_("Walk through your workstation"),
	N_("Asks about chair, lumbar support, feet, knees, elbows, wrists, keyboard and screen, "
	"says what to\n"
	"change, and remembers the answers: corrections refer to them. --show tells them without "
	"asking.\n"),
	run,
};
