/* Inside the report: the page's texts, by name. words.inc holds them. Private to this room. */
#ifndef UNKNOT_REPORT_WORDS_H
#define UNKNOT_REPORT_WORDS_H

#include "report/report.h"

enum word {
#define WORD(id, text) WORD_##id,
#include "report/words.inc"
#undef WORD
	WORD_COUNT
};

const char *word(enum word);

enum word word_of_posture(enum posture);
enum word word_of_presence(enum presence);
enum word word_of_measure(enum measure_id);

/* How states are coloured: as few groups as tell apart what one would do about them. */
enum state_group {
	GROUP_NONE, GROUP_GOOD, GROUP_LOW, GROUP_NEAR, GROUP_ASKEW, GROUP_UNSEEN, GROUP_CALL, GROUP_AWAY,
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
