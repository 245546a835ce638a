/* How the session and the machine stand, as far as somebody can be sitting there: locked, asleep,
 * lid shut, another user in front, a login screen, used from elsewhere. Heard from logind (system
 * bus) and the desktops' screen savers (session bus); what is not there is simply never heard.
 *
 * What logind tells and what it does not (systemd's src/login, org.freedesktop.login1(5)):
 * LockedHint, IdleHint, Active and Class come as PropertiesChanged; Lock and Unlock are requests to
 * whoever locks screens, who need not answer; LidClosed and Docked are told of from version 256 on,
 * and have to be read before. */
#ifndef UNKNOT_DAEMON_SESSION_H
#define UNKNOT_DAEMON_SESSION_H

#include <stdbool.h>

struct session;

struct session_state {
	bool locked;            /* LockedHint, or a screen saver is on */
	bool asleep;            /* about to be, or was until just now */
	bool lid_closed;
	bool docked;            /* a dock, or more than one screen: a
	                         * shut lid is no reason to sleep */
	bool inactive, greeter, remote;
	bool idle;              /* IdleHint: the desktop has seen neither
	                         * keyboard nor mouse for minutes */
	bool known;             /* everybody there has answered how things
	                         * were at the start, or took 2 s */
};

struct session_callbacks {
	void (*changed)(void *user, const struct session_state *);
	void (*lock_requested)(void *user, bool lock); /* Lock, Unlock */
	void *user;
};

/* Never fails: without buses the rest of the state stays false. Calls back from the GLib main loop,
 * also for what was so already at the start; and before it returns when there is nobody to ask. */
struct session *session_watch(const struct session_callbacks *);
void session_free(struct session *);

/* Reads what logind may not tell of by itself. Never blocks; with every look. */
void session_ask(struct session *);

/* The camera is off: the machine may go to sleep, which waits for this (a delay lock of logind's,
 * who waits no longer than its InhibitDelayMaxSec, 5 s by default). Nothing when it is not about
 * to. Where the lock comes only after the news, `changed` is called once more. */
void session_may_sleep(struct session *);

#endif
