/* ask: for each line "NUMBER FIELD" on standard input what the daemon's Status has in that field,
 * as a line "NUMBER VALUE"; no value when it does not answer. To start a program takes a guest up
 * to half a second of our time, and what is awaited is asked for ten times a second of its own. */
#include <cjson/cJSON.h>
#include <gio/gio.h>
#include <stdio.h>

enum { ANSWER_MS = 5000 };

/* The session's bus; a new one when the last one is gone. NULL while there is none. */
static GDBusConnection *bus(void)
{
	static GDBusConnection *connection;
	if (connection != NULL && !g_dbus_connection_is_closed(connection))
		return connection;
	g_clear_object(&connection);
	char *address = g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	/* Not g_bus_get: its connection ends the program when the bus dies. */
	if (address != NULL)
		connection = g_dbus_connection_new_for_address_sync(
			address,
			G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
				G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
			NULL, NULL, NULL);
	g_free(address);
	return connection;
}

/* NULL when nobody answers; to be freed. */
static cJSON *status(void)
{
	GDBusConnection *connection = bus();
	if (connection == NULL)
		return NULL;
	GVariant *answer = g_dbus_connection_call_sync(
		connection, "io.github.unknot.Daemon", "/io/github/unknot/Daemon",
		"io.github.unknot.Daemon1",
		"Status", NULL, G_VARIANT_TYPE("(s)"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
		ANSWER_MS, NULL, NULL);
	if (answer == NULL)
		return NULL;
	const char *text;
	g_variant_get(answer, "(&s)", &text);
	cJSON *json = cJSON_Parse(text);
	g_variant_unref(answer);
	return json;
}

int main(void)
{
	char line[64], number[32], field[32];
	while (fgets(line, sizeof line, stdin) != NULL) {
		if (sscanf(line, "%31s %31s", number, field) != 2)
			continue;
		cJSON *json = status();
		const char *value = cJSON_GetStringValue(cJSON_GetObjectItem(json, field));
		printf("%s %s\n", number, value != NULL ? value : "");
		fflush(stdout);
		cJSON_Delete(json);
	}
}
