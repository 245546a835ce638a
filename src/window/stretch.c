/* "stretch", "stretch:KIND": the figure beside the mirror, and a clock that counts while the pose
 * is held. */
#include "window/window.h"

#include "coach/stretch.h"
#include "sample/follow.h"
#include "window/figure.h"
#include "window/live.h"
#include "window/mirror.h"
#include "window/parts.h"
#include "window/wrap.h"

enum { GAP = 12, FIGURE_WIDE = 220, FIGURE_NARROW = 110, NARROW = 620 };

struct coach_view {
	struct window *window;
	GtkWidget *beside, *figure, *mirror, *words, *problem, *bar, *again, *clock;
	GtkDropDown *kinds;
	struct live *live;
	struct stretch stretch;
	struct stretch_view seen;
	guint turn;             /* an idle that lays out anew; 0: none */
	int width;
};

static const struct exercise *exercise_of(enum stretch_kind kind)
{
	return exercise_find(stretch_exercise(kind));
}

/* ---- over the mirror ---- */

struct canvas {
	cairo_t *cairo;
	double width, height;
};

static void draw_limb(const struct canvas *c, const struct stretch_point *a,
                      const struct stretch_point *b, double thickness)
{
	if (!a->seen || !b->seen)
		return;
	cairo_move_to(c->cairo, c->width - a->x * c->height, a->y * c->height);
	cairo_line_to(c->cairo, c->width - b->x * c->height, b->y * c->height);
	cairo_set_line_width(c->cairo, thickness * c->height);
	cairo_stroke(c->cairo);
}

static void draw_spot(const struct canvas *c, const struct stretch_point *p, double size)
{
	draw_limb(c, p, p, size);
}

static void draw(void *user, cairo_t *cairo, double width, double height)
{
	const struct coach_view *v = user;
	const struct canvas c = {cairo, width, height};
	struct stretch_view target;
	if (v->stretch.done)
		return;
	stretch_target(&v->stretch, &target);
	cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
	if (v->stretch.held)
		cairo_set_source_rgba(cairo, 0.38, 0.84, 0.58, 0.9);
	else
		cairo_set_source_rgba(cairo, 1, 0.77, 0.34, 0.9);
	draw_limb(&c, &target.left_shoulder, &target.right_shoulder, 0.02);
	draw_spot(&c, &target.left_wrist, 0.06);
	draw_spot(&c, &target.right_wrist, 0.06);
	cairo_set_source_rgba(cairo, 0.95, 0.95, 0.95, 0.9);
	draw_limb(&c, &v->seen.left_shoulder, &v->seen.right_shoulder, 0.008);
	draw_limb(&c, &v->seen.left_ear, &v->seen.right_ear, 0.008);
	draw_spot(&c, &v->seen.left_wrist, 0.025);
	draw_spot(&c, &v->seen.right_wrist, 0.025);
}

/* ---- what is said ---- */

static void tell(struct coach_view *v)
{
	char text[160];
	stretch_words(&v->stretch, text, sizeof text);
	if (!v->stretch.done && v->live == NULL)
		*text = '\0'; /* nobody sees */
	if (strcmp(gtk_label_get_text(GTK_LABEL(v->words)), text) != 0)
		gtk_label_set_text(GTK_LABEL(v->words), text);
	gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(v->bar), stretch_progress(&v->stretch));
	gtk_widget_set_visible(v->again, v->stretch.done || v->live == NULL);
	gtk_widget_set_visible(v->clock, !v->stretch.done && v->live == NULL);
	/* Without a picture the figure has the room. */
	gtk_widget_set_visible(v->mirror, v->stretch.done || v->live != NULL);
	gtk_widget_set_hexpand(v->figure, !gtk_widget_get_visible(v->mirror));
	gtk_widget_set_vexpand(v->figure, !gtk_widget_get_visible(v->mirror));
	figure_move(v->figure, !v->stretch.done);
}

static void stop(struct coach_view *v)
{
	live_stop(v->live);
	v->live = NULL;
}

static void on_shot(void *user, const struct live_shot *shot, const struct error *error)
{
	struct coach_view *v = user;
	if (shot == NULL) {
		stop(v);
		gtk_label_set_text(GTK_LABEL(v->problem),
		                   *error->text != '\0' ? error->text
		                                        : _("The recording is over."));
		tell(v);
		return;
	}
	gtk_label_set_text(GTK_LABEL(v->problem), "");
	if (shot->fresh) {
		v->seen = stretch_view_of(shot->sample);
		stretch_step(&v->stretch, &v->seen);
	}
	mirror_show(v->mirror, v->live, shot->picture);
	if (!shot->fresh)
		return;
	if (v->stretch.done)
		stop(v); /* the camera is no longer needed */
	tell(v);
}

static void begin(struct coach_view *v)
{
	const enum stretch_kind kind = (enum stretch_kind)gtk_drop_down_get_selected(v->kinds);
	stretch_init(&v->stretch, kind, STRETCH_HOLD_S);
	figure_set(v->figure, exercise_of(kind));
	if (v->live == NULL)
		v->live = live_start(v->window->source, on_shot, v);
	tell(v);
}

static void on_again(GtkButton *button, gpointer user)
{
	(void)button;
	begin(user);
}

/* Without a camera. */
static void on_clock(GtkButton *button, gpointer user)
{
	(void)button;
	struct coach_view *v = user;
	char *place = g_strdup_printf("break:%s", stretch_exercise(v->stretch.kind));
	window_show(v->window, place);
	g_free(place);
}

static void on_kind(GObject *object, GParamSpec *spec, gpointer user)
{
	(void)object, (void)spec;
	struct coach_view *v = user;
	if (gtk_widget_get_mapped(v->bar))
		begin(v);
}

static void on_map(GtkWidget *widget, gpointer user)
{
	(void)widget;
	begin(user);
}

static void on_unmap(GtkWidget *widget, gpointer user)
{
	(void)widget;
	stop(user);
}

/* ---- layout ---- */

/* Beside each other, or above where that is too narrow. Not while sizes are handed out. */
static gboolean on_turn(gpointer user)
{
	struct coach_view *v = user;
	const bool narrow = v->width < NARROW;
	const int side = narrow ? FIGURE_NARROW : FIGURE_WIDE;
	v->turn = 0;
	gtk_orientable_set_orientation(GTK_ORIENTABLE(v->beside),
	                               narrow ? GTK_ORIENTATION_VERTICAL
	                                      : GTK_ORIENTATION_HORIZONTAL);
	gtk_widget_set_size_request(v->figure, side, side);
	return G_SOURCE_REMOVE;
}

static void on_resize(GtkDrawingArea *area, int width, int height, gpointer user)
{
	(void)area, (void)height;
	struct coach_view *v = user;
	v->width = width;
	if (v->turn == 0)
		v->turn = g_idle_add(on_turn, v);
}

static GtkWidget *make_label(const char *class)
{
	GtkWidget *label = parts_label("", class);
	gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
	gtk_label_set_xalign(GTK_LABEL(label), 0.5f);
	return label;
}

static GtkWidget *make_below(struct coach_view *v)
{
	GtkWidget *below = wrap_new(GTK_ALIGN_CENTER);
	GtkStringList *names = gtk_string_list_new(NULL);
	for (int k = 0; k < STRETCH_KINDS; k++)
		gtk_string_list_append(names, _(exercise_of((enum stretch_kind)k)->name));
	v->kinds = GTK_DROP_DOWN(gtk_drop_down_new(G_LIST_MODEL(names), NULL));
	parts_name(GTK_WIDGET(v->kinds), _("Which stretch"));
	v->again = parts_button(_("Once more"));
	gtk_widget_add_css_class(v->again, "suggested-action");
	g_signal_connect(v->again, "clicked", G_CALLBACK(on_again), v);
	v->clock = parts_button(_("By the clock"));
	g_signal_connect(v->clock, "clicked", G_CALLBACK(on_clock), v);
	wrap_append(below, GTK_WIDGET(v->kinds));
	wrap_append(below, v->again);
	wrap_append(below, v->clock);
	return below;
}

static GtkWidget *make_column(struct coach_view *v)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP),
	          *ruler = gtk_drawing_area_new();
	v->beside = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, GAP);
	v->figure = figure_new(NULL, FIGURE_WIDE);
	v->mirror = mirror_new(_("You, as in a mirror, with lines to reach"), draw, v);
	gtk_box_append(GTK_BOX(v->beside), v->figure);
	gtk_box_append(GTK_BOX(v->beside), v->mirror);
	v->words = make_label("title-2");
	v->problem = make_label("error");
	v->bar = gtk_progress_bar_new();
	parts_name(v->bar, _("How much of it is done"));
	GtkWidget *gently = make_label("dim-label");
	gtk_label_set_text(GTK_LABEL(gently), _("Gently, never into pain."));
	GtkWidget *const all[] = {ruler, v->beside, v->bar, v->words, gently,
	                          v->problem, make_below(v)};
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		gtk_box_append(GTK_BOX(box), all[i]);
	gtk_widget_set_margin_start(box, GAP);
	gtk_widget_set_margin_end(box, GAP);
	gtk_widget_set_margin_bottom(box, GAP);
	g_signal_connect(ruler, "resize", G_CALLBACK(on_resize), v);
	g_signal_connect(box, "map", G_CALLBACK(on_map), v);
	g_signal_connect(box, "unmap", G_CALLBACK(on_unmap), v);
	return box;
}

static void free_view(gpointer user)
{
	struct coach_view *v = user;
	stop(v);
	if (v->turn != 0)
		g_source_remove(v->turn);
	g_free(v);
}

static GtkWidget *create(struct window *w, const char *which)
{
	struct coach_view *v = g_new0(struct coach_view, 1);
	GtkWidget *whole = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	enum stretch_kind kind = STRETCH_SIDE_BEND;
	v->window = w;
	stretch_find(which, &kind);
	gtk_box_append(GTK_BOX(whole), window_task_header(w, _("Stretch")));
	gtk_box_append(GTK_BOX(whole), make_column(v));
	g_object_set_data_full(G_OBJECT(whole), "stretch", v, free_view);
	gtk_drop_down_set_selected(v->kinds, kind);
	g_signal_connect(v->kinds, "notify::selected", G_CALLBACK(on_kind), v);
	return whole;
}

const struct task task_stretch = {"stretch", create};
