/* `unknot pain`: a diary, and the advice to see a doctor when it says so. */
#include "base/clock.h"
#include "base/paths.h"
#include "base/text.h"
#include "cli/cli.h"
#include "coach/care.h"
#include "control/control.h"
#include "store/store.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DIARY_MAX = 4096, SHOWN_DAYS = 28 };

struct diary {
	struct care_entry entries[DIARY_MAX];
	size_t count;
	bool print;
};

static bool add(void *user, const struct store_pain *p)
{
	struct diary *d = user;
	if (d->count == DIARY_MAX) /* the newest decide */
		memmove(d->entries, d->entries + 1, --d->count * sizeof d->entries[0]);
	d->entries[d->count++] = (struct care_entry){p->wall_ms, p->level};
	if (d->print) {
		char when[32] = "";
		const time_t seconds = (time_t)(p->wall_ms / 1000);
		struct tm local;
		if (localtime_r(&seconds, &local) != NULL)
			strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local);
		char *where = text_clean(p->where), *note = text_clean(p->note);
		if (where != NULL && note != NULL)
			printf("%s  %2d  %s%s%s\n", when, p->level, where, *where && *note ? ": " : "", note);
		free(where);
		free(note);
	}
	return true;
}

/* Prints what the diary, from `days` ago on, comes to. */
static bool conclude(struct store *store, int64_t now, int days, bool print, struct error *error)
{
	struct diary *d = calloc(1, sizeof *d);
	if (d == NULL)
		return error_set(error, 0, "pain: out of memory");
	d->print = print;
	const bool good = store_pains(store, now - (int64_t)days * 86400000, now + 1, add, d, error);
	if (good && print && d->count == 0)
		puts(_("no entries"));
	const enum care_reason reason = care_diary(d->entries, d->count, now, NULL);
	if (good && reason != CARE_NOTHING)
		printf("%s\n%s\n", care_advice(reason), _("`unknot care` asks what else would be a reason."));
	if (good && care_gentle(reason))
		puts(_("unknot offers nothing else until you enter less, or say that it was looked at: "
		       "`unknot care --cleared`."));
	free(d);
	return good;
}

static int keep(struct store_pain *entry, const char *dir)
{
	char own[PATH_SIZE];
	struct error error;
	struct clock clock = clock_real();
	const int year = 366;
	const bool shows = entry->level < 0;
	entry->wall_ms = clock_now(&clock).wall_ms;
	if (dir == NULL && !path_state_dir(own, &error))
		return cli_fail(&error);
	struct store *store = store_open(dir != NULL ? dir : own, NULL, &error);
	if (store == NULL)
		return cli_fail(&error);
	bool good = shows || (store_pain(store, entry, &error) && store_flush(store, &error));
	good = good && conclude(store, entry->wall_ms, shows ? SHOWN_DAYS : year, shows, &error);
	store_close(store);
	if (good && !shows)
		control_call("Reload", NULL, 0, false, NULL, NULL); /* the exercises follow the diary */
	return good ? CLI_DONE : cli_fail(&error);
}

/* Fits into `size` bytes, or is refused rather than cut. */
static bool take(const struct command *c, const char *option, const char *text, char *to, size_t size)
{
	if (strlen(text) >= size) {
		cli_usage(c, "%s: at most %zu bytes", option, size - 1);
		return false;
	}
	strcpy(to, text);
	return true;
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{"where", required_argument, NULL, 'w'},
	                                        {"note", required_argument, NULL, 'n'},
	                                        {"state-dir", required_argument, NULL, 's'}, {0}};
	struct store_pain entry = {.level = -1};
	const char *dir = NULL;
	double level;
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		if (got == 'w' && !take(c, "--where", optarg, entry.where, sizeof entry.where))
			return CLI_USAGE;
		if (got == 'n' && !take(c, "--note", optarg, entry.note, sizeof entry.note))
			return CLI_USAGE;
		if (got == 's')
			dir = optarg;
	}
	if (argc - optind > 1)
		return cli_usage(c, "%s: one number is enough", argv[optind + 1]);
	if (optind < argc) {
		if (!cli_number(c, "LEVEL", argv[optind], 0, 10, &level))
			return CLI_USAGE;
		entry.level = (int)level;
		if (entry.level != level)
			return cli_usage(c, "%s: a whole number from 0 to 10 is needed", argv[optind]);
	} else if (*entry.where || *entry.note) {
		return cli_usage(c, "a number from 0 (none) to 10 (the worst imaginable) is needed");
	}
	return keep(&entry, dir);
}

const struct command command_pain = {
	"pain", "[LEVEL] [--where TEXT] [--note TEXT] [--state-dir DIR]", "Keep a diary of pain",
	"LEVEL is 0 (none) to 10 (the worst imaginable):\n"
	"  1-3   mild: comes and goes\n"
	"  4-6   moderate: always there, hard to concentrate or sleep, but you get up and dress\n"
	"  7-10  severe: hard to think or talk, no sleep, very hard to move or dress\n"
	"Without it the last four weeks are shown. Reports relate the diary to sitting, slouching and breaks.\n"
	"Pain for more than two weeks gives the advice to see somebody and to go on moving gently; severe pain\n"
	"leaves gentle walking or rest of the exercises.\n",
	run,
};
