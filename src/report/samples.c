#include "report/samples.h"

#include <math.h>
#include <stdlib.h>

/* A value and the seconds that it stands for. */
struct point {
	float value;
	double seconds;
};

static bool grow(struct samples *s)
{
	const size_t room = s->room > 0 ? s->room * 2 : 4096;
	int64_t *at = realloc(s->at, room * sizeof *at);
	if (at == NULL)
		return false;
	s->at = at;
	for (int m = 0; m < MEASURE_COUNT; m++) {
		float *value = realloc(s->value[m], room * sizeof *value);
		if (value != NULL)
			s->value[m] = value;
		float *sigma = realloc(s->sigma[m], room * sizeof *sigma);
		if (sigma != NULL)
			s->sigma[m] = sigma;
		if (value == NULL || sigma == NULL)
			return false;
	}
	s->room = room;
	return true;
}

bool samples_add(struct samples *s, const struct store_sample *sample)
{
	if (s->count == s->room && !grow(s))
		return false;
	for (int m = 0; m < MEASURE_COUNT; m++) {
		const struct measure *got = &sample->measures.m[m];
		s->value[m][s->count] = got->valid ? (float)got->value : NAN;
		s->sigma[m][s->count] = got->valid ? (float)got->sigma : NAN;
	}
	s->at[s->count++] = sample->wall_ms;
	return true;
}

bool samples_weigh(struct samples *s)
{
	enum { HOLE_S = 120 };
	double last = 1;
	s->seconds = malloc((s->count + 1) * sizeof *s->seconds);
	s->points = malloc((s->count + 1) * sizeof *s->points);
	if (s->seconds == NULL || s->points == NULL)
		return false;
	for (size_t i = 0; i < s->count; i++) {
		const double next = i + 1 < s->count ? (double)(s->at[i + 1] - s->at[i]) / 1000 : 0;
		if (next > 0 && next <= HOLE_S)
			last = next;
		s->seconds[i] = last;
	}
	return true;
}

void samples_free(struct samples *s)
{
	for (int m = 0; m < MEASURE_COUNT; m++) {
		free(s->value[m]);
		free(s->sigma[m]);
	}
	free(s->at);
	free(s->seconds);
	free(s->points);
}

/* ---- percentiles ---- */

static int by_value(const void *a, const void *b)
{
	const float x = ((const struct point *)a)->value, y = ((const struct point *)b)->value;
	return (x > y) - (x < y);
}

/* Each value sits in the middle of its share of the time, linear in between (for equal shares
 * Hyndman and Fan's type 5). */
static double percentile(const struct point *sorted, size_t n, double total, double p)
{
	double before = 0, last_at = 0;
	for (size_t i = 0; i < n; i++) {
		const double at = before + sorted[i].seconds / 2;
		if (at >= p * total) {
			const double f = i > 0 ? (p * total - last_at) / (at - last_at) : 1;
			const float low = sorted[i > 0 ? i - 1 : 0].value;
			return (double)low * (1 - f) + (double)sorted[i].value * f;
		}
		before += sorted[i].seconds;
		last_at = at;
	}
	return (double)sorted[n - 1].value;
}

/* The valid points of [first, end), sorted; their count and seconds. */
static size_t gather(struct samples *s, enum measure_id id, size_t first, size_t end, double *total)
{
	size_t n = 0;
	*total = 0;
	for (size_t i = first; i < end; i++) {
		if (isnan(s->value[id][i]))
			continue;
		s->points[n++] = (struct point){s->value[id][i], s->seconds[i]};
		*total += s->seconds[i];
	}
	qsort(s->points, n, sizeof *s->points, by_value);
	return n;
}

/* The acceptable band of a measure, by the thresholds in force (their sources:
 * config/options.inc). */
static bool band_of(const struct posture_config *c, enum measure_id id, double *low, double *high)
{
	*low = -HUGE_VAL;
	*high = HUGE_VAL;
	switch (id) {
	case MEASURE_SCREEN_DISTANCE: *low = c->too_close_cm; *high = 100; return true;
	case MEASURE_HEAD_ROLL: *low = -c->head_roll_deg; *high = c->head_roll_deg; return true;
	case MEASURE_HEAD_YAW_CHANGE: /* fall through */
	case MEASURE_HEAD_YAW: *low = -c->yaw_deg; *high = c->yaw_deg; return true;
	case MEASURE_SHOULDER_TILT: *low = -c->shoulder_tilt_deg; *high = c->shoulder_tilt_deg;
	                                                                  return true;
	case MEASURE_EYE_DROP: *high = c->slouch_drop_cm; return true;
	case MEASURE_LEAN_IN: *high = c->forward_head_cm; return true;
	case MEASURE_LEAN_SIDE: *low = -c->lean_side_cm; *high = c->lean_side_cm; return true;
	case MEASURE_HEAD_PITCH_CHANGE: *high = c->looking_down_deg; return true;
	/* ISO 11226: neck 0-25 deg, trunk 0-20 deg. */
	case MEASURE_NECK_FLEXION: *low = 0; *high = 25; return true;
	case MEASURE_TRUNK_FLEXION: *low = 0; *high = 20; return true;
	default: return false;
	}
}

void samples_measure(struct samples *s, enum measure_id id, const struct posture_config *config,
                     struct report_measure *out)
{
	const size_t n = gather(s, id, 0, s->count, &out->valid_s);
	out->banded = band_of(config, id, &out->low, &out->high);
	out->count = (long)n;
	out->in_band_s = 0;
	for (size_t i = 0; i < n; i++)
		if ((double)s->points[i].value >= out->low &&
		    (double)s->points[i].value <= out->high)
			out->in_band_s += s->points[i].seconds;
	if (n == 0)
		return;
	out->p10 = percentile(s->points, n, out->valid_s, 0.1);
	out->p50 = percentile(s->points, n, out->valid_s, 0.5);
	out->p90 = percentile(s->points, n, out->valid_s, 0.9);
}

void samples_curve(struct samples *s, enum measure_id id, int64_t from_ms,
                   struct report_curve *curve)
{
	const int64_t slot_ms = REPORT_SLOT_MIN * 60000;
	size_t i = 0;
	curve->measure = id;
	for (int slot = 0; slot < REPORT_SLOTS; slot++) {
		const size_t first = i;
		double total;
		while (i < s->count && s->at[i] < from_ms + (slot + 1) * slot_ms)
			i++;
		const size_t n = gather(s, id, first, i, &total);
		struct report_slot *out = &curve->slots[slot];
		*out = (struct report_slot){NAN, NAN, NAN};
		if (n > 0)
			*out = (struct report_slot){(float)percentile(s->points, n, total, 0.1),
			                            (float)percentile(s->points, n, total, 0.5),
			                            (float)percentile(s->points, n, total, 0.9)};
	}
}

/* ---- scales ---- */

static int band_at(const struct report_scale *scale, double value)
{
	int b = 0;
	while (b + 1 < scale->bands && value >= scale->band[b].to)
		b++;
	return b;
}

void samples_scale(const struct samples *s, struct report_scale *scale)
{
	/* The middles of equal steps from -3 to 3: what lies beyond is 0.3 % of a normal
	 * distribution. */
	enum { STEPS = 24 };
	double weights = 0, square[REPORT_BANDS] = {0};
	const float *value = s->value[scale->measure], *sigma = s->sigma[scale->measure];
	scale->known_s = 0;
	for (size_t i = 0; i < s->count; i++)
		if (!isnan(value[i]))
			scale->known_s += s->seconds[i];
	for (int step = 0; step < STEPS; step++) {
		const double z = 6.0 * (step + 0.5) / STEPS - 3, weight = exp(-z * z / 2);
		double seconds[REPORT_BANDS] = {0};
		for (size_t i = 0; i < s->count; i++)
			if (!isnan(value[i]))
				seconds[band_at(scale, (double)value[i] + z * (double)sigma[i])] +=
					s->seconds[i];
		weights += weight;
		for (int b = 0; b < scale->bands; b++) {
			scale->band[b].seconds += weight * seconds[b];
			square[b] += weight * seconds[b] * seconds[b];
		}
	}
	for (int b = 0; b < scale->bands; b++) {
		const double mean = scale->band[b].seconds / weights;
		scale->band[b].seconds = mean;
		scale->band[b].sigma_s = sqrt(fmax(0, square[b] / weights - mean * mean));
	}
}
