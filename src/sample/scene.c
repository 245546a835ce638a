#include "sample/scene.h"

#include "image/convert.h"

#include <math.h>

/* A cell is 1/32 of the picture's width, 1.7 deg at 55 deg of view. Two of them are 3.5 cm of eye
 * height at 60 cm: less than that stays within what postures are judged by. Farther than eight,
 * little of the room is left to tell. */
enum { SHIFT_LEAST = 2, SHIFT_MOST = 8, LOOKS = 3, CELLS_LEAST = 120 };

/* Brightness differences of cells, of 255, a common offset taken out for lamps and clouds. On the
 * demo clip, a grainy wall with two pictures and a shelf, the same view is 2.2-3.5 unlike itself
 * and 5.5-7.2 when turned by 50 to 70 pixels, of which the right shift leaves 0.3-0.55. In 450
 * looks at films of people and rendered postures before a still camera nothing was taken for a
 * move. */
static const double unlike_least = 5, explained = 0.65;

static void look(const struct frame *frame, const struct pose_result *pose, struct scene_view *v)
{
	enum { SIDE = 3 };
	/* Head, hair and elbows are outside the joints: half a shoulder width to each side, one
	 * above the nose. */
	const struct pose_landmark *l = &pose->landmarks[POSE_LEFT_SHOULDER];
	const struct pose_landmark *r = &pose->landmarks[POSE_RIGHT_SHOULDER];
	const double width = fmax(0.1, fabs((double)(l->x - r->x)));
	const double from = fmin((double)l->x, (double)r->x) - 0.5 * width;
	const double to = fmax((double)l->x, (double)r->x) + 0.5 * width;
	const double top = (double)pose->landmarks[POSE_NOSE].y -
	                   width * frame->width / frame->height;
	v->valid = true;
	for (int y = 0; y < SCENE_HEIGHT; y++)
		for (int x = 0; x < SCENE_WIDTH; x++) {
			double sum = 0;
			for (int i = 0; i < SIDE * SIDE; i++) {
				float rgb[3];
				const double fx = (x + (i % SIDE + 0.5) / SIDE) / SCENE_WIDTH;
				const double fy = (y + (i / SIDE + 0.5) / SIDE) / SCENE_HEIGHT;
				frame_pixel(frame, (int)(fx * frame->width),
				            (int)(fy * frame->height), rgb);
				sum += (double)(0.299f * rgb[0] + 0.587f * rgb[1] +
				                0.114f * rgb[2]);
			}
			v->grey[y][x] = (uint8_t)(sum / (SIDE * SIDE));
			const double px = (x + 0.5) / SCENE_WIDTH, py = (y + 0.5) / SCENE_HEIGHT;
			v->room[y][x] = px < from || px > to || py < top;
		}
}

/* How unlike the room is when the second view is taken to have moved by dx, dy; -1 where too little
 * is seen of it in both. */
static double unlike(const struct scene_view *a, const struct scene_view *b, int dx, int dy)
{
	double sum = 0, difference = 0;
	int count = 0;
	for (int pass = 0; pass < 2; pass++)
		for (int y = 0; y < SCENE_HEIGHT; y++)
			for (int x = 0; x < SCENE_WIDTH; x++) {
				const int bx = x + dx, by = y + dy;
				if (bx < 0 || by < 0 || bx >= SCENE_WIDTH || by >= SCENE_HEIGHT ||
				    !a->room[y][x] || !b->room[by][bx])
					continue;
				const double d = (double)b->grey[by][bx] - a->grey[y][x];
				if (pass == 0) {
					sum += d;
					count++;
				} else {
					difference += fabs(d - sum / count);
				}
			}
	return count < CELLS_LEAST ? -1 : difference / count;
}

static bool is_elsewhere(const struct scene_view *a, const struct scene_view *b, double still)
{
	double best = still;
	int shift = 0;
	for (int dy = -SHIFT_MOST; dy <= SHIFT_MOST; dy++)
		for (int dx = -SHIFT_MOST; dx <= SHIFT_MOST; dx++) {
			const double d = unlike(a, b, dx, dy);
			if (d < 0 || d >= best)
				continue;
			best = d;
			shift = dx * dx + dy * dy;
		}
	return shift >= SHIFT_LEAST * SHIFT_LEAST && best < explained * still;
}

bool scene_moved(struct scene *s, const struct frame *frame, const struct pose_result *pose)
{
	struct scene_view now;
	if (!pose->found)
		return s->moved >= LOOKS;
	look(frame, pose, &now);
	if (!s->first.valid)
		s->first = now;
	const double still = unlike(&s->first, &now, 0, 0);
	if (still < 0)
		return s->moved >= LOOKS;
	if (still < unlike_least)
		s->first = now; /* the light goes on changing all day */
	if (still >= unlike_least && is_elsewhere(&s->first, &now, still))
		s->moved += s->moved < LOOKS;
	else
		s->moved = 0;
	return s->moved >= LOOKS;
}
