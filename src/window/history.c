#include "window/history.h"

#include "config/config.h"

#include <stdio.h>
#include <unistd.h>

static bool read_context(struct report_context *context, struct error *error)
{
	struct config config = config_default();
	char path[PATH_SIZE];
	if (!path_config_file(path, error) || !config_load(&config, path, error))
		return false;
	*context = config_report(&config, UNKNOT_VERSION);
	return true;
}

bool history_open(struct history *h, bool make, struct error *error)
{
	char data[PATH_SIZE], file[PATH_SIZE];
	*h = (struct history){.source = {.store = NULL}};
	if (!path_state_dir(h->state, error) || !path_data_dir(data, error) ||
	    !path_join(h->reports, data, "reports", error) ||
	    !path_join(file, h->state, "history.sqlite", error) ||
	    !read_context(&h->source.context, error))
		return false;
	h->source.reports = h->reports;
	if (!make && access(file, F_OK) != 0)
		return true;
	h->source.store = store_open(h->state, NULL, error);
	return h->source.store != NULL;
}

void history_close(struct history *h)
{
	store_close(h->source.store);
	h->source.store = NULL;
}

static bool found(void *any, const struct store_span *span)
{
	(void)span;
	*(bool *)any = true;
	return false;
}

bool history_any(const struct history *h)
{
	bool any = false;
	if (h->source.store != NULL)
		store_spans(h->source.store, 0, INT64_MAX, found, &any, NULL);
	return any;
}
