/* The chessboard that `unknot calibrate --camera` looks for, as a page to print. */
#ifndef UNKNOT_CALIBRATE_BOARD_H
#define UNKNOT_CALIBRATE_BOARD_H

#include "base/error.h"

#include <stdbool.h>

enum board_paper { BOARD_A4, BOARD_LETTER };

/* Writes a landscape page with the board of opencv/lens.h in squares of 25 mm, and a ruler of 100
 * mm along two sides of it to check the printer's scale. SVG or PDF, as the path's extension
 * says. */
bool board_write(const char *path, enum board_paper, struct error *);

#endif
