/* Pictures for a camera that is none: a person who sits upright or slouched, or an empty room. */
#ifndef UNKNOT_TESTS_COST_SCENE_H
#define UNKNOT_TESTS_COST_SCENE_H

#include <stddef.h>
#include <stdint.h>

enum scene_kind { SCENE_UPRIGHT, SCENE_SLOUCHED, SCENE_ROOM, SCENE_KINDS };

enum { SCENE_PICTURES = 64, SCENE_ROOMS = 6 };

struct scene {
	void *clip;               /* the file the pictures lie in */
	unsigned char *rooms[SCENE_ROOMS];
	struct picture {
		const uint8_t *data;
		size_t size;
	} list[SCENE_KINDS][SCENE_PICTURES];
	int count[SCENE_KINDS];
	int last[SCENE_KINDS][2]; /* shown last and before, -1: none */
	uint32_t dice;
};

/* Reads the demo clip (JPEGs of 640x480 end to end: upright, sinking, slouched, and up again) and
 * makes the empty rooms. 0, or -1 when the clip is not there. */
int scene_load(struct scene *, const char *clip_path);
void scene_free(struct scene *);

/* One of that kind that is neither of its last two: nobody sits like a photograph, and no sensor
 * gives the same picture again. Borrowed from the scene. */
const struct picture *scene_next(struct scene *, enum scene_kind);

#endif
