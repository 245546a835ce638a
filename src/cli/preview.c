#include "cli/cli.h"

#include "base/paths.h"
#include "base/text.h"
#include "capture/capture.h"
#include "cli/draw.h"
#include "config/config.h"
#include "control/control.h"
#include "geometry/profile_store.h"
#include "sample/sample.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 640, HEIGHT = 480, LEND_S = 3600, FRAME_MS = 30 };

static const char title[] = "unknot";

/* Shows one frame; false when the window is closed or cannot be opened. */
static bool show(struct sampler *sampler, const struct frame *frame, struct sample *sample,
                 unsigned char *rgb, int wait_ms, struct error *error)
{
	sampler_run(sampler, frame, sample);
	frame = sampler_frame(sampler);
	frame_to_rgb(frame, rgb, frame->width * 3);
	struct cv_image *image = cv_image_from_rgb(rgb, frame->width, frame->height);
	if (image == NULL)
		return error_set(error, 0, "preview: out of memory");
	draw_sample(image, sampler, sample);
	bool good = cv_window_show(title, image, error);
	cv_image_free(image);
	if (!good)
		return false;
	const int key = cv_window_key(title, wait_ms);
	if (key == -2 || key == 'q' || key == 27) {
		error_set(error, 0, "%s", "");
		return false;
	}
	return true;
}

static int watch(struct capture *camera, struct sampler *sampler)
{
	struct error error = {0};
	struct sample *sample = malloc(sizeof *sample);
	unsigned char *rgb = malloc((size_t)8192 * 8192 * 3 / 16);
	bool good = sample != NULL && rgb != NULL && capture_start_lent(camera, &error) == CAPTURE_FRAME;
	while (good) {
		struct frame frame;
		enum capture_status got = camera->ops->read(camera, 2, &frame, &error);
		if (got == CAPTURE_TIMEOUT || got == CAPTURE_CORRUPT)
			continue;
		if (got != CAPTURE_FRAME)
			break;
		if ((size_t)frame.width * (size_t)frame.height > (size_t)8192 * 8192 / 16) {
			error_set(&error, 0, "%s: the picture is too large for a preview", camera->name);
			break;
		}
		const int wait = camera->fps > 0 ? (int)(1000 / camera->fps) : FRAME_MS;
		good = show(sampler, &frame, sample, rgb, wait, &error);
		if (got == CAPTURE_END)
			break;
	}
	camera->ops->stop(camera);
	cv_window_close(title);
	free(rgb);
	free(sample);
	return *error.text ? cli_fail(&error) : CLI_DONE;
}

/* The one that was named, else those that the daemon would take. */
static bool take_profiles(struct sampler *sampler, const struct config *config, const char *path,
                          const char *camera_id, struct error *error)
{
	char state[PATH_SIZE];
	int count = 1;
	struct profile *profiles = calloc(PROFILES_MAX, sizeof *profiles);
	bool good = profiles != NULL || error_set(error, 0, "preview: out of memory");
	if (good && path != NULL)
		good = profile_load(profiles, path, error);
	else if (good)
		good = path_state_dir(state, error) &&
		       profile_candidates(state, config->profile, camera_id, profiles, &count, error);
	if (good) {
		const struct camera guess = config_camera(config, WIDTH, HEIGHT);
		const struct posture_config posture = config_posture(config);
		struct camera camera;
		good = path_state_dir(state, error) &&
		       camera_best(&camera, &guess, config_hfov_known(config), state, camera_id, error);
		sampler_configure(sampler, good ? &camera : &guess, &posture);
		sampler_set_profiles(sampler, profiles, count);
	}
	free(profiles);
	return good;
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{"source", required_argument, NULL, 's'},
	                                        {"profile", required_argument, NULL, 'p'}, {0}};
	const char *source = NULL, *profile_path = NULL;
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		*(got == 's' ? &source : &profile_path) = optarg;
	}
	struct error error;
	struct config config = config_default();
	char path[PATH_SIZE];
	if (!path_config_file(path, &error) || !config_load(&config, path, &error))
		return cli_fail(&error);
	const struct sampler_config setup = {.pose_model = NET_POSE_LITE,
	                                     .camera = config_camera(&config, WIDTH, HEIGHT),
	                                     .posture = config_posture(&config)};
	struct sampler *sampler = sampler_create(&setup, &error);
	if (sampler == NULL)
		return cli_fail(&error);
	control_call("ReleaseCamera", NULL, LEND_S, false, NULL, &error);
	struct capture *camera = capture_open(source, WIDTH, HEIGHT, &error);
	if (camera == NULL)
		status = cli_fail(&error);
	else if (!take_profiles(sampler, &config, profile_path, camera->id, &error))
		status = cli_fail(&error);
	else
		status = watch(camera, sampler);
	if (camera != NULL)
		camera->ops->free(camera);
	control_call("ReleaseCamera", NULL, 0, false, NULL, &error);
	sampler_free(sampler);
	return status;
}

const struct command command_preview = {
	"preview", N_("[--source SOURCE] [--profile FILE]"), PREVIEW_SUMMARY,
	N_("Draws landmarks, the head's axes, the horizon, numbers and the verdict. q or Esc closes it.\n"
	"SOURCE is v4l2:DEVICE or replay:FILE_OR_FOLDER[@fps][,loop]. Nothing is stored.\n"),
	run,
};
