/* Inside the daemon: what its parts share. Private to this room. */
#ifndef UNKNOT_DAEMON_DAEMON_H
#define UNKNOT_DAEMON_DAEMON_H

#include "config/config.h"
#include "control/control.h"
#include "daemon/core.h"
#include "daemon/history.h"
#include "daemon/pause.h"
#include "daemon/remember.h"
#include "daemon/session.h"
#include "daemon/watch.h"
#include "geometry/profile_store.h"
#include "notify/quiet.h"

#include <glib.h>

enum { CAMERA_WIDTH = 640, CAMERA_HEIGHT = 480, BOOT_SIZE = 40 };

struct options {
	const char *source, *config, *state_dir, *data_dir, *model, *profile;
	double speed;
	bool once, print;
};

struct daemon {
	struct options options;
	char config_path[PATH_SIZE], state_dir[PATH_SIZE], data_dir[PATH_SIZE];
	struct config config;
	struct profile profiles[PROFILES_MAX]; /* that may be in force before this camera */
	int profile_count;
	struct sampler *sampler;     /* NULL for a trace */
	struct history history;
	struct notifier *desktop, *terminal;
	struct core core;
	struct watch *watch;
	struct watch_callbacks watch_callbacks;
	struct control *control;
	struct session *session;
	struct quiet *quiet;         /* NULL without a bus */
	GMainLoop *loop;
	bool started, recorded;      /* recorded: days that are played to us */
	struct pause pause;
	bool docked, lid_covers;     /* ... the camera, and is shut */
	double hours_next;           /* when the working hours are looked
	                              * at again; INFINITY: never */
	int alarm;                   /* a timerfd for when pauses end */
	guint alarm_source;
	char boot[BOOT_SIZE];
	struct deadlines remembered; /* as the file has them */
	unsigned told_off;           /* reasons */
	enum presence told_presence;
	enum posture told_posture;
	int status;                  /* exit status */
};

/* settings.c: what the configuration and the profile say, for the rooms. */
struct report_context daemon_context(const struct daemon *);
struct coach_config daemon_coach_config(const struct daemon *);
struct watch_config daemon_watch_config(const struct daemon *);
/* The one that changes are against; the sampler chooses. Not valid when there is none. */
const struct profile *daemon_profile(const struct daemon *);
/* What the command line says, else the configuration; NULL: the best camera. Valid till the next
 * call. */
const char *daemon_source(const struct daemon *);
struct sampler *daemon_new_sampler(const struct daemon *, struct error *);
/* Into d->watch. */
bool daemon_open_camera(struct daemon *, struct error *);
/* A missing profile is no error: the daemon works without, and says in its status what to do. */
bool daemon_load_profiles(struct daemon *, struct profile *profiles, int *count, struct error *);
void daemon_take_profiles(struct daemon *, const struct profile *profiles, int count);
void daemon_configure_sampler(struct daemon *);
void daemon_apply_log_level(const char *level);
/* Another camera has another lens, stands elsewhere and has profiles of its own. */
void daemon_take_camera(struct daemon *);
/* Everything new is made before anything old is given up. */
bool daemon_reload(struct daemon *, struct error *);

/* serve.c: the control interface. NULL without a bus. */
struct control *daemon_serve(struct daemon *, struct error *);

/* pausing.c: why the camera is off, and that it is. */
void daemon_begin_pausing(struct daemon *);
void daemon_end_pausing(struct daemon *);
/* For so many seconds; 0: until it is ended. */
void daemon_pause(struct daemon *, enum pause_reason, double seconds);
/* After a change of d->pause, of the camera or of a snooze: the camera, the alarm and the file
 * follow. */
void daemon_follow_pauses(struct daemon *);
unsigned daemon_off(const struct daemon *);           /* the reasons, bits of enum pause_reason */
/* by the user; seconds left, 0 not, < 0 until told */
double daemon_paused_for(const struct daemon *);

#endif
