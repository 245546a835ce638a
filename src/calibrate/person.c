/* unknot calibrate: how somebody sits upright, in half a minute. */
#include "calibrate/calibrate.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "calibrate/gather.h"
#include "cli/input.h"
#include "config/config.h"
#include "control/control.h"
#include "geometry/profile_store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Twelve good pictures a third of a second apart are four seconds; the rest is for mending what is wrong. */
static const double patience_s = 25, apart_s = 0.3;
enum { LEAST_LIVE = 6, COUNTDOWN_S = 3 };

/* What a careful person reads off a ruler held in the air; --tilt from an app laid on the lid. */
static const double eye_height_sigma_mm = 10, tilt_sigma_deg = 1.5;

struct work {
	const struct calibrate_request *request;
	struct config config;
	char state[PATH_SIZE];
	struct gather gather;
	struct sample sample;
	struct profile profile;
};

static int gather_pictures(struct work *w, struct sampler *sampler, char *const *paths, int count)
{
	struct error error;
	struct frame frame;
	bool fresh;
	struct input *input = input_open(paths, count, 0, &error);
	int status = input != NULL ? CLI_DONE : cli_fail(&error);
	enum input_status got;
	while (status == CLI_DONE && (got = input_next(input, &frame, &fresh, &error)) != INPUT_END) {
		if (got == INPUT_BAD) {
			status = cli_fail(&error);
			break;
		}
		sampler_reset(sampler);
		sampler_run(sampler, &frame, &w->sample);
		const char *problem = gather_take(&w->gather, sampler_frame(sampler), &w->sample);
		if (problem != NULL)
			fprintf(stderr, "%s: %s\n", input_source(input), problem);
	}
	input_free(input);
	return status;
}

static void pause_s(double seconds)
{
	struct timespec t = {(time_t)seconds, (long)(fmod(seconds, 1) * 1e9)};
	nanosleep(&t, NULL);
}

static void invite(bool live)
{
	puts(_("Sit upright, the lower back against the lumbar support, and look straight at the screen."));
	for (int i = COUNTDOWN_S; live && i > 0; i--) {
		printf("%d... ", i);
		fflush(stdout);
		pause_s(1);
	}
	if (live)
		putchar('\n');
}

/* Good pictures about three a second until there are enough; what is wrong is said once until it changes. */
static int gather_source(struct work *w, struct sampler *sampler, struct capture *camera)
{
	struct error error;
	struct clock clock = clock_real();
	char said[sizeof w->gather.problem] = "";
	invite(camera->live);
	if (capture_start_lent(camera, &error) != CAPTURE_FRAME)
		return cli_fail(&error);
	int status = CLI_DONE;
	double first = NAN;
	w->gather.moving = true;
	while (status == CLI_DONE && w->gather.count < GATHER_VIEWS) {
		struct frame frame;
		enum capture_status got = camera->ops->read(camera, 2, &frame, &error);
		if (got == CAPTURE_END)
			break;
		if (got == CAPTURE_GONE || got == CAPTURE_ERROR || got == CAPTURE_BUSY) {
			status = cli_fail(&error);
			break;
		}
		const double now = camera->live ? clock_now(&clock).seconds
		                 : got == CAPTURE_FRAME ? frame.seconds : first;
		first = isnan(first) ? now : first;
		if (now - first > patience_s)
			break;
		if (got != CAPTURE_FRAME)
			continue;
		sampler_run(sampler, &frame, &w->sample);
		const char *problem = gather_take(&w->gather, sampler_frame(sampler), &w->sample);
		if (problem != NULL && strcmp(problem, said) != 0)
			printf("\n%s ", problem);
		else if (problem == NULL)
			putchar('.');
		snprintf(said, sizeof said, "%s", problem != NULL ? problem : "");
		fflush(stdout);
		if (camera->live)
			pause_s(apart_s);
	}
	putchar('\n');
	camera->ops->stop(camera);
	return status;
}

/* ---- the profile ---- */

/* What was given, else what is known of this camera, else the configuration's guess. */
static bool camera_of(const struct work *w, const char *camera_id, int width, int height,
                      struct camera *camera, struct error *error)
{
	const struct calibrate_request *r = w->request;
	struct config config = w->config;
	if (r->hfov_known)
		config.camera_hfov_deg = r->hfov_deg;
	/* The configuration counts from what the camera gives, the pictures were turned. */
	const int turn = w->gather.turn;
	const bool aside = turn % 2 != 0;
	struct camera guess = config_camera(&config, aside ? height : width, aside ? width : height);
	guess = camera_turned(&guess, turn - guess.turn);
	if (r->hfov_known) {
		*camera = guess;
		camera->focal_sigma = 0.01;
	} else if (!camera_best(camera, &guess, config_hfov_known(&config), w->state, camera_id, error)) {
		return false;
	}
	if (r->tilt_known) {
		camera->tilt_deg = r->tilt_deg;
		camera->tilt_sigma_deg = tilt_sigma_deg;
	}
	return true;
}

static bool make_from(struct work *w, const struct camera *camera, struct error *error)
{
	const struct calibrate_request *r = w->request;
	const struct gather *g = &w->gather;
	struct camera corrected = *camera;
	return r->distance_arm ? profile_make_at_arm(&w->profile, &corrected, g->views, g->count, error)
	                       : profile_make(&w->profile, camera, g->views, g->count, r->distance_cm, error);
}

static bool make(struct work *w, struct camera *camera, struct error *error)
{
	const struct calibrate_request *r = w->request;
	if (!make_from(w, camera, error))
		return false;
	if (!r->eye_height_known)
		return true;
	/* Where the eyes are before the camera does not depend on the tilt; how high they are does. */
	struct camera level = *camera;
	double eye[3];
	level.tilt_deg = level.roll_deg = 0;
	if (!make_from(w, &level, error))
		return false;
	eye[0] = w->profile.eye_world_mm[0];
	eye[1] = -w->profile.eye_world_mm[2];
	eye[2] = w->profile.eye_world_mm[1];
	return camera_level(camera, eye, r->eye_height_cm * 10, eye_height_sigma_mm, w->profile.scale_sigma,
	                    error) &&
	       make_from(w, camera, error);
}

/* The true reason, where a picture was not as cameras give it. */
static void print_turn(const struct work *w)
{
	if (w->gather.turn == 0)
		return;
	printf(w->gather.turn == 2 ? _("The camera hangs upside down: its pictures are turned by %d deg.\n")
	                           : _("The camera lies on its side: its pictures are turned by %d deg.\n"),
	       w->gather.turn * 90);
}

/* What was achieved, in the units of the advice. */
static void print_result(const struct profile *p, const char *path, double spread_mm)
{
	const struct measure *d = &p->upright.m[MEASURE_EYE_DISTANCE];
	const struct measure *h = &p->upright.m[MEASURE_EYE_HEIGHT];
	const bool monitor = p->upright.m[MEASURE_MONITOR_TOP_OFFSET].valid;
	printf(_("%s: %d pictures, your eyes within %.1f cm of their middle place\n"), path, p->samples,
	       spread_mm / 10);
	printf(h->value < 0 ? _("eyes %.0f cm from the camera, %.0f cm below it\n")
	                    : _("eyes %.0f cm from the camera, %.0f cm above it\n"), d->value, fabs(h->value));
	printf(_("distance +-%.1f cm, tilt +-%.1f deg: monitor advice %s\n"), d->sigma, p->camera.tilt_sigma_deg,
	       monitor ? _("on") : _("off (give --eye-height-cm N or --tilt DEG)"));
	if (p->scale_sigma > 0.03)
		puts(_("With a ruler it gets better: unknot calibrate --distance-cm N (eyes to camera)."));
	if (!p->shoulders_valid)
		puts(_("Your shoulders were not seen: changes of theirs will not be told. Sit farther away or "
		       "tilt the camera down."));
}

static bool output_path(const struct work *w, char path[PATH_SIZE], struct error *error)
{
	char folder[PATH_SIZE];
	if (w->request->output != NULL) {
		snprintf(path, PATH_SIZE, "%s", w->request->output);
		return true;
	}
	return path_join(folder, w->state, "profiles", error) && path_make_dir(folder, error) &&
	       profile_path(path, w->state, w->request->name, error);
}

static int make_profile(struct work *w, const char *camera_id)
{
	struct error error;
	struct camera camera;
	char path[PATH_SIZE];
	double spread_mm;
	struct gather *g = &w->gather;
	if (!gather_settle(g, w->request->from_pictures ? 1 : LEAST_LIVE, &spread_mm, &error) ||
	    !camera_of(w, camera_id, g->views[0].width, g->views[0].height, &camera, &error) ||
	    !make(w, &camera, &error) || !output_path(w, path, &error))
		return cli_fail(&error);
	struct clock clock = clock_real();
	struct profile *p = &w->profile;
	snprintf(p->name, sizeof p->name, "%s", w->request->name);
	snprintf(p->camera_id, sizeof p->camera_id, "%.127s", camera_id);
	p->created_wall_ms = clock_now(&clock).wall_ms;
	if (!profile_save(p, path, &error))
		return cli_fail(&error);
	print_turn(w);
	print_result(p, path, spread_mm);
	/* A running daemon takes it at once; none running is no fault. */
	control_call("Reload", NULL, 0, false, NULL, &error);
	return CLI_DONE;
}

static int gather_and_make(struct work *w, struct sampler *sampler, char *const *paths, int count)
{
	struct error error;
	if (w->request->from_pictures) {
		int status = gather_pictures(w, sampler, paths, count);
		return status == CLI_DONE ? make_profile(w, "") : status;
	}
	struct capture *camera = calibrate_open(w->request, &error);
	if (camera == NULL)
		return cli_fail(&error);
	int status = gather_source(w, sampler, camera);
	if (status == CLI_DONE)
		status = make_profile(w, camera->id);
	calibrate_close(camera);
	return status;
}

int calibrate_person(const struct calibrate_request *r, char *const *paths, int count)
{
	struct error error;
	char path[PATH_SIZE];
	struct work *w = calloc(1, sizeof *w);
	struct sampler *sampler = NULL;
	bool good = w != NULL || error_set(&error, 0, "calibrate: out of memory");
	if (good) {
		w->request = r;
		w->config = config_default();
		good = path_state_dir(w->state, &error) && path_config_file(path, &error) &&
		       config_load(&w->config, path, &error);
	}
	if (good) {
		const struct sampler_config setup = {
			.model_path = r->model, .pose_model = NET_POSE_LITE,
			.camera = config_camera(&w->config, CALIBRATE_WIDTH, CALIBRATE_HEIGHT),
			.posture = config_posture(&w->config)};
		sampler = sampler_create(&setup, &error);
		good = sampler != NULL;
	}
	int status = good ? gather_and_make(w, sampler, paths, count) : cli_fail(&error);
	sampler_free(sampler);
	free(w);
	return status;
}
