/* A day as a report: day.c says when it begins, summary.c adds its history up, write.c turns the summary
 * into JSON, text or CSV. None of them knows a clock. */
#ifndef UNKNOT_REPORT_REPORT_H
#define UNKNOT_REPORT_REPORT_H

#include "base/error.h"
#include "breaks/breaks.h"
#include "posture/posture.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define REPORT_SCHEMA "unknot-report/1"

/* A local calendar day: its first and one past its last millisecond (23, 24 or 25 hours). */
struct report_day {
	int year, month, day;
	int64_t from_ms, to_ms;
};
/* The local day that contains a moment; TZ decides. */
struct report_day report_day_of(int64_t wall_ms);
/* "2026-11-23", "today" or "yesterday" (against now_ms). False when it is none of these. */
bool report_day_parse(const char *text, int64_t now_ms, struct report_day *);
struct report_day report_day_next(const struct report_day *);

/* What the daemon had in force. */
struct report_context {
	struct posture_config posture;
	struct breaks_config breaks;
	char profile[64], camera[128], model_hash[65], version[32];
};

/* Percentiles and shares are of time: a sample stands for the time to the next. */
struct report_measure {
	long count;               /* samples in which it was valid */
	double p10, p50, p90;
	double in_band_share;     /* of the time, inside the acceptable band; -1 when none is defined */
};

enum { REPORT_ALERTS = 64, REPORT_BREAKS = 96, REPORT_BOUTS = 96 };

struct report_summary {
	struct report_day day;
	struct report_context context;
	double covered_s;                        /* spans' total */
	double presence_s[PRESENCE_COUNT];       /* sum = covered_s */
	double posture_s[POSTURE_COUNT];         /* of present time */
	long samples;
	struct report_measure measures[MEASURE_COUNT];
	int alert_count;                         /* all of them; at most REPORT_ALERTS kept */
	struct store_alert alerts[REPORT_ALERTS];
	int break_count;
	struct store_break breaks[REPORT_BREAKS];
	int due[BREAK_KINDS], taken[BREAK_KINDS], cut_short[BREAK_KINDS], skipped[BREAK_KINDS],
		natural[BREAK_KINDS];
	int bout_count;                          /* sitting: present or in a call, gaps < 60 s joined */
	struct report_bout { int64_t start_ms, end_ms; } bouts[REPORT_BOUTS];
	double longest_bout_s, mean_bout_s, sitting_s; /* seconds sat, interruptions not counted */
	double coverage;                         /* share of the time from first to last span that is known */
	double score;                            /* 0-100: 70 for the share of judged time in a posture
	                                          * without fault, 30 for the share of due breaks taken;
	                                          * < 0 when coverage is below one half */
};

/* Reads one day from the store. The summary is large (about 100 KB): allocate it. */
bool report_summarise(struct store *, const struct report_day *, const struct report_context *,
                      struct report_summary *, struct error *);

/* Each returns text to be freed with free(), NULL when out of memory. */
char *report_json(const struct report_summary *);
char *report_text(const struct report_summary *);
char *report_csv(const struct report_summary *, bool header);

/* <dir>/reports/YYYY-MM-DD.json, atomically, mode 0600. *path (PATH_SIZE bytes, may be NULL). */
bool report_write_day(struct store *, const struct report_day *, const struct report_context *,
                      const char *data_dir, char *path, struct error *);

#endif
