#include "window/wrap.h"

enum { GAP = 12, LINE_GAP = 6, WORDS_CHARS = 18 };

struct _UnknotWrap {
	GtkWidget parent;
	GtkAlign align;
};

G_DECLARE_FINAL_TYPE(UnknotWrap, unknot_wrap, UNKNOT, WRAP, GtkWidget)
G_DEFINE_TYPE(UnknotWrap, unknot_wrap, GTK_TYPE_WIDGET)

static GtkWidget *shown(GtkWidget *child)
{
	while (child != NULL && !gtk_widget_should_layout(child))
		child = gtk_widget_get_next_sibling(child);
	return child;
}

static GtkWidget *after(GtkWidget *child)
{
	return shown(gtk_widget_get_next_sibling(child));
}

static bool grows(GtkWidget *child)
{
	return gtk_widget_compute_expand(child, GTK_ORIENTATION_HORIZONTAL);
}

/* In letters of the widget's own size. */
static int words_width(GtkWidget *wrap)
{
	PangoFontMetrics *metrics =
		pango_context_get_metrics(gtk_widget_get_pango_context(wrap), NULL, NULL);
	const int width = pango_font_metrics_get_approximate_char_width(metrics);
	pango_font_metrics_unref(metrics);
	return WORDS_CHARS * width / PANGO_SCALE;
}

/* What it takes of a line that it shares. */
static int wanted(GtkWidget *child, int words)
{
	int least, usual;
	gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &usual, NULL, NULL);
	return grows(child) ? MAX(least, MIN(usual, words)) : usual;
}

struct line {
	GtkWidget *end;         /* the first that is no longer in it */
	int left, growing;      /* of the width; < 0: one alone that is too wide */
};

static struct line line_from(GtkWidget *first, int width, int words)
{
	struct line line = {first, width + GAP, 0};
	do {
		const int takes = wanted(line.end, words) + GAP;
		if (line.end != first && takes > line.left)
			break;
		line.left -= takes;
		line.growing += grows(line.end);
		line.end = after(line.end);
	} while (line.end != NULL);
	return line;
}

static int width_in(const struct line *line, GtkWidget *child, int words)
{
	const int own = wanted(child, words);
	if (line->left < 0)
		return own + line->left;
	return grows(child) ? own + line->left / line->growing : own;
}

static int line_height(const struct line *line, GtkWidget *first, int words)
{
	int height = 0;
	for (GtkWidget *child = first; child != line->end; child = after(child)) {
		int least;
		gtk_widget_measure(child, GTK_ORIENTATION_VERTICAL, width_in(line, child, words),
		                   &least, NULL, NULL, NULL);
		height = MAX(height, least);
	}
	return height;
}

static void place_line(const UnknotWrap *wrap, const struct line *line, GtkWidget *first, int words,
                       int y, int height)
{
	const int room = gtk_widget_get_width(GTK_WIDGET(wrap));
	const bool from_right =
		gtk_widget_get_direction(GTK_WIDGET(wrap)) == GTK_TEXT_DIR_RTL;
	int x = 0;
	if (line->growing == 0 && line->left > 0)
		x = wrap->align == GTK_ALIGN_CENTER ? line->left / 2
		    : wrap->align == GTK_ALIGN_END  ? line->left
		                                    : 0;
	for (GtkWidget *child = first; child != line->end; child = after(child)) {
		const int width = width_in(line, child, words);
		const GtkAllocation at = {from_right ? room - x - width : x, y, width, height};
		gtk_widget_size_allocate(child, &at, -1);
		x += width + GAP;
	}
}

/* Returns the height of all lines, and hands it out where that is asked for. */
static int lay_out(GtkWidget *widget, int width, bool place)
{
	const int words = words_width(widget);
	int y = 0;
	for (GtkWidget *first = shown(gtk_widget_get_first_child(widget)); first != NULL;) {
		const struct line line = line_from(first, width, words);
		const int height = line_height(&line, first, words);
		if (place)
			place_line((const UnknotWrap *)widget, &line, first, words, y, height);
		y += height + (line.end != NULL ? LINE_GAP : 0);
		first = line.end;
	}
	return y;
}

static GtkSizeRequestMode wrap_mode(GtkWidget *widget)
{
	(void)widget;
	return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void wrap_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *least,
                         int *usual, int *least_baseline, int *usual_baseline)
{
	int narrow = 0, wide = 0;
	*least_baseline = *usual_baseline = -1;
	for (GtkWidget *child = shown(gtk_widget_get_first_child(widget)); child != NULL;
	     child = after(child)) {
		int child_least, child_usual;
		gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &child_least,
		                   &child_usual, NULL, NULL);
		narrow = MAX(narrow, child_least);
		wide += child_usual + (wide > 0 ? GAP : 0);
	}
	if (orientation == GTK_ORIENTATION_HORIZONTAL) {
		*least = narrow;
		*usual = wide;
	} else {
		*least = *usual = lay_out(widget, for_size >= 0 ? for_size : wide, false);
	}
}

static void wrap_allocate(GtkWidget *widget, int width, int height, int baseline)
{
	(void)height, (void)baseline;
	lay_out(widget, width, true);
}

static void wrap_dispose(GObject *object)
{
	for (GtkWidget *child;
	     (child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL;)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(unknot_wrap_parent_class)->dispose(object);
}

static void unknot_wrap_class_init(UnknotWrapClass *class)
{
	G_OBJECT_CLASS(class)->dispose = wrap_dispose;
	GTK_WIDGET_CLASS(class)->get_request_mode = wrap_mode;
	GTK_WIDGET_CLASS(class)->measure = wrap_measure;
	GTK_WIDGET_CLASS(class)->size_allocate = wrap_allocate;
	gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void unknot_wrap_init(UnknotWrap *wrap)
{
	wrap->align = GTK_ALIGN_START;
}

GtkWidget *wrap_new(GtkAlign align)
{
	UnknotWrap *wrap = g_object_new(unknot_wrap_get_type(), NULL);
	wrap->align = align;
	return GTK_WIDGET(wrap);
}

void wrap_append(GtkWidget *wrap, GtkWidget *child)
{
	gtk_widget_insert_before(child, wrap, NULL);
}
