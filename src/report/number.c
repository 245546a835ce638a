#include "report/number.h"

#include "report/format.h"

#include <math.h>
#include <string.h>
#include <time.h>

static void put_plain(FILE *to, const char *text)
{
	fputs(text, to);
}

const char *number_words(char *text, enum word id, const char *first, const char *second)
{
	char filled[NUMBER_SIZE] = "";
	FILE *to = fmemopen(filled, sizeof filled, "w");
	if (to != NULL) {
		word_fill(to, put_plain, id, (const char *const[]){first, second, NULL});
		fclose(to);
	}
	filled[sizeof filled - 1] = '\0';
	return strcpy(text, filled);
}

const char *number_plain(char *text, double v, int digits)
{
	/* A typographic minus, and no "-0". */
	const double shown = fabs(v) < 0.5 * pow(10, -digits) ? 0 : v;
	snprintf(text, NUMBER_SIZE, "%s%.*f", shown < 0 ? "\u2212" : "", digits, fabs(shown));
	char *point = strchr(text, '.');
	if (point != NULL)
		*point = *word(WORD_DECIMAL_POINT);
	return text;
}

const char *number_duration(char *text, double seconds)
{
	char a[NUMBER_SIZE], b[NUMBER_SIZE];
	const long minutes = lround(seconds / 60);
	if (!(seconds >= 60))
		return number_words(text, WORD_SECONDS,
		                    number_plain(a, seconds > 0 ? seconds : 0, 0), NULL);
	if (minutes < 60)
		return number_words(text, WORD_MINUTES, number_plain(a, (double)minutes, 0), NULL);
	snprintf(b, sizeof b, "%02ld", minutes % 60);
	return number_words(text, WORD_HOURS_MINUTES, number_plain(a, (double)(minutes / 60), 0),
	                    b);
}

const char *number_percent(char *text, double share)
{
	char a[NUMBER_SIZE];
	if (share > 0 && share < 0.005)
		return number_words(text, WORD_PERCENT_LITTLE, NULL, NULL);
	return number_words(text, WORD_PERCENT, number_plain(a, share * 100, 0), NULL);
}

const char *number_measure(char *text, enum measure_id id, double v, int digits)
{
	char a[NUMBER_SIZE];
	const char *name = measure_name(id);
	const size_t length = strlen(name);
	const bool degrees = length > 4 && strcmp(name + length - 4, "_deg") == 0;
	return number_words(text, degrees ? WORD_DEGREES : WORD_CENTIMETRES,
	                    number_plain(a, v, digits), NULL);
}

const char *number_clock(char *text, const struct report_summary *s, int64_t wall_ms)
{
	const struct tm tm = format_local(s, wall_ms);
	snprintf(text, NUMBER_SIZE, "%02d:%02d", tm.tm_hour, tm.tm_min);
	return text;
}

/* Sunday is 0 (Sakamoto). */
static int weekday_of(const struct report_day *day)
{
	static const int shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
	const int year = day->year - (day->month < 3);
	return (year + year / 4 - year / 100 + year / 400 + shift[day->month - 1] + day->day) % 7;
}

const char *number_date(char *text, const struct report_day *day, enum word pattern)
{
	const int weekday = weekday_of(day), month = day->month - 1;
	size_t used = 0;
	*text = '\0';
	for (const char *p = word(pattern); *p != '\0' && used < NUMBER_SIZE - 1; p++) {
		char digits[16], one[2] = {*p, '\0'};
		const char *put = one;
		if (*p == '%' && p[1] != '\0') {
			p++;
			snprintf(digits, sizeof digits, "%d", *p == 'Y' ? day->year : day->day);
			put = *p == 'A' ? word((enum word)(WORD_SUNDAY + weekday))
			    : *p == 'a' ? word((enum word)(WORD_SUN + weekday))
			    : *p == 'B' ? word((enum word)(WORD_JANUARY + month))
			    : *p == 'b' ? word((enum word)(WORD_JAN + month)) : digits;
		}
		used += (size_t)snprintf(text + used, NUMBER_SIZE - used, "%s", put);
	}
	return text;
}

const char *number_band(char *text, double low, double high, enum word unit)
{
	char from[NUMBER_SIZE], until[NUMBER_SIZE];
	number_words(from, unit, number_plain(text, low, 0), NULL);
	number_words(until, unit, number_plain(text, high, 0), NULL);
	if (!isfinite(low) && !isfinite(high))
		return strcpy(text, word(WORD_NOTHING));
	if (!isfinite(low))
		return number_words(text, WORD_BAND_BELOW, until, NULL);
	if (!isfinite(high))
		return number_words(text, WORD_BAND_ABOVE, from, NULL);
	return number_words(text, WORD_BAND_BETWEEN, from, until);
}
