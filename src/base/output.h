/* The end of what a program writes to its standard output. */
#ifndef UNKNOT_BASE_OUTPUT_H
#define UNKNOT_BASE_OUTPUT_H

/* Writes what is still buffered and closes it; the last thing before main returns. Returns
 * `status`, or 1 with a line on stderr when something could not be written, a full disk most of
 * all: a program that says 0 then has lost what it was asked for. */
int output_finish(const char *program, int status);

#endif
