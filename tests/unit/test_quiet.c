/* A desktop that wants quiet, and one that ends wanting it. */
#include "notify/quiet.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const char xml[] =
	"<node><interface name='org.freedesktop.Notifications'>"
	"<property name='Inhibited' type='b' access='read'/></interface>"
	"<interface name='org.gnome.SessionManager'><method name='IsInhibited'>"
	"<arg type='u' direction='in'/><arg type='b' direction='out'/></method></interface></node>";

static gboolean inhibited, film;
static int calls, last = -1;

static void on_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface,
                    const gchar *method, GVariant *args, GDBusMethodInvocation *call, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)method, (void)user;
	guint32 flags;
	g_variant_get(args, "(u)", &flags);
	assert_int_equal(flags, 8);
	g_dbus_method_invocation_return_value(call, g_variant_new("(b)", film));
}

static GVariant *on_get(GDBusConnection *bus, const gchar *sender, const gchar *path,
                        const gchar *interface,
                        const gchar *property, GError **error, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)property,
		(void)error, (void)user;
	return g_variant_new_boolean(inhibited);
}

static void on_changed(void *user, enum quiet_reason quiet)
{
	(void)user;
	calls++;
	last = (int)quiet;
}

static gboolean on_late(gpointer flag)
{
	*(bool *)flag = true;
	return G_SOURCE_REMOVE;
}

static void on_name(GDBusConnection *bus, const gchar *name, gpointer owned)
{
	(void)bus, (void)name;
	++*(int *)owned;
}

/* Until `wanted` was told, or half a second went by: enough for answers within one process. */
static void settle(int wanted)
{
	bool late = false;
	const guint timer = g_timeout_add(wanted < 0 ? 500 : 10000, on_late, &late);
	while (!late && (wanted < 0 || last != wanted))
		g_main_context_iteration(NULL, TRUE);
	if (!late)
		g_source_remove(timer);
}

static void test_quiet(void **state)
{
	(void)state;
	static const GDBusInterfaceVTable vtable = {on_call, on_get, NULL, {0}};
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	GDBusNodeInfo *info = g_dbus_node_info_new_for_xml(xml, NULL);
	struct quiet *q = quiet_watch(on_changed, NULL);
	assert_non_null(q);
	/* Nobody to ask. */
	quiet_ask(q, -1); /* and the bus has not said so yet */
	settle(-1);
	quiet_ask(q, 0);
	settle(-1);
	assert_int_equal(calls, 0);
	g_dbus_connection_register_object(bus, "/org/freedesktop/Notifications",
	                                  info->interfaces[0], &vtable, NULL, NULL, NULL);
	g_dbus_connection_register_object(bus, "/org/gnome/SessionManager",
	                                  info->interfaces[1], &vtable, NULL, NULL, NULL);
	int owned = 0;
	const guint a = g_bus_own_name_on_connection(bus, "org.freedesktop.Notifications",
	                                             0, on_name, NULL, &owned, NULL);
	const guint b = g_bus_own_name_on_connection(bus, "org.gnome.SessionManager",
	                                             0, on_name, NULL, &owned, NULL);
	while (owned < 2) /* how long a bus takes is its own affair;
	                   * the test's time limit ends this */
		g_main_context_iteration(NULL, TRUE);
	inhibited = TRUE;
	quiet_ask(q, QUIET_EVERY_S - 1); /* too soon */
	settle(-1);
	assert_int_equal(calls, 0);
	quiet_ask(q, QUIET_EVERY_S);
	settle(QUIET_DO_NOT_DISTURB);
	/* A film besides changes nothing: the person's own switch is the reason. */
	film = TRUE;
	quiet_ask(q, 2 * QUIET_EVERY_S);
	settle(-1);
	assert_int_equal(calls, 1);
	/* It goes, and the film remains: still quiet, for another reason. */
	inhibited = FALSE;
	quiet_ask(q, 3 * QUIET_EVERY_S);
	settle(QUIET_KEPT_AWAKE);
	assert_int_equal(calls, 2);
	film = FALSE;
	quiet_ask(q, 4 * QUIET_EVERY_S);
	settle(QUIET_NOT);
	assert_int_equal(calls, 3);
	/* Who goes while it wants quiet wants none. */
	film = TRUE;
	quiet_ask(q, 5 * QUIET_EVERY_S);
	settle(QUIET_KEPT_AWAKE);
	g_bus_unown_name(b);
	settle(-1);
	quiet_ask(q, 6 * QUIET_EVERY_S);
	settle(QUIET_NOT);
	assert_int_equal(calls, 5);
	/* Freed while it waits: no call follows. */
	inhibited = TRUE;
	quiet_ask(q, 7 * QUIET_EVERY_S);
	quiet_free(q);
	settle(-1);
	assert_int_equal(calls, 5);
	g_bus_unown_name(a);
	g_dbus_node_info_unref(info);
	g_object_unref(bus);
}

/* GNOME's switch is a setting. This one is of the test's own making, in a folder and in memory. */
static void test_a_switch_among_the_settings(void **state)
{
	(void)state;
	if (getenv("UNKNOT_TEST_SCHEMAS") == NULL) {
		print_message("glib-compile-schemas is not here\n");
		skip();
	}
	calls = 0;
	last = -1;
	GSettings *switches = g_settings_new("org.gnome.desktop.notifications");
	struct quiet *gnome = quiet_watch(on_changed, NULL);
	settle(-1);
	quiet_ask(gnome, 0);
	settle(-1);
	assert_int_equal(calls, 0);
	g_settings_set_boolean(switches, "show-banners", FALSE);
	quiet_ask(gnome, QUIET_EVERY_S);
	settle(1);
	assert_int_equal(calls, 1);
	/* A setting that stayed behind is not this desktop's. */
	g_setenv("XDG_CURRENT_DESKTOP", "sway", TRUE);
	struct quiet *other = quiet_watch(on_changed, NULL);
	settle(-1);
	quiet_ask(other, 0);
	settle(-1);
	assert_int_equal(calls, 1);
	quiet_free(other);
	/* Nor does a desktop lack anything whose schema or key is not installed. */
	static const char *const lacking[] = {"X-Cinnamon", "MATE"};
	for (size_t i = 0; i < G_N_ELEMENTS(lacking); i++) {
		g_setenv("XDG_CURRENT_DESKTOP", lacking[i], TRUE);
		struct quiet *q = quiet_watch(on_changed, NULL);
		settle(-1);
		quiet_ask(q, 0);
		settle(-1);
		quiet_free(q);
	}
	assert_int_equal(calls, 1);
	g_settings_set_boolean(switches, "show-banners", TRUE);
	quiet_ask(gnome, 2 * QUIET_EVERY_S);
	settle(0);
	assert_int_equal(calls, 2);
	quiet_free(gnome);
	g_object_unref(switches);
}

/* Before GLib first asks where schemas are. MATE's lacks the key. */
static char *make_schemas(void)
{
	static const char schemas[] =
		"<schemalist><schema id='org.gnome.desktop.notifications' path='/a/'>"
		"<key name='show-banners' type='b'><default>true</default></key></schema>"
		"<schema id='org.mate.NotificationDaemon' path='/b/'>"
		"<key name='theme' type='b'><default>true</default></key></schema></schemalist>";
	char *folder = g_dir_make_tmp("unknot-XXXXXX", NULL);
	char *file = g_build_filename(folder, "test.gschema.xml", NULL);
	char *compile[] = {"glib-compile-schemas", folder, NULL};
	int status = -1;
	assert_true(g_file_set_contents(file, schemas, -1, NULL));
	if (g_spawn_sync(NULL, compile, NULL, G_SPAWN_SEARCH_PATH, NULL,
	                 NULL, NULL, NULL, &status, NULL) &&
	    status == 0)
		g_setenv("UNKNOT_TEST_SCHEMAS", "1", TRUE);
	g_setenv("GSETTINGS_SCHEMA_DIR", folder, TRUE);
	g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
	g_setenv("XDG_DATA_DIRS", folder, TRUE); /* none that this machine has installed */
	g_setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME", TRUE);
	g_unlink(file);
	g_free(file);
	return folder;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_a_switch_among_the_settings),
	};
	if (getenv("UNKNOT_TEST_BUS") == NULL)
		return 77;
	char *folder = make_schemas();
	const int status = cmocka_run_group_tests(tests, NULL, NULL);
	char *compiled = g_build_filename(folder, "gschemas.compiled", NULL);
	g_unlink(compiled);
	g_rmdir(folder);
	g_free(compiled);
	g_free(folder);
	return status;
}
