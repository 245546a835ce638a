/* The best camera there is, chosen anew when it is gone: machines start before their dock is
 * plugged in. One that does not start, or starts and gives nothing, yields to the next; one that is
 * busy does not: a call is no reason to look somewhere else. Where V4L2 has none, PipeWire is
 * asked; and one that PipeWire holds is shared through it while somebody uses it there. */
#include "capture/v4l2_system.h"

#include "base/text.h"
#include "capture/manners.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Bursts in a row without a picture before the next camera is tried: by then the watch has waited
 * 2, 4 and 8 s. */
enum { EMPTY_BURSTS = 3, FAILED_MAX = 16 };

/* A camera that failed is given another try after so long: a bus that was too full may have room
 * again. */
static const double retry_s = 600;

struct best {
	struct capture base;
	struct best_places in;
	char dev[64], device[256];       /* device: that one alone; "" the best */
	int width, height;
	struct capture *now;             /* NULL: none was there when we last looked */
	struct capture *pipewire;        /* a camera of PipeWire's; made once,
	                                  * because it keeps to what it chose */
	struct capture *joined;          /* `now`, by way of PipeWire; NULL: not yet */
	bool is_joined;                  /* and in this burst */
	char failed[FAILED_MAX][128];    /* ids of those that yielded */
	int failed_count;
	double failed_at;                /* the first of them did */
	int empty;                       /* bursts in a row */
	bool waited;                     /* in vain, in this burst */
};

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_BOOTTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void free_capture(struct capture **c)
{
	if (*c != NULL)
		(*c)->ops->free(*c);
	*c = NULL;
}

static void give_up(struct best *b)
{
	if (b->now != b->pipewire)
		free_capture(&b->now);
	free_capture(&b->joined);
	b->now = NULL;
	b->empty = 0;
	b->waited = false;
}

static bool has_failed(const struct best *b, const char *id)
{
	for (int i = 0; i < b->failed_count; i++)
		if (strcmp(b->failed[i], id) == 0)
			return true;
	return false;
}

static void note_failed(struct best *b)
{
	if (b->failed_count == 0)
		b->failed_at = now_s();
	if (b->failed_count < FAILED_MAX && !has_failed(b, b->now->id))
		memcpy(b->failed[b->failed_count++], b->now->id, sizeof b->now->id);
}

static void forget_failed(struct best *b)
{
	b->failed_count = 0;
	b->base.note[0] = '\0';
}

/* What gives pictures in this burst. */
static struct capture *active(const struct best *b)
{
	return b->is_joined ? b->joined : b->now;
}

static void adopt(struct best *b, struct capture *c)
{
	b->now = c;
	memcpy(b->base.name, c->name, sizeof b->base.name);
	memcpy(b->base.id, c->id, sizeof b->base.id);
	memcpy(b->base.node, c->node, sizeof b->base.node);
}

/* What is named is meant, whatever covers it. */
static bool is_hidden(const struct best *b, const char *node)
{
	return b->base.hidden != NULL && *b->device == '\0' && b->base.hidden(node);
}

static bool now_is_hidden(const struct best *b)
{
	return b->now != NULL && is_hidden(b, b->now->node);
}

/* The best of those that did not fail; of those that see nothing just now, when there is no
 * other. */
static const struct v4l2_found *pick(const struct best *b, const struct v4l2_found *list, int count)
{
	const struct v4l2_found *hidden = NULL;
	for (int i = 0; i < count; i++) {
		if (!list[i].device.usable || has_failed(b, list[i].device.id))
			continue;
		if (!is_hidden(b, list[i].device.path))
			return &list[i];
		if (hidden == NULL)
			hidden = &list[i];
	}
	return hidden;
}

static struct capture *open_best(const struct best *b, struct error *error)
{
	int count;
	struct v4l2_found *list = v4l2_find(b->in.plain, b->dev, &count);
	const struct v4l2_found *found = pick(b, list, count);
	struct capture *c = NULL;
	if (found != NULL)
		c = v4l2_open_found(b->in.system, found, b->width, b->height, error);
	else
		error_set(error, ENODEV,
		          _("camera: %s; plug one in, or name one in Settings, Camera "
		            "(camera.device)"),
		          count == 0 ? _("none found")
		                     : list[0].device.usable ? _("none works")
		                                             : list[0].device.why_not);
	free(list);
	return c;
}

/* Of V4L2's. False: there is none, and what we have stays. */
static bool choose(struct best *b, struct error *error)
{
	struct capture *c = *b->device == '\0' ? open_best(b, error)
	                                       : capture_v4l2_in(b->in.plain,
	                                                         b->in.system, b->dev, b->device,
	                                                         b->width, b->height, error);
	if (c == NULL)
		return false;
	give_up(b);
	adopt(b, c);
	return true;
}

static enum capture_status start_chosen(struct best *b, struct error *error)
{
	if (now_is_hidden(b))
		return error_set(error, 0, "%s: the lid is shut over it", b->now->name),
		       CAPTURE_COVERED;
	b->now->manners = b->base.manners;
	b->now->enough_width = b->width;
	return b->now->ops->start(b->now, error);
}

/* The next one in place of the one that failed with this error; said once it works. */
static bool yield(struct best *b, const struct error *why)
{
	struct error ignored;
	char *note = b->base.note;
	if (*b->device != '\0' || b->now == b->pipewire)
		return false;
	note_failed(b);
	if (!choose(b, &ignored))
		return false;
	if (!now_is_hidden(b))
		snprintf(note, sizeof b->base.note, "%.180s; %.110s is used instead",
		         why->text, b->now->name);
	return true;
}

/* A camera that gave nothing for some bursts makes room before it is asked again. */
static void leave_empty(struct best *b)
{
	struct error why;
	if (b->now == NULL || b->empty < EMPTY_BURSTS)
		return;
	b->empty = 0;
	error_set(&why, 0, "%s: gives no picture", b->now->name);
	if (!yield(b, &why))
		forget_failed(b); /* no other: the round begins anew */
}

static void try_failed_again(struct best *b)
{
	struct error ignored;
	if (b->failed_count == 0 || now_s() - b->failed_at < retry_s)
		return;
	forget_failed(b);
	choose(b, &ignored);
}

static bool has_failed_to_start(enum capture_status got)
{
	return got == CAPTURE_ERROR || got == CAPTURE_GONE;
}

/* What V4L2 said stays the error, where PipeWire has none either. */
static enum capture_status start_pipewire(struct best *b, enum capture_status got,
                                          struct error *error)
{
	struct error theirs;
	if (b->in.pipewire == NULL || *b->device != '\0' || is_hidden(b, ""))
		return got;
	if (b->pipewire == NULL)
		b->pipewire = b->in.pipewire->any(NULL, b->width, b->height, &theirs);
	if (b->pipewire == NULL)
		return got;
	const enum capture_status start = b->pipewire->ops->start(b->pipewire, &theirs);
	if (has_failed_to_start(start))
		return got;
	if (start != CAPTURE_FRAME)
		error_set(error, theirs.code, "%s", theirs.text);
	give_up(b);
	adopt(b, b->pipewire);
	return start;
}

static bool is_pipewires(const struct best *b)
{
	return b->in.pipewire != NULL && b->now != NULL && b->now != b->pipewire &&
	       b->in.pipewire->holds(b->now->node);
}

/* PipeWire holds it: shared, while somebody takes its pictures there; else left alone, for soon it
 * lets go. */
static enum capture_status join(struct best *b, struct error *error)
{
	struct error theirs;
	if (b->joined == NULL)
		b->joined = b->in.pipewire->join(b->now->node, b->width, b->height, &theirs);
	b->is_joined = b->joined != NULL &&
	               b->joined->ops->start(b->joined, &theirs) == CAPTURE_FRAME;
	if (b->is_joined)
		return CAPTURE_FRAME;
	return error_set(error, EBUSY, "%s: PipeWire holds it", b->base.name), CAPTURE_BUSY;
}

static enum capture_status start_best(struct best *b, struct error *error)
{
	leave_empty(b);
	try_failed_again(b);
	enum capture_status got = b->now != NULL ? start_chosen(b, error) : CAPTURE_GONE;
	if (got == CAPTURE_GONE) { /* its node may be another one now */
		give_up(b);
		if (choose(b, error))
			got = start_chosen(b, error);
	}
	while (b->now != NULL && has_failed_to_start(got) && yield(b, error))
		got = start_chosen(b, error);
	if (!has_failed_to_start(got))
		return got;
	/* None works: the next round begins with the best. */
	forget_failed(b);
	if (*b->device == '\0')
		give_up(b);
	return start_pipewire(b, got, error);
}

static enum capture_status best_start(struct capture *c, struct error *error)
{
	struct best *b = (struct best *)c;
	struct error ignored;
	b->is_joined = false;
	c->shared = false;
	if (now_is_hidden(b))
		choose(b, &ignored);
	/* Before it is asked: to start it while PipeWire has it open and does not stream yet were
	 * to take it. */
	if (c->manners != NULL && manners_busy(c->manners) && !now_is_hidden(b) && is_pipewires(b))
		return join(b, error);
	const enum capture_status got = start_best(b, error);
	if (got == CAPTURE_BUSY && is_pipewires(b))
		return join(b, error);
	if (b->now != NULL && b->now == b->pipewire) /* it knows its name now */
		adopt(b, b->pipewire);
	return got;
}

static enum capture_status best_read(struct capture *c, double timeout_s, struct frame *frame,
                                     struct error *error)
{
	struct best *b = (struct best *)c;
	if (b->now == NULL)
		return error_set(error, 0, "camera: not started"), CAPTURE_ERROR;
	const enum capture_status got = active(b)->ops->read(active(b), timeout_s, frame, error);
	c->shared = active(b)->shared;
	if (got == CAPTURE_FRAME)
		b->empty = 0;
	b->waited = got != CAPTURE_FRAME && (b->waited || timeout_s > 0);
	return got;
}

static void best_discard(struct capture *c)
{
	struct best *b = (struct best *)c;
	if (b->now != NULL)
		active(b)->ops->discard(active(b));
}

static void best_stop(struct capture *c)
{
	struct best *b = (struct best *)c;
	if (b->now == NULL)
		return;
	b->empty += b->waited;
	b->waited = false;
	b->now->manners = b->base.manners;
	active(b)->ops->stop(active(b));
	b->is_joined = false;
}

static void best_free(struct capture *c)
{
	struct best *b = (struct best *)c;
	best_stop(c);
	give_up(b);
	free_capture(&b->pipewire);
	free(b);
}

static const struct capture_ops best_ops = {best_start, best_read, best_discard,
                                            best_stop, best_free};

struct capture *capture_best_in(const struct best_places *in, const char *device,
                                int width, int height, struct error *error)
{
	struct best *b = calloc(1, sizeof *b);
	struct error nothing_yet;
	const char *named = device != NULL ? device : "";
	if (b == NULL || strlen(in->dev) >= sizeof b->dev || strlen(named) >= sizeof b->device) {
		error_set(error, b == NULL ? ENOMEM : ENAMETOOLONG,
		          "camera: cannot be looked for in %.64s: %.100s", in->dev, named);
		free(b);
		return NULL;
	}
	b->base.ops = &best_ops;
	b->base.live = true;
	b->in = *in;
	b->width = width;
	b->height = height;
	snprintf(b->dev, sizeof b->dev, "%s", in->dev);
	snprintf(b->device, sizeof b->device, "%s", named);
	snprintf(b->base.name, sizeof b->base.name, "no camera yet");
	choose(b, &nothing_yet);
	return &b->base;
}

static const struct best_pipewire real_pipewire = {capture_pipewire, capture_pipewire_join,
                                                   manners_is_pipewires};

struct capture *capture_best_of(const char *device, int width, int height, struct error *error)
{
	const struct best_places places = {&v4l2_plain, &v4l2_real, "/dev", &real_pipewire};
	return capture_best_in(&places, device, width, height, error);
}

struct capture *capture_best(int width, int height, struct error *error)
{
	return capture_best_of(NULL, width, height, error);
}
