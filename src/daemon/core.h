/* What the daemon knows and decides between a sample and a message: judgement, breaks, coach,
 * history and reports put together. No loop, no camera, no bus: the same for a camera, a recording
 * and a trace. */
#ifndef UNKNOT_DAEMON_CORE_H
#define UNKNOT_DAEMON_CORE_H

#include "base/clock.h"
#include "base/paths.h"
#include "breaks/breaks.h"
#include "coach/coach.h"
#include "coach/doing.h"
#include "daemon/asking.h"
#include "daemon/pace.h"
#include "notify/notify.h"
#include "notify/quiet.h"
#include "posture/posture.h"
#include "report/report.h"
#include "store/store.h"

struct core_ports {
	struct store *store;        /* may be NULL: no history */
	struct notifier *notifier;  /* may be NULL: straight to the fallback */
	struct notifier *fallback;
	void (*alerted)(void *user, const struct coach_message *); /* may be NULL */
	void *user;
	const char *data_dir;       /* reports go to <data_dir>/reports; NULL: none */
	const char *state_dir;      /* what exercises were done lately
	                             * is kept there; NULL: nowhere */
	void (*broke)(void *user, const struct break_event *); /* every one; may be NULL */
	bool recorded;              /* days that are played: nobody is there to calibrate */
};

struct core {
	struct core_ports ports;
	struct report_context context;
	struct posture_judge judge;
	struct breaks breaks;
	struct coach coach;

	bool started;
	struct instant last;        /* of the last step */
	enum presence presence;     /* since then */
	enum posture posture;
	bool notifications;
	enum quiet_reason quiet;
	const struct profile *profile; /* for what alerts compare with; borrowed, may be NULL */
	bool asked;                 /* for calibration, because the profile is somebody else's */
	struct asking asking;       /* for one at all, or for a camera */
	struct measures measures;   /* of the last judged sample */
	struct report_day day;
	int utc_offset_s;           /* that it is a day of */
	int64_t last_alert;         /* its row */
	char last_alert_kind[32];
	struct coach_message last_message, last_correction;
	char last_reasons[256];     /* of the last correction, by name;
	                             * "" when it came of no posture */
	char last_seen[128];        /* ... and for people: what Show me shows */
	struct core_evidence {      /* ... and the numbers: medians over
	                             * the time that it was held */
		enum posture posture;   /* unknown when it came of none */
		double held_s;
		int64_t wall_ms;
		struct measures measures;
	} evidence;
	struct instant break_due[BREAK_KINDS], break_start[BREAK_KINDS];
	bool break_running[BREAK_KINDS];
	struct doing doing;         /* of the break that runs */
	bool break_shown;           /* by the window, which started it: no card of it */
	double countdown_told;      /* seconds left when the card of a started break last said so */
	bool waits_told;            /* and that they wait */
	struct core_moved {         /* the camera, since the profile was made: told, for the
	                             * measures are freed of it */
		bool turned;
		double up_deg;      /* upward by so much */
		int rotated;        /* its picture, by so many quarters clockwise */
	} moved;
	char problem[256];          /* what is wrong with the history now,
	                             * "" when nothing is; for status */
	const char *camera_problem; /* the same of the camera, or NULL; the caller's */
};

void core_init(struct core *, const struct core_ports *, const struct report_context *,
               const struct coach_config *, bool notifications);

/* Thresholds and intervals anew, state kept. */
void core_configure(struct core *, const struct report_context *, const struct coach_config *,
                    bool notifications);

/* The history from now on; NULL: none. */
void core_keep_in(struct core *, struct store *);

/* The body in the look that the next core_step tells of, for the exercise of a break. */
void core_follow(struct core *, const struct stretch_view *);
/* How the camera stood in it. */
void core_moved(struct core *, const struct core_moved *);
/* Time goes on to `now` with what the sample says. sample->seconds must be now.seconds. Days are
 * those of the time zone that the C library knows by then (tzset). */
void core_step(struct core *, struct instant now, const struct posture_sample *);

/* What the next look depends on, but for the presence. */
void core_expect(const struct core *, struct pace_view *);

void core_answer(struct core *, struct instant now, const char *kind, enum coach_answer);
void core_snooze(struct core *, struct instant now, double seconds);
/* Until when, by the injected clock; 0: never. It may be over. */
double core_snoozed_until(const struct core *);
void core_snooze_until(struct core *, double seconds);
void core_break_now(struct core *, struct instant now, enum break_kind);
/* The person answers in the window, which shows the break itself: no card of it appears until it
 * has ended, and none then. ANSWER_START begins one where none is asked for. */
void core_answer_break(struct core *, struct instant now, enum break_kind, enum coach_answer);

/* Commits the history and writes the current day's report; `path` (PATH_SIZE, may be NULL) is
 * where. */
bool core_write_report(struct core *, char *path, struct error *);

/* Do not disturb, a film: as in a call. */
void core_hold(struct core *, struct instant now, enum quiet_reason);

/* Writes what is pending. The core may be used on. */
void core_finish(struct core *);

/* For the control interface; free() the text. */
struct core_camera {
	const char *name;
	unsigned off;       /* why, bits 1u << enum pause_reason */
	double paused_s;    /* by the user, left; 0 not, < 0 until told */
};
char *core_status(const struct core *, struct instant now, const struct core_camera *,
                  const char *profile);
char *core_explain(const struct core *, struct instant now);

#endif
