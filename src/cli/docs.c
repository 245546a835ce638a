/* unknot-docs WHAT < TABLE: the manual pages and the shells' completions, from what the programs print of
 * their commands (cli_table) and from the option table of the configuration. For the build only.
 *
 * WHAT: man, man-daemon (TABLE is `unknotd --help`), man-conf, bash, zsh, fish. */
#include "base/output.h"
#include "cli/cli.h"
#include "config/config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMANDS_MAX = 64, TEXT_MAX = 1 << 18, WORD_MAX = 64, FLAGS_MAX = 40 };

static struct entry {
	const char *name, *arguments, *summary, *help;
} entries[COMMANDS_MAX];
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
	puts(".SH FILES\n.TP\n.I ~/.config/unknot/unknot.conf\nconfiguration, see\n.BR unknot.conf (5)\n"
	     ".TP\n.I ~/.local/state/unknot/\nhistory, profiles, answers\n"
	     ".TP\n.I ~/.local/share/unknot/reports/\none JSON report a day");
}

static void print_man(void)
{
	head("unknot", 1, "speak to the posture daemon, calibrate it, read its reports");
	puts(".SH SYNOPSIS\n.B unknot\n.I COMMAND\n.RI [ OPTIONS ]\n.SH DESCRIPTION\n"
	     "unknot watches how you sit and says, rarely and precisely, what to change. The watching is\n"
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
	puts(".SH EXIT STATUS\n0 done; 1 failed, with one line on standard error; 2 wrong usage.");
	files();
	puts(".SH SEE ALSO\n.BR unknotd (1),\n.BR unknot.conf (5)");
}

static void print_man_daemon(void)
{
	head("unknotd", 1, "watch how somebody sits and say what to change");
	puts(".SH SYNOPSIS\n.B unknotd\n.RI [ OPTIONS ]\n.SH DESCRIPTION\n.nf");
	roff(text);
	puts(".fi\n.SH SIGNALS\nSIGHUP reads the configuration and the profile again; SIGTERM ends.");
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
	puts(".SH DESCRIPTION\nOne option a line,\n.IR key \" = \" value ;\nkeys are written in full, or below "
	     "a line\n.RI [ section ]\nwithout it. What follows # is a comment. A running daemon takes changes\n"
	     "made by\n.B unknot config set\nat once.\n.SH OPTIONS");
	for (size_t i = 0; i < n; i++) {
		const struct config_option *o = &options[i];
		printf(".TP\n.B %s\n", o->key);
		roff(o->help);
		config_value(&defaults, i, value, sizeof value);
		printf(".\n");
		if (o->kind == 'n')
			printf("%g to %g%s%s, default ", o->low, o->high, *o->unit ? " " : "", o->unit);
		else if (o->words != NULL)
			printf("%s, default ", o->words);
		else
			printf("Default ");
		roff(*value ? value : "empty");
		puts(".");
	}
	puts(".SH SEE ALSO\n.BR unknot (1),\n.BR unknotd (1)");
}

/* ---- completion: what a usage line offers ---- */

struct offer {
	struct flag { char name[WORD_MAX], words[256]; bool takes; } flags[FLAGS_MAX];
	int flags_count;
	char words[512];        /* arguments that are one of several words */
};

/* "a|b|c" of lower-case words, as "a b c"; "" for anything else, DURATION or FILE say. */
static void choices(const char *token, char *words, size_t size)
{
	size_t used = strlen(words);
	if (strchr(token, '|') == NULL || token[strcspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
		return;
	if (used + strlen(token) + 2 > size)
		return;
	sprintf(words + used, "%s%s", used > 0 ? " " : "", token);
	for (char *c = words; *c; c++)
		*c = *c == '|' ? ' ' : *c;
}

/* "[get KEY | set KEY VALUE]": a word that begins an alternative. */
static void add_usage(struct offer *o, const char *usage, size_t length)
{
	char line[1024], *next = line;
	struct flag *last = NULL;
	bool begins = true;
	snprintf(line, sizeof line, "%.*s", (int)length, usage);
	for (char *token; (token = strsep(&next, " [].,")) != NULL;) {
		const bool first = begins;
		begins = false;
		if (*token == '\0' || strcmp(token, "|") == 0) {
			last = NULL; /* a bracket opened or closed */
			begins = true;
		} else if (first && islower((unsigned char)*token) && strchr(token, '|') == NULL) {
			const size_t used = strlen(o->words);
			snprintf(o->words + used, sizeof o->words - used, "%s%s", used > 0 ? " " : "", token);
		} else if (strncmp(token, "--", 2) == 0 && o->flags_count < FLAGS_MAX) {
			last = &o->flags[o->flags_count++];
			snprintf(last->name, sizeof last->name, "%s", token);
		} else if (last != NULL) {
			last->takes = true;
			choices(token, last->words, sizeof last->words);
			last = NULL;
		} else {
			choices(token, o->words, sizeof o->words);
		}
	}
}

/* From the usage line, and from the lines of the help that begin with an option: those end at two spaces. */
static void offer_of(const struct entry *e, struct offer *o)
{
	memset(o, 0, sizeof *o);
	add_usage(o, e->arguments, strlen(e->arguments));
	for (const char *line = e->help; *line; line += *line == '\n') {
		const char *start = line + strspn(line, " ");
		const char *gap = strstr(start, "  ");
		size_t length = strcspn(start, "\n");
		if (strncmp(start, "--", 2) == 0 && start > line)
			add_usage(o, start, gap != NULL && (size_t)(gap - start) < length ? (size_t)(gap - start)
			                                                                   : length);
		line += strcspn(line, "\n");
	}
}

static void names(void)
{
	for (int i = 0; i < count; i++)
		printf("%s%s", i > 0 ? " " : "", entries[i].name);
}

/* Within single quotes; `escaped` is how the shell writes one of them there. */
static void quoted(const char *s, const char *escaped)
{
	putchar('\'');
	for (; *s; s++)
		if (*s == '\'')
			fputs(escaped, stdout);
		else
			putchar(*s);
	putchar('\'');
}

static void print_bash(void)
{
	struct offer o;
	printf("# Completion of unknot for bash.\n_unknot()\n{\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W \"");
	names();
	printf("\" -- \"$cur\"))\n\t\treturn\n\tfi\n\tcase \"${COMP_WORDS[1]} $prev\" in\n");
	for (int i = 0; i < count; i++) {
		offer_of(&entries[i], &o);
		for (int k = 0; k < o.flags_count; k++) {
			const struct flag *f = &o.flags[k];
			if (*f->words)
				printf("\t\"%s %s\") COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")); return ;;\n",
				       entries[i].name, f->name, f->words);
			else if (f->takes)
				printf("\t\"%s %s\") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n",
				       entries[i].name, f->name);
		}
	}
	printf("\tesac\n\tcase \"${COMP_WORDS[1]}\" in\n");
	for (int i = 0; i < count; i++) {
		offer_of(&entries[i], &o);
		printf("\t%s) words=\"%s", entries[i].name, o.words);
		for (int k = 0; k < o.flags_count; k++)
			printf(" %s", o.flags[k].name);
		printf(" --help\" ;;\n");
	}
	puts("\tesac\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	     "\t[ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n}\n"
	     "complete -F _unknot unknot");
}

static void print_zsh(void)
{
	struct offer o;
	puts("#compdef unknot\n# Completion of unknot for zsh.\nlocal -a commands\ncommands=(");
	for (int i = 0; i < count; i++) {
		printf("\t%s:", entries[i].name);
		quoted(entries[i].summary, "'\\''");
		putchar('\n');
	}
	puts(")\nif (( CURRENT == 2 )); then\n\t_describe command commands\n\treturn\nfi\n"
	     "case \"$words[2] $words[CURRENT-1]\" in");
	for (int i = 0; i < count; i++) {
		offer_of(&entries[i], &o);
		for (int k = 0; k < o.flags_count; k++) {
			const struct flag *f = &o.flags[k];
			if (f->takes)
				printf("'%s %s') %s%s; return ;;\n", entries[i].name, f->name,
				       *f->words ? "compadd " : "_files", f->words);
		}
	}
	puts("esac\ncase \"$words[2]\" in");
	for (int i = 0; i < count; i++) {
		offer_of(&entries[i], &o);
		printf("%s) compadd -- %s", entries[i].name, o.words);
		for (int k = 0; k < o.flags_count; k++)
			printf(" %s", o.flags[k].name);
		puts(*o.words ? " --help ;;" : " --help; _files ;;"); /* words, or files */
	}
	puts("esac");
}

static void print_fish(void)
{
	struct offer o;
	puts("# Completion of unknot for fish.");
	for (int i = 0; i < count; i++) {
		const char *name = entries[i].name;
		printf("complete -c unknot -f -n __fish_use_subcommand -a %s -d ", name);
		quoted(entries[i].summary, "\\'");
		putchar('\n');
		offer_of(&entries[i], &o);
		if (*o.words)
			printf("complete -c unknot -f -n '__fish_seen_subcommand_from %s' -a '%s'\n", name,
			       o.words);
		for (int k = 0; k < o.flags_count; k++) {
			const struct flag *f = &o.flags[k];
			printf("complete -c unknot -n '__fish_seen_subcommand_from %s' -l %s", name,
			       f->name + 2);
			if (*f->words)
				printf(" -xa '%s'", f->words);
			else if (f->takes)
				printf(" -r");
			putchar('\n');
		}
	}
}

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
