/* Cameras without a camera: the system calls answer from a script. And recordings, whole and
 * damaged. */
#include "capture/v4l2_system.h"
#include "capture/trace.h"

#include "base/paths.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#undef stop /* cmocka 2 has a macro of that name */

/* ---- a camera that plays a script ---- */

enum { W = 64, H = 48, ROOM = 1 << 20, FD = 1000 };

struct picture {
	const void *data;
	size_t size;
	uint32_t flags;
};

static struct fake {
	uint32_t fourcc;          /* the only format it has */
	int open_error, format_error, start_error, start_errors, dequeue_error, hang_up;
	const struct picture *pictures;
	int picture_count, next;
	bool queued[8], streaming, opened;
	int open_count, close_count, map_count, unmap_count;
	unsigned char *memory[8];
} fake;

static int fake_open(const char *path, int flags)
{
	(void)path, (void)flags;
	if (fake.open_error != 0) {
		errno = fake.open_error;
		return -1;
	}
	fake.open_count++;
	fake.opened = true;
	return FD;
}

static int fake_close(int fd)
{
	assert_int_equal(fd, FD);
	fake.close_count++;
	fake.opened = false;
	return 0;
}

static int refuse(int code)
{
	errno = code;
	return -1;
}

static int fake_format(struct v4l2_format *f)
{
	if (fake.format_error != 0)
		return refuse(fake.format_error);
	if (f->fmt.pix.pixelformat != fake.fourcc)
		f->fmt.pix.pixelformat = fake.fourcc; /* drivers answer with what they have */
	f->fmt.pix.width = W;
	f->fmt.pix.height = H;
	f->fmt.pix.bytesperline = fake.fourcc == V4L2_PIX_FMT_YUYV ? W * 2 : W;
	return 0;
}

static int fake_dequeue(struct v4l2_buffer *b)
{
	if (fake.dequeue_error != 0)
		return refuse(fake.dequeue_error);
	if (fake.next >= fake.picture_count)
		return refuse(EAGAIN);
	for (uint32_t i = 0; i < 4; i++) {
		if (!fake.queued[i])
			continue;
		const struct picture *p = &fake.pictures[fake.next++];
		fake.queued[i] = false;
		if (p->size > 0)
			memcpy(fake.memory[i], p->data, p->size);
		b->index = i;
		b->bytesused = (uint32_t)p->size;
		b->flags = p->flags;
		return 0;
	}
	return refuse(EAGAIN);
}

static int fake_ioctl(int fd, unsigned long request, void *argument)
{
	assert_int_equal(fd, FD);
	assert_true(fake.opened);
	switch (request) {
	case VIDIOC_S_FMT: return fake_format(argument);
	case VIDIOC_S_PARM: return 0;
	case VIDIOC_REQBUFS: ((struct v4l2_requestbuffers *)argument)->count = 4; return 0;
	case VIDIOC_QUERYBUF: {
		struct v4l2_buffer *b = argument;
		b->length = ROOM;
		b->m.offset = b->index;
		return 0;
	}
	case VIDIOC_QBUF: fake.queued[((struct v4l2_buffer *)argument)->index] = true; return 0;
	case VIDIOC_DQBUF: return fake_dequeue(argument);
	case VIDIOC_STREAMON:
		if (fake.start_errors > 0) {
			fake.start_errors--;
			return refuse(fake.start_error);
		}
		fake.streaming = true;
		return 0;
	case VIDIOC_STREAMOFF: fake.streaming = false; return 0;
	}
	return refuse(EINVAL);
}

static void *fake_map(size_t length, int fd, off_t offset)
{
	(void)fd;
	fake.map_count++;
	fake.memory[offset] = malloc(length);
	return fake.memory[offset];
}

static int fake_unmap(void *start, size_t length)
{
	(void)length;
	fake.unmap_count++;
	free(start);
	return 0;
}

static int fake_poll(struct pollfd *p, nfds_t n, int timeout_ms)
{
	(void)n, (void)timeout_ms;
	p->revents = fake.hang_up ? POLLERR | POLLHUP
	           : fake.next < fake.picture_count || fake.dequeue_error != 0 ? POLLIN : 0;
	return p->revents != 0;
}

static const struct v4l2_system fake_system = {fake_open, fake_close, fake_ioctl,
                                               fake_map, fake_unmap, fake_poll};

static struct capture *camera(uint32_t fourcc, const struct picture *pictures, int count)
{
	struct error error;
	fake = (struct fake){.fourcc = fourcc, .pictures = pictures, .picture_count = count};
	struct capture *c = capture_v4l2_over(&fake_system, "/dev/video9", W, H, &error);
	assert_non_null(c);
	return c;
}

/* Frees it and checks that nothing was left behind. */
static void finish(struct capture *c)
{
	c->ops->free(c);
	assert_int_equal(fake.open_count, fake.close_count);
	assert_int_equal(fake.map_count, fake.unmap_count);
	assert_false(fake.streaming);
}

static unsigned char pixels[W * H * 2];

static void raw_formats_arrive_as_they_are(void **state)
{
	(void)state;
	static const struct { uint32_t fourcc; size_t size; enum pixel_format format; } cases[] = {
		{V4L2_PIX_FMT_YUYV, W * H * 2, PIXEL_YUYV}, {V4L2_PIX_FMT_GREY, W * H, PIXEL_GREY},
		{V4L2_PIX_FMT_NV12, W * H * 3 / 2, PIXEL_NV12},
		{V4L2_PIX_FMT_YUV420, W * H * 3 / 2, PIXEL_YUV420},
	};
	for (size_t i = 0; i < sizeof pixels; i++)
		pixels[i] = (unsigned char)(i * 7);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct picture picture = {pixels, cases[i].size, 0};
		struct capture *c = camera(cases[i].fourcc, &picture, 1);
		struct frame f;
		struct error error;
		assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
		assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_FRAME);
		assert_int_equal(f.format, cases[i].format);
		assert_int_equal(f.width, W);
		/* It stays when the driver's memory is gone. */
		c->ops->stop(c);
		assert_int_equal(fake.map_count, fake.unmap_count);
		assert_memory_equal(f.plane[0], pixels, W);
		assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
		assert_int_equal(c->ops->read(c, 0.01, &f, &error), CAPTURE_TIMEOUT);
		finish(c);
	}
}

static char *demo(size_t *size)
{
	struct error error;
	char *data = path_read_file(UNKNOT_TEST_DATA "/clip/slouch.mjpg", 1 << 24, size, &error);
	assert_non_null(data);
	return data;
}

/* The first JPEG of the demo clip. */
static size_t first_jpeg(const char *data, size_t size)
{
	for (size_t i = 2; i + 1 < size; i++)
		if ((unsigned char)data[i] == 0xff && (unsigned char)data[i + 1] == 0xd9)
			return i + 2;
	return 0;
}

static void mjpeg_is_decoded_and_damage_is_told(void **state)
{
	(void)state;
	size_t size;
	char *data = demo(&size);
	const size_t length = first_jpeg(data, size);
	static const char junk[4096] = "no picture";
	const struct picture pictures[] = {
		{data, length, 0}, {data, length / 2, 0}, {junk, sizeof junk, 0},
		{data, length, V4L2_BUF_FLAG_ERROR},
		{data, 0, 0}, {data, length, 0},
	};
	static const enum capture_status expected[] = {CAPTURE_FRAME, CAPTURE_CORRUPT,
	                                               CAPTURE_CORRUPT, CAPTURE_CORRUPT,
	                                               CAPTURE_CORRUPT, CAPTURE_FRAME};
	struct error error;
	struct frame f;
	for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
		struct capture *c = camera(V4L2_PIX_FMT_MJPEG, &pictures[i], 1);
		assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
		assert_int_equal(c->ops->read(c, 1, &f, &error), expected[i]);
		if (expected[i] == CAPTURE_FRAME)
			assert_int_equal(f.width, 80);
		finish(c);
	}
	free(data);
}

static void only_the_newest_picture_is_looked_at(void **state)
{
	(void)state;
	static unsigned char grey[3][W * H];
	memset(grey[0], 10, W * H);
	memset(grey[1], 20, W * H);
	memset(grey[2], 30, W * H);
	const struct picture pictures[] = {{grey[0], W * H, 0}, {grey[1], W * H, 0},
	                                   {grey[2], W * H, 0}};
	struct capture *c = camera(V4L2_PIX_FMT_GREY, pictures, 3);
	struct frame f;
	struct error error;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_FRAME);
	assert_int_equal(f.plane[0][0], 30);
	int queued = 0;
	for (int i = 0; i < 4; i++)
		queued += fake.queued[i];
	assert_int_equal(queued, 4);
	finish(c);
}

static void short_pictures_are_incomplete(void **state)
{
	(void)state;
	const struct picture picture = {pixels, W * H, 0};
	struct capture *c = camera(V4L2_PIX_FMT_YUYV, &picture, 1);
	struct frame f;
	struct error error;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_CORRUPT);
	finish(c);
}

static void failures_have_their_names(void **state)
{
	(void)state;
	struct frame f;
	struct error error;
	struct capture *c = camera(V4L2_PIX_FMT_GREY, NULL, 0);
	fake.open_error = ENOENT;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_GONE);
	fake.open_error = EBUSY;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_BUSY);
	fake.open_error = EACCES;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_ERROR);
	assert_non_null(strstr(error.text, "/dev/video9"));
	fake.open_error = 0;
	fake.format_error = EBUSY;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_BUSY);
	fake.format_error = 0;
	fake.start_error = EBUSY;
	fake.start_errors = 1;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_BUSY);
	/* One refused commit is tried again, two are a fault. */
	fake.start_error = EIO;
	fake.start_errors = 1;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	c->ops->stop(c);
	fake.start_errors = 2;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_ERROR);
	fake.start_errors = 0;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	fake.hang_up = 1;
	assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_GONE);
	fake.hang_up = 0;
	fake.dequeue_error = ENODEV;
	assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_GONE);
	c->ops->stop(c);
	assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_ERROR);
	finish(c);
}

/* ---- recordings ---- */

static int play(const char *spec, int *corrupt)
{
	struct error error = {0};
	struct frame f;
	struct capture *c = capture_replay(spec, &error);
	if (c == NULL)
		return -1;
	int frames = 0;
	enum capture_status got;
	*corrupt = 0;
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	while ((got = c->ops->read(c, 1, &f, &error)) != CAPTURE_END && frames + *corrupt < 1000) {
		if (got == CAPTURE_FRAME)
			frames++;
		else
			(*corrupt)++;
	}
	c->ops->stop(c);
	c->ops->free(c);
	return frames;
}

static void the_demo_clip_plays(void **state)
{
	(void)state;
	int corrupt;
	assert_int_equal(play("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg", &corrupt), 48);
	assert_int_equal(corrupt, 0);
	assert_int_equal(play("replay:" UNKNOT_TEST_DATA "/people@2", &corrupt), 6);
	assert_int_equal(play("replay:" UNKNOT_TEST_DATA "/people/syn_c_000.jpg", &corrupt), 1);
	assert_int_equal(play("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg@5,loop", &corrupt),
	                 1000);
	assert_int_equal(play("replay:/nonexistent", &corrupt), -1);
	assert_int_equal(play("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg@fast", &corrupt), -1);
	assert_int_equal(play("replay:" UNKNOT_TEST_DATA "/traces", &corrupt), -1);
}

/* 640 x 480 pictures, decoded no larger than is asked for. */
static void pictures_are_as_large_as_is_enough(void **state)
{
	(void)state;
	static const struct { int enough, width; } cases[] = {
		{0, 640}, {640, 640}, {400, 640}, {320, 320}, {100, 160}, {1280, 640},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error error;
		struct frame f;
		struct capture *c = capture_open("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg",
		                                 cases[i].enough, 480, &error);
		assert_non_null(c);
		assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_FRAME);
		assert_int_equal(f.width, cases[i].width);
		assert_int_equal(f.height, cases[i].width * 3 / 4);
		c->ops->free(c);
	}
}

static void time_comes_from_the_rate(void **state)
{
	(void)state;
	struct error error;
	struct frame f;
	struct capture *c = capture_replay("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg@4",
	                                   &error);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_FRAME);
		assert_float_equal((float)f.seconds, (float)i / 4, 1e-6);
		assert_int_equal(f.sequence, i);
	}
	c->ops->free(c);
}

static void a_damaged_clip_goes_on(void **state)
{
	(void)state;
	char path[] = "/tmp/unknot-clip-XXXXXX.mjpg", spec[64];
	int fd = mkstemps(path, 5), corrupt;
	struct error error;
	size_t size;
	char *data = demo(&size);
	const size_t first = first_jpeg(data, size);
	close(fd);
	/* The middle of the first picture is lost: the next picture's start ends it. */
	memset(data + first / 2, 0, 2000);
	memmove(data + first - 500, data + first, size - first);
	assert_true(path_write_file(path, data, size - 500, &error));
	snprintf(spec, sizeof spec, "replay:%s", path);
	int frames = play(spec, &corrupt);
	assert_int_equal(frames + corrupt, 48);
	assert_true(frames >= 46);
	/* Noise, cut anywhere, never hurts. */
	unsigned seed = 7;
	for (int round = 0; round < 20; round++) {
		for (int k = 0; k < 2000; k++) {
			seed = seed * 1664525 + 1013904223;
			data[seed % size] = (char)(seed >> 24);
		}
		assert_true(path_write_file(path, data, seed % size, &error));
		play(spec, &corrupt);
	}
	unlink(path);
	free(data);
}

/* ---- traces ---- */

static void a_trace_repeats_and_ends(void **state)
{
	(void)state;
	char path[] = "/tmp/unknot-trace-XXXXXX";
	int fd = mkstemp(path);
	struct error error;
	struct posture_sample s;
	static const char text[] =
		"# a comment\n\n"
		"{\"t\":0,\"wall\":\"2026-03-09T09:00:00+01:00\",\"repeat_until\":20,\"every\":10,"
		"\"measures\":{\"eye_drop_cm\":7,\"lean_in_cm\":{\"value\":2,\"sigma\":0.5,"
		"\"valid\":true},"
		"\"head_yaw_deg\":null}}\n"
		"{\"t\":30,\"presence\":\"in_call\"}\n"
		"not json\n"
		"{\"t\":40,\"presence\":\"sleeping\"}\n"
		"{\"t\":50,\"measures\":{\"no_such\":1}}\n"
		"{\"t\":60,\"presence\":\"away\"}\n";
	close(fd);
	assert_true(path_write_file(path, text, sizeof text - 1, &error));
	struct trace *t = trace_open(path, &error);
	assert_non_null(t);
	assert_true(trace_start_wall_ms(t) == 1773043200000LL);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(trace_next(t, &s, &error), 1);
		assert_float_equal((float)s.seconds, (float)i * 10, 1e-6);
		assert_int_equal(s.presence, PRESENCE_PRESENT);
		assert_true(s.sampled);
		assert_float_equal((float)s.measures.m[MEASURE_EYE_DROP].value, 7, 0);
		assert_float_equal((float)s.measures.m[MEASURE_LEAN_IN].sigma, 0.5, 0);
		assert_false(s.measures.m[MEASURE_HEAD_YAW].valid);
	}
	assert_int_equal(trace_next(t, &s, &error), 1);
	assert_int_equal(s.presence, PRESENCE_IN_CALL);
	assert_false(s.sampled);
	for (int line = 5; line <= 7; line++) {
		char where[16];
		snprintf(where, sizeof where, ":%d:", line);
		assert_int_equal(trace_next(t, &s, &error), -1);
		assert_non_null(strstr(error.text, where));
	}
	assert_int_equal(trace_next(t, &s, &error), 1);
	assert_int_equal(s.presence, PRESENCE_AWAY);
	assert_int_equal(trace_next(t, &s, &error), 0);
	trace_free(t);
	unlink(path);
	assert_null(trace_open("/nonexistent.jsonl", &error));
}

static void the_ways_to_each_camera_are_told(void **state)
{
	(void)state;
	static const struct capture_device theirs[] = {
		{.path = "v4l2:/dev/video0", .id = "v4l2_input.webcam", .usable = true},
		{.path = "v4l2:/dev/video2", .id = "v4l2_input.raw", .usable = true},
		{.path = "libcamera:x", .id = "libcamera_input.mipi", .usable = true},
	};
	struct capture_device list[4] = {{.path = "/dev/video0", .usable = true},
	                                 {.path = "/dev/video1", .usable = true},
	                                 {.path = "/dev/video2"}, {.path = "/dev/video3"}};
	/* As many as fit: what is of no use makes room. */
	assert_int_equal(capture_ways_of(list, 4, 4, theirs, 3), 5);
	assert_string_equal(list[0].ways, "V4L2, PipeWire");
	assert_string_equal(list[1].ways, "V4L2");
	assert_string_equal(list[2].id, "libcamera_input.mipi");
	assert_string_equal(list[2].ways, "PipeWire");
	assert_string_equal(list[3].path, "/dev/video2");
	assert_string_equal(list[3].ways, "");
	assert_int_equal(capture_ways_of(list, 0, 4, theirs, 3), 1);
	assert_string_equal(list[0].id, "libcamera_input.mipi");
	/* No PipeWire; and a list that is full of cameras. */
	assert_int_equal(capture_ways_of(list, 0, 4, theirs, -1), 0);
	memset(list, 0, sizeof list);
	for (int i = 0; i < 4; i++)
		list[i].usable = true;
	assert_int_equal(capture_ways_of(list, 6, 4, theirs, 3), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ways_to_each_camera_are_told),
		cmocka_unit_test(raw_formats_arrive_as_they_are),
		cmocka_unit_test(mjpeg_is_decoded_and_damage_is_told),
		cmocka_unit_test(only_the_newest_picture_is_looked_at),
		cmocka_unit_test(short_pictures_are_incomplete),
		cmocka_unit_test(failures_have_their_names),
		cmocka_unit_test(the_demo_clip_plays),
		cmocka_unit_test(pictures_are_as_large_as_is_enough),
		cmocka_unit_test(time_comes_from_the_rate),
		cmocka_unit_test(a_damaged_clip_goes_on),
		cmocka_unit_test(a_trace_repeats_and_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
