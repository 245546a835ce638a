/* Words: rows of catalogue.inc filled with facts. Pure. */
#ifndef UNKNOT_COACH_PHRASE_H
#define UNKNOT_COACH_PHRASE_H

#include "coach/coach.h"

/* FACT(enumerator, name in the catalogue, how it reads) */
#define FACTS(FACT) \
	FACT(DROP, "drop", "7 cm") \
	FACT(NEAR, "near", "12 cm") \
	FACT(ASIDE, "aside", "9 cm") \
	FACT(SHOULDER_DROP, "shoulder_drop", "5 cm") \
	FACT(SCREEN, "screen", "44 cm; known only below 50, where it is worth telling") \
	FACT(PITCH, "pitch", "35 degrees") \
	FACT(ROLL, "roll", "14 degrees") \
	FACT(YAW, "yaw", "46 degrees") \
	FACT(SHOULDER, "shoulder", "9 degrees") \
	FACT(SIDE, "side", "left") \
	FACT(OFFSET, "offset", "9 cm") \
	FACT(HELD, "held", "3 minutes") \
	FACT(SITTING, "sitting", "52 minutes") \
	FACT(LENGTH, "length", "20 seconds") \
	FACT(EXERCISE, "exercise", "Side bend") \
	FACT(GO, "go", "Stand up; by the exercise's position") \
	FACT(HINT, "hint", "what to do, a sentence; longer than the others") \
	FACT(FEEL, "feel", "what good and bad discomfort feel like; the same") \
	FACT(LOOKED_AT, "looked_at", "known after a red flag: what has to happen first") \
	FACT(COUNT, "count", "2 reminders") \
	FACT(TOPIC, "topic", "Slouching") \
	FACT(NO_LUMBAR, "no_lumbar", "as it has no support there: the checklist's answer was no") \
	FACT(NO_FEET, "no_feet", "the same of the feet") \
	FACT(NO_ELBOWS, "no_elbows", "... of the armrests") \
	FACT(NO_DISTANCE, "no_distance", "... of the screen's distance")

enum fact {
#define FACT(id, name, text) FACT_##id,
	FACTS(FACT)
#undef FACT
	FACT_COUNT_
};

struct facts {
	char text[FACT_COUNT_][32]; /* "" when not known */
	const char *hint, *feel;    /* FACT_HINT and FACT_FEEL are longer; NULL when not known */
};

void facts_clear(struct facts *);
/* Whole centimetres or degrees, of the absolute value; not known when it rounds to 0 or is no
 * number. */
void facts_cm(struct facts *, enum fact, double value);
void facts_degrees(struct facts *, enum fact, double value);
void facts_side(struct facts *, int side); /* +1 left, -1 right, 0 not known */
/* "20 seconds", "3 minutes", "1 hour 5 minutes". Below a minute only where
 * `exact`, else 1 minute. */
void facts_duration(struct facts *, enum fact, double seconds, bool exact);
void facts_count(struct facts *, int count);
/* An exercise's name and text, translated, and where it takes the person. NULL: nothing known. */
void facts_exercise(struct facts *, const struct exercise *);
void facts_of_care(struct facts *, const struct care *);
/* What the checklist's answers say is missing: bits as in coach_config. */
void facts_of_workstation(struct facts *, unsigned lacking);
/* The numbers of a posture event. */
void facts_of_event(struct facts *, const struct posture_event *);

/* What decided, for people who ask: "eyes lower than upright: 7.2 cm (give or take 0.5), limit
 * 4.0". False when no measure did. */
bool phrase_evidence(const struct posture_event *, char *text, size_t size);

/* Fills kind, summary, body and icon from the first usable row of this kind; urgency normal,
 * actions offered, server's own duration. False when no row can be used; nothing is cut (a test
 * proves it). */
bool phrase_message(const char *kind, const struct facts *, struct coach_message *);
/* A measure stands behind messages of this kind: it is a correction and may be wrong. */
bool phrase_measured(const char *kind);

/* The catalogue, for tests and for listing. */
struct phrase_row {
	const char *kind, *topic, *summary, *body, *icon, *source;
	bool measured;
};
int phrase_rows(const struct phrase_row **);

#endif
