/* In place of pipewire.c where the build had no headers of PipeWire's. */
#include "base/text.h"
#include "capture/capture.h"

static const char without[] = N_("PipeWire: this unknot was built without it");

struct capture *capture_pipewire(const char *name, int width, int height, struct error *error)
{
	(void)name, (void)width, (void)height;
	return error_set(error, 0, without), NULL;
}

struct capture *capture_pipewire_join(const char *node, int width, int height, struct error *error)
{
	return capture_pipewire(node, width, height, error);
}

int capture_pipewire_list(struct capture_device *list, int max, struct error *error)
{
	(void)list, (void)max;
	return error_set(error, 0, without), -1;
}
