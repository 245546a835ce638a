/* The pain diary: entries as the person made them, and what they come to. */
#ifndef UNKNOT_STORE_DIARY_H
#define UNKNOT_STORE_DIARY_H

#include "coach/care.h"
#include "store/store.h"

#include <stddef.h>

/* What counts: the newest entries of a year. */
enum { DIARY_MAX = 1024, DIARY_DAYS = 366 };
struct diary {
	struct store_pain entries[DIARY_MAX]; /* in time order */
	size_t count;
};

/* The newest of [from, to). About 350 KB: allocate it. */
bool diary_read(struct diary *, struct store *, int64_t from_ms, int64_t to_ms, struct error *);
/* False with ENOENT when there is none of that id. */
bool diary_find(struct store *, int64_t id, struct store_pain *, struct error *);
/* For care_diary and care_in_force; returns diary->count. */
size_t diary_levels(const struct diary *, struct care_entry levels[DIARY_MAX]);
enum care_reason diary_reason(const struct diary *, int64_t now_ms);

#endif
