/* A list of what is refused, not of what is allowed: libraries change which calls they make from one
 * release to the next, and a daemon that dies of that would be switched off. What a filter must hold
 * against is short: leaving the machine, starting programs, more privileges, other processes. Refused calls
 * fail with an error that libraries understand; nothing is killed. */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
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
#define REFUSE_CALL(call) IF(SYS_##call), REFUSE(EPERM)

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
	REFUSE_CALL(fork),
	REFUSE_CALL(vfork),
	REFUSE_CALL(iopl),
	REFUSE_CALL(ioperm),
#endif
	/* Other programs. */
	REFUSE_CALL(execve),
	REFUSE_CALL(execveat),
	/* Calls that come past this filter. */
	IF(SYS_io_uring_setup), REFUSE(ENOSYS),
	IF(SYS_clone3), REFUSE(ENOSYS), /* its flags lie in memory; the C library goes on with clone */
	/* Other processes. */
	REFUSE_CALL(process_vm_readv),
	REFUSE_CALL(process_vm_writev),
	REFUSE_CALL(pidfd_getfd),
	REFUSE_CALL(kcmp),
	/* The machine. */
	REFUSE_CALL(bpf),
	REFUSE_CALL(perf_event_open),
	REFUSE_CALL(userfaultfd),
	REFUSE_CALL(open_by_handle_at),
	REFUSE_CALL(mount),
	REFUSE_CALL(umount2),
	REFUSE_CALL(move_mount),
	REFUSE_CALL(fsopen),
	REFUSE_CALL(open_tree),
	REFUSE_CALL(pivot_root),
	REFUSE_CALL(chroot),
	REFUSE_CALL(setns),
	REFUSE_CALL(unshare),
	REFUSE_CALL(init_module),
	REFUSE_CALL(finit_module),
	REFUSE_CALL(delete_module),
	REFUSE_CALL(kexec_load),
	REFUSE_CALL(reboot),
	REFUSE_CALL(swapon),
	REFUSE_CALL(swapoff),
	REFUSE_CALL(settimeofday),
	REFUSE_CALL(clock_settime),
	REFUSE_CALL(keyctl),
	REFUSE_CALL(add_key),
	REFUSE_CALL(request_key),
#ifndef __SANITIZE_ADDRESS__ /* which looks for leaks with a process of its own */
	REFUSE_CALL(ptrace),
	/* Threads, but no processes. */
	IF(SYS_clone), BPF_STMT(BPF_JMP | BPF_JA, 1),
	BPF_STMT(BPF_JMP | BPF_JA, 4),
	LOAD_ARGUMENT(0),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
	REFUSE(EPERM),
	ALLOW,
#endif
	/* Local sockets only. */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
	ALLOW,
	LOAD_ARGUMENT(0),
	IF(AF_UNIX), ALLOW,
	REFUSE(EAFNOSUPPORT),
#else
	ALLOW,
#endif
};

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
