#include "window/window.h"

static GtkWidget *create(struct window *w)
{
	(void)w;
	return adw_status_page_new();
}

const struct page page_now = {"now", N_("Now"), "view-reveal-symbolic", create};
