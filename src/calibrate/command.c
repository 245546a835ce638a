#include "calibrate/calibrate.h"

#include "base/text.h"
#include "calibrate/board.h"
#include "cli/cli.h"
#include "control/control.h"
#include "geometry/profile_store.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_FROM = 1, OPT_DISTANCE, OPT_DISTANCE_CM,
       OPT_EYE_HEIGHT, OPT_HFOV, OPT_TILT, OPT_NAME, OPT_OUTPUT, OPT_DEVICE,
       OPT_SOURCE, OPT_MODEL, OPT_CAMERA, OPT_BOARD, OPT_PAPER };

static const struct option options[] = {
	{"from", no_argument, NULL, OPT_FROM},
	{"distance", required_argument, NULL, OPT_DISTANCE},
	{"distance-cm", required_argument, NULL, OPT_DISTANCE_CM},
	{"eye-height-cm", required_argument, NULL, OPT_EYE_HEIGHT},
	{"hfov", required_argument, NULL, OPT_HFOV},
	{"tilt", required_argument, NULL, OPT_TILT},
	{"name", required_argument, NULL, OPT_NAME},
	{"output", required_argument, NULL, OPT_OUTPUT},
	{"device", required_argument, NULL, OPT_DEVICE},
	{"source", required_argument, NULL, OPT_SOURCE},
	{"model", required_argument, NULL, OPT_MODEL},
	{"camera", no_argument, NULL, OPT_CAMERA},
	{"print-board", required_argument, NULL, OPT_BOARD},
	{"paper", required_argument, NULL, OPT_PAPER},
	{0},
};

struct arguments {
	struct calibrate_request request;
	bool lens;
	const char *board;
	enum board_paper paper;
};

/* 62, 62cm, 24in or arm. */
static bool take_distance(const struct command *c, struct calibrate_request *r)
{
	const double least_cm = 15, most_cm = 300;
	char *unit;
	r->known.distance_arm = strcmp(optarg, "arm") == 0;
	r->known.distance_cm = r->known.distance_arm ? 0 : text_number(optarg, &unit);
	if (r->known.distance_arm)
		return true;
	const bool number = unit != optarg;
	unit += strspn(unit, " ");
	const bool inches = strcmp(unit, "in") == 0 || strcmp(unit, "\"") == 0;
	r->known.distance_cm *= inches ? 2.54 : 1;
	if (number && (inches || *unit == '\0' || strcmp(unit, "cm") == 0) &&
	    r->known.distance_cm >= least_cm && r->known.distance_cm <= most_cm)
		return true;
	cli_usage(c, N_("--distance %s: eyes to camera, from 15 to 300 cm as 62 or 62cm, from 6 to "
	          "118 inches as 24in, or arm when your fingertips just reach the camera"), optarg);
	return false;
}

static bool take_option(const struct command *c, struct arguments *a, int option)
{
	struct calibrate_request *r = &a->request;
	switch (option) {
	case OPT_FROM: r->from_pictures = true; return true;
	case OPT_CAMERA: a->lens = true; return true;
	case OPT_BOARD: a->board = optarg; return true;
	case OPT_DISTANCE: return take_distance(c, r);
	case OPT_DISTANCE_CM:
		r->known.distance_arm = false;
		return cli_number(c, "--distance-cm", optarg, 15, 300, &r->known.distance_cm);
	case OPT_EYE_HEIGHT:
		r->known.eye_height_known = true;
		return cli_number(c, "--eye-height-cm", optarg, -150, 150, &r->known.eye_height_cm);
	case OPT_HFOV:
		r->known.hfov_known = true;
		return cli_number(c, "--hfov", optarg, 20, 170, &r->known.hfov_deg);
	case OPT_TILT:
		r->known.tilt_known = true;
		return cli_number(c, "--tilt", optarg, -80, 80, &r->known.tilt_deg);
	case OPT_NAME:
		r->name = optarg;
		if (profile_name_good(optarg))
			return true;
		cli_usage(c, N_("--name %s: a short name without / is needed, and not auto"),
		          optarg);
		return false;
	case OPT_OUTPUT: r->output = optarg; return true;
	case OPT_DEVICE: r->device = optarg; return true;
	case OPT_SOURCE: r->source = optarg; return true;
	case OPT_MODEL: r->model = optarg; return true;
	case OPT_PAPER:
		a->paper = strcmp(optarg, "letter") == 0 ? BOARD_LETTER : BOARD_A4;
		if (a->paper == BOARD_LETTER || strcmp(optarg, "a4") == 0)
			return true;
		cli_usage(c, N_("--paper %s: a4 or letter"), optarg);
		return false;
	}
	return false;
}

struct capture *calibrate_open(const struct calibrate_request *r, struct error *error)
{
	if (r->source != NULL && strncmp(r->source, "v4l2", 4) != 0)
		return capture_open(r->source, CALIBRATE_WIDTH, CALIBRATE_HEIGHT, error);
	/* A daemon that watches lends its camera; none running is no fault. */
	control_call("ReleaseCamera", NULL, CALIBRATE_LEND_S, false, NULL, error);
	char named[512] = "v4l2";
	if (r->source == NULL && r->device != NULL)
		snprintf(named, sizeof named, "v4l2:%.500s", r->device);
	struct capture *camera = capture_open(r->source != NULL ? r->source : named,
	                                      CALIBRATE_WIDTH, CALIBRATE_HEIGHT, error);
	if (camera == NULL)
		control_call("ReleaseCamera", NULL, 0, false, NULL, NULL);
	return camera;
}

void calibrate_close(struct capture *camera)
{
	if (camera == NULL)
		return;
	const bool live = camera->live;
	camera->ops->free(camera);
	if (live)
		control_call("ReleaseCamera", NULL, 0, false, NULL, NULL);
}

static int run(const struct command *c, int argc, char **argv)
{
	struct arguments a = {.request = {.name = "desk"}};
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		if (!take_option(c, &a, got))
			return CLI_USAGE;
	}
	const struct calibrate_request *r = &a.request;
	if (r->from_pictures && optind == argc)
		return cli_usage(c, N_("--from: no picture given"));
	if (!r->from_pictures && optind < argc)
		return cli_usage(c, N_("%s: pictures come after --from"), argv[optind]);
	if (r->known.tilt_known && r->known.eye_height_known)
		return cli_usage(c, N_("--tilt and --eye-height-cm say the same thing: give one"));
	if (a.board != NULL) {
		struct error error;
		if (!board_write(a.board, a.paper, &error))
			return cli_fail(&error);
		printf(_("%s: print it at 100 %%, glue it on something flat, then unknot calibrate "
		         "--camera\n"), a.board);
		return CLI_DONE;
	}
	return (a.lens ? calibrate_lens : calibrate_person)(r, argv + optind, argc - optind);
}

const struct command command_calibrate = {
	"calibrate", N_("[OPTIONS] [--from IMAGE...]"), CALIBRATE_SUMMARY,
	N_("Half a minute: sit upright and look straight ahead. Two numbers from a ruler make it "
	"better.\n\n"
	"  --distance N       eyes to camera, while the pictures are taken: 62, 62cm or 24in; or "
	"arm, without a\n"
	"                     ruler: lean back so that the fingertips of the straight arm just "
	"touch the camera\n"
	"  --distance-cm N    the same in cm\n"
	"  --eye-height-cm N  eyes above the camera (below: minus): gives the tilt, turns monitor "
	"advice on\n"
	"  --tilt DEG         instead, how far the camera looks down\n"
	"  --hfov DEG         the camera's horizontal field of view\n"
	"  --name NAME        of the profile (desk); another for standing, or another camera\n"
	"  --output FILE      write it there\n"
	"  --device DEV       which camera\n"
	"  --source SOURCE    v4l2:DEVICE or replay:FILE_OR_FOLDER[@fps]\n"
	"  --from IMAGE...    use these pictures instead\n"
	"  --model FILE       another packed model file\n\n"
	"The lens, once for each camera:\n"
	"  --print-board FILE.pdf|FILE.svg [--paper a4|letter]   a chessboard to print\n"
	"  --camera           calibrate the lens with it; takes --device, --source, --from, "
	"--output\n"),
	run,
};
