/* Inside the coach: may this be said now? Private to this room. */
#ifndef UNKNOT_COACH_DOSE_H
#define UNKNOT_COACH_DOSE_H

#include "coach/coach.h"

/* The kind's own record, made on first use; NULL when there are more than COACH_KINDS. */
struct coach_kind *coach_kind(struct coach *, const char *kind);
/* No message of any sort may appear now; `held` true when it is worth a line in the summary. */
bool coach_silent(const struct coach *, double seconds, bool *held);
/* The dose of corrections allows this kind now. */
bool coach_dose(const struct coach *, const struct coach_kind *, double seconds);
/* A correction of this kind goes out. */
void coach_sent(struct coach *, struct coach_kind *, double seconds);
/* One more for the summary. */
void coach_keep(struct coach *, const char *kind);

#endif
