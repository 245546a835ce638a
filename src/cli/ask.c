#include "cli/ask.h"

#include "base/clock.h"
#include "base/paths.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { END_OF_INPUT = -1 };

static const char *const told[] = {[ANSWER_UNSAID] = N_("skip"), [ANSWER_YES] = N_("yes"),
                                   [ANSWER_NO] = N_("no")};

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
		printf("      ");
		puts(_("Not understood: one of these words, or its first letter."));
	}
}

/* The state folder; NULL where there is none. */
static const char *folder(const struct asking *a, char own[PATH_SIZE], struct error *error)
{
	return a->dir != NULL ? a->dir : path_state_dir(own, error) ? own : NULL;
}

/* What was answered last time. */
static bool recall(const struct asking *a, struct answers *answers, struct error *error)
{
	char own[PATH_SIZE];
	const char *dir = folder(a, own, error);
	*answers = (struct answers){0};
	if (dir == NULL || a->afresh)
		return dir != NULL;
	return known_answers(answers, dir, a->name, a->questions, a->count, error);
}

/* How many were put; END_OF_INPUT when the answers ended too early. */
static int put_questions(const struct asking *a, struct answers *answers)
{
	bool yes[ANSWERS_MAX] = {false};
	for (int i = 0; i < a->count; i++) {
		const int answer = ask(&a->questions[i], i + 1, a->count, answers->of[i]);
		if (answer == END_OF_INPUT)
			return END_OF_INPUT;
		answers->of[i] = (enum answer)answer;
		yes[i] = answer == ANSWER_YES;
		if (a->enough != NULL && a->enough(yes, i + 1))
			return i + 1;
	}
	return a->count;
}

int ask_all(const struct asking *a, struct answers *answers, int *asked)
{
	struct error error;
	if (!recall(a, answers, &error))
		return cli_fail(&error);
	if (a->show)
		return CLI_DONE;
	const int put = put_questions(a, answers);
	if (put == END_OF_INPUT) {
		putchar('\n');
		error_set(&error, 0,
		          "%s: not all questions were answered; nothing is remembered", a->name);
		return cli_fail(&error);
	}
	if (asked != NULL)
		*asked = put;
	struct clock clock = clock_real();
	answers->answered_ms = clock_now(&clock).wall_ms;
	return CLI_DONE;
}

bool ask_remember(const struct asking *a, struct answers *answers, struct error *error)
{
	char own[PATH_SIZE];
	const char *dir = folder(a, own, error);
	return dir != NULL &&
	       known_answers_save(answers, dir, a->name, a->questions, a->count, error);
}
