/* A list of what is refused, not of what is allowed: libraries change which calls they make from
 * one release to the next, and a daemon that dies of that would be switched off. What a filter must
 * hold against is short: leaving the machine, starting programs, more privileges, other processes.
 * Refused calls fail with an error that libraries understand; nothing is killed. A list of that
 * kind ages: what is newer than it is refused as not there, which libraries understand best. */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* The low half of an argument: both machines are little-endian. */
#define LOAD_ARGUMENT(i) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[i]))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define REFUSE(code) RETURN(SECCOMP_RET_ERRNO | (code))
#define ALLOW RETURN(SECCOMP_RET_ALLOW)
/* The next statement only when the accumulator has this value. */
#define IF(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1)
#if defined(__x86_64__)
#define REFUSED(call, x86_64, aarch64, code) IF((unsigned)(x86_64)), REFUSE(code),
#else
#define REFUSED(call, x86_64, aarch64, code) IF((unsigned)(aarch64)), REFUSE(code),
#endif
/* Memory that is both written and run. */
#define REFUSE_WRITE_AND_RUN(call, i) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 5), LOAD_ARGUMENT(i), \
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, PROT_WRITE | PROT_EXEC), \
	IF(PROT_WRITE | PROT_EXEC), REFUSE(EPERM), ALLOW
/* To cut a file off without opening it for writing: 3 is neither reading nor writing. */
#define REFUSE_CUTTING_OFF(call, i) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 7), LOAD_ARGUMENT(i), \
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, O_ACCMODE | O_TRUNC), \
	IF(O_RDONLY | O_TRUNC), REFUSE(EPERM), IF(3 | O_TRUNC), REFUSE(EPERM), ALLOW
/* The call when any of these bits of its argument is set. */
#define REFUSE_ANY(call, i, mask) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 4), LOAD_ARGUMENT(i), \
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (mask), 0, 1), REFUSE(EPERM), ALLOW

enum {
	CALL_FCHMODAT2 = 452,       /* newer than some distributions' headers */
	OTHERS = 07077,             /* of a file's mode: set-user-ID and
	                             * the like, group, everybody */
};
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 CALL_FCHMODAT2
#endif

static const struct sock_filter filter[] = {
#ifdef MACHINE
	/* The other machine's calls of a 64-bit kernel have other numbers. */
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
	REFUSE(ENOSYS),
	LOAD(nr),
#if defined(__x86_64__)
	/* Likewise the x32 calls. */
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
	REFUSE(ENOSYS),
	REFUSE_CUTTING_OFF(open, 1),
	REFUSE_ANY(chmod, 1, OTHERS),
#endif
	/* Newer than anybody here has read of. */
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, SECCOMP_NEWEST, 0, 1),
	REFUSE(ENOSYS),
#include "sandbox/refused.inc"
	/* Files elsewhere: before its version 3 Landlock lets them be cut off while they are opened
	 * for reading, and it never looks at whom they are opened up to. */
	REFUSE_CUTTING_OFF(openat, 2),
	REFUSE_ANY(fchmod, 1, OTHERS),
	REFUSE_ANY(fchmodat, 2, OTHERS),
	REFUSE_ANY(fchmodat2, 2, OTHERS),
	/* What is written into memory is not run from there. */
	REFUSE_WRITE_AND_RUN(mmap, 2),
	REFUSE_ANY(mprotect, 2, PROT_EXEC),
	REFUSE_ANY(pkey_mprotect, 2, PROT_EXEC),
#ifndef __SANITIZE_ADDRESS__ /* which looks for leaks with a process of its own */
	/* Threads, but no processes. */
	IF(SYS_clone), BPF_STMT(BPF_JMP | BPF_JA, 1),
	BPF_STMT(BPF_JMP | BPF_JA, 4),
	LOAD_ARGUMENT(0),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
	REFUSE(EPERM),
	ALLOW,
#endif
	/* Local sockets only. */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 2, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 1, 0),
	ALLOW,
	LOAD_ARGUMENT(0),
	IF(AF_UNIX), ALLOW,
	REFUSE(EAFNOSUPPORT),
#else
	ALLOW,
#endif
};

const struct sock_filter *seccomp_filter(size_t *count)
{
	*count = sizeof filter / sizeof *filter;
	return filter;
}

bool seccomp_available(void)
{
#ifdef MACHINE
	const unsigned action = SECCOMP_RET_ERRNO;
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
#else
	return false;
#endif
}

bool seccomp_enter(struct error *error)
{
	const struct sock_fprog program = {sizeof filter / sizeof *filter,
	                                   (struct sock_filter *)(void *)filter};
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0)
		return true;
	return error_set(error, errno, "sandbox: filter of system calls: %s", strerror(errno));
}
