/* What was measured for the last correction: you then, against you upright. */
#include "window/figures.h"
#include "window/link.h"
#include "window/parts.h"
#include "window/state.h"
#include "window/window.h"
#include "window/wrap.h"

struct evidence {
	struct window *window;
	GtkWidget *column;
};
static const char data_key[] = "evidence";

static const char *text_of(const cJSON *json, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
	return text != NULL ? text : "";
}

static double number_of(const cJSON *json, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void on_picture(GtkButton *button, gpointer user)
{
	(void)button;
	window_show(user, "preview");
}

static void on_right(GtkButton *button, gpointer user)
{
	(void)button;
	window_show(user, "now");
}

static GtkWidget *centred(const char *text, const char *class)
{
	GtkWidget *label = parts_label(text, class);
	gtk_label_set_xalign(GTK_LABEL(label), 0.5f);
	gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
	return label;
}

static void say_nothing(struct evidence *e, const char *title, const char *text)
{
	GtkWidget *page = adw_status_page_new();
	adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), "view-reveal-symbolic");
	adw_status_page_set_title(ADW_STATUS_PAGE(page), title);
	adw_status_page_set_description(ADW_STATUS_PAGE(page), text);
	gtk_widget_set_vexpand(page, TRUE); /* it scrolls, and is cut off where it has no room */
	gtk_box_append(GTK_BOX(e->column), page);
}

/* "At 14:03, after 2 min" */
static char *when_of(const cJSON *correction)
{
	char held[48];
	GDateTime *time =
		g_date_time_new_from_unix_local((gint64)number_of(correction, "wall_ms") / 1000);
	char *clock = time != NULL ? g_date_time_format(time, "%H:%M") : g_strdup("");
	state_duration(held, sizeof held, number_of(correction, "held_s"));
	char *text = number_of(correction, "held_s") > 0 ? g_strdup_printf(_("At %s, after %s"),
	                                                                   clock, held)
	                                                 : g_strdup_printf(_("At %s"), clock);
	g_clear_pointer(&time, g_date_time_unref);
	g_free(clock);
	return text;
}

static void add_row(AdwPreferencesGroup *group, const char *title, const char *text)
{
	if (*text != '\0')
		adw_preferences_group_add(group, parts_row(title, text));
}

static void add_buttons(struct evidence *e)
{
	GtkWidget *box = wrap_new(GTK_ALIGN_CENTER);
	GtkWidget *now = parts_button(_("How I sit now"));
	GtkWidget *picture = parts_button(_("See the picture"));
	g_signal_connect(now, "clicked", G_CALLBACK(on_right), e->window);
	g_signal_connect(picture, "clicked", G_CALLBACK(on_picture), e->window);
	wrap_append(box, now);
	wrap_append(box, picture);
	gtk_box_append(GTK_BOX(e->column), box);
}

/* What came of no posture (the screen's height, sitting still) has no figure. */
static void show_plain(struct evidence *e, const cJSON *correction)
{
	char *when = when_of(correction);
	gtk_box_append(GTK_BOX(e->column), centred(text_of(correction, "summary"), "title-1"));
	gtk_box_append(GTK_BOX(e->column), centred(text_of(correction, "body"), NULL));
	gtk_box_append(GTK_BOX(e->column), centred(when, "dim-label"));
	add_buttons(e);
	g_free(when);
}

static void show(struct evidence *e, const cJSON *correction)
{
	const cJSON *measures = cJSON_GetObjectItemCaseSensitive(correction, "measures");
	const struct silhouette then = silhouette_read(measures);
	char title[96], text[320];
	GtkWidget *figures = figures_new();
	AdwPreferencesGroup *group = parts_group(NULL, NULL);
	char *when = when_of(correction);
	state_posture(text_of(correction, "posture"), measures, title,
	              sizeof title, text, sizeof text);
	char *name = g_strdup_printf("%s. %s", title, text);
	figures_set(figures, &then, true, name);
	add_row(group, text_of(correction, "summary"), text_of(correction, "body"));
	add_row(group, _("Measured"), text_of(correction, "seen"));
	gtk_box_append(GTK_BOX(e->column), figures);
	gtk_box_append(GTK_BOX(e->column), centred(title, "title-1"));
	if (*text != '\0')
		gtk_box_append(GTK_BOX(e->column), centred(text, NULL));
	gtk_box_append(GTK_BOX(e->column), centred(when, "dim-label"));
	gtk_box_append(GTK_BOX(e->column), GTK_WIDGET(group));
	add_buttons(e);
	g_free(name);
	g_free(when);
}

/* `page` is held for this call: it may have been left meanwhile. */
static void on_explained(void *page, GVariant *reply, const char *problem)
{
	struct evidence *e = g_object_get_data(G_OBJECT(page), data_key);
	const char *text;
	if (gtk_widget_get_root(page) != NULL && reply == NULL) {
		say_nothing(e, _("Nobody is watching"), problem);
	} else if (gtk_widget_get_root(page) != NULL) {
		g_variant_get(reply, "(&s)", &text);
		cJSON *json = cJSON_Parse(text);
		const cJSON *correction = cJSON_GetObjectItemCaseSensitive(json, "correction");
		if (cJSON_IsObject(correction) &&
		    strcmp(text_of(correction, "posture"), "unknown") == 0)
			show_plain(e, correction);
		else if (cJSON_IsObject(correction))
			show(e, correction);
		else
			say_nothing(e, _("No message yet"),
				    _("What was measured for the last correction is shown here."));
		cJSON_Delete(json);
	}
	g_object_unref(page);
}

static GtkWidget *create(struct window *w, const char *which)
{
	struct evidence *e = g_new0(struct evidence, 1);
	GtkWidget *page = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	(void)which;
	e->window = w;
	g_object_set_data_full(G_OBJECT(page), data_key, e, g_free);
	gtk_box_append(GTK_BOX(page), window_task_header(w, _("What was seen")));
	gtk_box_append(GTK_BOX(page), parts_column(&e->column));
	link_call(w->link, "Explain", NULL, false, on_explained, g_object_ref(page));
	return page;
}

const struct task task_evidence = {"evidence", create};
