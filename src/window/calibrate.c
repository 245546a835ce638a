/* "calibrate": how somebody sits upright, before the mirror. "calibrate:profiles" shows those there
 * are. */
#include "window/window.h"

#include "base/clock.h"
#include "base/paths.h"
#include "calibrate/make.h"
#include "calibrate/gathering.h"
#include "config/config.h"
#include "geometry/profile_store.h"
#include "window/link.h"
#include "window/live.h"
#include "window/mirror.h"
#include "window/numbers.h"
#include "window/parts.h"
#include "window/profiles.h"
#include "window/wrap.h"

#include <math.h>

static const char first_name[] = "desk";

struct calibration {
	struct window *window;
	GtkWidget *whole, *mirror, *words, *start, *progress, *numbers, *result, *name, *save;
	GtkStack *stack;        /* welcome, look, numbers, profiles, missing, result, failed */
	struct live *live;
	struct gathering gathering;
	struct config config;
	char config_path[PATH_SIZE], state[PATH_SIZE];
	struct made made;
	double screen_top_cm;
};

/* What is most likely wanted there takes Enter. The stack moves the focus by itself: after it. */
static void show(struct calibration *c, const char *child)
{
	gtk_stack_set_visible_child_name(c->stack, child);
	GtkWidget *wanted = g_object_get_data(G_OBJECT(gtk_stack_get_visible_child(c->stack)),
	                                      "wanted");
	if (wanted != NULL)
		gtk_widget_grab_focus(wanted);
}

/* What the command tells in a line's midst, as a line of its own. */
static char *begun_large(const char *text, const char *end)
{
	char first[8] = "";
	g_unichar_to_utf8(g_unichar_toupper(g_utf8_get_char(text)), first);
	return g_strdup_printf("%s%s%s", first, *text != '\0' ? g_utf8_next_char(text) : "",
	                       g_str_has_suffix(text, ".") ? "" : end);
}

static void say(struct calibration *c, const char *text)
{
	char *sentence = begun_large(text, ".");
	if (strcmp(gtk_label_get_text(GTK_LABEL(c->words)), sentence) != 0)
		gtk_label_set_text(GTK_LABEL(c->words), sentence);
	g_free(sentence);
}

/* ---- the mirror ---- */

/* Head and shoulders of somebody who sits 60 cm from a camera of 60 deg: a face of 15 cm is a fifth
 * of the width, and three tenths of the height. */
static void trace_outline(cairo_t *cairo, double width, double height)
{
	const double x = width / 2, unit = height;
	cairo_save(cairo);
	cairo_translate(cairo, x, 0.42 * unit);
	cairo_scale(cairo, 0.17 * unit, 0.23 * unit);
	cairo_arc(cairo, 0, 0, 1, 0, 2 * G_PI);
	cairo_restore(cairo);
	cairo_new_sub_path(cairo);
	cairo_move_to(cairo, x - 0.46 * unit, 1.02 * unit);
	cairo_curve_to(cairo, x - 0.44 * unit, 0.78 * unit, x - 0.30 * unit,
	               0.76 * unit, x - 0.12 * unit, 0.70 * unit);
	cairo_move_to(cairo, x + 0.12 * unit, 0.70 * unit);
	cairo_curve_to(cairo, x + 0.30 * unit, 0.76 * unit, x + 0.44 * unit,
	               0.78 * unit, x + 0.46 * unit, 1.02 * unit);
}

static void draw_count(cairo_t *cairo, double width, double height, int count)
{
	char text[8];
	cairo_text_extents_t extents;
	g_snprintf(text, sizeof text, "%d", count);
	cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
	                       CAIRO_FONT_WEIGHT_BOLD);
	cairo_set_font_size(cairo, height / 2);
	cairo_text_extents(cairo, text, &extents);
	cairo_move_to(cairo, width / 2 - extents.width / 2 - extents.x_bearing,
	              height / 2 - extents.height / 2 - extents.y_bearing);
	cairo_text_path(cairo, text);
	cairo_set_source_rgba(cairo, 0, 0, 0, 0.6);
	cairo_set_line_width(cairo, height / 40);
	cairo_stroke_preserve(cairo);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_fill(cairo);
}

static void draw(void *user, cairo_t *cairo, double width, double height)
{
	const struct calibration *c = user;
	trace_outline(cairo, width, height);
	cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
	cairo_set_source_rgba(cairo, 0, 0, 0, 0.45); /* seen on what is light, too */
	cairo_set_line_width(cairo, height / 60);
	cairo_stroke_preserve(cairo);
	if (*c->gathering.problem == '\0')
		cairo_set_source_rgb(cairo, 0.34, 0.89, 0.54);
	else
		cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_set_line_width(cairo, height / 120);
	cairo_stroke(cairo);
	const int count = gathering_count(&c->gathering);
	if (count > 0)
		draw_count(cairo, width, height, count);
}

/* ---- what was achieved ---- */

static void add_line(AdwPreferencesGroup *group, const char *title, const char *subtitle)
{
	GtkWidget *row = adw_action_row_new();
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	char *large = begun_large(title, "");
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), large);
	g_free(large);
	adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
	if (subtitle != NULL)
		adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
	adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
	adw_preferences_group_add(group, row);
}

static const char *advice_on(const struct made *made, enum make_line line)
{
	if (line == MAKE_EXACT && make_wants_ruler(made))
		return make_has_monitor(made)
			? _("With a measured distance it gets better.")
			: _("With a measured distance it gets better; with the height of your "
			    "eyes, advice on your screen's height is given too.");
	if (line == MAKE_EXACT && !make_has_monitor(made))
		return _("With the height of your eyes, advice on your screen's height is given "
		         "too.");
	return NULL;
}

static void on_save(GtkButton *button, gpointer user);

static void on_name(GtkEditable *entry, gpointer user)
{
	struct calibration *c = user;
	gtk_widget_set_sensitive(c->save, profile_name_good(gtk_editable_get_text(entry)));
}

static void on_again(GtkButton *button, gpointer user)
{
	(void)button;
	struct calibration *c = user;
	gathering_init(&c->gathering);
	gtk_widget_set_sensitive(c->start, TRUE);
	show(c, "look");
}

/* On what is shown first. */
static void on_button_map(GtkWidget *button, gpointer user)
{
	(void)user;
	gtk_widget_grab_focus(button);
}

static GtkWidget *make_button(const char *label, const char *class, GCallback clicked,
                              struct calibration *c)
{
	GtkWidget *button = parts_button(label);
	gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
	gtk_widget_add_css_class(button, "pill");
	if (class != NULL)
		gtk_widget_add_css_class(button, class);
	g_signal_connect(button, "clicked", clicked, c);
	return button;
}

static GtkWidget *make_name_group(struct calibration *c)
{
	GtkWidget *group = adw_preferences_group_new();
	char text[PROFILE_NAME_SIZE];
	g_strlcpy(text, c->name != NULL ? gtk_editable_get_text(GTK_EDITABLE(c->name)) : first_name,
	          sizeof text);
	adw_preferences_group_set_description(
		ADW_PREFERENCES_GROUP(group),
		_("Another place, desk or chair is worth a profile of its own."));
	c->name = adw_entry_row_new();
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(c->name), _("Name"));
	gtk_editable_set_text(GTK_EDITABLE(c->name), text);
	adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), c->name);
	return group;
}

static void show_result(struct calibration *c)
{
	GtkWidget *page = adw_preferences_page_new(), *achieved = adw_preferences_group_new();
	GtkWidget *buttons = adw_preferences_group_new(), *name = make_name_group(c);
	char text[256];
	adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(achieved), _("This is you, upright"));
	for (int line = 0; line < MAKE_LINES; line++) {
		make_words(&c->made, (enum make_line)line, text, sizeof text);
		if (*text != '\0')
			add_line(ADW_PREFERENCES_GROUP(achieved), text,
			         advice_on(&c->made, (enum make_line)line));
	}
	c->save = make_button(_("Save"), "suggested-action", G_CALLBACK(on_save), c);
	GtkWidget *again = make_button(_("Once more"), NULL, G_CALLBACK(on_again), c);
	gtk_widget_set_margin_bottom(c->save, 12);
	adw_preferences_group_add(ADW_PREFERENCES_GROUP(buttons), c->save);
	adw_preferences_group_add(ADW_PREFERENCES_GROUP(buttons), again);
	g_object_set_data(G_OBJECT(c->result), "wanted", c->save);
	g_signal_connect(c->name, "changed", G_CALLBACK(on_name), c);
	GtkWidget *const groups[] = {achieved, name, buttons};
	for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
		adw_preferences_page_add(ADW_PREFERENCES_PAGE(page),
		                         ADW_PREFERENCES_GROUP(groups[i]));
	adw_bin_set_child(ADW_BIN(c->result), page);
	show(c, "result");
}

static void show_failure(struct calibration *c, const char *child, const char *text,
                         const char *advice)
{
	GtkWidget *page = gtk_stack_get_child_by_name(c->stack, child);
	char *escaped = g_markup_printf_escaped("%s\n\n%s", text, advice);
	adw_status_page_set_description(ADW_STATUS_PAGE(page), escaped);
	g_free(escaped);
	show(c, child);
}

/* ---- saving ---- */

static void save(struct calibration *c)
{
	struct error error;
	struct clock clock = clock_real();
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	const char *name = gtk_editable_get_text(GTK_EDITABLE(c->name));
	bool good = make_save(&c->made, name, NULL, c->state, clock_now(&clock).wall_ms, &error);
	if (good && fabs(c->screen_top_cm - c->config.screen_top_cm) > 0.05) {
		g_ascii_formatd(number, sizeof number, "%.1f", c->screen_top_cm);
		good = config_set(c->config_path, "screen.top_cm", number, &error);
	}
	if (!good) {
		window_say(c->window, error.text);
		return;
	}
	/* A running daemon takes it at once; none running is no fault. */
	link_call(c->window->link, "Reload", NULL, false, NULL, NULL);
	char *said = g_strdup_printf(_("“%s” is what your posture is compared with now."), name);
	window_say(c->window, said);
	g_free(said);
	window_end_task(c->window);
}

struct question {
	GtkWidget *whole;       /* held */
	struct calibration *calibration;
};

static void on_replace(AdwMessageDialog *dialog, const char *response, gpointer user)
{
	(void)dialog;
	struct question *q = user;
	if (strcmp(response, "replace") == 0 && gtk_widget_get_mapped(q->whole))
		save(q->calibration);
}

static void free_question(gpointer question, GClosure *closure)
{
	(void)closure;
	struct question *q = question;
	g_object_unref(q->whole);
	g_free(q);
}

static void on_save(GtkButton *button, gpointer user)
{
	(void)button;
	struct calibration *c = user;
	const char *name = gtk_editable_get_text(GTK_EDITABLE(c->name));
	if (!profile_exists(c->state, name)) {
		save(c);
		return;
	}
	char *heading = g_strdup_printf(_("Replace “%s”?"), name);
	AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG(adw_message_dialog_new(
		c->window->frame, heading,
		_("There is a profile of that name. Another name keeps it, and both are used.")));
	g_free(heading);
	adw_message_dialog_add_response(dialog, "cancel", _("Another name"));
	adw_message_dialog_add_response(dialog, "replace", _("Replace"));
	adw_message_dialog_set_response_appearance(dialog, "replace", ADW_RESPONSE_DESTRUCTIVE);
	adw_message_dialog_set_close_response(dialog, "cancel");
	struct question *q = g_new0(struct question, 1);
	*q = (struct question){g_object_ref(c->whole), c};
	g_signal_connect_data(dialog, "response", G_CALLBACK(on_replace), q, free_question, 0);
	gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- pictures ---- */

static void finish(struct calibration *c, const char *camera_id)
{
	struct error error;
	struct make_known known;
	numbers_read(c->numbers, &known, &c->screen_top_cm);
	c->config.screen_top_cm = config_default().screen_top_cm;
	config_load(&c->config, c->config_path, &error);
	struct config config = c->config;
	config.screen_top_cm = c->screen_top_cm;
	const struct make_place place = {&config, c->state, camera_id};
	if (make_profile(&c->made, &c->gathering.gather, GATHER_LEAST, &known, &place, &error))
		show_result(c);
	else
		show_failure(c, "failed", error.text, _("What is there is kept."));
}

static void tell(struct calibration *c)
{
	const struct gathering *s = &c->gathering;
	if (s->phase == GATHERING_COUNTS)
		say(c, _("Sit up, the lower back against the lumbar support, and look straight at "
		         "the screen."));
	else if (*s->problem != '\0')
		say(c, s->problem);
	else if (s->phase == GATHERING_TAKES)
		say(c, _("Keep still and look at the screen."));
	else
		say(c, _("Light and size are good. Press Start when you sit as you would like to "
		         "sit."));
	gtk_widget_set_opacity(c->progress, s->phase == GATHERING_TAKES ? 1 : 0);
	gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(c->progress), gathering_progress(s));
}

static void on_shot(void *user, const struct live_shot *shot, const struct error *error)
{
	struct calibration *c = user;
	if (shot == NULL) {
		live_stop(c->live);
		c->live = NULL;
		mirror_clear(c->mirror);
		show_failure(c, "missing", *error->text != '\0' ? error->text
		                                                : _("The recording is over."),
		             _("Plug a camera in, or open its shutter, and end other programs that "
		               "use it."));
		return;
	}
	const bool done = shot->fresh && gathering_see(&c->gathering, shot->frame,
						       shot->sample) == GATHERING_DONE;
	mirror_show(c->mirror, c->live, shot->picture);
	if (done)
		finish(c, shot->camera_id);
	else if (shot->fresh)
		tell(c);
}

static void on_start(GtkButton *button, gpointer user)
{
	(void)button;
	struct calibration *c = user;
	gathering_start(&c->gathering);
	gtk_widget_set_sensitive(c->start, FALSE);
	tell(c);
}

/* The camera is on while the mirror is looked at. */
static void on_look_map(GtkWidget *widget, gpointer user)
{
	(void)widget;
	struct calibration *c = user;
	gathering_init(&c->gathering);
	gtk_widget_set_sensitive(c->start, TRUE);
	gtk_label_set_text(GTK_LABEL(c->words), _("The camera is being switched on."));
	if (c->live == NULL)
		c->live = live_start(c->window->source, on_shot, c);
}

static void on_look_unmap(GtkWidget *widget, gpointer user)
{
	(void)widget;
	struct calibration *c = user;
	live_stop(c->live);
	c->live = NULL;
}

/* ---- the task's parts ---- */

static void on_begin(GtkButton *button, gpointer user)
{
	(void)button;
	show(user, "look");
}

static void on_numbers(GtkButton *button, gpointer user)
{
	(void)button;
	show(user, "numbers");
}

static void on_profiles(GtkButton *button, gpointer user)
{
	(void)button;
	show(user, "profiles");
}

/* From what was opened beside the mirror, back to it; else out. */
static void on_back(GtkButton *button, gpointer user)
{
	(void)button;
	struct calibration *c = user;
	const char *child = gtk_stack_get_visible_child_name(c->stack);
	const bool beside = strcmp(child, "numbers") == 0 || strcmp(child, "profiles") == 0;
	if (beside)
		show(c, "look");
	else
		window_end_task(c->window);
}

static GtkWidget *make_header(struct calibration *c)
{
	GtkWidget *header = adw_header_bar_new(),
	          *back = gtk_button_new_from_icon_name("go-previous-symbolic");
	gtk_widget_set_tooltip_text(back, _("Back"));
	parts_name(back, _("Back"));
	g_signal_connect(back, "clicked", G_CALLBACK(on_back), c);
	adw_header_bar_pack_start(ADW_HEADER_BAR(header), back);
	adw_header_bar_set_title_widget(ADW_HEADER_BAR(header),
	                                adw_window_title_new(_("Your upright"), ""));
	return header;
}

static void add_status(struct calibration *c, const char *name, const char *icon, const char *title,
                       const char *description, const char *label, GCallback clicked)
{
	GtkWidget *page = adw_status_page_new();
	GtkWidget *button = make_button(label, "suggested-action", clicked, c);
	g_signal_connect_after(button, "map", G_CALLBACK(on_button_map), NULL);
	g_object_set_data(G_OBJECT(page), "wanted", button);
	adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), icon);
	adw_status_page_set_title(ADW_STATUS_PAGE(page), title);
	adw_status_page_set_description(ADW_STATUS_PAGE(page), description);
	adw_status_page_set_child(ADW_STATUS_PAGE(page), button);
	gtk_stack_add_named(c->stack, page, name);
}

static GtkWidget *make_look(struct calibration *c)
{
	enum { GAP = 12 };
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP);
	GtkWidget *beside = wrap_new(GTK_ALIGN_CENTER);
	c->mirror = mirror_new(_("You, as in a mirror, with an outline of where to sit"), draw, c);
	c->words = gtk_label_new(NULL);
	gtk_label_set_wrap(GTK_LABEL(c->words), TRUE);
	gtk_label_set_justify(GTK_LABEL(c->words), GTK_JUSTIFY_CENTER);
	gtk_label_set_lines(GTK_LABEL(c->words), 3);
	/* the picture does not jump with each sentence */
	gtk_widget_set_size_request(c->words, -1, 48);
	c->progress = gtk_progress_bar_new();
	gtk_accessible_update_property(GTK_ACCESSIBLE(c->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
	                               _("Pictures taken"), -1);
	c->start = make_button(_("Start"), "suggested-action", G_CALLBACK(on_start), c);
	GtkWidget *more = make_button(_("Measure…"), NULL, G_CALLBACK(on_numbers), c);
	GtkWidget *profiles = make_button(_("Profiles"), NULL, G_CALLBACK(on_profiles), c);
	gtk_widget_set_tooltip_text(more, _("Distance and heights, which make it more exact"));
	wrap_append(beside, more);
	wrap_append(beside, profiles);
	GtkWidget *const all[] = {c->mirror, c->progress, c->words, c->start, beside};
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		gtk_box_append(GTK_BOX(box), all[i]);
	gtk_widget_set_margin_start(box, GAP);
	gtk_widget_set_margin_end(box, GAP);
	gtk_widget_set_margin_bottom(box, GAP);
	g_signal_connect_after(c->start, "map", G_CALLBACK(on_button_map), NULL);
	g_object_set_data(G_OBJECT(box), "wanted", c->start);
	g_signal_connect(box, "map", G_CALLBACK(on_look_map), c);
	g_signal_connect(box, "unmap", G_CALLBACK(on_look_unmap), c);
	return box;
}

static void make_stack(struct calibration *c)
{
	c->stack = GTK_STACK(gtk_stack_new());
	gtk_widget_set_vexpand(GTK_WIDGET(c->stack), TRUE);
	add_status(c, "welcome", WINDOW_NAME, _("Welcome to unknot"),
	           _("It looks at how you sit, now and then, and says when your back would like a "
	             "change. Pictures stay in memory and are never stored or sent.\n\nIt needs to "
	             "know you upright: that takes half a minute before the camera."),
	           _("Begin"), G_CALLBACK(on_begin));
	gtk_stack_add_named(c->stack, make_look(c), "look");
	c->numbers = numbers_new(c->config.screen_top_cm);
	gtk_stack_add_named(c->stack, c->numbers, "numbers");
	gtk_stack_add_named(c->stack, profiles_new(c->window), "profiles");
	add_status(c, "missing", "camera-web-symbolic", _("No picture"), "", _("Try again"),
	           G_CALLBACK(on_begin));
	add_status(c, "failed", "face-uncertain-symbolic", _("That did not work yet"),
	           "", _("Once more"), G_CALLBACK(on_again));
	c->result = adw_bin_new();
	gtk_stack_add_named(c->stack, c->result, "result");
}

static void free_calibration(gpointer user)
{
	struct calibration *c = user;
	live_stop(c->live);
	g_free(c);
}

static GtkWidget *create(struct window *w, const char *which)
{
	struct calibration *c = g_new0(struct calibration, 1);
	struct error error = {0};
	c->window = w;
	c->config = config_default();
	if (!path_state_dir(c->state, &error) || !path_config_file(c->config_path, &error) ||
	    !config_load(&c->config, c->config_path, &error))
		window_say(w, error.text);
	c->whole = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	make_stack(c);
	gtk_box_append(GTK_BOX(c->whole), make_header(c));
	gtk_box_append(GTK_BOX(c->whole), GTK_WIDGET(c->stack));
	g_object_set_data_full(G_OBJECT(c->whole), "calibration", c, free_calibration);
	if (strcmp(which, "profiles") == 0)
		show(c, "profiles");
	else
		show(c, profile_list(c->state, NULL, NULL) > 0 ? "look" : "welcome");
	return c->whole;
}

const struct task task_calibrate = {"calibrate", create};
