/* The commands that only speak to the daemon: status, explain, pause, resume, snooze, break. */
#include "cli/cli.h"
#include "control/control.h"

#include <cjson/cJSON.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option no_options[] = {{0}};

/* Parses the options of a command that has none; true when it may go on. */
static bool options_done(const struct command *c, int argc, char **argv, int *status)
{
	return cli_option(c, argc, argv, no_options, status) == CLI_OPTIONS_END;
}

static int call(const char *method, const char *text, unsigned number)
{
	struct error error;
	if (!control_call(method, text, number, false, NULL, &error))
		return cli_fail(&error);
	return CLI_DONE;
}

/* ---- status and explain: JSON as it comes, or the lines a person reads ---- */

static const char *text_of(const cJSON *json, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
	return text != NULL ? text : "-";
}

static double number_of(const cJSON *json, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void print_measures(const cJSON *measures)
{
	const cJSON *m;
	cJSON_ArrayForEach(m, measures) {
		if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(m, "valid")))
			continue;
		printf("  %-24s %8.1f +- %.1f\n", m->string, number_of(m, "value"), number_of(m, "sigma"));
	}
}

static void print_status(const cJSON *json)
{
	printf("%s, %s, sitting for %.0f min\n", text_of(json, "presence"), text_of(json, "posture"),
	       number_of(json, "sitting_s") / 60);
	printf("camera    %s\n", text_of(json, "source"));
	printf("profile   %s\n", text_of(json, "profile"));
	printf("breaks    micro in %.0f min, movement in %.0f min\n",
	       number_of(json, "micro_in_s") / 60, number_of(json, "movement_in_s") / 60);
	if (number_of(json, "snoozed_s") > 0)
		printf("snoozed   for %.0f more min\n", number_of(json, "snoozed_s") / 60);
	if (number_of(json, "paused_s") != 0)
		printf("paused    %s\n", number_of(json, "paused_s") < 0 ? "until `unknot resume`"
		                                                          : "for a while");
	const char *problem = text_of(json, "problem");
	if (strcmp(problem, "-") != 0)
		printf("problem   %s\n", problem);
	print_measures(cJSON_GetObjectItemCaseSensitive(json, "measures"));
}

/* A number that may be null. */
static const char *figure(const cJSON *json, const char *key, char text[32])
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	snprintf(text, 32, "%.1f", number_of(json, key));
	return cJSON_IsNumber(item) ? text : "-";
}

static void print_decision(const cJSON *json)
{
	const cJSON *d = cJSON_GetObjectItemCaseSensitive(json, "decision");
	char value[32], sigma[32], limit[32], baseline[32];
	printf("rule      %s\n", text_of(json, "rule"));
	if (cJSON_IsObject(d))
		printf("decided   %s = %s +- %s (%s); limit %s; %s was %s upright\n", text_of(d, "measure"),
		       figure(d, "value", value), figure(d, "sigma", sigma), text_of(d, "what"),
		       figure(d, "limit", limit), text_of(d, "baseline_of"), figure(d, "baseline", baseline));
	if (number_of(json, "needed_s") > 0)
		printf("dwell     %.0f of the last %.0f s in bad postures; a word after %.0f %%\n",
		       number_of(json, "building_s"), number_of(json, "needed_s"),
		       number_of(json, "dwell_share") * 100);
	const bool holding = strcmp(text_of(json, "held"), "unknown") != 0;
	printf("held      %s", holding ? text_of(json, "held") : "nothing");
	if (holding)
		printf(" for %.0f s", number_of(json, "held_s"));
	printf("\nprofile   %s\n", *text_of(json, "profile") ? text_of(json, "profile") : "none");
}

/* Every measure beside what it was while sitting upright. */
static void print_against_upright(const cJSON *json)
{
	const cJSON *m, *upright = cJSON_GetObjectItemCaseSensitive(json, "upright");
	cJSON_ArrayForEach(m, cJSON_GetObjectItemCaseSensitive(json, "measures")) {
		char baseline[32];
		if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(m, "valid")))
			continue;
		printf("  %-24s %8.1f +- %4.1f", m->string, number_of(m, "value"), number_of(m, "sigma"));
		if (cJSON_HasObjectItem(upright, m->string))
			printf(" upright %s", figure(upright, m->string, baseline));
		putchar('\n');
	}
}

static void print_explanation(const cJSON *json)
{
	printf("%s (confidence %.2f)\n", text_of(json, "posture"), number_of(json, "confidence"));
	const cJSON *reason;
	cJSON_ArrayForEach(reason, cJSON_GetObjectItemCaseSensitive(json, "reasons"))
		printf("  because %s\n", cJSON_GetStringValue(reason));
	print_decision(json);
	printf("last said %s\n", *text_of(json, "last_message") ? text_of(json, "last_message") : "nothing");
	if (*text_of(json, "last_message_because") && strcmp(text_of(json, "last_message_because"), "-") != 0)
		printf("          because %s\n", text_of(json, "last_message_because"));
	print_against_upright(json);
}

/* One line for a status bar: text, tooltip, and a class to colour by (waybar's "custom" module). */
static void print_waybar(const cJSON *json)
{
	const char *presence = text_of(json, "presence"), *posture = text_of(json, "posture");
	const bool seen = strcmp(presence, "present") == 0;
	const double left = number_of(json, "movement_in_s") / 60;
	char text[64], tip[256];
	cJSON *line = cJSON_CreateObject();
	snprintf(text, sizeof text, "%s", seen ? posture : presence);
	for (char *c = text; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	snprintf(tip, sizeof tip, "sitting for %.0f min\n%s %.0f min", number_of(json, "sitting_s") / 60,
	         left > 0 ? "movement break in" : "movement break due for", left > 0 ? left : -left);
	cJSON_AddStringToObject(line, "text", text);
	cJSON_AddStringToObject(line, "alt", seen ? posture : presence);
	cJSON_AddStringToObject(line, "tooltip", tip);
	cJSON_AddStringToObject(line, "class", !seen ? presence : strcmp(posture, "upright") == 0 ||
	                        strcmp(posture, "reclined") == 0 || strcmp(posture, "raised") == 0 ||
	                        strcmp(posture, "unknown") == 0 ? "good" : "fault");
	char *printed = cJSON_PrintUnformatted(line);
	if (printed != NULL)
		puts(printed);
	free(printed);
	cJSON_Delete(line);
}

static int show_json(const struct command *c, int argc, char **argv, const char *method,
                     void print(const cJSON *))
{
	static const struct option options[] = {{"format", required_argument, NULL, 'f'}, {0}};
	bool as_json = false, as_waybar = false;
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		as_json = strcmp(optarg, "json") == 0;
		as_waybar = strcmp(optarg, "waybar") == 0 && print == print_status;
		if (!as_json && !as_waybar && strcmp(optarg, "text") != 0)
			return cli_usage(c, "--format %s: one of %s", optarg, c->arguments);
	}
	if (optind < argc)
		return cli_usage(c, "%s: takes no argument", argv[optind]);

	struct error error;
	char *reply = NULL;
	if (!control_call(method, NULL, 0, false, &reply, &error)) {
		if (as_waybar) /* a bar shows what is printed, not what failed */
			puts("{\"text\":\"off\",\"alt\":\"off\",\"tooltip\":\"unknotd is not running\","
			     "\"class\":\"off\"}");
		return as_waybar ? CLI_DONE : cli_fail(&error);
	}
	if (as_json) {
		puts(reply);
	} else {
		cJSON *json = cJSON_Parse(reply);
		(as_waybar ? print_waybar : print)(json);
		cJSON_Delete(json);
	}
	free(reply);
	return CLI_DONE;
}

static int run_status(const struct command *c, int argc, char **argv)
{
	return show_json(c, argc, argv, "Status", print_status);
}

static int run_explain(const struct command *c, int argc, char **argv)
{
	return show_json(c, argc, argv, "Explain", print_explanation);
}

/* ---- pause, resume, snooze, break ---- */

static int with_duration(const struct command *c, int argc, char **argv, const char *method,
                         unsigned fallback)
{
	int status;
	unsigned seconds = fallback;
	if (!options_done(c, argc, argv, &status))
		return status;
	if (argc - optind > 1)
		return cli_usage(c, "%s: one duration is enough", argv[optind + 1]);
	if (optind < argc && !cli_duration(argv[optind], &seconds))
		return cli_usage(c, "%s: a duration like 30m, 2h or tomorrow is needed", argv[optind]);
	return call(method, NULL, seconds);
}

static int run_pause(const struct command *c, int argc, char **argv)
{
	return with_duration(c, argc, argv, "Pause", 0);
}

static int run_snooze(const struct command *c, int argc, char **argv)
{
	return with_duration(c, argc, argv, "Snooze", 30 * 60);
}

static int run_resume(const struct command *c, int argc, char **argv)
{
	int status;
	if (!options_done(c, argc, argv, &status))
		return status;
	return call("Resume", NULL, 0);
}

static int run_break(const struct command *c, int argc, char **argv)
{
	int status;
	if (!options_done(c, argc, argv, &status))
		return status;
	const char *kind = optind < argc ? argv[optind] : "movement";
	if (strcmp(kind, "micro") != 0 && strcmp(kind, "movement") != 0)
		return cli_usage(c, "%s: micro or movement", kind);
	return call("Break", kind, 0);
}

const struct command command_status = {
	"status", "[--format text|json|waybar]", "Tell what the daemon sees now",
	"waybar prints one line for that bar's custom module, with good, fault, away and so on as class.\n",
	run_status,
};
const struct command command_explain = {
	"explain", "[--format text|json]", "Explain the daemon's last decision", NULL, run_explain,
};
const struct command command_pause = {
	"pause", "[DURATION]", "Stop watching, camera off",
	"DURATION is like 30m, 2h or tomorrow; without it, until `unknot resume`.\n", run_pause,
};
const struct command command_resume = {
	"resume", "", "Watch again", NULL, run_resume,
};
const struct command command_snooze = {
	"snooze", "[DURATION]", "Go on watching but say nothing for a while",
	"DURATION is like 30m (the default), 2h or tomorrow.\n", run_snooze,
};
const struct command command_break = {
	"break", "[micro|movement]", "Take a break now",
	"movement is the default. The camera sees whether you took it.\n", run_break,
};
