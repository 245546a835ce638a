/* Where a picture lies in its room: in the middle, in its own shape, on whole pixels. */
#ifndef UNKNOT_WINDOW_FIT_H
#define UNKNOT_WINDOW_FIT_H

struct fit {
	int left, top, width, height;
};

/* Pixels, at least 1 each. A picture that was made for the room by rounding, up to a pixel smaller
 * in one direction, is not scaled. */
struct fit fit_in(int room_width, int room_height, int width, int height);

#endif
