#include "capture/trace.h"

#include "base/text.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINE_LIMIT = 1 << 20 };

struct trace {
	FILE *file;
	char path[256];
	char *line;          /* LINE_LIMIT + 1 bytes */
	int number;
	int64_t start_wall_ms;
	/* A line that is repeated: its sample, the distance, and until when. */
	struct posture_sample sample;
	double every, until;
	double last;         /* time of the sample given before */
	bool ready;          /* `sample` waits to be given */
};

static bool bad(const struct trace *t, struct error *error, const char *what)
{
	return error_set(error, EINVAL, "%s:%d: %s", t->path, t->number, _(what));
}

static double number_or(const cJSON *json, const char *key, double fallback)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	return cJSON_IsNumber(item) ? item->valuedouble : fallback;
}

/* "2026-11-23T09:00:00+01:00" to ms since the epoch; 0 when it is no such time. */
static int64_t parse_wall(const char *text)
{
	struct tm tm = {0};
	int y, mo, d, h, mi, s, oh = 0, om = 0;
	char sign = '+';
	int got = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%c%2d:%2d", &y,
	                 &mo, &d, &h, &mi, &s, &sign, &oh, &om);
	if (got < 6 || (got >= 7 && sign != 'Z' && (got < 9 || (sign != '+' && sign != '-'))))
		return 0;
	if (y < 1970 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 ||
	    h > 23 || mi < 0 || mi > 59 || s < 0 ||
	    s > 60 || oh < 0 || oh > 23 || om < 0 || om > 59)
		return 0;
	tm.tm_year = y - 1900;
	tm.tm_mon = mo - 1;
	tm.tm_mday = d;
	tm.tm_hour = h;
	tm.tm_min = mi;
	tm.tm_sec = s;
	if (got < 7) { /* no offset: local time */
		tm.tm_isdst = -1;
		return (int64_t)mktime(&tm) * 1000;
	}
	int offset = (oh * 60 + om) * 60 * (sign == '-' ? -1 : 1);
	return ((int64_t)timegm(&tm) - offset) * 1000;
}

/* {"value":..,"sigma":..,"valid":..}, a number, or null. */
static void read_measure(const cJSON *item, struct measure *m)
{
	if (cJSON_IsNumber(item)) {
		*m = (struct measure){item->valuedouble, 0, isfinite(item->valuedouble)};
		return;
	}
	const cJSON *valid = cJSON_GetObjectItemCaseSensitive(item, "valid");
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, "value");
	if (cJSON_IsFalse(valid) || !cJSON_IsNumber(value) || !isfinite(value->valuedouble))
		return;
	const double sigma = number_or(item, "sigma", 0);
	*m = (struct measure){value->valuedouble, sigma, isfinite(sigma) && sigma >= 0};
}

static bool parse_measures(struct trace *t, const cJSON *measures, struct error *error)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, measures) {
		enum measure_id id = measure_from_name(item->string != NULL ? item->string : "");
		if (id == MEASURE_COUNT)
			return bad(t, error, N_("a measure has a name that is not known"));
		read_measure(item, &t->sample.measures.m[id]);
	}
	return true;
}

/* The day is set once, by the first line. */
static bool parse_day(struct trace *t, const cJSON *wall, struct error *error)
{
	const char *text = cJSON_GetStringValue(wall);
	if (wall == NULL || t->start_wall_ms != 0)
		return true;
	const int64_t ms = text != NULL ? parse_wall(text) : 0;
	if (ms == 0)
		return bad(t, error, N_("\"wall\" must look like 2026-11-23T09:00:00+01:00"));
	t->start_wall_ms = ms - (int64_t)(t->sample.seconds * 1000);
	return true;
}

static bool parse_presence(struct trace *t, const cJSON *presence, struct error *error)
{
	struct posture_sample *s = &t->sample;
	const char *text = cJSON_GetStringValue(presence);
	s->presence = presence == NULL ? PRESENCE_PRESENT
	            : text != NULL ? presence_from_name(text) : PRESENCE_COUNT;
	if (s->presence >= PRESENCE_COUNT)
		return bad(t, error, N_("\"presence\" is none of those that are known"));
	s->sampled = s->presence == PRESENCE_PRESENT || s->presence == PRESENCE_AWAY ||
	             s->presence == PRESENCE_BLOCKED;
	return true;
}

static const cJSON *get(const cJSON *json, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(json, key);
}

static bool parse_line(struct trace *t, const cJSON *json, struct error *error)
{
	const cJSON *time = get(json, "t");
	struct posture_sample *s = &t->sample;
	memset(s, 0, sizeof *s);
	if (!cJSON_IsNumber(time) || !(time->valuedouble >= 0 && time->valuedouble < 1e9))
		return bad(t, error, N_("\"t\" must be seconds from the start"));
	s->seconds = time->valuedouble;
	if (s->seconds < t->last)
		return bad(t, error, N_("\"t\" is earlier than the sample before"));
	t->every = number_or(json, "every", 5);
	t->until = number_or(json, "repeat_until", s->seconds);
	if (!(t->every >= 0.05) || !(t->until >= s->seconds && t->until < 1e9))
		return bad(t, error, N_("\"every\" or \"repeat_until\" makes no sense"));
	return parse_presence(t, get(json, "presence"), error) &&
	       parse_day(t, get(json, "wall"), error) &&
	       parse_measures(t, get(json, "measures"), error);
}

/* One line into t->line without its end: its length, -1 at the end of the file, LINE_LIMIT when it
 * is longer; what is too much is read and dropped. */
static int get_line(struct trace *t)
{
	int n = 0, c;
	while ((c = getc_unlocked(t->file)) != EOF && c != '\n')
		if (n < LINE_LIMIT)
			t->line[n++] = (char)c;
	t->line[n] = '\0';
	t->number += n > 0 || c != EOF;
	return n > 0 || c != EOF ? n : -1;
}

/* The next line that is not empty or a comment. */
static int read_line(struct trace *t, struct error *error)
{
	int n;
	const char *p;
	do {
		n = get_line(t);
		if (n < 0)
			return ferror(t->file)
			       ? (error_set(error, EIO, "%s: cannot be read", t->path), -1) : 0;
		p = t->line + strspn(t->line, " \t\r");
	} while (*p == '#' || p == t->line + n);
	if (n == LINE_LIMIT)
		return bad(t, error, N_("line longer than a megabyte")), -1;
	/* To the last byte: neither a zero nor a second object may hide in it. */
	cJSON *json = cJSON_ParseWithLengthOpts(t->line, (size_t)n + 1, NULL, true);
	t->ready = cJSON_IsObject(json) ? parse_line(t, json, error)
	                                : bad(t, error, N_("not a JSON object"));
	cJSON_Delete(json);
	return t->ready ? 1 : -1;
}

struct trace *trace_open(const char *path, struct error *error)
{
	struct trace *t = calloc(1, sizeof *t);
	if (t == NULL) {
		error_set(error, ENOMEM, "%s: out of memory", path);
		return NULL;
	}
	snprintf(t->path, sizeof t->path, "%.250s", path);
	t->line = malloc(LINE_LIMIT + 1);
	t->file = t->line != NULL ? fopen(path, "re") : NULL;
	if (t->file == NULL) {
		error_set(error, errno, "%s: %s", path, strerror(errno));
		trace_free(t);
		return NULL;
	}
	/* The first line may set the day: read now, given later. */
	if (read_line(t, error) < 0) {
		trace_free(t);
		return NULL;
	}
	return t;
}

void trace_free(struct trace *t)
{
	if (t == NULL)
		return;
	if (t->file != NULL)
		fclose(t->file);
	free(t->line);
	free(t);
}

int trace_next(struct trace *t, struct posture_sample *sample, struct error *error)
{
	if (!t->ready) {
		int got = read_line(t, error);
		if (got <= 0)
			return got;
	}
	*sample = t->sample;
	t->last = sample->seconds;
	t->sample.seconds += t->every;
	t->ready = t->sample.seconds <= t->until;
	return 1;
}

int64_t trace_start_wall_ms(const struct trace *t)
{
	return t->start_wall_ms;
}
