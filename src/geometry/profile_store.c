#include "geometry/profile_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_name(const char *name)
{
	return *name != '\0' && *name != '.' && strchr(name, '/') == NULL &&
	       strlen(name) < PROFILE_NAME_SIZE;
}

bool profile_name_good(const char *name)
{
	return is_name(name) && strcmp(name, "auto") != 0;
}

bool profile_path(char path[PATH_SIZE], const char *state_dir, const char *name,
                  struct error *error)
{
	char file[PROFILE_NAME_SIZE + 32];
	if (!is_name(name))
		return error_set(error, 0, "profile %s: a short name without / is needed", name);
	snprintf(file, sizeof file, "profiles/%s.json", name);
	return path_join(path, state_dir, file, error);
}

bool camera_path(char path[PATH_SIZE], const char *state_dir, const char *camera_id,
                 struct error *error)
{
	char file[192];
	if (*camera_id == '\0')
		return error_set(error, 0, "camera: it has no name");
	const int prefix = snprintf(file, sizeof file, "cameras/");
	snprintf(file + prefix, sizeof file - (size_t)prefix, "%.127s.json", camera_id);
	for (char *c = file + prefix; *c != '\0'; c++)
		if (*c == '/' || (c == file + prefix && *c == '.'))
			*c = '_';
	return path_join(path, state_dir, file, error);
}

static bool exists(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct profile *x = a, *y = b;
	return (x->created_wall_ms < y->created_wall_ms) -
	       (x->created_wall_ms > y->created_wall_ms);
}

/* "desk.json" is the profile desk, whatever name is written in it. */
static bool load_entry(struct profile *p, const char *state_dir, const char *file,
                       struct error *error)
{
	char path[PATH_SIZE], name[PROFILE_NAME_SIZE];
	const size_t length = strlen(file);
	if (length < 6 || length - 5 >= sizeof name || strcmp(file + length - 5, ".json") != 0)
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(length - 5), file);
	struct profile *fresh = calloc(1, sizeof *fresh);
	const bool good = fresh != NULL && profile_path(path, state_dir, name, error) &&
	                  profile_load(fresh, path, error);
	if (good && p != NULL) {
		*p = *fresh;
		snprintf(p->name, sizeof p->name, "%s", name);
	}
	free(fresh);
	return good;
}

int profile_list(const char *state_dir, struct profile *into, struct error *error)
{
	char folder[PATH_SIZE];
	struct error why = {0};
	DIR *dir = path_join(folder, state_dir, "profiles", &why) ? opendir(folder) : NULL;
	const struct dirent *entry;
	int count = 0;
	why.text[0] = '\0';
	while (dir != NULL && count < PROFILES_MAX && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			count += load_entry(into != NULL ? &into[count] : NULL,
			                    state_dir, entry->d_name, &why);
	if (dir != NULL)
		closedir(dir);
	if (into != NULL)
		qsort(into, (size_t)count, sizeof *into, newest_first);
	if (error != NULL)
		*error = why;
	return count;
}

bool profile_exists(const char *state_dir, const char *name)
{
	char path[PATH_SIZE];
	return profile_path(path, state_dir, name, NULL) && exists(path);
}

static bool is_there(char path[PATH_SIZE], const char *state_dir, const char *name,
                     struct error *error)
{
	if (!profile_path(path, state_dir, name, error))
		return false;
	return exists(path) ||
	       error_set(error, ENOENT, "profile %s: there is none; `unknot profile` lists them",
	                 name);
}

bool profile_rename(const char *state_dir, const char *from, const char *to, struct error *error)
{
	char old[PATH_SIZE], new[PATH_SIZE];
	if (!profile_name_good(to))
		return error_set(error, EINVAL,
		                 "profile %s: a short name without / is needed, and not auto", to);
	if (!is_there(old, state_dir, from, error) || !profile_path(new, state_dir, to, error))
		return false;
	/* One step, in which nothing that is there is lost. What name is written in it does not
	 * matter. */
	if (renameat2(AT_FDCWD, old, AT_FDCWD, new, RENAME_NOREPLACE) == 0)
		return true;
	/* Some file systems do not know that step. */
	if (errno == EINVAL && !exists(new) && rename(old, new) == 0)
		return true;
	const int why = errno;
	return why == EEXIST ? error_set(error, why, "profile %s: there is one already", to)
	                     : error_set(error, why, "%s: cannot be renamed: %s",
	                                 old, strerror(why));
}

bool profile_delete(const char *state_dir, const char *name, struct error *error)
{
	char path[PATH_SIZE];
	if (!is_there(path, state_dir, name, error))
		return false;
	if (unlink(path) == 0)
		return true;
	const int why = errno;
	return error_set(error, why, "%s: cannot be deleted: %s; make its folder writable",
	                 path, strerror(why));
}

static bool one_by_name(const char *state_dir, const char *name, struct profile *into, int *count,
                        struct error *error)
{
	char path[PATH_SIZE];
	*count = 0;
	if (!profile_path(path, state_dir, name, error))
		return false;
	if (!exists(path))
		return true;
	if (!profile_load(into, path, error))
		return false;
	snprintf(into->name, sizeof into->name, "%s", name); /* whatever is written in it */
	*count = 1;
	return true;
}

bool profile_candidates(const char *state_dir, const char *wanted, const char *camera_id,
                        struct profile into[PROFILES_MAX], int *count, struct error *error)
{
	if (strcmp(wanted, "auto") != 0)
		return one_by_name(state_dir, wanted, into, count, error);
	const int all = profile_list(state_dir, into, error);
	*count = 0;
	for (int i = 0; i < all; i++) {
		const char *made_with = into[i].camera_id;
		if (*made_with != '\0' && *camera_id != '\0' && strcmp(made_with, camera_id) != 0)
			continue;
		if (*count != i)
			into[*count] = into[i];
		++*count;
	}
	return true;
}

bool camera_find(struct camera *camera, const char *state_dir, const char *camera_id,
                 struct error *error)
{
	char path[PATH_SIZE];
	error->text[0] = '\0';
	if (*camera_id == '\0' || !camera_path(path, state_dir, camera_id, error) || !exists(path))
		return false;
	return camera_load(camera, path, error);
}

bool camera_best(struct camera *camera, const struct camera *guess, bool guess_hfov_known,
                 const char *state_dir, const char *camera_id, struct error *error)
{
	const struct camera given = camera_turned(guess, -guess->turn);
	const int width = given.width, height = given.height;
	struct camera lens = given;
	*camera = *guess;
	if (camera_find(&lens, state_dir, camera_id, error)) {
		lens = camera_scaled(&lens, width, height);
	} else if (error->text[0] != '\0') {
		return false;
	} else if (guess_hfov_known || !camera_known(camera_id, width, height, &lens)) {
		return true;
	}
	/* What is known of the lens is known of pictures as the camera gives them. */
	lens = camera_turned(&lens, guess->turn - lens.turn);
	camera->fx = lens.fx;
	camera->fy = lens.fy;
	camera->cx = lens.cx;
	camera->cy = lens.cy;
	camera->focal_sigma = lens.focal_sigma;
	memcpy(camera->distortion, lens.distortion, sizeof camera->distortion);
	return true;
}
