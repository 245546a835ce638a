/* The tasks "care" and "checklist": one question at a time, then what comes of the answers. They
 * are kept as `unknot care` and `unknot checklist` keep them. */
#include "window/link.h"
#include "window/parts.h"
#include "window/window.h"

#include "base/paths.h"
#include "store/known_care.h"
#include "window/desk.h"

enum { PICTURE = 200, SMALL = 84 };

struct questions {
	struct window *window;
	GtkWidget *column;
	const char *list;                       /* KNOWN_CARE_LIST or KNOWN_CHECKLIST */
	const struct care_question *questions;
	int count, at;
	struct answers answers;
	char dir[PATH_SIZE];
};

static bool is_care(const struct questions *q)
{
	return strcmp(q->list, KNOWN_CARE_LIST) == 0;
}

static void show_question(struct questions *q);

/* ---- how it should be, drawn ---- */

static void on_draw(GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer id)
{
	GtkStyleContext *style = gtk_widget_get_style_context(GTK_WIDGET(area));
	GdkRGBA ink, mark;
	gtk_style_context_get_color(style, &ink);
	if (!gtk_style_context_lookup_color(style, "accent_color", &mark))
		mark = ink;
	const struct desk_inks inks = {{ink.red, ink.green, ink.blue},
				       {mark.red, mark.green, mark.blue}};
	desk_draw(cairo, id, &inks, width, height);
}

static GtkWidget *make_picture(const struct care_question *question, int height)
{
	GtkWidget *picture = g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role",
					  GTK_ACCESSIBLE_ROLE_IMG, NULL);
	gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(picture), (int)(height * DESK_ASPECT));
	gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(picture), height);
	gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(picture), on_draw,
				       (gpointer)question->id, NULL);
	gtk_widget_set_halign(picture, GTK_ALIGN_CENTER);
	parts_name(picture, _("How it should be, drawn"));
	return picture;
}

/* ---- the end ---- */

static void on_end(GtkButton *button, gpointer user)
{
	struct questions *q = user;
	(void)button;
	window_show(q->window, "diary"); /* ends the task */
}

static void add_outcome(struct questions *q)
{
	bool yes[ANSWERS_MAX] = {false}, no[ANSWERS_MAX] = {false};
	char text[CARE_PARAGRAPHS][CARE_TEXT];
	for (int i = 0; i < q->at; i++) {
		yes[i] = q->answers.of[i] == ANSWER_YES;
		no[i] = q->answers.of[i] == ANSWER_NO;
	}
	const struct care_outcome outcome = care_conclude(yes, no, q->at);
	const int count = care_says(&outcome, text);
	for (int i = 0; i < count; i++) {
		GtkWidget *label = parts_label(text[i], i == 0 ? "title-2" : NULL);
		if (i == 0 && care_gentle(outcome.reason))
			gtk_widget_add_css_class(label, "error");
		gtk_box_append(GTK_BOX(q->column), label);
	}
}

static void add_advice(struct questions *q)
{
	AdwPreferencesGroup *group = parts_group(NULL, NULL);
	int wrong = 0;
	for (int i = 0; i < q->count; i++)
		if (q->answers.of[i] == ANSWER_NO) {
			GtkWidget *row = parts_row(_(q->questions[i].advice),
						   _(q->questions[i].text));
			adw_action_row_add_prefix(ADW_ACTION_ROW(row),
						  make_picture(&q->questions[i], SMALL));
			adw_preferences_group_add(group, row);
			wrong++;
		}
	gtk_box_append(GTK_BOX(q->column), parts_label(wrong > 0 ? _("Worth changing")
						       : _("Nothing to change that you know of."),
						       "title-2"));
	if (wrong > 0)
		gtk_box_append(GTK_BOX(q->column), GTK_WIDGET(group));
}

static void show_end(struct questions *q)
{
	struct error error;
	for (int i = q->at; i < q->count; i++)
		q->answers.of[i] = ANSWER_UNSAID; /* answered before, and not asked now */
	q->answers.answered_ms = g_get_real_time() / 1000;
	if (known_answers_save(&q->answers, q->dir, q->list, q->questions, q->count, &error))
		link_call(q->window->link, "Reload", NULL, false, NULL, NULL);
	else
		window_say(q->window, error.text);
	parts_clear(q->column);
	if (is_care(q))
		add_outcome(q);
	else
		add_advice(q);
	GtkWidget *button = parts_button(_("Done"));
	gtk_widget_add_css_class(button, "pill");
	gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
	g_signal_connect(button, "clicked", G_CALLBACK(on_end), q);
	gtk_box_append(GTK_BOX(q->column), button);
	gtk_widget_grab_focus(button);
}

/* ---- a question ---- */

static void answer(struct questions *q, enum answer given)
{
	bool yes[ANSWERS_MAX] = {false};
	q->answers.of[q->at++] = given;
	for (int i = 0; i < q->at; i++)
		yes[i] = q->answers.of[i] == ANSWER_YES;
	if (q->at == q->count || (is_care(q) && care_enough(yes, q->at)))
		show_end(q);
	else
		show_question(q);
}

static void on_yes(GtkButton *button, gpointer user)
{
	(void)button;
	answer(user, ANSWER_YES);
}

static void on_no(GtkButton *button, gpointer user)
{
	(void)button;
	answer(user, ANSWER_NO);
}

static void on_skip(GtkButton *button, gpointer user)
{
	(void)button;
	answer(user, ANSWER_UNSAID);
}

static void on_previous(GtkButton *button, gpointer user)
{
	struct questions *q = user;
	(void)button;
	q->at--;
	show_question(q);
}

static void add_button(struct questions *q, const char *label, const char *class, bool marked,
		       GCallback clicked)
{
	GtkWidget *button = gtk_button_new_with_mnemonic(label);
	gtk_widget_add_css_class(button, class);
	if (marked)
		gtk_widget_add_css_class(button, "suggested-action");
	gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
	gtk_widget_set_size_request(button, 220, -1);
	g_signal_connect(button, "clicked", clicked, q);
	gtk_box_append(GTK_BOX(q->column), button);
}

/* Built anew, and the question gets the focus: so a screen reader reads it, and Enter twice answers
 * nothing. */
static void show_question(struct questions *q)
{
	const struct care_question *now = &q->questions[q->at];
	const enum answer before = q->answers.of[q->at];
	parts_clear(q->column);
	char *progress = g_strdup_printf(_("Question %d of %d"), q->at + 1, q->count);
	GtkWidget *label = parts_label(progress, "dim-label"),
	          *text = parts_label(_(now->text), "title-2");
	g_free(progress);
	gtk_label_set_xalign(GTK_LABEL(label), 0.5f);
	gtk_label_set_xalign(GTK_LABEL(text), 0.5f);
	gtk_label_set_justify(GTK_LABEL(text), GTK_JUSTIFY_CENTER);
	gtk_widget_set_focusable(text, TRUE);
	gtk_box_append(GTK_BOX(q->column), label);
	if (!is_care(q))
		gtk_box_append(GTK_BOX(q->column), make_picture(now, PICTURE));
	gtk_box_append(GTK_BOX(q->column), text);
	add_button(q, _("_Yes"), "pill", before == ANSWER_YES, G_CALLBACK(on_yes));
	add_button(q, _("_No"), "pill", before == ANSWER_NO, G_CALLBACK(on_no));
	add_button(q, _("_Skip"), "flat", false, G_CALLBACK(on_skip));
	if (q->at > 0)
		add_button(q, _("_Previous question"), "flat", false, G_CALLBACK(on_previous));
	if (is_care(q) && q->at == 0)
		gtk_box_append(GTK_BOX(q->column), parts_label(
			_("The gravest signs come first. The answers stay on this machine. What "
			  "comes of them is advice, not a diagnosis."), "dim-label"));
	gtk_widget_grab_focus(text);
}

static void on_destroy(GtkWidget *box, gpointer questions)
{
	(void)box;
	g_free(questions);
}

static void on_map(GtkWidget *box, gpointer user)
{
	(void)box;
	const struct questions *q = user;
	if (q->at == 0)
		show_question(user);
}

static GtkWidget *make(struct window *w, const char *list, const char *title)
{
	struct questions *q = g_new0(struct questions, 1);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	struct error error = {0};
	q->window = w;
	q->list = list;
	q->count = is_care(q) ? care_red_flags(&q->questions) : care_checks(&q->questions);
	gtk_box_append(GTK_BOX(box), window_task_header(w, title));
	gtk_box_append(GTK_BOX(box), parts_column(&q->column));
	g_signal_connect(box, "destroy", G_CALLBACK(on_destroy), q);
	g_signal_connect(box, "map", G_CALLBACK(on_map), q);
	/* Of care, last time's answers are no suggestion for today's. */
	if (!path_state_dir(q->dir, &error) ||
	    (!is_care(q) &&
	     !known_answers(&q->answers, q->dir, q->list, q->questions, q->count, &error)))
		window_say(w, error.text);
	return box;
}

static GtkWidget *create_care(struct window *w, const char *which)
{
	(void)which;
	return make(w, KNOWN_CARE_LIST, _("Questions about your back"));
}

static GtkWidget *create_checklist(struct window *w, const char *which)
{
	(void)which;
	return make(w, KNOWN_CHECKLIST, _("Your workstation"));
}

const struct task task_care = {"care", create_care};
const struct task task_checklist = {"checklist", create_checklist};
