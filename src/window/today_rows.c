/* A day and several days as cards of rows. The words and numbers are the report's own. */
#include "window/today.h"

#include "report/said.h"
#include "report/totals.h"
#include "window/parts.h"
#include "window/wrap.h"

#include <stdlib.h>

enum { PAD = 12 };

/* ---- pieces ---- */

static void put_plain(FILE *to, const char *text)
{
	fputs(text, to);
}

typedef void say_fn(FILE *, put_fn *, const struct report_summary *const *days, int count);

static void add_said(GtkWidget *column, say_fn *say, const struct report_summary *const *days,
                     int count, const char *class)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	if (to == NULL)
		return;
	say(to, put_plain, days, count);
	fclose(to);
	if (*text != '\0')
		gtk_box_append(GTK_BOX(column), parts_label(text, class));
	free(text);
}

/* A name, its value at the end of the line, a note and a bar below; note NULL: none; share < 0: no
 * bar. */
static void add_fact(AdwPreferencesGroup *group, const char *name, const char *value,
                     const char *note, const char *colour, double share)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6),
	          *line = wrap_new(GTK_ALIGN_END);
	GtkWidget *left = parts_label(name, NULL), *right = parts_label(value, "heading");
	gtk_widget_set_hexpand(left, TRUE);
	gtk_label_set_xalign(GTK_LABEL(right), 1);
	wrap_append(line, left);
	wrap_append(line, right);
	gtk_box_append(GTK_BOX(box), line);
	if (share >= 0)
		gtk_box_append(GTK_BOX(box), today_bar(colour, share));
	if (note != NULL && *note != '\0') {
		GtkWidget *label = parts_label(note, "caption");
		gtk_widget_add_css_class(label, "dim-label");
		gtk_box_append(GTK_BOX(box), label);
	}
	char *whole = g_strjoin(", ", name, value, note, NULL);
	parts_name(parts_plain(group, box), whole);
	g_free(whole);
}

static void append(GtkWidget *column, AdwPreferencesGroup *group)
{
	gtk_box_append(GTK_BOX(column), GTK_WIDGET(group));
}

/* "Taken: 3", after what is there. */
static void add_pair(GString *to, enum word what, const char *value)
{
	char text[NUMBER_SIZE];
	g_string_append_printf(to, "%s%s", to->len > 0 ? ", " : "",
			       number_words(text, WORD_EVIDENCE, word(what), value));
}

/* ---- what is said first ---- */

static void add_score(AdwPreferencesGroup *group, double score, bool one)
{
	char text[NUMBER_SIZE], digits[NUMBER_SIZE];
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18),
		*words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
	gtk_box_append(GTK_BOX(box), today_ring(score));
	if (score >= 0) {
		number_words(text, one ? WORD_SCORE_OF : WORD_SCORE_MEAN,
		             number_plain(digits, score, 0), NULL);
		gtk_box_append(GTK_BOX(words), parts_label(text, "title-4"));
		gtk_box_append(GTK_BOX(words), parts_label(word(WORD_SCORE_WHY), "dim-label"));
	} else {
		gtk_box_append(GTK_BOX(words), parts_label(word(WORD_NO_SCORE), "dim-label"));
	}
	gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
	gtk_widget_set_hexpand(words, TRUE);
	gtk_box_append(GTK_BOX(box), words);
	parts_plain(group, box);
}

static void add_part(AdwPreferencesGroup *group, const struct report_summary *s,
                     enum report_part part, enum word name, const char *value)
{
	char text[NUMBER_SIZE] = "", of[NUMBER_SIZE], most[NUMBER_SIZE];
	if (s != NULL && s->score >= 0)
		number_words(text, WORD_PART_POINTS, number_plain(of, s->points[part], 0),
			     number_plain(most, report_points[part], 0));
	add_fact(group, word(name), value, text, "good",
		 s != NULL && s->score >= 0 ? s->points[part] / report_points[part] : -1);
}

static void add_facts(AdwPreferencesGroup *group, const struct report_summary *one,
                      const struct totals *t)
{
	char text[NUMBER_SIZE], a[NUMBER_SIZE], b[NUMBER_SIZE];
	add_part(group, one, REPORT_PART_LONGEST, WORD_LONGEST,
	         number_duration(text, t->longest_s));
	add_part(group, one, REPORT_PART_BREAKS, WORD_BREAKS_TAKEN,
		 t->due == 0 ? word(WORD_NONE_DUE)
		             : number_words(text, WORD_OF, number_plain(a, t->taken, 0),
		                            number_plain(b, t->due, 0)));
	add_part(group, one, REPORT_PART_CHANGES, WORD_CHANGES, number_plain(text, t->changes, 0));
	if (t->judged_s > 0)
		add_part(group, one, REPORT_PART_POSTURE, WORD_SAT_WELL,
			 number_percent(text, t->good_s / t->judged_s));
	if (t->distance_s > 0)
		add_fact(group, word(WORD_DISTANCE),
			 number_measure(text, MEASURE_SCREEN_DISTANCE,
			                t->distance / t->distance_s, 0),
			 word(t->days == 1 ? WORD_MEDIAN : WORD_MEAN_OF_MEDIANS), NULL, -1);
}

void today_say_first(GtkWidget *column, const struct report_summary *const *days, int count)
{
	const struct totals t = totals_of(days, count);
	GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
	add_said(words, said_insight, days, count, "title-2");
	add_said(words, said_tomorrow, days, count, "title-4");
	add_said(words, said_lead, days, count, "dim-label");
	gtk_box_append(GTK_BOX(column), words);
	AdwPreferencesGroup *group = parts_group(count == 1 ? word(WORD_SCORE_PARTS) : NULL, NULL);
	add_score(group, t.score, count == 1);
	add_facts(group, count == 1 ? days[0] : NULL, &t);
	append(column, group);
}

void today_postures(GtkWidget *column, const struct report_summary *const *days, int count)
{
	const struct totals t = totals_of(days, count);
	bool done[POSTURE_COUNT] = {false};
	double whole = 0;
	for (int p = 0; p < POSTURE_COUNT; p++)
		whole += t.posture_s[p];
	if (whole <= 0)
		return;
	AdwPreferencesGroup *group = parts_group(word(WORD_POSTURES), NULL);
	for (;;) {
		char time[NUMBER_SIZE], share[NUMBER_SIZE];
		int most = -1;
		for (int p = 0; p < POSTURE_COUNT; p++)
			if (!done[p] && t.posture_s[p] > 0 &&
			    (most < 0 || t.posture_s[p] > t.posture_s[most]))
				most = p;
		if (most < 0)
			break;
		done[most] = true;
		char *value = g_strdup_printf("%s   %s", number_duration(time, t.posture_s[most]),
					      number_percent(share, t.posture_s[most] / whole));
		add_fact(group, word(word_of_posture((enum posture)most)), value, NULL,
			 group_class(group_of_posture((enum posture)most)),
			 t.posture_s[most] / whole);
		g_free(value);
	}
	append(column, group);
}

/* ---- the day ---- */

static void add_hour(GtkWidget *fold, const struct report_summary *s, int h)
{
	static const enum presence others[] = {
		PRESENCE_IN_CALL, PRESENCE_AWAY, PRESENCE_PAUSED, PRESENCE_BLOCKED,
		PRESENCE_UNKNOWN,
	};
	const struct report_hour *hour = &s->hours[h];
	char text[NUMBER_SIZE];
	GString *said = g_string_new(NULL);
	if (hour->good_s > 0)
		add_pair(said, WORD_GOOD, number_duration(text, hour->good_s));
	if (hour->fault_s > 0)
		add_pair(said, WORD_FAULT, number_duration(text, hour->fault_s));
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (hour->presence_s[others[i]] > 0)
			add_pair(said, word_of_presence(others[i]),
				 number_duration(text, hour->presence_s[others[i]]));
	if (said->len > 0)
		adw_expander_row_add_row(ADW_EXPANDER_ROW(fold),
					 parts_row(number_clock(text, s,
					                        s->day.from_ms + h * 3600000LL),
					           said->str));
	g_string_free(said, TRUE);
}

static void add_band(GtkWidget *column, const struct report_summary *s)
{
	AdwPreferencesGroup *group = parts_group(word(WORD_THE_DAY), NULL);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, PAD);
	GtkWidget *fold = parts_fold("hours", word(WORD_HOURS_TABLE), NULL);
	gtk_box_append(GTK_BOX(box), today_ribbon(s));
	gtk_box_append(GTK_BOX(box), today_signs());
	gtk_box_append(GTK_BOX(box), today_legend(&s, 1));
	parts_plain(group, box);
	for (int h = 0; h < REPORT_HOURS; h++)
		add_hour(fold, s, h);
	adw_preferences_group_add(group, fold);
	append(column, group);
}

static void add_sitting(GtkWidget *column, const struct report_summary *s)
{
	char text[NUMBER_SIZE], sat[NUMBER_SIZE], bouts[NUMBER_SIZE];
	if (s->bout_count == 0)
		return;
	AdwPreferencesGroup *group = parts_group(word(WORD_SITTING), NULL);
	number_words(bouts, s->bout_count == 1 ? WORD_ONE_BOUT : WORD_BOUTS,
		     number_plain(text, s->bout_count, 0), NULL);
	GtkWidget *fold = parts_fold("bouts", word(WORD_EVERY_BOUT),
				     number_words(text, WORD_SAT_IN,
				                  number_duration(sat, s->sitting_s), bouts));
	for (int i = 0; i < s->bout_count && i < REPORT_BOUTS; i++) {
		const struct report_bout *b = &s->bouts[i];
		char from[NUMBER_SIZE], until[NUMBER_SIZE];
		number_words(text, WORD_FROM_TO, number_clock(from, s, b->start_ms),
			     number_clock(until, s, b->end_ms));
		GtkWidget *row = parts_row(text, NULL);
		adw_action_row_add_suffix(ADW_ACTION_ROW(row),
					  gtk_label_new(number_duration(sat, (double)(b->end_ms -
			b->start_ms) / 1000)));
		adw_expander_row_add_row(ADW_EXPANDER_ROW(fold), row);
	}
	adw_preferences_group_add(group, fold);
	append(column, group);
}

/* ---- breaks ---- */

static void add_break_counts(AdwPreferencesGroup *group, const struct report_summary *s, int kind)
{
	const struct { enum word what; int count; bool always; } parts[] = {
		{WORD_DUE, s->due[kind], true}, {WORD_TAKEN, s->taken[kind], true},
		{WORD_VERIFIED, s->verified[kind], false},
		{WORD_CUT_SHORT, s->cut_short[kind], false},
		{WORD_SKIPPED, s->skipped[kind], false}, {WORD_NATURAL, s->natural[kind], false},
	};
	char digits[NUMBER_SIZE];
	GString *said = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (parts[i].always || parts[i].count > 0)
			add_pair(said, parts[i].what, number_plain(digits, parts[i].count, 0));
	adw_preferences_group_add(group, parts_row(word(kind == BREAK_MICRO ? WORD_MICROS
	                                                                    : WORD_MOVEMENTS),
	                                           said->str));
	g_string_free(said, TRUE);
}

static void add_break(GtkWidget *fold, const struct report_summary *s, const struct store_break *b)
{
	char when[NUMBER_SIZE], length[NUMBER_SIZE];
	const enum word outcome = !b->prompted ? WORD_NATURAL
	                          : b->outcome == BREAK_TAKEN ? WORD_TAKEN
				: b->outcome == BREAK_CUT_SHORT ? WORD_CUT_SHORT : WORD_SKIPPED;
	char *title = g_strdup_printf("%s  %s", number_clock(when, s, b->end_ms > 0 ? b->start_ms
	                                                                            : b->due_ms),
	                              word(b->kind == BREAK_MICRO ? WORD_BREAK_MICRO
	                                                          : WORD_BREAK_MOVEMENT));
	GString *said = g_string_new(word(outcome));
	if (b->length_s > 0)
		add_pair(said, WORD_LENGTH, number_duration(length, b->length_s));
	add_pair(said, WORD_SAT_BEFORE, number_duration(length, b->sitting_s));
	adw_expander_row_add_row(ADW_EXPANDER_ROW(fold), parts_row(title, said->str));
	g_string_free(said, TRUE);
	g_free(title);
}

static void add_breaks(GtkWidget *column, const struct report_summary *s)
{
	AdwPreferencesGroup *group = parts_group(word(WORD_BREAKS),
	                                         s->break_count == 0 ? word(WORD_NO_BREAKS)
	                                         : NULL);
	if (s->break_count > 0) {
		GtkWidget *fold = parts_fold("breaks", word(WORD_EVERY_BREAK), NULL);
		for (int k = BREAK_KINDS - 1; k >= 0; k--)
			add_break_counts(group, s, k);
		for (int i = 0; i < s->break_count && i < REPORT_BREAKS; i++)
			add_break(fold, s, &s->breaks[i]);
		adw_preferences_group_add(group, fold);
	}
	append(column, group);
}

/* ---- messages ---- */

/* "14:20", and what was measured; free with g_free. */
static char *message_note(const struct report_summary *s, const struct store_alert *a)
{
	char when[NUMBER_SIZE], *evidence = NULL;
	size_t size;
	number_clock(when, s, a->wall_ms);
	FILE *to = *a->evidence != '\0' ? open_memstream(&evidence, &size) : NULL;
	if (to == NULL)
		return g_strdup(when);
	said_evidence(to, put_plain, a);
	fclose(to);
	char *note = g_strdup_printf("%s  %s", when, evidence);
	free(evidence);
	return note;
}

static GtkWidget *message_row(const struct report_summary *s, const struct store_alert *a)
{
	char *note = message_note(s, a);
	GtkWidget *row = parts_row(a->text, note);
	g_free(note);
	return row;
}

static void add_messages(GtkWidget *column, const struct report_summary *s)
{
	struct said_group groups[REPORT_ALERTS];
	int next[REPORT_ALERTS];
	char digits[NUMBER_SIZE], more[NUMBER_SIZE];
	const int count = said_groups(s, groups, next);
	AdwPreferencesGroup *group = parts_group(word(WORD_SAID),
	                                         count == 0 ? word(WORD_NOTHING_SAID) : NULL);
	for (int i = 0; i < count; i++) {
		const struct store_alert *last = &s->alerts[groups[i].last];
		if (groups[i].count == 1) {
			adw_preferences_group_add(group, message_row(s, last));
			continue;
		}
		char *note = message_note(s, last);
		number_words(more, WORD_MORE_MESSAGES, number_plain(digits, groups[i].count - 1, 0),
		             NULL);
		char *whole = g_strdup_printf("%s\n%s", note, more);
		GtkWidget *fold = parts_fold(last->kind, last->text, whole);
		for (int m = groups[i].first; m != groups[i].last; m = next[m])
			adw_expander_row_add_row(ADW_EXPANDER_ROW(fold),
			                         message_row(s, &s->alerts[m]));
		adw_preferences_group_add(group, fold);
		g_free(whole);
		g_free(note);
	}
	if (s->alert_count > REPORT_ALERTS)
		adw_preferences_group_add(group, parts_row(number_words(more, WORD_NOT_LISTED,
									number_plain(digits,
			s->alert_count - REPORT_ALERTS, 0), NULL), NULL));
	append(column, group);
}

static void add_pains(GtkWidget *column, const struct report_summary *s)
{
	if (s->pain_count == 0)
		return;
	AdwPreferencesGroup *group = parts_group(word(WORD_PAIN), NULL);
	for (int i = 0; i < s->pain_count && i < REPORT_PAINS; i++) {
		const struct store_pain *p = &s->pains[i];
		char when[NUMBER_SIZE], level[NUMBER_SIZE], digits[NUMBER_SIZE];
		number_words(level, WORD_PAIN_OF, number_plain(digits, p->level, 0), NULL);
		char *title = g_strdup_printf("%s  %s", number_clock(when, s, p->wall_ms), level);
		char *note = g_strdup_printf("%s%s%s", p->where, *p->where && *p->note ? ": " : "",
		                             p->note);
		char *where = g_utf8_make_valid(note, -1);
		adw_preferences_group_add(group, parts_row(title, where));
		g_free(where);
		g_free(note);
		g_free(title);
	}
	append(column, group);
}

void today_day(GtkWidget *column, const struct report_summary *s)
{
	add_band(column, s);
	today_postures(column, &s, 1);
	add_sitting(column, s);
	add_breaks(column, s);
	add_messages(column, s);
	add_pains(column, s);
	today_details(column, s);
}

/* ---- several days ---- */

struct choice {
	struct report_day day;
	today_chosen_fn *chosen;
	void *user;
};

static void on_day(AdwActionRow *row, gpointer user)
{
	const struct choice *c = user;
	(void)row;
	c->chosen(c->user, &c->day);
}

static void free_choice(gpointer choice, GClosure *closure)
{
	(void)closure;
	g_free(choice);
}

static void add_strips(GtkWidget *column, const struct report_summary *const *days, int count)
{
	const struct axis axis = axis_of(days, count);
	AdwPreferencesGroup *group = parts_group(word(WORD_THE_DAYS), NULL);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, PAD), *grid = gtk_grid_new();
	gtk_grid_set_column_spacing(GTK_GRID(grid), PAD);
	gtk_grid_set_row_spacing(GTK_GRID(grid), 4);
	for (int i = 0; i < count; i++) {
		char text[NUMBER_SIZE];
		GtkWidget *label = gtk_label_new(number_date(text, &days[i]->day, WORD_DATE_CHART));
		GtkWidget *strip = today_strip(&axis, days[i]);
		gtk_label_set_xalign(GTK_LABEL(label), 0);
		gtk_widget_add_css_class(label, "caption");
		gtk_widget_set_hexpand(strip, TRUE);
		gtk_grid_attach(GTK_GRID(grid), label, 0, i, 1, 1);
		gtk_grid_attach(GTK_GRID(grid), strip, 1, i, 1, 1);
	}
	gtk_grid_attach(GTK_GRID(grid), today_hours(&axis), 1, count, 1, 1);
	gtk_box_append(GTK_BOX(box), grid);
	gtk_box_append(GTK_BOX(box), today_legend(days, count));
	parts_plain(group, box);
	append(column, group);
}

static GtkWidget *day_row(const struct report_summary *s)
{
	char text[NUMBER_SIZE], a[NUMBER_SIZE], b[NUMBER_SIZE];
	const int due = s->due[BREAK_MICRO] + s->due[BREAK_MOVEMENT];
	const int taken = s->taken[BREAK_MICRO] + s->taken[BREAK_MOVEMENT];
	GString *said = g_string_new(NULL);
	add_pair(said, WORD_SITTING, number_duration(text, s->sitting_s));
	add_pair(said, WORD_LONGEST_SHORT, number_duration(text, s->longest_bout_s));
	add_pair(said, WORD_BREAKS, number_words(text, WORD_OF, number_plain(a, taken, 0),
						 number_plain(b, due, 0)));
	if (s->worst_pain >= 0)
		add_pair(said, WORD_PAIN, number_plain(text, s->worst_pain, 0));
	GtkWidget *row = parts_row(number_date(text, &s->day, WORD_DATE_TABLE), said->str);
	g_string_free(said, TRUE);
	GtkWidget *score = gtk_label_new(s->score >= 0 ? number_plain(text, s->score, 0)
	                                               : word(WORD_NOTHING));
	gtk_widget_add_css_class(score, "title-4");
	adw_action_row_add_suffix(ADW_ACTION_ROW(row), score);
	adw_action_row_add_suffix(ADW_ACTION_ROW(row),
	                          gtk_image_new_from_icon_name("go-next-symbolic"));
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
	return row;
}

void today_days(GtkWidget *column, const struct report_summary *const *days,
                int count, today_chosen_fn *chosen, void *user)
{
	AdwPreferencesGroup *group = parts_group(word(WORD_SCORE), NULL);
	add_strips(column, days, count);
	today_postures(column, days, count);
	for (int i = count - 1; i >= 0; i--) {
		if (days[i]->covered_s <= 0)
			continue;
		struct choice *choice = g_new(struct choice, 1);
		*choice = (struct choice){days[i]->day, chosen, user};
		GtkWidget *row = day_row(days[i]);
		g_signal_connect_data(row, "activated", G_CALLBACK(on_day), choice, free_choice, 0);
		adw_preferences_group_add(group, row);
	}
	append(column, group);
}
