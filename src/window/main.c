#include "window/link.h"
#include "window/window.h"

#include <stdio.h>

/* ---- what is asked for from outside ---- */

static void on_show(GSimpleAction *action, GVariant *place, gpointer user)
{
	struct window *w = user;
	(void)action;
	if (!window_show(w, g_variant_get_string(place, NULL)))
		window_say(w, _("There is no such page"));
}

static void on_report(GSimpleAction *action, GVariant *none, gpointer user)
{
	(void)action, (void)none;
	window_show(user, "today");
}

/* Told in the window, or where there is none, as the desktop tells things. */
static void on_asked(void *user, GVariant *reply, const char *problem)
{
	struct window *w = user;
	if (reply == NULL && w->frame != NULL) {
		window_say(w, problem);
	} else if (reply == NULL) {
		GNotification *note = g_notification_new("unknot");
		g_notification_set_body(note, problem);
		g_application_send_notification(G_APPLICATION(w->application), "problem", note);
		g_object_unref(note);
	}
	g_application_release(G_APPLICATION(w->application));
}

static void ask(struct window *w, const char *method, GVariant *arguments)
{
	g_application_hold(G_APPLICATION(w->application));
	link_call(w->link, method, arguments, false, on_asked, w);
}

static void on_break(GSimpleAction *action, GVariant *none, gpointer user)
{
	(void)action, (void)none;
	ask(user, "Break", g_variant_new("(s)", "movement"));
}

static void on_snooze(GSimpleAction *action, GVariant *none, gpointer user)
{
	const unsigned half_an_hour = 30 * 60;
	(void)action, (void)none;
	ask(user, "Snooze", g_variant_new("(u)", half_an_hour));
}

static void on_pause(GSimpleAction *action, GVariant *none, gpointer user)
{
	(void)action, (void)none;
	ask(user, "Pause", g_variant_new("(u)", 0U));
}

static void on_resume(GSimpleAction *action, GVariant *none, gpointer user)
{
	(void)action, (void)none;
	ask(user, "Resume", NULL);
}

static void on_quit(GSimpleAction *action, GVariant *none, gpointer user)
{
	struct window *w = user;
	(void)action, (void)none;
	if (w->frame != NULL)
		gtk_window_close(w->frame);
}

/* "show" with a place for the tray, the commands and the daemon's messages; the others are the menu
 * entry's own (io.github.unknot.desktop). */
static void add_actions(struct window *w)
{
	static const GActionEntry entries[] = {
		{.name = "show", .activate = on_show, .parameter_type = "s"},
		{.name = "report", .activate = on_report}, {.name = "break", .activate = on_break},
		{.name = "snooze", .activate = on_snooze}, {.name = "pause", .activate = on_pause},
		{.name = "resume", .activate = on_resume}, {.name = "quit", .activate = on_quit},
	};
	static const char *const close_keys[] = {"<Control>q", "<Control>w", NULL};
	g_action_map_add_action_entries(G_ACTION_MAP(w->application), entries,
	                                G_N_ELEMENTS(entries), w);
	gtk_application_set_accels_for_action(GTK_APPLICATION(w->application),
	                                      "app.quit", close_keys);
}

/* libadwaita gives the classes of its style sheet their size in points, so that they do not follow
 * the size of letters that somebody has chosen: as shares of it they do. */
static void let_letters_follow(void)
{
	static const char style[] =
		".large-title { font-size: 218%; } .title-1 { font-size: 182%; }"
		".title-2, .title-3 { font-size: 136%; } .title-4 { font-size: 118%; }"
		".heading, .body { font-size: 100%; }"
		".caption, .caption-heading { font-size: 82%; }";
	GtkCssProvider *provider = gtk_css_provider_new();
	gtk_css_provider_load_from_data(provider, style, -1);
	gtk_style_context_add_provider_for_display(gdk_display_get_default(),
	                                           GTK_STYLE_PROVIDER(provider),
	                                           GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
	g_object_unref(provider);
}

static void on_startup(GApplication *application, gpointer user)
{
	struct window *w = user;
	w->link = link_new(g_application_get_dbus_connection(application));
	add_actions(w);
	let_letters_follow();
	gtk_window_set_default_icon_name(WINDOW_NAME);
}

static void on_activate(GApplication *application, gpointer user)
{
	(void)application;
	window_show(user, NULL);
}

static int on_command_line(GApplication *application, GApplicationCommandLine *line, gpointer user)
{
	(void)application;
	struct window *w = user;
	int count;
	char **arguments = g_application_command_line_get_arguments(line, &count);
	const char *place = count > 1 ? arguments[1] : NULL;
	int status = 0;
	if (count > 2 || !window_show(w, place)) {
		g_application_command_line_printerr(line, _("unknot-window: there is no page %s\n"),
						    arguments[count - 1]);
		status = 2;
	}
	g_strfreev(arguments);
	return status;
}

/* Options of the first instance only; what follows them goes to the one that runs. */
static int on_local_options(GApplication *application, GVariantDict *options, gpointer user)
{
	(void)application;
	struct window *w = user;
	const char *source;
	if (g_variant_dict_contains(options, "version")) {
		puts("unknot-window " UNKNOT_VERSION);
		return 0;
	}
	if (g_variant_dict_lookup(options, "source", "&s", &source))
		w->source = g_intern_string(source);
	return -1;
}

static void on_shutdown(GApplication *application, gpointer user)
{
	(void)application;
	struct window *w = user;
	link_free(w->link);
	w->link = NULL;
}

int main(int argc, char **argv)
{
	static struct window window;
	gtk_disable_setlocale(); /* numbers keep their point: text_init */
	text_init();
	g_set_prgname(WINDOW_NAME); /* what X11 and Wayland know the window
	                             * by: the name of its desktop entry */
	AdwApplication *application = adw_application_new(WINDOW_NAME,
	                                                  G_APPLICATION_HANDLES_COMMAND_LINE);
	window.application = application;
	g_application_add_main_option(G_APPLICATION(application), "source",
	                              's', 0, G_OPTION_ARG_STRING,
	                              N_("Pictures from there instead of the camera"),
	                              N_("SOURCE"));
	g_application_add_main_option(G_APPLICATION(application), "version",
	                              'v', 0, G_OPTION_ARG_NONE, N_("Print the version"), NULL);
	g_signal_connect(application, "startup", G_CALLBACK(on_startup), &window);
	g_signal_connect(application, "activate", G_CALLBACK(on_activate), &window);
	g_signal_connect(application, "command-line", G_CALLBACK(on_command_line), &window);
	g_signal_connect(application, "handle-local-options", G_CALLBACK(on_local_options),
	                 &window);
	g_signal_connect(application, "shutdown", G_CALLBACK(on_shutdown), &window);
	const int status = g_application_run(G_APPLICATION(application), argc, argv);
	g_object_unref(application);
	return status;
}
