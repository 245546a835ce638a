/* icons NAME...: whether the desktop's theme and what the window brings have a picture for each.
 * Themes lose some from one release to the next. */
#include <gtk/gtk.h>
#include <stdio.h>

GResource *window_get_resource(void); /* of the resources that are compiled into the window */

int main(int argc, char **argv)
{
	GtkIconTheme *theme = gtk_icon_theme_new();
	int missing = 0;
	g_resources_register(window_get_resource());
	gtk_icon_theme_set_theme_name(theme, "Adwaita");
	gtk_icon_theme_add_resource_path(theme, "/io/github/unknot/icons");
	for (int i = 1; i < argc; i++)
		if (!gtk_icon_theme_has_icon(theme, argv[i])) {
			fprintf(stderr, "no icon is called %s\n", argv[i]);
			missing++;
		}
	g_object_unref(theme);
	return argc > 1 && missing == 0 ? 0 : 1;
}
