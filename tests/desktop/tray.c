/* tray UNKNOT: a host for status icons and a daemon, as `unknot tray` meets them. */
#include <gio/gio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char xml[] =
	"<node><interface name='org.kde.StatusNotifierWatcher'>"
	"<method name='RegisterStatusNotifierItem'><arg type='s' "
	"direction='in'/></method></interface>"
	"<interface name='io.github.unknot.Daemon1'><method name='Snooze'><arg type='u' "
	"direction='in'/></method>"
	"<method name='Break'><arg type='s' direction='in'/></method>"
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
static const char *presence = "present";
static char asked_break[16];
static bool is_ready;             /* the host: one that has only just come is not */
static unsigned layouts, icons; /* how often the item said that they changed */
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
	} else if (strcmp(method, "Break") == 0) {
		const char *kind;
		g_variant_get(args, "(&s)", &kind);
		snprintf(asked_break, sizeof asked_break, "%s", kind);
	} else if (strcmp(method, "ActivateAction") == 0) {
		char *text = g_variant_print(args, FALSE);
		snprintf(opened, sizeof opened, "%s", text);
		g_free(text);
	} else if (!is_ready) {
		is_ready = true;
		g_dbus_method_invocation_return_error(call, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
		                                      "not yet");
		return;
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
	return g_variant_new_string(strcmp(name, "Presence") == 0 ? presence : "forward_head");
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

static void on_changed(GDBusConnection *bus, const gchar *sender, const gchar *path,
                       const gchar *interface, const gchar *signal, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)signal, (void)args;
	++*(unsigned *)user;
}

static char *row_of(GDBusConnection *bus, const char *label)
{
	return ask(bus, "/Menu", MENU, "GetLayout",
	           g_variant_new("(iias)", id_of(bus, label), -1, NULL));
}

static char *icon_of(GDBusConnection *bus)
{
	return ask(bus, "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get",
	           g_variant_new("(ss)", "org.kde.StatusNotifierItem", "IconName"));
}

static void click(GDBusConnection *bus, const char *label, const char *what)
{
	g_free(ask(bus, "/Menu", MENU, "Event",
	           g_variant_new("(isvu)", id_of(bus, label), what, g_variant_new_string(""), 0)));
}

/* The host is told that icon and menu are others, and asks. */
static void set_presence(GDBusConnection *bus, const char *name)
{
	GVariantBuilder changed;
	presence = name;
	layouts = icons = 0;
	g_variant_builder_init(&changed, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&changed, "{sv}", "Presence", g_variant_new_string(name));
	g_dbus_connection_emit_signal(bus, NULL, "/io/github/unknot/Daemon",
	                              "org.freedesktop.DBus.Properties", "PropertiesChanged",
	                              g_variant_new("(sa{sv}as)", "io.github.unknot.Daemon1",
	                                            &changed, NULL), NULL);
	wait_for(&layouts, sizeof layouts);
	wait_for(&icons, sizeof icons);
}

static void test_state(GDBusConnection *bus)
{
	g_dbus_connection_signal_subscribe(bus, NULL, MENU, "LayoutUpdated", "/Menu", NULL,
	                                   G_DBUS_SIGNAL_FLAGS_NONE, on_changed, &layouts, NULL);
	g_dbus_connection_signal_subscribe(bus, NULL, "org.kde.StatusNotifierItem", "NewIcon",
	                                   "/StatusNotifierItem", NULL, G_DBUS_SIGNAL_FLAGS_NONE,
	                                   on_changed, &icons, NULL);
	expect(icon_of(bus), "<'io.github.unknot'>");
	expect(row_of(bus, "Camera off"), "'visible': <true>");
	expect(row_of(bus, "Camera on"), "'visible': <false>");
	expect(ask(bus, "/Menu", MENU, "GetLayout", g_variant_new("(iias)", 0, 0, NULL)),
	       "(1, ");
	set_presence(bus, "paused");
	expect(ask(bus, "/Menu", MENU, "GetLayout", g_variant_new("(iias)", 0, 0, NULL)),
	       "(2, ");
	expect(icon_of(bus), "<'io.github.unknot.off'>");
	expect(row_of(bus, "Camera off"), "'visible': <false>");
	expect(row_of(bus, "Camera on"), "'visible': <true>");
	set_presence(bus, "present");
	/* There is no window to open. */
	expect(row_of(bus, "Open unknot"), "'visible': <false>");
	expect(ask(bus, "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get",
	           g_variant_new("(ss)", "org.kde.StatusNotifierItem", "ItemIsMenu")), "true");
	click(bus, "Take a break now", "hovered");
	click(bus, "Snooze until tomorrow", "closed");
	if (snoozed != 0 || *asked_break != '\0') {
		puts("FAILED: it takes for a click what is none");
		exit(1);
	}
	click(bus, "Take a break now", "clicked");
	wait_for(asked_break, sizeof asked_break);
	expect(g_strdup(asked_break), "movement");
}

/* Without a window its rows are commands, which find the host's leave. */
static void test_command(GDBusConnection *bus, const char *said)
{
	char *text = NULL;
	g_free(ask(bus, "/StatusNotifierItem", "org.kde.StatusNotifierItem",
	           "ProvideXdgActivationToken", g_variant_new("(s)", "leave")));
	click(bus, "Calibrate", "clicked");
	for (int tries = 0; tries < 100 && !g_file_get_contents(said, &text, NULL, NULL); tries++)
		g_usleep(100000);
	expect(g_strdup(text != NULL ? text : "nothing"), "calibrate leave\n");
	g_free(text);
}

/* Where nobody watches nobody can be asked, and the icon says so. */
static void test_no_daemon(GDBusConnection *bus)
{
	layouts = icons = 0;
	give_up(bus, "io.github.unknot.Daemon");
	wait_for(&layouts, sizeof layouts);
	wait_for(&icons, sizeof icons);
	expect(icon_of(bus), "<'io.github.unknot.off'>");
	expect(row_of(bus, "Take a break now"), "'enabled': <false>");
	own(bus, "io.github.unknot.Daemon");
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
	expect(g_strdup(opened), "'desktop-startup-id': <'leave'>");
	expect(ask(bus, "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get",
	           g_variant_new("(ss)", "org.kde.StatusNotifierItem", "ItemIsMenu")), "false");
	expect(row_of(bus, "Open unknot"), "'visible': <true>");
	/* The leave is for one click. */
	static const struct { const char *row, *place, *leave; } clicks[] = {
		{"Preview", "[<'preview'>]", "{}"}, {"Open unknot", "[<''>]", "'activation-token'"},
		{"Today's report", "[<'today'>]", "{}"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(clicks); i++) {
		memset(opened, 0, sizeof opened);
		if (i == 1)
			g_free(ask(bus, "/StatusNotifierItem", "org.kde.StatusNotifierItem",
			           "ProvideXdgActivationToken", g_variant_new("(s)", "leave")));
		click(bus, clicks[i].row, "clicked");
		wait_for(opened, sizeof item);
		expect(g_strdup(opened), clicks[i].place);
		expect(g_strdup(opened), clicks[i].leave);
	}
	kill(pid, SIGTERM);
}

/* What the rows start instead of the window: tells how it was called, in the file that is
 * returned. */
static char *stand_in(char **folder)
{
	*folder = g_dir_make_tmp("tray-XXXXXX", NULL);
	char *said = g_build_filename(*folder, "said", NULL),
	     *program = g_build_filename(*folder, "unknot", NULL),
	     *path = g_strdup_printf("%s:%s", *folder, getenv("PATH")),
	     *script = g_strdup_printf("#!/bin/sh\necho \"$1 $XDG_ACTIVATION_TOKEN\" > '%s.part'\n"
	                               "mv '%s.part' '%s'\n", said, said, said);
	g_file_set_contents(program, script, -1, NULL);
	chmod(program, 0700);
	setenv("PATH", path, 1);
	unsetenv("XDG_ACTIVATION_TOKEN");
	g_free(script);
	g_free(path);
	g_free(program);
	return said;
}

static void remove_stand_in(char *folder, char *said)
{
	char *program = g_build_filename(folder, "unknot", NULL);
	unlink(said);
	unlink(program);
	rmdir(folder);
	g_free(program);
	g_free(folder);
	g_free(said);
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
	char *folder, *said = stand_in(&folder);
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
	test_state(bus);
	test_command(bus, said);
	GVariantBuilder events;
	g_variant_builder_init(&events, G_VARIANT_TYPE("a(isvu)"));
	g_variant_builder_add(&events, "(isvu)", 0, "opened", g_variant_new_string(""), 0);
	g_variant_builder_add(&events, "(isvu)", id_of(bus, "Snooze 30 min"), "clicked",
	                      g_variant_new_string(""), 0);
	g_variant_builder_add(&events, "(isvu)", 99, "clicked", g_variant_new_string(""), 0);
	expect(ask(bus, "/Menu", MENU, "EventGroup", g_variant_new("(a(isvu))", &events)), "[99]");
	wait_for(&snoozed, sizeof snoozed);
	test_no_daemon(bus);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	test_window(bus, arguments);
	remove_stand_in(folder, said);
	g_dbus_node_info_unref(info);
	if (snoozed != 1800)
		printf("FAILED: snoozed for %u s\n", snoozed);
	return snoozed != 1800;
}
