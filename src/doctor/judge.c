/* What the facts mean. Pure: tests/unit/test_doctor.c speaks every sentence. */
#include "doctor/doctor.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The limits of light and size are those that a calibration asks for (gather.c); beyond 45 % of the
 * width between the eyes the shoulders are out of the picture. */
static const double room_least = 25, face_least = 40, face_most = 245;
static const double eyes_least_px = 30, eyes_most_share = 0.45;
static const double disk_least_mb = 50, disk_low_mb = 500;

const char *doctor_level_name(enum doctor_level level)
{
	static const char *const names[] = {N_("ok"), N_("warning"), N_("problem")};
	return names[level];
}

/* Both texts are in the person's language already. */
__attribute__((format(printf, 4, 5)))
static void find(struct doctor_finding *f, enum doctor_level level, const char *to_do,
                 const char *what, ...)
{
	va_list args;
	va_start(args, what);
	f->level = level;
	vsnprintf(f->what, sizeof f->what, what, args);
	snprintf(f->to_do, sizeof f->to_do, "%s", to_do);
	va_end(args);
}

static const struct doctor_camera *usable_camera(const struct doctor_facts *d)
{
	for (int i = 0; i < d->camera_count; i++)
		if (d->cameras[i].device.usable)
			return &d->cameras[i];
	return NULL;
}

static void judge_camera(const struct doctor_facts *d, struct doctor_finding *f)
{
	const struct doctor_camera *c = usable_camera(d);
	if (d->camera_count == 0) {
		find(f, DOCTOR_PROBLEM,
		     _("plug one in; a laptop's may be off by a key or in the firmware"),
		     _("no camera found"));
		return;
	}
	for (int i = 0; c == NULL && i < d->camera_count; i++)
		if (d->cameras[i].denied) {
			find(f, DOCTOR_PROBLEM,
			     _("sudo adduser \"$USER\" video, then log in again"),
			     _("%s may not be opened by you"), d->cameras[i].device.path);
			return;
		}
	if (c == NULL)
		find(f, DOCTOR_PROBLEM, _("plug in a camera that gives colour pictures"),
		     _("none of %d nodes can be used; %s: %s"), d->camera_count,
		     d->cameras[0].device.path, d->cameras[0].device.why_not);
	else if (c->holder.pid != 0 && strcmp(c->holder.program, "unknotd") != 0)
		find(f, DOCTOR_WARNING, _("unknot waits until that program has ended"),
		     _("%s (%s) is open in %s (process %d)"), c->device.path,
		     c->device.name, c->holder.program, c->holder.pid);
	else
		find(f, DOCTOR_OK, "", "%s (%s), %s%s", c->device.path,
		     c->device.name, c->device.formats,
		     c->holder.pid != 0 ? _(", unknotd has it open") : "");
}

static bool not_looked(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (d->looked)
		return false;
	if (d->unseen == DOCTOR_NOT_ASKED)
		find(f, DOCTOR_OK, "", _("not looked at, as you asked"));
	else if (d->unseen == DOCTOR_NO_CAMERA)
		find(f, DOCTOR_WARNING, _("see what is said of the camera"),
		     _("not seen without a camera"));
	else if (d->unseen == DOCTOR_TAKEN)
		find(f, DOCTOR_WARNING, _("ask again when that program has ended"),
		     _("not seen: %s has the camera open"), d->not_looked);
	else
		find(f, DOCTOR_WARNING, _("unplug the camera, plug it in and ask again"),
		     _("not seen: %s"), d->not_looked);
	return true;
}

static void judge_light(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (not_looked(d, f))
		return;
	if (luma_is_blocked(&d->light) && !d->face)
		find(f, DOCTOR_PROBLEM, _("open the camera's shutter, or turn on a lamp"),
		     _("the picture is black or blank (brightness %.0f of 255)"), d->light.mean);
	else if (d->light.mean < room_least)
		find(f, DOCTOR_WARNING, _("more light from the front"),
		     _("too dark: brightness %.0f of 255"), d->light.mean);
	else if (d->face && d->face_mean < face_least && d->light.mean > 2 * d->face_mean)
		find(f, DOCTOR_WARNING,
		     _("close the curtain behind you, or turn on a lamp in front of you"),
		     _("light from behind: your face has %.0f of 255, the picture %.0f"),
		     d->face_mean, d->light.mean);
	else if (d->face && d->face_mean < face_least)
		find(f, DOCTOR_WARNING, _("turn on a lamp in front of you"),
		     _("your face is dark: %.0f of 255"), d->face_mean);
	else if (d->face ? d->face_mean > face_most : d->light.mean > face_most)
		find(f, DOCTOR_WARNING, _("move the lamp away from the camera and from you"),
		     _("too bright: brightness %.0f of 255"),
		     d->face ? d->face_mean : d->light.mean);
	else
		find(f, DOCTOR_OK, "", _("brightness %.0f of 255"), d->light.mean);
}

static void judge_face(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (not_looked(d, f))
		return;
	if (!d->face)
		find(f, DOCTOR_WARNING, _("sit before the camera and ask again"),
		     _("no face in the picture"));
	else if (d->eyes_px < eyes_least_px)
		find(f, DOCTOR_WARNING, _("come nearer, or put the camera nearer"),
		     _("your face is too small: %.0f pixels between the eyes' outer corners, %.0f "
		       "are needed"),
		     d->eyes_px, eyes_least_px);
	else if (d->eyes_px > eyes_most_share * d->width)
		find(f, DOCTOR_WARNING, _("sit back, or put the camera further away"),
		     _("your face is too large: %.0f of %.0f pixels between the eyes' outer "
		       "corners"),
		     d->eyes_px, d->width);
	else
		find(f, DOCTOR_OK, "", _("%.0f pixels between the eyes' outer corners"),
		     d->eyes_px);
}

static void judge_models(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (*d->models_error != '\0')
		find(f, DOCTOR_PROBLEM, _("install unknot again"), "%s", d->models_error);
	else
		find(f, DOCTOR_OK, "", "sha256 %.16s...", d->models_hash);
}

static void judge_config(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (*d->config_error != '\0')
		find(f, DOCTOR_PROBLEM, _("mend that line; `unknot config` lists what there is"),
		     "%s", d->config_error);
	else
		find(f, DOCTOR_OK, "", _("can be read"));
}

static void judge_profile(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (*d->profile_error != '\0')
		find(f, DOCTOR_WARNING, _("run `unknot calibrate`"), "%s", d->profile_error);
	else if (d->profiles == 0)
		find(f, DOCTOR_WARNING, _("run `unknot calibrate`"),
		     _("nothing known of how you sit upright"));
	else
		find(f, DOCTOR_OK, "", _("%d there"), d->profiles);
}

static void judge_bus(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (!d->bus)
		find(f, DOCTOR_WARNING,
		     _("log in to a desktop session, or install dbus-user-session"), "%s",
		     d->bus_error);
	else if (!d->daemon)
		find(f, DOCTOR_WARNING, _("systemctl --user start unknot, or log in again"),
		     _("there, but unknotd is not running"));
	else if (*d->off != '\0')
		find(f, DOCTOR_WARNING, _("`unknot resume` ends what is not so by itself"),
		     _("unknotd is running with the camera off: %s"), d->off);
	else
		find(f, DOCTOR_OK, "", _("there, and unknotd is running"));
}

static void judge_server(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (!d->server)
		find(f, DOCTOR_WARNING,
		     _("start your desktop's notification server, or one like dunst"),
		     _("nobody shows notifications"));
	else if (!d->server_body)
		find(f, DOCTOR_WARNING, _("use a server that shows a text below the title"),
		     _("%s %s shows titles only"), d->server_name, d->server_version);
	else
		find(f, DOCTOR_OK, "", "%s %s%s", d->server_name, d->server_version,
		     d->server_actions ? "" : _(", without buttons: use `unknot snooze`"));
}

static void judge_sandbox(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (d->sandbox.landlock <= 0)
		find(f, DOCTOR_WARNING,
		     _("a kernel from 5.13 on with landlock in its lsm= list has it"),
		     _("no Landlock: the kernel does not keep unknotd from writing anywhere"));
	else if (!d->sandbox.seccomp)
		find(f, DOCTOR_WARNING, _("a kernel built with CONFIG_SECCOMP_FILTER has it"),
		     _("no seccomp: the kernel does not keep unknotd from the network"));
	else
		find(f, DOCTOR_OK, "",
		     _("Landlock %d: unknotd writes only its own folders, runs nothing; local "
		       "sockets only"),
		     d->sandbox.landlock);
}

static void judge_disk(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (!d->state_writable)
		find(f, DOCTOR_PROBLEM, _("make it your own folder and writable: chmod u+rwx"),
		     _("%s cannot be written"), d->state_dir);
	else if (d->free_mb >= 0 && d->free_mb < disk_least_mb)
		find(f, DOCTOR_PROBLEM,
		     _("free some space; until then the history stays in memory"),
		     _("%.0f MB free at %s"), d->free_mb, d->state_dir);
	else if (d->free_mb >= 0 && d->free_mb < disk_low_mb)
		find(f, DOCTOR_WARNING, _("free some space soon"), _("%.0f MB free at %s"),
		     d->free_mb, d->state_dir);
	else if (d->free_mb < 0)
		find(f, DOCTOR_OK, "", _("%s is not there yet and can be made"), d->state_dir);
	else
		find(f, DOCTOR_OK, "", _("%s, %.0f MB free"), d->state_dir, d->free_mb);
}

static void judge_history(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (d->sound == STORE_DAMAGED)
		find(f, DOCTOR_PROBLEM,
		     _("restart unknotd: it keeps the damaged file aside and begins anew"),
		     _("the history is damaged"));
	else if (*d->store_error != '\0')
		find(f, DOCTOR_PROBLEM, _("until that is mended, unknotd watches without history"),
		     "%s", d->store_error);
	else if (d->history_mode == 0)
		find(f, DOCTOR_OK, "", _("none yet"));
	else
		find(f, DOCTOR_OK, "", "%s",
		     d->sound == STORE_SOUND ? _("every page is sound") : _("can be read"));
}

static void judge_clock(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (d->now_s < d->built_s)
		find(f, DOCTOR_PROBLEM, _("set the clock, or reports will be of the wrong day"),
		     _("the clock shows a time before unknot was built"));
	else if (!d->zone_known)
		find(f, DOCTOR_WARNING,
		     _("timedatectl set-timezone; days begin at midnight UTC till then"),
		     _("the time zone is not known"));
	else if (!d->synchronised)
		find(f, DOCTOR_WARNING, _("timedatectl set-ntp true"),
		     _("the clock is not synchronised"));
	else
		find(f, DOCTOR_OK, "", _("set, synchronised, time zone known"));
}

static void judge_others(const struct doctor_facts *d, struct doctor_finding *f)
{
	for (int i = 0; i < d->camera_count; i++)
		if ((d->cameras[i].mode & 0006) != 0) {
			find(f, DOCTOR_WARNING,
			     _("run sudo chmod o-rw on it; a udev rule may have done that"),
			     _("every user of this machine may open %s"),
			     d->cameras[i].device.path);
			return;
		}
	if ((d->state_mode & 0077) != 0)
		find(f, DOCTOR_WARNING, _("chmod 700 that folder"),
		     _("others may look into %s (mode %03o)"),
		     d->state_dir, (unsigned)d->state_mode);
	else if ((d->history_mode & 0077) != 0)
		find(f, DOCTOR_WARNING, _("chmod 600 history.sqlite*"),
		     _("others may read the history in %s (mode %03o)"), d->state_dir,
		     (unsigned)d->history_mode);
	else if (d->other_users == 1)
		find(f, DOCTOR_WARNING, _("if the camera is busy, they may have it"),
		     _("another user is logged in"));
	else if (d->other_users > 1)
		find(f, DOCTOR_WARNING, _("if the camera is busy, they may have it"),
		     _("%d other users are logged in"), d->other_users);
	else
		find(f, DOCTOR_OK, "", _("nobody else may open the camera or read the history"));
}

const struct doctor_check doctor_checks[] = {
	{N_("camera"), judge_camera}, {N_("light"), judge_light}, {N_("face"), judge_face},
	{N_("networks"), judge_models}, {N_("configuration"), judge_config},
	{N_("profile"), judge_profile},
	{N_("bus"), judge_bus}, {N_("notifications"), judge_server}, {N_("sandbox"), judge_sandbox},
	{N_("disk"), judge_disk}, {N_("history"), judge_history}, {N_("clock"), judge_clock},
	{N_("others"), judge_others},
};
const int doctor_check_count = sizeof doctor_checks / sizeof *doctor_checks;
