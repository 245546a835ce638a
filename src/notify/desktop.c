/* The desktop's notification server, through libnotify. */
#include "notify/notify.h"

#include "base/text.h"
#include "control/window.h"

#include <libnotify/notify.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Corrections have one place and breaks another: a newer one takes the place of the one before. */
enum place { PLACE_CORRECTION, PLACE_BREAK, PLACES };
enum { BUS_TIMEOUT_MS = 5000 };
/* After its time a transient message is closed, which servers tell. One that GNOME's keeps back
 * under a full-screen window is not: after this many times its time and a second it is known to be
 * unseen. */
static const double unseen_times = 2;
/* The shell's banners last seconds, whatever time is asked for. */
static const double shell_shown_s = 12;

struct desktop {
	struct notifier base;
	notify_answer_fn *answer;
	void *user;
	char server[64];        /* its unique bus name; another one knows nothing of our messages */
	bool is_shell;          /* ... is GNOME's shell */
	struct shown {
		struct desktop *owner;
		struct coach_message message;
		NotifyNotification *note;
		enum coach_answer click; /* what a click on the card itself means */
		bool filed;     /* in the server's list, for later: it was seen */
		bool answered;  /* an action was chosen: the close that follows says nothing new */
		bool closed;
		guint waiting;  /* timer: by then a transient message
		                 * has been shown, or was kept back */
	} shown[PLACES];
};

static struct shown *place_of(struct desktop *d, const char *kind)
{
	return &d->shown[strncmp(kind, "break_", 6) == 0 ? PLACE_BREAK : PLACE_CORRECTION];
}

static void stop_waiting(struct shown *s)
{
	if (s->waiting != 0)
		g_source_destroy(
			g_main_context_find_source_by_id(g_main_context_get_thread_default(),
		                                         s->waiting));
	s->waiting = 0;
}

static gboolean on_waited(gpointer user)
{
	struct shown *s = user;
	s->waiting = 0;
	if (s->note != NULL && !s->closed && !s->answered)
		s->owner->answer(s->owner->user, s->message.kind, ANSWER_UNSEEN);
	return G_SOURCE_REMOVE;
}

static void start_waiting(struct shown *s, double expires_s)
{
	GSource *timer = g_timeout_source_new((guint)((unseen_times * expires_s + 1) * 1000));
	stop_waiting(s);
	g_source_set_callback(timer, on_waited, s, NULL);
	s->waiting = g_source_attach(timer, g_main_context_get_thread_default());
	g_source_unref(timer);
}

static bool desktop_show(struct notifier *, const struct coach_message *, struct error *);

/* For as long as the notifier's own thread (notifier_aside) can wait for the bus and the window. */
static bool show_page(const char *page, NotifyNotification *note)
{
	enum { WAIT_MS = 5000 };
	return window_open_wait(page, notify_notification_get_activation_token(note), WAIT_MS);
}

/* The window, to the front. Where it does not come, the message says again what to do without
 * it. */
static void open_window(struct shown *s, NotifyNotification *note)
{
	struct coach_message m = s->message;
	struct error error;
	const char *page = m.offer == OFFER_CALIBRATE ? "calibrate" : "now";
	if (show_page(page, note))
		return;
	g_strlcpy(m.body, m.more, sizeof m.body);
	m.offer = OFFER_NOTHING;
	desktop_show(&s->owner->base, &m, &error);
}

/* The window shows the break from its start on, and says so to the daemon itself: no second card,
 * no second countdown. False where there is no window. */
static bool starts_in_window(const struct shown *s, NotifyNotification *note)
{
	static const char of_breaks[] = "break_";
	char page[64];
	if (s->message.offer != OFFER_BREAK || !g_str_has_prefix(s->message.kind, of_breaks) ||
	    !window_can_open())
		return false;
	g_snprintf(page, sizeof page, "break:%s", s->message.kind + strlen(of_breaks));
	return show_page(page, note);
}

static void on_action(NotifyNotification *note, char *action, gpointer user)
{
	static const struct {
		const char *action;
		enum coach_answer answer;
	} actions[] = {{"snooze", ANSWER_SNOOZE}, {"wrong", ANSWER_WRONG}, {"show", ANSWER_SHOW},
	               {"start", ANSWER_START}, {"later", ANSWER_LATER}, {"skip", ANSWER_SKIP},
	               {"done", ANSWER_DONE}, {"another", ANSWER_ANOTHER},
	               {"window", ANSWER_WINDOW}};
	struct shown *s = user;
	enum coach_answer answer = s->click;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(action, actions[i].action) == 0)
			answer = actions[i].answer;
	s->answered = true;
	if (answer == ANSWER_START && starts_in_window(s, note))
		return;
	/* What was measured is in the window, where there is one: no card says it again. */
	const bool opened = answer == ANSWER_SHOW && show_page("evidence", note);
	s->owner->answer(s->owner->user, s->message.kind, opened ? ANSWER_WINDOW : answer);
	if (answer == ANSWER_WINDOW)
		open_window(s, note);
}

/* A break's card is to be found in the list of messages when its banner has gone. But of what lies
 * there GNOME's shell does not say whether it was ever a banner, which under a full-screen window
 * it was not: there the banner is transient, and what lies in the list comes after it. */
static bool waits_to_be_seen(const struct shown *s, const struct coach_message *m)
{
	return s->owner->is_shell && m->offer == OFFER_BREAK && m->urgency != URGENCY_LOW &&
	       !s->filed;
}

static bool show_in(struct shown *, const struct coach_message *, struct error *);

static void file_away(struct shown *s)
{
	const struct coach_message m = s->message;
	struct error error;
	s->filed = true;
	show_in(s, &m, &error);
}

/* The specification's reasons: 1 expired, 2 dismissed by the user, 3 closed by us. */
static void on_closed(NotifyNotification *note, gpointer user)
{
	struct shown *s = user;
	s->closed = true;
	stop_waiting(s);
	if (s->answered)
		return;
	const int reason = notify_notification_get_closed_reason(note);
	s->owner->answer(s->owner->user, s->message.kind,
	                 reason == 2 ? ANSWER_DISMISSED : ANSWER_NONE);
	if (reason == 1 && waits_to_be_seen(s, &s->message))
		file_away(s);
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

/* At most three: what a banner has room for, and what can be read at a glance. */
static void add_actions(struct shown *s, enum coach_offer offer)
{
	enum { MOST = 3 };
	static const struct {
		enum coach_answer click;
		const char *click_label;
		struct { const char *action, *label; } buttons[MOST];
	} offers[] = {
		[OFFER_NOTHING] = {ANSWER_OPENED, N_("Close"), {{NULL, NULL}}},
		[OFFER_SNOOZE] = {ANSWER_OPENED, N_("Close"), {{"snooze", N_("Snooze 30 min")}}},
		[OFFER_CORRECTION] = {ANSWER_SHOW, N_("Show me"),
		                      {{"show", N_("Show me")}, {"wrong", N_("Wrong")},
		                      {"snooze", N_("Snooze 30 min")}}},
		[OFFER_BREAK] = {ANSWER_START, N_("Start"),
		                 {{"start", N_("Start")}, {"later", N_("In 5 minutes")},
		                 {"skip", N_("Skip")}}},
		[OFFER_GOING] = {ANSWER_OPENED, N_("Close"), {{"another", N_("Another exercise")},
		                 {"done", N_("Done")}}},
		[OFFER_CALIBRATE] = {ANSWER_WINDOW, N_("Calibrate"), {{"window", N_("Calibrate")}}},
		[OFFER_LOOK] = {ANSWER_WINDOW, N_("Show me"), {{"window", N_("Show me")}}},
	};
	NotifyNotification *n = s->note;
	s->click = offers[offer].click;
	/* Else a click on the card is told as a dismissal. */
	notify_notification_add_action(n, "default", _(offers[offer].click_label),
	                               on_action, s, NULL);
	for (int i = 0; i < MOST && offers[offer].buttons[i].action != NULL; i++)
		notify_notification_add_action(n, offers[offer].buttons[i].action,
		                               _(offers[offer].buttons[i].label),
		                               on_action, s, NULL);
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
			GVariant *started = ask_bus(bus, "StartServiceByName",
			                            g_variant_new("(su)", name, 0));
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
	stop_waiting(s);
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

static bool is_shell(void)
{
	char *name = NULL, *vendor = NULL, *version = NULL, *spec = NULL;
	const bool is = notify_get_server_info(&name, &vendor, &version, &spec) &&
	                strcmp(name, "gnome-shell") == 0;
	g_free(name);
	g_free(vendor);
	g_free(version);
	g_free(spec);
	return is;
}

/* libnotify prints a warning at every call that finds no server, and asks a new server to replace
 * the old one's messages, whose numbers may be another program's by now: look first. */
static bool reach_server(struct desktop *d)
{
	char owner[sizeof d->server];
	if (!find_server(owner, sizeof owner))
		return false;
	const bool other = strcmp(owner, d->server) != 0;
	if (other)
		forget_messages(d);
	g_strlcpy(d->server, owner, sizeof d->server);
	if (!notify_is_initted() && !notify_init("unknot"))
		return false;
	if (other)
		d->is_shell = is_shell();
	return true;
}

/* What is no UTF-8 would cost us the connection; a server that shows markup would take "<" for a
 * tag. */
static char *text_for_server(const char *text, bool markup)
{
	char *valid = g_utf8_make_valid(text, -1);
	char *escaped = markup ? g_markup_escape_text(valid, -1) : g_strdup(valid);
	g_free(valid);
	return escaped;
}

static bool is_transient(const struct shown *s, const struct coach_message *m)
{
	return m->urgency == URGENCY_LOW || m->offer == OFFER_CORRECTION || waits_to_be_seen(s, m);
}

static void set_hints(const struct shown *s, const struct coach_message *m)
{
	NotifyNotification *note = s->note;
	/* GNOME's shell never shows a banner of low urgency. */
	notify_notification_set_urgency(note, s->filed ? NOTIFY_URGENCY_LOW
	                                               : NOTIFY_URGENCY_NORMAL);
	notify_notification_set_timeout(note, m->expires_s > 0 ? (int)(m->expires_s * 1000)
	                                                       : NOTIFY_EXPIRES_DEFAULT);
	notify_notification_set_hint(note, "desktop-entry",
	                             g_variant_new_string("io.github.unknot"));
	notify_notification_set_category(note, "x-unknot.coach");
	/* Of use now or not at all: it does not pile up in the server's list of missed messages. */
	notify_notification_set_hint(note, "transient",
	                             is_transient(s, m) ? g_variant_new_boolean(TRUE) : NULL);
}

/* What is offered can be done from the message: else it says how. */
static bool can_offer(const struct coach_message *m, const struct abilities *can)
{
	const bool of_window = m->offer == OFFER_CALIBRATE || m->offer == OFFER_LOOK;
	return can->actions && (!of_window || window_can_open());
}

/* The message in its place: what the server still shows there is replaced. */
static void put(struct shown *s, const struct coach_message *m, const struct abilities *can)
{
	const bool offers = can_offer(m, can);
	char *whole = g_strjoin(" ", m->body, offers || *m->more == '\0' ? NULL : m->more, NULL);
	/* A server without bodies shows what to do, which is the title. */
	char *summary = text_for_server(m->summary, false);
	char *body = can->body ? text_for_server(whole, can->markup) : NULL;
	g_free(whole);
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
	s->message = *m;
	s->answered = false;
	set_hints(s, m);
	if (can->actions)
		add_actions(s, offers ? m->offer : OFFER_NOTHING);
}

static bool show_in(struct shown *s, const struct coach_message *m, struct error *error)
{
	GError *why = NULL;
	if (!reach_server(s->owner))
		return error_set(error, 0, "notification server: not reachable");
	const struct abilities can = ask_abilities();
	put(s, m, &can);
	if (notify_notification_show(s->note, &why)) {
		if (is_transient(s, m) && m->expires_s > 0)
			start_waiting(s, s->owner->is_shell ? fmin(shell_shown_s, m->expires_s)
			                                    : m->expires_s);
		else
			stop_waiting(s);
		return true;
	}
	error_set(error, 0, "notification server: %s", why != NULL ? why->message : "no answer");
	g_clear_error(&why);
	return false;
}

static bool desktop_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	struct shown *s = place_of((struct desktop *)n, m->kind);
	s->filed = false;
	return show_in(s, m, error);
}

static void desktop_close(struct notifier *n, const char *kind)
{
	struct shown *s = place_of((struct desktop *)n, kind);
	/* Closed from now on, not from the server's signal on: Plasma's shows nothing in place of
	 * what has gone. */
	if (s->note != NULL && !s->closed && strcmp(s->message.kind, kind) == 0)
		s->closed = notify_notification_close(s->note, NULL);
}

static void desktop_free(struct notifier *n)
{
	struct desktop *d = (struct desktop *)n;
	/* No card outlives who would hear its answer. */
	for (int i = 0; i < PLACES; i++)
		if (d->shown[i].note != NULL && !d->shown[i].closed)
			notify_notification_close(d->shown[i].note, NULL);
	forget_messages(d);
	free(d);
}

struct notifier *notifier_desktop(notify_answer_fn *answer, void *user, struct error *error)
{
	static const struct notifier_ops ops = {desktop_show, desktop_close, desktop_free};
	struct desktop *d = calloc(1, sizeof *d);
	if (d == NULL) {
		error_set(error, 0, "%s: out of memory", "notifications");
		return NULL;
	}
	d->base.ops = &ops;
	d->answer = answer;
	d->user = user;
	for (int i = 0; i < PLACES; i++)
		d->shown[i].owner = d;
	return &d->base;
}
