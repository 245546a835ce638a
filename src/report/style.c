#include "report/style.h"

#include <stdio.h>
#include <string.h>

const char style_sheet[] =
#include "report/page_css.inc"
;

bool style_colour(const char *name, bool dark, double rgb[3])
{
	static const char dark_begins[] = "@media (prefers-color-scheme: dark)";
	char variable[32];
	unsigned r, g, b;
	snprintf(variable, sizeof variable, "--%s: #", name);
	const char *from = dark ? strstr(style_sheet, dark_begins) : style_sheet;
	from = from != NULL ? strstr(from, variable) : NULL;
	if (from == NULL || sscanf(from + strlen(variable), "%2x%2x%2x", &r, &g, &b) != 3)
		return false;
	rgb[0] = r / 255.0;
	rgb[1] = g / 255.0;
	rgb[2] = b / 255.0;
	return true;
}
