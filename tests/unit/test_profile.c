/* Profiles as an enemy or a slip of the editor writes them: well-formed JSON with one value that
 * cannot be. Nothing of such a file may reach the profile in memory. */
#include "geometry/linalg.h"
#include "geometry/profile_store.h"
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
	good.room.width = 3;
	good.room.height = 2;
	good.room.cells[1] = 1;
	good.room.cells[5] = ROOM_DIRECTIONS;
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

static void the_room_comes_back(void **state)
{
	(void)state;
	struct error error;
	assert_true(profile_save(&good, path, &error));
	assert_true(profile_load(&back, path, &error));
	assert_memory_equal(&back.room, &good.room, sizeof good.room);
	/* One made before rooms were kept. */
	struct profile old = good;
	memset(&old.room, 0, sizeof old.room);
	assert_true(profile_save(&old, path, &error));
	assert_true(profile_load(&back, path, &error));
	assert_int_equal(back.room.width, 0);
	/* More cells than there are. */
	char *wide = calloc(1, 8 * ROOM_CELLS), *at = wide;
	at += sprintf(at, "[");
	for (int i = 0; i < ROOM_LONG; i++) {
		at += sprintf(at, i > 0 ? ",\"" : "\"");
		memset(at, '.', ROOM_LONG);
		at += ROOM_LONG;
		at += sprintf(at, "\"");
	}
	sprintf(at, "]");
	assert_false(loads_with(NULL, "room", wide, &error));
	free(wide);
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
		{NULL, "room", "[]"},
		{NULL, "room", "[\"..\",\".\"]"},
		{NULL, "room", "[\"..\",\"...\"]"},
		{NULL, "room", "[\"..\",7]"},
		{NULL, "room", "[\".m\",\"..\"]"},
		{NULL, "room", "[\".`\",\"..\"]"},
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

/* ---- a camera's tilt from a ruler ---- */

static void a_ruler_tells_the_tilt(void **state)
{
	(void)state;
	for (int tilt = -30; tilt <= 30; tilt += 6)
		for (int roll = -8; roll <= 8; roll += 8) {
			struct camera truth = camera_from_hfov(640, 480, 65), camera = truth;
			const double eye[3] = {60, 90, 620};
			double world[3];
			struct error error;
			truth.tilt_deg = tilt;
			truth.roll_deg = camera.roll_deg = roll;
			camera_to_world(&truth, eye, world);
			assert_true(camera_level(&camera, eye, world[2], 10, 0.01, &error));
			if (fabs(camera.tilt_deg - tilt) > 1e-6)
				fail_msg("tilt %d, roll %d: %g", tilt, roll, camera.tilt_deg);
			/* 10 mm at 630 are 0.9 deg. */
			assert_true(camera.tilt_sigma_deg > 0.9 && camera.tilt_sigma_deg < 1.6);
			/* A centimetre's mistake is within two sigma. */
			assert_true(camera_level(&camera, eye, world[2] + 10, 10, 0.01, &error));
			assert_true(fabs(camera.tilt_deg - tilt) < 2 * camera.tilt_sigma_deg);
		}
}

static void the_world_and_a_pixel_lead_back(void **state)
{
	(void)state;
	struct camera c = camera_from_hfov(640, 480, 65);
	const double eye[3] = {60, -90, 620};
	double world[3], back_again[3], pixel[2], ray[2];
	c.tilt_deg = 12;
	c.roll_deg = -7;
	memcpy(c.distortion, (double[]){-0.12, 0.03, 0.001, -0.002, 0.004}, sizeof c.distortion);
	camera_to_world(&c, eye, world);
	camera_from_world(&c, world, back_again);
	for (int i = 0; i < 3; i++)
		assert_true(fabs(back_again[i] - eye[i]) < 1e-9);
	assert_true(camera_project(&c, eye, pixel));
	camera_ray(&c, pixel[0], pixel[1], ray);
	assert_true(fabs(ray[0] - eye[0] / eye[2]) < 1e-6 && fabs(ray[1] - eye[1] / eye[2]) < 1e-6);
	assert_false(camera_project(&c, (double[]){0, 0, -100}, pixel));
}

static void a_height_that_cannot_be_is_refused(void **state)
{
	(void)state;
	const double eye[3] = {0, 0, 600};
	struct camera camera = camera_from_hfov(640, 480, 65);
	struct error error;
	assert_false(camera_level(&camera, eye, 700, 10, 0.01, &error));
	assert_non_null(strstr(error.text, "measure straight up"));
	assert_false(camera_level(&camera, eye, -480, 10, 0.01, &error));
	assert_non_null(strstr(error.text, "look down"));
	assert_true(camera.tilt_deg == 0);
}

/* ---- several profiles ---- */

static struct profile several[PROFILES_MAX];

static void keep(const char *state_dir, const char *name, const char *camera_id, long long created)
{
	char file[PATH_SIZE];
	struct error error;
	struct profile p = good;
	snprintf(p.name, sizeof p.name, "%s", name);
	snprintf(p.camera_id, sizeof p.camera_id, "%s", camera_id);
	p.created_wall_ms = created;
	assert_true(profile_path(file, state_dir, name, &error));
	assert_true(profile_save(&p, file, &error));
}

static void profiles_are_chosen_by_camera(void **state)
{
	char folder[128], file[PATH_SIZE];
	struct error error;
	struct camera found;
	int count;
	(void)state;
	snprintf(folder, sizeof folder, "%s/profiles", dir);
	assert_int_equal(profile_list(dir, several, NULL), 0);
	assert_true(path_make_dir(folder, &error));
	keep(dir, "desk", "usb-one", 100);
	keep(dir, "standing", "usb-one", 300);
	keep(dir, "office", "usb-two", 200);
	keep(dir, "pictures", "", 50);
	snprintf(file, sizeof file, "%s/broken.json", folder);
	assert_true(path_write_file(file, "{}", 2, &error));

	assert_int_equal(profile_list(dir, several, &error), 4);
	assert_non_null(strstr(error.text, "broken.json"));
	assert_string_equal(several[0].name, "standing");
	assert_string_equal(several[3].name, "pictures");

	assert_true(profile_candidates(dir, "auto", "usb-one", several, &count, &error));
	assert_int_equal(count, 3);
	assert_string_equal(several[0].name, "standing");
	assert_string_equal(several[1].name, "desk");
	assert_string_equal(several[2].name, "pictures");
	assert_true(profile_candidates(dir, "auto", "usb-three", several, &count, &error));
	assert_int_equal(count, 1);
	assert_true(profile_candidates(dir, "office", "usb-one", several, &count, &error));
	assert_int_equal(count, 1);
	assert_string_equal(several[0].name, "office");
	assert_true(profile_candidates(dir, "nobody", "usb-one", several, &count, &error));
	assert_int_equal(count, 0);
	assert_false(profile_candidates(dir, "broken", "usb-one", several, &count, &error));
	assert_false(profile_candidates(dir, "../desk", "usb-one", several, &count, &error));

	static const char *const names[] = {"desk", "standing", "office", "pictures", "broken"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_true(profile_path(file, dir, names[i], &error));
		assert_int_equal(unlink(file), 0);
	}
	assert_int_equal(rmdir(folder), 0);
	assert_false(camera_find(&found, dir, "usb-one", &error));
	assert_string_equal(error.text, "");
}

static void profiles_are_renamed_and_deleted(void **state)
{
	char folder[128];
	struct error error;
	int count;
	(void)state;
	snprintf(folder, sizeof folder, "%s/profiles", dir);
	assert_true(path_make_dir(folder, &error));
	keep(dir, "desk", "usb-one", 100);
	keep(dir, "standing", "usb-one", 300);
	assert_true(profile_exists(dir, "desk"));
	assert_false(profile_exists(dir, "high desk"));
	assert_false(profile_rename(dir, "desk", "standing", &error));
	assert_non_null(strstr(error.text, "there is one already"));
	static const char *const bad[] = {"auto", "", ".desk", "a/b"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(profile_rename(dir, "desk", bad[i], &error));
	assert_false(profile_rename(dir, "nobody", "anybody", &error));
	assert_non_null(strstr(error.text, "there is none"));
	assert_true(profile_rename(dir, "standing", "high desk", &error));
	assert_true(profile_candidates(dir, "high desk", "", several, &count, &error));
	assert_int_equal(count, 1);
	assert_int_equal(several[0].created_wall_ms, 300);
	assert_string_equal(several[0].name, "high desk");
	assert_false(profile_exists(dir, "standing"));

	assert_false(profile_delete(dir, "standing", &error));
	assert_true(profile_delete(dir, "desk", &error));
	assert_int_equal(profile_list(dir, NULL, NULL), 1);
	assert_true(profile_delete(dir, "high desk", &error));
	assert_int_equal(rmdir(folder), 0);
}

static void a_camera_is_found_by_its_name(void **state)
{
	char folder[128], file[PATH_SIZE];
	struct error error;
	struct camera camera = camera_from_hfov(640, 480, 71), found;
	(void)state;
	snprintf(folder, sizeof folder, "%s/cameras", dir);
	assert_true(path_make_dir(folder, &error));
	assert_true(camera_path(file, dir, "../usb/one", &error));
	assert_true(strncmp(file, folder, strlen(folder)) == 0 && strstr(file, "..") == NULL);
	assert_true(camera_save(&camera, file, &error));
	assert_true(camera_find(&found, dir, "../usb/one", &error));
	assert_true(fabs(found.fx - camera.fx) < 1e-9);

	/* Its lens is the best that is known; then what the table says, unless somebody said
	 * otherwise. */
	struct camera guess = camera_unknown(640, 480);
	guess.tilt_deg = 5;
	assert_true(camera_best(&found, &guess, true, dir, "../usb/one", &error));
	assert_true(fabs(found.fx - camera.fx) < 1e-9 && fabs(found.tilt_deg - 5) < 1e-9);
	static const char c920[] = "usb-046d_HD_Pro_Webcam_C920_3A5B-video-index0";
	assert_true(camera_best(&found, &guess, false, dir, c920, &error));
	/* 1920 by 1080 its focal length is 1360 (70.42 deg); 640 by 480 has the scale of the
	 * height. */
	assert_true(fabs(found.fx - 1360.4 / 2.25) < 2 && found.focal_sigma < guess.focal_sigma);
	struct camera wide = camera_unknown(1280, 720);
	assert_true(camera_best(&found, &wide, false, dir, c920, &error));
	assert_true(fabs(found.fx - 1360.4 / 1.5) < 3 && found.focal_sigma < 0.04);
	assert_true(camera_best(&found, &guess, true, dir, c920, &error));
	assert_true(fabs(found.fx - guess.fx) < 1e-9);
	assert_true(camera_best(&found, &guess, false, dir, "usb-nobody", &error));
	assert_true(fabs(found.fx - guess.fx) < 1e-9);

	assert_true(path_write_file(file, "{}", 2, &error));
	assert_false(camera_find(&found, dir, "../usb/one", &error));
	assert_false(camera_best(&found, &guess, true, dir, "../usb/one", &error));
	assert_true(fabs(found.fx - guess.fx) < 1e-9);
	assert_non_null(strstr(error.text, "not a camera"));
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* A sensor of 4:3 keeps its width in wide modes, one of 16:9 its height in narrow ones. */
static void a_lens_follows_its_sensor(void **state)
{
	static const char c270[] = "usb-046d_C270_HD_WEBCAM_5CC110A0-video-index0";
	static const struct {
		const char *id;
		double narrow, wide, sigma; /* degrees across at 640x480 and 1280x720 */
	} cases[] = {
		{c270, 49.6, 49.6, 0.04},
		{"usb-046d_0825_C9203A40-video-index0", 49.6, 49.6, 0.04},
		{"usb-Microsoft_Microsoft®_LifeCam_HD-3000-video-index0", 48.0, 61.4, 0.05},
		{"usb-046d_HD_Webcam_B910_12345678-video-index0", 58.3, 73.3, 0.07},
		{"usb-Creative_Live__Cam_Sync_HD_2012-video-index0", 46.0, 59.0, 0.05},
		{"usb-Creative_Live__Cam_Sync_2009-video-index0", 37.3, 0, 0.112},
		{"usb-046d_Logitech_BRIO_1A2B-video-index0", 66.3, 82.1, 0.1},
		{"usb-CN0FFMHC8LG0081_Integrated_Webcam_FHD_20090101-video-index0", 64.2, 79.9,
		 0.05},
		{"usb-CN0FFMHC8LG0081_Integrated_Webcam_HD_20090101-video-index0", 59.9, 75.1, 0.1},
	};
	const double degree = M_PI / 180;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct camera narrow, wide, aside;
		assert_true(camera_known(cases[i].id, 640, 480, &narrow));
		assert_true(camera_known(cases[i].id, 1280, 720, &wide));
		assert_true(camera_known(cases[i].id, 480, 640, &aside));
		assert_true(fabs(2 * atan(320 / narrow.fx) / degree - cases[i].narrow) < 0.5);
		assert_true(cases[i].wide == 0 ||
		            fabs(2 * atan(640 / wide.fx) / degree - cases[i].wide) < 0.5);
		assert_true(fabs(narrow.focal_sigma - cases[i].sigma) < 0.005);
		assert_true(fabs(aside.fx - narrow.fx) < 1e-9 && aside.cx == 240);
	}
	struct camera c = {.fx = 7};
	assert_false(camera_known("usb-nobody-C9203A40-video-index0", 640, 480, &c));
	assert_true(c.fx == 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ruler_tells_the_tilt),
		cmocka_unit_test(the_world_and_a_pixel_lead_back),
		cmocka_unit_test(a_height_that_cannot_be_is_refused),
		cmocka_unit_test(profiles_are_chosen_by_camera),
		cmocka_unit_test(profiles_are_renamed_and_deleted),
		cmocka_unit_test(a_camera_is_found_by_its_name),
		cmocka_unit_test(a_lens_follows_its_sensor),
		cmocka_unit_test(the_room_comes_back),
		cmocka_unit_test(values_that_cannot_be_are_refused),
		cmocka_unit_test(a_face_without_width_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
