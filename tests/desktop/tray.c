/* tray UNKNOT: a host for status icons and a daemon, as `unknot tray` meets them. */
#include <gio/gio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char xml[] =
	"<node><interface name='org.kde.StatusNotifierWatcher'>"
	"<method name='RegisterStatusNotifierItem'><arg type='s' "
	"direction='in'/></method></interface>"
	"<interface name='io.github.unknot.Daemon1'><method name='Snooze'><arg type='u' "
	"direction='in'/></method>"
	"<property name='Presence' type='s' access='read'/><property name='Posture' type='s' "
	"access='read'/>"
	"</interface><interface name='org.freedesktop.Application'><method name='ActivateAction'>"
	"<arg type='s' direction='in'/><arg type='av' direction='in'/><arg type='a{sv}' "
	"direction='in'/></method>"
	"</interface></node>";

#define WATCHER "org.kde.StatusNotifierWatcher"
#define MENU "com.canonical.dbusmenu"

static char item[64];
static unsigned snoozed;
static char opened[256]; /* what the window was asked for */

static void on_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface,
                    const gchar *method, GVariant *args, GDBusMethodInvocation *call, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)user;
	if (strcmp(method, "Snooze") == 0) {
		guint32 seconds;
		g_variant_get(args, "(u)", &seconds);
		snoozed = seconds;
	} else if (strcmp(method, "ActivateAction") == 0) {
		char *text = g_variant_print(args, FALSE);
		snprintf(opened, sizeof opened, "%s", text);
		g_free(text);
	} else {
		const char *name;
		g_variant_get(args, "(&s)", &name);
		snprintf(item, sizeof item, "%s", name);
	}
	g_dbus_method_invocation_return_value(call, NULL);
}

static GVariant *on_get(GDBusConnection *bus, const gchar *sender, const gchar *path,
                        const gchar *interface, const gchar *name, GError **error, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)error, (void)user;
	return g_variant_new_string(strcmp(name, "Presence") == 0 ? "present" : "forward_head");
}

static gboolean on_tick(gpointer user)
{
	--*(int *)user;
	return G_SOURCE_CONTINUE;
}

/* Until *what is not zero, ten seconds at most. */
static void wait_for(const void *what, size_t size)
{
	static const char zero[sizeof item];
	int ticks = 100;
	const guint timer = g_timeout_add(100, on_tick, &ticks);
	while (memcmp(what, zero, size) == 0 && ticks > 0)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(timer);
	if (ticks == 0) {
		puts("FAILED: nothing came");
		exit(1);
	}
}

static GVariant *result;

static void on_result(GObject *bus, GAsyncResult *got, gpointer user)
{
	(void)user;
	GError *why = NULL;
	result = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), got, &why);
	if (result == NULL) {
		printf("FAILED: %s\n", why->message);
		exit(1);
	}
}

/* Asks the item, and answers it meanwhile. */
static char *ask(GDBusConnection *bus, const char *path, const char *interface,
                 const char *method, GVariant *args)
{
	result = NULL;
	g_dbus_connection_call(bus, item, path, interface, method, args,
	                       NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, on_result, NULL);
	wait_for(&result, sizeof result);
	char *text = g_variant_print(result, FALSE);
	g_variant_unref(result);
	return text;
}

static void expect(char *text, const char *part)
{
	if (strstr(text, part) == NULL) {
		printf("FAILED: no %s in %s\n", part, text);
		exit(1);
	}
	g_free(text);
}

/* The row of the menu with this label. */
static int id_of(GDBusConnection *bus, const char *label)
{
	for (int id = 1; id < 20; id++) {
		char *text = ask(bus, "/Menu", "com.canonical.dbusmenu", "GetLayout",
		                 g_variant_new("(iias)", id, -1, NULL));
		const bool is = strstr(text, label) != NULL;
		g_free(text);
		if (is)
			return id;
	}
	printf("FAILED: no row says %s\n", label);
	exit(1);
}

/* Owned when it returns: the child looks for the name as soon as it runs. */
static void own(GDBusConnection *bus, const char *name)
{
	GError *why = NULL;
	guint32 as = 0;
	GVariant *answer = g_dbus_connection_call_sync(
		bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
		"RequestName",
		g_variant_new("(su)", name, 0), G_VARIANT_TYPE("(u)"),
		G_DBUS_CALL_FLAGS_NONE, -1, NULL, &why);
	if (answer != NULL)
		g_variant_get(answer, "(u)", &as);
	if (as != 1) { /* DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER */
		printf("FAILED: %s is not ours: %s\n", name,
		       answer == NULL ? why->message : "it is another's");
		exit(1);
	}
	g_variant_unref(answer);
}

/* What is waited for is not zero: a failure, as it should be. */
static int second_status;

static void on_ended(GPid pid, gint status, gpointer user)
{
	(void)pid;
	*(int *)user = status;
}

static void give_up(GDBusConnection *bus, const char *name)
{
	GVariant *answer = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus",
	                                               "/org/freedesktop/DBus",
	                                               "org.freedesktop.DBus", "ReleaseName",
	                                               g_variant_new("(s)", name), NULL,
	                                               G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
	g_variant_unref(answer);
}

static void wait_for_name(GDBusConnection *bus, const char *name)
{
	for (int tries = 0; tries < 100; tries++) {
		/* It asks the daemon, which we are. */
		while (g_main_context_iteration(NULL, FALSE))
			continue;
		gboolean owned = FALSE;
		GVariant *answer = g_dbus_connection_call_sync(
			bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
			"org.freedesktop.DBus",
			"NameHasOwner", g_variant_new("(s)", name), G_VARIANT_TYPE("(b)"),
			G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
		g_variant_get(answer, "(b)", &owned);
		g_variant_unref(answer);
		if (owned)
			return;
		g_usleep(100000);
	}
	printf("FAILED: nobody owns %s\n", name);
	exit(1);
}

/* A method that is not there is no answer. */
static bool is_refused(GDBusConnection *bus, const char *path, const char *interface,
                       const char *method, GVariant *args)
{
	GVariant *answer = g_dbus_connection_call_sync(bus, item, path,
	                                               interface, method, args, NULL,
	                                               G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
	if (answer != NULL)
		g_variant_unref(answer);
	return answer == NULL;
}

/* What libdbusmenu asks besides. */
static void test_groups(GDBusConnection *bus)
{
	expect(ask(bus, "/Menu", MENU, "AboutToShowGroup", g_variant_new_parsed("([1, 77],)")),
	       "[77]");
	expect(ask(bus, "/Menu", MENU, "GetProperty", g_variant_new("(is)", 1, "enabled")),
	       "false");
	expect(ask(bus, "/Menu", MENU, "GetLayout", g_variant_new("(iias)", 0, 0, NULL)),
	       "}, []))");
	expect(ask(bus, "/Menu", "org.freedesktop.DBus.Properties", "GetAll",
	           g_variant_new("(s)", MENU)),
	       "'TextDirection': <'ltr'>");
	if (!is_refused(bus, "/Menu", MENU, "GetProperty", g_variant_new("(is)", 77, "label")) ||
	    !is_refused(bus, "/StatusNotifierItem", "org.kde.StatusNotifierItem", "Activate",
	                g_variant_new("(ii)", 0, 0))) {
		puts("FAILED: it answers what it should not");
		exit(1);
	}
}

/* With a window on the bus: a click opens it, and so does the menu. */
static void test_window(GDBusConnection *bus, char **arguments)
{
	GPid pid;
	own(bus, "io.github.unknot");
	memset(item, 0, sizeof item);
	if (!g_spawn_async(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
	                   NULL, NULL, &pid, NULL))
		exit(1);
	wait_for(item, sizeof item);
	g_free(ask(bus, "/StatusNotifierItem", "org.kde.StatusNotifierItem",
	           "ProvideXdgActivationToken", g_variant_new("(s)", "leave")));
	g_free(ask(bus, "/StatusNotifierItem", "org.kde.StatusNotifierItem", "Activate",
	           g_variant_new("(ii)", 700, 10)));
	wait_for(opened, sizeof item);
	expect(g_strdup(opened), "('show', [<''>], {");
	expect(g_strdup(opened), "'activation-token': <'leave'>");
	expect(ask(bus, "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get",
	           g_variant_new("(ss)", "org.kde.StatusNotifierItem", "ItemIsMenu")), "false");
	memset(opened, 0, sizeof opened);
	g_free(ask(bus, "/Menu", MENU, "Event",
	           g_variant_new("(isvu)", id_of(bus, "Preview"), "clicked",
	                         g_variant_new_string(""), 0)));
	wait_for(opened, sizeof item);
	expect(g_strdup(opened), "<'preview'>");
	kill(pid, SIGTERM);
}

int main(int argc, char **argv)
{
	static const GDBusInterfaceVTable vtable = {on_call, on_get, NULL, {0}};
	if (argc != 2 || getenv("UNKNOT_TEST_BUS") == NULL)
		return 77;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	GDBusNodeInfo *info = g_dbus_node_info_new_for_xml(xml, NULL);
	char *arguments[] = {argv[1], "tray", NULL};
	GPid pid;
	g_dbus_connection_register_object(bus, "/StatusNotifierWatcher",
	                                  info->interfaces[0], &vtable, NULL, NULL, NULL);
	g_dbus_connection_register_object(bus, "/io/github/unknot/Daemon",
	                                  info->interfaces[1], &vtable, NULL, NULL, NULL);
	g_dbus_connection_register_object(bus, "/io/github/unknot", info->interfaces[2],
	                                  &vtable, NULL, NULL, NULL);
	own(bus, "io.github.unknot.Daemon");
	/* It is started before there is a host, and told of each. */
	if (!g_spawn_async(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
	                   NULL, NULL, &pid, NULL))
		return 1;
	wait_for_name(bus, "io.github.unknot.Tray");
	for (int host = 0; host < 2; host++) {
		item[0] = '\0';
		own(bus, WATCHER);
		wait_for(item, sizeof item);
		give_up(bus, WATCHER);
	}
	own(bus, WATCHER);
	/* One is enough. */
	GPid second;
	if (!g_spawn_async(NULL, arguments, NULL,
	                   G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
	                   NULL, &second, NULL))
		return 1;
	g_child_watch_add(second, on_ended, &second_status);
	wait_for(&second_status, sizeof second_status);
	expect(ask(bus, "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "GetAll",
	           g_variant_new("(s)", "org.kde.StatusNotifierItem")), "forward head");
	expect(ask(bus, "/Menu", "com.canonical.dbusmenu", "GetLayout",
	           g_variant_new("(iias)", 0, -1, NULL)),
	       "Camera off");
	/* The state at the top, which nobody can choose. */
	expect(ask(bus, "/Menu", "com.canonical.dbusmenu", "GetLayout",
	           g_variant_new("(iias)", 1, -1, NULL)),
	       "'enabled': <false>");
	test_groups(bus);
	GVariantBuilder events;
	g_variant_builder_init(&events, G_VARIANT_TYPE("a(isvu)"));
	g_variant_builder_add(&events, "(isvu)", 0, "opened", g_variant_new_string(""), 0);
	g_variant_builder_add(&events, "(isvu)", id_of(bus, "Snooze 30 min"), "clicked",
	                      g_variant_new_string(""), 0);
	g_variant_builder_add(&events, "(isvu)", 99, "clicked", g_variant_new_string(""), 0);
	expect(ask(bus, "/Menu", MENU, "EventGroup", g_variant_new("(a(isvu))", &events)), "[99]");
	wait_for(&snoozed, sizeof snoozed);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	test_window(bus, arguments);
	g_dbus_node_info_unref(info);
	if (snoozed != 1800)
		printf("FAILED: snoozed for %u s\n", snoozed);
	return snoozed != 1800;
}
