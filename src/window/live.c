#include "window/live.h"

#include "base/paths.h"
#include "base/text.h"
#include "capture/capture.h"
#include "config/config.h"
#include "control/control.h"
#include "geometry/profile_store.h"
#include "image/show.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 640, HEIGHT = 480, LEND_S = 3600, PIXELS_MAX = 4096 * 2304 };
static const double patience_s = 0.5; /* of one read: an end that was asked for waits no longer */

/* Shared by the main loop and the thread; whoever lets go last frees it. */
struct live {
	int holders;
	GMutex mutex;
	GCond turn;
	bool ended;             /* by live_stop */
	bool handed;            /* a shot waits for the main loop */
	int room_width, room_height; /* for the picture, in pixels; 0: not known */
	live_fn *told;
	void *user;
	char *source;
	/* The thread's, and the main loop's while `handed`. */
	struct live_shot shot;
	struct error error;
	bool over;
	struct sample sample;
};

/* One camera, one borrower: a thread that still lets go of it holds the next one up here. */
static GMutex camera;

static void let_go(struct live *l)
{
	g_mutex_lock(&l->mutex);
	const bool last = --l->holders == 0;
	g_mutex_unlock(&l->mutex);
	if (!last)
		return;
	g_mutex_clear(&l->mutex);
	g_cond_clear(&l->turn);
	g_free(l->source);
	g_free(l);
}

/* In the main loop. live_stop may be called by who is told. */
static gboolean on_handed(gpointer user)
{
	struct live *l = user;
	g_mutex_lock(&l->mutex);
	const bool wanted = !l->ended;
	g_mutex_unlock(&l->mutex);
	if (wanted)
		l->told(l->user, l->over ? NULL : &l->shot, l->over ? &l->error : NULL);
	g_mutex_lock(&l->mutex);
	l->handed = false;
	g_cond_broadcast(&l->turn);
	g_mutex_unlock(&l->mutex);
	let_go(l);
	return G_SOURCE_REMOVE;
}

static bool is_wanted(struct live *l)
{
	g_mutex_lock(&l->mutex);
	const bool wanted = !l->ended;
	g_mutex_unlock(&l->mutex);
	return wanted;
}

/* Hands over what is in the shot and waits until it was taken: its pixels may be used until
 * then. */
static bool hand_over(struct live *l)
{
	g_mutex_lock(&l->mutex);
	bool wanted = !l->ended;
	if (wanted) {
		l->handed = true;
		l->holders++;
		/* after what is to be drawn */
		g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, on_handed, l, NULL);
		while (l->handed)
			g_cond_wait(&l->turn, &l->mutex);
		wanted = !l->ended;
	}
	g_mutex_unlock(&l->mutex);
	return wanted;
}

/* As large as it is shown; before that is known, as it is. */
static cairo_surface_t *mirrored(struct live *l, const struct frame *frame)
{
	int width = frame->width, height = frame->height;
	g_mutex_lock(&l->mutex);
	if (l->room_width > 0 && l->room_height > 0)
		frame_fit(frame, l->room_width, l->room_height, &width, &height);
	g_mutex_unlock(&l->mutex);
	cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
	if (cairo_surface_status(picture) == CAIRO_STATUS_SUCCESS)
		frame_mirror(frame, width, height,
			     (uint32_t *)(void *)cairo_image_surface_get_data(picture),
			     cairo_image_surface_get_stride(picture) / (int)sizeof(uint32_t));
	cairo_surface_mark_dirty(picture);
	return picture;
}

static struct sampler *make_sampler(const struct config *config, const struct capture *capture,
				    struct error *error)
{
	char state[PATH_SIZE];
	int count = 0;
	struct camera lens;
	const struct camera guess = config_camera(config, WIDTH, HEIGHT);
	struct profile *profiles = g_new0(struct profile, PROFILES_MAX);
	struct sampler *sampler = NULL;
	if (path_state_dir(state, error) &&
	    profile_candidates(state, config->profile, capture->id, profiles, &count, error) &&
	    camera_best(&lens, &guess, config_hfov_known(config), state, capture->id, error)) {
		const struct sampler_config setup = {.pose_model = NET_POSE_LITE, .camera = lens,
						     .posture = config_posture(config)};
		sampler = sampler_create(&setup, error);
	}
	if (sampler != NULL)
		sampler_set_profiles(sampler, profiles, count);
	g_free(profiles);
	return sampler;
}

/* Is this frame to be looked at? One that has to be turned always is: it is turned there. */
static bool is_due(const struct live *l, const struct frame *frame)
{
	const double since = frame->seconds - l->sample.seconds;
	return l->shot.sample == NULL || l->sample.turn != 0 || since < 0 ||
	       since >= 1.0 / LIVE_LOOKS_PER_S;
}

static bool look(struct live *l, struct sampler *sampler, struct frame *frame)
{
	l->shot.fresh = is_due(l, frame);
	l->shot.frame = frame;
	if (l->shot.fresh) {
		sampler_run(sampler, frame, &l->sample);
		l->shot.frame = sampler_frame(sampler);
		l->shot.sample = &l->sample;
		l->shot.profile = sampler_profile(sampler);
		l->shot.camera = sampler_frame_camera(sampler, &l->sample);
	}
	l->shot.picture = mirrored(l, l->shot.frame);
	const bool wanted = hand_over(l);
	cairo_surface_destroy(l->shot.picture);
	return wanted;
}

static void watch(struct live *l, struct capture *capture, struct sampler *sampler)
{
	l->shot.fps = capture->fps;
	l->shot.camera_id = capture->id;
	bool good = capture_start_lent(capture, &l->error) == CAPTURE_FRAME;
	while (good && is_wanted(l)) {
		struct frame frame;
		const enum capture_status got = capture->ops->read(capture,
		                                                   patience_s, &frame, &l->error);
		if (got == CAPTURE_TIMEOUT || got == CAPTURE_CORRUPT)
			continue;
		if (got == CAPTURE_END)
			l->error.text[0] = '\0';
		if (got != CAPTURE_FRAME)
			break;
		if ((long)frame.width * frame.height > PIXELS_MAX) {
			error_set(&l->error, 0, "%s: the picture is too large", capture->name);
			break;
		}
		good = look(l, sampler, &frame);
		if (capture->fps > 0)
			/* a recording, at its own pace */
			g_usleep((gulong)(G_USEC_PER_SEC / capture->fps));
	}
	capture->ops->stop(capture);
}

static char *configured(const struct config *config, const char *source)
{
	if (source != NULL || *config->camera_device == '\0')
		return g_strdup(source);
	return g_strdup_printf("v4l2:%s", config->camera_device);
}

static gpointer run(gpointer user)
{
	struct live *l = user;
	struct config config = config_default();
	char path[PATH_SIZE];
	g_mutex_lock(&camera);
	if (is_wanted(l) && path_config_file(path, &l->error) &&
	    config_load(&config, path, &l->error)) {
		const bool lent = control_call("ReleaseCamera", NULL, LEND_S, false, NULL, NULL);
		char *source = configured(&config, l->source);
		struct capture *capture = capture_open(source, WIDTH, HEIGHT, &l->error);
		struct sampler *sampler = capture != NULL
		                          ? make_sampler(&config, capture, &l->error) : NULL;
		if (sampler != NULL)
			watch(l, capture, sampler);
		sampler_free(sampler);
		if (capture != NULL)
			capture->ops->free(capture);
		g_free(source);
		if (lent)
			control_call("ReleaseCamera", NULL, 0, false, NULL, NULL);
	}
	g_mutex_unlock(&camera);
	l->over = true;
	hand_over(l);
	let_go(l);
	return NULL;
}

struct live *live_start(const char *source, live_fn *told, void *user)
{
	struct live *l = g_new0(struct live, 1);
	g_mutex_init(&l->mutex);
	g_cond_init(&l->turn);
	l->holders = 2;
	l->source = g_strdup(source);
	l->told = told;
	l->user = user;
	g_thread_unref(g_thread_new("camera", run, l));
	return l;
}

void live_fit(struct live *l, int width, int height)
{
	g_mutex_lock(&l->mutex);
	l->room_width = width;
	l->room_height = height;
	g_mutex_unlock(&l->mutex);
}

void live_stop(struct live *l)
{
	if (l == NULL)
		return;
	g_mutex_lock(&l->mutex);
	l->ended = true;
	g_mutex_unlock(&l->mutex);
	let_go(l);
}
