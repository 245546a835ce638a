#include "window/parts.h"

#include "window/wrap.h"

#include <string.h>

enum { COLUMN_WIDTH = 760, AIR = 18, GAP = 18, PAD = 12 };

GtkWidget *parts_column(GtkWidget **box)
{
	GtkWidget *scroller = gtk_scrolled_window_new(), *clamp = adw_clamp_new();
	*box = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP);
	gtk_widget_set_margin_top(*box, AIR);
	gtk_widget_set_margin_bottom(*box, 2 * AIR);
	gtk_widget_set_margin_start(*box, AIR / 2 + 3);
	gtk_widget_set_margin_end(*box, AIR / 2 + 3);
	adw_clamp_set_maximum_size(ADW_CLAMP(clamp), COLUMN_WIDTH);
	adw_clamp_set_child(ADW_CLAMP(clamp), *box);
	gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER,
	                               GTK_POLICY_AUTOMATIC);
	gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), clamp);
	gtk_widget_set_vexpand(scroller, TRUE);
	return scroller;
}

void parts_clear(GtkWidget *box)
{
	for (GtkWidget *child; (child = gtk_widget_get_first_child(box)) != NULL;)
		gtk_box_remove(GTK_BOX(box), child);
}

GtkWidget *parts_label(const char *text, const char *class)
{
	GtkWidget *label = gtk_label_new(text);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	if (class != NULL)
		gtk_widget_add_css_class(label, class);
	return label;
}

/* A group's title would lose its end where it is narrow. */
static void let_titles_wrap(GtkWidget *widget)
{
	if (GTK_IS_LABEL(widget)) {
		gtk_label_set_ellipsize(GTK_LABEL(widget), PANGO_ELLIPSIZE_NONE);
		gtk_label_set_wrap(GTK_LABEL(widget), TRUE);
		gtk_label_set_wrap_mode(GTK_LABEL(widget), PANGO_WRAP_WORD_CHAR);
	}
	for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
	     child = gtk_widget_get_next_sibling(child))
		let_titles_wrap(child);
}

/* Titles and descriptions of a group are markup, whatever stands in them. */
AdwPreferencesGroup *parts_group(const char *title, const char *description)
{
	AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	char *safe_title = title != NULL ? g_markup_escape_text(title, -1) : NULL;
	char *safe_text = description != NULL ? g_markup_escape_text(description, -1) : NULL;
	if (safe_title != NULL)
		adw_preferences_group_set_title(group, safe_title);
	adw_preferences_group_set_description(group, safe_text);
	let_titles_wrap(GTK_WIDGET(group));
	g_free(safe_title);
	g_free(safe_text);
	return group;
}

GtkWidget *parts_row(const char *title, const char *subtitle)
{
	GtkWidget *row = adw_action_row_new();
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	if (subtitle != NULL)
		adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
	adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
	adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
	return row;
}

GtkWidget *parts_plain_row(GtkWidget *child)
{
	GtkWidget *row = adw_preferences_row_new();
	gtk_widget_set_margin_top(child, PAD);
	gtk_widget_set_margin_bottom(child, PAD);
	gtk_widget_set_margin_start(child, PAD);
	gtk_widget_set_margin_end(child, PAD);
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
	gtk_widget_set_focusable(row, FALSE);
	gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), child);
	return row;
}

GtkWidget *parts_plain(AdwPreferencesGroup *group, GtkWidget *child)
{
	GtkWidget *row = parts_plain_row(child);
	adw_preferences_group_add(group, row);
	return row;
}

GtkWidget *parts_fold(const char *name, const char *title, const char *subtitle)
{
	GtkWidget *row = adw_expander_row_new();
	gtk_widget_set_name(row, name);
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	if (subtitle != NULL)
		adw_expander_row_set_subtitle(ADW_EXPANDER_ROW(row), subtitle);
	return row;
}

static const char said_key[] = "said";

GtkWidget *parts_control_row(const char *title, const char *subtitle, GtkWidget *control)
{
	GtkWidget *line = wrap_new(GTK_ALIGN_END);
	GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3), *row = parts_plain_row(line);
	GtkWidget *said = parts_label("", "caption");
	gtk_widget_add_css_class(said, "dim-label");
	gtk_widget_set_hexpand(words, TRUE);
	gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
	gtk_widget_set_valign(control, GTK_ALIGN_CENTER);
	gtk_box_append(GTK_BOX(words), parts_label(title, NULL));
	gtk_box_append(GTK_BOX(words), said);
	wrap_append(line, words);
	wrap_append(line, control);
	g_object_set_data(G_OBJECT(row), said_key, said);
	parts_control_say(row, subtitle);
	return row;
}

void parts_control_say(GtkWidget *row, const char *subtitle)
{
	GtkWidget *said = g_object_get_data(G_OBJECT(row), said_key);
	gtk_label_set_text(GTK_LABEL(said), subtitle);
	gtk_widget_set_visible(said, *subtitle != '\0');
}

GtkWidget *parts_button(const char *text)
{
	GtkWidget *button = gtk_button_new_with_label(text);
	GtkLabel *label = GTK_LABEL(gtk_button_get_child(GTK_BUTTON(button)));
	gtk_label_set_wrap(label, TRUE);
	gtk_label_set_wrap_mode(label, PANGO_WRAP_WORD_CHAR);
	gtk_label_set_justify(label, GTK_JUSTIFY_CENTER);
	return button;
}

GtkWidget *parts_icon_button(const char *icon, const char *name)
{
	GtkWidget *button = gtk_button_new_from_icon_name(icon);
	gtk_widget_set_tooltip_text(button, name);
	parts_name(button, name);
	return button;
}

void parts_name(GtkWidget *widget, const char *name)
{
	gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               name, -1);
	/* Later GTK has a button with a text labelled by that, which goes before. */
	gtk_accessible_reset_relation(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

static void name_items(GtkWidget *widget)
{
	if (gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(widget)) ==
	    GTK_ACCESSIBLE_ROLE_MENU_ITEM) {
		char *text = NULL;
		g_object_get(widget, "text", &text, NULL);
		parts_name(widget, text);
		g_free(text);
	}
	for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
	     child = gtk_widget_get_next_sibling(child))
		name_items(child);
}

static void on_unfolded(GtkWidget *popover, gpointer user)
{
	(void)user;
	name_items(popover);
}

GtkWidget *parts_menu_button(GMenu *menu)
{
	GtkWidget *button = gtk_menu_button_new();
	gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
	g_object_unref(menu);
	/* Its items are made anew meanwhile. */
	g_signal_connect(gtk_menu_button_get_popover(GTK_MENU_BUTTON(button)), "map",
	                 G_CALLBACK(on_unfolded), NULL);
	return button;
}

static void each_fold(GtkWidget *widget, void (*found)(AdwExpanderRow *, gpointer), gpointer user)
{
	if (ADW_IS_EXPANDER_ROW(widget))
		found(ADW_EXPANDER_ROW(widget), user);
	for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
	     child = gtk_widget_get_next_sibling(child))
		each_fold(child, found, user);
}

static void note(AdwExpanderRow *row, gpointer names)
{
	if (adw_expander_row_get_expanded(row))
		g_ptr_array_add(names, g_strdup(gtk_widget_get_name(GTK_WIDGET(row))));
}

GPtrArray *parts_folds(GtkWidget *root)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	each_fold(root, note, names);
	return names;
}

static void unfold(AdwExpanderRow *row, gpointer user)
{
	const GPtrArray *names = user;
	for (unsigned i = 0; i < names->len; i++)
		if (strcmp(names->pdata[i], gtk_widget_get_name(GTK_WIDGET(row))) == 0)
			adw_expander_row_set_expanded(row, TRUE);
}

void parts_unfold(GtkWidget *root, const GPtrArray *names)
{
	each_fold(root, unfold, (gpointer)names);
}
