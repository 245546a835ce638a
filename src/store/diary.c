#include "store/diary.h"

#include <errno.h>
#include <string.h>

static bool add(void *user, const struct store_pain *p)
{
	struct diary *d = user;
	if (d->count == DIARY_MAX) /* the newest decide */
		memmove(d->entries, d->entries + 1, --d->count * sizeof d->entries[0]);
	d->entries[d->count++] = *p;
	return true;
}

bool diary_read(struct diary *d, struct store *store, int64_t from_ms,
                int64_t to_ms, struct error *error)
{
	d->count = 0;
	return store_pains(store, from_ms, to_ms, add, d, error);
}

struct search {
	int64_t id;
	struct store_pain *found;
	bool any;
};

static bool look(void *user, const struct store_pain *p)
{
	struct search *s = user;
	s->any = p->id == s->id;
	if (s->any)
		*s->found = *p;
	return !s->any;
}

bool diary_find(struct store *store, int64_t id, struct store_pain *found, struct error *error)
{
	struct search search = {id, found, false};
	if (!store_pains(store, INT64_MIN, INT64_MAX, look, &search, error))
		return false;
	return search.any || error_set(error, ENOENT, "the diary has no entry %lld", (long long)id);
}

size_t diary_levels(const struct diary *d, struct care_entry levels[DIARY_MAX])
{
	for (size_t i = 0; i < d->count; i++)
		levels[i] = (struct care_entry){d->entries[i].wall_ms, d->entries[i].level};
	return d->count;
}

enum care_reason diary_reason(const struct diary *d, int64_t now_ms)
{
	struct care_entry levels[DIARY_MAX];
	return care_diary(levels, diary_levels(d, levels), now_ms, NULL);
}
