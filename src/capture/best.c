/* The best camera there is, chosen anew when it is gone: machines start before their dock is plugged in. */
#include "capture/v4l2_system.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct best {
	struct capture base;
	const struct v4l2_system *plain, *system;
	char dev[64];
	int width, height;
	struct capture *now; /* NULL: none was there when we last looked */
};

static void give_up(struct best *b)
{
	if (b->now != NULL)
		b->now->ops->free(b->now);
	b->now = NULL;
}

static bool choose(struct best *b, struct error *error)
{
	give_up(b);
	b->now = capture_v4l2_in(b->plain, b->system, b->dev, NULL, b->width, b->height, error);
	if (b->now == NULL)
		return false;
	memcpy(b->base.name, b->now->name, sizeof b->base.name);
	memcpy(b->base.id, b->now->id, sizeof b->base.id);
	memcpy(b->base.node, b->now->node, sizeof b->base.node);
	return true;
}

static enum capture_status start_chosen(struct best *b, struct error *error)
{
	b->now->manners = b->base.manners;
	return b->now->ops->start(b->now, error);
}

static enum capture_status best_start(struct capture *c, struct error *error)
{
	struct best *b = (struct best *)c;
	enum capture_status got = b->now != NULL ? start_chosen(b, error) : CAPTURE_GONE;
	if (got == CAPTURE_GONE && choose(b, error))
		got = start_chosen(b, error);
	return got;
}

static enum capture_status best_read(struct capture *c, double timeout_s, struct frame *frame,
                                     struct error *error)
{
	struct best *b = (struct best *)c;
	if (b->now == NULL)
		return error_set(error, 0, "camera: not started"), CAPTURE_ERROR;
	return b->now->ops->read(b->now, timeout_s, frame, error);
}

static void best_discard(struct capture *c)
{
	struct best *b = (struct best *)c;
	if (b->now != NULL)
		b->now->ops->discard(b->now);
}

static void best_stop(struct capture *c)
{
	struct best *b = (struct best *)c;
	if (b->now == NULL)
		return;
	b->now->manners = b->base.manners;
	b->now->ops->stop(b->now);
}

static void best_free(struct capture *c)
{
	struct best *b = (struct best *)c;
	best_stop(c);
	give_up(b);
	free(b);
}

static const struct capture_ops best_ops = {best_start, best_read, best_discard, best_stop, best_free};

struct capture *capture_best_in(const struct v4l2_system *plain, const struct v4l2_system *system, const char *dev,
                                int width, int height, struct error *error)
{
	struct best *b = calloc(1, sizeof *b);
	struct error nothing_yet;
	if (b == NULL || strlen(dev) >= sizeof b->dev) {
		error_set(error, b == NULL ? ENOMEM : ENAMETOOLONG, "camera: cannot be looked for in %.64s", dev);
		free(b);
		return NULL;
	}
	b->base.ops = &best_ops;
	b->base.live = true;
	b->plain = plain;
	b->system = system;
	b->width = width;
	b->height = height;
	snprintf(b->dev, sizeof b->dev, "%s", dev);
	snprintf(b->base.name, sizeof b->base.name, "no camera yet");
	choose(b, &nothing_yet);
	return &b->base;
}

struct capture *capture_best(int width, int height, struct error *error)
{
	return capture_best_in(&v4l2_plain, &v4l2_real, "/dev", width, height, error);
}
