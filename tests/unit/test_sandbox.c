/* Every attempt is made by a child of its own inside the sandbox, which answers with the errno. */
#include "attempts.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char own[] = "/tmp/unknot-sandbox-own-XXXXXX", other[] = "/tmp/unknot-sandbox-other-XXXXXX";
static char device[256];

enum { NOT_ENTERED = 255 };

/* 0 when the attempt succeeded, else its errno. */
static int inside(const struct attempt *a)
{
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct sandbox entered;
		struct error error;
		const char *const writable[] = {own};
		if (!sandbox_enter(writable, 1, device, &entered, &error)) {
			fprintf(stderr, "%s\n", error.text);
			_exit(NOT_ENTERED);
		}
		_exit(attempt_result(a));
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), NOT_ENTERED);
	return WEXITSTATUS(status);
}

static int setup(void **state)
{
	(void)state;
	if (mkdtemp(own) == NULL || mkdtemp(other) == NULL || !attempts_fill(other))
		return -1;
	snprintf(device, sizeof device, "%s/device", other);
	attempts_in(own, other);
	return 0;
}

static int teardown(void **state)
{
	char command[256];
	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s' '%s'", own, other);
	return system(command);
}

static void test_each_attempt(void **state)
{
	const struct sandbox here = sandbox_available();
	int wrong = 0;
	(void)state;
	if (!here.seccomp)
		skip();
	for (int i = 0; i < attempt_count; i++) {
		const struct attempt *a = &attempts[i];
		if (a->landlock > here.landlock) {
			print_message("%s: Landlock %d refuses it, this kernel has %d\n",
			              a->name, a->landlock, here.landlock);
			continue;
		}
		const int got = inside(a);
		if (got != a->refusal)
			print_error("%s: %s instead of %s\n", a->name,
			            strerror(got), strerror(a->refusal));
		wrong += got != a->refusal;
	}
	assert_int_equal(wrong, 0);
}

/* Else an attempt that fails by itself would pass for refused. */
static void test_outside_they_would_succeed(void **state)
{
	static const char *const plain[] = {"inet", "netlink", "fork_process",
	                                    "spawn_program", "make_other", "write_other",
	                                    "cut_other", "cut_while_reading",
	                                    "show_other", "memory_to_write_and_run",
	                                    "run_what_was_written", "link_other",
	                                    "symlink_own", "named_socket", "shared_memory"};
	(void)state;
	for (int i = 0; i < attempt_count; i++)
		for (size_t k = 0; k < sizeof plain / sizeof *plain; k++)
			if (strcmp(attempts[i].name, plain[k]) == 0) {
				const int got = attempt_result(&attempts[i]);
				/* a kernel without that network */
				if (got != 0 && got != EAFNOSUPPORT)
					fail_msg("%s: %s", plain[k], strerror(got));
			}
	unlink("/dev/shm/unknot-sandbox");
}

static void test_a_folder_that_is_not_there(void **state)
{
	(void)state;
	const pid_t child = fork();
	if (child == 0) {
		struct sandbox entered;
		struct error error;
		const char *const writable[] = {"/nowhere/at/all"};
		const bool got = sandbox_enter(writable, 1, NULL, &entered, &error);
		_exit(!got && strncmp(error.text, "/nowhere/at/all: ", 17) == 0 ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	if (sandbox_available().landlock > 0)
		assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_it_tells_what_is_missing(void **state)
{
	(void)state;
	char text[256];
	sandbox_describe(&(struct sandbox){7, true}, text, sizeof text);
	assert_string_equal(text, "Landlock 7: writes only its own folders, runs nothing; local "
	                          "sockets only");
	sandbox_describe(&(struct sandbox){0, false}, text, sizeof text);
	assert_non_null(strstr(text, "no Landlock"));
	assert_non_null(strstr(text, "no filter"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_attempt),
		cmocka_unit_test(test_outside_they_would_succeed),
		cmocka_unit_test(test_a_folder_that_is_not_there),
		cmocka_unit_test(test_it_tells_what_is_missing),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
