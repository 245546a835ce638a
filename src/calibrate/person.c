/* unknot calibrate: how somebody sits upright, in half a minute. */
#include "calibrate/calibrate.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "calibrate/gather.h"
#include "calibrate/make.h"
#include "cli/input.h"
#include "config/config.h"
#include "control/control.h"
#include "geometry/profile_store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double patience_s = GATHER_PATIENCE_S, apart_s = GATHER_APART_MS / 1000.0;

struct work {
	const struct calibrate_request *request;
	struct config config;
	char state[PATH_SIZE];
	struct gather gather;
	struct sample sample;
	struct made made;
};

static int gather_pictures(struct work *w, struct sampler *sampler, char *const *paths, int count)
{
	struct error error;
	struct frame frame;
	bool fresh;
	struct input *input = input_open(paths, count, 0, &error);
	int status = input != NULL ? CLI_DONE : cli_fail(&error);
	enum input_status got;
	while (status == CLI_DONE &&
	       (got = input_next(input, &frame, &fresh, &error)) != INPUT_END) {
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
	puts(_("Sit upright, the lower back against the lumbar support, and look straight at the "
	       "screen."));
	for (int i = GATHER_COUNTDOWN_S; live && i > 0; i--) {
		printf("%d... ", i);
		fflush(stdout);
		pause_s(1);
	}
	if (live)
		putchar('\n');
}

/* Good pictures about three a second until there are enough; what is wrong is said once until it
 * changes. */
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

static void print_result(const struct made *made, const char *path)
{
	char text[256];
	make_words(made, MAKE_TURN, text, sizeof text);
	if (*text)
		puts(text);
	make_words(made, MAKE_SPREAD, text, sizeof text);
	printf("%s: %s\n", path, text);
	make_words(made, MAKE_PLACE, text, sizeof text);
	puts(text);
	make_words(made, MAKE_EXACT, text, sizeof text);
	printf(_("%s: monitor advice %s\n"), text,
	       make_has_monitor(made) ? _("on") : _("off (give --eye-height-cm N or --tilt DEG)"));
	if (make_wants_ruler(made))
		puts(_("With a ruler it gets better: unknot calibrate --distance-cm N (eyes to "
		       "camera)."));
	make_words(made, MAKE_SHOULDERS, text, sizeof text);
	if (*text)
		puts(text);
}

static int make_and_save(struct work *w, const char *camera_id)
{
	struct error error;
	const struct calibrate_request *r = w->request;
	const struct make_place place = {&w->config, w->state, camera_id};
	struct clock clock = clock_real();
	char path[PATH_SIZE];
	if (r->output != NULL)
		snprintf(path, sizeof path, "%s", r->output);
	else if (!profile_path(path, w->state, r->name, &error))
		return cli_fail(&error);
	if (!make_profile(&w->made, &w->gather, r->from_pictures ? 1 : GATHER_LEAST,
	                  &r->known, &place, &error) ||
	    !make_save(&w->made, r->name, r->output, w->state, clock_now(&clock).wall_ms, &error))
		return cli_fail(&error);
	print_result(&w->made, path);
	/* A running daemon takes it at once; none running is no fault. */
	control_call("Reload", NULL, 0, false, NULL, &error);
	return CLI_DONE;
}

static int gather_and_make(struct work *w, struct sampler *sampler, char *const *paths, int count)
{
	struct error error;
	if (w->request->from_pictures) {
		int status = gather_pictures(w, sampler, paths, count);
		return status == CLI_DONE ? make_and_save(w, "") : status;
	}
	struct capture *camera = calibrate_open(w->request, &error);
	if (camera == NULL)
		return cli_fail(&error);
	int status = gather_source(w, sampler, camera);
	if (status == CLI_DONE)
		status = make_and_save(w, camera->id);
	calibrate_close(camera);
	return status;
}

int calibrate_person(const struct calibrate_request *r, char *const *paths, int count)
{
	struct error error;
	char path[PATH_SIZE];
	struct work *w = calloc(1, sizeof *w);
	struct sampler *sampler = NULL;
	bool good = w != NULL || error_set(&error, 0, "%s: out of memory", "calibrate");
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
