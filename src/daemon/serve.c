/* What the daemon answers over the control interface. */
#include "daemon/daemon.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

static gboolean on_resume_timer(gpointer user)
{
	struct daemon *d = user;
	d->resume_timer = 0;
	d->user_paused = false;
	daemon_apply_pause(d);
	return G_SOURCE_REMOVE;
}

static gboolean on_lend_timer(gpointer user)
{
	struct daemon *d = user;
	d->lend_timer = 0;
	d->camera_lent = false;
	daemon_apply_pause(d);
	return G_SOURCE_REMOVE;
}

static void restart_timer(guint *timer, unsigned seconds, GSourceFunc function, struct daemon *d)
{
	if (*timer != 0)
		g_source_remove(*timer);
	*timer = seconds > 0 ? g_timeout_add_seconds(seconds, function, d) : 0;
}

static double paused_for(struct daemon *d)
{
	if (!d->user_paused)
		return 0;
	return d->resume_timer == 0 ? -1 : d->resume_at - watch_now(d->watch).seconds;
}

static char *do_status(void *user, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	return core_status(&d->core, watch_now(d->watch), watch_name(d->watch),
	                   daemon_profile(d)->valid ? daemon_profile(d)->name : "", paused_for(d));
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
	(void)error;
	d->user_paused = true;
	d->resume_at = watch_now(d->watch).seconds + seconds;
	restart_timer(&d->resume_timer, seconds, on_resume_timer, d);
	daemon_apply_pause(d);
	return true;
}

static bool do_resume(void *user, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	restart_timer(&d->resume_timer, 0, on_resume_timer, d);
	on_resume_timer(d);
	coach_snooze(&d->core.coach, 0);
	return true;
}

static bool do_snooze(void *user, unsigned seconds, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	core_snooze(&d->core, watch_now(d->watch), seconds);
	return true;
}

static bool do_break(void *user, const char *kind, struct error *error)
{
	struct daemon *d = user;
	for (int k = 0; k < BREAK_KINDS; k++)
		if (strcmp(kind, break_kind_name((enum break_kind)k)) == 0) {
			core_break_now(&d->core, watch_now(d->watch), (enum break_kind)k);
			return true;
		}
	return error_set(error, 0, "%s: micro or movement", kind);
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
	d->camera_lent = seconds > 0;
	restart_timer(&d->lend_timer, seconds, on_lend_timer, d);
	daemon_apply_pause(d);
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

static bool do_reload(void *user, struct error *error)
{
	return daemon_reload(user, error);
}

static void on_name_lost(void *user)
{
	struct daemon *d = user;
	log_error("another unknotd has the name " CONTROL_NAME "; stop it first");
	d->status = EXIT_FAILURE;
	g_main_loop_quit(d->loop);
}

struct control *daemon_serve(struct daemon *d, struct error *error)
{
	static const struct control_handler handler = {
		do_status, do_explain, do_pause, do_resume, do_snooze, do_break, do_reload,
		do_write_report, do_release, do_presence, do_posture, on_name_lost,
	};
	return control_serve(&handler, d, error);
}
