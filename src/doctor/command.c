/* Names what is wrong and what to do. */
#include "doctor/doctor.h"

#include "base/text.h"
#include "cli/cli.h"
#include "cpu/cpu.h"

#include <cjson/cJSON.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static void print_text(const struct doctor_facts *d, const struct doctor_finding *findings)
{
	for (int i = 0; i < doctor_check_count; i++) {
		const struct doctor_finding *f = &findings[i];
		/* Names are ASCII in every language, so that columns are bytes. */
		printf("%-8s %-14s %s%s%s\n", _(doctor_level_name(f->level)),
		       _(doctor_checks[i].name), f->what, *f->to_do ? "; " : "", f->to_do);
	}
	for (int i = 0; i < d->camera_count; i++) {
		const struct capture_device *c = &d->cameras[i].device;
		printf("         %-14s %s %s [%s] %s%s%s\n", c->path, c->name,
		       c->id, c->formats, c->ways, c->usable ? "" : _(" not used: "), c->why_not);
	}
}

static void add_cameras(cJSON *list, const struct doctor_facts *d)
{
	for (int i = 0; i < d->camera_count; i++) {
		const struct doctor_camera *c = &d->cameras[i];
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "node", c->device.path);
		cJSON_AddStringToObject(item, "name", c->device.name);
		cJSON_AddStringToObject(item, "id", c->device.id);
		cJSON_AddStringToObject(item, "formats", c->device.formats);
		cJSON_AddBoolToObject(item, "usable", c->device.usable);
		cJSON_AddStringToObject(item, "why_not", c->device.why_not);
		cJSON_AddStringToObject(item, "ways", c->device.ways);
		if (c->holder.pid != 0) {
			cJSON_AddStringToObject(item, "holder", c->holder.program);
			cJSON_AddNumberToObject(item, "holder_pid", c->holder.pid);
		}
		cJSON_AddItemToArray(list, item);
	}
}

static bool print_json(const struct doctor_facts *d, const struct doctor_finding *findings)
{
	cJSON *all = cJSON_CreateObject();
	cJSON_AddStringToObject(all, "format", "unknot-doctor/1");
	cJSON_AddStringToObject(all, "version", UNKNOT_VERSION);
	cJSON_AddStringToObject(all, "processor", cpu_level_name(cpu_level()));
	cJSON *checks = cJSON_AddArrayToObject(all, "checks");
	for (int i = 0; i < doctor_check_count; i++) {
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "check", doctor_checks[i].name);
		cJSON_AddStringToObject(item, "level", doctor_level_name(findings[i].level));
		cJSON_AddStringToObject(item, "what", findings[i].what);
		cJSON_AddStringToObject(item, "to_do", findings[i].to_do);
		cJSON_AddItemToArray(checks, item);
	}
	add_cameras(cJSON_AddArrayToObject(all, "cameras"), d);
	char *text = cJSON_Print(all);
	cJSON_Delete(all);
	/* a camera may call itself anything */
	char *valid = text != NULL ? text_valid(text) : NULL;
	free(text);
	if (valid != NULL)
		puts(valid);
	free(valid);
	return valid != NULL;
}

static int examine(const char *source, bool look, bool json)
{
	struct doctor_facts *d = calloc(1, sizeof *d);
	struct doctor_finding *findings = calloc((size_t)doctor_check_count, sizeof *findings);
	int status = CLI_FAILED;
	if (d != NULL && findings != NULL) {
		doctor_gather(d);
		if (look)
			doctor_look(d, source);
		status = CLI_DONE;
		for (int i = 0; i < doctor_check_count; i++) {
			doctor_checks[i].judge(d, &findings[i]);
			if (findings[i].level == DOCTOR_PROBLEM)
				status = CLI_FAILED;
		}
		if (!json)
			print_text(d, findings);
		else if (!print_json(d, findings))
			status = CLI_FAILED;
	}
	free(findings);
	free(d);
	return status;
}

static int run(const struct command *c, int argc, char **argv)
{
	enum { OPT_JSON = 1, OPT_SOURCE, OPT_NO_LOOK };
	static const struct option options[] = {
		{"json", no_argument, NULL, OPT_JSON},
		{"source", required_argument, NULL, OPT_SOURCE},
		{"no-look", no_argument, NULL, OPT_NO_LOOK},
		{0},
	};
	const char *source = NULL;
	bool json = false, look = true;
	int status;
	for (int o; (o = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END;) {
		if (o == CLI_OPTIONS_STOP)
			return status;
		json |= o == OPT_JSON;
		look &= o != OPT_NO_LOOK;
		if (o == OPT_SOURCE)
			source = optarg;
	}
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));
	return examine(source, look, json);
}

const struct command command_doctor = {
	"doctor", N_("[--json] [--no-look] [--source SOURCE]"),
	N_("Name what is wrong and what to do"),
	N_("Checks the camera and who holds it, light and the size of your face (by a short look, "
	"unless another\n"
	"program has the camera), networks, configuration, profile, session bus, notification "
	"server,\n"
	"sandbox, disk, history, clock and what other users may do. One line each: ok, warning or "
	"problem,\n"
	"what is so, and what to do. Exit status 1 when there is a problem: something keeps unknot "
	"from\n"
	"working.\n\n"
	"  --json           one object, format unknot-doctor/1\n"
	"  --no-look        leave the camera alone\n"
	"  --source SOURCE  look there: v4l2:DEVICE or replay:PATH, as for unknotd\n"),
	run,
};
