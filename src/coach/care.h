/* Care: when the diary or an answer means a doctor, what that leaves of the exercises, and what to
 * ask about the workstation. Pure.
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

/* In rising gravity. */
enum care_reason {
	CARE_NOTHING,
	CARE_LASTING,           /* longer than two weeks: an appointment, and go on moving */
	CARE_SOON,              /* down one leg: likewise */
	CARE_SEVERE,            /* an appointment, and exercises wait */
	CARE_URGENT,            /* a red flag: the same, today */
	CARE_EMERGENCY,         /* emergency department, now */
};

/* Numeric rating scale: 7-10 severe, 4-6 moderate (Serlin et al. 1995). */
enum { CARE_MODERATE_LEVEL = 4, CARE_SEVERE_LEVEL = 7 };

/* `entries` in time order. Pain has lasted since the first entry above 0 that no entry of 0 and no
 * silence of more than a week parts from the newest; *days (may be NULL) is how long. A week's
 * silence after the newest ends it, but for severe pain, which only a lower entry takes back. The
 * gravest reason wins. Entries later than now are not looked at. */
enum care_reason care_diary(const struct care_entry *, size_t count, int64_t now_ms, int *days);

/* Answers to the questions, by index: true is yes. */
enum care_reason care_flags(const bool *yes);
/* With the first `asked` questions answered, can the rest change what to do? No after a yes to an
 * emergency sign, and none but urgent signs can after a yes to one of those. */
bool care_enough(const bool *yes, int asked);

/* What to tell, in full sentences; "" for CARE_NOTHING. */
const char *care_advice(enum care_reason);
/* What a level of pain is like: "mild: comes and goes". */
const char *care_level(int level);

/* What is known of the person, for the choice of exercises. */
struct care {
	enum care_reason reason;
	int level;              /* of the newest entry of the last week; 0 without one */
};
/* Flags answered and severe pain entered at or before cleared_ms have been looked at since: they no
 * longer count. */
struct care care_in_force(enum care_reason flags, int64_t flags_ms, const struct care_entry *,
                          size_t count, int64_t cleared_ms, int64_t now_ms);
/* Nothing but gentle walking or rest, until it has been looked at. */
bool care_gentle(enum care_reason);
/* What good and bad discomfort feel like, in one line. */
const char *care_discomfort(void);

/* What the questions come to. Skipped is not no. */
struct care_outcome {
	enum care_reason reason;
	int skipped, skipped_signs; /* of those asked; emergency signs among them */
};
/* Answers to the first `asked` questions; what is neither was skipped. */
struct care_outcome care_conclude(const bool *yes, const bool *no, int asked);
/* It as paragraphs, the gravest first. Returns how many. */
enum { CARE_PARAGRAPHS = 4, CARE_TEXT = 768 };
int care_says(const struct care_outcome *, char text[CARE_PARAGRAPHS][CARE_TEXT]);

struct care_question {
	const char *id, *text, *source;
	const char *advice;     /* of the checklist, when the answer is no; else NULL */
	enum care_reason means; /* of a red flag, when the answer is yes */
};
/* Return how many there are. Red flags are in falling gravity. */
int care_red_flags(const struct care_question **);
int care_checks(const struct care_question **);

#endif
