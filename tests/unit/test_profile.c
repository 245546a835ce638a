/* Profiles as an enemy or a slip of the editor writes them: well-formed JSON with one value that
 * cannot be. Nothing of such a file may reach the profile in memory. */
#include "geometry/profile.h"
#include "geometry/shape.h"

#include "base/paths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

static struct profile good, back;
static char dir[] = "/tmp/unknot-hostile-XXXXXX", path[64];

static int set_up(void **state)
{
	(void)state;
	good.camera = camera_from_hfov(640, 480, 65);
	good.scale_sigma = 0.01;
	good.samples = 1;
	good.eye_world_mm[1] = 600;
	good.shoulders_valid = true;
	good.shoulder_world_mm[1] = 700;
	good.shoulder_width_mm = 360;
	good.shoulder_width_sigma = 18;
	good.upright.m[MEASURE_EYE_HEIGHT] = (struct measure){-10, 1, true};
	shape_mean(good.shape);
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/p.json", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

/* Writes the good profile with one member (of the object `inside` when given) made `json`. */
static bool loads_with(const char *inside, const char *key, const char *json, struct error *error)
{
	assert_true(profile_save(&good, path, error));
	char *text = path_read_file(path, 1 << 20, NULL, error);
	cJSON *root = cJSON_Parse(text), *item = cJSON_Parse(json);
	cJSON *object = inside != NULL ? cJSON_GetObjectItemCaseSensitive(root, inside) : root;
	assert_true(cJSON_ReplaceItemInObjectCaseSensitive(object, key, item));
	char *changed = cJSON_Print(root);
	assert_true(path_write_file(path, changed, strlen(changed), error));
	cJSON_free(changed);
	cJSON_Delete(root);
	free(text);
	memset(&back, 0, sizeof back);
	back.samples = 77;
	return profile_load(&back, path, error);
}

static void values_that_cannot_be_are_refused(void **state)
{
	static const struct {
		const char *inside, *key, *json;
	} cases[] = {
		{NULL, "scale_sigma", "-0.01"},
		{NULL, "samples", "0"},
		{NULL, "samples", "\"1\""},
		{NULL, "eye_world_mm", "[0,-600,0]"},
		{NULL, "eye_world_mm", "[0,600]"},
		{NULL, "shape", "[]"},
		{"camera", "intrinsics", "[0,500,320,240]"},
		{"camera", "tilt", "[0,-8,0]"},
		{"camera", "tilt", "[1e999,8,0]"},
		{"camera", "screen_top", "[-1,-1]"},
		{"camera", "focal_sigma", "-0.1"},
		{"upright", "eye_height_cm", "[-10,-1]"},
		{"upright", "eye_height_cm", "[-10]"},
		{NULL, "shoulder_width_mm", "[360,-18]"},
	};
	struct error error;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (loads_with(cases[i].inside, cases[i].key, cases[i].json, &error))
			fail_msg("%s = %s was taken", cases[i].key, cases[i].json);
		assert_int_equal(back.samples, 77);
		assert_non_null(strstr(error.text, path));
	}
	assert_true(loads_with(NULL, "scale_sigma", "0.02", &error));
	assert_true(back.valid && back.shoulders_valid && back.upright.m[MEASURE_EYE_HEIGHT].valid);
}

/* A face that is no face would make every fit fail, and nobody would be told why. */
static void a_face_without_width_is_refused(void **state)
{
	struct error error;
	char *zeros = malloc(FACE_POINTS * 6 + 3), *p = zeros;
	(void)state;
	*p++ = '[';
	for (int i = 0; i < FACE_POINTS * 3; i++, p += 2)
		memcpy(p, "0,", 2);
	memcpy(p - 1, "]", 2);
	assert_false(loads_with(NULL, "shape", zeros, &error));
	free(zeros);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_that_cannot_be_are_refused),
		cmocka_unit_test(a_face_without_width_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
