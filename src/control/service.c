#include "control/control.h"
#include "control_xml.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef UNKNOT_VERSION
#error "UNKNOT_VERSION comes from CMake"
#endif

struct control {
	struct control_handler handler;
	void *user;
	GDBusConnection *bus;
	GDBusNodeInfo *info;
	guint name, object;
};

typedef bool action_fn(struct control *, GVariant *args, char **reply, struct error *);

static bool text_reply(char *text, char **reply)
{
	*reply = text;
	return text != NULL;
}

static bool do_status(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)args;
	return text_reply(c->handler.status(c->user, e), reply);
}

static bool do_explain(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)args;
	return text_reply(c->handler.explain(c->user, e), reply);
}

static bool do_write_report(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)args;
	return text_reply(c->handler.write_report(c->user, e), reply);
}

static unsigned seconds_of(GVariant *args)
{
	guint32 seconds = 0;
	g_variant_get(args, "(u)", &seconds);
	return seconds;
}

static bool do_pause(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)reply;
	return c->handler.pause(c->user, seconds_of(args), e);
}

static bool do_snooze(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)reply;
	return c->handler.snooze(c->user, seconds_of(args), e);
}

static bool do_release_camera(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)reply;
	return c->handler.release_camera(c->user, seconds_of(args), e);
}

static bool do_resume(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)args, (void)reply;
	return c->handler.resume(c->user, e);
}

static bool do_reload(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)args, (void)reply;
	return c->handler.reload(c->user, e);
}

static bool do_break(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)reply;
	const char *kind = NULL;
	g_variant_get(args, "(&s)", &kind);
	return c->handler.take_break(c->user, kind, e);
}

static bool do_answer_break(struct control *c, GVariant *args, char **reply, struct error *e)
{
	(void)reply;
	const char *kind = NULL, *answer = NULL;
	g_variant_get(args, "(&s&s)", &kind, &answer);
	return c->handler.answer_break(c->user, kind, answer, e);
}

/* What is no UTF-8 cannot go over the bus: a path or a profile's name may hold anything, and an
 * error's text may have been cut within a letter. */
static GVariant *text_variant(const char *text)
{
	return g_variant_new_take_string(g_utf8_make_valid(text, -1));
}

static void answer_failure(GDBusMethodInvocation *call, const struct error *error)
{
	char *text = g_utf8_make_valid(error->text, -1);
	g_dbus_method_invocation_return_error_literal(call, G_IO_ERROR, G_IO_ERROR_FAILED, text);
	g_free(text);
}

/* GIO has checked a call against the XML before it comes here, so `args` has the right type. */
static const struct {
	const char *method;
	action_fn *run;
} actions[] = {
	{"Status", do_status},
	{"Explain", do_explain},
	{"Pause", do_pause},
	{"Resume", do_resume},
	{"Snooze", do_snooze},
	{"Break", do_break},
	{"AnswerBreak", do_answer_break},
	{"Reload", do_reload},
	{"WriteReport", do_write_report},
	{"ReleaseCamera", do_release_camera},
};

static void on_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface, const gchar *method, GVariant *args,
                    GDBusMethodInvocation *call, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface;
	struct control *c = user;
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
		if (strcmp(method, actions[i].method) != 0)
			continue;
		struct error error = {0};
		char *reply = NULL;
		if (!actions[i].run(c, args, &reply, &error))
			answer_failure(call, &error);
		else
			g_dbus_method_invocation_return_value(
				call, reply != NULL ? g_variant_new("(@s)", text_variant(reply))
				                    : NULL);
		free(reply);
		return;
	}
	g_dbus_method_invocation_return_error(call, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD,
	                                      "%s: no such method", method);
}

static GVariant *on_get(GDBusConnection *bus, const gchar *sender, const gchar *path,
                        const gchar *interface, const gchar *property,
                        GError **error, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface;
	struct control *c = user;
	if (strcmp(property, "Version") == 0)
		return g_variant_new_string(UNKNOT_VERSION);
	if (strcmp(property, "Presence") == 0)
		return g_variant_new_string(c->handler.presence(c->user));
	if (strcmp(property, "Posture") == 0)
		return g_variant_new_string(c->handler.posture(c->user));
	if (strcmp(property, "Off") == 0)
		return g_variant_new_strv(c->handler.off(c->user), -1);
	g_set_error(error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_PROPERTY,
	            "%s: no such property", property);
	return NULL;
}

static void on_name_lost(GDBusConnection *bus, const gchar *name, gpointer user)
{
	(void)name;
	struct control *c = user;
	if (bus == NULL || g_dbus_connection_is_closed(bus)) /* nobody took the name */
		c->handler.bus_lost(c->user);
	else
		c->handler.name_lost(c->user);
}

/* Where autostart and systemd start one each, systemd's stays, because its unit fails without the
 * name; it knows itself by SYSTEMD_EXEC_PID (systemd.exec(5)), which children inherit and does not
 * name them. */
static GBusNameOwnerFlags name_flags(void)
{
	const GBusNameOwnerFlags all = G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE |
	                               G_BUS_NAME_OWNER_FLAGS_ALLOW_REPLACEMENT;
	const char *started = getenv("SYSTEMD_EXEC_PID");
	const bool by_systemd = started != NULL && strtol(started, NULL, 10) == getpid();
	return by_systemd ? all | G_BUS_NAME_OWNER_FLAGS_REPLACE : all;
}

struct control *control_serve(const struct control_handler *handler, void *user,
                              struct error *error)
{
	static const GDBusInterfaceVTable vtable = {on_call, on_get, NULL, {0}};
	struct control *c = calloc(1, sizeof *c);
	if (c == NULL) {
		error_set(error, 0, "%s: out of memory", "control");
		return NULL;
	}
	c->handler = *handler;
	c->user = user;

	GError *why = NULL;
	c->bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &why);
	if (c->bus == NULL)
		goto failed;
	/* Else GLib ends the program by a signal, and nothing is written down. */
	g_dbus_connection_set_exit_on_close(c->bus, FALSE);
	c->info = g_dbus_node_info_new_for_xml(control_xml, &why);
	if (c->info == NULL)
		goto failed;
	c->object = g_dbus_connection_register_object(c->bus, CONTROL_PATH, c->info->interfaces[0],
	                                              &vtable, c, NULL, &why);
	if (c->object == 0)
		goto failed;
	c->name = g_bus_own_name_on_connection(c->bus, CONTROL_NAME, name_flags(),
	                                       NULL, on_name_lost, c, NULL);
	return c;

failed:
	error_set(error, 0, "session bus: %s", why != NULL ? why->message : "not there");
	g_clear_error(&why);
	control_free(c);
	return NULL;
}

void control_free(struct control *c)
{
	if (c == NULL)
		return;
	if (c->name != 0)
		g_bus_unown_name(c->name);
	if (c->object != 0)
		g_dbus_connection_unregister_object(c->bus, c->object);
	if (c->info != NULL)
		g_dbus_node_info_unref(c->info);
	if (c->bus != NULL) {
		g_dbus_connection_flush_sync(c->bus, NULL, NULL);
		g_object_unref(c->bus);
	}
	free(c);
}

void control_alert(struct control *c, const char *kind, const char *summary, const char *body)
{
	if (c == NULL)
		return;
	g_dbus_connection_emit_signal(c->bus, NULL, CONTROL_PATH, CONTROL_INTERFACE, "Alert",
	                              g_variant_new("(@s@s@s)", text_variant(kind),
	                                            text_variant(summary), text_variant(body)),
	                              NULL);
}

void control_break(struct control *c, const char *kind, const char *what,
                   const char *outcome, double length_s)
{
	if (c == NULL)
		return;
	g_dbus_connection_emit_signal(c->bus, NULL, CONTROL_PATH, CONTROL_INTERFACE, "Break",
	                              g_variant_new("(sssd)", kind, what, outcome, length_s), NULL);
}

void control_answer(struct control *c, const char *kind, const char *answer)
{
	if (c == NULL)
		return;
	g_dbus_connection_emit_signal(c->bus, NULL, CONTROL_PATH, CONTROL_INTERFACE, "Answer",
	                              g_variant_new("(@ss)", text_variant(kind), answer), NULL);
}

void control_changed(struct control *c)
{
	if (c == NULL)
		return;
	GVariantBuilder changed;
	g_variant_builder_init(&changed, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&changed, "{sv}", "Presence",
	                      g_variant_new_string(c->handler.presence(c->user)));
	g_variant_builder_add(&changed, "{sv}", "Posture",
	                      g_variant_new_string(c->handler.posture(c->user)));
	g_variant_builder_add(&changed, "{sv}", "Off",
	                      g_variant_new_strv(c->handler.off(c->user), -1));
	g_dbus_connection_emit_signal(
		c->bus, NULL, CONTROL_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
		g_variant_new("(sa{sv}as)", CONTROL_INTERFACE, &changed, NULL), NULL);
}
