/* Inside the room: the system calls that v4l2.c makes, so that a test can stand in for a camera. */
#ifndef UNKNOT_CAPTURE_V4L2_SYSTEM_H
#define UNKNOT_CAPTURE_V4L2_SYSTEM_H

#include "capture/capture.h"

#include <poll.h>
#include <stddef.h>
#include <sys/types.h>

struct v4l2_system {
	int (*open)(const char *path, int flags);
	int (*close)(int fd);
	int (*ioctl)(int fd, unsigned long request, void *argument);
	void *(*map)(size_t length, int fd, off_t offset);
	int (*unmap)(void *start, size_t length);
	int (*poll)(struct pollfd *, nfds_t, int timeout_ms);
};

extern const struct v4l2_system v4l2_real;

/* capture_v4l2 over another system; `system` must outlive the capture. */
struct capture *capture_v4l2_over(const struct v4l2_system *, const char *device, int width, int height,
                                  struct error *);

/* The calls without libv4l2: what the node itself says. map and unmap are not there. */
extern const struct v4l2_system v4l2_plain;

/* capture_list, capture_v4l2 and capture_best with another system and another folder than "/dev". */
int capture_list_in(const struct v4l2_system *plain, const char *dev, struct capture_device *, int max);
struct capture *capture_v4l2_in(const struct v4l2_system *plain, const struct v4l2_system *system,
                                const char *dev, const char *device, int width, int height,
                                struct error *);
struct capture *capture_best_in(const struct v4l2_system *plain, const struct v4l2_system *system,
                                const char *dev, int width, int height, struct error *);

#endif
