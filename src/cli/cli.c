#include "cli/cli.h"

#include "base/clock.h"
#include "base/near.h"
#include "base/text.h"

#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_fail(const struct error *error)
{
	fprintf(stderr, "unknot: %s\n", error->text);
	cli_tell(error->text);
	return CLI_FAILED;
}

static void print_usage(const struct command *c, FILE *to)
{
	fprintf(to, _("usage: unknot %s%s%s\n"), c->name, *c->arguments ? " " : "",
	        *c->arguments ? _(c->arguments) : "");
}

int cli_usage(const struct command *c, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "unknot %s: ", c->name);
	vfprintf(stderr, _(format), args);
	fputc('\n', stderr);
	va_end(args);
	print_usage(c, stderr);
	return CLI_USAGE;
}

const char *cli_shown(const char *given)
{
	return *given != '\0' ? given : "\"\"";
}

int cli_help(const struct command *c)
{
	print_usage(c, stdout);
	printf("\n%s.\n", _(c->summary));
	if (c->help != NULL)
		printf("\n%s", _(c->help));
	return CLI_DONE;
}

void cli_table(const struct command *const *commands, int count)
{
	for (int i = 0; i < count; i++) {
		const struct command *c = commands[i];
		printf("%s%c%s%c%s%c%s%c", c->name, CLI_UNIT, c->arguments,
		       CLI_UNIT, c->summary, CLI_UNIT, c->help != NULL ? c->help : "", CLI_RECORD);
	}
}

static int no_such_option(const struct command *c, const char *given, const struct option *options)
{
	const int near = 2;
	const char *best = NULL, *name = given + strspn(given, "-");
	int least = near + 1;
	for (int i = 0; options[i].name != NULL && given[0] == '-' && given[1] == '-'; i++) {
		const char *option = options[i].name;
		const int d = near_distance(name, option);
		/* Letters that changed places make "fromat" as near to from as to format. */
		if (d < least || (d == least && best != NULL && strlen(option) == strlen(name))) {
			least = d;
			best = option;
		}
	}
	if (given[0] == '-' && (given[1] == '.' || (given[1] >= '0' && given[1] <= '9')))
		return cli_usage(c, N_("%s: nothing here can be below 0"), given);
	if (best == NULL)
		return cli_usage(c, N_("%s: no such option"), given);
	return cli_usage(c, N_("%s: no such option; did you mean --%s?"), given, best);
}

int cli_option(const struct command *c, int argc, char **argv, const struct option *options,
               int *status)
{
	enum { HELP = 0x4000, MAX = 32 };
	struct option all[MAX];
	int count = 0;
	while (count < MAX - 2 && options[count].name != NULL) {
		all[count] = options[count];
		count++;
	}
	all[count] = (struct option){"help", no_argument, NULL, HELP};
	all[count + 1] = (struct option){0};

	int index = -1;
	opterr = 0;
	int got = getopt_long(argc, argv, ":h", all, &index);
	/* A shell's variable that is not set, rather than a name. */
	if (index >= 0 && all[index].has_arg == required_argument && *optarg == '\0' &&
	    (got & CLI_EMPTY) == 0) {
		*status = cli_usage(c, N_("--%s: needs a value"), all[index].name);
		return CLI_OPTIONS_STOP;
	}
	if (got > 0)
		got &= ~CLI_EMPTY;
	switch (got) {
	case HELP:
	case 'h':
		*status = cli_help(c);
		return CLI_OPTIONS_STOP;
	case '?':
		*status = no_such_option(c, argv[optind - 1], all);
		return CLI_OPTIONS_STOP;
	case ':':
		*status = cli_usage(c, N_("%s: needs a value"), argv[optind - 1]);
		return CLI_OPTIONS_STOP;
	default:
		return got;
	}
}

bool cli_number(const struct command *c, const char *option, const char *text,
                double low, double high, double *value)
{
	char *end;
	double v = text_number(text, &end);
	if (end == text || *end != '\0' || !isfinite(v) || v < low || v > high) {
		cli_usage(c, N_("%s %s: a number from %g to %g is needed"),
		          option, cli_shown(text), low, high);
		return false;
	}
	*value = v;
	return true;
}

bool cli_duration(const char *text, unsigned *seconds)
{
	const double longest = 7 * 86400.0;
	double total;
	if (strcmp(text, "tomorrow") == 0) {
		struct clock clock = clock_real();
		*seconds = (unsigned)clock_until_tomorrow(clock_now(&clock).wall_ms);
		return true;
	}
	if (!clock_duration(text, &total) || total > longest ||
	    (total > 0 && text[strspn(text, "0123456789.,")] == '\0'))
		return false;
	*seconds = (unsigned)lround(total);
	return true;
}
