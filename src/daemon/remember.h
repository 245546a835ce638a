/* What outlives the daemon besides its history: how far each kind was widened by "wrong", kept in
 * <state dir>/wrong.json as {"slouched":0.35}, what the checklist says the workstation lacks, and
 * until when the user wants the camera off or silence, in <state dir>/deadlines.json. */
#ifndef UNKNOT_DAEMON_REMEMBER_H
#define UNKNOT_DAEMON_REMEMBER_H

#include "base/clock.h"
#include "base/error.h"
#include "coach/coach.h"
#include "daemon/asking.h"
#include "store/store.h"

/* Missing files are an empty memory. What the file does not know any more was undone. After an
 * error nothing is changed. */
bool remember_wrong(struct coach *, const char *state_dir, struct error *);
bool remember_save_wrong(const struct coach *, const char *state_dir, struct error *);
/* Which exercises were offered and done when: <state dir>/exercises.json,
 * {"side-bend":{"offered_ms":N, "done_ms":N}}. */
bool remember_exercises(struct exercise_memory *, const char *state_dir, struct error *);
bool remember_save_exercises(const struct exercise_memory *, const char *state_dir, struct error *);
/* When the person was asked for what: <state dir>/asked.json, {"profile_ms":N,"camera_ms":N}. */
bool remember_asked(struct asking *, const char *state_dir, struct error *);
bool remember_save_asked(const struct asking *, const char *state_dir, struct error *);
/* For coach_config.care; what cannot be read is told in the log. */
struct care remember_care(struct store *, const char *state_dir);
/* For coach_config.lacking. 0 after an error, which is told in the log. */
unsigned remember_lacking(const char *state_dir);

/* Moments by the clock that counts sleep; 0: none, INFINITY: until it is ended. Over a reboot the
 * wall clock tells how much is left (pause.h). `boot` names this run of the machine, "" when nobody
 * knows. */
struct deadlines {
	double paused, snoozed;
};
/* A missing file: none. */
bool remember_deadlines(struct deadlines *, const char *state_dir, const char *boot,
                        struct instant now, struct error *);
bool remember_save_deadlines(const struct deadlines *, const char *state_dir, const char *boot,
                             struct instant now, struct error *);

#endif
