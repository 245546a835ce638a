/* Whether the camera was moved while watching: the room behind the person, as 32 by 24 mean
 * brightnesses, jumps by the same way everywhere. Kept in memory only, never written. Pure. */
#ifndef UNKNOT_SAMPLE_SCENE_H
#define UNKNOT_SAMPLE_SCENE_H

#include "image/frame.h"
#include "landmark/pose.h"

#include <stdbool.h>
#include <stdint.h>

enum { SCENE_WIDTH = 32, SCENE_HEIGHT = 24 };

/* Plain data, zero-initialised. */
struct scene {
	struct scene_view {
		bool valid;
		uint8_t grey[SCENE_HEIGHT][SCENE_WIDTH];
		bool room[SCENE_HEIGHT][SCENE_WIDTH]; /* not the person */
	} first;      /* when the profile came into force */
	int moved;    /* looks in a row in which it was elsewhere */
};

/* One look with the person in it. True when the camera has moved since the first look: seen three
 * times in a row, until the old view is back. A room without marks (a bare wall) never says so. */
bool scene_moved(struct scene *, const struct frame *, const struct pose_result *);

#endif
