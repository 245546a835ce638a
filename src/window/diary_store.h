/* Inside the window: the diary in the history, read and changed on a thread. */
#ifndef UNKNOT_WINDOW_DIARY_STORE_H
#define UNKNOT_WINDOW_DIARY_STORE_H

#include "store/diary.h"

#include <gio/gio.h>

enum diary_act { DIARY_LOAD, DIARY_ADD, DIARY_CHANGE, DIARY_REMOVE };

struct diary_found {
	struct diary diary;
	struct care care;       /* what is in force now */
};

/* Does it and reads what is there then. The entry may be NULL for DIARY_LOAD. */
void diary_do(enum diary_act, const struct store_pain *, GCancellable *,
              GAsyncReadyCallback, gpointer user);
/* g_free the result; NULL after an error or when it was cancelled, which undoes nothing. */
struct diary_found *diary_done(GAsyncResult *, GError **);

#endif
