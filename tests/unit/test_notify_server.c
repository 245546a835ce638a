/* A notification server that is not there, leaves, comes back and asks for care. test_notify.c has
 * what happens when all is well. */
#include "notify/notify.h"

#include <gio/gio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct coach_message message(const char *kind, const char *body)
{
	struct coach_message m = {.icon = "dialog-information", .urgency = URGENCY_NORMAL,
	                          .expires_s = 12,
	                          .offer = OFFER_CORRECTION, .measured = true};
	snprintf(m.kind, sizeof m.kind, "%s", kind);
	snprintf(m.summary, sizeof m.summary, "About %s", kind);
	snprintf(m.body, sizeof m.body, "%s", body);
	return m;
}

/* ---- the server, in a thread of its own: the notifier's calls wait for it ---- */

static const char interface_xml[] =
	"<node><interface name='org.freedesktop.Notifications'>"
	"<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
	"<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' "
	"direction='out'/>"
	"<arg type='s' direction='out'/><arg type='s' direction='out'/></method>"
	"<method name='CloseNotification'><arg type='u' direction='in'/></method>"
	"<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
	"<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' "
	"direction='in'/>"
	"<arg type='u' direction='out'/></method>"
	"</interface></node>";

/* What the server was told is written before its answer is sent, and read after the notifier has
 * it. */
static const char *server_name = "fake";

static struct server {
	GThread *thread;
	GMainContext *context;
	GMainLoop *loop;
	GDBusConnection *bus;
	gint up;
	guint32 next_id, id, replaces;
	int shown, timeout;
	char summary[128], body[1024], category[64], entry[64];
	guint32 closed;
	gboolean transient;
	guint8 urgency;
} server;

static void remember(GVariant *arguments)
{
	const char *summary, *body, *category = "", *entry = "";
	GVariant *hints;
	server.urgency = 255;
	server.transient = FALSE;
	g_variant_get(arguments, "(&su&s&s&sas@a{sv}i)", NULL, &server.replaces,
	              NULL, &summary, &body, NULL, &hints, &server.timeout);
	g_variant_lookup(hints, "urgency", "y", &server.urgency);
	g_variant_lookup(hints, "transient", "b", &server.transient);
	g_variant_lookup(hints, "category", "&s", &category);
	g_variant_lookup(hints, "desktop-entry", "&s", &entry);
	g_strlcpy(server.summary, summary, sizeof server.summary);
	g_strlcpy(server.body, body, sizeof server.body);
	g_strlcpy(server.category, category, sizeof server.category);
	g_strlcpy(server.entry, entry, sizeof server.entry);
	g_variant_unref(hints);
	server.id = server.replaces != 0 ? server.replaces : server.next_id++;
	server.shown++;
}

static void on_call(GDBusConnection *bus, const char *sender, const char *path,
                    const char *interface,
                    const char *method, GVariant *arguments, GDBusMethodInvocation *call,
                    gpointer user)
{
	static const char *const capabilities[] = {"actions", "body", "body-markup", NULL};
	GVariant *answer = NULL;
	(void)bus, (void)sender, (void)path, (void)interface, (void)user;
	if (strcmp(method, "GetCapabilities") == 0) {
		answer = g_variant_new("(^as)", capabilities);
	} else if (strcmp(method, "GetServerInformation") == 0) {
		answer = g_variant_new("(ssss)", server_name, "unknot", "1", "1.2");
	} else if (strcmp(method, "Notify") == 0) {
		remember(arguments);
		answer = g_variant_new("(u)", server.id);
	} else if (strcmp(method, "CloseNotification") == 0) {
		g_variant_get(arguments, "(u)", &server.closed);
	}
	g_dbus_method_invocation_return_value(call, answer);
}

static void on_name(GDBusConnection *bus, const char *name, gpointer user)
{
	(void)bus, (void)name, (void)user;
	g_atomic_int_set(&server.up, 1);
}

static gpointer serve(gpointer unused)
{
	static const GDBusInterfaceVTable methods = {.method_call = on_call};
	g_main_context_push_thread_default(server.context);
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(interface_xml, NULL);
	g_dbus_connection_register_object(server.bus, "/org/freedesktop/Notifications",
	                                  node->interfaces[0], &methods, NULL, NULL, NULL);
	guint name = g_bus_own_name_on_connection(server.bus, "org.freedesktop.Notifications",
	                                          0, on_name, NULL, NULL, NULL);
	g_main_loop_run(server.loop);
	g_bus_unown_name(name);
	g_main_context_pop_thread_default(server.context);
	g_dbus_node_info_unref(node);
	return unused;
}

static void server_start(guint32 first_id)
{
	const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
	                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
	server = (struct server){.next_id = first_id};
	server.context = g_main_context_new();
	server.loop = g_main_loop_new(server.context, FALSE);
	server.bus = g_dbus_connection_new_for_address_sync(getenv("DBUS_SESSION_BUS_ADDRESS"),
	                                                    flags, NULL, NULL, NULL);
	assert_non_null(server.bus);
	server.thread = g_thread_new("server", serve, NULL);
	while (!g_atomic_int_get(&server.up))
		g_usleep(1000);
}

/* What the bus has sent to the notifier's connection so far is worked off, as the daemon's loop
 * would. */
static void settle(void)
{
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	GVariant *id = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus",
	                                           "/org/freedesktop/DBus",
	                                           "org.freedesktop.DBus", "GetId", NULL, NULL,
	                                           G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
	g_variant_unref(id);
	g_object_unref(bus);
	while (g_main_context_iteration(NULL, FALSE))
		;
}

/* Without a farewell, as when it crashes: the bus drops its name. */
static void server_stop(void)
{
	g_dbus_connection_close_sync(server.bus, NULL, NULL);
	g_main_loop_quit(server.loop);
	g_thread_join(server.thread);
	g_main_loop_unref(server.loop);
	g_main_context_unref(server.context);
	g_object_unref(server.bus);
	settle();
}

static void server_signal(const char *name, GVariant *arguments)
{
	assert_true(g_dbus_connection_emit_signal(server.bus, NULL,
	                                          "/org/freedesktop/Notifications",
	                                          "org.freedesktop.Notifications",
	                                          name, arguments, NULL));
}

/* ---- the person's answers ---- */

static struct answers {
	int count;
	enum coach_answer last;
} answers;

static void on_answer(void *user, const char *kind, enum coach_answer answer)
{
	struct answers *a = user;
	(void)kind;
	a->count++;
	a->last = answer;
}

static gboolean too_late(gpointer user)
{
	*(bool *)user = true;
	return G_SOURCE_CONTINUE;
}

static void wait_for_answers(int count)
{
	bool late = false;
	guint timer = g_timeout_add_seconds(20, too_late, &late);
	while (answers.count < count && !late)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(timer);
	assert_int_equal(answers.count, count);
}

static struct notifier *notifier(void)
{
	struct error error;
	answers = (struct answers){0};
	struct notifier *n = notifier_desktop(on_answer, &answers, &error);
	assert_non_null(n);
	return n;
}

static void show(struct notifier *n, const struct coach_message *m)
{
	struct error error = {0};
	if (!n->ops->show(n, m, &error))
		fail_msg("not shown: %s", error.text);
}

static void show_fails(struct notifier *n, const struct coach_message *m)
{
	struct error error = {0};
	assert_false(n->ops->show(n, m, &error));
	assert_non_null(strstr(error.text, "notification server"));
}

/* ---- tests ---- */

/* In a process of its own: GLib keeps the first bus that it finds. */
static void without_a_bus_it_says_so(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct error error = {0};
		const struct coach_message m = message("slouched", "Sit back.");
		setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
		struct notifier *n = notifier_desktop(on_answer, &answers, &error);
		bool shown = n == NULL || n->ops->show(n, &m, &error);
		n->ops->close(n, "slouched");
		n->ops->free(n);
		_exit(!shown && strstr(error.text, "notification server") != NULL ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void it_tries_again_when_a_server_comes(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	const struct coach_message m = message("slouched", "Sit back.");
	show_fails(n, &m);
	show_fails(n, &m);
	n->ops->close(n, "slouched");
	server_start(1);
	show(n, &m);
	assert_int_equal(server.shown, 1);
	assert_string_equal(server.summary, "About slouched");
	server_stop();
	show_fails(n, &m);
	n->ops->free(n);
}

/* Another server knows nothing of the old one's messages: their numbers may be anybody's. */
static void a_new_server_gets_a_new_message(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	const struct coach_message m = message("slouched", "Sit back.");
	server_start(1);
	show(n, &m);
	assert_int_equal(server.id, 1);
	server_stop();
	server_start(50);
	show(n, &m);
	assert_int_equal(server.replaces, 0);
	assert_int_equal(server.id, 50);
	/* And its signals are heard. */
	answers = (struct answers){0};
	server_signal("ActionInvoked", g_variant_new("(us)", server.id, "wrong"));
	wait_for_answers(1);
	assert_int_equal(answers.last, ANSWER_WRONG);
	n->ops->free(n);
	server_stop();
}

static void hints_say_how_much_it_matters(void **state)
{
	(void)state;
	struct coach_message m = message("slouched", "Sit back.");
	struct notifier *n = notifier();
	server_start(1);
	show(n, &m);
	/* a desktop file among the applications */
	assert_string_equal(server.entry, "io.github.unknot");
	assert_string_equal(server.category, "x-unknot.coach");
	assert_int_equal(server.urgency, 1);
	assert_int_equal(server.timeout, 12000);
	/* A correction is of use now or not at all: it does not pile up in the server's list. */
	assert_true(server.transient);
	/* What matters little neither; but with low urgency GNOME's shell would never show it. */
	m.offer = OFFER_SNOOZE;
	m.urgency = URGENCY_LOW;
	m.expires_s = 0;
	show(n, &m);
	assert_int_equal(server.urgency, 1);
	assert_int_equal(server.timeout, -1);
	assert_true(server.transient);
	m.urgency = URGENCY_NORMAL;
	show(n, &m);
	assert_false(server.transient);
	n->ops->free(n);
	server_stop();
}

/* GNOME's shell keeps a banner back under a full-screen window: no word of it until that ends. */
static void what_is_kept_back_is_unseen(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	struct coach_message m = message("slouched", "Sit back.");
	m.expires_s = 0.1;
	server_start(1);
	show(n, &m);
	wait_for_answers(1);
	assert_int_equal(answers.last, ANSWER_UNSEEN);
	server_signal("NotificationClosed", g_variant_new("(uu)", server.id, 1)); /* at last */
	wait_for_answers(2);
	assert_int_equal(answers.last, ANSWER_NONE);
	/* One that was closed in time was seen. */
	show(n, &m);
	server_signal("NotificationClosed", g_variant_new("(uu)", server.id, 1));
	wait_for_answers(3);
	assert_int_equal(answers.last, ANSWER_NONE);
	const gint64 end = g_get_monotonic_time() + 2 * G_USEC_PER_SEC;
	while (g_get_monotonic_time() < end)
		if (!g_main_context_iteration(NULL, FALSE))
			g_usleep(10000);
	assert_int_equal(answers.count, 3);
	n->ops->free(n);
	server_stop();
}

/* ... and says nothing of what lies in its list: a break's card comes there only after its
 * banner. */
static void a_card_is_filed_once_it_was_seen(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	struct coach_message m = message("break_movement", "Up.");
	m.offer = OFFER_BREAK;
	m.expires_s = 0.1;
	server_name = "gnome-shell";
	server_start(3);
	show(n, &m);
	assert_true(server.transient);
	assert_int_equal(server.urgency, 1);
	wait_for_answers(1);
	assert_int_equal(answers.last, ANSWER_UNSEEN);
	server_signal("NotificationClosed", g_variant_new("(uu)", server.id, 1));
	wait_for_answers(2);
	assert_int_equal(answers.last, ANSWER_NONE);
	assert_false(server.transient);
	assert_int_equal(server.urgency, 0);
	server_signal("ActionInvoked", g_variant_new("(us)", server.id, "start"));
	wait_for_answers(3);
	assert_int_equal(answers.last, ANSWER_START);
	/* The next one is a banner again; put away by hand it is not filed. */
	show(n, &m);
	assert_true(server.transient);
	server_signal("NotificationClosed", g_variant_new("(uu)", server.id, 2));
	wait_for_answers(4);
	assert_int_equal(answers.last, ANSWER_DISMISSED);
	assert_true(server.transient);
	n->ops->free(n);
	server_stop();
	server_name = "fake";
}

/* Plasma shows nothing in place of what has gone, and its word of that may still be under way. */
static void what_was_closed_is_not_replaced(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	const struct coach_message eyes = message("break_micro", "Look away."),
	                           legs = message("break_movement", "Up.");
	server_start(5);
	show(n, &eyes);
	assert_int_equal(server.id, 5);
	n->ops->close(n, "break_micro");
	assert_int_equal(server.closed, 5);
	server_signal("NotificationClosed", g_variant_new("(uu)", 5, 3));
	show(n, &legs);
	assert_int_equal(server.replaces, 0);
	assert_int_equal(server.id, 6);
	settle();
	assert_int_equal(answers.count, 0); /* nobody has answered the second one yet */
	server_signal("NotificationClosed", g_variant_new("(uu)", 6, 2));
	wait_for_answers(1);
	assert_int_equal(answers.last, ANSWER_DISMISSED);
	n->ops->free(n);
	server_stop();
}

static void no_card_outlives_the_daemon(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	const struct coach_message m = message("break_movement", "Up.");
	server_start(7);
	show(n, &m);
	n->ops->free(n);
	assert_int_equal(server.closed, 7);
	server_stop();
}

static void one_answer_to_one_message(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	const struct coach_message m = message("too_close", "Back.");
	server_start(1);
	show(n, &m);
	/* another's */
	server_signal("ActionInvoked", g_variant_new("(us)", server.id + 100, "snooze"));
	/* not offered */
	server_signal("ActionInvoked", g_variant_new("(us)", server.id, "format-disk"));
	server_signal("ActionInvoked", g_variant_new("(us)", server.id, "snooze"));
	/* The bubble closes too, which says nothing new. */
	server_signal("NotificationClosed", g_variant_new("(uu)", server.id, 2));
	wait_for_answers(1);
	assert_int_equal(answers.last, ANSWER_SNOOZE);
	settle();
	show(n, &m);
	server_signal("NotificationClosed", g_variant_new("(uu)", server.id, 1));
	wait_for_answers(2);
	assert_int_equal(answers.last, ANSWER_NONE);
	for (int i = 3; i < 6; i++) {
		show(n, &m);
		server_signal("NotificationClosed", g_variant_new("(uu)", server.id, 2));
		wait_for_answers(i);
		assert_int_equal(answers.last, ANSWER_DISMISSED);
	}
	n->ops->free(n);
	server_stop();
}

static void text_that_is_no_text_harms_nobody(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	/* A bus throws out whoever sends broken UTF-8. */
	struct coach_message m = message("slouched", "cut in a letter: \xc3");
	server_start(1);
	show(n, &m);
	assert_int_equal(server.shown, 1);
	assert_string_equal(server.body, "cut in a letter: \xef\xbf\xbd");
	m.summary[0] = (char)0xff;
	show(n, &m);
	assert_int_equal(server.shown, 2);
	assert_string_equal(server.summary, "\xef\xbf\xbd" "bout slouched");
	n->ops->free(n);
	server_stop();
}

static void a_thousand_kinds_need_two_places(void **state)
{
	(void)state;
	struct notifier *n = notifier();
	char kind[32];
	server_start(1);
	for (int i = 0; i < 1000; i++) {
		snprintf(kind, sizeof kind, "%skind %d", i % 2 ? "break_" : "", i);
		const struct coach_message m = message(kind, "x");
		show(n, &m);
		assert_int_equal(server.id, 1 + i % 2);
	}
	assert_int_equal(server.shown, 1000);
	n->ops->free(n);
	server_stop();
}

/* A bus that starts no server by itself: runs this program again under one of its own. */
static void enter_private_bus(char **argv)
{
	if (getenv("UNKNOT_TEST_SILENT_BUS") != NULL)
		return;
	setenv("UNKNOT_TEST_SILENT_BUS", "1", 1);
	execlp("dbus-run-session", "dbus-run-session",
	       "--config-file=" UNKNOT_SOURCE_DIR "/tests/unit/test_notify_bus.conf", "--", argv[0],
	       (char *)NULL);
	puts("skipped: dbus-run-session is not here (Debian: dbus-daemon)");
	exit(77);
}

int main(int argc, char **argv)
{
	(void)argc;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_bus_it_says_so),
		cmocka_unit_test(it_tries_again_when_a_server_comes),
		cmocka_unit_test(a_new_server_gets_a_new_message),
		cmocka_unit_test(hints_say_how_much_it_matters),
		cmocka_unit_test(what_is_kept_back_is_unseen),
		cmocka_unit_test(a_card_is_filed_once_it_was_seen),
		cmocka_unit_test(what_was_closed_is_not_replaced),
		cmocka_unit_test(no_card_outlives_the_daemon),
		cmocka_unit_test(one_answer_to_one_message),
		cmocka_unit_test(text_that_is_no_text_harms_nobody),
		cmocka_unit_test(a_thousand_kinds_need_two_places),
	};
	enter_private_bus(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
