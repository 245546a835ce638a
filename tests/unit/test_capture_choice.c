/* Which camera is used, on machines as they were reported: each row is one. */
#include "capture/manners.h"
#include "capture/v4l2_system.h"
#include "fake_nodes.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#undef stop /* cmocka 2 has a macro of that name */

static char dev[] = "/tmp/unknot-choice-XXXXXX";

/* ---- a machine ---- */

static const char *in_dev(int number)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/video%d", dev, number);
	return path;
}

static void clear(void)
{
	for (int i = 0; i < fake.count; i++)
		unlink(in_dev(fake.nodes[i].number));
	memset(&fake, 0, sizeof fake);
	fake.started = -1;
}

static void add(const struct node *n)
{
	assert_true(fake.count < NODES_MAX);
	fake.nodes[fake.count++] = *n;
	assert_int_equal(close(open(in_dev(n->number), O_CREAT | O_WRONLY, 0600)), 0);
}

static struct capture *best_with(const struct best_pipewire *pipewire, const char *device)
{
	struct error error;
	const struct best_places places = {&fake_system, &fake_system, dev, pipewire};
	struct capture *c = capture_best_in(&places, device, W, H, &error);
	assert_non_null(c);
	return c;
}

static struct capture *best(void)
{
	return best_with(NULL, NULL);
}

static enum capture_status look(struct capture *c, struct error *error)
{
	struct frame frame;
	enum capture_status got = c->ops->start(c, error);
	if (got == CAPTURE_FRAME)
		got = c->ops->read(c, 0.001, &frame, error);
	if (got == CAPTURE_FRAME)
		assert_int_equal(frame.width, fake.format.width);
	return got;
}

static const struct node usb = {.number = 42, .card = "USB Webcam", .can = CAMERA,
                                .formats = {V4L2_PIX_FMT_YUYV}};

static void the_one_that_can_be_read_is_used(void **state)
{
	(void)state;
	static const struct {
		struct node first;
		const char *why;
	} rows[] = {
		{{.card = "ipu7", .driver = "isys", .can = RAW_SENSOR,
		  .formats = {V4L2_PIX_FMT_SRGGB8},
		  .start_error = ENOLINK}, "raw sensor: needs libcamera"},
		{{.card = "unicam", .driver = "unicam", .can = CAMERA,
		  .formats = {V4L2_PIX_FMT_SRGGB10P}},
		 "raw sensor: needs libcamera"},
		{{.card = "Qualcomm Camera Subsystem", .driver = "qcom-camss", .can = PLANES,
		  .formats = {V4L2_PIX_FMT_NV12}}, "multi-planar"},
		{{.card = "DJI Action 4", .can = CAMERA, .formats = {V4L2_PIX_FMT_H264}},
		 "gives only H264"},
		{{.card = "RealSense Depth", .can = CAMERA,
		  .formats = {V4L2_PIX_FMT_Z16, V4L2_PIX_FMT_INZI}},
		 "gives only Z16 , INZI"},
		{{.card = "Laptop", .can = METADATA, .formats = {V4L2_META_FMT_UVC}},
		 "no pictures"},
		{{.card = "Laptop", .can = CAMERA, .formats = {V4L2_PIX_FMT_GREY}}, "infrared"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error error = {0};
		struct capture_device list[2];
		clear();
		add(&rows[i].first);
		struct capture *c = best();
		assert_int_equal(look(c, &error), CAPTURE_GONE);
		if (strstr(error.text, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].first.card, error.text);
		c->ops->free(c);
		add(&usb);
		c = best();
		assert_int_equal(look(c, &error), CAPTURE_FRAME);
		assert_int_equal(fake.started, 42);
		assert_string_equal(c->note, "");
		c->ops->free(c);
		assert_int_equal(capture_list_in(&fake_system, dev, list, 2), 2);
		assert_true(list[0].usable);
		assert_non_null(strstr(list[1].why_not, rows[i].why));
	}
}

static void real_ones_come_before_others(void **state)
{
	(void)state;
	static const struct node first[] = {
		{.card = "OBS Virtual Camera", .driver = "v4l2 loopback", .can = CAMERA,
		 .formats = {V4L2_PIX_FMT_YUYV}},
		{.card = "HP IR Camera", .can = CAMERA, .formats = {V4L2_PIX_FMT_MJPEG}},
		{.card = "Infrared", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV}},
	};
	struct error error;
	for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
		clear();
		add(&first[i]);
		struct capture *c = best();
		assert_string_equal(c->node, in_dev(0)); /* better than none */
		c->ops->free(c);
		add(&usb);
		c = best();
		assert_int_equal(look(c, &error), CAPTURE_FRAME);
		assert_int_equal(fake.started, 42);
		c->ops->free(c);
	}
	clear();
	add(&(struct node){.card = "Sirius", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV}});
	add(&usb);
	struct capture *c = best();
	assert_string_equal(c->node, in_dev(0));
	c->ops->free(c);
}

/* Intel's IPU6 has 48 nodes, and a folder's order is nobody's promise. */
static void many_nodes_hide_no_camera(void **state)
{
	(void)state;
	struct error error;
	struct capture_device list[4];
	clear();
	add(&(struct node){.number = 48, .card = "USB", .can = CAMERA,
	                   .formats = {V4L2_PIX_FMT_YUYV}});
	for (int i = 0; i < 48; i++)
		add(&(struct node){.number = i, .card = "Intel IPU6 ISYS Capture",
		                   .can = METADATA});
	struct capture *c = best();
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 48);
	c->ops->free(c);
	assert_int_equal(capture_list_in(&fake_system, dev, list, 4), 49);
	assert_string_equal(list[0].path, in_dev(48));
}

/* ---- yielding ---- */

static void one_that_does_not_start_yields(void **state)
{
	(void)state;
	struct error error;
	clear();
	add(&(struct node){.card = "Broken", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV},
	                   .start_error = EIO});
	add(&(struct node){.number = 1, .card = "Full bus", .can = CAMERA,
	                   .formats = {V4L2_PIX_FMT_YUYV},
	                   .start_error = ENOSPC});
	add(&usb);
	struct capture *c = best();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(look(c, &error), CAPTURE_FRAME);
		assert_int_equal(fake.started, 42);
		assert_string_equal(c->node, in_dev(42));
		assert_non_null(strstr(c->note, "Full bus"));
		assert_non_null(strstr(c->note, "USB Webcam) is used instead"));
		c->ops->stop(c);
	}
	/* None works: each is tried in every round, and the first is used as soon as it does. */
	fake.nodes[2].start_error = EIO;
	assert_int_equal(look(c, &error), CAPTURE_ERROR);
	assert_int_equal(look(c, &error), CAPTURE_ERROR);
	fake.nodes[0].start_error = 0;
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 0);
	assert_string_equal(c->note, "");
	c->ops->free(c);
}

static void one_that_is_busy_does_not_yield(void **state)
{
	(void)state;
	struct error error;
	clear();
	add(&(struct node){.card = "In a call", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV},
	                   .start_error = EBUSY});
	add(&usb);
	struct capture *c = best();
	for (int i = 0; i < 5; i++)
		assert_int_equal(look(c, &error), CAPTURE_BUSY);
	assert_int_equal(fake.starts, 0);
	c->ops->free(c);
}

static void one_that_gives_nothing_yields_after_three_bursts(void **state)
{
	(void)state;
	struct error error;
	clear();
	add(&(struct node){.card = "Silent", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV},
	                   .silent = true});
	struct capture *c = best();
	for (int i = 0; i < 7; i++) { /* nowhere to go */
		assert_int_equal(look(c, &error), CAPTURE_TIMEOUT);
		c->ops->stop(c);
	}
	c->ops->free(c);
	add(&usb);
	c = best();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(look(c, &error), CAPTURE_TIMEOUT);
		assert_int_equal(fake.started, 0);
		c->ops->stop(c);
	}
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 42);
	assert_non_null(strstr(c->note, "Silent): gives no picture; "));
	/* Nor does that one now: the round begins anew, and the first gives pictures again. */
	c->ops->stop(c);
	fake.nodes[0].silent = false;
	fake.nodes[1].silent = true;
	int looks = 0;
	while (look(c, &error) != CAPTURE_FRAME && ++looks < 12)
		c->ops->stop(c);
	assert_true(looks >= 3 && looks <= 6);
	assert_int_equal(fake.started, 0);
	c->ops->free(c);
	/* A picture that is damaged is none. */
	clear();
	add(&(struct node){.card = "Loose cable", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV},
	                   .broken = true});
	add(&usb);
	c = best();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(look(c, &error), CAPTURE_CORRUPT);
		c->ops->stop(c);
	}
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 42);
	c->ops->free(c);
}

/* Two bursts in vain and one with a picture: no reason. A burst that was cut before it waited says
 * nothing. */
static void now_and_then_nothing_is_borne(void **state)
{
	(void)state;
	struct error error;
	struct frame frame;
	clear();
	add(&(struct node){.card = "Moody", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV}});
	add(&usb);
	struct capture *c = best();
	for (int i = 0; i < 12; i++) {
		fake.nodes[0].silent = i % 3 != 2;
		assert_int_equal(look(c, &error), i % 3 != 2 ? CAPTURE_TIMEOUT : CAPTURE_FRAME);
		assert_int_equal(fake.started, 0);
		c->ops->stop(c);
		fake.nodes[0].silent = true;
		assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
		assert_int_equal(c->ops->read(c, 0, &frame, &error), CAPTURE_TIMEOUT);
		c->ops->stop(c);
	}
	c->ops->free(c);
}

/* One that was named is the one, whatever it does. */
static void a_named_camera_yields_to_none(void **state)
{
	(void)state;
	struct error error;
	clear();
	add(&(struct node){.card = "Broken", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV},
	                   .start_error = EIO});
	add(&usb);
	struct capture *c = best_with(NULL, in_dev(0));
	for (int i = 0; i < 5; i++) {
		assert_int_equal(look(c, &error), CAPTURE_ERROR);
		c->ops->stop(c);
	}
	fake.nodes[0].start_error = 0;
	fake.nodes[0].silent = true;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(look(c, &error), CAPTURE_TIMEOUT);
		assert_int_equal(fake.started, 0);
		c->ops->stop(c);
	}
	c->ops->free(c);
	c = best_with(NULL, in_dev(42));
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 42);
	c->ops->free(c);
}

/* The daemon's driver takes its time to let go. */
static int busy_for;

static enum capture_status start_when_free(struct capture *c, struct error *error)
{
	(void)c;
	error_set(error, EBUSY, "lent");
	return busy_for-- > 0 ? CAPTURE_BUSY : CAPTURE_FRAME;
}

static void one_that_is_lent_is_waited_for(void **state)
{
	(void)state;
	static const struct capture_ops ops = {.start = start_when_free};
	struct capture c = {.ops = &ops};
	struct error error;
	busy_for = 3;
	assert_int_equal(capture_start_lent(&c, &error), CAPTURE_FRAME);
	busy_for = 1000; /* a call */
	assert_int_equal(capture_start_lent(&c, &error), CAPTURE_BUSY);
	assert_true(busy_for > 900);
}

/* ---- PipeWire's part; test_capture_pipewire.c has its own ---- */

static struct {
	struct capture base;
	enum capture_status start;
	int starts, stops, frees;
	bool holds, shared;
	char joined[256];
} pipewire;

static enum capture_status pipewire_start(struct capture *c, struct error *error)
{
	error_set(error, 0, "PipeWire: told to fail");
	pipewire.starts++;
	snprintf(c->name, sizeof c->name, "PipeWire: MIPI");
	snprintf(c->id, sizeof c->id, "libcamera_input.mipi");
	return pipewire.start;
}

static enum capture_status pipewire_read(struct capture *c, double timeout_s, struct frame *frame,
                                         struct error *error)
{
	(void)timeout_s, (void)error;
	c->shared = pipewire.shared;
	*frame = (struct frame){.width = (int)fake.format.width};
	return CAPTURE_FRAME;
}

static void pipewire_stop(struct capture *c)
{
	(void)c;
	pipewire.stops++;
}

static void pipewire_free(struct capture *c)
{
	(void)c;
	pipewire.frees++;
}

static const struct capture_ops pipewire_ops = {pipewire_start, pipewire_read,
                                                pipewire_stop, pipewire_stop, pipewire_free};

static struct capture *pipewire_any(const char *name, int width, int height, struct error *error)
{
	(void)name, (void)width, (void)height, (void)error;
	pipewire.base = (struct capture){.ops = &pipewire_ops, .live = true};
	return &pipewire.base;
}

static struct capture *pipewire_join(const char *node, int width, int height, struct error *error)
{
	snprintf(pipewire.joined, sizeof pipewire.joined, "%s", node);
	return pipewire_any(NULL, width, height, error);
}

static bool pipewire_holds(const char *node)
{
	return pipewire.holds && strcmp(node, in_dev(0)) == 0;
}

static const struct best_pipewire with_pipewire = {pipewire_any, pipewire_join, pipewire_holds};

static void pipewire_is_asked_where_v4l2_has_none(void **state)
{
	(void)state;
	struct error error;
	clear();
	memset(&pipewire, 0, sizeof pipewire);
	add(&(struct node){.card = "ipu7", .can = RAW_SENSOR, .formats = {V4L2_PIX_FMT_SRGGB8}});
	struct capture *c = best_with(&with_pipewire, NULL);
	pipewire.start = CAPTURE_GONE;
	assert_int_equal(look(c, &error), CAPTURE_GONE);
	assert_non_null(strstr(error.text, "raw sensor: needs libcamera"));
	pipewire.start = CAPTURE_FRAME;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(look(c, &error), CAPTURE_FRAME);
		assert_string_equal(c->id, "libcamera_input.mipi");
		assert_string_equal(c->node, "");
		c->ops->stop(c);
	}
	assert_int_equal(pipewire.stops, 3);
	/* It goes, and a webcam has come meanwhile. */
	add(&usb);
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.starts, 0);
	c->ops->stop(c);
	pipewire.start = CAPTURE_GONE;
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 42);
	c->ops->free(c);
	assert_int_equal(pipewire.frees, 1);
}

static void pipewire_is_not_asked_for_another(void **state)
{
	(void)state;
	struct error error;
	clear();
	memset(&pipewire, 0, sizeof pipewire);
	pipewire.start = CAPTURE_FRAME;
	add(&(struct node){.card = "Broken", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV},
	                   .start_error = EIO});
	/* One was named, and that does not work. */
	struct capture *c = best_with(&with_pipewire, in_dev(0));
	assert_int_equal(look(c, &error), CAPTURE_ERROR);
	assert_int_equal(pipewire.starts, 0);
	c->ops->free(c);
	/* None works, and PipeWire's is in a call: that is no failure. */
	pipewire.start = CAPTURE_BUSY;
	c = best_with(&with_pipewire, NULL);
	assert_int_equal(look(c, &error), CAPTURE_BUSY);
	assert_string_equal(c->id, "libcamera_input.mipi");
	c->ops->free(c);
	/* PipeWire holds ours, but nobody has it open. */
	memset(&pipewire, 0, sizeof pipewire);
	fake.nodes[0].start_error = 0;
	pipewire.holds = true;
	pipewire.start = CAPTURE_FRAME;
	c = best_with(&with_pipewire, NULL);
	c->manners = manners_open(in_dev(0), &error);
	assert_non_null(c->manners);
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 0);
	assert_int_equal(pipewire.starts, 0);
	struct manners *manners = c->manners;
	c->ops->free(c);
	manners_free(manners);
}

static void one_that_pipewire_holds_is_shared_with_whom_it_is_for(void **state)
{
	(void)state;
	struct error error;
	static const char *const devices[] = {NULL, "/video0"};
	for (size_t i = 0; i < 2; i++) {
		char named[256];
		clear();
		memset(&pipewire, 0, sizeof pipewire);
		snprintf(named, sizeof named, "%s%s", dev, devices[i] != NULL ? devices[i] : "");
		add(&(struct node){.card = "In a call", .can = CAMERA,
		                   .formats = {V4L2_PIX_FMT_YUYV},
		                   .start_error = EBUSY});
		struct capture *c = best_with(&with_pipewire, devices[i] != NULL ? named : NULL);
		assert_int_equal(look(c, &error), CAPTURE_BUSY); /* somebody else's */
		assert_int_equal(pipewire.starts, 0);
		pipewire.holds = true;
		pipewire.start = CAPTURE_BUSY; /* and nobody takes its pictures */
		assert_int_equal(look(c, &error), CAPTURE_BUSY);
		assert_string_equal(pipewire.joined, in_dev(0));
		pipewire.start = CAPTURE_FRAME;
		pipewire.shared = true;
		assert_int_equal(look(c, &error), CAPTURE_FRAME);
		assert_true(c->shared);
		assert_string_equal(c->node, in_dev(0)); /* the same camera */
		c->ops->stop(c);
		assert_int_equal(pipewire.stops, 1);
		/* The call is over. */
		pipewire.holds = false;
		fake.nodes[0].start_error = 0;
		assert_int_equal(look(c, &error), CAPTURE_FRAME);
		assert_false(c->shared);
		assert_int_equal(fake.started, 0);
		c->ops->free(c);
		assert_int_equal(pipewire.frees, 1);
	}
}

/* ---- the lid ---- */

/* video0 is in it, and so is what only PipeWire has. */
static bool shut_lid(const char *node)
{
	return *node == '\0' || strcmp(node, in_dev(0)) == 0;
}

static void a_shut_lid_is_passed_over(void **state)
{
	(void)state;
	struct error error;
	clear();
	memset(&pipewire, 0, sizeof pipewire);
	add(&(struct node){.card = "Laptop", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV}});
	struct capture *c = best_with(&with_pipewire, NULL);
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 0);
	c->ops->stop(c);
	/* Alone it is not started, nor any of PipeWire's, nor shared there. */
	c->hidden = shut_lid;
	pipewire.holds = true;
	assert_int_equal(look(c, &error), CAPTURE_COVERED);
	assert_non_null(strstr(error.text, "Laptop): the lid is shut over it"));
	assert_string_equal(c->node, in_dev(0));
	c->ops->stop(c);
	/* The one beside it is found, and failing does not lead back. */
	add(&usb);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(look(c, &error), CAPTURE_FRAME);
		assert_int_equal(fake.started, 42);
		assert_string_equal(c->note, "");
		c->ops->stop(c);
	}
	assert_int_equal(fake.starts, 3);
	fake.nodes[1].start_error = EIO;
	assert_int_equal(look(c, &error), CAPTURE_COVERED);
	assert_string_equal(c->note, "");
	c->ops->stop(c);
	/* Opened again. */
	c->hidden = NULL;
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 0);
	c->ops->free(c);
	assert_int_equal(pipewire.starts, 0);
	/* Who names it means it. */
	c = best_with(NULL, in_dev(0));
	c->hidden = shut_lid;
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	c->ops->free(c);
	/* What only PipeWire has is in it too. */
	clear();
	pipewire.start = CAPTURE_FRAME;
	c = best_with(&with_pipewire, NULL);
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	c->ops->stop(c);
	c->hidden = shut_lid;
	assert_int_equal(look(c, &error), CAPTURE_COVERED);
	assert_int_equal(pipewire.starts, 1);
	c->ops->stop(c);
	add(&usb);
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	assert_int_equal(fake.started, 42);
	c->ops->free(c);
}

/* ---- what the driver tells ---- */

static void a_shutter_is_known_without_a_picture(void **state)
{
	(void)state;
	struct error error;
	clear();
	add(&(struct node){.card = "Shut", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV},
	                   .shut = true});
	add(&usb);
	struct capture *c = best();
	for (int i = 0; i < 4; i++)
		assert_int_equal(look(c, &error), CAPTURE_COVERED);
	assert_non_null(strstr(error.text, "Shut): its privacy shutter is closed"));
	assert_int_equal(fake.starts, 0);
	fake.nodes[0].shut = false;
	assert_int_equal(look(c, &error), CAPTURE_FRAME);
	c->ops->free(c);
}

/* Read as it was asked for, a smaller picture would be read beyond. */
static void the_format_in_force_counts(void **state)
{
	(void)state;
	struct error error;
	clear();
	add(&(struct node){.card = "Shared", .can = CAMERA, .formats = {V4L2_PIX_FMT_YUYV},
	                   .changed = 32});
	struct capture *c = best();
	assert_int_equal(look(c, &error), CAPTURE_FRAME); /* look() compares the widths */
	c->ops->stop(c);
	fake.nodes[0].changed = 33; /* no YUYV is so wide */
	assert_int_equal(look(c, &error), CAPTURE_BUSY);
	c->ops->free(c);
}

static int make_dev(void **state)
{
	(void)state;
	return mkdtemp(dev) != NULL ? 0 : -1;
}

static int remove_dev(void **state)
{
	(void)state;
	clear();
	return rmdir(dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_one_that_can_be_read_is_used),
		cmocka_unit_test(real_ones_come_before_others),
		cmocka_unit_test(many_nodes_hide_no_camera),
		cmocka_unit_test(one_that_does_not_start_yields),
		cmocka_unit_test(one_that_is_busy_does_not_yield),
		cmocka_unit_test(one_that_gives_nothing_yields_after_three_bursts),
		cmocka_unit_test(now_and_then_nothing_is_borne),
		cmocka_unit_test(a_named_camera_yields_to_none),
		cmocka_unit_test(pipewire_is_asked_where_v4l2_has_none),
		cmocka_unit_test(pipewire_is_not_asked_for_another),
		cmocka_unit_test(one_that_pipewire_holds_is_shared_with_whom_it_is_for),
		cmocka_unit_test(one_that_is_lent_is_waited_for),
		cmocka_unit_test(a_shut_lid_is_passed_over),
		cmocka_unit_test(a_shutter_is_known_without_a_picture),
		cmocka_unit_test(the_format_in_force_counts),
	};
	return cmocka_run_group_tests(tests, make_dev, remove_dev);
}
