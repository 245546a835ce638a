/* A sitting for an upright profile before the mirror: looking, counting down, taking pictures. Pure: each picture
 * comes with its time. */
#ifndef UNKNOT_CALIBRATE_SITTING_H
#define UNKNOT_CALIBRATE_SITTING_H

#include "calibrate/gather.h"

enum sitting_phase {
	SITTING_LOOKS,  /* says what is wrong, takes nothing */
	SITTING_COUNTS, /* 3, 2, 1 */
	SITTING_TAKES,
	SITTING_DONE,   /* with pictures enough, or what patience has brought; make_profile says which */
};

struct sitting {
	struct gather gather;
	enum sitting_phase phase;
	double now, since, taken;  /* seconds: of the last picture, of the phase, of the last one taken */
	char problem[128];         /* what is wrong with the last picture; "" when nothing is */
};

void sitting_init(struct sitting *);
/* "Now": counts down from the last picture on, and forgets what was taken before. */
void sitting_start(struct sitting *);
/* The next picture. Returns the phase it leaves. */
enum sitting_phase sitting_see(struct sitting *, const struct frame *, const struct sample *);
/* What is left of the countdown, 3 to 1; 0 in another phase. */
int sitting_count(const struct sitting *);
/* How much is done, 0-1. */
double sitting_progress(const struct sitting *);

#endif
