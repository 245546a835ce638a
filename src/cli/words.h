/* What commands say of the daemon's state, in the person's language. */
#ifndef UNKNOT_CLI_WORDS_H
#define UNKNOT_CLI_WORDS_H

#include <stddef.h>

/* A posture's or presence's name ("forward_head", "in_call") as people say it; a name that is not
 * known, as it is. */
const char *words_of_state(const char *name);

/* A measure's name ("eye_drop_cm") as people say it, without its unit: "eyes lower than upright";
 * and that unit, "cm" or "deg". */
const char *words_of_measure(const char *name);
const char *words_of_unit(const char *name);
/* `text` with each measure's name in it in words. */
void words_in(const char *text, char *words, size_t size);

/* That the camera was turned since calibration, upward by `up_deg`, or that its picture is turned
 * clockwise by `rotated` degrees, and that it does no harm. */
void words_of_moved(double up_deg, char *words, size_t size);
void words_of_rotated(int rotated, char *words, size_t size);

/* Why the camera is off, by the control interface's name ("lid"): "the lid is shut". */
const char *words_of_off(const char *name);

#endif
