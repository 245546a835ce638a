#include "capture/trace.h"

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
	char *line;
	size_t room;
	int number;
	int64_t start_wall_ms;
	/* A line that is repeated: its sample, the distance, and until when. */
	struct posture_sample sample;
	double every, until;
	bool ready;          /* `sample` waits to be given */
};

static bool bad(const struct trace *t, struct error *error, const char *what)
{
	return error_set(error, EINVAL, "%s:%d: %s", t->path, t->number, what);
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
	int got = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%c%2d:%2d", &y, &mo, &d, &h, &mi, &s, &sign, &oh, &om);
	if (got < 6 || (got >= 7 && got < 9 && sign != 'Z'))
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
	*m = (struct measure){value->valuedouble, number_or(item, "sigma", 0), true};
}

static bool parse_line(struct trace *t, const cJSON *json, struct error *error)
{
	const cJSON *time = cJSON_GetObjectItemCaseSensitive(json, "t"), *item;
	const char *presence = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "presence"));
	const char *wall = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "wall"));
	struct posture_sample *s = &t->sample;
	memset(s, 0, sizeof *s);
	if (!cJSON_IsNumber(time) || !(time->valuedouble >= 0 && time->valuedouble < 1e9))
		return bad(t, error, "\"t\" must be seconds from the start");
	s->seconds = time->valuedouble;
	s->presence = presence != NULL ? presence_from_name(presence) : PRESENCE_PRESENT;
	if (s->presence >= PRESENCE_COUNT)
		return bad(t, error, "\"presence\" is none of those that are known");
	if (wall != NULL && t->start_wall_ms == 0) {
		t->start_wall_ms = parse_wall(wall) - (int64_t)(s->seconds * 1000);
		if (parse_wall(wall) == 0)
			return bad(t, error, "\"wall\" must look like 2026-11-23T09:00:00+01:00");
	}
	s->sampled = s->presence == PRESENCE_PRESENT || s->presence == PRESENCE_AWAY ||
	             s->presence == PRESENCE_BLOCKED;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(json, "measures")) {
		enum measure_id id = measure_from_name(item->string != NULL ? item->string : "");
		if (id == MEASURE_COUNT)
			return bad(t, error, "a measure has a name that is not known");
		read_measure(item, &s->measures.m[id]);
	}
	t->every = number_or(json, "every", 5);
	t->until = number_or(json, "repeat_until", s->seconds);
	if (!(t->every >= 0.05) || !(t->until >= s->seconds && t->until < 1e9))
		return bad(t, error, "\"every\" or \"repeat_until\" makes no sense");
	return true;
}

/* The next line that is not empty or a comment: 1, 0 at the end, -1 too long. */
static int next_line(struct trace *t)
{
	ssize_t n;
	while ((n = getline(&t->line, &t->room, t->file)) >= 0) {
		t->number++;
		const char *p = t->line + strspn(t->line, " \t\r\n");
		if (*p == '\0' || *p == '#')
			continue;
		return n < LINE_LIMIT ? 1 : -1;
	}
	return 0;
}

static int read_line(struct trace *t, struct error *error)
{
	int got = next_line(t);
	if (got <= 0) {
		if (got < 0)
			bad(t, error, "line longer than a megabyte");
		return got;
	}
	cJSON *json = cJSON_Parse(t->line);
	t->ready = json != NULL ? parse_line(t, json, error) : bad(t, error, "not JSON");
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
	t->file = fopen(path, "re");
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
	t->sample.seconds += t->every;
	t->ready = t->sample.seconds <= t->until;
	return 1;
}

int64_t trace_start_wall_ms(const struct trace *t)
{
	return t->start_wall_ms;
}
