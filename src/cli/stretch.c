/* `unknot stretch`: opens the window's coach, or follows the body through a stretch in words. */
#include "coach/stretch.h"

#include "base/paths.h"
#include "base/text.h"
#include "capture/capture.h"
#include "cli/cli.h"
#include "cli/tone.h"
#include "config/config.h"
#include "control/control.h"
#include "control/window.h"
#include "opencv/opencv.h"
#include "sample/follow.h"

#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 640, HEIGHT = 480, LEND_S = 3600, PIXELS_MAX = 4096 * 2304 };

struct show {
	struct sampler *sampler;
	struct sample sample;
	unsigned char *rgb;
	struct stretch stretch;
	bool sound;
	const char *picture;    /* the last frame goes there when it ends; NULL: nowhere */
};

/* ---- drawing, mirrored: the person moves as before a mirror ---- */

static void mirror(unsigned char *rgb, int width, int height)
{
	for (int y = 0; y < height; y++)
		for (int a = 0, b = width - 1; a < b; a++, b--) {
			unsigned char *p = rgb + 3 * ((size_t)y * (size_t)width + (size_t)a), t[3];
			unsigned char *q = rgb + 3 * ((size_t)y * (size_t)width + (size_t)b);
			memcpy(t, p, 3);
			memcpy(p, q, 3);
			memcpy(q, t, 3);
		}
}

struct canvas {
	struct cv_image *image;
	int width, height;
};

static float column(const struct canvas *c, const struct stretch_point *p)
{
	return (float)(c->width - p->x * c->height);
}

static void draw_limb(const struct canvas *c, const struct stretch_point *a,
                      const struct stretch_point *b, struct cv_colour colour, int thickness)
{
	const float h = (float)c->height;
	if (a->seen && b->seen)
		cv_draw_line(c->image, column(c, a), (float)a->y * h, column(c, b),
		             (float)b->y * h, colour, thickness);
}

static void draw_spot(const struct canvas *c, const struct stretch_point *p, float radius,
                      struct cv_colour colour)
{
	if (p->seen)
		cv_draw_dot(c->image, column(c, p), (float)p->y * (float)c->height, radius, colour);
}

static void draw_body(const struct canvas *c, const struct stretch *s, const struct stretch_view *v)
{
	static const struct cv_colour wanted = {255, 196, 87}, there = {98, 214, 148},
	                              body = {240, 240, 240};
	struct stretch_view target;
	stretch_target(s, &target);
	draw_limb(c, &target.left_shoulder, &target.right_shoulder, s->held ? there : wanted, 8);
	draw_spot(c, &target.left_wrist, 14, s->held ? there : wanted);
	draw_spot(c, &target.right_wrist, 14, s->held ? there : wanted);
	draw_limb(c, &v->left_shoulder, &v->right_shoulder, body, 3);
	draw_limb(c, &v->left_ear, &v->right_ear, body, 3);
	draw_spot(c, &v->left_wrist, 6, body);
	draw_spot(c, &v->right_wrist, 6, body);
}

static void draw_words(const struct canvas *c, const struct stretch *s)
{
	static const struct cv_colour white = {255, 255, 255}, done = {98, 214, 148},
	                              rest = {110, 110, 110};
	const float margin = 16, bar = (float)c->width - 2 * margin, y = (float)c->height - 22;
	const float end = margin + bar * (float)stretch_progress(s);
	char text[160];
	stretch_words(s, text, sizeof text);
	cv_draw_shade(c->image, 0, 0, c->width, 48, 0.55F);
	const float size = fminf(13, 13 * bar / fmaxf(1, cv_text_width(13, text)));
	cv_draw_text(c->image, margin, 31, size, white, text);
	cv_draw_shade(c->image, 0, c->height - 60, c->width, 60, 0.55F);
	cv_draw_text(c->image, margin, (float)c->height - 36, 10, white,
	             _("Gently, never into pain."));
	cv_draw_line(c->image, margin, y, margin + bar, y, rest, 6);
	if (end > margin)
		cv_draw_line(c->image, margin, y, end, y, done, 6);
}

/* ---- words on the terminal, and tones ---- */

static void speak(struct show *show, enum stretch_event event)
{
	const struct stretch *s = &show->stretch;
	char text[128] = "";
	if (event == STRETCH_BEGIN || event == STRETCH_OTHER_SIDE)
		snprintf(text, sizeof text, "%s", stretch_text(s->kind, s->side));
	else if (event == STRETCH_HELD && s->kind != STRETCH_ROLLS)
		snprintf(text, sizeof text, "%s", _("Hold"));
	else if (event == STRETCH_LOST && s->kind != STRETCH_ROLLS)
		snprintf(text, sizeof text, _("Back into it: %s"), stretch_text(s->kind, s->side));
	else if (event == STRETCH_DONE)
		snprintf(text, sizeof text, "%s", _("Done"));
	if (*text == '\0')
		return;
	const enum tone tone = event == STRETCH_HELD ? TONE_HOLD : event == STRETCH_LOST ? TONE_LOST
	                     : event == STRETCH_DONE ? TONE_DONE : TONE_BEGIN;
	const bool bell = show->sound && !tone_play(tone);
	printf("%s%s\n", text, bell ? "\a" : "");
	fflush(stdout);
}

/* ---- the loop ---- */

static bool draw_picture(struct show *show, const struct frame *frame,
                         const struct stretch_view *view, struct error *error)
{
	frame_to_rgb(frame, show->rgb, frame->width * 3);
	mirror(show->rgb, frame->width, frame->height);
	struct cv_image *image = cv_image_from_rgb(show->rgb, frame->width, frame->height);
	if (image == NULL)
		return error_set(error, 0, "%s: out of memory", "stretch");
	const struct canvas canvas = {image, frame->width, frame->height};
	draw_body(&canvas, &show->stretch, view);
	draw_words(&canvas, &show->stretch);
	const bool good = cv_image_write(image, show->picture, error);
	cv_image_free(image);
	return good;
}

/* False when it is over; the error's text is then empty unless something failed. */
static bool step(struct show *show, const struct frame *frame, struct error *error)
{
	sampler_run(show->sampler, frame, &show->sample);
	frame = sampler_frame(show->sampler);
	const struct stretch_view view = stretch_view_of(&show->sample);
	const enum stretch_event event = stretch_step(&show->stretch, &view);
	speak(show, event);
	error->text[0] = '\0';
	if (show->picture != NULL && !draw_picture(show, frame, &view, error))
		return false;
	return event != STRETCH_DONE;
}

static int follow(struct show *show, struct capture *camera)
{
	struct error error = {0};
	bool good = capture_start_lent(camera, &error) == CAPTURE_FRAME;
	while (good) {
		struct frame frame;
		const enum capture_status got = camera->ops->read(camera, 2, &frame, &error);
		if (got == CAPTURE_TIMEOUT || got == CAPTURE_CORRUPT)
			continue;
		if (got == CAPTURE_END)
			error.text[0] = '\0';
		if (got != CAPTURE_FRAME)
			break;
		if ((size_t)frame.width * (size_t)frame.height > PIXELS_MAX) {
			error_set(&error, 0, "%s: the picture is too large", camera->name);
			break;
		}
		good = step(show, &frame, &error);
	}
	camera->ops->stop(camera);
	if (*error.text)
		return cli_fail(&error);
	printf(_("%.0f %% of it done\n"), 100 * stretch_progress(&show->stretch));
	return CLI_DONE;
}

static int open_and_follow(struct show *show, const char *source)
{
	struct error error;
	struct config config = config_default();
	char path[PATH_SIZE];
	if (!path_config_file(path, &error) || !config_load(&config, path, &error))
		return cli_fail(&error);
	const struct sampler_config setup = {.pose_model = NET_POSE_LITE,
	                                     .camera = config_camera(&config, WIDTH, HEIGHT),
	                                     .posture = config_posture(&config)};
	show->sampler = sampler_create(&setup, &error);
	if (show->sampler == NULL)
		return cli_fail(&error);
	const bool lent = control_call("ReleaseCamera", NULL, LEND_S, false, NULL, NULL);
	struct capture *camera = capture_open(source, WIDTH, HEIGHT, &error);
	const int status = camera != NULL ? follow(show, camera) : cli_fail(&error);
	if (camera != NULL)
		camera->ops->free(camera);
	if (lent)
		control_call("ReleaseCamera", NULL, 0, false, NULL, NULL);
	return status;
}

/* Is the window there, to be opened by the bus or from beside this program? */
static bool has_window(void)
{
	char program[PATH_MAX];
	return window_can_open() || cli_beside(program, WINDOW_PROGRAM);
}

static int open_window(enum stretch_kind kind, const char *source)
{
	char place[64];
	snprintf(place, sizeof place, "stretch:%s", stretch_name(kind));
	return cli_window(place, source);
}

static int run(const struct command *c, int argc, char **argv)
{
	enum { SOURCE = 1, HOLD, SOUND, PICTURE, BLIND };
	static const struct option options[] = {
		{"source", required_argument, NULL, SOURCE},
		{"hold", required_argument, NULL, HOLD},
		{"sound", no_argument, NULL, SOUND}, {"picture", required_argument, NULL, PICTURE},
		{"no-window", no_argument, NULL, BLIND}, {0},
	};
	enum stretch_kind kind = STRETCH_SIDE_BEND;
	const char *source = NULL;
	double hold = STRETCH_HOLD_S;
	bool words = false; /* that is asked for, or something that the window does not do */
	struct show *show = calloc(1, sizeof *show);
	if (show == NULL || (show->rgb = malloc((size_t)PIXELS_MAX * 3)) == NULL)
		abort();
	int got, status = CLI_USAGE;
	while ((got = cli_option(c, argc, argv, options, &status)) != CLI_OPTIONS_END) {
		switch (got) {
		case SOURCE: source = optarg; break;
		case SOUND: show->sound = words = true; break;
		case PICTURE: show->picture = optarg; words = true; break;
		case BLIND: words = true; break;
		case HOLD:
			words = true;
			if (cli_number(c, "--hold", optarg, 1, 120, &hold))
				break;
			status = CLI_USAGE;
			goto out;
		default: goto out;
		}
	}
	if (argc - optind > 1 || (optind < argc && !stretch_find(argv[optind], &kind))) {
		status = cli_usage(c, N_("%s: one of the stretches is needed"), argv[argc - 1]);
		goto out;
	}
	if (!words && has_window()) {
		status = open_window(kind, source);
		goto out;
	}
	stretch_init(&show->stretch, kind, hold);
	status = open_and_follow(show, source);
out:
	sampler_free(show->sampler);
	free(show->rgb);
	free(show);
	return status;
}

const struct command command_stretch = {
	"stretch", N_("[side-bend|overhead|extension|chin-tuck|rolls|twist] [OPTIONS]"),
	STRETCH_SUMMARY,
	N_("Opens the window, where it is installed: a figure beside your own mirrored picture "
	"shows what to do,\n"
	"and the hold counts only while it is held. With one of the first four options, and "
	"without the\n"
	"window: words. Gently, never into pain.\n\n"
	"  --no-window        only words\n"
	"  --hold SECONDS     of each side (20)\n"
	"  --sound            a tone with the words: up when held, down when lost (the terminal's "
	"bell\n"
	"                     where no sound player is there)\n"
	"  --picture FILE     keep the last picture; nothing else is stored\n"
	"  --source SOURCE    v4l2:DEVICE or replay:FILE_OR_FOLDER[@fps][,loop]\n"),
	run,
};
