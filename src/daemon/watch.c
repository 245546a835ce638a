#include "daemon/watch.h"

#include "base/log.h"
#include "capture/manners.h"
#include "capture/trace.h"
#include "daemon/pace.h"
#include "image/convert.h"
#include "posture/presence.h"

#include <glib-unix.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A camera that is on but gives nothing for this long is let go. */
static const double read_timeout_s = 2;
/* Pictures looked at in one burst before it counts as empty: the first may be damaged or too dark. */
enum { TRIES = 3 };

/* A sensor's noise makes every picture another one. The very same one at so many looks: the camera has stopped
 * seeing, or a program in its place shows a still. */
enum { FROZEN_AT = 3 };

/* Another program that keeps the camera's node open without streaming is waited for no longer than this;
 * then EBUSY alone decides. */
static const double polite_s = 180;
/* After it has left: who opened the camera just now is the likeliest to open it again, while it sets itself up or
 * its user goes from the preview to the call. */
static const double after_other_s = 10;

/* A burst is over as soon as the exposure has settled, which is when two pictures so far apart are equally bright
 * but for this share: the lamp is lit, and others shut out, for no longer than that. Automatic exposure goes by
 * tens of percent in 0.1 s while it still searches; warmup_s is for cameras that do not come to rest. */
static const double settle_s = 0.1, settle_share = 0.02;

struct watch {
	struct watch_config config;
	struct watch_callbacks call;
	struct sampler *sampler;
	struct capture *capture;
	struct trace *trace;
	struct posture_sample next; /* of the trace */
	struct clock clock;
	struct presence_judge presence;
	struct pace pace;
	struct manners *manners;    /* NULL for recordings, or when the node cannot be watched */
	guint manners_source;
	char node[256];             /* which one that is; "" none */
	double other_since;         /* another program has the node open, < 0 not */
	bool refused;               /* the last start was, because another program streams */
	guint timer;
	double due;                 /* when the timer fires, by the injected clock */
	bool paused, streaming, recorded;
	char problem[320];          /* that was told of; "" while the camera works */
	uint64_t fingerprint;       /* of the last picture */
	int same;                   /* looks that it has been so */
	double streaming_since;     /* seconds */
	double luma;                /* mean of this burst's last picture, < 0 before it */
	int64_t start_wall_ms;
	struct sample sample;
	char name[160];             /* of a trace */
};

static gboolean on_timer(gpointer user);

static void schedule(struct watch *w, double seconds)
{
	if (w->timer != 0)
		g_source_remove(w->timer);
	w->due = clock_now(&w->clock).seconds + fmax(0, seconds);
	if (w->config.skips_waits)
		seconds = 0;
	w->timer = g_timeout_add((guint)fmax(0, seconds * 1000), on_timer, w);
}

struct instant watch_now(struct watch *w)
{
	return clock_now(&w->clock);
}

const char *watch_name(const struct watch *w)
{
	return w->capture != NULL ? w->capture->name : w->name;
}

const char *watch_problem(const struct watch *w)
{
	return w->problem;
}

const char *watch_node(const struct watch *w)
{
	return w->capture != NULL ? w->capture->node : "";
}

const char *watch_camera_id(const struct watch *w)
{
	return w->capture != NULL ? w->capture->id : "";
}

/* ---- recorded time ---- */

static void go_to(struct watch *w, double seconds)
{
	clock_set(&w->clock, (struct instant){seconds, w->start_wall_ms + (int64_t)(seconds * 1000)});
}

static void end(struct watch *w)
{
	w->timer = 0;
	w->call.ended(w->call.user);
}

/* The trace: the sample that waits is given, the next one is read and waited for. */
static void step_trace(struct watch *w)
{
	struct error error;
	const double now = w->next.seconds;
	go_to(w, now);
	w->call.step(w->call.user, watch_now(w), &w->next, NULL);
	int got;
	while ((got = trace_next(w->trace, &w->next, &error)) < 0)
		log_warning("%s", error.text);
	if (got == 0)
		end(w);
	else
		schedule(w, (w->next.seconds - now) / w->config.speed);
}

/* ---- pictures ---- */

static void understand(struct watch *w, struct presence_sample *seen, struct posture_sample *out)
{
	seen->sampled = true;
	seen->blocked = w->sample.presence == PRESENCE_BLOCKED;
	seen->person = w->sample.presence == PRESENCE_PRESENT;
	out->sampled = true;
	out->measures = w->sample.measures;
	out->stranger = match_is_wrong(w->sample.match);
}

static void tell(struct watch *w, struct presence_sample *seen, struct posture_sample *out)
{
	struct instant now = watch_now(w);
	seen->seconds = out->seconds = now.seconds;
	seen->paused = w->paused;
	out->presence = presence_step(&w->presence, seen);
	w->call.step(w->call.user, now, out, seen->sampled ? &w->sample : NULL);
}

static void step_recording(struct watch *w)
{
	struct error error;
	struct frame frame;
	struct presence_sample seen = {0};
	struct posture_sample out = {0};
	enum capture_status got = w->capture->ops->read(w->capture, 1, &frame, &error);
	if (got == CAPTURE_END) {
		end(w);
		return;
	}
	if (got == CAPTURE_FRAME) {
		go_to(w, frame.seconds);
		sampler_run(w->sampler, &frame, &w->sample);
		understand(w, &seen, &out);
		tell(w, &seen, &out);
	} else {
		log_warning("%s", error.text);
	}
	schedule(w, 1 / w->capture->fps / w->config.speed);
}

/* ---- the live camera ---- */

static void let_go(struct watch *w)
{
	const double now = watch_now(w).seconds;
	w->capture->ops->stop(w->capture);
	if (w->streaming && !w->config.continuous)
		pace_spend(&w->pace, now, now - w->streaming_since);
	w->streaming = false;
}

static enum camera_status camera_status_of(enum capture_status status)
{
	return status == CAPTURE_BUSY ? CAMERA_BUSY : CAMERA_GONE;
}

/* Told once, until the camera works again. A busy camera is no fault: a call. */
static void complain(struct watch *w, const char *what)
{
	if (*w->problem == '\0')
		log_warning("%s", what);
	snprintf(w->problem, sizeof w->problem, "%s", what);
}

static void complain_of(struct watch *w, enum capture_status status, const struct error *error)
{
	char text[sizeof error->text + 40];
	snprintf(text, sizeof text, "%s; trying again every %.0f s", error->text, w->config.interval_max_s);
	if (status != CAPTURE_BUSY)
		complain(w, text);
}

static void look_again(struct watch *w)
{
	bool attentive = w->call.attentive(w->call.user) || presence_undecided(&w->presence);
	schedule(w, pace_next(&w->pace, w->presence.presence, w->sample.verdict.label, attentive));
}

static void without_picture(struct watch *w, enum camera_status status)
{
	struct presence_sample seen = {.camera = status};
	struct posture_sample out = {0};
	let_go(w);
	tell(w, &seen, &out);
	schedule(w, w->config.interval_max_s);
}

/* Reads until a picture is good, or gives this burst up. */
static enum capture_status read_picture(struct watch *w, struct frame *frame, struct error *error)
{
	enum capture_status got = CAPTURE_CORRUPT;
	for (int i = 0; i < TRIES && got == CAPTURE_CORRUPT; i++)
		got = w->capture->ops->read(w->capture, read_timeout_s, frame, error);
	return got;
}

/* What was queued while the exposure settled, or since the last look, is old. */
static enum capture_status read_fresh_picture(struct watch *w, struct frame *frame, struct error *error)
{
	w->capture->ops->discard(w->capture);
	return read_picture(w, frame, error);
}

static bool is_frozen(struct watch *w, const struct frame *frame)
{
	const uint64_t fingerprint = frame_fingerprint(frame);
	w->same = fingerprint == w->fingerprint ? w->same + 1 : 1;
	w->fingerprint = fingerprint;
	if (w->same < FROZEN_AT)
		return false;
	char text[sizeof w->problem];
	snprintf(text, sizeof text, "%.80s: gives the same picture again and again; plug it in again, or end the "
	         "program that stands in for it", watch_name(w));
	complain(w, text);
	return true;
}

/* What stands still says nothing of who is there now. */
static void look_at(struct watch *w, const struct frame *frame)
{
	if (!is_frozen(w, frame)) {
		w->problem[0] = '\0';
		sampler_run(w->sampler, frame, &w->sample);
		return;
	}
	memset(&w->sample, 0, sizeof w->sample);
	w->sample.presence = PRESENCE_BLOCKED;
}

static void give_up_burst(struct watch *w, enum capture_status why, const struct error *error)
{
	complain_of(w, why, error);
	without_picture(w, camera_status_of(why));
}

static void finish_burst(struct watch *w, const struct frame *frame)
{
	struct presence_sample seen = {0};
	struct posture_sample out = {0};
	/* First: to understand it takes 5 to 17 ms on a quiet machine, and others are shut out meanwhile. */
	if (!w->config.continuous)
		let_go(w);
	look_at(w, frame);
	understand(w, &seen, &out);
	tell(w, &seen, &out);
	look_again(w);
}

static void finish_patient_burst(struct watch *w)
{
	struct error error;
	struct frame frame;
	enum capture_status got = read_fresh_picture(w, &frame, &error);
	if (got == CAPTURE_FRAME)
		finish_burst(w, &frame);
	else
		give_up_burst(w, got, &error);
}

/* Some cameras begin with black pictures, each as black as the one before. */
static bool has_settled(struct watch *w, const struct frame *frame)
{
	const struct luma_statistics luma = luma_measure(frame);
	const double before = w->luma;
	w->luma = luma.mean;
	return before >= 0 && fabs(luma.mean - before) <= settle_share * before && !luma_is_blocked(&luma);
}

static void step_burst(struct watch *w)
{
	struct error error;
	struct frame frame;
	const double left = w->config.warmup_s - (watch_now(w).seconds - w->streaming_since);
	if (w->config.continuous || left <= 0) {
		finish_patient_burst(w);
		return;
	}
	const enum capture_status got = w->capture->ops->read(w->capture, 0, &frame, &error);
	if (got == CAPTURE_FRAME && has_settled(w, &frame))
		finish_burst(w, &frame);
	else if (got == CAPTURE_FRAME || got == CAPTURE_TIMEOUT || got == CAPTURE_CORRUPT)
		schedule(w, fmin(settle_s, left));
	else
		give_up_burst(w, got, &error);
}

/* Another program has come for the camera and is still to be waited for. */
static bool must_wait(struct watch *w)
{
	if (w->manners == NULL || !manners_busy(w->manners)) {
		w->other_since = -1;
		return false;
	}
	const double now = watch_now(w).seconds;
	if (w->other_since < 0)
		w->other_since = now;
	return now - w->other_since < polite_s;
}

/* Somebody opened or closed the node: let go at once, so that their start does not fail; and do not take them
 * to be there for longer than they are. */
static gboolean on_other_program(gint fd, GIOCondition condition, gpointer user)
{
	struct watch *w = user;
	(void)fd, (void)condition;
	const bool waited = w->other_since >= 0 || w->refused;
	if (must_wait(w)) {
		if (w->streaming) {
			let_go(w);
			schedule(w, 0);
		}
	} else if (waited) {
		schedule(w, fmin(after_other_s, w->config.interval_max_s));
	}
	return G_SOURCE_CONTINUE;
}

/* Who else comes for the camera that is meant now. */
static void follow_node(struct watch *w)
{
	struct error why;
	if (strcmp(w->node, w->capture->node) == 0)
		return;
	snprintf(w->node, sizeof w->node, "%s", w->capture->node);
	if (w->manners_source != 0)
		g_source_remove(w->manners_source);
	w->manners_source = 0;
	manners_free(w->manners);
	w->manners = w->capture->manners = manners_open(w->node, &why);
	if (w->manners != NULL)
		w->manners_source = g_unix_fd_add(manners_fd(w->manners), G_IO_IN, on_other_program, w);
	else
		log_warning("%s; a camera that is busy will be noticed all the same", why.text);
}

static enum capture_status start_camera(struct watch *w, struct error *error)
{
	const enum capture_status got = w->capture->ops->start(w->capture, error);
	if (strcmp(w->node, w->capture->node) != 0) {
		follow_node(w);
		w->call.changed(w->call.user);
	}
	return got;
}

static void step_camera(struct watch *w)
{
	struct error error;
	if (must_wait(w)) {
		without_picture(w, CAMERA_BUSY);
		return;
	}
	if (w->streaming) {
		step_burst(w);
		return;
	}
	const double wait = w->config.continuous ? 0 : pace_wait(&w->pace, watch_now(w).seconds);
	if (wait > 0) {
		schedule(w, wait);
		return;
	}
	enum capture_status got = start_camera(w, &error);
	w->refused = got == CAPTURE_BUSY;
	if (got != CAPTURE_FRAME) {
		give_up_burst(w, got, &error);
		return;
	}
	w->streaming = true;
	w->streaming_since = watch_now(w).seconds;
	w->luma = -1;
	schedule(w, w->config.continuous ? w->config.warmup_s : fmin(settle_s, w->config.warmup_s));
}

static void step_paused(struct watch *w)
{
	struct presence_sample seen = {0};
	struct posture_sample out = {0};
	tell(w, &seen, &out);
	schedule(w, w->config.interval_max_s);
}

static gboolean on_timer(gpointer user)
{
	struct watch *w = user;
	w->timer = 0;
	if (w->config.skips_waits)
		go_to(w, w->due);
	if (w->trace != NULL)
		step_trace(w);
	else if (w->recorded)
		step_recording(w);
	else if (w->paused)
		step_paused(w);
	else
		step_camera(w);
	return G_SOURCE_REMOVE;
}

/* ---- public ---- */

static bool open_source(struct watch *w, const char *source, struct error *error)
{
	struct clock real = clock_real();
	w->start_wall_ms = clock_now(&real).wall_ms;
	if (w->config.camera != NULL) {
		w->capture = w->config.camera;
	} else if (source != NULL && strncmp(source, "trace:", 6) == 0) {
		w->trace = trace_open(source + 6, error);
		if (w->trace == NULL)
			return false;
		if (trace_start_wall_ms(w->trace) != 0)
			w->start_wall_ms = trace_start_wall_ms(w->trace);
		if (trace_next(w->trace, &w->next, error) != 1)
			return error_set(error, 0, "%s: no sample in this trace", source + 6);
		snprintf(w->name, sizeof w->name, "%.150s", source);
	} else if (source == NULL || *source == '\0' || strcmp(source, "v4l2") == 0) {
		w->capture = capture_best(w->config.width, w->config.height, error);
	} else {
		w->capture = capture_open(source, w->config.width, w->config.height, error);
	}
	if (w->trace == NULL && w->capture == NULL)
		return false;
	w->recorded = w->trace != NULL || !w->capture->live;
	return true;
}

struct watch *watch_create(const struct watch_config *config, struct sampler *sampler,
                           const struct watch_callbacks *call, struct error *error)
{
	struct watch *w = calloc(1, sizeof *w);
	if (w == NULL) {
		error_set(error, 0, "watch: out of memory");
		return NULL;
	}
	w->config = *config;
	w->call = *call;
	w->sampler = sampler;
	if (!open_source(w, config->source, error)) {
		watch_free(w);
		return NULL;
	}
	w->clock = w->recorded || config->skips_waits
	           ? clock_manual((struct instant){0, w->start_wall_ms}) : clock_real();
	struct presence_config presence = presence_config_default();
	presence.away_s = config->away_s;
	presence_init(&w->presence, &presence);
	pace_init(&w->pace, config->interval_min_s, config->interval_max_s);
	w->other_since = -1;
	if (!w->recorded)
		follow_node(w);
	return w;
}

void watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	if (w->timer != 0)
		g_source_remove(w->timer);
	if (w->manners_source != 0)
		g_source_remove(w->manners_source);
	if (w->capture != NULL)
		w->capture->ops->free(w->capture);
	manners_free(w->manners);
	trace_free(w->trace);
	free(w);
}

void watch_start(struct watch *w)
{
	schedule(w, 0);
}

void watch_pause(struct watch *w, bool paused)
{
	if (w->recorded || w->paused == paused)
		return;
	w->paused = paused;
	if (paused && w->streaming)
		let_go(w);
	schedule(w, 0);
}

void watch_configure(struct watch *w, const struct watch_config *config)
{
	w->config.continuous = config->continuous;
	w->config.interval_min_s = config->interval_min_s;
	w->config.interval_max_s = config->interval_max_s;
	w->config.warmup_s = config->warmup_s;
	w->presence.config.away_s = config->away_s;
	pace_init(&w->pace, config->interval_min_s, config->interval_max_s);
	if (w->streaming && !config->continuous)
		let_go(w);
}
