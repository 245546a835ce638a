/* A notifier that hangs blocks nobody, and nothing that it was given gets lost. */
#include "notify/notify.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a notifier that waits at a gate ---- */

static struct slow {
	struct notifier base;
	GMutex lock;
	GCond changed;
	bool open, works;
	int begun, shown, closed, freed;
	char last[32];
	GThread *thread;
	notify_answer_fn *answer;
	void *user;
} slow;

static bool slow_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	(void)n;
	g_mutex_lock(&slow.lock);
	slow.begun++;
	slow.thread = g_thread_self();
	g_cond_broadcast(&slow.changed);
	while (!slow.open)
		g_cond_wait(&slow.changed, &slow.lock);
	slow.shown += slow.works;
	g_strlcpy(slow.last, m->kind, sizeof slow.last);
	g_mutex_unlock(&slow.lock);
	if (slow.works)
		slow.answer(slow.user, m->kind, ANSWER_WRONG);
	return slow.works || error_set(error, 0, "slow: told to fail");
}

static void slow_close(struct notifier *n, const char *kind)
{
	(void)n, (void)kind;
	slow.closed++;
}

static void slow_free(struct notifier *n)
{
	(void)n;
	slow.freed++;
}

static struct notifier *make_slow(notify_answer_fn *answer, void *user, struct error *error)
{
	static const struct notifier_ops ops = {slow_show, slow_close, slow_free};
	(void)error;
	slow.base.ops = &ops;
	slow.answer = answer;
	slow.user = user;
	return &slow.base;
}

static struct notifier *make_nothing(notify_answer_fn *answer, void *user, struct error *error)
{
	(void)answer, (void)user;
	error_set(error, 0, "told to fail");
	return NULL;
}

static void set_gate(bool open)
{
	g_mutex_lock(&slow.lock);
	slow.open = open;
	g_cond_broadcast(&slow.changed);
	g_mutex_unlock(&slow.lock);
}

static void wait_until_begun(void)
{
	g_mutex_lock(&slow.lock);
	while (slow.begun == 0)
		g_cond_wait(&slow.changed, &slow.lock);
	g_mutex_unlock(&slow.lock);
}

/* ---- tests ---- */

static struct {
	int count;
	GThread *thread;
	char kind[32];
} answers;

static void on_answer(void *user, const char *kind, enum coach_answer answer)
{
	assert_ptr_equal(user, &answers);
	assert_int_equal(answer, ANSWER_WRONG);
	answers.count++;
	answers.thread = g_thread_self();
	g_strlcpy(answers.kind, kind, sizeof answers.kind);
}

static struct notifier *fallback, *aside;

static int begin(void **state)
{
	struct error error;
	memset(&slow, 0, sizeof slow);
	memset(&answers, 0, sizeof answers);
	slow.works = true;
	fallback = notifier_record();
	aside = notifier_aside(*state != NULL ? make_nothing : make_slow,
	                       fallback, on_answer, &answers, &error);
	return aside != NULL ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	fallback->ops->free(fallback);
	return 0;
}

static bool show(const char *kind)
{
	struct error error;
	struct coach_message m = {.urgency = URGENCY_NORMAL};
	g_strlcpy(m.kind, kind, sizeof m.kind);
	return aside->ops->show(aside, &m, &error);
}

/* Runs the main loop until so many answers or fallbacks came. */
static void run_until(int count)
{
	const gint64 deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	while (answers.count + notifier_record_count(fallback) < count &&
	       g_get_monotonic_time() < deadline)
		if (!g_main_context_iteration(NULL, FALSE))
			g_usleep(1000);
	assert_int_equal(answers.count + notifier_record_count(fallback), count);
}

static void who_hangs_blocks_nobody(void **state)
{
	(void)state;
	/* The gate opens only after show has returned: it cannot have waited. */
	assert_true(show("slouched"));
	wait_until_begun();
	assert_int_equal(slow.shown, 0);
	aside->ops->close(aside, "slouched");
	set_gate(true);
	run_until(1);
	assert_int_equal(slow.shown, 1);
	assert_ptr_not_equal(slow.thread, g_thread_self());
	assert_ptr_equal(answers.thread, g_thread_self());
	assert_string_equal(answers.kind, "slouched");
	assert_true(show("leaning"));
	run_until(2);
	assert_string_equal(slow.last, "leaning");
	assert_int_equal(notifier_record_count(fallback), 0);
	aside->ops->free(aside);
	assert_int_equal(slow.closed, 1);
	assert_int_equal(slow.freed, 1);
}

static void what_cannot_be_shown_falls_back(void **state)
{
	(void)state;
	slow.works = false;
	set_gate(true);
	assert_true(show("slouched"));
	run_until(1);
	assert_int_equal(notifier_record_count(fallback), 1);
	assert_string_equal(notifier_record_get(fallback, 0)->kind, "slouched");
	aside->ops->free(aside);
}

static void few_wait_at_once(void **state)
{
	(void)state;
	assert_true(show("a") && show("b") && show("c"));
	assert_false(show("d"));
	set_gate(true);
	run_until(3);
	assert_int_equal(slow.shown, 3);
	assert_true(show("e"));
	run_until(4);
	aside->ops->free(aside);
}

static void the_end_does_not_wait_for_it(void **state)
{
	(void)state;
	assert_true(show("slouched"));
	wait_until_begun();
	aside->ops->free(aside); /* comes back though the gate is shut */
	assert_int_equal(slow.freed, 0);
	set_gate(true);
	/* What it says after that is heard by nobody; its thread goes by itself. */
	const gint64 deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	while (slow.freed == 0 && g_get_monotonic_time() < deadline)
		g_usleep(1000);
	g_usleep(10000);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	assert_int_equal(slow.freed, 1);
	assert_int_equal(answers.count, 0);
}

static void without_a_notifier_all_falls_back(void **state)
{
	(void)state;
	assert_true(show("slouched"));
	run_until(1);
	assert_int_equal(notifier_record_count(fallback), 1);
	aside->ops->free(aside);
}

int main(void)
{
	static int nothing;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_hangs_blocks_nobody, begin, end),
		cmocka_unit_test_setup_teardown(what_cannot_be_shown_falls_back, begin, end),
		cmocka_unit_test_setup_teardown(few_wait_at_once, begin, end),
		cmocka_unit_test_setup_teardown(the_end_does_not_wait_for_it, begin, end),
		cmocka_unit_test_prestate_setup_teardown(without_a_notifier_all_falls_back,
		                                         begin, end, &nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
