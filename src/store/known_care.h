/* What the state folder knows of the person's care: the answers of `unknot care` (care.json), the
 * diary in the history, and when the person said that it was looked at (cleared.json). */
#ifndef UNKNOT_STORE_KNOWN_CARE_H
#define UNKNOT_STORE_KNOWN_CARE_H

#include "coach/care.h"
#include "store/answers.h"
#include "store/store.h"

/* The lists of answers, each in the file of that name. */
#define KNOWN_CARE_LIST "care"
#define KNOWN_CHECKLIST "checklist"
bool known_answers(struct answers *, const char *dir, const char *list,
                   const struct care_question *, int count, struct error *);
/* Skipped is not no: of care, a yes of before stays one unless it was denied or looked at since,
 * and the answers given say so afterwards. */
bool known_answers_save(struct answers *, const char *dir, const char *list,
                        const struct care_question *, int count, struct error *);

/* `store` may be NULL: no diary then. What cannot be read leaves the rest in force; the error tells
 * of the last such thing. */
bool known_care(struct care *, struct store *store, const char *dir, int64_t now_ms,
                struct error *);
/* The person says that it was looked at. */
bool known_care_clear(const char *dir, int64_t now_ms, struct error *);

#endif
