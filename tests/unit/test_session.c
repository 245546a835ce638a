/* logind and the screen savers as they are, on a private bus that stands for both buses.
 *
 * Where each behaviour of the stand-in has its source:
 * - src/login/logind-session-dbus.c: Active, Class, State and LockedHint are told of when they
 *   change, Remote and User never do; Lock and Unlock are signals without arguments.
 * - org.freedesktop.login1(5), "The Manager Object": LidClosed and Docked are told of from version
 *   256 on; before, they are only to be read. GetSession takes "auto" from version 243 on, and an
 *   id that is not there is the error NoSuchSession.
 * - systemd.io/INHIBITOR_LOCKS: the lock is an open file; logind waits until it is closed, sends
 *   PrepareForSleep(true) before and PrepareForSleep(false) after, when a new lock is to be taken.
 * - pam_systemd(8): the classes, with "manager" from version 256 on.
 * - xfce4-screensaver's, mate-screensaver's and cinnamon-screensaver's ActiveChanged(b),
 *   GetActive() -> b. */
#include "daemon/session.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char xml[] =
	"<node><interface name='org.freedesktop.login1.Manager'>"
	"<method name='GetSession'><arg type='s' direction='in'/><arg type='o' "
	"direction='out'/></method>"
	"<method name='GetSessionByPID'><arg type='u' direction='in'/><arg type='o' "
	"direction='out'/></method>"
	"<method name='Inhibit'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
	"<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='h' "
	"direction='out'/></method>"
	"<property name='LidClosed' type='b' access='read'/><property name='Docked' type='b' "
	"access='read'/>"
	"</interface><interface name='org.freedesktop.login1.Session'>"
	"<property name='Active' type='b' access='read'/><property name='Remote' type='b' "
	"access='read'/>"
	"<property name='LockedHint' type='b' access='read'/><property name='IdleHint' type='b' "
	"access='read'/>"
	"<property name='Class' type='s' access='read'/>"
	"<property name='State' type='s' access='read'/><property name='User' type='(uo)' "
	"access='read'/>"
	"</interface><interface name='org.xfce.ScreenSaver'>"
	"<method name='GetActive'><arg type='b' direction='out'/></method></interface></node>";

static const char manager[] = "/org/freedesktop/login1";
static const char manager_interface[] = "org.freedesktop.login1.Manager";
static const char session_interface[] = "org.freedesktop.login1.Session";

/* A session of the stand-in's; c1 is the one at the display. */
struct there {
	const char *id, *path;
	bool active, remote, hint, idle;
	const char *class, *state;
	uid_t user;
};
static struct there sessions[3];
static struct {
	bool lid, docked, knows_auto, xfce;
	int locks_taken, lock; /* our end of the last one */
} machine;

static GDBusConnection *logind;
static struct session *session;
static struct session_state state;
static int lock_requests, unlock_requests;

static struct there *by_path(const char *path)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sessions); i++)
		if (sessions[i].path != NULL && strcmp(sessions[i].path, path) == 0)
			return &sessions[i];
	return NULL;
}

static void give_lock(GDBusMethodInvocation *call, GVariant *args)
{
	const char *what, *mode;
	int ends[2];
	g_variant_get(args, "(&s&s&s&s)", &what, NULL, NULL, &mode);
	assert_string_equal(what, "sleep");
	assert_string_equal(mode, "delay");
	assert_int_equal(pipe(ends), 0);
	GUnixFDList *files = g_unix_fd_list_new();
	g_unix_fd_list_append(files, ends[1], NULL);
	close(ends[1]);
	machine.lock = ends[0];
	machine.locks_taken++;
	g_dbus_method_invocation_return_value_with_unix_fd_list(call, g_variant_new("(h)", 0),
	                                                        files);
	g_object_unref(files);
}

static void on_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface,
                    const gchar *method, GVariant *args, GDBusMethodInvocation *call, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)user;
	const char *id = "";
	if (strcmp(method, "GetActive") == 0) {
		g_dbus_method_invocation_return_value(call, g_variant_new("(b)", machine.xfce));
		return;
	}
	if (strcmp(method, "Inhibit") == 0) {
		give_lock(call, args);
		return;
	}
	if (strcmp(method, "GetSession") == 0)
		g_variant_get(args, "(&s)", &id);
	if (strcmp(id, "auto") == 0 && machine.knows_auto)
		id = "c1";
	for (size_t i = 0; i < G_N_ELEMENTS(sessions); i++)
		if (sessions[i].id != NULL && strcmp(sessions[i].id, id) == 0) {
			g_dbus_method_invocation_return_value(
				call, g_variant_new("(o)", sessions[i].path));
			return;
		}
	if (strcmp(method, "GetSessionByPID") == 0 && !machine.knows_auto)
		g_dbus_method_invocation_return_value(call, g_variant_new("(o)", sessions[0].path));
	else
		g_dbus_method_invocation_return_dbus_error(call,
		                                           "org.freedesktop.login1.NoSuchSession",
		                                           "No session known");
}

static GVariant *on_get(GDBusConnection *bus, const gchar *sender, const gchar *path,
                        const gchar *interface,
                        const gchar *property, GError **error, gpointer user)
{
	(void)bus, (void)sender, (void)interface, (void)error, (void)user;
	const struct there *s = by_path(path);
	if (s == NULL)
		return g_variant_new_boolean(strcmp(property, "Docked") == 0 ? machine.docked
		                                                             : machine.lid);
	if (strcmp(property, "Class") == 0)
		return g_variant_new_string(s->class);
	if (strcmp(property, "State") == 0)
		return g_variant_new_string(s->state);
	if (strcmp(property, "User") == 0)
		return g_variant_new("(uo)", (guint32)s->user, "/org/freedesktop/login1/user/_1");
	return g_variant_new_boolean(strcmp(property, "Active") == 0 ? s->active
	                             : strcmp(property, "Remote") == 0 ? s->remote
	                             : strcmp(property, "IdleHint") == 0 ? s->idle : s->hint);
}

static void emit(const char *path, const char *interface, const char *name, GVariant *args)
{
	g_dbus_connection_emit_signal(logind, NULL, path, interface, name, args, NULL);
}

static void tell_property(const char *path, const char *interface, const char *property,
                          GVariant *value)
{
	GVariantBuilder b;
	g_variant_builder_init(&b, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&b, "{sv}", property, value);
	emit(path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
	     g_variant_new("(sa{sv}as)", interface, &b, NULL));
}

/* ---- the daemon's side ---- */

static void on_changed(void *user, const struct session_state *now)
{
	(void)user;
	state = *now;
}

static void on_lock_request(void *user, bool lock)
{
	(void)user;
	lock_requests += lock;
	unlock_requests += !lock;
}

static gboolean on_quiet_time(gpointer flag)
{
	*(bool *)flag = true;
	return G_SOURCE_REMOVE;
}

/* The bus has handed over whatever was sent before the call. */
static void go_round(GDBusConnection *bus)
{
	GVariant *r = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus",
	                                          "/", "org.freedesktop.DBus",
	                                          "GetId", NULL, NULL,
	                                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
	g_clear_pointer(&r, g_variant_unref);
}

/* Until everything that was sent has come and been answered, and the answer's answer: round and
 * round, and each time until nothing happens. */
static void settle(void)
{
	enum { ROUNDS = 4, QUIET_MS = 40 };
	GDBusConnection *daemons = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		go_round(logind);
		go_round(daemons);
		for (bool quiet = false; !quiet;) {
			const guint timer = g_timeout_add(QUIET_MS, on_quiet_time, &quiet);
			g_main_context_iteration(NULL, TRUE);
			if (!quiet)
				g_source_remove(timer);
		}
	}
	g_object_unref(daemons);
}

static void begin(void)
{
	static const struct session_callbacks callbacks = {on_changed, on_lock_request, NULL};
	state = (struct session_state){0};
	lock_requests = unlock_requests = 0;
	session = session_watch(&callbacks);
	settle();
	assert_true(state.known);
}

static int set_up(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(sessions); i++)
		sessions[i] = (struct there){.active = true, .class = "user",
		                             .state = "active", .user = getuid()};
	sessions[0].id = "c1", sessions[0].path = "/org/freedesktop/login1/session/c1";
	sessions[1].id = "c2", sessions[1].path = "/org/freedesktop/login1/session/c2";
	machine.lid = machine.docked = machine.xfce = false;
	machine.knows_auto = true;
	machine.locks_taken = 0;
	unsetenv("XDG_SESSION_ID");
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	session_free(session);
	session = NULL;
	settle();
	return 0;
}

/* ---- tests ---- */

static void a_lid_that_is_never_told_of_is_read(void **unused)
{
	(void)unused;
	machine.lid = true;
	begin();
	assert_true(state.lid_closed);
	machine.lid = false;
	settle();
	assert_true(state.lid_closed);
	session_ask(session);
	settle();
	assert_false(state.lid_closed);
	machine.lid = machine.docked = true;
	session_ask(session);
	settle();
	assert_true(state.lid_closed);
	assert_true(state.docked);
}

static void a_lid_that_is_told_of_is_heard(void **unused)
{
	(void)unused;
	begin();
	tell_property(manager, manager_interface, "LidClosed", g_variant_new_boolean(TRUE));
	settle();
	assert_true(state.lid_closed);
	tell_property(manager, manager_interface, "LidClosed", g_variant_new_boolean(FALSE));
	settle();
	assert_false(state.lid_closed);
}

static void locking_is_asked_for_and_is_a_state(void **unused)
{
	(void)unused;
	begin();
	emit(sessions[1].path, session_interface, "Lock", NULL); /* another's */
	settle();
	assert_int_equal(lock_requests, 0);
	emit(sessions[0].path, session_interface, "Lock", NULL);
	settle();
	assert_int_equal(lock_requests, 1);
	assert_false(state.locked);
	tell_property(sessions[0].path, session_interface, "LockedHint",
	              g_variant_new_boolean(TRUE));
	settle();
	assert_true(state.locked);
	emit(sessions[0].path, session_interface, "Unlock", NULL);
	settle();
	assert_int_equal(unlock_requests, 1);
	assert_true(state.locked);
	tell_property(sessions[0].path, session_interface, "LockedHint",
	              g_variant_new_boolean(FALSE));
	settle();
	assert_false(state.locked);
}

static void idleness_is_read_and_heard(void **unused)
{
	(void)unused;
	sessions[0].idle = true;
	begin();
	assert_true(state.idle);
	tell_property(sessions[1].path, session_interface, "IdleHint",
	              g_variant_new_boolean(FALSE));
	settle();
	assert_true(state.idle);
	tell_property(sessions[0].path, session_interface, "IdleHint",
	              g_variant_new_boolean(FALSE));
	settle();
	assert_false(state.idle || state.locked);
}

static void who_is_in_front_is_read_and_heard(void **unused)
{
	(void)unused;
	sessions[0].active = false;
	begin();
	assert_true(state.inactive);
	tell_property(sessions[1].path, session_interface, "Active", g_variant_new_boolean(TRUE));
	settle();
	assert_true(state.inactive);
	tell_property(sessions[0].path, session_interface, "Active", g_variant_new_boolean(TRUE));
	settle();
	assert_false(state.inactive);
	assert_false(state.greeter || state.remote);
}

static void greeters_and_remote_sessions_are_known(void **unused)
{
	(void)unused;
	sessions[0].class = "greeter";
	sessions[0].remote = true;
	begin();
	assert_true(state.greeter);
	assert_true(state.remote);
	tell_property(sessions[0].path, session_interface, "Class", g_variant_new_string("user"));
	settle();
	assert_false(state.greeter);
}

static void is_c1(void)
{
	begin();
	assert_true(state.locked);
	tear_down(NULL);
}

static void a_stale_environment_falls_back(void **unused)
{
	(void)unused;
	sessions[0].hint = true; /* by which it is known */
	setenv("XDG_SESSION_ID", "7", 1);
	is_c1();
	setenv("XDG_SESSION_ID", "c2", 1);
	sessions[1].user = getuid() + 1; /* the number was given away again */
	is_c1();
	sessions[1].user = getuid();
	sessions[1].state = "closing";
	is_c1();
	sessions[1].state = "active";
	sessions[1].class = "manager";
	is_c1();
	unsetenv("XDG_SESSION_ID");
	machine.knows_auto = false; /* before 243: by the process */
	is_c1();
	setenv("XDG_SESSION_ID", "c2", 1);
	sessions[1].class = "user"; /* and one that is good is taken */
	begin();
	assert_false(state.locked);
}

static void a_session_that_ends_is_left(void **unused)
{
	(void)unused;
	sessions[1].hint = true;
	setenv("XDG_SESSION_ID", "c2", 1);
	begin();
	assert_true(state.locked);
	const char *path = sessions[1].path;
	sessions[1].id = NULL;
	emit(manager, manager_interface, "SessionRemoved", g_variant_new("(so)", "c2", path));
	settle();
	assert_false(state.locked);
	tell_property(sessions[0].path, session_interface, "Active", g_variant_new_boolean(FALSE));
	settle();
	assert_true(state.inactive);
}

static void tell_saver(const char *name, bool on)
{
	emit("/some/where", name, "ActiveChanged", g_variant_new("(b)", on));
	settle();
}

static void every_screen_saver_counts(void **unused)
{
	(void)unused;
	begin();
	tell_saver("org.xfce.ScreenSaver", true);
	assert_true(state.locked);
	tell_saver("org.gnome.ScreenSaver", true);
	tell_saver("org.gnome.ScreenSaver", false); /* says nothing of the other */
	assert_true(state.locked);
	tell_saver("org.xfce.ScreenSaver", false);
	assert_false(state.locked);
	static const char *const names[] = {"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver",
		"org.mate.ScreenSaver", "org.cinnamon.ScreenSaver", "org.xfce.ScreenSaver"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		tell_saver(names[i], true);
		assert_true(state.locked);
		tell_saver(names[i], false);
		assert_false(state.locked);
	}
}

static void a_screen_saver_that_is_gone_is_off(void **unused)
{
	(void)unused;
	machine.xfce = true;
	const guint name = g_bus_own_name_on_connection(logind, "org.xfce.ScreenSaver",
	                                                0, NULL, NULL, NULL, NULL);
	settle();
	begin();
	assert_true(state.locked);
	g_bus_unown_name(name);
	settle();
	assert_false(state.locked);
}

static bool lock_is_open(void)
{
	struct pollfd end = {.fd = machine.lock};
	return poll(&end, 1, 0) == 0;
}

static void sleep_waits_for_the_camera(void **unused)
{
	(void)unused;
	begin();
	assert_int_equal(machine.locks_taken, 1);
	session_may_sleep(session); /* nobody wants to */
	settle();
	assert_true(lock_is_open());
	emit(manager, manager_interface, "PrepareForSleep", g_variant_new("(b)", TRUE));
	settle();
	assert_true(state.asleep);
	assert_true(lock_is_open());
	session_may_sleep(session);
	settle();
	assert_false(lock_is_open());
	close(machine.lock);
	emit(manager, manager_interface, "PrepareForSleep", g_variant_new("(b)", FALSE));
	settle();
	assert_false(state.asleep);
	assert_int_equal(machine.locks_taken, 2);
	assert_true(lock_is_open());
	/* Never given back, because the camera was not off in time: it is good for the next
	 * time. */
	emit(manager, manager_interface, "PrepareForSleep", g_variant_new("(b)", TRUE));
	settle();
	emit(manager, manager_interface, "PrepareForSleep", g_variant_new("(b)", FALSE));
	settle();
	assert_int_equal(machine.locks_taken, 2);
	assert_true(lock_is_open());
}

int main(void)
{
	static const GDBusInterfaceVTable table = {.method_call = on_call, .get_property = on_get};
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_lid_that_is_never_told_of_is_read,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_lid_that_is_told_of_is_heard, set_up, tear_down),
		cmocka_unit_test_setup_teardown(locking_is_asked_for_and_is_a_state,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(idleness_is_read_and_heard, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_is_in_front_is_read_and_heard,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(greeters_and_remote_sessions_are_known,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_stale_environment_falls_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_session_that_ends_is_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_screen_saver_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_screen_saver_that_is_gone_is_off,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(sleep_waits_for_the_camera, set_up, tear_down),
	};
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");
	if (getenv("UNKNOT_TEST_BUS") == NULL || address == NULL)
		return 77;
	setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
	logind = g_dbus_connection_new_for_address_sync(
		address,
		G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
		G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, NULL);
	if (logind == NULL)
		return 1;
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(xml, NULL);
	g_dbus_connection_register_object(logind, manager, node->interfaces[0],
	                                  &table, NULL, NULL, NULL);
	for (int i = 1; i <= 2; i++) {
		char *path = g_strdup_printf("/org/freedesktop/login1/session/c%d", i);
		g_dbus_connection_register_object(logind, path, node->interfaces[1],
		                                  &table, NULL, NULL, NULL);
		g_free(path);
	}
	g_dbus_connection_register_object(logind, "/org/xfce/ScreenSaver",
	                                  node->interfaces[2], &table, NULL, NULL, NULL);
	g_bus_own_name_on_connection(logind, "org.freedesktop.login1", 0, NULL, NULL, NULL, NULL);
	settle();
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	g_dbus_node_info_unref(node);
	return failed;
}
