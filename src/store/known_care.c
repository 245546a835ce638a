#include "store/known_care.h"

#include "store/answers.h"
#include "store/diary.h"

#include <stdlib.h>
#include <string.h>

static const int64_t day_ms = 86400000;
static const char cleared_name[] = "cleared";
static const char *const cleared_id[] = {"looked_at"};

static void ids_of(const struct care_question *questions, int count, const char *ids[ANSWERS_MAX])
{
	for (int i = 0; i < count; i++)
		ids[i] = questions[i].id;
}

bool known_answers(struct answers *answers, const char *dir, const char *list,
                   const struct care_question *questions, int count, struct error *error)
{
	const char *ids[ANSWERS_MAX];
	ids_of(questions, count, ids);
	return answers_load(answers, dir, list, ids, count, error);
}

/* Whoever skips has not said that it is over. What cannot be read stands for nothing. */
static void keep_signs(struct answers *answers, const char *dir, const char *const *ids, int count)
{
	struct answers before, cleared;
	if (!answers_load(&before, dir, KNOWN_CARE_LIST, ids, count, NULL) ||
	    !answers_load(&cleared, dir, cleared_name, cleared_id, 1, NULL) ||
	    cleared.answered_ms >= before.answered_ms)
		return;
	for (int i = 0; i < count && i < ANSWERS_MAX; i++)
		if (answers->of[i] == ANSWER_UNSAID && before.of[i] == ANSWER_YES)
			answers->of[i] = ANSWER_YES;
}

bool known_answers_save(struct answers *answers, const char *dir, const char *list,
                        const struct care_question *questions, int count, struct error *error)
{
	const char *ids[ANSWERS_MAX];
	ids_of(questions, count, ids);
	if (strcmp(list, KNOWN_CARE_LIST) == 0)
		keep_signs(answers, dir, ids, count);
	return answers_save(answers, dir, list, ids, count, error);
}

static bool known_flags(const char *dir, enum care_reason *flags, int64_t *when_ms,
                        struct error *error)
{
	const struct care_question *questions;
	const int count = care_red_flags(&questions);
	bool yes[ANSWERS_MAX] = {false};
	struct answers answers;
	if (!known_answers(&answers, dir, KNOWN_CARE_LIST, questions, count, error))
		return false;
	for (int i = 0; i < count; i++)
		yes[i] = answers.of[i] == ANSWER_YES;
	*flags = care_flags(yes);
	*when_ms = answers.answered_ms;
	return true;
}

bool known_care(struct care *care, struct store *store, const char *dir,
                int64_t now_ms, struct error *error)
{
	enum care_reason flags = CARE_NOTHING;
	int64_t flags_ms = 0;
	struct answers cleared = {0};
	struct care_entry levels[DIARY_MAX];
	struct diary *diary = calloc(1, sizeof *diary);
	bool good = diary != NULL || error_set(error, 0, "%s: out of memory", "care");
	good = known_flags(dir, &flags, &flags_ms, error) && good;
	good = answers_load(&cleared, dir, cleared_name, cleared_id, 1, error) && good;
	if (store != NULL && diary != NULL)
		good = diary_read(diary, store, now_ms - DIARY_DAYS * day_ms, now_ms + 1, error) &&
		       good;
	*care = care_in_force(flags, flags_ms, levels, diary != NULL ? diary_levels(diary, levels)
	                                                             : 0,
	                      cleared.answered_ms, now_ms);
	free(diary);
	return good;
}

bool known_care_clear(const char *dir, int64_t now_ms, struct error *error)
{
	const struct answers cleared = {now_ms, {ANSWER_YES}};
	return answers_save(&cleared, dir, cleared_name, cleared_id, 1, error);
}
