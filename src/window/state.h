/* What the daemon's Status says, for people: which of the page's states it is, and every text of
 * it. Pure but for the language. */
#ifndef UNKNOT_WINDOW_STATE_H
#define UNKNOT_WINDOW_STATE_H

#include "window/silhouette.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

enum state_kind {
	STATE_NO_DAEMON, /* nobody watches */
	STATE_ASKING,    /* somebody does, and has not said what yet */
	STATE_OFF,       /* the camera is off */
	STATE_TROUBLE,   /* it cannot be used */
	STATE_AWAY, STATE_BLOCKED, STATE_IN_CALL,
	STATE_UNKNOWN,   /* nothing is known yet */
	STATE_SEEN,      /* somebody sits there */
};

struct state {
	enum state_kind kind;
	bool fault;              /* a posture that is told when it lasts */
	bool can_turn_on;        /* the camera, by Resume */
	bool silent;             /* because the person asked for it: Resume ends that too */
	bool no_profile;
	char title[96], text[320];
	char sitting[64];        /* "34 min"; "" when nobody sits */
	char breaks[160];        /* when the next ones come; "" when not known */
	char camera[256];        /* which, or why it is off; "" when not known */
	char silence[160];       /* why nothing is said now; "" when something would be */
	char problem[256];       /* "" when all is well */
	struct silhouette figure; /* of STATE_SEEN with an upright to
	                           * compare with; else not known */
};

/* `there`: a daemon is on the bus; `status`: its answer, or NULL. */
void state_read(struct state *, bool there, const cJSON *status);

/* "45 s", "34 min", "1 h 5 min". */
void state_duration(char *text, size_t size, double seconds);

/* How somebody sits, by the name of the posture and what was measured: "Slouched", "Your eyes are 7
 * cm lower than when you sit upright." The sentence is "" where no measure says it. */
void state_posture(const char *posture, const cJSON *measures, char *title,
                   size_t title_size, char *text, size_t text_size);

#endif
