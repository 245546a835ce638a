#include "calibrate/gather.h"

#include "base/text.h"
#include "sample/upright.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The mesh's eyes are a tenth of a pixel true only on a face that fills its crop: between the outer
 * corners 30 px are 90 mm, at 60 deg of view and 640 px the 1.6 m beyond which nobody sits. */
static const double eyes_least_px = 30;
/* Of 255: below, the networks see noise (rendered faces dimmed step by step lose their eyes from 25
 * on). */
static const double room_least = 25, face_least = 40, face_most = 245;
/* One half of the face this much brighter than the other: the dark half's landmarks are guesses. */
static const double side_ratio_most = 3;
/* Upright people breathe and sway by a few millimetres a second. */
static const double speed_most_mm_s = 40;
/* A second that counts among views: half a minute of sitting still. */
static const double apart_most_mm = 20;
static const double yaw_most_deg = 15;

__attribute__((format(printf, 2, 3)))
static const char *refuse(struct gather *g, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(g->problem, sizeof g->problem, format, args);
	va_end(args);
	return g->problem;
}

struct face_light {
	double mean, ratio; /* brighter half over darker half */
};

/* Over a grid between the outer eye corners, from brow to mouth. */
static struct face_light light_on(const struct frame *frame, const struct face_result *face)
{
	enum { GRID = 16 };
	const struct face_point *l = &face->points[FACE_LEFT_EYE_OUTER];
	const struct face_point *r = &face->points[FACE_RIGHT_EYE_OUTER];
	const double width = (double)(l->x - r->x) * frame->width,
	             left = (double)r->x * frame->width;
	const double top = (double)(l->y + r->y) / 2 * frame->height - 0.2 * width;
	double half[2] = {0};
	int count[2] = {0};
	for (int i = 0; i < GRID * GRID; i++) {
		const int side = i % GRID >= GRID / 2;
		const int x = (int)(left + width * (i % GRID + 0.5) / GRID);
		const int y = (int)(top + width * (i / GRID + 0.5) / GRID);
		float rgb[3];
		if (x < 0 || y < 0 || x >= frame->width || y >= frame->height)
			continue;
		frame_pixel(frame, x, y, rgb);
		half[side] += (double)(0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2]);
		count[side]++;
	}
	for (int side = 0; side < 2; side++)
		half[side] = count[side] > 0 ? half[side] / count[side] : 0;
	return (struct face_light){(half[0] + half[1]) / 2,
	                           fmax(half[0], half[1]) / fmax(1, fmin(half[0], half[1]))};
}

static const char *judge_light(struct gather *g, const struct frame *frame, const struct sample *s)
{
	const struct face_light light = light_on(frame, &s->face);
	if (light.mean < face_least)
		return refuse(
			g, _("your face is dark (%.0f of 255): turn on a lamp in front of you%s"),
		              light.mean,
		              s->light.mean > 2 * light.mean ? _(", or close the curtain behind")
		                                             : "");
	if (light.mean > face_most)
		return refuse(g, _("your face is washed out: less light from the front"));
	if (light.ratio > side_ratio_most)
		return refuse(g, _("one half of your face is %.0f times as bright as the other: "
		                   "more even light"),
		              light.ratio);
	return NULL;
}

static const char *judge_movement(struct gather *g, const struct sample *s)
{
	const double *eye = s->head.translation;
	double moved = 0;
	for (int k = 0; k < 3; k++)
		moved = hypot(moved, eye[k] - g->last[k]);
	const double elapsed = s->seconds - g->last_seconds;
	const bool known = g->moving && g->last_valid && elapsed > 0 && elapsed < 2;
	memcpy(g->last, eye, sizeof g->last);
	g->last_seconds = s->seconds;
	g->last_valid = true;
	/* The fit itself wavers by some millimetres of depth from picture to picture. */
	if (known && moved > 8 + speed_most_mm_s * elapsed)
		return refuse(g, _("you are moving: keep still for a moment"));
	return NULL;
}

static const char *judge(struct gather *g, const struct frame *frame, const struct sample *s)
{
	if (s->presence == PRESENCE_BLOCKED)
		return refuse(g, _("the picture is black: is the lens covered?"));
	if (s->light.mean < room_least)
		return refuse(g, _("it is too dark: more light from the front"));
	if (!s->face.found || !s->head.valid)
		return refuse(g, _("no face: face the camera, more light from the front"));
	const struct face_point *l = &s->face.points[FACE_LEFT_EYE_OUTER];
	const struct face_point *r = &s->face.points[FACE_RIGHT_EYE_OUTER];
	const double apart = hypot((double)(l->x - r->x) * s->width,
	                           (double)(l->y - r->y) * s->height);
	if (apart < eyes_least_px)
		return refuse(g,
		              _("the face is too small: come nearer or choose a larger picture"));
	if (face_is_cut(&s->face))
		return refuse(g, _("your face is cut by the picture's edge: turn the camera to you "
		                   "or sit farther back"));
	const int off = upright_off(&s->face, &s->pose, s->width, s->height);
	if (off > 0)
		return refuse(g, _("your head is not upright in the picture: `unknot config set "
		                   "camera.rotate %d`"),
		              (s->turn + off) % 4 * 90);
	const struct measure *yaw = &s->measures.m[MEASURE_HEAD_YAW];
	if (yaw->valid && fabs(yaw->value) > yaw_most_deg)
		return refuse(
			g, _("look straight ahead at the screen (your head is turned by %.0f deg)"),
		              fabs(yaw->value));
	const char *problem = judge_light(g, frame, s);
	const char *movement = judge_movement(g, s);
	return problem != NULL ? problem : movement;
}

static void keep_room(struct gather *g, const struct frame *frame, const struct sample *s)
{
	struct room_view view;
	room_look(frame, &s->pose, &view);
	room_keep(&view, &g->room);
}

const char *gather_take(struct gather *g, const struct frame *frame, const struct sample *s)
{
	const char *problem = judge(g, frame, s);
	if (problem != NULL || g->count == GATHER_VIEWS)
		return problem;
	if (g->count > 0 && s->turn != g->turn)
		return refuse(g, _("the camera hangs otherwise than in the picture before"));
	if (g->count == 0)
		keep_room(g, frame, s);
	const int i = g->count++;
	g->turn = s->turn;
	g->faces[i] = s->face;
	g->poses[i] = s->pose;
	g->views[i] = (struct calibration_view){&g->faces[i], &g->poses[i], s->width, s->height};
	memcpy(g->eyes[i], s->head.translation, sizeof g->eyes[i]);
	return NULL;
}

static double middle_of(const struct gather *g, int axis)
{
	double sorted[GATHER_VIEWS];
	for (int i = 0; i < g->count; i++) {
		int k = i;
		for (; k > 0 && sorted[k - 1] > g->eyes[i][axis]; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = g->eyes[i][axis];
	}
	return g->count % 2 != 0 ? sorted[g->count / 2]
	                         : (sorted[g->count / 2 - 1] + sorted[g->count / 2]) / 2;
}

bool gather_settle(struct gather *g, int least, double *spread_mm, struct error *error)
{
	double middle[3], worst = 0;
	int kept = 0;
	const int all = g->count;
	*spread_mm = 0;
	if (all < 1 || all < least)
		return error_set(error, 0, "calibration: %d good pictures are too few%s%s", all,
		                 *g->problem ? "; " : "", g->problem);
	for (int k = 0; k < 3; k++)
		middle[k] = middle_of(g, k);
	for (int i = 0; i < all; i++) {
		double off = 0;
		for (int k = 0; k < 3; k++)
			off = hypot(off, g->eyes[i][k] - middle[k]);
		worst = fmax(worst, off);
		if (off > apart_most_mm)
			continue;
		*spread_mm = fmax(*spread_mm, off);
		g->views[kept] = g->views[i];
		memmove(g->eyes[kept++], g->eyes[i], sizeof g->eyes[i]);
	}
	g->count = kept;
	/* Two places that share the pictures are none. */
	if (kept < least || 3 * kept < 2 * all)
		return error_set(error, 0,
		                 "calibration: your eyes moved by %.0f cm between pictures; sit "
		                   "upright, keep still and try again", worst / 10);
	return true;
}
