/* How you sit now: what the daemon sees, as a silhouette against your upright. */
#include "cli/cli.h"
#include "window/figures.h"
#include "window/link.h"
#include "window/parts.h"
#include "window/state.h"
#include "window/window.h"
#include "window/wrap.h"

/* What the large button does, by the state. */
enum remedy { REMEDY_NONE, REMEDY_START, REMEDY_TURN_ON, REMEDY_CALIBRATE };

struct now {
	struct window *window;
	unsigned watch;          /* of the link; 0: nobody looks at the page */
	enum remedy remedy;
	GtkWidget *page, *figures, *title, *text, *button, *rows;
	GtkWidget *problem, *sitting, *breaks, *camera, *silence, *speak, *turn_on;
	GSimpleActionGroup *actions;
};

static void on_asked(void *user, GVariant *reply, const char *problem)
{
	if (reply == NULL)
		window_say(user, problem);
}

static void ask(struct now *n, const char *method, GVariant *arguments)
{
	link_call(n->window->link, method, arguments, false, on_asked, n->window);
}

static void on_snooze(GSimpleAction *action, GVariant *duration, gpointer user)
{
	unsigned seconds;
	(void)action;
	if (cli_duration(g_variant_get_string(duration, NULL), &seconds))
		ask(user, "Snooze", g_variant_new("(u)", seconds));
}

static void on_pause(GSimpleAction *action, GVariant *seconds, gpointer user)
{
	(void)action;
	ask(user, "Pause", g_variant_new("(u)", (unsigned)g_variant_get_int32(seconds)));
}

static void on_break(GtkButton *button, gpointer user)
{
	(void)button;
	ask(user, "Break", g_variant_new("(s)", "movement"));
}

static void on_resume(GtkButton *button, gpointer user)
{
	(void)button;
	ask(user, "Resume", NULL);
}

static void on_picture(GtkButton *button, gpointer user)
{
	struct now *n = user;
	(void)button;
	window_show(n->window, "preview");
}

static void on_remedy(GtkButton *button, gpointer user)
{
	struct now *n = user;
	(void)button;
	if (n->remedy == REMEDY_START)
		link_call(n->window->link, "Status", NULL, true, on_asked, n->window);
	else if (n->remedy == REMEDY_TURN_ON)
		ask(n, "Resume", NULL);
	else if (n->remedy == REMEDY_CALIBRATE)
		window_show(n->window, "calibrate");
}

/* ---- what is shown ---- */

static enum remedy remedy_of(const struct state *s)
{
	if (s->kind == STATE_NO_DAEMON)
		return REMEDY_START;
	if (s->kind == STATE_OFF && s->can_turn_on)
		return REMEDY_TURN_ON;
	return s->no_profile && (s->kind == STATE_SEEN || s->kind == STATE_AWAY) ? REMEDY_CALIBRATE
	                                                                         : REMEDY_NONE;
}

static void show_row(GtkWidget *row, const char *text)
{
	adw_action_row_set_subtitle(ADW_ACTION_ROW(row), text);
	gtk_widget_set_visible(row, *text != '\0');
}

static void show(struct now *n, const struct state *s)
{
	static const char *const labels[] = {
		[REMEDY_NONE] = N_("Start watching"), /* hidden, but not nameless */
		[REMEDY_START] = N_("Start watching"),
		[REMEDY_TURN_ON] = N_("Turn the camera on"),
		[REMEDY_CALIBRATE] = N_("Show it how you sit upright"),
	};
	static const char *const actions[] = {"snooze", "pause"};
	const bool there = s->kind != STATE_NO_DAEMON && s->kind != STATE_ASKING;
	char *name = g_strdup_printf("%s. %s", s->title, s->text);
	figures_set(n->figures, &s->figure, s->fault, name);
	g_free(name);
	gtk_label_set_text(GTK_LABEL(n->title), s->title);
	gtk_label_set_text(GTK_LABEL(n->text), s->text);
	gtk_widget_set_visible(n->text, *s->text != '\0');
	n->remedy = remedy_of(s);
	gtk_widget_set_visible(n->button, n->remedy != REMEDY_NONE);
	gtk_button_set_label(GTK_BUTTON(n->button), _(labels[n->remedy]));
	gtk_widget_set_visible(n->rows, there);
	show_row(n->problem, s->kind == STATE_TROUBLE ? "" : s->problem);
	show_row(n->sitting, s->sitting);
	parts_control_say(n->breaks, s->breaks);
	parts_control_say(n->camera, s->camera);
	parts_control_say(n->silence,
	                  *s->silence ? s->silence : _("When there is something to say"));
	gtk_widget_set_visible(n->speak, s->silent);
	gtk_widget_set_visible(n->turn_on, s->kind == STATE_OFF && s->can_turn_on);
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
		GAction *action = g_action_map_lookup_action(G_ACTION_MAP(n->actions), actions[i]);
		g_simple_action_set_enabled(G_SIMPLE_ACTION(action), there);
	}
}

static void on_changed(void *user)
{
	struct now *n = user;
	struct state s;
	state_read(&s, link_there(n->window->link), link_status(n->window->link));
	show(n, &s);
}

static void on_map(GtkWidget *page, gpointer user)
{
	struct now *n = user;
	(void)page;
	if (n->watch == 0)
		n->watch = link_watch(n->window->link, on_changed, n);
	on_changed(n);
}

static void on_unmap(GtkWidget *page, gpointer user)
{
	struct now *n = user;
	(void)page;
	if (n->watch != 0 && n->window->link != NULL)
		link_unwatch(n->window->link, n->watch);
	n->watch = 0;
}

static void on_destroy(GtkWidget *page, gpointer user)
{
	struct now *n = user;
	on_unmap(page, n);
	g_object_unref(n->actions);
	g_free(n);
}

/* ---- how it is made ---- */

static GtkWidget *make_button(const char *label, GCallback pressed, struct now *n)
{
	GtkWidget *button = parts_button(label);
	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	g_signal_connect(button, "clicked", pressed, n);
	return button;
}

static GtkWidget *make_menu_button(const char *label, GMenu *menu)
{
	GtkWidget *button = parts_menu_button(menu);
	gtk_menu_button_set_label(GTK_MENU_BUTTON(button), label);
	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	return button;
}

static GtkWidget *make_silence_button(void)
{
	GMenu *menu = g_menu_new();
	g_menu_append(menu, _("For 30 minutes"), "now.snooze::30m");
	g_menu_append(menu, _("For 2 hours"), "now.snooze::2h");
	g_menu_append(menu, _("Until tomorrow"), "now.snooze::tomorrow");
	return make_menu_button(_("Be silent"), menu);
}

static GtkWidget *make_off_button(void)
{
	GMenu *menu = g_menu_new();
	g_menu_append(menu, _("For 30 minutes"), "now.pause(1800)");
	g_menu_append(menu, _("For 2 hours"), "now.pause(7200)");
	g_menu_append(menu, _("Until I turn it on"), "now.pause(0)");
	return make_menu_button(_("Turn off"), menu);
}

static GtkWidget *add_row(AdwPreferencesGroup *group, const char *title)
{
	GtkWidget *row = parts_row(title, NULL);
	adw_preferences_group_add(group, row);
	return row;
}

static GtkWidget *add_control(AdwPreferencesGroup *group, const char *title, GtkWidget *control)
{
	GtkWidget *row = parts_control_row(title, "", control);
	adw_preferences_group_add(group, row);
	return row;
}

/* Two of which the first is there at times. */
static GtkWidget *make_two(GtkWidget *first, GtkWidget *second)
{
	GtkWidget *both = wrap_new(GTK_ALIGN_END);
	wrap_append(both, first);
	wrap_append(both, second);
	return both;
}

static void make_rows(struct now *n)
{
	AdwPreferencesGroup *group = parts_group(NULL, NULL);
	n->rows = GTK_WIDGET(group);
	n->problem = add_row(group, _("Something is wrong"));
	adw_action_row_add_prefix(ADW_ACTION_ROW(n->problem),
				  gtk_image_new_from_icon_name("dialog-warning-symbolic"));
	n->sitting = add_row(group, _("Sitting since your last break"));
	n->breaks = add_control(group, _("Next breaks"),
	                        make_button(_("Break now"), G_CALLBACK(on_break), n));
	n->speak = make_button(_("Speak again"), G_CALLBACK(on_resume), n);
	n->silence = add_control(group, _("Messages"), make_two(n->speak, make_silence_button()));
	n->turn_on = make_button(_("Turn on"), G_CALLBACK(on_resume), n);
	n->camera = add_control(group, _("Camera"), make_two(n->turn_on, make_off_button()));
}

static GtkWidget *make_centred(const char *class)
{
	GtkWidget *label = parts_label("", class);
	gtk_label_set_xalign(GTK_LABEL(label), 0.5f);
	gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
	return label;
}

static GtkWidget *create(struct window *w)
{
	static const GActionEntry entries[] = {
		{.name = "snooze", .activate = on_snooze, .parameter_type = "s"},
		{.name = "pause", .activate = on_pause, .parameter_type = "i"},
	};
	struct now *n = g_new0(struct now, 1);
	GtkWidget *box, *see = make_button(_("See the picture"), G_CALLBACK(on_picture), n);
	n->window = w;
	n->page = parts_column(&box);
	n->actions = g_simple_action_group_new();
	g_action_map_add_action_entries(G_ACTION_MAP(n->actions), entries,
	                                G_N_ELEMENTS(entries), n);
	gtk_widget_insert_action_group(n->page, "now", G_ACTION_GROUP(n->actions));
	n->figures = figures_new();
	n->title = make_centred("title-1");
	n->text = make_centred(NULL);
	n->button = make_button(_("Start watching"), G_CALLBACK(on_remedy), n);
	gtk_widget_set_halign(n->button, GTK_ALIGN_CENTER);
	gtk_widget_add_css_class(n->button, "suggested-action");
	gtk_widget_add_css_class(n->button, "pill");
	gtk_widget_set_halign(see, GTK_ALIGN_CENTER);
	make_rows(n);
	gtk_box_append(GTK_BOX(box), n->figures);
	gtk_box_append(GTK_BOX(box), n->title);
	gtk_box_append(GTK_BOX(box), n->text);
	gtk_box_append(GTK_BOX(box), n->button);
	gtk_box_append(GTK_BOX(box), n->rows);
	gtk_box_append(GTK_BOX(box), see);
	g_signal_connect(n->page, "map", G_CALLBACK(on_map), n);
	g_signal_connect(n->page, "unmap", G_CALLBACK(on_unmap), n);
	g_signal_connect(n->page, "destroy", G_CALLBACK(on_destroy), n);
	return n->page;
}

const struct page page_now = {"now", N_("Now"), "view-reveal-symbolic", create};
