#include "window/diary_store.h"

#include "store/known_care.h"
#include "window/history.h"

struct job {
	enum diary_act act;
	struct store_pain entry;
};

static bool act(struct store *store, struct job *job, int64_t now_ms, struct error *error)
{
	switch (job->act) {
	case DIARY_LOAD: break;
	case DIARY_ADD:
		job->entry.wall_ms = now_ms;
		return store_pain(store, &job->entry, error) && store_flush(store, error);
	case DIARY_CHANGE: return store_pain_change(store, &job->entry, error);
	case DIARY_REMOVE: return store_pain_remove(store, job->entry.id, error);
	}
	return true;
}

static void run(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	struct job *job = data;
	struct history history;
	struct error error = {0};
	const int64_t now_ms = g_get_real_time() / 1000, day_ms = 86400000;
	struct diary_found *found = g_new0(struct diary_found, 1);
	(void)source, (void)cancellable;
	bool good = history_open(&history, job->act == DIARY_ADD, &error);
	struct store *store = good ? history.source.store : NULL;
	if (good && store != NULL)
		good = act(store, job, now_ms, &error) &&
		       diary_read(&found->diary, store, now_ms - DIARY_DAYS * day_ms,
		                  now_ms + 1, &error);
	good = good && known_care(&found->care, store, history.state, now_ms, &error);
	history_close(&history);
	if (good) {
		g_task_return_pointer(task, found, g_free);
		return;
	}
	g_free(found);
	g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", error.text);
}

void diary_do(enum diary_act what, const struct store_pain *entry, GCancellable *cancellable,
	      GAsyncReadyCallback done, gpointer user)
{
	struct job *job = g_new0(struct job, 1);
	GTask *task = g_task_new(NULL, cancellable, done, user);
	job->act = what;
	if (entry != NULL)
		job->entry = *entry;
	g_task_set_task_data(task, job, g_free);
	g_task_run_in_thread(task, run);
	g_object_unref(task);
}

struct diary_found *diary_done(GAsyncResult *result, GError **error)
{
	return g_task_propagate_pointer(G_TASK(result), error);
}
