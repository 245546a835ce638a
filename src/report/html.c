#include "report/html.h"

#include "report/format.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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
		const size_t bytes = format_character(text);
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

/* Writes the pattern's pieces and arguments one by one. */
static void fill(FILE *to, void (*put)(FILE *, const char *), const char *pattern,
                 const char *const *arguments)
{
	char piece[512];
	while (*pattern != '\0') {
		const char *mark = pattern;
		while (*mark != '\0' && !(mark[0] == '%' && mark[1] >= '1' && mark[1] <= '3'))
			mark++;
		snprintf(piece, sizeof piece, "%.*s", (int)(mark - pattern), pattern);
		put(to, piece);
		if (*mark == '\0')
			return;
		const char *argument = arguments[mark[1] - '1'];
		put(to, argument != NULL ? argument : "");
		pattern = mark + 2;
	}
}

void html_words(FILE *to, enum word id, const char *first, const char *second, const char *third)
{
	fill(to, html_text, word(id), (const char *const[]){first, second, third});
}

void html_word(FILE *to, enum word id)
{
	html_text(to, word(id));
}

/* ---- numbers ---- */

static void put_plain(FILE *to, const char *text)
{
	fputs(text, to);
}

const char *number_words(char *text, enum word id, const char *first, const char *second)
{
	char filled[HTML_NUMBER_SIZE] = "";
	FILE *to = fmemopen(filled, sizeof filled, "w");
	if (to != NULL) {
		fill(to, put_plain, word(id), (const char *const[]){first, second, NULL});
		fclose(to);
	}
	filled[sizeof filled - 1] = '\0';
	return strcpy(text, filled);
}

const char *number_plain(char *text, double v, int digits)
{
	/* A typographic minus, and no "-0". */
	const double shown = fabs(v) < 0.5 * pow(10, -digits) ? 0 : v;
	snprintf(text, HTML_NUMBER_SIZE, "%s%.*f", shown < 0 ? "\u2212" : "", digits, fabs(shown));
	return text;
}

const char *number_duration(char *text, double seconds)
{
	char a[HTML_NUMBER_SIZE], b[HTML_NUMBER_SIZE];
	const long minutes = lround(seconds / 60);
	if (!(seconds >= 60))
		return number_words(text, WORD_SECONDS, number_plain(a, seconds > 0 ? seconds : 0, 0), NULL);
	if (minutes < 60)
		return number_words(text, WORD_MINUTES, number_plain(a, (double)minutes, 0), NULL);
	snprintf(b, sizeof b, "%02ld", minutes % 60);
	return number_words(text, WORD_HOURS_MINUTES, number_plain(a, (double)(minutes / 60), 0), b);
}

const char *number_percent(char *text, double share)
{
	char a[HTML_NUMBER_SIZE];
	if (share > 0 && share < 0.005)
		return number_words(text, WORD_PERCENT_LITTLE, NULL, NULL);
	return number_words(text, WORD_PERCENT, number_plain(a, share * 100, 0), NULL);
}

const char *number_measure(char *text, enum measure_id id, double v, int digits)
{
	char a[HTML_NUMBER_SIZE];
	const char *name = measure_name(id);
	const size_t length = strlen(name);
	const bool degrees = length > 4 && strcmp(name + length - 4, "_deg") == 0;
	return number_words(text, degrees ? WORD_DEGREES : WORD_CENTIMETRES, number_plain(a, v, digits),
	                    NULL);
}

const char *number_clock(char *text, const struct report_summary *s, int64_t wall_ms)
{
	const struct tm tm = format_local(s, wall_ms);
	snprintf(text, HTML_NUMBER_SIZE, "%02d:%02d", tm.tm_hour, tm.tm_min);
	return text;
}

const char *number_date(char *text, const struct report_day *day, enum word format)
{
	const time_t t = (time_t)(day->from_ms / 1000);
	struct tm tm;
	localtime_r(&t, &tm);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the table's */
	if (strftime(text, HTML_NUMBER_SIZE, word(format), &tm) == 0)
		*text = '\0';
#pragma GCC diagnostic pop
	/* %e pads with a space. */
	if (*text == ' ')
		memmove(text, text + 1, strlen(text));
	for (char *p = text; (p = strstr(p, "  ")) != NULL;)
		memmove(p, p + 1, strlen(p));
	return text;
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
