/* Every system call of the list: what the filter answers when this program plays the kernel (so
 * that the filter of another machine is looked at in an emulator, which has no seccomp), and what
 * the kernel answers inside the sandbox, where it has one. */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define HERE(x86_64, aarch64) (x86_64)
static const uint32_t machine = AUDIT_ARCH_X86_64, other_machine = AUDIT_ARCH_I386;
#elif defined(__aarch64__)
#define HERE(x86_64, aarch64) (aarch64)
static const uint32_t machine = AUDIT_ARCH_AARCH64, other_machine = AUDIT_ARCH_ARM;
#else
#define HERE(x86_64, aarch64) (-1)
static const uint32_t machine, other_machine;
#endif

static const struct row {
	const char *name;
	long number;
	int code;
} rows[] = {
#define REFUSED(call, x86_64, aarch64, code) {#call, HERE(x86_64, aarch64), code},
#include "sandbox/refused.inc"
#undef REFUSED
};

/* The same once more without the list, so that none can fall out of it: by the names of the
 * headers, and by include/uapi/asm-generic/unistd.h for those that are newer than a
 * distribution's. */
static const long privileged[] = {
#if defined(__x86_64__)
	SYS_chown, SYS_fork, SYS_ioperm, SYS_iopl, SYS_lchown, SYS_vfork,
#endif
#ifndef __SANITIZE_ADDRESS__
	SYS_ptrace,
#endif
	SYS_execve, SYS_execveat, SYS_io_uring_setup, SYS_clone3, SYS_openat2,
	SYS_truncate, SYS_fchown, SYS_fchownat, SYS_setxattr, SYS_lsetxattr,
	SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
	SYS_shmat, SYS_personality, SYS_process_vm_readv, SYS_process_vm_writev,
	SYS_process_madvise, SYS_process_mrelease, SYS_pidfd_getfd, SYS_kcmp, SYS_bpf,
	SYS_perf_event_open, SYS_userfaultfd, SYS_open_by_handle_at, SYS_mount, SYS_umount2,
	SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_open_tree,
	SYS_mount_setattr, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_init_module,
	SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_kexec_file_load,
	SYS_reboot, SYS_swapon, SYS_swapoff, SYS_settimeofday, SYS_clock_settime, SYS_sethostname,
	SYS_setdomainname, SYS_acct, SYS_quotactl, SYS_quotactl_fd, SYS_keyctl,
	SYS_add_key, SYS_request_key,
	463 /* setxattrat */, 466 /* removexattrat */, 469 /* file_setattr */,
	467 /* open_tree_attr */,
	460 /* lsm_set_self_attr */,
};

enum { ROWS = sizeof rows / sizeof *rows };

static int wrong;

static void expect(const char *what, long number, uint32_t wanted, uint32_t got)
{
	if (got == wanted)
		return;
	printf("FAILED: %s (%ld): 0x%x instead of 0x%x\n", what, number, got, wanted);
	wrong++;
}

/* ---- the kernel's machine, as far as the filter uses it: net/core/filter.c, seccomp(2) ---- */

static uint32_t load(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word = 0;
	if (offset % 4 == 0 && offset + 4 <= sizeof *data)
		memcpy(&word, (const char *)data + offset, sizeof word);
	return word;
}

static uint32_t run(const struct seccomp_data *data)
{
	size_t count;
	const struct sock_filter *filter = seccomp_filter(&count);
	uint32_t a = 0;
	for (size_t at = 0; at < count; at++) {
		const struct sock_filter *f = &filter[at];
		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS: a = load(data, f->k); break;
		case BPF_ALU | BPF_AND | BPF_K: a &= f->k; break;
		case BPF_JMP | BPF_JA: at += f->k; break;
		case BPF_JMP | BPF_JEQ | BPF_K: at += a == f->k ? f->jt : f->jf; break;
		case BPF_JMP | BPF_JGT | BPF_K: at += a > f->k ? f->jt : f->jf; break;
		case BPF_JMP | BPF_JGE | BPF_K: at += a >= f->k ? f->jt : f->jf; break;
		case BPF_JMP | BPF_JSET | BPF_K: at += (a & f->k) != 0 ? f->jt : f->jf; break;
		case BPF_RET | BPF_K: return f->k;
		default: printf("FAILED: statement %zu is of no known kind\n", at); exit(1);
		}
	}
	printf("FAILED: the filter has no end\n");
	exit(1);
}

static uint32_t ask(long number, uint64_t first, uint64_t second, uint64_t third)
{
	const struct seccomp_data data = {.nr = (int)number, .arch = machine,
	                                  .args = {first, second, third}};
	return run(&data);
}

static void play_the_kernel(void)
{
	const uint32_t allow = SECCOMP_RET_ALLOW, refuse = SECCOMP_RET_ERRNO;
	for (int i = 0; i < ROWS; i++)
		if (rows[i].number >= 0)
			expect(rows[i].name, rows[i].number, refuse | (uint32_t)rows[i].code,
			       ask(rows[i].number, 0, 0, 0));
	for (size_t i = 0; i < sizeof privileged / sizeof *privileged; i++)
		if (ask(privileged[i], 0, 0, 0) == allow)
			expect("privileged", privileged[i], refuse, allow);
	for (long number = SECCOMP_NEWEST + 1; number < 1024; number++)
		expect("newer than the list", number, refuse | ENOSYS, ask(number, 0, 0, 0));
	expect("far beyond", 0x3fffffff, refuse | ENOSYS, ask(0x3fffffff, 0, 0, 0));
	const struct seccomp_data foreign = {.nr = SYS_read, .arch = other_machine};
	expect("another machine's", SYS_read, refuse | ENOSYS, run(&foreign));
	/* What watching needs. */
	static const long needed[] = {SYS_read, SYS_write, SYS_close, SYS_ioctl,
	                              SYS_futex, SYS_clock_gettime,
		SYS_ppoll, SYS_recvmsg, SYS_sendmsg, SYS_connect, SYS_renameat,
		SYS_unlinkat, SYS_mkdirat, SYS_timerfd_create, SYS_timerfd_settime,
		SYS_fsync, SYS_exit_group, SYS_setpriority, SYS_munmap};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		expect("needed", needed[i], allow, ask(needed[i], 0, 0, 0));
	/* What depends on an argument. */
	expect("openat to read", SYS_openat, allow, ask(SYS_openat, 0, 0, O_RDONLY | O_CLOEXEC));
	expect("openat to cut off", SYS_openat, refuse | EPERM,
	       ask(SYS_openat, 0, 0, O_RDONLY | O_TRUNC));
	expect("mmap", SYS_mmap, allow, ask(SYS_mmap, 0, 0, PROT_READ | PROT_WRITE));
	expect("mmap to write and run", SYS_mmap, refuse | EPERM,
	       ask(SYS_mmap, 0, 0, PROT_WRITE | PROT_EXEC));
	expect("mprotect to run", SYS_mprotect, refuse | EPERM, ask(SYS_mprotect, 0, 0, PROT_EXEC));
	expect("fchmod 0600", SYS_fchmod, allow, ask(SYS_fchmod, 0, 0600, 0));
	expect("fchmod 0644", SYS_fchmod, refuse | EPERM, ask(SYS_fchmod, 0, 0644, 0));
	expect("local socket", SYS_socket, allow, ask(SYS_socket, AF_UNIX, 0, 0));
	expect("socket", SYS_socket, refuse | EAFNOSUPPORT, ask(SYS_socket, AF_INET, 0, 0));
}

/* ---- the kernel itself ---- */

static int inside(long number)
{
	const pid_t child = fork();
	if (child == 0) {
		struct error error;
		/* Without privileges a filter is for those only who will never have any. */
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !seccomp_enter(&error))
			_exit(255);
		errno = 0;
		syscall(number, 0, 0, 0, 0, 0, 0);
		_exit(errno);
	}
	int status = 0;
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void ask_the_kernel(void)
{
	for (int i = 0; i < ROWS; i++)
		if (rows[i].number >= 0)
			expect(rows[i].name, rows[i].number, (uint32_t)rows[i].code,
			       (uint32_t)inside(rows[i].number));
	for (long number = SECCOMP_NEWEST + 1; number < SECCOMP_NEWEST + 16; number++)
		expect("newer than the list", number, ENOSYS, (uint32_t)inside(number));
}

int main(void)
{
	if (machine == 0) {
		puts("no filter for this machine");
		return 0;
	}
	play_the_kernel();
	if (seccomp_available())
		ask_the_kernel();
	else
		puts("this kernel has no filter to ask");
	printf("%d calls of the list, %d wrong\n", ROWS, wrong);
	return wrong != 0;
}
