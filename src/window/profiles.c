#include "window/profiles.h"

#include "base/paths.h"
#include "config/config.h"
#include "geometry/profile_store.h"
#include "window/link.h"

#include <math.h>

struct profiles {
	struct window *window;
	AdwPreferencesPage *page;
	AdwPreferencesGroup *group;
	char state[PATH_SIZE], config_path[PATH_SIZE];
};

/* What a dialog about one of them needs. */
struct matter {
	struct profiles *profiles;
	char name[PROFILE_NAME_SIZE];
	GtkEditable *entry;
};

static void fill(struct profiles *p);

/* After a change: the daemon takes it at once, the list is read again. */
static void changed(struct profiles *p, bool good, const struct error *error)
{
	if (!good)
		window_say(p->window, error->text);
	link_call(p->window->link, "Reload", NULL, false, NULL, NULL);
	if (gtk_widget_get_mapped(GTK_WIDGET(p->page)))
		fill(p);
}

static void on_rename(AdwMessageDialog *dialog, const char *response, gpointer user)
{
	(void)dialog;
	struct matter *m = user;
	struct error error;
	if (strcmp(response, "rename") != 0)
		return;
	const char *name = gtk_editable_get_text(m->entry);
	if (strcmp(name, m->name) == 0)
		return;
	const bool good = profile_rename(m->profiles->state, m->name, name, &error) &&
	                  config_rename_profile(m->profiles->config_path, m->name, name, &error);
	changed(m->profiles, good, &error);
}

static void on_delete(AdwMessageDialog *dialog, const char *response, gpointer user)
{
	(void)dialog;
	struct matter *m = user;
	struct error error;
	if (strcmp(response, "delete") != 0)
		return;
	const bool good = profile_delete(m->profiles->state, m->name, &error) &&
	                  config_rename_profile(m->profiles->config_path, m->name, "auto", &error);
	changed(m->profiles, good, &error);
}

static void free_matter(gpointer matter, GClosure *closure)
{
	(void)closure;
	struct matter *m = matter;
	g_object_unref(m->profiles->page);
	g_free(m);
}

static AdwMessageDialog *ask(struct profiles *p, const char *heading, const char *body,
                             const char *does,
                             const char *label, GCallback answered, struct matter *m)
{
	AdwMessageDialog *dialog =
		ADW_MESSAGE_DIALOG(adw_message_dialog_new(p->window->frame, heading, body));
	adw_message_dialog_add_response(dialog, "cancel", _("Cancel"));
	adw_message_dialog_add_response(dialog, does, label);
	adw_message_dialog_set_close_response(dialog, "cancel");
	g_signal_connect_data(dialog, "response", answered, m, free_matter, 0);
	return dialog;
}

static struct matter *matter_of(GtkWidget *button, struct profiles *p)
{
	struct matter *m = g_new0(struct matter, 1);
	m->profiles = p;
	g_object_ref(p->page); /* and with it the profiles */
	g_strlcpy(m->name, g_object_get_data(G_OBJECT(button), "name"), sizeof m->name);
	return m;
}

static void on_rename_clicked(GtkWidget *button, gpointer user)
{
	struct profiles *p = user;
	struct matter *m = matter_of(button, p);
	GtkWidget *entry = gtk_entry_new();
	AdwMessageDialog *dialog = ask(p, _("Rename"), NULL, "rename",
	                               _("Rename"), G_CALLBACK(on_rename), m);
	m->entry = GTK_EDITABLE(entry);
	gtk_editable_set_text(m->entry, m->name);
	/* of characters up to 4 bytes */
	gtk_entry_set_max_length(GTK_ENTRY(entry), PROFILE_NAME_SIZE / 4 - 1);
	gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
	gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               _("Name"), -1);
	adw_message_dialog_set_extra_child(dialog, entry);
	adw_message_dialog_set_default_response(dialog, "rename");
	adw_message_dialog_set_response_appearance(dialog, "rename", ADW_RESPONSE_SUGGESTED);
	gtk_window_present(GTK_WINDOW(dialog));
}

static void on_delete_clicked(GtkWidget *button, gpointer user)
{
	struct profiles *p = user;
	struct matter *m = matter_of(button, p);
	char *heading = g_strdup_printf(_("Delete “%s”?"), m->name);
	AdwMessageDialog *dialog =
		ask(p, heading, _("Without a profile, changes of your posture are not told."),
		    "delete", _("Delete"), G_CALLBACK(on_delete), m);
	adw_message_dialog_set_response_appearance(dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
	gtk_window_present(GTK_WINDOW(dialog));
	g_free(heading);
}

/* Takes the label. */
static void add_button(struct profiles *p, GtkWidget *row, const char *name,
                       const char *icon, char *label, GCallback clicked)
{
	GtkWidget *button = gtk_button_new_from_icon_name(icon);
	gtk_widget_set_tooltip_text(button, label);
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               label, -1);
	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	gtk_widget_add_css_class(button, "flat");
	g_object_set_data_full(G_OBJECT(button), "name", g_strdup(name), g_free);
	g_signal_connect(button, "clicked", clicked, p);
	adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
	g_free(label);
}

static char *describe(const struct profile *p)
{
	GDateTime *made = g_date_time_new_from_unix_local(p->created_wall_ms / 1000);
	char *when = made != NULL ? g_date_time_format(made, "%Y-%m-%d") : g_strdup("-");
	const double height = p->upright.m[MEASURE_EYE_HEIGHT].value;
	char *where = g_strdup_printf(height < 0 ? _("eyes %.0f cm away, %.0f cm below")
	                                         : _("eyes %.0f cm away, %.0f cm above"),
	                              p->upright.m[MEASURE_EYE_DISTANCE].value, fabs(height));
	char *text = g_strdup_printf("%s · %s", when, where);
	g_clear_pointer(&made, g_date_time_unref);
	g_free(when);
	g_free(where);
	return text;
}

static void add_row(struct profiles *p, const struct profile *profile, bool chosen)
{
	GtkWidget *row = adw_action_row_new();
	char *subtitle = describe(profile);
	char *title = g_markup_escape_text(profile->name, -1);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
	if (chosen)
		adw_action_row_add_suffix(ADW_ACTION_ROW(row), gtk_label_new(_("in force")));
	add_button(p, row, profile->name, "document-edit-symbolic",
	           g_strdup_printf(_("Rename %s"), profile->name), G_CALLBACK(on_rename_clicked));
	add_button(p, row, profile->name, "user-trash-symbolic",
	           g_strdup_printf(_("Delete %s"), profile->name), G_CALLBACK(on_delete_clicked));
	adw_preferences_group_add(p->group, row);
	g_free(subtitle);
	g_free(title);
}

static void fill(struct profiles *p)
{
	struct error error = {0};
	struct config config = config_default();
	if (p->group != NULL)
		adw_preferences_page_remove(p->page, p->group);
	p->group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	adw_preferences_group_set_title(p->group, _("Profiles"));
	adw_preferences_page_add(p->page, p->group);
	struct profile *all = g_new0(struct profile, PROFILES_MAX);
	int count = 0;
	if (path_state_dir(p->state, &error) && path_config_file(p->config_path, &error) &&
	    config_load(&config, p->config_path, &error))
		count = profile_list(p->state, all, &error);
	const bool automatic = strcmp(config.profile, "auto") == 0;
	for (int i = 0; i < count; i++)
		add_row(p, &all[i], !automatic && strcmp(config.profile, all[i].name) == 0);
	const char *text = *error.text != '\0' ? error.text
	                 : count == 0          ? _("There is none yet. Go back and press Start: "
                                               "it takes half a minute.")
	                 : automatic           ? _("The one that fits camera, face and place is in "
	                                           "force.")
	                                       : "";
	char *escaped = g_markup_escape_text(text, -1);
	adw_preferences_group_set_description(p->group, escaped);
	g_free(escaped);
	g_free(all);
}

static void on_map(GtkWidget *widget, gpointer user)
{
	(void)widget;
	fill(user);
}

GtkWidget *profiles_new(struct window *w)
{
	struct profiles *p = g_new0(struct profiles, 1);
	p->window = w;
	p->page = ADW_PREFERENCES_PAGE(adw_preferences_page_new());
	g_object_set_data_full(G_OBJECT(p->page), "profiles", p, g_free);
	g_signal_connect(p->page, "map", G_CALLBACK(on_map), p);
	return GTK_WIDGET(p->page);
}
