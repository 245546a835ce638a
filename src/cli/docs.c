/* unknot-docs WHAT < TABLE: the manual pages and the shells' completions, from what the programs
 * print of their commands (cli_table) and from the option table of the configuration. For the build
 * only.
 *
 * WHAT: man, man-daemon (TABLE is `unknotd --help`), man-conf, bash, zsh, fish. */
#include "base/output.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMANDS_MAX = 64, TEXT_MAX = 1 << 18 };

static struct entry entries[COMMANDS_MAX];
static int count;
static char text[TEXT_MAX];

static char *field(char **at, char end)
{
	char *start = *at, *stop = strchr(start, end);
	if (stop == NULL)
		return NULL;
	*stop = '\0';
	*at = stop + 1;
	return start;
}

static void read_table(void)
{
	char *at = text;
	while (count < COMMANDS_MAX) {
		struct entry *e = &entries[count];
		e->name = field(&at, CLI_UNIT);
		e->arguments = e->name != NULL ? field(&at, CLI_UNIT) : NULL;
		e->summary = e->arguments != NULL ? field(&at, CLI_UNIT) : NULL;
		e->help = e->summary != NULL ? field(&at, CLI_RECORD) : NULL;
		if (e->help == NULL)
			return;
		count++;
	}
}

/* ---- roff ---- */

/* A line that begins with a dot or an apostrophe would be a request; a hyphen is one to type. */
static void roff(const char *s)
{
	for (bool begins = true; *s; begins = *s++ == '\n') {
		if (begins && (*s == '.' || *s == '\''))
			fputs("\\&", stdout);
		if (*s == '-')
			fputs("\\-", stdout);
		else if (*s == '\\')
			fputs("\\e", stdout);
		else
			putchar(*s);
	}
}

static void head(const char *name, int section, const char *what)
{
	printf(".TH %s %d \"\" \"unknot %s\" \"unknot\"\n.SH NAME\n%s \\- %s\n", name, section,
	       UNKNOT_VERSION, name, what);
}

static void files(void)
{
	puts(".SH FILES\n.TP\n.I ~/.config/unknot/unknot.conf\nconfiguration, see\n.BR unknot.conf "
	     "(5)\n"
	     ".TP\n.I ~/.local/state/unknot/\nhistory, profiles, answers\n"
	     ".TP\n.I ~/.local/share/unknot/reports/\none JSON report a day");
}

static void print_man(void)
{
	head("unknot", 1, "speak to the posture daemon, calibrate it, read its reports");
	puts(".SH SYNOPSIS\n.B unknot\n.I COMMAND\n.RI [ OPTIONS ]\n.SH DESCRIPTION\n"
	     "unknot watches how you sit and says, rarely and precisely, what to change. The "
	     "watching is\n"
	     "done by\n.BR unknotd (1).\n"
	     "It gives general ergonomic advice and diagnoses nothing.\n.SH COMMANDS");
	for (int i = 0; i < count; i++) {
		printf(".SS ");
		roff(entries[i].name);
		printf(" ");
		roff(entries[i].arguments);
		printf("\n");
		roff(entries[i].summary);
		puts(".");
		if (*entries[i].help) {
			puts(".PP\n.nf");
			roff(entries[i].help);
			puts(".fi");
		}
	}
	puts(".SS help [COMMAND]\n" HELP_SUMMARY ".\n.SS version\n" VERSION_SUMMARY ".");
	puts(".SH EXIT STATUS\n0 done; 1 failed, with one line on standard error; 2 wrong usage.");
	files();
	puts(".SH SEE ALSO\n.BR unknotd (1),\n.BR unknot.conf (5)");
}

static void print_man_daemon(void)
{
	head("unknotd", 1, "watch how somebody sits and say what to change");
	puts(".SH SYNOPSIS\n.B unknotd\n.RI [ OPTIONS ]\n.SH DESCRIPTION\n.nf");
	roff(text);
	puts(".fi\n.SH SIGNALS\nSIGHUP reads the configuration and the profile again; SIGTERM "
	     "ends.");
	files();
	puts(".SH SEE ALSO\n.BR unknot (1),\n.BR unknot.conf (5)");
}

static void print_man_conf(void)
{
	const struct config_option *options;
	const size_t n = config_options(&options);
	const struct config defaults = config_default();
	char value[CONFIG_TEXT_SIZE];
	head("unknot.conf", 5, "configuration of unknot");
	puts(".SH DESCRIPTION\nOne option a line,\n.IR key \" = \" value ;\nkeys are written in "
	     "full, or below a line\n.RI [ section ]\nwithout it. What follows # is a comment. A "
	     "running daemon takes changes\n"
	     "made by\n.B unknot config set\nat once.\n.SH OPTIONS");
	for (size_t i = 0; i < n; i++) {
		const struct config_option *o = &options[i];
		printf(".TP\n.B %s\n", o->key);
		roff(o->help);
		config_value(&defaults, i, value, sizeof value);
		printf(".\n");
		if (o->kind == 'n')
			printf("%g to %g%s%s, default ", o->low, o->high,
			       *o->unit ? " " : "", o->unit);
		else if (o->words != NULL)
			printf("%s, default ", o->words);
		else
			printf("Default ");
		roff(*value ? value : "empty");
		puts(".");
	}
	puts(".SH SEE ALSO\n.BR unknot (1),\n.BR unknotd (1)");
}

static void print_bash(void) { complete_bash(entries, count); }
static void print_zsh(void) { complete_zsh(entries, count); }
static void print_fish(void) { complete_fish(entries, count); }

static int run(int argc, char **argv)
{
	static const struct { const char *what; void (*print)(void); } papers[] = {
		{"man", print_man}, {"man-daemon", print_man_daemon}, {"man-conf", print_man_conf},
		{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish},
	};
	const size_t got = fread(text, 1, sizeof text - 1, stdin);
	text[got] = '\0';
	for (size_t i = 0; argc == 2 && i < sizeof papers / sizeof *papers; i++) {
		if (strcmp(argv[1], papers[i].what) != 0)
			continue;
		if (strncmp(argv[1], "man-", 4) != 0)
			read_table();
		papers[i].print();
		return CLI_DONE;
	}
	fputs("usage: unknot-docs man|man-daemon|man-conf|bash|zsh|fish < TABLE\n", stderr);
	return CLI_USAGE;
}

int main(int argc, char **argv)
{
	return output_finish("unknot-docs", run(argc, argv));
}
