#include "daemon/pause.h"

#include "base/clock.h"

#include <math.h>

static unsigned bit(enum pause_reason r)
{
	return 1u << r;
}

void pause_begin(struct pause *p, enum pause_reason r, double until)
{
	p->reasons |= bit(r);
	p->until[r] = until;
}

void pause_end(struct pause *p, enum pause_reason r)
{
	p->reasons &= ~bit(r);
}

void pause_state(struct pause *p, enum pause_reason r, bool holds)
{
	const bool held = (p->reasons & bit(r)) != 0;
	if (r == PAUSE_LOCKED && holds != held)
		pause_end(p, PAUSE_LOCK_REQUEST);
	if (holds)
		pause_begin(p, r, INFINITY);
	else
		pause_end(p, r);
}

void pause_lock_request(struct pause *p, bool lock, double now)
{
	if (!lock)
		pause_end(p, PAUSE_LOCK_REQUEST);
	else if ((p->reasons & bit(PAUSE_LOCKED)) == 0)
		pause_begin(p, PAUSE_LOCK_REQUEST, now + PAUSE_LOCK_REQUEST_S);
}

void pause_expire(struct pause *p, double now)
{
	for (int r = 0; r < PAUSE_REASONS; r++)
		if (p->until[r] <= now)
			pause_end(p, (enum pause_reason)r);
}

double pause_next(const struct pause *p)
{
	double next = INFINITY;
	for (int r = 0; r < PAUSE_REASONS; r++)
		if ((p->reasons & bit((enum pause_reason)r)) != 0)
			next = fmin(next, p->until[r]);
	return next;
}

unsigned pause_reasons(const struct pause *p, bool lid_covers)
{
	return lid_covers ? p->reasons : p->reasons & ~bit(PAUSE_LID);
}

void pause_resume(struct pause *p)
{
	pause_end(p, PAUSE_USER);
	pause_end(p, PAUSE_LENT);
	pause_end(p, PAUSE_LOCK_REQUEST);
}

const char *pause_name(enum pause_reason r)
{
	static const char *const names[PAUSE_REASONS] = {
		[PAUSE_USER] = "user", [PAUSE_LENT] = "lent", [PAUSE_LOCK_REQUEST] = "lock_request",
		[PAUSE_LOCKED] = "locked", [PAUSE_ASLEEP] = "asleep", [PAUSE_LID] = "lid",
		[PAUSE_INACTIVE] = "inactive", [PAUSE_GREETER] = "greeter",
		[PAUSE_REMOTE] = "remote",
		[PAUSE_HOURS] = "hours",
	};
	return names[r];
}

struct pause_deadline pause_deadline_of(double until, struct instant now)
{
	if (!(until > now.seconds))
		return (struct pause_deadline){0};
	if (isinf(until))
		return (struct pause_deadline){.until = until, .left_s = until};
	const double left = until - now.seconds;
	return (struct pause_deadline){until, now.wall_ms + (int64_t)(left * 1000), left};
}

double pause_deadline_until(const struct pause_deadline *d, bool same_boot, struct instant now)
{
	if (!(d->until > 0) || isinf(d->until))
		return d->until > 0 ? d->until : 0;
	const double by_wall = (double)(d->until_wall_ms - now.wall_ms) / 1000;
	const double left = fmin(same_boot ? d->until - now.seconds : by_wall, d->left_s);
	return left > 0 ? now.seconds + left : 0;
}
