/* Notifiers: the desktop one against a server of our own on a private bus. */
#include "notify/notify.h"

#include <gio/gio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a notification server that remembers ---- */

static const char interface_xml[] =
	"<node><interface name='org.freedesktop.Notifications'>"
	"<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
	"<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' "
	"direction='out'/>"
	"<arg type='s' direction='out'/><arg type='s' direction='out'/></method>"
	"<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
	"<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' "
	"direction='in'/>"
	"<arg type='u' direction='out'/></method>"
	"<method name='CloseNotification'><arg type='u' direction='in'/></method>"
	"<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
	"<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>"
	"</interface></node>";

static struct server {
	GDBusConnection *bus;
	GMainContext *context;
	GThread *thread;
	GMainLoop *loop;
	enum { POOR, PLAIN, RICH } ability; /* nothing; bodies; actions and markup too */
	GMutex lock;
	int count;
	guint32 replaces, last_id, closed;
	char summary[128], body[512], actions[256];
} server;

static void remember(GVariant *args)
{
	const char *app, *icon, *summary, *body;
	GVariant *actions;
	guint32 replaces;
	g_variant_get(args, "(&su&s&s&s@as@a{sv}i)", &app, &replaces, &icon,
	              &summary, &body, &actions, NULL, NULL);
	g_mutex_lock(&server.lock);
	server.count++;
	server.replaces = replaces;
	server.last_id = replaces != 0 ? replaces : server.last_id + 1;
	g_strlcpy(server.summary, summary, sizeof server.summary);
	g_strlcpy(server.body, body, sizeof server.body);
	server.actions[0] = '\0';
	for (gsize i = 0; i < g_variant_n_children(actions); i++) {
		const char *one;
		g_variant_get_child(actions, i, "&s", &one);
		g_strlcat(server.actions, one, sizeof server.actions);
		g_strlcat(server.actions, ",", sizeof server.actions);
	}
	g_mutex_unlock(&server.lock);
	g_variant_unref(actions);
}

static void on_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface,
                    const gchar *method, GVariant *args, GDBusMethodInvocation *call, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)user;
	static const char *const rich[] = {"actions", "body", "body-markup", NULL};
	static const char *const plain[] = {"body", NULL}, *const poor[] = {NULL};
	static const char *const *const can[] = {poor, plain, rich};
	if (strcmp(method, "GetCapabilities") == 0) {
		g_dbus_method_invocation_return_value(call,
		                                      g_variant_new("(^as)", can[server.ability]));
	} else if (strcmp(method, "GetServerInformation") == 0) {
		g_dbus_method_invocation_return_value(call, g_variant_new("(ssss)", "test",
		                                                          "us", "1", "1.2"));
	} else if (strcmp(method, "Notify") == 0) {
		remember(args);
		g_dbus_method_invocation_return_value(call, g_variant_new("(u)", server.last_id));
	} else {
		g_variant_get(args, "(u)", &server.closed);
		g_dbus_method_invocation_return_value(call, NULL);
	}
}

/* In a thread of its own: libnotify's calls block the one that makes them. */
static gpointer serve(gpointer ready)
{
	static const GDBusInterfaceVTable vtable = {on_call, NULL, NULL, {0}};
	g_main_context_push_thread_default(server.context);
	GDBusNodeInfo *info = g_dbus_node_info_new_for_xml(interface_xml, NULL);
	g_dbus_connection_register_object(server.bus, "/org/freedesktop/Notifications",
	                                  info->interfaces[0], &vtable, NULL, NULL, NULL);
	GVariant *r = g_dbus_connection_call_sync(server.bus, "org.freedesktop.DBus",
	                                          "/org/freedesktop/DBus",
	                                          "org.freedesktop.DBus", "RequestName",
	                                          g_variant_new("(su)",
	                                                        "org.freedesktop.Notifications", 4),
	                                          NULL, G_DBUS_CALL_FLAGS_NONE, 2000, NULL, NULL);
	g_variant_unref(r);
	g_atomic_int_set((gint *)ready, 1);
	g_main_loop_run(server.loop);
	g_dbus_node_info_unref(info);
	g_main_context_pop_thread_default(server.context);
	return NULL;
}

static int start_server(void **state)
{
	(void)state;
	static gint ready;
	GError *error = NULL;
	char *address = g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, NULL, &error);
	if (address == NULL)
		return -1;
	server.bus = g_dbus_connection_new_for_address_sync(
		address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
		         G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
	g_free(address);
	if (server.bus == NULL)
		return -1;
	server.context = g_main_context_new();
	server.loop = g_main_loop_new(server.context, FALSE);
	server.thread = g_thread_new("server", serve, &ready);
	while (!g_atomic_int_get(&ready))
		g_usleep(1000);
	return 0;
}

static int stop_server(void **state)
{
	(void)state;
	g_main_loop_quit(server.loop);
	g_thread_join(server.thread);
	g_dbus_connection_close_sync(server.bus, NULL, NULL);
	g_object_unref(server.bus);
	return 0;
}

static void emit(const char *signal, GVariant *args)
{
	g_dbus_connection_emit_signal(server.bus, NULL, "/org/freedesktop/Notifications",
	                              "org.freedesktop.Notifications", signal, args, NULL);
	g_dbus_connection_flush_sync(server.bus, NULL, NULL);
}

/* ---- tests ---- */

static struct answers {
	int count;
	char kind[32];
	enum coach_answer last;
} answers;

static void on_answer(void *user, const char *kind, enum coach_answer answer)
{
	struct answers *a = user;
	a->count++;
	a->last = answer;
	g_strlcpy(a->kind, kind, sizeof a->kind);
}

static void wait_for_answer(int count)
{
	const gint64 deadline = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
	while (answers.count < count && g_get_monotonic_time() < deadline)
		if (!g_main_context_iteration(NULL, FALSE))
			g_usleep(1000);
	assert_int_equal(answers.count, count);
}

static struct coach_message message(const char *kind, const char *body)
{
	struct coach_message m = {.urgency = URGENCY_NORMAL, .offer = OFFER_CORRECTION,
	                          .measured = true,
	                          .icon = "dialog-information"};
	g_strlcpy(m.kind, kind, sizeof m.kind);
	g_strlcpy(m.summary, "Slouching", sizeof m.summary);
	g_strlcpy(m.body, body, sizeof m.body);
	return m;
}

static void a_message_arrives_and_is_replaced(void **state)
{
	(void)state;
	struct error error;
	struct notifier *n = notifier_desktop(on_answer, &answers, &error);
	struct coach_message m = message("slouched", "7 cm < 10 cm & lower");
	server.ability = RICH;
	server.count = 0;
	assert_true(n->ops->show(n, &m, &error));
	assert_int_equal(server.count, 1);
	assert_string_equal(server.summary, "Slouching");
	/* A server that shows markup must not take our "<" for a tag. */
	assert_string_equal(server.body, "7 cm &lt; 10 cm &amp; lower");
	/* Three at most, and what a click on the card itself means. */
	assert_string_equal(server.actions,
	                    "default,Show me,show,Show me,wrong,Wrong,snooze,Snooze 30 min,");
	const guint32 id = server.last_id;
	m = message("slouched", "again");
	assert_true(n->ops->show(n, &m, &error));
	assert_int_equal(server.replaces, id);
	/* another kind: one correction at a time */
	m = message("too_close", "another kind");
	assert_true(n->ops->show(n, &m, &error));
	assert_int_equal(server.replaces, id);
	/* What no measure stands behind cannot be wrong. */
	m = message("break_movement", "stand up");
	m.measured = false;
	m.offer = OFFER_BREAK;
	assert_true(n->ops->show(n, &m, &error));
	assert_int_equal(server.replaces, 0); /* a break has a place of its own */
	n->ops->close(n, "slouched"); /* replaced already */
	assert_int_equal(server.closed, 0);
	n->ops->close(n, "too_close");
	assert_int_equal(server.closed, id);
	assert_string_equal(server.actions,
	                    "default,Start,start,Start,later,In 5 minutes,skip,Skip,");
	m.offer = OFFER_GOING;
	assert_true(n->ops->show(n, &m, &error));
	assert_string_equal(server.actions, "default,Close,another,Another exercise,done,Done,");
	m.offer = OFFER_SNOOZE;
	assert_true(n->ops->show(n, &m, &error));
	assert_string_equal(server.actions, "default,Close,snooze,Snooze 30 min,");
	n->ops->free(n);
}

static void answers_come_back(void **state)
{
	(void)state;
	struct error error;
	struct notifier *n = notifier_desktop(on_answer, &answers, &error);
	static const struct { enum coach_offer offer; const char *action;
	                      enum coach_answer answer; } actions[] = {
		{OFFER_CORRECTION, "snooze", ANSWER_SNOOZE},
		{OFFER_CORRECTION, "wrong", ANSWER_WRONG},
		{OFFER_CORRECTION, "show", ANSWER_SHOW}, {OFFER_CORRECTION, "default", ANSWER_SHOW},
		{OFFER_BREAK, "start", ANSWER_START}, {OFFER_BREAK, "default", ANSWER_START},
		{OFFER_BREAK, "later", ANSWER_LATER}, {OFFER_BREAK, "skip", ANSWER_SKIP},
		{OFFER_GOING, "another", ANSWER_ANOTHER}, {OFFER_GOING, "done", ANSWER_DONE},
		{OFFER_GOING, "default", ANSWER_OPENED}, {OFFER_SNOOZE, "default", ANSWER_OPENED},
	};
	server.ability = RICH;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		struct coach_message m = message("leaning", "sit straight");
		m.offer = actions[i].offer;
		answers.count = 0;
		assert_true(n->ops->show(n, &m, &error));
		emit("ActionInvoked", g_variant_new("(us)", server.last_id, actions[i].action));
		wait_for_answer(1);
		assert_int_equal(answers.last, actions[i].answer);
		assert_string_equal(answers.kind, "leaning");
	}
	struct coach_message m = message("turned", "turn the chair");
	answers.count = 0;
	assert_true(n->ops->show(n, &m, &error));
	emit("NotificationClosed", g_variant_new("(uu)", server.last_id, 2));
	wait_for_answer(1);
	assert_int_equal(answers.last, ANSWER_DISMISSED);
	n->ops->free(n);
}

/* ---- the window, and where there is none ---- */

static struct window {
	GMutex lock;
	char asked[128];
} window;

static void on_window_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
                           const gchar *interface, const gchar *method, GVariant *args,
                           GDBusMethodInvocation *call, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)user;
	char *text = g_variant_print(args, FALSE);
	g_mutex_lock(&window.lock);
	g_snprintf(window.asked, sizeof window.asked, "%s %s", method, text);
	g_mutex_unlock(&window.lock);
	g_free(text);
	g_dbus_method_invocation_return_value(call, NULL);
}

static gboolean add_window(gpointer done)
{
	static const char xml[] =
		"<node><interface name='org.freedesktop.Application'><method name='ActivateAction'>"
		"<arg type='s' direction='in'/><arg type='av' direction='in'/>"
		"<arg type='a{sv}' direction='in'/></method></interface></node>";
	static const GDBusInterfaceVTable vtable = {on_window_call, NULL, NULL, {0}};
	GDBusNodeInfo *info = g_dbus_node_info_new_for_xml(xml, NULL);
	g_dbus_connection_register_object(server.bus, "/io/github/unknot",
	                                  info->interfaces[0], &vtable, NULL, NULL, NULL);
	g_dbus_node_info_unref(info);
	GVariant *r = g_dbus_connection_call_sync(server.bus, "org.freedesktop.DBus",
	                                          "/org/freedesktop/DBus",
	                                          "org.freedesktop.DBus", "RequestName",
	                                          g_variant_new("(su)", "io.github.unknot", 4),
	                                          NULL, G_DBUS_CALL_FLAGS_NONE, 2000, NULL, NULL);
	g_variant_unref(r);
	g_atomic_int_set((gint *)done, 1);
	return G_SOURCE_REMOVE;
}

static void calibration_opens_the_window_where_there_is_one(void **state)
{
	(void)state;
	static gint there;
	struct error error;
	struct notifier *n = notifier_desktop(on_answer, &answers, &error);
	struct coach_message m = message("calibrate", "I can see you.");
	m.offer = OFFER_CALIBRATE;
	g_strlcpy(m.more, "Run it.", sizeof m.more);
	server.ability = RICH;
	assert_true(n->ops->show(n, &m, &error));
	assert_string_equal(server.actions, "default,Close,");
	assert_string_equal(server.body, "I can see you. Run it.");
	g_main_context_invoke(server.context, add_window, &there);
	while (!g_atomic_int_get(&there))
		g_usleep(1000);
	assert_true(n->ops->show(n, &m, &error));
	assert_string_equal(server.actions, "default,Calibrate,window,Calibrate,");
	assert_string_equal(server.body, "I can see you.");
	static const char *const actions[] = {"window", "default"};
	for (int i = 0; i < 2; i++) {
		answers.count = 0;
		window.asked[0] = '\0';
		assert_true(n->ops->show(n, &m, &error));
		emit("ActionInvoked", g_variant_new("(us)", server.last_id, actions[i]));
		wait_for_answer(1);
		assert_int_equal(answers.last, ANSWER_WINDOW);
		g_mutex_lock(&window.lock);
		assert_ptr_equal(strstr(window.asked, "ActivateAction ('show', [<'calibrate'>], "),
		                 window.asked);
		g_mutex_unlock(&window.lock);
	}
	m.offer = OFFER_LOOK;
	answers.count = 0;
	assert_true(n->ops->show(n, &m, &error));
	emit("ActionInvoked", g_variant_new("(us)", server.last_id, "window"));
	wait_for_answer(1);
	assert_non_null(strstr(window.asked, "[<'now'>]"));
	/* Show me shows it there, and the daemon shows no second card. */
	m.offer = OFFER_CORRECTION;
	answers.count = 0;
	assert_true(n->ops->show(n, &m, &error));
	emit("ActionInvoked", g_variant_new("(us)", server.last_id, "show"));
	wait_for_answer(1);
	assert_int_equal(answers.last, ANSWER_WINDOW);
	assert_non_null(strstr(window.asked, "[<'evidence'>]"));
	/* What a correction measured, too; without a window it is said in a message. */
	m.offer = OFFER_CORRECTION;
	answers.count = 0;
	assert_true(n->ops->show(n, &m, &error));
	emit("ActionInvoked", g_variant_new("(us)", server.last_id, "show"));
	wait_for_answer(1);
	assert_int_equal(answers.last, ANSWER_WINDOW);
	assert_non_null(strstr(window.asked, "[<'evidence'>]"));
	n->ops->free(n);
}

static bool was_asked(const char *text)
{
	g_mutex_lock(&window.lock);
	const bool asked = strstr(window.asked, text) != NULL;
	g_mutex_unlock(&window.lock);
	return asked;
}

/* The window answers to the daemon itself: told twice, the break would be counted down twice. */
static void a_break_starts_in_the_window_where_there_is_one(void **state)
{
	(void)state;
	struct error error;
	struct notifier *n = notifier_desktop(on_answer, &answers, &error);
	struct coach_message m = message("break_movement", "Stand up.");
	m.offer = OFFER_BREAK;
	server.ability = RICH;
	answers.count = 0;
	assert_true(n->ops->show(n, &m, &error));
	emit("ActionInvoked", g_variant_new("(us)", server.last_id, "start"));
	for (int i = 0; i < 2000 && !was_asked("[<'break:movement'>]"); i++) {
		g_main_context_iteration(NULL, FALSE);
		g_usleep(1000);
	}
	assert_true(was_asked("ActivateAction ('show', [<'break:movement'>], "));
	assert_int_equal(answers.count, 0);
	assert_true(n->ops->show(n, &m, &error));
	emit("ActionInvoked", g_variant_new("(us)", server.last_id, "later"));
	wait_for_answer(1);
	assert_int_equal(answers.last, ANSWER_LATER);
	n->ops->free(n);
}

static void a_poor_server_gets_plain_text(void **state)
{
	(void)state;
	struct error error;
	struct notifier *n = notifier_desktop(on_answer, &answers, &error);
	struct coach_message m = message("slouched", "7 cm < 10 cm");
	server.ability = PLAIN;
	assert_true(n->ops->show(n, &m, &error));
	assert_string_equal(server.body, "7 cm < 10 cm");
	assert_string_equal(server.actions, "");
	/* Where there is no Start to press, the exercise is told at once. */
	g_strlcpy(m.more, "Lean back.", sizeof m.more);
	assert_true(n->ops->show(n, &m, &error));
	assert_string_equal(server.body, "7 cm < 10 cm Lean back.");
	/* What to do must be seen, whatever has room for it. */
	server.ability = POOR;
	assert_true(n->ops->show(n, &m, &error));
	assert_string_equal(server.summary, "Slouching");
	assert_string_equal(server.body, "");
	n->ops->free(n);
}

static void the_terminal_prints_and_the_record_remembers(void **state)
{
	(void)state;
	char text[256] = "";
	FILE *to = fmemopen(text, sizeof text, "w");
	struct notifier *t = notifier_terminal(to), *r = notifier_record();
	struct coach_message m = message("slouched", "Sit back.");
	assert_true(t->ops->show(t, &m, NULL));
	for (int i = 0; i < 40; i++)
		assert_true(r->ops->show(r, &m, NULL));
	fclose(to);
	assert_non_null(strstr(text, "Slouching"));
	assert_non_null(strstr(text, "Sit back."));
	assert_int_equal(notifier_record_count(r), 40);
	assert_string_equal(notifier_record_get(r, 39)->kind, "slouched");
	t->ops->free(t);
	r->ops->free(r);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(the_terminal_prints_and_the_record_remembers),
	};
	const struct CMUnitTest desktop[] = {
		cmocka_unit_test(a_message_arrives_and_is_replaced),
		cmocka_unit_test(answers_come_back),
		cmocka_unit_test(calibration_opens_the_window_where_there_is_one),
		cmocka_unit_test(a_break_starts_in_the_window_where_there_is_one),
		cmocka_unit_test(a_poor_server_gets_plain_text),
	};
	int failed = cmocka_run_group_tests(plain, NULL, NULL);
	if (getenv("UNKNOT_TEST_BUS") == NULL) {
		puts("skipped: the desktop notifier needs a private bus (dbus-run-session)");
		return failed != 0 ? failed : 77;
	}
	return failed + cmocka_run_group_tests(desktop, start_server, stop_server);
}
