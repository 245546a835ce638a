#include "window/link.h"

#include "base/text.h"
#include "control/control.h"

#include <stdlib.h>

enum { EVERY_S = 2, WAIT_MS = 5000 };

struct watcher {
	unsigned id;
	link_changed_fn *changed;
	link_signal_fn *heard;
	void *user;
};

struct link {
	GDBusConnection *bus;
	unsigned name, signals, timer, last_id;
	bool there, asking, again;
	cJSON *status;
	GArray *watchers;       /* of struct watcher */
	GCancellable *end;      /* what is under way when the link is freed */
};

static int watching(const struct link *l)
{
	int count = 0;
	for (unsigned i = 0; i < l->watchers->len; i++)
		count += g_array_index(l->watchers, struct watcher, i).changed != NULL;
	return count;
}

/* A watcher may take itself or another away while it is told: each is looked up anew by its
 * number. */
static void tell(struct link *l)
{
	for (unsigned id = 1; id <= l->last_id; id++)
		for (unsigned i = 0; i < l->watchers->len; i++) {
			const struct watcher w = g_array_index(l->watchers, struct watcher, i);
			if (w.id == id && w.changed != NULL)
				w.changed(w.user);
		}
}

static void ask(struct link *l);

static void on_status(GObject *bus, GAsyncResult *result, gpointer user)
{
	GError *error = NULL;
	GVariant *reply = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		return;
	}
	struct link *l = user;
	l->asking = false;
	g_clear_error(&error);
	cJSON *status = NULL;
	if (reply != NULL) {
		const char *text;
		g_variant_get(reply, "(&s)", &text);
		status = cJSON_Parse(text);
		g_variant_unref(reply);
	}
	cJSON_Delete(l->status);
	l->status = status;
	tell(l);
	if (l->again)
		ask(l);
}

static void ask(struct link *l)
{
	l->again = l->asking;
	if (l->asking || !l->there || watching(l) == 0)
		return;
	l->asking = true;
	g_dbus_connection_call(l->bus, CONTROL_NAME, CONTROL_PATH, CONTROL_INTERFACE,
	                       "Status", NULL,
	                       G_VARIANT_TYPE("(s)"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
	                       WAIT_MS, l->end, on_status, l);
}

static gboolean on_time(gpointer user)
{
	ask(user);
	return G_SOURCE_CONTINUE;
}

/* The clock runs only while somebody looks. */
static void set_timer(struct link *l)
{
	const bool wanted = watching(l) > 0 && l->there;
	if (wanted && l->timer == 0) {
		l->timer = g_timeout_add_seconds(EVERY_S, on_time, l);
	} else if (!wanted && l->timer != 0) {
		g_source_remove(l->timer);
		l->timer = 0;
	}
}

static void on_signal(GDBusConnection *bus, const char *sender, const char *path,
                      const char *interface, const char *signal, GVariant *arguments, gpointer user)
{
	(void)bus, (void)sender, (void)path;
	struct link *l = user;
	if (strcmp(interface, CONTROL_INTERFACE) == 0)
		for (unsigned id = 1; id <= l->last_id; id++)
			for (unsigned i = 0; i < l->watchers->len; i++) {
				const struct watcher w =
					g_array_index(l->watchers, struct watcher, i);
				if (w.id == id && w.heard != NULL)
					w.heard(w.user, signal, arguments);
			}
	ask(l);
}

static void on_appeared(GDBusConnection *bus, const char *name, const char *owner, gpointer user)
{
	(void)name, (void)owner;
	struct link *l = user;
	if (l->signals == 0)
		l->signals = g_dbus_connection_signal_subscribe(bus, CONTROL_NAME,
		                                                NULL, NULL, CONTROL_PATH,
		                                                NULL, G_DBUS_SIGNAL_FLAGS_NONE,
		                                                on_signal, l, NULL);
	l->there = true;
	set_timer(l);
	ask(l);
}

static void on_vanished(GDBusConnection *bus, const char *name, gpointer user)
{
	(void)bus, (void)name;
	struct link *l = user;
	l->there = false;
	cJSON_Delete(l->status);
	l->status = NULL;
	set_timer(l);
	tell(l);
}

struct link *link_new(GDBusConnection *bus)
{
	struct link *l = g_new0(struct link, 1);
	l->watchers = g_array_new(FALSE, FALSE, sizeof(struct watcher));
	l->end = g_cancellable_new();
	if (bus == NULL)
		return l;
	l->bus = g_object_ref(bus);
	l->name = g_bus_watch_name_on_connection(bus, CONTROL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
	                                         on_appeared, on_vanished, l, NULL);
	return l;
}

void link_free(struct link *l)
{
	if (l == NULL)
		return;
	g_cancellable_cancel(l->end);
	g_object_unref(l->end);
	if (l->name != 0)
		g_bus_unwatch_name(l->name);
	if (l->signals != 0)
		g_dbus_connection_signal_unsubscribe(l->bus, l->signals);
	if (l->timer != 0)
		g_source_remove(l->timer);
	g_clear_object(&l->bus);
	cJSON_Delete(l->status);
	g_array_unref(l->watchers);
	g_free(l);
}

bool link_there(const struct link *l)
{
	return l->there;
}

const cJSON *link_status(const struct link *l)
{
	return l->status;
}

static unsigned add(struct link *l, const struct watcher *wanted)
{
	struct watcher w = *wanted;
	w.id = ++l->last_id;
	g_array_append_val(l->watchers, w);
	set_timer(l);
	ask(l);
	return w.id;
}

static void take_away(struct link *l, unsigned id)
{
	for (unsigned i = 0; i < l->watchers->len; i++)
		if (g_array_index(l->watchers, struct watcher, i).id == id) {
			g_array_remove_index(l->watchers, i);
			break;
		}
	set_timer(l);
}

unsigned link_watch(struct link *l, link_changed_fn *changed, void *user)
{
	return add(l, &(struct watcher){.changed = changed, .user = user});
}

void link_unwatch(struct link *l, unsigned id)
{
	take_away(l, id);
}

unsigned link_listen(struct link *l, link_signal_fn *heard, void *user)
{
	return add(l, &(struct watcher){.heard = heard, .user = user});
}

void link_unlisten(struct link *l, unsigned id)
{
	take_away(l, id);
}

struct call {
	struct link *link;
	link_done_fn *done;
	void *user;
};

static void on_called(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct call *call = user;
	GError *error = NULL;
	GVariant *reply = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, &error);
	const bool ended = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
	const bool nobody = g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
			    g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER);
	if (error != NULL)
		g_dbus_error_strip_remote_error(error);
	if (!ended && call->done != NULL)
		call->done(call->user, reply,
		           nobody ? _("Nobody is watching: press Start watching on the page Now")
		                  : error != NULL ? error->message : NULL);
	if (!ended)
		ask(call->link);
	g_clear_error(&error);
	g_clear_pointer(&reply, g_variant_unref);
	g_free(call);
}

void link_call(struct link *l, const char *method, GVariant *arguments,
               bool start, link_done_fn *done, void *user)
{
	if (l->bus == NULL) {
		if (arguments != NULL)
			g_variant_unref(g_variant_ref_sink(arguments));
		if (done != NULL)
			done(user, NULL, _("there is no session bus"));
		return;
	}
	struct call *call = g_new0(struct call, 1);
	*call = (struct call){.link = l, .done = done, .user = user};
	g_dbus_connection_call(l->bus, CONTROL_NAME, CONTROL_PATH, CONTROL_INTERFACE,
	                       method, arguments, NULL,
	                       start ? G_DBUS_CALL_FLAGS_NONE : G_DBUS_CALL_FLAGS_NO_AUTO_START,
	                       WAIT_MS, l->end, on_called, call);
}
