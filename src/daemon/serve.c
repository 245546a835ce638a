/* What the daemon answers over the control interface. */
#include "daemon/daemon.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

static char *do_status(void *user, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	const struct core_camera camera = {watch_name(d->watch), daemon_off(d),
	                                   daemon_paused_for(d)};
	return core_status(&d->core, watch_now(d->watch), &camera,
	                   daemon_profile(d)->valid ? daemon_profile(d)->name : "");
}

static char *do_explain(void *user, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	return core_explain(&d->core, watch_now(d->watch));
}

static bool do_pause(void *user, unsigned seconds, struct error *error)
{
	struct daemon *d = user;
	if (watch_is_recorded(d->watch))
		return error_set(error, 0, "%s is a recording: there is no camera to turn off",
		                 watch_name(d->watch));
	daemon_pause(d, PAUSE_USER, seconds);
	return true;
}

static bool do_resume(void *user, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	pause_resume(&d->pause);
	core_snooze_until(&d->core, 0);
	daemon_follow_pauses(d);
	return true;
}

static bool do_snooze(void *user, unsigned seconds, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	core_snooze(&d->core, watch_now(d->watch), seconds);
	daemon_follow_pauses(d);
	return true;
}

static bool kind_of(const char *name, enum break_kind *kind, struct error *error)
{
	for (int k = 0; k < BREAK_KINDS; k++)
		if (strcmp(name, break_kind_name((enum break_kind)k)) == 0) {
			*kind = (enum break_kind)k;
			return true;
		}
	return error_set(error, 0, "%s: micro or movement", name);
}

static bool do_break(void *user, const char *name, struct error *error)
{
	struct daemon *d = user;
	enum break_kind kind = BREAK_MICRO;
	if (!kind_of(name, &kind, error))
		return false;
	core_break_now(&d->core, watch_now(d->watch), kind);
	return true;
}

static bool do_answer_break(void *user, const char *name, const char *word, struct error *error)
{
	static const enum coach_answer answers[] = {ANSWER_START, ANSWER_LATER,
	                                            ANSWER_SKIP, ANSWER_DONE, ANSWER_ANOTHER};
	struct daemon *d = user;
	enum break_kind kind = BREAK_MICRO;
	if (!kind_of(name, &kind, error))
		return false;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (strcmp(word, report_answer_name((int)answers[i])) == 0) {
			control_answer(d->control, coach_break_kind(kind), word);
			core_answer_break(&d->core, watch_now(d->watch), kind, answers[i]);
			return true;
		}
	return error_set(error, 0, "%s: start, later, skip, done or another", word);
}

static char *do_write_report(void *user, struct error *error)
{
	struct daemon *d = user;
	char path[PATH_SIZE];
	return core_write_report(&d->core, path, error) ? strdup(path) : NULL;
}

static bool do_release(void *user, unsigned seconds, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	if (seconds > 0) {
		daemon_pause(d, PAUSE_LENT, seconds);
		return true;
	}
	pause_end(&d->pause, PAUSE_LENT);
	daemon_follow_pauses(d);
	return true;
}

static const char *do_presence(void *user)
{
	return presence_name(((struct daemon *)user)->core.presence);
}

static const char *do_posture(void *user)
{
	return posture_name(((struct daemon *)user)->core.posture);
}

static const char *const *do_off(void *user)
{
	static const char *names[PAUSE_REASONS + 1];
	const unsigned off = daemon_off(user);
	int count = 0;
	for (int r = 0; r < PAUSE_REASONS; r++)
		if ((off & 1u << r) != 0)
			names[count++] = pause_name((enum pause_reason)r);
	names[count] = NULL;
	return names;
}

static bool do_reload(void *user, struct error *error)
{
	return daemon_reload(user, error);
}

static void on_name_lost(void *user)
{
	struct daemon *d = user;
	/* Autostart and systemd may both have started one: there is a daemon, which is all that was
	 * wanted. */
	log_info("unknotd is running already");
	g_main_loop_quit(d->loop);
}

/* As at the end of a session. To go on were to look at somebody who can no longer pause that, nor
 * hear a word, and beside the daemon that a new bus starts. As a failure, so that systemd starts it
 * again where its session goes on. */
static void on_bus_lost(void *user)
{
	struct daemon *d = user;
	if (d->recorded)
		return;
	log_warning("the session bus has gone, and with it whoever could pause this daemon");
	d->status = EXIT_FAILURE;
	g_main_loop_quit(d->loop);
}

struct control *daemon_serve(struct daemon *d, struct error *error)
{
	static const struct control_handler handler = {
		do_status, do_explain, do_pause, do_resume, do_snooze, do_break, do_reload,
		do_write_report, do_release, do_presence, do_posture, do_off, on_name_lost,
		on_bus_lost, do_answer_break,
	};
	return control_serve(&handler, d, error);
}
