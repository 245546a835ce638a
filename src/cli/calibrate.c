#include "cli/cli.h"

#include "base/clock.h"
#include "base/paths.h"
#include "capture/capture.h"
#include "cli/input.h"
#include "config/config.h"
#include "control/control.h"
#include "sample/sample.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { VIEWS = 12, LEND_S = 60, WIDTH = 640, HEIGHT = 480 };

struct request {
	bool from_pictures;
	double distance_cm, hfov_deg, tilt_deg;
	bool tilt_known, hfov_known;
	const char *name, *output, *device, *model;
};

struct gathered {
	struct face_result faces[VIEWS];
	struct pose_result poses[VIEWS];
	struct calibration_view views[VIEWS];
	int count;
};

enum { OPT_FROM = 1, OPT_DISTANCE, OPT_HFOV, OPT_TILT, OPT_NAME, OPT_OUTPUT, OPT_DEVICE, OPT_MODEL };

static const struct option options[] = {
	{"from", no_argument, NULL, OPT_FROM},
	{"distance-cm", required_argument, NULL, OPT_DISTANCE},
	{"hfov", required_argument, NULL, OPT_HFOV},
	{"tilt", required_argument, NULL, OPT_TILT},
	{"name", required_argument, NULL, OPT_NAME},
	{"output", required_argument, NULL, OPT_OUTPUT},
	{"device", required_argument, NULL, OPT_DEVICE},
	{"model", required_argument, NULL, OPT_MODEL},
	{0},
};

static bool take_option(const struct command *c, struct request *r, int option)
{
	switch (option) {
	case OPT_FROM: r->from_pictures = true; return true;
	case OPT_DISTANCE: return cli_number(c, "--distance-cm", optarg, 15, 300, &r->distance_cm);
	case OPT_HFOV:
		r->hfov_known = true;
		return cli_number(c, "--hfov", optarg, 20, 170, &r->hfov_deg);
	case OPT_TILT:
		r->tilt_known = true;
		return cli_number(c, "--tilt", optarg, -80, 80, &r->tilt_deg);
	case OPT_NAME:
		r->name = optarg;
		if (*optarg && strchr(optarg, '/') == NULL && strlen(optarg) < PROFILE_NAME_SIZE)
			return true;
		cli_usage(c, "--name %s: a short name without / is needed", optarg);
		return false;
	case OPT_OUTPUT: r->output = optarg; return true;
	case OPT_DEVICE: r->device = optarg; return true;
	case OPT_MODEL: r->model = optarg; return true;
	}
	return false;
}

/* Keeps a view when its face is good enough to measure with; tells why not otherwise. */
static const char *keep_view(struct gathered *g, const struct sample *s)
{
	if (s->presence == PRESENCE_BLOCKED)
		return "the picture is black: is the lens covered?";
	if (!s->face.found)
		return "no face: face the camera, more light from the front";
	if (s->light.mean < 40)
		return "it is too dark: more light from the front";
	const float width = s->face.points[FACE_LEFT_EYE_OUTER].x - s->face.points[FACE_RIGHT_EYE_OUTER].x;
	if (width * (float)s->width < 30)
		return "the face is too small: come nearer or choose a larger picture";
	const struct measure *yaw = &s->measures.m[MEASURE_HEAD_YAW];
	if (yaw->valid && fabs(yaw->value) > 15)
		return "look straight ahead at the screen";
	if (g->count == VIEWS)
		return NULL;
	const int i = g->count++;
	g->faces[i] = s->face;
	g->poses[i] = s->pose;
	g->views[i] = (struct calibration_view){&g->faces[i], &g->poses[i], s->width, s->height};
	return NULL;
}

static int gather_pictures(struct gathered *g, struct sampler *sampler, char *const *paths, int count)
{
	struct error error;
	struct frame frame;
	bool fresh;
	struct sample *sample = malloc(sizeof *sample);
	struct input *input = sample != NULL ? input_open(paths, count, 0, &error) : NULL;
	int status = input != NULL ? CLI_DONE : cli_fail(&error);
	enum input_status got;
	while (status == CLI_DONE && (got = input_next(input, &frame, &fresh, &error)) != INPUT_END) {
		if (got == INPUT_BAD) {
			status = cli_fail(&error);
			break;
		}
		sampler_reset(sampler);
		sampler_run(sampler, &frame, sample);
		const char *problem = keep_view(g, sample);
		if (problem != NULL)
			fprintf(stderr, "%s: %s\n", input_source(input), problem);
	}
	input_free(input);
	free(sample);
	return status;
}

static void pause_s(double seconds)
{
	struct timespec t = {(time_t)seconds, (long)(fmod(seconds, 1) * 1e9)};
	nanosleep(&t, NULL);
}

/* Half a minute at most: a countdown, then good views about three a second until there are enough. */
static int gather_live(struct gathered *g, struct sampler *sampler, struct capture *camera)
{
	struct error error;
	struct clock clock = clock_real();
	struct sample *sample = malloc(sizeof *sample);
	if (sample == NULL)
		return CLI_FAILED;
	puts("Sit upright, the lower back against the lumbar support, and look straight at the screen.");
	for (int i = 3; i > 0; i--) {
		printf("%d... ", i);
		fflush(stdout);
		pause_s(1);
	}
	putchar('\n');
	int status = CLI_DONE;
	if (camera->ops->start(camera, &error) != CAPTURE_FRAME)
		status = cli_fail(&error);
	const double deadline = clock_now(&clock).seconds + 25;
	const char *last = NULL;
	while (status == CLI_DONE && g->count < VIEWS && clock_now(&clock).seconds < deadline) {
		struct frame frame;
		enum capture_status got = camera->ops->read(camera, 2, &frame, &error);
		if (got == CAPTURE_GONE || got == CAPTURE_ERROR || got == CAPTURE_BUSY) {
			status = cli_fail(&error);
			break;
		}
		if (got != CAPTURE_FRAME)
			continue;
		sampler_run(sampler, &frame, sample);
		const char *problem = keep_view(g, sample);
		if (problem != NULL && problem != last)
			printf("\n%s ", problem);
		else if (problem == NULL)
			putchar('.');
		last = problem;
		fflush(stdout);
		pause_s(0.3);
	}
	putchar('\n');
	camera->ops->stop(camera);
	free(sample);
	return status;
}

/* What was achieved, in the units of the advice. */
static void print_result(const struct profile *p, const char *path)
{
	const struct measure *d = &p->upright.m[MEASURE_EYE_DISTANCE];
	const struct measure *h = &p->upright.m[MEASURE_EYE_HEIGHT];
	const bool monitor = p->upright.m[MEASURE_MONITOR_TOP_OFFSET].valid;
	printf("%s: eyes %.0f +- %.0f cm from the camera, %.0f cm %s it; tilt +- %.1f deg: monitor advice "
	       "%s\n", path, d->value, d->sigma, fabs(h->value), h->value < 0 ? "below" : "above",
	       p->camera.tilt_sigma_deg, monitor ? "on" : "off (give --tilt)");
	if (p->scale_sigma > 0.03)
		puts("With a ruler it gets better: unknot calibrate --distance-cm N (eyes to camera).");
}

static bool output_path(const struct request *r, char path[PATH_SIZE], struct error *error)
{
	char state[PATH_SIZE], folder[PATH_SIZE], name[PROFILE_NAME_SIZE + 8];
	if (r->output != NULL) {
		snprintf(path, PATH_SIZE, "%s", r->output);
		return true;
	}
	snprintf(name, sizeof name, "%s.json", r->name);
	return path_state_dir(state, error) && path_join(folder, state, "profiles", error) &&
	       path_make_dir(folder, error) && path_join(path, folder, name, error);
}

static int make_profile(const struct request *r, const struct gathered *g, const struct camera *camera,
                        const char *camera_id)
{
	struct error error;
	char path[PATH_SIZE];
	struct profile *p = malloc(sizeof *p);
	int status = CLI_DONE;
	if (g->count == 0)
		error_set(&error, 0, "calibration: no usable picture; see above");
	if (p == NULL || g->count == 0 ||
	    !profile_make(p, camera, g->views, g->count, r->distance_cm, &error) ||
	    !output_path(r, path, &error)) {
		status = cli_fail(&error);
	} else {
		struct clock clock = clock_real();
		snprintf(p->name, sizeof p->name, "%s", r->name);
		snprintf(p->camera_id, sizeof p->camera_id, "%.127s", camera_id);
		p->created_wall_ms = clock_now(&clock).wall_ms;
		if (profile_save(p, path, &error)) {
			print_result(p, path);
			/* A running daemon takes it at once; none running is no fault. */
			control_call("Reload", NULL, 0, false, NULL, &error);
		} else {
			status = cli_fail(&error);
		}
	}
	free(p);
	return status;
}

static struct camera camera_of(const struct request *r, const struct config *config)
{
	struct config c = *config;
	if (r->hfov_known)
		c.camera_hfov_deg = r->hfov_deg;
	struct camera camera = config_camera(&c, WIDTH, HEIGHT);
	if (r->hfov_known)
		camera.focal_sigma = 0.01;
	if (r->tilt_known) {
		camera.tilt_deg = r->tilt_deg;
		camera.tilt_sigma_deg = 1.5;
	}
	return camera;
}

static int calibrate(const struct request *r, char *const *paths, int count)
{
	struct error error;
	struct config config = config_default();
	char config_path[PATH_SIZE];
	if (path_config_file(config_path, &error) && !config_load(&config, config_path, &error))
		return cli_fail(&error);
	const struct sampler_config setup = {.model_path = r->model, .pose_model = NET_POSE_LITE,
	                                     .camera = camera_of(r, &config),
	                                     .posture = config_posture(&config)};
	struct gathered *g = calloc(1, sizeof *g);
	struct sampler *sampler = g != NULL ? sampler_create(&setup, &error) : NULL;
	struct capture *camera = NULL;
	int status = sampler != NULL ? CLI_DONE : cli_fail(&error);
	if (status == CLI_DONE && r->from_pictures) {
		status = gather_pictures(g, sampler, paths, count);
	} else if (status == CLI_DONE) {
		control_call("ReleaseCamera", NULL, LEND_S, false, NULL, &error);
		camera = capture_v4l2(r->device, WIDTH, HEIGHT, &error);
		status = camera != NULL ? gather_live(g, sampler, camera) : cli_fail(&error);
	}
	if (status == CLI_DONE) {
		struct camera scaled = setup.camera;
		if (g->count > 0) {
			struct config sized = config;
			if (r->hfov_known)
				sized.camera_hfov_deg = r->hfov_deg;
			struct camera real = config_camera(&sized, g->views[0].width, g->views[0].height);
			real.focal_sigma = scaled.focal_sigma;
			real.tilt_deg = scaled.tilt_deg;
			real.tilt_sigma_deg = scaled.tilt_sigma_deg;
			scaled = real;
		}
		status = make_profile(r, g, &scaled, camera != NULL ? camera->id : "");
	}
	if (camera != NULL) {
		camera->ops->free(camera);
		control_call("ReleaseCamera", NULL, 0, false, NULL, &error);
	}
	sampler_free(sampler);
	free(g);
	return status;
}

static int run(const struct command *c, int argc, char **argv)
{
	struct request r = {.name = "desk"};
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		if (!take_option(c, &r, got))
			return CLI_USAGE;
	}
	if (r.from_pictures && optind == argc)
		return cli_usage(c, "--from: no picture given");
	if (!r.from_pictures && optind < argc)
		return cli_usage(c, "%s: pictures come after --from", argv[optind]);
	return calibrate(&r, argv + optind, argc - optind);
}

const struct command command_calibrate = {
	"calibrate", "[OPTIONS] [--from IMAGE...]", CALIBRATE_SUMMARY,
	"  --distance-cm N  eyes to camera, by ruler, while the pictures are taken\n"
	"  --tilt DEG       how far the camera looks down: turns monitor advice on\n"
	"  --hfov DEG       the camera's horizontal field of view\n"
	"  --from IMAGE...  use these pictures instead of the camera\n"
	"  --name NAME      of the profile (desk)\n"
	"  --output FILE    write the profile there\n"
	"  --device DEV     which camera\n"
	"  --model FILE     another packed model file\n",
	run,
};
