/* Inside the window: an option of the configuration as a row. */
#ifndef UNKNOT_WINDOW_SETTINGS_ROW_H
#define UNKNOT_WINDOW_SETTINGS_ROW_H

#include "config/config.h"
#include "window/window.h"

/* Of option `index` of config_options. What the person chooses is checked, written and taken over
 * by a running daemon; what cannot be is said in the row. */
GtkWidget *settings_row(struct window *, size_t index);
/* Shows the value in force. */
void settings_row_set(GtkWidget *row, const struct config *);

#endif
