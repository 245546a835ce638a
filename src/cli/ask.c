#include "cli/ask.h"

#include "base/clock.h"
#include "base/paths.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { END_OF_INPUT = -1 };

static const char *const told[] = {[ANSWER_UNSAID] = N_("skip"), [ANSWER_YES] = N_("yes"), [ANSWER_NO] = N_("no")};

/* The first letter decides; German's "ja" is as good as "yes". */
static int answer_of(const char *line, enum answer before)
{
	while (isspace((unsigned char)*line))
		line++;
	switch (tolower((unsigned char)*line)) {
	case '\0': return (int)before;
	case 'y': case 'j': return ANSWER_YES;
	case 'n': return ANSWER_NO;
	case 's': case '-': return ANSWER_UNSAID;
	default: return END_OF_INPUT - 1;
	}
}

static int ask(const struct care_question *q, int number, int count, enum answer before)
{
	char line[256];
	for (;;) {
		printf("%d/%d  %s\n      %s [%s]: ", number, count, _(q->text), _("yes, no, skip"),
		       _(told[before]));
		fflush(stdout);
		if (fgets(line, sizeof line, stdin) == NULL)
			return END_OF_INPUT;
		int answer = answer_of(line, before);
		if (answer >= 0)
			return answer;
	}
}

int ask_all(const char *name, const char *dir, const struct care_question *questions, int count, bool show,
            struct answers *answers)
{
	char own[PATH_SIZE];
	const char *ids[ANSWERS_MAX];
	struct error error;
	for (int i = 0; i < count; i++)
		ids[i] = questions[i].id;
	if (dir == NULL && !path_state_dir(own, &error))
		return cli_fail(&error);
	if (dir == NULL)
		dir = own;
	if (!answers_load(answers, dir, name, ids, count, &error))
		return cli_fail(&error);
	if (show)
		return CLI_DONE;
	for (int i = 0; i < count; i++) {
		int answer = ask(&questions[i], i + 1, count, answers->of[i]);
		if (answer == END_OF_INPUT) {
			putchar('\n');
			error_set(&error, 0, "%s: not all questions were answered; nothing is remembered", name);
			return cli_fail(&error);
		}
		answers->of[i] = (enum answer)answer;
	}
	struct clock clock = clock_real();
	answers->answered_ms = clock_now(&clock).wall_ms;
	if (!answers_save(answers, dir, name, ids, count, &error))
		return cli_fail(&error);
	return CLI_DONE;
}
