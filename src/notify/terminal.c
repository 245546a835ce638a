/* The notifiers without a desktop: one prints, one remembers. */
#include "notify/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct terminal {
	struct notifier base;
	FILE *to;
};

static bool terminal_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	(void)error;
	struct terminal *t = (struct terminal *)n;
	fprintf(t->to, "* %s\n  %s%s%s\n", m->summary, m->body, *m->more ? " " : "", m->more);
	fflush(t->to);
	return true;
}

static void nothing_to_close(struct notifier *n, const char *kind)
{
	(void)n, (void)kind;
}

static void free_plain(struct notifier *n)
{
	free(n);
}

struct notifier *notifier_terminal(void *stdio_file)
{
	static const struct notifier_ops ops = {terminal_show, nothing_to_close, free_plain};
	struct terminal *t = calloc(1, sizeof *t);
	if (t == NULL)
		return NULL;
	t->base.ops = &ops;
	t->to = stdio_file;
	return &t->base;
}

enum { RECORD_MAX = 4096 };

struct record {
	struct notifier base;
	int count, room;
	struct coach_message *messages;
};

static bool record_show(struct notifier *n, const struct coach_message *m, struct error *error)
{
	struct record *r = (struct record *)n;
	if (r->count == r->room) {
		int room = r->room > 0 ? r->room * 2 : 16;
		struct coach_message *grown =
			room <= RECORD_MAX ? realloc(r->messages, (size_t)room * sizeof *grown)
			                   : NULL;
		if (grown == NULL)
			return error_set(error, 0, "recorded messages: full");
		r->messages = grown;
		r->room = room;
	}
	r->messages[r->count++] = *m;
	return true;
}

static void record_free(struct notifier *n)
{
	free(((struct record *)n)->messages);
	free(n);
}

struct notifier *notifier_record(void)
{
	static const struct notifier_ops ops = {record_show, nothing_to_close, record_free};
	struct record *r = calloc(1, sizeof *r);
	if (r != NULL)
		r->base.ops = &ops;
	return r != NULL ? &r->base : NULL;
}

int notifier_record_count(const struct notifier *n)
{
	return ((const struct record *)n)->count;
}

const struct coach_message *notifier_record_get(const struct notifier *n, int index)
{
	return &((const struct record *)n)->messages[index];
}
