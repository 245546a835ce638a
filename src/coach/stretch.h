/* Does the body in the picture do the stretch? Pure: landmarks in, progress out.
 *
 * A stretch begins with two seconds of sitting or standing still, which everything after is
 * compared with, because nobody's size, distance or camera is known here. Lengths are in shoulder
 * widths of that beginning. Time counts only while the pose is held; losing it stops the clock and
 * forgets nothing. Holds of 20-30 s, gentle, never into pain (ergonomics). The limits below are
 * this program's own: what such a stretch clearly exceeds and sitting does not. */
#ifndef UNKNOT_COACH_STRETCH_H
#define UNKNOT_COACH_STRETCH_H

#include <stdbool.h>
#include <stddef.h>

enum stretch_kind {
	STRETCH_SIDE_BEND, STRETCH_OVERHEAD, STRETCH_EXTENSION, STRETCH_CHIN_TUCK, STRETCH_ROLLS,
	STRETCH_TWIST, STRETCH_KINDS
};

const char *stretch_name(enum stretch_kind); /* "side-bend" */
const char *stretch_text(enum stretch_kind, int side); /* what to do, one sentence */
const char *stretch_exercise(enum stretch_kind); /* the id of the same one in exercise.h */
/* By its own name or the exercise's; false: it cannot be followed. */
bool stretch_find(const char *name, enum stretch_kind *);
/* Both sides in turn, or once in the middle. */
bool stretch_has_sides(enum stretch_kind);

/* A place in the picture, in picture heights, x right and y down. */
struct stretch_point {
	double x, y;
	bool seen;
};

/* What is looked at. Left and right are the person's: in an unmirrored picture their left is at the
 * right. */
struct stretch_view {
	double seconds;
	struct stretch_point nose, left_ear, right_ear, left_shoulder,
	                     right_shoulder, left_wrist, right_wrist;
	double depth;       /* left shoulder farther from the camera
	                     * than the right, in picture heights */
};

enum stretch_event {
	STRETCH_NOTHING,
	STRETCH_BEGIN,      /* the beginning is known: go */
	STRETCH_HELD,       /* the pose is reached (again) */
	STRETCH_LOST,       /* and left */
	STRETCH_OTHER_SIDE, /* one side is done */
	STRETCH_DONE,
};

struct stretch {
	enum stretch_kind kind;
	double hold_s;          /* wanted, of each side */
	double step_s;          /* a step stands for at most this long: 1 */
	int side;               /* +1 the person's left, -1 right, 0 none */
	bool begun, held, done, seen;
	double since;           /* of the still beginning, or of the last step */
	double held_s;          /* of this side so far */
	int rolls;
	bool raised;            /* shoulders are up, in a roll */
	double reach;           /* how much of the pose is there: 1 is held */
	double stray_s;         /* out of the pose without a break: half a second is forgiven */
	struct stretch_view start;
};

enum { STRETCH_ROLLS_WANTED = 5, STRETCH_HOLD_S = 20 /* ergonomics: hold each 20-30 s */ };

void stretch_init(struct stretch *, enum stretch_kind, double hold_s);
/* Begins with this view instead of waiting for one that is still; not where too little is seen. */
void stretch_start(struct stretch *, const struct stretch_view *);
enum stretch_event stretch_step(struct stretch *, const struct stretch_view *);
/* What to do now, in words. */
void stretch_words(const struct stretch *, char *text, size_t size);
/* 0-1 over all sides. */
double stretch_progress(const struct stretch *);
/* Where the points should be, for drawing: shoulders, and wrists where they matter (seen false
 * where not). */
void stretch_target(const struct stretch *, struct stretch_view *target);

#endif
