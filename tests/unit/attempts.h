/* What somebody who got into the daemon would try, and what the sandbox has to answer: for
 * test_sandbox, which tries each in a process of its own, and for intruder.c, which tries them
 * inside unknotd. */
#ifndef UNKNOT_TESTS_ATTEMPTS_H
#define UNKNOT_TESTS_ATTEMPTS_H

#include <stdbool.h>

struct attempt {
	const char *name;
	int (*make)(void);   /* < 0 with errno when refused */
	int refusal;         /* that errno; 0: it has to succeed */
	int landlock;        /* from this version on, where Landlock is what refuses it; else 0 */
};
extern const struct attempt attempts[];
extern const int attempt_count;

/* `own` may be written, `other` holds "kept" and "device" (attempts_fill), of which only the second
 * may. */
void attempts_in(const char *own, const char *other);
bool attempts_fill(const char *other);
/* 0 when it succeeded, else its errno, or -1 for what is simply not so. */
int attempt_result(const struct attempt *);

#endif
