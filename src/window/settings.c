/* The page Settings, from the table of options: the everyday ones first, the rest by sections; what
 * "Wrong" has widened; a pause until a time of day. */
#include "window/link.h"
#include "window/option.h"
#include "window/parts.h"
#include "window/settings_row.h"
#include "window/window.h"

#include "base/paths.h"
#include "posture/posture.h"
#include "report/words.h"
#include "store/wrong.h"

#include <string.h>

enum { GAP = 18 };

struct settings {
	struct window *window;
	GtkWidget *page, *wrong, *problem, *pause, *until, *resume, *hour, *minute;
	GPtrArray *rows;                /* of settings_row, by the option's index */
	unsigned watch;                 /* link_watch, while it is looked at */
};

/* ---- options ---- */

static AdwPreferencesGroup *make_everyday(struct settings *s, const struct config_option *options,
                                          size_t count)
{
	AdwPreferencesGroup *group = parts_group(_("Everyday"), NULL);
	for (size_t i = 0; i < count; i++)
		if (options[i].title != NULL)
			parts_plain(group, s->rows->pdata[i]);
	return group;
}

static AdwPreferencesGroup *make_advanced(struct settings *s, const struct config_option *options,
                                          size_t count)
{
	AdwPreferencesGroup *group = parts_group(_("Advanced"),
	                                         _("Every other option, with the key that "
	                                           "`unknot config` knows it by."));
	char section[64] = "";
	GtkWidget *fold = NULL;
	for (size_t i = 0; i < count; i++) {
		const size_t length = strcspn(options[i].key, ".");
		if (options[i].title != NULL)
			continue;
		if (fold == NULL || strncmp(section, options[i].key, length) != 0 ||
		    section[length] != '\0') {
			g_snprintf(section, sizeof section, "%.*s", (int)length, options[i].key);
			fold = parts_fold(section, option_section(section), NULL);
			adw_preferences_group_add(group, fold);
		}
		adw_expander_row_add_row(ADW_EXPANDER_ROW(fold),
		                         parts_plain_row(s->rows->pdata[i]));
	}
	return group;
}

static void show_values(struct settings *s)
{
	struct config config = config_default();
	struct error error;
	char path[PATH_SIZE];
	const bool good = path_config_file(path, &error) && config_load(&config, path, &error);
	gtk_label_set_text(GTK_LABEL(s->problem), good ? "" : error.text);
	gtk_widget_set_visible(s->problem, !good);
	/* Of a file that cannot be read, as usual: so the bad line can be put right here. */
	for (unsigned i = 0; i < s->rows->len; i++)
		settings_row_set(s->rows->pdata[i], &config);
}

/* ---- what "Wrong" has widened ---- */

static void show_wrong(struct settings *s);

static const char *kind_words(const char *kind)
{
	static const struct { const char *kind, *text; } rows[] = {
		{"monitor_low", N_("Screen too low")}, {"monitor_high", N_("Screen too high")},
		{"shoulder_tilt", N_("One shoulder higher")}, {"static", N_("Hardly moving")},
		{"hydration", N_("Drinking")}, {"stand_up", N_("Standing up")},
			{"sit_down", N_("Sitting down")},
	};
	const enum posture posture = posture_from_name(kind);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].kind, kind) == 0)
			return _(rows[i].text);
	return posture < POSTURE_COUNT ? word(word_of_posture(posture)) : kind;
}

static void on_undo(GtkButton *button, gpointer user)
{
	struct settings *s = user;
	struct error error = {0};
	char dir[PATH_SIZE];
	const char *kind = g_object_get_data(G_OBJECT(button), "kind");
	if (!path_state_dir(dir, &error) || !wrong_forget(dir, kind, &error)) {
		window_say(s->window, error.text);
		return;
	}
	link_call(s->window->link, "Reload", NULL, false, NULL, NULL);
	window_say(s->window, _("Undone: it is told at its usual limit again."));
	show_wrong(s);
}

static void show_wrong(struct settings *s)
{
	struct wrong list[WRONG_MAX];
	struct error error = {0};
	char dir[PATH_SIZE];
	int count = 0;
	const bool good = path_state_dir(dir, &error) && wrong_load(list, &count, dir, &error);
	const char *about = !good ? error.text : count > 0 ? NULL
			  : _("Nothing. A message that you answer with \"Wrong\" comes only when "
			      "it is clearly more, and is listed here.");
	parts_clear(s->wrong);
	AdwPreferencesGroup *group = parts_group(_("Limits widened by \"Wrong\""), about);
	for (int i = 0; i < count; i++) {
		char *text = g_strdup_printf(_("Told only from %.0f %% beyond its limit on."),
					     100 * list[i].widen);
		GtkWidget *button = parts_button(_("Undo"));
		GtkWidget *row = parts_control_row(kind_words(list[i].kind), text, button);
		g_free(text);
		g_object_set_data_full(G_OBJECT(button), "kind", g_strdup(list[i].kind), g_free);
		g_signal_connect(button, "clicked", G_CALLBACK(on_undo), s);
		adw_preferences_group_add(group, row);
	}
	gtk_box_append(GTK_BOX(s->wrong), GTK_WIDGET(group));
}

/* ---- pause ---- */

static void on_paused(void *user, GVariant *reply, const char *problem)
{
	if (reply == NULL)
		window_say(user, problem);
}

static void on_pause(GtkButton *button, gpointer user)
{
	struct settings *s = user;
	GDateTime *now = g_date_time_new_now_local();
	(void)button;
	const unsigned seconds = option_seconds_until(
		g_date_time_get_hour(now), g_date_time_get_minute(now), g_date_time_get_second(now),
		gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(s->hour)),
		gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(s->minute)));
	g_date_time_unref(now);
	link_call(s->window->link, "Pause", g_variant_new("(u)", seconds),
	          true, on_paused, s->window);
}

static void on_resume(GtkButton *button, gpointer user)
{
	struct settings *s = user;
	(void)button;
	link_call(s->window->link, "Resume", NULL, false, on_paused, s->window);
}

/* "17:00": always two digits. */
static gboolean on_output(GtkSpinButton *spin, gpointer user)
{
	char text[8];
	(void)user;
	g_snprintf(text, sizeof text, "%02d", gtk_spin_button_get_value_as_int(spin));
	if (strcmp(text, gtk_editable_get_text(GTK_EDITABLE(spin))) != 0)
		gtk_editable_set_text(GTK_EDITABLE(spin), text);
	return TRUE;
}

static GtkWidget *make_spin(double high, double step, const char *name)
{
	GtkWidget *spin = gtk_spin_button_new_with_range(0, high, step);
	gtk_spin_button_set_wrap(GTK_SPIN_BUTTON(spin), TRUE);
	gtk_orientable_set_orientation(GTK_ORIENTABLE(spin), GTK_ORIENTATION_VERTICAL);
	gtk_editable_set_width_chars(GTK_EDITABLE(spin), 2);
	g_signal_connect(spin, "output", G_CALLBACK(on_output), NULL);
	parts_name(spin, name);
	return spin;
}

/* The next full hour but one. */
static void set_time(struct settings *s)
{
	GDateTime *now = g_date_time_new_now_local();
	gtk_spin_button_set_value(GTK_SPIN_BUTTON(s->hour), (g_date_time_get_hour(now) + 2) % 24);
	g_date_time_unref(now);
}

static GtkWidget *make_until(struct settings *s)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
	GtkWidget *button = gtk_button_new_with_label(_("Pause"));
	s->hour = make_spin(23, 1, _("Hour"));
	s->minute = make_spin(55, 5, _("Minute"));
	g_signal_connect(button, "clicked", G_CALLBACK(on_pause), s);
	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	gtk_box_append(GTK_BOX(box), s->hour);
	gtk_box_append(GTK_BOX(box), gtk_label_new(":"));
	gtk_box_append(GTK_BOX(box), s->minute);
	gtk_box_append(GTK_BOX(box), button);
	set_time(s);
	return box;
}

static GtkWidget *make_pause(struct settings *s)
{
	AdwPreferencesGroup *group = parts_group(_("Pause"), NULL);
	GtkWidget *either = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	s->until = make_until(s);
	s->resume = parts_button(_("Resume"));
	g_signal_connect(s->resume, "clicked", G_CALLBACK(on_resume), s);
	gtk_box_append(GTK_BOX(either), s->until);
	gtk_box_append(GTK_BOX(either), s->resume);
	s->pause = parts_control_row(_("Camera off until"), "", either);
	adw_preferences_group_add(group, s->pause);
	return GTK_WIDGET(group);
}

/* The daemon's state: paused by the person, until when. */
static void on_link(void *user)
{
	struct settings *s = user;
	const cJSON *status = link_status(s->window->link);
	const cJSON *left = cJSON_GetObjectItemCaseSensitive(status, "paused_s"), *reason;
	bool paused = false;
	cJSON_ArrayForEach(reason, cJSON_GetObjectItemCaseSensitive(status, "off"))
		paused = paused || g_strcmp0(cJSON_GetStringValue(reason), "user") == 0;
	gtk_widget_set_visible(s->until, !paused);
	gtk_widget_set_visible(s->resume, paused);
	char *text = NULL;
	if (paused && cJSON_IsNumber(left) && left->valuedouble > 0) {
		GDateTime *now = g_date_time_new_now_local();
		GDateTime *end = g_date_time_add_seconds(now, left->valuedouble + 30);
		text = g_strdup_printf(_("You paused it until %02d:%02d."),
		                       g_date_time_get_hour(end), g_date_time_get_minute(end));
		g_date_time_unref(end);
		g_date_time_unref(now);
	}
	parts_control_say(s->pause, text != NULL ? text
	                            : paused     ? _("You paused it, until you resume.")
	                                         : _("It looks at nobody until then, and says "
	                                             "nothing."));
	g_free(text);
}

/* ---- data ---- */

static void on_folder(AdwActionRow *row, gpointer user)
{
	struct window *w = user;
	char dir[PATH_SIZE];
	struct error error;
	(void)row;
	if (!path_state_dir(dir, &error) || !path_make_dir(dir, &error)) {
		window_say(w, error.text);
		return;
	}
	char *uri = g_filename_to_uri(dir, NULL, NULL);
	gtk_show_uri(w->frame, uri, GDK_CURRENT_TIME);
	g_free(uri);
}

static GtkWidget *make_data(struct window *w)
{
	AdwPreferencesGroup *group = parts_group(_("Your data"), NULL);
	GtkWidget *row = parts_row(_("Open its folder"),
				   _("Numbers and answers, no pictures; nothing leaves this "
				     "machine. Delete them as you like."));
	adw_action_row_add_suffix(ADW_ACTION_ROW(row),
	                          gtk_image_new_from_icon_name("folder-open-symbolic"));
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
	g_signal_connect(row, "activated", G_CALLBACK(on_folder), w);
	adw_preferences_group_add(group, row);
	return GTK_WIDGET(group);
}

/* ---- the page ---- */

static void on_map(GtkWidget *page, gpointer user)
{
	struct settings *s = user;
	(void)page;
	show_values(s);
	show_wrong(s);
	if (s->watch == 0)
		s->watch = link_watch(s->window->link, on_link, s);
	on_link(s);
}

static void on_unmap(GtkWidget *page, gpointer user)
{
	struct settings *s = user;
	(void)page;
	if (s->watch != 0 && s->window->link != NULL)
		link_unwatch(s->window->link, s->watch);
	s->watch = 0;
}

static void on_destroy(GtkWidget *page, gpointer user)
{
	struct settings *s = user;
	on_unmap(page, s);
	g_ptr_array_unref(s->rows);
	g_free(s);
}

static GtkWidget *create(struct window *w)
{
	struct settings *s = g_new0(struct settings, 1);
	const struct config_option *options;
	const size_t count = config_options(&options);
	GtkWidget *box;
	s->window = w;
	s->page = parts_column(&box);
	s->rows = g_ptr_array_new();
	for (size_t i = 0; i < count; i++)
		g_ptr_array_add(s->rows, settings_row(w, i));
	s->wrong = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP);
	s->problem = parts_label("", "error");
	gtk_box_append(GTK_BOX(box), s->problem);
	gtk_box_append(GTK_BOX(box), make_pause(s));
	gtk_box_append(GTK_BOX(box), GTK_WIDGET(make_everyday(s, options, count)));
	gtk_box_append(GTK_BOX(box), s->wrong);
	gtk_box_append(GTK_BOX(box), GTK_WIDGET(make_advanced(s, options, count)));
	gtk_box_append(GTK_BOX(box), make_data(w));
	g_signal_connect(s->page, "map", G_CALLBACK(on_map), s);
	g_signal_connect(s->page, "unmap", G_CALLBACK(on_unmap), s);
	g_signal_connect(s->page, "destroy", G_CALLBACK(on_destroy), s);
	return s->page;
}

const struct page page_settings = {"settings", N_("Settings"), "preferences-system-symbolic",
                                   create};
