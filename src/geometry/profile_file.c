#include "geometry/profile.h"

#include "base/paths.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "unknot-profile"
#define CAMERA_FORMAT "unknot-camera"
enum { VERSION = 1, FILE_LIMIT = 1 << 20 };

static void add_list(cJSON *json, const char *key, const double *values, int count)
{
	cJSON_AddItemToObject(json, key, cJSON_CreateDoubleArray(values, count));
}

static cJSON *camera_to_json(const struct camera *c)
{
	cJSON *json = cJSON_CreateObject();
	cJSON_AddNumberToObject(json, "width", c->width);
	cJSON_AddNumberToObject(json, "height", c->height);
	add_list(json, "intrinsics", (double[]){c->fx, c->fy, c->cx, c->cy}, 4);
	add_list(json, "distortion", c->distortion, 5);
	cJSON_AddNumberToObject(json, "focal_sigma", c->focal_sigma);
	add_list(json, "tilt", (double[]){c->tilt_deg, c->tilt_sigma_deg, c->roll_deg}, 3);
	if (c->turn != 0)
		cJSON_AddNumberToObject(json, "turn", c->turn);
	add_list(json, "screen_top", (double[]){c->screen_top_cm, c->screen_top_sigma_cm}, 2);
	return json;
}

static bool write_json(cJSON *json, const char *path, struct error *error)
{
	char *text = cJSON_Print(json);
	cJSON_Delete(json);
	bool good = text != NULL ? path_write_file(path, text, strlen(text), error)
	                         : error_set(error, 0, "%s: out of memory", path);
	cJSON_free(text);
	return good;
}

bool camera_save(const struct camera *c, const char *path, struct error *error)
{
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "format", CAMERA_FORMAT);
	cJSON_AddNumberToObject(json, "version", VERSION);
	cJSON_AddItemToObject(json, "camera", camera_to_json(c));
	return write_json(json, path, error);
}

/* A row is a text: '.' for an even cell, else a letter for its direction. */
static void add_room(cJSON *json, const struct room *room)
{
	if (room->width == 0)
		return;
	cJSON *rows = cJSON_AddArrayToObject(json, "room");
	for (int y = 0; y < room->height; y++) {
		char row[ROOM_LONG + 1] = "";
		for (int x = 0; x < room->width; x++) {
			const int cell = room->cells[y * room->width + x];
			row[x] = (char)(cell == 0 ? '.' : 'a' + cell - 1);
		}
		cJSON_AddItemToArray(rows, cJSON_CreateString(row));
	}
}

bool profile_save(const struct profile *p, const char *path, struct error *error)
{
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "format", FORMAT);
	cJSON_AddNumberToObject(json, "version", VERSION);
	cJSON_AddStringToObject(json, "name", p->name);
	cJSON_AddStringToObject(json, "camera_id", p->camera_id);
	cJSON_AddNumberToObject(json, "created_ms", (double)p->created_wall_ms);
	cJSON_AddNumberToObject(json, "samples", p->samples);
	cJSON_AddItemToObject(json, "camera", camera_to_json(&p->camera));
	cJSON_AddItemToObject(json, "shape",
	                      cJSON_CreateFloatArray(&p->shape[0][0], FACE_POINTS * 3));
	cJSON_AddNumberToObject(json, "scale_sigma", p->scale_sigma);
	add_list(json, "eye_world_mm", p->eye_world_mm, 3);
	if (p->shoulders_valid) {
		add_list(json, "shoulder_world_mm", p->shoulder_world_mm, 3);
		add_list(json, "shoulder_width_mm",
		         (double[]){p->shoulder_width_mm, p->shoulder_width_sigma}, 2);
	}
	if (p->pose_head_valid)
		add_list(json, "pose_head_deg", (double[]){p->pose_pitch_deg, p->pose_yaw_deg}, 2);
	add_room(json, &p->room);
	cJSON *upright = cJSON_AddObjectToObject(json, "upright");
	for (int i = 0; i < MEASURE_COUNT; i++)
		if (p->upright.m[i].valid)
			add_list(upright, measure_name((enum measure_id)i),
			         (double[]){p->upright.m[i].value, p->upright.m[i].sigma}, 2);
	return write_json(json, path, error);
}

/* ---- reading: the file may have been edited or damaged, every number is checked ---- */

static bool number(const cJSON *json, const char *key, double low, double high, double *value)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	if (!cJSON_IsNumber(item) || !(item->valuedouble >= low && item->valuedouble <= high))
		return false;
	*value = item->valuedouble;
	return true;
}

static bool list(const cJSON *json, const char *key, double limit, double *values, int count)
{
	const cJSON *array = cJSON_GetObjectItemCaseSensitive(json, key), *item;
	int i = 0;
	if (!cJSON_IsArray(array) || cJSON_GetArraySize(array) != count)
		return false;
	cJSON_ArrayForEach(item, array) {
		if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= limit))
			return false;
		values[i++] = item->valuedouble;
	}
	return true;
}

static bool text(const cJSON *json, const char *key, char *to, size_t size)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
	return s != NULL && snprintf(to, size, "%s", s) < (int)size;
}

static bool camera_from_json(const cJSON *json, struct camera *c)
{
	double width, height, intrinsics[4], tilt[3], top[2];
	if (!number(json, "width", 16, 16384, &width) ||
	    !number(json, "height", 16, 16384, &height) ||
	    !list(json, "intrinsics", 1e5, intrinsics, 4) || !list(json, "tilt", 180, tilt, 3) ||
	    !list(json, "screen_top", 1000, top, 2) ||
	    !list(json, "distortion", 1e3, c->distortion, 5) ||
	    !number(json, "focal_sigma", 0, 1, &c->focal_sigma) || intrinsics[0] < 10 ||
	    intrinsics[1] < 10 || tilt[1] < 0 || top[1] < 0)
		return false;
	double turn = 0;
	if (cJSON_GetObjectItemCaseSensitive(json, "turn") != NULL &&
	    !number(json, "turn", 0, 3, &turn))
		return false;
	c->turn = (int)turn;
	c->width = (int)width;
	c->height = (int)height;
	c->fx = intrinsics[0];
	c->fy = intrinsics[1];
	c->cx = intrinsics[2];
	c->cy = intrinsics[3];
	c->tilt_deg = tilt[0];
	c->tilt_sigma_deg = tilt[1];
	c->roll_deg = tilt[2];
	c->screen_top_cm = top[0];
	c->screen_top_sigma_cm = top[1];
	return true;
}

static bool is_format(const cJSON *json, const char *wanted)
{
	const char *format = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "format"));
	double version;
	return format != NULL && strcmp(format, wanted) == 0 &&
	       number(json, "version", VERSION, VERSION, &version);
}

bool camera_load(struct camera *camera, const char *path, struct error *error)
{
	char *data = path_read_file(path, FILE_LIMIT, NULL, error);
	if (data == NULL)
		return false;
	struct camera fresh = {0};
	cJSON *json = cJSON_Parse(data);
	bool good = is_format(json, CAMERA_FORMAT) &&
	            camera_from_json(cJSON_GetObjectItemCaseSensitive(json, "camera"), &fresh);
	if (good)
		*camera = fresh;
	else
		error_set(error, 0, "%s: not a camera file of this version", path);
	cJSON_Delete(json);
	free(data);
	return good;
}

/* Left out is well, wrong is not: a value and its sigma. */
static bool optional_pair(const cJSON *json, const char *key, double limit, double pair[2],
                          bool *there)
{
	*there = cJSON_GetObjectItemCaseSensitive(json, key) != NULL;
	return !*there || (list(json, key, limit, pair, 2) && pair[1] >= 0);
}

/* Between the outer eye corners the mean face has 90 mm; a wrong ruler may halve or double it. */
static bool shape_is_a_face(const float (*shape)[3])
{
	const float width = shape[FACE_LEFT_EYE_OUTER][0] - shape[FACE_RIGHT_EYE_OUTER][0];
	return width > 30 && width < 250;
}

static bool shoulders_from_json(const cJSON *json, struct profile *p)
{
	double width[2];
	bool there;
	if (!optional_pair(json, "shoulder_width_mm", 1e4, width, &there))
		return false;
	p->shoulders_valid = there && width[0] > 50 &&
	                     list(json, "shoulder_world_mm", 1e5, p->shoulder_world_mm, 3);
	if (p->shoulders_valid) {
		p->shoulder_width_mm = width[0];
		p->shoulder_width_sigma = width[1];
	}
	return true;
}

/* Profiles of old have none. */
static bool room_from_json(const cJSON *json, struct room *room)
{
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(json, "room"), *row;
	int y = 0;
	if (rows == NULL)
		return true;
	const char *first = cJSON_GetStringValue(cJSON_GetArrayItem(rows, 0));
	const size_t width = first != NULL ? strlen(first) : 0;
	const int height = cJSON_GetArraySize(rows);
	if (width < 1 || width > ROOM_LONG || height > ROOM_LONG ||
	    (int)width * height > ROOM_CELLS)
		return false;
	cJSON_ArrayForEach(row, rows) {
		const char *text = cJSON_GetStringValue(row);
		if (text == NULL || strlen(text) != width)
			return false;
		for (size_t x = 0; x < width; x++) {
			const int cell = text[x] == '.' ? 0 : text[x] - 'a' + 1;
			if (cell < 0 || cell > ROOM_DIRECTIONS || (cell == 0 && text[x] != '.'))
				return false;
			room->cells[(size_t)y * width + x] = (uint8_t)cell;
		}
		y++;
	}
	room->width = (int)width;
	room->height = height;
	return true;
}

static bool from_json(const cJSON *json, struct profile *p)
{
	double created, samples, pair[2];
	double *shape = malloc(sizeof(double) * FACE_POINTS * 3);
	bool good = shape != NULL && is_format(json, FORMAT) &&
	            text(json, "name", p->name, sizeof p->name) &&
	            text(json, "camera_id", p->camera_id, sizeof p->camera_id) &&
	            number(json, "created_ms", 0, 1e15, &created) &&
	            number(json, "samples", 1, 1e6, &samples) &&
	            camera_from_json(cJSON_GetObjectItemCaseSensitive(json, "camera"),
	                             &p->camera) &&
	            list(json, "shape", 1000, shape, FACE_POINTS * 3) &&
	            number(json, "scale_sigma", 0, 1, &p->scale_sigma) &&
	            list(json, "eye_world_mm", 1e5, p->eye_world_mm, 3) && p->eye_world_mm[1] > 10;
	for (int i = 0; good && i < FACE_POINTS * 3; i++)
		(&p->shape[0][0])[i] = (float)shape[i];
	free(shape);
	if (!good || !shape_is_a_face((const float(*)[3])p->shape) ||
	    !shoulders_from_json(json, p) || !room_from_json(json, &p->room))
		return false;
	p->created_wall_ms = (long long)created;
	p->samples = (int)samples;
	p->pose_head_valid = list(json, "pose_head_deg", 180, pair, 2);
	if (p->pose_head_valid) {
		p->pose_pitch_deg = pair[0];
		p->pose_yaw_deg = pair[1];
	}
	const cJSON *upright = cJSON_GetObjectItemCaseSensitive(json, "upright");
	for (int i = 0; i < MEASURE_COUNT; i++) {
		bool there;
		if (!optional_pair(upright, measure_name((enum measure_id)i), 1e5, pair, &there))
			return false;
		if (there)
			p->upright.m[i] = (struct measure){pair[0], pair[1], true};
	}
	p->valid = true;
	return true;
}

bool profile_load(struct profile *p, const char *path, struct error *error)
{
	struct profile *fresh = calloc(1, sizeof *fresh);
	char *data = fresh != NULL ? path_read_file(path, FILE_LIMIT, NULL, error) : NULL;
	if (data == NULL) {
		free(fresh);
		return fresh != NULL ? false : error_set(error, 0, "%s: out of memory", path);
	}
	cJSON *json = cJSON_Parse(data);
	bool good = json != NULL && from_json(json, fresh);
	if (good)
		*p = *fresh;
	else
		error_set(error, 0, "%s: not a profile of this version; make it again with "
		          "`unknot calibrate`", path);
	cJSON_Delete(json);
	free(data);
	free(fresh);
	return good;
}
