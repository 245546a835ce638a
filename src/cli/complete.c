#include "cli/complete.h"

#include "base/text.h"
#include "cli/cli.h"
#include "config/config.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 64, FLAGS_MAX = 40 };

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
	if (strchr(token, '|') == NULL ||
	    token[strcspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
		return;
	if (used + strlen(token) + 2 > size)
		return;
	sprintf(words + used, "%s%s", used > 0 ? " " : "", token);
	for (char *c = words; *c; c++)
		*c = *c == '|' ? ' ' : *c;
}

/* That of the name, new where it is: a usage line and the help may both have it. */
static struct flag *flag_of(struct offer *o, const char *name)
{
	for (int i = 0; i < o->flags_count; i++)
		if (strcmp(o->flags[i].name, name) == 0)
			return &o->flags[i];
	struct flag *f = &o->flags[o->flags_count++];
	snprintf(f->name, sizeof f->name, "%s", name);
	return f;
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
			snprintf(o->words + used, sizeof o->words - used,
			         "%s%s", used > 0 ? " " : "", token);
		} else if (strncmp(token, "--", 2) == 0 && o->flags_count < FLAGS_MAX) {
			last = flag_of(o, token);
		} else if (last != NULL) {
			last->takes = true;
			choices(token, last->words, sizeof last->words);
			last = NULL;
		} else {
			choices(token, o->words, sizeof o->words);
		}
	}
}

/* From the usage line, and from the lines of the help that begin with an option: those end at two
 * spaces. */
static void offer_of(const struct entry *e, struct offer *o)
{
	memset(o, 0, sizeof *o);
	add_usage(o, e->arguments, strlen(e->arguments));
	for (const char *line = e->help; *line; line += *line == '\n') {
		const char *start = line + strspn(line, " ");
		const char *gap = strstr(start, "  ");
		size_t length = strcspn(start, "\n");
		if (strncmp(start, "--", 2) == 0 && start > line)
			add_usage(o, start, gap != NULL &&
			          (size_t)(gap - start) < length ? (size_t)(gap - start)
			                                         : length);
		line += strcspn(line, "\n");
	}
}

/* ---- completion: what only the machine it is typed on knows, or the option table ---- */

enum list { LIST_PROFILES, LIST_USABLE, LIST_DAYS, LIST_KEYS, LIST_COMMANDS, LIST_DURATIONS };

/* After this word of this command one of these is wanted. */
static const struct want {
	const char *command, *after;
	enum list list;
} wants[] = {
	{"profile", "use", LIST_USABLE}, {"profile", "delete", LIST_PROFILES},
	{"calibrate", "--name", LIST_PROFILES}, {"report", "--day", LIST_DAYS},
	{"report", "--from", LIST_DAYS}, {"report", "--to", LIST_DAYS},
	{"pause", "pause", LIST_DURATIONS}, {"snooze", "snooze", LIST_DURATIONS},
	{"config", "get", LIST_KEYS}, {"config", "set", LIST_KEYS}, {"help", "help", LIST_COMMANDS},
};
enum { WANTS = sizeof wants / sizeof *wants };

/* NULL when none is. */
static const struct want *wanted(const char *command, const char *after)
{
	for (int i = 0; i < WANTS; i++)
		if (strcmp(wants[i].command, command) == 0 && strcmp(wants[i].after, after) == 0)
			return &wants[i];
	return NULL;
}

/* Where paths.h puts them. */
static const struct folder {
	const char *function, *variable, *home, *below, *more;
} folders[] = {
	[LIST_PROFILES] = {"unknot_profiles", "XDG_STATE_HOME", ".local/state",
	                   "unknot/profiles", ""},
	[LIST_USABLE] = {"unknot_usable", "XDG_STATE_HOME", ".local/state",
	                 "unknot/profiles", "auto"},
	[LIST_DAYS] = {"unknot_days", "XDG_DATA_HOME", ".local/share",
	               "unknot/reports", "today yesterday"},
};
enum { FOLDERS = sizeof folders / sizeof *folders };

static const char durations[] = "30min 1h 2h tomorrow";

static void keys(void)
{
	const struct config_option *options;
	const size_t n = config_options(&options);
	for (size_t i = 0; i < n; i++)
		printf("%s%s", i > 0 ? " " : "", options[i].key);
}

/* What option i may be, as words: of a number and a text the default. False where that is
 * nothing. */
static bool values(size_t i, char *words, size_t size)
{
	const struct config_option *options;
	const struct config defaults = config_default();
	config_options(&options);
	if (options[i].kind == 'f')
		snprintf(words, size, "true false");
	else if (options[i].words != NULL)
		snprintf(words, size, "%s", options[i].words);
	else
		config_value(&defaults, i, words, size);
	for (char *c = words; *c; c++)
		*c = *c == '|' ? ' ' : *c;
	return *words != '\0';
}

static void names(const struct entry *entries, int count)
{
	for (int i = 0; i < count; i++)
		printf("%s ", entries[i].name);
	fputs("help version", stdout);
}

/* The words of a list that is no folder's. */
static void words_of(enum list list, const struct entry *entries, int count)
{
	if (list == LIST_KEYS)
		keys();
	else if (list == LIST_COMMANDS)
		names(entries, count);
	else
		fputs(durations, stdout);
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

static void bash_folder(const struct folder *f)
{
	printf("_%s()\n{\n\tlocal file\n", f->function);
	if (*f->more)
		printf("\tprintf '%%s\\n' %s\n", f->more);
	printf("\tfor file in \"${%s:-$HOME/%s}\"/%s/*.json; do\n"
	       "\t\t[ ! -e \"$file\" ] || { file=${file##*/}; printf '%%s\\n' \"${file%%.json}\"; "
	       "}\n"
	       "\tdone\n}\n", f->variable, f->home, f->below);
}

static void bash_wants(const struct entry *entries, int count)
{
	for (int i = 0; i < WANTS; i++) {
		const struct want *w = &wants[i];
		printf("\t\"%s %s\") ", w->command, w->after);
		if (w->list < LIST_KEYS) {
			printf("local IFS=$'\\n'; compopt -o filenames 2>/dev/null\n"
			       "\t\tCOMPREPLY=($(compgen -W \"$(_%s)\" -- \"$cur\"))",
			       folders[w->list].function);
		} else {
			printf("COMPREPLY=($(compgen -W \"");
			words_of(w->list, entries, count);
			printf("\" -- \"$cur\"))");
		}
		puts("; return ;;");
	}
}

static void bash_values(void)
{
	const struct config_option *options;
	const size_t n = config_options(&options);
	char words[CONFIG_TEXT_SIZE];
	puts("\tif [ \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" = 'config set' ] && [ \"$COMP_CWORD\" "
	     "-eq 4 ]; then\n"
	     "\t\tcase $prev in");
	for (size_t i = 0; i < n; i++)
		if (values(i, words, sizeof words))
			printf("\t\t%s) words='%s' ;;\n", options[i].key, words);
	puts("\t\tesac\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n\t\treturn\n\tfi");
}

void complete_bash(const struct entry *entries, int count)
{
	struct offer o;
	puts("# Completion of unknot for bash.");
	for (int i = 0; i < FOLDERS; i++)
		bash_folder(&folders[i]);
	printf("_unknot()\n{\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W \"");
	names(entries, count);
	printf("\" -- \"$cur\"))\n\t\treturn\n\tfi\n");
	bash_values();
	printf("\tcase \"${COMP_WORDS[1]} $prev\" in\n");
	bash_wants(entries, count);
	for (int i = 0; i < count; i++) {
		offer_of(&entries[i], &o);
		for (int k = 0; k < o.flags_count; k++) {
			const struct flag *f = &o.flags[k];
			if (wanted(entries[i].name, f->name) != NULL)
				continue;
			if (*f->words)
				printf("\t\"%s %s\") COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")); "
				       "return ;;\n", entries[i].name, f->name, f->words);
			else if (f->takes)
				printf("\t\"%s %s\") COMPREPLY=($(compgen -f -- \"$cur\")); return "
				       ";;\n", entries[i].name, f->name);
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

static void zsh_wants(const struct entry *entries, int count)
{
	for (int i = 0; i < WANTS; i++) {
		const struct want *w = &wants[i];
		printf("'%s %s') compadd -- ", w->command, w->after);
		if (w->list >= LIST_KEYS) {
			words_of(w->list, entries, count);
		} else {
			const struct folder *f = &folders[w->list];
			printf("%s ${%s:-$HOME/%s}/%s/*.json(N:t:r)", f->more,
			       f->variable, f->home, f->below);
		}
		puts("; return ;;");
	}
}

static void zsh_values(void)
{
	const struct config_option *options;
	const size_t n = config_options(&options);
	char words[CONFIG_TEXT_SIZE];
	puts("if [[ \"$words[2] $words[3]\" == 'config set' ]] && (( CURRENT == 5 )); then\n\tcase "
	     "$words[4] in");
	for (size_t i = 0; i < n; i++)
		if (values(i, words, sizeof words))
			printf("\t%s) compadd -- %s ;;\n", options[i].key, words);
	puts("\tesac\n\treturn\nfi");
}

void complete_zsh(const struct entry *entries, int count)
{
	struct offer o;
	puts("#compdef unknot\n# Completion of unknot for zsh.\nlocal -a commands\ncommands=(");
	for (int i = 0; i < count; i++) {
		printf("\t%s:", entries[i].name);
		quoted(entries[i].summary, "'\\''");
		putchar('\n');
	}
	puts("\thelp:'" HELP_SUMMARY "'\n\tversion:'" VERSION_SUMMARY "'\n)\n"
	     "if (( CURRENT == 2 )); then\n\t_describe command commands\n\treturn\nfi");
	zsh_values();
	puts("case \"$words[2] $words[CURRENT-1]\" in");
	zsh_wants(entries, count);
	for (int i = 0; i < count; i++) {
		offer_of(&entries[i], &o);
		for (int k = 0; k < o.flags_count; k++) {
			const struct flag *f = &o.flags[k];
			if (f->takes && wanted(entries[i].name, f->name) == NULL)
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

static void fish_folder(const struct folder *f)
{
	printf("function __%s\n", f->function);
	if (*f->more)
		printf("\tstring split ' ' '%s'\n", f->more);
	printf("\tset -l folder ~/%s\n\tset -q %s; and set folder $%s\n"
	       "\tfor file in $folder/%s/*.json\n"
	       "\t\tstring replace -r '.*/(.*)\\.json$' '$1' -- $file\n\tend\nend\n",
	       f->home, f->variable, f->variable, f->below);
}

/* Flags have theirs beside them. */
static void fish_wants(const struct entry *entries, int count)
{
	for (int i = 0; i < WANTS; i++) {
		const struct want *w = &wants[i];
		if (*w->after == '-')
			continue;
		printf("complete -c unknot -f -n '__fish_seen_subcommand_from %s; and "
		       "__fish_prev_arg_in %s' -a '", w->command, w->after);
		if (w->list >= LIST_KEYS)
			words_of(w->list, entries, count);
		else
			printf("(__%s)", folders[w->list].function);
		puts("'");
	}
}

static void fish_values(void)
{
	const struct config_option *options;
	const size_t n = config_options(&options);
	char words[CONFIG_TEXT_SIZE];
	for (size_t i = 0; i < n; i++)
		if (values(i, words, sizeof words))
			printf("complete -c unknot -f -n '__fish_seen_subcommand_from config; and "
			       "__fish_seen_subcommand_from set; and __fish_prev_arg_in %s' -a "
			       "'%s'\n",
			       options[i].key, words);
}

void complete_fish(const struct entry *entries, int count)
{
	struct offer o;
	puts("# Completion of unknot for fish.\n"
	     "complete -c unknot -f -n __fish_use_subcommand -a help -d '" HELP_SUMMARY
	     "'\n"
	     "complete -c unknot -f -n __fish_use_subcommand -a version -d '" VERSION_SUMMARY
	     "'");
	for (int i = 0; i < FOLDERS; i++)
		fish_folder(&folders[i]);
	fish_wants(entries, count);
	fish_values();
	for (int i = 0; i < count; i++) {
		const char *name = entries[i].name;
		printf("complete -c unknot -f -n __fish_use_subcommand -a %s -d ", name);
		quoted(entries[i].summary, "\\'");
		putchar('\n');
		offer_of(&entries[i], &o);
		if (*o.words) /* one of them, once */
			printf("complete -c unknot -f -n '__fish_seen_subcommand_from %s; "
			       "and not __fish_seen_subcommand_from %s' -a '%s'\n",
			       name, o.words, o.words);
		for (int k = 0; k < o.flags_count; k++) {
			const struct flag *f = &o.flags[k];
			printf("complete -c unknot -n '__fish_seen_subcommand_from %s' -l %s", name,
			       f->name + 2);
			if (wanted(name, f->name) != NULL)
				printf(" -xa '(__%s)'",
				       folders[wanted(name, f->name)->list].function);
			else if (*f->words)
				printf(" -xa '%s'", f->words);
			else if (f->takes)
				printf(" -r");
			putchar('\n');
		}
	}
}
