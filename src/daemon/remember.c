#include "daemon/remember.h"

#include "base/log.h"
#include "base/paths.h"
#include "coach/care.h"
#include "coach/dose.h"
#include "store/answers.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 65536 };
static const char file_name[] = "wrong.json";

bool remember_wrong(struct coach *c, const char *state_dir, struct error *error)
{
	char path[PATH_SIZE];
	if (!path_join(path, state_dir, file_name, error))
		return false;
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return true;
	char *text = path_read_file(path, FILE_LIMIT, NULL, error);
	if (text == NULL)
		return false;
	cJSON *json = cJSON_Parse(text);
	free(text);
	if (!cJSON_IsObject(json)) {
		cJSON_Delete(json);
		return error_set(error, 0, "%s: not readable; remove it to begin anew", path);
	}
	const cJSON *item;
	cJSON_ArrayForEach(item, json) {
		if (!cJSON_IsNumber(item) || strlen(item->string) >= sizeof c->kinds[0].kind)
			continue;
		struct coach_kind *k = coach_kind(c, item->string);
		if (k != NULL && k->widen == 0)
			k->widen = fmin(1, fmax(0, item->valuedouble));
	}
	cJSON_Delete(json);
	return true;
}

bool remember_save_wrong(const struct coach *c, const char *state_dir, struct error *error)
{
	char path[PATH_SIZE];
	if (!path_join(path, state_dir, file_name, error))
		return false;
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; i < c->kind_count; i++)
		if (c->kinds[i].widen > 0)
			cJSON_AddNumberToObject(json, c->kinds[i].kind, c->kinds[i].widen);
	char *text = cJSON_Print(json);
	cJSON_Delete(json);
	if (text == NULL)
		return error_set(error, 0, "%s: out of memory", path);
	const bool good = path_write_file(path, text, strlen(text), error);
	free(text);
	return good;
}

unsigned remember_lacking(const char *state_dir)
{
	const struct care_question *checks;
	const int count = care_checks(&checks);
	const char *ids[ANSWERS_MAX];
	struct answers answers;
	struct error error;
	unsigned lacking = 0;
	for (int i = 0; i < count; i++)
		ids[i] = checks[i].id;
	if (!answers_load(&answers, state_dir, "checklist", ids, count, &error)) {
		log_warning("%s", error.text);
		return 0;
	}
	for (int i = 0; i < count; i++)
		lacking |= (unsigned)(answers.of[i] == ANSWER_NO) << i;
	return lacking;
}
