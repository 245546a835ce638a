#include "notify/quiet.h"

#include <gio/gio.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 5000,
       IDLE_FLAG = 8 /* org.gnome.SessionManager: inhibit marking the session idle */ };

static const struct source {
	const char *name, *path, *interface, *method;
	const char *first, *second; /* arguments; NULL, NULL: none, or GNOME's flag */
	enum quiet_reason reason;
} sources[] = {
	{"org.freedesktop.Notifications", "/org/freedesktop/Notifications",
	 "org.freedesktop.DBus.Properties",
	 "Get", "org.freedesktop.Notifications", "Inhibited", QUIET_DO_NOT_DISTURB},
	{"org.freedesktop.Notifications", "/org/freedesktop/Notifications",
	 "org.freedesktop.DBus.Properties",
	 "Get", "org.dunstproject.cmd0", "paused", QUIET_DO_NOT_DISTURB},
	{"org.xfce.Xfconf", "/org/xfce/Xfconf", "org.xfce.Xfconf", "GetProperty", "xfce4-notifyd",
	 "/do-not-disturb", QUIET_DO_NOT_DISTURB},
	{"org.erikreider.swaync.cc", "/org/erikreider/swaync/cc", "org.erikreider.swaync.cc",
	 "GetDnd",
	 NULL, NULL, QUIET_DO_NOT_DISTURB},
	{"org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager",
	 "IsInhibited",
	 NULL, NULL, QUIET_KEPT_AWAKE},
	{"org.freedesktop.PowerManagement.Inhibit", "/org/freedesktop/PowerManagement/Inhibit",
	 "org.freedesktop.PowerManagement.Inhibit", "HasInhibit", NULL, NULL, QUIET_KEPT_AWAKE},
};

enum { SOURCES = sizeof sources / sizeof *sources };

/* Desktops that keep their switch among their settings, where no message on the bus reaches it: by
 * the word in $XDG_CURRENT_DESKTOP, for the settings of another desktop lie about long after it. */
static const struct toggle {
	const char *desktop, *schema, *key;
	bool quiet; /* the value that asks for quiet */
} toggles[] = {
	{"GNOME", "org.gnome.desktop.notifications", "show-banners", false},
	{"X-Cinnamon", "org.cinnamon.desktop.notifications", "display-notifications", false},
	{"MATE", "org.mate.NotificationDaemon", "do-not-disturb", true},
};

struct quiet {
	GDBusConnection *bus;
	GCancellable *cancel;
	quiet_changed_fn *changed;
	void *user;
	double asked_at;
	int waiting;            /* answers outstanding */
	bool wanted[SOURCES];
	struct owner {
		struct quiet *quiet;
		guint watch;
		bool known, there; /* whether the name has an owner; known
		                    * from the bus's first answer on */
	} owners[SOURCES];      /* of the names */
	const struct toggle *toggle; /* NULL: this desktop has none */
	GSettings *settings;    /* where that is */
	enum quiet_reason told;
};

const char *quiet_name(enum quiet_reason reason)
{
	static const char *const names[] = {"", "do_not_disturb", "kept_awake"};
	return names[reason];
}

struct question {
	struct quiet *quiet;    /* not to be touched once cancelled */
	int source;
};

/* "(b)" and "(v)" with a boolean in it; anything else is no opinion. */
static bool truth_of(GVariant *answer)
{
	bool truth = false;
	GVariant *first = g_variant_n_children(answer) > 0 ? g_variant_get_child_value(answer, 0)
	                                                   : NULL;
	if (first != NULL && g_variant_is_of_type(first, G_VARIANT_TYPE_VARIANT)) {
		GVariant *inner = g_variant_get_variant(first);
		g_variant_unref(first);
		first = inner;
	}
	if (first != NULL) {
		truth = g_variant_is_of_type(first, G_VARIANT_TYPE_BOOLEAN) &&
		        g_variant_get_boolean(first);
		g_variant_unref(first);
	}
	return truth;
}

/* "ubuntu:GNOME" is GNOME. */
static bool is_desktop(const char *name)
{
	const char *all = getenv("XDG_CURRENT_DESKTOP");
	char **words = g_strsplit(all != NULL ? all : "", ":", -1);
	const bool is = g_strv_contains((const char *const *)words, name);
	g_strfreev(words);
	return is;
}

/* dconf, where the settings live, wants a file to write to, in which it tells readers that
 * something changed. The sandbox gives none, so dconf complains at every look and reads afresh each
 * time: what is wanted. */
static GLogWriterOutput hear_no_complaint(GLogLevelFlags level, const GLogField *fields,
                                          gsize count, gpointer user)
{
	for (gsize i = 0; i < count; i++)
		if (strcmp(fields[i].key, "GLIB_DOMAIN") == 0 &&
		    strcmp(fields[i].value, "dconf") == 0)
			return G_LOG_WRITER_HANDLED;
	return g_log_writer_default(level, fields, count, user);
}

/* Asked for with care: GLib ends the program over a schema or a key that is not installed. */
static void find_toggle(struct quiet *q)
{
	GSettingsSchemaSource *source = g_settings_schema_source_get_default();
	for (size_t i = 0; source != NULL && q->toggle == NULL && i < G_N_ELEMENTS(toggles); i++) {
		const struct toggle *t = &toggles[i];
		GSettingsSchema *schema = is_desktop(t->desktop)
		                        ? g_settings_schema_source_lookup(source, t->schema, TRUE)
		                        : NULL;
		if (schema == NULL)
			continue;
		if (g_settings_schema_has_key(schema, t->key)) {
			static gsize once;
			if (g_once_init_enter(&once)) {
				g_log_set_writer_func(hear_no_complaint, NULL, NULL);
				g_once_init_leave(&once, 1);
			}
			q->toggle = t;
			q->settings = g_settings_new_full(schema, NULL, NULL);
		}
		g_settings_schema_unref(schema);
	}
}

static bool toggle_asks(const struct quiet *q)
{
	if (q->toggle == NULL)
		return false;
	GVariant *value = g_settings_get_value(q->settings, q->toggle->key);
	const bool is_bool = g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN);
	const bool asks = is_bool && (bool)g_variant_get_boolean(value) == q->toggle->quiet;
	g_variant_unref(value);
	return asks;
}

static void tell(struct quiet *q)
{
	enum quiet_reason wanted = toggle_asks(q) ? QUIET_DO_NOT_DISTURB : QUIET_NOT;
	for (int i = 0; i < SOURCES; i++)
		if (q->wanted[i] && wanted != QUIET_DO_NOT_DISTURB)
			wanted = sources[i].reason;
	if (wanted == q->told)
		return;
	q->told = wanted;
	q->changed(q->user, wanted);
}

static void on_answer(GObject *bus, GAsyncResult *result, gpointer user)
{
	struct question *question = user;
	const int source = question->source;
	struct quiet *q = question->quiet;
	GError *why = NULL;
	GVariant *answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, &why);
	g_free(question);
	if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(why);
		return;
	}
	g_clear_error(&why);
	q->wanted[source] = answer != NULL && truth_of(answer);
	g_clear_pointer(&answer, g_variant_unref);
	if (--q->waiting == 0)
		tell(q);
}

static void ask_one(struct quiet *q, int i)
{
	const struct source *s = &sources[i];
	struct question *question = g_new(struct question, 1);
	GVariant *arguments = NULL;
	*question = (struct question){q, i};
	if (s->first != NULL)
		arguments = g_variant_new("(ss)", s->first, s->second);
	else if (g_str_equal(s->method, "IsInhibited"))
		arguments = g_variant_new("(u)", (guint32)IDLE_FLAG);
	q->waiting++;
	g_dbus_connection_call(q->bus, s->name, s->path, s->interface, s->method, arguments, NULL,
	                       G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS,
	                       q->cancel, on_answer, question);
}

static void on_owner(GDBusConnection *bus, const gchar *name, const gchar *owner, gpointer user)
{
	struct owner *o = user;
	(void)bus, (void)name, (void)owner;
	o->known = o->there = true;
}

static void on_no_owner(GDBusConnection *bus, const gchar *name, gpointer user)
{
	struct owner *o = user;
	struct quiet *q = o->quiet;
	(void)bus, (void)name;
	o->known = true;
	o->there = false;
	q->wanted[o - q->owners] = false;
}

/* To ask who is not there is an error that the bus sends, and two threads of ours wake for each. */
static void watch_owners(struct quiet *q)
{
	for (int i = 0; i < SOURCES; i++) {
		struct owner *o = &q->owners[i];
		o->quiet = q;
		o->watch = g_bus_watch_name_on_connection(q->bus, sources[i].name,
		                                          G_BUS_NAME_WATCHER_FLAGS_NONE,
		                                          on_owner, on_no_owner, o, NULL);
	}
}

static bool knows_owners(const struct quiet *q)
{
	bool known = true;
	for (int i = 0; i < SOURCES; i++)
		known = known && q->owners[i].known;
	return known;
}

struct quiet *quiet_watch(quiet_changed_fn *changed, void *user)
{
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (bus == NULL)
		return NULL;
	g_dbus_connection_set_exit_on_close(bus, FALSE);
	struct quiet *q = g_new0(struct quiet, 1);
	q->bus = bus;
	q->cancel = g_cancellable_new();
	q->changed = changed;
	q->user = user;
	q->asked_at = -INFINITY;
	find_toggle(q);
	watch_owners(q);
	return q;
}

void quiet_ask(struct quiet *q, double seconds)
{
	if (q == NULL || q->waiting > 0 || fabs(seconds - q->asked_at) < QUIET_EVERY_S ||
	    !knows_owners(q))
		return;
	q->asked_at = seconds;
	for (int i = 0; i < SOURCES; i++)
		if (q->owners[i].there)
			ask_one(q, i);
	if (q->waiting == 0)
		tell(q);
}

void quiet_free(struct quiet *q)
{
	if (q == NULL)
		return;
	for (int i = 0; i < SOURCES; i++)
		g_bus_unwatch_name(q->owners[i].watch);
	g_cancellable_cancel(q->cancel);
	g_object_unref(q->cancel);
	g_clear_object(&q->settings);
	g_object_unref(q->bus);
	g_free(q);
}
