#include "base/output.h"

#include "base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

int output_finish(const char *program, int status)
{
	const bool before = ferror(stdout) != 0, pending = __fpending(stdout) > 0;
	errno = 0;
	if (fclose(stdout) == 0 && !before)
		return status;
	/* A program that was started without one, and wrote nothing. */
	if (errno == EBADF && !before && !pending)
		return status;
	fprintf(stderr, _("%s: standard output: %s\n"), program,
	        errno != 0 ? strerror(errno) : _("could not be written"));
	return status != EXIT_SUCCESS ? status : EXIT_FAILURE;
}
