/* Whether anybody can be sitting there: locked screen, suspend, closed lid. Heard from logind (system
 * bus) and the desktops' screen savers (session bus); what is not there is simply never heard. */
#ifndef UNKNOT_DAEMON_SESSION_H
#define UNKNOT_DAEMON_SESSION_H

#include <stdbool.h>

struct session;

struct session_state {
	bool locked, asleep, lid_closed;
	bool known;             /* everybody there has answered how things were at the start, or took 2 s */
};

typedef void session_changed_fn(void *user, const struct session_state *);

/* Never fails: without buses the rest of the state stays false. Calls back from the GLib main loop, also for what
 * was so already at the start; and before it returns when there is nobody to ask. */
struct session *session_watch(session_changed_fn *, void *user);
void session_free(struct session *);

static inline bool session_watchable(const struct session_state *s)
{
	return !s->locked && !s->asleep && !s->lid_closed;
}

#endif
