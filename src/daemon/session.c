#include "daemon/session.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char logind[] = "org.freedesktop.login1", manager_path[] = "/org/freedesktop/login1";
static const char manager_interface[] = "org.freedesktop.login1.Manager";
static const char session_interface[] = "org.freedesktop.login1.Session";
static const char properties_interface[] = "org.freedesktop.DBus.Properties";

/* Where a screen saver says that it is on. GNOME's, MATE's, Cinnamon's and Xfce's have an interface
 * of their own; KDE's is the freedesktop one. */
static const struct {
	const char *name, *path;
} savers[] = {
	{"org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"},
	{"org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"},
	{"org.mate.ScreenSaver", "/org/mate/ScreenSaver"},
	{"org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"},
	{"org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"},
};

enum { SAVERS = G_N_ELEMENTS(savers), SUBSCRIPTIONS_MAX = 16, LID_EVERY_S = 3, WAIT_MS = 2000 };

/* How our session is looked for, in this order: by the environment, which may be an older
 * session's; as the caller's, or where it has none (a user's service) the one at the display; and
 * the same of logind before version 243, which does not know "auto". */
enum lookup { BY_ENVIRONMENT, BY_AUTO, BY_PROCESS, LOOKUPS };

struct asked_saver {
	struct session *session;
	int row;
};

struct session {
	struct session_callbacks call;
	struct session_state state;
	bool locked_hint;
	unsigned savers_on;       /* bits 1u << row of `savers` */
	GDBusConnection *session_bus, *system_bus;
	struct {
		GDBusConnection *bus; /* borrowed */
		guint id;
	} subscriptions[SUBSCRIPTIONS_MAX];
	int subscription_count;
	guint saver_names[SAVERS];
	struct asked_saver asked[SAVERS];
	char *path;               /* of our session's object; NULL: none found */
	enum lookup lookup;
	int delay_lock;           /* an open file keeps the machine awake; -1 */
	guint lid_timer;
	GCancellable *stop;       /* ends the calls that may outlive session_free */
	int unanswered;           /* of the questions at the start */
};

static void set(struct session *s, bool *flag, bool value)
{
	if (*flag == value)
		return;
	*flag = value;
	s->call.changed(s->call.user, &s->state);
}

static void set_locked(struct session *s)
{
	set(s, &s->state.locked, s->locked_hint || s->savers_on != 0);
}

/* ---- calls ---- */

/* False: session_free() came first, and there is no session any more. No answer: nobody there. */
static bool take_answer(GObject *bus, GAsyncResult *result, GVariant **answer)
{
	GError *error = NULL;
	*answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, &error);
	const bool cancelled = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
	g_clear_error(&error);
	return !cancelled;
}

static void call(struct session *s, GDBusConnection *bus, const char *name, const char *path,
                 const char *interface, const char *method, GVariant *arguments, const char *answer,
                 GAsyncReadyCallback callback)
{
	g_dbus_connection_call(bus, name, path, interface, method, arguments,
	                       G_VARIANT_TYPE(answer),
	                       G_DBUS_CALL_FLAGS_NO_AUTO_START, WAIT_MS, s->stop, callback, s);
}

static void know(struct session *s)
{
	if (s->unanswered == 0)
		set(s, &s->state.known, true);
}

/* Of a question that the first look waits for: `call` with s->unanswered counted up. */
static void answered(struct session *s, GVariant *answer)
{
	g_clear_pointer(&answer, g_variant_unref);
	if (s->unanswered > 0)
		s->unanswered--;
	know(s);
}

/* ---- screen savers ---- */

static void set_saver(struct session *s, int row, bool on)
{
	const unsigned bit = 1u << row;
	s->savers_on = on ? s->savers_on | bit : s->savers_on & ~bit;
	set_locked(s);
}

static int saver_row(const char *interface)
{
	for (int i = 0; i < (int)SAVERS; i++)
		if (strcmp(savers[i].name, interface) == 0)
			return i;
	return -1;
}

static void on_saver(GDBusConnection *bus, const gchar *sender, const gchar *path,
                     const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)name;
	gboolean active = FALSE;
	const int row = saver_row(interface);
	if (row < 0 || !g_variant_is_of_type(args, G_VARIANT_TYPE("(b)")))
		return;
	g_variant_get(args, "(b)", &active);
	set_saver(user, row, active);
}

/* It crashed or was ended: whatever it said holds no longer. */
static void on_saver_gone(GDBusConnection *bus, const gchar *name, gpointer user)
{
	struct session *s = user;
	(void)bus;
	const int row = saver_row(name);
	if (row >= 0)
		set_saver(s, row, false);
}

static void on_saver_active(GObject *bus, GAsyncResult *result, gpointer user)
{
	const struct asked_saver *asked = user;
	struct session *s;
	GVariant *answer;
	gboolean active = FALSE;
	if (!take_answer(bus, result, &answer))
		return;
	s = asked->session;
	if (answer != NULL)
		g_variant_get(answer, "(b)", &active);
	if (active)
		set_saver(s, asked->row, true);
	answered(s, answer);
}

/* ---- sleep ---- */

static void on_delay_lock(GObject *bus, GAsyncResult *result, gpointer user)
{
	GUnixFDList *files = NULL;
	GError *error = NULL;
	GVariant *answer = g_dbus_connection_call_with_unix_fd_list_finish(G_DBUS_CONNECTION(bus),
	                                                                   &files, result, &error);
	const bool cancelled = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
	g_clear_error(&error);
	gint32 index = -1;
	if (answer != NULL)
		g_variant_get(answer, "(h)", &index);
	const int file = files != NULL && index >= 0 && index < g_unix_fd_list_get_length(files)
	                 ? g_unix_fd_list_get(files, index, NULL) : -1;
	g_clear_pointer(&answer, g_variant_unref);
	g_clear_object(&files);
	if (cancelled) {
		if (file >= 0)
			close(file);
		return;
	}
	struct session *s = user;
	if (s->delay_lock >= 0)
		close(s->delay_lock);
	s->delay_lock = file;
	if (s->state.asleep && file >= 0) /* just in time: is the camera off? */
		s->call.changed(s->call.user, &s->state);
}

/* Without it logind puts the machine to sleep beside our letting go of the camera, whose lamp may
 * stay lit. */
static void take_delay_lock(struct session *s)
{
	g_dbus_connection_call_with_unix_fd_list(
		s->system_bus, logind, manager_path, manager_interface, "Inhibit",
		g_variant_new("(ssss)", "sleep", "unknotd", "The camera is switched off first",
		              "delay"),
		G_VARIANT_TYPE("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
		WAIT_MS, NULL, s->stop, on_delay_lock, s);
}

void session_may_sleep(struct session *s)
{
	if (s == NULL || !s->state.asleep || s->delay_lock < 0)
		return;
	close(s->delay_lock);
	s->delay_lock = -1;
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
	if (!going && s->delay_lock < 0)
		take_delay_lock(s);
	set(s, &s->state.asleep, going);
	session_ask(s); /* the lid may be another way since */
}

/* ---- the lid ---- */

static bool take_flag(GObject *bus, GAsyncResult *result, gboolean *flag)
{
	GVariant *answer, *value;
	if (!take_answer(bus, result, &answer) || answer == NULL)
		return false;
	g_variant_get(answer, "(v)", &value);
	const bool good = g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN);
	if (good)
		*flag = g_variant_get_boolean(value);
	g_variant_unref(value);
	g_variant_unref(answer);
	return good;
}

static void on_docked(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct session *s = user;
	gboolean docked;
	if (take_flag(bus, result, &docked))
		set(s, &s->state.docked, docked);
}

static void ask_manager(struct session *s, const char *property, GAsyncReadyCallback callback)
{
	call(s, s->system_bus, logind, manager_path, properties_interface, "Get",
	     g_variant_new("(ss)", manager_interface, property), "(v)", callback);
}

static void take_manager(struct session *s, GVariant *properties)
{
	gboolean value = FALSE;
	if (g_variant_lookup(properties, "Docked", "b", &value))
		set(s, &s->state.docked, value);
	if (g_variant_lookup(properties, "LidClosed", "b", &value))
		set(s, &s->state.lid_closed, value);
	if (s->state.lid_closed)
		ask_manager(s, "Docked", on_docked);
	if (g_variant_lookup(properties, "PreparingForSleep", "b", &value) && value)
		set(s, &s->state.asleep, true);
}

static void on_lid(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct session *s = user;
	gboolean closed;
	if (!take_flag(bus, result, &closed))
		return;
	if (closed) /* of what is open nobody asks where it stands */
		ask_manager(s, "Docked", on_docked);
	set(s, &s->state.lid_closed, closed);
}

void session_ask(struct session *s)
{
	if (s != NULL && s->system_bus != NULL)
		ask_manager(s, "LidClosed", on_lid);
}

static gboolean on_lid_timer(gpointer user)
{
	session_ask(user);
	return G_SOURCE_CONTINUE;
}

/* UPower's daemon, which most desktops run, tells of the lid at once. */
static void on_power(GDBusConnection *bus, const gchar *sender, const gchar *path,
                     const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)name;
	if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(sa{sv}as)")))
		return;
	GVariant *changed = g_variant_get_child_value(args, 1);
	gboolean closed;
	if (g_variant_lookup(changed, "LidIsClosed", "b", &closed))
		session_ask(user);
	g_variant_unref(changed);
}

/* A switch SW_LID, bit 0 (linux/input-event-codes.h), of whatever device the kernel has. */
static bool machine_has_lid(void)
{
	static const char folder[] = "/sys/class/input";
	GDir *devices = g_dir_open(folder, 0, NULL);
	const char *name;
	bool found = false;
	while (devices != NULL && !found && (name = g_dir_read_name(devices)) != NULL) {
		char *file = g_strdup_printf("%s/%s/capabilities/sw", folder, name), *text = NULL;
		found = g_str_has_prefix(name, "input") &&
		        g_file_get_contents(file, &text, NULL, NULL) &&
		        (g_ascii_strtoull(text, NULL, 16) & 1) != 0;
		g_free(text);
		g_free(file);
	}
	if (devices != NULL)
		g_dir_close(devices);
	return found;
}

/* ---- our session ---- */

static void take_session(struct session *s, GVariant *properties)
{
	gboolean value = FALSE;
	const char *class;
	if (g_variant_lookup(properties, "Active", "b", &value))
		set(s, &s->state.inactive, !value);
	if (g_variant_lookup(properties, "Remote", "b", &value))
		set(s, &s->state.remote, value);
	if (g_variant_lookup(properties, "IdleHint", "b", &value))
		set(s, &s->state.idle, value);
	if (g_variant_lookup(properties, "Class", "&s", &class))
		set(s, &s->state.greeter,
		    strcmp(class, "greeter") == 0 || strcmp(class, "lock-screen") == 0);
	if (g_variant_lookup(properties, "LockedHint", "b", &value)) {
		s->locked_hint = value;
		set_locked(s);
	}
}

/* Whether a person can be at it: ours, not on its way out, and not one that is kept for services
 * only (classes manager and background; from version 256 on the environment of a user's service
 * names such a one). */
static bool is_a_persons(GVariant *properties)
{
	const char *class = "user", *state = "active", *object;
	guint32 user = getuid();
	g_variant_lookup(properties, "Class", "&s", &class);
	g_variant_lookup(properties, "State", "&s", &state);
	g_variant_lookup(properties, "User", "(u&o)", &user, &object);
	return user == getuid() && strcmp(state, "closing") != 0 &&
	       !g_str_has_prefix(class, "manager") &&
	       !g_str_has_prefix(class, "background");
}

static void look_up(struct session *s);

/* No session: nothing is known of it. */
static void forget_session(struct session *s)
{
	g_clear_pointer(&s->path, g_free);
	s->locked_hint = false;
	set_locked(s);
	set(s, &s->state.inactive, false);
	set(s, &s->state.greeter, false);
	set(s, &s->state.remote, false);
	set(s, &s->state.idle, false);
}

static void look_further(struct session *s)
{
	if (++s->lookup < LOOKUPS)
		look_up(s);
	else
		forget_session(s);
}

static void on_session_state(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct session *s = user;
	GVariant *answer;
	if (!take_answer(bus, result, &answer))
		return;
	GVariant *properties = answer != NULL ? g_variant_get_child_value(answer, 0) : NULL;
	if (properties != NULL && is_a_persons(properties))
		take_session(s, properties);
	else
		look_further(s);
	g_clear_pointer(&properties, g_variant_unref);
	answered(s, answer);
}

static void on_session_path(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct session *s = user;
	GVariant *answer;
	if (!take_answer(bus, result, &answer))
		return;
	if (answer != NULL) {
		g_clear_pointer(&s->path, g_free);
		g_variant_get(answer, "(o)", &s->path);
		s->unanswered++;
		call(s, s->system_bus, logind, s->path, properties_interface, "GetAll",
		     g_variant_new("(s)", session_interface), "(a{sv})", on_session_state);
	} else {
		look_further(s);
	}
	answered(s, answer);
}

static void look_up(struct session *s)
{
	const char *id = getenv("XDG_SESSION_ID");
	if (s->lookup == BY_ENVIRONMENT && id == NULL)
		s->lookup = BY_AUTO;
	GVariant *which = s->lookup == BY_PROCESS ? g_variant_new("(u)", 0u)
	                                          : g_variant_new("(s)", s->lookup == BY_AUTO
	                                                          ? "auto" : id);
	s->unanswered++;
	call(s, s->system_bus, logind, manager_path, manager_interface,
	     s->lookup == BY_PROCESS ? "GetSessionByPID" : "GetSession",
	     which, "(o)", on_session_path);
}

/* A session came or went: ours may be another one now. */
static void on_sessions(GDBusConnection *bus, const gchar *sender, const gchar *path,
                        const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface;
	struct session *s = user;
	const char *object;
	if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(so)")))
		return;
	g_variant_get(args, "(&s&o)", NULL, &object);
	const bool ours_went = s->path != NULL && strcmp(name, "SessionRemoved") == 0 &&
	                       strcmp(object, s->path) == 0;
	if (!ours_went && s->path != NULL)
		return;
	forget_session(s);
	s->lookup = BY_ENVIRONMENT;
	look_up(s);
}

/* Lock and Unlock come to one session object; those of other sessions are not ours. */
static void on_lock(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)interface, (void)args;
	struct session *s = user;
	if (s->path != NULL && strcmp(path, s->path) == 0)
		s->call.lock_requested(s->call.user, strcmp(name, "Lock") == 0);
}

static void on_properties(GDBusConnection *bus, const gchar *sender, const gchar *path,
                          const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)interface, (void)name;
	struct session *s = user;
	if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(sa{sv}as)")))
		return;
	GVariant *changed = g_variant_get_child_value(args, 1);
	if (strcmp(path, manager_path) == 0)
		take_manager(s, changed);
	else if (s->path != NULL && strcmp(path, s->path) == 0)
		take_session(s, changed);
	g_variant_unref(changed);
}

static void on_manager_state(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct session *s = user;
	GVariant *answer;
	if (!take_answer(bus, result, &answer))
		return;
	GVariant *properties = answer != NULL ? g_variant_get_child_value(answer, 0) : NULL;
	if (properties != NULL)
		take_manager(s, properties);
	g_clear_pointer(&properties, g_variant_unref);
	answered(s, answer);
}

/* ---- whom to listen to ---- */

static void listen_for(struct session *s, GDBusConnection *bus, const char *sender,
                       const char *path,
                       const char *interface, const char *member, GDBusSignalCallback callback)
{
	const guint id = g_dbus_connection_signal_subscribe(bus, sender,
	                                                    interface, member, path, NULL,
	                                                    G_DBUS_SIGNAL_FLAGS_NONE,
	                                                    callback, s, NULL);
	s->subscriptions[s->subscription_count].bus = bus;
	s->subscriptions[s->subscription_count++].id = id;
}

static void watch_logind(struct session *s)
{
	GDBusConnection *bus = s->system_bus;
	listen_for(s, bus, logind, manager_path, manager_interface, "PrepareForSleep", on_sleep);
	listen_for(s, bus, logind, manager_path, manager_interface, "SessionNew", on_sessions);
	listen_for(s, bus, logind, manager_path, manager_interface, "SessionRemoved", on_sessions);
	listen_for(s, bus, logind, NULL, session_interface, "Lock", on_lock);
	listen_for(s, bus, logind, NULL, session_interface, "Unlock", on_lock);
	listen_for(s, bus, logind, NULL, properties_interface, "PropertiesChanged", on_properties);
	listen_for(s, bus, "org.freedesktop.UPower", "/org/freedesktop/UPower",
	           properties_interface, "PropertiesChanged", on_power);
	s->unanswered++;
	call(s, bus, logind, manager_path, properties_interface, "GetAll",
	     g_variant_new("(s)", manager_interface), "(a{sv})", on_manager_state);
	look_up(s);
	take_delay_lock(s);
	if (machine_has_lid())
		s->lid_timer = g_timeout_add_seconds(LID_EVERY_S, on_lid_timer, s);
}

static void watch_savers(struct session *s)
{
	for (int i = 0; i < (int)SAVERS; i++) {
		listen_for(s, s->session_bus, NULL, NULL, savers[i].name,
		           "ActiveChanged", on_saver);
		s->saver_names[i] = g_bus_watch_name_on_connection(s->session_bus, savers[i].name,
		                                                   G_BUS_NAME_WATCHER_FLAGS_NONE,
		                                                   NULL, on_saver_gone, s, NULL);
		s->unanswered++;
		s->asked[i] = (struct asked_saver){s, i};
		g_dbus_connection_call(s->session_bus, savers[i].name,
		                       savers[i].path, savers[i].name, "GetActive",
		                       NULL, G_VARIANT_TYPE("(b)"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
		                       WAIT_MS, s->stop, on_saver_active, &s->asked[i]);
	}
}

struct session *session_watch(const struct session_callbacks *callbacks)
{
	struct session *s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->call = *callbacks;
	s->delay_lock = -1;
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
	for (int i = 0; i < s->subscription_count; i++)
		g_dbus_connection_signal_unsubscribe(s->subscriptions[i].bus,
		                                     s->subscriptions[i].id);
	for (int i = 0; i < (int)SAVERS; i++)
		if (s->saver_names[i] != 0)
			g_bus_unwatch_name(s->saver_names[i]);
	if (s->lid_timer != 0)
		g_source_remove(s->lid_timer);
	if (s->delay_lock >= 0)
		close(s->delay_lock);
	g_clear_object(&s->stop);
	g_clear_object(&s->session_bus);
	g_clear_object(&s->system_bus);
	g_free(s->path);
	free(s);
}
