/* A profile, or a camera: both are JSON that may have been edited. */
#include "fuzz.h"
#include "geometry/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile profile;
	struct camera camera;
	struct error error;
	const char *path = fuzz_file(data, size);
	if (path != NULL)
		profile_load(&profile, path, &error);
	path = fuzz_file(data, size);
	if (path != NULL)
		camera_load(&camera, path, &error);
	return 0;
}
