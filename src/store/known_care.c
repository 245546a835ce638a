#include "store/known_care.h"

#include "store/answers.h"

#include <stdlib.h>
#include <string.h>

enum { DIARY_MAX = 1024, DIARY_DAYS = 366 };
static const int64_t day_ms = 86400000;
static const char cleared_name[] = "cleared";
static const char *const cleared_id[] = {"looked_at"};

struct diary {
	struct care_entry entries[DIARY_MAX];
	size_t count;
};

static bool add(void *user, const struct store_pain *p)
{
	struct diary *d = user;
	if (d->count == DIARY_MAX) /* the newest decide */
		memmove(d->entries, d->entries + 1, --d->count * sizeof d->entries[0]);
	d->entries[d->count++] = (struct care_entry){p->wall_ms, p->level};
	return true;
}

static bool known_flags(const char *dir, enum care_reason *flags, int64_t *when_ms, struct error *error)
{
	const struct care_question *questions;
	const int count = care_red_flags(&questions);
	const char *ids[ANSWERS_MAX];
	bool yes[ANSWERS_MAX] = {false};
	struct answers answers;
	for (int i = 0; i < count; i++)
		ids[i] = questions[i].id;
	if (!answers_load(&answers, dir, "care", ids, count, error))
		return false;
	for (int i = 0; i < count; i++)
		yes[i] = answers.of[i] == ANSWER_YES;
	*flags = care_flags(yes);
	*when_ms = answers.answered_ms;
	return true;
}

bool known_care(struct care *care, struct store *store, const char *dir, int64_t now_ms, struct error *error)
{
	enum care_reason flags = CARE_NOTHING;
	int64_t flags_ms = 0;
	struct answers cleared = {0};
	struct diary *diary = calloc(1, sizeof *diary);
	bool good = diary != NULL || error_set(error, 0, "care: out of memory");
	good = known_flags(dir, &flags, &flags_ms, error) && good;
	good = answers_load(&cleared, dir, cleared_name, cleared_id, 1, error) && good;
	if (store != NULL && diary != NULL)
		good = store_pains(store, now_ms - DIARY_DAYS * day_ms, now_ms + 1, add, diary, error) && good;
	*care = care_in_force(flags, flags_ms, diary != NULL ? diary->entries : NULL,
	                      diary != NULL ? diary->count : 0, cleared.answered_ms, now_ms);
	free(diary);
	return good;
}

bool known_care_clear(const char *dir, int64_t now_ms, struct error *error)
{
	const struct answers cleared = {now_ms, {ANSWER_YES}};
	return answers_save(&cleared, dir, cleared_name, cleared_id, 1, error);
}
