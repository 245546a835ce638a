/* One error for every fallible call: what went wrong and what to do about it, in one line that a
 * user can read. Functions that can fail return bool (or NULL) and take a `struct error *` last;
 * it may be NULL when the caller does not care. The text is only meaningful after a failure. */
#ifndef UNKNOT_BASE_ERROR_H
#define UNKNOT_BASE_ERROR_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct error {
	int code;       /* errno-like where one fits, else 0 */
	char text[256]; /* no newline, starts with the thing's name: "/dev/video0: ..." */
};

/* Fills *e (when not NULL), in the person's language (the format is translated; the test `german`
 * refuses one without its German), and returns false, so that a failing path reads
 * `return error_set(e, ENOENT, "%s: ...", path);`. Long texts are cut at the buffer's end. */
bool error_set(struct error *e, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif
