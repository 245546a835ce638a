#include "fake_nodes.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { FD = 100 };

struct fake fake;

static int refuse(int code)
{
	errno = code;
	return -1;
}

static int fake_open(const char *path, int flags)
{
	(void)flags;
	int number = -1;
	const char *name = strrchr(path, '/');
	if (name == NULL || sscanf(name, "/video%d", &number) != 1)
		return refuse(ENOENT);
	for (int i = 0; i < fake.count; i++)
		if (fake.nodes[i].number == number)
			return FD + i;
	return refuse(ENOENT);
}

static int fake_close(int fd)
{
	assert_true(fd >= FD && fd < FD + fake.count);
	return 0;
}

static int set_format(const struct node *n, struct v4l2_pix_format *p)
{
	for (int i = 0; i < 3; i++)
		if (n->formats[i] == p->pixelformat) {
			fake.format = (struct v4l2_pix_format){.width = W, .height = H,
			                                       .pixelformat = p->pixelformat};
			*p = fake.format;
			return 0;
		}
	p->pixelformat = n->formats[0]; /* as uvcvideo: another one, and no error */
	return 0;
}

static int dequeue(const struct node *n, struct v4l2_buffer *b)
{
	for (uint32_t i = 0; !n->silent && i < 4; i++) {
		if (!fake.queued[i])
			continue;
		fake.queued[i] = false;
		b->index = i;
		b->bytesused = ROOM;
		b->flags = n->broken ? V4L2_BUF_FLAG_ERROR : 0;
		return 0;
	}
	return refuse(EAGAIN);
}

static int stream_on(const struct node *n)
{
	if (n->start_error != 0)
		return refuse(n->start_error);
	fake.started = n->number;
	fake.starts++;
	return 0;
}

static int fake_ioctl(int fd, unsigned long request, void *argument)
{
	const struct node *n = &fake.nodes[fd - FD];
	switch (request) {
	case VIDIOC_QUERYCAP: {
		struct v4l2_capability *c = argument;
		c->capabilities = V4L2_CAP_DEVICE_CAPS | n->can;
		c->device_caps = n->can;
		snprintf((char *)c->card, sizeof c->card, "%s", n->card);
		snprintf((char *)c->driver, sizeof c->driver, "%s",
		         n->driver != NULL ? n->driver : "uvcvideo");
		snprintf((char *)c->bus_info, sizeof c->bus_info, "usb-%d", n->number);
		return 0;
	}
	case VIDIOC_ENUM_FMT: {
		struct v4l2_fmtdesc *f = argument;
		const bool planes = (n->can & V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0;
		if (f->index >= 3 || n->formats[f->index] == 0 ||
		    planes != (f->type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE))
			return refuse(EINVAL);
		f->pixelformat = n->formats[f->index];
		return 0;
	}
	case VIDIOC_G_CTRL: {
		struct v4l2_control *c = argument;
		if (c->id != V4L2_CID_PRIVACY)
			return refuse(EINVAL);
		c->value = n->shut;
		return 0;
	}
	case VIDIOC_S_FMT: return set_format(n, &((struct v4l2_format *)argument)->fmt.pix);
	case VIDIOC_G_FMT: ((struct v4l2_format *)argument)->fmt.pix = fake.format; return 0;
	case VIDIOC_REQBUFS:
		((struct v4l2_requestbuffers *)argument)->count = 4;
		if (n->changed != 0)
			fake.format.width = (uint32_t)n->changed;
		return 0;
	case VIDIOC_QUERYBUF: {
		struct v4l2_buffer *b = argument;
		b->length = ROOM;
		b->m.offset = b->index;
		return 0;
	}
	case VIDIOC_QBUF: fake.queued[((struct v4l2_buffer *)argument)->index] = true; return 0;
	case VIDIOC_DQBUF: return dequeue(n, argument);
	case VIDIOC_STREAMON: return stream_on(n);
	case VIDIOC_STREAMOFF:
		memset(fake.queued, 0, sizeof fake.queued);
		fake.started = -1;
		return 0;
	}
	return refuse(ENOTTY);
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
	(void)n, (void)timeout_ms;
	p->revents = 0;
	for (int i = 0; i < fake.count; i++)
		if (fake.nodes[i].number == fake.started && !fake.nodes[i].silent)
			p->revents = POLLIN;
	return p->revents != 0;
}

const struct v4l2_system fake_system = {fake_open, fake_close, fake_ioctl,
                                        fake_map, fake_unmap, fake_poll};
