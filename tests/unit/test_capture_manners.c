/* Others at the camera: a child process opens and closes an ordinary file that stands for the
 * node. */
#include "capture/manners.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/unknot-manners-XXXXXX", node[64], link_path[64];

static int make_node(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(node, sizeof node, "%s/video0", folder);
	snprintf(link_path, sizeof link_path, "%s/by-id", folder);
	return close(open(node, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)) ||
	       symlink("video0", link_path);
}

static int remove_node(void **state)
{
	(void)state;
	unlink(node);
	unlink(link_path);
	return rmdir(folder);
}

/* ---- another program ---- */

struct other {
	pid_t pid;
	int orders, answers;
};

/* Opens at 'o', closes at 'c', ends at 'q' with what it has open. */
static void serve(int orders, int answers)
{
	char order;
	int fd = -1;
	prctl(PR_SET_NAME, "video\033call");
	while (read(orders, &order, 1) == 1 && order != 'q') {
		if (order == 'o')
			fd = open(node, O_RDONLY | O_CLOEXEC);
		else
			close(fd);
		if (write(answers, &order, 1) != 1)
			break;
	}
	_exit(0);
}

static struct other other_start(void)
{
	int orders[2], answers[2];
	assert_int_equal(pipe2(orders, O_CLOEXEC), 0);
	assert_int_equal(pipe2(answers, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(orders[1]);
		serve(orders[0], answers[1]);
	}
	close(orders[0]);
	close(answers[1]);
	return (struct other){pid, orders[1], answers[0]};
}

static void other_do(const struct other *o, char order)
{
	char done;
	assert_int_equal(write(o->orders, &order, 1), 1);
	assert_int_equal(read(o->answers, &done, 1), 1);
}

static void other_end(const struct other *o)
{
	assert_int_equal(write(o->orders, "q", 1), 1);
	close(o->orders);
	close(o->answers);
	waitpid(o->pid, NULL, 0);
}

/* As the main loop would: sleeps until the descriptor is readable, then asks. Fails after ten
 * seconds of silence. */
static void wait_until(struct manners *m, bool busy)
{
	while (manners_busy(m) != busy) {
		struct pollfd p = {.fd = manners_fd(m), .events = POLLIN};
		if (poll(&p, 1, 10000) != 1)
			fail_msg("nothing happened; expected %s", busy ? "busy" : "free");
	}
}

static struct manners *manners(const char *device)
{
	struct error error = {0};
	struct manners *m = manners_open(device, &error);
	if (m == NULL)
		fail_msg("%s", error.text);
	return m;
}

/* ---- tests ---- */

static void another_program_is_seen_to_come_and_go(void **state)
{
	(void)state;
	struct other o = other_start();
	struct manners *m = manners(node);
	assert_false(manners_busy(m));
	/* Where a hundred thousand files are open, looking at them takes half a second. */
	const time_t end = time(NULL) + 5;
	for (int i = 0; i < 50 && time(NULL) < end; i++) {
		other_do(&o, 'o');
		wait_until(m, true);
		other_do(&o, 'c');
		wait_until(m, false);
	}
	/* It ends without closing. */
	other_do(&o, 'o');
	wait_until(m, true);
	other_end(&o);
	wait_until(m, false);
	manners_free(m);
}

static bool has_news(struct manners *m)
{
	struct pollfd p = {.fd = manners_fd(m), .events = POLLIN};
	return poll(&p, 1, 0) == 1;
}

static int open_ours(struct manners *m)
{
	manners_before_ours(m);
	int fd = open(node, O_RDWR | O_CLOEXEC);
	manners_after_ours(m);
	return fd;
}

static void close_ours(struct manners *m, int fd)
{
	manners_before_ours(m);
	close(fd);
	manners_after_ours(m);
}

/* What we announce wakes nobody and hides nothing. */
static void our_own_doings_are_no_news(void **state)
{
	(void)state;
	struct other o = other_start();
	struct manners *m = manners(node);
	manners_busy(m);
	for (int i = 0; i < 20; i++) {
		int fd = open_ours(m);
		assert_false(has_news(m));
		close_ours(m, fd);
		assert_false(has_news(m));
	}
	/* While we have it, before our open, and before our close. */
	int fd = open_ours(m);
	other_do(&o, 'o');
	assert_true(has_news(m));
	wait_until(m, true);
	other_do(&o, 'c');
	close_ours(m, fd);
	wait_until(m, false);
	other_do(&o, 'o');
	fd = open_ours(m);
	wait_until(m, true);
	close_ours(m, fd);
	assert_true(manners_busy(m));
	other_do(&o, 'c');
	wait_until(m, false);
	other_end(&o);
	manners_free(m);
}

/* Ours do not hide another's either. */
static void our_own_opens_do_not_count(void **state)
{
	(void)state;
	struct manners *m = manners(node);
	for (int i = 0; i < 5; i++) {
		int fd = open_ours(m);
		assert_false(manners_busy(m));
		close_ours(m, fd);
		assert_false(manners_busy(m));
	}
	struct other o = other_start();
	int fd = open_ours(m);
	other_do(&o, 'o');
	wait_until(m, true);
	close_ours(m, fd);
	assert_true(manners_busy(m));
	other_end(&o);
	wait_until(m, false);
	manners_free(m);
}

/* /proc does not show what other users' programs have open. An open that it cannot explain (here:
 * our own, not announced) is somebody's, from the first moment until it is closed. */
static void who_cannot_be_seen_counts_too(void **state)
{
	(void)state;
	struct manners *m = manners(node);
	int hidden = open(node, O_RDONLY | O_CLOEXEC);
	assert_int_equal(manners_holders(node, NULL, 0), 0);
	assert_true(manners_busy(m));
	/* Bursts of ours meanwhile change nothing. */
	close_ours(m, open_ours(m));
	assert_true(manners_busy(m));
	close(hidden);
	assert_false(manners_busy(m));
	manners_free(m);
}

static void two_programs_both_have_to_leave(void **state)
{
	(void)state;
	struct other a = other_start(), b = other_start();
	struct manners *m = manners(link_path); /* by its stable name */
	other_do(&a, 'o');
	other_do(&b, 'o');
	wait_until(m, true);
	other_do(&a, 'c');
	assert_true(manners_busy(m));
	other_do(&b, 'c');
	wait_until(m, false);
	other_end(&a);
	other_end(&b);
	manners_free(m);
}

static void holders_are_named(void **state)
{
	(void)state;
	struct camera_holder list[2];
	struct other a = other_start(), b = other_start();
	assert_int_equal(manners_holders(node, list, 2), 0);
	other_do(&a, 'o');
	assert_int_equal(manners_holders(node, list, 2), 1);
	assert_int_equal(list[0].pid, a.pid);
	assert_string_equal(list[0].program, "video?call");
	other_do(&b, 'o');
	assert_int_equal(manners_holders(link_path, list, 1), 2);
	assert_int_equal(manners_holders("/nonexistent/video0", list, 2), 0);
	/* Who was there first is seen too. */
	struct manners *m = manners(node);
	assert_true(manners_busy(m));
	other_end(&a);
	other_end(&b);
	wait_until(m, false);
	manners_free(m);
}

static void a_node_may_go_and_come_back(void **state)
{
	(void)state;
	struct other o = other_start();
	struct manners *m = manners(node);
	assert_int_equal(unlink(node), 0);
	assert_false(manners_busy(m));
	assert_false(manners_busy(m));
	assert_int_equal(close(open(node, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
	assert_false(manners_busy(m)); /* asked before each burst: the watch is back */
	other_do(&o, 'o');
	wait_until(m, true);
	other_end(&o);
	wait_until(m, false);
	manners_free(m);
	/* Not there at all. */
	m = manners("/nonexistent/video0");
	assert_false(manners_busy(m));
	manners_free(m);
	struct error error;
	char lengthy[1024];
	memset(lengthy, 'a', sizeof lengthy - 1);
	lengthy[sizeof lengthy - 1] = '\0';
	assert_null(manners_open(lengthy, &error));
	manners_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_program_is_seen_to_come_and_go),
		cmocka_unit_test(our_own_opens_do_not_count),
		cmocka_unit_test(who_cannot_be_seen_counts_too),
		cmocka_unit_test(our_own_doings_are_no_news),
		cmocka_unit_test(two_programs_both_have_to_leave),
		cmocka_unit_test(holders_are_named),
		cmocka_unit_test(a_node_may_go_and_come_back),
	};
	return cmocka_run_group_tests(tests, make_node, remove_node);
}
