/* How the window is opened from outside: unknot-window owns a name on the session bus as desktops'
 * programs do (org.freedesktop.Application, Desktop Entry Specification 1.5), and is started for it
 * where it is installed. */
#ifndef UNKNOT_CONTROL_WINDOW_H
#define UNKNOT_CONTROL_WINDOW_H

#include <stdbool.h>

#define WINDOW_NAME "io.github.unknot"
#define WINDOW_PATH "/io/github/unknot"
#define WINDOW_PROGRAM "unknot-window"

/* Is there such a place: "now", "today", "exercises", "diary", "settings"; and what covers these
 * for a while, "calibrate", "preview", "evidence", "care", "checklist", "break", "stretch", where a
 * word may follow ("stretch:side-bend"). */
bool window_is_place(const char *place);

/* Told from the caller's main loop. False: no window is installed, or it did not come. */
typedef void window_opened_fn(void *user, bool opened);

/* Asks for the window at a place; at "" where it was. Returns at once.
 * `token` is the desktop's leave to come to the front (XDG_ACTIVATION_TOKEN), or NULL. `done` may
 * be NULL. */
void window_open(const char *place, const char *token, window_opened_fn *done, void *user);

/* Would the bus find it: does it run, or can it be started? Blocks as long as the bus takes. */
bool window_can_open(void);

/* window_open, waited for, at most so long. WINDOW_START_MS is when the bus itself gives up a
 * program that it starts. */
enum { WINDOW_START_MS = 25000 };
bool window_open_wait(const char *place, const char *token, int wait_ms);

#endif
