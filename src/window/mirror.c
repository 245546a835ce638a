#include "window/mirror.h"

#include "window/fit.h"

/* A widget of its own, for what it costs: without a graphics processor each picture would be scaled
 * once more, and what is drawn over it in a widget above made a second picture to be laid over it:
 * together half of all that a live picture took. */
struct _UnknotMirror {
	GtkWidget parent;
	mirror_draw_fn *draw;
	void *user;
	cairo_surface_t *shown; /* NULL: none */
};

G_DECLARE_FINAL_TYPE(UnknotMirror, unknot_mirror, UNKNOT, MIRROR, GtkWidget)
G_DEFINE_TYPE(UnknotMirror, unknot_mirror, GTK_TYPE_WIDGET)

/* In pixels of the screen, so that a picture made for this room is not scaled. */
static struct fit place(GtkWidget *widget, const UnknotMirror *m)
{
	const int scale = gtk_widget_get_scale_factor(widget);
	return fit_in(gtk_widget_get_width(widget) * scale, gtk_widget_get_height(widget) * scale,
	              cairo_image_surface_get_width(m->shown),
	              cairo_image_surface_get_height(m->shown));
}

static void let_go(gpointer picture)
{
	cairo_surface_destroy(picture);
}

static GdkTexture *texture_of(cairo_surface_t *picture)
{
	const int height = cairo_image_surface_get_height(picture);
	const size_t stride = (size_t)cairo_image_surface_get_stride(picture);
	GBytes *bytes = g_bytes_new_with_free_func(cairo_image_surface_get_data(picture),
						   stride * (size_t)height, let_go,
						   cairo_surface_reference(picture));
	GdkTexture *texture = gdk_memory_texture_new(cairo_image_surface_get_width(picture), height,
						     GDK_MEMORY_DEFAULT, bytes, stride);
	g_bytes_unref(bytes);
	return texture;
}

/* Without a graphics processor a texture would be copied, through floats in GTK 4.8, whenever
 * anything of the window is drawn; a drawing reads what of it is within the part that is drawn. */
static void mirror_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
	const UnknotMirror *m = UNKNOT_MIRROR(widget);
	if (m->shown == NULL)
		return;
	const struct fit at = place(widget, m);
	const double scale = gtk_widget_get_scale_factor(widget);
	const graphene_rect_t where = GRAPHENE_RECT_INIT(
		(float)(at.left / scale), (float)(at.top / scale), (float)(at.width / scale),
		(float)(at.height / scale));
	GskRenderer *renderer = gtk_native_get_renderer(gtk_widget_get_native(widget));
	if (!GSK_IS_CAIRO_RENDERER(renderer)) {
		GdkTexture *texture = texture_of(m->shown);
		gtk_snapshot_append_texture(snapshot, texture, &where);
		g_object_unref(texture);
		return;
	}
	cairo_t *cairo = gtk_snapshot_append_cairo(snapshot, &where);
	cairo_translate(cairo, at.left / scale, at.top / scale);
	cairo_scale(cairo, at.width / scale / cairo_image_surface_get_width(m->shown),
		    at.height / scale / cairo_image_surface_get_height(m->shown));
	cairo_set_source_surface(cairo, m->shown, 0, 0);
	cairo_paint(cairo);
	cairo_destroy(cairo);
}

static void mirror_dispose(GObject *object)
{
	g_clear_pointer(&UNKNOT_MIRROR(object)->shown, cairo_surface_destroy);
	G_OBJECT_CLASS(unknot_mirror_parent_class)->dispose(object);
}

static void unknot_mirror_class_init(UnknotMirrorClass *class)
{
	G_OBJECT_CLASS(class)->dispose = mirror_dispose;
	GTK_WIDGET_CLASS(class)->snapshot = mirror_snapshot;
	gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void unknot_mirror_init(UnknotMirror *m)
{
	(void)m;
}

GtkWidget *mirror_new(const char *label, mirror_draw_fn *draw, void *user)
{
	enum { LEAST_HEIGHT = 160 };
	UnknotMirror *m = g_object_new(unknot_mirror_get_type(), NULL);
	GtkWidget *widget = GTK_WIDGET(m);
	m->draw = draw;
	m->user = user;
	gtk_accessible_update_property(GTK_ACCESSIBLE(m), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
	gtk_widget_set_size_request(widget, -1, LEAST_HEIGHT);
	gtk_widget_set_hexpand(widget, TRUE);
	gtk_widget_set_vexpand(widget, TRUE);
	return widget;
}

static void draw_over(const UnknotMirror *m, cairo_surface_t *picture)
{
	cairo_t *cairo = cairo_create(picture);
	m->draw(m->user, cairo, cairo_image_surface_get_width(picture),
		cairo_image_surface_get_height(picture));
	cairo_destroy(cairo);
	cairo_surface_flush(picture);
}

void mirror_show(GtkWidget *mirror, struct live *live, cairo_surface_t *picture)
{
	UnknotMirror *m = UNKNOT_MIRROR(mirror);
	const int scale = gtk_widget_get_scale_factor(mirror);
	if (cairo_surface_status(picture) != CAIRO_STATUS_SUCCESS)
		return;
	draw_over(m, picture);
	mirror_clear(mirror);
	m->shown = cairo_surface_reference(picture);
	live_fit(live, gtk_widget_get_width(mirror) * scale, gtk_widget_get_height(mirror) * scale);
}

void mirror_clear(GtkWidget *mirror)
{
	g_clear_pointer(&UNKNOT_MIRROR(mirror)->shown, cairo_surface_destroy);
	gtk_widget_queue_draw(mirror);
}
