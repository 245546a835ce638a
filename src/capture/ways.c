/* By which way each camera can be reached. */
#include "capture/capture.h"

#include <stdio.h>
#include <string.h>

enum { PIPEWIRE_MAX = 16 };

static struct capture_device *find_node(struct capture_device *list, int count, const char *path)
{
	for (int i = 0; i < count; i++)
		if (list[i].usable && strcmp(list[i].path, path) == 0)
			return &list[i];
	return NULL;
}

static int usable_of(const struct capture_device *list, int count)
{
	int usable = 0;
	while (usable < count && list[usable].usable)
		usable++;
	return usable;
}

/* Behind the others that are of use. What falls off at the end is none, or there are more than
 * anybody has. */
static int insert(struct capture_device *list, int count, int max, const struct capture_device *d)
{
	const int at = usable_of(list, count < max ? count : max);
	if (at == max)
		return count;
	const int kept = (count < max ? count : max - 1) - at;
	memmove(&list[at + 1], &list[at], (size_t)kept * sizeof *list);
	list[at] = *d;
	return count + 1;
}

/* A node of V4L2's that is of no use to us is none by way of PipeWire either: it hands the same
 * pictures on. */
int capture_ways_of(struct capture_device *list, int count, int max,
                    const struct capture_device *pipewire, int pipewire_count)
{
	static const char v4l2[] = "v4l2:";
	for (int i = 0; i < count && i < max; i++)
		snprintf(list[i].ways, sizeof list[i].ways, "%s", list[i].usable ? "V4L2" : "");
	for (int i = 0; i < pipewire_count; i++) {
		struct capture_device d = pipewire[i];
		const bool node = strncmp(d.path, v4l2, strlen(v4l2)) == 0;
		struct capture_device *same =
			node ? find_node(list, count < max ? count : max, d.path + strlen(v4l2))
			     : NULL;
		snprintf(d.ways, sizeof d.ways, "PipeWire");
		if (same != NULL)
			snprintf(same->ways, sizeof same->ways, "V4L2, PipeWire");
		else if (!node)
			count = insert(list, count, max, &d);
	}
	return count;
}

int capture_list_ways(struct capture_device *list, int max)
{
	struct capture_device pipewire[PIPEWIRE_MAX];
	struct error none;
	const int count = capture_list(list, max);
	const int got = capture_pipewire_list(pipewire, PIPEWIRE_MAX, &none);
	return capture_ways_of(list, count, max, pipewire, got < PIPEWIRE_MAX ? got : PIPEWIRE_MAX);
}
