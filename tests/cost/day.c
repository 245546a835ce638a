/* cost_day [HOURS]: what a working day costs. A camera that plays pictures goes through the
 * daemon's own watch (bursts, adaptive interval), networks, judgement, breaks, history on disk and
 * report; the waits between looks are skipped, nothing else is. Prints CPU time, how long the
 * camera was on, and memory. What the kernel and the desktop do for a real camera is not in it:
 * live.sh measures the whole daemon in real time. */
#include "base/paths.h"
#include "config/config.h"
#include "cpu/cpu.h"
#include "daemon/core.h"
#include "daemon/watch.h"
#include "image/jpeg.h"
#include "memory.h"
#include "scene.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Five minutes a letter, eight hours: u upright, s slouched, f fidgeting (another posture at each
 * look), a away, c the camera is another program's. */
static const char timetable[] =
	"uuuuufuusuua" "uuufuccccccu" "uusufuuuauuu" "fuusuuuuuaaa"
	"aaaaaauuuufu" "uusuuuuufuua" "ccccuuuusfuu" "uuufuuusuuuu";
enum { SLOT_S = 300, DAY_S = (sizeof timetable - 1) * SLOT_S };

/* From a start to the first picture, and from one to the next: a camera of the usual kind at 15 a
 * second. */
static const double first_s = 0.25, next_s = 1.0 / 15;

static const struct {
	char letter;
	const char *name;
} kinds[] = {{'u', "upright"}, {'s', "slouched"}, {'f', "fidgeting"}, {'a', "nobody there"},
             {'c', "in a call"}};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct day {
	struct capture camera;
	double on_since, taken_at;  /* by the camera's clock */
	struct jpeg_decoder *decoder;
	struct scene scene;
	struct sampler *sampler;
	struct store *store;
	struct notifier *messages;
	struct core core;
	struct watch *watch;
	GMainLoop *loop;
	double length_s;
	long looks, pictures, present;
	double light_s;
	struct share {
		double seconds, cpu_s, light_s;
		long looks;
	} shares[KINDS];            /* of the timetable's letters */
	struct share before;        /* of all, at the last step */
};

/* ---- the camera ---- */

static struct day *day_of(struct capture *c)
{
	return (struct day *)(void *)((char *)c - offsetof(struct day, camera));
}

static char letter_of(struct day *d)
{
	const double at = watch_now(d->watch).seconds;
	return timetable[(size_t)(at / SLOT_S) % (sizeof timetable - 1)];
}

static enum capture_status camera_start(struct capture *c, struct error *error)
{
	struct day *d = day_of(c);
	if (letter_of(d) != 'c') {
		d->on_since = d->taken_at = c->played_s;
		return CAPTURE_FRAME;
	}
	error_set(error, 0, "another program uses the camera");
	return CAPTURE_BUSY;
}

static void camera_stop(struct capture *c)
{
	struct day *d = day_of(c);
	if (d->on_since >= 0)
		d->light_s += c->played_s - d->on_since;
	d->on_since = -1;
}

/* When the newest picture came that there is by now; before the first one, when that comes. */
static double newest(const struct day *d, double now)
{
	const double first = d->on_since + first_s;
	return first + next_s * fmax(0, floor((now - first) / next_s + 1e-6));
}

static void camera_discard(struct capture *c)
{
	day_of(c)->taken_at = c->played_s;
}

/* Waits for the next picture, unless one is there already. */
static bool await_picture(struct capture *c, double timeout_s)
{
	struct day *d = day_of(c);
	double at = newest(d, c->played_s);
	if (at <= d->taken_at)
		at += next_s;
	if (at > c->played_s + timeout_s)
		return false;
	d->taken_at = c->played_s = fmax(c->played_s, at);
	return true;
}

static enum capture_status camera_read(struct capture *c, double timeout_s, struct frame *frame,
                                       struct error *error)
{
	struct day *d = day_of(c);
	const char letter = letter_of(d);
	enum scene_kind kind = letter == 'a' ? SCENE_ROOM
	                       : letter == 's' ? SCENE_SLOUCHED : SCENE_UPRIGHT;
	if (!await_picture(c, timeout_s))
		return CAPTURE_TIMEOUT;
	if (letter == 'f')
		kind = d->looks % 2 != 0 ? SCENE_SLOUCHED : SCENE_UPRIGHT;
	const struct picture *p = scene_next(&d->scene, kind);
	if (!jpeg_decode(d->decoder, p->data, p->size, 0, frame, error))
		return CAPTURE_CORRUPT;
	frame->seconds = watch_now(d->watch).seconds;
	frame->sequence = (uint64_t)d->pictures++;
	return CAPTURE_FRAME;
}

static void camera_nothing(struct capture *c)
{
	(void)c;
}

static const struct capture_ops camera_ops = {camera_start, camera_read,
                                              camera_discard, camera_stop, camera_nothing};

/* ---- the daemon around it ---- */

static double cpu_seconds(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

/* What came since the last step, to what the timetable says now. */
static void share_out(struct day *d, double now)
{
	const struct share all = {now, cpu_seconds(), d->light_s, d->looks};
	const char letter = letter_of(d);
	for (int k = 0; k < KINDS; k++) {
		struct share *s = &d->shares[k];
		if (kinds[k].letter != letter)
			continue;
		s->seconds += all.seconds - d->before.seconds;
		s->cpu_s += all.cpu_s - d->before.cpu_s;
		s->light_s += all.light_s - d->before.light_s;
		s->looks += all.looks - d->before.looks;
	}
	d->before = all;
}

static void on_step(void *user, struct instant now, const struct posture_sample *s,
                    const struct sample *sample)
{
	struct day *d = user;
	(void)sample;
	core_step(&d->core, now, s);
	d->looks++;
	share_out(d, now.seconds);
	d->present += s->presence == PRESENCE_PRESENT;
	if (now.seconds >= d->length_s)
		g_main_loop_quit(d->loop);
}

static void on_expect(void *user, struct pace_view *view)
{
	core_expect(&((struct day *)user)->core, view);
}

static void on_ended(void *user)
{
	(void)user;
}

static void on_changed(void *user)
{
	(void)user;
}

static void on_off(void *user)
{
	(void)user;
}

/* The first upright picture, as `unknot calibrate --from` takes it. */
static bool calibrate(struct day *d, const struct camera *camera, struct error *error)
{
	const struct picture *p = &d->scene.list[SCENE_UPRIGHT][0];
	struct sample *sample = malloc(sizeof *sample);
	struct profile *profile = malloc(sizeof *profile);
	struct frame frame;
	bool good = sample != NULL && profile != NULL &&
	            jpeg_decode(d->decoder, p->data, p->size, 0, &frame, error);
	if (good) {
		sampler_run(d->sampler, &frame, sample);
		const struct calibration_view view = {&sample->face, &sample->pose, frame.width,
		                                      frame.height};
		good = profile_make(profile, camera, &view, 1, 60.5, error);
	}
	if (good)
		sampler_set_profile(d->sampler, profile);
	free(sample);
	free(profile);
	return good;
}

static bool begin(struct day *d, const char *folder, struct error *error)
{
	const struct config config = config_default();
	const struct sampler_config sampling = {.pose_model = NET_POSE_LITE,
	                                        .camera = config_camera(&config, 640, 480),
	                                        .posture = config_posture(&config)};
	d->decoder = jpeg_decoder_create(error);
	d->sampler = d->decoder != NULL ? sampler_create(&sampling, error) : NULL;
	if (d->sampler == NULL || !calibrate(d, &sampling.camera, error))
		return false;
	d->store = store_open(folder, NULL, error);
	if (d->store == NULL)
		return false;
	d->messages = notifier_record();
	const struct core_ports ports = {.store = d->store, .notifier = d->messages,
	                                 .fallback = d->messages, .data_dir = folder};
	const struct report_context context = {.posture = sampling.posture,
	                                       .breaks = config_breaks(&config), .version = "cost"};
	const struct coach_config coach = config_coach(&config);
	core_init(&d->core, &ports, &context, &coach, true);
	d->camera = (struct capture){.ops = &camera_ops, .live = true, .name = "pictures"};
	d->on_since = -1;
	const struct watch_config watch = {.speed = 1, .interval_min_s = config.interval_min_s,
	                                   .interval_max_s = config.interval_max_s,
	                                   .warmup_s = config.warmup_s, .away_s = config.away_s,
	                                   .camera = &d->camera, .skips_waits = true};
	const struct watch_callbacks callbacks = {on_step, on_expect, on_ended,
	                                          on_changed, on_off, d};
	d->watch = watch_create(&watch, d->sampler, &callbacks, error);
	return d->watch != NULL;
}

static void end(struct day *d)
{
	watch_free(d->watch);
	if (d->messages != NULL)
		d->messages->ops->free(d->messages);
	store_close(d->store);
	sampler_free(d->sampler);
	jpeg_decoder_free(d->decoder);
	scene_free(&d->scene);
	g_main_loop_unref(d->loop);
}

static void print(const struct day *d, double cpu_s)
{
	const double hours = d->length_s / 3600;
	printf("watched            %8.2f h, kernels: %s\n", hours, cpu_level_name(cpu_level()));
	printf("looks              %8ld (%.0f an hour; %ld with somebody there)\n", d->looks,
	       (double)d->looks / hours, d->present);
	printf("CPU                %8.2f s an hour of watching, %.2f minutes in eight hours\n",
	       cpu_s / hours, cpu_s / hours * 8 / 60);
	printf("share of one core  %8.3f %%\n", cpu_s / d->length_s * 100);
	printf("CPU for one look   %8.2f ms\n", cpu_s / (double)d->looks * 1e3);
	printf("light              %8.1f s an hour, %.2f s a look\n", d->light_s / hours,
	       d->light_s / (double)d->looks);
	for (int k = 0; k < KINDS; k++) {
		const struct share *s = &d->shares[k];
		if (s->looks > 0)
			printf("  %-16s %8.0f looks, %.1f s of light, %.2f s of CPU an hour; %.1f "
			       "ms a look\n", kinds[k].name, (double)s->looks / s->seconds * 3600,
			       s->light_s / s->seconds * 3600, s->cpu_s / s->seconds * 3600,
			       s->cpu_s / (double)s->looks * 1e3);
	}
	printf("messages           %8d\n", notifier_record_count(d->messages));
	memory_print();
}

static void remove_folder(const char *folder)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	if (system(command) != 0)
		fprintf(stderr, "cost_day: %s is left behind\n", folder);
}

int main(int argc, char **argv)
{
	static struct day d;
	struct error error = {0};
	char folder[] = "/tmp/unknot-cost-XXXXXX";
	const double hours = argc > 1 ? atof(argv[1]) : DAY_S / 3600.0;
	if (argc > 2 || !(hours > 0 && hours <= 1000)) {
		fputs("usage: cost_day [HOURS]\n", stderr);
		return 2;
	}
	if (scene_load(&d.scene, UNKNOT_TEST_DATA "/clip/slouch.mjpg") != 0 ||
	    mkdtemp(folder) == NULL) {
		fputs("cost_day: no pictures or no folder for the history\n", stderr);
		return 1;
	}
	d.length_s = hours * 3600;
	d.loop = g_main_loop_new(NULL, FALSE);
	bool good = begin(&d, folder, &error);
	if (good) {
		const double before = cpu_seconds();
		d.before.cpu_s = before;
		watch_start(d.watch);
		g_main_loop_run(d.loop);
		core_finish(&d.core);
		print(&d, cpu_seconds() - before);
		/* A camera that nobody was seen by measured nothing. */
		good = d.present > 0 || error_set(&error, 0, "nobody was seen");
	}
	end(&d);
	remove_folder(folder);
	if (!good)
		fprintf(stderr, "cost_day: %s\n", error.text);
	return good ? 0 : 1;
}
