#include "evaluate/evaluate.h"

#include "base/text.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shares of true values within 2 sigma that are believable: 95 % by the name, and neither boastful
 * nor so wide that nothing follows from them. */
static const double within_least = 0.85, within_most = 0.99;

static const double recall_least = 0.85, faces_least = 0.97, monitor_most_cm = 2;

static const struct {
	const char *name, *brief;
	double limit;
} columns[SCORE_COUNT] = {
	[SCORE_DISTANCE] = {"eye distance, %", "distance", 2.5},
	[SCORE_DISTANCE_CM] = {"the same, cm", "cm", 1.5},
	[SCORE_UNCALIBRATED] = {"uncalibrated, %", "uncal.", 10},
	[SCORE_HEIGHT] = {"eye height, cm", "height", 1},
	[SCORE_DROP] = {"eye drop, cm", "drop", 1},
	[SCORE_LEAN_IN] = {"lean-in, cm", "lean-in", 1},
	[SCORE_PITCH] = {"head pitch, deg", "pitch", 4},
	[SCORE_YAW] = {"head yaw, deg", "yaw", 5},
	[SCORE_ROLL] = {"head roll, deg", "roll", 2},
	[SCORE_SHOULDERS] = {"shoulder tilt, deg", "shoulders", 2.5},
	[SCORE_SHOULDER_DROP] = {"shoulder drop, cm", "sh. drop", 1.5},
	[SCORE_NECK] = {"neck flexion, deg", "neck", 8},
};

const char *score_name(enum score_id id)
{
	return columns[id].name;
}

double score_limit(enum score_id id)
{
	return columns[id].limit;
}

static bool looks_down(const struct scored *row)
{
	return row->expected == POSTURE_LOOKING_DOWN;
}

bool score_counts(const struct scored *row, enum score_id id)
{
	/* Without calibration the first picture is one like any other. */
	return row->scores[id].valid && (!row->calibration || id == SCORE_UNCALIBRATED);
}

static bool matches(const char *wanted, const char *is)
{
	return wanted == NULL || strcmp(wanted, is) == 0;
}

struct score_summary score_summarise(const struct evaluation *e, enum score_id id,
                                     const char *person, const char *label, bool looking_down)
{
	struct score_summary s = {0};
	double sum = 0;
	size_t within = 0, claimed = 0;
	for (size_t i = 0; i < e->count; i++) {
		const struct scored *row = &e->rows[i];
		if (!score_counts(row, id) || !matches(person, row->person) ||
		    !matches(label, row->label) ||
		    (label == NULL && looks_down(row) != looking_down))
			continue;
		const double error = fabs(row->scores[id].got - row->scores[id].truth);
		sum += error;
		s.worst = fmax(s.worst, error);
		s.count++;
		claimed += row->scores[id].sigma > 0;
		within += row->scores[id].sigma > 0 && error <= 2 * row->scores[id].sigma;
	}
	s.mean = s.count != 0 ? sum / (double)s.count : NAN;
	s.within = claimed != 0 ? (double)within / (double)claimed : NAN;
	return s;
}

/* The first picture counts: nobody told calibration how high the eyes are, or which class this
 * is. */
struct score_summary score_monitor(const struct evaluation *e)
{
	struct score_summary s = {.within = NAN};
	double sum = 0;
	for (size_t i = 0; i < e->count; i++) {
		const struct scored *row = &e->rows[i];
		const struct score *height = &row->scores[SCORE_HEIGHT];
		if (row->expected != POSTURE_UPRIGHT || !height->valid)
			continue;
		sum += fabs(height->got - height->truth);
		s.worst = fmax(s.worst, fabs(height->got - height->truth));
		s.count++;
	}
	s.mean = s.count != 0 ? sum / (double)s.count : NAN;
	return s;
}

static size_t confusion(const struct evaluation *e, enum posture expected, enum posture verdict)
{
	size_t n = 0;
	for (size_t i = 0; i < e->count; i++)
		n += e->rows[i].expected == expected && e->rows[i].verdict == verdict;
	return n;
}

double score_recall(const struct evaluation *e, enum posture only, size_t *count)
{
	double sum = 0;
	size_t classes = 0, pictures = 0;
	for (int p = 0; p < POSTURE_COUNT; p++) {
		size_t all = 0;
		for (int v = 0; v < POSTURE_COUNT; v++)
			all += confusion(e, (enum posture)p, (enum posture)v);
		if (all == 0 || (only != POSTURE_COUNT && only != (enum posture)p))
			continue;
		sum += (double)confusion(e, (enum posture)p, (enum posture)p) / (double)all;
		pictures += all;
		classes++;
	}
	if (count != NULL)
		*count = pictures;
	return classes != 0 ? sum / (double)classes : NAN;
}

static double faces_found(const struct evaluation *e, size_t *count)
{
	size_t found = 0, all = 0;
	for (size_t i = 0; i < e->count; i++)
		if (e->rows[i].found_expected) {
			all++;
			found += e->rows[i].face;
		}
	*count = all;
	return all != 0 ? (double)found / (double)all : NAN;
}

/* From the front the neck is a guess; rendered bodies, all built alike, spread less than people do.
 * The shoulders are few and symmetric for the same reason; and without calibration heads of one
 * size, before ten lenses, are no sample of how far off people's and webcams' may be. */
static bool is_estimate(int id)
{
	return id == SCORE_NECK || id == SCORE_SHOULDER_DROP || id == SCORE_UNCALIBRATED;
}

bool evaluate_good(const struct evaluation *e)
{
	size_t pictures;
	bool good = faces_found(e, &pictures) >= faces_least &&
	            score_recall(e, POSTURE_COUNT, NULL) >= recall_least &&
	            score_monitor(e).mean <= monitor_most_cm;
	for (int id = 0; id < SCORE_COUNT; id++) {
		const struct score_summary s = score_summarise(e, (enum score_id)id,
		                                               NULL, NULL, false);
		good = good && (s.count == 0 || s.mean <= columns[id].limit);
		/* Two or three wrong of a few pictures say nothing about a share. */
		if (s.count >= 40 && isfinite(s.within))
			good = good && s.within >= within_least &&
			       (s.within <= within_most || is_estimate(id));
	}
	return good;
}

/* ---- text ---- */

static void print_number(FILE *to, double value, int decimals, const char *unit)
{
	char text[32] = "-";
	if (isfinite(value))
		snprintf(text, sizeof text, "%.*f%s", decimals, value, unit);
	fprintf(to, " %9s", text);
}

static void print_overall(const struct evaluation *e, FILE *to)
{
	fprintf(to, "%-26s %5s %9s %9s %9s %9s  %s\n", "mean absolute error", "n", "error", "worst",
	        "at most", "2 sigma", "looking down");
	for (int id = 0; id < SCORE_COUNT; id++) {
		const struct score_summary s = score_summarise(e, (enum score_id)id,
		                                               NULL, NULL, false);
		const struct score_summary down = score_summarise(e, (enum score_id)id,
		                                                  NULL, NULL, true);
		fprintf(to, "%-26s %5zu", columns[id].name, s.count);
		print_number(to, s.mean, 2, "");
		print_number(to, s.worst, 2, "");
		print_number(to, columns[id].limit, 1, "");
		print_number(to, 100 * s.within, 0, " %");
		print_number(to, down.mean, 2, "");
		fprintf(to, " (%zu)\n", down.count);
	}
	const struct score_summary monitor = score_monitor(e);
	fprintf(to, "%-26s %5zu", "screen edge to eyes, cm", monitor.count);
	print_number(to, monitor.mean, 2, "");
	print_number(to, monitor.worst, 2, "");
	print_number(to, monitor_most_cm, 1, "");
	fputs("\n", to);
}

/* Rows of a table whose first column is each different person, or label. */
static void print_groups(const struct evaluation *e, FILE *to, bool by_label)
{
	fprintf(to, "\n%-20s", by_label ? "by label" : "by person");
	for (int id = 0; id < SCORE_COUNT; id++)
		fprintf(to, " %9s", columns[id].brief);
	fputs("\n", to);
	for (size_t i = 0; i < e->count; i++) {
		const char *name = by_label ? e->rows[i].label : e->rows[i].person;
		bool told = false;
		for (size_t k = 0; k < i && !told; k++)
			told = strcmp(name, by_label ? e->rows[k].label : e->rows[k].person) == 0;
		if (told)
			continue;
		fprintf(to, "%-20s", name);
		for (int id = 0; id < SCORE_COUNT; id++)
			print_number(to,
			             score_summarise(e, (enum score_id)id, by_label ? NULL : name,
			                             by_label ? name : NULL, false).mean, 2, "");
		fputs("\n", to);
	}
}

static void print_good_bad(const struct evaluation *e, FILE *to)
{
	const double both = score_good_bad(e, NAN, NULL, true);
	if (isfinite(both))
		fprintf(to, "good against bad: balanced accuracy %.3f\n", both);
}

/* The pictures as a day: who was recognised, and what would have been told. */
static void print_played(const struct evaluation *e, FILE *to)
{
	size_t looks = 0, strangers = 0, told = 0, wrongly = 0;
	for (size_t i = 0; i < e->count; i++) {
		const struct scored *row = &e->rows[i];
		looks += row->face;
		strangers += row->somebody_else;
		told += row->told != POSTURE_UNKNOWN;
		wrongly += row->told != POSTURE_UNKNOWN && row->expected < POSTURE_COUNT &&
		           !posture_is_fault(row->expected);
	}
	fprintf(to, "\nplayed at %g pictures a second: %zu of %zu looks called somebody else or "
	        "another place; %zu postures told, %zu of them while sitting well\n",
	        e->fps, strangers, looks, told, wrongly);
}

static void print_labels(const struct evaluation *e, FILE *to)
{
	fputs("\n", to);
	for (int p = 0; p < POSTURE_COUNT; p++) {
		size_t count;
		const double recall = score_recall(e, (enum posture)p, &count);
		if (count == 0)
			continue;
		fprintf(to, "%-14s recall %.2f of %zu", posture_name((enum posture)p),
		        recall, count);
		for (int v = 0; v < POSTURE_COUNT; v++)
			if (v != p && confusion(e, (enum posture)p, (enum posture)v) != 0)
				fprintf(to, ", %zu %s",
				        confusion(e, (enum posture)p, (enum posture)v),
				        posture_name((enum posture)v));
		fputs("\n", to);
	}
	size_t pictures;
	const double recall = score_recall(e, POSTURE_COUNT, NULL),
	             faces = faces_found(e, &pictures);
	if (isfinite(recall))
		fprintf(to, "macro-averaged recall %.3f (at least %.2f)\n", recall, recall_least);
	print_good_bad(e, to);
	fprintf(to, "faces found in %.1f %% of %zu pictures within 45 deg of yaw and 30 of pitch "
	        "(at least %.0f %%)\n", 100 * faces, pictures, 100 * faces_least);
}

void evaluate_print(const struct evaluation *e, FILE *to)
{
	print_overall(e, to);
	print_groups(e, to, false);
	print_groups(e, to, true);
	print_labels(e, to);
	if (e->fps > 0)
		print_played(e, to);
	if (e->left_out)
		evaluate_print_left_out(e, to);
}

/* ---- JSON ---- */

static cJSON *summary_json(struct score_summary s, double limit)
{
	cJSON *json = cJSON_CreateObject();
	cJSON_AddNumberToObject(json, "count", (double)s.count);
	cJSON_AddNumberToObject(json, "mean_absolute_error", s.mean);
	cJSON_AddNumberToObject(json, "worst", s.worst);
	cJSON_AddNumberToObject(json, "within_2_sigma", s.within);
	if (limit > 0)
		cJSON_AddNumberToObject(json, "limit", limit);
	return json;
}

static cJSON *row_json(const struct scored *row)
{
	cJSON *json = cJSON_CreateObject(), *scores = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "person", row->person);
	cJSON_AddStringToObject(json, "picture", row->picture);
	cJSON_AddStringToObject(json, "label", row->label);
	cJSON_AddBoolToObject(json, "calibration", row->calibration);
	cJSON_AddBoolToObject(json, "face_found", row->face);
	cJSON_AddStringToObject(json, "verdict", posture_name(row->verdict));
	cJSON_AddNumberToObject(json, "departure", row->departure);
	cJSON_AddBoolToObject(json, "somebody_else", row->somebody_else);
	if (row->told != POSTURE_UNKNOWN)
		cJSON_AddStringToObject(json, "told", posture_name(row->told));
	for (int id = 0; id < SCORE_COUNT; id++) {
		const struct score *s = &row->scores[id];
		if (!s->valid)
			continue;
		cJSON *item = cJSON_AddObjectToObject(scores, columns[id].name);
		cJSON_AddNumberToObject(item, "measured", s->got);
		cJSON_AddNumberToObject(item, "truth", s->truth);
		cJSON_AddNumberToObject(item, "sigma", s->sigma);
	}
	cJSON_AddItemToObject(json, "scores", scores);
	return json;
}

bool evaluate_write_json(const struct evaluation *e, const char *path, struct error *error)
{
	cJSON *json = cJSON_CreateObject(), *overall = cJSON_AddObjectToObject(json, "overall");
	cJSON *down = cJSON_AddObjectToObject(json, "looking_down");
	for (int id = 0; id < SCORE_COUNT; id++) {
		cJSON_AddItemToObject(overall, columns[id].name,
		                      summary_json(score_summarise(e, (enum score_id)id,
		                                                   NULL, NULL, false),
		                                   columns[id].limit));
		cJSON_AddItemToObject(down, columns[id].name,
		                      summary_json(score_summarise(e, (enum score_id)id,
		                                                   NULL, NULL, true), 0));
	}
	size_t pictures;
	const double faces = faces_found(e, &pictures);
	cJSON_AddItemToObject(json, "screen_edge_to_eyes_cm",
	                      summary_json(score_monitor(e), monitor_most_cm));
	cJSON_AddNumberToObject(json, "macro_recall", score_recall(e, POSTURE_COUNT, NULL));
	cJSON_AddNumberToObject(json, "good_against_bad", score_good_bad(e, NAN, NULL, true));
	if (e->left_out)
		cJSON_AddItemToObject(json, "leave_one_out", evaluate_left_out_json(e));
	cJSON_AddNumberToObject(json, "faces_found", faces);
	cJSON_AddNumberToObject(json, "faces_expected", (double)pictures);
	cJSON *rows = cJSON_AddArrayToObject(json, "pictures");
	for (size_t i = 0; i < e->count; i++)
		cJSON_AddItemToArray(rows, row_json(&e->rows[i]));
	char *printed = cJSON_Print(json), *text = printed != NULL ? text_valid(printed) : NULL;
	cJSON_free(printed);
	cJSON_Delete(json);
	FILE *file = text != NULL ? fopen(path, "w") : NULL;
	bool good = file != NULL && fputs(text, file) >= 0 && fputs("\n", file) >= 0;
	if (file != NULL && fclose(file) != 0)
		good = false;
	free(text);
	return good || error_set(error, errno, "%s: cannot be written", path);
}
