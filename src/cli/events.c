/* `unknot events`: what the daemon's signals say, a JSON object a line, for scripts. */
#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "control/control.h"

#include <cjson/cJSON.h>
#include <getopt.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct events {
	GMainLoop *loop;
	GDBusConnection *bus;
	char *last_state;  /* the line without its time: the same is not told twice */
	bool failed;
};

/* An event and its time; the caller adds the rest. */
static cJSON *begin(const char *event)
{
	struct clock clock = clock_real();
	const time_t now = (time_t)(clock_now(&clock).wall_ms / 1000);
	struct tm local;
	char when[64];
	cJSON *json = cJSON_CreateObject();
	localtime_r(&now, &local);
	/* RFC 3339 has a colon in the offset. */
	size_t n = strftime(when, sizeof when - 1, "%Y-%m-%dT%H:%M:%S%z", &local);
	memmove(when + n - 1, when + n - 2, 3);
	when[n - 2] = ':';
	cJSON_AddStringToObject(json, "time", when);
	cJSON_AddStringToObject(json, "event", event);
	return json;
}

/* At once, whole: a script waits for it. */
static void tell(struct events *e, cJSON *json)
{
	char *line = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	if (line == NULL || puts(line) == EOF || fflush(stdout) != 0) {
		e->failed = true;
		g_main_loop_quit(e->loop);
	}
	free(line);
}

/* ---- state ---- */

static void add_property(cJSON *json, GVariant *properties, const char *name, const char *key)
{
	const char *text = NULL;
	if (g_variant_lookup(properties, name, "&s", &text))
		cJSON_AddStringToObject(json, key, text);
}

static void tell_state(struct events *e, GVariant *properties)
{
	const char **reasons = NULL;
	cJSON *json = begin("state");
	add_property(json, properties, "Presence", "presence");
	add_property(json, properties, "Posture", "posture");
	cJSON *off = cJSON_AddArrayToObject(json, "off");
	if (g_variant_lookup(properties, "Off", "^a&s", &reasons))
		for (int i = 0; reasons[i] != NULL; i++)
			cJSON_AddItemToArray(off, cJSON_CreateString(reasons[i]));
	g_free(reasons);
	cJSON *time = cJSON_DetachItemFromObject(json, "time");
	char *state = cJSON_PrintUnformatted(json);
	const bool same = state != NULL && e->last_state != NULL &&
	                  strcmp(state, e->last_state) == 0;
	cJSON_InsertItemInArray(json, 0, time);
	if (same)
		cJSON_Delete(json);
	else
		tell(e, json);
	free(e->last_state);
	e->last_state = state;
}

/* What is so when somebody begins to listen, or a daemon to run. */
static void on_properties(GObject *bus, GAsyncResult *result, gpointer user)
{
	GVariant *answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, NULL);
	if (answer == NULL)
		return; /* it went again */
	GVariant *properties = g_variant_get_child_value(answer, 0);
	tell_state(user, properties);
	g_variant_unref(properties);
	g_variant_unref(answer);
}

static void on_changed(GDBusConnection *bus, const gchar *sender, const gchar *path,
                       const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface, (void)name;
	if (!g_variant_is_of_type(args, G_VARIANT_TYPE("(sa{sv}as)")))
		return;
	GVariant *properties = g_variant_get_child_value(args, 1);
	tell_state(user, properties);
	g_variant_unref(properties);
}

/* ---- the rest ---- */

static const struct told {
	const char *signal, *event, *type, *keys[4];
} told[] = {
	{"Alert", "message", "(sss)", {"kind", "title", "text", NULL}},
	{"Break", "break", "(sssd)", {"kind", "what", "outcome", "length_s"}},
	{"Answer", "answer", "(ss)", {"kind", "answer", NULL, NULL}},
};

static void add_argument(cJSON *json, const char *key, GVariant *value)
{
	if (g_variant_is_of_type(value, G_VARIANT_TYPE_DOUBLE))
		cJSON_AddNumberToObject(json, key, g_variant_get_double(value));
	else if (*g_variant_get_string(value, NULL) != '\0') /* no outcome yet: no key */
		cJSON_AddStringToObject(json, key, g_variant_get_string(value, NULL));
}

static void on_signal(GDBusConnection *bus, const gchar *sender, const gchar *path,
                      const gchar *interface, const gchar *name, GVariant *args, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		if (strcmp(told[i].signal, name) != 0 ||
		    !g_variant_is_of_type(args, G_VARIANT_TYPE(told[i].type)))
			continue;
		cJSON *json = begin(told[i].event);
		for (gsize k = 0; k < g_variant_n_children(args); k++) {
			GVariant *value = g_variant_get_child_value(args, k);
			add_argument(json, told[i].keys[k], value);
			g_variant_unref(value);
		}
		tell(user, json);
	}
}

static void tell_running(struct events *e, bool running)
{
	cJSON *json = begin("daemon");
	cJSON_AddBoolToObject(json, "running", running);
	tell(e, json);
	free(e->last_state);
	e->last_state = NULL;
}

static void on_here(GDBusConnection *bus, const gchar *name, const gchar *owner, gpointer user)
{
	(void)name;
	tell_running(user, true);
	g_dbus_connection_call(bus, owner, CONTROL_PATH, "org.freedesktop.DBus.Properties",
	                       "GetAll",
	                       g_variant_new("(s)", CONTROL_INTERFACE), G_VARIANT_TYPE("(a{sv})"),
	                       G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, on_properties, user);
}

static void on_gone(GDBusConnection *bus, const gchar *name, gpointer user)
{
	(void)bus, (void)name;
	tell_running(user, false);
}

/* Nobody reads any more, as after `| head -n 1`: known before there is something to write. */
static gboolean on_closed(gint fd, GIOCondition condition, gpointer user)
{
	(void)fd, (void)condition;
	g_main_loop_quit(((struct events *)user)->loop);
	return G_SOURCE_REMOVE;
}

static void listen_to_all(struct events *e)
{
	g_dbus_connection_signal_subscribe(e->bus, CONTROL_NAME, CONTROL_INTERFACE,
	                                   NULL, CONTROL_PATH, NULL,
	                                   G_DBUS_SIGNAL_FLAGS_NONE, on_signal, e, NULL);
	g_dbus_connection_signal_subscribe(e->bus, CONTROL_NAME, "org.freedesktop.DBus.Properties",
	                                   "PropertiesChanged", CONTROL_PATH, CONTROL_INTERFACE,
	                                   G_DBUS_SIGNAL_FLAGS_NONE, on_changed, e, NULL);
	g_bus_watch_name_on_connection(e->bus, CONTROL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
	                               on_here, on_gone, e, NULL);
	g_unix_fd_add(STDOUT_FILENO, G_IO_ERR | G_IO_HUP, on_closed, e);
}

static int run(const struct command *c, int argc, char **argv)
{
	static const struct option options[] = {{0}};
	struct events e = {0};
	struct error error;
	GError *why = NULL;
	int status;
	if (cli_option(c, argc, argv, options, &status) != CLI_OPTIONS_END)
		return status;
	if (optind < argc)
		return cli_usage(c, N_("%s: takes no argument"), cli_shown(argv[optind]));
	e.bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &why);
	if (e.bus == NULL) {
		error_set(&error, CONTROL_NOBODY,
		          "session bus: %s; run this in a terminal of your desktop's session",
		          why->message);
		g_error_free(why);
		return cli_fail(&error);
	}
	e.loop = g_main_loop_new(NULL, FALSE);
	listen_to_all(&e);
	g_main_loop_run(e.loop);
	g_main_loop_unref(e.loop);
	g_object_unref(e.bus);
	free(e.last_state);
	return e.failed ? CLI_FAILED : CLI_DONE;
}

const struct command command_events = {
	"events", "", N_("Print what happens, as JSON lines"),
	N_("One object a line, as it happens, until interrupted. \"event\" is\n"
	"  daemon   running: true or false\n"
	"  state    presence, posture, off (why the camera is off)\n"
	"  message  kind, title, text: what was said\n"
	"  break    kind, what (due, again, started, ended, natural), outcome, length_s\n"
	"  answer   kind, answer: what the person answered\n"
	"\n"
	"Pause the music when a break begins:\n"
	"  unknot events | while read -r line; do\n"
	"    case $line in *'\"what\":\"started\"'*) playerctl pause ;; esac\n"
	"  done\n"),
	run,
};
