#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than some distributions' headers; values of linux/landlock.h. */
enum {
	ACCESS_TRUNCATE = 1 << 14,   /* version 3 */
	NET_BIND_TCP = 1 << 0,       /* version 4 */
	NET_CONNECT_TCP = 1 << 1,
	SCOPE_ABSTRACT_SOCKETS = 1 << 0, /* version 6; not used: the session bus may be one */
	SCOPE_SIGNALS = 1 << 1,
};

struct ruleset {
	uint64_t fs, net, scoped;
};

static const uint64_t writing =
	LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
	LANDLOCK_ACCESS_FS_REMOVE_FILE |
	LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
	LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
	LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

/* Files and folders of ours; no sockets, pipes, links or devices. */
static const uint64_t own_files =
	LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
	LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG;

static int landlock_version(void)
{
	const long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return version > 0 ? (int)version : 0;
}

static struct ruleset ruleset_of(int version)
{
	struct ruleset r = {.fs = writing | LANDLOCK_ACCESS_FS_EXECUTE};
	if (version >= 2)
		r.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		r.fs |= ACCESS_TRUNCATE;
	if (version >= 4)
		r.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (version >= 6)
		r.scoped = SCOPE_SIGNALS;
	return r;
}

/* The kernel takes as much of the structure as it knows. */
static size_t ruleset_size(int version)
{
	return version >= 6 ? 24 : version >= 4 ? 16 : 8;
}

static bool allow(int ruleset, const char *path, uint64_t access, struct error *error)
{
	const int folder = open(path, O_PATH | O_CLOEXEC);
	if (folder < 0)
		return error_set(error, errno, "%s: %s", path, strerror(errno));
	const struct landlock_path_beneath_attr rule = {.allowed_access = access,
	                                                .parent_fd = folder};
	const long got = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
	                         &rule, 0);
	const int code = errno;
	close(folder);
	return got == 0 ||
	       error_set(error, code, "%s: Landlock refuses it: %s", path, strerror(code));
}

static bool landlock_enter(int version, const char *const *writable, int count, const char *device,
                           struct error *error)
{
	const struct ruleset handled = ruleset_of(version);
	const uint64_t newer = handled.fs & (LANDLOCK_ACCESS_FS_REFER | ACCESS_TRUNCATE);
	const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled,
	                                 ruleset_size(version), 0);
	if (ruleset < 0)
		return error_set(error, errno, "sandbox: Landlock %d: %s",
		                 version, strerror(errno));
	bool good = true;
	for (int i = 0; good && i < count; i++)
		good = allow(ruleset, writable[i], own_files | newer, error);
	good = good && allow(ruleset, "/dev", LANDLOCK_ACCESS_FS_WRITE_FILE, error) &&
	       (device == NULL || allow(ruleset, device, LANDLOCK_ACCESS_FS_WRITE_FILE, error));
	if (good && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		good = error_set(error, errno, "sandbox: Landlock %d: %s",
		                 version, strerror(errno));
	close(ruleset);
	return good;
}

struct sandbox sandbox_available(void)
{
	return (struct sandbox){landlock_version(), seccomp_available()};
}

/* A crash would write the last picture to the disk. The limit keeps the kernel from it, and
 * systemd-coredump; others that are sent dumps (apport) do not look at it, and get one without any
 * memory in it. */
static void leave_no_dump(void)
{
	const struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	const int filter = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
	if (filter < 0)
		return; /* a kernel without dumps */
	if (write(filter, "0", 1) != 1)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	close(filter);
}

bool sandbox_enter(const char *const *writable, int count, const char *device,
                   struct sandbox *entered, struct error *error)
{
	*entered = (struct sandbox){0};
	const struct sandbox possible = sandbox_available();
	leave_no_dump();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return error_set(error, errno, "sandbox: no new privileges: %s", strerror(errno));
	if (possible.landlock > 0) {
		if (!landlock_enter(possible.landlock, writable, count, device, error))
			return false;
		entered->landlock = possible.landlock;
	}
	if (possible.seccomp) {
		if (!seccomp_enter(error))
			return false;
		entered->seccomp = true;
	}
	return true;
}

void sandbox_describe(const struct sandbox *s, char *text, unsigned size)
{
	char landlock[128] = "no Landlock in this kernel (5.13 has it): writing is not restricted";
	if (s->landlock > 0)
		snprintf(landlock, sizeof landlock,
		         "Landlock %d: writes only its own folders, runs nothing", s->landlock);
	snprintf(text, size, "%s; %s", landlock,
	         s->seccomp ? "local sockets only" : "no filter of system calls in this kernel");
}
