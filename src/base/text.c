#include "base/text.h"

#include <locale.h>
#include <stdlib.h>

#ifndef UNKNOT_LOCALE_DIR
#error "UNKNOT_LOCALE_DIR comes from CMake"
#endif

void text_init(void)
{
	const char *dir = getenv("UNKNOT_LOCALE_DIR");
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	bindtextdomain(TEXT_DOMAIN, dir != NULL ? dir : UNKNOT_LOCALE_DIR);
	bind_textdomain_codeset(TEXT_DOMAIN, "UTF-8"); /* whatever the locale's own */
}
