#include "folder.h"

#include <stdio.h>
#include <stdlib.h>

char folder[64];

int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/unknot-test-XXXXXX");
	return mkdtemp(folder) != NULL ? 0 : -1;
}

int remove_folder(void **state)
{
	(void)state;
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}
