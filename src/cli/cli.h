/* The commands of `unknot`: one file each, one row each in main.c's table. */
#ifndef UNKNOT_CLI_CLI_H
#define UNKNOT_CLI_CLI_H

#include "base/error.h"

#include <stdbool.h>

/* Exit status of every command. */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct command {
	const char *name;
	const char *arguments; /* after the name in the usage line */
	const char *summary;   /* one line for `unknot --help` */
	const char *help;      /* the rest of `unknot NAME --help` */
	/* argv[0] is the command's name */
	int (*run)(const struct command *, int argc, char **argv);
};

extern const struct command command_bench, command_break, command_care, command_checklist,
	command_config, command_doctor, command_events,
	command_explain, command_pain, command_pause, command_preview, command_profile,
	command_report, command_resume, command_snooze, command_status,
	command_tray, command_window;

/* The commands that look at pictures live in a program of their own, unknot-vision, because
 * OpenCV's libraries take half a second to load: `unknot status` must not wait for them. unknot
 * runs it in its place. */
extern const struct command command_analyze, command_calibrate, command_evaluate,
	command_stretch;
#define ANALYZE_SUMMARY N_("Analyze pictures, folders, MJPEG streams and videos")
#define CALIBRATE_SUMMARY N_("Learn how you sit upright")
#define EVALUATE_SUMMARY N_("Score the measures on pictures whose truth is known")
#define HELP_SUMMARY N_("Tell what there is, or more about one command")
#define VERSION_SUMMARY N_("Tell which unknot this is")
#define STRETCH_SUMMARY N_("Stretch with a window that follows your body")

/* `--table` prints the commands of a program for unknot-docs: name, arguments, summary and help,
 * parted by CLI_UNIT and ended by CLI_RECORD. */
enum { CLI_UNIT = 0x1f, CLI_RECORD = 0x1e };
void cli_table(const struct command *const *, int count);

/* Started from a menu entry, says it in a notification as well. */
void cli_tell(const char *text);

/* Opens the window at a place of control/window.h, "" where it was; with pictures from `source`
 * instead of the camera where that is not NULL. In a build folder the program beside this one takes
 * this one's place. */
int cli_window(const char *place, const char *source);

/* The path (PATH_MAX bytes) of a program beside this one; false with errno where none can be
 * run. */
bool cli_beside(char *path, const char *program);

/* Prints the one line on stderr and returns CLI_FAILED. */
int cli_fail(const struct error *);

/* Prints what is wrong and how the command is called, returns CLI_USAGE. */
int cli_usage(const struct command *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What was typed, for a message: also where it is nothing. */
const char *cli_shown(const char *given);

/* `unknot NAME --help` on stdout, returns CLI_DONE. */
int cli_help(const struct command *);

/* The next option of a command by getopt_long, with --help and unknown options dealt with:
 * returns the option's value, CLI_OPTIONS_END after the last, or CLI_OPTIONS_STOP when the command
 * must return *status at once. `options` ends with a zero row; it need not list --help. */
struct option;
enum { CLI_EMPTY = 0x2000 }; /* in an option's value: what it takes may be nothing; not returned */
enum { CLI_OPTIONS_END = -1, CLI_OPTIONS_STOP = -2 };
int cli_option(const struct command *, int argc, char **argv, const struct option *options,
               int *status);

/* Option values. False with a usage message when the text is not a number in [low, high]. */
bool cli_number(const struct command *, const char *option, const char *text,
                double low, double high, double *value);

/* What clock_duration reads, but for a number without a unit other than 0: nobody who asks for 30
 * means seconds. Or "tomorrow" (the next 04:00, when nobody works). As seconds from now, at most
 * seven days; false when it is none of these. */
bool cli_duration(const char *text, unsigned *seconds);

#endif
