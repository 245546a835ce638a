#include "store/kept.h"

#include "base/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 65536 };

bool kept_load(cJSON **json, const char *dir, const char *name, struct error *error)
{
	char path[PATH_SIZE];
	if (!path_join(path, dir, name, error))
		return false;
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		*json = cJSON_CreateObject();
		return true;
	}
	char *text = path_read_file(path, FILE_LIMIT, NULL, error);
	if (text == NULL)
		return false;
	*json = cJSON_Parse(text);
	free(text);
	if (cJSON_IsObject(*json))
		return true;
	cJSON_Delete(*json);
	return error_set(error, 0, "%s: not readable; remove it to begin anew", path);
}

bool kept_save(cJSON *json, const char *dir, const char *name, struct error *error)
{
	char path[PATH_SIZE];
	char *text = cJSON_Print(json);
	cJSON_Delete(json);
	const bool good = path_join(path, dir, name, error) &&
	                  (text != NULL || error_set(error, ENOMEM, "%s: out of memory", path)) &&
	                  path_write_file(path, text, strlen(text), error);
	free(text);
	return good;
}
