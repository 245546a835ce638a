#include "geometry/measures.h"

#include <string.h>

static const struct {
	const char *name, *text;
} rows[MEASURE_COUNT] = {
#define MEASURE(id, name, text) {name, text},
	MEASURES(MEASURE)
#undef MEASURE
};

const char *measure_name(enum measure_id id)
{
	return rows[id].name;
}

const char *measure_text(enum measure_id id)
{
	return rows[id].text;
}

enum measure_id measure_from_name(const char *name)
{
	int i = 0;
	while (i < MEASURE_COUNT && strcmp(rows[i].name, name) != 0)
		i++;
	return (enum measure_id)i;
}
