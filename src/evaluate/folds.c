/* Leave one person out: whatever could be fitted to pictures is fitted to the other people's and
 * scored on this one's. The program's own limits and sigmas are not estimated here; how far a fit
 * would move them, and whether it would help, tells how much they hang on who they were made
 * with. */
#include "evaluate/evaluate.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

static bool is_bad(enum posture p)
{
	return p == POSTURE_SLOUCHED || p == POSTURE_FORWARD_HEAD || p == POSTURE_LEANING ||
	       p == POSTURE_HEAD_TILTED || p == POSTURE_TOO_CLOSE;
}

static bool is_theirs(const struct scored *row, const char *person, bool others)
{
	return person == NULL || (strcmp(row->person, person) == 0) != others;
}

double score_good_bad(const struct evaluation *e, double limit, const char *person, bool others)
{
	size_t right[2] = {0}, all[2] = {0};
	for (size_t i = 0; i < e->count; i++) {
		const struct scored *row = &e->rows[i];
		if (row->expected == POSTURE_COUNT || row->calibration || !row->face ||
		    !isfinite(row->departure) || !is_theirs(row, person, others))
			continue;
		/* A nod departs, and is no bad posture: which of the two it is only the label
		 * tells. */
		if (isfinite(limit) && row->expected == POSTURE_LOOKING_DOWN)
			continue;
		const bool bad = is_bad(row->expected);
		const bool said = isfinite(limit) ? row->departure > limit : is_bad(row->verdict);
		all[bad]++;
		right[bad] += said == bad;
	}
	if (all[0] == 0 || all[1] == 0)
		return NAN;
	return ((double)right[0] / (double)all[0] + (double)right[1] / (double)all[1]) / 2;
}

double score_best_limit(const struct evaluation *e, const char *person)
{
	const double step = 0.02, most = 4;
	double best = 0, low = NAN, high = NAN;
	for (int i = 1; i * step <= most; i++) {
		const double got = score_good_bad(e, i * step, person, true);
		if (got > best + 1e-9) {
			best = got;
			low = i * step;
		}
		if (got >= best - 1e-9)
			high = i * step;
	}
	return (low + high) / 2;
}

static const char *next_person(const struct evaluation *e, size_t *from)
{
	for (size_t i = *from; i < e->count; i++) {
		bool told = false;
		for (size_t k = 0; k < i && !told; k++)
			told = strcmp(e->rows[k].person, e->rows[i].person) == 0;
		if (told)
			continue;
		*from = i + 1;
		return e->rows[i].person;
	}
	return NULL;
}

static bool is_claimed(const struct scored *row, enum score_id id)
{
	return score_counts(row, id) && row->scores[id].sigma > 0 &&
	       row->expected != POSTURE_LOOKING_DOWN;
}

/* Root mean square of the others' errors in sigmas: what sigma would have to be multiplied by. */
static double scale_of_others(const struct evaluation *e, enum score_id id, const char *person)
{
	double sum = 0;
	size_t n = 0;
	for (size_t i = 0; i < e->count; i++) {
		const struct scored *row = &e->rows[i];
		if (!is_claimed(row, id) || !is_theirs(row, person, true))
			continue;
		sum += pow((row->scores[id].got - row->scores[id].truth) / row->scores[id].sigma,
		           2);
		n++;
	}
	return n > 0 ? sqrt(sum / (double)n) : NAN;
}

static double likelihood(double error, double sigma)
{
	return error * error / (2 * sigma * sigma) + log(sigma) + log(2 * M_PI) / 2;
}

struct left_out score_left_out(const struct evaluation *e, enum score_id id)
{
	struct left_out out = {.scale_low = HUGE_VAL, .scale_high = 0};
	size_t from = 0;
	for (const char *person; (person = next_person(e, &from)) != NULL;) {
		const double scale = scale_of_others(e, id, person);
		if (!isfinite(scale) || scale <= 0)
			continue;
		for (size_t i = 0; i < e->count; i++) {
			const struct scored *row = &e->rows[i];
			if (!is_claimed(row, id) || !is_theirs(row, person, false))
				continue;
			const double error = fabs(row->scores[id].got - row->scores[id].truth);
			const double sigma = row->scores[id].sigma;
			out.count++;
			out.mean += error;
			out.within += error <= 2 * sigma;
			out.within_scaled += error <= 2 * scale * sigma;
			out.likelihood += likelihood(error, sigma);
			out.likelihood_scaled += likelihood(error, scale * sigma);
			out.scale_low = fmin(out.scale_low, scale);
			out.scale_high = fmax(out.scale_high, scale);
		}
	}
	double *const means[] = {&out.mean, &out.within, &out.within_scaled, &out.likelihood,
	                         &out.likelihood_scaled};
	for (size_t i = 0; i < sizeof means / sizeof *means; i++)
		*means[i] = out.count > 0 ? *means[i] / (double)out.count : NAN;
	return out;
}

static double recall_of(const struct evaluation *e, const char *person)
{
	size_t right = 0, all = 0;
	for (size_t i = 0; i < e->count; i++) {
		const struct scored *row = &e->rows[i];
		if (row->expected == POSTURE_COUNT || strcmp(row->person, person) != 0)
			continue;
		all++;
		right += row->verdict == row->expected;
	}
	return all > 0 ? (double)right / (double)all : NAN;
}

void evaluate_print_left_out(const struct evaluation *e, FILE *to)
{
	fprintf(to, "\n%-26s %5s %9s %9s %9s %15s %9s %9s\n", "leave one person out",
	        "n", "error", "2 sigma", "scaled", "scale", "-log p", "scaled");
	for (int id = 0; id < SCORE_COUNT; id++) {
		const struct left_out s = score_left_out(e, (enum score_id)id);
		if (s.count == 0)
			continue;
		fprintf(to, "%-26s %5zu %9.2f %7.0f %% %7.0f %% %7.2f - %5.2f %9.2f %9.2f\n",
		        score_name((enum score_id)id), s.count, s.mean,
		        100 * s.within, 100 * s.within_scaled,
		        s.scale_low, s.scale_high, s.likelihood, s.likelihood_scaled);
	}
	fprintf(to, "\n%-20s %9s %9s %12s %9s\n", "left out", "recall",
	        "good/bad", "others'", "limit");
	size_t from = 0;
	for (const char *person; (person = next_person(e, &from)) != NULL;) {
		const double limit = score_best_limit(e, person);
		fprintf(to, "%-20s %9.2f %9.2f %12.2f %9.2f\n", person, recall_of(e, person),
		        score_good_bad(e, NAN, person, false),
		        score_good_bad(e, limit, person, false), limit);
	}
	fputs("others': the same by the departure alone, with the limit (1 is the program's) that "
	      "is best for the others\n", to);
}

struct cJSON *evaluate_left_out_json(const struct evaluation *e)
{
	cJSON *json = cJSON_CreateObject(), *scores = cJSON_AddObjectToObject(json, "scores");
	cJSON *people = cJSON_AddObjectToObject(json, "people");
	for (int id = 0; id < SCORE_COUNT; id++) {
		const struct left_out s = score_left_out(e, (enum score_id)id);
		if (s.count == 0)
			continue;
		cJSON *row = cJSON_AddObjectToObject(scores, score_name((enum score_id)id));
		cJSON_AddNumberToObject(row, "count", (double)s.count);
		cJSON_AddNumberToObject(row, "mean_absolute_error", s.mean);
		cJSON_AddNumberToObject(row, "within_2_sigma", s.within);
		cJSON_AddNumberToObject(row, "within_2_scaled_sigma", s.within_scaled);
		cJSON_AddNumberToObject(row, "scale_low", s.scale_low);
		cJSON_AddNumberToObject(row, "scale_high", s.scale_high);
		cJSON_AddNumberToObject(row, "negative_log_likelihood", s.likelihood);
		cJSON_AddNumberToObject(row, "negative_log_likelihood_scaled", s.likelihood_scaled);
	}
	size_t from = 0;
	for (const char *person; (person = next_person(e, &from)) != NULL;) {
		const double limit = score_best_limit(e, person);
		cJSON *row = cJSON_AddObjectToObject(people, person);
		cJSON_AddNumberToObject(row, "recall", recall_of(e, person));
		cJSON_AddNumberToObject(row, "good_against_bad",
		                        score_good_bad(e, NAN, person, false));
		cJSON_AddNumberToObject(row, "limit_of_others", limit);
		cJSON_AddNumberToObject(row, "good_against_bad_by_it",
		                        score_good_bad(e, limit, person, false));
	}
	return json;
}
