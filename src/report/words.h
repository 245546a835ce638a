/* Inside the report: the texts that people read, by name, in their language. words.inc holds the
 * English. For the room, and for who shows a report in a toolkit's own widgets. */
#ifndef UNKNOT_REPORT_WORDS_H
#define UNKNOT_REPORT_WORDS_H

#include "report/report.h"

#include <stdio.h>

enum word {
#define WORD(id, text) WORD_##id,
#include "report/words.inc"
#undef WORD
	WORD_COUNT
};

const char *word(enum word);
/* Puts the text's pieces and, for its %1, %2, %3, the arguments one by one; NULL is an empty
 * one. */
void word_fill(FILE *, void (*put)(FILE *, const char *), enum word, const char *const *arguments);

enum word word_of_posture(enum posture);
enum word word_of_presence(enum presence);
enum word word_of_measure(enum measure_id);
enum word word_of_scale(int scale); /* of report_summary */

/* How states are coloured: as few groups as tell apart what one would do about them. */
enum state_group {
	GROUP_NONE, GROUP_GOOD, GROUP_LOW, GROUP_NEAR, GROUP_ASKEW, GROUP_UNSEEN,
	GROUP_CALL, GROUP_AWAY,
	GROUP_OFF, GROUP_COUNT
};
enum state_group group_of_posture(enum posture);
/* Of report.h's minutes. */
enum state_group group_of_state(int state);
enum word word_of_state(int state);
enum word word_of_group(enum state_group);
/* "good": its class in the style sheet. */
const char *group_class(enum state_group);

#endif
