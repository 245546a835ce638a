/* Small files of what is to be remembered, each a JSON object in the state folder, mode 0600. */
#ifndef UNKNOT_STORE_KEPT_H
#define UNKNOT_STORE_KEPT_H

#include "base/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* *json is an object, an empty one where there is no such file; the caller's to delete. `name` ends
 * in .json. */
bool kept_load(cJSON **json, const char *dir, const char *name, struct error *);
/* Deletes json. */
bool kept_save(cJSON *json, const char *dir, const char *name, struct error *);

#endif
