#include "report/words.h"

#include "base/text.h"

/* In a context of their own (gettext's mark for one is \004): "Level" of pain is not any level. */
#define CONTEXT "report\004"
static const char *const words[] = {
#define WORD(id, text) CONTEXT text,
#include "report/words.inc"
#undef WORD
};

const char *word(enum word id)
{
	const char *translated = _(words[id]);
	return translated != words[id] ? translated : words[id] + sizeof CONTEXT - 1;
}

void word_fill(FILE *to, void (*put)(FILE *, const char *), enum word id,
               const char *const *arguments)
{
	char piece[512];
	const char *pattern = word(id);
	while (*pattern != '\0') {
		const char *mark = pattern;
		while (*mark != '\0' && !(mark[0] == '%' && mark[1] >= '1' && mark[1] <= '3'))
			mark++;
		snprintf(piece, sizeof piece, "%.*s", (int)(mark - pattern), pattern);
		put(to, piece);
		if (*mark == '\0')
			return;
		const char *argument = arguments[mark[1] - '1'];
		put(to, argument != NULL ? argument : "");
		pattern = mark + 2;
	}
}

enum word word_of_posture(enum posture p)
{
	static const enum word of[POSTURE_COUNT] = {
		WORD_POSTURE_UNKNOWN, WORD_POSTURE_UPRIGHT, WORD_POSTURE_SLOUCHED,
		WORD_POSTURE_FORWARD_HEAD, WORD_POSTURE_LOOKING_DOWN, WORD_POSTURE_LEANING,
		WORD_POSTURE_HEAD_TILTED, WORD_POSTURE_TURNED, WORD_POSTURE_RECLINED,
		WORD_POSTURE_TOO_CLOSE, WORD_POSTURE_RAISED,
	};
	return of[p];
}

enum word word_of_presence(enum presence p)
{
	static const enum word of[PRESENCE_COUNT] = {
		WORD_PRESENCE_UNKNOWN, WORD_PRESENCE_PRESENT, WORD_PRESENCE_AWAY,
		WORD_PRESENCE_BLOCKED, WORD_PRESENCE_PAUSED, WORD_PRESENCE_IN_CALL,
	};
	return of[p];
}

enum word word_of_measure(enum measure_id id)
{
	static const enum word of[MEASURE_COUNT] = {
#define MEASURE(name, json, text) WORD_M_##name,
		MEASURES(MEASURE)
#undef MEASURE
	};
	return of[id];
}

enum word word_of_scale(int scale)
{
	static const enum word of[REPORT_SCALES] = {
		WORD_SCALE_NECK, WORD_SCALE_NECK_TWISTED, WORD_SCALE_NECK_SIDE_BENT,
		WORD_SCALE_TRUNK,
	};
	return of[scale];
}

enum state_group group_of_posture(enum posture p)
{
	switch (p) {
	case POSTURE_UPRIGHT: case POSTURE_RECLINED: case POSTURE_RAISED: return GROUP_GOOD;
	case POSTURE_SLOUCHED: return GROUP_LOW;
	case POSTURE_FORWARD_HEAD: case POSTURE_TOO_CLOSE: return GROUP_NEAR;
	case POSTURE_LOOKING_DOWN: case POSTURE_LEANING: case POSTURE_HEAD_TILTED:
	case POSTURE_TURNED:
		return GROUP_ASKEW;
	default: return GROUP_UNSEEN;
	}
}

enum state_group group_of_state(int state)
{
	static const enum state_group of[PRESENCE_COUNT] = {
		[PRESENCE_UNKNOWN] = GROUP_OFF, [PRESENCE_PRESENT] = GROUP_UNSEEN,
		[PRESENCE_AWAY] = GROUP_AWAY, [PRESENCE_BLOCKED] = GROUP_OFF,
		[PRESENCE_PAUSED] = GROUP_OFF, [PRESENCE_IN_CALL] = GROUP_CALL,
	};
	if (state <= 0 || state >= REPORT_STATES)
		return GROUP_NONE;
	return state < REPORT_STATE_PRESENCE ? group_of_posture((enum posture)(state - 1))
	                                     : of[state - REPORT_STATE_PRESENCE];
}

enum word word_of_state(int state)
{
	if (state < REPORT_STATE_PRESENCE)
		return word_of_posture((enum posture)(state - 1));
	return word_of_presence((enum presence)(state - REPORT_STATE_PRESENCE));
}

enum word word_of_group(enum state_group g)
{
	static const enum word of[GROUP_COUNT] = {
		WORD_NOTHING, WORD_GROUP_GOOD, WORD_GROUP_LOW, WORD_GROUP_NEAR, WORD_GROUP_ASKEW,
		WORD_GROUP_UNSEEN, WORD_GROUP_CALL, WORD_GROUP_AWAY, WORD_GROUP_OFF,
	};
	return of[g];
}

const char *group_class(enum state_group g)
{
	static const char *const of[GROUP_COUNT] = {
		"none", "good", "low", "near", "askew", "unseen", "call", "away", "off",
	};
	return of[g];
}
