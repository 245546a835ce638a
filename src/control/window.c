#include "control/window.h"

#include <gio/gio.h>
#include <string.h>

enum { BUS_MS = 5000 };

bool window_is_place(const char *place)
{
	static const char *const places[] = {"now", "today", "exercises",
	                                     "diary", "settings", "calibrate",
	                                     "preview", "evidence", "break",
	                                     "stretch", "care", "checklist", NULL};
	char *name = g_strndup(place, strcspn(place, ":"));
	const bool is = g_strv_contains(places, name);
	g_free(name);
	return is;
}

struct opening {
	char *place, *token;
	window_opened_fn *done;
	void *user;
};

static void end(struct opening *o, bool opened)
{
	if (o->done != NULL)
		o->done(o->user, opened);
	g_free(o->place);
	g_free(o->token);
	g_free(o);
}

static GVariant *arguments_of(const char *place, const char *token)
{
	GVariantBuilder what, platform;
	g_variant_builder_init(&what, G_VARIANT_TYPE("av"));
	g_variant_builder_init(&platform, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&what, "v", g_variant_new_string(place));
	if (token != NULL) {
		/* GTK before 4.12 reads the second of them only. */
		g_variant_builder_add(&platform, "{sv}", "activation-token",
		                      g_variant_new_string(token));
		g_variant_builder_add(&platform, "{sv}", "desktop-startup-id",
		                      g_variant_new_string(token));
	}
	return g_variant_new("(sava{sv})", "show", &what, &platform);
}

static void on_answer(GObject *bus, GAsyncResult *result, gpointer user)
{
	GVariant *answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, NULL);
	const bool opened = answer != NULL;
	g_clear_pointer(&answer, g_variant_unref);
	end(user, opened);
}

static void on_bus(GObject *object, GAsyncResult *result, gpointer user)
{
	struct opening *o = user;
	(void)object;
	GDBusConnection *bus = g_bus_get_finish(result, NULL);
	if (bus == NULL) {
		end(o, false);
		return;
	}
	g_dbus_connection_call(bus, WINDOW_NAME, WINDOW_PATH, "org.freedesktop.Application",
	                       "ActivateAction",
	                       arguments_of(o->place, o->token), NULL,
	                       G_DBUS_CALL_FLAGS_NONE, WINDOW_START_MS, NULL, on_answer, o);
	g_object_unref(bus);
}

void window_open(const char *place, const char *token, window_opened_fn *done, void *user)
{
	struct opening *o = g_new0(struct opening, 1);
	*o = (struct opening){g_strdup(place), g_strdup(token), done, user};
	g_bus_get(G_BUS_TYPE_SESSION, NULL, on_bus, o);
}

static GVariant *ask_bus(GDBusConnection *bus, const char *method, GVariant *arguments)
{
	return g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
					   "org.freedesktop.DBus", method, arguments, NULL,
					   G_DBUS_CALL_FLAGS_NONE, BUS_MS, NULL, NULL);
}

static bool runs(GDBusConnection *bus)
{
	gboolean owned = FALSE;
	GVariant *answer = ask_bus(bus, "NameHasOwner", g_variant_new("(s)", WINDOW_NAME));
	if (answer != NULL) {
		g_variant_get(answer, "(b)", &owned);
		g_variant_unref(answer);
	}
	return owned;
}

static bool is_installed(GDBusConnection *bus)
{
	bool found = false;
	GVariant *answer = ask_bus(bus, "ListActivatableNames", NULL);
	if (answer != NULL) {
		const char **names;
		g_variant_get(answer, "(^a&s)", &names);
		found = g_strv_contains(names, WINDOW_NAME);
		g_free(names);
		g_variant_unref(answer);
	}
	return found;
}

bool window_can_open(void)
{
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	const bool can = bus != NULL && (runs(bus) || is_installed(bus));
	g_clear_object(&bus);
	return can;
}

bool window_open_wait(const char *place, const char *token, int wait_ms)
{
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (bus == NULL)
		return false;
	GVariant *answer = g_dbus_connection_call_sync(
		bus, WINDOW_NAME, WINDOW_PATH, "org.freedesktop.Application", "ActivateAction",
		arguments_of(place, token), NULL, G_DBUS_CALL_FLAGS_NONE, wait_ms, NULL, NULL);
	const bool opened = answer != NULL;
	g_clear_pointer(&answer, g_variant_unref);
	g_object_unref(bus);
	return opened;
}
