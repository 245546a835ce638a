/* One day in full. */
#include "report/page.h"

#include "report/said.h"

#include <math.h>
#include <string.h>

/* Heads of tables end with this. */
#define END WORD_COUNT

static void open_row(FILE *to)
{
	fputs("<tr><th scope=\"row\">", to);
}

static void next_cell(FILE *to, bool heading_before)
{
	fputs(heading_before ? "</th><td>" : "</td><td>", to);
}

static void close_row(FILE *to)
{
	fputs("</td></tr>\n", to);
}

static void put_paragraph(FILE *to, enum word text)
{
	fputs("<p class=\"note\">", to);
	html_word(to, text);
	fputs("</p>\n", to);
}

static void put_share(FILE *to, double part, double whole)
{
	char text[NUMBER_SIZE];
	html_text(to, whole > 0 ? number_percent(text, part / whole) : word(WORD_NOTHING));
}

/* ---- the day ---- */

static void put_marks(FILE *to)
{
	static const struct { const char *class; enum word text; } marks[] = {
		{NULL, WORD_MARK_MESSAGE}, {"break taken", WORD_MARK_TAKEN},
		{"break missed", WORD_MARK_SKIPPED},
	};
	const double middle = 6;
	fputs("<ul class=\"legend\" aria-hidden=\"true\">", to);
	for (int i = 0; i < 3; i++) {
		struct svg p = svg_on(to, "", 1);
		fputs("<li>", to);
		svg_open(&p, "svg");
		svg_number(&p, "width", 2 * middle);
		svg_number(&p, "height", 2 * middle);
		if (marks[i].class == NULL) {
			chart_message(&p, middle, middle);
		} else {
			svg_open_circle(&p, marks[i].class, middle, middle, 4.5);
			svg_close(&p);
		}
		svg_close(&p);
		html_word(to, marks[i].text);
		fputs("</li>", to);
	}
	fputs("</ul>\n", to);
}

static void put_hour(FILE *to, const struct report_summary *s, int h, int row)
{
	const struct report_hour *hour = &s->hours[h];
	char text[NUMBER_SIZE], path[64];
	open_row(to);
	html_text(to, number_clock(text, s, s->day.from_ms + h * 3600000LL));
	next_cell(to, true);
	snprintf(path, sizeof path, "hours.%d.good_s", row);
	page_duration(to, s, path, hour->good_s, 3);
	next_cell(to, false);
	snprintf(path, sizeof path, "hours.%d.fault_s", row);
	page_duration(to, s, path, hour->fault_s, 3);
	static const enum presence others[] = {
		PRESENCE_IN_CALL, PRESENCE_AWAY, PRESENCE_PAUSED, PRESENCE_BLOCKED,
		PRESENCE_UNKNOWN,
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		next_cell(to, false);
		snprintf(path, sizeof path, "hours.%d.presence_s.%s", row,
		         presence_name(others[i]));
		page_duration(to, s, path, hour->presence_s[others[i]], 3);
	}
	close_row(to);
}

static void put_hours(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {
		WORD_HOUR, WORD_GOOD, WORD_FAULT, WORD_PRESENCE_IN_CALL, WORD_PRESENCE_AWAY,
		WORD_PRESENCE_PAUSED, WORD_PRESENCE_BLOCKED, WORD_PRESENCE_UNKNOWN, END,
	};
	int row = 0; /* in the JSON's list, which leaves out empty hours */
	page_open_table(to, WORD_HOURS_TABLE, heads, true);
	for (int h = 0; h < REPORT_HOURS; h++) {
		double covered = 0;
		for (int p = 0; p < PRESENCE_COUNT; p++)
			covered += s->hours[h].presence_s[p];
		if (covered > 0)
			put_hour(to, s, h, row++);
	}
	page_close_table(to, true);
}

static void put_curve(FILE *to, const struct axis *axis, const struct report_summary *s,
                      const struct report_curve *curve, int sign, const struct chart_stripe *stripe,
                      enum word title)
{
	if (s->measures[curve->measure].count == 0)
		return;
	fputs("<h3>", to);
	html_word(to, title);
	fputs("</h3>\n", to);
	chart_curve(to, axis, s, curve, sign, stripe, title);
}

static void put_day(FILE *to, const struct report_summary *s)
{
	const struct axis axis = axis_of(&s, 1);
	const struct posture_config *c = &s->context.posture;
	const bool screen = s->distance.measure == MEASURE_SCREEN_DISTANCE;
	const bool upright = s->height.measure == MEASURE_EYE_DROP;
	const struct chart_stripe open = {-HUGE_VAL, HUGE_VAL};
	/* OSHA: 50 to 100 cm; the lower end as configured. */
	const struct chart_stripe far_enough = {c->too_close_cm, 100};
	const struct chart_stripe high_enough = {-c->slouch_drop_cm, c->raised_cm};
	page_open(to, "day", WORD_THE_DAY);
	page_legend(to, &s, 1);
	chart_ribbon(to, &axis, s);
	put_marks(to);
	put_curve(to, &axis, s, &s->distance, 1, &far_enough,
	          screen ? WORD_CURVE_DISTANCE : WORD_CURVE_CAMERA);
	put_curve(to, &axis, s, &s->height, upright ? -1 : 1, upright ? &high_enough : &open,
	          upright ? WORD_CURVE_HEIGHT : WORD_CURVE_ABOVE);
	if (s->samples > 0)
		put_paragraph(to, WORD_CURVE_ABOUT);
	put_hours(to, s);
	page_close(to);
}

/* ---- postures ---- */

void page_postures(FILE *to, const struct report_summary *const *days, int count)
{
	static const enum word heads[] = {WORD_POSTURE, WORD_SHARE_BAR, WORD_TIME, WORD_SHARE, END};
	double whole = 0, seconds[POSTURE_COUNT] = {0};
	bool done[POSTURE_COUNT] = {false};
	for (int i = 0; i < count; i++)
		for (int p = 0; p < POSTURE_COUNT; p++) {
			seconds[p] += days[i]->posture_s[p];
			whole += days[i]->posture_s[p];
		}
	if (whole <= 0)
		return;
	page_open(to, "postures", WORD_POSTURES);
	page_open_table(to, WORD_POSTURES, heads, false);
	for (;;) {
		char path[64], text[NUMBER_SIZE];
		int most = -1;
		for (int p = 0; p < POSTURE_COUNT; p++)
			if (!done[p] && seconds[p] > 0 && (most < 0 || seconds[p] > seconds[most]))
				most = p;
		if (most < 0)
			break;
		done[most] = true;
		open_row(to);
		html_word(to, word_of_posture((enum posture)most));
		fputs("</th><td class=\"picture\">", to);
		chart_bar(to, group_class(group_of_posture((enum posture)most)),
		          seconds[most] / whole);
		next_cell(to, false);
		snprintf(path, sizeof path, "posture_s.%s", posture_name((enum posture)most));
		page_sum(to, days, count, path, seconds[most], 3,
		         number_duration(text, seconds[most]));
		next_cell(to, false);
		put_share(to, seconds[most], whole);
		close_row(to);
	}
	page_close_table(to, false);
	page_close(to);
}

/* ---- breaks ---- */

static void put_break(FILE *to, const struct report_summary *s, int i)
{
	const struct store_break *b = &s->breaks[i];
	char text[NUMBER_SIZE], path[64];
	open_row(to);
	html_text(to, number_clock(text, s, b->end_ms > 0 ? b->start_ms : b->due_ms));
	next_cell(to, true);
	html_word(to, b->kind == BREAK_MICRO ? WORD_BREAK_MICRO : WORD_BREAK_MOVEMENT);
	next_cell(to, false);
	html_word(to, !b->prompted ? WORD_NATURAL : b->outcome == BREAK_TAKEN ? WORD_TAKEN
	            : b->outcome == BREAK_CUT_SHORT ? WORD_CUT_SHORT : WORD_SKIPPED);
	next_cell(to, false);
	snprintf(path, sizeof path, "breaks.list.%d.length_s", i);
	page_duration(to, s, path, b->length_s, 0);
	next_cell(to, false);
	snprintf(path, sizeof path, "breaks.list.%d.sitting_before_s", i);
	page_duration(to, s, path, b->sitting_s, 0);
	close_row(to);
}

static void put_break_counts(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_KIND, WORD_DUE, WORD_TAKEN,
	                                  WORD_VERIFIED, WORD_CUT_SHORT,
	                                  WORD_SKIPPED, WORD_NATURAL, END};
	page_open_table(to, WORD_BREAKS, heads, false);
	for (int k = BREAK_KINDS - 1; k >= 0; k--) {
		static const char *const names[] = {
			"due", "taken", "verified", "cut_short", "skipped", "natural",
		};
		const int counts[] = {s->due[k], s->taken[k], s->verified[k],
		                      s->cut_short[k], s->skipped[k],
		                      s->natural[k]};
		open_row(to);
		html_word(to, k == BREAK_MICRO ? WORD_MICROS : WORD_MOVEMENTS);
		for (int i = 0; i < 6; i++) {
			char path[64];
			next_cell(to, i == 0);
			snprintf(path, sizeof path, "breaks.%s.%s",
			         break_kind_name((enum break_kind)k), names[i]);
			page_count(to, s, path, counts[i]);
		}
		close_row(to);
	}
	page_close_table(to, false);
}

static void put_bouts(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_BOUT, WORD_LENGTH, END};
	page_open_table(to, WORD_EVERY_BOUT, heads, true);
	for (int i = 0; i < s->bout_count && i < REPORT_BOUTS; i++) {
		char from[NUMBER_SIZE], until[NUMBER_SIZE], text[NUMBER_SIZE];
		const struct report_bout *b = &s->bouts[i];
		open_row(to);
		html_text(to, number_words(text, WORD_FROM_TO, number_clock(from, s, b->start_ms),
		                           number_clock(until, s, b->end_ms)));
		next_cell(to, true);
		html_text(to, number_duration(text, (double)(b->end_ms - b->start_ms) / 1000));
		close_row(to);
	}
	page_close_table(to, true);
}

static void put_breaks(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_TIME, WORD_KIND, WORD_OUTCOME,
	                                  WORD_LENGTH, WORD_SAT_BEFORE, END};
	page_open(to, "breaks", WORD_BREAKS);
	if (s->break_count == 0) {
		put_paragraph(to, WORD_NO_BREAKS);
	} else {
		put_break_counts(to, s);
		page_open_table(to, WORD_EVERY_BREAK, heads, true);
		for (int i = 0; i < s->break_count && i < REPORT_BREAKS; i++)
			put_break(to, s, i);
		page_close_table(to, true);
	}
	if (s->bout_count > 0)
		put_bouts(to, s);
	page_close(to);
}

/* ---- messages ---- */

static void put_evidence(FILE *to, const struct store_alert *a)
{
	fputs(" <small>", to);
	said_evidence(to, html_text, a);
	fputs("</small>", to);
}

static void put_message(FILE *to, const struct report_summary *s, const struct store_alert *a)
{
	char text[NUMBER_SIZE];
	html_print(to, "<time>%s</time> <span>", number_clock(text, s, a->wall_ms));
	html_text(to, a->text);
	if (*a->evidence != '\0')
		put_evidence(to, a);
	fputs("</span>", to);
}

/* The latest of a kind, those before it folded. */
static void put_group(FILE *to, const struct report_summary *s, const struct said_group *g,
                      const int *next)
{
	char count[NUMBER_SIZE];
	fputs("<li>", to);
	put_message(to, s, &s->alerts[g->last]);
	if (g->count > 1) {
		fputs("<details><summary>", to);
		html_words(to, WORD_MORE_MESSAGES, number_plain(count, g->count - 1, 0),
		           NULL, NULL);
		fputs("</summary>\n<ol class=\"said\">\n", to);
		for (int i = g->first; i != g->last; i = next[i]) {
			fputs("<li>", to);
			put_message(to, s, &s->alerts[i]);
			fputs("</li>\n", to);
		}
		fputs("</ol></details>", to);
	}
	fputs("</li>\n", to);
}

static void put_messages(FILE *to, const struct report_summary *s)
{
	struct said_group groups[REPORT_ALERTS];
	int next[REPORT_ALERTS];
	const int count = said_groups(s, groups, next);
	page_open(to, "said", WORD_SAID);
	if (s->alert_count == 0)
		put_paragraph(to, WORD_NOTHING_SAID);
	else
		fputs("<ol class=\"said\">\n", to);
	for (int i = 0; i < count; i++)
		put_group(to, s, &groups[i], next);
	if (s->alert_count > 0)
		fputs("</ol>\n", to);
	if (s->alert_count > REPORT_ALERTS) {
		char text[NUMBER_SIZE];
		fputs("<p class=\"note\">", to);
		html_words(to, WORD_NOT_LISTED,
		           number_plain(text, s->alert_count - REPORT_ALERTS, 0), NULL, NULL);
		fputs("</p>\n", to);
	}
	page_close(to);
}

/* ---- measures ---- */

static void put_measure(FILE *to, const struct report_summary *s, enum measure_id id)
{
	static const char *const names[] = {"p10", "p50", "p90"};
	const struct report_measure *m = &s->measures[id];
	const double values[] = {m->p10, m->p50, m->p90};
	char text[NUMBER_SIZE], path[64];
	open_row(to);
	html_word(to, word_of_measure(id));
	fputs("</th><td class=\"picture\">", to);
	chart_range(to, m);
	for (int i = 0; i < 3; i++) {
		next_cell(to, false);
		snprintf(path, sizeof path, "measures.%s.%s", measure_name(id), names[i]);
		page_data(to, s, path, values[i], 2, number_measure(text, id, values[i], 1));
	}
	next_cell(to, false);
	html_text(to, m->banded ? number_band(text, m->low, m->high, WORD_PLAIN)
	                        : word(WORD_NOTHING));
	next_cell(to, false);
	snprintf(path, sizeof path, "measures.%s.in_band_s", measure_name(id));
	page_duration(to, s, path, m->banded ? m->in_band_s : NAN, 0);
	next_cell(to, false);
	if (m->banded)
		put_share(to, m->in_band_s, m->valid_s);
	else
		html_word(to, WORD_NOTHING);
	close_row(to);
}

static void put_measures(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_MEASURE, WORD_SPREAD, WORD_P10, WORD_P50, WORD_P90,
	                                  WORD_BAND, WORD_IN_BAND, WORD_SHARE, END};
	if (s->samples == 0)
		return;
	page_open(to, "measures", WORD_MEASURES);
	page_open_table(to, WORD_MEASURES, heads, false);
	for (int id = 0; id < MEASURE_COUNT; id++)
		if (s->measures[id].count > 0)
			put_measure(to, s, (enum measure_id)id);
	page_close_table(to, false);
	put_paragraph(to, WORD_MEASURES_ABOUT);
	page_close(to);
}

/* ---- strain ---- */

static void put_scale(FILE *to, const struct report_summary *s, const struct report_scale *scale,
                      enum word name)
{
	for (int b = 0; b < scale->bands; b++) {
		const struct report_band *band = &scale->band[b];
		char text[NUMBER_SIZE], a[NUMBER_SIZE], sigma[NUMBER_SIZE], path[64];
		char class[16];
		snprintf(class, sizeof class, "strain%d", band->score % 10);
		fputs("<tr>", to);
		if (b == 0) {
			html_print(to, "<th scope=\"rowgroup\" rowspan=\"%d\">", scale->bands);
			html_word(to, name);
			fputs("</th>", to);
		}
		fputs("<td>", to);
		html_text(to, number_band(text, band->from, band->to, WORD_DEGREES));
		html_print(to, "</td><td>%d", band->score);
		fputs("</td><td class=\"picture\">", to);
		chart_bar(to, class, band->seconds / scale->known_s);
		next_cell(to, false);
		snprintf(path, sizeof path, "rula.%s.bands.%d.seconds", scale->name, b);
		number_duration(a, band->seconds);
		number_duration(sigma, band->sigma_s);
		page_data(to, s, path, band->seconds, 1,
		          number_words(text, WORD_GIVE_OR_TAKE, a, sigma));
		close_row(to);
	}
}

static void put_rula(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_PART, WORD_ANGLE, WORD_POINTS,
	                                  WORD_SHARE_BAR, WORD_TIME, END};
	char text[NUMBER_SIZE];
	double known = 0;
	for (int i = 0; i < REPORT_SCALES; i++)
		known += s->scales[i].known_s;
	if (known <= 0)
		return;
	page_open(to, "rula", WORD_RULA);
	put_paragraph(to, WORD_RULA_ABOUT);
	page_open_table(to, WORD_RULA, heads, false);
	for (int i = 0; i < REPORT_SCALES; i++) {
		/* A heading of rows is of those of its group. */
		if (i > 0)
			fputs("</tbody>\n<tbody>\n", to);
		if (s->scales[i].known_s > 0)
			put_scale(to, s, &s->scales[i], word_of_scale(i));
	}
	page_close_table(to, false);
	fputs("<p class=\"note\">", to);
	html_words(to, WORD_STATIC, number_duration(text, s->static_s), NULL, NULL);
	fputs("</p>\n", to);
	page_close(to);
}

/* ---- pain ---- */

static void put_pains(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_TIME, WORD_LEVEL, WORD_WHERE, WORD_NOTE, END};
	if (s->pain_count == 0)
		return;
	page_open(to, "pain", WORD_PAIN);
	page_open_table(to, WORD_PAIN, heads, false);
	for (int i = 0; i < s->pain_count && i < REPORT_PAINS; i++) {
		const struct store_pain *p = &s->pains[i];
		char text[NUMBER_SIZE], digits[NUMBER_SIZE], path[64];
		open_row(to);
		html_text(to, number_clock(text, s, p->wall_ms));
		next_cell(to, true);
		snprintf(path, sizeof path, "pain.%d.level", i);
		page_data(to, s, path, p->level, 0,
		          number_words(text, WORD_PAIN_OF, number_plain(digits, p->level, 0),
		                       NULL));
		next_cell(to, false);
		html_text(to, *p->where != '\0' ? p->where : word(WORD_NOTHING));
		fputs("</td><td class=\"prose\">", to);
		html_text(to, *p->note != '\0' ? p->note : word(WORD_NOTHING));
		close_row(to);
	}
	page_close_table(to, false);
	page_close(to);
}

void page_day(FILE *to, const struct report_summary *s)
{
	put_day(to, s);
	page_postures(to, &s, 1);
	put_breaks(to, s);
	put_messages(to, s);
	put_pains(to, s);
}

/* ---- how the numbers came about ---- */

static void put_sentence(FILE *to, enum word text, const char *first, const char *second)
{
	if (*first == '\0')
		return;
	html_words(to, text, first, second, NULL);
	fputc(' ', to);
}

static void put_thresholds(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_THRESHOLD, WORD_VALUE, END};
	struct report_threshold rows[REPORT_THRESHOLDS];
	const int count = report_thresholds(&s->context, rows);
	page_open_table(to, WORD_THRESHOLDS, heads, false);
	for (int i = 0; i < count; i++) {
		char text[NUMBER_SIZE], path[64];
		open_row(to);
		html_print(to, "<code>%s</code>", rows[i].name);
		next_cell(to, true);
		snprintf(path, sizeof path, "thresholds.%s", rows[i].name);
		page_data(to, s, path, rows[i].value, rows[i].digits,
		          number_plain(text, rows[i].value, rows[i].digits));
		close_row(to);
	}
	page_close_table(to, false);
}

static void put_points(FILE *to, const struct report_summary *s)
{
	static const enum word heads[] = {WORD_PART, WORD_POINTS, END};
	static const struct { enum word name; const char *path; } rows[REPORT_PARTS] = {
		[REPORT_PART_LONGEST] = {WORD_LONGEST, "score_points.longest_sitting"},
		[REPORT_PART_BREAKS] = {WORD_BREAKS_TAKEN, "score_points.breaks"},
		[REPORT_PART_CHANGES] = {WORD_CHANGES, "score_points.changes"},
		[REPORT_PART_POSTURE] = {WORD_SAT_WELL, "score_points.posture"},
	};
	if (s->score < 0)
		return;
	page_open(to, "points", WORD_SCORE_PARTS);
	page_open_table(to, WORD_SCORE_PARTS, heads, false);
	for (int i = 0; i < REPORT_PARTS; i++) {
		char text[NUMBER_SIZE], of[NUMBER_SIZE], most[NUMBER_SIZE];
		open_row(to);
		html_word(to, rows[i].name);
		next_cell(to, true);
		number_words(text, WORD_PART_POINTS, number_plain(of, s->points[i], 1),
		             number_plain(most, report_points[i], 0));
		page_data(to, s, rows[i].path, s->points[i], 1, text);
		close_row(to);
	}
	page_close_table(to, false);
	page_close(to);
}

void page_details(const struct page *p)
{
	FILE *to = p->to;
	const struct report_summary *s = p->days[p->count - 1];
	fputs("<details class=\"more\"><summary>", to);
	html_word(to, WORD_DETAILS);
	fputs("</summary>\n", to);
	if (p->count == 1 && s->covered_s > 0) {
		put_points(to, s);
		put_measures(to, s);
		put_rula(to, s);
	}
	page_open(to, "thresholds", WORD_THRESHOLDS);
	put_thresholds(to, s);
	page_close(to);
	fputs("</details>\n\n", to);
}

void page_about(const struct page *p)
{
	FILE *to = p->to;
	const struct report_summary *s = p->days[p->count - 1];
	char share[NUMBER_SIZE], samples[NUMBER_SIZE];
	const struct report_context *c = &s->context;
	page_open(to, "about", WORD_ABOUT);
	fputs("<p class=\"note\">", to);
	if (p->count == 1 && s->covered_s > 0)
		put_sentence(to, WORD_COVERAGE, number_percent(share, s->coverage),
		             number_plain(samples, (double)s->samples, 0));
	put_sentence(to, WORD_PROFILE_USED, c->profile, NULL);
	put_sentence(to, WORD_CAMERA_USED, c->camera, NULL);
	put_sentence(to, WORD_NETWORKS, c->model_hash, NULL);
	fputs("</p>\n", to);
	fputs("<p class=\"note\">", to);
	html_word(to, WORD_ADVICE);
	fputs("</p>\n<p class=\"note\">", to);
	html_words(to, WORD_MADE_BY, *c->version != '\0' ? c->version : word(WORD_BRAND),
	           NULL, NULL);
	fputs("</p>\n", to);
	page_close(to);
}
