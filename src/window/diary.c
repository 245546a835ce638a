/* The page Diary: how much it hurts, where; what was entered, corrected or deleted; whether it is
 * one for a doctor; the walk through the workstation. */
#include "window/diary_store.h"
#include "window/link.h"
#include "window/parts.h"
#include "window/window.h"
#include "window/wrap.h"

#include "base/paths.h"
#include "report/number.h"
#include "store/known_care.h"

#include <stdlib.h>
#include <time.h>

enum { LEVELS = 11, PAD = 12, SHOWN = 20, BUTTON = 44 };

struct page_diary {
	struct window *window;
	GtkWidget *page, *care, *list, *form, *levels[LEVELS], *word, *where, *note, *save, *cancel;
	struct diary_found *found;
	struct store_pain editing;      /* its id is 0 for a new entry */
	int level;                      /* -1: none chosen */
	GCancellable *end;              /* of all that is under way */
};

static void on_done(GObject *source, GAsyncResult *result, gpointer user);

static void begin(struct page_diary *d, enum diary_act act, const struct store_pain *entry)
{
	diary_do(act, entry, d->end, on_done, d);
}

/* The daemon's exercises follow the diary. */
static void tell_daemon(struct page_diary *d)
{
	link_call(d->window->link, "Reload", NULL, false, NULL, NULL);
}

/* ---- the form ---- */

static void show_level(struct page_diary *d)
{
	gtk_label_set_text(GTK_LABEL(d->word),
	                   d->level < 0 ? _("0 is no pain, 10 the worst imaginable.")
						       : care_level(d->level));
	gtk_widget_set_sensitive(d->save, d->level >= 0);
}

static void on_level(GtkToggleButton *button, gpointer user)
{
	struct page_diary *d = user;
	if (!gtk_toggle_button_get_active(button))
		return;
	for (int i = 0; i < LEVELS; i++)
		if (d->levels[i] == GTK_WIDGET(button))
			d->level = i;
	show_level(d);
}

/* A new entry, or one that is corrected. */
static void set_form(struct page_diary *d, const struct store_pain *entry)
{
	const bool old = entry != NULL;
	d->editing = old ? *entry : (struct store_pain){.id = 0};
	for (int i = 0; i < LEVELS; i++)
		gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(d->levels[i]),
		                             old && entry->level == i);
	d->level = old ? entry->level : -1;
	char *where = g_utf8_make_valid(d->editing.where, -1),
	     *note = g_utf8_make_valid(d->editing.note, -1);
	gtk_editable_set_text(GTK_EDITABLE(d->where), where);
	gtk_editable_set_text(GTK_EDITABLE(d->note), note);
	g_free(where);
	g_free(note);
	adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(d->form),
	                                old ? _("Correct this entry")
	                                    : _("How much does it hurt?"));
	gtk_button_set_label(GTK_BUTTON(d->save), old ? _("Correct") : _("Write down"));
	gtk_widget_set_visible(d->cancel, old);
	show_level(d);
}

/* Fits, or is refused rather than cut. */
static bool take(struct page_diary *d, GtkWidget *row, char *to, size_t size)
{
	const char *text = gtk_editable_get_text(GTK_EDITABLE(row));
	if (strlen(text) < size) {
		g_strlcpy(to, text, size);
		gtk_widget_remove_css_class(row, "error");
		return true;
	}
	gtk_widget_add_css_class(row, "error");
	gtk_widget_grab_focus(row);
	window_say(d->window, _("That is too long for the diary."));
	return false;
}

static void on_save(GtkButton *button, gpointer user)
{
	struct page_diary *d = user;
	struct store_pain entry = d->editing;
	(void)button;
	entry.level = d->level;
	if (d->level < 0 || !take(d, d->where, entry.where, sizeof entry.where) ||
	    !take(d, d->note, entry.note, sizeof entry.note))
		return;
	begin(d, entry.id != 0 ? DIARY_CHANGE : DIARY_ADD, &entry);
	set_form(d, NULL);
	window_say(d->window, _("Written down."));
}

static void on_cancel(GtkButton *button, gpointer user)
{
	(void)button;
	set_form(user, NULL);
}

static void on_place(GtkButton *button, gpointer user)
{
	struct page_diary *d = user;
	gtk_editable_set_text(GTK_EDITABLE(d->where), gtk_button_get_label(button));
}

/* Small buttons that wrap into as many lines as they need. */
static GtkWidget *make_flow(unsigned least, unsigned most)
{
	GtkWidget *flow = gtk_flow_box_new();
	gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(flow), GTK_SELECTION_NONE);
	gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(flow), TRUE);
	gtk_flow_box_set_min_children_per_line(GTK_FLOW_BOX(flow), least);
	gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(flow), most);
	return flow;
}

static void add_to_flow(GtkWidget *flow, GtkWidget *child)
{
	gtk_flow_box_append(GTK_FLOW_BOX(flow), child);
	/* the button within is what one wants */
	gtk_widget_set_focusable(gtk_widget_get_parent(child), FALSE);
}

static GtkWidget *make_scale(struct page_diary *d)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, PAD), *flow = make_flow(4, LEVELS);
	for (int i = 0; i < LEVELS; i++) {
		char digits[8];
		g_snprintf(digits, sizeof digits, "%d", i);
		GtkWidget *button = gtk_toggle_button_new_with_label(digits);
		char *name = g_strdup_printf("%s, %s", digits, care_level(i));
		gtk_widget_set_size_request(button, -1, BUTTON);
		/* Less air at its sides: all eleven stand in one line where there is room. */
		gtk_widget_remove_css_class(button, "text-button");
		gtk_widget_set_tooltip_text(button, care_level(i));
		parts_name(button, name);
		g_free(name);
		d->levels[i] = button;
		if (i > 0)
			gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button),
			                            GTK_TOGGLE_BUTTON(d->levels[0]));
		add_to_flow(flow, button);
	}
	d->word = parts_label("", "dim-label");
	gtk_box_append(GTK_BOX(box), flow);
	gtk_box_append(GTK_BOX(box), d->word);
	return box;
}

static GtkWidget *make_places(struct page_diary *d)
{
	static const char *const places[] = {N_("Lower back"), N_("Upper back"),
	                                     N_("Neck"), N_("Shoulders"),
	                                     N_("Hip"), N_("Leg")};
	GtkWidget *flow = make_flow(2, G_N_ELEMENTS(places));
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		GtkWidget *button = parts_button(_(places[i]));
		g_signal_connect(button, "clicked", G_CALLBACK(on_place), d);
		add_to_flow(flow, button);
	}
	return flow;
}

static GtkWidget *make_entry(const char *title)
{
	GtkWidget *row = adw_entry_row_new();
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	return row;
}

static GtkWidget *make_buttons(struct page_diary *d)
{
	GtkWidget *box = wrap_new(GTK_ALIGN_END);
	d->save = parts_button("");
	d->cancel = parts_button(_("Leave it as it is"));
	gtk_widget_add_css_class(d->save, "suggested-action");
	g_signal_connect(d->save, "clicked", G_CALLBACK(on_save), d);
	g_signal_connect(d->cancel, "clicked", G_CALLBACK(on_cancel), d);
	wrap_append(box, d->cancel);
	wrap_append(box, d->save);
	return box;
}

static GtkWidget *make_form(struct page_diary *d)
{
	AdwPreferencesGroup *group = parts_group("", NULL);
	d->form = GTK_WIDGET(group);
	d->where = make_entry(_("Where"));
	d->note = make_entry(_("Note"));
	parts_plain(group, make_scale(d));
	adw_preferences_group_add(group, d->where);
	parts_plain(group, make_places(d));
	adw_preferences_group_add(group, d->note);
	parts_plain(group, make_buttons(d));
	for (int i = 0; i < LEVELS; i++)
		g_signal_connect(d->levels[i], "toggled", G_CALLBACK(on_level), d);
	set_form(d, NULL);
	return d->form;
}

/* ---- what was entered ---- */

struct chosen {
	struct page_diary *diary;
	struct store_pain entry;
};

static void free_chosen(gpointer chosen, GClosure *closure)
{
	(void)closure;
	g_free(chosen);
}

static void on_edit(GtkButton *button, gpointer user)
{
	const struct chosen *c = user;
	(void)button;
	set_form(c->diary, &c->entry);
	gtk_widget_grab_focus(c->diary->levels[c->entry.level]);
}

static void on_answer(AdwMessageDialog *dialog, const char *response, gpointer user)
{
	struct chosen *c = user;
	(void)dialog;
	if (strcmp(response, "delete") != 0)
		return;
	if (c->diary->editing.id == c->entry.id)
		set_form(c->diary, NULL);
	begin(c->diary, DIARY_REMOVE, &c->entry);
}

static void on_delete(GtkButton *button, gpointer user)
{
	const struct chosen *c = user;
	(void)button;
	struct chosen *own = g_new(struct chosen, 1); /* the row may go before the answer comes */
	*own = *c;
	GtkWidget *dialog = adw_message_dialog_new(c->diary->window->frame, _("Delete this entry?"),
				_("It is overwritten in the file, and cannot be brought back."));
	adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "keep",
	                                 _("Keep"), "delete", _("Delete"), NULL);
	adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "delete",
						   ADW_RESPONSE_DESTRUCTIVE);
	adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "keep");
	g_signal_connect_data(dialog, "response", G_CALLBACK(on_answer), own, free_chosen, 0);
	gtk_window_present(GTK_WINDOW(dialog));
}

static void add_button(struct page_diary *d, GtkWidget *row, const char *icon, const char *name,
		       GCallback clicked,
		       const struct store_pain *entry)
{
	struct chosen *c = g_new(struct chosen, 1);
	GtkWidget *button = parts_icon_button(icon, name);
	*c = (struct chosen){d, *entry};
	gtk_widget_add_css_class(button, "flat");
	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	g_signal_connect_data(button, "clicked", clicked, c, free_chosen, 0);
	adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
}

static GtkWidget *make_row(struct page_diary *d, const struct store_pain *p)
{
	char date[NUMBER_SIZE], level[NUMBER_SIZE], digits[NUMBER_SIZE];
	const struct report_day day = report_day_of(p->wall_ms),
		today = report_day_of(g_get_real_time() / 1000);
	const time_t seconds = (time_t)(p->wall_ms / 1000);
	struct tm local;
	localtime_r(&seconds, &local);
	number_date(date, &day, day.year == today.year ? WORD_DATE_TABLE : WORD_DATE_SHORT);
	number_words(level, WORD_PAIN_OF, number_plain(digits, p->level, 0), NULL);
	char *title = g_strdup_printf("%s  %02d:%02d   %s", date, local.tm_hour,
	                              local.tm_min, level);
	char *text = g_strdup_printf("%s%s%s", p->where, *p->where && *p->note ? ": " : "",
	                             p->note);
	char *valid = g_utf8_make_valid(text, -1);
	GtkWidget *row = parts_row(title, valid);
	add_button(d, row, "document-edit-symbolic", _("Correct this entry"),
	           G_CALLBACK(on_edit), p);
	add_button(d, row, "user-trash-symbolic", _("Delete this entry"), G_CALLBACK(on_delete), p);
	g_free(valid);
	g_free(text);
	g_free(title);
	return row;
}

static void show_list(struct page_diary *d)
{
	const struct diary *diary = &d->found->diary;
	parts_clear(d->list);
	const char *none = _("Nothing is written down yet. A word a day is enough: the report sets "
			     "pain beside sitting, slouching and breaks.");
	AdwPreferencesGroup *group = parts_group(_("Entries"), diary->count == 0 ? none : NULL);
	GtkWidget *older = diary->count > SHOWN ? parts_fold("older", _("Older entries"), NULL)
	                                        : NULL;
	for (size_t i = diary->count, shown = 0; i-- > 0; shown++) {
		GtkWidget *row = make_row(d, &diary->entries[i]);
		if (shown < SHOWN)
			adw_preferences_group_add(group, row);
		else
			adw_expander_row_add_row(ADW_EXPANDER_ROW(older), row);
	}
	if (older != NULL)
		adw_preferences_group_add(group, older);
	gtk_box_append(GTK_BOX(d->list), GTK_WIDGET(group));
}

/* ---- care ---- */

static void on_cleared(GtkButton *button, gpointer user)
{
	struct page_diary *d = user;
	char dir[PATH_SIZE];
	struct error error;
	(void)button;
	if (!path_state_dir(dir, &error) ||
	    !known_care_clear(dir, g_get_real_time() / 1000, &error)) {
		window_say(d->window, error.text);
		return;
	}
	tell_daemon(d);
	begin(d, DIARY_LOAD, NULL);
	window_say(d->window, _("Noted. All exercises are offered again."));
}

static void on_care(AdwActionRow *row, gpointer user)
{
	(void)row;
	window_show(((struct page_diary *)user)->window, "care");
}

static void on_checklist(AdwActionRow *row, gpointer user)
{
	(void)row;
	window_show(((struct page_diary *)user)->window, "checklist");
}

static GtkWidget *make_link(const char *title, const char *subtitle, GCallback activated,
                            gpointer user)
{
	GtkWidget *row = parts_row(title, subtitle);
	adw_action_row_add_suffix(ADW_ACTION_ROW(row),
	                          gtk_image_new_from_icon_name("go-next-symbolic"));
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
	g_signal_connect(row, "activated", activated, user);
	return row;
}

/* When it was answered, and what of it is worth changing; g_free it. */
static char *checklist_state(void)
{
	const struct care_question *questions;
	const int count = care_checks(&questions);
	struct answers answers;
	char dir[PATH_SIZE], date[NUMBER_SIZE];
	int wrong = 0;
	if (!path_state_dir(dir, NULL) ||
	    !known_answers(&answers, dir, KNOWN_CHECKLIST, questions, count,
	                   NULL) ||
	    answers.answered_ms == 0)
		return g_strdup(_("Chair, table, screen: ten questions, and what to change."));
	for (int i = 0; i < count; i++)
		wrong += answers.of[i] == ANSWER_NO;
	const struct report_day day = report_day_of(answers.answered_ms);
	number_date(date, &day, WORD_DATE_SHORT);
	return g_strdup_printf(_("Answered on %s; worth changing: %d."), date, wrong);
}

static void show_care(struct page_diary *d)
{
	const enum care_reason reason = d->found->care.reason;
	parts_clear(d->care);
	AdwPreferencesGroup *group = parts_group(_("Is it one for a doctor?"), NULL);
	if (reason != CARE_NOTHING) {
		GtkWidget *advice = parts_label(care_advice(reason),
		                                care_gentle(reason) ? "error" : NULL);
		parts_plain(group, advice);
	}
	const char *about = _("The gravest signs first. No diagnosis; the answers stay here.");
	adw_preferences_group_add(group, make_link(_("Questions about your back"),
	                                           about, G_CALLBACK(on_care), d));
	if (care_gentle(reason)) {
		GtkWidget *button = parts_button(_("It was looked at"));
		g_signal_connect(button, "clicked", G_CALLBACK(on_cleared), d);
		adw_preferences_group_add(group, parts_control_row(
			_("A doctor or a physical therapist has looked at it"),
			_("Until then unknot offers gentle walking or rest, nothing else."),
			button));
	}
	char *state = checklist_state();
	AdwPreferencesGroup *desk = parts_group(_("Your workstation"), NULL);
	adw_preferences_group_add(desk, make_link(_("Walk through it"),
	                                          state, G_CALLBACK(on_checklist), d));
	g_free(state);
	gtk_box_append(GTK_BOX(d->care), GTK_WIDGET(group));
	gtk_box_append(GTK_BOX(d->care), GTK_WIDGET(desk));
	/* What is for a doctor now comes before everything else. */
	gtk_box_reorder_child_after(GTK_BOX(gtk_widget_get_parent(d->care)), d->care,
	                            care_gentle(reason) ? NULL : d->form);
}

/* ---- the page ---- */

static void on_done(GObject *source, GAsyncResult *result, gpointer user)
{
	GError *error = NULL;
	struct diary_found *found = diary_done(result, &error);
	(void)source;
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		return;
	}
	struct page_diary *d = user;
	if (found == NULL) {
		window_say(d->window, error->message);
		g_error_free(error);
		return;
	}
	const bool changed = d->found != NULL && memcmp(&d->found->diary, &found->diary,
							sizeof found->diary) != 0;
	g_free(d->found);
	d->found = found;
	show_list(d);
	show_care(d);
	if (changed)
		tell_daemon(d);
}

static void on_map(GtkWidget *page, gpointer user)
{
	(void)page;
	begin(user, DIARY_LOAD, NULL);
}

static void on_destroy(GtkWidget *page, gpointer user)
{
	struct page_diary *d = user;
	(void)page;
	g_cancellable_cancel(d->end);
	g_object_unref(d->end);
	g_free(d->found);
	g_free(d);
}

static GtkWidget *create(struct window *w)
{
	struct page_diary *d = g_new0(struct page_diary, 1);
	GtkWidget *box;
	d->window = w;
	d->end = g_cancellable_new();
	d->page = parts_column(&box);
	d->care = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
	d->list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
	gtk_box_append(GTK_BOX(box), make_form(d));
	gtk_box_append(GTK_BOX(box), d->care);
	gtk_box_append(GTK_BOX(box), d->list);
	g_signal_connect(d->page, "map", G_CALLBACK(on_map), d);
	g_signal_connect(d->page, "destroy", G_CALLBACK(on_destroy), d);
	return d->page;
}

const struct page page_diary = {"diary", N_("Diary"), "accessories-text-editor-symbolic", create};
