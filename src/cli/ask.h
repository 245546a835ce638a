/* Questions on the terminal, or from a pipe: one line each, yes, no, or nothing to skip. */
#ifndef UNKNOT_CLI_ASK_H
#define UNKNOT_CLI_ASK_H

#include "cli/cli.h"
#include "coach/care.h"
#include "store/answers.h"

/* Asks them all, `before` telling what was answered last time (an empty line keeps it), and remembers the
 * answers as NAME in the state folder `dir`, NULL for the user's own. With `show` nothing is asked. The
 * return value is CLI_DONE when *answers is filled, else what the command is to return. */
int ask_all(const char *name, const char *dir, const struct care_question *, int count, bool show,
            struct answers *answers);

#endif
