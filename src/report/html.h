/* Inside the report: writing HTML, so that nothing from outside gets in unescaped. Private to this
 * room.
 *
 * html_print takes markup of our own: its arguments are numbers and names of ours. Everything else
 * goes through the functions below it. */
#ifndef UNKNOT_REPORT_HTML_H
#define UNKNOT_REPORT_HTML_H

#include "report/number.h"

void html_print(FILE *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Escaped for text and quoted attributes alike; bytes that are no UTF-8, and the control characters
 * that HTML does not allow, become U+FFFD. */
void html_text(FILE *, const char *text);
/* A text of the table with its %1, %2, %3, escaped. NULL where there is none. */
void html_words(FILE *, enum word, const char *first, const char *second, const char *third);
void html_word(FILE *, enum word);

/* A number that is also in the JSON: <data data-path="sitting.total_s" value="23400">6 h 30
 * min</data>, so that a program, and our test, can read it exactly. A page of several days says
 * before the path which one it means. `digits` as in the JSON; not finite: a dash and nothing
 * else. */
void html_data(FILE *, const char *path, double value, int digits, const char *text);

#endif
