/* "break", "break:micro", "break:movement": a break, by what the daemon's camera sees; without a
 * daemon by the clock. "break:ID": an exercise that was chosen, by the clock. It ends by itself. */
#include "window/window.h"

#include "coach/stretch.h"
#include "window/figure.h"
#include "window/known.h"
#include "window/link.h"
#include "window/parts.h"
#include "window/resting.h"
#include "window/wrap.h"

#include <math.h>

enum { GAP = 12, FIGURE_SIDE = 200, TICK_MS = 250, PATIENCE_US = 3000000, DONE_S = 8 };

struct rest {
	struct window *window;
	GtkWidget *whole, *figure, *name, *text, *count, *bar, *sees, *buttons, *mirror;
	enum break_kind kind;
	const struct exercise *exercise;
	bool chosen;            /* the person's own exercise, in no break */
	bool asked, by_daemon;  /* it was asked to begin; it answered, and its numbers count */
	bool over, full;
	bool alone;             /* the window was opened for it, and goes with it */
	double length_s;
	gint64 end_us, begun_us; /* g_get_monotonic_time */
	double waits_s;         /* so much is left, and stands; < 0: it does not */
	guint tick, last;
	unsigned watch, listen;
	struct known known;
	bool known_known;
	struct exercise_memory memory;  /* of what was offered here, without a daemon */
};

static double left_s(const struct rest *r)
{
	if (r->waits_s >= 0)
		return r->waits_s;
	return fmax(0, (double)(r->end_us - g_get_monotonic_time()) / G_USEC_PER_SEC);
}

static void set_text(GtkWidget *label, const char *text)
{
	if (strcmp(gtk_label_get_text(GTK_LABEL(label)), text) != 0)
		gtk_label_set_text(GTK_LABEL(label), text);
}

static void set_exercise(struct rest *r, const struct exercise *e)
{
	enum stretch_kind followed;
	if (e == NULL || e == r->exercise)
		return;
	r->exercise = e;
	figure_set(r->figure, e);
	set_text(r->name, _(e->name));
	set_text(r->text, _(e->text));
	gtk_widget_set_visible(r->mirror, r->chosen && stretch_find(e->id, &followed));
}

/* ---- its end ---- */

static gboolean on_last(gpointer user)
{
	struct rest *r = user;
	r->last = 0;
	if (r->alone)
		gtk_window_close(r->window->frame);
	else
		window_end_task(r->window);
	return G_SOURCE_REMOVE;
}

/* Says how it was, once, and goes. */
static void finish(struct rest *r, const char *title, const char *text)
{
	if (!r->over) {
		r->over = true;
		figure_move(r->figure, false);
		GtkWidget *const gone[] = {r->count, r->bar, r->sees, r->buttons};
		for (size_t i = 0; i < G_N_ELEMENTS(gone); i++)
			gtk_widget_set_visible(gone[i], FALSE);
		r->last = g_timeout_add_seconds(DONE_S, on_last, r);
	}
	set_text(r->name, title);
	set_text(r->text, text);
}

/* ---- without a daemon ---- */

static void choose(struct rest *r)
{
	const struct exercise_wish wish = {r->kind, r->known.config.place,
	                                   r->known.care, known_hour()};
	const struct exercise *e = exercise_choose(&wish, &r->memory);
	if (e == NULL)
		return;
	exercise_offered(&r->memory, e, g_get_real_time() / 1000);
	set_exercise(r, e);
}

/* ---- the clock ---- */

static void show_time(struct rest *r, double left, double share)
{
	char text[16];
	resting_clock(left, text, sizeof text);
	set_text(r->count, text);
	gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(r->bar), fmin(1, fmax(0, share)));
}

static void show_holding(struct rest *r)
{
	double left;
	const double elapsed = (double)(g_get_monotonic_time() - r->begun_us) / G_USEC_PER_SEC;
	const enum holding what = holding_at(r->exercise, elapsed, &left);
	if (what == HOLDING_OVER) {
		finish(r, _(r->exercise->name), holding_words(r->exercise, what));
		return;
	}
	set_text(r->sees, holding_words(r->exercise, what));
	show_time(r, left, elapsed / holding_length(r->exercise));
}

static gboolean on_tick(gpointer user)
{
	struct rest *r = user;
	if (r->over) {
		r->tick = 0;
		return G_SOURCE_REMOVE;
	}
	const double left = left_s(r);
	const gint64 waited_us = g_get_monotonic_time() - r->begun_us;
	/* A daemon that was asked says which exercise; not for ever. */
	if (!r->by_daemon && r->known_known && r->exercise == NULL &&
	    (!r->asked || waited_us > PATIENCE_US))
		choose(r);
	if (r->chosen)
		show_holding(r);
	else if (r->length_s > 0)
		show_time(r, left, 1 - left / r->length_s);
	if (!r->chosen && !r->by_daemon && r->known_known && left <= 0)
		finish(r, _("Done: that was a break"), _("Nobody watched: it went by the clock."));
	return G_SOURCE_CONTINUE;
}

static void on_known(void *user, const struct known *known)
{
	struct rest *r = user;
	r->known = *known;
	r->known_known = true;
	if (r->by_daemon || r->over)
		return;
	r->length_s = config_breaks(&known->config).length_s[r->kind];
	r->end_us = g_get_monotonic_time() + (gint64)(r->length_s * G_USEC_PER_SEC);
	on_tick(r);
}

/* ---- by the daemon ---- */

static void answer(struct rest *r, const char *what, link_done_fn *done)
{
	link_call(r->window->link, "AnswerBreak",
	          g_variant_new("(ss)", break_kind_name(r->kind), what), false, done, r->window);
}

static void take(struct rest *r, const struct resting *now)
{
	char text[320];
	r->by_daemon = true;
	r->length_s = now->length_s;
	r->end_us = g_get_monotonic_time() + (gint64)(now->left_s * G_USEC_PER_SEC);
	r->waits_s = now->waits ? now->left_s : -1;
	set_exercise(r, now->exercise);
	resting_words(now, text, sizeof text);
	set_text(r->sees, text);
}

static void on_changed(void *user)
{
	struct rest *r = user;
	struct resting now;
	if (r->over || r->chosen)
		return;
	if (!r->asked && link_there(r->window->link)) {
		r->asked = true;
		answer(r, "start", NULL);
		return;
	}
	if (resting_of(&now, link_status(r->window->link)) && now.kind == r->kind)
		take(r, &now);
}

/* "ended" comes first, and after it what the camera saw, in words. */
static void on_signal(void *user, const char *signal, GVariant *arguments)
{
	struct rest *r = user;
	const char *kind, *first, *second;
	if (strcmp(signal, "Break") == 0) {
		g_variant_get(arguments, "(&s&s&sd)", &kind, &first, &second, NULL);
		if (r->by_daemon && strcmp(kind, break_kind_name(r->kind)) == 0 &&
		    strcmp(first, "ended") == 0)
			finish(r, _("Done: that was a break"), "");
	} else if (strcmp(signal, "Alert") == 0 && r->over && r->by_daemon) {
		g_variant_get(arguments, "(&s&s&s)", &kind, &first, &second);
		if (g_str_has_prefix(kind, "break"))
			finish(r, first, second);
	}
}

/* ---- buttons ---- */

static void on_another(GtkButton *button, gpointer user)
{
	(void)button;
	struct rest *r = user;
	if (r->by_daemon)
		answer(r, "another", NULL);
	else
		choose(r);
}

static void on_done(GtkButton *button, gpointer user)
{
	(void)button;
	struct rest *r = user;
	if (r->by_daemon)
		answer(r, "done", NULL);
	else
		window_end_task(r->window);
}

static void on_mirror(GtkButton *button, gpointer user)
{
	(void)button;
	struct rest *r = user;
	char *place = g_strdup_printf("stretch:%s", r->exercise->id);
	window_show(r->window, place);
	g_free(place);
}

/* To what the window is not; the desktop may have taken it out of it meanwhile. */
static void turn_full(struct rest *r)
{
	r->full = !gtk_window_is_fullscreen(r->window->frame);
	if (r->full)
		gtk_window_fullscreen(r->window->frame);
	else
		gtk_window_unfullscreen(r->window->frame);
}

static void on_fullscreened(GObject *frame, GParamSpec *spec, gpointer button)
{
	const bool full = gtk_window_is_fullscreen(GTK_WINDOW(frame));
	const char *name = full ? _("Leave full screen (F11)") : _("Full screen (F11)");
	(void)spec;
	gtk_button_set_icon_name(button, full ? "view-restore-symbolic"
					      : "view-fullscreen-symbolic");
	gtk_widget_set_tooltip_text(button, name);
	parts_name(button, name);
}

static void on_full(GtkButton *button, gpointer user)
{
	(void)button;
	struct rest *r = user;
	turn_full(r);
}

static gboolean on_f11(GtkWidget *widget, GVariant *arguments, gpointer user)
{
	(void)widget, (void)arguments;
	struct rest *r = user;
	turn_full(r);
	return TRUE;
}

/* ---- the task ---- */

static GtkWidget *make_header(struct rest *r)
{
	GtkWidget *header = window_task_header(r->window, r->chosen ? _("Exercise") : _("Break"));
	GtkWidget *full = parts_icon_button("view-fullscreen-symbolic", _("Full screen (F11)"));
	GtkEventController *keys = gtk_shortcut_controller_new();
	gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
	                                     gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_F11,
	                                                                             0),
	                                                      gtk_callback_action_new(on_f11,
	                                                                              r, NULL)));
	gtk_widget_add_controller(r->whole, keys);
	g_signal_connect(full, "clicked", G_CALLBACK(on_full), r);
	g_signal_connect_object(r->window->frame, "notify::fullscreened",
				G_CALLBACK(on_fullscreened), full, 0);
	adw_header_bar_pack_end(ADW_HEADER_BAR(header), full);
	return header;
}

static GtkWidget *make_label(const char *class)
{
	GtkWidget *label = parts_label("", class);
	gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
	gtk_label_set_xalign(GTK_LABEL(label), 0.5f);
	return label;
}

static GtkWidget *make_button(struct rest *r, const char *label, const char *class,
                              GCallback clicked)
{
	GtkWidget *button = parts_button(label);
	gtk_widget_add_css_class(button, "pill");
	if (class != NULL)
		gtk_widget_add_css_class(button, class);
	g_signal_connect(button, "clicked", clicked, r);
	wrap_append(r->buttons, button);
	return button;
}

static GtkWidget *make_column(struct rest *r)
{
	enum { WIDEST = 640 };
	GtkWidget *clamp = adw_clamp_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP);
	r->figure = figure_new(NULL, FIGURE_SIDE);
	gtk_widget_set_vexpand(r->figure, TRUE);
	r->name = make_label("title-1");
	r->text = make_label(NULL);
	r->count = make_label("title-1");
	gtk_widget_add_css_class(r->count, "numeric");
	r->bar = gtk_progress_bar_new();
	parts_name(r->bar, _("How much of it is over"));
	r->sees = make_label("dim-label");
	r->buttons = wrap_new(GTK_ALIGN_CENTER);
	if (!r->chosen)
		make_button(r, _("Another one"), NULL, G_CALLBACK(on_another));
	r->mirror = make_button(r, _("Before the mirror"), NULL, G_CALLBACK(on_mirror));
	gtk_widget_set_visible(r->mirror, FALSE);
	make_button(r, _("Done"), "suggested-action", G_CALLBACK(on_done));
	GtkWidget *const all[] = {r->figure, r->name, r->text, r->count,
	                          r->bar, r->sees, r->buttons};
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		gtk_box_append(GTK_BOX(box), all[i]);
	gtk_widget_set_margin_top(box, GAP);
	gtk_widget_set_margin_bottom(box, 2 * GAP);
	gtk_widget_set_margin_start(box, GAP);
	gtk_widget_set_margin_end(box, GAP);
	gtk_widget_set_vexpand(clamp, TRUE);
	adw_clamp_set_maximum_size(ADW_CLAMP(clamp), WIDEST);
	adw_clamp_set_child(ADW_CLAMP(clamp), box);
	return clamp;
}

/* Whatever ended it: the daemon need not go on counting. */
static void free_rest(gpointer user)
{
	struct rest *r = user;
	struct window *w = r->window;
	if (r->by_daemon && !r->over)
		answer(r, "done", NULL);
	if (r->full && w->frame != NULL)
		gtk_window_unfullscreen(w->frame);
	if (r->tick != 0)
		g_source_remove(r->tick);
	if (r->last != 0)
		g_source_remove(r->last);
	link_unwatch(w->link, r->watch);
	link_unlisten(w->link, r->listen);
	g_free(r);
}

static void begin(struct rest *r)
{
	r->begun_us = g_get_monotonic_time();
	figure_move(r->figure, true);
	r->watch = link_watch(r->window->link, on_changed, r);
	r->listen = link_listen(r->window->link, on_signal, r);
	if (!r->chosen) {
		known_ask(r->whole, on_known, r);
		on_changed(r);
	}
	r->tick = g_timeout_add(TICK_MS, on_tick, r);
	on_tick(r);
}

static GtkWidget *create(struct window *w, const char *which)
{
	struct rest *r = g_new0(struct rest, 1);
	const struct exercise *chosen = exercise_find(which);
	r->window = w;
	r->waits_s = -1;
	r->chosen = chosen != NULL;
	r->alone = !gtk_widget_get_visible(GTK_WIDGET(w->frame));
	r->kind = strcmp(which, break_kind_name(BREAK_MICRO)) == 0 ? BREAK_MICRO : BREAK_MOVEMENT;
	r->whole = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	GtkWidget *column = make_column(r);
	gtk_box_append(GTK_BOX(r->whole), make_header(r));
	gtk_box_append(GTK_BOX(r->whole), column);
	g_object_set_data_full(G_OBJECT(r->whole), "rest", r, free_rest);
	set_exercise(r, chosen);
	begin(r);
	return r->whole;
}

const struct task task_break = {"break", create};
