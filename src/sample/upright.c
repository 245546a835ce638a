#include "sample/upright.h"

#include <math.h>
#include <string.h>

/* Looks, at 3 s each while something changes: nobody for so long, or somebody aside for so long,
 * is no face that was missed and nobody who bends down. Chosen, not fitted. */
enum { NOBODY_LONG = 3, ASIDE_LONG = 3 };

void upright_init(struct upright *u, int turn, bool held)
{
	memset(u, 0, sizeof *u);
	u->turn = u->base = turn;
	u->known = u->held = held;
}

struct place {
	double x, y;
};

/* The quarters clockwise that bring this direction onto the picture's x axis; -1 when it lies
 * between two. A head is tipped by 30 deg at most before the shoulders follow. */
static int quarters_of(double dx, double dy)
{
	const double quarter = M_PI / 2, slack = M_PI / 6;
	const double angle = atan2(dy, dx), turns = round(angle / quarter);
	return fabs(angle - turns * quarter) > slack ? -1 : (4 - (int)turns) % 4;
}

/* From the person's right to the left. */
static int across(struct place right, struct place left)
{
	return quarters_of(left.x - right.x, left.y - right.y);
}

/* Of a direction that is up in an upright picture. */
static int upward(struct place below, struct place above)
{
	return quarters_of(below.y - above.y, above.x - below.x);
}

static struct place between(struct place a, struct place b)
{
	return (struct place){(a.x + b.x) / 2, (a.y + b.y) / 2};
}

int upright_off(const struct face_result *face, const struct pose_result *pose,
                int width, int height)
{
	int eyes, body, up;
	if (pose->found) {
		static const int points[] = {POSE_RIGHT_EYE, POSE_LEFT_EYE, POSE_RIGHT_SHOULDER,
		                             POSE_LEFT_SHOULDER};
		struct place p[4];
		for (int i = 0; i < 4; i++)
			p[i] = (struct place){(double)pose->landmarks[points[i]].x * width,
			                      (double)pose->landmarks[points[i]].y * height};
		eyes = across(p[0], p[1]);
		body = across(p[2], p[3]);
		up = upward(between(p[2], p[3]), between(p[0], p[1]));
	} else if (face->found) {
		static const int points[] = {FACE_RIGHT_EYE_OUTER, FACE_LEFT_EYE_OUTER,
		                             FACE_CHIN, FACE_FOREHEAD};
		struct place p[4];
		for (int i = 0; i < 4; i++)
			p[i] = (struct place){(double)face->points[points[i]].x * width,
			                      (double)face->points[points[i]].y * height};
		eyes = body = across(p[0], p[1]);
		up = upward(p[2], p[3]);
	} else {
		return -1;
	}
	return eyes > 0 && eyes == body && eyes == up ? eyes : 0;
}

/* Nobody, and nothing known: the usual turn and one of the others by turns. */
static void try_next(struct upright *u)
{
	static const int order[] = {2, 1, 3};
	if (++u->nobody < NOBODY_LONG || (u->nobody - NOBODY_LONG) % 2 != 0)
		u->turn = u->base;
	else
		u->turn = (u->base + order[(u->nobody - NOBODY_LONG) / 2 % 3]) % 4;
}

bool upright_step(struct upright *u, int off, bool both)
{
	const bool trial = !u->known && u->turn != u->base;
	if (off < 0 || (trial && (off != 0 || !both))) {
		if (!u->known)
			try_next(u);
		return false;
	}
	const bool first = !u->known;
	u->known = true;
	u->nobody = 0;
	if (off == 0) {
		u->base = u->turn;
		u->aside = 0;
		return false;
	}
	if (off != 2) {
		u->aside = off == u->wish ? u->aside + 1 : 1;
		u->wish = off;
		if (u->held || (!first && u->aside < ASIDE_LONG))
			return false;
	}
	u->aside = 0;
	u->turn = u->base = (u->turn + off) % 4;
	return true;
}
