/* A configuration file, and everything that is made of one that was accepted. */
#include "fuzz.h"
#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config c;
	struct error error;
	const char *path = fuzz_file(data, size);
	if (path == NULL || !config_load(&c, path, &error))
		return 0;
	const struct config_option *options;
	const size_t count = config_options(&options);
	char text[2 * CONFIG_TEXT_SIZE];
	for (size_t i = 0; i < count; i++)
		config_value(&c, i, text, sizeof text);
	config_posture(&c);
	config_breaks(&c);
	config_coach(&c);
	config_camera(&c, 640, 480);
	return 0;
}
