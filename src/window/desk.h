/* The workstation as it should be, drawn: one picture for each question of the checklist, in which
 * what is asked for stands out. Knows no toolkit. */
#ifndef UNKNOT_WINDOW_DESK_H
#define UNKNOT_WINDOW_DESK_H

#include <cairo.h>
#include <stdbool.h>

struct desk_inks {
	double plain[3], marked[3]; /* red, green, blue, 0-1 */
};

/* Width against height of the picture. */
#define DESK_ASPECT 1.35

/* `id` of a care_checks question; false, and nothing drawn, when there is no picture of it. */
bool desk_draw(cairo_t *, const char *id, const struct desk_inks *, double width, double height);

#endif
