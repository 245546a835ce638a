/* figures FOLDER: the exercises' figures as SVG files, io.github.unknot.ID.svg, for the desktop's
 * icon theme. */
#include "coach/exercise.h"

#include <stdio.h>
#include <stdlib.h>

enum { SVG_MAX = 65536, PATH_MAX_HERE = 4096 };

int main(int argc, char **argv)
{
	const struct exercise *all;
	const int count = exercises(&all);
	static char text[SVG_MAX], path[PATH_MAX_HERE];
	if (argc != 2) {
		fputs("usage: figures FOLDER\n", stderr);
		return 2;
	}
	for (int i = 0; i < count; i++) {
		if (all[i].figure.count == 0)
			continue;
		const size_t length = figure_svg(&all[i].figure, FIGURE_STILL, text, sizeof text);
		snprintf(path, sizeof path, "%s/io.github.unknot.%s.svg", argv[1], all[i].id);
		FILE *file = fopen(path, "w");
		if (file == NULL || length >= sizeof text || fputs(text, file) < 0 ||
		    fclose(file) != 0) {
			perror(path);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}
