/* A recorded trace, judged as the daemon would. */
#include "fuzz.h"
#include "capture/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error;
	const char *path = fuzz_file(data, size);
	struct trace *trace = path != NULL ? trace_open(path, &error) : NULL;
	if (trace == NULL)
		return 0;
	const struct posture_config config = posture_config_default();
	struct posture_judge judge;
	struct posture_sample sample;
	struct posture_event event;
	posture_judge_init(&judge, &config);
	for (int got; (got = trace_next(trace, &sample, &error)) != 0;)
		if (got > 0)
			posture_judge_step(&judge, &sample, &event);
	trace_free(trace);
	return 0;
}
