#include "window/option.h"

#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words of the table that are another one in another language; the rest are names. */
static const char *const told[] = {N_("days"), N_("deg"), N_("office"), N_("home"), N_("floor")};

const char *option_told(const char *name)
{
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (strcmp(told[i], name) == 0)
			return _(told[i]);
	return name;
}

const char *option_title(const struct config_option *o)
{
	return _(o->title != NULL ? o->title : o->help);
}

char *option_about(const struct config_option *o, const char *usual)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return NULL;
	fputs(o->title != NULL ? _(o->help) : o->key, to);
	if (o->kind == 'n' && *o->unit != '\0')
		fprintf(to, _(" (%g to %g %s, usually %s)"), o->low, o->high,
		        option_told(o->unit), usual);
	else if (o->kind == 'n')
		fprintf(to, _(" (%g to %g, usually %s)"), o->low, o->high, usual);
	else if (o->kind == 'w')
		fprintf(to, _(" (usually %s)"), option_told(usual));
	fclose(to);
	return text;
}

static int decimals(const char *number)
{
	const char *point = strchr(number, '.');
	return point != NULL ? (int)strspn(point + 1, "0123456789") : 0;
}

double option_step(const struct config_option *o, const char *usual)
{
	const double range = o->high - o->low;
	if (strcmp(o->unit, "h") == 0 || (strcmp(o->unit, "cm") == 0 && range <= 60))
		return 0.5;
	if (range <= 2)
		return 0.05;
	return decimals(usual) > 0 || o->low != floor(o->low) ? 0.1 : 1;
}

int option_digits(const struct config_option *o, const char *usual)
{
	const double step = option_step(o, usual);
	const int least = step < 0.1 ? 2 : step < 1 ? 1 : 0;
	return decimals(usual) > least ? decimals(usual) : least;
}

bool option_word(const struct config_option *o, unsigned i, char *value)
{
	const char *word = o->words;
	for (; i > 0 && word != NULL; i--) {
		word = strchr(word, '|');
		word = word != NULL ? word + 1 : NULL;
	}
	if (word == NULL)
		return false;
	snprintf(value, CONFIG_TEXT_SIZE, "%.*s", (int)strcspn(word, "|"), word);
	return true;
}

unsigned option_which(const struct config_option *o, const char *value)
{
	char word[CONFIG_TEXT_SIZE];
	for (unsigned i = 0; option_word(o, i, word); i++)
		if (strcmp(word, value) == 0)
			return i;
	return 0;
}

const char *option_section(const char *name)
{
	static const struct { const char *name, *title; } rows[] = {
		{"camera", N_("Camera")}, {"screen", N_("Screen")},
		{"watch", N_("How often it looks")},
		{"posture", N_("Limits of posture")}, {"breaks", N_("Breaks")},
		{"coach", N_("Messages")},
		{"hours", N_("Working hours")}, {"history", N_("History")}, {"log", N_("Journal")},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, name) == 0)
			return _(rows[i].title);
	return name;
}

unsigned option_seconds_until(int hour, int minute, int second, int until_hour, int until_minute)
{
	const int day = 86400,
	          left = (until_hour - hour) * 3600 + (until_minute - minute) * 60 - second;
	return (unsigned)(left > 0 ? left : left + day);
}

void option_hour(double hour, char text[OPTION_HOUR_SIZE])
{
	const int minutes = (int)lround(hour * 60);
	snprintf(text, OPTION_HOUR_SIZE, "%d:%02d", minutes / 60, minutes % 60);
}

bool option_hour_read(const char *text, double *hour)
{
	char *end;
	const double whole = strtod(text, &end);
	double minutes = 0;
	if (end == text || !isfinite(whole))
		return false;
	if (*end == ':') {
		const char *from = end + 1;
		minutes = (double)strtol(from, &end, 10);
		if (!isdigit((unsigned char)*from) || minutes > 59)
			return false;
	}
	if (end[strspn(end, " ")] != '\0')
		return false;
	*hour = whole + minutes / 60;
	return true;
}
