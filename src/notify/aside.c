/* A notifier that may block, kept where it blocks nobody. */
#include "notify/notify.h"

#include <glib.h>
#include <stdlib.h>

enum { WAITING_MOST = 3, FREE_WAIT_S = 1 };

/* Held by its owner, by its thread and by every parcel under way; the last one frees it. */
struct aside {
	struct notifier base;
	gatomicrefcount holders;
	notifier_make_fn *make;
	struct notifier *fallback;
	notify_answer_fn *answer;
	void *user;
	bool freed;              /* the owner has gone; read and written in the owner's thread */
	gint waiting;            /* messages handed over and neither shown nor given up */
	GMainContext *context;   /* the thread's */
	GMainLoop *loop;
	struct notifier *slow;   /* the thread's */
	GMutex lock;
	GCond ended;
	bool has_ended;
};

/* What goes from one thread to the other. */
struct parcel {
	struct aside *aside;
	struct coach_message message; /* of an answer or a closing only the kind */
	enum coach_answer answer;
};

static void let_go(struct aside *a)
{
	if (!g_atomic_ref_count_dec(&a->holders))
		return;
	g_main_loop_unref(a->loop);
	g_main_context_unref(a->context);
	g_mutex_clear(&a->lock);
	g_cond_clear(&a->ended);
	free(a);
}

static void free_parcel(gpointer user)
{
	struct parcel *p = user;
	let_go(p->aside);
	g_free(p);
}

static struct parcel *new_parcel(struct aside *a, const char *kind)
{
	struct parcel *p = g_new0(struct parcel, 1);
	g_atomic_ref_count_inc(&a->holders);
	p->aside = a;
	g_strlcpy(p->message.kind, kind, sizeof p->message.kind);
	return p;
}

/* context NULL: the owner's main loop. */
static void send(struct parcel *p, GMainContext *context, GSourceFunc function)
{
	GSource *source = g_idle_source_new();
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_callback(source, function, p, free_parcel);
	g_source_attach(source, context);
	g_source_unref(source);
}

/* ---- in the owner's thread ---- */

static gboolean give_answer(gpointer user)
{
	struct parcel *p = user;
	if (!p->aside->freed)
		p->aside->answer(p->aside->user, p->message.kind, p->answer);
	return G_SOURCE_REMOVE;
}

static gboolean fall_back(gpointer user)
{
	struct parcel *p = user;
	if (!p->aside->freed)
		p->aside->fallback->ops->show(p->aside->fallback, &p->message, NULL);
	return G_SOURCE_REMOVE;
}

/* ---- in the thread ---- */

static void on_answer(void *user, const char *kind, enum coach_answer answer)
{
	struct parcel *p = new_parcel(user, kind);
	p->answer = answer;
	send(p, NULL, give_answer);
}

static gboolean do_show(gpointer user)
{
	struct parcel *p = user;
	struct aside *a = p->aside;
	struct error error;
	const bool shown = a->slow != NULL && a->slow->ops->show(a->slow, &p->message, &error);
	g_atomic_int_add(&a->waiting, -1);
	if (!shown) {
		struct parcel *back = new_parcel(a, p->message.kind);
		back->message = p->message;
		send(back, NULL, fall_back);
	}
	return G_SOURCE_REMOVE;
}

static gboolean do_close(gpointer user)
{
	struct parcel *p = user;
	if (p->aside->slow != NULL)
		p->aside->slow->ops->close(p->aside->slow, p->message.kind);
	return G_SOURCE_REMOVE;
}

static gboolean do_end(gpointer user)
{
	g_main_loop_quit(((struct parcel *)user)->aside->loop);
	return G_SOURCE_REMOVE;
}

static gpointer run(gpointer user)
{
	struct aside *a = user;
	struct error error;
	g_main_context_push_thread_default(a->context);
	a->slow = a->make(on_answer, a, &error);
	g_main_loop_run(a->loop);
	if (a->slow != NULL)
		a->slow->ops->free(a->slow);
	a->slow = NULL;
	/* What the bus library lets go of it frees from here. */
	while (g_main_context_iteration(a->context, FALSE))
		continue;
	g_main_context_pop_thread_default(a->context);
	g_mutex_lock(&a->lock);
	a->has_ended = true;
	g_cond_signal(&a->ended);
	g_mutex_unlock(&a->lock);
	let_go(a);
	return NULL;
}

/* ---- the notifier ---- */

static bool aside_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	struct aside *a = (struct aside *)n;
	if (g_atomic_int_get(&a->waiting) >= WAITING_MOST)
		return error_set(error, 0, "notification server: does not answer");
	struct parcel *p = new_parcel(a, m->kind);
	p->message = *m;
	g_atomic_int_inc(&a->waiting);
	send(p, a->context, do_show);
	return true;
}

static void aside_close(struct notifier *n, const char *kind)
{
	struct aside *a = (struct aside *)n;
	send(new_parcel(a, kind), a->context, do_close);
}

static void aside_free(struct notifier *n)
{
	struct aside *a = (struct aside *)n;
	const gint64 deadline = g_get_monotonic_time() + FREE_WAIT_S * G_USEC_PER_SEC;
	a->freed = true;
	send(new_parcel(a, ""), a->context, do_end);
	g_mutex_lock(&a->lock);
	while (!a->has_ended && g_cond_wait_until(&a->ended, &a->lock, deadline))
		continue;
	g_mutex_unlock(&a->lock);
	let_go(a);
}

struct notifier *notifier_aside(notifier_make_fn *make, struct notifier *fallback,
                                notify_answer_fn *answer, void *user, struct error *error)
{
	static const struct notifier_ops ops = {aside_show, aside_close, aside_free};
	struct aside *a = calloc(1, sizeof *a);
	if (a == NULL) {
		error_set(error, 0, "%s: out of memory", "notifications");
		return NULL;
	}
	*a = (struct aside){.base = {&ops}, .make = make, .fallback = fallback,
	                    .answer = answer, .user = user};
	g_atomic_ref_count_init(&a->holders);
	g_mutex_init(&a->lock);
	g_cond_init(&a->ended);
	a->context = g_main_context_new();
	a->loop = g_main_loop_new(a->context, FALSE);
	g_atomic_ref_count_inc(&a->holders); /* the thread's */
	GThread *thread = g_thread_try_new("notifier", run, a, NULL);
	if (thread == NULL) {
		let_go(a);
		let_go(a);
		error_set(error, 0, "notifications: no thread to be had");
		return NULL;
	}
	g_thread_unref(thread);
	return &a->base;
}
