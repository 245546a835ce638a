/* What lies behind a day's numbers, folded: measures, strain, thresholds. */
#include "window/today.h"

#include "window/parts.h"

static void add_measure(GtkWidget *fold, const struct report_summary *s, enum measure_id id)
{
	const struct report_measure *m = &s->measures[id];
	const struct { enum word name; double value; } parts[] = {
		{WORD_P10, m->p10}, {WORD_P50, m->p50}, {WORD_P90, m->p90},
	};
	char value[NUMBER_SIZE], text[NUMBER_SIZE];
	GString *said = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		g_string_append_printf(said, "%s%s", i > 0 ? ", " : "",
				       number_words(text, WORD_EVIDENCE, word(parts[i].name),
						    number_measure(value, id, parts[i].value, 1)));
	if (m->banded && m->valid_s > 0) {
		number_band(value, m->low, m->high, WORD_PLAIN);
		g_string_append_printf(said, "\n%s, ",
		                       number_words(text, WORD_EVIDENCE, word(WORD_BAND),
		                                    value));
		number_percent(value, m->in_band_s / m->valid_s);
		g_string_append(said, number_words(text, WORD_EVIDENCE, word(WORD_IN_BAND), value));
	}
	adw_expander_row_add_row(ADW_EXPANDER_ROW(fold),
	                         parts_row(word(word_of_measure(id)), said->str));
	g_string_free(said, TRUE);
}

static void add_measures(AdwPreferencesGroup *group, const struct report_summary *s)
{
	if (s->samples == 0)
		return;
	GtkWidget *fold = parts_fold("measures", word(WORD_MEASURES), word(WORD_MEASURES_ABOUT));
	for (int id = 0; id < MEASURE_COUNT; id++)
		if (s->measures[id].count > 0)
			add_measure(fold, s, (enum measure_id)id);
	adw_preferences_group_add(group, fold);
}

static void add_scale(GtkWidget *fold, const struct report_scale *scale, enum word name)
{
	GString *said = g_string_new(NULL);
	for (int b = 0; b < scale->bands; b++) {
		const struct report_band *band = &scale->band[b];
		char text[NUMBER_SIZE], time[NUMBER_SIZE], sigma[NUMBER_SIZE], points[NUMBER_SIZE];
		number_band(text, band->from, band->to, WORD_DEGREES);
		g_string_append_printf(said, "%s%s, ", b > 0 ? "\n" : "", text);
		number_words(text, WORD_EVIDENCE, word(WORD_POINTS),
		             number_plain(points, band->score, 0));
		g_string_append_printf(said, "%s: ", text);
		number_words(text, WORD_GIVE_OR_TAKE, number_duration(time, band->seconds),
			     number_duration(sigma, band->sigma_s));
		g_string_append(said, text);
	}
	adw_expander_row_add_row(ADW_EXPANDER_ROW(fold), parts_row(word(name), said->str));
	g_string_free(said, TRUE);
}

static void add_strain(AdwPreferencesGroup *group, const struct report_summary *s)
{
	double known = 0;
	for (int i = 0; i < REPORT_SCALES; i++)
		known += s->scales[i].known_s;
	if (known <= 0)
		return;
	GtkWidget *fold = parts_fold("strain", word(WORD_RULA), word(WORD_RULA_ABOUT));
	for (int i = 0; i < REPORT_SCALES; i++)
		if (s->scales[i].known_s > 0)
			add_scale(fold, &s->scales[i], word_of_scale(i));
	adw_preferences_group_add(group, fold);
}

static void add_thresholds(AdwPreferencesGroup *group, const struct report_summary *s)
{
	struct report_threshold rows[REPORT_THRESHOLDS];
	const int count = report_thresholds(&s->context, rows);
	GtkWidget *fold = parts_fold("thresholds", word(WORD_THRESHOLDS), NULL);
	for (int i = 0; i < count; i++) {
		char text[NUMBER_SIZE];
		GtkWidget *row = parts_row(rows[i].name, NULL);
		adw_action_row_add_suffix(ADW_ACTION_ROW(row),
					  gtk_label_new(number_plain(text, rows[i].value,
					                             rows[i].digits)));
		adw_expander_row_add_row(ADW_EXPANDER_ROW(fold), row);
	}
	adw_preferences_group_add(group, fold);
}

void today_details(GtkWidget *column, const struct report_summary *s)
{
	AdwPreferencesGroup *group = parts_group(word(WORD_DETAILS), NULL);
	add_measures(group, s);
	add_strain(group, s);
	add_thresholds(group, s);
	gtk_box_append(GTK_BOX(column), GTK_WIDGET(group));
}
