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

static bool truth_of(const cJSON *json, const char *key)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, key));
}

static void read_pose(struct resting *r, const cJSON *pose)
{
	enum stretch_kind kind;
	if (!cJSON_IsObject(pose) || r->exercise == NULL || !stretch_find(r->exercise->id, &kind))
		return;
	r->followed = true;
	stretch_init(&r->pose, kind, STRETCH_HOLD_S);
	r->pose.seen = truth_of(pose, "seen");
	r->pose.begun = truth_of(pose, "begun");
	r->pose.held = truth_of(pose, "held");
	r->pose.done = truth_of(pose, "done");
	r->pose.held_s = number_of(pose, "held_s");
	r->pose.side = number_of(pose, "side") < 0 ? -1 : r->pose.side;
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
	r->waits = truth_of(json, "waits");
	read_pose(r, cJSON_GetObjectItemCaseSensitive(json, "pose"));
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
		{"holding", N_("You hold the pose.")},
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

/* There is more to say of the pose than the exercise does. Who has left, or stands, need not be
 * told to sit before the camera. */
static bool is_posing(const struct resting *r)
{
	const struct stretch *s = &r->pose;
	if (!r->followed || strcmp(r->sees, "away") == 0)
		return false;
	return s->done || (s->seen && (s->held || !s->begun || stretch_has_sides(s->kind)));
}

void resting_words(const struct resting *r, char *text, size_t size)
{
	char now[160] = "", seen[64];
	const char *const waits = _("The clock waits while you are at the screen.");
	if (is_posing(r))
		stretch_words(&r->pose, now, sizeof now);
	else if (!r->waits)
		snprintf(now, sizeof now, "%s", resting_sees(r->sees));
	resting_seen(r->seen_s, seen, sizeof seen);
	snprintf(text, size, "%s%s%s%s%s", now, *now != '\0' && r->waits ? "\n" : "",
	         r->waits ? waits : "", *seen != '\0' ? "\n" : "", seen);
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
