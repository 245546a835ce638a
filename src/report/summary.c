#include "report/report.h"

#include "breaks/sitting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading the history ---- */

/* A shorter interruption does not end a sitting bout. */
enum { BOUT_JOIN_S = 60 };

struct reading {
	struct report_summary *summary;
	float *values[MEASURE_COUNT];
	int64_t *at;                /* wall_ms of each sample */
	size_t count, room;
	struct sitting sitting;     /* seconds from the day's start */
	int64_t first_ms, last_ms;
	bool failed;
};

static int64_t clip(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low : v > high ? high : v;
}

/* From this moment on, somebody is there or not. */
static void sit(struct reading *r, int64_t from_ms, enum presence presence)
{
	struct report_summary *s = r->summary;
	const int64_t day = s->day.from_ms;
	if (sitting_step(&r->sitting, (double)(from_ms - day) / 1000, presence))
		s->bout_count++;
	if (s->bout_count > 0 && s->bout_count <= REPORT_BOUTS)
		s->bouts[s->bout_count - 1] = (struct report_bout){
			day + llround(r->sitting.bout_began * 1000),
			day + llround(r->sitting.bout_ended * 1000)};
}

static bool on_span(void *user, const struct store_span *span)
{
	struct reading *r = user;
	struct report_summary *s = r->summary;
	int64_t start = clip(span->start_ms, s->day.from_ms, s->day.to_ms);
	const int64_t end = clip(span->end_ms, s->day.from_ms, s->day.to_ms);
	/* A clock that was set back makes spans overlap: the earlier one keeps its time. */
	if (r->last_ms != 0 && start < r->last_ms)
		start = r->last_ms;
	if (end <= start)
		return true;
	const double seconds = (double)(end - start) / 1000;
	s->covered_s += seconds;
	s->presence_s[span->presence] += seconds;
	if (span->presence == PRESENCE_PRESENT)
		s->posture_s[span->posture] += seconds;
	/* A hole between spans is as long as it is, and nobody knows what it held. */
	if (r->last_ms != 0 && start > r->last_ms)
		sit(r, r->last_ms, PRESENCE_UNKNOWN);
	sit(r, start, span->presence);
	if (r->first_ms == 0)
		r->first_ms = start;
	r->last_ms = end;
	return true;
}

static bool grow(struct reading *r)
{
	const size_t room = r->room > 0 ? r->room * 2 : 4096;
	int64_t *at = realloc(r->at, room * sizeof *at);
	if (at == NULL)
		return false;
	r->at = at;
	for (int m = 0; m < MEASURE_COUNT; m++) {
		float *grown = realloc(r->values[m], room * sizeof *grown);
		if (grown == NULL)
			return false;
		r->values[m] = grown;
	}
	r->room = room;
	return true;
}

static bool on_sample(void *user, const struct store_sample *sample)
{
	struct reading *r = user;
	if (r->count == r->room && !grow(r)) {
		r->failed = true;
		return false;
	}
	for (int m = 0; m < MEASURE_COUNT; m++)
		r->values[m][r->count] = sample->measures.m[m].valid ? (float)sample->measures.m[m].value
		                                                     : NAN;
	r->at[r->count++] = sample->wall_ms;
	return true;
}

static bool on_alert(void *user, const struct store_alert *alert)
{
	struct report_summary *s = ((struct reading *)user)->summary;
	if (s->alert_count < REPORT_ALERTS)
		s->alerts[s->alert_count] = *alert;
	s->alert_count++;
	return true;
}

static bool on_break(void *user, const struct store_break *b)
{
	struct report_summary *s = ((struct reading *)user)->summary;
	if (s->break_count < REPORT_BREAKS)
		s->breaks[s->break_count] = *b;
	s->break_count++;
	if (!b->prompted) {
		s->natural[b->kind]++;
		return true;
	}
	s->due[b->kind]++;
	s->taken[b->kind] += b->outcome == BREAK_TAKEN;
	s->cut_short[b->kind] += b->outcome == BREAK_CUT_SHORT;
	s->skipped[b->kind] += b->outcome == BREAK_SKIPPED;
	return true;
}

/* ---- statistics ---- */

/* A value and the seconds that it stands for. */
struct point {
	float value;
	double seconds;
};

static int by_value(const void *a, const void *b)
{
	float x = ((const struct point *)a)->value, y = ((const struct point *)b)->value;
	return (x > y) - (x < y);
}

/* Looks come every 3 s while something is wrong and every 30 s while nothing is: counted one by one they
 * would show the day worse than it was. A sample stands for the time to the next one; the last before a
 * hole, for as long as the one before it. */
static double seconds_of(const struct reading *r, size_t i)
{
	enum { HOLE_S = 120 };
	for (;; i--) {
		const double s = i + 1 < r->count ? (double)(r->at[i + 1] - r->at[i]) / 1000 : 0;
		if (s > 0 && s <= HOLE_S)
			return s;
		if (i == 0)
			return 1;
	}
}

/* Each value sits in the middle of its share of the time, linear in between (for equal shares Hyndman and
 * Fan's type 5). */
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

/* The acceptable band of a measure, by the thresholds in force (their sources: config/options.inc). */
static bool band_of(const struct posture_config *c, enum measure_id id, double *low, double *high)
{
	*low = -HUGE_VAL;
	*high = HUGE_VAL;
	switch (id) {
	case MEASURE_SCREEN_DISTANCE: *low = c->too_close_cm; *high = 100; return true;
	case MEASURE_HEAD_ROLL: *low = -c->head_roll_deg; *high = c->head_roll_deg; return true;
	case MEASURE_HEAD_YAW: *low = -c->yaw_deg; *high = c->yaw_deg; return true;
	case MEASURE_SHOULDER_TILT: *low = -c->shoulder_tilt_deg; *high = c->shoulder_tilt_deg; return true;
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

static void summarise_measure(struct reading *r, enum measure_id id, struct point *points)
{
	struct report_measure *out = &r->summary->measures[id];
	double low, high, total = 0, inside = 0;
	size_t n = 0;
	const bool banded = band_of(&r->summary->context.posture, id, &low, &high);
	out->in_band_share = -1;
	for (size_t i = 0; i < r->count; i++) {
		const float value = r->values[id][i];
		if (isnan(value))
			continue;
		const double seconds = seconds_of(r, i);
		points[n++] = (struct point){value, seconds};
		total += seconds;
		if ((double)value >= low && (double)value <= high)
			inside += seconds;
	}
	out->count = (long)n;
	if (n == 0)
		return;
	qsort(points, n, sizeof *points, by_value);
	out->p10 = percentile(points, n, total, 0.1);
	out->p50 = percentile(points, n, total, 0.5);
	out->p90 = percentile(points, n, total, 0.9);
	if (banded)
		out->in_band_share = inside / total;
}

static bool summarise_measures(struct reading *r)
{
	struct point *points = malloc((r->count + 1) * sizeof *points);
	for (int m = 0; points != NULL && m < MEASURE_COUNT; m++)
		summarise_measure(r, (enum measure_id)m, points);
	free(points);
	return points != NULL;
}

/* Up to 70 points for the share of judged sitting in a posture without fault, 30 for the share of due
 * breaks that were taken. Only with enough seen of the day to mean something. */
static double score(const struct report_summary *s)
{
	double good = s->posture_s[POSTURE_UPRIGHT] + s->posture_s[POSTURE_RECLINED] +
	              s->posture_s[POSTURE_RAISED], judged = good;
	for (int p = 0; p < POSTURE_COUNT; p++)
		if (p != POSTURE_UNKNOWN && p != POSTURE_UPRIGHT && p != POSTURE_RECLINED && p != POSTURE_RAISED)
			judged += s->posture_s[p];
	int due = 0, taken = 0;
	for (int k = 0; k < BREAK_KINDS; k++) {
		due += s->due[k];
		taken += s->taken[k];
	}
	if (s->coverage < 0.5 || judged <= 0)
		return -1;
	return 70 * good / judged + (due > 0 ? 30.0 * taken / due : 30);
}

static void summarise_sitting(struct reading *r)
{
	struct report_summary *s = r->summary;
	if (r->last_ms != 0)
		sit(r, r->last_ms, PRESENCE_UNKNOWN);
	s->sitting_s = r->sitting.sitting_s;
	s->longest_bout_s = r->sitting.longest_bout_s;
	s->mean_bout_s = s->bout_count > 0 ? s->sitting_s / s->bout_count : 0;
}

bool report_summarise(struct store *store, const struct report_day *day,
                      const struct report_context *context, struct report_summary *s,
                      struct error *error)
{
	struct reading r = {.summary = s};
	memset(s, 0, sizeof *s);
	s->day = *day;
	s->context = *context;
	sitting_init(&r.sitting, INFINITY, BOUT_JOIN_S);
	bool good = store_spans(store, day->from_ms, day->to_ms, on_span, &r, error) &&
	            store_samples(store, day->from_ms, day->to_ms, on_sample, &r, error) &&
	            store_alerts(store, day->from_ms, day->to_ms, on_alert, &r, error) &&
	            store_breaks(store, day->from_ms, day->to_ms, on_break, &r, error);
	if (good && (r.failed || !summarise_measures(&r)))
		good = error_set(error, 0, "report: out of memory");
	s->samples = (long)r.count;
	const double span = (double)(r.last_ms - r.first_ms) / 1000;
	const double known = s->covered_s - s->presence_s[PRESENCE_UNKNOWN];
	s->coverage = span > 0 ? known / span : 0;
	for (int m = 0; m < MEASURE_COUNT; m++)
		free(r.values[m]);
	free(r.at);
	summarise_sitting(&r);
	s->score = score(s);
	return good;
}
