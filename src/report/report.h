/* A day as a report: day.c says when it begins, summary.c adds its history up (samples.c the
 * measures), json.c, text.c and page.c write the summary down. None of them knows a clock. */
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

/* Removes the reports of days that ended before, by their files' names; other files there stay. */
void report_forget(const char *data_dir, int64_t before_ms);

/* What the daemon had in force. */
struct report_context {
	struct posture_config posture;
	struct breaks_config breaks;
	char profile[64], camera[128], model_hash[65], version[32];
};

/* What of it bears on the numbers, by the names that the report gives them; an interval of 0 is
 * off. */
enum { REPORT_THRESHOLDS = 19 };
struct report_threshold {
	const char *name;
	double value;
	int digits;
};
int report_thresholds(const struct report_context *,
                      struct report_threshold rows[REPORT_THRESHOLDS]);
/* Thresholds, networks, camera and profile of a day, from the report that the daemon wrote then;
 * what it does not say stays as it is. The version is that of the program at hand. False when it is
 * no report. */
bool report_context_read(struct report_context *, const char *json);

/* Percentiles and seconds are of time: a sample stands for the time to the next. */
struct report_measure {
	long count;               /* samples in which it was valid */
	double valid_s;           /* the time they stand for */
	double p10, p50, p90;
	bool banded;              /* there is an acceptable band, ... */
	double low, high;         /* from here to here; an open end is infinite */
	double in_band_s;         /* of valid_s */
};

/* The time in each band of an angle, after RULA (McAtamney & Corlett 1993). From the front neck and
 * trunk are estimates: every number has its sigma. */
enum { REPORT_SCALES = 4, REPORT_BANDS = 4 };
struct report_scale {
	const char *name;         /* "neck" */
	enum measure_id measure;
	double known_s;           /* sum of the bands */
	int bands;
	struct report_band {
		double from, to;      /* degrees; from included, to not; an open end is infinite */
		int score;            /* RULA's points; in the scales that add to another, 0 or 1 */
		double seconds, sigma_s;
	} band[REPORT_BANDS];
};

/* What a day looked like, for pictures of it. A state is 1 + a posture while present, else
 * REPORT_STATE_PRESENCE + the presence; 0 where nothing was recorded. */
enum {
	REPORT_MINUTES = 25 * 60, REPORT_HOURS = 25, REPORT_SLOT_MIN = 5,
	REPORT_SLOTS = REPORT_MINUTES / REPORT_SLOT_MIN,
	REPORT_STATE_PRESENCE = 1 + POSTURE_COUNT,
	REPORT_STATES = REPORT_STATE_PRESENCE + PRESENCE_COUNT
};
struct report_slot { float p10, p50, p90; }; /* NaN when not known */
struct report_curve {
	enum measure_id measure;
	struct report_slot slots[REPORT_SLOTS];
};
struct report_hour {
	double presence_s[PRESENCE_COUNT];
	double fault_s, good_s;   /* of the present time, where the posture was known */
};

/* What the coach's dose and the breaks' intervals let through in 25 hours, and more than anybody
 * leaves and comes back; whatever is beyond is counted, not listed. */
enum { REPORT_ALERTS = 128, REPORT_BREAKS = 192, REPORT_BOUTS = 128, REPORT_PAINS = 32,
       REPORT_OFFSETS = 8 };

/* What the score is made of; movement is three quarters of it. The weights are our choice: no study
 * has a number for them. That movement leads is what the sources in ergonomics agree on: HSE L26
 * asks for breaks from the screen before it asks for a posture, and no posture is good for
 * hours. */
enum report_part {
	REPORT_PART_LONGEST,    /* 35: all up to an hour in one go, none from two on (HSE L26) */
	REPORT_PART_BREAKS,     /* 25: the share of due breaks that were
	                         * taken, movement counting twice */
	REPORT_PART_CHANGES,    /* 15: three changes of posture an hour
	                         * (McLean 2001, Hedge: every 20 minutes) */
	REPORT_PART_POSTURE,    /* 25: the share of judged time in a posture without fault */
	REPORT_PARTS
};
extern const int report_points[REPORT_PARTS];

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
	int verified[BREAK_KINDS];               /* of the taken: report_verified */
	int bout_count;                          /* sitting: present or in a
	                                          * call, gaps < 60 s joined */
	struct report_bout { int64_t start_ms, end_ms; } bouts[REPORT_BOUTS];
	double longest_bout_s, mean_bout_s, sitting_s; /* seconds sat, interruptions not counted */
	int pain_count;                          /* at most REPORT_PAINS kept */
	struct store_pain pains[REPORT_PAINS];
	int worst_pain;                          /* -1: no entry */
	double static_s;                         /* in bouts beyond their tenth minute: RULA adds 1
	                                          * to a trunk held so long */
	struct report_scale scales[REPORT_SCALES];
	double coverage;                         /* share of the time from first
	                                          * to last span that is known */
	double score;                            /* 0-100, the sum of points; < 0 when less than an
	                                          * hour of sitting or less than half of the time is
	                                          * known */
	double points[REPORT_PARTS];             /* at most report_points */
	int changes;                             /* of posture, and getting up, minute by minute */
	double good_s, judged_s;                 /* present in a posture without fault; in any */
	/* Seconds east of Greenwich, as recorded: from then on. Empty: as TZ has it. */
	int offset_count;
	struct report_offset { int64_t from_ms; int seconds; } offsets[REPORT_OFFSETS];
	/* Elapsed since the day's start: on a day of 25 hours the last hour is the 25th. */
	struct report_hour hours[REPORT_HOURS];
	unsigned char minutes[REPORT_MINUTES];   /* the state that had most of the minute */
	struct report_curve distance, height;    /* to the screen, else to the camera; below
	                                          * upright, else above the camera */
};

/* Reads one day from the store. The summary is large (about 110 KB): allocate it. */
bool report_summarise(struct store *, const struct report_day *, const struct report_context *,
                      struct report_summary *, struct error *);

/* ---- days of a history ---- */

struct report_source {
	struct store *store;
	struct report_context context; /* what is in force now */
	const char *reports;           /* the daemon's, which say what was
	                                * in force then; NULL: none */
};
bool report_read(const struct report_source *, const struct report_day *, struct report_summary *,
                 struct error *);
struct report_day report_day_before(const struct report_day *);
struct report_day report_days_before(struct report_day, int days);

/* From the first day to the last. `trend`: with what there is of the month before, so that the last
 * `shown` are what was asked for. To be freed after a failure too. */
enum { REPORT_DAYS_MAX = 400, REPORT_TREND_DAYS = 30 };
struct report_days {
	struct report_summary *list[REPORT_DAYS_MAX];
	int count, shown;
};
bool report_days_read(struct report_days *, const struct report_source *,
                      const struct report_day *first,
                      const struct report_day *last, bool trend, struct error *);
void report_days_free(struct report_days *);
const struct report_summary *const *report_days_shown(const struct report_days *);

/* "2026-03-09.html", "2026-03-03-to-2026-03-09.html": how a report of these days is called. */
enum { REPORT_NAME_SIZE = 64 };
void report_file_name(const struct report_day *first, const struct report_day *last,
                      const char *extension, char name[REPORT_NAME_SIZE]);

/* The nearest days before and after, at most a month away, whose pages lie in `dir` already; their
 * year is 0 where there is none. */
struct report_links {
	struct report_day previous, next;
};
struct report_links report_links_of(const struct report_day *, const char *dir);

/* Was the camera watching when this break was taken? It saw the person leave, or the eyes leave the
 * screen, for at least half of it; what a locked screen or a covered lens hid is taken but not
 * verified. */
bool report_verified(const struct report_summary *, const struct store_break *);

/* Days with an entry in the diary, parted at the median of their worst pain: how those with more of
 * it differ from the others. Fewer than so many days on a side say nothing: then it returns false.
 * More than a hint it never is: whom it hurts may sit otherwise because of that. */
enum { REPORT_RELATE_DAYS = 4 };
struct report_side {
	int days;
	double pain, sitting_s, longest_s; /* means of the days */
	double fault_s, slouched_s, judged_s; /* sums, like the breaks */
	int due, taken;
};
struct report_relation {
	struct report_side worse, better;
};
bool report_relate(const struct report_summary *const *days, int count, struct report_relation *);

/* An enum coach_answer by the name that the report gives it: "none", "dismissed", "start". */
const char *report_answer_name(int answer);

/* Fills in good_s, judged_s, changes, points and score from the rest. */
void report_judge(struct report_summary *);
/* Of several days, each weighing by its sitting; < 0 when none has a score. */
double report_score_of(const struct report_summary *const *days, int count);

/* What stands out in a day or several, and the one thing to do tomorrow. */
enum report_advice {
	ADVICE_NONE,        /* nobody sat */
	ADVICE_BREAK_AT,    /* get up after break_at_s: a sit was longer than an hour */
	ADVICE_TAKE_BREAKS, /* fewer than half of them were taken */
	ADVICE_POSTURE,     /* `fault` was a quarter of the time or more */
	ADVICE_CHANGE,      /* sat still */
	ADVICE_KEEP,
};
struct report_insight {
	int worst_hour;         /* of one day's hours, with most that
	                         * could be better; -1: none stands out */
	double worst_share;
	int worst_day;          /* of several, with the lowest score; -1: none has one */
	double worst_score;
	int longest_day;
	double longest_s;
	bool long_sit;          /* longest_s is more than an hour */
	enum posture fault;     /* the commonest departure */
	double fault_s;
	int due, taken, changes;
	double sitting_s, judged_s, break_at_s;
	enum report_advice advice;
};
struct report_insight report_insight(const struct report_summary *const *days, int count);

/* Each returns text to be freed with free(), NULL when out of memory. Numbers are written as printf
 * does: a program that calls setlocale leaves LC_NUMERIC at "C". */
char *report_json(const struct report_summary *);
/* `details`: with measures and strain. */
char *report_text(const struct report_summary *, bool details);
/* Several days in a page of the terminal: what stands out, a line for each, their sum. */
char *report_text_days(const struct report_summary *const *days, int count);
char *report_csv(const struct report_summary *, bool header);

/* A page for a browser that needs nothing else: no script, no font, no picture from elsewhere. The
 * last `shown` of the days, which follow each other, are its subject: one in full, or several as an
 * overview; all of them make the trend. 1 <= shown <= count. The links may be NULL: none. */
struct report_links;
char *report_html(const struct report_summary *const *days, int count,
                  int shown, const struct report_links *);

/* <dir>/reports/YYYY-MM-DD.json, atomically, mode 0600. *path (PATH_SIZE bytes, may be NULL). */
bool report_write_day(struct store *, const struct report_day *, const struct report_context *,
                      const char *data_dir, char *path, struct error *);

#endif
