/* Which cameras there are, and which one is meant. */
#include "capture/v4l2_system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEVICES_MAX = 32 };

static void append(char *text, size_t size, const char *more)
{
	size_t used = strlen(text);
	if (used + 1 < size)
		snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", more);
}

/* Formats, and whether one of them shows colour: infrared cameras of the "Hello" kind give grey only. */
static bool list_formats(int fd, char *formats, size_t size)
{
	bool colour = false;
	for (uint32_t i = 0; i < 32; i++) {
		struct v4l2_fmtdesc f = {.index = i, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
		if (ioctl(fd, VIDIOC_ENUM_FMT, &f) != 0)
			break;
		const char name[] = {(char)(f.pixelformat & 0xff), (char)(f.pixelformat >> 8 & 0xff),
		                     (char)(f.pixelformat >> 16 & 0xff), (char)(f.pixelformat >> 24 & 0x7f), 0};
		append(formats, size, name);
		colour |= f.pixelformat != V4L2_PIX_FMT_GREY && f.pixelformat != V4L2_PIX_FMT_Y10 &&
		          f.pixelformat != V4L2_PIX_FMT_Y12 && f.pixelformat != V4L2_PIX_FMT_Y16;
	}
	return colour;
}

static void refuse(struct capture_device *d, const char *why)
{
	d->usable = false;
	snprintf(d->why_not, sizeof d->why_not, "%s", why);
}

/* The stable name: the link in /dev/v4l/by-id (or by-path) that leads here. */
static void find_id(struct capture_device *d)
{
	static const char *const folders[] = {"/dev/v4l/by-id", "/dev/v4l/by-path"};
	for (int i = 0; i < 2; i++) {
		DIR *dir = opendir(folders[i]);
		for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
			char link[512], target[512];
			snprintf(link, sizeof link, "%s/%.255s", folders[i], e->d_name);
			ssize_t n = readlink(link, target, sizeof target - 1);
			if (n <= 0)
				continue;
			target[n] = '\0';
			const char *name = strrchr(target, '/');
			if (name != NULL && strcmp(name, strrchr(d->path, '/')) == 0 && *d->id == '\0')
				snprintf(d->id, sizeof d->id, "%.127s", e->d_name);
		}
		if (dir != NULL)
			closedir(dir);
	}
	if (*d->id == '\0')
		snprintf(d->id, sizeof d->id, "%s", d->path);
}

/* bus: which piece of hardware the node belongs to. */
static void probe(struct capture_device *d, char bus[32])
{
	struct v4l2_capability c = {0};
	d->usable = true;
	int fd = open(d->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		refuse(d, errno == EACCES ? "no permission: add yourself to the group video" : strerror(errno));
		return;
	}
	if (ioctl(fd, VIDIOC_QUERYCAP, &c) != 0) {
		refuse(d, "not a video device");
	} else {
		uint32_t can = (c.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? c.device_caps : c.capabilities;
		snprintf(d->name, sizeof d->name, "%.31s", (const char *)c.card);
		snprintf(bus, 32, "%.31s", (const char *)c.bus_info);
		bool colour = list_formats(fd, d->formats, sizeof d->formats);
		if ((can & V4L2_CAP_VIDEO_CAPTURE) == 0)
			refuse(d, "gives no pictures (metadata or output)");
		else if ((can & V4L2_CAP_STREAMING) == 0)
			refuse(d, "cannot stream");
		else if (*d->formats == '\0')
			refuse(d, "offers no format");
		else if (!colour)
			refuse(d, "grey only: an infrared camera");
	}
	close(fd);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int capture_list(struct capture_device *list, int max)
{
	int numbers[DEVICES_MAX], found = 0;
	char buses[DEVICES_MAX][32] = {{0}};
	DIR *dir = opendir("/dev");
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
		if (found < DEVICES_MAX && sscanf(e->d_name, "video%d", &numbers[found]) == 1)
			found++;
	if (dir != NULL)
		closedir(dir);
	qsort(numbers, (size_t)found, sizeof *numbers, by_number);
	for (int i = 0; i < found && i < max; i++) {
		struct capture_device *d = &list[i];
		memset(d, 0, sizeof *d);
		snprintf(d->path, sizeof d->path, "/dev/video%d", numbers[i]);
		find_id(d);
		probe(d, buses[i]);
		for (int j = 0; d->usable && j < i; j++)
			if (list[j].usable && *buses[i] && strcmp(buses[i], buses[j]) == 0 &&
			    strcmp(d->name, list[j].name) == 0)
				refuse(d, "a second node of the same camera");
	}
	return found;
}

struct capture *capture_v4l2(const char *device, int width, int height, struct error *error)
{
	struct capture_device list[DEVICES_MAX];
	int count = capture_list(list, DEVICES_MAX);
	const struct capture_device *chosen = NULL;
	if (count > DEVICES_MAX)
		count = DEVICES_MAX;
	for (int i = 0; i < count && chosen == NULL; i++) {
		bool named = device != NULL && *device != '\0';
		if (named ? strcmp(list[i].path, device) == 0 || strcmp(list[i].id, device) == 0
		          : list[i].usable)
			chosen = &list[i];
	}
	if (chosen == NULL && (device == NULL || *device == '\0')) {
		error_set(error, ENODEV, "camera: none found; plug one in or name one with --source");
		return NULL;
	}
	struct capture *c = capture_v4l2_over(&v4l2_real, chosen != NULL ? chosen->path : device, width,
	                                      height, error);
	if (c != NULL && chosen != NULL) {
		snprintf(c->name, sizeof c->name, "%.60s (%.60s)", chosen->path, chosen->name);
		snprintf(c->id, sizeof c->id, "%s", chosen->id);
	}
	return c;
}
