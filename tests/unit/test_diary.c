/* The pain diary: what was entered is found, corrected and removed, and comes to something. */
#include "store/diary.h"
#include "folder.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool copy_pain(void *user, const struct store_pain *p)
{
	*(struct store_pain *)user = *p;
	return true;
}

static void an_entry_is_corrected_or_removed(void **state)
{
	(void)state;
	struct error error;
	struct store_pain found = {0}, other = {.wall_ms = 2000, .level = 5, .where = "neck"};
	struct store *s = store_open(folder, NULL, &error);
	const struct store_pain pain = {.wall_ms = 1000, .level = 4, .where = "back",
	                                .note = "dull"};
	assert_true(store_pain(s, &pain, &error));
	assert_true(store_pain(s, &other, &error));
	assert_true(store_pains(s, 0, 1500, copy_pain, &found, &error));
	assert_true(found.id > 0);
	/* Another connection sees the change at once: it is committed. */
	struct store *beside = store_open(folder, NULL, &error);
	const int64_t id = found.id;
	found.level = 6;
	snprintf(found.where, sizeof found.where, "hip");
	snprintf(found.note, sizeof found.note, "sharp");
	assert_true(store_pain_change(s, &found, &error));
	memset(&found, 0, sizeof found);
	assert_true(store_pains(beside, 0, 1500, copy_pain, &found, &error));
	assert_int_equal(found.level, 6);
	assert_int_equal(found.wall_ms, 1000);
	assert_int_equal(found.id, id);
	assert_string_equal(found.where, "hip");
	assert_string_equal(found.note, "sharp");
	assert_true(store_pain_remove(s, id, &error));
	memset(&found, 0, sizeof found);
	assert_true(store_pains(beside, 0, 10000, copy_pain, &found, &error));
	assert_string_equal(found.where, "neck"); /* the other one stays as it was */
	assert_int_equal(found.level, 5);
	/* What is not there can be neither corrected nor removed; the store goes on. */
	found.id = id;
	assert_false(store_pain_change(s, &found, &error));
	assert_int_equal(error.code, ENOENT);
	assert_false(store_pain_remove(s, id, &error));
	assert_non_null(strstr(error.text, "no entry"));
	assert_true(store_pain(s, &pain, &error));
	assert_true(store_flush(s, &error));
	store_close(beside);
	store_close(s);
}

static void the_newest_decide(void **state)
{
	(void)state;
	struct error error;
	const int64_t day_ms = 86400000;
	struct store_pain found;
	struct diary *d = calloc(1, sizeof *d);
	assert_non_null(d);
	struct store *s = store_open(folder, NULL, &error);
	/* More than it holds, a minute apart: the oldest fall out. */
	for (int i = 0; i < DIARY_MAX + 3; i++) {
		const struct store_pain p = {.wall_ms = i * 60000, .level = i < 3 ? 9 : 2};
		assert_true(store_pain(s, &p, &error));
	}
	assert_true(diary_read(d, s, 0, INT64_MAX, &error));
	assert_int_equal(d->count, DIARY_MAX);
	assert_int_equal(d->entries[0].wall_ms, 3 * 60000);
	assert_int_equal(diary_reason(d, day_ms), CARE_NOTHING);
	assert_true(diary_find(s, d->entries[7].id, &found, &error));
	assert_int_equal(found.wall_ms, 10 * 60000);
	assert_false(diary_find(s, 1 << 20, &found, &error));
	assert_int_equal(error.code, ENOENT);
	const struct store_pain severe = {.wall_ms = day_ms, .level = 8};
	assert_true(store_pain(s, &severe, &error));
	assert_true(diary_read(d, s, day_ms, day_ms + 1, &error));
	assert_int_equal(d->count, 1);
	assert_int_equal(diary_reason(d, day_ms), CARE_SEVERE);
	assert_int_equal(diary_reason(d, day_ms - 1), CARE_NOTHING); /* not yet */
	store_close(s);
	free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_entry_is_corrected_or_removed,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_newest_decide, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
