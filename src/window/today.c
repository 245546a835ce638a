/* The page Today: a day, a week or a month of the history, as a report. */
#include "window/today.h"

#include "window/link.h"
#include "window/parts.h"
#include "window/period.h"
#include "window/today_read.h"

enum { EVERY_S = 60 };

struct today {
	struct window *window;
	GtkWidget *page, *column, *next, *date, *calendar, *kinds[PERIOD_KINDS];
	struct period period;
	bool follows;                /* it holds today: tomorrow it shows tomorrow */
	struct today_found *shown;
	GCancellable *reading;       /* NULL: nothing is being read */
	unsigned timer;
	bool quiet;                  /* we set a control ourselves */
};

static int64_t now_ms(void)
{
	return g_get_real_time() / 1000;
}

static void load(struct today *t);

/* ---- what is shown ---- */

static void on_chosen(void *user, const struct report_day *day);

static void on_start(GtkButton *button, gpointer user)
{
	struct today *t = user;
	(void)button;
	link_call(t->window->link, "Status", NULL, true, NULL, NULL);
}

static GtkWidget *make_empty(struct today *t, const char *icon, const char *title,
                             const char *text, bool start)
{
	GtkWidget *page = adw_status_page_new();
	adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), icon);
	adw_status_page_set_title(ADW_STATUS_PAGE(page), title);
	adw_status_page_set_description(ADW_STATUS_PAGE(page), text);
	gtk_widget_set_vexpand(page, TRUE); /* it scrolls, and is cut off where it has no room */
	if (start) {
		GtkWidget *button = parts_button(_("Start unknot"));
		gtk_widget_add_css_class(button, "pill");
		gtk_widget_add_css_class(button, "suggested-action");
		gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
		g_signal_connect(button, "clicked", G_CALLBACK(on_start), t);
		adw_status_page_set_child(ADW_STATUS_PAGE(page), button);
	}
	return page;
}

static GtkWidget *make_nothing(struct today *t, const struct today_found *found)
{
	const bool there = link_there(t->window->link);
	if (!found->any && !there)
		return make_empty(t, "x-office-calendar-symbolic", _("Nothing is recorded yet"),
				  _("How you sit is written down while unknot watches, and it does "
				    "not run now."),
				  true);
	if (!found->any)
		return make_empty(t, "x-office-calendar-symbolic", _("Nothing is recorded yet"),
				  _("unknot has just begun to watch. Come back after some time at "
				    "the desk."),
				  false);
	return make_empty(t, "x-office-calendar-symbolic", word(WORD_LEAD_NOTHING),
			  _("unknot did not run then, or the camera was off all the time."),
			  t->follows && !there);
}

static void fill(struct today *t, const struct today_found *found)
{
	const struct report_summary *const *days = report_days_shown(&found->days);
	const int count = found->days.shown;
	double covered = 0, said = 0;
	for (int i = 0; i < count; i++) {
		covered += days[i]->covered_s;
		said += days[i]->alert_count + days[i]->pain_count;
	}
	if (covered <= 0 && said <= 0) {
		gtk_box_append(GTK_BOX(t->column), make_nothing(t, found));
		return;
	}
	today_say_first(t->column, days, count);
	if (count == 1)
		today_day(t->column, days[0]);
	else
		today_days(t->column, days, count, on_chosen, t);
}

/* What is unfolded stays so. */
static void show(struct today *t, struct today_found *found)
{
	GPtrArray *folds = parts_folds(t->column);
	parts_clear(t->column);
	today_found_free(t->shown);
	t->shown = found;
	fill(t, found);
	parts_unfold(t->column, folds);
	g_ptr_array_unref(folds);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer user)
{
	GError *error = NULL;
	struct today_found *found = today_read_finish(result, &error);
	(void)source;
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(error);
		return;
	}
	struct today *t = user;
	g_clear_object(&t->reading);
	if (found != NULL) {
		show(t, found);
		return;
	}
	parts_clear(t->column);
	gtk_box_append(GTK_BOX(t->column), make_empty(t, "dialog-error-symbolic",
						      _("The history cannot be read"),
						      error->message, false));
	g_error_free(error);
}

/* ---- which days ---- */

static struct today_wish wish_of(const struct today *t)
{
	const struct report_day today = report_day_of(now_ms());
	struct today_wish wish = {t->period.first, t->period.last,
	                          period_holds(&t->period, now_ms())};
	if (wish.last.from_ms > today.from_ms && t->period.first.from_ms <= today.from_ms)
		wish.last = today;
	return wish;
}

static void load(struct today *t)
{
	const struct today_wish wish = wish_of(t);
	if (t->reading != NULL) {
		g_cancellable_cancel(t->reading);
		g_object_unref(t->reading);
	}
	t->reading = g_cancellable_new();
	today_read(&wish, t->reading, on_read, t);
}

static char *title_of(const struct period *p)
{
	char from[NUMBER_SIZE], until[NUMBER_SIZE], text[NUMBER_SIZE];
	if (p->kind == PERIOD_MONTH)
		return g_strdup_printf("%s %d",
		                       word((enum word)(WORD_JANUARY + p->first.month - 1)),
		                       p->first.year);
	if (p->kind == PERIOD_DAY)
		return g_strdup(number_date(text, &p->first, WORD_DATE_LONG));
	return g_strdup(number_words(text, WORD_FROM_TO_LONG,
	                             number_date(from, &p->first, WORD_DATE_SHORT),
	                             number_date(until, &p->last, WORD_DATE_SHORT)));
}

static void go(struct today *t, const struct period *period)
{
	t->period = *period;
	t->follows = period_holds(period, now_ms());
	char *title = title_of(period);
	gtk_label_set_text(GTK_LABEL(t->date), title);
	g_free(title);
	gtk_widget_set_sensitive(t->next, period->last.to_ms <= now_ms());
	t->quiet = true;
	for (int k = 0; k < PERIOD_KINDS; k++)
		gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(t->kinds[k]),
		                             k == (int)period->kind);
	GDateTime *day = g_date_time_new_local(period->first.year, period->first.month,
	                                       period->first.day, 12, 0, 0);
	gtk_calendar_select_day(GTK_CALENDAR(t->calendar), day);
	g_date_time_unref(day);
	t->quiet = false;
	if (gtk_widget_get_mapped(t->page))
		load(t);
}

static void go_to(struct today *t, enum period_kind kind, const struct report_day *day)
{
	const struct period period = period_of(kind, day);
	go(t, &period);
}

static void step(struct today *t, int by)
{
	const struct period period = period_step(&t->period, by);
	if (by < 0 || period.first.from_ms <= now_ms())
		go(t, &period);
}

static void on_chosen(void *user, const struct report_day *day)
{
	const struct report_day own = *day; /* its row goes with what is shown */
	go_to(user, PERIOD_DAY, &own);
}

static void on_previous(GtkButton *button, gpointer user)
{
	(void)button;
	step(user, -1);
}

static void on_next(GtkButton *button, gpointer user)
{
	(void)button;
	step(user, 1);
}

static void go_today(struct today *t)
{
	const struct report_day today = report_day_of(now_ms());
	go_to(t, t->period.kind, &today);
}

static void on_kind(GtkToggleButton *button, gpointer user)
{
	struct today *t = user;
	if (t->quiet || !gtk_toggle_button_get_active(button))
		return;
	for (int k = 0; k < PERIOD_KINDS; k++)
		if (t->kinds[k] == GTK_WIDGET(button)) {
			/* From a week or a month that holds today, to today. */
			const struct report_day day = t->follows ? report_day_of(now_ms())
			                                         : t->period.last;
			go_to(t, (enum period_kind)k, &day);
		}
}

static void on_day_selected(GtkCalendar *calendar, gpointer user)
{
	struct today *t = user;
	char text[16];
	struct report_day day;
	if (t->quiet)
		return;
	GDateTime *date = gtk_calendar_get_date(calendar);
	g_snprintf(text, sizeof text, "%04d-%02d-%02d", g_date_time_get_year(date),
	           g_date_time_get_month(date), g_date_time_get_day_of_month(date));
	g_date_time_unref(date);
	if (!report_day_parse(text, now_ms(), &day) || day.from_ms > now_ms())
		return;
	GtkWidget *popover = gtk_widget_get_ancestor(GTK_WIDGET(calendar), GTK_TYPE_POPOVER);
	gtk_popover_popdown(GTK_POPOVER(popover));
	go_to(t, t->period.kind, &day);
}

/* ---- files ---- */

static void on_opened(GObject *source, GAsyncResult *result, gpointer user)
{
	struct window *w = user;
	GError *error = NULL;
	char *path = g_task_propagate_pointer(G_TASK(result), &error);
	char *uri = path != NULL ? g_filename_to_uri(path, NULL, NULL) : NULL;
	(void)source;
	if (uri != NULL)
		gtk_show_uri(w->frame, uri, GDK_CURRENT_TIME);
	else
		window_say(w, error->message);
	g_clear_error(&error);
	g_free(uri);
	g_free(path);
}

static void on_saved(GObject *source, GAsyncResult *result, gpointer user)
{
	GError *error = NULL;
	char *path = g_task_propagate_pointer(G_TASK(result), &error);
	(void)source;
	char *said = path != NULL ? g_strdup_printf(_("Saved as %s"), path)
	                          : g_strdup(error->message);
	window_say(user, said);
	g_clear_error(&error);
	g_free(said);
	g_free(path);
}

struct saving {
	struct window *window;
	struct today_wish wish;
	enum today_format format;
};

static void on_place(GtkNativeDialog *dialog, int response, gpointer user)
{
	struct saving *saving = user;
	GFile *file = response == GTK_RESPONSE_ACCEPT
	              ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
	char *path = file != NULL ? g_file_get_path(file) : NULL;
	if (path != NULL)
		today_save(&saving->wish, saving->format, path, on_saved, saving->window);
	g_free(path);
	g_clear_object(&file);
	g_free(saving);
	g_object_unref(dialog);
}

static void save(struct today *t, enum today_format format)
{
	char name[REPORT_NAME_SIZE];
	struct saving *saving = g_new(struct saving, 1);
	*saving = (struct saving){t->window, wish_of(t), format};
	report_file_name(&saving->wish.first, &saving->wish.last, today_extension(format), name);
	GtkFileChooserNative *dialog = gtk_file_chooser_native_new(_("Save the report"),
	                                                           t->window->frame,
	                                                           GTK_FILE_CHOOSER_ACTION_SAVE,
	                                                           _("_Save"), NULL);
	char *whole = g_strconcat("unknot-", name, NULL);
	gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), whole);
	g_free(whole);
	gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
	g_signal_connect(dialog, "response", G_CALLBACK(on_place), saving);
	gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

static void on_open_page(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	struct today *t = user;
	const struct today_wish wish = wish_of(t);
	(void)action, (void)parameter;
	today_save(&wish, TODAY_PAGE, NULL, on_opened, t->window);
}

static void on_save(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	(void)action;
	for (int f = TODAY_TEXT; f <= TODAY_JSON; f++)
		if (g_str_equal(g_variant_get_string(parameter, NULL),
		                today_extension((enum today_format)f)))
			save(user, (enum today_format)f);
}

/* ---- the page ---- */

static gboolean on_time(gpointer user)
{
	struct today *t = user;
	GtkWidget *focus = t->window->frame != NULL ? gtk_window_get_focus(t->window->frame) : NULL;
	if (!t->follows)
		return G_SOURCE_CONTINUE;
	if (!period_holds(&t->period, now_ms()))
		go_today(t);
	else if (focus == NULL || !gtk_widget_is_ancestor(focus, t->column))
		load(t); /* who is in there reads on */
	return G_SOURCE_CONTINUE;
}

static void on_map(GtkWidget *page, gpointer user)
{
	struct today *t = user;
	(void)page;
	if (t->follows && !period_holds(&t->period, now_ms()))
		go_today(t);
	else
		load(t);
	if (t->timer == 0)
		t->timer = g_timeout_add_seconds(EVERY_S, on_time, t);
}

static void on_unmap(GtkWidget *page, gpointer user)
{
	struct today *t = user;
	(void)page;
	if (t->timer != 0)
		g_source_remove(t->timer);
	t->timer = 0;
}

static void on_destroy(GtkWidget *page, gpointer user)
{
	struct today *t = user;
	on_unmap(page, t);
	if (t->reading != NULL)
		g_cancellable_cancel(t->reading);
	g_clear_object(&t->reading);
	today_found_free(t->shown); /* what drew it is gone: a box lets go of its children first */
	g_free(t);
}

static gboolean on_key(GtkWidget *page, GVariant *by, gpointer user)
{
	if (!gtk_widget_get_mapped(page))
		return FALSE;
	if (g_variant_get_int32(by) == 0)
		go_today(user);
	else
		step(user, g_variant_get_int32(by));
	return TRUE;
}

static void add_keys(struct today *t)
{
	static const struct { const char *keys; int by; } rows[] = {
		{"<Alt>Left", -1}, {"<Alt>Right", 1}, {"<Alt>Home", 0},
	};
	GtkEventController *keys = gtk_shortcut_controller_new();
	gtk_shortcut_controller_set_scope(GTK_SHORTCUT_CONTROLLER(keys), GTK_SHORTCUT_SCOPE_GLOBAL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		GtkShortcut *shortcut =
			gtk_shortcut_new(gtk_shortcut_trigger_parse_string(rows[i].keys),
		                         gtk_callback_action_new(on_key, t, NULL));
		gtk_shortcut_set_arguments(shortcut, g_variant_new_int32(rows[i].by));
		gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys), shortcut);
	}
	gtk_widget_add_controller(t->page, keys);
}

static GtkWidget *make_menu(struct today *t)
{
	static const GActionEntry entries[] = {{.name = "page", .activate = on_open_page},
					       {.name = "save", .activate = on_save,
					        .parameter_type = "s"}};
	GSimpleActionGroup *actions = g_simple_action_group_new();
	GMenu *menu = g_menu_new();
	g_action_map_add_action_entries(G_ACTION_MAP(actions), entries, G_N_ELEMENTS(entries), t);
	gtk_widget_insert_action_group(t->page, "today", G_ACTION_GROUP(actions));
	g_menu_append(menu, _("Open as a page"), "today.page");
	g_menu_append(menu, _("Save as text..."), "today.save::txt");
	g_menu_append(menu, _("Save as CSV..."), "today.save::csv");
	g_menu_append(menu, _("Save as JSON..."), "today.save::json");
	GtkWidget *button = parts_menu_button(menu);
	gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "document-save-symbolic");
	gtk_widget_set_tooltip_text(button, _("Open or save this report"));
	parts_name(button, _("Open or save this report"));
	g_object_unref(actions);
	return button;
}

static GtkWidget *make_kinds(struct today *t)
{
	static const char *const names[PERIOD_KINDS] = {N_("Day"), N_("Week"), N_("Month")};
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	gtk_widget_add_css_class(box, "linked");
	for (int k = 0; k < PERIOD_KINDS; k++) {
		t->kinds[k] = gtk_toggle_button_new_with_label(_(names[k]));
		if (k > 0)
			gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(t->kinds[k]),
						    GTK_TOGGLE_BUTTON(t->kinds[0]));
		gtk_box_append(GTK_BOX(box), t->kinds[k]);
	}
	for (int k = 0; k < PERIOD_KINDS; k++)
		g_signal_connect(t->kinds[k], "toggled", G_CALLBACK(on_kind), t);
	return box;
}

/* The date, which unfolds a calendar. */
static GtkWidget *make_date(struct today *t)
{
	GtkWidget *button = gtk_menu_button_new(), *popover = gtk_popover_new();
	t->date = parts_label("", NULL);
	gtk_label_set_justify(GTK_LABEL(t->date), GTK_JUSTIFY_CENTER);
	gtk_label_set_xalign(GTK_LABEL(t->date), 0.5f);
	gtk_menu_button_set_child(GTK_MENU_BUTTON(button), t->date);
	/* By itself it asks for the same height, however many lines its text takes. */
	gtk_widget_set_layout_manager(button, gtk_bin_layout_new());
	t->calendar = gtk_calendar_new();
	gtk_popover_set_child(GTK_POPOVER(popover), t->calendar);
	gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), popover);
	gtk_widget_set_tooltip_text(button, _("Choose a day"));
	g_signal_connect(t->calendar, "day-selected", G_CALLBACK(on_day_selected), t);
	return button;
}

static GtkWidget *make_bar(struct today *t)
{
	GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *first = gtk_center_box_new();
	GtkWidget *second = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
	GtkWidget *previous, *date = make_date(t);
	previous = parts_icon_button("go-previous-symbolic", _("Earlier (Alt+Left)"));
	t->next = parts_icon_button("go-next-symbolic", _("Later (Alt+Right)"));
	g_signal_connect(previous, "clicked", G_CALLBACK(on_previous), t);
	g_signal_connect(t->next, "clicked", G_CALLBACK(on_next), t);
	gtk_center_box_set_center_widget(GTK_CENTER_BOX(first), make_kinds(t));
	gtk_center_box_set_end_widget(GTK_CENTER_BOX(first), make_menu(t));
	gtk_widget_set_hexpand(date, TRUE);
	gtk_widget_set_halign(date, GTK_ALIGN_CENTER);
	gtk_box_append(GTK_BOX(second), previous);
	gtk_box_append(GTK_BOX(second), date);
	gtk_box_append(GTK_BOX(second), t->next);
	gtk_box_append(GTK_BOX(bar), first);
	gtk_box_append(GTK_BOX(bar), second);
	return bar;
}

static GtkWidget *create(struct window *w)
{
	struct today *t = g_new0(struct today, 1);
	GtkWidget *box, *scroller = parts_column(&box);
	const struct report_day today = report_day_of(now_ms());
	t->window = w;
	t->page = scroller;
	t->column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
	gtk_box_append(GTK_BOX(box), make_bar(t));
	gtk_box_append(GTK_BOX(box), t->column);
	add_keys(t);
	g_signal_connect(t->page, "map", G_CALLBACK(on_map), t);
	g_signal_connect(t->page, "unmap", G_CALLBACK(on_unmap), t);
	g_signal_connect(t->page, "destroy", G_CALLBACK(on_destroy), t);
	go_to(t, PERIOD_DAY, &today);
	return t->page;
}

const struct page page_today = {"today", N_("Today"), "x-office-calendar-symbolic", create};
