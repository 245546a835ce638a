/* How near two words are, for "did you mean". */
#ifndef UNKNOT_BASE_NEAR_H
#define UNKNOT_BASE_NEAR_H

/* How many letters have to be put in, left out or changed to make one the other (Levenshtein); of
 * the second at most its first 64 count. */
int near_distance(const char *, const char *);

#endif
