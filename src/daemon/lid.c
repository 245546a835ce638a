#include "daemon/lid.h"

#include "base/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool lid_covers(const char *sys, const char *node, bool docked)
{
	char path[PATH_SIZE], text[16] = "";
	char *real = realpath(node, NULL);
	const char *name = strrchr(real != NULL ? real : node, '/');
	/* The node's device is the USB interface, above it the camera as a whole. */
	const int length = snprintf(path, sizeof path, "%s/class/video4linux/%s/device/../removable", sys,
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
