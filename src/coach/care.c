#include "coach/care.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

static const int64_t day_ms = 86400000;
/* ergonomics: longer than 1-2 weeks despite home care. */
enum { LASTING_DAYS = 14, SILENCE_DAYS = 7 };

static const struct care_question red_flags[] = {
#define RED_FLAG(id, means, question, source) { id, question, source, NULL, CARE_##means },
#define CHECK(id, question, advice, source)
#include "coach/care.inc"
#undef RED_FLAG
#undef CHECK
};

static const struct care_question checks[] = {
#define RED_FLAG(id, means, question, source)
#define CHECK(id, question, advice, source) { id, question, source, advice, CARE_NOTHING },
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

/* Entries up to now. */
static size_t known(const struct care_entry *entries, size_t count, int64_t now_ms)
{
	while (count > 0 && entries[count - 1].wall_ms > now_ms)
		count--;
	return count;
}

enum care_reason care_diary(const struct care_entry *entries, size_t count,
                            int64_t now_ms, int *days)
{
	if (days != NULL)
		*days = 0;
	count = known(entries, count, now_ms);
	if (count == 0 || entries[count - 1].level <= 0)
		return CARE_NOTHING;
	const struct care_entry *newest = &entries[count - 1];
	size_t first = count - 1;
	while (first > 0 && entries[first - 1].level > 0 &&
	       entries[first].wall_ms - entries[first - 1].wall_ms <= SILENCE_DAYS * day_ms)
		first--;
	const int64_t lasted = newest->wall_ms - entries[first].wall_ms;
	const bool fresh = now_ms - newest->wall_ms <= SILENCE_DAYS * day_ms;
	if (days != NULL && fresh)
		*days = (int)(lasted / day_ms);
	if (newest->level >= CARE_SEVERE_LEVEL)
		return CARE_SEVERE;
	return fresh && lasted > LASTING_DAYS * day_ms ? CARE_LASTING : CARE_NOTHING;
}

enum care_reason care_flags(const bool *yes)
{
	enum care_reason gravest = CARE_NOTHING;
	for (int i = 0; i < RED_FLAGS; i++)
		if (yes[i] && red_flags[i].means > gravest)
			gravest = red_flags[i].means;
	return gravest;
}

bool care_enough(const bool *yes, int asked)
{
	for (int i = 0; i < asked && i < RED_FLAGS; i++) {
		if (yes[i] && red_flags[i].means == CARE_EMERGENCY)
			return true;
		if (yes[i] && red_flags[i].means == CARE_URGENT && asked < RED_FLAGS &&
		    red_flags[asked].means < CARE_URGENT)
			return true;
	}
	return asked >= RED_FLAGS;
}

struct care care_in_force(enum care_reason flags, int64_t flags_ms,
                          const struct care_entry *entries,
                          size_t count, int64_t cleared_ms, int64_t now_ms)
{
	struct care care = {CARE_NOTHING, 0};
	count = known(entries, count, now_ms);
	const struct care_entry *newest = count > 0 ? &entries[count - 1] : NULL;
	const enum care_reason diary = care_diary(entries, count, now_ms, NULL);
	if (newest != NULL && now_ms - newest->wall_ms <= SILENCE_DAYS * day_ms)
		care.level = newest->level;
	if (flags_ms > cleared_ms)
		care.reason = flags;
	if (diary > care.reason && (diary != CARE_SEVERE || newest->wall_ms > cleared_ms))
		care.reason = diary;
	return care;
}

bool care_gentle(enum care_reason reason)
{
	return reason >= CARE_SEVERE;
}

const char *care_advice(enum care_reason reason)
{
	switch (reason) {
	case CARE_NOTHING:
		break;
	case CARE_LASTING:
		return _("This pain has lasted for more than two weeks: make an appointment with a "
		         "doctor or a physical therapist. Go on moving gently meanwhile: that "
		         "helps a back more than rest.");
	case CARE_SOON:
		return _("Make an appointment with a doctor about this. Go on moving gently "
		         "meanwhile, as far as the leg allows.");
	case CARE_SEVERE:
		return _("Severe pain is for a doctor: make an appointment now, an urgent one if "
		         "it is getting worse. Until it has been looked at, walk gently or rest, "
		         "and leave the exercises.");
	case CARE_URGENT:
		return _("See a doctor about this today: ask for an urgent appointment. Until it "
		         "has been looked at, walk gently or rest, and leave the exercises.");
	case CARE_EMERGENCY:
		return _("Go to an emergency department now, or call an ambulance; do not drive "
		         "yourself. This is more than a stiff back: no exercise, and no waiting "
		         "for a doctor's appointment.");
	}
	return "";
}

const char *care_discomfort(void)
{
	return _("A mild pull that eases as you breathe is good; sharp pain, or pain that shoots "
	         "into a leg or stays, is not: stop.");
}

const char *care_level(int level)
{
	if (level <= 0)
		return _("no pain");
	if (level < CARE_MODERATE_LEVEL)
		return _("mild: comes and goes");
	if (level < CARE_SEVERE_LEVEL)
		return _("moderate: always there, hard to concentrate or sleep, but you get up and "
		         "dress");
	return _("severe: hard to think or talk, no sleep, very hard to move or dress");
}

struct care_outcome care_conclude(const bool *yes, const bool *no, int asked)
{
	struct care_outcome o = {CARE_NOTHING, 0, 0};
	bool all[RED_FLAGS] = {false};
	for (int i = 0; i < asked && i < RED_FLAGS; i++) {
		all[i] = yes[i];
		o.skipped += !yes[i] && !no[i];
		o.skipped_signs += !yes[i] && !no[i] && red_flags[i].means == CARE_EMERGENCY;
	}
	o.reason = care_flags(all);
	return o;
}

static void __attribute__((format(printf, 3, 4)))
say(char text[CARE_PARAGRAPHS][CARE_TEXT], int *count, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text[(*count)++], CARE_TEXT, format, arguments);
	va_end(arguments);
}

int care_says(const struct care_outcome *o, char text[CARE_PARAGRAPHS][CARE_TEXT])
{
	int count = 0;
	if (o->reason != CARE_NOTHING)
		say(text, &count, "%s", care_advice(o->reason));
	if (care_gentle(o->reason))
		say(text, &count, "%s",
		    _("unknot offers nothing else until you say that it was looked at."));
	if (o->reason != CARE_EMERGENCY && o->skipped_signs > 0)
		say(text, &count, _("Emergency signs you skipped: %d. Skipped is not no: if one of "
		                    "them is there, go to an emergency department now."),
		    o->skipped_signs);
	else if (o->reason != CARE_EMERGENCY && o->skipped > 0)
		say(text, &count,
		    _("Questions you skipped: %d. Skipped is not no: this advice does not know "
		      "about them."), o->skipped);
	if (o->reason == CARE_NOTHING && o->skipped == 0)
		say(text, &count, "%s",
		    _("None of the signs that call for a doctor. If pain lasts beyond two weeks, "
		      "becomes severe or one of these appears, see one. For a personal programme: "
		      "a physical therapist."));
	if (!care_gentle(o->reason))
		say(text, &count, "%s", care_discomfort());
	return count;
}
