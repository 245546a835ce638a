/* Inside the report: the page's style sheet, and the one place where a state has its colour. For
 * the room, and for who shows a report in a toolkit's own widgets. */
#ifndef UNKNOT_REPORT_STYLE_H
#define UNKNOT_REPORT_STYLE_H

#include <stdbool.h>

extern const char style_sheet[];

/* A colour of the style sheet by its variable's name ("good", "line"), each part from 0 to 1. False
 * when there is none. */
bool style_colour(const char *name, bool dark, double rgb[3]);

#endif
