/* Short tones, for somebody who stretches and does not look at the screen. */
#ifndef UNKNOT_CLI_TONE_H
#define UNKNOT_CLI_TONE_H

#include <stdbool.h>

enum tone { TONE_BEGIN, TONE_HOLD, TONE_LOST, TONE_DONE };

/* Played by whichever of the desktop's players is there; does not wait for it. False when none
 * is. */
bool tone_play(enum tone);
/* A WAV file of it in a new descriptor of memory, which the caller closes; -1 when that fails. */
int tone_wav(enum tone);

#endif
