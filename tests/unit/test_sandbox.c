/* Every attempt is made by a child of its own inside the sandbox, which answers with the errno. */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char own[] = "/tmp/unknot-sandbox-own-XXXXXX", other[] = "/tmp/unknot-sandbox-other-XXXXXX";
static char device[256];

enum { NOT_ENTERED = 255 };

/* 0 when the attempt succeeded, else its errno. */
static int inside(int (*attempt)(void))
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
		errno = 0;
		_exit(attempt() < 0 ? errno : 0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), NOT_ENTERED);
	return WEXITSTATUS(status);
}

static const char *in(const char *folder, const char *name)
{
	static char path[512];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static int setup(void **state)
{
	(void)state;
	if (mkdtemp(own) == NULL || mkdtemp(other) == NULL)
		return -1;
	snprintf(device, sizeof device, "%s/device", other);
	const char *const names[] = {device, in(other, "kept")};
	char paths[2][512];
	for (int i = 0; i < 2; i++) {
		snprintf(paths[i], sizeof paths[i], "%s", names[i]);
		const int file = open(paths[i], O_CREAT | O_WRONLY, 0600);
		if (file < 0 || write(file, "text", 4) != 4)
			return -1;
		close(file);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	const char *const names[] = {"device", "kept"};
	for (int i = 0; i < 2; i++)
		unlink(in(other, names[i]));
	unlink(in(own, "new"));
	rmdir(in(own, "folder"));
	return rmdir(own) | rmdir(other);
}

/* ---- sockets ---- */

static int inet(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int inet6(void) { return socket(AF_INET6, SOCK_DGRAM, 0); }
static int netlink(void) { return socket(AF_NETLINK, SOCK_RAW, 0); }
static int packet(void) { return socket(AF_PACKET, SOCK_RAW, 0); }
static int local(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static int local_pair(void) { int two[2]; return socketpair(AF_UNIX, SOCK_STREAM, 0, two); }

static void test_only_local_sockets(void **state)
{
	(void)state;
	assert_int_equal(inside(inet), EAFNOSUPPORT);
	assert_int_equal(inside(inet6), EAFNOSUPPORT);
	assert_int_equal(inside(netlink), EAFNOSUPPORT);
	assert_int_equal(inside(packet), EAFNOSUPPORT);
	assert_int_equal(inside(local), 0);
	assert_int_equal(inside(local_pair), 0);
}

/* ---- programs and processes ---- */

static int run_program(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};
	return execv("/bin/true", arguments);
}

static int start_process(void)
{
	const long child = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (child == 0)
		_exit(0);
	return (int)child;
}

static void *nothing(void *unused)
{
	return unused;
}

static int start_thread(void)
{
	pthread_t thread;
	errno = pthread_create(&thread, NULL, nothing, NULL);
	return errno == 0 && pthread_join(thread, NULL) == 0 ? 0 : -1;
}

static int trace(void) { return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static int ring(void) { return (int)syscall(SYS_io_uring_setup, 4, NULL); }
static int clone3(void) { return (int)syscall(SYS_clone3, NULL, 0); }
static int enter_namespace(void) { return unshare(CLONE_NEWUSER); }
static int mount_something(void) { return mount("none", other, "tmpfs", 0, NULL); }
static int no_new_privileges(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : -1; }

static void test_no_programs_and_no_more_rights(void **state)
{
	(void)state;
	assert_int_equal(inside(run_program), EPERM);
	assert_int_equal(inside(start_thread), 0);
	assert_int_equal(inside(ring), ENOSYS);
	assert_int_equal(inside(clone3), ENOSYS);
	assert_int_equal(inside(enter_namespace), EPERM);
	assert_int_equal(inside(mount_something), EPERM);
	assert_int_equal(inside(no_new_privileges), 0);
#ifndef __SANITIZE_ADDRESS__
	assert_int_equal(inside(start_process), EPERM);
	assert_int_equal(inside(trace), EPERM);
#else
	(void)start_process;
	(void)trace;
#endif
}

/* ---- files ---- */

static int make_other(void) { return open(in(other, "new"), O_CREAT | O_WRONLY, 0600); }
static int write_other(void) { return open(in(other, "kept"), O_WRONLY); }
static int truncate_other(void) { return truncate(in(other, "kept"), 0); }
static int remove_other(void) { return unlink(in(other, "kept")); }
static int folder_other(void) { return mkdir(in(other, "folder"), 0700); }
static int system_file(void) { return open("/etc/unknot-sandbox", O_CREAT | O_WRONLY, 0600); }
static int read_other(void) { return open(in(other, "kept"), O_RDONLY); }
static int make_own(void) { return open(in(own, "new"), O_CREAT | O_RDWR | O_TRUNC, 0600); }
static int folder_own(void) { return mkdir(in(own, "folder"), 0700); }
static int link_own(void) { return symlink("/etc/passwd", in(own, "link")); }
static int write_null(void) { return open("/dev/null", O_RDWR); }
static int write_device(void) { return open(device, O_RDWR); }

static int move_out(void)
{
	char from[512];
	const int file = open(in(own, "new"), O_CREAT | O_WRONLY, 0600);
	snprintf(from, sizeof from, "%s", in(own, "new"));
	return file < 0 ? -1 : rename(from, in(other, "new"));
}

static void test_only_own_files(void **state)
{
	(void)state;
	if (sandbox_available().landlock == 0) {
		print_message("this kernel has no Landlock: not tested\n");
		skip();
	}
	assert_int_equal(inside(make_other), EACCES);
	assert_int_equal(inside(write_other), EACCES);
	assert_int_equal(inside(remove_other), EACCES);
	assert_int_equal(inside(folder_other), EACCES);
	assert_int_equal(inside(system_file), EACCES);
	if (sandbox_available().landlock >= 3)
		assert_int_equal(inside(truncate_other), EACCES);
	const int moved = inside(move_out);
	assert_true(moved == EXDEV || moved == EACCES);
	assert_int_equal(inside(link_own), EACCES);
	assert_int_equal(inside(read_other), 0);
	assert_int_equal(inside(make_own), 0);
	assert_int_equal(inside(folder_own), 0);
	assert_int_equal(inside(write_null), 0);
	assert_int_equal(inside(write_device), 0);
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
	assert_string_equal(text, "Landlock 7: writes only its own folders, runs nothing; local sockets only");
	sandbox_describe(&(struct sandbox){0, false}, text, sizeof text);
	assert_non_null(strstr(text, "no Landlock"));
	assert_non_null(strstr(text, "no filter"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_local_sockets),
		cmocka_unit_test(test_no_programs_and_no_more_rights),
		cmocka_unit_test(test_only_own_files),
		cmocka_unit_test(test_a_folder_that_is_not_there),
		cmocka_unit_test(test_it_tells_what_is_missing),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
