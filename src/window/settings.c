#include "window/window.h"

static GtkWidget *create(struct window *w)
{
	(void)w;
	return adw_status_page_new();
}

const struct page page_settings = {"settings", N_("Settings"), "emblem-system-symbolic", create};
