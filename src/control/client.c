#include "control/control.h"

#include "base/text.h"

#include <gio/gio.h>
#include <string.h>

enum { CALL_TIMEOUT_MS = 10000 };

/* "GDBus.Error:org....: text" -> text, in the user's terms. */
static bool explain_failure(struct error *error, GError *why)
{
	if (g_error_matches(why, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
	    g_error_matches(why, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER))
		error_set(error, CONTROL_NOBODY, "unknotd is not running; start it with "
		          "`systemctl --user start unknot` or run unknotd");
	else {
		g_dbus_error_strip_remote_error(why);
		error_set(error, 0, "unknotd: %s", why->message);
	}
	g_error_free(why);
	return false;
}

bool control_call(const char *method, const char *text, unsigned number,
                  bool activate, char **reply, struct error *error)
{
	static const char *const with_number[] = {"Pause", "Snooze", "ReleaseCamera"};
	GError *why = NULL;
	if (reply != NULL)
		*reply = NULL;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &why);
	if (bus == NULL) {
		error_set(error, CONTROL_NOBODY,
		          "session bus: %s; run this in a terminal of your desktop's session",
		          why->message);
		g_error_free(why);
		return false;
	}
	GVariant *args = text != NULL ? g_variant_new("(s)", text) : NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(with_number); i++)
		if (strcmp(method, with_number[i]) == 0)
			args = g_variant_new("(u)", (guint32)number);

	GDBusCallFlags flags = activate ? G_DBUS_CALL_FLAGS_NONE : G_DBUS_CALL_FLAGS_NO_AUTO_START;
	GVariant *answer = g_dbus_connection_call_sync(bus, CONTROL_NAME,
	                                               CONTROL_PATH, CONTROL_INTERFACE,
	                                               method, args, NULL,
	                                               flags, CALL_TIMEOUT_MS, NULL, &why);
	g_object_unref(bus);
	if (answer == NULL)
		return explain_failure(error, why);
	if (reply != NULL && g_variant_is_of_type(answer, G_VARIANT_TYPE("(s)"))) {
		const char *s = NULL;
		g_variant_get(answer, "(&s)", &s);
		*reply = strdup(s);
	}
	g_variant_unref(answer);
	return true;
}
