/* unknot calibrate --camera: the lens, from a printed chessboard held before the camera. */
#include "calibrate/calibrate.h"

#include "base/clock.h"
#include "base/paths.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/input.h"
#include "geometry/profile_store.h"
#include "opencv/lens.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fifteen views let the solver average its corners down to 0.1 % of focal length (tests/unit,
 * lens); it may be done with eight. */
enum { VIEWS = 15, VIEWS_LEAST = 8 };
static const double patience_s = 90;

/* Corners of a flat board lie within a few tenths of a pixel of the model; a bent one's do not. */
static const double rms_most_px = 1, focal_sigma_most = 0.02, coverage_least = 0.6;

struct views {
	struct lens_view view[VIEWS];
	int count, width, height;
};

static double difference(const struct lens_view *a, const struct lens_view *b)
{
	double most = 0;
	for (int i = 0; i < LENS_CORNERS; i++)
		most = fmax(most, hypot((double)(a->corners[i][0] - b->corners[i][0]),
		                        (double)(a->corners[i][1] - b->corners[i][1])));
	return most;
}

/* A view that shows what none before did: some corner a tenth of the picture away. NULL when
 * taken. */
static const char *take(struct views *v, const struct frame *frame)
{
	struct lens_view fresh;
	if (v->count > 0 && (frame->width != v->width || frame->height != v->height))
		return _("this picture has another size than the first one");
	if (!lens_find_board(frame, &fresh))
		return _("the whole board is not seen");
	for (int i = 0; i < v->count; i++)
		if (difference(&v->view[i], &fresh) < 0.1 * frame->width)
			return _("much the same as before: move or tilt the board");
	v->width = frame->width;
	v->height = frame->height;
	v->view[v->count++] = fresh;
	return NULL;
}

static int take_pictures(struct views *v, char *const *paths, int count)
{
	struct error error;
	struct frame frame;
	bool fresh;
	struct input *input = input_open(paths, count, 0, &error);
	if (input == NULL)
		return cli_fail(&error);
	enum input_status got;
	int status = CLI_DONE;
	while (v->count < VIEWS && (got = input_next(input, &frame, &fresh, &error)) != INPUT_END) {
		if (got == INPUT_BAD) {
			status = cli_fail(&error);
			break;
		}
		const char *problem = take(v, &frame);
		if (problem != NULL)
			fprintf(stderr, "%s: %s\n", input_source(input), problem);
	}
	input_free(input);
	return status;
}

static int take_from_source(struct views *v, struct capture *camera)
{
	struct error error;
	struct frame frame;
	struct clock clock = clock_real();
	printf(_("Hold the board before the camera: near and far, in every corner of the picture, "
	         "tilted to all sides.\n%d views are wanted.\n"), VIEWS);
	if (capture_start_lent(camera, &error) != CAPTURE_FRAME)
		return cli_fail(&error);
	const double end = clock_now(&clock).seconds + patience_s;
	const char *said = NULL;
	int status = CLI_DONE;
	while (v->count < VIEWS && (!camera->live || clock_now(&clock).seconds < end)) {
		enum capture_status got = camera->ops->read(camera, 2, &frame, &error);
		if (got == CAPTURE_END)
			break;
		if (got == CAPTURE_GONE || got == CAPTURE_ERROR || got == CAPTURE_BUSY) {
			status = cli_fail(&error);
			break;
		}
		if (got != CAPTURE_FRAME)
			continue;
		const char *problem = take(v, &frame);
		if (problem == NULL)
			printf("\n%d ", v->count);
		else if (problem != said)
			printf("\n%s ", problem);
		said = problem;
		fflush(stdout);
	}
	putchar('\n');
	camera->ops->stop(camera);
	return status;
}

static bool acceptable(const struct lens *lens, int count, struct error *error)
{
	if (lens->coverage < coverage_least)
		return error_set(error, 0, "lens: only %.0f %% of the picture was covered; show "
		                 "the board in every corner", 100 * lens->coverage);
	if (lens->rms_px > rms_most_px)
		return error_set(error, 0, "lens: corners are off by %.1f px; glue the board on "
		                 "something flat, hold it still, more light", lens->rms_px);
	if (!(lens->focal_sigma < focal_sigma_most))
		return error_set(error, 0, "lens: %d views leave the focal length uncertain by "
		                 "%.0f %%; tilt the board by 30 deg to each side",
		                 count, 100 * lens->focal_sigma);
	return true;
}

static struct camera camera_from_lens(const struct lens *lens)
{
	const double degree = M_PI / 180;
	struct camera c = camera_from_hfov(lens->width, lens->height,
	                                   2 * atan(lens->width / 2.0 / lens->fx) / degree);
	c.fx = lens->fx;
	c.fy = lens->fy;
	c.cx = lens->cx;
	c.cy = lens->cy;
	memcpy(c.distortion, lens->distortion, sizeof c.distortion);
	/* The solver's sigma is of its noise alone; a printed board's flatness and a lens that
	 * focuses add some tenths of a percent. */
	c.focal_sigma = fmax(0.003, lens->focal_sigma);
	return c;
}

static bool output_path(const struct calibrate_request *r, const char *camera_id,
                        char path[PATH_SIZE], struct error *error)
{
	char state[PATH_SIZE], folder[PATH_SIZE];
	if (r->output != NULL) {
		snprintf(path, PATH_SIZE, "%s", r->output);
		return true;
	}
	if (*camera_id == '\0')
		return error_set(error, 0,
		                 "lens: give --output FILE to say where the camera's file goes");
	return path_state_dir(state, error) && path_join(folder, state, "cameras", error) &&
	       path_make_dir(folder, error) && camera_path(path, state, camera_id, error);
}

static int solve(const struct calibrate_request *r, const struct views *v, const char *camera_id)
{
	struct error error;
	struct lens lens;
	char path[PATH_SIZE];
	if (v->count < VIEWS_LEAST) {
		error_set(&error, 0, "lens: %d different views of the board are too few, %d are "
		          "needed; is it the one of `unknot calibrate --print-board`?",
		          v->count, VIEWS_LEAST);
		return cli_fail(&error);
	}
	if (!lens_solve(v->view, v->count, v->width, v->height, &lens, &error) ||
	    !acceptable(&lens, v->count, &error) || !output_path(r, camera_id, path, &error))
		return cli_fail(&error);
	const struct camera camera = camera_from_lens(&lens);
	if (!camera_save(&camera, path, &error))
		return cli_fail(&error);
	printf(_("%s: %d views, corners within %.2f px\n"
	         "field of view %.1f deg +-%.1f %%, centre %.0f,%.0f, distortion k1 %.3f k2 %.3f\n"
	         "Now run `unknot calibrate`: it takes this lens.\n"), path, v->count, lens.rms_px,
	       2 * atan(lens.width / 2.0 / lens.fx) * 180 / M_PI, 100 * camera.focal_sigma,
	       lens.cx, lens.cy, lens.distortion[0], lens.distortion[1]);
	return CLI_DONE;
}

int calibrate_lens(const struct calibrate_request *r, char *const *paths, int count)
{
	struct error error;
	struct views *v = calloc(1, sizeof *v);
	struct capture *camera = NULL;
	if (v == NULL) {
		error_set(&error, 0, "%s: out of memory", "calibrate");
		return cli_fail(&error);
	}
	int status;
	if (r->from_pictures)
		status = take_pictures(v, paths, count);
	else if ((camera = calibrate_open(r, &error)) == NULL)
		status = cli_fail(&error);
	else
		status = take_from_source(v, camera);
	if (status == CLI_DONE)
		status = solve(r, v, camera != NULL ? camera->id : "");
	calibrate_close(camera);
	free(v);
	return status;
}
