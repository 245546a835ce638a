#include "notify/page.h"

#include <gio/gio.h>

enum { BUS_TIMEOUT_MS = 5000 };
static const char window_name[] = "io.github.unknot", window_path[] = "/io/github/unknot";

static GVariant *call(const char *name, const char *path, const char *interface, const char *method,
                      GVariant *arguments)
{
	GVariant *answer = NULL;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (bus != NULL && !g_dbus_connection_is_closed(bus))
		answer = g_dbus_connection_call_sync(bus, name, path, interface,
		                                     method, arguments, NULL,
		                                     G_DBUS_CALL_FLAGS_NONE,
		                                     BUS_TIMEOUT_MS, NULL, NULL);
	else
		g_variant_unref(g_variant_ref_sink(arguments));
	g_clear_object(&bus);
	return answer;
}

static bool is_listed(const char *method)
{
	const char **names;
	GVariant *answer = call("org.freedesktop.DBus", "/org/freedesktop/DBus",
	                        "org.freedesktop.DBus", method, g_variant_new("()"));
	if (answer == NULL)
		return false;
	g_variant_get(answer, "(^a&s)", &names);
	const bool listed = g_strv_contains(names, window_name);
	g_free(names);
	g_variant_unref(answer);
	return listed;
}

bool page_there(void)
{
	return is_listed("ListActivatableNames") || is_listed("ListNames");
}

bool page_show(const char *page, const char *token)
{
	GVariantBuilder place, platform;
	g_variant_builder_init(&place, G_VARIANT_TYPE("av"));
	g_variant_builder_add(&place, "v", g_variant_new_string(page));
	g_variant_builder_init(&platform, G_VARIANT_TYPE_VARDICT);
	if (token != NULL) {
		/* GTK before 4.12 reads the second of them only. */
		g_variant_builder_add(&platform, "{sv}", "activation-token",
		                      g_variant_new_string(token));
		g_variant_builder_add(&platform, "{sv}", "desktop-startup-id",
		                      g_variant_new_string(token));
	}
	GVariant *answer = call(window_name, window_path, "org.freedesktop.Application",
	                        "ActivateAction",
	                        g_variant_new("(sava{sv})", "show", &place, &platform));
	const bool shown = answer != NULL;
	g_clear_pointer(&answer, g_variant_unref);
	return shown;
}
