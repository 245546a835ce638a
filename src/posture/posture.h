/* Judging posture. Pure: (state, measures, time) in, verdicts and events out.
 *
 * Two steps. posture_classify names the posture of one sample, with no memory. posture_judge adds
 * time: a posture counts as held when it filled enough of a window of seconds, and ends with
 * hysteresis; the same verdict at 0.2, 1 and 5 samples per second. */
#ifndef UNKNOT_POSTURE_POSTURE_H
#define UNKNOT_POSTURE_POSTURE_H

#include "geometry/measures.h"
#include "geometry/profile.h"

enum posture {
	POSTURE_UNKNOWN, POSTURE_UPRIGHT, POSTURE_SLOUCHED, POSTURE_FORWARD_HEAD,
	POSTURE_LOOKING_DOWN, POSTURE_LEANING, POSTURE_HEAD_TILTED, POSTURE_TURNED,
	POSTURE_RECLINED, POSTURE_TOO_CLOSE, POSTURE_RAISED, POSTURE_COUNT
};

enum presence {
	PRESENCE_UNKNOWN, PRESENCE_PRESENT, PRESENCE_AWAY, PRESENCE_BLOCKED, PRESENCE_PAUSED,
	PRESENCE_IN_CALL, PRESENCE_COUNT
};

const char *posture_name(enum posture);   /* "slouched" */
const char *presence_name(enum presence); /* "in_call" */
enum posture posture_from_name(const char *);   /* POSTURE_COUNT when unknown */
const char *posture_rule(enum posture);   /* what makes a sample this, in words */
enum presence presence_from_name(const char *); /* PRESENCE_COUNT when unknown */

/* Thresholds, each with its source in posture.c's table and in config/options.inc. */
struct posture_config {
	double slouch_drop_cm;        /* eyes lower: with the next one the
	                               * half axes of the ellipse of good, */
	double forward_head_cm;       /* eyes nearer: departure.c */
	double looking_down_deg;      /* head pitch change */
	double lean_side_cm;
	double head_roll_deg;         /* ISO 11226: 10 */
	double yaw_deg;
	double recline_cm;            /* eyes farther than upright */
	double too_close_cm;          /* eyes to screen; OSHA: 50 */
	double raised_cm;
	double shoulder_tilt_deg;
	double dwell_s;               /* held this long before an alert: 60 */
	double dwell_share;           /* of the window's present time: 0.8 */
	double release_s;             /* good again this long before it counts as corrected: 10 */
};
struct posture_config posture_config_default(void);

/* Farther forward than upright by this much is more than a rounded back does: too close for this
 * person, whatever too_close_cm says. Derived in classify.c. */
#define POSTURE_HINGE_CM 14.5

enum { POSTURE_REASONS = 4, POSTURE_REASON_SIZE = 96 };

struct posture_verdict {
	enum posture label;
	double departure;   /* from upright, in limits: good up to 1 */
	double confidence;  /* 0-1: that it is good, or bad, as said;
	                     * or this posture where none is bad */
	double kind_confidence; /* 0-1: that the name is the right one */
	int side;           /* leaning, tilted, turned: -1 the person's right, +1 left, else 0 */
	int reason_count;
	char reasons[POSTURE_REASONS][POSTURE_REASON_SIZE]; /* "eye_drop_cm 7.2 > 4.0" */
	enum measure_id evidence; /* the measure that decided; MEASURE_COUNT when none */
	double limit;             /* that it is past */
};

void posture_classify(const struct posture_config *, const struct measures *,
                      struct posture_verdict *);

/* How much this person moves while sitting well: what they do all day long is no departure. Plain
 * data, zero-initialised: nothing known, the limits as they are. */
struct posture_habit {
	double seconds;    /* that it was learned from, at most habit.c's memory */
	double drop, near; /* mean squares about upright, cm^2 */
};

/* One look that stands for `seconds`; counts only when it was upright. */
void posture_habit_learn(struct posture_habit *, const struct posture_verdict *,
                         const struct measures *, double seconds);
/* The limits for them: wider where they move more, by half at most, never narrower. */
void posture_habit_widen(const struct posture_habit *, const struct posture_config *,
                         struct posture_config *own);

struct posture_sample {
	double seconds;             /* monotonic, instant.seconds */
	enum presence presence;
	bool sampled;               /* a picture was judged (false: presence known otherwise) */
	bool stranger;              /* the profile is not of this person
	                             * or place: nothing is judged */
	bool doubted;               /* it may be somebody else's: judged, and asked about */
	struct measures measures;
};

enum posture_event_kind {
	POSTURE_EVENT_HELD,      /* a bad posture has been held for the dwell: worth a correction */
	POSTURE_EVENT_STILL,     /* and still is, one more dwell later */
	POSTURE_EVENT_CORRECTED, /* it ended */
};

struct posture_event {
	enum posture_event_kind kind;
	enum posture posture;
	int side;
	double seconds;           /* when */
	double held_s;            /* for how long it has been held */
	struct posture_verdict verdict; /* of the sample that decided */
	struct measures typical;  /* medians over the window */
};

enum { POSTURE_WINDOW = 512 };

/* Plain data, no pointers: may be copied and stored. Zero-initialise through posture_judge_init. */
struct posture_judge {
	struct posture_config config;
	struct posture_slot {
		double seconds, weight; /* weight: seconds this sample stands for */
		double sure;            /* the same times its confidence */
		enum posture label;
		int side, looks;
		float value[MEASURE_COUNT]; /* NaN when not valid */
	} window[POSTURE_WINDOW];
	int head, count;
	long count_total, slot_first; /* slots ever begun, and the first of now's */
	double slot_began;
	double last_seconds; /* of the last judged sample */
	double last_look;    /* of the last picture with somebody in it, judged or not */
	double sure;         /* confidence of the last judged sample */
	int good_looks, bad_looks; /* judged so, one after another, up to the last */
	enum posture held;
	int held_side;
	double held_since, last_event, good_since;
	/* What the last step was. */
	enum { OBSERVED_NOT, OBSERVED_UNKNOWN, OBSERVED_KNOWN } observed;
	struct posture_habit habit;
	struct posture_verdict verdict; /* of the last sample */
};

void posture_judge_init(struct posture_judge *, const struct posture_config *);
/* At most one event per sample. Returns true when *event was filled.
 *
 * Seconds count only while present and judged: a call, a blocked lens, a pause and pictures whose
 * posture is unknown are neither good nor bad, but what lies between such a picture and its
 * neighbours is half the neighbours'. A look weighs by its confidence; one alone neither begins a
 * posture nor ends one. Away ends a held posture (CORRECTED) and the window; a silence of more than
 * two dwells or a clock that runs backwards forgets everything without an event. When one fault
 * turns into another while neither ended, a new HELD replaces the old one. */
bool posture_judge_step(struct posture_judge *, const struct posture_sample *,
                        struct posture_event *event);

/* Does this posture ever deserve a correction? Upright, reclined, raised and unknown never do. */
bool posture_is_fault(enum posture);
/* For how long, and how much of the seconds that are looked back on, a fault is there before it is
 * held: *seconds of *of_s. 0 of 0 for what is no fault. */
void posture_judge_progress(const struct posture_judge *, enum posture,
                            double *seconds, double *of_s);
/* Seconds until the next look tells more about what is being counted: a fault until it is held,
 * good looks until what was held is over. 0: as soon as may be; INFINITY: nothing is counted. */
double posture_judge_wait(const struct posture_judge *);

#endif
