/* figures FOLDER: the exercises' figures as SVG files, io.github.unknot.ID.svg, for the desktop's
 * icon theme. */
#include "coach/exercise.h"

#include <stdio.h>
#include <stdlib.h>

enum { PATH_MAX_HERE = 4096 };

int main(int argc, char **argv)
{
	const struct exercise *all;
	const int count = exercises(&all);
	static char path[PATH_MAX_HERE];
	if (argc != 2) {
		fputs("usage: figures FOLDER\n", stderr);
		return 2;
	}
	for (int i = 0; i < count; i++) {
		if (all[i].figure.count == 0)
			continue;
		snprintf(path, sizeof path, "%s/io.github.unknot.%s.svg", argv[1], all[i].id);
		FILE *file = fopen(path, "w");
		if (file != NULL)
			figure_svg(&all[i].figure, FIGURE_STILL, file);
		if (file == NULL || ferror(file) || fclose(file) != 0) {
			perror(path);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}
