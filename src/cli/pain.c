/* `unknot pain`: a diary, and the advice to see a doctor when it says so. */
#include "base/clock.h"
#include "base/paths.h"
#include "base/text.h"
#include "cli/cli.h"
#include "control/control.h"
#include "store/diary.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHOWN_DAYS = 28 };
static const int64_t day_ms = 86400000;

/* What the command line asks for. */
struct request {
	enum what { SHOW, LIST, ADD, CORRECT, DELETE } what;
	struct store_pain entry;            /* its level < 0 where none was given */
	bool where, note;                   /* were given */
	const char *dir;
};

/* "neck: dull", after `before` where there is any. */
static void print_words(const struct store_pain *p, const char *before)
{
	char *where = text_clean(p->where), *note = text_clean(p->note);
	if (where != NULL && note != NULL && (*where || *note))
		printf("%s%s%s%s", before, where, *where && *note ? ": " : "", note);
	putchar('\n');
	free(where);
	free(note);
}

static void print_entry(const struct store_pain *p, bool number)
{
	char when[32] = "";
	const time_t seconds = (time_t)(p->wall_ms / 1000);
	struct tm local;
	if (localtime_r(&seconds, &local) != NULL)
		strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local);
	if (number)
		printf("%5lld  ", (long long)p->id);
	printf("%s  %2d", when, p->level);
	print_words(p, "  ");
}

static bool list_entry(void *any, const struct store_pain *p)
{
	*(bool *)any = true;
	print_entry(p, true);
	return true;
}

static bool list(struct store *store, struct error *error)
{
	bool any = false;
	const bool good = store_pains(store, INT64_MIN, INT64_MAX, list_entry, &any, error);
	if (good && !any)
		puts(_("no entries"));
	return good;
}

/* What the diary, from `days` ago on, comes to. */
static bool conclude(struct store *store, int64_t now, int days, bool print, struct error *error)
{
	struct diary *d = calloc(1, sizeof *d);
	if (d == NULL)
		return error_set(error, 0, "%s: out of memory", "pain");
	const bool good = diary_read(d, store, now - days * day_ms, now + 1, error);
	for (size_t i = 0; good && print && i < d->count; i++)
		print_entry(&d->entries[i], false);
	if (good && print && d->count == 0)
		puts(_("no entries"));
	const enum care_reason reason = diary_reason(d, now);
	if (good && reason != CARE_NOTHING)
		printf("%s\n%s\n", care_advice(reason),
		       _("`unknot care` asks what else would be a reason."));
	if (good && care_gentle(reason))
		puts(_("unknot offers nothing else until you enter less, or say that it was looked "
		       "at: `unknot care --cleared`."));
	free(d);
	return good;
}

/* What was not given stays as it is. */
static bool correct(struct store *store, const struct request *r, struct error *error)
{
	struct store_pain entry;
	if (!diary_find(store, r->entry.id, &entry, error))
		return false;
	if (r->entry.level >= 0)
		entry.level = r->entry.level;
	if (r->where)
		strcpy(entry.where, r->entry.where);
	if (r->note)
		strcpy(entry.note, r->entry.note);
	if (!store_pain_change(store, &entry, error))
		return false;
	print_entry(&entry, true);
	return true;
}

static bool delete_entry(struct store *store, int64_t id, struct error *error)
{
	if (!store_pain_remove(store, id, error))
		return false;
	printf(_("Entry %lld is deleted."), (long long)id);
	putchar('\n');
	return true;
}

static bool act(struct store *store, struct request *r, int64_t now, struct error *error)
{
	switch (r->what) {
	case LIST: return list(store, error);
	case SHOW: return conclude(store, now, SHOWN_DAYS, true, error);
	case CORRECT: return correct(store, r, error);
	case DELETE: return delete_entry(store, r->entry.id, error);
	case ADD: break;
	}
	r->entry.wall_ms = now;
	if (!store_pain(store, &r->entry, error) || !store_flush(store, error))
		return false;
	printf(_("Noted: %d of 10"), r->entry.level);
	print_words(&r->entry, ", ");
	return conclude(store, now, DIARY_DAYS, false, error);
}

static int keep(struct request *r)
{
	char own[PATH_SIZE];
	struct error error;
	struct clock clock = clock_real();
	if (r->dir == NULL && !path_state_dir(own, &error))
		return cli_fail(&error);
	struct store *store = store_open(r->dir != NULL ? r->dir : own, NULL, &error);
	const bool good = store != NULL && act(store, r, clock_now(&clock).wall_ms, &error);
	store_close(store);
	if (!good && r->what == ADD && r->entry.level >= CARE_SEVERE_LEVEL)
		puts(care_advice(CARE_SEVERE)); /* kept or not */
	fflush(stdout);
	if (good && r->what >= ADD)
		/* the exercises follow the diary */
		control_call("Reload", NULL, 0, false, NULL, NULL);
	return good ? CLI_DONE : cli_fail(&error);
}

/* Fits into `size` bytes, or is refused rather than cut. */
static bool take(const struct command *c, const char *option, const char *text,
                 char *to, size_t size)
{
	if (strlen(text) >= size) {
		cli_usage(c, N_("%s: too long by %zu; %zu letters have room, umlauts count twice"),
		          option, strlen(text) + 1 - size, size - 1);
		return false;
	}
	strcpy(to, text);
	return true;
}

static bool take_level(const struct command *c, const char *text, int *to)
{
	double level;
	if (*text == '\0' || isalpha((unsigned char)*text)) {
		cli_usage(c, N_("%s: a number from 0 to 10 is needed, or list, correct or delete"),
		          cli_shown(text));
		return false;
	}
	if (!cli_number(c, "LEVEL", text, 0, 10, &level))
		return false;
	*to = (int)level;
	if (*to == level)
		return true;
	cli_usage(c, N_("%s: a whole number from 0 to 10 is needed"), text);
	return false;
}

/* The words behind list, correct or delete; `words` begins with it. */
static bool take_words(const struct command *c, int count, char **words, struct request *r)
{
	char *end;
	const char *verb = words[0];
	r->what = strcmp(verb, "list") == 0 ? LIST
	          : strcmp(verb, "correct") == 0 ? CORRECT : DELETE;
	const int most = r->what == LIST ? 1 : r->what == DELETE ? 2 : 3;
	if (count > most) {
		cli_usage(c, N_("%s: takes nothing more"), words[most]);
		return false;
	}
	if (r->what == LIST)
		return true;
	r->entry.id = count > 1 ? strtoll(words[1], &end, 10) : 0;
	if (count < 2 || end == words[1] || *end != '\0') {
		cli_usage(c, N_("%s: the number of an entry is needed, from `unknot pain list`"),
		          verb);
		return false;
	}
	if (count > 2 && !take_level(c, words[2], &r->entry.level))
		return false;
	if (r->what == CORRECT && count < 3 && !r->where && !r->note) {
		cli_usage(c, N_("correct: to what? LEVEL, --where or --note"));
		return false;
	}
	return true;
}

static bool is_verb(const char *word)
{
	return strcmp(word, "list") == 0 || strcmp(word, "correct") == 0 ||
	       strcmp(word, "delete") == 0;
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{"where", required_argument, NULL, CLI_EMPTY | 'w'},
	                                        {"note", required_argument, NULL, CLI_EMPTY | 'n'},
	                                        {"state-dir", required_argument, NULL, 's'}, {0}};
	struct request r = {.what = SHOW, .entry = {.level = -1}};
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		if (got == 'w' && !take(c, "--where", optarg, r.entry.where, sizeof r.entry.where))
			return CLI_USAGE;
		if (got == 'n' && !take(c, "--note", optarg, r.entry.note, sizeof r.entry.note))
			return CLI_USAGE;
		r.where |= got == 'w';
		r.note |= got == 'n';
		if (got == 's')
			r.dir = optarg;
	}
	if (optind < argc && is_verb(argv[optind]))
		return take_words(c, argc - optind, argv + optind, &r) ? keep(&r) : CLI_USAGE;
	if (optind < argc) {
		r.what = ADD;
		if (!take_level(c, argv[optind], &r.entry.level))
			return CLI_USAGE;
		if (argc - optind > 1)
			return cli_usage(c, N_("%s: where it hurts comes after --where, and more "
			                       "after --note, in quotation marks"),
			                 argv[optind + 1]);
	} else if (r.where || r.note) {
		return cli_usage(
			c, N_("a number from 0 (none) to 10 (the worst imaginable) is needed"));
	}
	return keep(&r);
}

const struct command command_pain = {
	"pain", N_("[LEVEL | list | correct N [LEVEL] | delete N] [--where TEXT] [--note TEXT] "
	           "[--state-dir DIR]"),
	N_("Keep a diary of pain"),
	N_("LEVEL is 0 (none) to 10 (the worst imaginable):\n"
	"  1-3   mild: comes and goes\n"
	"  4-6   moderate: always there, hard to concentrate or sleep, but you get up and dress\n"
	"  7-10  severe: hard to think or talk, no sleep, very hard to move or dress\n"
	"Without it the last four weeks are shown; `list` shows every entry with its number N, by "
	"which\n"
	"`correct` and `delete` know it. Reports relate the diary to sitting, slouching and "
	"breaks.\n"
	"Pain for more than two weeks gives the advice to see somebody and to go on moving gently; "
	"severe pain\n"
	"leaves gentle walking or rest of the exercises.\n"),
	run,
};
