/* unknot evaluate: how true the measures are on pictures whose truth is known. A person is a folder
 * of NAME.jpg with NAME.ann.json; the first picture in name order is the upright one, and its eye
 * distance, field of view and camera tilt are all that calibration is told. */
#include "evaluate/evaluate.h"

#include "base/paths.h"
#include "base/text.h"
#include "cli/cli.h"
#include "opencv/opencv.h"
#include "sample/sample.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct person {
	struct sampler *sampler, *naive; /* naive: never told anything */
	struct camera camera;
	struct profile profile;
	const char *name;
	double zero_pitch, zero_yaw, zero_roll; /* truth of the first picture */
	double zero_shoulders, zero_trunk;
	double seconds;                         /* of the next picture, when they are played */
	struct posture_judge judge;
	bool ready;
};

/* ---- truth ---- */

static double field(const cJSON *json, const char *a, const char *b)
{
	const cJSON *item = cJSON_GetObjectItem(json, a);
	if (b != NULL)
		item = cJSON_GetObjectItem(item, b);
	return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

/* Height of the shoulders over the camera, cm. */
static double shoulder_height(const cJSON *truth)
{
	static const char *const names[] = {"acromion_L", "acromion_R"};
	const double tilt = field(truth, "camera", "tilt_down_deg") * M_PI / 180;
	double up = 0;
	for (int i = 0; i < 2; i++) {
		const cJSON *p = cJSON_GetObjectItem(cJSON_GetObjectItem(truth, "points_cam_mm"),
		                                     names[i]);
		const cJSON *y = cJSON_GetArrayItem(p, 1), *z = cJSON_GetArrayItem(p, 2);
		if (!cJSON_IsNumber(y) || !cJSON_IsNumber(z))
			return NAN;
		up -= (y->valuedouble * cos(tilt) + z->valuedouble * sin(tilt)) / 20;
	}
	return up;
}

static cJSON *read_truth(const char *picture)
{
	char path[4096];
	struct error error;
	snprintf(path, sizeof path, "%.*s.ann.json", (int)(strlen(picture) - 4), picture);
	char *text = path_read_file(path, 1 << 20, NULL, &error);
	cJSON *json = text != NULL ? cJSON_Parse(text) : NULL;
	free(text);
	return json;
}

static enum posture expected_of(const char *label)
{
	static const struct {
		const char *truth;
		enum posture posture;
	} map[] = {
		{"neutral", POSTURE_UPRIGHT}, {"slouch_mild", POSTURE_SLOUCHED},
		{"slouch_strong", POSTURE_SLOUCHED}, {"sunk_low", POSTURE_SLOUCHED},
		{"forward_head", POSTURE_FORWARD_HEAD}, {"head_down", POSTURE_LOOKING_DOWN},
		{"trunk_lean_left", POSTURE_LEANING}, {"head_tilt_right", POSTURE_HEAD_TILTED},
		{"head_turn_left", POSTURE_TURNED}, {"head_turn_right_far", POSTURE_TURNED},
		{"recline", POSTURE_RECLINED}, {"lean_in_close", POSTURE_TOO_CLOSE},
		{"sat_high", POSTURE_RAISED},
	};
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (strcmp(label, map[i].truth) == 0)
			return map[i].posture;
	return POSTURE_COUNT;
}

/* ---- one picture ---- */

static void set(struct scored *row, enum score_id id, const struct measure *m,
                double zero, double truth, double scale)
{
	const bool valid = m->valid && isfinite(truth);
	row->scores[id] = (struct score){valid, (m->value - zero) * scale,
	                                 truth * scale, m->sigma * scale};
}

static void score(const struct person *p, const struct sample *s, const struct sample *naive,
                  const cJSON *truth, struct scored *row)
{
	const cJSON *angles = cJSON_GetObjectItem(truth, "angles");
	const struct measure *m = s->measures.m, *zero = p->profile.upright.m;
	const double distance = field(angles, "eye_to_camera_mm", NULL) / 10;
	const double pitch = field(angles, "head_world", "pitch_down") - p->zero_pitch;
	const double yaw = field(angles, "head_world", "yaw_left") - p->zero_yaw;
	const double roll = field(angles, "head_world", "roll_left") - p->zero_roll;
	row->distance_cm = distance;
	row->yaw_deg = yaw;
	row->pitch_deg = pitch;
	row->face = s->face.found;
	row->found_expected = fabs(yaw) <= 45 && fabs(pitch) <= 30;
	row->verdict = s->verdict.label;
	set(row, SCORE_DISTANCE, &m[MEASURE_EYE_DISTANCE], 0, distance, 100 / distance);
	set(row, SCORE_DISTANCE_CM, &m[MEASURE_EYE_DISTANCE], 0, distance, 1);
	set(row, SCORE_UNCALIBRATED, &naive->measures.m[MEASURE_EYE_DISTANCE],
	    0, distance, 100 / distance);
	set(row, SCORE_HEIGHT, &m[MEASURE_EYE_HEIGHT], 0,
	    field(angles, "eye_above_camera_mm", NULL) / 10, 1);
	set(row, SCORE_DROP, &m[MEASURE_EYE_DROP], 0,
	    field(angles, "eye_drop_from_neutral_mm", NULL) / 10, 1);
	set(row, SCORE_LEAN_IN, &m[MEASURE_LEAN_IN], 0,
	    field(angles, "eye_fwd_from_neutral_mm", NULL) / 10, 1);
	set(row, SCORE_PITCH, &m[MEASURE_HEAD_PITCH], zero[MEASURE_HEAD_PITCH].value, pitch, 1);
	set(row, SCORE_YAW, &m[MEASURE_HEAD_YAW], zero[MEASURE_HEAD_YAW].value, yaw, 1);
	set(row, SCORE_ROLL, &m[MEASURE_HEAD_ROLL], zero[MEASURE_HEAD_ROLL].value, roll, 1);
	set(row, SCORE_SHOULDERS, &m[MEASURE_SHOULDER_TILT], 0,
	    field(angles, "shoulder_tilt_deg_left_up", NULL), 1);
	set(row, SCORE_SHOULDER_DROP, &m[MEASURE_SHOULDER_DROP], 0,
	    p->zero_shoulders - shoulder_height(truth), 1);
	set(row, SCORE_NECK, &m[MEASURE_NECK_FLEXION], 0,
	    pitch - (field(angles, "trunk_incl_fwd_deg", NULL) - p->zero_trunk), 1);
	row->departure = s->verdict.label != POSTURE_UNKNOWN ? s->verdict.departure : NAN;
	row->somebody_else = match_is_wrong(s->match);
}

static bool calibrate(struct person *p, const cJSON *truth, const struct frame *frame,
                      struct sample *sample, struct error *error)
{
	const struct posture_config posture = posture_config_default();
	const cJSON *angles = cJSON_GetObjectItem(truth, "angles");
	p->camera = camera_from_hfov(frame->width, frame->height,
	                             field(truth, "camera", "hfov_deg"));
	p->camera.tilt_deg = field(truth, "camera", "tilt_down_deg");
	p->camera.tilt_sigma_deg = 0.5;
	p->camera.focal_sigma = 0.01;
	p->zero_pitch = field(angles, "head_world", "pitch_down");
	p->zero_yaw = field(angles, "head_world", "yaw_left");
	p->zero_roll = field(angles, "head_world", "roll_left");
	p->zero_shoulders = shoulder_height(truth);
	p->zero_trunk = field(angles, "trunk_incl_fwd_deg", NULL);
	sampler_configure(p->sampler, &p->camera, &posture);
	sampler_set_profile(p->sampler, NULL);
	sampler_reset(p->sampler);
	sampler_run(p->sampler, frame, sample);
	struct calibration_view view = {&sample->face, &sample->pose, frame->width, frame->height};
	p->ready = profile_make(&p->profile, &p->camera, &view, 1,
	                        field(angles, "eye_to_camera_mm", NULL) / 10, error);
	if (p->ready) {
		sampler_keep_room(p->sampler, &p->profile.room);
		sampler_set_profile(p->sampler, &p->profile);
	}
	sampler_reset(p->sampler);
	posture_judge_init(&p->judge, &posture);
	return p->ready;
}

static struct scored *new_row(struct evaluation *e)
{
	if (e->count == e->room) {
		const size_t room = e->room != 0 ? 2 * e->room : 128;
		struct scored *rows = realloc(e->rows, room * sizeof *rows);
		if (rows == NULL)
			return NULL;
		e->rows = rows;
		e->room = room;
	}
	struct scored *row = &e->rows[e->count++];
	memset(row, 0, sizeof *row);
	row->expected = POSTURE_COUNT;
	return row;
}

/* What the daemon would make of it: time goes on, and whoever was seen is still remembered. */
static enum posture play(struct person *p, const struct sample *s)
{
	struct posture_event event;
	const struct posture_sample sample = {.seconds = s->seconds, .presence = s->presence,
	                                      .sampled = true,
	                                      .stranger = match_is_wrong(s->match),
	                                      .measures = s->measures};
	const bool happened = posture_judge_step(&p->judge, &sample, &event);
	return happened && event.kind == POSTURE_EVENT_HELD ? event.posture : POSTURE_UNKNOWN;
}

static bool evaluate_picture(struct evaluation *e, struct person *p, const char *path,
                             const char *name, struct error *error)
{
	static struct sample sample, naive;
	cJSON *truth = read_truth(path);
	if (truth == NULL)
		return true; /* a picture without truth is only a picture */
	struct cv_image *image = cv_image_read(path, error);
	bool good = image != NULL;
	if (good) {
		struct frame frame = cv_image_frame(image);
		const bool first = !p->ready;
		const char *label = cJSON_GetStringValue(cJSON_GetObjectItem(truth, "label"));
		struct scored *row = new_row(e);
		good = row != NULL || error_set(error, 0, "%s: out of memory", "evaluate");
		if (good && first)
			good = calibrate(p, truth, &frame, &sample, error);
		if (good) {
			if (!(e->fps > 0))
				sampler_reset(p->sampler);
			frame.seconds = p->seconds;
			p->seconds += e->fps > 0 ? 1 / e->fps : 1;
			sampler_run(p->sampler, &frame, &sample);
			row->told = e->fps > 0 ? play(p, &sample) : POSTURE_UNKNOWN;
			sampler_reset(p->naive);
			sampler_run(p->naive, &frame, &naive);
			snprintf(row->person, sizeof row->person, "%s", p->name);
			snprintf(row->picture, sizeof row->picture, "%s", name);
			snprintf(row->label, sizeof row->label, "%s", label != NULL ? label : "");
			row->calibration = first;
			row->expected = label != NULL ? expected_of(label) : POSTURE_COUNT;
			score(p, &sample, &naive, truth, row);
		}
	}
	cv_image_free(image);
	cJSON_Delete(truth);
	return good;
}

/* ---- folders ---- */

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static bool is_picture(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot != NULL && strcmp(dot, ".jpg") == 0;
}

/* A person's pictures, and below it any further folders as people of their own. */
static bool evaluate_folder(struct evaluation *e, struct person *p, const char *folder, int depth,
                            struct error *error)
{
	struct dirent **names;
	const char *slash = strrchr(folder, '/');
	struct person here = {.sampler = p->sampler, .naive = p->naive,
	                      .name = slash != NULL && slash[1] != '\0' ? slash + 1 : folder};
	int n = scandir(folder, &names, is_visible, by_name);
	if (n < 0)
		return error_set(error, 0, "%s: cannot be read; give a folder of pictures with "
		                           "truth", folder);
	bool good = true;
	for (int i = 0; i < n; i++) {
		char path[4096];
		struct stat info;
		snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
		if (good && is_picture(names[i]->d_name))
			good = evaluate_picture(e, &here, path, names[i]->d_name, error);
		else if (good && depth > 0 && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
			good = evaluate_folder(e, p, path, depth - 1, error);
		free(names[i]);
	}
	free(names);
	return good;
}

/* ---- the command ---- */

enum { OPT_JSON = 1, OPT_PLOTS, OPT_CHECK, OPT_POSE_MODEL, OPT_MODEL, OPT_FPS, OPT_LEFT_OUT };

static const struct option options[] = {
	{"json", required_argument, NULL, OPT_JSON},
	{"plots", required_argument, NULL, OPT_PLOTS},
	{"check", no_argument, NULL, OPT_CHECK},
	{"pose-model", required_argument, NULL, OPT_POSE_MODEL},
	{"model", required_argument, NULL, OPT_MODEL},
	{"fps", required_argument, NULL, OPT_FPS},
	{"leave-one-out", no_argument, NULL, OPT_LEFT_OUT},
	{0},
};

struct request {
	struct sampler_config config;
	const char *json, *plots;
	double fps;
	bool check, left_out;
};

static int evaluate(char **folders, int count, const struct request *r)
{
	struct error error;
	struct evaluation e = {.fps = r->fps, .left_out = r->left_out};
	struct person p = {0};
	bool good = (p.sampler = sampler_create(&r->config, &error)) != NULL &&
	            (p.naive = sampler_create(&r->config, &error)) != NULL;
	for (int i = 0; good && i < count; i++)
		good = evaluate_folder(&e, &p, folders[i], 2, &error);
	if (good && e.count == 0)
		good = error_set(&error, 0, "%s: no NAME.jpg with NAME.ann.json in it", folders[0]);
	if (good)
		evaluate_print(&e, stdout);
	good = good && (r->json == NULL || evaluate_write_json(&e, r->json, &error)) &&
	       (r->plots == NULL || evaluate_write_plots(&e, r->plots, &error));
	int status = good ? CLI_DONE : cli_fail(&error);
	if (good && r->check && !evaluate_good(&e)) {
		fputs(_("unknot: evaluate: beyond the limits\n"), stderr);
		status = CLI_FAILED;
	}
	sampler_free(p.naive);
	sampler_free(p.sampler);
	free(e.rows);
	return status;
}

static int run(const struct command *c, int argc, char **argv)
{
	int got, status;
	struct request r =
		{.config = {.pose_model = NET_POSE_LITE, .camera = camera_unknown(640, 480),
	                    .posture = posture_config_default()}};
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		switch (got) {
		case CLI_OPTIONS_STOP: return status;
		case OPT_JSON: r.json = optarg; break;
		case OPT_PLOTS: r.plots = optarg; break;
		case OPT_CHECK: r.check = true; break;
		case OPT_MODEL: r.config.model_path = optarg; break;
		case OPT_LEFT_OUT: r.left_out = true; break;
		case OPT_FPS:
			if (!cli_number(c, "--fps", optarg, 0.001, 240, &r.fps))
				return CLI_USAGE;
			break;
		case OPT_POSE_MODEL:
			if (strcmp(optarg, "lite") != 0 && strcmp(optarg, "full") != 0)
				return cli_usage(c, N_("--pose-model %s: lite or full"), optarg);
			r.config.pose_model = strcmp(optarg, "full") == 0 ? NET_POSE_FULL
			                                                  : NET_POSE_LITE;
			break;
		}
	}
	if (optind == argc)
		return cli_usage(c, N_("no folder was given"));
	return evaluate(argv + optind, argc - optind, &r);
}

const struct command command_evaluate = {
	"evaluate", N_("[OPTIONS] FOLDER..."), EVALUATE_SUMMARY,
	N_("A person is a folder of NAME.jpg with NAME.ann.json (README); the first picture shows "
	"them upright.\n"
	"Its eye distance, field of view and tilt are the only calibration; it is not scored "
	"itself.\n\n"
	"  --json FILE        everything as JSON too, each picture included\n"
	"  --plots FILE.svg   errors against distance, yaw and pitch\n"
	"  --fps N            play each person's pictures as one sequence, N a second: who it is "
	"and how long\n"
	"                     they sit so is remembered, and what would be told is printed\n"
	"  --leave-one-out    each person by what is estimated from the others only\n"
	"  --check            fail when an error is beyond the project's own limits\n"
	"  --pose-model NAME  lite (default) or full\n"
	"  --model FILE       another packed model file\n"),
	run,
};
