/* The live picture as before a mirror, with what is seen in it, and the numbers in words. */
#include "base/paths.h"
#include "config/config.h"
#include "sample/json.h"
#include "window/mirror.h"
#include "window/parts.h"
#include "window/preview.h"
#include "window/state.h"
#include "window/window.h"

#include <math.h>

/* Numbers that change with each picture cannot be read. */
static const double told_every_s = 0.4;

/* What is told of, in the order of the rows. */
static const struct row {
	enum measure_id id;
	const char *title;
} rows[] = {
	{MEASURE_EYE_DISTANCE, N_("Eyes from the camera")},
	{MEASURE_EYE_DROP, N_("Eyes lower than upright")},
	{MEASURE_LEAN_IN, N_("Eyes nearer than upright")},
	{MEASURE_LEAN_SIDE, N_("Eyes beside upright")},
	{MEASURE_HEAD_PITCH_CHANGE, N_("Chin lower than upright")},
	{MEASURE_HEAD_YAW, N_("Head turned")},
	{MEASURE_HEAD_ROLL, N_("Head tipped")}, {MEASURE_SHOULDER_TILT, N_("Shoulders slanted")},
	{MEASURE_MONITOR_TOP_OFFSET, N_("Screen's top edge over the eyes")},
};

static const char legend[] =
	N_("Dashed: the height of the camera. Cross: your eyes while you sit upright; "
           "frame: the room that they have. Nothing is stored.");

struct preview {
	struct window *window;
	struct live *live;
	struct posture_config limits;
	GtkWidget *page, *mirror, *title, *text, *again, *seen, *legend, *rows[G_N_ELEMENTS(rows)];
	bool has_shot;
	gint64 told;             /* monotonic, us */
	/* Of the last shot. */
	struct sample sample;
	struct camera camera;
	struct profile profile;
};

/* ---- in words ---- */

static bool has_sides(enum measure_id id)
{
	return id == MEASURE_LEAN_SIDE || id == MEASURE_HEAD_YAW || id == MEASURE_HEAD_ROLL ||
	       id == MEASURE_SHOULDER_TILT;
}

/* "2.1 cm to the left, give or take 0.5". Of shoulders the higher one is meant. */
static void words_of(const struct row *row, const struct measure *m, char *text, size_t size)
{
	const char *side = !has_sides(row->id) || fabs(m->value) < m->sigma ? ""
			 : row->id == MEASURE_SHOULDER_TILT
				 ? (m->value > 0 ? _("left one higher") : _("right one higher"))
				 : (m->value > 0 ? _("to the left") : _("to the right"));
	const bool degrees = strstr(measure_name(row->id), "_deg") != NULL;
	const double value = has_sides(row->id) ? fabs(m->value) : m->value;
	char number[48];
	if (degrees && lround(value) == 1)
		snprintf(number, sizeof number, "%s", _("1 degree"));
	else if (degrees)
		snprintf(number, sizeof number, _("%.0f degrees"), value);
	else
		snprintf(number, sizeof number, _("%.1f cm"), value);
	snprintf(text, size, _("%s%s%s, give or take %.1f"), number, *side ? " " : "",
	         side, m->sigma);
}

static void say_rows(struct preview *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct measure *m = &p->sample.measures.m[rows[i].id];
		char text[160] = "";
		if (m->valid)
			words_of(&rows[i], m, text, sizeof text);
		adw_action_row_set_subtitle(ADW_ACTION_ROW(p->rows[i]), text);
		gtk_widget_set_visible(p->rows[i], m->valid);
	}
}

static void say(struct preview *p)
{
	char title[96], text[320];
	const enum presence presence = p->sample.presence;
	cJSON *measures = measures_to_json(&p->sample.measures);
	state_posture(presence == PRESENCE_PRESENT ? posture_name(p->sample.verdict.label)
						   : presence_name(presence),
		      measures, title, sizeof title, text, sizeof text);
	cJSON_Delete(measures);
	if (presence == PRESENCE_PRESENT && p->sample.verdict.label == POSTURE_UNKNOWN &&
	    !p->profile.valid) { /* as the page Now says it */
		g_strlcpy(title, _("You are seen"), sizeof title);
		g_strlcpy(text, _("How you sit is judged against how you sit upright, which is not "
		                  "known yet."), sizeof text);
	}
	gtk_label_set_text(GTK_LABEL(p->title), title);
	gtk_label_set_text(GTK_LABEL(p->text), text);
	gtk_widget_set_visible(p->text, *text != '\0');
	say_rows(p);
}

/* ---- pictures ---- */

static void draw(void *user, cairo_t *cr, double width, double height)
{
	const struct preview *p = user;
	if (p->has_shot)
		preview_draw(cr, width, height, &p->sample, &p->camera, &p->profile, &p->limits);
}

/* Without a picture what is wrong stands at the top, and nothing explains the picture. */
static void show_picture(struct preview *p, bool there)
{
	gtk_widget_set_visible(p->mirror, there);
	gtk_widget_set_visible(p->seen, there);
	gtk_widget_set_visible(p->legend, there);
	gtk_widget_set_visible(p->again, !there);
}

static void end_with(struct preview *p, const char *problem)
{
	live_stop(p->live);
	p->live = NULL;
	p->has_shot = false;
	mirror_clear(p->mirror);
	show_picture(p, false);
	gtk_label_set_text(GTK_LABEL(p->title), *problem ? _("No picture")
	                                                 : _("The recording is over"));
	char *text = g_strdup_printf("%s\n\n%s", problem,
	                             _("Plug a camera in, or open its shutter, and end other "
	                               "programs that use it."));
	gtk_label_set_text(GTK_LABEL(p->text), text);
	gtk_widget_set_visible(p->text, *problem != '\0');
	g_free(text);
}

static void on_shot(void *user, const struct live_shot *shot, const struct error *error)
{
	struct preview *p = user;
	const gint64 now = g_get_monotonic_time();
	if (shot == NULL) {
		end_with(p, error->text);
		return;
	}
	if (shot->fresh) {
		p->sample = *shot->sample;
		p->camera = shot->camera;
		p->profile = *shot->profile;
		p->has_shot = true;
	}
	show_picture(p, true);
	mirror_show(p->mirror, p->live, shot->picture);
	if ((double)(now - p->told) < told_every_s * G_USEC_PER_SEC)
		return;
	p->told = now;
	say(p);
}

/* The camera is on only while its picture can be seen. */
static void on_map(GtkWidget *page, gpointer user)
{
	struct preview *p = user;
	(void)page;
	if (p->live == NULL)
		p->live = live_start(p->window->source, on_shot, p);
}

static void on_again(GtkButton *button, gpointer user)
{
	struct preview *p = user;
	(void)button;
	if (p->live == NULL)
		p->live = live_start(p->window->source, on_shot, p);
}

static void on_unmap(GtkWidget *page, gpointer user)
{
	struct preview *p = user;
	(void)page;
	live_stop(p->live);
	p->live = NULL;
}

static void on_destroy(GtkWidget *page, gpointer user)
{
	on_unmap(page, user);
	g_free(user);
}

static struct posture_config limits(void)
{
	struct config config = config_default();
	struct error error;
	char path[PATH_SIZE];
	if (path_config_file(path, &error))
		config_load(&config, path, &error); /* else the defaults stay */
	return config_posture(&config);
}

static GtkWidget *create(struct window *w, const char *which)
{
	struct preview *p = g_new0(struct preview, 1);
	GtkWidget *box;
	AdwPreferencesGroup *group = parts_group(NULL, NULL);
	(void)which;
	p->window = w;
	p->limits = limits();
	p->page = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	p->mirror = mirror_new(_("You, as in a mirror, with what is seen of you"), draw, p);
	p->title = parts_label(_("A moment"), "title-2");
	p->text = parts_label(_("The camera starts."), NULL);
	gtk_box_append(GTK_BOX(p->page), window_task_header(w, _("The picture")));
	gtk_box_append(GTK_BOX(p->page), parts_column(&box));
	gtk_widget_set_size_request(p->mirror, -1, 320);
	gtk_box_append(GTK_BOX(box), p->mirror);
	gtk_box_append(GTK_BOX(box), p->title);
	gtk_box_append(GTK_BOX(box), p->text);
	p->again = parts_button(_("Try again"));
	gtk_widget_add_css_class(p->again, "pill");
	gtk_widget_add_css_class(p->again, "suggested-action");
	gtk_widget_set_halign(p->again, GTK_ALIGN_START);
	gtk_widget_set_visible(p->again, FALSE);
	g_signal_connect(p->again, "clicked", G_CALLBACK(on_again), p);
	gtk_box_append(GTK_BOX(box), p->again);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		p->rows[i] = parts_row(_(rows[i].title), NULL);
		gtk_widget_set_visible(p->rows[i], FALSE);
		adw_preferences_group_add(group, p->rows[i]);
	}
	p->seen = GTK_WIDGET(group);
	p->legend = parts_label(_(legend), "dim-label");
	gtk_box_append(GTK_BOX(box), p->seen);
	gtk_box_append(GTK_BOX(box), p->legend);
	g_signal_connect(p->page, "map", G_CALLBACK(on_map), p);
	g_signal_connect(p->page, "unmap", G_CALLBACK(on_unmap), p);
	g_signal_connect(p->page, "destroy", G_CALLBACK(on_destroy), p);
	return p->page;
}

const struct task task_preview = {"preview", create};
