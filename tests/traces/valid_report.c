/* valid_report SCHEMA REPORT...: whether each report keeps to the schema and its seconds add up. */
#include "../unit/schema.h"
#include "base/paths.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static cJSON *read_json(const char *path)
{
	struct error error;
	char *text = path_read_file(path, 1 << 24, NULL, &error);
	cJSON *json = text != NULL ? cJSON_Parse(text) : NULL;
	free(text);
	return json;
}

static bool adds_up(const cJSON *report)
{
	const cJSON *presence = cJSON_GetObjectItem(report, "presence_s"), *item;
	double sum = 0;
	cJSON_ArrayForEach(item, presence)
		sum += item->valuedouble;
	return fabs(sum - cJSON_GetObjectItem(report, "covered_s")->valuedouble) < 1;
}

int main(int argc, char **argv)
{
	char why[512] = "no JSON";
	cJSON *schema = argc > 2 ? read_json(argv[1]) : NULL;
	int status = schema != NULL ? 0 : 2;
	for (int i = 2; i < argc && schema != NULL; i++) {
		cJSON *report = read_json(argv[i]);
		if (report == NULL || !schema_accepts(schema, report, why, sizeof why)) {
			fprintf(stderr, "%s: %s\n", argv[i], why);
			status = 1;
		} else if (!adds_up(report)) {
			fprintf(stderr, "%s: the seconds do not add up\n", argv[i]);
			status = 1;
		}
		cJSON_Delete(report);
	}
	cJSON_Delete(schema);
	return status;
}
