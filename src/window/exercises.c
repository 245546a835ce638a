/* All exercises that fit the person, drawn. */
#include "window/window.h"

#include "window/figure.h"
#include "window/known.h"

static const char *const places[] = {"office", "home", "floor"};
enum { SIDE = 120, GAP = 12, WIDEST = 1000, PART_ANY = 0 };

struct exercises {
	struct window *window;
	GtkWidget *note, *empty;
	GtkDropDown *place, *part;
	GtkFlowBox *cards;
	struct care care;
	bool place_chosen;      /* by the person, else the configuration's */
	bool setting;
};

/* ---- cards ---- */

static void on_enter(GtkEventController *controller, double x, double y, gpointer figure)
{
	(void)controller, (void)x, (void)y;
	figure_move(figure, true);
}

static void on_focus(GtkEventController *controller, gpointer figure)
{
	(void)controller;
	figure_move(figure, true);
}

static void on_leave(GtkEventController *controller, gpointer figure)
{
	(void)controller;
	figure_move(figure, false);
}

static const struct exercise *exercise_of(gpointer widget)
{
	return g_object_get_data(G_OBJECT(widget), "exercise");
}

static void on_clicked(GtkButton *button, gpointer user)
{
	struct exercises *e = user;
	char *place = g_strdup_printf("break:%s", exercise_of(button)->id);
	window_show(e->window, place);
	g_free(place);
}

static GtkWidget *make_card(struct exercises *e, const struct exercise *x)
{
	GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP / 2);
	GtkWidget *figure = figure_new(x, SIDE), *name = gtk_label_new(_(x->name));
	GtkEventController *motion = gtk_event_controller_motion_new(),
	                   *focus = gtk_event_controller_focus_new();
	g_signal_connect(motion, "enter", G_CALLBACK(on_enter), figure);
	g_signal_connect(motion, "leave", G_CALLBACK(on_leave), figure);
	g_signal_connect(focus, "enter", G_CALLBACK(on_focus), figure);
	g_signal_connect(focus, "leave", G_CALLBACK(on_leave), figure);
	gtk_widget_add_controller(button, motion);
	gtk_widget_add_controller(button, focus);
	gtk_label_set_wrap(GTK_LABEL(name), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(name), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_justify(GTK_LABEL(name), GTK_JUSTIFY_CENTER);
	gtk_label_set_max_width_chars(GTK_LABEL(name), 16);
	gtk_box_append(GTK_BOX(box), figure);
	gtk_box_append(GTK_BOX(box), name);
	gtk_button_set_child(GTK_BUTTON(button), box);
	gtk_widget_add_css_class(button, "flat");
	gtk_widget_set_tooltip_text(button, _(x->text));
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               _(x->name),
	                               GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(x->text), -1);
	g_object_set_data(G_OBJECT(button), "exercise", (gpointer)x);
	g_signal_connect(button, "clicked", G_CALLBACK(on_clicked), e);
	GtkWidget *child = gtk_flow_box_child_new();
	gtk_widget_set_focusable(child, FALSE); /* the button is */
	gtk_flow_box_child_set_child(GTK_FLOW_BOX_CHILD(child), button);
	return child;
}

/* ---- which of them ---- */

static bool is_wanted(const struct exercises *e, const struct exercise *x)
{
	const guint part = gtk_drop_down_get_selected(e->part);
	const struct exercise_wish wish = {x->kind, places[gtk_drop_down_get_selected(e->place)],
	                                   e->care,
	                                   known_hour()};
	return exercise_fits(x, &wish) && (part == PART_ANY || (int)x->part == (int)part - 1);
}

static gboolean on_filter(GtkFlowBoxChild *child, gpointer user)
{
	return is_wanted(user, exercise_of(gtk_flow_box_child_get_child(child)));
}

static void tell(struct exercises *e)
{
	const struct exercise *all;
	const int count = exercises(&all);
	int wanted = 0;
	for (int i = 0; i < count; i++)
		wanted += is_wanted(e, &all[i]);
	gtk_flow_box_invalidate_filter(e->cards);
	gtk_widget_set_visible(e->empty, wanted == 0);
	const bool careful = care_gentle(e->care.reason) || e->care.level >= CARE_MODERATE_LEVEL;
	char *text = g_strdup_printf(
		"%s%s%s",
		care_gentle(e->care.reason) ? care_advice(e->care.reason)
		: careful                   ? _("With pain like yours now, only what is gentle is "
		                                "shown.")
		: known_hour() < EXERCISE_MORNING_ENDS
			? _("What bends the back forward comes after 9 o'clock: discs are fullest "
			    "in the morning.")
			: "",
		careful ? "\n" : "", careful ? care_discomfort() : "");
	gtk_label_set_text(GTK_LABEL(e->note), text);
	gtk_widget_set_visible(e->note, *text != '\0');
	g_free(text);
}

static void on_choice(GObject *object, GParamSpec *spec, gpointer user)
{
	(void)spec;
	struct exercises *e = user;
	if (e->setting)
		return;
	e->place_chosen = e->place_chosen || object == G_OBJECT(e->place);
	tell(e);
}

static void on_known(void *user, const struct known *known)
{
	struct exercises *e = user;
	e->care = known->care;
	e->setting = true;
	for (guint i = 0; i < G_N_ELEMENTS(places) && !e->place_chosen; i++)
		if (strcmp(places[i], known->config.place) == 0)
			gtk_drop_down_set_selected(e->place, i);
	e->setting = false;
	tell(e);
}

/* The person may have answered something since. */
static void on_map(GtkWidget *page, gpointer user)
{
	known_ask(page, on_known, user);
}

/* ---- the page ---- */

static GtkDropDown *make_choice(struct exercises *e, const char *label, GtkStringList *words)
{
	GtkWidget *choice = gtk_drop_down_new(G_LIST_MODEL(words), NULL);
	gtk_accessible_update_property(GTK_ACCESSIBLE(choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               label, -1);
	gtk_widget_set_tooltip_text(choice, label);
	gtk_widget_set_hexpand(choice, TRUE);
	g_signal_connect(choice, "notify::selected", G_CALLBACK(on_choice), e);
	return GTK_DROP_DOWN(choice);
}

static GtkWidget *make_choices(struct exercises *e)
{
	/* above each other where it is narrow */
	GtkFlowBox *box = GTK_FLOW_BOX(gtk_flow_box_new());
	GtkStringList *where = gtk_string_list_new(NULL), *what = gtk_string_list_new(NULL);
	gtk_string_list_append(where, _("At the office"));
	gtk_string_list_append(where, _("At home"));
	gtk_string_list_append(where, _("On the floor"));
	gtk_string_list_append(what, _("All body parts"));
	for (int p = 0; p < EXERCISE_PARTS; p++)
		gtk_string_list_append(what, exercise_part_name((enum exercise_part)p));
	e->setting = true;
	e->place = make_choice(e, _("Place"), where);
	e->part = make_choice(e, _("Body part"), what);
	e->setting = false;
	gtk_flow_box_set_selection_mode(box, GTK_SELECTION_NONE);
	gtk_flow_box_set_max_children_per_line(box, 2);
	gtk_flow_box_set_homogeneous(box, TRUE);
	GtkWidget *const both[] = {GTK_WIDGET(e->place), GTK_WIDGET(e->part)};
	for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
		gtk_flow_box_append(box, both[i]);
		gtk_widget_set_focusable(gtk_widget_get_parent(both[i]), FALSE);
	}
	return GTK_WIDGET(box);
}

static GtkWidget *make_label(void)
{
	GtkWidget *label = gtk_label_new(NULL);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	return label;
}

static void fill(struct exercises *e, GtkWidget *box)
{
	const struct exercise *all;
	const int count = exercises(&all);
	e->note = make_label();
	e->empty = make_label();
	gtk_label_set_text(GTK_LABEL(e->empty),
	                   _("None of the exercises for this place and part fits now."));
	e->cards = GTK_FLOW_BOX(gtk_flow_box_new());
	gtk_flow_box_set_selection_mode(e->cards, GTK_SELECTION_NONE);
	gtk_flow_box_set_homogeneous(e->cards, TRUE);
	gtk_flow_box_set_min_children_per_line(e->cards, 2);
	gtk_flow_box_set_max_children_per_line(e->cards, 6);
	gtk_widget_set_valign(GTK_WIDGET(e->cards), GTK_ALIGN_START);
	gtk_accessible_update_property(GTK_ACCESSIBLE(e->cards), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               _("Exercises"), -1);
	GtkWidget *const parts[] = {make_choices(e), e->note, e->empty, GTK_WIDGET(e->cards)};
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		gtk_box_append(GTK_BOX(box), parts[i]);
	for (int i = 0; i < count; i++)
		gtk_flow_box_append(e->cards, make_card(e, &all[i]));
	gtk_flow_box_set_filter_func(e->cards, on_filter, e, NULL);
	tell(e);
}

static GtkWidget *create(struct window *w)
{
	struct exercises *e = g_new0(struct exercises, 1);
	GtkWidget *page = gtk_scrolled_window_new(), *clamp = adw_clamp_new();
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP);
	e->window = w;
	fill(e, box);
	gtk_widget_set_margin_top(box, GAP);
	gtk_widget_set_margin_bottom(box, GAP);
	gtk_widget_set_margin_start(box, GAP);
	gtk_widget_set_margin_end(box, GAP);
	adw_clamp_set_maximum_size(ADW_CLAMP(clamp), WIDEST);
	adw_clamp_set_child(ADW_CLAMP(clamp), box);
	gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(page), GTK_POLICY_NEVER,
	                               GTK_POLICY_AUTOMATIC);
	gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(page), clamp);
	g_object_set_data_full(G_OBJECT(page), "exercises", e, g_free);
	g_signal_connect(page, "map", G_CALLBACK(on_map), e);
	return page;
}

const struct page page_exercises = {"exercises", N_("Exercises"),
                                    "io.github.unknot.exercises-symbolic", create};
