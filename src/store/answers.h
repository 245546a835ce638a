/* Answers to a list of yes-or-no questions, remembered as <state dir>/NAME.json, mode 0600:
 *   {"version":1,"answered_ms":N,"answers":{"lumbar":"no","feet":"yes"}} */
#ifndef UNKNOT_STORE_ANSWERS_H
#define UNKNOT_STORE_ANSWERS_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum answer { ANSWER_UNSAID, ANSWER_YES, ANSWER_NO };
enum { ANSWERS_MAX = 32 };

struct answers {
	int64_t answered_ms;            /* ms since the Unix epoch; 0: never */
	enum answer of[ANSWERS_MAX];    /* in the order of the ids */
};

/* A missing file is all unsaid, and so is an id that the file does not know. */
bool answers_load(struct answers *, const char *dir, const char *name,
                  const char *const *ids, int count, struct error *);
bool answers_save(const struct answers *, const char *dir, const char *name, const char *const *ids,
                  int count, struct error *);

#endif
