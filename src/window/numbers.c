#include "window/numbers.h"

#include "base/text.h"

#include <adwaita.h>

enum method { METHOD_NONE, METHOD_RULER, METHOD_ARM };
enum unit { UNIT_CM, UNIT_INCHES };
static const double cm_per_inch = 2.54;

struct numbers {
	AdwComboRow *unit, *method;
	GtkSpinButton *distance, *eyes, *screen;
	GtkWidget *distance_row, *eyes_row;
	GtkSwitch *has_eyes;
	double factor;          /* cm per unit shown */
};

static void follow(struct numbers *n)
{
	gtk_widget_set_visible(n->distance_row,
	                       adw_combo_row_get_selected(n->method) == METHOD_RULER);
	gtk_widget_set_visible(n->eyes_row, gtk_switch_get_active(n->has_eyes));
}

static void on_changed(GObject *object, GParamSpec *spec, gpointer user)
{
	(void)object, (void)spec;
	follow(user);
}

/* The same length in the other unit. */
static void convert(GtkSpinButton *spin, double share)
{
	double low, high;
	const double value = gtk_spin_button_get_value(spin);
	gtk_spin_button_get_range(spin, &low, &high);
	gtk_spin_button_set_range(spin, low * share, high * share);
	gtk_spin_button_set_value(spin, value * share);
}

static void on_unit(GObject *object, GParamSpec *spec, gpointer user)
{
	(void)object, (void)spec;
	struct numbers *n = user;
	const double factor = adw_combo_row_get_selected(n->unit) == UNIT_INCHES ? cm_per_inch : 1;
	GtkSpinButton *const all[] = {n->distance, n->eyes, n->screen};
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		convert(all[i], n->factor / factor);
	n->factor = factor;
}

static GtkWidget *make_row(AdwPreferencesGroup *group, const char *title,
                           const char *subtitle, GtkWidget *widget)
{
	GtkWidget *row = adw_action_row_new();
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
	if (subtitle != NULL) {
		adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
		adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
	}
	gtk_widget_set_valign(widget, GTK_ALIGN_CENTER);
	gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               title, -1);
	adw_action_row_add_suffix(ADW_ACTION_ROW(row), widget);
	adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), widget);
	adw_preferences_group_add(group, row);
	return row;
}

static GtkSpinButton *make_spin(double low, double high, double value)
{
	GtkWidget *spin = gtk_spin_button_new_with_range(low, high, 1);
	gtk_spin_button_set_digits(GTK_SPIN_BUTTON(spin), 1);
	gtk_spin_button_set_value(GTK_SPIN_BUTTON(spin), value);
	return GTK_SPIN_BUTTON(spin);
}

static AdwComboRow *make_choice(AdwPreferencesGroup *group, const char *title,
                                const char *const *words)
{
	GtkWidget *row = adw_combo_row_new();
	GtkStringList *list = gtk_string_list_new(NULL);
	for (; *words != NULL; words++)
		gtk_string_list_append(list, _(*words));
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(list));
	g_object_unref(list);
	adw_preferences_group_add(group, row);
	return ADW_COMBO_ROW(row);
}

static AdwPreferencesGroup *make_group(GtkWidget *page, const char *title, const char *description)
{
	AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	adw_preferences_group_set_title(group, title);
	adw_preferences_group_set_description(group, description);
	adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), group);
	return group;
}

static void add_distance(struct numbers *n, GtkWidget *page)
{
	static const char *const methods[] = {N_("Not measured"), N_("With a ruler"),
	                                      N_("At arm's length"), NULL};
	AdwPreferencesGroup *group = make_group(
		page, _("Distance"),
		_("From your eyes to the camera, as it is while the pictures are taken. At "
		  "arm's length the fingertips of your straight arm just touch the camera."));
	n->method = make_choice(group, _("Measured"), methods);
	n->distance = make_spin(15, 300, 60);
	n->distance_row = make_row(group, _("Eyes to camera"), NULL, GTK_WIDGET(n->distance));
	g_signal_connect(n->method, "notify::selected", G_CALLBACK(on_changed), n);
}

static void add_heights(struct numbers *n, GtkWidget *page, double screen_top_cm)
{
	AdwPreferencesGroup *group = make_group(
		page, _("Height"),
		_("Tells how far the camera looks down, and so whether your screen stands "
		  "too high or too low. Below the camera counts as minus."));
	n->has_eyes = GTK_SWITCH(gtk_switch_new());
	make_row(group, _("I measured how high my eyes are"), NULL, GTK_WIDGET(n->has_eyes));
	n->eyes = make_spin(-150, 150, 0);
	n->eyes_row = make_row(group, _("Eyes above the camera"), NULL, GTK_WIDGET(n->eyes));
	n->screen = make_spin(-100, 100, screen_top_cm);
	make_row(group, _("Top of the screen above the camera"),
	         _("In a laptop's lid it lies just below."), GTK_WIDGET(n->screen));
	g_signal_connect(n->has_eyes, "notify::active", G_CALLBACK(on_changed), n);
}

GtkWidget *numbers_new(double screen_top_cm)
{
	static const char *const units[] = {N_("Centimetres"), N_("Inches"), NULL};
	GtkWidget *page = adw_preferences_page_new();
	struct numbers *n = g_new0(struct numbers, 1);
	n->factor = 1;
	add_distance(n, page);
	add_heights(n, page, screen_top_cm);
	n->unit = make_choice(make_group(page, "", NULL), _("Unit"), units);
	g_signal_connect(n->unit, "notify::selected", G_CALLBACK(on_unit), n);
	g_object_set_data_full(G_OBJECT(page), "numbers", n, g_free);
	follow(n);
	return page;
}

void numbers_read(GtkWidget *page, struct make_known *known, double *screen_top_cm)
{
	const struct numbers *n = g_object_get_data(G_OBJECT(page), "numbers");
	const guint method = adw_combo_row_get_selected(n->method);
	*known = (struct make_known){
		.distance_cm = method == METHOD_RULER
		               ? gtk_spin_button_get_value(n->distance) * n->factor : 0,
		.distance_arm = method == METHOD_ARM,
		.eye_height_known = gtk_switch_get_active(n->has_eyes),
		.eye_height_cm = gtk_spin_button_get_value(n->eyes) * n->factor,
	};
	*screen_top_cm = gtk_spin_button_get_value(n->screen) * n->factor;
}
