/* What the facts mean. Pure: tests/unit/test_doctor.c speaks every sentence. */
#include "cli/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The limits of light and size are those that a calibration asks for (gather.c); beyond 45 % of the width
 * between the eyes the shoulders are out of the picture. */
static const double room_least = 25, face_least = 40, face_most = 245;
static const double eyes_least_px = 30, eyes_most_share = 0.45;
static const double disk_least_mb = 50, disk_low_mb = 500;

const char *doctor_level_name(enum doctor_level level)
{
	static const char *const names[] = {"ok", "warning", "problem"};
	return names[level];
}

__attribute__((format(printf, 4, 5)))
static void find(struct doctor_finding *f, enum doctor_level level, const char *to_do, const char *what, ...)
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
		find(f, DOCTOR_PROBLEM, "plug one in; a laptop's may be off by a key or in the firmware",
		     "no camera found");
		return;
	}
	for (int i = 0; c == NULL && i < d->camera_count; i++)
		if (d->cameras[i].denied) {
			find(f, DOCTOR_PROBLEM, "sudo adduser \"$USER\" video, then log in again",
			     "%s may not be opened by you", d->cameras[i].device.path);
			return;
		}
	if (c == NULL)
		find(f, DOCTOR_PROBLEM, "plug in a camera that gives colour pictures",
		     "none of %d nodes can be used; %s: %s", d->camera_count, d->cameras[0].device.path,
		     d->cameras[0].device.why_not);
	else if (c->holder.pid != 0 && strcmp(c->holder.program, "unknotd") != 0)
		find(f, DOCTOR_WARNING, "unknot waits until that program has ended",
		     "%s (%s) is open in %s (process %d)", c->device.path, c->device.name, c->holder.program,
		     c->holder.pid);
	else
		find(f, DOCTOR_OK, "", "%s (%s), %s%s", c->device.path, c->device.name, c->device.formats,
		     c->holder.pid != 0 ? ", unknotd has it open" : "");
}

static bool not_looked(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (!d->looked)
		find(f, DOCTOR_WARNING, "", "not seen: %s", d->not_looked);
	return !d->looked;
}

static void judge_light(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (not_looked(d, f))
		return;
	if (luma_is_blocked(&d->light) && !d->face)
		find(f, DOCTOR_PROBLEM, "open the camera's shutter, or turn on a lamp",
		     "the picture is black or blank (brightness %.0f of 255)", d->light.mean);
	else if (d->light.mean < room_least)
		find(f, DOCTOR_WARNING, "more light from the front", "too dark: brightness %.0f of 255",
		     d->light.mean);
	else if (d->face && d->face_mean < face_least && d->light.mean > 2 * d->face_mean)
		find(f, DOCTOR_WARNING, "close the curtain behind you, or turn on a lamp in front of you",
		     "light from behind: your face has %.0f of 255, the picture %.0f", d->face_mean,
		     d->light.mean);
	else if (d->face && d->face_mean < face_least)
		find(f, DOCTOR_WARNING, "turn on a lamp in front of you", "your face is dark: %.0f of 255",
		     d->face_mean);
	else if (d->face ? d->face_mean > face_most : d->light.mean > face_most)
		find(f, DOCTOR_WARNING, "move the lamp away from the camera and from you",
		     "too bright: brightness %.0f of 255", d->face ? d->face_mean : d->light.mean);
	else
		find(f, DOCTOR_OK, "", "brightness %.0f of 255", d->light.mean);
}

static void judge_face(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (not_looked(d, f))
		return;
	if (!d->face)
		find(f, DOCTOR_WARNING, "sit before the camera and ask again", "no face in the picture");
	else if (d->eyes_px < eyes_least_px)
		find(f, DOCTOR_WARNING, "come nearer, or put the camera nearer",
		     "your face is too small: %.0f pixels between the eyes' outer corners, %.0f are needed",
		     d->eyes_px, eyes_least_px);
	else if (d->eyes_px > eyes_most_share * d->width)
		find(f, DOCTOR_WARNING, "sit back, or put the camera further away",
		     "your face is too large: %.0f of %.0f pixels between the eyes' outer corners",
		     d->eyes_px, d->width);
	else
		find(f, DOCTOR_OK, "", "%.0f pixels between the eyes' outer corners", d->eyes_px);
}

static void judge_models(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (*d->models_error != '\0')
		find(f, DOCTOR_PROBLEM, "install unknot again", "%s", d->models_error);
	else
		find(f, DOCTOR_OK, "", "sha256 %.16s...", d->models_hash);
}

static void judge_config(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (*d->config_error != '\0')
		find(f, DOCTOR_PROBLEM, "mend that line; `unknot config` lists what there is", "%s",
		     d->config_error);
	else
		find(f, DOCTOR_OK, "", "can be read");
}

static void judge_profile(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (*d->profile_error != '\0')
		find(f, DOCTOR_WARNING, "run `unknot calibrate`", "%s", d->profile_error);
	else if (d->profiles == 0)
		find(f, DOCTOR_WARNING, "run `unknot calibrate`", "nothing known of how you sit upright");
	else
		find(f, DOCTOR_OK, "", "%d there", d->profiles);
}

static void judge_bus(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (!d->bus)
		find(f, DOCTOR_WARNING, "log in to a desktop session, or install dbus-user-session", "%s",
		     d->bus_error);
	else if (!d->daemon)
		find(f, DOCTOR_WARNING, "systemctl --user start unknot", "there, but unknotd is not running");
	else
		find(f, DOCTOR_OK, "", "there, and unknotd is running");
}

static void judge_server(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (!d->server)
		find(f, DOCTOR_WARNING, "start your desktop's notification server, or one like dunst",
		     "nobody shows notifications");
	else if (!d->server_body)
		find(f, DOCTOR_WARNING, "use a server that shows a text below the title",
		     "%s %s shows titles only", d->server_name, d->server_version);
	else
		find(f, DOCTOR_OK, "", "%s %s%s", d->server_name, d->server_version,
		     d->server_actions ? "" : ", without buttons: use `unknot snooze`");
}

static void judge_sandbox(const struct doctor_facts *d, struct doctor_finding *f)
{
	char text[256];
	sandbox_describe(&d->sandbox, text, sizeof text);
	if (d->sandbox.landlock <= 0)
		find(f, DOCTOR_WARNING, "a kernel from 5.13 on with landlock in its lsm= list has it",
		     "no Landlock: %s", text);
	else if (!d->sandbox.seccomp)
		find(f, DOCTOR_WARNING, "a kernel built with CONFIG_SECCOMP_FILTER has it", "no seccomp: %s",
		     text);
	else
		find(f, DOCTOR_OK, "", "%s", text);
}

static void judge_disk(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (!d->state_writable)
		find(f, DOCTOR_PROBLEM, "make it your own folder and writable: chmod u+rwx",
		     "%s cannot be written", d->state_dir);
	else if (d->free_mb >= 0 && d->free_mb < disk_least_mb)
		find(f, DOCTOR_PROBLEM, "free some space; until then the history stays in memory",
		     "%.0f MB free at %s", d->free_mb, d->state_dir);
	else if (d->free_mb >= 0 && d->free_mb < disk_low_mb)
		find(f, DOCTOR_WARNING, "free some space soon", "%.0f MB free at %s", d->free_mb,
		     d->state_dir);
	else if (d->free_mb < 0)
		find(f, DOCTOR_OK, "", "%s is not there yet and can be made", d->state_dir);
	else
		find(f, DOCTOR_OK, "", "%s, %.0f MB free", d->state_dir, d->free_mb);
}

static void judge_history(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (d->sound == STORE_DAMAGED)
		find(f, DOCTOR_PROBLEM, "restart unknotd: it keeps the damaged file aside and begins anew",
		     "the history is damaged");
	else if (*d->store_error != '\0')
		find(f, DOCTOR_PROBLEM, "see what is wrong with the file", "%s", d->store_error);
	else if (d->history_mode == 0)
		find(f, DOCTOR_OK, "", "none yet");
	else
		find(f, DOCTOR_OK, "", "%s", d->sound == STORE_SOUND ? "every page is sound" : "can be read");
}

static void judge_clock(const struct doctor_facts *d, struct doctor_finding *f)
{
	if (d->now_s < d->built_s)
		find(f, DOCTOR_PROBLEM, "set it; reports would be of the wrong day",
		     "the clock shows a time before unknot was built");
	else if (!d->zone_known)
		find(f, DOCTOR_WARNING, "timedatectl set-timezone; days begin at midnight UTC till then",
		     "the time zone is not known");
	else if (!d->synchronised)
		find(f, DOCTOR_WARNING, "timedatectl set-ntp true", "the clock is not synchronised");
	else
		find(f, DOCTOR_OK, "", "set, synchronised, time zone known");
}

static void judge_others(const struct doctor_facts *d, struct doctor_finding *f)
{
	for (int i = 0; i < d->camera_count; i++)
		if ((d->cameras[i].mode & 0006) != 0) {
			find(f, DOCTOR_WARNING, "sudo chmod o-rw, and look for the udev rule that did it",
			     "every user of this machine may open %s", d->cameras[i].device.path);
			return;
		}
	if ((d->state_mode & 0077) != 0)
		find(f, DOCTOR_WARNING, "chmod 700 that folder", "others may look into %s (mode %03o)",
		     d->state_dir, (unsigned)d->state_mode);
	else if ((d->history_mode & 0077) != 0)
		find(f, DOCTOR_WARNING, "chmod 600 history.sqlite*",
		     "others may read the history in %s (mode %03o)", d->state_dir,
		     (unsigned)d->history_mode);
	else if (d->other_users > 0)
		find(f, DOCTOR_WARNING, "if the camera is busy, they may have it",
		     "%d other user%s logged in", d->other_users, d->other_users > 1 ? "s are" : " is");
	else
		find(f, DOCTOR_OK, "", "nobody else may open the camera or read the history");
}

const struct doctor_check doctor_checks[] = {
	{"camera", judge_camera}, {"light", judge_light}, {"face", judge_face}, {"networks", judge_models},
	{"configuration", judge_config}, {"profile", judge_profile}, {"bus", judge_bus},
	{"notifications", judge_server}, {"sandbox", judge_sandbox}, {"disk", judge_disk},
	{"history", judge_history}, {"clock", judge_clock}, {"others", judge_others},
};
const int doctor_check_count = sizeof doctor_checks / sizeof *doctor_checks;
