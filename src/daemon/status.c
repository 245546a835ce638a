/* What the daemon tells about itself, as JSON. */
#include "daemon/core.h"
#include "daemon/pause.h"

#include "sample/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void add_seconds(cJSON *json, const char *key, double seconds)
{
	if (isfinite(seconds))
		cJSON_AddNumberToObject(json, key, round(seconds));
	else
		cJSON_AddNullToObject(json, key);
}

static char *print_and_delete(cJSON *json)
{
	char *text = cJSON_Print(json);
	cJSON_Delete(json);
	return text;
}

static void add_problem(cJSON *json, const struct core *c)
{
	const char *camera = c->camera_problem != NULL ? c->camera_problem : "";
	char text[640];
	snprintf(text, sizeof text, "%s%s%s", camera, *camera && *c->problem ? "; " : "",
	         c->problem);
	if (*text)
		cJSON_AddStringToObject(json, "problem", text);
}

static cJSON *reasons_to_json(unsigned off)
{
	cJSON *json = cJSON_CreateArray();
	for (int r = 0; r < PAUSE_REASONS; r++)
		if ((off & 1u << r) != 0)
			cJSON_AddItemToArray(json,
			                     cJSON_CreateString(pause_name((enum pause_reason)r)));
	return json;
}

/* As `unknot analyze` has them. */
static void add_moved(cJSON *json, const struct core_moved *m)
{
	if (m->rotated != 0)
		cJSON_AddNumberToObject(json, "rotated", 90 * m->rotated);
	if (m->turned)
		cJSON_AddNumberToObject(json, "camera_up_deg", round(m->up_deg * 10) / 10);
}

/* What the camera sees now of whoever should be resting. */
static const char *sees_name(const struct breaks *b)
{
	if (b->presence == PRESENCE_AWAY)
		return "away";
	if (b->presence != PRESENCE_PRESENT)
		return "unknown";
	return b->standing ? "standing"
	       : b->holding ? "holding" : b->eyes_on_screen ? "at_screen" : "eyes_off";
}

/* How far its exercise is done, as looks tell; null where they cannot. */
static cJSON *pose_to_json(const struct doing *d)
{
	const struct stretch *s = &d->stretch;
	if (d->exercise == NULL)
		return cJSON_CreateNull();
	cJSON *json = cJSON_CreateObject();
	cJSON_AddBoolToObject(json, "seen", s->seen);
	cJSON_AddBoolToObject(json, "begun", s->begun);
	cJSON_AddBoolToObject(json, "held", s->held);
	cJSON_AddBoolToObject(json, "done", s->done);
	cJSON_AddNumberToObject(json, "side", s->side);
	add_seconds(json, "held_s", s->held_s);
	return json;
}

/* The break that runs because the person started it; null when none does. */
static cJSON *break_to_json(const struct core *c, struct instant now)
{
	const struct breaks *b = &c->breaks;
	const struct exercise *e = c->coach.exercise;
	if (!b->begun || b->prompted == 0)
		return cJSON_CreateNull();
	const enum break_kind kind = (enum break_kind)(b->prompted - 1);
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "kind", break_kind_name(kind));
	add_seconds(json, "length_s", b->config.length_s[kind]);
	/* The last look may have been seconds ago. */
	const double since = b->waits ? 0 : fmax(0, now.seconds - b->last_seconds);
	add_seconds(json, "left_s", fmax(0, breaks_countdown(b) - since));
	add_seconds(json, "seen_s", b->seen_s);
	cJSON_AddBoolToObject(json, "waits", b->waits);
	cJSON_AddStringToObject(json, "sees", sees_name(b));
	cJSON_AddItemToObject(json, "pose", pose_to_json(&c->doing));
	cJSON_AddStringToObject(json, "exercise", e != NULL ? e->id : "");
	return json;
}

char *core_status(const struct core *c, struct instant now, const struct core_camera *camera,
                  const char *profile)
{
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "presence", presence_name(c->presence));
	cJSON_AddStringToObject(json, "posture", posture_name(c->posture));
	cJSON_AddStringToObject(json, "source", camera->name);
	cJSON_AddStringToObject(json, "profile", *profile ? profile
	                                                  : "none; run `unknot calibrate`");
	add_moved(json, &c->moved);
	add_seconds(json, "sitting_s", c->breaks.bout_s);
	add_seconds(json, "micro_in_s", breaks_remaining(&c->breaks, BREAK_MICRO));
	add_seconds(json, "movement_in_s", breaks_remaining(&c->breaks, BREAK_MOVEMENT));
	cJSON_AddItemToObject(json, "break", break_to_json(c, now));
	add_seconds(json, "snoozed_s", fmax(0, c->coach.snoozed_until - now.seconds));
	add_seconds(json, "paused_s", camera->paused_s);
	cJSON_AddItemToObject(json, "off", reasons_to_json(camera->off));
	cJSON_AddBoolToObject(json, "quiet", c->coach.hold);
	if (c->quiet != QUIET_NOT)
		cJSON_AddStringToObject(json, "quiet_why", quiet_name(c->quiet));
	add_problem(json, c);
	cJSON_AddItemToObject(json, "measures", measures_to_json(&c->measures));
	return print_and_delete(json);
}

static void add_number(cJSON *json, const char *key, double value)
{
	if (isfinite(value))
		cJSON_AddNumberToObject(json, key, round(value * 100) / 100);
	else
		cJSON_AddNullToObject(json, key);
}

/* The measure that decided about the last sample: its value and sigma, the upright value that it is
 * against, and the limit. Null when none did. */
static cJSON *decision_to_json(const struct core *c)
{
	const struct posture_verdict *v = &c->judge.verdict;
	if (v->evidence >= MEASURE_COUNT)
		return cJSON_CreateNull();
	const struct measure *m = &c->measures.m[v->evidence];
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "measure", measure_name(v->evidence));
	cJSON_AddStringToObject(json, "what", measure_text(v->evidence));
	add_number(json, "value", m->valid ? m->value : (double)NAN);
	add_number(json, "sigma", m->valid ? m->sigma : (double)NAN);
	add_number(json, "limit", v->limit);
	add_number(json, "baseline", profile_baseline(c->profile, v->evidence));
	cJSON_AddStringToObject(json, "baseline_of", measure_name(measure_baseline(v->evidence)));
	return json;
}

/* What was measured while sitting upright, by the measure's name. */
static cJSON *baselines_to_json(const struct core *c)
{
	cJSON *json = cJSON_CreateObject();
	for (int id = 0; id < MEASURE_COUNT; id++) {
		const double baseline = profile_baseline(c->profile, (enum measure_id)id);
		if (isfinite(baseline) &&
		    measure_baseline((enum measure_id)id) == (enum measure_id)id)
			add_number(json, measure_name((enum measure_id)id), baseline);
	}
	return json;
}

/* The last correction, and what was measured for it; null before the first. */
static cJSON *evidence_to_json(const struct core *c)
{
	if (*c->last_correction.kind == '\0')
		return cJSON_CreateNull();
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "kind", c->last_correction.kind);
	cJSON_AddStringToObject(json, "summary", c->last_correction.summary);
	cJSON_AddStringToObject(json, "body", c->last_correction.body);
	cJSON_AddStringToObject(json, "seen", c->last_seen);
	cJSON_AddStringToObject(json, "posture", posture_name(c->evidence.posture));
	add_seconds(json, "held_s", c->evidence.held_s);
	cJSON_AddNumberToObject(json, "wall_ms", (double)c->evidence.wall_ms);
	cJSON_AddItemToObject(json, "measures", measures_to_json(&c->evidence.measures));
	return json;
}

char *core_explain(const struct core *c, struct instant now)
{
	const struct posture_verdict *v = &c->judge.verdict;
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "presence", presence_name(c->presence));
	cJSON_AddStringToObject(json, "posture", posture_name(v->label));
	cJSON_AddNumberToObject(json, "confidence", round(v->confidence * 100) / 100);
	cJSON *reasons = cJSON_AddArrayToObject(json, "reasons");
	for (int i = 0; i < v->reason_count; i++)
		cJSON_AddItemToArray(reasons, cJSON_CreateString(v->reasons[i]));
	cJSON_AddStringToObject(json, "rule", posture_rule(v->label));
	cJSON_AddItemToObject(json, "decision", decision_to_json(c));
	double building, needed;
	posture_judge_progress(&c->judge, v->label, &building, &needed);
	add_seconds(json, "building_s", building);
	add_seconds(json, "needed_s", needed);
	cJSON_AddStringToObject(json, "profile",
	                        c->profile != NULL && c->profile->valid ? c->profile->name : "");
	add_moved(json, &c->moved);
	cJSON_AddStringToObject(json, "held", posture_name(c->judge.held));
	add_seconds(json, "held_s", c->judge.held != POSTURE_UNKNOWN
	            ? now.seconds - c->judge.held_since : 0);
	add_seconds(json, "dwell_s", c->judge.config.dwell_s);
	cJSON_AddNumberToObject(json, "dwell_share", c->judge.config.dwell_share);
	cJSON_AddStringToObject(json, "last_message_title", c->last_message.summary);
	cJSON_AddStringToObject(json, "last_message", c->last_message.body);
	cJSON_AddStringToObject(json, "last_message_because",
	                        c->last_message.measured ? c->last_reasons : "");
	cJSON_AddItemToObject(json, "correction", evidence_to_json(c));
	cJSON_AddItemToObject(json, "upright", baselines_to_json(c));
	cJSON_AddItemToObject(json, "measures", measures_to_json(&c->measures));
	return print_and_delete(json);
}
