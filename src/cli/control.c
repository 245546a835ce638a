/* The commands that only speak to the daemon: status, explain, pause, resume, snooze, break. */
#include "base/text.h"
#include "cli/cli.h"
#include "cli/words.h"
#include "coach/exercise.h"
#include "control/control.h"

#include <cjson/cJSON.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* In a column so wide: of letters, not bytes. */
static void print_column(const char *text, int width)
{
	int letters = 0;
	for (const char *c = text; *c != '\0'; c++)
		letters += (*c & 0xc0) != 0x80;
	printf("%s%*s ", text, letters < width ? width - letters : 0, "");
}

static void print_measure(const cJSON *m)
{
	enum { WIDTH = 42 };
	fputs("  ", stdout);
	print_column(words_of_measure(m->string), WIDTH);
	printf("%7.1f +- %4.1f %s", number_of(m, "value"), number_of(m, "sigma"),
	       words_of_unit(m->string));
}

static void print_measures(const cJSON *measures)
{
	const cJSON *m;
	cJSON_ArrayForEach(m, measures) {
		if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(m, "valid")))
			continue;
		print_measure(m);
		putchar('\n');
	}
}

/* "in 12 min", "now", "off": when a break falls due. */
static const char *when_due(const cJSON *json, const char *key, char text[64])
{
	const cJSON *due = cJSON_GetObjectItemCaseSensitive(json, key);
	if (!cJSON_IsNumber(due))
		return _("off");
	if (due->valuedouble < 30)
		return _("now");
	snprintf(text, 64, _("in %.0f min"), due->valuedouble / 60);
	return text;
}

/* "slouched, sitting for 34 min" */
static void print_state(const cJSON *json)
{
	const char *presence = text_of(json, "presence");
	const bool seen = strcmp(presence, "present") == 0;
	printf("%s", words_of_state(presence));
	if (seen)
		printf(", %s", words_of_state(text_of(json, "posture")));
	if (number_of(json, "sitting_s") > 0) {
		printf(", ");
		printf(_("sitting for %.0f min"), number_of(json, "sitting_s") / 60);
	}
	putchar('\n');
}

static void print_off(const cJSON *json)
{
	const cJSON *reason, *off = cJSON_GetObjectItemCaseSensitive(json, "off");
	const double left = number_of(json, "paused_s");
	if (left < 0) {
		printf("%-9s %s\n", _("paused"), _("until `unknot resume`"));
	} else if (left > 0) {
		printf("%-9s ", _("paused"));
		printf(_("for %.0f more min"), ceil(left / 60));
		putchar('\n');
	}
	if (cJSON_GetArraySize(off) == 0)
		return;
	printf("%-9s ", _("off"));
	cJSON_ArrayForEach(reason, off)
		printf("%s%s", reason == off->child ? "" : ", ",
		       words_of_off(cJSON_GetStringValue(reason)));
	putchar('\n');
}

/* Both are silence; one the person chose, the other a program did. */
static const char *why_silent(const cJSON *json)
{
	return strcmp(text_of(json, "quiet_why"), "kept_awake") == 0
	     ? _("while a program keeps the screen awake, as for a film or a talk")
	     : _("while the desktop says do not disturb");
}

/* What was set right of the camera, below it. */
static void print_moved(const cJSON *json, void print_before(const char *))
{
	char words[160];
	if (cJSON_HasObjectItem(json, "rotated")) {
		words_of_rotated((int)number_of(json, "rotated"), words, sizeof words);
		print_before(_("camera"));
		puts(words);
	}
	if (cJSON_HasObjectItem(json, "camera_up_deg")) {
		words_of_moved(number_of(json, "camera_up_deg"), words, sizeof words);
		print_before(_("camera"));
		puts(words);
	}
}

static void print_narrow_label(const char *label)
{
	printf("%-9s ", label);
}

/* The break that runs: "Side bend, 240 s to go; the clock waits while you are at the screen". */
static void print_break(const cJSON *json)
{
	const struct exercise *e = exercise_find(text_of(json, "exercise"));
	if (!cJSON_IsObject(json))
		return;
	print_narrow_label(_("break"));
	printf(_("%s, %.0f s to go"), e != NULL ? _(e->name) : _("now"), number_of(json, "left_s"));
	if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "waits")))
		printf("; %s", _("the clock waits while you are at the screen"));
	putchar('\n');
}

static void print_status(const cJSON *json)
{
	static const char no_profile[] = N_("none; run `unknot calibrate`"); /* else a name */
	char micro[64], movement[64];
	const char *profile = text_of(json, "profile");
	print_state(json);
	printf("%-9s %s\n", _("camera"), text_of(json, "source"));
	print_moved(json, print_narrow_label);
	printf("%-9s %s\n", _("profile"), strcmp(profile, no_profile) == 0 ? _(no_profile)
	                                                                   : profile);
	printf("%-9s ", _("breaks"));
	printf(_("for the eyes %s, to move %s"), when_due(json, "micro_in_s", micro),
	       when_due(json, "movement_in_s", movement));
	putchar('\n');
	print_break(cJSON_GetObjectItemCaseSensitive(json, "break"));
	if (number_of(json, "snoozed_s") > 0) {
		printf("%-9s ", _("snoozed"));
		printf(_("for %.0f more min"), number_of(json, "snoozed_s") / 60);
		putchar('\n');
	}
	print_off(json);
	if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "quiet")))
		printf("%-9s %s\n", _("silent"), why_silent(json));
	const char *problem = text_of(json, "problem");
	if (*problem && strcmp(problem, "-") != 0)
		printf("%-9s %s\n", _("problem"), problem);
	print_measures(cJSON_GetObjectItemCaseSensitive(json, "measures"));
}

/* A number that may be null. */
static const char *figure(const cJSON *json, const char *key, char text[32])
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	snprintf(text, 32, "%.1f", number_of(json, key));
	return cJSON_IsNumber(item) ? text : "-";
}

static void print_label(const char *label)
{
	enum { WIDTH = 14 };
	print_column(label, WIDTH);
}

static void print_decision(const cJSON *json)
{
	const cJSON *d = cJSON_GetObjectItemCaseSensitive(json, "decision");
	char value[32], sigma[32], limit[32], baseline[32];
	print_label(_("rule"));
	puts(_(text_of(json, "rule")));
	if (cJSON_IsObject(d)) {
		print_label(_("decided"));
		printf(_("%s: %s +- %s; limit %s; %s was %s upright\n"),
		       words_of_measure(text_of(d, "measure")),
		       figure(d, "value", value), figure(d, "sigma", sigma),
		       figure(d, "limit", limit),
		       words_of_measure(text_of(d, "baseline_of")),
		       figure(d, "baseline", baseline));
	}
	if (number_of(json, "needed_s") > 0) {
		print_label(_("dwell"));
		printf(_("%.0f of the last %.0f s in bad postures; a word after %.0f %%\n"),
		       number_of(json, "building_s"), number_of(json, "needed_s"),
		       number_of(json, "dwell_share") * 100);
	}
	const char *held = text_of(json, "held");
	print_label(_("held"));
	if (strcmp(held, "unknown") != 0)
		printf(_("%s for %.0f s\n"), words_of_state(held), number_of(json, "held_s"));
	else
		puts(_("nothing"));
	print_label(_("profile"));
	puts(*text_of(json, "profile") ? text_of(json, "profile") : _("none"));
	print_moved(json, print_label);
}

/* Every measure beside what it was while sitting upright. */
static void print_against_upright(const cJSON *json)
{
	const cJSON *m, *upright = cJSON_GetObjectItemCaseSensitive(json, "upright");
	cJSON_ArrayForEach(m, cJSON_GetObjectItemCaseSensitive(json, "measures")) {
		char baseline[32];
		if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(m, "valid")))
			continue;
		print_measure(m);
		if (cJSON_HasObjectItem(upright, m->string))
			printf(_("  upright %s"), figure(upright, m->string, baseline));
		putchar('\n');
	}
}

static void print_because(const char *reason)
{
	char words[512];
	words_in(_(reason), words, sizeof words);
	printf(_("  because: %s\n"), words);
}

static void print_explanation(const cJSON *json)
{
	printf(_("%s (confidence %.2f)\n"), words_of_state(text_of(json, "posture")),
	       number_of(json, "confidence"));
	const cJSON *reason;
	cJSON_ArrayForEach(reason, cJSON_GetObjectItemCaseSensitive(json, "reasons"))
		print_because(cJSON_GetStringValue(reason));
	print_decision(json);
	print_label(_("last said"));
	/* What to do is the title. */
	if (*text_of(json, "last_message"))
		printf("%s. %s\n", text_of(json, "last_message_title"),
		       text_of(json, "last_message"));
	else
		puts(_("nothing"));
	if (*text_of(json, "last_message_because") &&
	    strcmp(text_of(json, "last_message_because"), "-") != 0)
		print_because(text_of(json, "last_message_because"));
	print_against_upright(json);
}

/* One line for a status bar: text, tooltip, and a class to colour by (waybar's "custom" module). */
static void print_waybar(const cJSON *json)
{
	const char *presence = text_of(json, "presence"), *posture = text_of(json, "posture");
	const bool seen = strcmp(presence, "present") == 0;
	const double left = number_of(json, "movement_in_s") / 60;
	char text[64], sitting[96], due[96] = "", tip[200];
	cJSON *line = cJSON_CreateObject();
	snprintf(text, sizeof text, "%s", words_of_state(seen ? posture : presence));
	snprintf(sitting, sizeof sitting, _("sitting for %.0f min"),
	         number_of(json, "sitting_s") / 60);
	if (cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(json, "movement_in_s")))
		snprintf(due, sizeof due, left > 0 ? _("\nmovement break in %.0f min")
		                                   : _("\nmovement break due for %.0f min"),
		                                   fabs(left));
	snprintf(tip, sizeof tip, "%s%s", sitting, due);
	cJSON_AddStringToObject(line, "text", text);
	cJSON_AddStringToObject(line, "alt", seen ? posture : presence);
	cJSON_AddStringToObject(line, "tooltip", tip);
	cJSON_AddStringToObject(line, "class", !seen ? presence : strcmp(posture, "upright") == 0 ||
	                        strcmp(posture, "reclined") == 0 ||
	                        strcmp(posture, "raised") == 0 ||
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
	static const struct option options[] = {{"format", required_argument, NULL, 'f'},
	                                        {"json", no_argument, NULL, 'j'}, {0}};
	bool as_json = false, as_waybar = false;
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		as_json = got == 'j' || strcmp(optarg, "json") == 0;
		as_waybar = !as_json && strcmp(optarg, "waybar") == 0 && print == print_status;
		if (!as_json && !as_waybar && strcmp(optarg, "text") != 0)
			return cli_usage(c, N_("--format %s: one of %s is needed"), optarg,
			                 print == print_status ? "text|json|waybar" : "text|json");
	}
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));

	struct error error;
	char *reply = NULL;
	if (!control_call(method, NULL, 0, false, &reply, &error)) {
		if (as_waybar) /* a bar shows what is printed, not what failed */
			printf("{\"text\":\"%s\",\"alt\":\"off\",\"tooltip\":\"%s\","
			       "\"class\":\"off\"}\n", _("off"), _("unknotd is not running"));
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

/* "paused until 14:30": what was asked for is so. */
static void tell_until(bool paused, unsigned seconds)
{
	char when[64];
	const time_t end = time(NULL) + (time_t)seconds;
	struct tm local;
	if (seconds == 0) {
		puts(paused ? _("paused, the camera is off; `unknot resume` watches again")
		            : _("speaking again"));
		return;
	}
	localtime_r(&end, &local);
	strftime(when, sizeof when, seconds < 86400 ? "%H:%M" : "%Y-%m-%d %H:%M", &local);
	printf(paused ? _("paused until %s, the camera is off")
	              : _("silent until %s, still watching"), when);
	putchar('\n');
}

static int with_duration(const struct command *c, int argc, char **argv, const char *method,
                         unsigned fallback)
{
	int status;
	unsigned seconds = fallback;
	if (!options_done(c, argc, argv, &status))
		return status;
	if (argc - optind > 1)
		return cli_usage(c, N_("%s: one duration is enough"), argv[optind + 1]);
	if (optind < argc && !cli_duration(argv[optind], &seconds))
		return cli_usage(c, N_("%s: a duration like 30min, 1h30, 2d or tomorrow is needed, "
		                       "at most 7d"),
		                 cli_shown(argv[optind]));
	status = call(method, NULL, seconds);
	if (status == CLI_DONE)
		tell_until(strcmp(method, "Pause") == 0, seconds);
	return status;
}

static int run_pause(const struct command *c, int argc, char **argv)
{
	return with_duration(c, argc, argv, "Pause", 0);
}

static int run_snooze(const struct command *c, int argc, char **argv)
{
	return with_duration(c, argc, argv, "Snooze", 30 * 60);
}

/* A locked screen or a shut lid is no pause that a word could end. */
static int resume(void)
{
	char *reply = NULL;
	const int status = call("Resume", NULL, 0);
	if (status != CLI_DONE || !control_call("Status", NULL, 0, false, &reply, NULL))
		return status;
	cJSON *json = cJSON_Parse(reply);
	free(reply);
	const cJSON *reason, *off = cJSON_GetObjectItemCaseSensitive(json, "off");
	if (cJSON_GetArraySize(off) == 0)
		puts(_("watching again"));
	cJSON_ArrayForEach(reason, off) {
		printf(_("the camera stays off: %s"), words_of_off(cJSON_GetStringValue(reason)));
		putchar('\n');
	}
	cJSON_Delete(json);
	return status;
}

static int run_resume(const struct command *c, int argc, char **argv)
{
	int status;
	if (!options_done(c, argc, argv, &status))
		return status;
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));
	return resume();
}

/* A break that was started goes on. */
static bool runs_already(void)
{
	char *reply = NULL;
	if (!control_call("Status", NULL, 0, false, &reply, NULL))
		return false;
	cJSON *json = cJSON_Parse(reply);
	free(reply);
	const bool runs = cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(json, "break"));
	cJSON_Delete(json);
	return runs;
}

/* A desktop that says do not disturb shows no card: say so where it is asked for. */
static void tell_of_silence(void)
{
	char *reply = NULL;
	if (!control_call("Status", NULL, 0, false, &reply, NULL))
		return;
	cJSON *json = cJSON_Parse(reply);
	free(reply);
	if (strcmp(text_of(json, "quiet_why"), "do_not_disturb") == 0)
		puts(_("The desktop says do not disturb and may show no card. The break counts all "
		       "the same: get up."));
	cJSON_Delete(json);
}

static int run_break(const struct command *c, int argc, char **argv)
{
	int status;
	if (!options_done(c, argc, argv, &status))
		return status;
	const char *kind = optind < argc ? argv[optind] : "movement";
	if (strcmp(kind, "micro") != 0 && strcmp(kind, "movement") != 0)
		return cli_usage(c, N_("%s: micro or movement"), cli_shown(kind));
	if (argc - optind > 1)
		return cli_usage(c, N_("%s: takes nothing more"), argv[optind + 1]);
	if (runs_already()) {
		puts(_("a break runs already; it goes on"));
		return CLI_DONE;
	}
	status = call("Break", kind, 0);
	if (status == CLI_DONE) {
		puts(strcmp(kind, "micro") == 0 ? _("a short break for the eyes begins")
		                                : _("a break to move begins"));
		tell_of_silence();
	}
	return status;
}

const struct command command_status = {
	"status", "[--json] [--format text|json|waybar]", N_("Tell what the daemon sees now"),
	N_("waybar prints one line for that bar's custom module, with good, fault, away and so on "
	   "as class.\n"),
	run_status,
};
const struct command command_explain = {
	"explain", "[--json] [--format text|json]", N_("Explain the daemon's last decision"),
	NULL, run_explain,
};
const struct command command_pause = {
	"pause", N_("[DURATION]"), N_("Stop watching, camera off"),
	N_("DURATION is like 30min, 1h30, 2d or tomorrow; without it, until `unknot resume`.\n"),
	run_pause,
};
const struct command command_resume = {
	"resume", "", N_("Watch again"),
	N_("Ends a pause and a snooze, and says what else keeps the camera off.\n"), run_resume,
};
const struct command command_snooze = {
	"snooze", N_("[DURATION]"), N_("Go on watching but say nothing for a while"),
	N_("DURATION is like 30min (the default), 1h30, 2d or tomorrow.\n"), run_snooze,
};
const struct command command_break = {
	"break", "[micro|movement]", N_("Take a break now"),
	N_("movement is the default. The camera sees whether you took it.\n"), run_break,
};
