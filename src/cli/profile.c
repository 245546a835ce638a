/* unknot profile: the profiles there are, and which one is in force. */
#include "cli/cli.h"

#include "base/text.h"
#include "config/config.h"
#include "control/control.h"
#include "geometry/profile_store.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct folders {
	char state[PATH_SIZE], config_path[PATH_SIZE];
	struct config config;
};

static bool open_folders(struct folders *f, struct error *error)
{
	f->config = config_default();
	return path_state_dir(f->state, error) && path_config_file(f->config_path, error) &&
	       config_load(&f->config, f->config_path, error);
}

static void print_profile(const struct profile *p, bool chosen)
{
	const time_t made = (time_t)(p->created_wall_ms / 1000);
	const struct measure *d = &p->upright.m[MEASURE_EYE_DISTANCE];
	const struct measure *h = &p->upright.m[MEASURE_EYE_HEIGHT];
	char when[32] = "-";
	struct tm local;
	if (localtime_r(&made, &local) != NULL)
		strftime(when, sizeof when, "%Y-%m-%d %H:%M", &local);
	printf("%c %-16s %s  ", chosen ? '*' : ' ', p->name, when);
	printf(h->value < 0 ? _("eyes %.0f cm away, %.0f cm below")
	                    : _("eyes %.0f cm away, %.0f cm above"),
	       d->value, h->value < 0 ? -h->value : h->value);
	printf("  %s\n", *p->camera_id ? p->camera_id : _("(any camera)"));
}

static int list_all(const struct folders *f)
{
	struct error error;
	struct profile *profiles = calloc(PROFILES_MAX, sizeof *profiles);
	if (profiles == NULL) {
		error_set(&error, 0, "%s: out of memory", "profile");
		return cli_fail(&error);
	}
	const int count = profile_list(f->state, profiles, &error);
	for (int i = 0; i < count; i++)
		print_profile(&profiles[i], strcmp(profiles[i].name, f->config.profile) == 0);
	if (count == 0)
		puts(_("none; run `unknot calibrate`"));
	else if (strcmp(f->config.profile, "auto") == 0)
		puts(_("auto: the one that fits camera, face and place is in force"));
	free(profiles);
	return *error.text ? cli_fail(&error) : CLI_DONE;
}

static bool is_there(const struct folders *f, const char *name, char path[PATH_SIZE],
                     struct error *error)
{
	if (!profile_path(path, f->state, name, error))
		return false;
	return access(path, F_OK) == 0 ||
	       error_set(error, 0, "profile %s: there is none; `unknot profile` lists them",
	                 name);
}

/* A running daemon takes the change at once; none running is no fault. */
static void tell_daemon(void)
{
	control_call("Reload", NULL, 0, false, NULL, NULL);
}

static int use(const struct folders *f, const char *name)
{
	char path[PATH_SIZE];
	struct error error;
	if ((strcmp(name, "auto") != 0 && !is_there(f, name, path, &error)) ||
	    !config_set(f->config_path, "watch.profile", name, &error))
		return cli_fail(&error);
	tell_daemon();
	if (strcmp(name, "auto") == 0)
		puts(_("auto: the one that fits camera, face and place is in force"));
	else
		printf(_("%s is in force now\n"), name);
	return CLI_DONE;
}

static int delete_one(const struct folders *f, const char *name)
{
	struct error error;
	/* Its name in the configuration would leave the daemon without any. */
	if (!profile_delete(f->state, name, &error) ||
	    !config_rename_profile(f->config_path, name, "auto", &error))
		return cli_fail(&error);
	tell_daemon();
	printf(_("%s is deleted\n"), name);
	return CLI_DONE;
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option no_options[] = {{0}};
	struct folders f;
	struct error error;
	int status;
	if (cli_option(c, argc, argv, no_options, &status) != CLI_OPTIONS_END)
		return status;
	const char *action = optind < argc ? argv[optind] : "list";
	const bool named = strcmp(action, "use") == 0 || strcmp(action, "delete") == 0;
	if (!named && strcmp(action, "list") != 0)
		return cli_usage(c, N_("%s: list, use or delete"), action);
	if (argc - optind > 1 + named || (named && argc - optind < 2))
		return cli_usage(c, named ? N_("%s: one name is needed") : N_("%s: takes no name"),
		                 action);
	if (!open_folders(&f, &error))
		return cli_fail(&error);
	if (!named)
		return list_all(&f);
	return *action == 'u' ? use(&f, argv[optind + 1]) : delete_one(&f, argv[optind + 1]);
}

const struct command command_profile = {
	"profile", N_("[list | use NAME | delete NAME]"),
	N_("List, choose and delete upright profiles"),
	N_("`unknot calibrate --name NAME` makes one. `use auto` lets the daemon choose by camera, "
	   "face and place.\n"),
	run,
};
