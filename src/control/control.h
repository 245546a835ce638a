/* The control interface: what `unknot` and scripts say to a running unknotd, over the session bus.
 * The interface itself is io.github.unknot.Daemon1.xml beside this file. */
#ifndef UNKNOT_CONTROL_CONTROL_H
#define UNKNOT_CONTROL_CONTROL_H

#include "base/error.h"

#include <stdbool.h>

#define CONTROL_NAME "io.github.unknot.Daemon"
#define CONTROL_PATH "/io/github/unknot/Daemon"
#define CONTROL_INTERFACE "io.github.unknot.Daemon1"

/* ---- the daemon's side ---- */

/* What the daemon answers with. Called from the main loop. Functions that return text return a
 * string that the caller frees with free(); NULL or false means the error holds why. */
struct control_handler {
	char *(*status)(void *user, struct error *);
	char *(*explain)(void *user, struct error *);
	bool (*pause)(void *user, unsigned seconds, struct error *);
	bool (*resume)(void *user, struct error *);
	bool (*snooze)(void *user, unsigned seconds, struct error *);
	bool (*take_break)(void *user, const char *kind, struct error *);
	bool (*reload)(void *user, struct error *);
	char *(*write_report)(void *user, struct error *);
	bool (*release_camera)(void *user, unsigned seconds, struct error *);
	const char *(*presence)(void *user);
	const char *(*posture)(void *user);
	/* Why the camera is off, by name; ends with NULL, valid till the next call. */
	const char *const *(*off)(void *user);
	/* Another unknotd owns the name already, or took it: leave. Not when the bus goes away. */
	void (*name_lost)(void *user);
	/* The bus went away: nobody reaches this daemon any more, also where another bus takes its
	 * place. */
	void (*bus_lost)(void *user);
	/* In the window, which shows the break itself. */
	bool (*answer_break)(void *user, const char *kind, const char *answer, struct error *);
};

struct control;

/* Owns the name on the session bus once the main loop runs. Without a bus it returns NULL with the
 * reason and the daemon works on uncontrolled. */
struct control *control_serve(const struct control_handler *, void *user, struct error *);
void control_free(struct control *);

void control_alert(struct control *, const char *kind, const char *summary, const char *body);
/* A break fell due, began or ended: the signal Break of the interface. `outcome` is "" unless it
 * ended. */
void control_break(struct control *, const char *kind, const char *what,
                   const char *outcome, double length_s);
/* The person answered a notification. */
void control_answer(struct control *, const char *kind, const char *answer);
/* Tells listeners that Presence, Posture or Off changed. */
void control_changed(struct control *);

/* ---- the command's side ---- */

/* error.code when there is no daemon to speak to, or no bus. */
enum { CONTROL_NOBODY = 1 };

/* One blocking call. Arguments by the method's own signature: `text` for "s", `number` for "u",
 * neither otherwise (text NULL). *reply (may be NULL) receives the returned string, to be freed
 * with free(), or NULL when the method returns none. Starts the daemon by D-Bus activation only
 * when `activate`. */
bool control_call(const char *method, const char *text, unsigned number,
                  bool activate, char **reply, struct error *);

#endif
