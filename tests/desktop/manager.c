/* manager: what systemd-logind asks of the service manager before and when the machine sleeps:
 * whether suspend.target can be started, and to start it (systemd's src/login/logind-dbus.c and
 * logind-action.c). A stand-in on the system bus, so that the real logind goes to sleep as far as a
 * test can let it: prints "asleep". */
#include <gio/gio.h>
#include <stdio.h>

static const char *const xml =
	"<node><interface name='org.freedesktop.systemd1.Manager'>"
	"<method name='StartUnit'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
	"<arg type='o' direction='out'/></method><method name='Subscribe'/></interface>"
	"<interface name='org.freedesktop.systemd1.Unit'><property name='LoadState' type='s' "
	"access='read'/>"
	"</interface></node>";

static void on_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface,
                    const gchar *method, GVariant *args, GDBusMethodInvocation *call, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)user;
	const char *unit = "";
	if (g_strcmp0(method, "StartUnit") != 0) {
		g_dbus_method_invocation_return_value(call, NULL);
		return;
	}
	g_variant_get(args, "(&s&s)", &unit, NULL);
	if (g_strcmp0(unit, "suspend.target") == 0)
		printf("asleep\n");
	fflush(stdout);
	g_dbus_method_invocation_return_value(
		call, g_variant_new("(o)", "/org/freedesktop/systemd1/job/1"));
}

static GVariant *on_get(GDBusConnection *bus, const gchar *sender, const gchar *path,
                        const gchar *interface,
                        const gchar *property, GError **error, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)property,
		(void)error, (void)user;
	return g_variant_new_string("loaded");
}

int main(void)
{
	static const GDBusInterfaceVTable table = {.method_call = on_call, .get_property = on_get};
	static const char *const paths[] = {"/org/freedesktop/systemd1",
	                                    "/org/freedesktop/systemd1/unit/suspend_2etarget"};
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, NULL);
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(xml, NULL);
	if (bus == NULL || node == NULL)
		return 1;
	for (int i = 0; i < 2; i++)
		if (g_dbus_connection_register_object(bus, paths[i], node->interfaces[i],
		                                      &table, NULL, NULL, NULL) == 0)
			return 1;
	g_bus_own_name_on_connection(bus, "org.freedesktop.systemd1", 0, NULL, NULL, NULL, NULL);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
