#include "window/resting.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { READY_S = 5, CHANGE_S = 5, REPEATED_S = 60 };

void resting_clock(double seconds, char *text, size_t size)
{
	const unsigned whole = seconds > 0 ? (unsigned)fmin(ceil(seconds), 100 * 3600) : 0;
	snprintf(text, size, "%u:%02u", whole / 60, whole % 60);
}

static double number_of(const cJSON *json, const char *key)
{
	const cJSON *number = cJSON_GetObjectItemCaseSensitive(json, key);
	return cJSON_IsNumber(number) ? number->valuedouble : 0;
}

bool resting_of(struct resting *r, const cJSON *status)
{
	const cJSON *json = cJSON_GetObjectItemCaseSensitive(status, "break");
	const char *kind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "kind"));
	const char *sees = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "sees"));
	const char *exercise =
		cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "exercise"));
	memset(r, 0, sizeof *r);
	if (kind == NULL)
		return false;
	while (r->kind < BREAK_KINDS && strcmp(kind, break_kind_name(r->kind)) != 0)
		r->kind++;
	r->length_s = number_of(json, "length_s");
	r->left_s = number_of(json, "left_s");
	r->seen_s = number_of(json, "seen_s");
	r->sees = sees != NULL ? sees : "";
	r->exercise = exercise != NULL ? exercise_find(exercise) : NULL;
	return r->kind < BREAK_KINDS;
}

const char *resting_sees(const char *name)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
		{"away", N_("You are away from the screen.")},
		{"standing", N_("You are on your feet.")},
		{"eyes_off", N_("Your eyes are off the screen.")},
		{"at_screen", N_("You are at the screen.")},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, name) == 0)
			return _(rows[i].text);
	return "";
}

void resting_seen(double seconds, char *text, size_t size)
{
	char clock[16];
	*text = '\0';
	if (!(seconds >= 1))
		return;
	resting_clock(floor(seconds), clock, sizeof clock);
	snprintf(text, size, _("Seen by the camera: %s"), clock);
}

static double held_s(const struct exercise *e)
{
	return e->hold_s > 0 ? e->hold_s : REPEATED_S;
}

double holding_length(const struct exercise *e)
{
	return READY_S + held_s(e) * e->sides + CHANGE_S * (e->sides - 1);
}

enum holding holding_at(const struct exercise *e, double elapsed, double *left)
{
	double end = READY_S;
	for (int side = 0; side < e->sides; side++) {
		if (elapsed < end) {
			*left = end - elapsed;
			return side == 0 ? HOLDING_READY : HOLDING_CHANGE;
		}
		end += held_s(e);
		if (elapsed < end) {
			*left = end - elapsed;
			return HOLDING_HELD;
		}
		end += CHANGE_S;
	}
	*left = 0;
	return HOLDING_OVER;
}

const char *holding_words(const struct exercise *e, enum holding what)
{
	switch (what) {
	case HOLDING_READY: return _("Get ready");
	case HOLDING_HELD: return e->hold_s > 0 ? _("Hold, and breathe") : _("Slowly, and breathe");
	case HOLDING_CHANGE: return _("Change sides");
	case HOLDING_OVER: break;
	}
	return _("Done. Breathe, and let go.");
}
