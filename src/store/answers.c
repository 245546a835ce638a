#include "store/answers.h"

#include "base/paths.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSION = 1, FILE_LIMIT = 65536 };

static const char *const words[] = {[ANSWER_YES] = "yes", [ANSWER_NO] = "no"};

static bool path_of(char path[PATH_SIZE], const char *dir, const char *name, struct error *error)
{
	char file[64];
	snprintf(file, sizeof file, "%s.json", name);
	return path_join(path, dir, file, error);
}

bool answers_load(struct answers *a, const char *dir, const char *name,
                  const char *const *ids, int count, struct error *error)
{
	char path[PATH_SIZE];
	memset(a, 0, sizeof *a);
	if (!path_of(path, dir, name, error))
		return false;
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return true;
	char *text = path_read_file(path, FILE_LIMIT, NULL, error);
	if (text == NULL)
		return false;
	cJSON *json = cJSON_Parse(text);
	free(text);
	const cJSON *given = cJSON_GetObjectItemCaseSensitive(json, "answers");
	const cJSON *when = cJSON_GetObjectItemCaseSensitive(json, "answered_ms");
	if (!cJSON_IsObject(given) || !cJSON_IsNumber(when)) {
		cJSON_Delete(json);
		return error_set(error, 0, "%s: no answers in it; remove it and answer again",
		                 path);
	}
	a->answered_ms = (int64_t)when->valuedouble;
	for (int i = 0; i < count && i < ANSWERS_MAX; i++) {
		const char *word =
			cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(given, ids[i]));
		for (int k = ANSWER_YES; word != NULL && k <= ANSWER_NO; k++)
			if (strcmp(word, words[k]) == 0)
				a->of[i] = (enum answer)k;
	}
	cJSON_Delete(json);
	return true;
}

bool answers_save(const struct answers *a, const char *dir, const char *name,
                  const char *const *ids, int count, struct error *error)
{
	char path[PATH_SIZE];
	if (!path_make_dir(dir, error) || !path_of(path, dir, name, error))
		return false;
	cJSON *json = cJSON_CreateObject();
	cJSON_AddNumberToObject(json, "version", VERSION);
	cJSON_AddNumberToObject(json, "answered_ms", (double)a->answered_ms);
	cJSON *given = cJSON_AddObjectToObject(json, "answers");
	for (int i = 0; i < count && i < ANSWERS_MAX; i++)
		if (a->of[i] != ANSWER_UNSAID)
			cJSON_AddStringToObject(given, ids[i], words[a->of[i]]);
	char *text = cJSON_Print(json);
	cJSON_Delete(json);
	if (text == NULL)
		return error_set(error, 0, "%s: out of memory", path);
	const bool good = path_write_file(path, text, strlen(text), error);
	free(text);
	return good;
}
