#include "coach/care.h"

#include "base/text.h"

static const int64_t day_ms = 86400000;
/* ergonomics: longer than 1-2 weeks despite home care. */
enum { LASTING_DAYS = 14, SILENCE_DAYS = 7 };

static const struct care_question red_flags[] = {
#define RED_FLAG(id, urgent, question, source) { id, question, source, NULL, urgent },
#define CHECK(id, question, advice, source)
#include "coach/care.inc"
#undef RED_FLAG
#undef CHECK
};

static const struct care_question checks[] = {
#define RED_FLAG(id, urgent, question, source)
#define CHECK(id, question, advice, source) { id, question, source, advice, false },
#include "coach/care.inc"
#undef RED_FLAG
#undef CHECK
};

enum { RED_FLAGS = sizeof red_flags / sizeof *red_flags, CHECKS = sizeof checks / sizeof *checks };

int care_red_flags(const struct care_question **questions)
{
	*questions = red_flags;
	return RED_FLAGS;
}

int care_checks(const struct care_question **questions)
{
	*questions = checks;
	return CHECKS;
}

enum care_reason care_diary(const struct care_entry *entries, size_t count, int64_t now_ms, int *days)
{
	if (days != NULL)
		*days = 0;
	while (count > 0 && entries[count - 1].wall_ms > now_ms)
		count--;
	if (count == 0 || entries[count - 1].level <= 0 ||
	    now_ms - entries[count - 1].wall_ms > SILENCE_DAYS * day_ms)
		return CARE_NOTHING;
	size_t first = count - 1;
	while (first > 0 && entries[first - 1].level > 0 &&
	       entries[first].wall_ms - entries[first - 1].wall_ms <= SILENCE_DAYS * day_ms)
		first--;
	const int64_t lasted = entries[count - 1].wall_ms - entries[first].wall_ms;
	if (days != NULL)
		*days = (int)(lasted / day_ms);
	if (entries[count - 1].level >= CARE_SEVERE_LEVEL)
		return CARE_SEVERE;
	return lasted > LASTING_DAYS * day_ms ? CARE_LASTING : CARE_NOTHING;
}

enum care_reason care_flags(const bool *yes)
{
	enum care_reason reason = CARE_NOTHING;
	for (int i = 0; i < RED_FLAGS; i++) {
		if (yes[i] && red_flags[i].urgent)
			return CARE_URGENT;
		if (yes[i])
			reason = CARE_RED_FLAG;
	}
	return reason;
}

const char *care_advice(enum care_reason reason)
{
	switch (reason) {
	case CARE_NOTHING:
		break;
	case CARE_LASTING:
		return _("This pain has lasted for more than two weeks: see a doctor about it. Stretching and "
		       "sitting better are no reason to wait longer.");
	case CARE_SEVERE:
		return _("This pain is severe: see a doctor about it now, and leave the exercises until they have "
		       "been agreed to.");
	case CARE_RED_FLAG:
		return _("See a doctor about this soon, and leave the exercises until they have been agreed to.");
	case CARE_URGENT:
		return _("See a doctor about this today; if you cannot reach one, go to an emergency department. "
		       "Leave the exercises until they have been agreed to.");
	}
	return "";
}
