/* How true the measures are, on rendered people with exact geometry: FOLDER... each hold one person's
 * NAME.jpg with NAME.ann.json (tests/data/README.md). The first picture of a folder is the person's
 * upright one; its eye distance, field of view and tilt are the only calibration. Prints mean absolute
 * errors per measure and the share of true values within 2 sigma; fails beyond the limits below.
 *
 *   accuracy [--no-limits] FOLDER... */
#include "landmark/face.h"
#include "geometry/measure.h"
#include "opencv/opencv.h"
#include "posture/posture.h"

#include "base/paths.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERRORS_MAX = 1024, COLUMNS = 9 };

/* What the truth file says and which limit the mean absolute error has (design goals of the project). */
static const struct column {
	const char *name;
	double limit;
} columns[COLUMNS] = {
	{"distance %", 2.5}, {"eye height cm", 1.0}, {"eye drop cm", 1.0}, {"lean in cm", 1.0},
	{"lean side cm", 1.0}, {"pitch deg", 4}, {"yaw deg", 5}, {"roll deg", 2},
	{"shoulder tilt deg", 2.5},
};

struct score {
	double errors[COLUMNS][ERRORS_MAX];
	int count[COLUMNS], within[COLUMNS];
	int frames, faces;
	int confusion[POSTURE_COUNT][POSTURE_COUNT];
};

struct person {
	struct camera camera;
	struct profile profile;
	double zero_pitch, zero_yaw, zero_roll; /* of truth, frame 000 */
	double side0;
	bool ready;
};

static double field(const cJSON *json, const char *a, const char *b)
{
	const cJSON *item = cJSON_GetObjectItem(json, a);
	if (b != NULL)
		item = cJSON_GetObjectItem(item, b);
	return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static void add(struct score *s, int column, double got, double sigma, double truth, double scale)
{
	double e = (got - truth) * scale;
	if (!isfinite(e) || s->count[column] == ERRORS_MAX)
		return;
	s->errors[column][s->count[column]++] = fabs(e);
	s->within[column] += fabs(e) <= 2 * sigma * scale;
}

static enum posture expected_label(const char *label)
{
	static const struct { const char *truth; enum posture posture; } map[] = {
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

static void score_frame(struct score *s, const struct person *p, const struct measures *m,
                        const cJSON *truth, bool verbose)
{
	const cJSON *angles = cJSON_GetObjectItem(truth, "angles");
	const char *label = cJSON_GetStringValue(cJSON_GetObjectItem(truth, "label"));
	const struct measure *v = m->m;
	const double pitch0 = p->profile.upright.m[MEASURE_HEAD_PITCH].value;
	const double yaw0 = p->profile.upright.m[MEASURE_HEAD_YAW].value;
	const double roll0 = p->profile.upright.m[MEASURE_HEAD_ROLL].value;
	struct posture_verdict verdict;
	struct posture_config config = posture_config_default();
	posture_classify(&config, m, &verdict);
	enum posture expected = label != NULL ? expected_label(label) : POSTURE_COUNT;
	if (expected != POSTURE_COUNT)
		s->confusion[expected][verdict.label]++;
	double distance = field(angles, "eye_to_camera_mm", NULL) / 10;
	/* Faces that look straight down are scored for their label only: see README, limits. */
	if (v[MEASURE_EYE_DISTANCE].valid && expected != POSTURE_LOOKING_DOWN) {
		add(s, 0, v[MEASURE_EYE_DISTANCE].value, v[MEASURE_EYE_DISTANCE].sigma, distance,
		    100 / distance);
		add(s, 1, v[MEASURE_EYE_HEIGHT].value, v[MEASURE_EYE_HEIGHT].sigma,
		    field(angles, "eye_above_camera_mm", NULL) / 10, 1);
		add(s, 2, v[MEASURE_EYE_DROP].value, v[MEASURE_EYE_DROP].sigma,
		    field(angles, "eye_drop_from_neutral_mm", NULL) / 10, 1);
		add(s, 3, v[MEASURE_LEAN_IN].value, v[MEASURE_LEAN_IN].sigma,
		    field(angles, "eye_fwd_from_neutral_mm", NULL) / 10, 1);
		add(s, 5, v[MEASURE_HEAD_PITCH].value - pitch0, v[MEASURE_HEAD_PITCH].sigma,
		    field(angles, "head_world", "pitch_down") - p->zero_pitch, 1);
		add(s, 6, v[MEASURE_HEAD_YAW].value - yaw0, v[MEASURE_HEAD_YAW].sigma,
		    field(angles, "head_world", "yaw_left") - p->zero_yaw, 1);
		add(s, 7, v[MEASURE_HEAD_ROLL].value - roll0, v[MEASURE_HEAD_ROLL].sigma,
		    field(angles, "head_world", "roll_left") - p->zero_roll, 1);
	}
	if (v[MEASURE_SHOULDER_TILT].valid)
		add(s, 8, v[MEASURE_SHOULDER_TILT].value, v[MEASURE_SHOULDER_TILT].sigma,
		    field(angles, "shoulder_tilt_deg_left_up", NULL), 1);
	if (verbose)
		printf("%-20s %-13s d %5.1f/%5.1f h %5.1f/%5.1f drop %5.1f/%5.1f in %5.1f/%5.1f side %5.1f "
		       "p %5.1f/%5.1f y %5.1f/%5.1f r %5.1f/%5.1f sh %5.1f/%5.1f sd %.1f\n",
		       label, posture_name(verdict.label), v[MEASURE_EYE_DISTANCE].value, distance,
		       v[MEASURE_EYE_HEIGHT].value, field(angles, "eye_above_camera_mm", NULL) / 10,
		       v[MEASURE_EYE_DROP].value, field(angles, "eye_drop_from_neutral_mm", NULL) / 10,
		       v[MEASURE_LEAN_IN].value, field(angles, "eye_fwd_from_neutral_mm", NULL) / 10,
		       v[MEASURE_LEAN_SIDE].value, v[MEASURE_HEAD_PITCH].value - pitch0,
		       field(angles, "head_world", "pitch_down") - p->zero_pitch,
		       v[MEASURE_HEAD_YAW].value - yaw0,
		       field(angles, "head_world", "yaw_left") - p->zero_yaw,
		       v[MEASURE_HEAD_ROLL].value - roll0,
		       field(angles, "head_world", "roll_left") - p->zero_roll,
		       v[MEASURE_SHOULDER_TILT].value, field(angles, "shoulder_tilt_deg_left_up", NULL),
		       v[MEASURE_SHOULDER_DROP].value);
}

static bool calibrate(struct person *p, const cJSON *truth, const struct face_result *face,
                      const struct pose_result *pose, const struct frame *frame)
{
	struct error error;
	struct calibration_view view = {face, pose, frame->width, frame->height};
	p->camera = camera_from_hfov(frame->width, frame->height, field(truth, "camera", "hfov_deg"));
	p->camera.tilt_deg = field(truth, "camera", "tilt_down_deg");
	p->camera.tilt_sigma_deg = 0.5;
	p->camera.focal_sigma = 0.01;
	p->zero_pitch = field(cJSON_GetObjectItem(truth, "angles"), "head_world", "pitch_down");
	p->zero_yaw = field(cJSON_GetObjectItem(truth, "angles"), "head_world", "yaw_left");
	p->zero_roll = field(cJSON_GetObjectItem(truth, "angles"), "head_world", "roll_left");
	p->ready = profile_make(&p->profile, &p->camera, &view, 1,
	                        field(truth, "angles", "eye_to_camera_mm") / 10, &error);
	if (!p->ready)
		fprintf(stderr, "%s\n", error.text);
	return p->ready;
}

static cJSON *truth_of(const char *picture)
{
	char path[4096];
	struct error error;
	snprintf(path, sizeof path, "%.*s.ann.json", (int)(strlen(picture) - 4), picture);
	char *text = path_read_file(path, 1 << 20, NULL, &error);
	cJSON *json = text != NULL ? cJSON_Parse(text) : NULL;
	free(text);
	return json;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_picture(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');
	return dot != NULL && strcmp(dot, ".jpg") == 0;
}

static bool score_folder(struct score *s, const char *folder, struct pose_tracker *pose_tracker,
                         struct face_tracker *face_tracker, bool verbose)
{
	static struct pose_result pose;
	static struct face_result face;
	static struct person person;
	struct dirent **names;
	int n = scandir(folder, &names, is_picture, by_name);
	memset(&person, 0, sizeof person);
	for (int i = 0; i < n; i++) {
		char path[4096];
		struct error error;
		snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
		free(names[i]);
		cJSON *truth = truth_of(path);
		struct cv_image *image = cv_image_read(path, &error);
		if (truth != NULL && image != NULL) {
			struct frame frame = cv_image_frame(image);
			pose_tracker_reset(pose_tracker);
			face_tracker_reset(face_tracker);
			pose_tracker_run(pose_tracker, &frame, &pose);
			face_tracker_run(face_tracker, &frame, &pose, &face);
			s->frames++;
			s->faces += face.found;
			if (!person.ready && !calibrate(&person, truth, &face, &pose, &frame)) {
				i = n; /* no upright picture: the rest says nothing */
			} else if (person.ready) {
				struct measures m;
				struct head_pose head;
				measures_from_landmarks(&person.camera, &person.profile, &pose, &face,
				                        frame.width, frame.height, &m, &head);
				score_frame(s, &person, &m, truth, verbose);
			}
		}
		cv_image_free(image);
		cJSON_Delete(truth);
	}
	if (n >= 0)
		free(names);
	return n > 0 && person.ready;
}

static bool print_table(const struct score *s)
{
	bool good = true;
	printf("faces found in %d of %d\n%-20s %8s %8s %8s %10s\n", s->faces, s->frames, "measure", "n",
	       "MAE", "limit", "in 2 sigma");
	for (int c = 0; c < COLUMNS; c++) {
		double sum = 0;
		for (int i = 0; i < s->count[c]; i++)
			sum += s->errors[c][i];
		if (s->count[c] == 0)
			continue;
		double mean = sum / s->count[c];
		printf("%-20s %8d %8.2f %8.1f %9.0f%%\n", columns[c].name, s->count[c], mean,
		       columns[c].limit, 100.0 * s->within[c] / s->count[c]);
		good = good && mean <= columns[c].limit;
	}
	double recall = 0;
	int classes = 0;
	for (int e = 0; e < POSTURE_COUNT; e++) {
		int all = 0;
		for (int g = 0; g < POSTURE_COUNT; g++)
			all += s->confusion[e][g];
		if (all == 0)
			continue;
		classes++;
		recall += (double)s->confusion[e][e] / all;
		printf("%-14s recall %.2f of %d:", posture_name((enum posture)e),
		       (double)s->confusion[e][e] / all, all);
		for (int g = 0; g < POSTURE_COUNT; g++)
			if (g != e && s->confusion[e][g] > 0)
				printf(" %d %s", s->confusion[e][g], posture_name((enum posture)g));
		putchar('\n');
	}
	if (classes > 0)
		printf("macro-averaged recall %.3f over %d classes (limit 0.85)\n", recall / classes, classes);
	return good && (classes < 10 || recall / classes >= 0.85);
}

static bool folder_exists(const char *path)
{
	DIR *there = opendir(path);
	if (there == NULL) {
		printf("skipped: %s is not there\n", path);
		return false;
	}
	closedir(there);
	return true;
}

int main(int argc, char **argv)
{
	static struct score score;
	struct error error;
	bool verbose = getenv("VERBOSE") != NULL, limits = true, good = true;
	if (argc > 1 && strcmp(argv[1], "--no-limits") == 0) {
		limits = false;
		argc--;
		argv++;
	}
	for (int i = 1; i < argc; i++)
		if (!folder_exists(argv[i]))
			return 77;
	struct model_file *models = model_file_open(NULL, &error);
	struct pose_tracker *pose = models ? pose_tracker_create(models, NET_POSE_LITE, &error) : NULL;
	struct face_tracker *face = pose ? face_tracker_create(models, &error) : NULL;
	if (face == NULL) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	for (int i = 1; i < argc; i++)
		good = score_folder(&score, argv[i], pose, face, verbose) && good;
	good = print_table(&score) && good;
	face_tracker_free(face);
	pose_tracker_free(pose);
	model_file_close(models);
	return good || !limits ? 0 : 1;
}
