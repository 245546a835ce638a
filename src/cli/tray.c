/* `unknot tray`: a StatusNotifierItem with a menu, where the desktop has a host for them. A program
 * of its own, so that the daemon needs to start nothing. */
#include "base/text.h"
#include "cli/cli.h"
#include "cli/words.h"
#include "control/control.h"
#include "control/window.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

/* The whole of com.canonical.dbusmenu: libdbusmenu, which most panels show it with, asks for every
 * part of it that a newer version of the protocol has, and drops a click that it cannot send as an
 * EventGroup. Activate only where there is a window to open: Plasma calls it whatever ItemIsMenu
 * says, and opens the menu only where it is missing. Before it, and before a click in the menu, a
 * host hands over its leave to come to the front. */
static const char activate_xml[] =
	"<method name='Activate'><arg type='i' direction='in'/><arg type='i' "
	"direction='in'/></method>";
static const char item_xml[] = "<node><interface name='org.kde.StatusNotifierItem'>";
static const char rest_xml[] =
	"<method name='ProvideXdgActivationToken'><arg type='s' direction='in'/></method>"
	"<property name='Category' type='s' access='read'/><property name='Id' type='s' "
	"access='read'/>"
	"<property name='Title' type='s' access='read'/><property name='Status' type='s' "
	"access='read'/>"
	"<property name='IconName' type='s' access='read'/><property name='Menu' type='o' "
	"access='read'/>"
	"<property name='ItemIsMenu' type='b' access='read'/>"
	"<property name='ToolTip' type='(sa(iiay)ss)' access='read'/>"
	"<signal name='NewStatus'><arg type='s'/></signal><signal name='NewToolTip'/><signal "
	"name='NewIcon'/>"
	"</interface>"
	"<interface name='com.canonical.dbusmenu'>"
	"<property name='Version' type='u' access='read'/><property name='Status' type='s' "
	"access='read'/>"
	"<property name='TextDirection' type='s' access='read'/>"
	"<property name='IconThemePath' type='as' access='read'/>"
	"<method name='GetLayout'><arg type='i' direction='in'/><arg type='i' direction='in'/>"
	"<arg type='as' direction='in'/><arg type='u' direction='out'/>"
	"<arg type='(ia{sv}av)' direction='out'/></method>"
	"<method name='GetGroupProperties'><arg type='ai' direction='in'/><arg type='as' "
	"direction='in'/>"
	"<arg type='a(ia{sv})' direction='out'/></method>"
	"<method name='GetProperty'><arg type='i' direction='in'/><arg type='s' direction='in'/>"
	"<arg type='v' direction='out'/></method>"
	"<method name='AboutToShow'><arg type='i' direction='in'/><arg type='b' "
	"direction='out'/></method>"
	"<method name='Event'><arg type='i' direction='in'/><arg type='s' direction='in'/>"
	"<arg type='v' direction='in'/><arg type='u' direction='in'/></method>"
	"<method name='EventGroup'><arg type='a(isvu)' direction='in'/><arg type='ai' "
	"direction='out'/></method>"
	"<method name='AboutToShowGroup'><arg type='ai' direction='in'/><arg type='ai' "
	"direction='out'/>"
	"<arg type='ai' direction='out'/></method>"
	"<signal name='ItemsPropertiesUpdated'><arg type='a(ia{sv})'/><arg type='a(ias)'/></signal>"
	"<signal name='ItemActivationRequested'><arg type='i'/><arg type='u'/></signal>"
	"<signal name='LayoutUpdated'><arg type='u'/><arg type='i'/></signal></interface></node>";

/* A row tells the state, parts, asks the daemon, starts a command or opens the window; its number
 * in the menu is its index and one more. */
enum row_kind { ROW_STATE, ROW_LINE, ROW_ASK, ROW_START, ROW_OPEN };
static const struct row {
	enum row_kind kind;
	const char *label, *method, *text; /* text: a break's kind, a duration;
	                                    * a place of the window */
	const char *arguments[6];
} rows[] = {
	{ROW_STATE, NULL, NULL, NULL, {NULL}},
	{ROW_LINE, NULL, NULL, NULL, {NULL}},
	{ROW_ASK, N_("Take a break now"), "Break", "movement", {NULL}},
	{ROW_ASK, N_("Snooze 30 min"), "Snooze", "30m", {NULL}},
	{ROW_ASK, N_("Snooze until tomorrow"), "Snooze", "tomorrow", {NULL}},
	{ROW_ASK, N_("Camera off"), "Pause", "0", {NULL}},
	{ROW_ASK, N_("Camera on"), "Resume", NULL, {NULL}},
	{ROW_LINE, NULL, NULL, NULL, {NULL}},
	{ROW_OPEN, N_("Open unknot"), NULL, "", {NULL}},
	{ROW_START, N_("Today's report"), NULL, "today",
	 {"unknot", "report", "--format", "html", "--open", NULL}},
	{ROW_START, N_("Preview"), NULL, "preview", {"unknot", "preview", NULL}},
	{ROW_START, N_("Calibrate"), NULL, "calibrate", {"unknot", "calibrate", NULL}},
};

struct tray {
	GDBusConnection *bus;
	GDBusProxy *daemon;
	GMainLoop *loop;
	unsigned revision; /* of the menu */
	guint again;       /* timer: registers once more */
	int tries;
	bool told, hosted; /* that no host is there; that one was */
	bool has_window;   /* which opens in place of commands, and on a click */
	char *token;       /* of the host's, for the next click; may be NULL */
	guint watch;       /* of the host, from when this is the only tray */
	int status;
};

#define WATCHER "org.kde.StatusNotifierWatcher"

/* ---- what is shown ---- */

static void state_of(const struct tray *t, char *text, size_t size)
{
	GVariant *presence = g_dbus_proxy_get_cached_property(t->daemon, "Presence");
	GVariant *posture = g_dbus_proxy_get_cached_property(t->daemon, "Posture");
	const char *p = presence != NULL ? g_variant_get_string(presence, NULL)
	                                 : _("unknotd is not running");
	if (strcmp(p, "present") == 0 && posture != NULL)
		p = g_variant_get_string(posture, NULL);
	snprintf(text, size, "%s", words_of_state(p));
	g_clear_pointer(&presence, g_variant_unref);
	g_clear_pointer(&posture, g_variant_unref);
}

static bool is_presence(const struct tray *t, const char *name)
{
	GVariant *presence = g_dbus_proxy_get_cached_property(t->daemon, "Presence");
	const bool is = presence != NULL &&
	                (name == NULL || strcmp(g_variant_get_string(presence, NULL), name) == 0);
	g_clear_pointer(&presence, g_variant_unref);
	return is;
}

static bool is_watching(const struct tray *t)
{
	return is_presence(t, NULL) && !is_presence(t, "paused");
}

static GVariant *property_of(const struct tray *t, const char *name)
{
	static const struct { const char *name, *value; } fixed[] = {
		{"Category", "ApplicationStatus"}, {"Id", "unknot"}, {"Title", "unknot"},
		{"Status", "Active"},
	};
	char state[64];
	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
		if (strcmp(name, fixed[i].name) == 0)
			return g_variant_new_string(fixed[i].value);
	if (strcmp(name, "IconName") == 0)
		return g_variant_new_string(is_watching(t) ? "io.github.unknot"
		                                           : "io.github.unknot.off");
	if (strcmp(name, "Menu") == 0)
		return g_variant_new_object_path("/Menu");
	if (strcmp(name, "ItemIsMenu") == 0)
		return g_variant_new_boolean(!t->has_window);
	state_of(t, state, sizeof state);
	return g_variant_new("(s@a(iiay)ss)", "", g_variant_new("a(iiay)", NULL), "unknot", state);
}

static GVariant *get_property(GDBusConnection *bus, const gchar *sender, const gchar *path,
                              const gchar *interface, const gchar *name,
                              GError **error, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)error;
	const bool of_menu = strcmp(interface, "com.canonical.dbusmenu") == 0;
	if (of_menu && strcmp(name, "Version") == 0)
		return g_variant_new_uint32(3);
	if (of_menu && strcmp(name, "IconThemePath") == 0)
		return g_variant_new("as", NULL);
	if (of_menu)
		return g_variant_new_string(strcmp(name, "TextDirection") == 0 ? "ltr" : "normal");
	return property_of(user, name);
}

static void add_flag(GVariantBuilder *b, const char *name, bool flag)
{
	g_variant_builder_add(b, "{sv}", name, g_variant_new_boolean(flag));
}

static void add_row(GVariantBuilder *b, const struct tray *t, const struct row *r)
{
	char state[64];
	if (r->kind == ROW_LINE) {
		g_variant_builder_add(b, "{sv}", "type", g_variant_new_string("separator"));
		return;
	}
	state_of(t, state, sizeof state);
	g_variant_builder_add(b, "{sv}", "label",
	                      g_variant_new_string(r->label != NULL ? _(r->label) : state));
	if (r->kind == ROW_STATE)
		add_flag(b, "enabled", false);
	else if (r->kind == ROW_ASK)
		add_flag(b, "enabled", is_presence(t, NULL)); /* else nobody is there to ask */
	if (r->kind == ROW_OPEN)
		add_flag(b, "visible", t->has_window);
	if (r->kind == ROW_ASK && strcmp(r->method, "Pause") == 0)
		add_flag(b, "visible", !is_presence(t, "paused"));
	else if (r->kind == ROW_ASK && strcmp(r->method, "Resume") == 0)
		add_flag(b, "visible", is_presence(t, "paused"));
}

static GVariant *properties_of(const struct tray *t, int id)
{
	GVariantBuilder b;
	g_variant_builder_init(&b, G_VARIANT_TYPE("a{sv}"));
	if (id > 0 && id <= (int)G_N_ELEMENTS(rows))
		add_row(&b, t, &rows[id - 1]);
	else if (id == 0)
		g_variant_builder_add(&b, "{sv}", "children-display",
		                      g_variant_new_string("submenu"));
	return g_variant_builder_end(&b);
}

static bool is_row(int id)
{
	return id >= 0 && id <= (int)G_N_ELEMENTS(rows);
}

static GVariant *layout(const struct tray *t, int id, int depth)
{
	GVariantBuilder b;
	g_variant_builder_init(&b, G_VARIANT_TYPE("av"));
	for (int i = 1; id == 0 && depth != 0 && i <= (int)G_N_ELEMENTS(rows); i++)
		g_variant_builder_add(&b, "v", g_variant_new("(i@a{sv}@av)", i, properties_of(t, i),
		                                             g_variant_new("av", NULL)));
	return g_variant_new("(u(i@a{sv}@av))", t->revision, id, properties_of(t, id),
	                     g_variant_builder_end(&b));
}

static GVariant *group(const struct tray *t, GVariant *ids)
{
	GVariantBuilder b;
	g_variant_builder_init(&b, G_VARIANT_TYPE("a(ia{sv})"));
	for (gsize i = 0; i < g_variant_n_children(ids); i++) {
		gint32 id;
		g_variant_get_child(ids, i, "i", &id);
		g_variant_builder_add(&b, "(i@a{sv})", id, properties_of(t, id));
	}
	return g_variant_new("(@a(ia{sv}))", g_variant_builder_end(&b));
}

/* ---- what is done ---- */

/* A command, which finds the host's leave to come to the front where programs look for it. */
static void start(const struct row *r, const char *token)
{
	GError *why = NULL;
	char **environment = g_get_environ();
	if (token != NULL)
		environment = g_environ_setenv(environment, "XDG_ACTIVATION_TOKEN", token, TRUE);
	if (!g_spawn_async(NULL, (char **)r->arguments, environment, G_SPAWN_SEARCH_PATH,
	                   NULL, NULL, NULL, &why))
		fprintf(stderr, "unknot tray: %s\n", why->message);
	g_clear_error(&why);
	g_strfreev(environment);
}

static void ask(struct tray *t, const struct row *r)
{
	unsigned seconds;
	GVariant *arguments = r->text == NULL ? NULL
	                    : cli_duration(r->text, &seconds) ? g_variant_new("(u)", seconds)
	                                                      : g_variant_new("(s)", r->text);
	g_dbus_proxy_call(t->daemon, r->method, arguments, G_DBUS_CALL_FLAGS_NONE,
	                  -1, NULL, NULL, NULL);
}

/* A host's leave is for one click. */
static void forget_token(struct tray *t)
{
	g_clear_pointer(&t->token, g_free);
}

static void choose(struct tray *t, int id)
{
	if (id < 1 || id > (int)G_N_ELEMENTS(rows))
		return;
	const struct row *r = &rows[id - 1];
	if (r->kind == ROW_OPEN || (r->kind == ROW_START && t->has_window))
		window_open(r->text, t->token, NULL, NULL);
	else if (r->kind == ROW_START)
		start(r, t->token);
	else if (r->kind == ROW_ASK)
		ask(t, r);
	forget_token(t);
}

static void on_event(struct tray *t, int id, const char *what)
{
	if (strcmp(what, "clicked") == 0)
		choose(t, id);
}

/* Those of the ids that are no rows. */
static GVariant *strangers(GVariant *ids)
{
	GVariantBuilder b;
	g_variant_builder_init(&b, G_VARIANT_TYPE("ai"));
	for (gsize i = 0; i < g_variant_n_children(ids); i++) {
		GVariant *one = g_variant_get_child_value(ids, i);
		gint32 id;
		if (g_variant_is_of_type(one, G_VARIANT_TYPE_INT32))
			id = g_variant_get_int32(one);
		else
			g_variant_get_child(one, 0, "i", &id); /* of an event */
		g_variant_unref(one);
		if (!is_row(id))
			g_variant_builder_add(&b, "i", id);
	}
	return g_variant_builder_end(&b);
}

static void on_events(struct tray *t, GVariant *events)
{
	for (gsize i = 0; i < g_variant_n_children(events); i++) {
		const char *what;
		gint32 id;
		g_variant_get_child(events, i, "(i&svu)", &id, &what, NULL, NULL);
		on_event(t, id, what);
	}
}

/* NULL: there is no such row, or it has no such property. */
static GVariant *one_property(const struct tray *t, int id, const char *name)
{
	GVariant *all = g_variant_ref_sink(properties_of(t, id));
	GVariant *value = g_variant_lookup_value(all, name, NULL);
	GVariant *reply = value != NULL ? g_variant_new("(v)", value) : NULL;
	g_clear_pointer(&value, g_variant_unref);
	g_variant_unref(all);
	return reply;
}

/* The answer; NULL for none. `refused` when the arguments name nothing that there is. */
static GVariant *answer_to(struct tray *t, const char *method, GVariant *args, bool *refused)
{
	const char *text;
	gint32 id = 0, depth = -1;
	GVariant *ids = g_variant_n_children(args) > 0 ? g_variant_get_child_value(args, 0) : NULL,
	         *reply = NULL;
	if (ids != NULL && g_variant_is_of_type(ids, G_VARIANT_TYPE_INT32))
		id = g_variant_get_int32(ids);
	/* which is told where on the screen */
	*refused = strcmp(method, "Activate") != 0 && !is_row(id);
	if (*refused) {
		g_variant_unref(ids);
		return NULL;
	}
	if (strcmp(method, "GetLayout") == 0) {
		g_variant_get_child(args, 1, "i", &depth);
		reply = layout(t, id, depth);
	} else if (strcmp(method, "GetGroupProperties") == 0) {
		reply = group(t, ids);
	} else if (strcmp(method, "GetProperty") == 0) {
		g_variant_get_child(args, 1, "&s", &text);
		reply = one_property(t, id, text);
		*refused = reply == NULL;
	} else if (strcmp(method, "AboutToShow") == 0) {
		reply = g_variant_new("(b)", FALSE);
	} else if (strcmp(method, "AboutToShowGroup") == 0) {
		reply = g_variant_new("(@ai@ai)", g_variant_new("ai", NULL), strangers(ids));
	} else if (strcmp(method, "EventGroup") == 0) {
		on_events(t, ids);
		reply = g_variant_new("(@ai)", strangers(ids));
	} else if (strcmp(method, "Activate") == 0) {
		window_open("", t->token, NULL, NULL);
		forget_token(t);
	} else if (strcmp(method, "ProvideXdgActivationToken") == 0) {
		forget_token(t);
		g_variant_get(args, "(s)", &t->token);
	} else if (strcmp(method, "Event") == 0) {
		g_variant_get_child(args, 1, "&s", &text);
		on_event(t, id, text);
	}
	g_clear_pointer(&ids, g_variant_unref);
	return reply;
}

static void on_call(GDBusConnection *bus, const gchar *sender, const gchar *path,
                    const gchar *interface,
                    const gchar *method, GVariant *args, GDBusMethodInvocation *call, gpointer user)
{
	(void)bus, (void)sender, (void)path, (void)interface;
	bool refused;
	GVariant *reply = answer_to(user, method, args, &refused);
	if (refused)
		g_dbus_method_invocation_return_error(call, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
		                                      "%s: no such row", method);
	else
		g_dbus_method_invocation_return_value(call, reply);
}

static void on_daemon(GDBusProxy *proxy, GVariant *changed, const gchar *const *gone, gpointer user)
{
	struct tray *t = user;
	(void)proxy, (void)changed, (void)gone;
	g_dbus_connection_emit_signal(t->bus, NULL, "/StatusNotifierItem",
	                              "org.kde.StatusNotifierItem", "NewToolTip", NULL, NULL);
	g_dbus_connection_emit_signal(t->bus, NULL, "/StatusNotifierItem",
	                              "org.kde.StatusNotifierItem", "NewIcon", NULL, NULL);
	g_dbus_connection_emit_signal(t->bus, NULL, "/Menu", "com.canonical.dbusmenu",
	                              "LayoutUpdated",
	                              g_variant_new("(ui)", ++t->revision, 0), NULL);
}

/* The daemon began or ended. */
static void on_owner(struct tray *t)
{
	on_daemon(t->daemon, NULL, NULL, t);
}

/* ---- the host ---- */

static void register_item(struct tray *t);

static gboolean on_again(gpointer user)
{
	struct tray *t = user;
	t->again = 0;
	register_item(t);
	return G_SOURCE_REMOVE;
}

/* One that has only just come may not answer yet. */
static void on_registered(GObject *bus, GAsyncResult *result, gpointer user)
{
	enum { TRIES = 10 };
	struct tray *t = user;
	GVariant *reply = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, NULL);
	if (reply == NULL && t->again == 0 && ++t->tries < TRIES)
		t->again = g_timeout_add_seconds(1, on_again, t);
	g_clear_pointer(&reply, g_variant_unref);
}

static void register_item(struct tray *t)
{
	g_dbus_connection_call(t->bus, WATCHER, "/StatusNotifierWatcher",
	                       WATCHER, "RegisterStatusNotifierItem",
	                       g_variant_new("(s)", g_dbus_connection_get_unique_name(t->bus)),
	                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_registered, t);
}

/* At first, and whenever a new one comes: the panel was restarted, or an extension came back with
 * the unlocked screen. */
static void on_watcher(GDBusConnection *bus, const gchar *name, const gchar *owner, gpointer user)
{
	struct tray *t = user;
	(void)bus, (void)name, (void)owner;
	t->hosted = true;
	t->tries = 0;
	register_item(t);
}

static void on_no_watcher(GDBusConnection *bus, const gchar *name, gpointer user)
{
	struct tray *t = user;
	(void)bus, (void)name;
	if (!t->told && !t->hosted)
		fputs("unknot: tray: this desktop has no host for status icons yet, waiting for "
		      "one; on GNOME an extension is one\n", stderr);
	t->told = true;
}

/* Not before: a second tray would show its icon for the moment that it lives. */
static void on_named(GDBusConnection *bus, const gchar *name, gpointer user)
{
	struct tray *t = user;
	(void)name;
	if (t->watch == 0)
		t->watch = g_bus_watch_name_on_connection(bus, WATCHER,
		                                          G_BUS_NAME_WATCHER_FLAGS_NONE, on_watcher,
		                                          on_no_watcher, t, NULL);
}

static void on_other_tray(GDBusConnection *bus, const gchar *name, gpointer user)
{
	struct tray *t = user;
	(void)bus, (void)name;
	if (t->watch == 0) { /* else the session is over */
		fputs("unknot: tray: there is one already\n", stderr);
		t->status = CLI_FAILED;
	}
	g_main_loop_quit(t->loop);
}

static int stay(struct tray *t)
{
	static const GDBusInterfaceVTable vtable = {on_call, get_property, NULL, {0}};
	t->has_window = window_can_open();
	char *xml = g_strconcat(item_xml, t->has_window ? activate_xml : "", rest_xml, NULL);
	GDBusNodeInfo *info = g_dbus_node_info_new_for_xml(xml, NULL);
	g_free(xml);
	g_dbus_connection_register_object(t->bus, "/StatusNotifierItem",
	                                  info->interfaces[0], &vtable, t, NULL, NULL);
	g_dbus_connection_register_object(t->bus, "/Menu", info->interfaces[1],
	                                  &vtable, t, NULL, NULL);
	g_signal_connect(t->daemon, "g-properties-changed", G_CALLBACK(on_daemon), t);
	g_signal_connect_swapped(t->daemon, "notify::g-name-owner", G_CALLBACK(on_owner), t);
	t->loop = g_main_loop_new(NULL, FALSE);
	const guint name = g_bus_own_name_on_connection(t->bus, "io.github.unknot.Tray",
	                                                G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
	                                                on_named, on_other_tray, t, NULL);
	g_main_loop_run(t->loop);
	if (t->watch != 0)
		g_bus_unwatch_name(t->watch);
	g_bus_unown_name(name);
	g_main_loop_unref(t->loop);
	g_dbus_node_info_unref(info);
	return t->status;
}

static int run(const struct command *c, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return cli_help(c);
	if (argc > 1)
		return cli_usage(c, N_("%s: takes no argument"), argv[1]);
	struct tray t = {.status = CLI_DONE, .revision = 1};
	GError *why = NULL;
	t.bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &why);
	if (t.bus != NULL)
		t.daemon = g_dbus_proxy_new_sync(t.bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
		                                 NULL, CONTROL_NAME,
		                                 CONTROL_PATH, CONTROL_INTERFACE, NULL, &why);
	if (t.daemon == NULL) {
		fprintf(stderr, "unknot: ");
		fprintf(stderr,
		        _("session bus: %s; run this in a terminal of your desktop's session"),
		        why->message);
		fputc('\n', stderr);
		g_error_free(why);
		return CLI_FAILED;
	}
	const int status = stay(&t);
	forget_token(&t);
	g_object_unref(t.daemon);
	g_object_unref(t.bus);
	return status;
}

const struct command command_tray = {
	"tray", "", N_("Show a status icon with a menu"),
	N_("State, break now, snooze, camera off and on, the window. Waits for the desktop's host\n"
	   "for status icons, and for the next one when that restarts.\n"),
	run,
};
