#include "window/fit.h"

#include <math.h>
#include <stdbool.h>

struct fit fit_in(int room_width, int room_height, int width, int height)
{
	struct fit at = {0, 0, width, height};
	const double share = fmin((double)room_width / width, (double)room_height / height);
	/* It may lack a pixel of its room in one direction and none in the other. */
	const bool fits = share >= 1 && (room_width - width <= 1 || room_height - height <= 1);
	if (!fits) {
		at.width = (int)fmax(1, width * share);
		at.height = (int)fmax(1, height * share);
	}
	at.left = (room_width - at.width) / 2;
	at.top = (room_height - at.height) / 2;
	return at;
}
