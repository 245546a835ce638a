#include "window/settings_row.h"

#include "window/link.h"
#include "window/option.h"
#include "window/parts.h"
#include "window/wrap.h"

#include "base/paths.h"

#include <math.h>
#include <stdlib.h>

enum { SETTLE_MS = 700 };

struct setting {
	struct window *window;
	GtkWidget *row, *control, *reset, *problem;
	const struct config_option *option;
	size_t index;
	char usual[CONFIG_TEXT_SIZE], written[CONFIG_TEXT_SIZE];
	unsigned timer;                 /* waits until a number is no longer turned */
	bool quiet;                     /* we set the control ourselves */
	GCancellable *end;              /* for the daemon's answer, which
	                                 * may come when the row has gone */
};

static void say_problem(struct setting *s, const char *text)
{
	gtk_label_set_text(GTK_LABEL(s->problem), text != NULL ? text : "");
	gtk_widget_set_visible(s->problem, text != NULL);
	gtk_accessible_update_state(GTK_ACCESSIBLE(s->control), GTK_ACCESSIBLE_STATE_INVALID,
				    text != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
				                 : GTK_ACCESSIBLE_INVALID_FALSE,
					    -1);
}

/* ---- its value ---- */

static void get(const struct setting *s, char value[CONFIG_TEXT_SIZE])
{
	switch (s->option->kind) {
	case 'f':
		g_strlcpy(value, gtk_switch_get_active(GTK_SWITCH(s->control)) ? "true" : "false",
			  CONFIG_TEXT_SIZE);
		break;
	case 'n':
		g_snprintf(value, CONFIG_TEXT_SIZE, "%.10g",
			   gtk_spin_button_get_value(GTK_SPIN_BUTTON(s->control)));
		break;
	case 'w':
		option_word(s->option, gtk_drop_down_get_selected(GTK_DROP_DOWN(s->control)),
		            value);
		break;
	default:
		g_strlcpy(value, gtk_editable_get_text(GTK_EDITABLE(s->control)), CONFIG_TEXT_SIZE);
		break;
	}
}

static void set(struct setting *s, const char *value)
{
	s->quiet = true;
	switch (s->option->kind) {
	case 'f': gtk_switch_set_active(GTK_SWITCH(s->control), strcmp(value, "true") == 0); break;
	case 'n': gtk_spin_button_set_value(GTK_SPIN_BUTTON(s->control), strtod(value, NULL));
		break;
	case 'w': gtk_drop_down_set_selected(GTK_DROP_DOWN(s->control),
	                                     option_which(s->option, value)); break;
	default: gtk_editable_set_text(GTK_EDITABLE(s->control), value); break;
	}
	s->quiet = false;
	g_strlcpy(s->written, value, sizeof s->written);
	gtk_widget_set_sensitive(s->reset, strcmp(value, s->usual) != 0);
}

/* ---- writing ---- */

struct answer {
	struct setting *setting;
	GCancellable *end;
};

static void on_reloaded(void *user, GVariant *reply, const char *problem)
{
	struct answer *answer = user;
	if (!g_cancellable_is_cancelled(answer->end) && reply == NULL &&
	    link_there(answer->setting->window->link)) {
		char *text = g_strdup_printf(_("Written, but not taken over: %s"), problem);
		say_problem(answer->setting, text);
		g_free(text);
	}
	g_object_unref(answer->end);
	g_free(answer);
}

static void write_value(struct setting *s)
{
	char path[PATH_SIZE], value[CONFIG_TEXT_SIZE];
	struct error error;
	get(s, value);
	if (strcmp(value, s->written) == 0)
		return;
	if (!path_config_file(path, &error) || !config_set(path, s->option->key, value, &error)) {
		say_problem(s, error.text);
		return;
	}
	say_problem(s, NULL);
	g_strlcpy(s->written, value, sizeof s->written);
	gtk_widget_set_sensitive(s->reset, strcmp(value, s->usual) != 0);
	struct answer *answer = g_new(struct answer, 1);
	*answer = (struct answer){s, g_object_ref(s->end)};
	link_call(s->window->link, "Reload", NULL, false, on_reloaded, answer);
}

static gboolean on_settled(gpointer user)
{
	struct setting *s = user;
	s->timer = 0;
	write_value(s);
	return G_SOURCE_REMOVE;
}

/* A number that is being turned is written when it rests. */
static void changed(struct setting *s)
{
	if (s->quiet)
		return;
	if (s->timer != 0)
		g_source_remove(s->timer);
	s->timer = g_timeout_add(s->option->kind == 'n' ? SETTLE_MS : 0, on_settled, s);
}

static void on_changed(GtkWidget *control, gpointer user)
{
	(void)control;
	changed(user);
}

static void on_notified(GObject *control, GParamSpec *what, gpointer user)
{
	(void)control, (void)what;
	changed(user);
}

static void on_left(GtkEventControllerFocus *focus, gpointer user)
{
	(void)focus;
	changed(user);
}

static void on_reset(GtkButton *button, gpointer user)
{
	struct setting *s = user;
	char before[CONFIG_TEXT_SIZE];
	(void)button;
	g_strlcpy(before, s->written, sizeof before);
	set(s, s->usual);
	g_strlcpy(s->written, before, sizeof s->written);
	write_value(s);
}

/* ---- the row ---- */

/* The wheel scrolls the page, and turns no number on the way. */
static void leave_wheel(GtkWidget *widget)
{
	GListModel *controllers = gtk_widget_observe_controllers(widget);
	for (unsigned i = 0; i < g_list_model_get_n_items(controllers); i++) {
		GtkEventController *controller = g_list_model_get_item(controllers, i);
		if (GTK_IS_EVENT_CONTROLLER_SCROLL(controller))
			gtk_event_controller_set_propagation_phase(controller, GTK_PHASE_NONE);
		g_object_unref(controller);
	}
	g_object_unref(controllers);
}

/* "8:30" where the option is an hour of the day. */
static gboolean on_hour_output(GtkSpinButton *spin, gpointer user)
{
	char text[OPTION_HOUR_SIZE];
	(void)user;
	option_hour(gtk_spin_button_get_value(spin), text);
	if (strcmp(text, gtk_editable_get_text(GTK_EDITABLE(spin))) != 0)
		gtk_editable_set_text(GTK_EDITABLE(spin), text);
	return TRUE;
}

static int on_hour_input(GtkSpinButton *spin, double *hour, gpointer user)
{
	(void)user;
	return option_hour_read(gtk_editable_get_text(GTK_EDITABLE(spin)), hour) ? TRUE
	                                                                         : GTK_INPUT_ERROR;
}

static GtkWidget *make_number(struct setting *s)
{
	const struct config_option *o = s->option;
	const double step = option_step(o, s->usual);
	GtkWidget *spin = gtk_spin_button_new_with_range(o->low, o->high, step);
	gtk_spin_button_set_digits(GTK_SPIN_BUTTON(spin), (unsigned)option_digits(o, s->usual));
	gtk_spin_button_set_increments(GTK_SPIN_BUTTON(spin), step, 10 * step);
	g_signal_connect(spin, "value-changed", G_CALLBACK(on_changed), s);
	if (strcmp(o->unit, "h") == 0) {
		/* Else later GTK refuses the colon, and the field stays empty. */
		gtk_spin_button_set_numeric(GTK_SPIN_BUTTON(spin), FALSE);
		g_signal_connect(spin, "output", G_CALLBACK(on_hour_output), NULL);
		g_signal_connect(spin, "input", G_CALLBACK(on_hour_input), NULL);
	}
	leave_wheel(spin);
	return spin;
}

static GtkWidget *make_choice(struct setting *s)
{
	GtkStringList *words = gtk_string_list_new(NULL);
	char value[CONFIG_TEXT_SIZE];
	for (unsigned i = 0; option_word(s->option, i, value); i++)
		gtk_string_list_append(words, option_told(value));
	GtkWidget *choice = gtk_drop_down_new(G_LIST_MODEL(words), NULL);
	g_signal_connect(choice, "notify::selected", G_CALLBACK(on_notified), s);
	return choice;
}

/* Written when one is done with it: Enter, or somewhere else. */
static GtkWidget *make_text(struct setting *s)
{
	GtkWidget *entry = gtk_entry_new();
	GtkEventController *focus = gtk_event_controller_focus_new();
	gtk_editable_set_width_chars(GTK_EDITABLE(entry), 10);
	gtk_entry_set_placeholder_text(GTK_ENTRY(entry),
	                               *s->usual != '\0' ? s->usual : _("automatic"));
	g_signal_connect(entry, "activate", G_CALLBACK(on_changed), s);
	g_signal_connect(focus, "leave", G_CALLBACK(on_left), s);
	gtk_widget_add_controller(entry, focus);
	return entry;
}

static GtkWidget *make_control(struct setting *s)
{
	switch (s->option->kind) {
	case 'n': return make_number(s);
	case 'w': return make_choice(s);
	case 'f': break;
	default: return make_text(s);
	}
	GtkWidget *flag = gtk_switch_new();
	g_signal_connect(flag, "notify::active", G_CALLBACK(on_notified), s);
	return flag;
}

static void free_setting(gpointer user)
{
	struct setting *s = user;
	if (s->timer != 0)
		g_source_remove(s->timer);
	g_cancellable_cancel(s->end);
	g_object_unref(s->end);
	g_free(s);
}

/* Title and what it is about, the control at the end of the line; on a narrow window the control
 * goes below. */
static GtkWidget *lay_out(struct setting *s, const char *title, const char *about)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6),
	          *line = wrap_new(GTK_ALIGN_END);
	GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3),
	          *below = parts_label(about, "caption");
	GtkWidget *both = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
	GtkWidget *above = parts_label(title, NULL);
	gtk_widget_add_css_class(below, "dim-label");
	gtk_widget_set_hexpand(words, TRUE);
	gtk_widget_set_valign(s->control, GTK_ALIGN_CENTER);
	gtk_widget_set_valign(s->reset, GTK_ALIGN_CENTER);
	gtk_box_append(GTK_BOX(words), above);
	gtk_box_append(GTK_BOX(words), below);
	gtk_box_append(GTK_BOX(both), s->control);
	gtk_box_append(GTK_BOX(both), s->reset);
	wrap_append(line, words);
	wrap_append(line, both);
	gtk_box_append(GTK_BOX(box), line);
	gtk_box_append(GTK_BOX(box), s->problem);
	gtk_accessible_update_relation(GTK_ACCESSIBLE(s->control),
	                               GTK_ACCESSIBLE_RELATION_LABELLED_BY, above, NULL,
	                               GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, below, NULL, -1);
	return box;
}

GtkWidget *settings_row(struct window *w, size_t index)
{
	struct setting *s = g_new0(struct setting, 1);
	const struct config_option *options;
	const struct config usual = config_default();
	config_options(&options);
	s->window = w;
	s->option = &options[index];
	s->index = index;
	s->end = g_cancellable_new();
	config_value(&usual, index, s->usual, sizeof s->usual);
	s->control = make_control(s);
	s->reset = parts_icon_button("edit-undo-symbolic", _("As usual"));
	gtk_widget_add_css_class(s->reset, "flat");
	g_signal_connect(s->reset, "clicked", G_CALLBACK(on_reset), s);
	s->problem = parts_label("", "error");
	gtk_widget_set_visible(s->problem, FALSE);
	char *about = option_about(s->option, s->usual);
	s->row = lay_out(s, option_title(s->option), about);
	g_free(about);
	g_object_set_data_full(G_OBJECT(s->row), "setting", s, free_setting);
	return s->row;
}

void settings_row_set(GtkWidget *row, const struct config *config)
{
	struct setting *s = g_object_get_data(G_OBJECT(row), "setting");
	char value[CONFIG_TEXT_SIZE];
	config_value(config, s->index, value, sizeof value);
	set(s, value);
	say_problem(s, NULL);
}
