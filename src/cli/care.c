/* `unknot care`: the questionnaire that ends at a doctor, or not. */
#include "cli/ask.h"

#include "base/clock.h"
#include "base/paths.h"
#include "base/text.h"
#include "control/control.h"
#include "store/known_care.h"

#include <getopt.h>
#include <stdio.h>

static void print_outcome(const struct answers *a, int asked)
{
	bool yes[ANSWERS_MAX] = {false}, no[ANSWERS_MAX] = {false};
	char text[CARE_PARAGRAPHS][CARE_TEXT];
	for (int i = 0; i < asked; i++) {
		yes[i] = a->of[i] == ANSWER_YES;
		no[i] = a->of[i] == ANSWER_NO;
	}
	const struct care_outcome outcome = care_conclude(yes, no, asked);
	const int count = care_says(&outcome, text);
	for (int i = 0; i < count; i++)
		printf("\n%s\n", text[i]);
	if (care_gentle(outcome.reason))
		puts(_("To say so: `unknot care --cleared`."));
}

/* The daemon's exercises follow; without one running there is nobody to tell. */
static void tell_daemon(void)
{
	control_call("Reload", NULL, 0, false, NULL, NULL);
}

static int clear(const char *dir)
{
	char own[PATH_SIZE];
	struct error error;
	struct clock clock = clock_real();
	if (dir == NULL && !path_state_dir(own, &error))
		return cli_fail(&error);
	if (!known_care_clear(dir != NULL ? dir : own, clock_now(&clock).wall_ms, &error))
		return cli_fail(&error);
	tell_daemon();
	puts(_("Noted: it was looked at. All exercises are offered again; leave what you were told "
	       "to leave."));
	puts(care_discomfort());
	return CLI_DONE;
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{"state-dir", required_argument, NULL, 's'},
	                                        {"cleared", no_argument, NULL, 'c'}, {0}};
	struct asking how = {.name = KNOWN_CARE_LIST, .afresh = true, .enough = care_enough};
	struct answers answers;
	struct error error;
	bool cleared = false;
	int got, status, asked;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		if (got == 'c')
			cleared = true;
		else
			how.dir = optarg;
	}
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));
	if (cleared)
		return clear(how.dir);
	how.count = care_red_flags(&how.questions);
	puts(_("Questions about your back, the gravest first. The answers stay on this machine. "
	       "What comes\n"
	       "of them is advice, not a diagnosis. No back pain at all: leave with Ctrl-C.\n"));
	status = ask_all(&how, &answers, &asked);
	if (status != CLI_DONE)
		return status;
	const bool kept = ask_remember(&how, &answers, &error);
	print_outcome(&answers, asked);
	tell_daemon();
	fflush(stdout);
	return kept ? CLI_DONE : cli_fail(&error);
}

const struct command command_care = {
	"care", N_("[--cleared] [--state-dir DIR]"), N_("Ask whether your back needs a doctor"),
	N_("Signs of an emergency come first, and one yes to them ends the questions. After a sign "
	"that needs a\n"
	"doctor today, or severe pain, unknotd offers gentle walking or rest, nothing else.\n\n"
	"  --cleared          a doctor or a physical therapist has looked at it: all exercises "
	"again\n\n"
	"No diagnosis, no drug.\n"), run,
};
