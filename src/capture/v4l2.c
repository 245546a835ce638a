/* V4L2 cameras through libv4l2. Formats that we decode ourselves are asked for first; libv4l2
 * converts only what nobody else understands. */
#include "capture/v4l2_system.h"

#include "base/text.h"
#include "capture/manners.h"
#include "image/jpeg.h"

#include <errno.h>
#include <fcntl.h>
#include <libv4l2.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { BUFFERS = 4 };

/* libv4l2 writes what fails to standard error, a busy camera at every look. Our errors say it,
 * where it is one. */
static int real_open(const char *path, int flags)
{
	if (v4l2_log_file == NULL)
		v4l2_log_file = fopen("/dev/null", "we");
	return v4l2_open(path, flags);
}

static int real_ioctl(int fd, unsigned long request, void *argument)
{
	return v4l2_ioctl(fd, request, argument);
}

static void *real_map(size_t length, int fd, off_t offset)
{
	return v4l2_mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
}

const struct v4l2_system v4l2_real = {real_open, v4l2_close, real_ioctl,
                                      real_map, v4l2_munmap, poll};

/* What was asked for and what the driver made of it are two things. */
struct requested {
	char device[256];       /* stable names under /dev/v4l/by-id are long */
	int width, height;
};

struct negotiated {
	uint32_t fourcc;
	int width, height, stride;
	size_t size;
};

struct v4l2 {
	struct capture base;
	const struct v4l2_system *system;
	struct requested requested;
	struct negotiated now;
	struct jpeg_decoder *decoder;
	int fd;                  /* -1: closed */
	int count;
	struct {
		void *start;
		size_t length;
	} buffers[BUFFERS];
	uint8_t *picture;        /* what the last frame points to, when it is no JPEG */
	size_t picture_room;
	uint64_t sequence;
};

const char *capture_status_name(enum capture_status status)
{
	static const char *const names[] = {"frame", "timeout", "busy",
	                                    "gone", "corrupt", "end", "error", "covered"};
	return names[status];
}

static int control(const struct v4l2 *v, unsigned long request, void *argument)
{
	int r;
	do
		r = v->system->ioctl(v->fd, request, argument);
	while (r < 0 && errno == EINTR);
	return r;
}

static const char *reason(int code)
{
	switch (code) {
	case EACCES: return _("no permission: add yourself to the group video");
	case EBUSY: return _("another program uses the camera");
	case ENOSPC: return _("no room on the USB bus: use another port, or a smaller picture");
	default: return strerror(code);
	}
}

/* A failing call in the terms of capture.h. */
static enum capture_status status_of(const struct v4l2 *v, int code, const char *what,
                                     struct error *error)
{
	error_set(error, code, "%s: %s: %s", v->base.name, _(what), reason(code));
	switch (code) {
	case EBUSY: return CAPTURE_BUSY;
	case ENODEV:
	case ENXIO:
	case ENOENT: return CAPTURE_GONE;
	default: return CAPTURE_ERROR;
	}
}

/* ---- formats ---- */

/* Best first: what costs least to bring over the bus and to read. */
static const uint32_t formats[] = {V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_JPEG, V4L2_PIX_FMT_NV12,
                                   V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_YUV420};

static bool is_jpeg(uint32_t fourcc)
{
	return fourcc == V4L2_PIX_FMT_MJPEG || fourcc == V4L2_PIX_FMT_JPEG;
}

static bool is_subsampled(uint32_t fourcc)
{
	return fourcc == V4L2_PIX_FMT_NV12 || fourcc == V4L2_PIX_FMT_YUV420;
}

/* What the driver made of the wish, or false when it is something that we cannot read safely. */
static bool accept(struct v4l2 *v, const struct v4l2_format *f, uint32_t wanted)
{
	const struct v4l2_pix_format *p = &f->fmt.pix;
	const uint32_t bytes = p->pixelformat == V4L2_PIX_FMT_YUYV ? 2 : 1;
	const bool jpeg = is_jpeg(p->pixelformat);
	if (p->pixelformat != wanted || p->width < 16 || p->height < 16 ||
	    p->width > JPEG_SIDE_MAX ||
	    p->height > JPEG_SIDE_MAX || (!jpeg && p->bytesperline > 8 * JPEG_SIDE_MAX))
		return false;
	const uint32_t stride = !jpeg && p->bytesperline > p->width * bytes ? p->bytesperline
	                                                                     : p->width * bytes;
	if (!jpeg && p->pixelformat != V4L2_PIX_FMT_GREY && (p->width % 2 != 0 || stride % 2 != 0))
		return false;
	if (is_subsampled(p->pixelformat) && p->height % 2 != 0)
		return false;
	v->now = (struct negotiated){.fourcc = p->pixelformat, .width = (int)p->width,
	                             .height = (int)p->height, .stride = (int)stride};
	const size_t plane = (size_t)stride * p->height;
	v->now.size = is_subsampled(p->pixelformat) ? plane * 3 / 2 : plane;
	return true;
}

static enum capture_status negotiate(struct v4l2 *v, struct error *error)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct v4l2_format f = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
		f.fmt.pix.width = (uint32_t)v->requested.width;
		f.fmt.pix.height = (uint32_t)v->requested.height;
		f.fmt.pix.pixelformat = formats[i];
		f.fmt.pix.field = V4L2_FIELD_ANY;
		if (control(v, VIDIOC_S_FMT, &f) == 0) {
			if (accept(v, &f, formats[i]))
				return CAPTURE_FRAME;
		} else if (errno != EINVAL) {
			/* EINVAL: not this format. Else no other will do either. */
			return status_of(v, errno, N_("takes no picture format"), error);
		}
	}
	error_set(error, 0, "%s: offers no picture format that can be read", v->base.name);
	return CAPTURE_ERROR;
}

static bool is_known(uint32_t fourcc)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (formats[i] == fourcc)
			return true;
	return false;
}

/* Until buffers are there another program may set another format: what is in force now is what will
 * come. */
static bool is_still_so(struct v4l2 *v)
{
	struct v4l2_format f = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
	if (control(v, VIDIOC_G_FMT, &f) != 0)
		return true; /* a driver that cannot tell */
	return is_known(f.fmt.pix.pixelformat) && accept(v, &f, f.fmt.pix.pixelformat);
}

/* A shutter of which the driver knows. */
static bool is_shut(const struct v4l2 *v)
{
	struct v4l2_control c = {.id = V4L2_CID_PRIVACY};
	return control(v, VIDIOC_G_CTRL, &c) == 0 && c.value == 1;
}

/* The lowest rate from 10 on is enough for a look and costs the bus least. Not every driver
 * obeys. */
static void ask_for_rate(struct v4l2 *v)
{
	struct v4l2_streamparm p = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
	p.parm.capture.timeperframe = (struct v4l2_fract){1, 15};
	control(v, VIDIOC_S_PARM, &p);
}

/* ---- buffers ---- */

static bool queue(struct v4l2 *v, int index)
{
	struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP,
	                        .index = (uint32_t)index};
	return control(v, VIDIOC_QBUF, &b) == 0;
}

static bool map_buffers(struct v4l2 *v)
{
	struct v4l2_requestbuffers request = {.count = BUFFERS, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
	                                      .memory = V4L2_MEMORY_MMAP};
	if (control(v, VIDIOC_REQBUFS, &request) != 0)
		return false;
	if (request.count < 2) {
		errno = ENOMEM;
		return false;
	}
	for (uint32_t i = 0; i < request.count && i < BUFFERS; i++) {
		struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		                        .memory = V4L2_MEMORY_MMAP,
		                        .index = i};
		if (control(v, VIDIOC_QUERYBUF, &b) != 0)
			return false;
		void *start = v->system->map(b.length, v->fd, b.m.offset);
		if (start == MAP_FAILED)
			return false;
		v->buffers[i].start = start;
		v->buffers[i].length = b.length;
		v->count++;
		if (!queue(v, (int)i))
			return false;
	}
	return true;
}

static void camera_stop(struct capture *c)
{
	struct v4l2 *v = (struct v4l2 *)c;
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	if (v->fd < 0)
		return;
	control(v, VIDIOC_STREAMOFF, &type);
	for (int i = 0; i < v->count; i++)
		v->system->unmap(v->buffers[i].start, v->buffers[i].length);
	v->count = 0;
	manners_before_ours(c->manners);
	v->system->close(v->fd);
	manners_after_ours(c->manners);
	v->fd = -1;
}

static enum capture_status camera_start(struct capture *c, struct error *error)
{
	struct v4l2 *v = (struct v4l2 *)c;
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	if (v->fd >= 0)
		return CAPTURE_FRAME;
	manners_before_ours(c->manners);
	v->fd = v->system->open(v->requested.device, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	const int why = errno;
	manners_after_ours(c->manners);
	if (v->fd < 0)
		return status_of(v, why, N_("cannot be opened"), error);
	enum capture_status status = negotiate(v, error);
	if (status == CAPTURE_FRAME && is_shut(v)) {
		error_set(error, 0, "%s: its privacy shutter is closed", c->name);
		status = CAPTURE_COVERED;
	}
	if (status == CAPTURE_FRAME) {
		ask_for_rate(v);
		if (!map_buffers(v))
			status = status_of(v, errno, N_("no memory for pictures"), error);
		else if (!is_still_so(v))
			status = status_of(v, EBUSY, N_("changed its format"), error);
	}
	if (status == CAPTURE_FRAME && control(v, VIDIOC_STREAMON, &type) != 0) {
		/* A bus that refuses the first commit often takes the second (seen with uvcvideo:
		 * EIO). */
		if (errno != EIO || control(v, VIDIOC_STREAMON, &type) != 0)
			status = status_of(v, errno, N_("does not start"), error);
	}
	if (status != CAPTURE_FRAME)
		camera_stop(c);
	return status;
}

/* ---- reading ---- */

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_BOOTTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Waits for a picture until the deadline: 1 there (or the driver has something to say), 0 time is
 * up, -1 the device is gone. */
static int wait_until(struct v4l2 *v, double deadline)
{
	for (;;) {
		double left = deadline - now_s();
		struct pollfd p = {.fd = v->fd, .events = POLLIN};
		int r = v->system->poll(&p, 1, left > 0 ? (int)(left * 1000) + 1 : 0);
		if (r < 0 && errno != EINTR)
			return -1;
		if (r > 0 && (p.revents & (POLLHUP | POLLNVAL)) != 0)
			return -1;
		if (r > 0)
			return 1;
		if (left <= 0)
			return 0;
	}
}

static bool is_damaged(const struct v4l2_buffer *b)
{
	return (b->flags & V4L2_BUF_FLAG_ERROR) != 0 || b->bytesused == 0;
}

/* Asked before one is taken: libv4l2 calls it an error, on standard error, when there is none. */
static bool has_picture(const struct v4l2 *v)
{
	struct pollfd p = {.fd = v->fd, .events = POLLIN};
	return v->system->poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0;
}

/* The newest of the queued pictures that is not damaged, else a damaged one; the others go back to
 * the driver undecoded. A driver as fast as we are does not keep us here. */
static bool take_newest(struct v4l2 *v, struct v4l2_buffer *newest)
{
	bool any = false;
	for (int i = 0; i < 2 * BUFFERS && (!any || has_picture(v)); i++) {
		struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		                        .memory = V4L2_MEMORY_MMAP};
		if (control(v, VIDIOC_DQBUF, &b) != 0)
			return any;
		if (!any || !is_damaged(&b)) {
			struct v4l2_buffer older = *newest;
			*newest = b;
			b = older;
		}
		if (any)
			queue(v, (int)b.index);
		any = true;
	}
	return any;
}

/* Until the deadline: CAPTURE_FRAME with the buffer in *b, or why there is none. */
static enum capture_status wait_for_buffer(struct v4l2 *v, double timeout_s, struct v4l2_buffer *b,
                                           struct error *error)
{
	/* Also what is no number, and what poll's milliseconds cannot hold. */
	const double patience = timeout_s > 0 ? timeout_s < 3600 ? timeout_s : 3600 : 0;
	const double deadline = now_s() + patience;
	for (;;) {
		int got = wait_until(v, deadline);
		if (got < 0)
			return error_set(error, ENODEV, "%s: unplugged", v->base.name),
			       CAPTURE_GONE;
		*b = (struct v4l2_buffer){0};
		if (got > 0 && take_newest(v, b))
			return CAPTURE_FRAME;
		if (got > 0 && errno != EAGAIN)
			return status_of(v, errno, N_("cannot be read"), error);
		if (now_s() >= deadline)
			return error_set(error, ETIMEDOUT, "%s: no picture in %.1f s",
			                 v->base.name, patience),
			       CAPTURE_TIMEOUT;
		/* Woken for nothing: not at once again. */
		v->system->poll(&(struct pollfd){.fd = -1}, 1, 10);
	}
}

/* A copy, so that the buffer goes back at once and the picture outlives the stream: it is
 * understood with the camera off already. 640x480 of YUYV take 0.02 ms where the networks take
 * five. */
static bool copy_raw(struct v4l2 *v, const struct v4l2_buffer *b, struct frame *frame,
                     struct error *error)
{
	if (b->bytesused < v->now.size)
		return error_set(error, 0, "%s: an incomplete picture", v->base.name);
	if (v->picture_room < v->now.size) {
		uint8_t *more = realloc(v->picture, v->now.size);
		if (more == NULL)
			return error_set(error, ENOMEM, "%s: no memory for a picture",
			                 v->base.name);
		v->picture = more;
		v->picture_room = v->now.size;
	}
	memcpy(v->picture, v->buffers[b->index].start, v->now.size);
	const uint8_t *start = v->picture;
	const size_t plane = (size_t)v->now.stride * (size_t)v->now.height;
	*frame = (struct frame){.width = v->now.width, .height = v->now.height};
	frame->plane[0] = start;
	frame->stride[0] = frame->stride[1] = v->now.stride;
	switch (v->now.fourcc) {
	case V4L2_PIX_FMT_YUYV: frame->format = PIXEL_YUYV; return true;
	case V4L2_PIX_FMT_GREY: frame->format = PIXEL_GREY; return true;
	case V4L2_PIX_FMT_NV12:
		frame->format = PIXEL_NV12;
		frame->plane[1] = start + plane;
		return true;
	case V4L2_PIX_FMT_YUV420:
		frame->format = PIXEL_YUV420;
		frame->stride[1] = frame->stride[2] = v->now.stride / 2;
		frame->plane[1] = start + plane;
		frame->plane[2] = start + plane * 5 / 4;
		return true;
	}
	return error_set(error, 0, "%s: a picture format that cannot be read", v->base.name);
}

/* With no buffer left a driver drops what comes: those that wait are as old as the last look. What
 * fails here will fail the read that follows, which can say so. */
static void camera_discard(struct capture *c)
{
	struct v4l2 *v = (struct v4l2 *)c;
	if (v->fd < 0)
		return;
	for (int i = 0; i < BUFFERS && has_picture(v); i++) {
		struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		                        .memory = V4L2_MEMORY_MMAP};
		if (control(v, VIDIOC_DQBUF, &b) != 0 || !queue(v, (int)b.index))
			return;
	}
}

static bool decode(struct v4l2 *v, const struct v4l2_buffer *b, struct frame *frame,
                   struct error *error)
{
	if (is_damaged(b))
		return error_set(error, 0, "%s: a damaged picture", v->base.name);
	if (!is_jpeg(v->now.fourcc))
		return copy_raw(v, b, frame, error);
	return jpeg_decode(v->decoder, v->buffers[b->index].start, b->bytesused,
	                   v->base.enough_width, frame, error);
}

static enum capture_status camera_read(struct capture *c, double timeout_s, struct frame *frame,
                                     struct error *error)
{
	struct v4l2 *v = (struct v4l2 *)c;
	struct v4l2_buffer b;
	if (v->fd < 0)
		return error_set(error, 0, "%s: not started", c->name), CAPTURE_ERROR;
	enum capture_status got = wait_for_buffer(v, timeout_s, &b, error);
	if (got != CAPTURE_FRAME)
		return got;
	if (b.index >= (uint32_t)v->count)
		return error_set(error, 0, "%s: the driver named a buffer that is not there",
		                 c->name),
		       CAPTURE_ERROR;
	if (b.bytesused > v->buffers[b.index].length)
		b.bytesused = (uint32_t)v->buffers[b.index].length;
	const bool good = decode(v, &b, frame, error);
	if (!queue(v, (int)b.index))
		return status_of(v, errno, N_("lost a buffer"), error);
	if (!good)
		return CAPTURE_CORRUPT;
	frame->seconds = now_s();
	frame->sequence = v->sequence++;
	return CAPTURE_FRAME;
}

static void camera_free(struct capture *c)
{
	struct v4l2 *v = (struct v4l2 *)c;
	camera_stop(c);
	jpeg_decoder_free(v->decoder);
	free(v->picture);
	free(v);
}

static const struct capture_ops camera_ops = {camera_start, camera_read, camera_discard,
                                               camera_stop, camera_free};

struct capture *capture_v4l2_over(const struct v4l2_system *system, const char *device, int width,
                                  int height, struct error *error)
{
	if (strlen(device) >= sizeof ((struct requested *)NULL)->device) {
		error_set(error, ENAMETOOLONG, "%.100s...: no camera has such a long name", device);
		return NULL;
	}
	struct v4l2 *v = calloc(1, sizeof *v);
	if (v != NULL)
		v->decoder = jpeg_decoder_create(error);
	if (v == NULL || v->decoder == NULL) {
		error_set(error, ENOMEM, "%s: out of memory", device);
		free(v);
		return NULL;
	}
	v->base.ops = &camera_ops;
	v->base.live = true;
	v->system = system;
	v->fd = -1;
	v->requested.width = width;
	v->requested.height = height;
	v->base.enough_width = width;
	snprintf(v->requested.device, sizeof v->requested.device, "%s", device);
	snprintf(v->base.node, sizeof v->base.node, "%s", v->requested.device);
	snprintf(v->base.name, sizeof v->base.name, "%.120s", device);
	snprintf(v->base.id, sizeof v->base.id, "%.120s", device);
	return &v->base;
}
