/* Inside the room: the system calls that v4l2.c makes, so that a test can stand in for a camera. */
#ifndef UNKNOT_CAPTURE_V4L2_SYSTEM_H
#define UNKNOT_CAPTURE_V4L2_SYSTEM_H

#include "capture/capture.h"

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
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
struct capture *capture_v4l2_over(const struct v4l2_system *, const char *device,
                                  int width, int height, struct error *);

/* The calls without libv4l2: what the node itself says. map and unmap are not there. */
extern const struct v4l2_system v4l2_plain;

/* What is in a picture format, and whether somebody here can read it. */
enum v4l2_kind {
	V4L2_COLOUR,
	V4L2_GREY,       /* read too; a camera that gives nothing else is an infrared one */
	V4L2_RAW,        /* a bare sensor's */
	V4L2_UNREADABLE, /* H264 and the like */
};
enum v4l2_kind v4l2_kind_of(uint32_t fourcc);

/* Best first; what is no use comes last, the most telling reason first. */
enum v4l2_rank {
	RANK_CAMERA,
	RANK_LOOPBACK,   /* another program's pictures */
	RANK_INFRARED,   /* by its name */
	RANK_LAST_USABLE = RANK_INFRARED,
	RANK_DENIED, RANK_RAW_SENSOR, RANK_UNREADABLE, RANK_NO_CAMERA,
};

struct v4l2_found {
	struct capture_device device;
	enum v4l2_rank rank;
	int number;       /* of the node */
	char link[256];   /* the path that stays the same when it is plugged in again */
	char bus[32];     /* which piece of hardware the node belongs to */
};

/* All nodes of a folder, best first; free() it. NULL with *count 0: none, or out of memory. */
struct v4l2_found *v4l2_find(const struct v4l2_system *plain, const char *dev, int *count);
struct capture *v4l2_open_found(const struct v4l2_system *, const struct v4l2_found *,
                                int width, int height, struct error *);

/* capture_list, capture_v4l2 and capture_best with another system and another folder than
 * "/dev". */
int capture_list_in(const struct v4l2_system *plain, const char *dev, struct capture_device *,
                    int max);
struct capture *capture_v4l2_in(const struct v4l2_system *plain, const struct v4l2_system *system,
                                const char *dev, const char *device, int width, int height,
                                struct error *);

/* What PipeWire can do for the best camera: NULL in a test that is not to see the machine's own
 * cameras. */
struct best_pipewire {
	struct capture *(*any)(const char *name, int width, int height, struct error *);
	struct capture *(*join)(const char *node, int width, int height, struct error *);
	bool (*holds)(const char *node);
};
struct best_places {
	const struct v4l2_system *plain, *system;
	const char *dev;
	const struct best_pipewire *pipewire;
};
/* device: this one alone, named as for capture_v4l2, which yields to none; NULL or "": the best. */
struct capture *capture_best_in(const struct best_places *, const char *device,
                                int width, int height, struct error *);
/* The same where cameras are. */
struct capture *capture_best_of(const char *device, int width, int height, struct error *);

#endif
