/* Which cameras there are, and which one is meant. */
#include "capture/v4l2_system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEVICES_MAX = 32 };

static int plain_open(const char *path, int flags)
{
	return open(path, flags);
}

static int plain_ioctl(int fd, unsigned long request, void *argument)
{
	return ioctl(fd, request, argument);
}

const struct v4l2_system v4l2_plain = {.open = plain_open, .close = close, .ioctl = plain_ioctl,
                                       .poll = poll};

static void append(char *text, size_t size, const char *more)
{
	size_t used = strlen(text);
	if (used + 1 < size)
		snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", more);
}

/* A device may call itself anything, and the name goes to terminals and the bus. */
static void make_printable(char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7e)
			*text = '?';
}

/* Formats, and whether one of them shows colour: infrared cameras of the "Hello" kind give grey only. */
static bool list_formats(const struct v4l2_system *system, int fd, char *formats, size_t size)
{
	bool colour = false;
	for (uint32_t i = 0; i < 32; i++) {
		struct v4l2_fmtdesc f = {.index = i, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
		if (system->ioctl(fd, VIDIOC_ENUM_FMT, &f) != 0)
			break;
		char name[] = {(char)(f.pixelformat & 0xff), (char)(f.pixelformat >> 8 & 0xff),
		                     (char)(f.pixelformat >> 16 & 0xff), (char)(f.pixelformat >> 24 & 0x7f), 0};
		make_printable(name);
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

/* The stable name: the link in /dev/v4l/by-id (or by-path) that leads here. `link` is its whole path, or
 * the node's own where there is none. */
static void find_id(const char *dev, struct capture_device *d, char *link, size_t size)
{
	static const char *const folders[] = {"v4l/by-id", "v4l/by-path"};
	char node[PATH_MAX], target[PATH_MAX], path[512];
	snprintf(link, size, "%s", d->path);
	snprintf(d->id, sizeof d->id, "%s", d->path);
	if (realpath(d->path, node) == NULL)
		return;
	for (int i = 0; i < 2 && strcmp(link, d->path) == 0; i++) {
		snprintf(path, sizeof path, "%s/%s", dev, folders[i]);
		DIR *dir = opendir(path);
		for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
			snprintf(path, sizeof path, "%s/%s/%.255s", dev, folders[i], e->d_name);
			if (strlen(e->d_name) >= sizeof d->id || strlen(path) >= size ||
			    realpath(path, target) == NULL || strcmp(target, node) != 0)
				continue;
			snprintf(d->id, sizeof d->id, "%.127s", e->d_name);
			snprintf(link, size, "%s", path);
			break;
		}
		if (dir != NULL)
			closedir(dir);
	}
}

/* bus: which piece of hardware the node belongs to. */
static void probe(const struct v4l2_system *system, struct capture_device *d, char bus[32])
{
	struct v4l2_capability c = {0};
	d->usable = true;
	int fd = system->open(d->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		refuse(d, errno == EACCES ? "no permission: add yourself to the group video" : strerror(errno));
		return;
	}
	if (system->ioctl(fd, VIDIOC_QUERYCAP, &c) != 0) {
		refuse(d, "not a video device");
	} else {
		uint32_t can = (c.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? c.device_caps : c.capabilities;
		snprintf(d->name, sizeof d->name, "%.31s", (const char *)c.card);
		make_printable(d->name);
		snprintf(bus, 32, "%.31s", (const char *)c.bus_info);
		bool colour = list_formats(system, fd, d->formats, sizeof d->formats);
		if ((can & V4L2_CAP_VIDEO_CAPTURE) == 0)
			refuse(d, "gives no pictures (metadata or output)");
		else if ((can & V4L2_CAP_STREAMING) == 0)
			refuse(d, "cannot stream");
		else if (*d->formats == '\0')
			refuse(d, "offers no format");
		else if (!colour)
			refuse(d, "grey only: an infrared camera");
	}
	system->close(fd);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The numbers of the video nodes in a folder, in order. */
static int list_nodes(const char *dev, int numbers[DEVICES_MAX])
{
	int found = 0;
	char end;
	DIR *dir = opendir(dev);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
		if (found < DEVICES_MAX && strlen(e->d_name) < 10 &&
		    sscanf(e->d_name, "video%d%c", &numbers[found], &end) == 1 && numbers[found] >= 0)
			found++;
	if (dir != NULL)
		closedir(dir);
	qsort(numbers, (size_t)found, sizeof *numbers, by_number);
	return found;
}

struct found {
	struct capture_device device;
	char link[256];         /* the path that stays the same when it is plugged in again */
	char bus[32];           /* which piece of hardware the node belongs to */
};

static int find_devices(const struct v4l2_system *system, const char *dev, struct found *list, int max)
{
	int numbers[DEVICES_MAX];
	const int count = list_nodes(dev, numbers);
	for (int i = 0; i < count && i < max; i++) {
		struct capture_device *d = &list[i].device;
		memset(&list[i], 0, sizeof list[i]);
		snprintf(d->path, sizeof d->path, "%.50s/video%d", dev, numbers[i]);
		find_id(dev, d, list[i].link, sizeof list[i].link);
		probe(system, d, list[i].bus);
		for (int j = 0; d->usable && j < i; j++)
			if (list[j].device.usable && *list[i].bus && strcmp(list[i].bus, list[j].bus) == 0 &&
			    strcmp(d->name, list[j].device.name) == 0)
				refuse(d, "a second node of the same camera");
	}
	return count;
}

int capture_list_in(const struct v4l2_system *plain, const char *dev, struct capture_device *out, int max)
{
	struct found list[DEVICES_MAX];
	const int count = find_devices(plain, dev, list, DEVICES_MAX);
	for (int i = 0; i < count && i < max; i++)
		out[i] = list[i].device;
	return count;
}

int capture_list(struct capture_device *list, int max)
{
	return capture_list_in(&v4l2_plain, "/dev", list, max);
}

/* Named by node, by any link that leads to it, or by its stable name alone. */
static bool is_named(const struct found *f, const char *device)
{
	char a[PATH_MAX], b[PATH_MAX];
	if (strcmp(f->device.path, device) == 0 || strcmp(f->device.id, device) == 0)
		return true;
	return strchr(device, '/') != NULL && realpath(device, a) != NULL &&
	       realpath(f->device.path, b) != NULL && strcmp(a, b) == 0;
}

struct capture *capture_v4l2_in(const struct v4l2_system *plain, const struct v4l2_system *system,
                                const char *dev, const char *device, int width, int height,
                                struct error *error)
{
	struct found list[DEVICES_MAX];
	const int count = find_devices(plain, dev, list, DEVICES_MAX);
	const struct found *chosen = NULL;
	const bool named = device != NULL && *device != '\0';
	for (int i = 0; i < count && chosen == NULL; i++)
		if (named ? is_named(&list[i], device) : list[i].device.usable)
			chosen = &list[i];
	if (chosen == NULL && !named) {
		error_set(error, ENODEV, "camera: %s; plug one in or name one with --source v4l2:DEVICE",
		          count > 0 ? list[0].device.why_not : "none found");
		return NULL;
	}
	/* Opened by its stable name: plugged in again it may get another number. */
	char link[512];
	if (chosen != NULL)
		snprintf(link, sizeof link, "%s", chosen->link);
	else if (strchr(device, '/') != NULL)
		snprintf(link, sizeof link, "%s", device);
	else
		snprintf(link, sizeof link, "%s/v4l/by-id/%s", dev, device); /* not there yet */
	struct capture *c = capture_v4l2_over(system, link, width, height, error);
	if (c != NULL && chosen != NULL) {
		snprintf(c->name, sizeof c->name, "%.60s (%.60s)", chosen->device.path, chosen->device.name);
		snprintf(c->id, sizeof c->id, "%s", chosen->device.id);
	}
	return c;
}

struct capture *capture_v4l2(const char *device, int width, int height, struct error *error)
{
	return capture_v4l2_in(&v4l2_plain, &v4l2_real, "/dev", device, width, height, error);
}

struct capture *capture_open(const char *spec, int width, int height, struct error *error)
{
	if (spec == NULL || *spec == '\0' || strcmp(spec, "v4l2") == 0)
		return capture_v4l2(NULL, width, height, error);
	if (strncmp(spec, "v4l2:", 5) == 0)
		return capture_v4l2(spec + 5, width, height, error);
	if (strncmp(spec, "replay:", 7) == 0) {
		struct capture *c = capture_replay(spec, error);
		if (c != NULL)
			c->enough_width = width;
		return c;
	}
	error_set(error, EINVAL, "%s: a source is v4l2:DEVICE or replay:PATH[@fps][,loop]", spec);
	return NULL;
}
