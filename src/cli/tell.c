/* What fails where nobody reads standard error: started from a menu entry, it is said in a
 * notification. */
#include "cli/cli.h"

#include <gio/gio.h>
#include <stdlib.h>

/* io.github.unknot.desktop sets it. */
static const char launcher[] = "UNKNOT_LAUNCHER";

void cli_tell(const char *text)
{
	static const char server[] = "org.freedesktop.Notifications";
	enum { WAIT_MS = 3000 };
	if (getenv(launcher) == NULL)
		return;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (bus == NULL)
		return;
	char *valid = g_utf8_make_valid(text, -1), *escaped = g_markup_escape_text(valid, -1);
	GVariantBuilder hints;
	g_variant_builder_init(&hints, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&hints, "{sv}", "desktop-entry",
	                      g_variant_new_string("io.github.unknot"));
	GVariant *reply = g_dbus_connection_call_sync(
		bus, server, "/org/freedesktop/Notifications", server, "Notify",
		g_variant_new("(susss@asa{sv}i)", "unknot", (guint32)0,
		              "io.github.unknot", "unknot", escaped,
		              g_variant_new("as", NULL), &hints, -1),
		NULL, G_DBUS_CALL_FLAGS_NONE, WAIT_MS, NULL, NULL);
	g_clear_pointer(&reply, g_variant_unref);
	g_free(escaped);
	g_free(valid);
	g_object_unref(bus);
}
