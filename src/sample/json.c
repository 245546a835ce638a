#include "sample/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

/* Numbers are written with a fixed number of digits: cJSON's own %1.17g makes a landmark line three
 * times as long as its content deserves. Non-finite numbers become null, as JSON has none. */
static cJSON *number(double v, int digits)
{
	char text[40];
	if (!isfinite(v))
		return cJSON_CreateNull();
	snprintf(text, sizeof text, "%.*f", digits, v);
	return cJSON_CreateRaw(text);
}

enum { DIGITS_IMAGE = 6, DIGITS_WORLD = 5, DIGITS_MEASURE = 3 };

static void append_row(cJSON *rows, const float *values, int count, int digits)
{
	cJSON *row = cJSON_CreateArray();
	for (int i = 0; i < count; i++)
		cJSON_AddItemToArray(row, number(values[i], digits));
	cJSON_AddItemToArray(rows, row);
}

static cJSON *pose_to_json(const struct pose_result *pose)
{
	if (!pose->found)
		return cJSON_CreateNull();
	cJSON *json = cJSON_CreateObject();
	cJSON_AddItemToObject(json, "score", number(pose->score, DIGITS_IMAGE));
	cJSON *landmarks = cJSON_AddArrayToObject(json, "landmarks");
	cJSON *world = cJSON_AddArrayToObject(json, "world");
	for (int i = 0; i < POSE_POINTS; i++) {
		const struct pose_landmark *p = &pose->landmarks[i];
		append_row(landmarks, (float[]){p->x, p->y, p->z, p->visibility, p->presence}, 5,
		           DIGITS_IMAGE);
		const struct pose_world *w = &pose->world[i];
		append_row(world, (float[]){w->x, w->y, w->z}, 3, DIGITS_WORLD);
	}
	return json;
}

static cJSON *face_to_json(const struct face_result *face, const struct head_pose *head)
{
	if (!face->found)
		return cJSON_CreateNull();
	cJSON *json = cJSON_CreateObject();
	cJSON_AddItemToObject(json, "score", number(face->score, DIGITS_IMAGE));
	if (head->valid)
		cJSON_AddItemToObject(json, "misfit_mm", number(head->misfit_mm, DIGITS_MEASURE));
	cJSON *landmarks = cJSON_AddArrayToObject(json, "landmarks");
	for (int i = 0; i < FACE_POINTS; i++) {
		const struct face_point *p = &face->points[i];
		append_row(landmarks, (float[]){p->x, p->y, p->z}, 3, DIGITS_IMAGE);
	}
	return json;
}

struct cJSON *measures_to_json(const struct measures *measures)
{
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; i < MEASURE_COUNT; i++) {
		const struct measure *m = &measures->m[i];
		cJSON *entry = cJSON_AddObjectToObject(json, measure_name((enum measure_id)i));
		cJSON_AddItemToObject(entry, "value", m->valid ? number(m->value, DIGITS_MEASURE)
		                                               : cJSON_CreateNull());
		cJSON_AddItemToObject(entry, "sigma", m->valid ? number(m->sigma, DIGITS_MEASURE)
		                                               : cJSON_CreateNull());
		cJSON_AddBoolToObject(entry, "valid", m->valid);
	}
	return json;
}

static cJSON *verdict_to_json(const struct posture_verdict *verdict)
{
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "label", posture_name(verdict->label));
	cJSON_AddItemToObject(json, "confidence", number(verdict->confidence, DIGITS_MEASURE));
	cJSON_AddItemToObject(json, "departure", number(verdict->departure, DIGITS_MEASURE));
	cJSON_AddItemToObject(json, "kind_confidence",
	                      number(verdict->kind_confidence, DIGITS_MEASURE));
	cJSON *reasons = cJSON_AddArrayToObject(json, "reasons");
	for (int i = 0; i < verdict->reason_count; i++)
		cJSON_AddItemToArray(reasons, cJSON_CreateString(verdict->reasons[i]));
	return json;
}

struct cJSON *sample_to_json(const struct sample *sample, const char *source, long frame)
{
	cJSON *json = cJSON_CreateObject();
	if (json == NULL)
		return NULL;
	cJSON_AddStringToObject(json, "source", source);
	cJSON_AddItemToObject(json, "frame", number((double)frame, 0));
	cJSON_AddItemToObject(json, "t", number(sample->seconds, DIGITS_MEASURE));
	cJSON_AddItemToObject(json, "width", number(sample->width, 0));
	cJSON_AddItemToObject(json, "height", number(sample->height, 0));
	if (sample->turn != 0)
		cJSON_AddItemToObject(json, "rotated", number(sample->turn * 90, 0));
	if (sample->camera_turned)
		cJSON_AddItemToObject(json, "camera_up_deg", number(sample->camera_up_deg, 1));
	cJSON_AddStringToObject(json, "presence", presence_name(sample->presence));
	cJSON_AddItemToObject(json, "pose", pose_to_json(&sample->pose));
	cJSON_AddItemToObject(json, "face", face_to_json(&sample->face, &sample->head));
	cJSON_AddItemToObject(json, "measures", measures_to_json(&sample->measures));
	cJSON_AddItemToObject(json, "posture", verdict_to_json(&sample->verdict));
	return json;
}
