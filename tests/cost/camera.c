/* A stand-in for libv4l2, to be loaded before it (LD_PRELOAD): whatever is opened is a camera of
 * 640x480 MJPEG at 15 pictures a second, with four buffers, that drops what finds no buffer free,
 * as uvcvideo does. Shows somebody who sits upright and slouches one minute in ten. Only one camera
 * at a time. */
#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { BUFFERS = 4, ROOM = 1 << 18, RATE = 15 };

int v4l2_open(const char *path, int flags, ...);
int v4l2_close(int fd);
int v4l2_ioctl(int fd, unsigned long request, ...);
void *v4l2_mmap(void *start, size_t length, int prot, int flags, int fd, int64_t offset);
int v4l2_munmap(void *start, size_t length);

static struct camera {
	struct scene scene;
	int fd, node;                          /* node: the file that stands for the camera's */
	int waiting[BUFFERS], waiting_count;   /* empty, first to be filled first */
	int ready[BUFFERS], ready_count;
	size_t used[BUFFERS];
	unsigned char memory[BUFFERS][ROOM];
} camera;

int v4l2_open(const char *path, int flags, ...)
{
	if (camera.scene.clip == NULL &&
	    scene_load(&camera.scene, UNKNOT_TEST_DATA "/clip/slouch.mjpg") != 0) {
		errno = ENOENT;
		return -1;
	}
	camera.node = open(path, flags);
	if (camera.node < 0)
		return -1;
	camera.waiting_count = camera.ready_count = 0;
	camera.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	return camera.fd;
}

int v4l2_close(int fd)
{
	close(camera.node);
	return close(fd);
}

void *v4l2_mmap(void *start, size_t length, int prot, int flags, int fd, int64_t offset)
{
	(void)start, (void)length, (void)prot, (void)flags, (void)fd;
	return camera.memory[offset];
}

int v4l2_munmap(void *start, size_t length)
{
	(void)start, (void)length;
	return 0;
}

/* UNKNOT_TEST_START_S: as long as the slowest that was reported (firmware that is loaded anew at
 * each start). */
static void start_slowly(void)
{
	const char *seconds = getenv("UNKNOT_TEST_START_S");
	if (seconds == NULL)
		return;
	fputs("camera: starting\n", stderr);
	nanosleep(&(struct timespec){.tv_sec = atoi(seconds)}, NULL);
}

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* UNKNOT_TEST_LIGHT: a file to which each stream's length is written, a line of seconds. */
static void count_light(bool on)
{
	static double since = -1;
	const char *path = getenv("UNKNOT_TEST_LIGHT");
	FILE *f = path != NULL && !on && since >= 0 ? fopen(path, "a") : NULL;
	if (f != NULL) {
		fprintf(f, "%.4f\n", now_s() - since);
		fclose(f);
	}
	since = on ? now_s() : -1;
}

static void stream(bool on)
{
	count_light(on);
	const struct timespec step = {.tv_nsec = on ? 1000000000 / RATE : 0};
	timerfd_settime(camera.fd, 0, &(struct itimerspec){step, step}, NULL);
}

static int take_first(int *list, int *count)
{
	const int first = list[0];
	memmove(list, list + 1, (size_t)--*count * sizeof *list);
	return first;
}

/* Pictures that came since the last call go into the buffers that wait; the rest is dropped. */
static void fill(void)
{
	uint64_t came = 0;
	struct timespec now;
	if (read(camera.fd, &came, sizeof came) != sizeof came)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	const bool slouched = now.tv_sec / 60 % 10 == 5;
	for (; came > 0 && camera.waiting_count > 0; came--) {
		const int index = take_first(camera.waiting, &camera.waiting_count);
		const struct picture *p = scene_next(&camera.scene,
		                                     slouched ? SCENE_SLOUCHED : SCENE_UPRIGHT);
		camera.used[index] = p->size < ROOM ? p->size : ROOM;
		memcpy(camera.memory[index], p->data, camera.used[index]);
		camera.ready[camera.ready_count++] = index;
	}
}

static int dequeue(struct v4l2_buffer *b)
{
	fill();
	if (camera.ready_count == 0) {
		errno = EAGAIN;
		return -1;
	}
	b->index = (uint32_t)take_first(camera.ready, &camera.ready_count);
	b->bytesused = (uint32_t)camera.used[b->index];
	b->flags = 0;
	return 0;
}

static int set_format(struct v4l2_pix_format *p)
{
	if (p->pixelformat != V4L2_PIX_FMT_MJPEG) {
		errno = EINVAL;
		return -1;
	}
	p->width = 640;
	p->height = 480;
	p->bytesperline = 0;
	p->sizeimage = ROOM;
	return 0;
}

int v4l2_ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	va_start(list, request);
	void *argument = va_arg(list, void *);
	va_end(list);
	struct v4l2_buffer *b = argument;
	(void)fd;
	switch (request) {
	case VIDIOC_G_FMT: ((struct v4l2_format *)argument)->fmt.pix.pixelformat =
		V4L2_PIX_FMT_MJPEG;
	/* fall through */
	case VIDIOC_S_FMT: return set_format(&((struct v4l2_format *)argument)->fmt.pix);
	case VIDIOC_REQBUFS: ((struct v4l2_requestbuffers *)argument)->count = BUFFERS; return 0;
	case VIDIOC_QUERYBUF:
		b->length = ROOM;
		b->m.offset = b->index;
		return 0;
	case VIDIOC_QBUF: camera.waiting[camera.waiting_count++] = (int)b->index; return 0;
	case VIDIOC_DQBUF: return dequeue(b);
	case VIDIOC_STREAMON:
		start_slowly();
		stream(true);
		return 0;
	case VIDIOC_STREAMOFF: stream(false); return 0;
	case VIDIOC_G_CTRL: errno = EINVAL; return -1; /* no shutter */
	}
	return 0;
}
