#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

bool error_set(struct error *e, int code, const char *format, ...)
{
	if (e == NULL)
		return false;
	va_list args;
	va_start(args, format);
	vsnprintf(e->text, sizeof e->text, _(format), args);
	va_end(args);
	e->code = code;
	return false;
}
