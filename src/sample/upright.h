/* How the camera hangs: by how many quarters its picture must be turned for who is in it to be
 * upright. Pure. */
#ifndef UNKNOT_SAMPLE_UPRIGHT_H
#define UNKNOT_SAMPLE_UPRIGHT_H

#include "landmark/face.h"

/* Plain data. */
struct upright {
	int turn;      /* quarters clockwise by which pictures are turned now, 0-3 */
	bool known;    /* somebody was seen upright this way, or a profile says so */
	bool held;     /* a profile is in force: who lies on the side is no camera on its side */
	int base;      /* the turn that is right unless somebody shows otherwise */
	int aside;     /* looks in a row that wished the same other turn by a quarter */
	int wish;
	int nobody;    /* looks in a row without anybody while nothing is known */
};

void upright_init(struct upright *, int turn, bool held);

/* By how many quarters clockwise this picture's person is to be turned further: by the lines of the
 * eyes and of the shoulders and the way from these to those, which must agree (the back of somebody
 * who stands there swaps left and right, but not up and down); 0 too when they don't, -1 when
 * nobody is there. */
int upright_off(const struct face_result *, const struct pose_result *, int width, int height);

/* One look's upright_off(). True when `turn` has changed for this very picture: look at it again.
 * Upside down nobody sits, one look is enough. On its side is a camera or somebody who lies: the
 * first look is believed, later on three in a row are. While nobody was ever seen the other turns
 * are tried in every second look, which costs nothing more; found there counts when face and body
 * are (`both`). */
bool upright_step(struct upright *, int off, bool both);

#endif
