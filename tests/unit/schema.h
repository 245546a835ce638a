/* Just enough of JSON Schema (draft 2020-12) to check our reports: type, const, enum, required,
 * properties, additionalProperties, items, minimum, maximum, pattern (POSIX), $ref into $defs. */
#ifndef UNKNOT_TESTS_SCHEMA_H
#define UNKNOT_TESTS_SCHEMA_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* False with the first thing that is wrong in `why`. A keyword that is not known here is wrong
 * too. */
bool schema_accepts(const cJSON *schema, const cJSON *value, char *why, size_t size);

#endif
