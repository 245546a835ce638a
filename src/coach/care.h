/* Care: when the diary or an answer means a doctor, and what to ask about the workstation. Pure.
 *
 * No diagnosis, no drug: the one conclusion is that somebody should look at it who can. */
#ifndef UNKNOT_COACH_CARE_H
#define UNKNOT_COACH_CARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct care_entry {
	int64_t wall_ms;
	int level;              /* 0 none .. 10 the worst imaginable */
};

enum care_reason {
	CARE_NOTHING,
	CARE_LASTING,           /* longer than two weeks */
	CARE_SEVERE,            /* 7 or more */
	CARE_RED_FLAG,
	CARE_URGENT,            /* a red flag that should not wait for tomorrow */
};

enum { CARE_SEVERE_LEVEL = 7 }; /* numeric rating scale: 7-10 severe (Serlin et al. 1995) */

/* `entries` in time order. Pain has lasted since the first entry above 0 that no entry of 0 and no silence
 * of more than a week parts from the newest; *days (may be NULL) is how long. The gravest reason wins.
 * Entries later than now are not looked at. */
enum care_reason care_diary(const struct care_entry *, size_t count, int64_t now_ms, int *days);

/* Answers to the questions, by index: true is yes. */
enum care_reason care_flags(const bool *yes);

/* What to tell, in full sentences; "" for CARE_NOTHING. */
const char *care_advice(enum care_reason);

struct care_question {
	const char *id, *text, *source;
	const char *advice;     /* of the checklist, when the answer is no; else NULL */
	bool urgent;
};
/* Return how many there are. */
int care_red_flags(const struct care_question **);
int care_checks(const struct care_question **);

#endif
