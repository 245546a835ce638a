/* The profiles and calibrated cameras of a state folder: STATE/profiles/NAME.json, STATE/cameras/ID.json. */
#ifndef UNKNOT_GEOMETRY_PROFILE_STORE_H
#define UNKNOT_GEOMETRY_PROFILE_STORE_H

#include "base/paths.h"
#include "geometry/profile.h"

/* Where they are. False when the name is none (empty, with a slash, hidden) or the path does not fit. */
bool profile_path(char path[PATH_SIZE], const char *state_dir, const char *name, struct error *);
/* `camera_id` as in struct capture; a recording's path becomes a name too. */
bool camera_path(char path[PATH_SIZE], const char *state_dir, const char *camera_id, struct error *);

enum { PROFILES_MAX = 8 };

/* Every profile that can be read, newest first, at most PROFILES_MAX; returns how many. `into` may be NULL
 * to count. Files that are damaged are left out, the last one's error is in *error when it is not NULL
 * (error->text is empty otherwise). */
int profile_list(const char *state_dir, struct profile *into, struct error *);

/* The profiles that may be in force before a camera, the likeliest first, at most PROFILES_MAX. `wanted`
 * is a name, and then that one alone, or "auto": those made with this camera, and those made from pictures
 * (whose camera is nobody's). None is no error; a file that cannot be read is. */
bool profile_candidates(const char *state_dir, const char *wanted, const char *camera_id,
                        struct profile into[PROFILES_MAX], int *count, struct error *);

/* The lens and tilt that were calibrated for this camera; false without an error text when there is none. */
bool camera_find(struct camera *, const char *state_dir, const char *camera_id, struct error *);

#endif
