#include "base/paths.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool format_path(char path[PATH_SIZE], struct error *error, const char *a, const char *b,
                        const char *c)
{
	int n = snprintf(path, PATH_SIZE, "%s%s%s", a, b, c);
	if (n < 0 || n >= PATH_SIZE)
		return error_set(error, ENAMETOOLONG, "%s: path too long", a);
	return true;
}

/* The specification: a variable that is empty or not absolute counts as not set. */
static bool base_dir(char path[PATH_SIZE], const char *variable, const char *fallback,
                     const char *below, struct error *error)
{
	const char *dir = getenv(variable);
	if (dir != NULL && dir[0] == '/')
		return format_path(path, error, dir, "", below);
	const char *home = getenv("HOME");
	if (home == NULL || home[0] != '/')
		return error_set(error, 0, "HOME is not set; set it or %s", variable);
	return format_path(path, error, home, fallback, below);
}

bool path_config_file(char path[PATH_SIZE], struct error *error)
{
	return base_dir(path, "XDG_CONFIG_HOME", "/.config", "/unknot/unknot.conf", error);
}

bool path_state_dir(char path[PATH_SIZE], struct error *error)
{
	return base_dir(path, "XDG_STATE_HOME", "/.local/state", "/unknot", error);
}

bool path_data_dir(char path[PATH_SIZE], struct error *error)
{
	return base_dir(path, "XDG_DATA_HOME", "/.local/share", "/unknot", error);
}

bool path_join(char path[PATH_SIZE], const char *dir, const char *name, struct error *error)
{
	return format_path(path, error, dir, "/", name);
}

/* What somebody can do about it, who does not know what the system calls it. */
static bool cannot_write(const char *path, int why, struct error *error)
{
	const char *hint = "";
	switch (why) {
	case ENOSPC: case EDQUOT: hint = _("; free some disk space"); break;
	case EACCES: case EPERM: case EROFS:
		hint = _("; make the file and its folder writable");
		break;
	default: break;
	}
	return error_set(error, why, "%.180s: %s%s", *path ? path : "\"\"", strerror(why), hint);
}

bool path_make_dir(const char *dir, struct error *error)
{
	char part[PATH_SIZE];
	if (*dir == '\0')
		return error_set(error, EINVAL, "the name of a folder is empty");
	if (!format_path(part, error, dir, "", ""))
		return false;
	for (char *p = part + 1;; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		char kept = *p;
		*p = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return cannot_write(part, errno, error);
		*p = kept;
		if (kept == '\0')
			break;
	}
	struct stat info;
	if (stat(dir, &info) != 0 || !S_ISDIR(info.st_mode))
		return error_set(error, ENOTDIR, "%s: not a folder; move it away", dir);
	return true;
}

static bool write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, data, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		size -= (size_t)n;
	}
	return fsync(fd) == 0;
}

/* A rename is on disk only when its folder is. */
static void sync_folder(const char *path)
{
	char dir[PATH_SIZE];
	snprintf(dir, sizeof dir, "%s", path);
	char *slash = strrchr(dir, '/');
	if (slash == NULL)
		return;
	slash[slash == dir] = '\0';
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* Something that is no file, a device or a pipe, is written to and stays what it is. */
static bool write_through(const char *path, const void *data, size_t size, struct error *error)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	/* of fsync */
	bool good = fd >= 0 && (write_all(fd, data, size) || errno == EINVAL || errno == EROFS);
	const int why = errno;
	if (fd >= 0)
		good = close(fd) == 0 && good;
	return good || cannot_write(path, why, error);
}

bool path_write_file(const char *path, const void *data, size_t size, struct error *error)
{
	char temporary[PATH_SIZE];
	struct stat info;
	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
		return write_through(path, data, size, error);
	if (!format_path(temporary, error, path, ".XXXXXX", ""))
		return false;
	int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
	if (fd < 0)
		return cannot_write(path, errno, error);
	bool good = write_all(fd, data, size);
	good = close(fd) == 0 && good;
	good = good && rename(temporary, path) == 0;
	if (!good) {
		int why = errno;
		unlink(temporary);
		return cannot_write(path, why, error);
	}
	sync_folder(path);
	return true;
}

char *path_read_file(const char *path, size_t limit, size_t *size, struct error *error)
{
	/* A pipe in the file's place must not block: it is refused below. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat info;
	if (fd < 0 || fstat(fd, &info) != 0) {
		error_set(error, errno, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	char *data = NULL;
	if (!S_ISREG(info.st_mode) || (size_t)info.st_size > limit)
		error_set(error, EFBIG, "%s: not a regular file of at most %zu bytes", path, limit);
	else if ((data = malloc((size_t)info.st_size + 1)) == NULL)
		error_set(error, ENOMEM, "%s: out of memory", path);
	size_t got = 0;
	ssize_t n = 1;
	while (data != NULL && n != 0 && got < (size_t)info.st_size) {
		n = read(fd, data + got, (size_t)info.st_size - got);
		if (n > 0) {
			got += (size_t)n;
		} else if (n < 0 && errno != EINTR) {
			error_set(error, errno, "%s: %s", path, strerror(errno));
			free(data);
			data = NULL;
		}
	}
	close(fd);
	if (data != NULL)
		data[got] = '\0';
	if (size != NULL)
		*size = got;
	return data;
}
