/* The profiles and calibrated cameras of a state folder: STATE/profiles/NAME.json,
 * STATE/cameras/ID.json. */
#ifndef UNKNOT_GEOMETRY_PROFILE_STORE_H
#define UNKNOT_GEOMETRY_PROFILE_STORE_H

#include "base/paths.h"
#include "geometry/profile.h"

/* Short, without a slash, not hidden, and not "auto", which means all of them. */
bool profile_name_good(const char *name);

/* Where they are. False when the name is none (empty, with a slash, hidden) or the path does not
 * fit. */
bool profile_path(char path[PATH_SIZE], const char *state_dir, const char *name, struct error *);
/* `camera_id` as in struct capture; a recording's path becomes a name too. */
bool camera_path(char path[PATH_SIZE], const char *state_dir, const char *camera_id,
                 struct error *);

enum { PROFILES_MAX = 8 };

/* Every profile that can be read, newest first, at most PROFILES_MAX; returns how many. `into` may
 * be NULL to count. Files that are damaged are left out, the last one's error is in *error when it
 * is not NULL (error->text is empty otherwise). */
int profile_list(const char *state_dir, struct profile *into, struct error *);

bool profile_exists(const char *state_dir, const char *name);
/* Neither touches another one: a new name that is taken is an error, and so is a profile that is
 * not there. The configuration may go on naming the old one: config_rename_profile. */
bool profile_rename(const char *state_dir, const char *from, const char *to, struct error *);
bool profile_delete(const char *state_dir, const char *name, struct error *);

/* The profiles that may be in force before a camera, the likeliest first, at most PROFILES_MAX.
 * `wanted` is a name, and then that one alone, or "auto": those made with this camera, and those
 * made from pictures (whose camera is nobody's). None is no error; a file that cannot be read
 * is. */
bool profile_candidates(const char *state_dir, const char *wanted, const char *camera_id,
                        struct profile into[PROFILES_MAX], int *count, struct error *);

/* The lens that was calibrated for this camera; false without an error text when there is none. */
bool camera_find(struct camera *, const char *state_dir, const char *camera_id, struct error *);

/* The best that is known of a camera: `guess` with the lens that was calibrated for it, else with
 * its field of view from cameras.inc where the guess is nobody's own (guess_hfov_known false), else
 * as it is. Tilt and screen stay the guess's. A lens file that cannot be read is an error; *camera
 * is the guess then. */
bool camera_best(struct camera *, const struct camera *guess, bool guess_hfov_known,
                 const char *state_dir, const char *camera_id, struct error *);

#endif
