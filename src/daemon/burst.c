#include "daemon/burst.h"

#include "daemon/exposure.h"
#include "image/convert.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* A camera that is on but gives nothing for this long beyond its warm-up is let go; waited for in
 * slices, so that to stop takes no longer than one. */
static const double read_timeout_s = 2, slice_s = 0.03;
/* Pictures looked at in one burst before it counts as empty: the first may be damaged or too
 * dark. */
enum { TRIES = 3 };

/* A burst is over as soon as the exposure has settled (exposure.h): the lamp is lit, and others
 * shut out, for no longer than that. warmup_s is for cameras that do not come to rest. Up to this
 * share of what the first picture took in the last look nothing is asked for. */
static const double early_share = 0.8;

/* What burst_stop and burst_free wait: status has to be answered within 50 ms, and an end within
 * moments. */
enum { STOP_WAIT_US = 40 * 1000, END_WAIT_US = 1000 * 1000 };

struct burst {
	gatomicrefcount references; /* the owner's, the thread's, and
	                             * one of each result on its way */
	struct capture *capture;    /* the thread's */
	burst_done_fn *done;
	burst_off_fn *off;
	void *user;
	GThread *thread;            /* NULL: skips waits */
	bool closed;                /* the owner's: no more callbacks */
	bool on;                    /* the thread's: streaming */
	struct exposure exposure;   /* the thread's, like these two: of the camera of this id, */
	char id[sizeof ((struct capture *)NULL)->id];
	double first_s;             /* which took so long from its start to
	                             * the first picture in its last look */

	GMutex mutex;               /* guards the rest */
	GCond changed;
	bool look_wanted, stop_wanted, quit_wanted, ended;
	bool stop_late;             /* burst_stop no longer waits, but is told */
	unsigned serial;
	struct burst_plan plan;
};

/* ---- time ---- */

static double now_s(const struct burst *b)
{
	return b->thread != NULL ? (double)g_get_monotonic_time() * 1e-6 : b->capture->played_s;
}

static bool is_cut(struct burst *b)
{
	g_mutex_lock(&b->mutex);
	const bool cut = b->stop_wanted || b->quit_wanted;
	g_mutex_unlock(&b->mutex);
	return cut;
}

/* Woken by burst_stop. */
static void wait_for(struct burst *b, double seconds)
{
	if (b->thread == NULL) {
		b->capture->played_s += seconds;
		return;
	}
	const gint64 until = g_get_monotonic_time() + (gint64)(seconds * 1e6);
	g_mutex_lock(&b->mutex);
	while (!b->stop_wanted && !b->quit_wanted &&
	       g_cond_wait_until(&b->changed, &b->mutex, until))
		;
	g_mutex_unlock(&b->mutex);
}

/* ---- one look ---- */

struct look {
	struct burst *b;
	struct burst_plan plan;
	struct burst_result result;
	double since;   /* the camera is on */
	bool any;       /* a picture has come */
};

static double so_far(const struct look *l)
{
	return now_s(l->b) - l->since;
}

static enum capture_status read_once(struct look *l, double timeout_s)
{
	struct capture *c = l->b->capture;
	const double before = now_s(l->b);
	const enum capture_status got = c->ops->read(c, timeout_s, &l->result.frame,
	                                             &l->result.error);
	if (got == CAPTURE_TIMEOUT && l->b->thread == NULL)
		c->played_s = fmax(c->played_s, before + timeout_s);
	return got;
}

static bool has_settled(struct look *l)
{
	const struct luma_statistics luma = luma_measure(&l->result.frame);
	if (!luma_is_blocked(&luma) && l->result.shown_s < 0)
		l->result.shown_s = so_far(l);
	return exposure_rests(&l->b->exposure, now_s(l->b), &luma);
}

/* A warm-up begins when there is something to see, if that comes late. */
static double settles_until(const struct look *l)
{
	const double shown = l->result.shown_s, warmup = l->plan.warmup_s;
	if (shown >= 0)
		return shown > warmup ? shown + warmup : warmup;
	return fmax(warmup, l->plan.patience_s);
}

/* CAPTURE_TIMEOUT: its time is over, and the exposure has not come to rest. */
static enum capture_status settle(struct look *l)
{
	struct burst *b = l->b;
	wait_for(b, fmin(early_share * b->first_s, settles_until(l)));
	for (double left; (left = settles_until(l) - so_far(l)) > 0 && !is_cut(b);) {
		const enum capture_status got = read_once(l, fmin(slice_s, left));
		if (got == CAPTURE_TIMEOUT)
			continue;
		if (!l->any)
			b->first_s = so_far(l);
		l->any = true;
		if (got == CAPTURE_FRAME && has_settled(l))
			return CAPTURE_FRAME;
		if (got != CAPTURE_FRAME && got != CAPTURE_CORRUPT)
			return got;
		wait_for(b, fmin(EXPOSURE_APART_S, fmax(0, settles_until(l) - so_far(l))));
	}
	return CAPTURE_TIMEOUT;
}

/* It may be another camera by now, or have been off for long. */
static void meet(struct look *l)
{
	struct burst *b = l->b;
	if (strcmp(b->id, b->capture->id) != 0) {
		memcpy(b->id, b->capture->id, sizeof b->id);
		exposure_init(&b->exposure);
		b->first_s = 0;
	}
	exposure_start(&b->exposure, now_s(b), l->plan.doubted);
}

/* What was queued while the exposure settled, or since the last look, is old. */
static enum capture_status read_fresh(struct look *l)
{
	struct capture *c = l->b->capture;
	double left = read_timeout_s;
	int tries = TRIES;
	enum capture_status got;
	c->ops->discard(c);
	do {
		got = read_once(l, slice_s);
		if (got == CAPTURE_TIMEOUT)
			left -= slice_s;
		else if (got == CAPTURE_CORRUPT)
			tries--;
		else
			break;
	} while (left > 0 && tries > 0 && !is_cut(l->b));
	if (got == CAPTURE_FRAME && l->result.shown_s < 0)
		has_settled(l);
	if (got == CAPTURE_TIMEOUT)
		error_set(&l->result.error, 0, "%s: no picture in %.1f s", c->name, so_far(l));
	return got;
}

static void turn_off(struct burst *b)
{
	b->capture->ops->stop(b->capture);
	b->on = false;
}

static void take_look(struct look *l)
{
	struct burst *b = l->b;
	struct burst_result *r = &l->result;
	const bool was_on = b->on;
	if (!was_on) {
		r->status = b->capture->ops->start(b->capture, &r->error);
		b->on = r->status == CAPTURE_FRAME;
	}
	l->since = now_s(b);
	if (b->on) {
		if (!was_on)
			meet(l);
		r->status = was_on ? CAPTURE_TIMEOUT : settle(l);
		if (r->status == CAPTURE_TIMEOUT && !is_cut(b))
			r->status = read_fresh(l);
		r->cut = r->status == CAPTURE_TIMEOUT && is_cut(b);
	}
	/* Before the picture is understood: that takes 5 to 17 ms, and others are shut out
	 * meanwhile. */
	if (!l->plan.keep_on || r->status != CAPTURE_FRAME)
		turn_off(b);
	r->on = b->on;
	r->on_s = so_far(l);
	if (was_on)
		r->shown_s = -1;
}

static void look(struct burst *b, unsigned serial, const struct burst_plan *plan,
                 struct burst_result *out)
{
	struct look l = {.b = b, .plan = *plan};
	struct capture *c = b->capture;
	l.result.serial = serial;
	l.result.shown_s = -1;
	c->manners = plan->manners;
	c->hidden = plan->hidden;
	take_look(&l);
	l.result.shared = c->shared;
	memcpy(l.result.name, c->name, sizeof c->name);
	memcpy(l.result.id, c->id, sizeof c->id);
	memcpy(l.result.node, c->node, sizeof c->node);
	memcpy(l.result.note, c->note, sizeof c->note);
	*out = l.result;
}

/* ---- the thread ---- */

static void unref(struct burst *b)
{
	if (!g_atomic_ref_count_dec(&b->references))
		return;
	g_mutex_clear(&b->mutex);
	g_cond_clear(&b->changed);
	g_free(b);
}

struct delivery {
	struct burst *b;
	struct burst_result result;
};

static gboolean deliver(gpointer data)
{
	struct delivery *d = data;
	if (!d->b->closed)
		d->b->done(d->b->user, &d->result);
	return G_SOURCE_REMOVE;
}

static void free_delivery(gpointer data)
{
	struct delivery *d = data;
	unref(d->b);
	g_free(d);
}

static void look_and_tell(struct burst *b, unsigned serial, const struct burst_plan *plan)
{
	struct delivery *d = g_new0(struct delivery, 1);
	d->b = b;
	look(b, serial, plan, &d->result);
	g_atomic_ref_count_inc(&b->references);
	g_idle_add_full(G_PRIORITY_DEFAULT, deliver, d, free_delivery);
}

static gboolean deliver_off(gpointer data)
{
	struct burst *b = data;
	if (!b->closed)
		b->off(b->user);
	return G_SOURCE_REMOVE;
}

static void unref_burst(gpointer data)
{
	unref(data);
}

static void tell_off(struct burst *b)
{
	g_atomic_ref_count_inc(&b->references);
	g_idle_add_full(G_PRIORITY_DEFAULT, deliver_off, b, unref_burst);
}

/* Sleeps until there is something to do. What is to be stopped is stopped first. */
static gpointer work(gpointer data)
{
	struct burst *b = data;
	g_mutex_lock(&b->mutex);
	while (!b->quit_wanted) {
		if (b->stop_wanted) {
			g_mutex_unlock(&b->mutex);
			turn_off(b);
			g_mutex_lock(&b->mutex);
			b->stop_wanted = false;
			if (b->stop_late)
				tell_off(b);
			b->stop_late = false;
			g_cond_broadcast(&b->changed);
		} else if (b->look_wanted) {
			const struct burst_plan plan = b->plan;
			const unsigned serial = b->serial;
			b->look_wanted = false;
			g_mutex_unlock(&b->mutex);
			look_and_tell(b, serial, &plan);
			g_mutex_lock(&b->mutex);
		} else {
			g_cond_wait(&b->changed, &b->mutex);
		}
	}
	g_mutex_unlock(&b->mutex);
	b->capture->ops->free(b->capture);
	g_mutex_lock(&b->mutex);
	b->ended = true;
	g_cond_broadcast(&b->changed);
	g_mutex_unlock(&b->mutex);
	unref(b);
	return NULL;
}

/* ---- public ---- */

struct burst *burst_create(struct capture *capture, bool skips_waits, burst_done_fn *done,
                           burst_off_fn *off, void *user, struct error *error)
{
	struct burst *b = g_new0(struct burst, 1);
	GError *why = NULL;
	g_atomic_ref_count_init(&b->references);
	g_mutex_init(&b->mutex);
	g_cond_init(&b->changed);
	b->capture = capture;
	b->done = done;
	b->off = off;
	b->user = user;
	exposure_init(&b->exposure);
	if (skips_waits)
		return b;
	/* Held until b->thread is set, which the thread reads. */
	g_mutex_lock(&b->mutex);
	g_atomic_ref_count_inc(&b->references);
	b->thread = g_thread_try_new("camera", work, b, &why);
	g_mutex_unlock(&b->mutex);
	if (b->thread != NULL)
		return b;
	error_set(error, 0, "%s: no thread for it: %s", capture->name, why->message);
	g_error_free(why);
	capture->ops->free(capture);
	unref(b);
	unref(b);
	return NULL;
}

unsigned burst_look(struct burst *b, const struct burst_plan *plan)
{
	struct burst_result result;
	if (b->thread == NULL) {
		look(b, ++b->serial, plan, &result);
		b->done(b->user, &result);
		return result.serial;
	}
	g_mutex_lock(&b->mutex);
	b->plan = *plan;
	b->look_wanted = true;
	const unsigned serial = ++b->serial;
	g_cond_broadcast(&b->changed);
	g_mutex_unlock(&b->mutex);
	return serial;
}

bool burst_stop(struct burst *b)
{
	if (b->thread == NULL) {
		turn_off(b);
		return true;
	}
	const gint64 until = g_get_monotonic_time() + STOP_WAIT_US;
	g_mutex_lock(&b->mutex);
	b->stop_wanted = true;
	b->look_wanted = false;
	g_cond_broadcast(&b->changed);
	while (b->stop_wanted && g_cond_wait_until(&b->changed, &b->mutex, until))
		;
	b->stop_late = b->stop_wanted;
	const bool off = !b->stop_wanted;
	g_mutex_unlock(&b->mutex);
	return off;
}

bool burst_stopping(struct burst *b)
{
	g_mutex_lock(&b->mutex);
	const bool stopping = b->stop_wanted;
	g_mutex_unlock(&b->mutex);
	return stopping;
}

bool burst_free(struct burst *b)
{
	if (b == NULL)
		return true;
	b->closed = true;
	bool ended = b->thread == NULL;
	if (ended) {
		b->capture->ops->free(b->capture);
	} else {
		const gint64 until = g_get_monotonic_time() + END_WAIT_US;
		g_mutex_lock(&b->mutex);
		b->quit_wanted = true;
		g_cond_broadcast(&b->changed);
		while (!b->ended && g_cond_wait_until(&b->changed, &b->mutex, until))
			;
		ended = b->ended;
		g_mutex_unlock(&b->mutex);
		if (ended)
			g_thread_join(b->thread);
		else
			g_thread_unref(b->thread);
	}
	unref(b);
	return ended;
}
