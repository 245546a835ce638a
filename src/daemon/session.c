#include "daemon/session.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

static const char logind[] = "org.freedesktop.login1";

struct session {
	session_changed_fn *changed;
	void *user;
	struct session_state state;
	GDBusConnection *session_bus, *system_bus;
	guint subscriptions[8];
	int session_subscriptions, system_subscriptions; /* the first so many, then the others */
	char *logind_path;
	GCancellable *stop; /* ends the calls that may outlive session_free */
	int unanswered;     /* of the questions at the start */
};

static void set(struct session *s, bool *flag, bool value)
{
	if (*flag == value)
		return;
	*flag = value;
	s->changed(s->user, &s->state);
}

/* org.freedesktop.ScreenSaver, org.gnome.ScreenSaver and their cousins: ActiveChanged(b) */
static void on_screen_saver(GDBusConnection *bus, const gchar *sender, const gchar *path,
                            const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)name;
	struct session *s = user;
	gboolean active = FALSE;
	if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(b)")))
		return;
	g_variant_get(args, "(b)", &active);
	set(s, &s->state.locked, active);
}

static void on_sleep(GDBusConnection *bus, const gchar *sender, const gchar *path,
                     const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)name;
	struct session *s = user;
	gboolean going = FALSE;
	if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(b)")))
		return;
	g_variant_get(args, "(b)", &going);
	set(s, &s->state.asleep, going);
}

/* Lock and Unlock come to one session object; those of other sessions are not ours. */
static void on_lock(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)interface, (void)args;
	struct session *s = user;
	if (s->logind_path == NULL || strcmp(path, s->logind_path) != 0)
		return;
	set(s, &s->state.locked, strcmp(name, "Lock") == 0);
}

static void take_properties(struct session *s, GVariant *properties, bool of_our_session)
{
	gboolean value = FALSE;
	if (g_variant_lookup(properties, "LidClosed", "b", &value))
		set(s, &s->state.lid_closed, value);
	if (of_our_session && g_variant_lookup(properties, "LockedHint", "b", &value))
		set(s, &s->state.locked, value);
}

/* PropertiesChanged of the manager (LidClosed) and of our session (LockedHint). */
static void on_properties(GDBusConnection *bus, const gchar *sender, const gchar *path,
                          const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)interface, (void)name;
	struct session *s = user;
	if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(sa{sv}as)")))
		return;
	GVariant *changed = g_variant_get_child_value(args, 1);
	take_properties(s, changed, s->logind_path != NULL && strcmp(path, s->logind_path) == 0);
	g_variant_unref(changed);
}

static guint listen_for(struct session *s, GDBusConnection *bus, const char *sender,
                        const char *interface, const char *member, GDBusSignalCallback callback)
{
	return g_dbus_connection_signal_subscribe(bus, sender, interface, member, NULL, NULL,
	                                          G_DBUS_SIGNAL_FLAGS_NONE, callback, s, NULL);
}

/* ---- how things are at the start ---- */

/* False: session_free() came first, and there is no session any more. No answer: nobody there. */
static bool take_answer(GObject *bus, GAsyncResult *result, GVariant **answer)
{
	GError *error = NULL;
	*answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, &error);
	const bool cancelled = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
	g_clear_error(&error);
	return !cancelled;
}

static void know(struct session *s)
{
	if (s->unanswered == 0 && !s->state.known)
		set(s, &s->state.known, true);
}

static void answered(struct session *s, GVariant *answer)
{
	g_clear_pointer(&answer, g_variant_unref);
	s->unanswered--;
	know(s);
}

static void ask(struct session *s, GDBusConnection *bus, const char *name, const char *path,
                const char *interface, const char *method, GVariant *arguments, const char *answer,
                GAsyncReadyCallback callback)
{
	const int wait_ms = 2000;
	s->unanswered++;
	g_dbus_connection_call(bus, name, path, interface, method, arguments, G_VARIANT_TYPE(answer),
	                       G_DBUS_CALL_FLAGS_NO_AUTO_START, wait_ms, s->stop, callback, s);
}

static void on_saver_active(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct session *s = user;
	GVariant *answer;
	gboolean active = FALSE;
	if (!take_answer(bus, result, &answer))
		return;
	if (answer != NULL)
		g_variant_get(answer, "(b)", &active);
	if (active) /* one that is not says nothing of the others */
		set(s, &s->state.locked, true);
	answered(s, answer);
}

static void take_all(GObject *bus, GAsyncResult *result, struct session *s, bool of_our_session)
{
	GVariant *answer;
	if (!take_answer(bus, result, &answer))
		return;
	GVariant *properties = answer != NULL ? g_variant_get_child_value(answer, 0) : NULL;
	const bool locked = s->state.locked;
	if (properties != NULL)
		take_properties(s, properties, of_our_session);
	if (locked) /* by a screen saver, of which logind need not know */
		set(s, &s->state.locked, true);
	g_clear_pointer(&properties, g_variant_unref);
	answered(s, answer);
}

static void on_manager_state(GObject *bus, GAsyncResult *result, gpointer user)
{
	take_all(bus, result, user, false);
}

static void on_session_state(GObject *bus, GAsyncResult *result, gpointer user)
{
	take_all(bus, result, user, true);
}

static void on_session_path(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct session *s = user;
	GVariant *answer;
	if (!take_answer(bus, result, &answer))
		return;
	if (answer != NULL) {
		g_variant_get(answer, "(o)", &s->logind_path);
		ask(s, s->system_bus, logind, s->logind_path, "org.freedesktop.DBus.Properties", "GetAll",
		    g_variant_new("(s)", "org.freedesktop.login1.Session"), "(a{sv})", on_session_state);
	}
	answered(s, answer);
}

/* ---- whom to listen to ---- */

static void watch_logind(struct session *s)
{
	int n = s->session_subscriptions;
	s->subscriptions[n++] = listen_for(s, s->system_bus, logind, "org.freedesktop.login1.Manager",
	                                   "PrepareForSleep", on_sleep);
	s->subscriptions[n++] = listen_for(s, s->system_bus, logind, "org.freedesktop.login1.Session",
	                                   "Lock", on_lock);
	s->subscriptions[n++] = listen_for(s, s->system_bus, logind, "org.freedesktop.login1.Session",
	                                   "Unlock", on_lock);
	s->subscriptions[n++] = listen_for(s, s->system_bus, logind, "org.freedesktop.DBus.Properties",
	                                   "PropertiesChanged", on_properties);
	s->system_subscriptions = n - s->session_subscriptions;
	ask(s, s->system_bus, logind, "/org/freedesktop/login1", "org.freedesktop.DBus.Properties", "GetAll",
	    g_variant_new("(s)", "org.freedesktop.login1.Manager"), "(a{sv})", on_manager_state);
	/* A user's service is in no session; "auto" is then the one at the display. */
	const char *id = getenv("XDG_SESSION_ID");
	ask(s, s->system_bus, logind, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "GetSession",
	    g_variant_new("(s)", id != NULL ? id : "auto"), "(o)", on_session_path);
}

static void watch_savers(struct session *s)
{
	static const struct {
		const char *name, *path;
	} savers[] = {
		{"org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"},
		{"org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"},
		{"org.mate.ScreenSaver", "/org/mate/ScreenSaver"},
		{"org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(savers); i++) {
		s->subscriptions[i] = listen_for(s, s->session_bus, NULL, savers[i].name, "ActiveChanged",
		                                 on_screen_saver);
		ask(s, s->session_bus, savers[i].name, savers[i].path, savers[i].name, "GetActive", NULL, "(b)",
		    on_saver_active);
	}
	s->session_subscriptions = G_N_ELEMENTS(savers);
}

struct session *session_watch(session_changed_fn *changed, void *user)
{
	struct session *s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->changed = changed;
	s->user = user;
	s->stop = g_cancellable_new();
	s->session_bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (s->session_bus != NULL)
		watch_savers(s);
	s->system_bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, NULL);
	if (s->system_bus != NULL) {
		g_dbus_connection_set_exit_on_close(s->system_bus, FALSE);
		watch_logind(s);
	}
	know(s);
	return s;
}

void session_free(struct session *s)
{
	if (s == NULL)
		return;
	g_cancellable_cancel(s->stop);
	for (int i = 0; i < s->session_subscriptions + s->system_subscriptions; i++)
		g_dbus_connection_signal_unsubscribe(
			i < s->session_subscriptions ? s->session_bus : s->system_bus,
			s->subscriptions[i]);
	g_clear_object(&s->stop);
	g_clear_object(&s->session_bus);
	g_clear_object(&s->system_bus);
	g_free(s->logind_path);
	free(s);
}
