/* How an option of the configuration is shown: its title, what it is about, its steps. Pure. */
#ifndef UNKNOT_WINDOW_OPTION_H
#define UNKNOT_WINDOW_OPTION_H

#include "config/config.h"

/* A unit or the word of a choice in the person's language. */
const char *option_told(const char *name);
/* For the everyday ones their own title, else what the table says of it. */
const char *option_title(const struct config_option *);
/* "From 1 to 30 cm, usually 2.5", the key where the title does not say what it is; free() it. */
char *option_about(const struct config_option *, const char *usual);
/* How far a number is turned at once; digits after the point, enough for what is usual. */
double option_step(const struct config_option *, const char *usual);
int option_digits(const struct config_option *, const char *usual);
/* The i-th word of a choice into value[CONFIG_TEXT_SIZE]; false when there is none. And which one a
 * word is. */
bool option_word(const struct config_option *, unsigned i, char *value);
unsigned option_which(const struct config_option *, const char *value);
/* A section's heading by its name, "camera"; the name itself where there is none. */
const char *option_section(const char *name);

/* Seconds from hour:minute now until the next hour:minute then. */
unsigned option_seconds_until(int hour, int minute, int second, int until_hour, int until_minute);

/* An hour of the day as people write it: 8.5 as "8:30"; and read, "8:30", "17" or "8.5". False, and
 * nothing read, for anything else. */
enum { OPTION_HOUR_SIZE = 16 };
void option_hour(double hour, char text[OPTION_HOUR_SIZE]);
bool option_hour_read(const char *text, double *hour);

#endif
