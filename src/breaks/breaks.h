/* Sitting time and breaks. Pure.
 *
 * Defaults (ergonomics.md): a micro-break of 20 s every 20 min (McLean 2001; 20-20-20), a movement break
 * of 5 min every 50 min (HSE L26). Natural breaks are credited; time in a call counts as sitting but
 * prompts are held; lock and suspend count nothing. */
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
	double answer_s;               /* a prompt not followed by a break within this is skipped: 300 */
	double gap_s;                  /* samples farther apart than this count as unknown: 120 */
};
struct breaks_config breaks_config_default(void);

enum break_event_kind {
	BREAK_EVENT_DUE,      /* prompt now */
	BREAK_EVENT_STARTED,  /* they left, or their eyes left the screen */
	BREAK_EVENT_ENDED,    /* with its outcome */
	BREAK_EVENT_NATURAL,  /* long enough absence without a prompt: credited */
};

struct break_event {
	enum break_event_kind kind;
	enum break_kind what;
	enum break_outcome outcome;
	double seconds;
	double length_s;      /* of the break so far or as taken */
	double sitting_s;     /* sitting since the last break of this kind, when it fell due */
};

enum { BREAK_EVENTS_MAX = 4 };

/* Plain data. */
struct breaks {
	struct breaks_config config;
	double last_seconds;          /* < 0 before the first step */
	enum presence presence;
	double since[BREAK_KINDS];    /* sitting seconds since the last break of that kind */
	double bout_s;                /* this sitting bout */
	double away_since;            /* < 0 when not away */
	double returned_at;
	int prompted;                 /* break_kind + 1 of the active prompt, 0 when none */
	double prompted_at;
	double break_started;         /* < 0 when no break runs */
	double eyes_away_s;
};

void breaks_init(struct breaks *, const struct breaks_config *);
/* `eyes_on_screen` false when the head is turned or raised away, or no face is seen. `hold` true while
 * prompts must wait (call, do not disturb). Returns the number of events written. */
int breaks_step(struct breaks *, double seconds, enum presence, bool eyes_on_screen, bool hold,
                struct break_event events[BREAK_EVENTS_MAX]);
/* The user asks for a break now: BREAK_EVENT_DUE at once. Returns the number of events. */
int breaks_now(struct breaks *, double seconds, enum break_kind,
               struct break_event events[BREAK_EVENTS_MAX]);
/* Seconds of sitting until the next break of this kind falls due (<= 0: due). */
double breaks_remaining(const struct breaks *, enum break_kind);

#endif
