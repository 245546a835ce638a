/* Showing a message to the person. */
#ifndef UNKNOT_NOTIFY_NOTIFY_H
#define UNKNOT_NOTIFY_NOTIFY_H

#include "coach/coach.h"

struct notifier;

/* Called from the main loop when the user answers. */
typedef void notify_answer_fn(void *user, const char *kind, enum coach_answer);

struct notifier_ops {
	/* Replaces what is still shown: a correction the one before, a break prompt ("break_...")
	 * the one before. False when it could not be shown or taken; the caller writes the text to
	 * the terminal then. */
	bool (*show)(struct notifier *, const struct coach_message *, struct error *);
	/* Nothing when a message of another kind has taken its place. */
	void (*close)(struct notifier *, const char *kind);
	void (*free)(struct notifier *);
};

struct notifier {
	const struct notifier_ops *ops;
};

/* The desktop's notification server through libnotify (GLib main loop of the calling thread). Works
 * with no server at start: tries again at each message. */
struct notifier *notifier_desktop(notify_answer_fn *, void *user, struct error *);
/* The same in a thread of its own, so that a server that hangs (libnotify waits 25 s for each
 * answer) blocks nobody: `make` (notifier_desktop) is called there, and what it makes is used there
 * only. show means handed over; a message that cannot be shown after all goes to `fallback`, which
 * must outlive this one. Fallback and answers are called from the default main loop. While three
 * messages wait, show fails. free waits for the thread a second at most. */
typedef struct notifier *notifier_make_fn(notify_answer_fn *, void *user, struct error *);
struct notifier *notifier_aside(notifier_make_fn *make, struct notifier *fallback,
                                notify_answer_fn *, void *user, struct error *);
/* Prints to a stream: what the daemon falls back to. */
struct notifier *notifier_terminal(void *stdio_file);
/* Remembers messages for tests. */
struct notifier *notifier_record(void);
int notifier_record_count(const struct notifier *);
const struct coach_message *notifier_record_get(const struct notifier *, int index);

#endif
