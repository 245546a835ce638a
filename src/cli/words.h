/* What commands say of the daemon's state, in the person's language. */
#ifndef UNKNOT_CLI_WORDS_H
#define UNKNOT_CLI_WORDS_H

/* A posture's or presence's name ("forward_head", "in_call") as people say it; a name that is not known, as
 * it is. */
const char *words_of_state(const char *name);

/* Why the camera is off, by the control interface's name ("lid"): "the lid is shut". */
const char *words_of_off(const char *name);

#endif
