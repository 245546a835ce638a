#include "daemon/slow.h"

#include "base/log.h"
#include "base/paths.h"
#include "store/kept.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char file[] = "cameras.json", key[] = "first_picture_s";

struct slow {
	char path[PATH_SIZE];
	cJSON *cameras;
	GThread *writing; /* NULL: none was begun */
};

static cJSON *read_cameras(const char *state_dir)
{
	struct error error;
	cJSON *json;
	if (kept_load(&json, state_dir, file, &error))
		return json;
	log_warning("%s; slow cameras are found out anew", error.text);
	return cJSON_CreateObject();
}

struct slow *slow_open(const char *state_dir)
{
	struct slow *s = g_new0(struct slow, 1);
	struct error error;
	if (!path_join(s->path, state_dir, file, &error)) {
		g_free(s);
		return NULL;
	}
	s->cameras = read_cameras(state_dir);
	return s;
}

static void wait_for_writing(struct slow *s)
{
	if (s->writing != NULL)
		g_thread_join(s->writing);
	s->writing = NULL;
}

void slow_free(struct slow *s)
{
	if (s == NULL)
		return;
	wait_for_writing(s);
	cJSON_Delete(s->cameras);
	g_free(s);
}

double slow_of(const struct slow *s, const char *camera_id)
{
	const cJSON *camera = s != NULL ? cJSON_GetObjectItemCaseSensitive(s->cameras, camera_id)
	                                : NULL;
	const cJSON *seconds = cJSON_GetObjectItemCaseSensitive(camera, key);
	return cJSON_IsNumber(seconds) && seconds->valuedouble > 0 ? seconds->valuedouble : 0;
}

struct writing {
	char path[PATH_SIZE];
	char *text;
};

static gpointer write_cameras(gpointer data)
{
	struct writing *w = data;
	struct error error;
	if (!path_write_file(w->path, w->text, strlen(w->text), &error))
		log_warning("%s", error.text);
	free(w->text);
	g_free(w);
	return NULL;
}

/* What else a newer version may keep of a camera stays. */
void slow_remember(struct slow *s, const char *camera_id, double first_picture_s)
{
	if (s == NULL || *camera_id == '\0')
		return;
	cJSON *camera = cJSON_GetObjectItemCaseSensitive(s->cameras, camera_id);
	if (!cJSON_IsObject(camera)) {
		cJSON_DeleteItemFromObjectCaseSensitive(s->cameras, camera_id);
		camera = cJSON_AddObjectToObject(s->cameras, camera_id);
	}
	cJSON_DeleteItemFromObjectCaseSensitive(camera, key);
	cJSON_AddNumberToObject(camera, key, round(first_picture_s * 10) / 10);
	wait_for_writing(s); /* the last one, of long ago */
	struct writing *w = g_new0(struct writing, 1);
	memcpy(w->path, s->path, sizeof w->path);
	w->text = cJSON_Print(s->cameras);
	if (w->text != NULL)
		s->writing = g_thread_try_new("cameras", write_cameras, w, NULL);
	if (s->writing == NULL) {
		free(w->text);
		g_free(w);
	}
}
