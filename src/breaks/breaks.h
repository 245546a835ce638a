/* Sitting time and breaks. Pure.
 *
 * Defaults (coach/ergonomics.md): a micro-break of 20 s every 20 min (McLean 2001; 20-20-20), a
 * movement break of 5 min every 50 min (HSE L26).
 *
 * What counts. The time between two steps belongs to what was known at the first.
 *   present, in a call   sitting; in a call prompts wait
 *   away                 a break: credited when long enough, with a prompt or without one
 *   present, standing    the same once a movement break was asked for, up to twice its length: then
 *                        it is work at a high desk
 *   paused               nothing, unless it continues an absence (they left, then the screen
 *                        locked) or a prompt was standing (they locked and went): nobody works at a
 *                        locked screen. A pause by itself as long as a break is no evidence of one,
 *                        nor of sitting on: the clocks start anew, without an event, rather than
 *                        claim either
 *   a gap over gap_s     as a pause (suspend, a stopped daemon)
 *   blocked, unknown     nothing at all: neither sitting nor break, every clock stands still
 *
 * Prompts. Never two at once: a movement break that falls due takes the place of a micro-break's
 * prompt, and taken it stands for both. None within return_grace_s after an absence, but grace
 * delays a prompt by no more than its own length. A micro-break waits for a movement break that is
 * due within answer_s. An unanswered or broken-off break is asked for again after half
 * its interval (movement) or a whole one (micro): deferred, not doubled. A prompt that a call, a
 * film or a snooze came over is told again when that ends, and has its whole time to be answered
 * then.
 *
 * Natural moments. From natural_share before its time on a prompt waits for one, and comes at its
 * time without: never later, so that the interval stays the limit that was asked for (45 to 50
 * minutes, 18 to 20). It is one while the eyes are off the screen or the person leans back, and
 * for natural_s after they were away for less than counts as a break, a call has ended, or what
 * kept every message back (full screen, a film, do not disturb). People take to what comes at such
 * a boundary between two tasks faster, and are less annoyed (ergonomics: natural moments).
 *
 * Answers. Started by the person, a break counts down while the camera sees it (away, on their
 * feet, eyes off the screen, the pose of its exercise held), and while it can tell nothing; while
 * they are seen to sit at the screen the countdown waits. It ends by itself at zero, at the latest
 * after twice its length, or when they come back from an absence that was enough. What of it the
 * camera saw is its length as taken; half is enough, for an exercise may face the screen. */
#ifndef UNKNOT_BREAKS_BREAKS_H
#define UNKNOT_BREAKS_BREAKS_H

#include "posture/posture.h"

enum break_kind { BREAK_MICRO, BREAK_MOVEMENT, BREAK_KINDS };
enum break_outcome { BREAK_TAKEN, BREAK_CUT_SHORT, BREAK_SKIPPED };

const char *break_kind_name(enum break_kind); /* "micro", "movement" */
const char *break_outcome_name(enum break_outcome);

struct breaks_config {
	bool enabled[BREAK_KINDS];
	double every_s[BREAK_KINDS];   /* 1200, 3000 */
	double length_s[BREAK_KINDS];  /* 20, 300 */
	double return_grace_s;         /* no prompt this soon after coming back: 300 */
	double answer_s;               /* a prompt without a break within this is skipped: 300 */
	double gap_s;                  /* samples farther apart than this count as unknown: 120 */
	double natural_share;          /* of an interval: a natural moment
	                                * may come this much early: 0.1 */
	double natural_s;              /* how long what ended leaves one: 90. A message of what was
	                                * held back comes first, and nothing for a minute after it;
	                                * then the next look may be 30 s away */
};
struct breaks_config breaks_config_default(void);

enum break_event_kind {
	BREAK_EVENT_DUE,      /* prompt now */
	BREAK_EVENT_STARTED,  /* they left or stood up, or (micro)
	                       * their eyes left; .seconds is when */
	BREAK_EVENT_ENDED,    /* with its outcome; every DUE has exactly one ENDED */
	BREAK_EVENT_NATURAL,  /* long enough absence without a prompt, now over: credited */
	BREAK_EVENT_AGAIN,    /* prompt once more: a call or a snooze
	                       * came over the one that stands */
};

struct break_event {
	enum break_event_kind kind;
	enum break_kind what;
	enum break_outcome outcome;
	double seconds;
	double length_s;      /* of the break so far or as taken; of
	                       * a prompt, how long it should be */
	double sitting_s;     /* sitting since the last break of this kind, at the prompt */
	bool asked;           /* by the person, breaks_now: not to be kept back */
	bool begun;           /* ENDED of one that the person started with a word: breaks_answer */
};

enum { BREAK_EVENTS_MAX = 4 };

/* Plain data. The configuration may be changed between steps. */
struct breaks {
	struct breaks_config config;
	double last_seconds;          /* -infinity before the first step */
	enum presence presence;       /* as of the last step, like the five below */
	bool eyes_on_screen, standing, holding, held, natural;
	bool busy;                    /* as of the last step */
	double natural_until;         /* something ended not long before; -infinity */
	double since[BREAK_KINDS];    /* sitting seconds since the last break of that kind */
	double put_off[BREAK_KINDS];  /* it is asked for at every_s + this much of since[] */
	double bout_s;                /* this sitting bout; ends with a minute's absence */
	double away_s;                /* this absence so far, 0 when there is none */
	double lost_s;                /* this pause or gap so far, that continues no absence */
	double returned_at;           /* -infinity: grace is over */
	int prompted;                 /* break_kind + 1 of the active prompt, 0 when none */
	double prompted_at;
	double prompt_s;              /* time in which the prompt could have been answered */
	double prompt_sitting_s;      /* since[] when it fell due */
	double covered_s;             /* time in which it could not be
	                               * answered, since it was last told */
	bool started;                 /* the break that was asked for runs */
	bool begun;                   /* ... because the person said so */
	double seen_s;                /* then: what of it was seen, ... */
	double counted_s;             /* ... what of its countdown is over, ... */
	bool waits;                   /* ... and whether that stands, as of the last step */
	double later_until;           /* "in five minutes": not told again before; -infinity */
	bool unseen;                  /* its card could not be shown yet: breaks_unseen */
	double break_started;
	double eyes_away_s;           /* eyes off the screen (or away) without a return */
};

void breaks_init(struct breaks *, const struct breaks_config *);
/* What the camera says of now. */
struct break_view {
	enum presence presence;
	bool eyes_on_screen;    /* false when the head is turned or
	                         * raised away, or no face is seen */
	bool standing;          /* at the desk, but on their feet */
	bool leaning_back;      /* against the backrest, farther than upright */
	bool busy;              /* something on the screen wants no message over it: full screen, a
	                         * film, do not disturb */
	bool holding;           /* in a break that was started: the pose of its exercise */
	bool unsure;            /* then: to be at the screen is no sign of work. The exercise faces
	                         * it, or nobody knows whether they sit */
};
/* May prompts be told now? */
enum break_hold {
	BREAK_FREE,
	BREAK_HELD,             /* no, and one that stands is not to
	                         * be seen (call, do not disturb) */
	BREAK_SOON,             /* in a moment: something else was told just now */
};
/* Returns the number of events written. */
int breaks_step(struct breaks *, double seconds, const struct break_view *, enum break_hold,
                struct break_event events[BREAK_EVENTS_MAX]);
/* The user asks for a break now: BREAK_EVENT_DUE at once, after ENDED (skipped) of another kind's
 * prompt; BREAK_EVENT_AGAIN where this kind's is standing already, for its card may be gone.
 * Nothing when a break runs. Returns the number of events. */
int breaks_now(struct breaks *, double seconds, enum break_kind,
               struct break_event events[BREAK_EVENTS_MAX]);
/* The person answers the prompt that stands. LATER: it is told again (BREAK_EVENT_AGAIN) in
 * BREAK_LATER_S. SKIP and DONE end it, DONE with what was seen of it. Nothing without such a
 * prompt. Returns the number of events. */
enum break_answer { BREAK_START, BREAK_LATER, BREAK_SKIP, BREAK_DONE };
enum { BREAK_LATER_S = 300 };
int breaks_answer(struct breaks *, double seconds, enum break_kind, enum break_answer,
                  struct break_event events[BREAK_EVENTS_MAX]);
/* The desktop keeps the prompt's card back, under a full-screen window; or shows it at last. Until
 * then nobody can answer, and nobody has ignored it. */
void breaks_unseen(struct breaks *, enum break_kind, bool unseen);
/* Of a break that the person started: seconds until it ends by itself, if they go on with it; 0
 * when none runs. */
double breaks_countdown(const struct breaks *);
/* Seconds of sitting until the next break of this kind falls due (<= 0: due). */
double breaks_remaining(const struct breaks *, enum break_kind);
/* Seconds until the next look helps to verify the prompt that stands, or the break that runs, or to
 * find a natural moment for one that is near; 0: as soon as may be; INFINITY: none of these. */
double breaks_wait(const struct breaks *);

#endif
