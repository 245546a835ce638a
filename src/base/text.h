/* The person's language: English in the source, others in src/po, through gettext. */
#ifndef UNKNOT_BASE_TEXT_H
#define UNKNOT_BASE_TEXT_H

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define TEXT_DOMAIN "unknot"
#define _(text) dgettext(TEXT_DOMAIN, text)
/* Marks what is translated where it is used. */
#define N_(text) text

/* Once, at the start of a program. Messages only: numbers keep their point, in JSON and
 * configuration. $UNKNOT_LOCALE_DIR names another folder of translations than the installed one. */
void text_init(void);

/* ---- bytes that may be anything: names of files, what people typed ---- */

/* The bytes of the UTF-8 character that begins there; 0 when none does, at the end too. */
size_t text_character(const char *);
/* A copy that is UTF-8, each byte that is none as U+FFFD: JSON allows nothing else. free() it; NULL
 * without memory. */
char *text_valid(const char *);
/* The same for a terminal: control characters, which could do anything to it, are spaces too. */
char *text_clean(const char *);

/* Equal but for the case of the letters A to Z: what strcasecmp says in a Turkish locale of TIF and
 * tif depends on its encoding. */
bool text_same_ascii(const char *, const char *);

/* strtod, with a decimal comma as good as a point: "1,5" and "61,25" as people type who write
 * German. "1,000" is a thousand to others and ends at its comma. */
double text_number(const char *, char **end);

#endif
