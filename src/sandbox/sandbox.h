/* The daemon gives up, for good, what it never needs: writing anywhere but in its own folders,
 * running other programs, every socket that is not a local one, new privileges, opening files up to
 * others, running what was written into memory. The kernel enforces it however the daemon was
 * started, with or without a service manager. What it may still do: read, speak to who listens on
 * this machine (the session bus among them, which can start programs for it), and write to what is
 * under /dev already. Should it crash, its memory, in which the last picture is, goes to no
 * file. */
#ifndef UNKNOT_SANDBOX_SANDBOX_H
#define UNKNOT_SANDBOX_SANDBOX_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct sandbox {
	int landlock; /* version of the kernel's Landlock in force, 0 when it has none */
	bool seccomp; /* the filter of system calls is in force */
};

/* What this kernel could enforce, without doing it. */
struct sandbox sandbox_available(void);

/* Enters it, for this thread and all that it starts: call before there is a second one. `writable`
 * are existing folders, each with all that is in it; files under /dev may be opened for writing
 * too, because a camera may be plugged in later, and `device`, if not NULL, wherever it is. Reading
 * stays free: libraries and their plugins lie anywhere, and what is read cannot leave. A kernel
 * that lacks a part enforces the rest: see *entered. False only when a folder cannot be opened or
 * the kernel refuses what it said it has. */
bool sandbox_enter(const char *const *writable, int count, const char *device,
                   struct sandbox *entered, struct error *);

/* One line for logs and `unknot doctor`: what is in force, and what is missing. */
void sandbox_describe(const struct sandbox *, char *text, unsigned size);

/* Inside the room: the filter of system calls. */
bool seccomp_enter(struct error *);
bool seccomp_available(void);
/* The newest system call that refused.inc was written with in mind, of both machines: file_setattr,
 * Linux 6.17. */
enum { SECCOMP_NEWEST = 469 };
/* The filter itself, for the test that plays the kernel. */
struct sock_filter;
const struct sock_filter *seccomp_filter(size_t *count);

#endif
