#include "base/log.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static enum log_level threshold = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
	threshold = level;
}

void log_write(enum log_level level, const char *format, ...)
{
	static const int syslog_level[] = {3, 4, 6, 7};
	if (level > threshold)
		return;
	char line[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, _(format), args);
	va_end(args);
	/* systemd sets JOURNAL_STREAM for services whose stderr is the journal. */
	if (getenv("JOURNAL_STREAM") != NULL)
		fprintf(stderr, "<%d>%s\n", syslog_level[level], line);
	else
		fprintf(stderr, "unknot: %s\n", line);
}
