/* Answers worked out by hand, for the reference that the other levels are compared with, and the
 * rule of UNKNOT_CPU. Both return the number of failures. */
#ifndef UNKNOT_TESTS_KNOWN_H
#define UNKNOT_TESTS_KNOWN_H

int known_answers(void);
int known_caps(void); /* call before anything asks for cpu_level() */

#endif
