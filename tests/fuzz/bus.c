#include "bus.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CONNECTIONS = 4, PATIENCE_S = 180 }; /* on a machine with no time for us */

static GDBusConnection *connections[CONNECTIONS]; /* the bus's ends, in the order of opening */
static gint connection_count;
static GMutex answer_lock; /* the main thread sets it while GIO's answers a late question */
static GVariant *answer;
static int calls;          /* sent and to be answered */
static gint answers;
static gint last_serial;   /* of the call that is waited for */
static gint settled;
static char *last_text;

static void on_log(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer user)
{
	(void)user;
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) == 0)
		return;
	fprintf(stderr, "%s: %s\n", domain != NULL ? domain : "?", text);
	abort();
}

static void reply(GDBusConnection *c, GDBusMessage *call, GVariant *body)
{
	static const char unknown[] = "org.freedesktop.DBus.Error.ServiceUnknown";
	GDBusMessage *m = body != NULL ? g_dbus_message_new_method_reply(call)
	                : g_dbus_message_new_method_error_literal(call, unknown, "nobody");
	g_dbus_message_set_sender(m, "org.freedesktop.DBus");
	if (body != NULL)
		g_dbus_message_set_body(m, body);
	g_dbus_connection_send_message(c, m, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
	g_object_unref(m);
}

static void reply_answer(GDBusConnection *c, GDBusMessage *call)
{
	g_mutex_lock(&answer_lock);
	GVariant *body = answer != NULL ? g_variant_ref(answer) : NULL;
	g_mutex_unlock(&answer_lock);
	reply(c, call, body);
	g_clear_pointer(&body, g_variant_unref);
}

/* The bus's own methods as far as GIO and unknot call them. */
static void on_call(GDBusConnection *c, GDBusMessage *call)
{
	const char *method = g_dbus_message_get_member(call);
	const char *name = g_dbus_message_get_destination(call);
	if (g_strcmp0(method, "GetSession") == 0)
		reply(c, call, g_variant_new("(o)", "/org/freedesktop/login1/session/_31"));
	else if (g_strcmp0(name, "org.freedesktop.DBus") != 0)
		reply_answer(c, call);
	else if (g_str_equal(method, "Hello"))
		reply(c, call, g_variant_new("(s)", ":1.1"));
	else if (g_str_equal(method, "GetNameOwner"))
		reply(c, call, g_variant_new("(s)", ":1.2"));
	else if (g_str_equal(method, "RequestName"))
		reply(c, call, g_variant_new("(u)", 1));
	else
		reply(c, call, g_variant_new("()"));
}

static void on_answer(GDBusMessage *message)
{
	GVariant *body = g_dbus_message_get_body(message);
	g_atomic_int_inc(&answers);
	if ((gint)g_dbus_message_get_reply_serial(message) != g_atomic_int_get(&last_serial))
		return;
	if (body != NULL && g_variant_is_of_type(body, G_VARIANT_TYPE("(s)")))
		g_variant_get(body, "(s)", &last_text);
	g_atomic_int_set(&settled, 1);
	g_main_context_wakeup(NULL);
}

/* In GIO's own thread. */
static GDBusMessage *on_message(GDBusConnection *c, GDBusMessage *message,
                                gboolean incoming, gpointer user)
{
	(void)user;
	if (!incoming)
		return message;
	const GDBusMessageType type = g_dbus_message_get_message_type(message);
	if (type == G_DBUS_MESSAGE_TYPE_METHOD_CALL)
		on_call(c, message);
	else if (type == G_DBUS_MESSAGE_TYPE_METHOD_RETURN || type == G_DBUS_MESSAGE_TYPE_ERROR)
		on_answer(message);
	g_object_unref(message);
	return NULL;
}

static gboolean on_connection(GDBusServer *server, GDBusConnection *c, gpointer user)
{
	(void)server, (void)user;
	const gint n = g_atomic_int_get(&connection_count);
	if (n == CONNECTIONS)
		return FALSE;
	connections[n] = g_object_ref(c);
	g_dbus_connection_add_filter(c, on_message, NULL, NULL);
	g_atomic_int_set(&connection_count, n + 1);
	return TRUE;
}

/* Connections are accepted in a thread of their own: who opens one blocks the main loop. */
static gpointer accept_connections(gpointer loop)
{
	g_main_loop_run(loop);
	return NULL;
}

bool bus_begin(void)
{
	char address[64];
	GMainContext *context = g_main_context_new();
	char *guid = g_dbus_generate_guid();
	snprintf(address, sizeof address, "unix:abstract=unknot-fuzz-%d", (int)getpid());
	g_log_set_default_handler(on_log, NULL);
	setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
	g_main_context_push_thread_default(context);
	GDBusServer *server = g_dbus_server_new_sync(address, G_DBUS_SERVER_FLAGS_NONE,
	                                             guid, NULL, NULL, NULL);
	g_free(guid);
	if (server != NULL) {
		g_signal_connect(server, "new-connection", G_CALLBACK(on_connection), NULL);
		g_dbus_server_start(server);
	}
	g_main_context_pop_thread_default(context);
	if (server != NULL)
		g_thread_unref(g_thread_new("bus", accept_connections,
		                            g_main_loop_new(context, FALSE)));
	return server != NULL;
}

void bus_answer_with(GVariant *body)
{
	g_mutex_lock(&answer_lock);
	g_clear_pointer(&answer, g_variant_unref);
	answer = body != NULL ? g_variant_ref_sink(body) : NULL;
	g_mutex_unlock(&answer_lock);
}

/* Returns the serial; 0 when the message cannot be put on a bus. */
static guint32 send(GDBusConnection *c, GDBusMessage *m, GVariant *body)
{
	guint32 serial = 0;
	g_dbus_message_set_sender(m, ":1.2");
	g_dbus_message_set_destination(m, ":1.1");
	if (body != NULL)
		g_dbus_message_set_body(m, body);
	if (!g_dbus_connection_send_message(c, m, G_DBUS_SEND_MESSAGE_FLAGS_NONE, &serial, NULL))
		serial = 0;
	g_object_unref(m);
	return serial;
}

void bus_signal(const char *path, const char *interface, const char *member, GVariant *body)
{
	const gint count = g_atomic_int_get(&connection_count);
	g_variant_ref_sink(body);
	for (gint i = 0; i < count; i++)
		send(connections[i], g_dbus_message_new_signal(path, interface, member), body);
	g_variant_unref(body);
}

void bus_call(const char *path, const char *interface, const char *method, GVariant *body)
{
	calls += send(connections[0], g_dbus_message_new_method_call(NULL, path, interface, method),
	              body) != 0;
}

static gboolean lose_patience(gpointer user)
{
	(void)user;
	fprintf(stderr, "bus: no answer for %d s\n", PATIENCE_S);
	abort();
}

/* The serial is known before the message leaves: its answer may be here before send() returns. */
static void send_last(GDBusMessage *m)
{
	static guint32 serial = 1u << 30;
	g_dbus_message_set_serial(m, ++serial);
	g_atomic_int_set(&last_serial, (gint)serial);
	g_dbus_message_set_sender(m, ":1.2");
	g_dbus_message_set_destination(m, ":1.1");
	g_dbus_connection_send_message(connections[0], m, G_DBUS_SEND_MESSAGE_FLAGS_PRESERVE_SERIAL,
	                               NULL, NULL);
	g_object_unref(m);
}

char *bus_settle(const char *path, const char *interface, const char *method)
{
	g_atomic_int_set(&settled, 0);
	calls++;
	send_last(g_dbus_message_new_method_call(NULL, path, interface, method));
	const guint timer = g_timeout_add_seconds(PATIENCE_S, lose_patience, NULL);
	while (!g_atomic_int_get(&settled))
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(timer);
	if (g_atomic_int_get(&answers) != calls) {
		fprintf(stderr, "bus: %d calls, %d answers\n", calls, g_atomic_int_get(&answers));
		abort();
	}
	g_atomic_int_set(&answers, 0);
	calls = 0;
	return g_steal_pointer(&last_text);
}
