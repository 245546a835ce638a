/* A profile, or a camera: both are JSON that may have been edited. What is accepted is used. */
#include "fuzz.h"
#include "geometry/profile.h"

static volatile double sum; /* so that what is computed is needed */

/* Rays through the picture's corners and back again, in another size too. */
static void use_camera(const struct camera *c)
{
	const struct camera half = camera_scaled(c, c->width / 2 + 1, c->height / 2 + 1);
	double ray[2], pixel[2], world[3], cam[3];
	for (int corner = 0; corner < 4; corner++) {
		camera_ray(c, corner % 2 * c->width, corner / 2 * c->height, ray);
		const double point[3] = {ray[0] * 600, ray[1] * 600, 600};
		camera_to_world(c, point, world);
		camera_from_world(&half, world, cam);
		if (camera_project(&half, cam, pixel))
			sum += pixel[0] + pixel[1];
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile profile;
	struct camera camera;
	struct error error;
	const char *path = fuzz_file(data, size);
	if (path != NULL && profile_load(&profile, path, &error)) {
		use_camera(&profile.camera);
		for (int i = 0; i < MEASURE_COUNT; i++)
			sum += profile_baseline(&profile, (enum measure_id)i);
	}
	path = fuzz_file(data, size);
	if (path != NULL && camera_load(&camera, path, &error))
		use_camera(&camera);
	return 0;
}
