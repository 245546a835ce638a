#include "store/wrong.h"

#include "store/kept.h"

#include <math.h>
#include <string.h>

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
	cJSON *json, *item;
	*count = 0;
	if (!kept_load(&json, dir, file, error))
		return false;
	cJSON_ArrayForEach(item, json)
		take(list, count, item);
	cJSON_Delete(json);
	return true;
}

bool wrong_save(const struct wrong *list, int count, const char *dir, struct error *error)
{
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; i < count; i++)
		cJSON_AddNumberToObject(json, list[i].kind, list[i].widen);
	return kept_save(json, dir, file, error);
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
