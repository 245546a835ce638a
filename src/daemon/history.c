#include "daemon/history.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/paths.h"

#include <sys/resource.h>
#include <unistd.h>

enum { PRUNE_EVERY_S = 3600, PRUNE_FIRST_S = 60, OPEN_EVERY_S = 300 };

static void tell_set_aside(const char *set_aside)
{
	if (*set_aside)
		log_warning("the history was damaged; it is kept as %s and a new one begun", set_aside);
}

void history_open(struct history *h, const char *state_dir)
{
	struct error error;
	char set_aside[PATH_SIZE] = "";
	h->state_dir = state_dir;
	h->store = store_open(state_dir, set_aside, &error);
	if (h->store == NULL)
		log_error("%s; watching without history until it can be opened", error.text);
	tell_set_aside(set_aside);
}

/* The disk may have been freed, or the folder put right. It was told once what is wrong. */
static bool open_again(struct history *h, double seconds)
{
	struct error error;
	char set_aside[PATH_SIZE] = "";
	if (seconds - h->opened_at < OPEN_EVERY_S)
		return false;
	h->opened_at = seconds;
	h->store = store_open(h->state_dir, set_aside, &error);
	tell_set_aside(set_aside);
	if (h->store == NULL)
		return false;
	log_info("there is a history again");
	return true;
}

static gboolean on_damaged(gpointer user)
{
	struct history *h = user;
	struct error error;
	char set_aside[PATH_SIZE];
	if (!store_begin_anew(h->store, set_aside, &error))
		log_error("%s", error.text);
	tell_set_aside(set_aside);
	return G_SOURCE_REMOVE;
}

static gpointer check(gpointer user)
{
	struct history *h = user;
	const int lowest = 19;
	setpriority(PRIO_PROCESS, (id_t)gettid(), lowest); /* of this thread: the page on nice(2) */
	if (store_check(h->state_dir, &h->stop_checking) == STORE_DAMAGED)
		g_idle_add(on_damaged, h);
	return NULL;
}

bool history_care(struct history *h, double seconds, double keep_days)
{
	struct error error;
	const bool another = h->store == NULL && open_again(h, seconds);
	if (h->store == NULL)
		return false;
	if (!h->checked) {
		h->checked = true;
		h->pruned_at = seconds - PRUNE_EVERY_S + PRUNE_FIRST_S;
		h->checking = g_thread_try_new("history", check, h, NULL);
	}
	if (seconds - h->pruned_at < PRUNE_EVERY_S)
		return another;
	struct clock clock = clock_real();
	const int64_t now = clock_now(&clock).wall_ms;
	h->pruned_at = seconds;
	if (!store_forget(h->store, now - (int64_t)(keep_days * 86400e3), &error))
		log_warning("%s", error.text);
	return another;
}

void history_close(struct history *h)
{
	atomic_store(&h->stop_checking, true);
	if (h->checking != NULL)
		g_thread_join(h->checking);
	store_close(h->store);
	h->store = NULL;
}
