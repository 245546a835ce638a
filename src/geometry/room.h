/* The room behind the person, kept to tell later by how much the camera has turned since: a
 * laptop's lid is opened otherwise at every sitting, and 8 deg of it are 8 cm of the eyes' height.
 *
 * No picture is kept. The room is a grid of ROOM_SIDE cells to the sensor's shorter side, some 1
 * deg each, and of every cell only in which of twelve directions it gets brighter there, or that it
 * hardly does: neither how bright it is nor by how much, no colour, and nothing where the person
 * is. Pure. */
#ifndef UNKNOT_GEOMETRY_ROOM_H
#define UNKNOT_GEOMETRY_ROOM_H

#include "geometry/camera.h"
#include "image/frame.h"
#include "landmark/pose.h"

#include <stdbool.h>
#include <stdint.h>

/* The grid is counted by the sensor's shorter side (camera_scaled's crop rule): the same cells for
 * whatever size the camera gives. No aspect has more of them than 16:9. */
enum {
	ROOM_SIDE = 48,
	ROOM_LONG = ROOM_SIDE * 16 / 9 + 1,
	ROOM_CELLS = ROOM_SIDE * ROOM_LONG,
	ROOM_DIRECTIONS = 12,
};

/* Plain data. */
struct room {
	int width, height;         /* cells; 0: nothing is known */
	uint8_t cells[ROOM_CELLS]; /* row by row: 0 even or unseen; else 1 + direction, counted
	                            * from right toward down */
};

/* One picture, to be compared with a room. Kept in memory, for that look. */
struct room_view {
	int width, height;                   /* 0: nothing was seen */
	int8_t x[ROOM_CELLS], y[ROOM_CELLS]; /* gradients, 127 for strong ones */
	bool seen[ROOM_CELLS];               /* not the person */
	float left, right, top;              /* cells between and below which a chair may be */
};

/* What is beside and above the person; nothing without one. Of pictures of 96 pixels to the shorter
 * side at least. */
void room_look(const struct frame *, const struct pose_result *, struct room_view *);
void room_keep(const struct room_view *, struct room *);

/* How a camera has turned. */
struct room_turn {
	bool known;                /* the room was recognised */
	double rotation[3][3];     /* a direction in the camera frame then, to now */
	double sigma_deg;          /* of its pitch */
	double score;              /* 0-1: how like the room is when so turned */
	double second;             /* the score of the best other pitch, of that */
	int parts;                 /* parts of the picture that agree */
	int clear;                 /* ... of them those that cannot be a chair, and tell this
	                            * turn from none */
};

/* How the camera has turned between the two, up to some 15 deg. It stood `there` before, NULL: as
 * then. Without `search` it is taken to stand there still, which takes less to be believed. Not
 * known when too little is in both, when another turn is nearly as good, or when a good part of the
 * room stands where it stood: then it is a chair or a door that has moved. */
struct room_turn room_compare(const struct camera *, const struct room *then,
                              const struct room_view *now, const double there[3][3], bool search);

/* The room from look to look. Plain data, zero-initialised: nothing was seen yet. */
struct room_watch {
	bool known;
	bool sitting;              /* it was recognised since somebody came */
	double rotation[3][3];     /* since the room was kept */
	double sigma_deg;
	int looks;                 /* in that, since it turned last */
	bool doubted;              /* it was seen turned otherwise once, by: */
	double other[3][3];
	struct room last;          /* as it was recognised last: the light changes all day */
	double last_rotation[3][3], last_sigma_deg;
};

/* One look. `kept` NULL or empty: the first look is what later ones are compared with. What is
 * recognised at first is believed at once: between sittings a lid is moved. While somebody sits
 * there it is rather the chair, so two looks in a row must say so, and what cannot be a chair must.
 * True when this look recognised the room. */
bool room_watch_step(struct room_watch *, const struct camera *, const struct room *kept,
                     const struct room_view *now);

/* Nobody is there any more: who comes next may move the lid first. */
void room_watch_leave(struct room_watch *);

#endif
