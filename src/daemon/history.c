#include "daemon/history.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "report/report.h"

#include <sys/resource.h>
#include <unistd.h>

/* Old rows go once an hour, the first time when starting is over; a history that cannot be opened
 * is tried again every five minutes. Chosen. */
enum { PRUNE_EVERY_S = 3600, PRUNE_FIRST_S = 60, OPEN_EVERY_S = 300 };

static gpointer run_check(gpointer user);

static void start_thread(struct history *h)
{
	if (h->checking != NULL)
		g_thread_join(h->checking); /* which has ended, or is about to: it said so */
	h->checking = g_thread_try_new("history", run_check, h, NULL);
}

static void tell_set_aside(const struct history *h)
{
	if (*h->set_aside)
		log_warning("the history was damaged; it is kept as %s and a new one begun",
		            h->set_aside);
}

void history_open(struct history *h, const char *state_dir, const char *data_dir)
{
	struct error error;
	h->state_dir = state_dir;
	h->data_dir = data_dir;
	h->store = store_open(state_dir, h->set_aside, &error);
	if (h->store == NULL)
		log_error("%s; watching without history until it can be opened", error.text);
	tell_set_aside(h);
}

/* The disk may have been freed, or the folder put right. It was told once what is wrong. */
static bool open_again(struct history *h, double seconds)
{
	struct error error;
	if (seconds - h->opened_at < OPEN_EVERY_S)
		return false;
	h->opened_at = seconds;
	h->store = store_open(h->state_dir, h->set_aside, &error);
	tell_set_aside(h);
	if (h->store == NULL)
		return false;
	log_info("there is a history again");
	return true;
}

static gboolean on_damaged(gpointer user)
{
	struct history *h = user;
	struct error error;
	if (!store_begin_anew(h->store, h->set_aside, &error))
		log_error("%s", error.text);
	tell_set_aside(h);
	h->renewed = true;
	if (*h->set_aside)
		start_thread(h);
	return G_SOURCE_REMOVE;
}

static gboolean on_saved(gpointer text)
{
	log_info("%s", (const char *)text);
	g_free(text);
	return G_SOURCE_REMOVE;
}

static gpointer run_check(gpointer user)
{
	struct history *h = user;
	const int lowest = 19;
	setpriority(PRIO_PROCESS, (id_t)gettid(), lowest); /* of this thread: the page on nice(2) */
	if (*h->set_aside) {
		const long rows = store_salvage(h->set_aside, h->state_dir, &h->stop_checking);
		g_idle_add(on_saved, g_strdup_printf(_("%ld rows of the damaged history are in "
		                                       "the new one"), rows));
	} else if (store_check(h->state_dir, &h->stop_checking) == STORE_DAMAGED) {
		g_idle_add(on_damaged, h);
	}
	return NULL;
}

/* What the person's keep_days says of the past, if the clock can be believed. */
static void forget(struct history *h, double keep_days)
{
	struct error error;
	struct clock clock = clock_real();
	int64_t before_ms;
	if (!store_outdated(h->store, clock_now(&clock).wall_ms, keep_days, &before_ms, &error)) {
		log_warning("%s", error.text);
		return;
	}
	if (before_ms == INT64_MIN)
		return;
	if (!store_forget(h->store, before_ms, &error))
		log_warning("%s", error.text);
	store_forget_aside(h->state_dir, before_ms);
	report_forget(h->data_dir, before_ms);
}

bool history_care(struct history *h, double seconds, double keep_days)
{
	const bool another = (h->store == NULL && open_again(h, seconds)) || h->renewed;
	h->renewed = false;
	if (h->store == NULL)
		return false;
	if (!h->checked) {
		h->checked = true;
		h->pruned_at = seconds - PRUNE_EVERY_S + PRUNE_FIRST_S;
		start_thread(h);
	}
	if (seconds - h->pruned_at >= PRUNE_EVERY_S) {
		h->pruned_at = seconds;
		forget(h, keep_days);
	}
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
