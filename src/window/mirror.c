#include "window/mirror.h"

/* The picture and, above it and of its size, what is drawn. */
struct mirror {
	GtkWidget *picture, *over;
	mirror_draw_fn *draw;
	void *user;
};

static struct mirror *mirror_of(GtkWidget *widget)
{
	return g_object_get_data(G_OBJECT(widget), "mirror");
}

/* The picture keeps its shape and lies in the middle of its room. */
static void on_draw(GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer user)
{
	(void)area;
	const struct mirror *m = user;
	GdkPaintable *shown = gtk_picture_get_paintable(GTK_PICTURE(m->picture));
	if (shown == NULL || m->draw == NULL)
		return;
	const double aspect = gdk_paintable_get_intrinsic_aspect_ratio(shown);
	const double w = MIN(width, height * aspect), h = w / aspect;
	cairo_translate(cairo, (width - w) / 2, (height - h) / 2);
	cairo_rectangle(cairo, 0, 0, w, h);
	cairo_clip(cairo);
	m->draw(m->user, cairo, w, h);
}

GtkWidget *mirror_new(const char *label, mirror_draw_fn *draw, void *user)
{
	enum { LEAST_HEIGHT = 160 };
	GtkWidget *overlay = gtk_overlay_new();
	struct mirror *m = g_new0(struct mirror, 1);
	*m = (struct mirror){gtk_picture_new(), gtk_drawing_area_new(), draw, user};
	gtk_picture_set_can_shrink(GTK_PICTURE(m->picture), TRUE);
	gtk_picture_set_alternative_text(GTK_PICTURE(m->picture), label);
	gtk_widget_set_size_request(m->picture, -1, LEAST_HEIGHT);
	gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(m->over), on_draw, m, NULL);
	gtk_widget_set_can_target(m->over, FALSE);
	gtk_overlay_set_child(GTK_OVERLAY(overlay), m->picture);
	gtk_overlay_add_overlay(GTK_OVERLAY(overlay), m->over);
	gtk_widget_set_hexpand(overlay, TRUE);
	gtk_widget_set_vexpand(overlay, TRUE);
	g_object_set_data_full(G_OBJECT(overlay), "mirror", m, g_free);
	return overlay;
}

void mirror_show(GtkWidget *mirror, GdkTexture *picture)
{
	struct mirror *m = mirror_of(mirror);
	gtk_picture_set_paintable(GTK_PICTURE(m->picture),
	                          picture != NULL ? GDK_PAINTABLE(picture) : NULL);
	gtk_widget_queue_draw(m->over);
}

void mirror_redraw(GtkWidget *mirror)
{
	gtk_widget_queue_draw(mirror_of(mirror)->over);
}
