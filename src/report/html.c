#include "report/html.h"

#include "base/text.h"
#include "report/format.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

void html_print(FILE *to, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(to, format, args);
	va_end(args);
}

static const char *entity_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

/* C0 and C1 controls but for tab and line feed, and the noncharacters U+FFFE and U+FFFF. */
static bool is_allowed(const char *p, size_t bytes)
{
	const unsigned char a = (unsigned char)p[0], b = bytes > 1 ? (unsigned char)p[1] : 0;
	if (bytes == 1)
		return (a >= 0x20 && a != 0x7f) || a == '\t' || a == '\n';
	if (bytes == 2)
		return a != 0xc2 || b >= 0xa0;
	return bytes != 3 || a != 0xef || b != 0xbf || (unsigned char)p[2] < 0xbe;
}

void html_text(FILE *to, const char *text)
{
	while (*text != '\0') {
		const size_t bytes = text_character(text);
		const char *entity = entity_of(*text);
		if (bytes == 0 || !is_allowed(text, bytes))
			fputs("\xef\xbf\xbd", to);
		else if (entity != NULL)
			fputs(entity, to);
		else
			fwrite(text, 1, bytes, to);
		text += bytes > 0 ? bytes : 1;
	}
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
