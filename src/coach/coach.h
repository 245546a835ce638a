/* What to say and when to stay silent. Pure. The words are in catalogue.inc.
 *
 * The dose, for corrections: at most 4 an hour, one per kind in 10 minutes, that pause doubled each
 * time one of the kind is ignored (the posture went on until the next would be due, or it was
 * dismissed; not when the desktop kept it back unseen) and single again when the posture is
 * corrected; replaced rather than stacked (the kind is the replace key). Break prompts are dosed by
 * breaks.h and do not count here. Held in a call and while coach_hold says so, and summarised in
 * one message afterwards; silent while snoozed, paused, away, blocked, and just after coming back.
 * Two messages are never less than spacing_s apart, but for a break that the person asked for. */
#ifndef UNKNOT_COACH_COACH_H
#define UNKNOT_COACH_COACH_H

#include "breaks/breaks.h"
#include "coach/exercise.h"
#include "posture/posture.h"

enum coach_urgency { URGENCY_LOW, URGENCY_NORMAL };

/* What the person is offered to answer: at most three of a sort, the likeliest first. */
enum coach_offer {
	OFFER_NOTHING,
	OFFER_SNOOZE,
	OFFER_CORRECTION,     /* show me, wrong, snooze */
	OFFER_BREAK,          /* start, in five minutes, skip */
	OFFER_GOING,          /* of a break that runs: done, another exercise */
	OFFER_CALIBRATE,      /* the window, at the calibration; nothing where there is no window */
	OFFER_LOOK,           /* the same, at what the camera sees */
};

/* One notification. Plain text, no markup. */
struct coach_message {
	char kind[32];        /* "slouched", "too_close", "break_movement": also the replace key */
	char summary[96];     /* what to do, for desktops that show one line */
	char body[480];       /* why, with a number */
	char more[256];       /* where nobody can press what is offered, follows the body: the
	                       * exercise, or the command that does the same. Else "" */
	char icon[64];        /* icon name: freedesktop's, or one of ours */
	enum coach_urgency urgency;
	double expires_s;     /* how long it should stay; 0 = server default */
	enum coach_offer offer;
	bool measured;        /* a measure stands behind it, and may be wrong */
};

enum coach_answer {
	ANSWER_NONE, ANSWER_SNOOZE, ANSWER_WRONG, ANSWER_SHOW, ANSWER_DISMISSED,
	ANSWER_SNOOZE_LONG, ANSWER_SNOOZE_DAY, /* two hours; until tomorrow */
	ANSWER_START, ANSWER_LATER, ANSWER_SKIP, ANSWER_DONE, ANSWER_ANOTHER, /* of breaks */
	ANSWER_UNSEEN,      /* the desktop kept it back for its whole
	                     * time, under a full-screen window */
	ANSWER_OPENED,      /* clicked where there is nothing behind
	                     * it: neither heeded nor dismissed */
	ANSWER_WINDOW,      /* the window was opened */
};

struct coach_config {
	int per_hour;             /* 4 */
	double per_kind_s;        /* 600 */
	double return_grace_s;    /* 300: none just after coming back */
	char place[16];           /* "office", "home", "floor": which exercises are offered */
	double spacing_s;         /* between any two messages: 60 */
	double hydrate_s;         /* at the desk between reminders to drink; 0 (default): none */
	double stand_every_s;     /* sitting before standing is proposed; 0 (default): none */
	double stand_s;           /* ... for about this long: 480 (Hedge:
	                           * 20 min sitting, 8 standing) */
	double still_s;           /* hardly moved for this long: a word; 0: none. 1800 */
	unsigned lacking;         /* bit i: the answer to care_checks's question i was no */
	struct care care;         /* what of the exercises is left */
};
struct coach_config coach_config_default(void);

enum { COACH_KINDS = 24, COACH_HISTORY = 32 }; /* coach.per_hour is at most 30 */

/* Plain data. */
struct coach {
	struct coach_config config;
	double sent[COACH_HISTORY];     /* seconds of the last messages */
	int sent_count;
	struct coach_kind {
		char kind[32];
		double last;
		int ignored;            /* in a row: doubles the pause each time */
		double widen;           /* by "wrong": only what exceeds its limit by more than this
		                           share of it (0-1) is told */
		double excess;          /* that share, of the last message */
		bool pending;           /* told, and since then neither corrected nor answered, nor
		                         * another posture held, nor the desk left */
	} kinds[COACH_KINDS];
	int kind_count;
	double snoozed_until;
	double present_since;
	int held;                       /* messages kept back, for the summary */
	struct exercise_memory exercises;
	const struct exercise *exercise; /* of the break that is due or
	                                  * runs; NULL before the first */
	int64_t wall_ms;                /* coach_clock: of the last step, and ... */
	int hour;                       /* ... the local day's hour then */
	bool hold;                      /* do not disturb, full screen: coach_hold */
	enum presence presence;
	double presence_at;             /* of the last step told; -infinity before */
	double absent_since;            /* +infinity when not absent */
	double last_message;            /* of any kind; -infinity before */
	char held_kind[32];             /* of the last one held */
	struct coach_habit {            /* what coach_monitor and coach_habits gather */
		double seconds;         /* observed so far */
		double mean, sigma;
		double since, last;     /* of the state; of the last sample, -infinity before */
		double told;            /* -infinity before */
		double anchor[3];
	} monitor, shoulders, still, water, stance;
	bool standing;                  /* as the posture `raised` tells */
};

void coach_init(struct coach *, const struct coach_config *);

/* Each returns true when *message is to be shown now. */
bool coach_posture(struct coach *, const struct posture_event *, const struct posture_config *,
                   enum presence, struct coach_message *message);
bool coach_break(struct coach *, const struct break_event *, enum presence,
                 struct coach_message *message);
const char *coach_break_kind(enum break_kind); /* "break_movement": what its messages are of */
/* The time of day, for the choice of exercises. */
void coach_clock(struct coach *, int64_t wall_ms, int hour);
/* The card of a break that the person started: the exercise, how long it goes on, and whether that
 * waits. */
bool coach_going(struct coach *, enum break_kind, double left_s, bool waits,
                 struct coach_message *);
/* The exercise of the break that is due or runs, if what is known of the person, or where they sit,
 * no longer allows it: another one. True when it is another. */
bool coach_refit(struct coach *);
/* Another exercise in place of the present one. */
void coach_another(struct coach *, enum break_kind);
/* Tells of presence, at every step or each change: grace after return, summary after a call. */
bool coach_presence(struct coach *, double seconds, enum presence, struct coach_message *message);
/* SNOOZE: all corrections for half an hour, SNOOZE_LONG for two; SNOOZE_DAY is the caller's, who
 * knows the time of day: coach_snooze. WRONG: this kind only when clearly more than last time
 * (hardly moving: only after twice the time, and so on; what no measure stands behind: as
 * dismissed). DISMISSED: ignored once. UNSEEN: nobody ignored it, and it does not count. The others
 * change nothing here. */
void coach_answer(struct coach *, double seconds, const char *kind, enum coach_answer);
void coach_snooze(struct coach *, double until_seconds);
/* Do not disturb, a film that keeps the screen awake: as in a call. When it ends, the summary. */
bool coach_hold(struct coach *, double seconds, bool hold, struct coach_message *message);
/* Should prompts wait now (BREAK_HELD), so that none falls due unseen? */
bool coach_waits(const struct coach *, double seconds);
/* A message was shown less than spacing_s ago: the next waits a moment (BREAK_SOON). */
bool coach_spoke(const struct coach *, double seconds);
/* Something else was told just now, which is no message of the coach's: the next keeps its
 * distance. */
void coach_told(struct coach *, double seconds);

/* Monitor height, from samples judged upright: the mean of monitor_top_offset_cm over ten minutes,
 * where its sigma is at most 4 cm. Speaks at most once a day. */
bool coach_monitor(struct coach *, double seconds, enum presence, enum posture,
                   const struct measures *, struct coach_message *message);
/* What a single posture does not show: one shoulder higher for five minutes, hardly moving for half
 * an hour, the reminder to drink, and standing in turn with sitting. Each under the dose. Call it
 * with every sample. */
bool coach_habits(struct coach *, const struct posture_config *, double seconds, enum presence,
                  enum posture, const struct measures *, struct coach_message *message);

#endif
