#include "window/window.h"

static GtkWidget *create(struct window *w)
{
	(void)w;
	return adw_status_page_new();
}

const struct page page_today = {"today", N_("Today"), "x-office-calendar-symbolic", create};
