/* Cameras that misbehave while they stream, and which camera is meant. test_capture.c has the fair
 * weather. */
#include "capture/v4l2_system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <math.h>
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

enum { W = 64, H = 48, ROOM = W * H * 2 };

/* ---- nodes in a folder of our own, answered for by a table ---- */

struct node {
	const char *name, *card, *bus;
	uint32_t can;
	uint32_t formats[3];
	int open_error;
};

enum { CAMERA = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING, FD = 100 };

static struct fake {
	const struct node *nodes;
	int node_count;
	char opened[256];
	/* The stream: what each poll and dequeue gives. */
	struct v4l2_pix_format format;
	int set_format_error, queue_error;
	const char *script;       /* 'f' picture, 'e' error flag, '0' empty, 'a' EAGAIN, 'i' EIO */
	short events;
	uint32_t bad_index;
	bool endless;
	bool queued[4];
	unsigned char memory[4][ROOM], level;
} fake;

static int refuse(int code)
{
	errno = code;
	return -1;
}

static const struct node *node_of(const char *path)
{
	char real[PATH_MAX];
	const char *name = realpath(path, real) != NULL ? strrchr(real, '/') + 1 : "";
	for (int i = 0; i < fake.node_count; i++)
		if (strcmp(fake.nodes[i].name, name) == 0)
			return &fake.nodes[i];
	return NULL;
}

static int fake_open(const char *path, int flags)
{
	(void)flags;
	snprintf(fake.opened, sizeof fake.opened, "%s", path);
	const struct node *n = node_of(path);
	if (fake.nodes != NULL && n == NULL)
		return refuse(ENOENT);
	if (n != NULL && n->open_error != 0)
		return refuse(n->open_error);
	return n != NULL ? FD + (int)(n - fake.nodes) : FD;
}

static int fake_close(int fd)
{
	assert_true(fd >= FD);
	return 0;
}

static int fake_dequeue(struct v4l2_buffer *b)
{
	char step = *fake.script;
	if (step == '\0')
		step = fake.endless ? 'f' : 'a';
	else
		fake.script++;
	if (step == 'a')
		return refuse(EAGAIN);
	if (step == 'i')
		return refuse(EIO);
	for (uint32_t i = 0; i < 4; i++) {
		if (!fake.queued[i])
			continue;
		fake.queued[i] = false;
		memset(fake.memory[i], ++fake.level, ROOM);
		b->index = fake.bad_index != 0 ? fake.bad_index : i;
		b->bytesused = step == '0' ? 0 : ROOM;
		b->flags = step == 'e' ? V4L2_BUF_FLAG_ERROR : 0;
		return 0;
	}
	return refuse(EAGAIN);
}

static int fake_ioctl(int fd, unsigned long request, void *argument)
{
	const struct node *n = fake.nodes != NULL ? &fake.nodes[fd - FD] : NULL;
	switch (request) {
	case VIDIOC_QUERYCAP: {
		struct v4l2_capability *c = argument;
		if (n->can == 0)
			return refuse(ENOTTY);
		/* As drivers do: all nodes' abilities, and this one's. */
		c->capabilities = V4L2_CAP_DEVICE_CAPS | CAMERA;
		c->device_caps = n->can;
		snprintf((char *)c->card, sizeof c->card, "%s", n->card);
		snprintf((char *)c->bus_info, sizeof c->bus_info, "%s", n->bus);
		return 0;
	}
	case VIDIOC_ENUM_FMT: {
		struct v4l2_fmtdesc *f = argument;
		if (f->index >= 3 || n->formats[f->index] == 0)
			return refuse(EINVAL);
		f->pixelformat = n->formats[f->index];
		return 0;
	}
	case VIDIOC_S_FMT:
		if (fake.set_format_error != 0)
			return refuse(fake.set_format_error);
		((struct v4l2_format *)argument)->fmt.pix = fake.format;
		return 0;
	case VIDIOC_G_CTRL: return refuse(EINVAL);
	case VIDIOC_G_FMT: ((struct v4l2_format *)argument)->fmt.pix = fake.format; return 0;
	case VIDIOC_REQBUFS: ((struct v4l2_requestbuffers *)argument)->count = 4; return 0;
	case VIDIOC_QUERYBUF: {
		struct v4l2_buffer *b = argument;
		b->length = ROOM;
		b->m.offset = b->index;
		return 0;
	}
	case VIDIOC_QBUF: {
		const uint32_t i = ((struct v4l2_buffer *)argument)->index;
		if (i >= 4 || fake.queued[i])
			return refuse(EINVAL);
		if (fake.queue_error != 0)
			return refuse(fake.queue_error);
		fake.queued[i] = true;
		return 0;
	}
	case VIDIOC_DQBUF: return fake_dequeue(argument);
	case VIDIOC_STREAMOFF: memset(fake.queued, 0, sizeof fake.queued); return 0;
	}
	return 0;
}

static void *fake_map(size_t length, int fd, off_t offset)
{
	(void)length, (void)fd;
	return fake.memory[offset];
}

static int fake_unmap(void *start, size_t length)
{
	(void)start, (void)length;
	return 0;
}

static int fake_poll(struct pollfd *p, nfds_t n, int timeout_ms)
{
	(void)n;
	assert_true(timeout_ms >= 0 && timeout_ms <= 3600 * 1000 + 1);
	p->revents = fake.events;
	return p->revents != 0;
}

static const struct v4l2_system fake_system = {fake_open, fake_close, fake_ioctl,
                                               fake_map, fake_unmap, fake_poll};

/* ---- streaming ---- */

static struct capture *camera(const char *script)
{
	struct error error;
	fake = (struct fake){.script = script, .events = POLLIN};
	fake.format = (struct v4l2_pix_format){.width = W, .height = H,
	                                       .pixelformat = V4L2_PIX_FMT_YUYV,
	                                       .bytesperline = W * 2};
	struct capture *c = capture_v4l2_over(&fake_system, "/dev/video9", W, H, &error);
	assert_non_null(c);
	return c;
}

static enum capture_status start(struct capture *c)
{
	struct error error = {0};
	enum capture_status got = c->ops->start(c, &error);
	if (got != CAPTURE_FRAME)
		assert_non_null(strstr(error.text, "/dev/video9"));
	return got;
}

static enum capture_status read_for(struct capture *c, double timeout_s, struct frame *f)
{
	struct error error = {0};
	enum capture_status got = c->ops->read(c, timeout_s, f, &error);
	if (got != CAPTURE_FRAME)
		assert_non_null(strstr(error.text, "/dev/video9"));
	return got;
}

static int queued(void)
{
	return fake.queued[0] + fake.queued[1] + fake.queued[2] + fake.queued[3];
}

static void a_good_picture_beats_a_newer_damaged_one(void **state)
{
	(void)state;
	static const struct { const char *script; enum capture_status status; int level; } cases[] =
		{
		{"f", CAPTURE_FRAME, 1}, {"ffe", CAPTURE_FRAME, 2}, {"ef", CAPTURE_FRAME, 2},
		{"fe0", CAPTURE_FRAME, 1}, {"e", CAPTURE_CORRUPT, 0}, {"0e", CAPTURE_CORRUPT, 0},
		{"ffi", CAPTURE_FRAME, 2}, {"i", CAPTURE_ERROR, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct capture *c = camera(cases[i].script);
		struct frame f;
		assert_int_equal(start(c), CAPTURE_FRAME);
		assert_int_equal(read_for(c, 1, &f), cases[i].status);
		if (cases[i].status == CAPTURE_FRAME)
			assert_int_equal(f.plane[0][0], cases[i].level);
		/* However many came, no buffer is lost. */
		assert_int_equal(queued(), 4);
		c->ops->free(c);
	}
}

static void what_waits_can_be_let_go_unread(void **state)
{
	(void)state;
	struct capture *c = camera("fffa" "fa" "ea" "f");
	struct frame f;
	c->ops->discard(c); /* not started: nothing to let go */
	assert_int_equal(start(c), CAPTURE_FRAME);
	c->ops->discard(c);
	assert_int_equal(queued(), 4);
	assert_int_equal(read_for(c, 1, &f), CAPTURE_FRAME);
	assert_int_equal(f.plane[0][0], 4);
	assert_int_equal(f.sequence, 0);
	c->ops->discard(c);
	assert_int_equal(queued(), 4);
	assert_int_equal(read_for(c, 1, &f), CAPTURE_FRAME);
	assert_int_equal(f.plane[0][0], 6);
	fake.endless = true;
	c->ops->discard(c);
	assert_int_equal(queued(), 4);
	c->ops->free(c);
}

static void a_camera_faster_than_we_are_does_not_keep_us(void **state)
{
	(void)state;
	struct capture *c = camera("");
	struct frame f;
	fake.endless = true;
	assert_int_equal(start(c), CAPTURE_FRAME);
	for (uint64_t i = 0; i < 100; i++) {
		assert_int_equal(read_for(c, 1, &f), CAPTURE_FRAME);
		assert_int_equal(f.sequence, i);
	}
	c->ops->free(c);
}

static void waking_for_nothing_is_waited_out(void **state)
{
	(void)state;
	struct capture *c = camera("aaaf");
	struct frame f;
	assert_int_equal(start(c), CAPTURE_FRAME);
	assert_int_equal(read_for(c, 5, &f), CAPTURE_FRAME);
	/* And when nothing ever comes, until the deadline. */
	assert_int_equal(read_for(c, 0.02, &f), CAPTURE_TIMEOUT);
	c->ops->free(c);
}

static void no_patience_is_too_strange(void **state)
{
	(void)state;
	static const double patience[] = {0, -1, 1e300, -1e300, INFINITY, NAN};
	for (size_t i = 0; i < sizeof patience / sizeof *patience; i++) {
		struct capture *c = camera("f");
		struct frame f;
		assert_int_equal(start(c), CAPTURE_FRAME);
		assert_int_equal(read_for(c, patience[i], &f), CAPTURE_FRAME);
		c->ops->free(c);
	}
}

static void trouble_of_the_driver_is_told_apart(void **state)
{
	(void)state;
	struct frame f;
	struct capture *c = camera("i");
	assert_int_equal(start(c), CAPTURE_FRAME);
	/* An error of the queue is not an unplugged camera. */
	fake.events = POLLERR;
	assert_int_equal(read_for(c, 1, &f), CAPTURE_ERROR);
	fake.events = POLLERR | POLLHUP;
	assert_int_equal(read_for(c, 1, &f), CAPTURE_GONE);
	c->ops->free(c);
	c = camera("f");
	fake.bad_index = 77;
	assert_int_equal(start(c), CAPTURE_FRAME);
	assert_int_equal(read_for(c, 1, &f), CAPTURE_ERROR);
	c->ops->free(c);
	/* A buffer that is not taken back would be missing for good. */
	c = camera("faf");
	assert_int_equal(start(c), CAPTURE_FRAME);
	fake.queue_error = EIO;
	assert_int_equal(read_for(c, 1, &f), CAPTURE_ERROR);
	fake.queue_error = ENODEV;
	assert_int_equal(read_for(c, 1, &f), CAPTURE_GONE);
	c->ops->free(c);
}

static void formats_that_would_be_read_beyond_are_refused(void **state)
{
	(void)state;
	static const struct { uint32_t fourcc, width, height, stride; bool good; } cases[] = {
		{V4L2_PIX_FMT_YUYV, W, H, W * 2, true}, {V4L2_PIX_FMT_YUYV, W, H, 0, true},
		{V4L2_PIX_FMT_YUYV, W, H, 0xfffffffe, false}, {V4L2_PIX_FMT_YUYV, 0, H, 0, false},
		{V4L2_PIX_FMT_YUYV, 63, H, 0, false}, {V4L2_PIX_FMT_GREY, 63, 47, 0, true},
		{V4L2_PIX_FMT_NV12, W, 47, 0, false}, {V4L2_PIX_FMT_YUV420, W, H, W + 1, false},
		{V4L2_PIX_FMT_GREY, 0x80000000, H, 0, false},
		{V4L2_PIX_FMT_GREY, W, 0xffffffff, 0, false}, {V4L2_PIX_FMT_RGB565, W, H, 0, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct capture *c = camera("");
		fake.format.pixelformat = cases[i].fourcc;
		fake.format.width = cases[i].width;
		fake.format.height = cases[i].height;
		fake.format.bytesperline = cases[i].stride;
		assert_int_equal(start(c), cases[i].good ? CAPTURE_FRAME : CAPTURE_ERROR);
		c->ops->free(c);
	}
}

static void refusals_say_what_to_do(void **state)
{
	(void)state;
	static const struct { int code; enum capture_status status; const char *words; } cases[] = {
		{EBUSY, CAPTURE_BUSY, "another program"}, {ENODEV, CAPTURE_GONE, ""},
		{EIO, CAPTURE_ERROR, ""}, {ENOSPC, CAPTURE_ERROR, "another port"},
		{EINVAL, CAPTURE_ERROR, "format"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error error = {0};
		struct capture *c = camera("");
		fake.set_format_error = cases[i].code;
		assert_int_equal(c->ops->start(c, &error), cases[i].status);
		assert_non_null(strstr(error.text, cases[i].words));
		c->ops->free(c);
	}
}

/* ---- which camera ---- */

static char dev[] = "/tmp/unknot-dev-XXXXXX";

static const char *in_dev(const char *name)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", dev, name);
	return path;
}

#define LONG_NAME \
	"usb-A_Maker_With_A_Long_Name_Camera_With_A_Longer_One_0123456789ABCDEF-video-index0"

static const struct node nodes[] = {
	{"video0", "Laptop", "usb-1", V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING, {0}, 0},
	{"video1", "Laptop IR", "usb-2", CAMERA, {V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_Y16}, 0},
	{"video2", "Laptop", "usb-1", CAMERA, {V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_YUYV}, 0},
	{"video3", "Laptop", "usb-1", CAMERA, {V4L2_PIX_FMT_YUYV}, 0},
	{"video4", "Esc\033[31m\xff", "usb-3", CAMERA, {V4L2_PIX_FMT_MJPEG}, 0},
	{"video5", "Loopback", "virtual", V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING,
	 {V4L2_PIX_FMT_YUYV}, 0},
	{"video6", "Locked", "usb-4", CAMERA, {V4L2_PIX_FMT_YUYV}, EACCES},
	{"video7", "No camera", "", 0, {0}, 0},
	{"video10", "Silent", "usb-5", CAMERA, {0}, 0},
	{"video11", "Reader", "usb-6", V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_READWRITE,
	 {V4L2_PIX_FMT_YUYV}, 0},
};
enum { NODES = sizeof nodes / sizeof *nodes };

static int make_dev(void **state)
{
	(void)state;
	if (mkdtemp(dev) == NULL || mkdir(in_dev("v4l"), 0700) != 0 ||
	    mkdir(in_dev("v4l/by-id"), 0700) != 0)
		return -1;
	for (int i = 0; i < NODES; i++) {
		int fd = open(in_dev(nodes[i].name), O_CREAT | O_WRONLY, 0600);
		if (fd < 0 || close(fd) != 0)
			return -1;
	}
	close(open(in_dev("video"), O_CREAT | O_WRONLY, 0600));
	close(open(in_dev("video2x"), O_CREAT | O_WRONLY, 0600));
	return symlink("../../video4", in_dev("v4l/by-id/" LONG_NAME)) ||
	       symlink("../../video99", in_dev("v4l/by-id/gone"));
}

static int remove_dev(void **state)
{
	(void)state;
	for (int i = 0; i < NODES; i++)
		unlink(in_dev(nodes[i].name));
	unlink(in_dev("video"));
	unlink(in_dev("video2x"));
	unlink(in_dev("v4l/by-id/" LONG_NAME));
	unlink(in_dev("v4l/by-id/gone"));
	return rmdir(in_dev("v4l/by-id")) || rmdir(in_dev("v4l")) || rmdir(dev);
}

static void every_node_is_told_and_judged(void **state)
{
	(void)state;
	static const char *const why[NODES] = {
		"metadata", "infrared", NULL, "second node", NULL, "output",
		"group video", "not a video device",
		"no format", "cannot stream",
	};
	struct capture_device list[NODES + 3];
	fake = (struct fake){.nodes = nodes, .node_count = NODES};
	assert_int_equal(capture_list_in(&fake_system, dev, list, NODES + 3), NODES);
	/* Those of use first; then what may be mended; each kind in the nodes' order. */
	static const int order[NODES] = {2, 4, 6, 1, 8, 9, 0, 3, 5, 7};
	for (int i = 0; i < NODES; i++) {
		const int n = order[i];
		assert_string_equal(strrchr(list[i].path, '/') + 1, nodes[n].name);
		assert_int_equal(list[i].usable, why[n] == NULL);
		if (why[n] != NULL && strstr(list[i].why_not, why[n]) == NULL)
			fail_msg("%s: %s", list[i].path, list[i].why_not);
	}
	assert_string_equal(list[0].formats, "MJPG, YUYV");
	assert_string_equal(list[1].id, LONG_NAME);
	assert_string_equal(list[1].name, "Esc?[31m?");
	/* Room for fewer than there are. */
	assert_int_equal(capture_list_in(&fake_system, dev, list, 1), NODES);
	assert_int_equal(capture_list_in(&fake_system, "/nonexistent", list, 1), 0);
}

static void opens(const char *device, const char *path)
{
	struct error error = {0};
	struct capture *c = capture_v4l2_in(&fake_system, &fake_system, dev, device, W, H, &error);
	if (c == NULL)
		fail_msg("%s", error.text);
	c->ops->start(c, &error);
	assert_string_equal(fake.opened, in_dev(path));
	c->ops->free(c);
}

static void the_camera_that_is_meant_is_opened(void **state)
{
	(void)state;
	char name[256];
	fake = (struct fake){.nodes = nodes, .node_count = NODES};
	opens(NULL, "video2");
	opens("", "video2");
	snprintf(name, sizeof name, "%s", in_dev("video3"));
	opens(name, "video3");
	/* By node, by link, by the link's name: opened by the link, which outlives a new number. */
	snprintf(name, sizeof name, "%s", in_dev("video4"));
	opens(name, "v4l/by-id/" LONG_NAME);
	snprintf(name, sizeof name, "%s", in_dev("v4l/by-id/" LONG_NAME));
	opens(name, "v4l/by-id/" LONG_NAME);
	opens(LONG_NAME, "v4l/by-id/" LONG_NAME);
	/* Not there yet: it may be plugged in later. */
	snprintf(name, sizeof name, "%s", in_dev("v4l/by-id/gone"));
	opens(name, "v4l/by-id/gone");
	opens("gone", "v4l/by-id/gone");
}

static void a_camera_comes_back_under_another_number(void **state)
{
	(void)state;
	struct error error;
	fake = (struct fake){.nodes = nodes, .node_count = NODES};
	struct capture *c = capture_v4l2_in(&fake_system, &fake_system,
	                                    dev, LONG_NAME, W, H, &error);
	char link[256];
	assert_non_null(c);
	snprintf(link, sizeof link, "%s", in_dev("v4l/by-id/" LONG_NAME));
	unlink(link);
	assert_int_equal(c->ops->start(c, &error), CAPTURE_GONE);
	assert_int_equal(symlink("../../video3", link), 0);
	fake.format = (struct v4l2_pix_format){.width = W, .height = H,
	                                       .pixelformat = V4L2_PIX_FMT_GREY};
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	c->ops->free(c);
	unlink(link);
	assert_int_equal(symlink("../../video4", link), 0);
}

/* Started before there is a camera; then there is one, and then another in its place. */
static void the_best_camera_may_come_later(void **state)
{
	(void)state;
	struct error error = {0};
	struct frame frame;
	fake = (struct fake){.nodes = nodes, .node_count = 2}; /* metadata and infrared */
	struct capture *c =
		capture_best_in(&(struct best_places){&fake_system, &fake_system, dev, NULL}, NULL,
	                        W, H, &error);
	assert_non_null(c);
	assert_true(c->live);
	assert_string_equal(c->node, "");
	assert_int_equal(c->ops->start(c, &error), CAPTURE_GONE);
	assert_non_null(strstr(error.text, "camera.device"));
	assert_int_equal(c->ops->read(c, 0, &frame, &error), CAPTURE_ERROR);
	c->ops->discard(c);
	c->ops->stop(c);

	fake.node_count = 3;
	fake.format = (struct v4l2_pix_format){.width = W, .height = H,
	                                       .pixelformat = V4L2_PIX_FMT_GREY};
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	assert_string_equal(c->node, in_dev("video2"));
	c->ops->stop(c);
	assert_int_equal(unlink(in_dev("video2")), 0);
	fake.node_count = NODES;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	assert_string_equal(c->node, in_dev("video3"));
	c->ops->free(c);
	assert_int_equal(close(open(in_dev("video2"), O_CREAT | O_WRONLY, 0600)), 0);
}

static void sources_by_name(void **state)
{
	(void)state;
	struct error error = {0};
	struct capture *c = capture_open("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg@4",
	                                 W, H, &error);
	assert_non_null(c);
	assert_false(c->live);
	c->ops->free(c);
	c = capture_open("v4l2:/dev/video99", W, H, &error);
	assert_non_null(c);
	assert_true(c->live);
	c->ops->free(c);
	assert_null(capture_open("webcam", W, H, &error));
	assert_non_null(strstr(error.text, "v4l2:DEVICE"));
	char lengthy[1024] = "v4l2:/dev/";
	memset(lengthy + 10, 'x', sizeof lengthy - 11);
	assert_null(capture_open(lengthy, W, H, &error));
	fake = (struct fake){0};
	assert_null(capture_v4l2_in(&fake_system, &fake_system, "/nonexistent",
	                            NULL, W, H, &error));
	assert_non_null(strstr(error.text, "none found"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_picture_beats_a_newer_damaged_one),
		cmocka_unit_test(what_waits_can_be_let_go_unread),
		cmocka_unit_test(a_camera_faster_than_we_are_does_not_keep_us),
		cmocka_unit_test(waking_for_nothing_is_waited_out),
		cmocka_unit_test(no_patience_is_too_strange),
		cmocka_unit_test(trouble_of_the_driver_is_told_apart),
		cmocka_unit_test(formats_that_would_be_read_beyond_are_refused),
		cmocka_unit_test(refusals_say_what_to_do),
		cmocka_unit_test(every_node_is_told_and_judged),
		cmocka_unit_test(the_camera_that_is_meant_is_opened),
		cmocka_unit_test(a_camera_comes_back_under_another_number),
		cmocka_unit_test(the_best_camera_may_come_later),
		cmocka_unit_test(sources_by_name),
	};
	return cmocka_run_group_tests(tests, make_dev, remove_dev);
}
