/* What `unknot doctor` makes of facts: all well first, then one thing wrong at a time. */
#include "doctor/doctor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct doctor_facts d;

static int all_well(void **state)
{
	(void)state;
	memset(&d, 0, sizeof d);
	d.camera_count = 1;
	d.cameras[0] = (struct doctor_camera){
		.device = {.path = "/dev/video0", .name = "Cam", .formats = "MJPG, YUYV",
		           .usable = true},
		.mode = 0660,
	};
	d.looked = d.face = true;
	d.light = (struct luma_statistics){.mean = 110, .deviation = 50};
	d.eyes_px = 90, d.width = 640, d.face_mean = 120;
	snprintf(d.models_hash, sizeof d.models_hash, "0123456789abcdef0123");
	d.profiles = 1;
	d.bus = d.server = d.server_actions = d.server_body = d.daemon = true;
	snprintf(d.server_name, sizeof d.server_name, "dunst");
	d.sandbox = (struct sandbox){.landlock = 3, .seccomp = true};
	snprintf(d.state_dir, sizeof d.state_dir, "/srv/a/state");
	d.state_writable = true;
	d.free_mb = 9000;
	d.sound = STORE_SOUND;
	d.state_mode = 0700, d.history_mode = 0600;
	d.now_s = 2000, d.built_s = 1000;
	d.zone_known = d.synchronised = true;
	return 0;
}

static struct doctor_finding judged(const char *name)
{
	struct doctor_finding f = {0};
	for (int i = 0; i < doctor_check_count; i++)
		if (strcmp(doctor_checks[i].name, name) == 0) {
			doctor_checks[i].judge(&d, &f);
			return f;
		}
	fail_msg("no check %s", name);
	return f;
}

/* The check says this, and what to do; every other check is as content as before. */
static void expect(const char *name, enum doctor_level level, const char *what, const char *to_do)
{
	const struct doctor_finding f = judged(name);
	if (f.level != level || strstr(f.what, what) == NULL || strstr(f.to_do, to_do) == NULL)
		fail_msg("%s: %s: %s; %s", name, doctor_level_name(f.level), f.what, f.to_do);
	all_well(NULL);
}

static void nothing_is_wrong(void **state)
{
	(void)state;
	for (int i = 0; i < doctor_check_count; i++)
		expect(doctor_checks[i].name, DOCTOR_OK, "", "");
}

static void cameras(void **state)
{
	(void)state;
	d.camera_count = 0;
	expect("camera", DOCTOR_PROBLEM, "no camera found", "plug one in");
	d.cameras[0].device.usable = false;
	d.cameras[0].denied = true;
	expect("camera", DOCTOR_PROBLEM, "/dev/video0 may not be opened",
	       "adduser \"$USER\" video");
	d.cameras[0].device.usable = false;
	snprintf(d.cameras[0].device.why_not, sizeof d.cameras[0].device.why_not, "grey only");
	expect("camera", DOCTOR_PROBLEM, "none of 1 nodes can be used; /dev/video0: grey only",
	       "colour");
	d.cameras[0].holder = (struct camera_holder){4711, "zoom"};
	expect("camera", DOCTOR_WARNING, "is open in zoom (process 4711)", "waits");
	d.cameras[0].holder = (struct camera_holder){4711, "unknotd"};
	expect("camera", DOCTOR_OK, "unknotd has it open", "");
	expect("camera", DOCTOR_OK, "MJPG, YUYV", "");
}

static void light_and_face(void **state)
{
	(void)state;
	d.looked = false, d.unseen = DOCTOR_TAKEN;
	snprintf(d.not_looked, sizeof d.not_looked, "zoom (1)");
	expect("light", DOCTOR_WARNING, "not seen: zoom (1) has the camera open",
	       "when that program has ended");
	d.looked = false, d.unseen = DOCTOR_NO_CAMERA;
	expect("face", DOCTOR_WARNING, "without a camera", "see what is said of the camera");
	d.looked = false, d.unseen = DOCTOR_NOT_ASKED;
	expect("face", DOCTOR_OK, "not looked at", "");
	d.looked = false, d.unseen = DOCTOR_FAILED;
	snprintf(d.not_looked, sizeof d.not_looked, "Cam: timeout");
	expect("light", DOCTOR_WARNING, "not seen: Cam: timeout", "plug it in");
	d.face = false;
	d.light = (struct luma_statistics){.mean = 2, .deviation = 1, .dark_share = 1};
	expect("light", DOCTOR_PROBLEM, "black or blank", "shutter");
	d.light = (struct luma_statistics){.mean = 20, .deviation = 30, .dark_share = 0.5};
	expect("light", DOCTOR_WARNING, "too dark: brightness 20", "more light");
	d.face_mean = 30;
	expect("light", DOCTOR_WARNING, "light from behind: your face has 30", "curtain");
	d.face_mean = 30, d.light.mean = 50;
	expect("light", DOCTOR_WARNING, "your face is dark: 30", "lamp in front");
	d.face_mean = 250;
	expect("light", DOCTOR_WARNING, "too bright: brightness 250", "lamp away");
	d.face = false, d.light.mean = 250;
	expect("light", DOCTOR_WARNING, "too bright: brightness 250", "lamp away");
	d.face = false;
	expect("face", DOCTOR_WARNING, "no face", "sit before");
	d.eyes_px = 20;
	expect("face", DOCTOR_WARNING, "too small: 20 pixels", "nearer");
	d.eyes_px = 300;
	expect("face", DOCTOR_WARNING, "too large: 300 of 640", "sit back");
}

static void what_unknot_needs(void **state)
{
	(void)state;
	snprintf(d.models_error, sizeof d.models_error, "unknot.model: not there");
	expect("networks", DOCTOR_PROBLEM, "unknot.model", "install");
	snprintf(d.config_error, sizeof d.config_error, "unknot.conf:1: nonsense");
	expect("configuration", DOCTOR_PROBLEM, "unknot.conf:1", "mend");
	snprintf(d.profile_error, sizeof d.profile_error, "desk.json: not a profile");
	expect("profile", DOCTOR_WARNING, "desk.json", "calibrate");
	d.profiles = 0;
	expect("profile", DOCTOR_WARNING, "nothing known", "calibrate");
	d.bus = false;
	snprintf(d.bus_error, sizeof d.bus_error, "no address");
	expect("bus", DOCTOR_WARNING, "no address", "dbus-user-session");
	d.daemon = false;
	expect("bus", DOCTOR_WARNING, "unknotd is not running", "systemctl --user start");
	d.server = false;
	expect("notifications", DOCTOR_WARNING, "nobody shows", "dunst");
	d.server_body = false;
	expect("notifications", DOCTOR_WARNING, "titles only", "server");
	d.server_actions = false;
	expect("notifications", DOCTOR_OK, "without buttons", "");
	d.sandbox.landlock = 0;
	expect("sandbox", DOCTOR_WARNING, "no Landlock", "5.13");
	d.sandbox.seccomp = false;
	expect("sandbox", DOCTOR_WARNING, "no seccomp", "CONFIG_SECCOMP_FILTER");
}

static void disk_and_history(void **state)
{
	(void)state;
	d.state_writable = false;
	expect("disk", DOCTOR_PROBLEM, "/srv/a/state cannot be written", "chmod u+rwx");
	d.free_mb = 10;
	expect("disk", DOCTOR_PROBLEM, "10 MB free", "free some space");
	d.free_mb = 100;
	expect("disk", DOCTOR_WARNING, "100 MB free", "soon");
	d.free_mb = -1;
	expect("disk", DOCTOR_OK, "not there yet", "");
	d.sound = STORE_DAMAGED;
	expect("history", DOCTOR_PROBLEM, "damaged", "restart unknotd");
	snprintf(d.store_error, sizeof d.store_error, "history.sqlite: newer");
	expect("history", DOCTOR_PROBLEM, "newer", "without history");
	d.sound = STORE_UNCHECKED;
	expect("history", DOCTOR_OK, "can be read", "");
	d.history_mode = 0;
	expect("history", DOCTOR_OK, "none yet", "");
}

static void clock_and_others(void **state)
{
	(void)state;
	d.now_s = 500;
	expect("clock", DOCTOR_PROBLEM, "before unknot was built", "set the clock");
	d.zone_known = false;
	expect("clock", DOCTOR_WARNING, "time zone", "set-timezone");
	d.synchronised = false;
	expect("clock", DOCTOR_WARNING, "not synchronised", "set-ntp");
	d.cameras[0].mode = 0666;
	expect("others", DOCTOR_WARNING, "every user of this machine may open /dev/video0",
	       "chmod o-rw");
	d.state_mode = 0755;
	expect("others", DOCTOR_WARNING, "mode 755", "chmod 700");
	d.history_mode = 0644;
	expect("others", DOCTOR_WARNING, "mode 644", "chmod 600");
	d.other_users = 2;
	expect("others", DOCTOR_WARNING, "2 other users are", "they may have it");
	d.other_users = 1;
	expect("others", DOCTOR_WARNING, "another user is", "they may have it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_is_wrong, all_well),
		cmocka_unit_test_setup(cameras, all_well),
		cmocka_unit_test_setup(light_and_face, all_well),
		cmocka_unit_test_setup(what_unknot_needs, all_well),
		cmocka_unit_test_setup(disk_and_history, all_well),
		cmocka_unit_test_setup(clock_and_others, all_well),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
