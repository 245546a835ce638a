/* Rendered movements through everything that judges: networks, geometry, presence, posture in time.
 * Each picture of a movement is understood once; then the movement is played at a fifth of a
 * picture, one and five a second, the person having sat upright before and doing so again behind,
 * and what is said must be the same. Reads tests/data/sequences. */
#include "base/paths.h"
#include "opencv/opencv.h"
#include "posture/presence.h"
#include "sample/sample.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PICTURES = 128, RATES = 3 };

struct picture {
	char movement[32];
	enum presence presence;
	struct measures measures;
};

struct movie {
	struct picture pictures[PICTURES];
	int count;
};

struct told {
	int held;
	enum posture first;
	enum presence presence; /* at the end of the movement */
};

static const struct scene {
	const char *movement;
	double seconds;       /* the whole movement */
	double rest;          /* its last picture is held so long */
	int held;             /* corrections expected */
	enum posture posture; /* of the first, several are as good: see fits() */
	enum presence end;
} scenes[] = {
	{"lean_in_straight", 180, 0, 1, POSTURE_TOO_CLOSE, PRESENCE_PRESENT},
	{"trunk_sink", 30, 120, 1, POSTURE_SLOUCHED, PRESENCE_PRESENT},
	{"glance_keyboard", 20, 0, 0, POSTURE_UNKNOWN, PRESENCE_PRESENT},
	{"second_monitor", 120, 0, 0, POSTURE_UNKNOWN, PRESENCE_PRESENT},
	{"recline", 600, 0, 0, POSTURE_UNKNOWN, PRESENCE_PRESENT},
	{"stand_up", 8, 60, 0, POSTURE_UNKNOWN, PRESENCE_COUNT},
};

static double field(const cJSON *json, const char *a, const char *b)
{
	const cJSON *item = cJSON_GetObjectItem(cJSON_GetObjectItem(json, a), b);
	return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static cJSON *truth_of(const char *folder, int number)
{
	char path[4096];
	struct error error;
	snprintf(path, sizeof path, "%s/seq_d_%03d.ann.json", folder, number);
	char *text = access(path, R_OK) == 0 ? path_read_file(path, 1 << 20, NULL, &error) : NULL;
	cJSON *json = text != NULL ? cJSON_Parse(text) : NULL;
	free(text);
	return json;
}

static bool understand(struct sampler *sampler, const char *folder, int number, const cJSON *truth,
                       struct picture *out)
{
	static struct sample sample;
	static struct profile profile;
	char path[4096];
	struct error error;
	snprintf(path, sizeof path, "%s/seq_d_%03d.jpg", folder, number);
	struct cv_image *image = cv_image_read(path, &error);
	if (image == NULL) {
		printf("FAILED: %s\n", error.text);
		return false;
	}
	const struct frame frame = cv_image_frame(image);
	sampler_reset(sampler);
	bool good = true;
	if (number == 0) {
		struct camera camera =
			camera_from_hfov(frame.width, frame.height,
			                 field(truth, "camera", "hfov_deg"));
		const struct posture_config posture = posture_config_default();
		camera.tilt_deg = field(truth, "camera", "tilt_down_deg");
		camera.tilt_sigma_deg = 0.5;
		camera.focal_sigma = 0.01;
		sampler_configure(sampler, &camera, &posture);
		sampler_run(sampler, &frame, &sample);
		struct calibration_view view = {&sample.face, &sample.pose,
		                                frame.width, frame.height};
		good = profile_make(&profile, &camera, &view, 1,
		                    field(truth, "angles", "eye_to_camera_mm") / 10, &error);
		sampler_keep_room(sampler, &profile.room);
		sampler_set_profile(sampler, good ? &profile : NULL);
		sampler_reset(sampler);
	}
	sampler_run(sampler, &frame, &sample);
	const char *label = cJSON_GetStringValue(cJSON_GetObjectItem(truth, "label"));
	snprintf(out->movement, sizeof out->movement, "%.*s",
	         (int)(label != NULL ? strrchr(label, '_') - label : 0),
	         label != NULL ? label : "");
	out->presence = sample.presence;
	out->measures = sample.measures;
	cv_image_free(image);
	return good;
}

static bool watch_movie(struct movie *m, const char *folder)
{
	struct error error;
	const struct sampler_config config = {.pose_model = NET_POSE_LITE,
	                                      .camera = camera_from_hfov(640, 480, 65),
	                                      .posture = posture_config_default()};
	struct sampler *sampler = sampler_create(&config, &error);
	bool good = sampler != NULL;
	if (!good)
		printf("FAILED: %s\n", error.text);
	for (cJSON *truth; good && m->count < PICTURES &&
	     (truth = truth_of(folder, m->count)) != NULL;) {
		good = understand(sampler, folder, m->count, truth, &m->pictures[m->count]);
		cJSON_Delete(truth);
		m->count++;
	}
	sampler_free(sampler);
	return good;
}

/* ---- in time ---- */

struct player {
	struct presence_judge presence;
	struct posture_judge posture;
	double now, interval;
	struct told told;
};

static void show(struct player *p, const struct picture *picture)
{
	const struct presence_sample seen = {.seconds = p->now, .sampled = true,
	                                     .blocked = picture->presence == PRESENCE_BLOCKED,
	                                     .person = picture->presence == PRESENCE_PRESENT};
	const struct posture_sample s = {.seconds = p->now,
	                                 .presence = presence_step(&p->presence, &seen),
	                                 .sampled = true, .measures = picture->measures};
	struct posture_event event;
	if (posture_judge_step(&p->posture, &s, &event) && event.kind == POSTURE_EVENT_HELD &&
	    p->told.held++ == 0)
		p->told.first = event.posture;
	p->told.presence = s.presence;
	p->now += p->interval;
}

static void hold(struct player *p, const struct picture *picture, double seconds)
{
	for (const double end = p->now + seconds - 1e-9; p->now < end;)
		show(p, picture);
}

static struct told play(const struct movie *m, const struct scene *scene, double rate)
{
	const struct presence_config presence = presence_config_default();
	const struct posture_config posture = posture_config_default();
	struct player p = {.now = 1000, .interval = 1 / rate};
	int first = 0, last;
	presence_init(&p.presence, &presence);
	posture_judge_init(&p.posture, &posture);
	while (first < m->count && strcmp(m->pictures[first].movement, scene->movement) != 0)
		first++;
	for (last = first; last < m->count &&
	     strcmp(m->pictures[last].movement, scene->movement) == 0;)
		last++;
	if (first == last)
		return (struct told){.held = -1};
	hold(&p, &m->pictures[first], 120);
	for (const double start = p.now; p.now < start + scene->seconds - 1e-9;) {
		const int k = (int)((p.now - start) / scene->seconds * (last - first));
		show(&p, &m->pictures[first + k]);
	}
	hold(&p, &m->pictures[last - 1], scene->rest);
	const enum presence end = p.told.presence;
	hold(&p, &m->pictures[first], 60);
	p.told.presence = end;
	return p.told;
}

/* Nearer with no drop is forward head to one and too close to another. */
static bool fits(const struct scene *scene, const struct told *t)
{
	if (t->held != scene->held)
		return false;
	if (scene->end != PRESENCE_COUNT && t->presence != scene->end)
		return false;
	return scene->held == 0 || t->first == scene->posture ||
	       (scene->posture == POSTURE_TOO_CLOSE && t->first == POSTURE_FORWARD_HEAD);
}

int main(void)
{
	static const double rates[RATES] = {0.2, 1, 5};
	static struct movie movie;
	const char *folder = UNKNOT_TEST_DATA "/sequences";
	int failed = 0;
	if (!watch_movie(&movie, folder))
		return 1;
	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
		for (int r = 0; r < RATES; r++) {
			const struct told t = play(&movie, &scenes[i], rates[r]);
			const bool good = fits(&scenes[i], &t);
			printf("%s %-17s %.1f/s: %d told%s%s, %s\n", good ? "ok    " : "FAILED",
			       scenes[i].movement, rates[r], t.held, t.held > 0 ? ", " : "",
			       t.held > 0 ? posture_name(t.first) : "", presence_name(t.presence));
			failed += !good;
		}
	return failed != 0;
}
