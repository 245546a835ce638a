#include "base/text.h"
#include "cli/cli.h"
#include "cli/draw.h"
#include "cli/input.h"
#include "sample/json.h"

#include <cjson/cJSON.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct analysis {
	bool text;
	double hfov_deg, tilt_deg, distance_cm, fps;
	bool tilt_known, hfov_known;
	struct camera camera;        /* from --camera */
	const char *camera_file, *profile_file, *baseline, *annotate, *model;
	enum net_id pose_model;
};

enum { OPT_HFOV = 1, OPT_TILT, OPT_CAMERA, OPT_PROFILE, OPT_BASELINE, OPT_DISTANCE, OPT_FPS,
       OPT_POSE_MODEL, OPT_FORMAT, OPT_ANNOTATE, OPT_MODEL };

static const struct option options[] = {
	{"hfov", required_argument, NULL, OPT_HFOV},
	{"tilt", required_argument, NULL, OPT_TILT},
	{"camera", required_argument, NULL, OPT_CAMERA},
	{"profile", required_argument, NULL, OPT_PROFILE},
	{"baseline", required_argument, NULL, OPT_BASELINE},
	{"distance-cm", required_argument, NULL, OPT_DISTANCE},
	{"fps", required_argument, NULL, OPT_FPS},
	{"pose-model", required_argument, NULL, OPT_POSE_MODEL},
	{"format", required_argument, NULL, OPT_FORMAT},
	{"annotate", required_argument, NULL, OPT_ANNOTATE},
	{"model", required_argument, NULL, OPT_MODEL},
	{0},
};

/* One option into *a; false after a usage message. */
static bool take_option(const struct command *c, struct analysis *a, int option)
{
	switch (option) {
	case OPT_HFOV:
		a->hfov_known = true;
		return cli_number(c, "--hfov", optarg, 20, 170, &a->hfov_deg);
	case OPT_TILT:
		a->tilt_known = true;
		return cli_number(c, "--tilt", optarg, -80, 80, &a->tilt_deg);
	case OPT_DISTANCE:
		return cli_number(c, "--distance-cm", optarg, 15, 300, &a->distance_cm);
	case OPT_FPS:
		return cli_number(c, "--fps", optarg, 0.01, 240, &a->fps);
	case OPT_CAMERA: a->camera_file = optarg; return true;
	case OPT_PROFILE: a->profile_file = optarg; return true;
	case OPT_BASELINE: a->baseline = optarg; return true;
	case OPT_ANNOTATE: a->annotate = optarg; return true;
	case OPT_MODEL: a->model = optarg; return true;
	case OPT_FORMAT:
		a->text = strcmp(optarg, "text") == 0;
		if (a->text || strcmp(optarg, "json") == 0)
			return true;
		cli_usage(c, N_("--format %s: json or text"), optarg);
		return false;
	case OPT_POSE_MODEL:
		a->pose_model = strcmp(optarg, "full") == 0 ? NET_POSE_FULL : NET_POSE_LITE;
		if (a->pose_model == NET_POSE_FULL || strcmp(optarg, "lite") == 0)
			return true;
		cli_usage(c, N_("--pose-model %s: lite or full"), optarg);
		return false;
	}
	return false;
}

/* The camera by its field of view at the first picture's size, if it was told. */
static struct camera camera_for(const struct analysis *a, int width, int height)
{
	struct camera camera = a->camera_file != NULL ? camera_scaled(&a->camera, width, height)
	                     : a->hfov_known ? camera_from_hfov(width, height, a->hfov_deg)
	                                     : camera_unknown(width, height);
	if (a->tilt_known) {
		camera.tilt_deg = a->tilt_deg;
		/* A tilt that was given was measured: half a degree is what an inclinometer on the
		 * lid reaches. With 1 deg the sigma of eye height was three times its errors (ten
		 * rendered people). */
		camera.tilt_sigma_deg = 0.5;
	}
	return camera;
}

/* --baseline: this picture is the person sitting upright. */
static bool take_baseline(struct sampler *sampler, const struct analysis *a, struct error *error)
{
	struct cv_image *image = cv_image_read(a->baseline, error);
	if (image == NULL)
		return false;
	struct frame frame = cv_image_frame(image);
	struct sample *sample = malloc(sizeof *sample);
	struct profile *profile = malloc(sizeof *profile);
	bool good = sample != NULL && profile != NULL;
	if (!good)
		error_set(error, 0, "%s: out of memory", a->baseline);
	if (good) {
		struct camera camera = camera_for(a, frame.width, frame.height);
		struct posture_config posture = posture_config_default();
		sampler_configure(sampler, &camera, &posture);
		sampler_run(sampler, &frame, sample);
		struct calibration_view view = {&sample->face, &sample->pose,
		                                sample->width, sample->height};
		camera = camera_turned(&camera, sample->turn - camera.turn);
		good = profile_make(profile, &camera, &view, 1, a->distance_cm, error);
		if (good) {
			sampler_keep_room(sampler, &profile->room);
			sampler_set_profile(sampler, profile);
		}
	}
	sampler_reset(sampler);
	free(profile);
	free(sample);
	cv_image_free(image);
	return good;
}

static bool take_profile(struct sampler *sampler, const char *path, struct error *error)
{
	struct profile *profile = malloc(sizeof *profile);
	bool good = profile != NULL || error_set(error, 0, "%s: out of memory", path);
	good = good && profile_load(profile, path, error);
	if (good)
		sampler_set_profile(sampler, profile);
	free(profile);
	return good;
}

/* What time makes of pictures that follow each other: the posture that is held, and what would be
 * told now. */
struct day {
	struct posture_judge judge;
	struct posture_event event;
	bool happened;
	double seconds; /* of the last picture */
};

static void play(struct day *d, const struct sample *s)
{
	const struct posture_sample sample = {.seconds = s->seconds, .presence = s->presence,
	                                      .sampled = s->presence == PRESENCE_PRESENT,
	                                      .stranger = match_is_wrong(s->match),
	                                      .measures = s->measures};
	d->happened = posture_judge_step(&d->judge, &sample, &d->event);
	d->seconds = s->seconds;
}

static const char *event_name(const struct day *d)
{
	static const char *const names[] = {[POSTURE_EVENT_HELD] = "held",
	                                    [POSTURE_EVENT_STILL] = "still",
	                                    [POSTURE_EVENT_CORRECTED] = "corrected"};
	return d->happened ? names[d->event.kind] : NULL;
}

/* {"posture":"slouched","seconds":65.0,"event":"held"}: of a posture that is held, or was till
 * now. */
static cJSON *day_to_json(const struct day *d)
{
	const bool over = d->happened && d->event.kind == POSTURE_EVENT_CORRECTED;
	if (d->judge.held == POSTURE_UNKNOWN && !over)
		return cJSON_CreateNull();
	cJSON *json = cJSON_CreateObject();
	const double held = over ? d->event.held_s : d->seconds - d->judge.held_since;
	cJSON_AddStringToObject(json, "posture",
	                        posture_name(over ? d->event.posture : d->judge.held));
	cJSON_AddNumberToObject(json, "seconds", round(held * 10) / 10);
	cJSON_AddItemToObject(json, "event", d->happened ? cJSON_CreateString(event_name(d))
	                                                 : cJSON_CreateNull());
	return json;
}

static void print_text(const struct sample *s, const struct day *day, const char *source,
                       long frame)
{
	char *name = text_clean(source);
	printf("%s", name != NULL ? name : "");
	free(name);
	if (frame > 0)
		printf("#%ld", frame);
	if (s->presence != PRESENCE_PRESENT) {
		printf(": %s\n", presence_name(s->presence));
		return;
	}
	printf(": %s (%.2f)", posture_name(s->verdict.label), s->verdict.confidence);
	static const enum measure_id shown[] = {MEASURE_EYE_DISTANCE, MEASURE_EYE_DROP,
	                                        MEASURE_LEAN_IN, MEASURE_HEAD_PITCH,
	                                        MEASURE_HEAD_YAW, MEASURE_HEAD_ROLL};
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		if (s->measures.m[shown[i]].valid)
			printf(" %s %.1f", measure_name(shown[i]), s->measures.m[shown[i]].value);
	if (day->happened)
		printf(" [%s %s, %.0f s]", posture_name(day->event.posture),
		       event_name(day), day->event.held_s);
	putchar('\n');
}

static bool print_json(const struct sample *s, const struct day *day, const char *source,
                       long frame)
{
	cJSON *json = sample_to_json(s, source, frame);
	if (json != NULL)
		cJSON_AddItemToObject(json, "held", day_to_json(day));
	char *line = json != NULL ? cJSON_PrintUnformatted(json) : NULL;
	cJSON_Delete(json);
	if (line == NULL)
		return false;
	char *valid = text_valid(line); /* a file's name may be any bytes */
	cJSON_free(line);
	if (valid != NULL)
		puts(valid);
	free(valid);
	return valid != NULL;
}

/* OUT is a picture when one picture goes in, else a folder of NAME-FRAME.png. */
static bool annotate(const struct analysis *a, const struct sampler *sampler,
                     const struct frame *frame,
                     const struct sample *s, const char *source, long number, struct error *error)
{
	char path[4096];
	struct stat info;
	const char *dot = strrchr(a->annotate, '.');
	if (stat(a->annotate, &info) == 0 && S_ISDIR(info.st_mode)) {
		const char *base = strrchr(source, '/');
		snprintf(path, sizeof path, "%s/%s-%04ld.png", a->annotate,
		         base != NULL ? base + 1 : source, number);
	} else if (dot != NULL && strchr(dot, '/') == NULL) {
		snprintf(path, sizeof path, "%s", a->annotate);
	} else {
		return error_set(error, 0,
		                 "%s: neither a folder that exists nor a picture's name",
		                 a->annotate);
	}
	unsigned char *rgb = malloc((size_t)frame->width * (size_t)frame->height * 3);
	struct cv_image *image = NULL;
	if (rgb != NULL) {
		frame_to_rgb(frame, rgb, frame->width * 3);
		image = cv_image_from_rgb(rgb, frame->width, frame->height);
	}
	free(rgb);
	if (image == NULL)
		return error_set(error, 0, "%s: out of memory", path);
	draw_sample(image, sampler, s);
	bool good = cv_image_write(image, path, error);
	cv_image_free(image);
	return good;
}

static int analyze(const struct analysis *a, struct sampler *sampler, struct input *input)
{
	struct error error;
	struct frame frame;
	struct sample *sample = malloc(sizeof *sample);
	struct day *day = calloc(1, sizeof *day);
	bool fresh, first = true;
	int status = CLI_DONE;
	enum input_status got;
	if (sample == NULL || day == NULL) {
		free(sample);
		free(day);
		error_set(&error, 0, "%s: out of memory", "analyze");
		return cli_fail(&error);
	}
	while ((got = input_next(input, &frame, &fresh, &error)) != INPUT_END) {
		if (got == INPUT_BAD) {
			status = cli_fail(&error);
			continue;
		}
		if (first || fresh) {
			struct camera camera = camera_for(a, frame.width, frame.height);
			struct posture_config posture = posture_config_default();
			sampler_configure(sampler, &camera, &posture);
			sampler_reset(sampler);
			posture_judge_init(&day->judge, &posture);
			first = false;
		}
		sampler_run(sampler, &frame, sample);
		play(day, sample);
		const char *source = input_source(input);
		long number = input_frame_number(input);
		if (a->text)
			print_text(sample, day, source, number);
		else if (!print_json(sample, day, source, number))
			status = CLI_FAILED;
		if (ferror(stdout)) /* a full disk: main tells */
			break;
		if (a->annotate != NULL &&
		    !annotate(a, sampler, sampler_frame(sampler), sample, source, number, &error)) {
			status = cli_fail(&error);
			break;
		}
	}
	free(sample);
	free(day);
	return status;
}

static int run(const struct command *c, int argc, char **argv)
{
	struct analysis a = {.pose_model = NET_POSE_LITE};
	int got, status;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		if (got == CLI_OPTIONS_STOP)
			return status;
		if (!take_option(c, &a, got))
			return CLI_USAGE;
	}
	if (optind >= argc)
		return cli_usage(c, N_("no picture, folder or video given"));
	if (a.baseline != NULL && a.profile_file != NULL)
		return cli_usage(c, N_("--baseline and --profile exclude each other"));

	struct error error;
	if (a.camera_file != NULL && !camera_load(&a.camera, a.camera_file, &error))
		return cli_fail(&error);
	struct sampler_config config = {
		.model_path = a.model,
		.pose_model = a.pose_model,
		.camera = camera_for(&a, 640, 480),
		.posture = posture_config_default(),
	};
	struct input *input = input_open(argv + optind, argc - optind, a.fps, &error);
	struct sampler *sampler = input != NULL ? sampler_create(&config, &error) : NULL;
	if (sampler == NULL)
		status = cli_fail(&error);
	else if ((a.baseline != NULL && !take_baseline(sampler, &a, &error)) ||
	         (a.profile_file != NULL && !take_profile(sampler, a.profile_file, &error)))
		status = cli_fail(&error);
	else
		status = analyze(&a, sampler, input);
	sampler_free(sampler);
	input_free(input);
	return status;
}

const struct command command_analyze = {
	"analyze", N_("[OPTIONS] INPUT..."), ANALYZE_SUMMARY,
	N_("  --format json|text      one JSON object per line (the default), or a readable line\n"
	"  --hfov DEG              the camera's horizontal field of view, if you know it\n"
	"  --tilt DEG              how far the camera looks down\n"
	"  --camera FILE           a calibrated camera (intrinsics, distortion, tilt)\n"
	"  --profile FILE          your upright posture from `unknot calibrate`\n"
	"  --baseline IMAGE        take this picture as the upright posture\n"
	"  --distance-cm N         eyes to camera in the baseline picture, by ruler\n"
	"  --fps N                 pictures are one sequence, N a second: one person's day, with "
	"what is held\n"
	"  --pose-model lite|full  the pose network (lite)\n"
	"  --annotate OUT          draw what is seen: a picture's name, or a folder for many\n"
	"  --model FILE            another packed model file\n"),
	run,
};
