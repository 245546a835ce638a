/* The desktop's notification server, through libnotify. */
#include "notify/notify.h"

#include <libnotify/notify.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = 32 };

struct desktop {
	struct notifier base;
	notify_answer_fn *answer;
	void *user;
	struct shown {
		struct desktop *owner;
		char kind[32];
		NotifyNotification *note;
		bool answered;  /* an action was chosen: the close that follows says nothing new */
	} shown[KINDS];
	int count;
};

static struct shown *find(struct desktop *d, const char *kind)
{
	for (int i = 0; i < d->count; i++)
		if (strcmp(d->shown[i].kind, kind) == 0)
			return &d->shown[i];
	return NULL;
}

static void on_action(NotifyNotification *note, char *action, gpointer user)
{
	static const struct {
		const char *action;
		enum coach_answer answer;
	} actions[] = {{"snooze", ANSWER_SNOOZE}, {"wrong", ANSWER_WRONG}, {"default", ANSWER_SHOW},
	               {"show", ANSWER_SHOW}};
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
	if (!s->answered)
		s->owner->answer(s->owner->user, s->kind,
		                 notify_notification_get_closed_reason(note) == 2 ? ANSWER_DISMISSED
		                                                                  : ANSWER_NONE);
}

static bool server_can(const char *capability)
{
	bool can = false;
	GList *list = notify_get_server_caps();
	for (GList *i = list; i != NULL; i = i->next)
		can |= strcmp(i->data, capability) == 0;
	g_list_free_full(list, g_free);
	return can;
}

static void add_actions(struct shown *s)
{
	NotifyNotification *n = s->note;
	notify_notification_add_action(n, "snooze", "Snooze 30 min", on_action, s, NULL);
	notify_notification_add_action(n, "wrong", "Wrong", on_action, s, NULL);
	notify_notification_add_action(n, "show", "Show me", on_action, s, NULL);
}

static struct shown *slot_for(struct desktop *d, const char *kind)
{
	struct shown *s = find(d, kind);
	if (s != NULL || d->count == KINDS)
		return s;
	s = &d->shown[d->count++];
	s->owner = d;
	g_strlcpy(s->kind, kind, sizeof s->kind);
	return s;
}

/* Without a bus libnotify prints warnings of its own at every call: ask before it does. */
static bool bus_is_there(void)
{
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	const bool there = bus != NULL && !g_dbus_connection_is_closed(bus);
	g_clear_object(&bus);
	return there;
}

static bool desktop_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	struct desktop *d = (struct desktop *)n;
	GError *why = NULL;
	if (!bus_is_there() || (!notify_is_initted() && !notify_init("unknot")))
		return error_set(error, 0, "notification server: not reachable");
	struct shown *s = slot_for(d, m->kind);
	if (s == NULL)
		return error_set(error, 0, "notification server: too many kinds of message");
	/* A server that shows markup would take "<" for a tag. */
	char *body = server_can("body-markup") ? g_markup_escape_text(m->body, -1) : g_strdup(m->body);
	if (s->note == NULL) {
		s->note = notify_notification_new(m->summary, body, m->icon);
		g_signal_connect(s->note, "closed", G_CALLBACK(on_closed), s);
	} else {
		/* The same object again: the server replaces what it still shows. */
		notify_notification_update(s->note, m->summary, body, m->icon);
		notify_notification_clear_actions(s->note);
	}
	g_free(body);
	s->answered = false;
	notify_notification_set_urgency(s->note, m->urgency == URGENCY_LOW ? NOTIFY_URGENCY_LOW
	                                                                   : NOTIFY_URGENCY_NORMAL);
	notify_notification_set_timeout(s->note, m->expires_s > 0 ? (int)(m->expires_s * 1000)
	                                                          : NOTIFY_EXPIRES_DEFAULT);
	notify_notification_set_hint(s->note, "desktop-entry", g_variant_new_string("unknot"));
	if (m->actions && server_can("actions"))
		add_actions(s);
	if (notify_notification_show(s->note, &why))
		return true;
	error_set(error, 0, "notification server: %s", why != NULL ? why->message : "no answer");
	g_clear_error(&why);
	return false;
}

static void desktop_close(struct notifier *n, const char *kind)
{
	struct shown *s = find((struct desktop *)n, kind);
	if (s != NULL && s->note != NULL)
		notify_notification_close(s->note, NULL);
}

static void desktop_free(struct notifier *n)
{
	struct desktop *d = (struct desktop *)n;
	for (int i = 0; i < d->count; i++)
		if (d->shown[i].note != NULL) {
			g_signal_handlers_disconnect_by_data(d->shown[i].note, &d->shown[i]);
			g_object_unref(d->shown[i].note);
		}
	if (notify_is_initted())
		notify_uninit();
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
	return &d->base;
}
