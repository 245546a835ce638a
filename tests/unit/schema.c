#include "schema.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

struct context {
	const cJSON *root;
	char *why;
	size_t size;
};

static bool check(struct context *c, const cJSON *schema, const cJSON *value, const char *path);

static bool wrong(struct context *c, const char *path, const char *what)
{
	snprintf(c->why, c->size, "%s: %s", path, what);
	return false;
}

static bool has_type(const cJSON *v, const char *type)
{
	if (strcmp(type, "object") == 0)
		return cJSON_IsObject(v);
	if (strcmp(type, "array") == 0)
		return cJSON_IsArray(v);
	if (strcmp(type, "string") == 0)
		return cJSON_IsString(v);
	if (strcmp(type, "boolean") == 0)
		return cJSON_IsBool(v);
	if (strcmp(type, "null") == 0)
		return cJSON_IsNull(v);
	if (strcmp(type, "integer") == 0)
		return cJSON_IsNumber(v) && v->valuedouble == floor(v->valuedouble);
	return strcmp(type, "number") == 0 && cJSON_IsNumber(v);
}

static bool check_type(struct context *c, const cJSON *rule, const cJSON *v, const char *path)
{
	const cJSON *one;
	if (cJSON_IsString(rule))
		return has_type(v, rule->valuestring) || wrong(c, path, "wrong type");
	cJSON_ArrayForEach(one, rule)
		if (has_type(v, one->valuestring))
			return true;
	return wrong(c, path, "none of the types");
}

static bool check_enum(struct context *c, const cJSON *rule, const cJSON *v, const char *path)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, rule)
		if (cJSON_Compare(one, v, true))
			return true;
	return wrong(c, path, "not in enum");
}

static bool check_pattern(struct context *c, const char *pattern, const cJSON *v, const char *path)
{
	regex_t regex;
	if (!cJSON_IsString(v))
		return true;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return wrong(c, path, "the schema's pattern is broken");
	bool good = regexec(&regex, v->valuestring, 0, NULL, 0) == 0;
	regfree(&regex);
	return good || wrong(c, path, "does not match the pattern");
}

static bool check_members(struct context *c, const cJSON *schema, const cJSON *v, const char *path)
{
	const cJSON *properties = cJSON_GetObjectItem(schema, "properties"), *member;
	const cJSON *extra = cJSON_GetObjectItem(schema, "additionalProperties");
	cJSON_ArrayForEach(member, v) {
		char below[256];
		snprintf(below, sizeof below, "%.180s/%.60s", path, member->string);
		const cJSON *rule = cJSON_GetObjectItemCaseSensitive(properties, member->string);
		if (rule == NULL && cJSON_IsFalse(extra))
			return wrong(c, below, "not allowed");
		if (rule == NULL)
			rule = extra;
		if (cJSON_IsObject(rule) && !check(c, rule, member, below))
			return false;
	}
	const cJSON *name;
	cJSON_ArrayForEach(name, cJSON_GetObjectItem(schema, "required"))
		if (cJSON_GetObjectItemCaseSensitive(v, name->valuestring) == NULL)
			return wrong(c, path, name->valuestring);
	return true;
}

static bool check_items(struct context *c, const cJSON *rule, const cJSON *v, const char *path)
{
	const cJSON *item;
	int i = 0;
	cJSON_ArrayForEach(item, v) {
		char below[256];
		snprintf(below, sizeof below, "%.180s/%d", path, i++);
		if (!check(c, rule, item, below))
			return false;
	}
	return true;
}

static bool check_keyword(struct context *c, const cJSON *schema, const cJSON *rule, const cJSON *v,
                          const char *path)
{
	static const char *const silent[] = {"$schema", "$id", "$defs",
	                                     "title", "description", "required",
	                                     "additionalProperties"};
	const char *k = rule->string;
	for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
		if (strcmp(k, silent[i]) == 0)
			return true;
	if (strcmp(k, "$ref") == 0) {
		const cJSON *defs = cJSON_GetObjectItem(c->root, "$defs");
		const char *name = strrchr(rule->valuestring, '/');
		const cJSON *target = name != NULL
		                      ? cJSON_GetObjectItemCaseSensitive(defs, name + 1) : NULL;
		return target != NULL ? check(c, target, v, path) : wrong(c, path, "dangling $ref");
	}
	if (strcmp(k, "type") == 0)
		return check_type(c, rule, v, path);
	if (strcmp(k, "const") == 0)
		return cJSON_Compare(rule, v, true) || wrong(c, path, "not the constant");
	if (strcmp(k, "enum") == 0)
		return check_enum(c, rule, v, path);
	if (strcmp(k, "pattern") == 0)
		return check_pattern(c, rule->valuestring, v, path);
	if (strcmp(k, "minimum") == 0)
		return !cJSON_IsNumber(v) || v->valuedouble >= rule->valuedouble ||
		       wrong(c, path, "too small");
	if (strcmp(k, "maximum") == 0)
		return !cJSON_IsNumber(v) || v->valuedouble <= rule->valuedouble ||
		       wrong(c, path, "too large");
	if (strcmp(k, "items") == 0)
		return !cJSON_IsArray(v) || check_items(c, rule, v, path);
	if (strcmp(k, "properties") == 0)
		return !cJSON_IsObject(v) || check_members(c, schema, v, path);
	return wrong(c, k, "a keyword this checker does not know");
}

static bool check(struct context *c, const cJSON *schema, const cJSON *value, const char *path)
{
	const cJSON *rule;
	cJSON_ArrayForEach(rule, schema)
		if (!check_keyword(c, schema, rule, value, path))
			return false;
	/* A map without named properties has its members checked as well. */
	if (cJSON_IsObject(value) && cJSON_GetObjectItem(schema, "properties") == NULL &&
	    cJSON_GetObjectItem(schema, "additionalProperties") != NULL)
		return check_members(c, schema, value, path);
	return true;
}

bool schema_accepts(const cJSON *schema, const cJSON *value, char *why, size_t size)
{
	struct context c = {schema, why, size};
	return check(&c, schema, value, "");
}
