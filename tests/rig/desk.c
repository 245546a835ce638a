/* desk session|system: what a desktop and its machine have on the bus, for the daemon to hear and
 * speak to. session: a notification server that writes one line for each message, and a screen
 * saver. system: logind's manager and one session, as far as the daemon asks.
 * Commands on standard input, a line each: lock, unlock, sleep, wake, close, open (the lid); and
 * pause, resume, which the daemon is asked for at once: to start a program for it takes a guest a
 * second. */
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char notifications[] =
	"<node><interface name='org.freedesktop.Notifications'>"
	"<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
	"<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' "
	"direction='out'/>"
	"<arg type='s' direction='out'/><arg type='s' direction='out'/></method>"
	"<method name='CloseNotification'><arg type='u' direction='in'/></method>"
	"<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
	"<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' "
	"direction='in'/>"
	"<arg type='u' direction='out'/></method>"
	"</interface></node>";

static const char screen_saver[] =
	"<node><interface name='org.freedesktop.ScreenSaver'>"
	"<method name='GetActive'><arg type='b' direction='out'/></method>"
	"<signal name='ActiveChanged'><arg type='b'/></signal>"
	"</interface></node>";

static gboolean screen_saver_is_on;
static GDBusConnection *bus;
static guint32 next_id = 1;

static void say(const char *what, const char *more)
{
	printf("%.6f %s%s\n", (double)g_get_monotonic_time() / 1e6, what, more);
	fflush(stdout);
}

static void on_notification_call(GDBusConnection *from, const char *sender, const char *path,
                                 const char *interface, const char *method, GVariant *arguments,
                                 GDBusMethodInvocation *call, gpointer user)
{
	(void)from, (void)sender, (void)path, (void)interface, (void)user;
	static const char *const capabilities[] = {"actions", "body", NULL};
	GVariant *answer = NULL;
	if (strcmp(method, "GetCapabilities") == 0) {
		answer = g_variant_new("(^as)", capabilities);
	} else if (strcmp(method, "GetServerInformation") == 0) {
		answer = g_variant_new("(ssss)", "desk", "rig", "1", "1.2");
	} else if (strcmp(method, "Notify") == 0) {
		const char *summary, *body;
		guint32 replaces;
		g_variant_get(arguments, "(&su&s&s&sas@a{sv}i)", NULL,
		              &replaces, NULL, &summary, &body, NULL, NULL, NULL);
		char *text = g_strdup_printf("%s | %s", summary, body);
		say("message: ", g_strdelimit(text, "\n", ' '));
		g_free(text);
		answer = g_variant_new("(u)", replaces != 0 ? replaces : next_id++);
	}
	g_dbus_method_invocation_return_value(call, answer);
}

static void on_screen_saver_call(GDBusConnection *from, const char *sender, const char *path,
                                 const char *interface, const char *method, GVariant *arguments,
                                 GDBusMethodInvocation *call, gpointer user)
{
	(void)from, (void)sender, (void)path, (void)interface, (void)method,
		(void)arguments, (void)user;
	g_dbus_method_invocation_return_value(call, g_variant_new("(b)", screen_saver_is_on));
}

/* ---- the machine ---- */

static const char manager[] =
	"<node><interface name='org.freedesktop.login1.Manager'>"
	"<method name='GetSession'><arg type='s' direction='in'/><arg type='o' "
	"direction='out'/></method>"
	"<signal name='PrepareForSleep'><arg type='b'/></signal>"
	"<property name='LidClosed' type='b' access='read'/>"
	"<property name='PreparingForSleep' type='b' access='read'/>"
	"</interface></node>";
static const char seat_session[] =
	"<node><interface name='org.freedesktop.login1.Session'>"
	"<signal name='Lock'/><signal name='Unlock'/>"
	"<property name='LockedHint' type='b' access='read'/>"
	"</interface></node>";
static const char manager_path[] = "/org/freedesktop/login1";
static const char session_path[] = "/org/freedesktop/login1/session/_31";

static gboolean lid_closed, locked, asleep;

static void on_manager_call(GDBusConnection *from, const char *sender,
                            const char *path, const char *interface,
                            const char *method, GVariant *arguments, GDBusMethodInvocation *call,
                            gpointer user)
{
	(void)from, (void)sender, (void)path, (void)interface, (void)method,
		(void)arguments, (void)user;
	g_dbus_method_invocation_return_value(call, g_variant_new("(o)", session_path));
}

static GVariant *on_get(GDBusConnection *from, const char *sender, const char *path,
                        const char *interface, const char *property, GError **error, gpointer user)
{
	(void)from, (void)sender, (void)path, (void)interface, (void)error, (void)user;
	return g_variant_new_boolean(strcmp(property, "LidClosed") == 0 ? lid_closed
	                             : strcmp(property, "LockedHint") == 0 ? locked : asleep);
}

static void changed(const char *path, const char *interface, const char *property, gboolean value)
{
	GVariantBuilder b;
	g_variant_builder_init(&b, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&b, "{sv}", property, g_variant_new_boolean(value));
	g_dbus_connection_emit_signal(bus, NULL, path, "org.freedesktop.DBus.Properties",
	                              "PropertiesChanged",
	                              g_variant_new("(sa{sv}as)", interface, &b, NULL), NULL);
}

/* ---- commands ---- */

static void set_active(gboolean active)
{
	screen_saver_is_on = active;
	g_dbus_connection_emit_signal(bus, NULL, "/org/freedesktop/ScreenSaver",
	                              "org.freedesktop.ScreenSaver",
	                              "ActiveChanged", g_variant_new("(b)", active), NULL);
}

static void set_asleep(gboolean value)
{
	asleep = value;
	g_dbus_connection_emit_signal(bus, NULL, manager_path, "org.freedesktop.login1.Manager",
	                              "PrepareForSleep", g_variant_new("(b)", value), NULL);
}

static void set_locked(gboolean value)
{
	locked = value;
	g_dbus_connection_emit_signal(bus, NULL, session_path, "org.freedesktop.login1.Session",
	                              value ? "Lock" : "Unlock", NULL, NULL);
	changed(session_path, "org.freedesktop.login1.Session", "LockedHint", value);
}

static void ask_daemon(const char *method, GVariant *arguments)
{
	g_dbus_connection_call(bus, "io.github.unknot.Daemon", "/io/github/unknot/Daemon",
	                       "io.github.unknot.Daemon1", method, arguments,
	                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void obey(const char *command, gboolean on_system_bus)
{
	say("", command);
	if (strcmp(command, "lock") == 0 || strcmp(command, "unlock") == 0)
		on_system_bus ? set_locked(*command == 'l') : set_active(*command == 'l');
	else if (strcmp(command, "sleep") == 0 || strcmp(command, "wake") == 0)
		set_asleep(*command == 's');
	else if (strcmp(command, "close") == 0 || strcmp(command, "open") == 0)
		changed(manager_path, "org.freedesktop.login1.Manager",
		        "LidClosed", lid_closed = *command == 'c');
	else if (strcmp(command, "pause") == 0)
		ask_daemon("Pause", g_variant_new("(u)", 0u));
	else if (strcmp(command, "resume") == 0)
		ask_daemon("Resume", NULL);
	g_dbus_connection_flush_sync(bus, NULL, NULL);
}

static void read_command(GObject *source, GAsyncResult *result, gpointer user)
{
	GDataInputStream *in = G_DATA_INPUT_STREAM(source);
	char *line = g_data_input_stream_read_line_finish(in, result, NULL, NULL);
	if (line == NULL)
		_exit(0);
	obey(line, GPOINTER_TO_INT(user));
	g_free(line);
	g_data_input_stream_read_line_async(in, G_PRIORITY_DEFAULT, NULL, read_command, user);
}

static void serve(const char *path, const char *xml, const GDBusInterfaceVTable *table)
{
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(xml, NULL);
	g_dbus_connection_register_object(bus, path, node->interfaces[0], table, NULL, NULL, NULL);
	g_dbus_node_info_unref(node);
}

static void on_name(GDBusConnection *from, const char *name, gpointer user)
{
	(void)from, (void)user;
	say("has ", name);
}

static void on_no_name(GDBusConnection *from, const char *name, gpointer user)
{
	(void)from, (void)user;
	say("cannot have ", name);
	_exit(1);
}

static void own(const char *name)
{
	g_bus_own_name_on_connection(bus, name, G_BUS_NAME_OWNER_FLAGS_REPLACE,
	                             on_name, on_no_name, NULL, NULL);
}

int main(int argc, char **argv)
{
	static const GDBusInterfaceVTable server = {.method_call = on_notification_call};
	static const GDBusInterfaceVTable saver = {.method_call = on_screen_saver_call};
	static const GDBusInterfaceVTable machine = {.method_call = on_manager_call,
	                                             .get_property = on_get};
	const gboolean on_system_bus = argc == 2 && strcmp(argv[1], "system") == 0;
	GError *error = NULL;
	bus = g_bus_get_sync(on_system_bus ? G_BUS_TYPE_SYSTEM : G_BUS_TYPE_SESSION, NULL, &error);
	if (bus == NULL) {
		fprintf(stderr, "desk: %s\n", error->message);
		return 1;
	}
	if (on_system_bus) {
		serve(manager_path, manager, &machine);
		serve(session_path, seat_session, &machine);
		own("org.freedesktop.login1");
	} else {
		serve("/org/freedesktop/Notifications", notifications, &server);
		serve("/org/freedesktop/ScreenSaver", screen_saver, &saver);
		own("org.freedesktop.ScreenSaver");
		own("org.freedesktop.Notifications");
	}
	GInputStream *base = g_unix_input_stream_new(STDIN_FILENO, FALSE);
	GDataInputStream *commands = g_data_input_stream_new(base);
	g_data_input_stream_read_line_async(commands, G_PRIORITY_DEFAULT, NULL, read_command,
	                                    GINT_TO_POINTER(on_system_bus));
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
