/* The person's language: English in the source, others in src/po, through gettext. */
#ifndef UNKNOT_BASE_TEXT_H
#define UNKNOT_BASE_TEXT_H

#include <libintl.h>

#define TEXT_DOMAIN "unknot"
#define _(text) dgettext(TEXT_DOMAIN, text)
/* Marks what is translated where it is used. */
#define N_(text) text

/* Once, at the start of a program. Messages only: numbers keep their point, in JSON and configuration.
 * $UNKNOT_LOCALE_DIR names another folder of translations than the installed one. */
void text_init(void);

#endif
