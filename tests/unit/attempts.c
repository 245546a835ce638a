#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *own_folder, *other_folder;

void attempts_in(const char *own, const char *other)
{
	own_folder = own;
	other_folder = other;
}

static const char *in(const char *folder, const char *name)
{
	static char paths[2][512];
	static int turn;
	char *path = paths[turn ^= 1];
	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static const char *own(const char *name) { return in(own_folder, name); }
static const char *other(const char *name) { return in(other_folder, name); }

bool attempts_fill(const char *folder)
{
	static const char *const names[] = {"kept", "device"};
	bool good = true;
	for (int i = 0; i < 2; i++) {
		const int file = open(in(folder, names[i]), O_CREAT | O_WRONLY, 0600);
		good = file >= 0 && write(file, "text", 4) == 4 && good;
		close(file);
	}
	return good;
}

static int opened(int file)
{
	const int code = errno;
	if (file >= 0)
		close(file);
	errno = code;
	return file;
}

/* ---- sockets ---- */

static int inet(void) { return opened(socket(AF_INET, SOCK_STREAM, 0)); }
static int inet6(void) { return opened(socket(AF_INET6, SOCK_DGRAM, 0)); }
static int netlink(void) { return opened(socket(AF_NETLINK, SOCK_RAW, 0)); }
static int packet(void) { return opened(socket(AF_PACKET, SOCK_RAW, 0)); }
static int machine(void) { return opened(socket(AF_VSOCK, SOCK_STREAM, 0)); }
static int bluetooth(void) { return opened(socket(AF_BLUETOOTH, SOCK_RAW, 0)); }
static int local(void) { return opened(socket(AF_UNIX, SOCK_STREAM, 0)); }

static int pair_of(int family)
{
	int two[2];
	if (socketpair(family, SOCK_STREAM, 0, two) != 0)
		return -1;
	close(two[0]);
	close(two[1]);
	return 0;
}

static int local_pair(void) { return pair_of(AF_UNIX); }
static int cluster_pair(void) { return pair_of(AF_TIPC); }

/* A socket with a name in the file system is a file. */
static int named_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", own_folder);
	const int s = socket(AF_UNIX, SOCK_STREAM, 0);
	const int got = bind(s, (const struct sockaddr *)&address, sizeof address);
	opened(s);
	return got;
}

/* ---- programs and processes ---- */

static char *const arguments[] = {(char[]){"true"}, NULL};
static char *const nothing_set[] = {NULL};

static int run_program(void) { return execv("/bin/true", arguments); }

static int run_file(void)
{
	const int file = open("/bin/true", O_RDONLY);
	const int got = fexecve(file, arguments, nothing_set);
	opened(file);
	return got;
}

/* A program that was never in the file system. */
static int run_memory(void)
{
	static const char script[] = "#!/bin/sh\nexit 0\n";
	const int file = memfd_create("program", 0);
	if (write(file, script, sizeof script - 1) < 0)
		return 0;
	const int got = (int)syscall(SYS_execveat, file, "", arguments, nothing_set, AT_EMPTY_PATH);
	opened(file);
	return got;
}

static int start_thread(void);
#ifndef __SANITIZE_ADDRESS__
static int wait_for(long child)
{
	if (child == 0)
		_exit(0);
	return child < 0 || waitpid((pid_t)child, NULL, 0) == child ? (int)child : 0;
}

static int fork_process(void) { return wait_for(fork()); }
static int clone_process(void) {
	return wait_for(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL)); }
#ifdef SYS_fork
static int old_fork(void) { return wait_for(syscall(SYS_fork)); }
#endif

static int spawn_program(void)
{
	pid_t child;
	errno = posix_spawn(&child, "/bin/true", NULL, NULL, arguments, nothing_set);
	return errno == 0 ? wait_for(child) : -1;
}

static int trace_me(void) { return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static int trace_parent(void) { return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL); }
#endif

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

static int clone3(void) { return (int)syscall(SYS_clone3, NULL, 0); }
static int ring(void) { return opened((int)syscall(SYS_io_uring_setup, 4, NULL)); }
static int look_into_parent(void)
{
	return (int)syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
}
static int signal_parent(void) { return kill(getppid(), 0); }

/* ---- rights ---- */

/* 0 when the kernel says that it is so for good. */
static int no_new_privileges(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : -1; }
static int filtered(void) { return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2 ? 0 : -1; }
static int take_it_back(void) { return prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0); }
static int enter_namespace(void) { return unshare(CLONE_NEWUSER); }
static int mount_something(void) { return mount("none", other_folder, "tmpfs", 0, NULL); }
static int change_root(void) { return chroot(own_folder); }
static int load_filter(void) { return (int)syscall(SYS_bpf, BPF_PROG_LOAD, NULL, 0); }
static int fault_handler(void) { return opened((int)syscall(SYS_userfaultfd, 0)); }
static int counters(void) { return opened((int)syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0)); }
static int read_is_run(void) { return personality(READ_IMPLIES_EXEC); }

/* ---- memory ---- */

/* A dump that the kernel writes, and one that it hands to another program: none, and one without
 * memory. */
static int no_dump(void)
{
	struct rlimit limit;
	char text[32] = "";
	FILE *file = fopen("/proc/self/coredump_filter", "r");
	const bool none = file == NULL ||
	                  (fgets(text, sizeof text, file) != NULL && strtol(text, NULL, 16) == 0);
	if (file != NULL)
		fclose(file);
	return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0 && none ? 0 : -1;
}

static int map(int protection)
{
	void *page = mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page == MAP_FAILED ? -1 : munmap(page, 4096);
}

static int memory(void) { return map(PROT_READ | PROT_WRITE); }
static int memory_to_write_and_run(void) { return map(PROT_READ | PROT_WRITE | PROT_EXEC); }

static int run_what_was_written(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const int got = mprotect(page, 4096, PROT_READ | PROT_EXEC);
	const int code = errno;
	munmap(page, 4096);
	errno = code;
	return got;
}

/* ---- files ---- */

static int make_other(void) { return opened(open(other("new"), O_CREAT | O_WRONLY, 0600)); }
static int write_other(void) { return opened(open(other("kept"), O_WRONLY)); }
static int append_other(void) { return opened(open(other("kept"), O_RDWR | O_APPEND)); }
static int cut_other(void) { return truncate(other("kept"), 0); }
static int cut_while_reading(void) { return opened(open(other("kept"), O_RDONLY | O_TRUNC)); }
static int cut_while_neither(void) { return opened(open(other("kept"), 3 | O_TRUNC)); }
static int open_in_memory(void) { return opened((int)syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0));
                                  }
static int remove_other(void) { return unlink(other("kept")); }
static int folder_other(void) { return mkdir(other("folder"), 0700); }
static int link_other(void) { return link(other("kept"), own("linked")); }
static int system_file(void) { return opened(open("/etc/unknot-sandbox", O_CREAT | O_WRONLY, 0600));
                               }
static int memory_file(void) { return opened(open("/proc/self/mem", O_RDWR)); }
static int shared_memory(void) {
	return opened(open("/dev/shm/unknot-sandbox", O_CREAT | O_RDWR, 0600)); }
static int show_other(void) { return chmod(other("kept"), 0644); }
static int run_as_me(void) { return chmod(own("new"), S_ISUID | 0700); }
static int show_opened(void)
{
	const int fd = open(own("new"), O_CREAT | O_RDWR, 0600);
	const int got = fchmod(fd, 0640), why = errno;
	close(fd);
	errno = why;
	return got;
}

static int show_from_folder(void)
{
	close(open(own("new"), O_CREAT | O_RDWR, 0600));
	return fchmodat(AT_FDCWD, own("new"), 0604, 0);
}

static int give_other(void) { return chown(other("kept"), (uid_t)-1, getgid()); }
static int mark_other(void) { return setxattr(other("kept"), "user.a", "b", 1, 0); }
static int read_other(void) { return opened(open(other("kept"), O_RDONLY)); }
static int make_own(void) { return opened(open(own("new"), O_CREAT | O_RDWR | O_TRUNC, 0600)); }
static int folder_own(void) { return mkdir(own("folder"), 0700) | rmdir(own("folder")); }
static int hide_own(void) { return chmod(own("new"), 0600); }
static int remove_own(void) { return unlink(own("new")); }
static int symlink_own(void) { return symlink("/etc/passwd", own("link")); }
static int write_null(void) { return opened(open("/dev/null", O_RDWR)); }
static int write_device(void) { return opened(open(other("device"), O_RDWR)); }

/* Moved to where it may not be written, and opened again through /proc by who may only read it. */
static int move_out(void)
{
	make_own();
	const int got = rename(own("new"), other("new"));
	/* Some versions name the border between the folders, some the right. */
	errno = got < 0 && errno == EXDEV ? EACCES : errno;
	return got;
}

static int write_what_is_read(void)
{
	char path[64];
	const int file = open(other("kept"), O_RDONLY);
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	const int got = opened(open(path, O_RDWR));
	opened(file);
	return got;
}

#define A(function, ...) {#function, function, __VA_ARGS__}
const struct attempt attempts[] = {
	A(inet, EAFNOSUPPORT), A(inet6, EAFNOSUPPORT), A(netlink, EAFNOSUPPORT),
	A(packet, EAFNOSUPPORT),
	A(machine, EAFNOSUPPORT), A(bluetooth, EAFNOSUPPORT), A(cluster_pair, EAFNOSUPPORT),
	A(local, 0), A(local_pair, 0), A(named_socket, EACCES, 1),
	A(run_program, EPERM), A(run_file, EPERM), A(run_memory, EPERM), A(start_thread, 0),
#ifndef __SANITIZE_ADDRESS__ /* its search for leaks needs both */
	A(fork_process, EPERM), A(clone_process, EPERM), A(spawn_program, EPERM),
#ifdef SYS_fork
	A(old_fork, EPERM),
#endif
	A(trace_me, EPERM), A(trace_parent, EPERM),
#endif
	A(clone3, ENOSYS), A(ring, ENOSYS), A(look_into_parent, EPERM), A(signal_parent, EPERM, 6),
	A(no_new_privileges, 0), A(filtered, 0), A(take_it_back, EINVAL), A(enter_namespace, EPERM),
	A(mount_something, EPERM), A(change_root, EPERM), A(load_filter, EPERM),
	A(fault_handler, EPERM),
	A(counters, EPERM), A(read_is_run, EPERM),
	A(no_dump, 0), A(memory, 0), A(memory_to_write_and_run, EPERM),
	A(run_what_was_written, EPERM),
	A(make_other, EACCES, 1), A(write_other, EACCES, 1), A(append_other, EACCES, 1),
	A(cut_other, EPERM),
	A(cut_while_reading, EPERM), A(cut_while_neither, EPERM), A(open_in_memory, ENOSYS),
	A(remove_other, EACCES, 1), A(folder_other, EACCES, 1), A(link_other, EXDEV, 1),
	A(system_file, EACCES, 1), A(memory_file, EACCES, 1), A(shared_memory, EACCES, 1),
	A(show_other, EPERM), A(run_as_me, EPERM), A(show_opened, EPERM),
	A(show_from_folder, EPERM), A(give_other, EPERM), A(mark_other, EPERM),
	A(read_other, 0), A(make_own, 0), A(folder_own, 0), A(hide_own, 0), A(move_out, EACCES, 1),
	A(remove_own, 0), A(symlink_own, EACCES, 1), A(write_what_is_read, EACCES, 1),
	A(write_null, 0),
	A(write_device, 0),
};
const int attempt_count = sizeof attempts / sizeof *attempts;

int attempt_result(const struct attempt *a)
{
	errno = 0;
	if (a->make() >= 0)
		return 0;
	return errno != 0 ? errno : -1; /* not so, without a call that failed */
}
