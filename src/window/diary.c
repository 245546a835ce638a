#include "window/window.h"

static GtkWidget *create(struct window *w)
{
	(void)w;
	return adw_status_page_new();
}

const struct page page_diary = {"diary", N_("Diary"), "accessories-text-editor-symbolic", create};
