#include "config/config.h"

#include "base/paths.h"
#include "base/text.h"
#include "cli/cli.h"
#include "control/control.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static void print_all(const struct config *config)
{
	const struct config_option *options;
	const size_t count = config_options(&options);
	char section[64] = "", value[CONFIG_TEXT_SIZE];
	for (size_t i = 0; i < count; i++) {
		const struct config_option *o = &options[i];
		const char *dot = strchr(o->key, '.');
		const size_t length = (size_t)(dot - o->key);
		if (strncmp(section, o->key, length) != 0 || section[length] != '\0') {
			snprintf(section, sizeof section, "%.*s", (int)length, o->key);
			printf("%s[%s]\n", i > 0 ? "\n" : "", section);
		}
		config_value(config, i, value, sizeof value);
		printf("# %s", _(o->help));
		if (o->kind == 'n')
			printf(_(" (%g to %g%s%s)"), o->low, o->high, *o->unit ? " " : "",
			       *o->unit ? _(o->unit) : "");
		else if (o->words != NULL)
			printf(" (%s)", o->words);
		printf("\n%s = %s\n", dot + 1, value);
	}
}

static int print_one(const struct config *config, const char *key)
{
	const struct config_option *options;
	const size_t count = config_options(&options);
	char value[CONFIG_TEXT_SIZE];
	for (size_t i = 0; i < count; i++)
		if (strcmp(options[i].key, key) == 0) {
			config_value(config, i, value, sizeof value);
			puts(value);
			return CLI_DONE;
		}
	struct config unused = *config;
	struct error error;
	config_assign(&unused, key, "", &error); /* its error names the nearest key */
	return cli_fail(&error);
}

/* The file is changed by now; what a running daemon makes of it is another matter. */
static int tell_daemon(void)
{
	struct error error;
	if (control_call("Reload", NULL, 0, false, NULL, &error)) {
		puts(_("unknotd has taken it over"));
		return CLI_DONE;
	}
	if (error.code == CONTROL_NOBODY) {
		puts(_("written; unknotd reads it when it starts"));
		return CLI_DONE;
	}
	fprintf(stderr, _("unknot: written, but not taken over: %s"), error.text);
	fputc('\n', stderr);
	return CLI_FAILED;
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{"file", required_argument, NULL, 'F'}, {0}};
	char path[PATH_SIZE];
	struct config config;
	struct error error;
	const char *file = NULL;
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		file = optarg;
	}
	if (file != NULL)
		snprintf(path, sizeof path, "%s", file);
	else if (!path_config_file(path, &error))
		return cli_fail(&error);
	const int left = argc - optind;
	if (left == 3 && strcmp(argv[optind], "set") == 0) {
		if (!config_set(path, argv[optind + 1], argv[optind + 2], &error))
			return cli_fail(&error);
		return tell_daemon();
	}
	if (!config_load(&config, path, &error))
		return cli_fail(&error);
	if (left == 2 && strcmp(argv[optind], "get") == 0)
		return print_one(&config, argv[optind + 1]);
	if (left == 1 && strcmp(argv[optind], "path") == 0) {
		puts(path);
		return CLI_DONE;
	}
	if (left != 0 && strcmp(argv[optind], "set") == 0)
		return cli_usage(c, N_("set: a key and its value are needed, in quotation marks if "
		                       "it has spaces; `unknot config` shows them all"));
	if (left != 0 && strcmp(argv[optind], "get") == 0)
		return cli_usage(c, N_("get: one key is needed; `unknot config` shows them all"));
	if (left != 0)
		return cli_usage(c, N_("%s: get KEY, set KEY VALUE, path, or nothing"),
		                 cli_shown(argv[optind]));
	print_all(&config);
	return CLI_DONE;
}

const struct command command_config = {
	"config", N_("[--file FILE] [get KEY | set KEY VALUE | path]"),
	N_("Show or change the configuration"),
	N_("Without arguments: every option with its meaning, range and present value, as a file "
	"could hold\n"
	"it. A running daemon takes changes at once.\n"),
	run,
};
