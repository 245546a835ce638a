/* What pause.h decides, brought to the world: the session that tells, an alarm that counts sleep,
 * the camera that is switched, a file that remembers. */
#include "daemon/daemon.h"

#include "base/log.h"
#include "base/paths.h"
#include "daemon/lid.h"
#include "daemon/remember.h"

#include <glib-unix.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static struct instant real_now(void)
{
	struct clock clock = clock_real();
	return clock_now(&clock);
}

/* Which run of the machine this is: its seconds begin anew with each
 * (proc_sys_kernel_random(5)). */
static void read_boot(char boot[BOOT_SIZE])
{
	char *text = NULL;
	boot[0] = '\0';
	if (g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
		snprintf(boot, BOOT_SIZE, "%s", g_strstrip(text));
	g_free(text);
}

/* A timer of the main loop's would stand still while the machine sleeps. */
static void set_alarm(const struct daemon *d, double next)
{
	struct itimerspec when = {0};
	if (d->alarm < 0)
		return;
	if (isfinite(next)) {
		const double seconds = fmax(next, 1e-3);
		when.it_value.tv_sec = (time_t)seconds;
		when.it_value.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
	}
	timerfd_settime(d->alarm, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Only what a person asked for is worth it, and only of a day that is not played to us. */
static void remember(struct daemon *d, struct instant now)
{
	struct error error;
	const bool paused = (d->pause.reasons & 1u << PAUSE_USER) != 0;
	const struct deadlines fresh = {paused ? d->pause.until[PAUSE_USER] : 0,
	                                core_snoozed_until(&d->core)};
	if (d->recorded || memcmp(&fresh, &d->remembered, sizeof fresh) == 0)
		return;
	d->remembered = fresh;
	if (!remember_save_deadlines(&fresh, d->state_dir, d->boot, now, &error))
		log_warning("%s", error.text);
}

unsigned daemon_off(const struct daemon *d)
{
	return pause_reasons(&d->pause, d->lid_covers);
}

double daemon_paused_for(const struct daemon *d)
{
	if ((d->pause.reasons & 1u << PAUSE_USER) == 0)
		return 0;
	return isinf(d->pause.until[PAUSE_USER])
	       ? -1 : fmax(1, d->pause.until[PAUSE_USER] - real_now().seconds);
}

/* Outside the working hours the camera is off, not only the messages: who set them wants not to be
 * looked at then. Looked at again when they begin or end, and at least so often, as the clock on
 * the wall may be set. */
static void follow_hours(struct daemon *d, struct instant now)
{
	const double at_most_s = 600;
	const struct hours hours = config_hours(&d->config);
	const time_t wall = (time_t)(now.wall_ms / 1000);
	struct tm tm;
	d->hours_next = INFINITY;
	if (d->recorded || hours_always(&hours) || localtime_r(&wall, &tm) == NULL) {
		pause_end(&d->pause, PAUSE_HOURS);
		return;
	}
	const int weekday = (tm.tm_wday + 6) % 7;
	const double hour = tm.tm_hour + tm.tm_min / 60.0 + tm.tm_sec / 3600.0;
	pause_state(&d->pause, PAUSE_HOURS, !hours_within(&hours, weekday, hour));
	d->hours_next = now.seconds + fmin(at_most_s, 3600 * hours_left(&hours, weekday, hour) + 1);
}

void daemon_follow_pauses(struct daemon *d)
{
	const struct instant now = real_now();
	follow_hours(d, now);
	pause_expire(&d->pause, now.seconds);
	set_alarm(d, fmin(d->hours_next, pause_next(&d->pause)));
	const bool shut = (d->pause.reasons & 1u << PAUSE_LID) != 0;
	watch_lid(d->watch, shut, d->docked);
	d->lid_covers = shut && lid_covers("/sys", watch_node(d->watch), d->docked) &&
	                !(watch_chooses(d->watch) && lid_leaves_one("/sys", d->docked));
	const unsigned off = daemon_off(d);
	watch_pause(d->watch, off != 0);
	if ((off & 1u << PAUSE_ASLEEP) != 0 && watch_is_off(d->watch))
		session_may_sleep(d->session);
	remember(d, now);
	if (off != d->told_off) {
		d->told_off = off;
		control_changed(d->control);
	}
}

void daemon_pause(struct daemon *d, enum pause_reason reason, double seconds)
{
	pause_begin(&d->pause, reason, seconds > 0 ? real_now().seconds + seconds : INFINITY);
	daemon_follow_pauses(d);
}

static gboolean on_alarm(gint fd, GIOCondition condition, gpointer user)
{
	uint64_t times;
	(void)condition;
	if (read(fd, &times, sizeof times) == sizeof times)
		daemon_follow_pauses(user);
	return G_SOURCE_CONTINUE;
}

static void on_session(void *user, const struct session_state *state)
{
	struct daemon *d = user;
	d->docked = state->docked;
	pause_state(&d->pause, PAUSE_LOCKED, state->locked);
	pause_state(&d->pause, PAUSE_ASLEEP, state->asleep);
	pause_state(&d->pause, PAUSE_LID, state->lid_closed);
	pause_state(&d->pause, PAUSE_INACTIVE, state->inactive);
	pause_state(&d->pause, PAUSE_GREETER, state->greeter);
	pause_state(&d->pause, PAUSE_REMOTE, state->remote);
	watch_idle(d->watch, state->idle);
	daemon_follow_pauses(d);
	/* Not before: the screen may have been locked when we started. */
	if (state->known && !d->started) {
		d->started = true;
		watch_start(d->watch);
	}
}

static void on_lock_request(void *user, bool lock)
{
	struct daemon *d = user;
	pause_lock_request(&d->pause, lock, real_now().seconds);
	daemon_follow_pauses(d);
}

static void recall(struct daemon *d)
{
	struct error error;
	struct deadlines *then = &d->remembered;
	if (d->recorded)
		return;
	if (!remember_deadlines(then, d->state_dir, d->boot, real_now(), &error)) {
		log_warning("%s", error.text);
		return;
	}
	if (then->paused > 0)
		pause_begin(&d->pause, PAUSE_USER, then->paused);
	if (then->snoozed > 0)
		core_snooze_until(&d->core, then->snoozed);
}

void daemon_begin_pausing(struct daemon *d)
{
	const struct session_callbacks callbacks = {on_session, on_lock_request, d};
	read_boot(d->boot);
	d->alarm = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (d->alarm >= 0)
		d->alarm_source = g_unix_fd_add(d->alarm, G_IO_IN, on_alarm, d);
	recall(d);
	daemon_follow_pauses(d);
	d->session = session_watch(&callbacks);
}

void daemon_end_pausing(struct daemon *d)
{
	session_free(d->session);
	d->session = NULL;
	if (d->alarm_source != 0) {
		g_source_remove(d->alarm_source);
		close(d->alarm);
	}
}
