/* What any program on the session bus may say to unknotd: calls of its methods and properties, and
 * the signals and answers it listens to, with arguments of the right type and of any other.
 *
 * The input is a row of messages: which one (a byte, of `messages`), of what type (a byte: 0 its
 * own, else one of `types`), the length of its arguments (two bytes, low first), and these as
 * GVariant has them in memory. Bytes that are no value of that type count as the type's zero. */
#include "fuzz.h"
#include "bus.h"
#include "control/control.h"
#include "daemon/core.h"
#include "daemon/pause.h"
#include "daemon/session.h"
#include "notify/quiet.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct core core;
static struct session_state session;
static struct pause reasons;
static struct quiet *quiet;
static double seconds;

static struct instant now(void)
{
	return (struct instant){seconds, 1795000000000 + (int64_t)(seconds * 1000)};
}

/* ---- the daemon's side: as in src/daemon/main.c, without camera and files ---- */

static char *do_status(void *user, struct error *error)
{
	(void)user, (void)error;
	const struct core_camera camera = {"replay", reasons.reasons, session.lid_closed ? -1 : 0};
	return core_status(&core, now(), &camera, "desk");
}

static char *do_explain(void *user, struct error *error)
{
	(void)user, (void)error;
	return core_explain(&core, now());
}

static bool do_seconds(void *user, unsigned number, struct error *error)
{
	(void)user, (void)error;
	seconds += number % 4096;
	return true;
}

static bool do_snooze(void *user, unsigned number, struct error *error)
{
	(void)user, (void)error;
	core_snooze(&core, now(), number);
	return true;
}

static bool do_break(void *user, const char *kind, struct error *error)
{
	(void)user;
	for (int k = 0; k < BREAK_KINDS; k++)
		if (strcmp(kind, break_kind_name((enum break_kind)k)) == 0) {
			core_break_now(&core, now(), (enum break_kind)k);
			return true;
		}
	return error_set(error, 0, "%s: micro or movement", kind);
}

static bool do_nothing(void *user, struct error *error)
{
	(void)user, (void)error;
	return true;
}

static char *do_report(void *user, struct error *error)
{
	(void)user;
	error_set(error, 0, "report: nothing is written here");
	return NULL;
}

static const char *do_presence(void *user)
{
	(void)user;
	return presence_name(core.presence);
}

static const char *do_posture(void *user)
{
	(void)user;
	return posture_name(core.posture);
}

static const char *const *do_off(void *user)
{
	static const char *const none[] = {NULL};
	(void)user;
	return none;
}

static void on_name_lost(void *user)
{
	(void)user;
}

static void on_session(void *user, const struct session_state *state)
{
	(void)user;
	session = *state;
	pause_state(&reasons, PAUSE_LOCKED, state->locked);
	pause_state(&reasons, PAUSE_LID, state->lid_closed);
}

static void on_lock_request(void *user, bool lock)
{
	(void)user;
	pause_lock_request(&reasons, lock, seconds);
}

static void on_quiet(void *user, enum quiet_reason wanted)
{
	(void)user;
	core_hold(&core, now(), wanted);
}

static bool begin(void)
{
	static const struct control_handler handler = {
		do_status, do_explain, do_seconds, do_nothing, do_snooze, do_break, do_nothing,
		do_report, do_seconds, do_presence, do_posture, do_off, on_name_lost,
	};
	const struct session_callbacks callbacks = {on_session, on_lock_request, NULL};
	struct error error;
	setenv("XDG_SESSION_ID", "1", 1);
	if (!bus_begin())
		return false;
	if (control_serve(&handler, NULL, &error) == NULL || session_watch(&callbacks) == NULL)
		abort();
	quiet = quiet_watch(on_quiet, NULL);
	return true;
}

/* ---- the other side ---- */

static const struct message {
	enum { CALL, SIGNAL, ANSWER } what;
	const char *path, *interface, *member, *type;
} messages[] = {
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "Status", "()"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "Explain", "()"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "Pause", "(u)"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "Resume", "()"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "Snooze", "(u)"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "Break", "(s)"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "Reload", "()"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "WriteReport", "()"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "ReleaseCamera", "(u)"},
	{CALL, CONTROL_PATH, "org.freedesktop.DBus.Properties", "Get", "(ss)"},
	{CALL, CONTROL_PATH, "org.freedesktop.DBus.Properties", "GetAll", "(s)"},
	{CALL, CONTROL_PATH, "org.freedesktop.DBus.Properties", "Set", "(ssv)"},
	{CALL, CONTROL_PATH, CONTROL_INTERFACE, "Dance", "()"},
	{SIGNAL, "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver",
	 "ActiveChanged", "(b)"},
	{SIGNAL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
	 "PrepareForSleep", "(b)"},
	{SIGNAL, "/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session",
	 "Lock", "()"},
	{SIGNAL, "/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session",
	 "Unlock", "()"},
	{SIGNAL, "/org/freedesktop/login1/session/_31", "org.freedesktop.DBus.Properties",
	 "PropertiesChanged", "(sa{sv}as)"},
	{SIGNAL, "/org/freedesktop/login1", "org.freedesktop.DBus.Properties", "PropertiesChanged",
	 "(sa{sv}as)"},
	{SIGNAL, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged", "(sss)"},
	{SIGNAL, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameLost", "(s)"},
	{ANSWER, NULL, NULL, NULL, "(v)"},
};

static const char *const types[] = {"()", "(b)", "(u)", "(s)", "(v)", "(as)",
                                    "(ss)", "(uu)", "(d)", "(av)", "(a{sv})",
                                    "(sa{sv}as)", "(o)", "(ay)", "(bb)", "(i)"};

static GVariant *arguments(const char *type, const uint8_t *data, size_t size)
{
	/* aligned, and its own for as long as the value lives */
	void *copy = g_memdup2(data, size);
	GVariant *any = g_variant_new_from_data(G_VARIANT_TYPE(type), copy,
	                                        size, FALSE, g_free, copy);
	g_variant_ref_sink(any);
	GVariant *normal = g_variant_get_normal_form(any);
	g_variant_unref(any);
	return normal;
}

/* The answer to the five questions of quiet; they are asked and answered before anything else is
 * sent. */
static void ask_quiet(GVariant *answer)
{
	bus_answer_with(answer);
	quiet_ask(quiet, seconds += QUIET_EVERY_S);
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	GVariant *r = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus",
	                                          "/", "org.freedesktop.DBus",
	                                          "GetId", NULL, NULL,
	                                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
	g_clear_pointer(&r, g_variant_unref);
	g_object_unref(bus);
}

static void say(const struct message *m, GVariant *body)
{
	if (m->what == CALL)
		bus_call(m->path, m->interface, m->member, body);
	else if (m->what == SIGNAL)
		bus_signal(m->path, m->interface, m->member, body);
	else
		ask_quiet(body);
	g_variant_unref(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	if (!begun && !begin())
		return 0;
	begun = true;
	const struct core_ports ports = {0};
	const struct report_context context = {.posture = posture_config_default()};
	const struct coach_config coach = {0};
	seconds = 0;
	core_init(&core, &ports, &context, &coach, false);
	while (size >= 4) {
		const struct message *m = &messages[data[0] % G_N_ELEMENTS(messages)];
		const char *type = data[1] == 0 ? m->type : types[data[1] % G_N_ELEMENTS(types)];
		size_t length = data[2] | (size_t)data[3] << 8;
		data += 4, size -= 4;
		if (length > size)
			length = size;
		say(m, arguments(type, data, length));
		data += length, size -= length;
	}
	char *status = bus_settle(CONTROL_PATH, CONTROL_INTERFACE, "Status");
	cJSON *json = cJSON_Parse(status);
	if (json == NULL)
		abort();
	cJSON_Delete(json);
	g_free(status);
	return 0;
}
