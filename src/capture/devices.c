/* Which cameras there are, and which one is meant. */
#include "capture/v4l2_system.h"

#include "base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* The kernel has no more nodes than this of all kinds together (VIDEO_NUM_DEVICES of
 * v4l2-dev.c). */
enum { NODES_MAX = 256 };

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

/* The formats' names, and which kinds are among them, as bits. */
static unsigned list_formats(const struct v4l2_system *system, int fd,
                             uint32_t type, char *formats, size_t size)
{
	unsigned kinds = 0;
	for (uint32_t i = 0; i < 64; i++) {
		struct v4l2_fmtdesc f = {.index = i, .type = type};
		if (system->ioctl(fd, VIDIOC_ENUM_FMT, &f) != 0)
			break;
		char name[] = {(char)(f.pixelformat & 0xff), (char)(f.pixelformat >> 8 & 0xff),
		                     (char)(f.pixelformat >> 16 & 0xff),
		                     (char)(f.pixelformat >> 24 & 0x7f), 0};
		make_printable(name);
		append(formats, size, name);
		kinds |= 1u << v4l2_kind_of(f.pixelformat);
	}
	return kinds;
}

__attribute__((format(printf, 3, 4)))
static void refuse(struct v4l2_found *f, enum v4l2_rank rank, const char *why, ...)
{
	va_list list;
	f->rank = rank;
	f->device.usable = false;
	va_start(list, why);
	vsnprintf(f->device.why_not, sizeof f->device.why_not, _(why), list);
	va_end(list);
}

/* The stable name: the link in /dev/v4l/by-id (or by-path) that leads here. `link` is its whole
 * path, or the node's own where there is none. */
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

/* As a word of its own: "HP IR Camera", "USB2.0 UVC HD IR", not "Sirius". */
static bool is_infrared(const char *name)
{
	if (strcasestr(name, "infrared") != NULL)
		return true;
	for (const char *at = name; (at = strcasestr(at, "ir")) != NULL; at++)
		if ((at == name || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[2]))
			return true;
	return false;
}

/* What other programs put their pictures into: v4l2loopback ("v4l2 loopback"), its kin of DroidCam
 * ("v4l2loopback-dc") and akvcam. */
static bool is_loopback(const char *driver)
{
	return strstr(driver, "loopback") != NULL || strstr(driver, "akvcam") != NULL;
}

/* The pictures of a raw sensor, and of most multi-planar nodes, mean nothing before the whole chain
 * of media devices is set up, and exposure and colours are somebody's work: libcamera's. */
static void judge_node(struct v4l2_found *f, uint32_t can, unsigned kinds)
{
	const unsigned capture = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE;
	const char *formats = f->device.formats;
	if ((can & capture) == 0)
		refuse(f, RANK_NO_CAMERA, "gives no pictures (metadata or output)");
	else if ((can & V4L2_CAP_IO_MC) != 0)
		refuse(f, RANK_RAW_SENSOR, "raw sensor: needs libcamera");
	else if ((can & V4L2_CAP_VIDEO_CAPTURE) == 0)
		refuse(f, RANK_RAW_SENSOR, "multi-planar: needs libcamera");
	else if ((can & V4L2_CAP_STREAMING) == 0)
		refuse(f, RANK_UNREADABLE, "cannot stream");
	else if (kinds == 0)
		refuse(f, RANK_UNREADABLE, "offers no format");
	else if ((kinds & (1u << V4L2_COLOUR | 1u << V4L2_GREY | 1u << V4L2_RAW)) == 0)
		refuse(f, RANK_UNREADABLE, "gives only %.60s: cannot be read", formats);
	else if ((kinds & (1u << V4L2_COLOUR | 1u << V4L2_GREY)) == 0)
		refuse(f, RANK_RAW_SENSOR, "raw sensor: needs libcamera");
	else if ((kinds & 1u << V4L2_COLOUR) == 0)
		refuse(f, RANK_UNREADABLE, "grey only: an infrared camera");
}

static void probe_open(const struct v4l2_system *system, struct v4l2_found *f, int fd)
{
	struct capture_device *d = &f->device;
	struct v4l2_capability c = {0};
	if (system->ioctl(fd, VIDIOC_QUERYCAP, &c) != 0) {
		refuse(f, RANK_NO_CAMERA, "not a video device");
		return;
	}
	const uint32_t can = (c.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? c.device_caps
	                                                                  : c.capabilities;
	const bool planes = (can & V4L2_CAP_VIDEO_CAPTURE) == 0 &&
	                    (can & V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0;
	snprintf(d->name, sizeof d->name, "%.31s", (const char *)c.card);
	make_printable(d->name);
	snprintf(f->bus, sizeof f->bus, "%.31s", (const char *)c.bus_info);
	char driver[sizeof c.driver + 1];
	snprintf(driver, sizeof driver, "%.15s", (const char *)c.driver);
	f->rank = is_infrared(d->name) ? RANK_INFRARED
	          : is_loopback(driver) ? RANK_LOOPBACK : RANK_CAMERA;
	const uint32_t type = planes ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE
	                             : V4L2_BUF_TYPE_VIDEO_CAPTURE;
	judge_node(f, can, list_formats(system, fd, type, d->formats, sizeof d->formats));
}

static void probe(const struct v4l2_system *system, struct v4l2_found *f)
{
	f->device.usable = true;
	int fd = system->open(f->device.path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		probe_open(system, f, fd);
		system->close(fd);
	} else if (errno == EACCES) {
		refuse(f, RANK_DENIED, "no permission: add yourself to the group video");
	} else {
		refuse(f, RANK_NO_CAMERA, "%s", strerror(errno));
	}
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The numbers of the video nodes in a folder, in order. */
static int list_nodes(const char *dev, int numbers[NODES_MAX])
{
	int found = 0;
	char end;
	DIR *dir = opendir(dev);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
		if (found < NODES_MAX && strlen(e->d_name) < 10 &&
		    sscanf(e->d_name, "video%d%c", &numbers[found], &end) == 1 &&
		    numbers[found] >= 0)
			found++;
	if (dir != NULL)
		closedir(dir);
	qsort(numbers, (size_t)found, sizeof *numbers, by_number);
	return found;
}

static int by_rank(const void *a, const void *b)
{
	const struct v4l2_found *x = a, *y = b;
	return x->rank != y->rank ? (x->rank > y->rank) - (x->rank < y->rank)
	                          : x->number - y->number;
}

/* Nodes are looked at in their order: of one camera's the first that is of use counts. */
struct v4l2_found *v4l2_find(const struct v4l2_system *system, const char *dev, int *count)
{
	int numbers[NODES_MAX];
	*count = list_nodes(dev, numbers);
	struct v4l2_found *list = *count > 0 ? calloc((size_t)*count, sizeof *list) : NULL;
	if (list == NULL)
		*count = 0;
	for (int i = 0; i < *count; i++) {
		struct v4l2_found *f = &list[i];
		f->number = numbers[i];
		snprintf(f->device.path, sizeof f->device.path, "%.50s/video%d", dev, numbers[i]);
		find_id(dev, &f->device, f->link, sizeof f->link);
		probe(system, f);
		for (int j = 0; f->device.usable && j < i; j++)
			if (list[j].device.usable && *f->bus && strcmp(f->bus, list[j].bus) == 0 &&
			    strcmp(f->device.name, list[j].device.name) == 0)
				refuse(f, RANK_NO_CAMERA, "a second node of the same camera");
	}
	if (list != NULL)
		qsort(list, (size_t)*count, sizeof *list, by_rank);
	return list;
}

int capture_list_in(const struct v4l2_system *plain, const char *dev, struct capture_device *out,
                    int max)
{
	int count;
	struct v4l2_found *list = v4l2_find(plain, dev, &count);
	for (int i = 0; i < count && i < max; i++)
		out[i] = list[i].device;
	free(list);
	return count;
}

int capture_list(struct capture_device *list, int max)
{
	return capture_list_in(&v4l2_plain, "/dev", list, max);
}

/* Named by node, by any link that leads to it, or by its stable name alone. */
static bool is_named(const struct v4l2_found *f, const char *device)
{
	char a[PATH_MAX], b[PATH_MAX];
	if (strcmp(f->device.path, device) == 0 || strcmp(f->device.id, device) == 0)
		return true;
	return strchr(device, '/') != NULL && realpath(device, a) != NULL &&
	       realpath(f->device.path, b) != NULL && strcmp(a, b) == 0;
}

/* Opened by its stable name: plugged in again it may get another number. */
struct capture *v4l2_open_found(const struct v4l2_system *system, const struct v4l2_found *f,
                                int width, int height, struct error *error)
{
	struct capture *c = capture_v4l2_over(system, f->link, width, height, error);
	if (c != NULL) {
		snprintf(c->name, sizeof c->name, "%.60s (%.60s)", f->device.path, f->device.name);
		snprintf(c->id, sizeof c->id, "%s", f->device.id);
	}
	return c;
}

static struct capture *open_missing(const struct v4l2_system *system, const char *dev,
                                    const char *device, int width, int height, struct error *error)
{
	char link[512];
	if (strchr(device, '/') != NULL)
		snprintf(link, sizeof link, "%s", device);
	else
		snprintf(link, sizeof link, "%s/v4l/by-id/%s", dev, device);
	return capture_v4l2_over(system, link, width, height, error);
}

struct capture *capture_v4l2_in(const struct v4l2_system *plain, const struct v4l2_system *system,
                                const char *dev, const char *device, int width, int height,
                                struct error *error)
{
	int count;
	struct v4l2_found *list = v4l2_find(plain, dev, &count);
	const struct v4l2_found *chosen = NULL;
	struct capture *c = NULL;
	const bool named = device != NULL && *device != '\0';
	for (int i = 0; i < count && chosen == NULL; i++)
		if (named ? is_named(&list[i], device) : list[i].device.usable)
			chosen = &list[i];
	if (chosen != NULL)
		c = v4l2_open_found(system, chosen, width, height, error);
	else if (named)
		c = open_missing(system, dev, device, width, height, error);
	else
		error_set(error, ENODEV,
		          _("camera: %s; plug one in, or name one in Settings, Camera "
		            "(camera.device)"),
		          count > 0 ? list[0].device.why_not : _("none found"));
	free(list);
	return c;
}

struct capture *capture_v4l2(const char *device, int width, int height, struct error *error)
{
	return capture_v4l2_in(&v4l2_plain, &v4l2_real, "/dev", device, width, height, error);
}

enum capture_status capture_start_lent(struct capture *c, struct error *error)
{
	enum { TRIES = 40 };
	const struct timespec between = {.tv_nsec = 50 * 1000 * 1000};
	enum capture_status got = c->ops->start(c, error);
	for (int i = 0; i < TRIES && got == CAPTURE_BUSY; i++) {
		nanosleep(&between, NULL);
		got = c->ops->start(c, error);
	}
	return got;
}

/* Who asks now does not wait for a camera that is plugged in later. */
static struct capture *open_best(int width, int height, struct error *error)
{
	struct capture *c = capture_best(width, height, error);
	if (c == NULL || *c->id != '\0')
		return c;
	const enum capture_status got = c->ops->start(c, error); /* PipeWire may have one */
	c->ops->stop(c);
	if (got == CAPTURE_FRAME || got == CAPTURE_BUSY)
		return c;
	c->ops->free(c);
	return NULL;
}

/* What follows `kind` in "kind" or "kind:rest"; NULL when it is something else. */
static const char *after(const char *spec, const char *kind)
{
	const size_t length = strlen(kind);
	if (strncmp(spec, kind, length) != 0 || (spec[length] != ':' && spec[length] != '\0'))
		return NULL;
	return spec[length] == ':' ? spec + length + 1 : spec + length;
}

struct capture *capture_open(const char *spec, int width, int height, struct error *error)
{
	const char *device = spec != NULL ? after(spec, "v4l2") : "";
	if (spec == NULL || *spec == '\0' || (device != NULL && *device == '\0'))
		return open_best(width, height, error);
	/* a configured device may say so */
	const char *node = after(device != NULL ? device : spec, "pipewire");
	if (node != NULL)
		return capture_pipewire(node, width, height, error);
	if (device != NULL)
		return capture_best_of(device, width, height, error);
	if (strncmp(spec, "replay:", 7) == 0) {
		struct capture *c = capture_replay(spec, error);
		if (c != NULL)
			c->enough_width = width;
		return c;
	}
	error_set(error, EINVAL,
	          "%s: a source is v4l2:DEVICE, pipewire[:NAME] or replay:PATH[@fps][,loop]", spec);
	return NULL;
}
