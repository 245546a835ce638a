#include "coach/doing.h"

#include <stddef.h>

void doing_begin(struct doing *d, const struct exercise *e, double seconds)
{
	enum stretch_kind kind;
	const bool follows = e != NULL && stretch_find(e->id, &kind) && kind != STRETCH_ROLLS;
	if (follows && d->exercise == e)
		return;
	d->exercise = follows ? e : NULL;
	if (!follows)
		return;
	stretch_init(&d->stretch, kind, STRETCH_HOLD_S);
	d->stretch.step_s = DOING_STEP_S;
	if (d->looked && seconds - d->last.seconds <= DOING_FRESH_S)
		stretch_start(&d->stretch, &d->last);
}

void doing_look(struct doing *d, const struct stretch_view *v)
{
	if (d->exercise != NULL)
		stretch_step(&d->stretch, v);
	d->last = *v;
	d->looked = true;
}

bool doing_holds(const struct doing *d)
{
	return d->exercise != NULL && d->stretch.held && !d->stretch.done;
}

bool doing_tells(const struct doing *d)
{
	return d->exercise != NULL && d->stretch.begun && d->stretch.seen;
}

bool doing_waits(const struct doing *d)
{
	return d->exercise != NULL && !d->stretch.done;
}
