/* Writes SVG, inside a page or as a file: elements that are closed in order, numbers, and letters
 * from anywhere, escaped. Names of elements and attributes are the program's own.
 *
 * Numbers have at most `digits` decimals, and no zeros behind them. What lies along may be in
 * percent of the picture's width (`along` is "%"), so that a picture is as wide as its page lets it
 * be; what stands up, and all points of a path, never are. */
#ifndef UNKNOT_BASE_SVG_H
#define UNKNOT_BASE_SVG_H

#include <stdbool.h>
#include <stdio.h>

enum { SVG_DEPTH = 8 };

struct svg {
	FILE *to;
	const char *along;      /* the unit of what lies along: "" or "%" */
	int digits;
	bool head;              /* the innermost element may still be given attributes */
	int depth;
	const char *open[SVG_DEPTH];
};

struct svg svg_on(FILE *, const char *along, int digits);
/* The outermost element of a file of this size; with a unit ("mm"), which its numbers are in. */
void svg_file(struct svg *, double width, double height, const char *unit);

void svg_open(struct svg *, const char *name);
void svg_close(struct svg *); /* the innermost */
/* Of the element that was opened last, before it has children. */
void svg_is(struct svg *, const char *attribute, const char *text);
void svg_number(struct svg *, const char *attribute, double);
void svg_along(struct svg *, const char *attribute, double);
/* Numbers and letters in one attribute: a path's d. Points with the letter before them, or ' '. */
void svg_begin(struct svg *, const char *attribute);
void svg_to(struct svg *, char letter, double x, double y);
void svg_end(struct svg *);
/* viewBox: what is inside is in units of its own, so many along and down. */
void svg_view(struct svg *, double width, double height);
/* Letters between the tags. */
void svg_text(struct svg *, const char *);

/* Of elements that are often wanted; `class` may be NULL. Those that are opened are to be closed,
 * because a title or an attribute may follow. */
void svg_open_rect(struct svg *, const char *class, double x, double y, double width,
                   double height);
void svg_rect(struct svg *, const char *class, double x, double y, double width, double height);
void svg_open_circle(struct svg *, const char *class, double x, double y, double r);
void svg_line(struct svg *, const char *class, double x1, double y1, double x2, double y2);
/* `anchor`: "middle", "end"; NULL: the start. */
void svg_open_letters(struct svg *, const char *class, double x, double y, const char *anchor);
void svg_letters(struct svg *, const char *class, double x, double y, const char *anchor,
                 const char *text);
void svg_title(struct svg *, const char *text);

/* Letters for markup, SVG and HTML, and for quoted attributes: bytes that are no UTF-8, and the
 * control characters that HTML does not allow, become U+FFFD. */
void svg_escape(FILE *, const char *text);

#endif
