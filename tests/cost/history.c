/* cost_history FOLDER DAYS: a history as long as that many days of 4000 looks make it, ending
 * yesterday. */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LOOKS = 4000, LOOK_MS = 7200, DAY_MS = 86400 * 1000 };

static bool add_day(struct store *s, int64_t start_ms, struct error *error)
{
	bool good = true;
	for (int i = 0; good && i < LOOKS; i++) {
		const int64_t at = start_ms + (int64_t)i * LOOK_MS;
		const enum posture posture = i / 40 % 5 == 0 ? POSTURE_SLOUCHED : POSTURE_UPRIGHT;
		struct store_sample sample = {.wall_ms = at, .posture = posture, .confidence = 0.9};
		for (int m = 0; m < MEASURE_COUNT; m++)
			sample.measures.m[m] = (struct measure){i * 0.01 + m, 0.5, true};
		const struct store_span span = {at, at + LOOK_MS, PRESENCE_PRESENT, posture, 3600};
		good = store_sample(s, &sample, error) && store_span(s, &span, error);
	}
	return good && store_flush(s, error);
}

int main(int argc, char **argv)
{
	struct error error = {0};
	const int days = argc == 3 ? atoi(argv[2]) : 0;
	struct store *s = days > 0 ? store_open(argv[1], NULL, &error) : NULL;
	bool good = s != NULL;
	for (int day = days; good && day > 0; day--)
		good = add_day(s, ((int64_t)time(NULL) * 1000 / DAY_MS - day) * DAY_MS, &error);
	store_close(s);
	if (!good)
		fprintf(stderr, "cost_history: %s\n", days > 0 ? error.text : "FOLDER DAYS");
	return good ? 0 : 1;
}
