/* Which cameras are slow to show something, kept in <state dir>/cameras.json as
 * {"<id>":{"first_picture_s":3.1}}. */
#ifndef UNKNOT_DAEMON_SLOW_H
#define UNKNOT_DAEMON_SLOW_H

struct slow;

/* Reads it. A missing file is an empty memory, and so, after a warning, is one that cannot be
 * read. */
struct slow *slow_open(const char *state_dir);
/* Waits for what is being written. */
void slow_free(struct slow *);

/* Seconds from a start to the first picture that shows something; 0: not known to be slow. NULL:
 * 0. */
double slow_of(const struct slow *, const char *camera_id);
/* Written by a thread of its own: nobody waits for the disk. NULL: nothing happens. */
void slow_remember(struct slow *, const char *camera_id, double first_picture_s);

#endif
