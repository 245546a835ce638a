/* The window of unknot, another program, opened from a message. Both calls wait for the bus,
 * seconds where it or the window hangs: for the notifier's own thread (notifier_aside). */
#ifndef UNKNOT_NOTIFY_PAGE_H
#define UNKNOT_NOTIFY_PAGE_H

#include <stdbool.h>

/* The window is open, or installed so that the bus can start it. */
bool page_there(void);
/* Shows it at a page ("calibrate", "now"). `token` proves to the desktop that the person asked for
 * it, so that the window comes to the front; may be NULL. */
bool page_show(const char *page, const char *token);

#endif
