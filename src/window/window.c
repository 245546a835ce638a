#include "window/window.h"

#include "base/paths.h"
#include "geometry/profile_store.h"
#include "window/parts.h"

#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

static const struct page *const pages[] = {&page_now, &page_today, &page_exercises,
                                           &page_diary, &page_settings};
static const struct task *const tasks[] = {&task_calibrate, &task_break, &task_stretch, &task_care,
						  &task_checklist,
	&task_preview, &task_evidence};

/* The smallest and the usual width: a telephone's, and one that leaves room beside it on 1366. */
enum { LEAST_WIDTH = 360, LEAST_HEIGHT = 360, WIDTH = 900, HEIGHT = 680 };

static void on_destroy(GtkWidget *frame, gpointer user)
{
	(void)frame;
	struct window *w = user;
	w->frame = NULL;
	w->pages = NULL;
	w->root = NULL;
	w->toasts = NULL;
	w->task = NULL;
}

static GtkWidget *make_pages(struct window *w)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	GtkWidget *header = adw_header_bar_new();
	GtkWidget *title = adw_view_switcher_title_new();
	GtkWidget *bar = adw_view_switcher_bar_new();
	w->pages = ADW_VIEW_STACK(adw_view_stack_new());
	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
		const struct page *p = pages[i];
		adw_view_stack_add_titled_with_icon(w->pages, p->create(w),
		                                    p->name, _(p->title), p->icon);
	}
	adw_view_switcher_title_set_stack(ADW_VIEW_SWITCHER_TITLE(title), w->pages);
	adw_view_switcher_title_set_title(ADW_VIEW_SWITCHER_TITLE(title), "unknot");
	adw_view_switcher_bar_set_stack(ADW_VIEW_SWITCHER_BAR(bar), w->pages);
	g_object_bind_property(title, "title-visible", bar, "reveal", G_BINDING_SYNC_CREATE);
	adw_header_bar_set_title_widget(ADW_HEADER_BAR(header), title);
	adw_header_bar_set_centering_policy(ADW_HEADER_BAR(header), ADW_CENTERING_POLICY_STRICT);
	gtk_box_append(GTK_BOX(box), header);
	gtk_widget_set_vexpand(GTK_WIDGET(w->pages), TRUE);
	gtk_box_append(GTK_BOX(box), GTK_WIDGET(w->pages));
	gtk_box_append(GTK_BOX(box), bar);
	return box;
}

static void make_frame(struct window *w)
{
	GtkWidget *frame = adw_application_window_new(GTK_APPLICATION(w->application));
	w->frame = GTK_WINDOW(frame);
	g_signal_connect(frame, "destroy", G_CALLBACK(on_destroy), w);
	gtk_window_set_title(w->frame, "unknot");
	gtk_window_set_default_size(w->frame, WIDTH, HEIGHT);
	gtk_widget_set_size_request(frame, LEAST_WIDTH, LEAST_HEIGHT);
	w->root = GTK_STACK(gtk_stack_new());
	gtk_stack_set_transition_type(w->root, GTK_STACK_TRANSITION_TYPE_CROSSFADE);
	w->toasts = ADW_TOAST_OVERLAY(adw_toast_overlay_new());
	gtk_stack_add_named(w->root, make_pages(w), "pages");
	adw_toast_overlay_set_child(w->toasts, GTK_WIDGET(w->root));
	adw_application_window_set_content(ADW_APPLICATION_WINDOW(frame), GTK_WIDGET(w->toasts));
}

void window_end_task(struct window *w)
{
	if (w->task == NULL)
		return;
	gtk_stack_set_visible_child_name(w->root, "pages");
	gtk_stack_remove(w->root, w->task);
	w->task = NULL;
}

static gboolean on_escape(GtkWidget *task, GVariant *arguments, gpointer user)
{
	(void)task, (void)arguments;
	window_end_task(user);
	return TRUE;
}

static void let_escape_end(struct window *w)
{
	GtkEventController *keys = gtk_shortcut_controller_new();
	gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
	                                     gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_Escape,
	                                                                             0),
	                                                      gtk_callback_action_new(on_escape,
	                                                                              w, NULL)));
	gtk_widget_add_controller(w->task, keys);
}

static bool begin_task(struct window *w, const char *name, const char *which)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tasks); i++) {
		if (strcmp(tasks[i]->name, name) != 0)
			continue;
		window_end_task(w);
		w->task = tasks[i]->create(w, which);
		let_escape_end(w);
		gtk_stack_add_named(w->root, w->task, "task");
		gtk_stack_set_visible_child(w->root, w->task);
		return true;
	}
	return false;
}

static bool is_page(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++)
		if (strcmp(pages[i]->name, name) == 0)
			return true;
	return false;
}

/* Nobody's upright is known: that comes first. */
static bool is_new_here(void)
{
	char state[PATH_SIZE];
	return path_state_dir(state, NULL) && profile_list(state, NULL, NULL) == 0;
}

/* Who asks without the desktop's leave to come to the front would leave the window behind the
 * others, said to be "ready": GNOME's shell before 44 gives none with a click on a message. A
 * window that is new comes to the front all the same. */
static void come_anew(struct window *w)
{
#ifdef GDK_WINDOWING_WAYLAND
	GdkDisplay *display = gtk_widget_get_display(GTK_WIDGET(w->frame));
	if (GDK_IS_WAYLAND_DISPLAY(display) && !gtk_window_is_active(w->frame) &&
	    gdk_display_get_startup_notification_id(display) == NULL)
		gtk_widget_set_visible(GTK_WIDGET(w->frame), FALSE);
#else
	(void)w;
#endif
}

bool window_show(struct window *w, const char *place)
{
	const bool first = w->frame == NULL;
	if (first)
		make_frame(w);
	else
		come_anew(w);
	bool good = true;
	if (first && (place == NULL || *place == '\0') && is_new_here())
		place = task_calibrate.name;
	if (place != NULL && is_page(place)) {
		window_end_task(w);
		adw_view_stack_set_visible_child_name(w->pages, place);
	} else if (place != NULL && *place != '\0') {
		char **parts = g_strsplit(place, ":", 2);
		good = begin_task(w, parts[0], parts[1] != NULL ? parts[1] : "");
		g_strfreev(parts);
	}
	gtk_window_present(w->frame);
	return good;
}

void window_say(struct window *w, const char *text)
{
	if (w->toasts == NULL)
		return;
	char *escaped = g_markup_escape_text(text, -1); /* a toast's title is markup */
	adw_toast_overlay_add_toast(w->toasts, adw_toast_new(escaped));
	g_free(escaped);
}

static void on_back(GtkButton *button, gpointer user)
{
	(void)button;
	window_end_task(user);
}

GtkWidget *window_task_header(struct window *w, const char *title)
{
	GtkWidget *header = adw_header_bar_new(),
	          *back = gtk_button_new_from_icon_name("go-previous-symbolic");
	gtk_widget_set_tooltip_text(back, _("Back"));
	parts_name(back, _("Back"));
	g_signal_connect(back, "clicked", G_CALLBACK(on_back), w);
	adw_header_bar_pack_start(ADW_HEADER_BAR(header), back);
	adw_header_bar_set_title_widget(ADW_HEADER_BAR(header), adw_window_title_new(title, ""));
	return header;
}
