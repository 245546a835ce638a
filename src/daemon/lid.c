#include "daemon/lid.h"

#include "base/paths.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool lid_covers(const char *sys, const char *node, bool docked)
{
	char path[PATH_SIZE], text[16] = "";
	char *real = realpath(node, NULL);
	const char *name = strrchr(real != NULL ? real : node, '/');
	/* The node's device is the USB interface, above it the camera as a whole. */
	const int length = snprintf(path, sizeof path,
	                            "%s/class/video4linux/%s/device/../removable", sys,
	                            name != NULL ? name + 1 : node);
	free(real);
	FILE *file = length < (int)sizeof path ? fopen(path, "re") : NULL;
	if (file != NULL) {
		if (fgets(text, sizeof text, file) == NULL)
			text[0] = '\0';
		fclose(file);
	}
	text[strcspn(text, "\n")] = '\0';
	if (strcmp(text, "fixed") == 0)
		return true;
	return strcmp(text, "removable") != 0 && !docked;
}

/* /sys/class/video4linux/videoN is a link into the device, of devices/virtual where there is
 * none. */
static bool is_pictures(const char *folder, const char *name)
{
	char path[PATH_SIZE], target[PATH_MAX];
	int index = 0;
	if (strncmp(name, "video", 5) != 0 ||
	    snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path ||
	    realpath(path, target) == NULL || strstr(target, "/virtual/") != NULL ||
	    snprintf(path, sizeof path, "%s/%s/index", folder, name) >= (int)sizeof path)
		return false;
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return true;
	if (fscanf(file, "%d", &index) != 1)
		index = 0;
	fclose(file);
	return index == 0;
}

bool lid_leaves_one(const char *sys, bool docked)
{
	char folder[PATH_SIZE], node[300];
	bool found = false;
	snprintf(folder, sizeof folder, "%s/class/video4linux", sys);
	DIR *dir = opendir(folder);
	for (const struct dirent *e; dir != NULL && !found && (e = readdir(dir)) != NULL;) {
		snprintf(node, sizeof node, "/dev/%s", e->d_name);
		found = is_pictures(folder, e->d_name) && !lid_covers(sys, node, docked);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}
