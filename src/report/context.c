/* What was in force: told in every report, and read back from it. */
#include "report/report.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A threshold's name in the report and where it is kept. */
struct place {
	const char *name;
	double *value;
	int digits;
};

static void places_of(struct report_context *c, struct place places[REPORT_THRESHOLDS])
{
	struct posture_config *p = &c->posture;
	struct breaks_config *b = &c->breaks;
	const struct place all[REPORT_THRESHOLDS] = {
		{"slouch_drop_cm", &p->slouch_drop_cm, 1},
		{"forward_head_cm", &p->forward_head_cm, 1},
		{"looking_down_deg", &p->looking_down_deg, 1},
		{"lean_side_cm", &p->lean_side_cm, 1},
		{"head_roll_deg", &p->head_roll_deg, 1},
		{"yaw_deg", &p->yaw_deg, 1},
		{"recline_cm", &p->recline_cm, 1},
		{"too_close_cm", &p->too_close_cm, 1},
		{"raised_cm", &p->raised_cm, 1},
		{"shoulder_tilt_deg", &p->shoulder_tilt_deg, 1},
		{"dwell_s", &p->dwell_s, 0},
		{"dwell_share", &p->dwell_share, 2},
		{"release_s", &p->release_s, 0},
		{"micro_every_s", &b->every_s[BREAK_MICRO], 0},
		{"micro_length_s", &b->length_s[BREAK_MICRO], 0},
		{"movement_every_s", &b->every_s[BREAK_MOVEMENT], 0},
		{"movement_length_s", &b->length_s[BREAK_MOVEMENT], 0},
		{"return_grace_s", &b->return_grace_s, 0},
		{"answer_s", &b->answer_s, 0},
	};
	memcpy(places, all, sizeof all);
}

int report_thresholds(const struct report_context *context,
                      struct report_threshold rows[REPORT_THRESHOLDS])
{
	struct report_context copy = *context;
	struct place places[REPORT_THRESHOLDS];
	/* Breaks that are off have an interval all the same. */
	for (int k = 0; k < BREAK_KINDS; k++)
		if (!copy.breaks.enabled[k])
			copy.breaks.every_s[k] = 0;
	places_of(&copy, places);
	for (int i = 0; i < REPORT_THRESHOLDS; i++)
		rows[i] = (struct report_threshold){places[i].name, *places[i].value,
		                                    places[i].digits};
	return REPORT_THRESHOLDS;
}

static void read_text(const cJSON *json, const char *key, char *to, size_t size)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(json, key));
	if (text != NULL)
		snprintf(to, size, "%s", text);
}

bool report_context_read(struct report_context *context, const char *text)
{
	struct place places[REPORT_THRESHOLDS];
	cJSON *json = cJSON_Parse(text);
	const char *schema = cJSON_GetStringValue(cJSON_GetObjectItem(json, "schema"));
	const bool good = schema != NULL && strcmp(schema, REPORT_SCHEMA) == 0;
	if (good) {
		const cJSON *thresholds = cJSON_GetObjectItem(json, "thresholds");
		read_text(json, "model_sha256", context->model_hash, sizeof context->model_hash);
		read_text(json, "camera", context->camera, sizeof context->camera);
		read_text(json, "profile", context->profile, sizeof context->profile);
		places_of(context, places);
		for (int i = 0; i < REPORT_THRESHOLDS; i++) {
			const cJSON *value = cJSON_GetObjectItem(thresholds, places[i].name);
			if (cJSON_IsNumber(value) && isfinite(value->valuedouble))
				*places[i].value = value->valuedouble;
		}
		for (int k = 0; k < BREAK_KINDS; k++)
			context->breaks.enabled[k] = context->breaks.every_s[k] > 0;
	}
	cJSON_Delete(json);
	return good;
}
