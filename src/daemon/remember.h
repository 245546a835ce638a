/* What outlives the daemon besides its history: how far each kind was widened by "wrong", kept in
 * <state dir>/wrong.json as {"slouched":0.35}, and what the checklist says the workstation lacks. */
#ifndef UNKNOT_DAEMON_REMEMBER_H
#define UNKNOT_DAEMON_REMEMBER_H

#include "base/error.h"
#include "coach/coach.h"

/* Missing files are an empty memory. A kind that is there already keeps what it has learnt. */
bool remember_wrong(struct coach *, const char *state_dir, struct error *);
bool remember_save_wrong(const struct coach *, const char *state_dir, struct error *);
/* For coach_config.lacking. 0 after an error, which is told in the log. */
unsigned remember_lacking(const char *state_dir);

#endif
