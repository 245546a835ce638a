#include "daemon/watch.h"

#include "base/log.h"
#include "capture/manners.h"
#include "capture/trace.h"
#include "daemon/burst.h"
#include "daemon/lid.h"
#include "daemon/pace.h"
#include "daemon/patience.h"
#include "daemon/slow.h"
#include "image/convert.h"
#include "posture/presence.h"

#include <glib-unix.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A sensor's noise makes every picture another one. The very same one at so many looks: the camera
 * has stopped seeing, or a program in its place shows a still. */
enum { FROZEN_AT = 3 };

/* Another program that keeps the camera's node open without streaming is waited for no longer than
 * this; then EBUSY alone decides. */
static const double polite_s = 180;
/* After it has left: who opened the camera just now is the likeliest to open it again, while it
 * sets itself up or its user goes from the preview to the call. */
static const double after_other_s = 10;

/* The longest look that is well: 8 s for a slow camera, as much for its start, and some. */
static const double stuck_s = 20;

struct watch {
	struct watch_config config;
	struct watch_callbacks call;
	struct sampler *sampler;
	struct capture *capture;    /* of a recording, or a live one until `burst` takes it */
	struct burst *burst;        /* the live camera */
	bool looking;               /* a result is awaited */
	unsigned serial;            /* of that one */
	bool kept_on;               /* by the last look, for the next */
	bool shared;                /* with another program, in the last look */
	struct slow *slow;          /* which cameras were seen to be; NULL: nothing is remembered */
	struct patience patience;
	struct trace *trace;
	struct posture_sample next; /* of the trace */
	struct clock clock;
	struct presence_judge presence;
	struct pace pace;
	struct manners *manners;    /* NULL for recordings, or when the node cannot be watched */
	guint manners_source;
	char node[256];             /* which one that is; "" none */
	double other_since;         /* another program has the node open, < 0 not */
	bool idle;                  /* nobody touches keyboard or mouse,
	                             * and the next touch is told */
	bool refused;               /* the last start was, because another program streams */
	guint timer;
	double due;                 /* when the timer fires, by the injected clock */
	bool paused, recorded, chooses;
	capture_hidden_fn *hidden;  /* by the lid; NULL while it is open */
	char problem[320];          /* that was told of; "" while the camera works */
	char note[320];             /* why it is not the first choice; "" */
	uint64_t fingerprint;       /* of the last picture */
	int same;                   /* looks that it has been so */
	int64_t start_wall_ms;
	struct sample sample;
	char name[160], id[128];    /* of the trace, or of the camera in the last look */
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

bool watch_is_recorded(const struct watch *w)
{
	return w->recorded;
}

const char *watch_name(const struct watch *w)
{
	return w->name;
}

const char *watch_problem(const struct watch *w)
{
	return *w->problem != '\0' ? w->problem : w->note;
}

const char *watch_node(const struct watch *w)
{
	return w->node;
}

const char *watch_camera_id(const struct watch *w)
{
	return w->id;
}

/* ---- recorded time ---- */

static void go_to(struct watch *w, double seconds)
{
	clock_set(&w->clock,
	          (struct instant){seconds, w->start_wall_ms + (int64_t)(seconds * 1000)});
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
	out->doubted = match_asks(w->sample.match) && !out->stranger;
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
	burst_stop(w->burst);
	w->looking = w->kept_on = false;
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
	snprintf(text, sizeof text, "%s; trying again every %.0f s", error->text,
	         w->config.interval_max_s);
	if (status != CAPTURE_BUSY)
		complain(w, text);
}

static void look_again(struct watch *w)
{
	struct pace_view view = {.wait_s = INFINITY, .idle = w->idle};
	w->call.expect(w->call.user, &view);
	view.presence = w->presence.presence;
	view.wait_s = fmin(view.wait_s, presence_wait(&w->presence));
	schedule(w, pace_next(&w->pace, watch_now(w).seconds, &view));
}

static void without_picture(struct watch *w, enum camera_status status)
{
	struct presence_sample seen = {.camera = status};
	struct posture_sample out = {0};
	tell(w, &seen, &out);
	schedule(w, w->config.interval_max_s);
}

static bool is_frozen(struct watch *w, const struct frame *frame)
{
	const uint64_t fingerprint = frame_fingerprint(frame);
	w->same = fingerprint == w->fingerprint ? w->same + 1 : 1;
	w->fingerprint = fingerprint;
	if (w->same < FROZEN_AT)
		return false;
	char text[sizeof w->problem];
	snprintf(text, sizeof text,
	         "%.80s: gives the same picture again and again; plug it in again, or end the "
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
	if (why == CAPTURE_TIMEOUT && patience_asks(&w->patience)) /* it may only be slow */
		schedule(w, w->config.interval_min_s);
}

/* Whose pictures another program takes too is in a call: measured all the same, and nothing is
 * said. */
static void finish_burst(struct watch *w, const struct burst_result *r)
{
	struct presence_sample seen = {.camera = r->shared ? CAMERA_BUSY : CAMERA_WORKS};
	struct posture_sample out = {0};
	look_at(w, &r->frame);
	understand(w, &seen, &out);
	tell(w, &seen, &out);
	look_again(w);
}

/* As good as a dark picture, and the camera was not even on. */
static void finish_covered(struct watch *w, const struct error *error)
{
	struct presence_sample seen = {0};
	struct posture_sample out = {0};
	complain(w, error->text);
	memset(&w->sample, 0, sizeof w->sample);
	w->sample.presence = PRESENCE_BLOCKED;
	understand(w, &seen, &out);
	tell(w, &seen, &out);
	look_again(w);
}

/* Another program has come for the camera and is still to be waited for. Not if that is PipeWire,
 * whose camera is shared with whom it is for: the capture sees to that. */
static bool must_wait(struct watch *w)
{
	if (w->manners == NULL || !manners_busy(w->manners) || manners_is_pipewires(w->node)) {
		w->other_since = -1;
		return false;
	}
	const double now = watch_now(w).seconds;
	if (w->other_since < 0)
		w->other_since = now;
	return now - w->other_since < polite_s;
}

/* Somebody opened or closed the node: let go at once, so that their start does not fail; and do not
 * take them to be there for longer than they are. */
static gboolean on_other_program(gint fd, GIOCondition condition, gpointer user)
{
	struct watch *w = user;
	(void)fd, (void)condition;
	const bool waited = w->other_since >= 0 || w->refused;
	if ((w->looking || w->kept_on) && !w->shared && manners_busy(w->manners)) {
		let_go(w);
		schedule(w, 0);
	} else if (!must_wait(w) && waited) {
		schedule(w, fmin(after_other_s, w->config.interval_max_s));
	}
	return G_SOURCE_CONTINUE;
}

/* Who else comes for the camera that is meant now. Not while a look is under way, which is lent the
 * old one. */
static void follow_node(struct watch *w, const char *node)
{
	struct error why;
	snprintf(w->node, sizeof w->node, "%s", node);
	if (w->manners_source != 0)
		g_source_remove(w->manners_source);
	w->manners_source = 0;
	manners_free(w->manners);
	w->manners = NULL;
	if (*w->node == '\0')
		return; /* no node: PipeWire knows who else takes its pictures */
	w->manners = manners_open(w->node, &why);
	if (w->manners != NULL)
		w->manners_source = g_unix_fd_add(manners_fd(w->manners),
		                                  G_IO_IN, on_other_program, w);
	else
		log_warning("%s; a camera that is busy will be noticed all the same", why.text);
}

/* The capture chooses among cameras: which one it is now. */
static void follow_camera(struct watch *w, const struct burst_result *r)
{
	snprintf(w->name, sizeof w->name, "%s", r->name);
	if (strcmp(w->note, r->note) != 0 && *r->note != '\0')
		log_warning("%s", r->note);
	snprintf(w->note, sizeof w->note, "%s", r->note);
	const bool other = strcmp(w->id, r->id) != 0, elsewhere = strcmp(w->node, r->node) != 0;
	if (other) {
		snprintf(w->id, sizeof w->id, "%s", r->id);
		patience_init(&w->patience, slow_of(w->slow, w->id));
	}
	if (elsewhere)
		follow_node(w, r->node);
	if (other || elsewhere)
		w->call.changed(w->call.user);
}

static void learn_patience(struct watch *w, const struct burst_result *r)
{
	if (patience_learn(&w->patience, watch_now(w).seconds, w->config.warmup_s,
	                   r->shown_s, r->on_s)) {
		log_info("%s: shows something %.1f s after its start, and is waited for",
		         w->name, r->shown_s);
		slow_remember(w->slow, w->id, w->patience.slow_s);
	}
}

static void on_off(void *user)
{
	const struct watch *w = user;
	if (watch_is_off(w)) /* else it looks again already */
		w->call.off(w->call.user);
}

static void on_looked(void *user, const struct burst_result *r)
{
	struct watch *w = user;
	if (w->config.skips_waits)
		go_to(w, watch_now(w).seconds + r->on_s);
	if (!w->config.continuous)
		pace_spend(&w->pace, watch_now(w).seconds, r->on_s);
	if (!w->looking || r->serial != w->serial)
		return; /* it was told to stop meanwhile */
	w->looking = false;
	w->kept_on = r->on;
	if (w->kept_on && !w->config.continuous) /* configured otherwise meanwhile */
		let_go(w);
	w->refused = r->status == CAPTURE_BUSY;
	w->shared = r->shared;
	follow_camera(w, r);
	if (!w->kept_on || r->shown_s >= 0)
		learn_patience(w, r);
	if (r->status == CAPTURE_FRAME)
		finish_burst(w, r);
	else if (r->status == CAPTURE_COVERED)
		finish_covered(w, &r->error);
	else
		give_up_burst(w, r->status, &r->error);
}

/* A driver that does not return: nothing is known, and that is said. */
static void step_stuck(struct watch *w)
{
	char text[sizeof w->problem];
	snprintf(text, sizeof text, "%.120s: its driver does not answer; plug it in again",
	         w->name);
	complain(w, text);
	without_picture(w, CAMERA_GONE);
}

static void step_camera(struct watch *w)
{
	if (w->looking) {
		step_stuck(w);
		return;
	}
	if (must_wait(w)) {
		if (w->kept_on)
			let_go(w);
		without_picture(w, CAMERA_BUSY);
		return;
	}
	const double wait = w->config.continuous ? 0 : pace_wait(&w->pace, watch_now(w).seconds);
	if (wait > 0) {
		schedule(w, wait);
		return;
	}
	const struct burst_plan plan = {.warmup_s = w->config.warmup_s,
	                                .keep_on = w->config.continuous,
	                                .doubted = isfinite(presence_wait(&w->presence)),
	                                .patience_s = patience_next(&w->patience,
	                                                            watch_now(w).seconds),
	                                .manners = w->manners, .hidden = w->hidden};
	w->looking = true;
	if (!w->config.skips_waits)
		schedule(w, fmax(stuck_s, w->config.interval_max_s));
	w->serial++; /* as burst_look counts: its callback may come from within */
	burst_look(w->burst, &plan);
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
		w->chooses = true;
	} else {
		w->capture = capture_open(source, w->config.width, w->config.height, error);
	}
	if (w->trace == NULL && w->capture == NULL)
		return false;
	w->recorded = w->trace != NULL || !w->capture->live;
	if (w->capture != NULL) {
		memcpy(w->name, w->capture->name, sizeof w->capture->name);
		memcpy(w->id, w->capture->id, sizeof w->capture->id);
	}
	return true;
}

/* From here on the capture belongs to its thread. */
static bool open_camera(struct watch *w, struct error *error)
{
	struct capture *c = w->capture;
	char node[sizeof c->node];
	memcpy(node, c->node, sizeof node);
	w->capture = NULL;
	w->burst = burst_create(c, w->config.skips_waits, on_looked, on_off, w, error);
	if (w->burst == NULL)
		return false;
	if (w->config.state_dir != NULL)
		w->slow = slow_open(w->config.state_dir);
	patience_init(&w->patience, slow_of(w->slow, w->id));
	follow_node(w, node);
	return true;
}

struct watch *watch_create(const struct watch_config *config, struct sampler *sampler,
                           const struct watch_callbacks *call, struct error *error)
{
	struct watch *w = calloc(1, sizeof *w);
	if (w == NULL) {
		error_set(error, 0, "%s: out of memory", "watch");
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
	if (!w->recorded && !open_camera(w, error)) {
		watch_free(w);
		return NULL;
	}
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
	if (burst_free(w->burst)) /* else a driver holds on to it; the process ends */
		manners_free(w->manners);
	slow_free(w->slow);
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
	if (paused && (w->looking || w->kept_on))
		let_go(w);
	schedule(w, 0);
}

bool watch_is_off(const struct watch *w)
{
	return w->recorded || (!w->looking && !w->kept_on && !burst_stopping(w->burst));
}

static bool hidden_by_lid(const char *node)
{
	return lid_covers("/sys", node, false);
}

static bool hidden_by_docked_lid(const char *node)
{
	return lid_covers("/sys", node, true);
}

void watch_lid(struct watch *w, bool shut, bool docked)
{
	capture_hidden_fn *hidden = !shut ? NULL : docked ? hidden_by_docked_lid : hidden_by_lid;
	if (w->hidden == hidden)
		return;
	w->hidden = hidden;
	if (hidden == NULL || (!w->looking && !w->kept_on))
		return;
	let_go(w); /* it looks at keys */
	schedule(w, 0);
}

void watch_idle(struct watch *w, bool idle)
{
	const bool back = w->idle && !idle && w->presence.presence == PRESENCE_AWAY;
	w->idle = idle;
	if (back && !w->recorded && !w->paused && !w->looking)
		schedule(w, 0);
}

bool watch_chooses(const struct watch *w)
{
	return w->chooses;
}

void watch_configure(struct watch *w, const struct watch_config *config)
{
	w->config.continuous = config->continuous;
	w->config.interval_min_s = config->interval_min_s;
	w->config.interval_max_s = config->interval_max_s;
	w->config.warmup_s = config->warmup_s;
	w->presence.config.away_s = config->away_s;
	pace_init(&w->pace, config->interval_min_s, config->interval_max_s);
	if (w->kept_on && !config->continuous) {
		let_go(w);
		schedule(w, 0);
	}
}
