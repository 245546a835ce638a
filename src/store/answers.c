#include "store/answers.h"

#include "base/paths.h"
#include "store/kept.h"

#include <stdio.h>
#include <string.h>

enum { VERSION = 1 };

static const char *const words[] = {[ANSWER_YES] = "yes", [ANSWER_NO] = "no"};

enum { NAME_SIZE = 64 };

bool answers_load(struct answers *a, const char *dir, const char *name,
                  const char *const *ids, int count, struct error *error)
{
	char file[NAME_SIZE];
	cJSON *json;
	memset(a, 0, sizeof *a);
	snprintf(file, sizeof file, "%s.json", name);
	if (!kept_load(&json, dir, file, error))
		return false;
	const cJSON *given = cJSON_GetObjectItemCaseSensitive(json, "answers");
	const cJSON *when = cJSON_GetObjectItemCaseSensitive(json, "answered_ms");
	if (!cJSON_IsObject(given) || !cJSON_IsNumber(when)) {
		const bool none = cJSON_GetArraySize(json) == 0;
		cJSON_Delete(json);
		return none || error_set(error, 0,
		                         "%s/%s: no answers in it; remove it and answer again",
		                         dir, file);
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
	char file[NAME_SIZE];
	if (!path_make_dir(dir, error))
		return false;
	snprintf(file, sizeof file, "%s.json", name);
	cJSON *json = cJSON_CreateObject();
	cJSON_AddNumberToObject(json, "version", VERSION);
	cJSON_AddNumberToObject(json, "answered_ms", (double)a->answered_ms);
	cJSON *given = cJSON_AddObjectToObject(json, "answers");
	for (int i = 0; i < count && i < ANSWERS_MAX; i++)
		if (a->of[i] != ANSWER_UNSAID)
			cJSON_AddStringToObject(given, ids[i], words[a->of[i]]);
	return kept_save(json, dir, file, error);
}
