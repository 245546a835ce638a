/* Does the person want quiet? Asked of the desktop over the session bus, for as long as somebody
 * asks: do not disturb (the notification server's Inhibited property, dunst's paused,
 * xfce4-notifyd's and swaync's switch, and what GNOME, Cinnamon and MATE keep among their
 * settings), and a session that a film, a talk or a presentation keeps from going idle (GNOME's
 * session manager, the freedesktop power management's HasInhibit): full screen as far as it can be
 * known without a window system's library. What is not there has no opinion, and is never
 * started. */
#ifndef UNKNOT_NOTIFY_QUIET_H
#define UNKNOT_NOTIFY_QUIET_H

struct quiet;

/* Why; the switch that the person set comes before what a program asks for. */
enum quiet_reason {
	QUIET_NOT,
	QUIET_DO_NOT_DISTURB,
	QUIET_KEPT_AWAKE,       /* a program keeps the session from going idle */
};
const char *quiet_name(enum quiet_reason); /* "", "do_not_disturb", "kept_awake" */

typedef void quiet_changed_fn(void *user, enum quiet_reason);

/* NULL without a session bus: nobody wants quiet then. Calls back from the default main loop. */
struct quiet *quiet_watch(quiet_changed_fn *, void *user);
/* Asks again whoever is there, unless that was less than QUIET_EVERY_S ago, or the bus has not told
 * yet who is: then the next call does. Never blocks. */
enum { QUIET_EVERY_S = 10 };
void quiet_ask(struct quiet *, double seconds);
void quiet_free(struct quiet *);

#endif
