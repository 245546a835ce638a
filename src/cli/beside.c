/* The programs that come with this one. */
#include "base/text.h"
#include "cli/cli.h"
#include "control/window.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_beside(char *path, const char *program)
{
	const ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	char *name = strrchr(path, '/') + 1;
	if ((size_t)(name - path) + strlen(program) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(name, program);
	return access(path, X_OK) == 0;
}

/* Returns only when it failed. */
static void become(const char *place, const char *source)
{
	char program[PATH_MAX], name[] = WINDOW_PROGRAM, option[] = "--source";
	char page[256], from[PATH_MAX];
	char *arguments[5] = {name};
	int count = 1;
	if (!cli_beside(program, WINDOW_PROGRAM))
		return;
	snprintf(page, sizeof page, "%s", place);
	if (source != NULL) {
		snprintf(from, sizeof from, "%s", source);
		arguments[count++] = option;
		arguments[count++] = from;
	}
	if (*page != '\0')
		arguments[count++] = page;
	execv(program, arguments);
}

int cli_window(const char *place, const char *source)
{
	struct error error;
	/* The one that the bus starts takes no options. */
	if (source == NULL && window_can_open() &&
	    window_open_wait(place, getenv("XDG_ACTIVATION_TOKEN"), WINDOW_START_MS))
		return CLI_DONE;
	become(place, source);
	error_set(&error, errno, "%s: not installed (%s)", WINDOW_PROGRAM, strerror(errno));
	return cli_fail(&error);
}
