#include "base/text.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef UNKNOT_LOCALE_DIR
#error "UNKNOT_LOCALE_DIR comes from CMake"
#endif

void text_init(void)
{
	const char *dir = getenv("UNKNOT_LOCALE_DIR");
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	bindtextdomain(TEXT_DOMAIN, dir != NULL ? dir : UNKNOT_LOCALE_DIR);
	bind_textdomain_codeset(TEXT_DOMAIN, "UTF-8"); /* whatever the locale's own */
}

size_t text_character(const char *text)
{
	static const struct { unsigned char low, high, second_low, second_high, bytes; } forms[] = {
		{0x01, 0x7f, 0, 0, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	const unsigned char *p = (const unsigned char *)text;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (*p < forms[i].low || *p > forms[i].high)
			continue;
		if (forms[i].bytes > 1 &&
		    (p[1] < forms[i].second_low || p[1] > forms[i].second_high))
			return 0;
		for (size_t k = 2; k < forms[i].bytes; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].bytes;
	}
	return 0;
}

/* A control character: of ASCII, or of the C1 set, U+0080 to U+009F. */
static bool is_control(const char *p, size_t bytes)
{
	const unsigned char *u = (const unsigned char *)p;
	return (bytes == 1 && (*u < 0x20 || *u == 0x7f)) ||
	       (bytes == 2 && u[0] == 0xc2 && u[1] < 0xa0);
}

static char *copy(const char *text, bool controls)
{
	static const char replacement[] = "\xef\xbf\xbd";
	char *to = malloc(3 * strlen(text) + 1), *end = to;
	while (to != NULL && *text != '\0') {
		const size_t bytes = text_character(text);
		const bool space = bytes > 0 && !controls && is_control(text, bytes);
		const char *from = space ? " " : bytes > 0 ? text : replacement;
		const size_t size = space ? 1 : bytes > 0 ? bytes : strlen(replacement);
		memcpy(end, from, size);
		end += size;
		text += bytes > 0 ? bytes : 1;
	}
	if (to != NULL)
		*end = '\0';
	return to;
}

char *text_valid(const char *text)
{
	return copy(text, true);
}

char *text_clean(const char *text)
{
	return copy(text, false);
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool text_same_ascii(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b))
		a++, b++;
	return lower(*a) == lower(*b);
}

double text_number(const char *text, char **end)
{
	enum { LONGEST = 32, DECIMALS = 2 };
	char pointed[LONGEST], *stop;
	const double v = strtod(text, end);
	const size_t whole = (size_t)(*end - text),
	             decimals = **end == ',' ? strspn(*end + 1, "0123456789") : 0;
	if (decimals == 0 || decimals > DECIMALS || whole + 1 + decimals >= LONGEST ||
	    strspn(text, "+-0123456789") < whole)
		return v;
	snprintf(pointed, sizeof pointed, "%.*s", (int)(whole + 1 + decimals), text);
	pointed[whole] = '.';
	*end = (char *)text + whole + 1 + decimals;
	return strtod(pointed, &stop);
}
