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

static char *do_status(void *user, struct error *error) { (void)user, (void)error; return say("{\"a\":1}"); }
static char *do_explain(void *user, struct error *error)
{
	(void)user;
	error_set(error, 0, "nothing was decided yet");
	return NULL;
}
static unsigned last_number;
static bool do_number(void *user, unsigned n, struct error *error)
{
	(void)user;
	last_number = n;
	return n != 13 || error_set(error, 0, "thirteen brings bad luck");
}
static bool do_nothing(void *user, struct error *error) { (void)user, (void)error; return true; }
static bool do_break(void *user, const char *kind, struct error *error)
{
	(void)user;
	return strcmp(kind, "micro") == 0 || error_set(error, 0, "%s: micro or movement", kind);
}
static char *do_report(void *user, struct error *error)
{
	(void)user, (void)error;
	char text[32];
	snprintf(text, sizeof text, "%u", last_number);
	return say(text);
}
static const char *do_presence(void *user) { (void)user; return "present"; }
static const char *const *do_off(void *user)
{
	static const char *const reasons[] = {"user", "lid", NULL};
	(void)user;
	return reasons;
}
static void do_lost(void *user) { g_main_loop_quit(user); }

static void serve(void)
{
	static const struct control_handler handler = {do_status, do_explain, do_number, do_nothing, do_number,
		do_break, do_nothing, do_report, do_number, do_presence, do_presence, do_off, do_lost};
	struct error error;
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);
	struct control *c = control_serve(&handler, loop, &error);
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
	assert_true(control_call("Pause", NULL, 1800, false, NULL, &error));
	assert_true(control_call("WriteReport", NULL, 0, false, &reply, &error));
	assert_string_equal(reply, "1800");
	free(reply);
	assert_true(control_call("Break", "micro", 0, false, NULL, &error));
	assert_true(control_call("Resume", NULL, 0, false, NULL, &error));
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
	(void)state;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	GVariant *r = g_dbus_connection_call_sync(bus, CONTROL_NAME, CONTROL_PATH,
		"org.freedesktop.DBus.Properties", "Get", g_variant_new("(ss)", CONTROL_INTERFACE, "Presence"),
		NULL, G_DBUS_CALL_FLAGS_NONE, 2000, NULL, NULL);
	assert_non_null(r);
	GVariant *value;
	g_variant_get(r, "(v)", &value);
	assert_string_equal(g_variant_get_string(value, NULL), "present");
	g_variant_unref(value);
	g_variant_unref(r);
	g_object_unref(bus);
}

static void a_second_one_gives_way(void **state)
{
	(void)state;
	pid_t second = start_service();
	int status;
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
		cmocka_unit_test(a_second_one_gives_way),
	};
	const struct CMUnitTest without[] = {cmocka_unit_test(nobody_there)};
	return cmocka_run_group_tests(with_service, start, finish) + cmocka_run_group_tests(without, NULL, NULL);
}
