/* Why the camera is off, and until when. */
#include "base/clock.h"
#include "base/paths.h"
#include "daemon/lid.h"
#include "daemon/pause.h"
#include "daemon/remember.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static unsigned bit(enum pause_reason r)
{
	return 1u << r;
}

static unsigned at(struct pause *p, double now)
{
	pause_expire(p, now);
	return pause_reasons(p, true);
}

static void a_pause_ends_on_time_whatever_slept(void **state)
{
	(void)state;
	struct pause p = {0};
	pause_begin(&p, PAUSE_USER, 1000 + 1800);
	pause_begin(&p, PAUSE_ASLEEP, INFINITY);
	assert_true(pause_next(&p) >= 2800 && pause_next(&p) <= 2800);
	assert_int_equal(at(&p, 2799), bit(PAUSE_USER) | bit(PAUSE_ASLEEP));
	/* An hour of sleep later. */
	pause_end(&p, PAUSE_ASLEEP);
	assert_int_equal(at(&p, 1000 + 3600), 0);
	assert_true(isinf(pause_next(&p)));
}

static void a_request_to_lock_is_no_state(void **state)
{
	(void)state;
	struct pause p = {0};
	pause_lock_request(&p, true, 100);
	assert_int_equal(at(&p, 100 + PAUSE_LOCK_REQUEST_S - 1), bit(PAUSE_LOCK_REQUEST));
	assert_int_equal(at(&p, 100 + PAUSE_LOCK_REQUEST_S), 0);
	/* A desktop that answers: locked until it says otherwise. */
	pause_lock_request(&p, true, 200);
	pause_state(&p, PAUSE_LOCKED, true);
	assert_int_equal(at(&p, 200), bit(PAUSE_LOCKED));
	assert_int_equal(at(&p, 1e6), bit(PAUSE_LOCKED));
	pause_lock_request(&p, true, 1e6); /* again: it is */
	assert_int_equal(at(&p, 1e6), bit(PAUSE_LOCKED));
	assert_true(isinf(pause_next(&p)));
	pause_state(&p, PAUSE_LOCKED, false);
	assert_int_equal(at(&p, 1e6), 0);
	/* One that says all along that it is not does not answer by that. */
	pause_lock_request(&p, true, 2e6);
	pause_state(&p, PAUSE_LOCKED, false);
	assert_int_equal(at(&p, 2e6), bit(PAUSE_LOCK_REQUEST));
	pause_lock_request(&p, false, 2e6);
	assert_int_equal(at(&p, 2e6), 0);
}

static void resume_ends_what_it_can(void **state)
{
	(void)state;
	struct pause p = {0};
	pause_begin(&p, PAUSE_USER, INFINITY);
	pause_begin(&p, PAUSE_LENT, 500);
	pause_lock_request(&p, true, 100);
	pause_state(&p, PAUSE_LID, true);
	pause_state(&p, PAUSE_INACTIVE, true);
	pause_resume(&p);
	assert_int_equal(at(&p, 100), bit(PAUSE_LID) | bit(PAUSE_INACTIVE));
	/* The lid is a reason for the camera in it only. */
	assert_int_equal(pause_reasons(&p, false), bit(PAUSE_INACTIVE));
}

static void every_reason_has_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < PAUSE_REASONS; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(pause_name((enum pause_reason)i),
			                        pause_name((enum pause_reason)j));
}

/* ---- over a restart ---- */

static char folder[] = "/tmp/unknot-pause-XXXXXX";

static struct deadlines kept(struct deadlines d, struct instant then, const char *boot,
                             struct instant now)
{
	struct error error;
	struct deadlines got;
	assert_true(remember_save_deadlines(&d, folder, "here", then, &error));
	assert_true(remember_deadlines(&got, folder, boot, now, &error));
	return got;
}

static void deadlines_outlive_daemon_and_machine(void **state)
{
	(void)state;
	const struct instant then = {5000, 1795000000000};
	const struct deadlines d = {5000 + 1800, INFINITY};
	/* The daemon began anew, ten minutes later; the wall clock was set back a day, which says
	 * nothing. */
	struct deadlines got = kept(d, then, "here",
	                            (struct instant){5600, then.wall_ms - 86400000});
	assert_true(fabs(got.paused - 6800) < 1e-3 && isinf(got.snoozed));
	/* The machine did, ten minutes later by the wall. */
	got = kept(d, then, "there", (struct instant){30, then.wall_ms + 600000});
	assert_true(fabs(got.paused - (30 + 1200)) < 1e-3 && isinf(got.snoozed));
	/* Set back meanwhile: no longer than it was. */
	got = kept(d, then, "there", (struct instant){30, then.wall_ms - 86400000});
	assert_true(fabs(got.paused - (30 + 1800)) < 1e-3);
	/* Over, in the one way and the other. */
	assert_true(kept(d, then, "here", (struct instant){6800, then.wall_ms}).paused <= 0);
	assert_true(kept(d, then, "there", (struct instant){1, then.wall_ms + 1800000}).paused <=
	            0);
	const struct pause_deadline none = pause_deadline_of(then.seconds, then);
	assert_true(none.until == 0 && none.until_wall_ms == 0 && none.left_s == 0);
	/* Where nobody knows one run from another, none is the same. */
	struct error error;
	assert_true(remember_save_deadlines(&d, folder, "", then, &error));
	assert_true(remember_deadlines(&got, folder, "", (struct instant){30, then.wall_ms},
	                               &error));
	assert_true(fabs(got.paused - (30 + 1800)) < 1e-3);
}

static void a_damaged_memory_is_none(void **state)
{
	(void)state;
	static const char *const texts[] = {"{}", "{\"paused\":7}",
	                                    "{\"paused\":{\"until_s\":\"x\"}}",
		"{\"paused\":{\"until_s\":1e300,\"until_ms\":1e300,\"left_s\":1}}"};
	struct error error;
	struct deadlines got;
	char path[PATH_SIZE];
	snprintf(path, sizeof path, "%s/deadlines.json", folder);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_true(path_write_file(path, texts[i], strlen(texts[i]), &error));
		assert_true(remember_deadlines(&got, folder, "here", (struct instant){10, 10},
		                               &error));
		assert_true(got.paused <= 0 && got.snoozed <= 0);
	}
	assert_true(path_write_file(path, "{", 1, &error));
	assert_false(remember_deadlines(&got, folder, "here", (struct instant){10, 10}, &error));
	assert_non_null(strstr(error.text, "deadlines.json"));
	unlink(path);
	assert_true(remember_deadlines(&got, folder, "here", (struct instant){10, 10}, &error));
}

/* ---- tomorrow ---- */

static double hours_until_tomorrow(int day, int hour, int minute)
{
	struct tm t = {.tm_year = 126, .tm_mon = 2, .tm_mday = day, .tm_hour = hour,
	               .tm_min = minute,
	               .tm_isdst = -1};
	return clock_until_tomorrow((int64_t)mktime(&t) * 1000) / 3600;
}

static void tomorrow_is_the_next_four_in_the_morning(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	assert_true(fabs(hours_until_tomorrow(10, 0, 30) - 3.5) < 1e-6);
	assert_true(fabs(hours_until_tomorrow(10, 4, 0) - 24) < 1e-6);
	assert_true(fabs(hours_until_tomorrow(10, 9, 0) - 19) < 1e-6);
	assert_true(fabs(hours_until_tomorrow(10, 23, 59) - (4 + 1 / 60.0)) < 1e-6);
	/* The night of 29 March has no hour from two to three. */
	assert_true(fabs(hours_until_tomorrow(28, 22, 0) - 5) < 1e-6);
}

/* ---- the lid ---- */

static void camera(const char *root, const char *node, const char *removable)
{
	char text[512];
	snprintf(text, sizeof text,
	         "mkdir -p %s/devices/usb/%s/1-1:1.0/video4linux/%s %s/class/video4linux && ln "
	         "-sfn ../../devices/usb/%s/1-1:1.0/video4linux/%s %s/class/video4linux/%s && ln "
	         "-sfn ../.. %s/devices/usb/%s/1-1:1.0/video4linux/%s/device",
	         root, node, node, root, node, node, root, node, root, node, node);
	assert_int_equal(system(text), 0);
	if (removable == NULL)
		return;
	snprintf(text, sizeof text, "echo %s > %s/devices/usb/%s/removable", removable, root, node);
	assert_int_equal(system(text), 0);
}

/* As sysfs has it: class/video4linux/videoN leads into the device's folders, and its `device` to
 * the USB interface, which is in the folder of the device, where `removable` is
 * (drivers/usb/core/sysfs.c). */
static void the_lid_covers_what_is_built_in(void **state)
{
	(void)state;
	char root[300];
	snprintf(root, sizeof root, "%s/sys", folder);
	camera(root, "video0", "fixed");
	camera(root, "video1", "removable");
	camera(root, "video2", "unknown");
	camera(root, "video3", NULL);
	assert_true(lid_covers(root, "/dev/video0", false));
	assert_true(lid_covers(root, "/dev/video0", true));
	assert_false(lid_covers(root, "/dev/video1", false));
	assert_false(lid_covers(root, "/dev/video1", true));
	for (int i = 2; i < 5; i++) { /* not known, not told, not there */
		char node[32];
		snprintf(node, sizeof node, "/dev/video%d", i);
		assert_true(lid_covers(root, node, false));
		assert_false(lid_covers(root, node, true));
	}
	/* By another name. */
	char link[320];
	snprintf(link, sizeof link, "%s/video1", folder);
	fclose(fopen(link, "w"));
	char name[330];
	snprintf(name, sizeof name, "%s/by-id", folder);
	assert_int_equal(symlink(link, name), 0);
	assert_false(lid_covers(root, name, false));
}

/* Beside its pictures a camera of uvcvideo has a node for metadata, whose index is 1; a loopback is
 * below devices/virtual. */
static void the_lid_leaves_what_stands_beside_it(void **state)
{
	(void)state;
	char root[300], text[800];
	snprintf(root, sizeof root, "%s/leaves", folder);
	assert_false(lid_leaves_one(root, false)); /* no video4linux at all */
	camera(root, "video0", "fixed");
	snprintf(text, sizeof text, "mkdir -p %s/devices/virtual/video4linux/video7 && ln -sfn "
	         "../../devices/virtual/video4linux/video7 %s/class/video4linux/video7",
	         root, root);
	assert_int_equal(system(text), 0);
	assert_false(lid_leaves_one(root, false));
	assert_false(lid_leaves_one(root, true));
	camera(root, "video1", "removable");
	assert_true(lid_leaves_one(root, false));
	snprintf(text, sizeof text, "echo 1 > %s/class/video4linux/video1/index", root);
	assert_int_equal(system(text), 0);
	assert_false(lid_leaves_one(root, false));
	camera(root, "video2", NULL);
	assert_false(lid_leaves_one(root, false));
	assert_true(lid_leaves_one(root, true)); /* docked: it is not known to be built in */
}

static int remove_folder(void **state)
{
	(void)state;
	char text[64];
	snprintf(text, sizeof text, "rm -r %s", folder);
	return system(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pause_ends_on_time_whatever_slept),
		cmocka_unit_test(a_request_to_lock_is_no_state),
		cmocka_unit_test(resume_ends_what_it_can),
		cmocka_unit_test(every_reason_has_its_name),
		cmocka_unit_test(deadlines_outlive_daemon_and_machine),
		cmocka_unit_test(a_damaged_memory_is_none),
		cmocka_unit_test(tomorrow_is_the_next_four_in_the_morning),
		cmocka_unit_test(the_lid_covers_what_is_built_in),
		cmocka_unit_test(the_lid_leaves_what_stands_beside_it),
	};
	if (mkdtemp(folder) == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, remove_folder);
}
