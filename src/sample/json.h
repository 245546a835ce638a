/* The line that `unknot analyze` writes for one picture. */
#ifndef UNKNOT_SAMPLE_JSON_H
#define UNKNOT_SAMPLE_JSON_H

#include "sample/sample.h"

struct cJSON;

/* Owned by the caller (cJSON_Delete). NULL when out of memory. Not valid measures are null. */
struct cJSON *sample_to_json(const struct sample *, const char *source, long frame);

/* {"eye_drop_cm":{"value":..,"sigma":..,"valid":true},...} */
struct cJSON *measures_to_json(const struct measures *);

#endif
