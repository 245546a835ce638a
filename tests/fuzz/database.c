/* A history as it lies on the disk: opened, set aside when it is no use, read whole, written to. */
#include "fuzz.h"
#include "store/store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whatever is read is looked at. */
static bool on_span(void *user, const struct store_span *s)
{
	*(double *)user += (double)s->start_ms + s->utc_offset_s;
	return true;
}

static bool on_sample(void *user, const struct store_sample *s)
{
	*(double *)user += s->confidence + s->measures.m[0].value;
	return true;
}

static bool on_alert(void *user, const struct store_alert *a)
{
	*(double *)user += (double)strlen(a->text) + (double)strlen(a->reason);
	return true;
}

static bool on_break(void *user, const struct store_break *b)
{
	*(double *)user += (double)b->due_ms;
	return true;
}

static bool on_pain(void *user, const struct store_pain *p)
{
	*(double *)user += p->level + (double)strlen(p->note);
	return true;
}

static void empty(const char *folder)
{
	DIR *d = opendir(folder);
	for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
		char path[512];
		snprintf(path, sizeof path, "%s/%.255s", folder, e->d_name);
		if (e->d_name[0] != '.')
			unlink(path);
	}
	if (d != NULL)
		closedir(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char folder[64];
	char path[128], set_aside[4096] = "";
	struct error error;
	double sum = 0;
	if (folder[0] == '\0') {
		snprintf(folder, sizeof folder, "%s/unknot-fuzz-XXXXXX",
		         access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		if (mkdtemp(folder) == NULL)
			return 0;
	}
	snprintf(path, sizeof path, "%s/history.sqlite", folder);
	FILE *file = fopen(path, "wb");
	if (file != NULL) {
		fwrite(data, 1, size, file);
		fclose(file);
	}
	struct store *s = store_open(folder, set_aside, &error);
	if (s != NULL) {
		const int64_t all = (int64_t)1 << 52;
		store_spans(s, -all, all, on_span, &sum, &error);
		store_samples(s, -all, all, on_sample, &sum, &error);
		store_alerts(s, -all, all, on_alert, &sum, &error);
		store_breaks(s, -all, all, on_break, &sum, &error);
		store_pains(s, -all, all, on_pain, &sum, &error);
		const struct store_sample sample = {.wall_ms = 1795000000000, .confidence = 0.5};
		store_sample(s, &sample, &error);
		store_flush(s, &error);
		store_forget(s, 1, &error);
	}
	store_close(s);
	empty(folder);
	rmdir(folder);
	folder[0] = '\0';
	return 0;
}
