#include "report/html.h"

#include "base/svg.h"
#include "report/format.h"

#include <math.h>
#include <stdarg.h>

void html_print(FILE *to, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(to, format, args);
	va_end(args);
}

void html_text(FILE *to, const char *text)
{
	svg_escape(to, text);
}

void html_words(FILE *to, enum word id, const char *first, const char *second, const char *third)
{
	word_fill(to, html_text, id, (const char *const[]){first, second, third});
}

void html_word(FILE *to, enum word id)
{
	html_text(to, word(id));
}

void html_data(FILE *to, const char *path, double value, int digits, const char *text)
{
	if (!isfinite(value)) {
		html_word(to, WORD_NOTHING);
		return;
	}
	html_print(to, "<data data-path=\"%s\" value=\"%.*f\">", path, digits, value);
	html_text(to, text);
	fputs("</data>", to);
}
