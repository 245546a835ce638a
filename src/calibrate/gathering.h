/* Gathering pictures for an upright profile before the mirror: looking, counting down, taking.
 * Pure: each picture comes with its time. */
#ifndef UNKNOT_CALIBRATE_GATHERING_H
#define UNKNOT_CALIBRATE_GATHERING_H

#include "calibrate/gather.h"

enum gathering_phase {
	GATHERING_LOOKS,  /* says what is wrong, takes nothing */
	GATHERING_COUNTS, /* 3, 2, 1 */
	GATHERING_TAKES,
	GATHERING_DONE,   /* with pictures enough, or what patience
	                   * has brought; make_profile says which */
};

struct gathering {
	struct gather gather;
	enum gathering_phase phase;
	double now, since, taken;  /* seconds: of the last picture, of
	                            * the phase, of the last one taken */
	char problem[128];         /* what is wrong with the last picture; "" when nothing is */
};

void gathering_init(struct gathering *);
/* "Now": counts down from the last picture on, and forgets what was taken before. */
void gathering_start(struct gathering *);
/* The next picture. Returns the phase it leaves. */
enum gathering_phase gathering_see(struct gathering *, const struct frame *, const struct sample *);
/* What is left of the countdown, 3 to 1; 0 in another phase. */
int gathering_count(const struct gathering *);
/* How much is done, 0-1. */
double gathering_progress(const struct gathering *);

#endif
