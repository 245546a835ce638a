/* Body and face landmarks of rendered people against an independent implementation
 * (make_reference.py): tightly on the same RGB pixels, loosely on the planes that the daemon's
 * decoder gives; then what only a sequence shows: the track, its loss, and that a frame allocates
 * nothing. */
#include "base/paths.h"
#include "image/convert.h"
#include "image/jpeg.h"
#include "landmark/face.h"
#include "opencv/opencv.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Linked with --wrap: counts while a frame is looked at. */
static unsigned long allocations;
static bool counting;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
	allocations += counting;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations += counting;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	allocations += counting;
	return __real_realloc(old, size);
}

static int failures;

#define check(good, ...)                                                           \
	do {                                                                       \
		if (!(good)) {                                                     \
			failures++;                                                \
			fprintf(stderr, "%s:%d: " #good ": ", __FILE__, __LINE__); \
			fprintf(stderr, __VA_ARGS__);                              \
			fputc('\n', stderr);                                       \
		}                                                                  \
	} while (0)

struct seen {
	struct pose_result pose;
	struct face_result face; /* found from the pose */
	struct face_result alone; /* found by the detector */
};

struct trackers {
	struct pose_tracker *pose;
	struct face_tracker *face;
};

static void look(struct trackers *t, const struct frame *frame, struct seen *out)
{
	pose_tracker_reset(t->pose);
	face_tracker_reset(t->face);
	allocations = 0;
	counting = true;
	face_tracker_run(t->face, frame, NULL, &out->alone);
	face_tracker_reset(t->face);
	pose_tracker_run(t->pose, frame, &out->pose);
	face_tracker_run(t->face, frame, &out->pose, &out->face);
	counting = false;
	check(allocations == 0, "%lu allocations in a frame", allocations);
}

static double value(const cJSON *rows, int row, int column)
{
	return cJSON_GetNumberValue(cJSON_GetArrayItem(cJSON_GetArrayItem(rows, row), column));
}

/* Largest distance in x, y from the expected points, in picture widths and heights. */
static double face_error(const struct face_result *r, const cJSON *rows)
{
	double worst = r->found ? 0 : HUGE_VAL;
	for (int i = 0; r->found && i < FACE_POINTS; i++)
		worst = fmax(worst, hypot((double)r->points[i].x - value(rows, i, 0),
		                          (double)r->points[i].y - value(rows, i, 1)));
	return worst;
}

static double face_depth_error(const struct face_result *r, const cJSON *rows)
{
	double worst = r->found ? 0 : HUGE_VAL;
	for (int i = 0; r->found && i < FACE_POINTS; i++)
		worst = fmax(worst, fabs((double)r->points[i].z - value(rows, i, 2)));
	return worst;
}

static double pose_error(const struct pose_result *r, const cJSON *rows, int points)
{
	double worst = r->found ? 0 : HUGE_VAL;
	for (int i = 0; r->found && i < points; i++)
		worst = fmax(worst, hypot((double)r->landmarks[i].x - value(rows, i, 0),
		                          (double)r->landmarks[i].y - value(rows, i, 1)));
	return worst;
}

/* Tolerances in picture sides. Tight: what float rounding leaves. Loose: chroma is filtered
 * otherwise and not rounded to 8 bits in between; that is 0.3 levels, but shoulders in a noisy
 * picture answer to it with up to 6e-3. From the pose, the first region is another one. */
static void compare(const char *what, const cJSON *row, const struct seen *seen, bool tight)
{
	const cJSON *face = cJSON_GetObjectItem(cJSON_GetObjectItem(row, "face"), "landmarks");
	const cJSON *pose = cJSON_GetObjectItem(cJSON_GetObjectItem(row, "pose"), "landmarks");
	const double alone = face_error(&seen->alone, face),
	             depth = face_depth_error(&seen->alone, face);
	const double head = pose_error(&seen->pose, pose, 13),
	             from_pose = face_error(&seen->face, face);
	printf("%s: face %.1e (depth %.1e), from the pose %.1e, head and shoulders %.1e\n",
	       what, alone, depth, from_pose, head);
	check(alone <= (tight ? 2e-5 : 2e-3), "%s: face off by %g", what, alone);
	check(depth <= (tight ? 2e-5 : 2e-3), "%s: face depth off by %g", what, depth);
	check(head <= (tight ? 2e-5 : 1e-2), "%s: head and shoulders off by %g", what, head);
	check(from_pose <= 8e-3, "%s: face from the pose off by %g", what, from_pose);
	check(seen->alone.detected && !seen->face.detected, "%s", what);
	check(seen->pose.detected, "%s", what);
}

static void picture(struct trackers *t, struct jpeg_decoder *decoder, const cJSON *row)
{
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(row, "picture"));
	static struct seen seen;
	char path[2048], what[256];
	struct error error;
	struct frame planes;
	size_t size;
	snprintf(path, sizeof path, "%s/people/%s", UNKNOT_TEST_DATA, name);
	struct cv_image *image = cv_image_read(path, &error);
	check(image != NULL, "%s", path);
	if (image == NULL)
		return;
	const struct frame rgb = cv_image_frame(image);
	snprintf(what, sizeof what, "%s, RGB", name);
	look(t, &rgb, &seen);
	compare(what, row, &seen, true);
	cv_image_free(image);

	char *data = path_read_file(path, 1 << 24, &size, &error);
	check(data != NULL && jpeg_decode(decoder, data, size, 0, &planes, &error),
	      "%s", error.text);
	free(data);
	snprintf(what, sizeof what, "%s, planes", name);
	look(t, &planes, &seen);
	compare(what, row, &seen, false);
}

/* One picture again and again: which networks run, and that the answer stays. */
static void track(struct trackers *t, const struct frame *frame)
{
	static struct seen first, later;
	struct frame f = *frame;
	look(t, &f, &first);
	/* followed: no detector, the same points within a pixel of 640 */
	for (int i = 1; i < 10; i++) {
		f.seconds = frame->seconds + i * 0.2;
		pose_tracker_run(t->pose, &f, &later.pose);
		face_tracker_run(t->face, &f, &later.pose, &later.face);
		check(later.pose.found && !later.pose.detected, "frame %d", i);
		check(later.face.found && !later.face.detected, "frame %d", i);
		const double moved = hypot(
			(double)(later.face.points[FACE_NOSE_TIP].x -
			         first.face.points[FACE_NOSE_TIP].x),
			(double)(later.face.points[FACE_NOSE_TIP].y -
			         first.face.points[FACE_NOSE_TIP].y));
		check(moved < 2.0 / 640, "frame %d: nose moved %g", i, moved);
	}
	/* 2 s later the track is still good; half a minute later whoever still sits there needs no
	 * search; but no quarter of an hour passes without one */
	f.seconds += 1.9;
	pose_tracker_run(t->pose, &f, &later.pose);
	check(later.pose.found && !later.pose.detected, "1.9 s");
	f.seconds += 2.1;
	pose_tracker_run(t->pose, &f, &later.pose);
	check(later.pose.found && !later.pose.detected, "2.1 s");
	for (int i = 0; i < 29; i++) {
		f.seconds += 30;
		pose_tracker_run(t->pose, &f, &later.pose);
		check(later.pose.found && !later.pose.detected, "after %d half minutes", i + 1);
	}
	f.seconds += 30;
	pose_tracker_run(t->pose, &f, &later.pose);
	check(later.pose.found && later.pose.detected, "a quarter of an hour");
	f.seconds += 119;
	pose_tracker_run(t->pose, &f, &later.pose);
	check(later.pose.found && !later.pose.detected, "two minutes");
	f.seconds += 121;
	pose_tracker_run(t->pose, &f, &later.pose);
	check(later.pose.found && later.pose.detected, "more than two minutes");
	/* another size is another camera; time that runs backwards is another recording */
	f.seconds += 0.1;
	f.height -= 2;
	pose_tracker_run(t->pose, &f, &later.pose);
	check(later.pose.found && later.pose.detected, "another size");
	f.seconds -= 5;
	pose_tracker_run(t->pose, &f, &later.pose);
	check(later.pose.found && later.pose.detected, "back in time");
}

/* Nobody there, after somebody was. */
static void lose(struct trackers *t, const struct frame *somebody)
{
	static struct seen seen;
	uint8_t *wall = malloc((size_t)somebody->width * (size_t)somebody->height);
	unsigned random = 5;
	for (int i = 0; i < somebody->width * somebody->height; i++) {
		random = random * 1664525 + 1013904223;
		wall[i] = (uint8_t)(100 + (i % somebody->width) / 16 + (int)(random >> 29));
	}
	struct frame empty = {.format = PIXEL_GREY, .full_range = 1, .width = somebody->width,
	                      .height = somebody->height, .plane = {wall},
	                      .stride = {somebody->width},
	                      .seconds = somebody->seconds + 0.1};
	look(t, somebody, &seen);
	pose_tracker_run(t->pose, &empty, &seen.pose);
	check(!seen.pose.found && seen.pose.detected, "score %g", (double)seen.pose.score);
	face_tracker_run(t->face, &empty, NULL, &seen.face);
	check(!seen.face.found && seen.face.detected, "score %g", (double)seen.face.score);
	/* The room stays empty: three readings of a frame (the light needs no evening), one from
	 * the fourth on, and whoever comes is found by it. */
	for (int i = 2; i <= 6; i++) {
		empty.seconds += 30;
		pose_tracker_run(t->pose, &empty, &seen.pose);
		check(seen.pose.detected == (i <= 3 ? 3 : 1), "%d runs in frame %d",
		      seen.pose.detected, i);
	}
	struct frame back = *somebody;
	for (int i = 0; i < 2 && !seen.pose.found; i++) {
		back.seconds = empty.seconds + 30 * (i + 1);
		pose_tracker_run(t->pose, &back, &seen.pose);
	}
	check(seen.pose.found && seen.pose.detected == 1, "not found again");
	free(wall);
}

/* The detector of bodies fails, the face is there: the body is where a face's body is. */
static void below_face(struct trackers *t, const struct frame *frame, const cJSON *row)
{
	static struct seen seen;
	static struct pose_result again;
	const cJSON *pose = cJSON_GetObjectItem(cJSON_GetObjectItem(row, "pose"), "landmarks");
	look(t, frame, &seen);
	pose_tracker_reset(t->pose);
	memset(&again, 0, sizeof again);
	pose_tracker_run_below_face(t->pose, frame, &seen.alone.roi, &again);
	check(pose_error(&again, pose, 13) < 0.02, "off by %g", pose_error(&again, pose, 13));
	pose_tracker_run(t->pose, frame, &again);
	check(again.found && !again.detected, "no track");
}

enum { CROP = 100, KEPT = 440, SCENE_WIDTH = KEPT + KEPT * 3 / 4 + 20, SCENE_HEIGHT = 480 };

/* The person on the left, and a passer-by three quarters as large on the right. */
static void paint_scene(const struct frame *f, uint8_t *scene)
{
	memset(scene, 110, SCENE_WIDTH * SCENE_HEIGHT * 3);
	for (int y = 0; y < SCENE_HEIGHT; y++)
		memcpy(scene + 3 * SCENE_WIDTH * y, f->plane[0] + (long)y * f->stride[0] + 3 * CROP,
		       3 * KEPT);
	for (int y = 0; y < SCENE_HEIGHT * 3 / 4; y++)
		for (int x = 0; x < KEPT * 3 / 4; x++)
			memcpy(scene + 3 * (SCENE_WIDTH * (y + SCENE_HEIGHT / 4) + KEPT + 20 + x),
			       f->plane[0] + (long)(y * 4 / 3) * f->stride[0] +
			       3 * (CROP + x * 4 / 3), 3);
}

static void two_people(struct trackers *t, const struct frame *one)
{
	static uint8_t scene[SCENE_WIDTH * SCENE_HEIGHT * 3];
	static struct seen seen;
	const struct frame frame = {.format = PIXEL_RGB24, .full_range = 1, .width = SCENE_WIDTH,
	                            .height = SCENE_HEIGHT, .plane = {scene},
	                            .stride = {3 * SCENE_WIDTH}};
	paint_scene(one, scene);
	look(t, &frame, &seen);
	const float border = (float)KEPT / SCENE_WIDTH;
	check(seen.pose.found && seen.pose.landmarks[POSE_NOSE].x < border, "nose at %g",
	      (double)seen.pose.landmarks[POSE_NOSE].x);
	check(seen.face.found && seen.face.points[FACE_NOSE_TIP].x < border, "nose at %g",
	      (double)seen.face.points[FACE_NOSE_TIP].x);
	check(seen.alone.found && seen.alone.points[FACE_NOSE_TIP].x < border, "nose at %g",
	      (double)seen.alone.points[FACE_NOSE_TIP].x);
	face_tracker_reset(t->face);
	face_tracker_run(t->face, &frame, NULL, &seen.alone);
	check(face_tracker_faces(t->face) == 2, "%d faces", face_tracker_faces(t->face));
	/* The person turns away: the passer-by's face is not theirs. */
	const struct pose_landmark *nose = &seen.pose.landmarks[POSE_NOSE];
	const int reach = 80, cx = (int)(nose->x * SCENE_WIDTH), cy = (int)(nose->y * SCENE_HEIGHT);
	for (int y = cy - reach < 0 ? 0 : cy - reach; y < cy + reach && y < SCENE_HEIGHT; y++)
		memset(scene + 3 * (SCENE_WIDTH * y + cx - reach), 60, (size_t)(6 * reach));
	face_tracker_reset(t->face);
	face_tracker_run(t->face, &frame, &seen.pose, &seen.face);
	check(seen.face.detected, "no detection");
	check(face_tracker_faces(t->face) >= 1, "the passer-by was not seen");
	check(!seen.face.found, "face at %g", (double)seen.face.points[FACE_NOSE_TIP].x);
}

/* Looks a burst apart at a scene, of which some columns are painted over. */
static void burst(struct trackers *t, struct frame *frame, const uint8_t *scene, int from, int to,
                  struct seen *seen)
{
	uint8_t *pixels = (uint8_t *)frame->plane[0];
	memcpy(pixels, scene, SCENE_WIDTH * SCENE_HEIGHT * 3);
	for (int y = 0; y < SCENE_HEIGHT; y++)
		memset(pixels + 3 * (SCENE_WIDTH * y + from), 110, (size_t)(3 * (to - from)));
	frame->seconds += 20;
	pose_tracker_run(t->pose, frame, &seen->pose);
	face_tracker_run(t->face, frame, &seen->pose, &seen->face);
}

static bool on_the_left(const struct seen *seen)
{
	return seen->pose.found && seen->face.found &&
	       seen->pose.landmarks[POSE_NOSE].x * SCENE_WIDTH < KEPT &&
	       seen->face.points[FACE_NOSE_TIP].x * SCENE_WIDTH < KEPT;
}

static bool on_the_right(const struct seen *seen)
{
	return seen->pose.found && seen->pose.landmarks[POSE_NOSE].x * SCENE_WIDTH > KEPT &&
	       (!seen->face.found || seen->face.points[FACE_NOSE_TIP].x * SCENE_WIDTH > KEPT);
}

/* Who is where at looks seconds apart, when there is a place to look at first. */
static void coming_and_going(struct trackers *t, const struct frame *one)
{
	static uint8_t scene[SCENE_WIDTH * SCENE_HEIGHT * 3],
	               pixels[SCENE_WIDTH * SCENE_HEIGHT * 3];
	static struct seen seen;
	struct frame frame = {.format = PIXEL_RGB24, .full_range = 1, .width = SCENE_WIDTH,
	                      .height = SCENE_HEIGHT, .plane = {pixels},
	                      .stride = {3 * SCENE_WIDTH}};
	paint_scene(one, scene);
	pose_tracker_reset(t->pose);
	face_tracker_reset(t->face);
	burst(t, &frame, scene, 0, 0, &seen);
	check(on_the_left(&seen) && seen.pose.detected, "both");
	burst(t, &frame, scene, 0, 0, &seen);
	check(on_the_left(&seen) && !seen.pose.detected, "both again");
	burst(t, &frame, scene, 0, KEPT + 20, &seen);
	check(on_the_right(&seen) && seen.pose.detected, "the one on the left has gone");
	burst(t, &frame, scene, 0, KEPT + 20, &seen);
	check(on_the_right(&seen) && !seen.pose.detected, "the one on the right stays");
	/* The other one comes back: within a quarter of an hour the whole picture is searched, and
	 * who was there before is preferred as ever. */
	int looks = 0;
	do {
		burst(t, &frame, scene, 0, 0, &seen);
		check(on_the_right(&seen), "the one on the right is lost");
	} while (!seen.pose.detected && ++looks < 46);
	check(looks >= 1 && looks < 46, "%d looks", looks);
	burst(t, &frame, scene, 0, SCENE_WIDTH, &seen);
	check(!seen.pose.found && seen.pose.detected, "nobody");
	/* An empty place is not looked at twice. */
	burst(t, &frame, scene, KEPT + 20, SCENE_WIDTH, &seen);
	check(on_the_left(&seen) && seen.pose.detected, "back");
}

/* The picture moved to the side, as somebody who rolls the chair: the same answer as a search
 * gives. */
static void moved(struct trackers *t, const struct frame *one, int pixels)
{
	static struct seen seen, fresh;
	struct frame before = *one, after = *one;
	before.width = after.width = one->width - 200;
	before.plane[0] += (size_t)3 * 100;
	after.plane[0] += (size_t)3 * (size_t)(100 - pixels);
	look(t, &after, &fresh);
	look(t, &before, &seen);
	after.seconds = before.seconds + 10;
	pose_tracker_run(t->pose, &after, &seen.pose);
	face_tracker_run(t->face, &after, &seen.pose, &seen.face);
	check(seen.pose.found && seen.face.found, "%d: not found", pixels);
	const struct pose_landmark *a = seen.pose.landmarks, *b = fresh.pose.landmarks;
	const struct face_point *c = &seen.face.points[FACE_NOSE_TIP],
	                        *d = &fresh.face.points[FACE_NOSE_TIP];
	for (int i = POSE_LEFT_SHOULDER; i <= POSE_RIGHT_SHOULDER; i++) {
		const double off = hypot((double)(a[i].x - b[i].x) * after.width,
		                         (double)(a[i].y - b[i].y) * after.height);
		check(off < 6, "%d: shoulder off by %g pixels", pixels, off);
	}
	const double off = hypot((double)(c->x - d->x) * after.width,
	                         (double)(c->y - d->y) * after.height);
	check(off < 1.5, "%d: nose off by %g pixels", pixels, off);
	printf("moved by %4d: %s\n", pixels, seen.pose.detected ? "searched"
	                                                        : "found where it went");
}

/* ---- bad light ---- */

static void tint(uint8_t *p, int width, int height)
{
	for (int i = 0; i < width * height; i++) {
		p[3 * i] = (uint8_t)(p[3 * i] * 11 / 20);
		p[3 * i + 2] = (uint8_t)(p[3 * i + 2] * 11 / 20);
	}
}

/* The hand that holds the camera, or the head, moves by 21 pixels while the shutter is open. */
static void smear(uint8_t *p, int width, int height)
{
	enum { REACH = 10 };
	uint8_t *row = malloc(3 * (size_t)width);
	for (int y = 0; y < height; y++, p += 3 * (size_t)width) {
		memcpy(row, p, 3 * (size_t)width);
		for (int i = 0; i < 3 * width; i++) {
			int sum = 0;
			for (int k = -REACH; k <= REACH; k++) {
				const int at = i + 3 * k;
				sum += row[at < 0 || at >= 3 * width ? i : at];
			}
			p[i] = (uint8_t)(sum / (2 * REACH + 1));
		}
	}
	free(row);
}

/* Bits of a number that those of its neighbours, and of the row above, tell nothing of. */
static uint32_t scrambled(uint32_t x)
{
	x = (x ^ x >> 16) * 0x7feb352d;
	x = (x ^ x >> 15) * 0x846ca68b;
	return x ^ x >> 16;
}

/* The sum of twelve uniform numbers is nearly normal, with deviation 1. */
static void roughen(uint8_t *p, int width, int height)
{
	const double deviation = 35;
	uint32_t drawn = 0;
	for (int i = 0; i < 3 * width * height; i++) {
		double sum = -6;
		for (int k = 0; k < 12; k++)
			sum += scrambled(drawn++) / 4294967296.0;
		p[i] = (uint8_t)fmax(0, fmin(255, p[i] + deviation * sum));
	}
}

/* What is lost at the first reading is found at another one, and where it is in good light: to a
 * tenth of the eyes' distance. */
static void in_bad_light(struct trackers *t)
{
	static const struct {
		const char *name, *path;
		void (*spoil)(uint8_t *p, int width, int height);
	} cases[] = {
		{"green", UNKNOT_TEST_DATA "/people/n/syn_n_000.jpg", tint},
		{"smeared", UNKNOT_TEST_DATA "/people/q/syn_q_002.jpg", smear},
		{"noisy", UNKNOT_TEST_DATA "/people/syn_c_007.jpg", roughen},
	};
	static struct seen good, bad;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error error;
		struct cv_image *image = cv_image_read(cases[i].path, &error);
		if (image == NULL) {
			check(image != NULL, "%s", error.text);
			return;
		}
		struct frame f = cv_image_frame(image);
		uint8_t *copy = malloc(3 * (size_t)f.width * (size_t)f.height);
		look(t, &f, &good);
		frame_to_rgb(&f, copy, 3 * f.width);
		cases[i].spoil(copy, f.width, f.height);
		f.plane[0] = copy;
		f.stride[0] = 3 * f.width;
		look(t, &f, &bad);
		const struct face_point *a = good.face.points, *b = bad.face.points;
		const int right = FACE_RIGHT_EYE_OUTER, left = FACE_LEFT_EYE_OUTER;
		const double apart = hypot((double)(a[left].x - a[right].x) * f.width,
		                           (double)(a[left].y - a[right].y) * f.height);
		const double off = hypot((double)(a[right].x - b[right].x) * f.width,
		                         (double)(a[right].y - b[right].y) * f.height) / apart;
		printf("%s: body %d, face %d (%.2f), off by %.2f\n", cases[i].name, bad.pose.found,
		       bad.face.found, (double)bad.face.score, off);
		check(bad.pose.found && bad.face.found, "%s: not found", cases[i].name);
		check(off < 0.1, "%s: face off by %g", cases[i].name, off);
		free(copy);
		cv_image_free(image);
	}
}

static cJSON *read_reference(void)
{
	struct error error;
	char *text = path_read_file(UNKNOT_TEST_DATA "/golden/people.json", 1 << 22, NULL, &error);
	cJSON *json = text != NULL ? cJSON_Parse(text) : NULL;
	if (json == NULL)
		fprintf(stderr, "people.json: %s\n", text == NULL ? error.text : "not JSON");
	free(text);
	return json;
}

int main(void)
{
	struct error error;
	struct trackers t = {0};
	cJSON *json = read_reference();
	struct jpeg_decoder *decoder = jpeg_decoder_create(&error);
	struct cv_image *image = cv_image_read(UNKNOT_TEST_DATA "/people/syn_c_000.jpg", &error);
	struct model_file *models = image != NULL ? model_file_open(NULL, &error) : NULL;
	if (models != NULL)
		t.pose = pose_tracker_create(models, NET_POSE_LITE, &error);
	struct trackers once = t; /* the reference looks once at a picture */
	if (t.pose != NULL)
		once.face = face_tracker_create(models, &error);
	if (once.face != NULL)
		t.face = face_tracker_create(models, &error);
	if (json == NULL || decoder == NULL || t.face == NULL) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	face_tracker_look_once(once.face);
	const cJSON *row;
	int pictures = 0;
	cJSON_ArrayForEach(row, json) {
		picture(&once, decoder, row);
		pictures++;
	}
	check(pictures >= 3, "%d pictures", pictures);
	const struct frame frame = cv_image_frame(image);
	track(&t, &frame);
	lose(&t, &frame);
	below_face(&t, &frame, cJSON_GetArrayItem(json, 0));
	two_people(&t, &frame);
	coming_and_going(&t, &frame);
	static const int places[] = {5, 20, -40, 70};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		moved(&t, &frame, places[i]);
	in_bad_light(&t);
	pose_tracker_free(t.pose);
	face_tracker_free(t.face);
	face_tracker_free(once.face);
	model_file_close(models);
	cv_image_free(image);
	jpeg_decoder_free(decoder);
	cJSON_Delete(json);
	return failures > 0;
}
