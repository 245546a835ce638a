#include "report/report.h"

#include "breaks/sitting.h"
#include "report/samples.h"

#include <math.h>
#include <string.h>

/* ---- reading the history ---- */

/* A shorter interruption does not end a sitting bout; from so long on RULA calls it static. */
enum { BOUT_JOIN_S = 60, STATIC_S = 600 };

struct reading {
	struct report_summary *summary;
	struct samples samples;
	struct sitting sitting;     /* seconds from the day's start */
	int64_t first_ms, last_ms;
	int minute;                 /* the one being gathered */
	double state_s[REPORT_STATES];
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
	const double sat = r->sitting.sitting_s;
	if (sitting_step(&r->sitting, (double)(from_ms - day) / 1000, presence))
		s->bout_count++;
	s->static_s += fmin(r->sitting.sitting_s - sat, fmax(0, r->sitting.bout_s - STATIC_S));
	if (s->bout_count > 0 && s->bout_count <= REPORT_BOUTS)
		s->bouts[s->bout_count - 1] = (struct report_bout){
			day + llround(r->sitting.bout_began * 1000),
			day + llround(r->sitting.bout_ended * 1000)};
}

/* The minute is over: it looks like what had most of it. */
static void close_minute(struct reading *r)
{
	int most = 0;
	for (int i = 1; i < REPORT_STATES; i++)
		if (r->state_s[i] > r->state_s[most])
			most = i;
	if (r->minute < REPORT_MINUTES)
		r->summary->minutes[r->minute] = (unsigned char)most;
	memset(r->state_s, 0, sizeof r->state_s);
}

static void add_to_hour(struct report_hour *hour, enum presence presence,
                        enum posture posture, double s)
{
	hour->presence_s[presence] += s;
	if (presence != PRESENCE_PRESENT || posture == POSTURE_UNKNOWN)
		return;
	if (posture_is_fault(posture))
		hour->fault_s += s;
	else
		hour->good_s += s;
}

/* A piece of one state, minute by minute. */
static void draw(struct reading *r, int64_t start, int64_t end, enum presence presence,
                 enum posture posture)
{
	const int64_t day = r->summary->day.from_ms, minute_ms = 60000;
	const int state = presence == PRESENCE_PRESENT ? 1 + (int)posture
	                                               : REPORT_STATE_PRESENCE + (int)presence;
	while (start < end) {
		const int minute = (int)((start - day) / minute_ms);
		const int64_t border = day + (minute + 1) * minute_ms,
		              to = end < border ? end : border;
		const double seconds = (double)(to - start) / 1000;
		if (minute != r->minute)
			close_minute(r);
		r->minute = minute;
		r->state_s[state] += seconds;
		if (minute < REPORT_MINUTES)
			add_to_hour(&r->summary->hours[minute / 60], presence, posture, seconds);
		start = to;
	}
}

static void note_offset(struct report_summary *s, int64_t from_ms, int seconds)
{
	const bool same = s->offset_count > 0 && s->offsets[s->offset_count - 1].seconds == seconds;
	if (seconds != STORE_NO_OFFSET && !same && s->offset_count < REPORT_OFFSETS)
		s->offsets[s->offset_count++] = (struct report_offset){from_ms, seconds};
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
	note_offset(s, start, span->utc_offset_s);
	sit(r, start, span->presence);
	draw(r, start, end, span->presence, span->posture);
	if (r->first_ms == 0)
		r->first_ms = start;
	r->last_ms = end;
	return true;
}

static bool on_sample(void *user, const struct store_sample *sample)
{
	struct reading *r = user;
	r->failed = !samples_add(&r->samples, sample);
	return !r->failed;
}

static bool on_alert(void *user, const struct store_alert *alert)
{
	struct report_summary *s = ((struct reading *)user)->summary;
	if (s->alert_count < REPORT_ALERTS)
		s->alerts[s->alert_count] = *alert;
	s->alert_count++;
	return true;
}

bool report_verified(const struct report_summary *s, const struct store_break *b)
{
	const int64_t minute_ms = 60000;
	int seen = 0, all = 0;
	if (b->outcome != BREAK_TAKEN)
		return false;
	for (int64_t m = (b->start_ms - s->day.from_ms) / minute_ms;
	     m >= 0 && m < REPORT_MINUTES && s->day.from_ms + m * minute_ms < b->end_ms; m++) {
		const int state = s->minutes[m];
		all++;
		seen += (state > 0 && state < REPORT_STATE_PRESENCE) ||
		        state == REPORT_STATE_PRESENCE + (int)PRESENCE_AWAY;
	}
	return all > 0 && 2 * seen >= all;
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
	s->verified[b->kind] += report_verified(s, b);
	s->cut_short[b->kind] += b->outcome == BREAK_CUT_SHORT;
	s->skipped[b->kind] += b->outcome == BREAK_SKIPPED;
	return true;
}

static bool on_pain(void *user, const struct store_pain *p)
{
	struct report_summary *s = ((struct reading *)user)->summary;
	if (s->pain_count < REPORT_PAINS)
		s->pains[s->pain_count] = *p;
	s->pain_count++;
	if (p->level > s->worst_pain)
		s->worst_pain = p->level;
	return true;
}

/* ---- adding up ---- */

/* RULA's bands. Whether a trunk near upright is well supported (1 point rather than 2) no camera
 * sees; leaning back of it is, by the chair. What counts as twisted or bent to a side is in the
 * configuration; twisted is against upright where that is known, because the camera may stand at
 * the side. */
static void set_scales(struct report_summary *s)
{
	const double yaw = s->context.posture.yaw_deg, roll = s->context.posture.head_roll_deg;
	const enum measure_id turn =
		s->measures[MEASURE_HEAD_YAW_CHANGE].count > 0 ? MEASURE_HEAD_YAW_CHANGE
		                                               : MEASURE_HEAD_YAW;
	const double open = HUGE_VAL;
	const struct report_scale scales[REPORT_SCALES] = {
		{"neck", MEASURE_NECK_FLEXION, 0, 4,
		 {{-open, 0, 4}, {0, 10, 1}, {10, 20, 2}, {20, open, 3}}},
		{"neck_twisted", turn, 0, 3,
		 {{-open, -yaw, 1}, {-yaw, yaw, 0}, {yaw, open, 1}}},
		{"neck_side_bent", MEASURE_HEAD_ROLL, 0, 3,
		 {{-open, -roll, 1}, {-roll, roll, 0}, {roll, open, 1}}},
		{"trunk", MEASURE_TRUNK_FLEXION, 0, 4,
		 {{-open, 0, 1}, {0, 20, 2}, {20, 60, 3}, {60, open, 4}}},
	};
	memcpy(s->scales, scales, sizeof scales);
}

static void summarise_samples(struct reading *r)
{
	struct report_summary *s = r->summary;
	const struct report_measure *m = s->measures;
	for (int id = 0; id < MEASURE_COUNT; id++)
		samples_measure(&r->samples, (enum measure_id)id, &s->context.posture,
		                &s->measures[id]);
	set_scales(s);
	for (int i = 0; i < REPORT_SCALES; i++)
		samples_scale(&r->samples, &s->scales[i]);
	const bool screen = m[MEASURE_SCREEN_DISTANCE].count > 0,
	           upright = m[MEASURE_EYE_DROP].count > 0;
	samples_curve(&r->samples, screen ? MEASURE_SCREEN_DISTANCE : MEASURE_EYE_DISTANCE,
	              s->day.from_ms, &s->distance);
	samples_curve(&r->samples, upright ? MEASURE_EYE_DROP : MEASURE_EYE_HEIGHT, s->day.from_ms,
	              &s->height);
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
	s->worst_pain = -1;
	sitting_init(&r.sitting, INFINITY, BOUT_JOIN_S);
	bool good = store_spans(store, day->from_ms, day->to_ms, on_span, &r, error);
	close_minute(&r);
	good = good && store_samples(store, day->from_ms, day->to_ms, on_sample, &r, error) &&
	       store_alerts(store, day->from_ms, day->to_ms, on_alert, &r, error) &&
	       store_breaks(store, day->from_ms, day->to_ms, on_break, &r, error) &&
	       store_pains(store, day->from_ms, day->to_ms, on_pain, &r, error);
	if (good && (r.failed || !samples_weigh(&r.samples)))
		good = error_set(error, 0, "%s: out of memory", "report");
	if (good)
		summarise_samples(&r);
	s->samples = (long)r.samples.count;
	const double span = (double)(r.last_ms - r.first_ms) / 1000;
	const double known = s->covered_s - s->presence_s[PRESENCE_UNKNOWN];
	s->coverage = span > 0 ? known / span : 0;
	samples_free(&r.samples);
	summarise_sitting(&r);
	report_judge(s);
	return good;
}
