/* The desktop's notification server, through libnotify. */
#include "notify/notify.h"

#include "base/text.h"

#include <libnotify/notify.h>
#include <stdlib.h>
#include <string.h>

/* Corrections have one place and breaks another: a newer one takes the place of the one before. */
enum place { PLACE_CORRECTION, PLACE_BREAK, PLACES };
enum { BUS_TIMEOUT_MS = 5000 };

struct desktop {
	struct notifier base;
	notify_answer_fn *answer;
	void *user;
	char server[64];        /* its unique bus name; another one knows nothing of our messages */
	struct shown {
		struct desktop *owner;
		char kind[32];
		NotifyNotification *note;
		bool answered;  /* an action was chosen: the close that follows says nothing new */
		bool closed;
	} shown[PLACES];
};

static struct shown *place_of(struct desktop *d, const char *kind)
{
	return &d->shown[strncmp(kind, "break_", 6) == 0 ? PLACE_BREAK : PLACE_CORRECTION];
}

static void on_action(NotifyNotification *note, char *action, gpointer user)
{
	static const struct {
		const char *action;
		enum coach_answer answer;
	} actions[] = {{"snooze", ANSWER_SNOOZE}, {"wrong", ANSWER_WRONG}, {"default", ANSWER_SHOW},
	               {"show", ANSWER_SHOW}, {"snooze-long", ANSWER_SNOOZE_LONG},
	               {"snooze-day", ANSWER_SNOOZE_DAY}};
	struct shown *s = user;
	(void)note;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(action, actions[i].action) == 0) {
			s->answered = true;
			s->owner->answer(s->owner->user, s->kind, actions[i].answer);
			return;
		}
}

/* The specification's reasons: 1 expired, 2 dismissed by the user, 3 closed by us. */
static void on_closed(NotifyNotification *note, gpointer user)
{
	struct shown *s = user;
	s->closed = true;
	if (!s->answered)
		s->owner->answer(s->owner->user, s->kind,
		                 notify_notification_get_closed_reason(note) == 2 ? ANSWER_DISMISSED
		                                                                  : ANSWER_NONE);
}

struct abilities { bool actions, body, markup; };

static struct abilities ask_abilities(void)
{
	struct abilities can = {0};
	GList *list = notify_get_server_caps();
	for (GList *i = list; i != NULL; i = i->next) {
		can.actions |= strcmp(i->data, "actions") == 0;
		can.body |= strcmp(i->data, "body") == 0;
		can.markup |= strcmp(i->data, "body-markup") == 0;
	}
	g_list_free_full(list, g_free);
	return can;
}

static void add_actions(struct shown *s, bool measured)
{
	NotifyNotification *n = s->note;
	notify_notification_add_action(n, "snooze", _("Snooze 30 min"), on_action, s, NULL);
	if (measured) {
		notify_notification_add_action(n, "wrong", _("Wrong"), on_action, s, NULL);
		notify_notification_add_action(n, "show", _("Show me"), on_action, s, NULL);
	}
	/* Last: a server that has room for three leaves these out. */
	notify_notification_add_action(n, "snooze-long", _("Snooze 2 h"), on_action, s, NULL);
	notify_notification_add_action(n, "snooze-day", _("Snooze until tomorrow"), on_action, s, NULL);
}

/* Calls the bus itself: it answers at once, but for a server that it has to start. */
static GVariant *ask_bus(GDBusConnection *bus, const char *method, GVariant *arguments)
{
	return g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
	                                   "org.freedesktop.DBus", method, arguments, NULL,
	                                   G_DBUS_CALL_FLAGS_NONE, BUS_TIMEOUT_MS, NULL, NULL);
}

/* Who the notification server is; started when nobody is and the bus knows how. */
static bool find_server(char *owner, size_t size)
{
	static const char name[] = "org.freedesktop.Notifications";
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	GVariant *answer = NULL;
	if (bus == NULL || g_dbus_connection_is_closed(bus)) {
		g_clear_object(&bus);
		return false;
	}
	/* Else GLib ends the program when the bus goes away. */
	g_dbus_connection_set_exit_on_close(bus, FALSE);
	for (int i = 0; i < 2 && answer == NULL; i++) {
		answer = ask_bus(bus, "GetNameOwner", g_variant_new("(s)", name));
		if (answer == NULL && i == 0) {
			GVariant *started = ask_bus(bus, "StartServiceByName", g_variant_new("(su)", name, 0));
			g_clear_pointer(&started, g_variant_unref);
		}
	}
	if (answer != NULL) {
		const char *text;
		g_variant_get(answer, "(&s)", &text);
		g_strlcpy(owner, text, size);
		g_variant_unref(answer);
	}
	g_object_unref(bus);
	return answer != NULL;
}

static void forget_message(struct shown *s)
{
	if (s->note != NULL)
		g_signal_handlers_disconnect_by_data(s->note, s);
	g_clear_object(&s->note);
	s->closed = false;
}

static void forget_messages(struct desktop *d)
{
	for (int i = 0; i < PLACES; i++)
		forget_message(&d->shown[i]);
	/* libnotify's own memory of the server goes too. */
	if (notify_is_initted())
		notify_uninit();
}

/* libnotify prints a warning at every call that finds no server, and asks a new server to replace the old
 * one's messages, whose numbers may be another program's by now: look first. */
static bool reach_server(struct desktop *d)
{
	char owner[sizeof d->server];
	if (!find_server(owner, sizeof owner))
		return false;
	if (strcmp(owner, d->server) != 0)
		forget_messages(d);
	g_strlcpy(d->server, owner, sizeof d->server);
	return notify_is_initted() || notify_init("unknot");
}

/* What is no UTF-8 would cost us the connection; a server that shows markup would take "<" for a tag. */
static char *text_for_server(const char *text, bool markup)
{
	char *valid = g_utf8_make_valid(text, -1);
	char *escaped = markup ? g_markup_escape_text(valid, -1) : g_strdup(valid);
	g_free(valid);
	return escaped;
}

static void set_hints(NotifyNotification *note, const struct coach_message *m)
{
	const bool low = m->urgency == URGENCY_LOW;
	notify_notification_set_urgency(note, low ? NOTIFY_URGENCY_LOW : NOTIFY_URGENCY_NORMAL);
	notify_notification_set_timeout(note, m->expires_s > 0 ? (int)(m->expires_s * 1000)
	                                                       : NOTIFY_EXPIRES_DEFAULT);
	notify_notification_set_hint(note, "desktop-entry", g_variant_new_string("io.github.unknot.Daemon"));
	notify_notification_set_category(note, "x-unknot.coach");
	/* What matters little does not pile up in the server's list of missed messages. */
	notify_notification_set_hint(note, "transient", low ? g_variant_new_boolean(TRUE) : NULL);
}

/* The message in its place: what the server still shows there is replaced. */
static void put(struct shown *s, const struct coach_message *m, const struct abilities *can)
{
	/* The sentence is what matters: a server without bodies shows it as the title. */
	char *summary = text_for_server(can->body ? m->summary : m->body, false);
	char *body = can->body ? text_for_server(m->body, can->markup) : NULL;
	/* libnotify tells of an object's closing once only, however often it is shown. */
	if (s->closed)
		forget_message(s);
	if (s->note == NULL) {
		s->note = notify_notification_new(summary, body, m->icon);
		g_signal_connect(s->note, "closed", G_CALLBACK(on_closed), s);
	} else {
		notify_notification_update(s->note, summary, body, m->icon);
		notify_notification_clear_actions(s->note);
	}
	g_free(summary);
	g_free(body);
	g_strlcpy(s->kind, m->kind, sizeof s->kind);
	s->answered = false;
	set_hints(s->note, m);
	if (m->actions && can->actions)
		add_actions(s, m->measured);
}

static bool desktop_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	struct desktop *d = (struct desktop *)n;
	GError *why = NULL;
	if (!reach_server(d))
		return error_set(error, 0, "notification server: not reachable");
	struct shown *s = place_of(d, m->kind);
	const struct abilities can = ask_abilities();
	put(s, m, &can);
	if (notify_notification_show(s->note, &why))
		return true;
	error_set(error, 0, "notification server: %s", why != NULL ? why->message : "no answer");
	g_clear_error(&why);
	return false;
}

static void desktop_close(struct notifier *n, const char *kind)
{
	struct shown *s = place_of((struct desktop *)n, kind);
	if (s->note != NULL && !s->closed && strcmp(s->kind, kind) == 0)
		notify_notification_close(s->note, NULL);
}

static void desktop_free(struct notifier *n)
{
	struct desktop *d = (struct desktop *)n;
	forget_messages(d);
	free(d);
}

struct notifier *notifier_desktop(notify_answer_fn *answer, void *user, struct error *error)
{
	static const struct notifier_ops ops = {desktop_show, desktop_close, desktop_free};
	struct desktop *d = calloc(1, sizeof *d);
	if (d == NULL) {
		error_set(error, 0, "notifications: out of memory");
		return NULL;
	}
	d->base.ops = &ops;
	d->answer = answer;
	d->user = user;
	for (int i = 0; i < PLACES; i++)
		d->shown[i].owner = d;
	return &d->base;
}
