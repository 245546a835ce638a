#include "daemon/asking.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Long enough to have sat down and begun; a passer-by is not asked. */
static const double seen_enough_s = 180;
/* At the start of a session the camera, or the hub that it hangs on, may still be on its way. */
static const double missing_enough_s = 120;
/* Who is known already has taken the camera away, or the laptop from its dock, often for as long as
 * it takes: told when nothing was seen for as long as somebody may sit badly a few times over. */
static const double gone_enough_s = 900;
/* Steps farther apart than this say nothing of the time between them: somebody was asleep, or the
 * machine. A camera that is missing is tried every watch.interval_max_s, ten minutes at most. */
static const double gap_s = 120, tries_s = 660;
static const int64_t day_ms = (int64_t)24 * 3600 * 1000;

static void pass(struct asking *a, double seconds, const struct asking_view *view)
{
	const double elapsed = seconds - a->at;
	if (a->stepped && elapsed > 0 && elapsed <= tries_s) {
		a->seen_s += a->seen && view->seen && elapsed <= gap_s ? elapsed : 0;
		a->missing_s += a->missing && view->missing ? elapsed : 0;
	}
	if (!view->missing)
		a->missing_s = 0;
	a->at = seconds;
	a->stepped = true;
	a->seen = view->seen && !view->profile;
	a->missing = view->missing;
}

/* A last time that lies in the future was told by a clock that has been set since. */
static bool allowed(const struct asking *a, enum asking_for what, int64_t wall_ms)
{
	const int64_t last = a->asked_ms[what];
	return last == 0 || last > wall_ms || wall_ms - last >= day_ms;
}

enum asking_for asking_step(struct asking *a, struct instant now, const struct asking_view *view)
{
	enum asking_for what = ASKING_NOTHING;
	pass(a, now.seconds, view);
	if (view->profile) /* whoever deletes it later is asked as at first */
		a->seen_s = 0;
	if (a->missing_s >= (view->profile ? gone_enough_s : missing_enough_s))
		what = ASKING_CAMERA;
	else if (a->seen_s >= seen_enough_s && view->seen)
		what = ASKING_PROFILE;
	if (what == ASKING_NOTHING || view->wait || !allowed(a, what, now.wall_ms))
		return ASKING_NOTHING;
	a->asked_ms[what] = now.wall_ms;
	return what;
}

void asking_message(enum asking_for what, struct coach_message *m)
{
	memset(m, 0, sizeof *m);
	m->urgency = URGENCY_NORMAL;
	m->offer = what == ASKING_PROFILE ? OFFER_CALIBRATE : OFFER_LOOK;
	snprintf(m->icon, sizeof m->icon, "camera-web");
	if (what == ASKING_PROFILE) {
		snprintf(m->kind, sizeof m->kind, "calibrate");
		snprintf(m->summary, sizeof m->summary, "%s",
		         _("Show me how you sit upright: half a minute"));
		snprintf(m->body, sizeof m->body, "%s",
		         _("I can see you, but do not know what upright is for you. Until then I "
		           "only notice when you are too close, turned away or tilt your head."));
		snprintf(m->more, sizeof m->more, "%s", _("Run `unknot calibrate`."));
		return;
	}
	snprintf(m->kind, sizeof m->kind, "no_camera");
	snprintf(m->summary, sizeof m->summary, "%s", _("Plug in a camera: I see nothing"));
	snprintf(m->body, sizeof m->body, "%s", _("No camera can be used. I go on trying."));
	snprintf(m->more, sizeof m->more, "%s",
	         _("`unknot doctor` says what is wrong, `unknot pause` ends the trying."));
}
