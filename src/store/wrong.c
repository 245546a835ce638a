#include "store/wrong.h"

#include "base/paths.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 65536 };
static const char file[] = "wrong.json";

static void take(struct wrong *list, int *count, const cJSON *item)
{
	if (!cJSON_IsNumber(item) || !(item->valuedouble > 0) ||
	    strlen(item->string) >= sizeof list->kind || *count == WRONG_MAX)
		return;
	strcpy(list[*count].kind, item->string);
	list[(*count)++].widen = fmin(1, item->valuedouble);
}

bool wrong_load(struct wrong list[WRONG_MAX], int *count, const char *dir, struct error *error)
{
	char path[PATH_SIZE];
	*count = 0;
	if (!path_join(path, dir, file, error))
		return false;
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return true;
	char *text = path_read_file(path, FILE_LIMIT, NULL, error);
	if (text == NULL)
		return false;
	cJSON *json = cJSON_Parse(text), *item;
	free(text);
	const bool good = cJSON_IsObject(json);
	if (good)
		cJSON_ArrayForEach(item, json)
			take(list, count, item);
	else
		error_set(error, 0, "%s: not readable; remove it to begin anew", path);
	cJSON_Delete(json);
	return good;
}

bool wrong_save(const struct wrong *list, int count, const char *dir, struct error *error)
{
	char path[PATH_SIZE];
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; i < count; i++)
		cJSON_AddNumberToObject(json, list[i].kind, list[i].widen);
	char *text = cJSON_Print(json);
	cJSON_Delete(json);
	const bool good = path_join(path, dir, file, error) &&
	                  (text != NULL || error_set(error, ENOMEM, "%s: out of memory", path)) &&
	                  path_write_file(path, text, strlen(text), error);
	free(text);
	return good;
}

bool wrong_forget(const char *dir, const char *kind, struct error *error)
{
	struct wrong list[WRONG_MAX];
	int count, kept = 0;
	if (!wrong_load(list, &count, dir, error))
		return false;
	for (int i = 0; i < count; i++)
		if (strcmp(list[i].kind, kind) != 0)
			list[kept++] = list[i];
	return kept == count || wrong_save(list, kept, dir, error);
}
