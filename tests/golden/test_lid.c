/* A laptop's lid that is opened otherwise than when the profile was made: every picture of a folder
 * as a camera sees it that was turned by so many degrees about its own centre (exact for a camera
 * that only turns; the edges that come into sight repeat the picture's), against the first picture
 * of that folder as the profile, played as one sitting. What the drop and the posture are with the
 * room's word and without it, beside those of the pictures that were not turned.
 *     test_lid FOLDER... [: GOOD BAD]...
 * Two folders behind a colon are one person before one camera, the first of them good: the profile
 * is made of GOOD's first picture, and good and bad are told apart. */
#include "geometry/linalg.h"
#include "opencv/opencv.h"
#include "sample/sample.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURES = 128, PATH = 1024, TURNS = 9, FOLDER_MOST = 16 };

static const double turns_deg[TURNS] = {0, 2, -2, 4, -4, 8, -8, 12, -12};

/* [0] without the room's word, [1] with it. */
struct tally {
	int faces, known, wrong; /* wrong: known, and by more than a degree */
	double turn_error;
	int drops[2], same[2];
	double drop_error[2];
	int good[2], good_right[2], bad[2], bad_right[2];
};

static struct tally tallies[TURNS];
static struct sampler *sampler;
static struct sample sample;
static struct profile profile;

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int list(const char *folder, char (*paths)[PATH])
{
	DIR *dir = opendir(folder);
	int count = 0;
	for (const struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL && count < PICTURES;)
		if (strstr(e->d_name, ".jpg") != NULL)
			snprintf(paths[count++], PATH, "%s/%.255s", folder, e->d_name);
	if (dir != NULL)
		closedir(dir);
	qsort(paths, (size_t)count, PATH, by_name);
	return count;
}

/* What lay in a direction lies in `rotation` of it. */
static void turn_picture(const struct frame *from, double f, const double rotation[3][3],
                         uint8_t *rgb)
{
	const int w = from->width, h = from->height, stride = from->stride[0];
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			const double now[3] = {(x + 0.5 - w / 2.0) / f, (y + 0.5 - h / 2.0) / f, 1};
			double then[3];
			for (int k = 0; k < 3; k++)
				then[k] = rotation[0][k] * now[0] + rotation[1][k] * now[1] +
				          rotation[2][k] * now[2];
			const double at[2] = {then[0] / then[2] * f + w / 2.0 - 0.5,
			                      then[1] / then[2] * f + h / 2.0 - 0.5};
			const double u = fmax(0, fmin(w - 1.01, at[0]));
			const double v = fmax(0, fmin(h - 1.01, at[1]));
			const int column = (int)u, row = (int)v;
			const double a = u - column, b = v - row;
			for (int k = 0; k < 3; k++) {
				const uint8_t *p = from->plane[0] + row * stride + column * 3 + k;
				const double above = (1 - a) * p[0] + a * p[3];
				const double below = (1 - a) * p[stride] + a * p[stride + 3];
				rgb[(y * w + x) * 3 + k] =
					(uint8_t)((1 - b) * above + b * below + 0.5);
			}
		}
}

static bool is_fault(enum posture p)
{
	return p == POSTURE_SLOUCHED || p == POSTURE_FORWARD_HEAD || p == POSTURE_TOO_CLOSE ||
	       p == POSTURE_LOOKING_DOWN;
}

static bool make_upright(const char *path)
{
	struct error error;
	struct cv_image *image = cv_image_read(path, &error);
	if (image == NULL)
		return false;
	const struct frame frame = cv_image_frame(image);
	const struct camera camera = camera_unknown(frame.width, frame.height);
	const struct posture_config posture = posture_config_default();
	sampler_set_profile(sampler, NULL);
	sampler_configure(sampler, &camera, &posture);
	sampler_reset(sampler);
	sampler_run(sampler, &frame, &sample);
	const struct calibration_view view = {&sample.face, &sample.pose,
	                                      sample.width, sample.height};
	const bool good = profile_make(&profile, &camera, &view, 1, 60, &error);
	if (!good)
		printf("%s: %s\n", path, error.text);
	sampler_keep_room(sampler, &profile.room);
	cv_image_free(image);
	return good;
}

/* A sitting begins, with the room's word or without. */
static void begin(bool room)
{
	static struct profile blind;
	blind = profile;
	memset(&blind.room, 0, sizeof blind.room);
	sampler_set_profile(sampler, room ? &profile : &blind);
	sampler_reset(sampler);
}

/* What a picture of the camera that was not turned says. */
struct truth {
	bool face;
	double drop, up;
	enum posture label;
};

struct photo {
	struct cv_image *image;
	int kind;          /* 0 good, 1 bad, -1 nobody says */
	struct truth truth[2];
};

static struct photo photos[2 * FOLDER_MOST];
static int photo_count;

static void gather_photos(const char *folder, int first, int kind)
{
	static char paths[PICTURES][PATH];
	struct error error;
	const int all = list(folder, paths), step = (all - first) / FOLDER_MOST + 1;
	for (int i = first; i < all && photo_count < 2 * FOLDER_MOST; i += step) {
		struct cv_image *image = cv_image_read(paths[i], &error);
		if (image != NULL)
			photos[photo_count++] = (struct photo){.image = image, .kind = kind};
	}
}

static void count(struct tally *t, int with, const struct photo *p)
{
	const struct measure *now = &sample.measures.m[MEASURE_EYE_DROP];
	const struct truth *truth = &p->truth[with];
	if (now->valid) {
		t->drops[with]++;
		t->drop_error[with] += fabs(now->value - truth->drop);
	}
	t->same[with] += sample.verdict.label == truth->label;
	const bool fault = is_fault(sample.verdict.label);
	t->good[with] += p->kind == 0;
	t->good_right[with] += p->kind == 0 && !fault;
	t->bad[with] += p->kind == 1;
	t->bad_right[with] += p->kind == 1 && fault;
}

static void see(struct photo *p, int turn, int with, double seconds, uint8_t *rgb)
{
	struct frame frame = cv_image_frame(p->image);
	/* Upward is plus: what is seen goes down. */
	const double about[3] = {-turns_deg[turn] * M_PI / 180, 0, 0};
	double rotation[3][3];
	rotation_from_vector(about, rotation);
	if (turn > 0) {
		const struct frame still = frame;
		turn_picture(&still, camera_unknown(frame.width, frame.height).fx, rotation, rgb);
		frame.plane[0] = rgb;
		frame.stride[0] = frame.width * 3;
	}
	frame.seconds = seconds;
	sampler_run(sampler, &frame, &sample);
	struct truth *truth = &p->truth[with];
	if (turn == 0)
		*truth = (struct truth){sample.face.found,
		                        sample.measures.m[MEASURE_EYE_DROP].value,
		                        sample.camera_up_deg, sample.verdict.label};
	if (!truth->face || !sample.face.found)
		return;
	struct tally *t = &tallies[turn];
	count(t, with, p);
	t->faces += with == 0;
	const double off = fabs(sample.camera_up_deg - truth->up - turns_deg[turn]);
	if (with == 0 || !sample.camera_turned)
		return;
	t->known++;
	t->turn_error += off;
	t->wrong += off > 1;
}

/* The photos one after the other, ten seconds apart, for every turn. */
static void play(void)
{
	uint8_t *rgb = malloc((size_t)4096 * 4096 * 3);
	for (int turn = 0; turn < TURNS && rgb != NULL; turn++)
		for (int with = 0; with < 2; with++) {
			begin(with);
			for (int i = 0; i < photo_count; i++)
				see(&photos[i], turn, with, 10.0 * (i + 1), rgb);
		}
	free(rgb);
	while (photo_count > 0)
		cv_image_free(photos[--photo_count].image);
}

static bool play_person(const char *good, const char *bad)
{
	static char paths[PICTURES][PATH];
	if (list(good, paths) < 2 || !make_upright(paths[0]))
		return false;
	gather_photos(good, 1, bad != NULL ? 0 : -1);
	if (bad != NULL)
		gather_photos(bad, 0, 1);
	play();
	return true;
}

static double balanced(const struct tally *t, int with)
{
	return t->good[with] > 0 && t->bad[with] > 0
	       ? ((double)t->good_right[with] / t->good[with] +
	          (double)t->bad_right[with] / t->bad[with]) / 2 : (double)NAN;
}

/* Prints, and says whether what must hold does. */
static bool judge(void)
{
	bool well = true;
	printf("lid, deg  faces  recognised  off, deg  wrong   drop off, cm        posture kept"
	       "        good against bad\n");
	for (int i = 0; i < TURNS; i++) {
		const struct tally *t = &tallies[i];
		const int n = t->faces > 0 ? t->faces : 1;
		const double off[2] = {t->drop_error[0] / (t->drops[0] > 0 ? t->drops[0] : 1),
		                       t->drop_error[1] / (t->drops[1] > 0 ? t->drops[1] : 1)};
		printf("%6.0f %7d %10.0f %% %9.2f %5d %6.2f -> %5.2f %10.2f -> %4.2f %14.2f -> "
		       "%4.2f\n",
		       turns_deg[i], t->faces, 100.0 * t->known / n,
		       t->turn_error / (t->known > 0 ? t->known : 1), t->wrong, off[0], off[1],
		       (double)t->same[0] / n, (double)t->same[1] / n,
		       balanced(t, 0), balanced(t, 1));
		const double turned = fabs(turns_deg[i]);
		well &= t->faces > 0 && t->wrong <= 0.1 * n;
		/* One that stands stays, one that was turned is mended. */
		well &= turned > 0 ? off[1] < off[0] * 0.5 : off[1] < 0.01;
		well &= turned == 0 || t->known >= 0.6 * n;
	}
	return well;
}

int main(int argc, char **argv)
{
	struct error error;
	const struct sampler_config config = {.pose_model = NET_POSE_LITE,
	                                      .camera = camera_unknown(640, 480),
	                                      .posture = posture_config_default()};
	bool good = argc > 1;
	sampler = sampler_create(&config, &error);
	if (sampler == NULL) {
		printf("FAILED: %s\n", error.text);
		return 1;
	}
	for (int i = 1; i < argc && good; i++) {
		const bool two = strcmp(argv[i], ":") == 0 && i + 2 < argc;
		good = play_person(argv[two ? i + 1 : i], two ? argv[i + 2] : NULL);
		if (!good)
			printf("FAILED: no pictures in %s, or no face in its first\n", argv[i]);
		i += two ? 2 : 0;
	}
	good = good && judge();
	sampler_free(sampler);
	return !good;
}
