/* What to say and when to stay silent. Pure.
 *
 * The dose (peers.md 5.11): at most 4 an hour, one per kind in 10 minutes, back-off when ignored,
 * replaced rather than stacked, held in calls, pause and just after return, summarised once after. */
#ifndef UNKNOT_COACH_COACH_H
#define UNKNOT_COACH_COACH_H

#include "breaks/breaks.h"
#include "posture/posture.h"

enum coach_urgency { URGENCY_LOW, URGENCY_NORMAL };

/* One notification. Plain text, no markup. */
struct coach_message {
	char kind[32];        /* "slouched", "too_close", "break_movement": also the replace key */
	char summary[96];
	char body[384];       /* one sentence with a number and an action; for breaks the exercise */
	char icon[32];        /* freedesktop icon name */
	enum coach_urgency urgency;
	double expires_s;     /* how long it should stay; 0 = server default */
	bool actions;         /* offer snooze / wrong / show me */
};

enum coach_answer { ANSWER_NONE, ANSWER_SNOOZE, ANSWER_WRONG, ANSWER_SHOW, ANSWER_DISMISSED };

struct coach_config {
	int per_hour;             /* 4 */
	double per_kind_s;        /* 600 */
	double return_grace_s;    /* 300: none just after coming back */
	char place[16];           /* "office", "home", "floor": which exercises are offered */
};
struct coach_config coach_config_default(void);

enum { COACH_KINDS = 16, COACH_HISTORY = 16 };

/* Plain data. */
struct coach {
	struct coach_config config;
	double sent[COACH_HISTORY];     /* seconds of the last messages */
	int sent_count;
	struct coach_kind {
		char kind[32];
		double last;
		int ignored;            /* in a row: doubles the pause each time */
		double widen;           /* added to this kind's threshold by "wrong" */
	} kinds[COACH_KINDS];
	int kind_count;
	double snoozed_until;
	double present_since;
	int held;                       /* messages kept back, for the summary */
	int exercise;                   /* rotation */
};

void coach_init(struct coach *, const struct coach_config *);

/* Each returns true when *message is to be shown now. */
bool coach_posture(struct coach *, const struct posture_event *, const struct posture_config *,
                   enum presence, struct coach_message *message);
bool coach_break(struct coach *, const struct break_event *, enum presence,
                 struct coach_message *message);
/* Tells of presence changes: grace after return, the summary after a call. */
bool coach_presence(struct coach *, double seconds, enum presence, struct coach_message *message);
void coach_answer(struct coach *, double seconds, const char *kind, enum coach_answer);
void coach_snooze(struct coach *, double until_seconds);

#endif
