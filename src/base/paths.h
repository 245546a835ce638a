/* Where files live (XDG Base Directory specification), and the one way to write them. */
#ifndef UNKNOT_BASE_PATHS_H
#define UNKNOT_BASE_PATHS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { PATH_SIZE = 1024 };

/* $XDG_CONFIG_HOME/unknot/unknot.conf and so on, with the specification's defaults under $HOME. */
bool path_config_file(char path[PATH_SIZE], struct error *);
bool path_state_dir(char path[PATH_SIZE], struct error *); /* history, profiles */
bool path_data_dir(char path[PATH_SIZE], struct error *);  /* reports */

/* dir + "/" + name; false when it does not fit. */
bool path_join(char path[PATH_SIZE], const char *dir, const char *name, struct error *);

/* Makes the folder and its parents, mode 0700. */
bool path_make_dir(const char *dir, struct error *);

/* Writes a whole file: temporary file beside it, fsync, rename, fsync of the folder; mode 0600. A
 * device or a pipe is written to as it is. */
bool path_write_file(const char *path, const void *data, size_t size, struct error *);

/* Reads a whole regular file of at most `limit` bytes; a zero byte follows. free() the result. */
char *path_read_file(const char *path, size_t limit, size_t *size, struct error *);

#endif
