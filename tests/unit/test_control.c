/* The D-Bus interface, both sides, on a private bus: the service in a child, the client here. */
#include "control/control.h"

#include <gio/gio.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char *say(const char *what)
{
	return strdup(what);
}

static char *do_status(void *user, struct error *error) { (void)user, (void)error;
                                                          return say("{\"a\":1}"); }
static char *do_explain(void *user, struct error *error)
{
	(void)user;
	error_set(error, 0, "nothing was decided yet");
	return NULL;
}

/* The last call as its handler saw it: WriteReport tells. */
static char last_call[64];
static bool note(const char *what, unsigned n, struct error *error)
{
	snprintf(last_call, sizeof last_call, "%s %u", what, n);
	return n != 13 || error_set(error, 0, "thirteen brings bad luck");
}
static bool do_pause(void *user, unsigned n,
                     struct error *error) { (void)user; return note("pause", n, error); }
static bool do_snooze(void *user, unsigned n,
                      struct error *error) { (void)user; return note("snooze", n, error); }
static bool do_release(void *user, unsigned n, struct error *error)
{
	(void)user;
	return note("release", n, error);
}
static bool do_resume(void *user, struct error *error) { (void)user;
                                                         return note("resume", 0, error); }
static bool do_break(void *user, const char *kind, struct error *error)
{
	(void)user;
	return strcmp(kind, "micro") == 0 || error_set(error, 0, "%s: micro or movement", kind);
}
static char *do_report(void *user, struct error *error)
{
	(void)user, (void)error;
	return say(last_call);
}
static const char *do_presence(void *user) { (void)user; return "present"; }
static const char *const *do_off(void *user)
{
	static const char *const reasons[] = {"user", "lid", NULL};
	(void)user;
	return reasons;
}
static const char *do_posture(void *user) { (void)user; return "slouched"; }
static void do_lost(void *user) { g_main_loop_quit(user); }

/* Reload makes it speak to whoever listens. */
static struct control *served;
static bool do_reload(void *user, struct error *error)
{
	control_alert(served, "slouched", "Sit back", "The eyes are \xff low");
	control_break(served, "movement", "ended", "taken", 301.5);
	control_answer(served, "break_movement", "start");
	control_changed(served);
	(void)user;
	return note("reload", 0, error);
}

static void serve(void)
{
	static const struct control_handler handler = {
		.status = do_status, .explain = do_explain, .pause = do_pause, .resume = do_resume,
		.snooze = do_snooze, .take_break = do_break, .reload = do_reload,
		.write_report = do_report,
		.release_camera = do_release, .presence = do_presence,
		.posture = do_posture, .off = do_off,
		.name_lost = do_lost, .bus_lost = do_lost};
	struct error error;
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);
	struct control *c = served = control_serve(&handler, loop, &error);
	if (c == NULL)
		_exit(1);
	g_main_loop_run(loop);
	control_free(c);
	_exit(0);
}

/* A process of its own by exec: GLib's threads do not survive a fork alone. */
static pid_t start_service(void)
{
	pid_t child = fork();
	if (child == 0) {
		execl("/proc/self/exe", "test_control", "serve", (char *)NULL);
		_exit(1);
	}
	return child;
}

static pid_t service;

static int start(void **state)
{
	(void)state;
	struct error error;
	service = start_service();
	for (int i = 0; i < 500; i++) {
		char *reply = NULL;
		if (control_call("Status", NULL, 0, false, &reply, &error)) {
			free(reply);
			return 0;
		}
		usleep(10000);
	}
	return -1;
}

static int finish(void **state)
{
	(void)state;
	kill(service, SIGTERM);
	return waitpid(service, NULL, 0) == service ? 0 : -1;
}

static void calls_and_replies(void **state)
{
	(void)state;
	struct error error;
	char *reply = NULL;
	assert_true(control_call("Status", NULL, 0, false, &reply, &error));
	assert_string_equal(reply, "{\"a\":1}");
	free(reply);
	static const struct { const char *method; unsigned number; const char *seen; } calls[] = {
		{"Pause", 1800, "pause 1800"}, {"Snooze", 60, "snooze 60"},
		{"ReleaseCamera", 7200, "release 7200"}, {"Resume", 0, "resume 0"},
		{"Reload", 0, "reload 0"}};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		assert_true(control_call(calls[i].method, NULL, calls[i].number,
		                         false, NULL, &error));
		assert_true(control_call("WriteReport", NULL, 0, false, &reply, &error));
		assert_string_equal(reply, calls[i].seen);
		free(reply);
	}
	assert_true(control_call("Break", "micro", 0, false, NULL, &error));
}

static void failures_keep_their_text(void **state)
{
	(void)state;
	struct error error;
	char *reply = NULL;
	assert_false(control_call("Explain", NULL, 0, false, &reply, &error));
	assert_non_null(strstr(error.text, "nothing was decided yet"));
	assert_null(reply);
	assert_false(control_call("Snooze", NULL, 13, false, NULL, &error));
	assert_non_null(strstr(error.text, "bad luck"));
	assert_false(control_call("Break", "coffee", 0, false, NULL, &error));
	assert_non_null(strstr(error.text, "coffee"));
	/* Cut within a letter, which no message may hold. */
	char long_text[401] = "";
	for (int i = 0; i < 200; i++)
		strcat(long_text, "\xc3\xbc");
	assert_false(control_call("Break", long_text, 0, false, NULL, &error));
	assert_non_null(strstr(error.text, "\xc3\xbc\xc3\xbc"));
	assert_false(control_call("Dance", NULL, 0, false, NULL, &error));
}

static void properties_are_there(void **state)
{
	static const char *const values[][2] = {
		{"Presence", "present"}, {"Posture", "slouched"}, {"Version", NULL}};
	(void)state;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		GVariant *r = g_dbus_connection_call_sync(bus, CONTROL_NAME, CONTROL_PATH,
			"org.freedesktop.DBus.Properties", "Get",
			g_variant_new("(ss)", CONTROL_INTERFACE, values[i][0]), NULL,
			G_DBUS_CALL_FLAGS_NONE, 2000, NULL, NULL);
		assert_non_null(r);
		GVariant *value;
		g_variant_get(r, "(v)", &value);
		if (values[i][1] != NULL)
			assert_string_equal(g_variant_get_string(value, NULL), values[i][1]);
		g_variant_unref(value);
		g_variant_unref(r);
	}
	GVariant *off = g_dbus_connection_call_sync(bus, CONTROL_NAME, CONTROL_PATH,
		"org.freedesktop.DBus.Properties", "Get",
		g_variant_new("(ss)", CONTROL_INTERFACE, "Off"),
		NULL, G_DBUS_CALL_FLAGS_NONE, 2000, NULL, NULL);
	assert_non_null(off);
	char *reasons = g_variant_print(off, FALSE);
	assert_string_equal(reasons, "(<['user', 'lid']>,)");
	g_free(reasons);
	g_variant_unref(off);
	g_object_unref(bus);
}

static char heard[4][256]; /* Alert, properties, Break, Answer */

static void on_signal(GDBusConnection *bus, const gchar *sender, const gchar *object,
                      const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)object, (void)interface, (void)user;
	char *text = g_variant_print(args, FALSE);
	const int at = strcmp(name, "Alert") == 0 ? 0 : strcmp(name, "Break") == 0 ? 2
	             : strcmp(name, "Answer") == 0 ? 3 : 1;
	snprintf(heard[at], sizeof heard[0], "%s", text);
	g_free(text);
}

static void listeners_hear_what_was_said(void **state)
{
	struct error error;
	(void)state;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	const guint id = g_dbus_connection_signal_subscribe(bus, CONTROL_NAME,
	                                                    NULL, NULL, CONTROL_PATH, NULL,
	                                                    G_DBUS_SIGNAL_FLAGS_NONE,
	                                                    on_signal, NULL, NULL);
	assert_true(control_call("Reload", NULL, 0, false, NULL, &error));
	for (int i = 0; i < 500 && heard[1][0] == '\0'; i++) {
		g_main_context_iteration(NULL, FALSE);
		usleep(10000);
	}
	assert_string_equal(heard[0], "('slouched', 'Sit back', 'The eyes are \ufffd low')");
	assert_string_equal(heard[2], "('movement', 'ended', 'taken', 301.5)");
	assert_string_equal(heard[3], "('break_movement', 'start')");
	assert_non_null(strstr(heard[1], "'Presence': <'present'>"));
	assert_non_null(strstr(heard[1], "'Posture': <'slouched'>"));
	g_dbus_connection_signal_unsubscribe(bus, id);
	g_object_unref(bus);
}

/* Also one that inherited systemd's word for another process. */
static void a_second_one_gives_way(void **state)
{
	(void)state;
	setenv("SYSTEMD_EXEC_PID", "1", 1);
	pid_t second = start_service();
	int status;
	unsetenv("SYSTEMD_EXEC_PID");
	alarm(20);
	assert_int_equal(waitpid(second, &status, 0), second);
	alarm(0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void nobody_there(void **state)
{
	(void)state;
	struct error error;
	assert_false(control_call("Status", NULL, 0, false, NULL, &error));
	assert_non_null(strstr(error.text, "not running"));
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "serve") == 0)
		serve();
	if (getenv("UNKNOT_TEST_BUS") == NULL) {
		puts("skipped: needs a private bus (dbus-run-session)");
		return 77;
	}
	const struct CMUnitTest with_service[] = {
		cmocka_unit_test(calls_and_replies),
		cmocka_unit_test(failures_keep_their_text),
		cmocka_unit_test(properties_are_there),
		cmocka_unit_test(listeners_hear_what_was_said),
		cmocka_unit_test(a_second_one_gives_way),
	};
	const struct CMUnitTest without[] = {cmocka_unit_test(nobody_there)};
	return cmocka_run_group_tests(with_service, start, finish) +
	       cmocka_run_group_tests(without, NULL, NULL);
}
